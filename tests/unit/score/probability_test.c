/**
 * @file probability_test.c
 * The committed tables against the formula they were made from.
 */
#include "engine/score/score.h"

#include <criterion/criterion.h>
#include <math.h>

Test(probability, table_is_the_formula_rounded_to_ppm_at_every_point)
{
	for (int32_t points = TW_SCORE_POINTS_MIN; points <= TW_SCORE_POINTS_MAX; points++) {
		long double odds = powl(2.0L, (long double)points / 20.0L - 9.0L);
		long double ppm = 1000000.0L * odds / (1.0L + odds);
		cr_assert(fabsl((long double)tw_probability_ppm(points) - ppm) <= 0.5L + 1e-9L, "at %d: %u against %Lf", points,
		          tw_probability_ppm(points), ppm);
	}
}

Test(probability, twenty_points_double_the_odds)
{
	for (int32_t points = 0; points <= 200; points += 20) {
		long double low = tw_probability_ppm(points), high = tw_probability_ppm(points + 20);
		long double ratio = (high / (1000000.0L - high)) / (low / (1000000.0L - low));
		cr_assert(fabsl(ratio - 2.0L) < 0.001L, "at %d: %Lf", points, ratio);
	}
}

Test(probability, is_one_in_513_without_points_and_even_at_180)
{
	cr_assert_eq(tw_probability_ppm(0), 1949);
	cr_assert_eq(tw_probability_ppm(143), 217155);
	cr_assert_eq(tw_probability_ppm(180), 500000);
}

Test(probability, never_falls_as_points_rise)
{
	for (int32_t points = TW_SCORE_POINTS_MIN; points < TW_SCORE_POINTS_MAX; points++) {
		cr_assert_lt(tw_probability_ppm(points), tw_probability_ppm(points + 1), "at %d", points);
	}
}

Test(probability, is_clamped_to_the_ends_of_the_table)
{
	cr_assert_eq(tw_probability_ppm(INT32_MIN), tw_probability_ppm(TW_SCORE_POINTS_MIN));
	cr_assert_eq(tw_probability_ppm(INT32_MAX), tw_probability_ppm(TW_SCORE_POINTS_MAX));
}

Test(severity, weighs_each_step_more_than_the_last_and_clamps_what_is_outside)
{
	for (uint32_t severity = 1; severity < 5; severity++) {
		cr_assert_lt(tw_severity_weight(severity), tw_severity_weight(severity + 1));
	}
	cr_assert_eq(tw_severity_weight(0), tw_severity_weight(1));
	cr_assert_eq(tw_severity_weight(99), tw_severity_weight(5));
}
