/**
 * @file word_table.h
 * Finding a word in a sorted constant table. Most words that are looked up are in none, so a filter of 4,096 bits answers first: the largest table
 * sets a quarter of them.
 *
 *     word -> bit of (its first and last letters, up to 8 of each, length) -> clear: not in the table
 *                                                         -> set: bisection
 */
#ifndef TIDEWAITER_FEEDS_WORD_TABLE_H
#define TIDEWAITER_FEEDS_WORD_TABLE_H

#include <tidewaiter/slice.h>

#define TW_WORD_FILTER_WORDS 64U

struct tw_word_table {
	const void *first; /**< elements in the order of their words; each begins with its struct tw_slice, never empty */
	uint32_t count;
	uint32_t stride; /**< bytes of an element */
	uint64_t filter[TW_WORD_FILTER_WORDS];
};

/* As a static initializer of a table over an array. */
#define TW_WORD_TABLE(array)                                                                                                                         \
	{                                                                                                                                            \
		.first = (array), .count = sizeof(array) / sizeof((array)[0]), .stride = sizeof((array)[0])                                          \
	}

/** Fill the filter. Once, before the first tw_word_find and before other threads look. */
void tw_word_table_open(struct tw_word_table *table);

/** @return the element of this word, NULL when there is none. Threads: any, once the table is open */
const void *tw_word_find(const struct tw_word_table *table, struct tw_slice word);

#endif
