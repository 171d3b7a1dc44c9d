/**
 * @file text_words.c
 * See text_words.h. A bit a byte tells words from what is between them; where bits change, words begin and end. Places are written down twelve at a
 * time, more than there are, so that the number of words is no branch to guess. Source: the flattening of bits in Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second", VLDB Journal 28 (2019), section 3.2.
 */
#include "rules/text_words.h"

#include <stdlib.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define BLOCK      64U /* bytes a word of bits */
#define ROOM_LEAST 4096U
#define AT_ONCE    12U /* more than most blocks have */

static const char plain_of[128] = {
#define BLANKS_8  ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '
#define BLANKS_32 BLANKS_8, BLANKS_8, BLANKS_8, BLANKS_8
    BLANKS_32, BLANKS_8, BLANKS_8, '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ' ', ' ', ' ', ' ', ' ', ' ', ' ', 'a',
    'b',       'c',      'd',      'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v',
    'w',       'x',      'y',      'z', ' ', ' ', ' ', ' ', '_', ' ', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k',
    'l',       'm',      'n',      'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', ' ', ' ', ' ', ' ', ' '};

/* ---- memory ---- */

void tw_text_words_fini(struct tw_text_words *words)
{
	free(words->plain_room);
	free(words->spelled);
	free(words->bits);
	free(words->start);
	*words = (struct tw_text_words){0};
}

/* Behind the text there is room for a whole block, and for places that are written and not counted. */
static bool room_for(struct tw_text_words *words, uint32_t length)
{
	if (length < words->room) {
		return true;
	}
	tw_text_words_fini(words);
	size_t room = length < ROOM_LEAST ? ROOM_LEAST : (size_t)length * 2, most = room / 2 + BLOCK;
	words->plain_room = malloc(room + BLOCK + 2 * TW_TEXT_MARGIN);
	words->spelled = malloc(room + 1);
	words->bits = malloc((room / BLOCK + 2) * sizeof(*words->bits));
	words->start = malloc(most * sizeof(*words->start));
	if (!words->plain_room || !words->spelled || !words->bits || !words->start) {
		tw_text_words_fini(words);
		return false;
	}
	memset(words->plain_room, ' ', TW_TEXT_MARGIN);
	words->plain = words->plain_room + TW_TEXT_MARGIN;
	words->room = room > UINT32_MAX ? UINT32_MAX : (uint32_t)room;
	return true;
}

/* ---- bytes ---- */

/* @return whether all are ASCII */
static bool block_scalar(const char *text, uint32_t length, char *plain, uint64_t *bits)
{
	unsigned char seen = 0;
	uint64_t found = 0;
	for (uint32_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		char form = c < sizeof(plain_of) ? plain_of[c] : ' ';
		plain[i] = form;
		found |= (uint64_t)(form != ' ') << i;
		seen |= c;
	}
	*bits = found;
	return seen < 0x80;
}

static bool bytes_scalar(const char *text, uint32_t length, char *plain, uint64_t *bits)
{
	bool ascii = true;
	for (uint32_t at = 0; at < length; at += BLOCK) {
		ascii &= block_scalar(text + at, length - at < BLOCK ? length - at : BLOCK, plain + at, &bits[at / BLOCK]);
	}
	return ascii;
}

#if defined(__x86_64__)

/* Letters without their case, digits, '_'; all else a blank. @return a bit a byte that is in a word */
__attribute__((target("avx2"))) static inline uint32_t half_avx2(__m256i bytes, char *plain)
{
	const __m256i low = _mm256_set1_epi8(-128), blank = _mm256_set1_epi8(' ');
	__m256i lower = _mm256_or_si256(bytes, blank);
	/* from `first` on, counted from the least byte that a signed comparison knows */
	__m256i from_a = _mm256_add_epi8(_mm256_sub_epi8(lower, _mm256_set1_epi8('a')), low);
	__m256i from_0 = _mm256_add_epi8(_mm256_sub_epi8(bytes, _mm256_set1_epi8('0')), low);
	__m256i letter = _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 26), from_a);
	__m256i digit = _mm256_cmpgt_epi8(_mm256_set1_epi8(-128 + 10), from_0);
	__m256i other = _mm256_or_si256(digit, _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('_')));
	__m256i word = _mm256_or_si256(letter, other);
	__m256i as_is = _mm256_blendv_epi8(blank, bytes, other);
	_mm256_storeu_si256((__m256i *)(void *)plain, _mm256_blendv_epi8(as_is, lower, letter));
	return (uint32_t)_mm256_movemask_epi8(word);
}

