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
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))
#endif

#include "rules/required_key.h"

#define BLOCK      64U /* bytes a word of bits */
#define ROOM_LEAST 4096U
#define AT_ONCE    12U /* more than most blocks have */
#define WORDS      8U  /* in a vector, by what they begin with */

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
	free(words->word);
	*words = (struct tw_text_words){0};
}

/* Behind the text there is room for a whole block, and for places that are written and not counted. */
static bool room_for(struct tw_text_words *words, uint32_t length)
{
	if (length < words->room) {
		return true;
	}
	tw_text_words_fini(words);
	size_t room = length < ROOM_LEAST ? ROOM_LEAST : (size_t)length / BLOCK * 2 * BLOCK + BLOCK, most = room / 2 + BLOCK;
	words->plain_room = aligned_alloc(BLOCK, room + BLOCK + 2 * TW_TEXT_MARGIN);
	words->spelled = malloc(room + 1);
	words->bits = malloc((room / BLOCK + 2) * sizeof(*words->bits));
	words->start = malloc(most * sizeof(*words->start));
	words->word = calloc(most + 1, sizeof(*words->word));
	if (!words->plain_room || !words->spelled || !words->bits || !words->start || !words->word) {
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

bool tw_text_scan_has(enum tw_text_scan scan)
{
	switch (scan) {
	case TW_TEXT_SCALAR:
		return true;
	case TW_TEXT_AVX2:
#if defined(__x86_64__)
		return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
#else
		return false;
#endif
	case TW_TEXT_AVX512: /* Ice Lake, Zen 4 and what came after them */
#if defined(__x86_64__)
		return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
		       __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bitalg") &&
		       __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
		return false;
#endif
	}
	return false;
}

enum tw_text_scan tw_text_scan_best(void)
{
	return tw_text_scan_has(TW_TEXT_AVX512) ? TW_TEXT_AVX512 : tw_text_scan_has(TW_TEXT_AVX2) ? TW_TEXT_AVX2 : TW_TEXT_SCALAR;
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
	for (uint32_t i = 0; i < count; i++) {
		words->word[i] = tw_key_word(words->plain + words->start[i]);
	}
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

static bool bytes_by(struct tw_slice text, enum tw_text_scan scan, char *plain, uint64_t *bits)
{
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX2) {
		return bytes_avx2(text.ptr, text.len, plain, bits);
	}
#endif
	(void)scan;
	return bytes_scalar(text.ptr, text.len, plain, bits);
}

/* ---- 64 bytes at once ---- */

#if defined(__x86_64__)

/* tw_key_word of eight words that begin in a block. @param places of eight bytes each, in the block and the next */
AVX512 static inline __m512i eight_words(__m512i block, __m512i next, __m512i places)
{
	const __m512i ones = _mm512_set1_epi8(1);
	__m512i bytes = _mm512_permutex2var_epi8(block, places, next);
	__m512i letters = _mm512_or_si512(_mm512_srli_epi64(bytes, 6), _mm512_srli_epi64(bytes, 4));
	__m512i blanks = _mm512_andnot_si512(letters, ones);
	__m512i first = _mm512_and_si512(blanks, _mm512_sub_epi64(_mm512_setzero_si512(), blanks));
	return _mm512_and_si512(bytes, _mm512_sub_epi64(_mm512_slli_epi64(first, 8), _mm512_set1_epi64(1)));
}

/* Words that begin in a block: their places, sixteen at once; what they begin with, eight at once. @param place in the block, a byte each */
AVX512 static inline void block_words(__m512i block, __m512i next, __m512i place, uint32_t base, uint32_t *start, uint64_t *word)
{
	const __m512i each = _mm512_set_epi64(0x0707070707070707, 0x0606060606060606, 0x0505050505050505, 0x0404040404040404, 0x0303030303030303,
	                                      0x0202020202020202, 0x0101010101010101, 0);
	const __m512i bytes = _mm512_set1_epi64(0x0706050403020100);
	__m512i first = _mm512_permutexvar_epi8(each, place), second = _mm512_permutexvar_epi8(_mm512_add_epi8(each, _mm512_set1_epi8(WORDS)), place);
	__m512i from = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(place));
	_mm512_storeu_si512(start, _mm512_add_epi32(from, _mm512_set1_epi32((int)base)));
	_mm512_storeu_si512(word, eight_words(block, next, _mm512_add_epi8(first, bytes)));
	_mm512_storeu_si512(word + WORDS, eight_words(block, next, _mm512_add_epi8(second, bytes)));
}

/* The form of 64 bytes, looked up at once; those behind the text are not read, and are blanks. @param beyond a bit is added a byte of no ASCII */
AVX512 static inline __m512i form_of(const char *text, uint32_t length, uint64_t *beyond)
{
	uint64_t inside = length < BLOCK ? (1ULL << length) - 1 : UINT64_MAX;
	__m512i bytes = _mm512_maskz_loadu_epi8(_cvtu64_mask64(inside), text);
	__m512i form = _mm512_permutex2var_epi8(_mm512_loadu_si512(plain_of), bytes, _mm512_loadu_si512(plain_of + BLOCK));
	__mmask64 other = _mm512_movepi8_mask(bytes);
	*beyond |= _cvtmask64_u64(other);
	return _mm512_mask_mov_epi8(form, other, _mm512_set1_epi8(' '));
}

/* Bytes and words in one go: what a word begins with may be in the next block. */
AVX512 static bool read_avx512(struct tw_text_words *words, struct tw_slice text, char *plain)
{
	const __m512i blank = _mm512_set1_epi8(' ');
	const __m512i places = _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928, 0x2726252423222120, 0x1F1E1D1C1B1A1918,
	                                        0x1716151413121110, 0x0F0E0D0C0B0A0908, 0x0706050403020100);
	uint64_t before = 0, beyond = 0; /* whether the byte before a block is in a word */
	uint32_t count = 0, at = 0;
	__m512i next = text.len ? form_of(text.ptr, text.len, &beyond) : blank;
	for (; at < text.len; at += BLOCK) {
		__m512i block = next;
		next = text.len - at > BLOCK ? form_of(text.ptr + at + BLOCK, text.len - at - BLOCK, &beyond) : blank;
		_mm512_store_si512(plain + at, block);
		uint64_t bits = _cvtmask64_u64(_mm512_cmpneq_epi8_mask(block, blank)), starts = bits & ~(bits << 1 | before);
		uint32_t here = (uint32_t)__builtin_popcountll(starts);
		__m512i place = _mm512_maskz_compress_epi8(_cvtu64_mask64(starts), places);
		block_words(block, next, place, at, words->start + count, words->word + count);
		if (here > 2 * WORDS) { /* at most every other byte: 32 */
			place = _mm512_shuffle_i64x2(place, place, 1);
			block_words(block, next, place, at, words->start + count + 2 * WORDS, words->word + count + 2 * WORDS);
		}
		count += here;
		before = bits >> (BLOCK - 1);
	}
	_mm512_store_si512(plain + at, blank);
	words->count = count;
	return beyond == 0;
}

#endif

/* @return whether all is ASCII */
static bool read_by(struct tw_text_words *words, struct tw_slice text, enum tw_text_scan scan)
{
	char *plain = words->plain_room + TW_TEXT_MARGIN;
	words->bytes = text.len;
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX512) {
		return read_avx512(words, text, plain);
	}
#endif
	bool ascii = bytes_by(text, scan, plain, words->bits);
	memset(plain + text.len, ' ', TW_TEXT_MARGIN);
	words_find_by(words, scan);
	return ascii;
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
	words->ascii = read_by(words, text, scan);
	if (!words->ascii) {
		struct tw_slice other = spelled(words, text);
		if (other.len != text.len) {
			(void)read_by(words, other, scan);
		}
	}
	words->word[words->count] = 0;
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
	while (literal[before] == ' ' && byte > first && byte[-1] == ' ') {
		byte--;
	}
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
