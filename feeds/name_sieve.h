/**
 * @file name_sieve.h
 * Which forms of a run of postings may hold enough of a query's words, by the letters of their words alone: the forms themselves are not read.
 *
 *     posting   | letters of the form's other words | form |        a word costs the more the more of its letters they lack
 *
 * Every way of the processor's wide registers gives the same answer.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SIEVE_H
#define TIDEWAITER_FEEDS_NAME_SIEVE_H

#include "feeds/name_scan.h"

#define TW_SIEVE_WORDS_MAX 8 /* of a query; what further ones cost is not counted */
#define TW_SIEVE_LACKING   8 /* letters; more count as one less than so many */

struct tw_name_sieve_word {
	uint64_t wanted;                /**< its letters, where a posting has them (name_index.h) */
	int64_t cost[TW_SIEVE_LACKING]; /**< by how many of them a form lacks; not negative */
};

struct tw_name_sieve {
	struct tw_name_sieve_word word[TW_SIEVE_WORDS_MAX];
	uint32_t count;
	int64_t most;    /**< that the words may cost together, and the form's weight */
	uint32_t weight; /**< up to which the form's other words cost nothing */
	uint32_t each;   /**< what a unit of weight costs above that */
};

/**
 * @param posting readable up to `count` + TW_SCAN_PADDING
 * @param gain    what more the words of each may cost, as far readable; NULL: nothing
 * @param out     the places of those whose words cost at most `most` and that, in their order; room for `count`
 * @return how many
 */
uint32_t tw_name_sieve(enum tw_name_scan scan, const struct tw_name_sieve *sieve, const uint64_t *posting, const int32_t *gain, uint32_t count,
                       uint32_t *out);

#define TW_SIEVE_LANES 8  /* masks that are asked together */
#define TW_SIEVE_SPARE 16 /* letters that a word may lack; more refuse it */

/**
 * Which of eight masks a word may meet.
 * @param spare by how many of the word's letters a mask lacks, how many of the mask's the word may lack; -1: it cannot meet
 * @return a bit a mask
 */
uint32_t tw_name_sieve_masks(enum tw_name_scan scan, const uint32_t *masks, uint32_t wanted, const int32_t *spare);

#endif
