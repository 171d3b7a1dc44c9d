/**
 * @file roll.c
 * See roll.h.
 */
#include "engine/state/roll.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/state/number.h"

#define ROLL_KEY_BYTES_MAX (2U * TW_VARINT_BYTES) /* kind and length; the key comes on top */

/* ---- rolls ---- */

static int by_kind_then_key(const void *left, const void *right)
{
	const struct tw_operation *const *a = left, *const *b = right;
	if ((*a)->kind != (*b)->kind) {
		return (*a)->kind < (*b)->kind ? -1 : 1;
	}
	return tw_slice_compare((*a)->key, (*b)->key);
}

struct tw_slice tw_roll_write(const struct tw_drafts *drafts, uint32_t kinds, struct tw_arena *arena)
{
	const struct tw_operation **named = tw_arena_alloc_raw(arena, drafts->draft.count * sizeof(*named) + 1);
	uint32_t count = 0;
	size_t bytes = TW_VARINT_BYTES;
	for (uint32_t i = 0; named && i < drafts->draft.count; i++) {
		const struct tw_operation *operation = &tw_drafts_at(drafts, i)->operation;
		bool single = operation->kind == TW_ENTITY_MARKING && !tw_drafts_at(drafts, i)->runs.count && !tw_key_is_number(operation->key);
		if (kinds & 1U << operation->kind && !single) {
			named[count++] = operation;
			bytes += ROLL_KEY_BYTES_MAX + operation->key.len;
		}
	}
	unsigned char *out = named ? tw_arena_alloc_raw(arena, bytes) : NULL;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	if (count > 1) {
		qsort(named, count, sizeof(*named), by_kind_then_key);
	}
	unsigned char *at = tw_varint_put(out, count);
	for (uint32_t i = 0; i < count; i++) {
		at = tw_varint_put(at, named[i]->kind);
		at = tw_varint_put(at, named[i]->key.len);
		memcpy(at, named[i]->key.ptr, named[i]->key.len);
		at += named[i]->key.len;
	}
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

struct tw_roll_walk tw_roll_read(struct tw_slice roll)
{
	struct tw_roll_walk walk = {.cursor = tw_cursor_of(roll)};
	walk.left = roll.len ? tw_varint_take(&walk.cursor) : 0;
	return walk;
}

bool tw_roll_next(struct tw_roll_walk *walk, enum tw_entity_kind *kind, struct tw_slice *key)
{
	if (walk->left == 0) {
		return false;
	}
	walk->left--;
	uint64_t number = tw_varint_take(&walk->cursor);
	*key = tw_bytes_take(&walk->cursor);
	*kind = (enum tw_entity_kind)(number <= TW_ENTITY_KINDS ? number : 0);
	return !walk->cursor.bad && *kind != 0;
}

bool tw_roll_has(struct tw_slice roll, enum tw_entity_kind kind, struct tw_slice key)
{
	struct tw_roll_walk walk = tw_roll_read(roll);
	enum tw_entity_kind named;
	struct tw_slice held;
	while (tw_roll_next(&walk, &named, &held)) {
		if (named == kind && tw_slice_equal(held, key)) {
			return true;
		}
	}
	return false;
}

/* ---- elements ---- */

static const struct tw_slice nameless = {"", 0};

static void put(struct tw_drafts *drafts, struct tw_slice key, struct tw_version version, struct tw_slice bytes)
{
	if (!key.ptr || !bytes.ptr) {
		drafts->code = drafts->code ? drafts->code : TW_E_MEMORY;
		return;
	}
	tw_drafts_put(drafts, drafts->own[TW_ENTITY_CONSIGNMENT], (struct tw_element){key, version, bytes});
}

static struct tw_slice parties_key(struct tw_slice roll, struct tw_arena *arena)
{
	uint64_t hash = tw_hash64(roll.ptr, roll.len, 0);
	char name[8];
	for (uint32_t i = 0; i < sizeof(name); i++) {
		name[i] = (char)(unsigned char)(hash >> (56 - 8 * i));
	}
	return tw_element_key(TW_ELEMENT_PARTIES, (struct tw_slice){name, sizeof(name)}, arena);
}

/*
 * Two statements of one id and moment that name other certificates or series are two revisions, in an order that both see alike; else each would take
 * the other for itself, and whose draws stand would depend on who came first.
 */
static void put_revision(struct tw_drafts *drafts, struct tw_version *version)
{
	struct tw_slice drawn = tw_roll_write(drafts, TW_ROLL_DRAWS, drafts->arena);
	struct tw_slice parties = tw_roll_write(drafts, TW_ROLL_PARTIES, drafts->arena);
	if (!drawn.ptr || !parties.ptr) {
		drafts->code = TW_E_MEMORY;
		return;
	}
	version->id = tw_hash64(drawn.ptr, drawn.len, version->id);
	put(drafts, tw_element_key(TW_ELEMENT_REVISION, nameless, drafts->arena), *version, drawn);
	if (parties.len > 1) {
		put(drafts, parties_key(parties, drafts->arena), (struct tw_version){0, 0, 0}, parties);
	}
}

void tw_roll_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_version *version)
{
	if (drafts->code || drafts->own[TW_ENTITY_CONSIGNMENT] == TW_NO_OPERATION) {
		return;
	}
	struct tw_element element;
	struct tw_inspected inspected = {*version, event->outcome.inspection.result.value, {"", 0}};
	switch ((int)event->type) {
	case TW_CONSIGNMENT_DECLARED:
	case TW_CONSIGNMENT_AMENDED:
		put_revision(drafts, version);
		break;
	case TW_CONSIGNMENT_CANCELLED: {
		struct tw_version above = {INT64_MAX, version->time_ms, version->id};
		put(drafts, tw_element_key(TW_ELEMENT_CANCELLED, nameless, drafts->arena), above, nameless);
		break;
	}
	case TW_INSPECTION_COMPLETED:
		if (!tw_inspected_write(TW_ELEMENT_OUTCOME, &inspected, drafts->arena, &element)) {
			drafts->code = TW_E_MEMORY;
			return;
		}
		tw_drafts_put(drafts, drafts->own[TW_ENTITY_CONSIGNMENT], element);
		break;
	default:
		break;
	}
}

/* ---- outcomes ---- */

bool tw_inspected_write(char class, const struct tw_inspected *inspected, struct tw_arena *arena, struct tw_element *out)
{
	out->version = (struct tw_version){0, inspected->version.time_ms, inspected->version.id};
	/* two sources may use one id: the consignment tells their outcomes apart on a party's record */
	struct tw_slice of = inspected->consignment;
	out->key = tw_element_key_numbers(class, out->version.time_ms, of.len ? tw_hash64(of.ptr, of.len, out->version.id) : out->version.id, arena);
	char *bytes = tw_arena_alloc_raw(arena, (size_t)inspected->consignment.len + 1);
	if (!out->key.ptr || !bytes) {
		return false;
	}
	bytes[0] = (char)inspected->result;
	if (inspected->consignment.len) {
		memcpy(bytes + 1, inspected->consignment.ptr, inspected->consignment.len);
	}
	out->bytes = (struct tw_slice){bytes, inspected->consignment.len + 1};
	return true;
}

bool tw_inspected_read(char class, const struct tw_element *element, struct tw_inspected *out)
{
	if (element->key.len == 0 || element->key.ptr[0] != class || element->bytes.len == 0) {
		return false;
	}
	*out = (struct tw_inspected){element->version, (unsigned char)element->bytes.ptr[0], {element->bytes.ptr + 1, element->bytes.len - 1}};
	return true;
}
