/**
 * @file phrases.h
 * A table of phrases and the pass over a text's words that finds them all; words.h says what the phrases are.
 *
 *     two | machine | guns          "two": begins none    "machine": begins one    "machine guns": hit
 *
 * Invariant: what is found depends on the phrases and the words alone. Threads: immutable once sealed.
 */
#ifndef TIDEWAITER_RULES_PHRASES_H
#define TIDEWAITER_RULES_PHRASES_H

#include "engine/base/arena.h"
#include "engine/base/plain.h"
#include "rules/words.h"

#define TW_PHRASE_BITMAP_BITS 16U

/** One phrase as its words are written, while phrases are added. */
struct tw_phrase {
	struct tw_slice text; /**< words with a space between two */
	uint32_t list;
	bool stem; /**< the last word may go on */
};

struct tw_phrases {
	struct tw_arena *arena;
	struct tw_list phrases; /**< struct tw_phrase */
	/* after sealing */
	struct tw_phrase_entry *entry; /**< `capacity`, a power of two */
	uint32_t capacity;
	bool has_stems;
	uint64_t whole_bits[(1U << TW_PHRASE_BITMAP_BITS) / 64], stem_bits[(1U << TW_PHRASE_BITMAP_BITS) / 64];
};

/** What was found, by first word, then by length. */
struct tw_phrase_hits {
	struct tw_word_hit *hit; /**< room for TW_WORD_HITS_MAX */
	uint32_t count;
	uint64_t *lists; /**< a bit for each list met */
};

/** Lists in rising order. @param text borrowed for the call @return false without memory */
bool tw_phrases_add(struct tw_phrases *phrases, struct tw_phrase phrase);
/** @return false without memory */
bool tw_phrases_seal(struct tw_phrases *phrases);
/** @param word not empty @return false: no phrase begins with it, nor a stem with a beginning of it. A bitmap's answer: true may be wrong. */
bool tw_phrases_may_begin(const struct tw_phrases *phrases, struct tw_slice word);
/** Every phrase that stands in `plain`, behind what `hits` holds, as far as there is room. */
void tw_phrases_find(const struct tw_phrases *phrases, const struct tw_plain *plain, struct tw_phrase_hits *hits);

#endif
