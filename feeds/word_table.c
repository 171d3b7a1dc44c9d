/**
 * @file word_table.c
 * See word_table.h.
 */
#include "feeds/word_table.h"

#include <stdlib.h>
#include <string.h>

#define FILTER_BITS 12U
_Static_assert(1U << FILTER_BITS == TW_WORD_FILTER_WORDS * 64U, "a bit's number has as many bits as the filter needs");

/* Its first and last letters, which meet or overlap in a word of 16 or fewer. */
static uint64_t letters_of(struct tw_slice word)
{
	uint64_t head = 0, tail = 0;
	if (word.len >= sizeof(head)) {
		memcpy(&head, word.ptr, sizeof(head));
		memcpy(&tail, word.ptr + word.len - sizeof(tail), sizeof(tail));
	} else if (word.len >= sizeof(uint32_t)) {
		memcpy(&head, word.ptr, sizeof(uint32_t));
		memcpy(&tail, word.ptr + word.len - sizeof(uint32_t), sizeof(uint32_t));
	} else {
		const unsigned char *at = (const unsigned char *)word.ptr;
		head = at[0] | (uint32_t)at[word.len / 2] << 8 | (uint32_t)at[word.len - 1] << 16;
	}
	return head ^ (tail << 29 | tail >> 35);
}

static uint32_t bit_of(struct tw_slice word)
{
	return (uint32_t)((letters_of(word) + word.len) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - FILTER_BITS));
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
