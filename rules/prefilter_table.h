/**
 * @file prefilter_table.h
 * What prefilter.c builds, prefilter_scan.c and prefilter_pass.c look into; theirs alone.
 *
 *     a word of the text --words--> not all bits of its head, nor of the word, nor of the pair: the end of it, for almost every word
 *                                   all --start--> entries of the key's hash: pattern, the literal around the key
 */
#ifndef TIDEWAITER_RULES_PREFILTER_TABLE_H
#define TIDEWAITER_RULES_PREFILTER_TABLE_H

#include "rules/prefilter.h"
#include "rules/required_key.h"

#define TW_PREFILTER_BLOOM_BITS 12U
#define TW_PREFILTER_NEED_WORDS 0xFFFFU
#define TW_PREFILTER_NEED_GRAMS 16U /* bits to the left */
#define TW_PREFILTER_NEED_HEAD  3U
#define TW_PREFILTER_GROUPS     8U /* of grams that are looked for at once: a bit each */

/* By the bytes of a form, which are below 128, and by each two beside each other (tw_prefilter_two): a bit for each group that has a gram with those
 * at that place. */
struct tw_prefilter_letters {
	uint8_t group[TW_KEY_BYTES][128];
	uint8_t two[TW_KEY_BYTES - 1][64];
};

/* Of two bytes one of 64. */
static inline uint32_t tw_prefilter_two(uint64_t first, uint64_t second)
{
	return (uint32_t)(3 * first + second) & 63;
}

/* A pattern under a key that it needs. Those of one key stand together, and of these those of one literal. */
struct tw_prefilter_entry {
	uint64_t mixed; /* the key mixed: the key's alone, and its top bits are the hash */
	/* What is told without a look elsewhere: which letters the text has at the least (tw_prefilter_letter), and what some word of it begins with
	 * (tw_prefilter_begin), one of these. */
	uint64_t letters, begins;
	uint32_t pattern;
	uint32_t literal; /* where it begins among `literals` */
	uint32_t needs;   /* where the pattern's further needs begin among `asked` */
	uint8_t length;   /* of the literal around the key; 0: the key says it all */
	uint8_t before;   /* bytes of it before the key's word or gram */
};

struct tw_prefilter {
	uint64_t *words; /* by the hash of a word's head, or of a pair: three bits for each key */
	uint64_t *grams; /* a bit a hash */
	uint32_t *start; /* of the entries of each hash of fewer bits, and one more */
	struct tw_prefilter_entry *entry;
	uint32_t word_bits, gram_bits, start_bits; /* of a hash */
	uint32_t entry_count;
	const char *literals;                  /* the bytes of all, in the order of their entries */
	bool has_words, has_grams, has_shorts; /* where some key is no word's, a window slides over the whole text */
	struct tw_prefilter_letters of_grams, of_shorts;
	const uint32_t *always;
	uint32_t always_count;
	const uint32_t *foreign;
	uint32_t foreign_count;
	uint32_t patterns;
	/* Each need: how many keys of words and grams (TW_PREFILTER_NEED_*), what its words begin with in two halves (tw_prefilter_begin), the places
	 * of their keys among a text's own, and the grams themselves. 0 ends a pattern's, and is the first. */
	const uint32_t *asked;
};

/* Bits of a key in the word of bits that its head leads to, or of a pair itself: three. The upper half of a key of words is below 128 a byte,
 * as is the lower without its kind: 32 bits times 32 are one step of a processor that does eight at once, where 64 times 64 are many. */
#define TW_PREFILTER_LOWER 0x9E3779B1U
#define TW_PREFILTER_UPPER 0x85EBCA77U

/* @param word the lower half without its kind, or a word @return the lower half's share of its bits' places, by which the word of bits is found */
static inline uint64_t tw_prefilter_lower(uint64_t word)
{
	return (word & UINT32_MAX) * TW_PREFILTER_LOWER;
}

/* @return the upper half's share */
static inline uint64_t tw_prefilter_upper(uint64_t key)
{
	return (key >> 32) * TW_PREFILTER_UPPER;
}

/* Of which word of bits? */
static inline uint32_t tw_prefilter_hash(uint64_t lower, uint32_t bits)
{
	return (uint32_t)lower >> (32 - bits);
}

/* Of a head, and of a pair. */
static inline uint64_t tw_prefilter_bits(uint64_t share)
{
	return 1ULL << (share >> 32 & 63) | 1ULL << (share >> 40 & 63) | 1ULL << (share >> 48 & 63);
}

/* Of a whole word: other bits, as of those above the lower half has some in common with the place of the word of bits. */
static inline uint64_t tw_prefilter_bits_whole(uint64_t both)
{
	return 1ULL << (both >> 24 & 63) | 1ULL << (both >> 32 & 63) | 1ULL << (both >> 40 & 63);
}

/* Of a key asked for: among those of a text, by hash. */
static inline uint32_t tw_prefilter_place(uint64_t key)
{
	return (uint32_t)(tw_key_mix(key) >> (64 - TW_PREFILTER_BLOOM_BITS));
}

/* One of 64, by the first two bytes of a key of words, or of what a word begins with. */
static inline uint32_t tw_prefilter_begin(uint64_t key)
{
	return (uint32_t)((key & 0x7F7F) * 0x9E3779B1U) >> 26;
}

/* A byte of a form as one of 64, no other's. */
static inline uint32_t tw_prefilter_letter(uint32_t byte)
{
	return (byte & 31) | (byte & 64) >> 1;
}

#define TW_PREFILTER_AT_ONCE 64U

/** Which of 64 words from one on, a bit each, are in the table or seem to be. @param from below the text's count */
uint64_t tw_prefilter_scan_words(const struct tw_prefilter *prefilter, const struct tw_text_words *words, uint32_t from, enum tw_text_scan scan);
/** The same of the windows at 64 bytes. @param from 0 is the blank before the text @param kind TW_KEY_GRAM or TW_KEY_SHORT */
uint64_t tw_prefilter_scan_grams(const struct tw_prefilter *prefilter, const struct tw_text_words *words, uint64_t kind, uint32_t from,
                                 enum tw_text_scan scan);

/** What the words of a text begin with: a bit for each tw_prefilter_begin. */
uint64_t tw_prefilter_scan_begins(const struct tw_text_words *words, enum tw_text_scan scan);
/** Which bytes a text in its form has: a bit for each tw_prefilter_letter. */
uint64_t tw_prefilter_scan_letters(const struct tw_text_words *words, enum tw_text_scan scan);

/** The key of the window at a byte. */
static inline uint64_t tw_prefilter_window(const char *at, uint64_t kind)
{
	return kind | (tw_key_load(at) & (kind == TW_KEY_GRAM ? UINT32_MAX : UINT16_MAX));
}

#endif
