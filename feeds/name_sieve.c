/**
 * @file name_sieve.c
 * One test of a register of postings, three ways; see name_sieve.h.
 */
#include "feeds/name_sieve.h"

#include "feeds/name_bits_avx2.h"
#include "feeds/name_index.h"

static int64_t cost_of_weight(const struct tw_name_sieve *sieve, uint64_t posting)
{
	uint32_t weight = tw_name_posting_weight(posting);
	return weight > sieve->weight ? (int64_t)(weight - sieve->weight) * sieve->each : 0;
}

static uint32_t sieve_scalar(const struct tw_name_sieve *sieve, const uint64_t *posting, const int32_t *gain, uint32_t count, uint32_t *out)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t cost = cost_of_weight(sieve, posting[i]);
		for (uint32_t w = 0; w < sieve->count; w++) {
			const struct tw_name_sieve_word *word = &sieve->word[w];
			uint32_t lacking = tw_name_bits(word->wanted & ~posting[i]);
			cost += word->cost[lacking < TW_SIEVE_LACKING ? lacking : TW_SIEVE_LACKING - 1];
		}
		out[kept] = i;
		kept += cost <= sieve->most + (gain ? gain[i] : 0);
	}
	return kept;
}

static uint32_t masks_scalar(const uint32_t *masks, uint32_t wanted, const int32_t *spare)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < TW_SIEVE_LANES; i++) {
		uint32_t lacking = tw_name_bits(wanted & ~masks[i]);
		bool meets = lacking < TW_SIEVE_SPARE && (int32_t)tw_name_bits(masks[i] & ~wanted) <= spare[lacking];
		found |= (uint32_t)meets << i;
	}
	return found;
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static uint32_t sieve_avx2(const struct tw_name_sieve *sieve, const uint64_t *posting, const int32_t *gain,
                                                           uint32_t count, uint32_t *out)
{
	const __m256i all = _mm256_set1_epi64x(sieve->most), free = _mm256_set1_epi64x(sieve->weight), each = _mm256_set1_epi64x(sieve->each);
	const __m256i unit = _mm256_set1_epi64x(TW_POSTING_WEIGHT);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i += 4) {
		__m256i more = gain ? _mm256_cvtepi32_epi64(_mm_loadu_si128((const __m128i *)(const void *)(gain + i))) : _mm256_setzero_si256();
		__m256i most = _mm256_add_epi64(all, more), held = _mm256_loadu_si256((const __m256i *)(const void *)(posting + i));
		__m256i weight = _mm256_mul_epu32(_mm256_srli_epi64(held, TW_POSTING_WEIGHT_AT), unit);
		__m256i cost = _mm256_mul_epu32(_mm256_sub_epi32(_mm256_max_epu32(weight, free), free), each);
		for (uint32_t w = 0; w < sieve->count; w++) {
			const struct tw_name_sieve_word *word = &sieve->word[w];
			__m256i lacking = tw_name_bits64_avx2(_mm256_andnot_si256(held, _mm256_set1_epi64x((int64_t)word->wanted)));
			lacking = _mm256_min_epu32(lacking, _mm256_set1_epi64x(TW_SIEVE_LACKING - 1));
			cost = _mm256_add_epi64(cost, _mm256_i64gather_epi64((const long long *)(const void *)word->cost, lacking, sizeof(int64_t)));
		}
		uint32_t fits = (uint32_t)_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpgt_epi64(cost, most))) ^ 0xFU;
		for (fits &= count - i < 4 ? (1U << (count - i)) - 1 : 0xFU; fits; fits &= fits - 1) {
			out[kept++] = i + (uint32_t)__builtin_ctz(fits);
		}
	}
	return kept;
}

