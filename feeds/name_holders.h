/**
 * @file name_holders.h
 * The forms that hold a word, or a word that it meets, remembered by the word as bits: does a form hold it?
 *
 *     form -> hash -> its first bits -> one bit of the word's own field, of 8 to 16 bits a form that holds it
 *
 * A field answers yes of every form that holds the word and of one in sixteen to one in eight that do not: who asks looks at these in vain, and
 * misses none. It is small enough to stay near while candidates are asked for side by side.
 *
 * Invariant: a function of what the word meets. Threads: one thread's.
 * Source: Bloom, Communications of the ACM 13 (1970), with one hash.
 */
#ifndef TIDEWAITER_FEEDS_NAME_HOLDERS_H
#define TIDEWAITER_FEEDS_NAME_HOLDERS_H

#include "feeds/name_similar.h"

/** The fields of one memo's words. */
struct tw_name_holders {
	uint64_t *bits;
	uint32_t used, size; /**< of them */
};

/** One word's. */
struct tw_holders {
	const uint64_t *bits;
	uint32_t shift; /**< of a form's hash, to its bit */
};

void tw_name_holders_fini(struct tw_name_holders *holders);

/** Forget all fields; the words of the memo know it. */
void tw_name_holders_forget(struct tw_name_holders *holders, struct tw_similar_memo *memo);

/** Time to forget, between two queries? A query's words find room in any case. */
bool tw_name_holders_are_full(const struct tw_name_holders *holders);

/**
 * Find which forms hold a word, where it is not known.
 * @param memo whose word it is, and what it meets
 * @param out  until the next word is found
 * @return false without memory
 */
TW_MUST_USE bool tw_name_holders_find(struct tw_name_holders *holders, const struct tw_similar_memo *memo, struct tw_similar *word,
                                      struct tw_holders *out);

/** @return false: the form does not hold the word */
static inline bool tw_holders_may_have(struct tw_holders holders, uint32_t form)
{
	uint32_t bit = (form * UINT32_C(0x9E3779B1)) >> holders.shift; /* Source: Knuth, TAOCP 3, section 6.4: the golden ratio in 32 bits */
	return holders.bits[bit / 64] >> bit % 64 & 1;
}

#endif
