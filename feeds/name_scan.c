/**
 * @file name_scan.c
 * Four ways of one test of eight sets, and of the loops around it; see name_scan.h.
 */
#include "feeds/name_scan.h"

#include "feeds/name_bits_avx2.h"

#if defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#endif

struct scan {
	const uint32_t *masks;
	uint32_t from, to;
	uint32_t wanted, lost_here, lost_there;
};

static uint32_t scan_scalar(const struct scan *scan, uint32_t *out)
{
	uint32_t count = 0;
	for (uint32_t i = scan->from; i < scan->to; i++) {
		uint32_t mask = scan->masks[i];
		out[count] = i;
		count += (uint32_t)__builtin_popcount(scan->wanted & ~mask) <= scan->lost_here &&
		         (uint32_t)__builtin_popcount(mask & ~scan->wanted) <= scan->lost_there;
	}
	return count;
}

/* Bits of `found` are places from `at`; those at or behind `to` are padding. */
static inline uint32_t take(uint32_t found, uint32_t at, uint32_t to, uint32_t *out, uint32_t count)
{
	while (found) {
		uint32_t place = at + (uint32_t)__builtin_ctz(found);
		found &= found - 1;
		if (place < to) {
			out[count++] = place;
		}
	}
	return count;
}

/* Which of eight nodes or sets may hold one that is found: a bit each. */
typedef uint32_t (*test_fn)(const struct scan *scan, const uint32_t *any, const uint32_t *all);

#define WALKED (TW_TREE_GROUP * TW_TREE_FAN) /* eights of sets below eight nodes of `top` */

/* Each way has this in line, with its own test. A level is asked whole before the next, so that what is asked next comes from memory side by side. */
__attribute__((always_inline)) static inline uint32_t walk(const struct tw_name_branch *branch, const struct scan *scan, test_fn test, uint32_t *out)
{
	uint32_t count = 0, group[TW_TREE_GROUP], leaf[WALKED];
	for (uint32_t from = 0; from < branch->count; from += TW_TREE_TOP * TW_TREE_FAN) {
		uint32_t groups = 0, leaves = 0;
		for (uint32_t top = from; top < branch->count && top < from + TW_TREE_TOP * TW_TREE_FAN; top += TW_TREE_TOP) {
			const struct tw_tree_node *node = &branch->top[top / TW_TREE_TOP];
			for (uint32_t found = test(scan, node->any, node->all); found; found &= found - 1) {
				group[groups] = top + (uint32_t)__builtin_ctz(found) * TW_TREE_GROUP;
				__builtin_prefetch(&branch->leaf[group[groups] / TW_TREE_GROUP]);
				groups += group[groups] < branch->count;
			}
		}
		for (uint32_t i = 0; i < groups; i++) {
			const struct tw_tree_node *parent = &branch->leaf[group[i] / TW_TREE_GROUP];
			for (uint32_t found = test(scan, parent->any, parent->all); found; found &= found - 1) {
				leaf[leaves] = group[i] + (uint32_t)__builtin_ctz(found) * TW_TREE_FAN;
				__builtin_prefetch(&branch->mask[leaf[leaves++]]);
			}
		}
		for (uint32_t i = 0; i < leaves; i++) {
			count = take(test(scan, branch->mask + leaf[i], branch->mask + leaf[i]), leaf[i], branch->count, out, count);
		}
	}
	return count;
}

static uint32_t test_scalar(const struct scan *scan, const uint32_t *any, const uint32_t *all)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < TW_TREE_FAN; i++) {
		bool fits = tw_name_bits(scan->wanted & ~any[i]) <= scan->lost_here && tw_name_bits(all[i] & ~scan->wanted) <= scan->lost_there;
		found |= (uint32_t)fits << i;
	}
	return found;
}

static uint32_t walk_scalar(const struct tw_name_branch *branch, const struct scan *scan, uint32_t *out)
{
	return walk(branch, scan, test_scalar, out);
}

#if defined(__x86_64__)

__attribute__((target("avx2"))) static uint32_t scan_avx2(const struct scan *scan, uint32_t *out)
{
	const __m256i wanted = _mm256_set1_epi32((int)scan->wanted);
	const __m256i here = _mm256_set1_epi32((int)scan->lost_here), there = _mm256_set1_epi32((int)scan->lost_there);
	uint32_t count = 0;
	for (uint32_t i = scan->from; i < scan->to; i += 8) {
		__m256i mask = _mm256_loadu_si256((const __m256i *)(const void *)(scan->masks + i));
		__m256i refused = _mm256_or_si256(_mm256_cmpgt_epi32(tw_name_bits32_avx2(_mm256_andnot_si256(mask, wanted)), here),
		                                  _mm256_cmpgt_epi32(tw_name_bits32_avx2(_mm256_andnot_si256(wanted, mask)), there));
		count = take((uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(refused)) ^ 0xFFU, i, scan->to, out, count);
	}
	return count;
}

