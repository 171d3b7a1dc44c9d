/**
 * @file name_jaro.c
 * Three ways of one match; see name_jaro.h. The same steps as tw_jaro_winkler (name_compare.c) and tw_slips_step, a lane a word.
 */
#include "feeds/name_jaro.h"

#include "feeds/name_slips.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define LETTER_BITS  5U
#define HALF_LETTERS 6U
#define LETTER       31U
#define PREFIX_MAX   4U /* Source: Winkler 1990 */

/* How far a letter of a half stands from its end. */
static uint32_t shift_of(uint32_t at)
{
	return (HALF_LETTERS - 1 - at % HALF_LETTERS) * LETTER_BITS;
}

static uint64_t place_of(uint32_t at)
{
	return shift_of(at) + (at < HALF_LETTERS ? 32 : 0);
}

uint64_t tw_jaro_pack(const struct tw_name_term *term)
{
	uint64_t packed = 0;
	for (uint32_t at = 0; at < term->len && at < TW_JARO_LETTERS; at++) {
		packed |= (uint64_t)((uint32_t)(term->text[at] - 'a' + 1) & LETTER) << place_of(at);
	}
	return packed;
}

uint32_t tw_jaro_prefix(uint64_t a, uint64_t b)
{
	uint64_t differ = (a ^ b) << 2;
	uint32_t same = differ ? (uint32_t)__builtin_clzll(differ) / LETTER_BITS : PREFIX_MAX;
	return same < PREFIX_MAX ? same : PREFIX_MAX;
}

void tw_jaro_word_make(struct tw_jaro_word *word, const struct tw_name_pattern *pattern)
{
	memset(word->at, 0, sizeof(word->at));
	memcpy(&word->at[1], pattern->at, 26 * sizeof(word->at[0])); /* a to z come first there */
	word->len = pattern->term.len;
}

/* How far apart two letters that match may be. */
static uint32_t reach_of(uint32_t a, uint32_t b)
{
	uint32_t longer = a > b ? a : b;
	return longer / 2 > 1 ? longer / 2 - 1 : 0;
}

/* The places that the letter at `at` may match. */
static uint32_t window_of(uint32_t at, uint32_t reach)
{
	uint64_t window = (UINT64_C(1) << (at + reach + 1)) - 1;
	return (uint32_t)(at > reach ? window & ~((UINT64_C(1) << (at - reach)) - 1) : window);
}

/* Where the word has the letter at `at` of a lane. */
static uint32_t places_of(const struct tw_jaro_word *word, const struct tw_jaro_lanes *lanes, uint32_t lane, uint32_t at)
{
	uint32_t half = at < HALF_LETTERS ? lanes->high[lane] : lanes->low[lane];
	return word->at[half >> shift_of(at) & LETTER];
}

static void match_lane(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes, uint32_t lane)
{
	uint32_t here = 0, there = 0, reach = reach_of(word->len, lanes->len), place[TW_JARO_LETTERS];
	for (uint32_t at = 0; at < lanes->len; at++) {
		place[at] = places_of(word, lanes, lane, at);
		uint32_t free = place[at] & window_of(at, reach) & ~here;
		here |= free & -free;
		there |= (uint32_t)(free != 0) << at;
	}
	lanes->matched[lane] = tw_name_bits(there);
	lanes->halves[lane] = 0;
	for (; there; there &= there - 1) {
		uint32_t lowest = here & -here;
		lanes->halves[lane] += !(place[__builtin_ctz(there)] & lowest);
		here ^= lowest;
	}
}

static void match_scalar(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	for (uint32_t lane = 0; lane < TW_JARO_LANES; lane++) {
		match_lane(word, lanes, lane);
	}
}

static void slips_scalar(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	for (uint32_t lane = 0; lane < TW_JARO_LANES; lane++) {
		struct tw_slips slips = tw_slips_begin(word->len);
		for (uint32_t at = 0; at < lanes->len; at++) {
			tw_slips_step(&slips, places_of(word, lanes, lane, at));
		}
		lanes->slips[lane] = slips.count;
	}
}

#if defined(__x86_64__)

/* Where the word has the letter at `at` of each lane. @param half the half of the lanes that has it */
__attribute__((target("avx2"))) static inline __m256i places_of_eight(const struct tw_jaro_word *word, __m256i half, uint32_t at)
{
	__m256i code = _mm256_and_si256(_mm256_srl_epi32(half, _mm_cvtsi32_si128((int)shift_of(at))), _mm256_set1_epi32(LETTER));
	return _mm256_i32gather_epi32((const int *)(const void *)word->at, code, sizeof(word->at[0]));
}