/* The last block is a copy: nothing behind a text is read. */
__attribute__((target("avx2"))) static bool bytes_avx2(const char *text, uint32_t length, char *plain, uint64_t *bits)
{
	char last[BLOCK];
	__m256i seen = _mm256_setzero_si256();
	for (uint32_t at = 0; at < length; at += BLOCK) {
		const char *from = text + at;
		if (length - at < BLOCK) {
			memset(last, ' ', sizeof(last));
			memcpy(last, from, length - at);
			from = last;
		}
		__m256i first = _mm256_loadu_si256((const __m256i *)(const void *)from);
		__m256i second = _mm256_loadu_si256((const __m256i *)(const void *)(from + BLOCK / 2));
		seen = _mm256_or_si256(seen, _mm256_or_si256(first, second));
		bits[at / BLOCK] = half_avx2(first, plain + at) | (uint64_t)half_avx2(second, plain + at + BLOCK / 2) << BLOCK / 2;
	}
	return _mm256_movemask_epi8(seen) == 0;
}

#endif

enum tw_text_scan tw_text_scan_best(void)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt")) {
		return TW_TEXT_AVX2;
	}
#endif
	return TW_TEXT_SCALAR;
}

static bool bytes_of(struct tw_slice text, enum tw_text_scan scan, char *plain, uint64_t *bits)
{
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX2) {
		return bytes_avx2(text.ptr, text.len, plain, bits);
	}
#endif
	(void)scan;
	return bytes_scalar(text.ptr, text.len, plain, bits);
}

/* ---- words ---- */

__attribute__((always_inline)) static inline uint32_t places_of(uint64_t bits, uint32_t base, uint32_t *out)
{
	uint32_t count = (uint32_t)__builtin_popcountll(bits), from = 0;
	do {
		for (uint32_t i = 0; i < AT_ONCE; i++) {
			out[from + i] = base + (uint32_t)__builtin_ctzll(bits | 1ULL << 63);
			bits &= bits - 1;
		}
		from += AT_ONCE;
	} while (from < count);
	return count;
}

__attribute__((always_inline)) static inline void words_find(struct tw_text_words *words)
{
	uint64_t before = 0; /* whether the byte before a block is in a word */
	uint32_t count = 0;
	for (uint32_t at = 0; at < words->bytes; at += BLOCK) {
		uint64_t bits = words->bits[at / BLOCK];
		count += places_of(bits & ~(bits << 1 | before), at, words->start + count);
		before = bits >> (BLOCK - 1);
	}
	words->count = count;
}

#if defined(__x86_64__)

/* The same, with the processor's own instructions for bits. */
__attribute__((target("avx2,bmi,popcnt"))) static void words_find_avx2(struct tw_text_words *words)
{
	words_find(words);
}

#endif

static void words_find_by(struct tw_text_words *words, enum tw_text_scan scan)
{
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX2) {
		words_find_avx2(words);
		return;
	}
#endif
	(void)scan;
	words_find(words);
}

/* U+017F is C5 BF, U+212A is E2 84 AA: the only characters beyond ASCII that fold to ASCII letters. Source: Unicode CaseFolding.txt. */
static struct tw_slice spelled(struct tw_text_words *words, struct tw_slice text)
{
	char *out = words->spelled;
	if (!memmem(text.ptr, text.len, "\xC5\xBF", 2) && !memmem(text.ptr, text.len, "\xE2\x84\xAA", 3)) {
		return text;
	}
	for (uint32_t i = 0; i < text.len;) {
		if (text.len - i >= 2 && memcmp(text.ptr + i, "\xC5\xBF", 2) == 0) {
			*out++ = 's';
			i += 2;
		} else if (text.len - i >= 3 && memcmp(text.ptr + i, "\xE2\x84\xAA", 3) == 0) {
			*out++ = 'k';
			i += 3;
		} else {
			*out++ = text.ptr[i++];
		}
	}
	return (struct tw_slice){words->spelled, (uint32_t)(out - words->spelled)};
}

bool tw_text_words_of(struct tw_text_words *words, struct tw_slice text, enum tw_text_scan scan)
{
	words->count = words->bytes = 0;
	words->ascii = true;
	if (!room_for(words, text.len)) {
		return false;
	}
	char *plain = words->plain_room + TW_TEXT_MARGIN;
	words->ascii = bytes_of(text, scan, plain, words->bits);
	if (!words->ascii) {
		struct tw_slice other = spelled(words, text);
		if (other.len != text.len) {
			text = other;
			(void)bytes_of(text, scan, plain, words->bits);
		}
	}
	memset(plain + text.len, ' ', TW_TEXT_MARGIN);
	words->bytes = text.len;
	words_find_by(words, scan);
	return true;
}

bool tw_text_words_hold(const struct tw_text_words *words, const char *literal, uint32_t length, int64_t at, uint32_t before)
{
	const char *from = words->plain + at, *first = words->plain - 1, *last = words->plain + words->bytes + 1, *byte = from;
	for (uint32_t i = before; i < length; i++) {
		if (*byte++ != literal[i]) {
			return false;
		}
		while (literal[i] == ' ' && byte < last && *byte == ' ') {
			byte++;
		}
	}
	byte = from;
	for (uint32_t i = before; i > 0; i--) {
		if (*--byte != literal[i - 1]) {
			return false;
		}
		while (literal[i - 1] == ' ' && byte > first && byte[-1] == ' ') {
			byte--;
		}
	}
	return true;
}
