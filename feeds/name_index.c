/**
 * @file name_index.c
 * What is read of an index once it is built: terms by hash, forms by class, its arrays. See name_index.h.
 */
#include "feeds/name_index.h"

#include "engine/base/hash.h"
#include "feeds/index_array.h"
#include "feeds/name_index_build.h"

static uint64_t term_hash(const struct tw_name_term *term)
{
	return tw_hash64(term->text, sizeof(term->text), term->word);
}

static bool same_term(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return a->len == b->len && a->word == b->word && memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

#define PLACE_BITS 24U

/* The low half of the hash as a share of the slots. Source: Lemire, Fast random integer generation in an interval, ACM TOMACS 29 (2019). */
static uint32_t first_slot(uint64_t hash, uint32_t slots)
{
	return (uint32_t)((hash & UINT32_MAX) * slots >> 32);
}

static uint32_t next_slot(uint32_t at, uint32_t slots)
{
	return at + 1 < slots ? at + 1 : 0;
}

static uint32_t find_hashed(const uint32_t *slot, uint32_t slots, const struct tw_name_term *vocabulary, const struct tw_name_term *term,
                            uint64_t hash, uint32_t *at)
{
	for (*at = first_slot(hash, slots); slot[*at]; *at = next_slot(*at, slots)) {
		uint32_t place = (slot[*at] & ((1U << PLACE_BITS) - 1)) - 1;
		if (slot[*at] >> PLACE_BITS == hash >> 56 && same_term(&vocabulary[place], term)) {
			return place;
		}
	}
	return UINT32_MAX;
}

uint32_t tw_name_slot_find(const uint32_t *slot, uint32_t slots, const struct tw_name_term *vocabulary, const struct tw_name_term *term, uint32_t *at)
{
	return find_hashed(slot, slots, vocabulary, term, term_hash(term), at);
}

void tw_name_slot_set(uint32_t *slot, uint32_t slots, const struct tw_name_term *term, uint32_t place)
{
	uint64_t hash = term_hash(term);
	uint32_t at = first_slot(hash, slots);
	while (slot[at]) {
		at = next_slot(at, slots);
	}
	slot[at] = (uint32_t)(hash >> 56) << PLACE_BITS | (place + 1);
}

/* By the half of the hash that the slots do not go by. */
static uint64_t filter_bit(const struct tw_name_index *index, uint64_t hash)
{
	return (hash >> 32) * (tw_name_filter_words(index) * 64) >> 32;
}

uint32_t tw_name_index_find(const struct tw_name_index *index, const struct tw_name_term *term)
{
	uint64_t hash = term_hash(term), bit = filter_bit(index, hash);
	uint32_t at;
	return index->filter[bit / 64] >> bit % 64 & 1 ? find_hashed(index->slot, index->slots, index->vocabulary, term, hash, &at) : UINT32_MAX;
}

void tw_name_filter_set(struct tw_name_index *index, const struct tw_name_term *term)
{
	uint64_t bit = filter_bit(index, term_hash(term));
	index->filter[bit / 64] |= UINT64_C(1) << bit % 64;
}

uint32_t tw_name_mask(const struct tw_name_term *term)
{
	static const char twice[] = "aeinrs";
	uint32_t mask = term->letters;
	for (uint32_t i = 0; i < sizeof(twice) - 1; i++) {
		mask |= (term->twice >> (twice[i] - 'a') & 1U) << (26 + i);
	}
	return mask;
}

const struct tw_name_class *tw_name_index_class(const struct tw_name_index *index, uint32_t form)
{
	const struct tw_name_class *class = index->class;
	for (uint32_t left = index->class_count; left > 1;) { /* without branches: half of them would be foretold wrongly */
		uint32_t half = left / 2;
		class += class[half].form <= form ? half : 0;
		left -= half;
	}
	return class;
}

const uint32_t *tw_name_index_form(const struct tw_name_index *index, uint32_t form, uint32_t *count)
{
	const struct tw_name_class *class = tw_name_index_class(index, form);
	*count = class->tokens;
	return tw_name_class_terms(index, class, form);
}

#define ARRAY(name, size)                                                                                                                            \
	{                                                                                                                                            \
#name, &index->name, sizeof(*index->name), (uint64_t)(size)                                                                          \
	}

bool tw_name_index_array(struct tw_name_index *index, uint32_t number, struct tw_index_array *out)
{
	uint64_t terms = index->term_count, forms = index->form_count;
	const struct tw_name_class *behind = index->class ? &index->class[index->class_count] : NULL;
	const struct tw_index_array arrays[] = {
	    ARRAY(vocabulary, terms),
	    ARRAY(masks, terms + TW_SCAN_PADDING),
	    ARRAY(tree.mask, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.letters, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.term, (uint64_t)index->tree.groups * TW_TREE_GROUP),
	    ARRAY(tree.leaf, index->tree.groups),
	    ARRAY(tree.top, index->tree.tops),
	    ARRAY(head, terms + 1),
	    ARRAY(run, TW_NAME_RUNS + 1),
	    ARRAY(slot, index->slots),
	    ARRAY(filter, tw_name_filter_words(index)),
	    ARRAY(class, (uint64_t)index->class_count + 1),
	    ARRAY(form_term, behind ? behind->place : 0),
	    ARRAY(form_name, forms),
	    ARRAY(near.term, index->near.count),
	    ARRAY(near.first, (uint64_t)index->near.count + 1),
	    ARRAY(near.gap, index->near.bytes),
	    ARRAY(near.ppm, TW_NEAR_PPMS),
	    ARRAY(posting, (index->head ? index->head[terms].posting : 0) + TW_SCAN_PADDING),
	};
	if (number >= sizeof(arrays) / sizeof(arrays[0])) {
		return false;
	}
	*out = arrays[number];
	return true;
}