__attribute__((target("avx2"))) static inline uint32_t test_avx2(const struct scan *scan, const uint32_t *any, const uint32_t *all)
{
	const __m256i wanted = _mm256_set1_epi32((int)scan->wanted);
	const __m256i here = _mm256_set1_epi32((int)scan->lost_here), there = _mm256_set1_epi32((int)scan->lost_there);
	__m256i lost = tw_name_bits32_avx2(_mm256_andnot_si256(_mm256_loadu_si256((const __m256i *)(const void *)any), wanted));
	__m256i found = tw_name_bits32_avx2(_mm256_andnot_si256(wanted, _mm256_loadu_si256((const __m256i *)(const void *)all)));
	__m256i refused = _mm256_or_si256(_mm256_cmpgt_epi32(lost, here), _mm256_cmpgt_epi32(found, there));
	return (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(refused)) ^ 0xFFU;
}

__attribute__((target("avx2"))) static uint32_t walk_avx2(const struct tw_name_branch *branch, const struct scan *scan, uint32_t *out)
{
	return walk(branch, scan, test_avx2, out);
}

__attribute__((target("avx512f,avx512vpopcntdq"))) static uint32_t scan_avx512(const struct scan *scan, uint32_t *out)
{
	const __m512i wanted = _mm512_set1_epi32((int)scan->wanted);
	const __m512i here = _mm512_set1_epi32((int)scan->lost_here), there = _mm512_set1_epi32((int)scan->lost_there);
	uint32_t count = 0;
	for (uint32_t i = scan->from; i < scan->to; i += 16) {
		__m512i mask = _mm512_loadu_si512(scan->masks + i);
		__mmask16 found = _mm512_cmple_epi32_mask(_mm512_popcnt_epi32(_mm512_andnot_si512(mask, wanted)), here);
		found = _mm512_mask_cmple_epi32_mask(found, _mm512_popcnt_epi32(_mm512_andnot_si512(wanted, mask)), there);
		if (__builtin_expect(found != 0, 0)) {
			count = take(found, i, scan->to, out, count);
		}
	}
	return count;
}

/* Both popcounts of eight nodes in one register. */
__attribute__((target("avx512f,avx512vpopcntdq"))) static inline uint32_t test_avx512(const struct scan *scan, const uint32_t *any,
                                                                                      const uint32_t *all)
{
	const __m256i wanted = _mm256_set1_epi32((int)scan->wanted);
	__m256i here = _mm256_andnot_si256(_mm256_loadu_si256((const __m256i *)(const void *)any), wanted);
	__m256i there = _mm256_andnot_si256(wanted, _mm256_loadu_si256((const __m256i *)(const void *)all));
	__m512i lost = _mm512_popcnt_epi32(_mm512_inserti64x4(_mm512_castsi256_si512(here), there, 1));
	__m512i most = _mm512_mask_set1_epi32(_mm512_set1_epi32((int)scan->lost_here), 0xFF00, (int)scan->lost_there);
	uint32_t fits = _mm512_cmple_epi32_mask(lost, most);
	return fits & fits >> 8;
}

/* Sixty-fours are refused, or else asked by sixteens: of these there are so few that refusing eights first costs more. Source: measured by
 * bench_names. */
__attribute__((target("avx512f,avx512vpopcntdq"))) static uint32_t walk_avx512(const struct tw_name_branch *branch, const struct scan *scan,
                                                                               uint32_t *out)
{
	struct scan group = *scan;
	uint32_t count = 0;
	group.masks = branch->mask;
	for (uint32_t from = 0; from < branch->count; from += TW_TREE_TOP) {
		const struct tw_tree_node *top = &branch->top[from / TW_TREE_TOP];
		for (uint32_t fits = test_avx512(scan, top->any, top->all); fits; fits &= fits - 1) {
			group.from = from + (uint32_t)__builtin_ctz(fits) * TW_TREE_GROUP;
			group.to = group.from + TW_TREE_GROUP < branch->count ? group.from + TW_TREE_GROUP : branch->count;
			count += scan_avx512(&group, out + count);
		}
	}
	return count;
}

#elif defined(__aarch64__) && defined(__ARM_NEON)

static inline uint32x4_t popcount_neon(uint32x4_t value)
{
	return vpaddlq_u16(vpaddlq_u8(vcntq_u8(vreinterpretq_u8_u32(value))));
}

