/**
 * @file prefilter_scan.c
 * The first step of a pass: which words of a text, and which windows over it, are in the table at all? A bit each, and no branch to guess.
 *
 * Words: three bits a key (Bloom, "Space/time trade-offs in hash coding with allowable errors", 1970) in one word of bits for the three keys that
 * have a word's head, so that a word costs one look into memory. Windows: where the processor can look up 64 bytes at once, first the bytes of the
 * grams in groups, each at its place, alone and with the next (the idea of Teddy, Langdale, in Wang and others, "Hyperscan: A Fast Multi-pattern
 * Regex Matcher for Modern CPUs", NSDI 2019). What else a pattern needs is asked of two small sets first. The ways are equal to the bit.
 */
#include "rules/prefilter_table.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define BYTES  64U /* at once */
#define WORDS  8U
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512bitalg,bmi,bmi2,popcnt")))
#endif

/* Are all of some bits there? */
/* One or zero: of three none is worth a branch. */
static uint64_t has(uint64_t of, uint64_t bits)
{
	return (of & bits) == bits ? 1 : 0;
}

static uint64_t words_scalar(const struct tw_prefilter *prefilter, const uint64_t *word, uint32_t count)
{
	uint64_t some = 0;
	for (uint32_t i = 0; i < count; i++) {
		uint64_t lower = tw_prefilter_lower(word[i]), of = prefilter->words[tw_prefilter_hash(lower, prefilter->word_bits)];
		uint64_t pair = lower ^ tw_prefilter_upper(tw_key_pair(word[i], word[i + 1])),
		         of_pair = prefilter->words[tw_prefilter_hash(pair, prefilter->word_bits)];
		uint64_t one = has(of, tw_prefilter_bits(lower)) | has(of, tw_prefilter_bits_whole(lower ^ tw_prefilter_upper(word[i]))) |
		               has(of_pair, tw_prefilter_bits(pair));
		some |= one << i;
	}
	return some;
}

static bool has_gram(const struct tw_prefilter *prefilter, uint64_t key)
{
	uint64_t hash = tw_key_mix(key) >> (64 - prefilter->gram_bits);
	return prefilter->grams[hash / 64] >> hash % 64 & 1;
}

static uint64_t grams_scalar(const struct tw_prefilter *prefilter, const char *text, uint64_t kind, uint32_t count)
{
	uint64_t some = 0;
	for (uint32_t i = 0; i < count; i++) {
		some |= (uint64_t)has_gram(prefilter, tw_prefilter_window(text + i, kind)) << i;
	}
	return some;
}

static uint64_t begins_scalar(const struct tw_text_words *words)
{
	uint64_t begins = 0;
	for (uint32_t i = 0; i < words->count; i++) {
		begins |= 1ULL << tw_prefilter_begin(words->word[i]);
	}
	return begins;
}

static uint64_t letters_scalar(const struct tw_text_words *words)
{
	uint64_t letters = 1; /* a blank is before and behind every text */
	for (uint32_t i = 0; i < words->bytes; i++) {
		letters |= 1ULL << tw_prefilter_letter((unsigned char)words->plain[i]);
	}
	return letters;
}

#if defined(__x86_64__)

AVX512 static uint64_t begins_avx512(const struct tw_text_words *words)
{
	const __m512i ones = _mm512_set1_epi64(1);
	__m512i begins = _mm512_setzero_si512();
	for (uint32_t i = 0; i < words->count; i += WORDS) {
		__mmask8 of_text = words->count - i < WORDS ? (__mmask8)((1U << (words->count - i)) - 1) : UINT8_MAX;
		__m512i begin = _mm512_and_si512(_mm512_loadu_si512(words->word + i), _mm512_set1_epi64(0x7F7F));
		__m512i at = _mm512_srli_epi32(_mm512_mullo_epi32(begin, _mm512_set1_epi64(0x9E3779B1)), 26);
		begins = _mm512_mask_or_epi64(begins, of_text, begins, _mm512_sllv_epi64(ones, at));
	}
	return (uint64_t)_mm512_reduce_or_epi64(begins);
}

