/**
 * @file name_united.h
 * The postings of all that a word meets, side by side with what each gives, of words that are entered by again and again: one run of memory where
 * the index has one for each term that the word meets.
 *
 *     posting   of the first kind ... | of the second ... | of the third ...       of a kind in the order of the terms
 *     gain      what meeting that term gives the word at the threshold
 *
 * Invariant: a function of what the word meets, and of the threshold; a word that finds no room is asked for in the index. Threads: one thread's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_UNITED_H
#define TIDEWAITER_FEEDS_NAME_UNITED_H

#include "feeds/name_similar.h"

#define TW_UNITED_MAX (1U << 21) /* postings: 24 MiB a domain and thread */

/** The runs of one memo's words. */
struct tw_name_united {
	uint64_t *posting;
	int32_t *gain;
	uint32_t used, size; /**< of them */
};

/** One word's. */
struct tw_united {
	const uint64_t *posting; /**< readable up to the last one + TW_SCAN_PADDING */
	const int32_t *gain;
	uint32_t until[TW_NAME_KINDS]; /**< where those of a kind end */
};

void tw_name_united_fini(struct tw_name_united *united);

/** Forget all runs; the words of the memo are to be forgotten too. */
void tw_name_united_forget(struct tw_name_united *united);

/**
 * The run of a word; it is made when the word is asked for the third time.
 * @param memo whose word it is, and what it meets
 * @param word what it gains at the query's threshold is known (tw_name_query_settle)
 * @param out  until another word is asked for; written where true is returned
 */
bool tw_name_united_find(struct tw_name_united *united, const struct tw_similar_memo *memo, struct tw_similar *word, struct tw_united *out);

#endif
