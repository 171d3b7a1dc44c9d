/** @file name_partners_test.c  What terms gain: the most of what was put in, of this query alone, up to a full table. */
#include "feeds/name_partners.h"

#include <criterion/criterion.h>

#define PAIRS_MAX 2048U /* half of the places */

static struct tw_name_partners partners;

static void setup(void)
{
	partners = (struct tw_name_partners){0};
	cr_assert(tw_partners_init(&partners));
}

static void teardown(void)
{
	tw_partners_fini(&partners);
}

TestSuite(name_partners, .init = setup, .fini = teardown);

Test(name_partners, a_term_gains_the_most_that_a_word_of_the_query_gives)
{
	cr_assert(tw_partners_begin(&partners, 4));
	tw_partners_put(&partners, 7, 300);
	tw_partners_put(&partners, 9, 0);
	tw_partners_put(&partners, 7, 500);
	tw_partners_put(&partners, 7, 400);
	cr_expect_eq(tw_partners_gain(&partners, 7), 500);
	cr_expect_eq(tw_partners_gain(&partners, 9), 0, "to meet and to gain nothing is to meet");
	cr_expect_eq(tw_partners_gain(&partners, 8), -1);
}

Test(name_partners, of_one_query_are_none_of_the_next)
{
	for (uint32_t query = 0; query < 3; query++) {
		cr_assert(tw_partners_begin(&partners, 1));
		cr_expect_eq(tw_partners_gain(&partners, query), -1);
		cr_expect_eq(tw_partners_gain(&partners, query - 1), -1);
		tw_partners_put(&partners, query, 10);
	}
	partners.query = UINT32_MAX; /* the last number there is: what stands there is forgotten */
	tw_partners_put(&partners, 5, 10);
	cr_assert(tw_partners_begin(&partners, 1));
	cr_expect_eq(tw_partners_gain(&partners, 5), -1);
	cr_expect_eq(tw_partners_gain(&partners, 1), -1);
}

Test(name_partners, fill_half_of_the_table_and_no_more)
{
	cr_assert_not(tw_partners_begin(&partners, PAIRS_MAX + 1));
	cr_assert(tw_partners_begin(&partners, PAIRS_MAX));
	for (uint32_t i = 0; i < PAIRS_MAX; i++) {
		tw_partners_put(&partners, i * 64, i);
	}
	for (uint32_t i = 0; i < PAIRS_MAX; i++) {
		cr_assert_eq(tw_partners_gain(&partners, i * 64), i);
		cr_assert_eq(tw_partners_gain(&partners, i * 64 + 1), -1);
	}
}
