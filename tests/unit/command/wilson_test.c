/**
 * @file wilson_test.c
 * Source of the values: R. G. Newcombe, Statistics in Medicine 17 (1998), 857-872, table I, method 3 (Wilson's score interval), 95%, four decimals.
 */
#include "engine/command/wilson.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static void agrees(uint64_t hits, uint64_t of, int low_e4, int high_e4)
{
	struct tw_wilson got = tw_wilson_of(hits, of);
	cr_assert_leq(abs((int)got.low_ppm - low_e4 * 100), 50, "%u", got.low_ppm);
	cr_assert_leq(abs((int)got.high_ppm - high_e4 * 100), 50, "%u", got.high_ppm);
}

Test(wilson, gives_the_published_intervals)
{
	agrees(81, 263, 2553, 3662);
	agrees(15, 148, 624, 1605);
	agrees(0, 20, 0, 1611);
	agrees(1, 29, 61, 1718);
}

Test(wilson, mirrors_hits_and_misses)
{
	for (uint64_t hits = 0; hits <= 40; hits++) {
		struct tw_wilson one = tw_wilson_of(hits, 40), other = tw_wilson_of(40 - hits, 40);
		cr_assert_leq(abs((int)one.low_ppm - (1000000 - (int)other.high_ppm)), 1);
		cr_assert(one.low_ppm <= one.share_ppm && one.share_ppm <= one.high_ppm && one.high_ppm <= 1000000);
	}
}

Test(wilson, knows_nothing_of_none)
{
	struct tw_wilson none = tw_wilson_of(0, 0);
	cr_assert(none.low_ppm == 0 && none.high_ppm == 1000000 && none.share_ppm == 0);
}
