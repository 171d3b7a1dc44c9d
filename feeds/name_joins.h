/**
 * @file name_joins.h
 * What else a queried name may be where its words were run together or torn apart: "KALMARBRIDGE" and "KAL MAR BRIDGE" of "KALMAR BRIDGE".
 *
 *     two neighbours are one word   where the index knows the word that they make
 *     one word is two               where the index knows both halves
 *
 * The index decides, so that it need not hold every join of its own names: each reading is a further text that is searched as the name itself
 * is, and the answer is what comparing those texts with every listed name would give.
 *
 * Invariant: a function of the query and the index alone; what a thread remembers changes speed alone. Threads: any, each with its own memo.
 */
#ifndef TIDEWAITER_FEEDS_NAME_JOINS_H
#define TIDEWAITER_FEEDS_NAME_JOINS_H

#include "feeds/name_index.h"

/** Readings of one name. Source: project's choice: a name torn twice has three; ordinary names have none. */
#define TW_NAME_JOINS_MAX 4

struct tw_name_joins {
	struct tw_slice text[TW_NAME_JOINS_MAX]; /**< Latin words with a space between them; joined ones first, then by place */
	uint32_t count;
};

/** Words and pairs of words that one thread found to have no reading in one index. */
struct tw_joins_memo;
struct tw_joins_memo *tw_joins_memo_new(void); /**< @return NULL without memory */
void tw_joins_memo_free(struct tw_joins_memo *memo);
void tw_joins_memo_forget(struct tw_joins_memo *memo);

/**
 * @param index  of the domain that is searched
 * @param memo   of this index and this thread; NULL: nothing is remembered
 * @param tokens the name, split; borrowed for the call. One that overflowed has no readings
 * @param arena  owns the texts until its reset
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_joins_make(const struct tw_name_index *index, struct tw_joins_memo *memo, const struct tw_name_tokens *tokens,
                                    struct tw_arena *arena, struct tw_name_joins *out);

#endif
