/**
 * @file mentions.c
 * Drafts by key, mentions by subject; see mentions.h.
 */
#include "engine/state/mentions.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define SLOTS_FIRST 64U /* an ordinary consignment mentions 10 to 30 entities */

uint64_t tw_entity_hash(enum tw_entity_kind kind, struct tw_slice key)
{
	return tw_hash64(key.ptr, key.len, (uint64_t)kind);
}

bool tw_drafts_init(struct tw_drafts *drafts, struct tw_arena *arena)
{
	*drafts = (struct tw_drafts){.arena = arena, .slot_count = SLOTS_FIRST, .last.number = TW_NO_OPERATION};
	for (uint32_t i = 0; i <= TW_ENTITY_KINDS; i++) {
		drafts->own[i] = TW_NO_OPERATION;
	}
	drafts->slots = tw_arena_alloc(arena, SLOTS_FIRST * sizeof(*drafts->slots));
	drafts->code = drafts->slots ? TW_OK : TW_E_MEMORY;
	return drafts->slots != NULL;
}

struct tw_draft *tw_drafts_at(const struct tw_drafts *drafts, uint32_t number)
{
	return &((struct tw_draft *)drafts->draft.data)[number];
}

/* The slot of a key, or the free slot where it belongs. */
static uint32_t *slot_of(const struct tw_drafts *drafts, enum tw_entity_kind kind, uint64_t hash, struct tw_slice key)
{
	uint32_t mask = drafts->slot_count - 1;
	for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &drafts->slots[i];
		if (*slot == 0) {
			return slot;
		}
		const struct tw_operation *held = &tw_drafts_at(drafts, *slot - 1)->operation;
		if (held->hash == hash && held->kind == kind && tw_slice_equal(held->key, key)) {
			return slot;
		}
	}
}

/* At most half full: twice the slots, everybody moves. */
static bool slots_grow(struct tw_drafts *drafts)
{
	uint32_t count = drafts->slot_count * 2;
	uint32_t *slots = tw_arena_alloc(drafts->arena, count * sizeof(*slots));
	if (!slots) {
		return false;
	}
	for (uint32_t i = 0; i < drafts->draft.count; i++) {
		uint32_t at = (uint32_t)tw_drafts_at(drafts, i)->operation.hash & (count - 1);
		while (slots[at]) {
			at = (at + 1) & (count - 1);
		}
		slots[at] = i + 1;
	}
	drafts->slots = slots;
	drafts->slot_count = count;
	return true;
}

static uint32_t draft_add(struct tw_drafts *drafts, struct tw_operation operation, uint32_t *slot)
{
	if (drafts->draft.count == TW_OPERATIONS_MAX) {
		drafts->code = TW_E_LIMIT;
		return TW_NO_OPERATION;
	}
	struct tw_draft *draft = tw_list_push(drafts->arena, &drafts->draft, sizeof(*draft));
	if (!draft) {
		drafts->code = TW_E_MEMORY;
		return TW_NO_OPERATION;
	}
	draft->operation = operation;
	*slot = drafts->draft.count;
	if (drafts->draft.count * 2 > drafts->slot_count && !slots_grow(drafts)) {
		drafts->code = TW_E_MEMORY;
		return TW_NO_OPERATION;
	}
	return drafts->draft.count - 1;
}

uint32_t tw_drafts_mention(struct tw_drafts *drafts, enum tw_entity_kind kind, struct tw_slice key, const void *subject, const struct tw_item *item)
{
	if (drafts->code || !key.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return TW_NO_OPERATION;
	}
	if (key.len == 0) {
		return TW_NO_OPERATION;
	}
	uint64_t hash = tw_entity_hash(kind, key);
	uint32_t *slot = slot_of(drafts, kind, hash, key);
	uint32_t number = *slot ? *slot - 1 : draft_add(drafts, (struct tw_operation){kind, hash, key, {NULL, 0}}, slot);
	return number != TW_NO_OPERATION && subject ? tw_drafts_again(drafts, number, subject, item) : number;
}

uint32_t tw_drafts_again(struct tw_drafts *drafts, uint32_t number, const void *subject, const struct tw_item *item)
{
	struct tw_mention *mention = drafts->code ? NULL : tw_list_push(drafts->arena, &drafts->mention, sizeof(*mention));
	if (!mention) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return TW_NO_OPERATION;
	}
	*mention = (struct tw_mention){subject, tw_drafts_at(drafts, number)->operation.kind, number, item, NULL, NULL, TW_NO_OPERATION};
	return number;
}

uint32_t tw_drafts_mention_own(struct tw_drafts *drafts, enum tw_entity_kind kind, struct tw_slice key, const void *subject)
{
	uint32_t number = tw_drafts_mention(drafts, kind, key, subject, NULL);
	if (drafts->own[kind] == TW_NO_OPERATION) {
		drafts->own[kind] = number;
	}
	return number;
}

void tw_drafts_put(struct tw_drafts *drafts, uint32_t number, struct tw_element element)
{
	if (drafts->code || number == TW_NO_OPERATION) {
		return;
	}
	struct tw_list *list = &tw_drafts_at(drafts, number)->elements;
	struct tw_element *elements = list->data;
	uint32_t at = list->count;
	int order = -1;
	while (at && (order = tw_key_compare(elements[at - 1].key, element.key)) > 0) {
		at--;
	}
	if (at && order == 0) {
		return;
	}
	if (!tw_list_push(drafts->arena, list, sizeof(element))) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	elements = list->data;
	memmove(&elements[at + 1], &elements[at], (list->count - 1 - at) * sizeof(*elements));
	elements[at] = element;
}

void tw_drafts_put_copy(struct tw_drafts *drafts, uint32_t number, struct tw_slice key, struct tw_version version, const unsigned char *from,
                        const unsigned char *to)
{
	struct tw_slice bytes = tw_arena_copy(drafts->arena, (struct tw_slice){(const char *)from, (uint32_t)(to - from)});
	if (!key.ptr || !bytes.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	tw_drafts_put(drafts, number, (struct tw_element){key, version, bytes});
}

void tw_drafts_count(struct tw_drafts *drafts, uint32_t number, struct tw_counter counter)
{
	if (drafts->code || number == TW_NO_OPERATION) {
		return;
	}
	struct tw_counter *held = tw_list_push(drafts->arena, &tw_drafts_at(drafts, number)->counters, sizeof(*held));
	drafts->code = held ? TW_OK : TW_E_MEMORY;
	if (held) {
		*held = counter;
	}
}
