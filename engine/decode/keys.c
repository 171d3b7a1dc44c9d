/**
 * @file keys.c
 * Member names: those of a shape through a small hash table made once, all others in a set that notices a second statement.
 *
 * The shape's hash reads the name's first eight bytes as one word, and its length; that word, the last eight bytes, the length and what lies between
 * the two are compared before a hit is believed, so a poor spread costs time and never truth. The set of unknown names is open addressing over the
 * whole event, keyed by (object number, name): object numbers rise through events, so that slots of earlier events count as free and
 * nothing needs to be wiped between two events.
 */
#include "engine/decode/decoder.h"

#include <stdlib.h>

#include "engine/base/hash.h"

#define KEYS_FIRST        256 /* slots of a set when the first unknown name comes */
#define OBJECT_NUMBER_MAX (UINT32_MAX - TW_EVENT_BYTES_MAX)

int tw_shape_index_find(const struct tw_decoder *decoder, const struct tw_shape_index *index, struct tw_slice name)
{
	struct tw_member_name wanted = tw_member_name(decoder, name.ptr, name.len, false);
	uint32_t at = tw_member_hash(&wanted);
	int member = tw_shape_index_probe(index, &wanted, &at);
	while (member >= 0 && name.len > TW_NAME_WORDS_BYTES && memcmp(index->shape->fields[member].name, name.ptr, name.len) != 0) {
		at = (at + 1) % TW_MEMBER_SLOTS;
		member = tw_shape_index_probe(index, &wanted, &at);
	}
	return member;
}

static void member_add(const struct tw_decoder *decoder, struct tw_shape_index *index, uint32_t member)
{
	const struct tw_field *field = &index->shape->fields[member];
	index->names[member] = tw_member_name(decoder, field->name, (uint32_t)strlen(field->name), false);
	uint32_t at = tw_member_hash(&index->names[member]);
	while (index->slots[at]) {
		at = (at + 1) % TW_MEMBER_SLOTS;
	}
	index->slots[at] = (uint8_t)(member + 1);
	index->required |= (uint32_t)field->required << member;
}

const struct tw_shape_index *tw_shape_index_add(struct tw_decoder *decoder, const struct tw_shape *shape)
{
	for (uint32_t i = 0; i < decoder->shape_count; i++) {
		if (decoder->shapes[i].shape == shape) {
			return &decoder->shapes[i];
		}
	}
	if (decoder->shape_count == TW_SHAPES_MAX || shape->field_count > TW_MEMBERS_MAX) {
		return NULL;
	}
	struct tw_shape_index *index = &decoder->shapes[decoder->shape_count++];
	index->shape = shape;
	for (uint32_t i = 0; i < shape->field_count; i++) {
		if (shape->fields[i].derived) {
			continue;
		}
		member_add(decoder, index, i);
		if (shape->fields[i].shape) {
			index->children[i] = tw_shape_index_add(decoder, shape->fields[i].shape);
			if (!index->children[i]) {
				return NULL;
			}
		}
	}
	return index;
}

void tw_key_set_begin(struct tw_decoder *decoder)
{
	struct tw_key_set *set = &decoder->keys;
	if (decoder->object_number > OBJECT_NUMBER_MAX) {
		decoder->object_number = 0;
		if (set->capacity) {
			memset(set->slots, 0, set->capacity * sizeof(*set->slots));
		}
	}
	set->first = decoder->object_number + 1;
	set->count = 0;
}

/* @return the slot of the name, or the free one where it belongs */
static struct tw_key *key_slot(const struct tw_key_set *set, uint32_t object, struct tw_slice name)
{
	uint32_t at = (uint32_t)tw_hash64(name.ptr, name.len, object) & (set->capacity - 1);
	for (;; at = (at + 1) & (set->capacity - 1)) {
		struct tw_key *slot = &set->slots[at];
		if (slot->object < set->first) {
			return slot;
		}
		if (slot->object == object && tw_slice_equal((struct tw_slice){slot->ptr, slot->len}, name)) {
			return slot;
		}
	}
}

static bool key_set_grow(struct tw_key_set *set)
{
	struct tw_key_set grown = {.capacity = set->capacity ? set->capacity * 2 : KEYS_FIRST, .count = set->count, .first = set->first};
	grown.slots = calloc(grown.capacity, sizeof(*grown.slots));
	if (!grown.slots) {
		return false;
	}
	for (uint32_t i = 0; i < set->capacity; i++) {
		const struct tw_key *key = &set->slots[i];
		if (key->object >= set->first) {
			*key_slot(&grown, key->object, (struct tw_slice){key->ptr, key->len}) = *key;
		}
	}
	free(set->slots);
	*set = grown;
	return true;
}

enum tw_key_answer tw_key_set_add(struct tw_key_set *set, uint32_t object, struct tw_slice name)
{
	if (set->count >= set->capacity / 2 && !key_set_grow(set)) {
		return TW_KEY_NO_MEMORY;
	}
	struct tw_key *slot = key_slot(set, object, name);
	if (slot->object >= set->first) {
		return TW_KEY_SEEN;
	}
	*slot = (struct tw_key){object, name.len, name.ptr};
	set->count++;
	return TW_KEY_NEW;
}