/* Behind the text blanks are read, which it has anyway. */
AVX512 static uint64_t letters_avx512(const struct tw_text_words *words)
{
	const __m512i ones = _mm512_set1_epi64(1);
	__m512i letters = ones;
	for (uint32_t i = 0; i < words->bytes; i += WORDS) {
		__m512i byte = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(words->plain + i)));
		__m512i high = _mm512_srli_epi64(_mm512_and_si512(byte, _mm512_set1_epi64(64)), 1);
		__m512i at = _mm512_or_si512(_mm512_and_si512(byte, _mm512_set1_epi64(31)), high);
		letters = _mm512_or_si512(letters, _mm512_sllv_epi64(ones, at));
	}
	return (uint64_t)_mm512_reduce_or_epi64(letters);
}

/* Of eight words the bits of each of their three keys, in the word of bits that each head leads to. @param next the words behind each
 * @param of_text those that there are: the others are not looked up */
AVX512 static inline uint64_t eight_words(const struct tw_prefilter *prefilter, __mmask8 of_text, __m512i word, __m512i next)
{
	const __m512i upper = _mm512_set1_epi64(TW_PREFILTER_UPPER), of_head = _mm512_set1_epi64(0xFFFFFF);
	const __m128i shift = _mm_cvtsi32_si128(32 - (int)prefilter->word_bits);
	__m512i head = _mm512_mul_epu32(word, _mm512_set1_epi64(TW_PREFILTER_LOWER));
	__m512i at = _mm512_maskz_srl_epi32(0x5555, head, shift);
	__m512i of = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), of_text, at, prefilter->words, 8);
	__m512i both = _mm512_xor_si512(word, _mm512_slli_epi64(next, 48));
	__m512i whole = _mm512_xor_si512(head, _mm512_mul_epu32(_mm512_srli_epi64(word, 32), upper));
	__m512i pair = _mm512_xor_si512(head, _mm512_mul_epu32(_mm512_srli_epi64(both, 32), upper));
	at = _mm512_maskz_srl_epi32(0x5555, pair, shift);
	__m512i of_pair = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), of_text, at, prefilter->words, 8);
	/* the bytes that say which bits beside each other: three of the head, three of the whole word */
	__m512i places = _mm512_ternarylogic_epi64(of_head, _mm512_srli_epi64(head, 32), whole, 0xCA);
	uint64_t found = _cvtmask64_u64(_mm512_bitshuffle_epi64_mask(of, places)), all = 0x0909090909090909U;
	uint64_t pairs = _cvtmask64_u64(_mm512_bitshuffle_epi64_mask(of_pair, _mm512_srli_epi64(pair, 32)));
	return (found & found >> 1 & found >> 2 & all) | (pairs & pairs >> 1 & pairs >> 2 & all);
}

/* Which bytes of eight have a bit of those that eight_words gives. */
AVX512 static inline uint64_t bytes_with(uint64_t bits)
{
	return _pext_u64(bits | bits >> 3, 0x0101010101010101U);
}

AVX512 static uint64_t words_avx512(const struct tw_prefilter *prefilter, const uint64_t *word, uint32_t count)
{
	uint64_t some = 0;
	__m512i here = _mm512_loadu_si512(word);
	for (uint32_t i = 0; i < count; i += WORDS) {
		__m512i behind = _mm512_loadu_si512(word + i + WORDS);
		__mmask8 of_text = (__mmask8)_bzhi_u32(UINT8_MAX, count - i);
		some |= bytes_with(eight_words(prefilter, of_text, here, _mm512_alignr_epi64(behind, here, 1))) << i;
		here = behind;
	}
	return some;
}

