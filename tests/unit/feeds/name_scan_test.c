/** @file name_scan_test.c  Every way of scanning gives the scalar answer, at every edge of a register. */
#include "feeds/name_scan.h"

#include <criterion/criterion.h>
#include <string.h>

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