__attribute__((target("avx2"))) static void slips_of_eight(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes, uint32_t first)
{
	const __m256i ones = _mm256_set1_epi32(-1), one = _mm256_set1_epi32(1);
	const __m128i last = _mm_cvtsi32_si128((int)word->len - 1);
	__m256i half = _mm256_loadu_si256((const __m256i *)(const void *)(lanes->high + first));
	__m256i up = ones, down = _mm256_setzero_si256(), diagonal = down, before = down, count = _mm256_set1_epi32((int)word->len);
	for (uint32_t at = 0; at < lanes->len; at++) {
		if (at == HALF_LETTERS) {
			half = _mm256_loadu_si256((const __m256i *)(const void *)(lanes->low + first));
		}
		__m256i same = places_of_eight(word, half, at);
		__m256i exchanged = _mm256_and_si256(_mm256_slli_epi32(_mm256_andnot_si256(diagonal, same), 1), before);
		diagonal = _mm256_xor_si256(_mm256_add_epi32(_mm256_and_si256(same, up), up), up);
		diagonal = _mm256_or_si256(_mm256_or_si256(diagonal, same), _mm256_or_si256(down, exchanged));
		__m256i more = _mm256_or_si256(down, _mm256_andnot_si256(_mm256_or_si256(diagonal, up), ones)), less = _mm256_and_si256(diagonal, up);
		count = _mm256_add_epi32(count, _mm256_and_si256(_mm256_srl_epi32(more, last), one));
		count = _mm256_sub_epi32(count, _mm256_and_si256(_mm256_srl_epi32(less, last), one));
		more = _mm256_or_si256(_mm256_slli_epi32(more, 1), one);
		up = _mm256_or_si256(_mm256_slli_epi32(less, 1), _mm256_andnot_si256(_mm256_or_si256(diagonal, more), ones));
		down = _mm256_and_si256(more, diagonal);
		before = same;
	}
	_mm256_storeu_si256((__m256i *)(void *)(lanes->slips + first), count);
}

__attribute__((target("avx2"))) static void slips_avx2(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	slips_of_eight(word, lanes, 0);
	slips_of_eight(word, lanes, TW_JARO_LANES / 2);
}

__attribute__((target("avx512f"))) static void slips_avx512(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	const __m512i ones = _mm512_set1_epi32(-1), one = _mm512_set1_epi32(1), letter = _mm512_set1_epi32(LETTER);
	const __m512i early = _mm512_loadu_si512(word->at), late = _mm512_loadu_si512(word->at + TW_JARO_CODES / 2);
	const __m512i last = _mm512_set1_epi32((int)(1U << (word->len - 1)));
	__m512i half = _mm512_loadu_si512(lanes->high);
	__m512i up = ones, down = _mm512_setzero_si512(), diagonal = down, before = down, count = _mm512_set1_epi32((int)word->len);
	for (uint32_t at = 0; at < lanes->len; at++) {
		if (at == HALF_LETTERS) {
			half = _mm512_loadu_si512(lanes->low);
		}
		__m512i code = _mm512_and_si512(_mm512_srl_epi32(half, _mm_cvtsi32_si128((int)shift_of(at))), letter);
		__m512i same = _mm512_permutex2var_epi32(early, code, late);
		__m512i exchanged = _mm512_and_si512(_mm512_slli_epi32(_mm512_andnot_si512(diagonal, same), 1), before);
		diagonal = _mm512_xor_si512(_mm512_add_epi32(_mm512_and_si512(same, up), up), up);
		diagonal = _mm512_or_si512(_mm512_or_si512(diagonal, same), _mm512_or_si512(down, exchanged));
		__m512i more = _mm512_or_si512(down, _mm512_andnot_si512(_mm512_or_si512(diagonal, up), ones)), less = _mm512_and_si512(diagonal, up);
		count = _mm512_mask_add_epi32(count, _mm512_test_epi32_mask(more, last), count, one);
		count = _mm512_mask_sub_epi32(count, _mm512_test_epi32_mask(less, last), count, one);
		more = _mm512_or_si512(_mm512_slli_epi32(more, 1), one);
		up = _mm512_or_si512(_mm512_slli_epi32(less, 1), _mm512_andnot_si512(_mm512_or_si512(diagonal, more), ones));
		down = _mm512_and_si512(more, diagonal);
		before = same;
	}
	_mm512_storeu_si512(lanes->slips, count);
}

