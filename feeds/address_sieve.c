/**
 * @file address_sieve.c
 * Hashes of words and numbers straight from the letters; see address_sieve.h.
 */
#include "feeds/address_sieve.h"

#include <stdlib.h>

#include "engine/base/hash.h"

#define KEYS_A_WORD 2U
#define MARKS_MAX   24U                          /* numbers, and words; an address with more is let through */
#define MIX         UINT64_C(0x9e3779b97f4a7c15) /* 2^64 over the golden ratio, odd */
#define LETTERS_MAX 2U                           /* behind a number that are no part of it: address.h */

struct marks {
	uint64_t number[MARKS_MAX], word[MARKS_MAX];
	uint32_t number_count, word_count;
};

static uint64_t pair_of(uint64_t number, uint64_t word)
{
	uint64_t hash = (number * MIX) ^ word;
	hash = (hash ^ hash >> 32) * MIX;
	return hash ^ hash >> 29;
}

static uint64_t bits_of(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 58) | UINT64_C(1) << (hash >> 52 & 63);
}

bool tw_address_sieve_init(struct tw_address_sieve *sieve, uint32_t keys)
{
	uint64_t words = 1;
	while (words * KEYS_A_WORD < keys) {
		words *= 2;
	}
	*sieve = (struct tw_address_sieve){calloc(words, sizeof(*sieve->word)), words - 1};
	return sieve->word != NULL;
}

void tw_address_sieve_fini(struct tw_address_sieve *sieve)
{
	free(sieve->word);
	sieve->word = NULL;
}

void tw_address_sieve_add(struct tw_address_sieve *sieve, struct tw_slice key)
{
	const char *space = key.len ? memchr(key.ptr, ' ', key.len) : NULL;
	if (space) {
		uint32_t number = (uint32_t)(space - key.ptr);
		uint64_t hash = pair_of(tw_fnv((struct tw_slice){key.ptr, number}), tw_fnv((struct tw_slice){space + 1, key.len - number - 1}));
		sieve->word[hash & sieve->mask] |= bits_of(hash);
	}
}

/* ---- an address ---- */

/* What a byte is as it is folded: 0 between words; SPECIAL what tw_name_split joins or spells before it cuts. */
#define SPECIAL              1
#define LETTER(upper, lower) [(upper)] = (lower), [(lower)] = (lower)
static const unsigned char folded[128] = {
    LETTER('A', 'a'), LETTER('B', 'b'), LETTER('C', 'c'), LETTER('D', 'd'), LETTER('E', 'e'), LETTER('F', 'f'), LETTER('G', 'g'), LETTER('H', 'h'),
    LETTER('I', 'i'), LETTER('J', 'j'), LETTER('K', 'k'), LETTER('L', 'l'), LETTER('M', 'm'), LETTER('N', 'n'), LETTER('O', 'o'), LETTER('P', 'p'),
    LETTER('Q', 'q'), LETTER('R', 'r'), LETTER('S', 's'), LETTER('T', 't'), LETTER('U', 'u'), LETTER('V', 'v'), LETTER('W', 'w'), LETTER('X', 'x'),
    LETTER('Y', 'y'), LETTER('Z', 'z'), ['0'] = '0',      ['1'] = '1',      ['2'] = '2',      ['3'] = '3',      ['4'] = '4',      ['5'] = '5',
    ['6'] = '6',      ['7'] = '7',      ['8'] = '8',      ['9'] = '9',      ['\''] = SPECIAL, ['`'] = SPECIAL,  ['&'] = SPECIAL,
};

static unsigned char folded_at(struct tw_slice text, uint32_t at)
{
	unsigned char c = at < text.len ? (unsigned char)text.ptr[at] : 0;
	return c < sizeof(folded) ? folded[c] : SPECIAL;
}

/* @return the hash of a token's letters and digits, and where it ends */
static uint64_t token_hash(struct tw_slice text, uint32_t *at)
{
	uint64_t hash = TW_FNV_BASIS;
	for (unsigned char c; (c = folded_at(text, *at)) > SPECIAL; ++*at) {
		hash = tw_fnv_step(hash, (char)c);
	}
	return hash;
}

/* "017b" is 17. @return false: the token is a word; `end` is where it ends */
static bool number_hash(struct tw_slice text, uint32_t at, uint32_t end, uint64_t *out)
{
	uint32_t digits = at;
	while (digits < end && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
		digits++;
	}
	if (digits == at || end - digits > LETTERS_MAX) {
		return false;
	}
	while (at + 1 < digits && text.ptr[at] == '0') {
		at++;
	}
	*out = tw_fnv((struct tw_slice){text.ptr + at, digits - at});
	return true;
}

/* @return false: the text is not one to be read this way */
static bool read_marks(struct tw_slice text, struct marks *marks)
{
	bool single = false; /* the token before was one letter: two of them are joined */
	for (uint32_t i = 0; i < text.len; i++) {
		uint32_t from = i;
		uint64_t hash = token_hash(text, &i), number;
		if (folded_at(text, i) == SPECIAL || marks->number_count == MARKS_MAX || marks->word_count == MARKS_MAX) {
			return false;
		}
		if (i == from) {
			continue;
		}
		bool digit = text.ptr[from] <= '9', letter = i == from + 1 && !digit;
		if (letter && single) {
			return false;
		}
		if (digit && number_hash(text, from, i, &number)) {
			marks->number[marks->number_count++] = number;
		} else if (!letter) {
			marks->word[marks->word_count++] = hash;
		}
		single = letter;
	}
	return true;
}

bool tw_address_sieve_passes(const struct tw_address_sieve *sieve, struct tw_slice text, struct tw_slice town)
{
	struct marks marks;
	marks.number_count = marks.word_count = 0;
	if (!read_marks(text, &marks) || !read_marks(town, &marks)) {
		return true;
	}
	for (uint32_t n = 0; n < marks.number_count; n++) {
		for (uint32_t w = 0; w < marks.word_count; w++) {
			uint64_t hash = pair_of(marks.number[n], marks.word[w]), bits = bits_of(hash);
			if ((sieve->word[hash & sieve->mask] & bits) == bits) {
				return true;
			}
		}
	}
	return false;
}
