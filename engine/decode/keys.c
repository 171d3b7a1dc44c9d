/**
 * @file keys.c
 * Member names: those of a shape through a small hash table made once, all others in a set that notices a second statement.
 *
 * The shape's hash reads the name's first eight bytes as one word, and its length; the word, the length and what follows the word are
 * compared before a hit is believed, so a poor spread costs time and never truth. The set of unknown names is open addressing over the
 * whole event, keyed by (object number, name): object numbers rise through events, so that slots of earlier events count as free and
 * nothing needs to be wiped between two events.
 */
#include "engine/decode/decoder.h"

#include <stdlib.h>

#include "engine/base/hash.h"

#define KEYS_FIRST        256 /* slots of a set when the first unknown name comes */
#define OBJECT_NUMBER_MAX (UINT32_MAX - TW_EVENT_BYTES_MAX)

/* Source: Knuth, The Art of Computer Programming 6.4, multiplicative hashing (2^64 over the golden ratio). */
static uint32_t member_hash(uint64_t word, uint32_t len)
{
	return (uint32_t)(((word ^ (uint64_t)len << 40) * 0x9E3779B97F4A7C15ULL) >> 57);
}
_Static_assert(TW_MEMBER_SLOTS == 1 << 7, "member_hash gives seven bits");

/* The first eight bytes, zeros behind a shorter name. @param roomy eight bytes can be read at `name` */
static inline uint64_t first_word(const struct tw_decoder *decoder, const char *name, uint32_t len, bool roomy)
{
	uint64_t word = 0;
	if (len >= 8 || roomy) {
		memcpy(&word, name, 8);
		return len >= 8 ? word : word & decoder->masks[len];
	}
	memcpy(&word, name, len);
	return word;
}

int tw_shape_index_find(const struct tw_decoder *decoder, const struct tw_shape_index *index, struct tw_slice name, bool roomy)
{
	uint64_t word = first_word(decoder, name.ptr, name.len, roomy);
	for (uint32_t at = member_hash(word, name.len); index->slots[at]; at = (at + 1) % TW_MEMBER_SLOTS) {
		uint32_t member = index->slots[at] - 1U;
		if (index->words[member] == word && index->lengths[member] == name.len &&
		    (name.len <= 8 || memcmp(index->shape->fields[member].name + 8, name.ptr + 8, name.len - 8) == 0)) {
			return (int)member;
		}
	}
	return -1;
}

static void member_add(struct tw_shape_index *index, uint32_t member)
{
	const struct tw_field *field = &index->shape->fields[member];
	uint32_t len = (uint32_t)strlen(field->name);
	memcpy(&index->words[member], field->name, len < 8 ? len : 8);
	uint32_t at = member_hash(index->words[member], len);
	while (index->slots[at]) {
		at = (at + 1) % TW_MEMBER_SLOTS;
	}
	index->slots[at] = (uint8_t)(member + 1);
	index->lengths[member] = (uint8_t)len;
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
		member_add(index, i);
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