/* Eight lanes, from `first` on. */
__attribute__((target("avx2"))) static void match_eight(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes, uint32_t first)
{
	const __m256i zero = _mm256_setzero_si256(), one = _mm256_set1_epi32(1);
	__m256i half = _mm256_loadu_si256((const __m256i *)(const void *)(lanes->high + first));
	__m256i here = zero, matched = zero, halves = zero, place[TW_JARO_LETTERS], met[TW_JARO_LETTERS];
	uint32_t reach = reach_of(word->len, lanes->len);
	for (uint32_t at = 0; at < lanes->len; at++) {
		if (at == HALF_LETTERS) {
			half = _mm256_loadu_si256((const __m256i *)(const void *)(lanes->low + first));
		}
		place[at] = places_of_eight(word, half, at);
		__m256i free = _mm256_andnot_si256(here, _mm256_and_si256(place[at], _mm256_set1_epi32((int)window_of(at, reach))));
		here = _mm256_or_si256(here, _mm256_and_si256(free, _mm256_sub_epi32(zero, free)));
		met[at] = _mm256_xor_si256(_mm256_cmpeq_epi32(free, zero), _mm256_cmpeq_epi32(zero, zero));
		matched = _mm256_sub_epi32(matched, met[at]);
	}
	for (uint32_t at = 0; at < lanes->len; at++) {
		__m256i lowest = _mm256_and_si256(_mm256_and_si256(here, _mm256_sub_epi32(zero, here)), met[at]);
		__m256i other = _mm256_and_si256(_mm256_cmpeq_epi32(_mm256_and_si256(place[at], lowest), zero), met[at]);
		halves = _mm256_add_epi32(halves, _mm256_and_si256(other, one));
		here = _mm256_xor_si256(here, lowest);
	}
	_mm256_storeu_si256((__m256i *)(void *)(lanes->matched + first), matched);
	_mm256_storeu_si256((__m256i *)(void *)(lanes->halves + first), halves);
}

__attribute__((target("avx2"))) static void match_avx2(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	match_eight(word, lanes, 0);
	match_eight(word, lanes, TW_JARO_LANES / 2);
}

__attribute__((target("avx512f"))) static void match_avx512(const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
	const __m512i zero = _mm512_setzero_si512(), letter = _mm512_set1_epi32(LETTER), one = _mm512_set1_epi32(1);
	const __m512i early = _mm512_loadu_si512(word->at), late = _mm512_loadu_si512(word->at + TW_JARO_CODES / 2);
	__m512i half = _mm512_loadu_si512(lanes->high), here = zero, matched = zero, halves = zero, place[TW_JARO_LETTERS];
	__mmask16 met[TW_JARO_LETTERS];
	uint32_t reach = reach_of(word->len, lanes->len);
	for (uint32_t at = 0; at < lanes->len; at++) {
		if (at == HALF_LETTERS) {
			half = _mm512_loadu_si512(lanes->low);
		}
		__m512i code = _mm512_and_si512(_mm512_srl_epi32(half, _mm_cvtsi32_si128((int)shift_of(at))), letter);
		place[at] = _mm512_permutex2var_epi32(early, code, late);
		__m512i free = _mm512_andnot_si512(here, _mm512_and_si512(place[at], _mm512_set1_epi32((int)window_of(at, reach))));
		here = _mm512_or_si512(here, _mm512_and_si512(free, _mm512_sub_epi32(zero, free)));
		met[at] = _mm512_test_epi32_mask(free, free);
		matched = _mm512_mask_add_epi32(matched, met[at], matched, one);
	}
	for (uint32_t at = 0; at < lanes->len; at++) {
		__m512i lowest = _mm512_maskz_and_epi32(met[at], here, _mm512_sub_epi32(zero, here));
		__mmask16 other = _mm512_mask_testn_epi32_mask(met[at], place[at], lowest);
		halves = _mm512_mask_add_epi32(halves, other, halves, one);
		here = _mm512_xor_si512(here, lowest);
	}
	_mm512_storeu_si512(lanes->matched, matched);
	_mm512_storeu_si512(lanes->halves, halves);
}

#endif

void tw_jaro_match(enum tw_name_scan scan, const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		match_avx512(word, lanes);
		return;
	}
	if (scan == TW_SCAN_AVX2) {
		match_avx2(word, lanes);
		return;
	}
#endif
	(void)scan;
	match_scalar(word, lanes);
}

void tw_jaro_slips(enum tw_name_scan scan, const struct tw_jaro_word *word, struct tw_jaro_lanes *lanes)
{
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		slips_avx512(word, lanes);
		return;
	}
	if (scan == TW_SCAN_AVX2) {
		slips_avx2(word, lanes);
		return;
	}
#endif
	(void)scan;
	slips_scalar(word, lanes);
}