__attribute__((target("avx512f,avx512vpopcntdq"))) static uint32_t sieve_avx512(const struct tw_name_sieve *sieve, const uint64_t *posting,
                                                                                const int32_t *gain, uint32_t count, uint32_t *out)
{
	const __m512i all = _mm512_set1_epi64(sieve->most), free = _mm512_set1_epi64(sieve->weight), each = _mm512_set1_epi64(sieve->each);
	const __m512i unit = _mm512_set1_epi64(TW_POSTING_WEIGHT);
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i += 8) {
		__m512i more = gain ? _mm512_cvtepi32_epi64(_mm256_loadu_si256((const __m256i *)(const void *)(gain + i))) : _mm512_setzero_si512();
		__m512i most = _mm512_add_epi64(all, more), held = _mm512_loadu_si512(posting + i);
		__m512i weight = _mm512_mul_epu32(_mm512_srli_epi64(held, TW_POSTING_WEIGHT_AT), unit);
		__m512i cost = _mm512_mul_epu32(_mm512_sub_epi64(_mm512_max_epu64(weight, free), free), each);
		for (uint32_t w = 0; w < sieve->count; w++) {
			const struct tw_name_sieve_word *word = &sieve->word[w];
			__m512i lacking = _mm512_popcnt_epi64(_mm512_andnot_si512(held, _mm512_set1_epi64((int64_t)word->wanted)));
			lacking = _mm512_min_epu64(lacking, _mm512_set1_epi64(TW_SIEVE_LACKING - 1));
			cost = _mm512_add_epi64(cost, _mm512_permutexvar_epi64(lacking, _mm512_loadu_si512(word->cost)));
		}
		uint32_t fits = _mm512_cmple_epi64_mask(cost, most);
		for (fits &= count - i < 8 ? (1U << (count - i)) - 1 : 0xFFU; fits; fits &= fits - 1) {
			out[kept++] = i + (uint32_t)__builtin_ctz(fits);
		}
	}
	return kept;
}

__attribute__((target("avx2"))) static uint32_t masks_avx2(const uint32_t *masks, uint32_t wanted, const int32_t *spare)
{
	__m256i held = _mm256_loadu_si256((const __m256i *)(const void *)masks), want = _mm256_set1_epi32((int)wanted);
	__m256i lacking = tw_name_bits32_avx2(_mm256_andnot_si256(held, want)), more = tw_name_bits32_avx2(_mm256_andnot_si256(want, held));
	__m256i few = _mm256_cmpgt_epi32(_mm256_set1_epi32(TW_SIEVE_SPARE), lacking);
	__m256i may = _mm256_mask_i32gather_epi32(_mm256_set1_epi32(-1), spare, lacking, few, sizeof(int32_t));
	return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(more, may))) ^ 0xFFU;
}

/* Both differences of eight masks in one register. */
__attribute__((target("avx512f,avx512vpopcntdq"))) static uint32_t masks_avx512(const uint32_t *masks, uint32_t wanted, const int32_t *spare)
{
	__m256i held = _mm256_loadu_si256((const __m256i *)(const void *)masks), want = _mm256_set1_epi32((int)wanted);
	__m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_andnot_si256(held, want)), _mm256_andnot_si256(want, held), 1);
	__m512i bits = _mm512_popcnt_epi32(both), more = _mm512_shuffle_i64x2(bits, bits, 0xEE);
	__mmask16 few = _mm512_cmplt_epi32_mask(bits, _mm512_set1_epi32(TW_SIEVE_SPARE));
	return _mm512_mask_cmple_epi32_mask(few, more, _mm512_permutexvar_epi32(bits, _mm512_loadu_si512(spare))) & 0xFFU;
}

#endif

uint32_t tw_name_sieve_masks(enum tw_name_scan scan, const uint32_t *masks, uint32_t wanted, const int32_t *spare)
{
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		return masks_avx512(masks, wanted, spare);
	}
	if (scan == TW_SCAN_AVX2) {
		return masks_avx2(masks, wanted, spare);
	}
#endif
	(void)scan;
	return masks_scalar(masks, wanted, spare);
}

uint32_t tw_name_sieve(enum tw_name_scan scan, const struct tw_name_sieve *sieve, const uint64_t *posting, const int32_t *gain, uint32_t count,
                       uint32_t *out)
{
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		return sieve_avx512(sieve, posting, gain, count, out);
	}
	if (scan == TW_SCAN_AVX2) {
		return sieve_avx2(sieve, posting, gain, count, out);
	}
#endif
	(void)scan;
	return sieve_scalar(sieve, posting, gain, count, out);
}
