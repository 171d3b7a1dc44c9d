/**
 * @file required_key.h
 * By which few bytes a literal is looked for: what a word begins with, alone or with what the word before it begins with.
 *
 *     " gas pistons "    word   "pist"            the first four bytes of a word; a shorter one has its blank with it
 *                        pair   "gas " + "pist"   of two words that follow each other
 *     "cellulose"        gram   "cell", "ellu"    four bytes anywhere, at most their first and last a blank
 *
 * A text has few words and many grams: keys of words are found by looking at words alone. A key is one number, its kind with it; the first byte in
 * memory is its lowest. Pure.
 */
#ifndef TIDEWAITER_RULES_REQUIRED_KEY_H
#define TIDEWAITER_RULES_REQUIRED_KEY_H

#include <endian.h>

#include "rules/required.h"

#define TW_KEY_BYTES 4U
#define TW_KEY_GRAM  (1ULL << 63) /* of four bytes; no byte of a form has that bit */
#define TW_KEY_SHORT (3ULL << 62) /* a gram of two bytes */
#define TW_KEY_FIRST 1U           /* in place of the word before, where there is none: no byte of a form is 1 */

#define TW_KEYS_MAX (3U * TW_REQUIRED_BYTES_MAX)

struct tw_required_key {
	uint64_t key;
	uint32_t before; /**< bytes of the literal before the word or the gram */
	uint32_t rarity;
	bool open; /**< three bytes are known: it stands for this key with any byte of a form as the fourth */
};

static inline uint32_t tw_key_load(const char *at)
{
	uint32_t bytes;
	memcpy(&bytes, at, sizeof(bytes));
	return le32toh(bytes);
}

/**
 * What a word begins with: nothing behind the first blank. Of the bytes of a form a blank alone has neither of the bits 4 and 6.
 * @param at its first byte; four may be read
 */
static inline uint32_t tw_key_head(const char *at)
{
	uint32_t bytes = tw_key_load(at), blanks = ((bytes >> 6 | bytes >> 4) & 0x01010101U) ^ 0x01010101U, first = blanks & -blanks;
	return bytes & ((first << 8) - 1); /* none: all four */
}

static inline uint64_t tw_key_pair(uint32_t before, uint32_t head)
{
	return (uint64_t)before << 32 | head;
}

static inline bool tw_key_of_word(uint64_t key)
{
	return !(key & TW_KEY_GRAM);
}

/**
 * Every key of a literal that is no pseudo-literal, words' first; grams of three bytes only where there is no other, of two where there is not even
 * that.
 * @param out of TW_KEYS_MAX @return how many, none only of a literal below two bytes
 */
uint32_t tw_required_keys(const struct tw_required_text *text, struct tw_required_key *out);
/** The rarest of them by its letters that is neither open nor short. @return false: there is none */
bool tw_required_key_best(const struct tw_required_text *text, struct tw_required_key *out);
/** How rare a run of bytes in the form is, from its letters: twice the negative binary logarithm of their shares. */
uint32_t tw_required_rarity(const char *bytes, uint32_t length);

#endif
