/**
 * @file word_table.c
 * See word_table.h.
 */
#include "feeds/word_table.h"

#include <stdlib.h>

#define FILTER_BITS (TW_WORD_FILTER_WORDS * 64U)

/* Cheap, and apart for words that differ where names' words do. */
static uint32_t bit_of(struct tw_slice word)
{
	const unsigned char *at = (const unsigned char *)word.ptr;
	uint32_t middle = at[word.len / 2], mixed = at[0] * 37U + at[word.len - 1] * 101U + middle * 613U + word.len * 5U;
	return mixed % FILTER_BITS;
}

/* Every element begins with its word. */
static int word_compare(const void *key, const void *element)
{
	const struct tw_slice *word = key, *known = element;
	return tw_slice_compare(*word, *known);
}

void tw_word_table_open(struct tw_word_table *table)
{
	const char *element = table->first;
	for (uint32_t i = 0; i < table->count; i++, element += table->stride) {
		uint32_t bit = bit_of(*(const struct tw_slice *)element);
		table->filter[bit / 64] |= UINT64_C(1) << bit % 64;
	}
}

const void *tw_word_find(const struct tw_word_table *table, struct tw_slice word)
{
	if (!word.len) {
		return NULL;
	}
	uint32_t bit = bit_of(word);
	return table->filter[bit / 64] >> bit % 64 & 1 ? bsearch(&word, table->first, table->count, table->stride, word_compare) : NULL;
}
