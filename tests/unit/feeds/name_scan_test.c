/** @file name_scan_test.c  Every way of scanning gives the scalar answer, at every edge of a register. */
#include "feeds/name_tree.h"

#include <criterion/criterion.h>
#include <string.h>

#include "engine/base/arena.h"
#include "feeds/name_index.h"

#define MASKS 300U

Test(name_scan, every_way_gives_the_scalar_answer)
{
	uint32_t masks[MASKS + TW_SCAN_PADDING], expected[MASKS + TW_SCAN_PADDING], got[MASKS + TW_SCAN_PADDING], seed = 5, found = 0;
	for (uint32_t i = 0; i < MASKS + TW_SCAN_PADDING; i++) {
		seed = seed * 1664525U + 1013904223U;
		masks[i] = seed & (seed >> 11 | seed << 21); /* a quarter of the bits, as names have */
	}
	for (uint32_t round = 0; round < 3000; round++) {
		seed = seed * 1664525U + 1013904223U;
		uint32_t from = (seed >> 8) % 40, to = from + (seed >> 16) % (MASKS - 40), wanted = masks[(seed >> 4) % MASKS];
		uint32_t here = (seed >> 12) % 9, there = (seed >> 20) % 9;
		uint32_t count = tw_name_scan(TW_SCAN_SCALAR, masks, from, to, wanted, here, there, expected);
		found += count;
		for (uint32_t scan = 1; scan < TW_NAME_SCANS; scan++) {
			if (tw_name_scan_has((enum tw_name_scan)scan)) {
				cr_assert_eq(tw_name_scan((enum tw_name_scan)scan, masks, from, to, wanted, here, there, got), count);
				cr_assert_eq(memcmp(got, expected, count * sizeof(got[0])), 0);
			}
		}
	}
	cr_expect_gt(found, 3000u);
}

#define SETS 18000U

Test(name_scan, every_way_walks_a_tree_as_it_scans_all_of_its_sets)
{
	static uint32_t masks[SETS + TW_SCAN_PADDING], expected[SETS + TW_SCAN_PADDING], got[SETS + TW_SCAN_PADDING];
	static const struct tw_name_head head[SETS];
	uint32_t seed = 7, found = 0, first[TW_TREE_LENGTHS + 1];
	struct tw_name_tree tree;
	struct tw_arena arena;
	tw_arena_init(&arena, 1 << 16, 0);
	for (uint32_t i = 0; i < SETS; i++) {
		seed = seed * 1664525U + 1013904223U;
		masks[i] = seed & (seed >> 11 | seed << 21);
	}
	for (uint32_t length = 0; length <= TW_TREE_LENGTHS;
	     length++) { /* an empty length, one set, a leaf and one, ..., most of them: more than are asked one behind the other */
		static const uint32_t at[] = {0, 0, 1, 10, 17, 81, 146, 658};
		first[length] = length < sizeof(at) / sizeof(at[0]) ? at[length] : SETS;
	}
	cr_assert(tw_name_tree_build(&tree, masks, head, first, &arena));
	for (uint32_t round = 0; round < 4000; round++) {
		seed = seed * 1664525U + 1013904223U;
		uint32_t length = round % 9, wanted = round % 7 ? masks[(seed >> 4) % SETS] : 0, here = (seed >> 12) % 9, there = (seed >> 20) % 9;
		struct tw_name_branch branch = tw_name_tree_branch(&tree, length);
		uint32_t all = tw_name_scan(TW_SCAN_SCALAR, masks, first[length], first[length + 1], wanted, here, there, expected);
		uint32_t *term = tree.term + (branch.mask - tree.mask);
		found += all;
		for (uint32_t scan = 0; scan < TW_NAME_SCANS; scan++) {
			if (!tw_name_scan_has((enum tw_name_scan)scan)) {
				continue;
			}
			cr_assert_eq(tw_name_scan_branch((enum tw_name_scan)scan, &branch, wanted, here, there, got), all);
			uint32_t sum = 0, expected_sum = 0;
			for (uint32_t i = 0; i < all; i++) {
				cr_assert(i == 0 || got[i - 1] < got[i], "no set comes twice");
				cr_assert_eq(branch.mask[got[i]], masks[term[got[i]]]);
				sum += term[got[i]];
				expected_sum += expected[i];
			}
			cr_assert_eq(sum, expected_sum);
		}
	}
	cr_expect_gt(found, 4000u);
	tw_arena_fini(&arena);
}

Test(name_scan, loses_as_many_letters_as_allowed_and_no_more)
{
	const uint32_t masks[1 + TW_SCAN_PADDING] = {0x0F};
	uint32_t out[1 + TW_SCAN_PADDING];
	cr_expect_eq(tw_name_scan(TW_SCAN_SCALAR, masks, 0, 1, 0x1E, 1, 1, out), 1u);
	cr_expect_eq(tw_name_scan(TW_SCAN_SCALAR, masks, 0, 1, 0x1E, 0, 1, out), 0u);
	cr_expect_eq(tw_name_scan(TW_SCAN_SCALAR, masks, 0, 1, 0x1E, 1, 0, out), 0u);
	cr_expect_eq(tw_name_scan(TW_SCAN_SCALAR, masks, 0, 0, 0x0F, 9, 9, out), 0u);
}

Test(name_scan, the_best_way_is_one_that_is_there)
{
	cr_expect(tw_name_scan_has(tw_name_scan_best()));
	cr_expect(tw_name_scan_has(TW_SCAN_SCALAR));
	cr_expect_not(tw_name_scan_has((enum tw_name_scan)TW_NAME_SCANS));
}