/* Which groups have each of 64 bytes at this place of a gram. */
AVX512 static inline __m512i groups_of(const uint8_t *letters, const char *text)
{
	__m512i low = _mm512_loadu_si512(letters), high = _mm512_loadu_si512(letters + BYTES);
	return _mm512_permutex2var_epi8(low, _mm512_loadu_si512(text), high);
}

/* Which groups have each of 64 bytes with the one behind it. */
AVX512 static inline __m512i groups_of_two(const uint8_t *two, const char *text)
{
	__m512i first = _mm512_loadu_si512(text), place = _mm512_add_epi8(_mm512_add_epi8(first, first), first);
	return _mm512_permutexvar_epi8(_mm512_add_epi8(place, _mm512_loadu_si512(text + 1)), _mm512_loadu_si512(two));
}

/* The windows that begin at 64 bytes: which of them some group has. */
AVX512 static inline uint64_t windows(const struct tw_prefilter_letters *letters, const char *text, uint64_t kind)
{
	__m512i groups = _mm512_and_si512(groups_of(letters->group[0], text), groups_of_two(letters->two[0], text));
	groups = _mm512_and_si512(groups, groups_of(letters->group[1], text + 1));
	if (kind == TW_KEY_GRAM) {
		groups = _mm512_and_si512(groups, groups_of(letters->group[2], text + 2));
		groups = _mm512_and_si512(groups, groups_of(letters->group[3], text + 3));
		groups = _mm512_and_si512(groups, groups_of_two(letters->two[1], text + 1));
		groups = _mm512_and_si512(groups, groups_of_two(letters->two[2], text + 2));
	}
	return _cvtmask64_u64(_mm512_test_epi8_mask(groups, groups));
}

AVX512 static uint64_t grams_avx512(const struct tw_prefilter *prefilter, const char *text, uint64_t kind, uint32_t count)
{
	const struct tw_prefilter_letters *letters = kind == TW_KEY_GRAM ? &prefilter->of_grams : &prefilter->of_shorts;
	uint64_t like = windows(letters, text, kind) & (count < BYTES ? (1ULL << count) - 1 : UINT64_MAX), some = 0;
	for (; like; like &= like - 1) {
		uint32_t at = (uint32_t)__builtin_ctzll(like);
		some |= (uint64_t)has_gram(prefilter, tw_prefilter_window(text + at, kind)) << at;
	}
	return some;
}

#endif

static uint32_t at_once(uint32_t left)
{
	return left < TW_PREFILTER_AT_ONCE ? left : TW_PREFILTER_AT_ONCE;
}

uint64_t tw_prefilter_scan_words(const struct tw_prefilter *prefilter, const struct tw_text_words *words, uint32_t from, enum tw_text_scan scan)
{
	uint32_t count = at_once(words->count - from);
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX512) {
		return words_avx512(prefilter, words->word + from, count);
	}
#endif
	(void)scan;
	return words_scalar(prefilter, words->word + from, count);
}

uint64_t tw_prefilter_scan_grams(const struct tw_prefilter *prefilter, const struct tw_text_words *words, uint64_t kind, uint32_t from,
                                 enum tw_text_scan scan)
{
	const char *text = words->plain - 1 + from;
	uint32_t count = at_once(words->bytes + 1 - from);
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX512) {
		return grams_avx512(prefilter, text, kind, count);
	}
#endif
	(void)scan;
	return grams_scalar(prefilter, text, kind, count);
}

uint64_t tw_prefilter_scan_begins(const struct tw_text_words *words, enum tw_text_scan scan)
{
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX512) {
		return begins_avx512(words);
	}
#endif
	(void)scan;
	return begins_scalar(words);
}

uint64_t tw_prefilter_scan_letters(const struct tw_text_words *words, enum tw_text_scan scan)
{
#if defined(__x86_64__)
	if (scan == TW_TEXT_AVX512) {
		return letters_avx512(words);
	}
#endif
	(void)scan;
	return letters_scalar(words);
}