static uint32_t scan_neon(const struct scan *scan, uint32_t *out)
{
	static const uint32_t bits[4] = {1, 2, 4, 8};
	const uint32x4_t wanted = vdupq_n_u32(scan->wanted), bit = vld1q_u32(bits);
	const uint32x4_t here = vdupq_n_u32(scan->lost_here), there = vdupq_n_u32(scan->lost_there);
	uint32_t count = 0;
	for (uint32_t i = scan->from; i < scan->to; i += 4) {
		uint32x4_t mask = vld1q_u32(scan->masks + i);
		uint32x4_t found =
		    vandq_u32(vcleq_u32(popcount_neon(vbicq_u32(wanted, mask)), here), vcleq_u32(popcount_neon(vbicq_u32(mask, wanted)), there));
		count = take(vaddvq_u32(vandq_u32(found, bit)), i, scan->to, out, count);
	}
	return count;
}

/* Bits of four nodes that fit. */
static inline uint32_t test_half(const struct scan *scan, const uint32_t *any, const uint32_t *all)
{
	static const uint32_t bits[4] = {1, 2, 4, 8};
	const uint32x4_t wanted = vdupq_n_u32(scan->wanted);
	uint32x4_t lost = popcount_neon(vbicq_u32(wanted, vld1q_u32(any))), more = popcount_neon(vbicq_u32(vld1q_u32(all), wanted));
	uint32x4_t fits = vandq_u32(vcleq_u32(lost, vdupq_n_u32(scan->lost_here)), vcleq_u32(more, vdupq_n_u32(scan->lost_there)));
	return vaddvq_u32(vandq_u32(fits, vld1q_u32(bits)));
}

static inline uint32_t test_neon(const struct scan *scan, const uint32_t *any, const uint32_t *all)
{
	return test_half(scan, any, all) | test_half(scan, any + 4, all + 4) << 4;
}

static uint32_t walk_neon(const struct tw_name_branch *branch, const struct scan *scan, uint32_t *out)
{
	return walk(branch, scan, test_neon, out);
}

#endif

bool tw_name_scan_has(enum tw_name_scan scan)
{
	switch (scan) {
	case TW_SCAN_SCALAR:
		return true;
	case TW_SCAN_AVX2:
#if defined(__x86_64__)
		return __builtin_cpu_supports("avx2");
#else
		return false;
#endif
	case TW_SCAN_AVX512:
#if defined(__x86_64__)
		return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vpopcntdq");
#else
		return false;
#endif
	case TW_SCAN_NEON:
#if defined(__aarch64__) && defined(__ARM_NEON)
		return true;
#else
		return false;
#endif
	}
	return false;
}

enum tw_name_scan tw_name_scan_best(void)
{
	static const enum tw_name_scan order[] = {TW_SCAN_AVX512, TW_SCAN_NEON, TW_SCAN_AVX2};
	for (uint32_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (tw_name_scan_has(order[i])) {
			return order[i];
		}
	}
	return TW_SCAN_SCALAR;
}

uint32_t tw_name_scan(enum tw_name_scan scan, const uint32_t *masks, uint32_t from, uint32_t to, uint32_t wanted, uint32_t lost_here,
                      uint32_t lost_there, uint32_t *out)
{
	const struct scan asked = {masks, from, to, wanted, lost_here, lost_there};
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		return scan_avx512(&asked, out);
	}
	if (scan == TW_SCAN_AVX2) {
		return scan_avx2(&asked, out);
	}
#elif defined(__aarch64__) && defined(__ARM_NEON)
	if (scan == TW_SCAN_NEON) {
		return scan_neon(&asked, out);
	}
#endif
	(void)scan;
	return scan_scalar(&asked, out);
}

uint32_t tw_name_scan_branch(enum tw_name_scan scan, const struct tw_name_branch *branch, uint32_t wanted, uint32_t lost_here, uint32_t lost_there,
                             uint32_t *out)
{
	const struct scan asked = {.wanted = wanted, .lost_here = lost_here, .lost_there = lost_there};
#if defined(__x86_64__)
	if (scan == TW_SCAN_AVX512) {
		return walk_avx512(branch, &asked, out);
	}
	if (scan == TW_SCAN_AVX2) {
		return walk_avx2(branch, &asked, out);
	}
#elif defined(__aarch64__) && defined(__ARM_NEON)
	if (scan == TW_SCAN_NEON) {
		return walk_neon(branch, &asked, out);
	}
#endif
	(void)scan;
	return walk_scalar(branch, &asked, out);
}
