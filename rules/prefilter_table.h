/**
 * @file prefilter_table.h
 * What prefilter.c builds and prefilter_pass.c looks into; theirs alone.
 *
 *     a word of the text --words--> no bit of it, nor of the pair with the word before: the end of it, for almost every word
 *                                   a bit --start--> entries of the key's hash: pattern, the literal around the key
 */
#ifndef TIDEWAITER_RULES_PREFILTER_TABLE_H
#define TIDEWAITER_RULES_PREFILTER_TABLE_H

#include "rules/prefilter.h"
#include "rules/required_key.h"

#define TW_PREFILTER_MULTIPLIER 0x9E3779B97F4A7C15ULL
#define TW_PREFILTER_BLOOM_BITS 12U
#define TW_PREFILTER_NEED_GRAM  (1U << TW_PREFILTER_BLOOM_BITS) /* a place among the text's grams, not its words' keys */

/* A pattern under a key that it needs. */
struct tw_prefilter_entry {
	uint64_t mixed; /* the key times the multiplier: odd, so that it is the key's alone, and its top bits are the hash */
	uint32_t pattern;
	uint32_t before;                     /* bytes of the literal before the key's word or gram */
	const struct tw_required_text *text; /* the literal around it; NULL: the key says it all */
};

struct tw_prefilter {
	uint64_t *words; /* by the hash of a word's key: a bit for it, and one for each pair that ends with it */
	uint64_t *grams; /* a bit a hash */
	uint32_t *start; /* of the entries of each hash of fewer bits, and one more */
	struct tw_prefilter_entry *entry;
	uint32_t word_bits, gram_bits, start_bits; /* of a hash */
	uint32_t entry_count;
	bool has_words, has_grams, has_shorts; /* where some key is no word's, a window slides over the whole text */
	const uint32_t *always;
	uint32_t always_count;
	const uint32_t *foreign;
	uint32_t foreign_count;
	uint32_t patterns;
	uint32_t *also;   /* of each pattern: where its further needs begin */
	uint16_t *places; /* each need: how many keys, then their places in a text's own; 0 ends a pattern's */
};

static inline uint64_t tw_prefilter_mix(uint64_t key)
{
	return key * TW_PREFILTER_MULTIPLIER;
}

/* Of the word of bits that a word's key leads to. @param before the mixed key of the word before */
static inline uint64_t tw_prefilter_word_bit(uint64_t mixed)
{
	return mixed >> 20 & 63;
}

static inline uint64_t tw_prefilter_pair_bit(uint64_t before, uint64_t mixed)
{
	return (before * 3 + mixed) >> 26 & 63;
}

#endif
