/**
 * @file name_similar.h
 * The listed terms that one word of a query is similar to, remembered by the word.
 *
 *     letter masks of the lengths that could meet (name_tree.h) \
 *     words of the same first letters, by how many they share    -> the word itself, Jaro-Winkler -> pool
 *
 * Invariant: what is found is every term of the index with a similarity above 0, and depends on index and word alone.
 * Threads: a memo is one thread's.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SIMILAR_H
#define TIDEWAITER_FEEDS_NAME_SIMILAR_H

#include "feeds/name_index.h"

/** A listed term that a word meets, in eight bytes: all that are met are read for one name after the other. */
struct tw_similar_term {
	uint32_t term;
	uint32_t ppm : 20;    /**< tw_name_term_similarity, not 0 */
	uint32_t weight : 10; /**< the index's, so that its memory is not asked again */
};

/** And where the forms that hold it are told: asked for where the word is entered by. */
struct tw_similar_posted {
	uint32_t first;                /**< its postings, kind by kind */
	uint32_t until[TW_NAME_KINDS]; /**< where those of a kind end, counted from the first */
};

/** What a plain word of a query meets. */
struct tw_similar {
	struct tw_name_term term;     /**< weighed */
	uint32_t same;                /**< its own place in the vocabulary, UINT32_MAX: no listed name has it */
	bool met;                     /**< the terms that it meets are known, and so are `first` and `count` */
	uint32_t first, count;        /**< similar terms, in the pool: words, then the initial that it begins with, where the list has it */
	uint32_t words;               /**< of them, words */
	uint32_t held[TW_NAME_KINDS]; /**< of these, those that a form of this kind or a later one has: they come first */
	uint32_t heaviest;            /**< weight of the heaviest of them; TW_NAME_WEIGHT_MAX before they are known */
	int64_t gain;                 /**< the most that a term which it meets gives at `threshold`; of a word that meets none INT64_MIN */
	int64_t threshold;            /**< 0: not found yet */
	uint32_t spent;               /**< on forms that knowing them would have spared: what the caller counts */
	uint32_t holders;             /**< its field, name_holders.h */
	uint8_t holders_bits;         /**< of that, the size in bits, as a power of two; 0: there is none yet */
	uint32_t asked;               /**< how often its run was, name_united.h: as many times as it takes */
	uint32_t united;              /**< its run */
	uint32_t united_until[TW_NAME_KINDS];
	int64_t united_threshold;      /**< for which it was made; 0: there is none yet */
	uint32_t forms[TW_NAME_KINDS]; /**< by kind, postings of its words together; a guess before they are known */
};

/** Where a word stands, by its hash. */
struct tw_similar_slot {
	uint32_t generation; /**< the memo's, else it is empty */
	uint32_t word;
};

struct tw_similar_memo {
	const struct tw_name_index *index;
	struct tw_similar_slot *slot;
	struct tw_similar *word; /**< `used` of them, in the order in which they were asked for */
	uint32_t used, generation;
	struct tw_similar_term *pool;
	struct tw_similar_posted *posted; /**< by place in `pool` */
	uint32_t pool_used, pool_size;
	uint32_t *found;              /* the scan's answer */
	uint64_t met, scanned, terms; /* counted: words that were looked up, of them scanned for, and what they met */
};

/** @param index must outlive it @return false without memory; fini all the same */
TW_MUST_USE bool tw_similar_init(struct tw_similar_memo *memo, const struct tw_name_index *index);
void tw_similar_fini(struct tw_similar_memo *memo);

/** Forget all words: what was found before is not to be used any more. */
void tw_similar_forget(struct tw_similar_memo *memo);

/** Time to forget, between two queries? A query's words find room in any case. */
bool tw_similar_is_full(const struct tw_similar_memo *memo);

/** @return the word of this text, at most TW_NAME_TERM_BYTES, that was asked for since all were forgotten; else NULL */
struct tw_similar *tw_similar_known(const struct tw_similar_memo *memo, struct tw_slice text);

/**
 * @param term a plain word
 * @return it, weighed, until tw_similar_forget; what it meets may not be known yet
 */
struct tw_similar *tw_similar_word(struct tw_similar_memo *memo, const struct tw_name_term *term);

/**
 * Find what a word meets, where it is not known.
 * @param word of this memo
 * @return false without memory
 */
TW_MUST_USE bool tw_similar_meet(struct tw_similar_memo *memo, struct tw_similar *word);

/** @return what meeting a term gives the word at a threshold, in ppm times weight: the lesser of two weights counts, 32 bits hold it */
static inline int64_t tw_similar_gain(const struct tw_similar *word, struct tw_similar_term met, int64_t threshold)
{
	int64_t own = word->term.weight, other = met.weight;
	return (met.ppm - threshold) * 2 * (own < other ? own : other);
}

/** @return postings of its words together, or a guess */
static inline uint32_t tw_similar_forms(const struct tw_similar *word)
{
	uint32_t forms = 0;
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		forms += word->forms[kind];
	}
	return forms;
}

/** @param at the term's place in the vocabulary, UINT32_MAX: no listed name has it */
void tw_name_index_weigh(const struct tw_name_index *index, struct tw_name_term *term, uint32_t at);

#endif
