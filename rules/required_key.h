/**
 * @file required_key.h
 * By which few bytes a literal is looked for: what a word begins with, alone or with the word behind it.
 *
 *     " gas pistons "    word   "pistons "         a whole word, as far as its first eight bytes with the blank behind it
 *     " gas pist"        head   "pist"             the first four bytes of a word that may go on
 *                        pair   "gas " and "pi"    a whole word, and the first two bytes of the next
 *     "cellulose"        gram   "cell", "ellu"     four bytes anywhere, at most their first and last a blank
 *
 * A text has few words and many grams: keys of words are found by looking at words alone. A key is one number, its kind with it in bits that no byte
 * of a form has; the first byte in memory is its lowest. Of a key of words the lower half is a head. Two pairs may be one key: of a word of seven
 * bytes or more, its last two and the next word's beginning are mixed. Pure.
 */
#ifndef TIDEWAITER_RULES_REQUIRED_KEY_H
#define TIDEWAITER_RULES_REQUIRED_KEY_H

#include <endian.h>

#include "rules/required.h"

#define TW_KEY_BYTES      4U /* of a head, of a gram */
#define TW_KEY_WORD_BYTES 8U
#define TW_KEY_LONG       (1ULL << 7)  /* a word of more bytes than a head */
#define TW_KEY_PAIR       (1ULL << 15) /* of a word, and in its last two bytes the next one's beginning: both where the word is that long */
#define TW_KEY_BEGIN      (TW_KEY_LONG | TW_KEY_PAIR) /* the first two bytes of a word: a need, but nothing that a text is searched for */
#define TW_KEY_NEXT_BYTES 2U                          /* of the next word in a pair */
#define TW_KEY_GRAM       (1ULL << 31)                /* of four bytes */
#define TW_KEY_SHORT      (TW_KEY_GRAM | 1ULL << 23)  /* a gram of two bytes */
#define TW_KEY_MULTIPLIER 0x9E3779B97F4A7C15ULL

#define TW_KEY_GRAM_LESS 2U /* it may stand anywhere in a word: of its rarity so little counts beside a word's */
#define TW_KEYS_MAX      (3U * TW_REQUIRED_BYTES_MAX)

struct tw_required_key {
	uint64_t key;
	uint32_t before; /**< bytes of the literal before the word, a pair's first one, or the gram */
	uint32_t rarity;
	bool all;  /**< what has the key has the literal */
	bool open; /**< three bytes are known: it stands for this key with any byte of a form as the fourth */
};

static inline uint32_t tw_key_load(const char *at)
{
	uint32_t bytes;
	memcpy(&bytes, at, sizeof(bytes));
	return le32toh(bytes);
}

/** A number that tells one key from every other, its upper bits well mixed. */
static inline uint64_t tw_key_mix(uint64_t key)
{
	return key * TW_KEY_MULTIPLIER;
}

/**
 * What a word begins with, its first eight bytes: nothing behind the first blank. Of the bytes of a form a blank alone has neither of the bits 4
 * and 6.
 * @param at its first byte; eight may be read
 */
static inline uint64_t tw_key_word(const char *at)
{
	uint64_t bytes;
	memcpy(&bytes, at, sizeof(bytes));
	bytes = le64toh(bytes);
	uint64_t blanks = ((bytes >> 6 | bytes >> 4) & 0x0101010101010101U) ^ 0x0101010101010101U, first = blanks & -blanks;
	return bytes & ((first << 8) - 1); /* none, or the last: all eight */
}

/** The key of a word's head. @param word of tw_key_word */
static inline uint64_t tw_key_head(uint64_t word)
{
	return word & UINT32_MAX;
}

/** The key of a word as far as it is known; where that is no more than its head, the head's. */
static inline uint64_t tw_key_whole(uint64_t word)
{
	return word >> 32 ? word | TW_KEY_LONG : word;
}

/** @param next the word behind it, as tw_key_word has it or as far as it is known; 0: there is none */
static inline uint64_t tw_key_pair(uint64_t word, uint64_t next)
{
	return (word ^ next << 48) | TW_KEY_PAIR;
}

static inline uint64_t tw_key_begin(uint64_t word)
{
	return (word & UINT16_MAX) | TW_KEY_BEGIN;
}

static inline bool tw_key_is_begin(uint64_t key)
{
	return (key & (TW_KEY_GRAM | TW_KEY_BEGIN)) == TW_KEY_BEGIN;
}

static inline bool tw_key_of_word(uint64_t key)
{
	return !(key & TW_KEY_GRAM);
}

/** The head of a key of words: what its lower half has beside its kind. */
static inline uint64_t tw_key_head_of(uint64_t key)
{
	return key & 0x7F7F7F7FU;
}

/**
 * Every key of a literal that is no pseudo-literal, words' first; grams of three bytes only where there is no other, of two where there is not even
 * that.
 * @param out of TW_KEYS_MAX @return how many, none only of a literal below two bytes
 */
uint32_t tw_required_keys(const struct tw_required_text *text, struct tw_required_key *out);
/**
 * The rarest of them that is neither open nor short, one of a word before any other; where there is none, what some word begins with.
 * @return false: not even that
 */
bool tw_required_key_best(const struct tw_required_text *text, struct tw_required_key *out);
/** How rare a run of bytes in the form is, from its letters: twice the negative binary logarithm of their shares. */
uint32_t tw_required_rarity(const char *bytes, uint32_t length);

#endif
