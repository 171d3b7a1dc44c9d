/**
 * @file name_bits_avx2.h
 * Bits a lane, with AVX2, which has no instruction for it. Private to name_scan.c and name_sieve.c; the caller is compiled for AVX2.
 * Source: Mula, Kurz, Lemire, Faster population counts using AVX2 instructions, The Computer Journal 61 (2018).
 */
#ifndef TIDEWAITER_FEEDS_NAME_BITS_AVX2_H
#define TIDEWAITER_FEEDS_NAME_BITS_AVX2_H

#if defined(__x86_64__)

#include <immintrin.h>

/** Of each byte, by a table of half bytes. */
__attribute__((target("avx2"))) static inline __m256i tw_name_bits_of_bytes(__m256i value)
{
	const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
	const __m256i half = _mm256_set1_epi8(15);
	__m256i low = _mm256_shuffle_epi8(table, _mm256_and_si256(value, half));
	__m256i high = _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi32(value, 4), half));
	return _mm256_add_epi8(low, high);
}

/** Of each 32 bits. */
__attribute__((target("avx2"))) static inline __m256i tw_name_bits32_avx2(__m256i value)
{
	__m256i pairs = _mm256_maddubs_epi16(tw_name_bits_of_bytes(value), _mm256_set1_epi8(1));
	return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}

/** Of each 64 bits. */
__attribute__((target("avx2"))) static inline __m256i tw_name_bits64_avx2(__m256i value)
{
	return _mm256_sad_epu8(tw_name_bits_of_bytes(value), _mm256_setzero_si256());
}

#endif
#endif
