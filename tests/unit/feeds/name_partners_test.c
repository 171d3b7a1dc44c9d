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

/* What a term gains at most, -1: no word meets it. */
static int64_t gain_of(uint32_t term)
{
	const struct tw_partner *partner = tw_partners_find(&partners, term);
	return partner ? partner->gain : -1;
}

TestSuite(name_partners, .init = setup, .fini = teardown);

Test(name_partners, a_term_gains_the_most_that_a_word_of_the_query_gives)
{
	cr_assert(tw_partners_begin(&partners, 4));
	tw_partners_put(&partners, 7, 0, 900000, 300);
	tw_partners_put(&partners, 9, 0, 900000, 0);
	tw_partners_put(&partners, 7, 0, 900000, 500);
	tw_partners_put(&partners, 7, 0, 900000, 400);
	cr_expect_eq(gain_of(7), 500);
	cr_expect_eq(gain_of(9), 0, "to meet and to gain nothing is to meet");
	cr_expect_eq(gain_of(8), -1);
}

Test(name_partners, each_word_that_meets_a_term_is_told)
{
	cr_assert(tw_partners_begin(&partners, 4));
	tw_partners_put(&partners, 7, 0, 900000, 300);
	tw_partners_put(&partners, 9, 1, 800000, 10);
	tw_partners_put(&partners, 7, 2, 870000, 0);
	const struct tw_partner *seven = tw_partners_find(&partners, 7), *nine = tw_partners_find(&partners, 9);
	cr_assert(seven && nine);
	const struct tw_partner_pair *last = &partners.pair[seven->pair], *first = &partners.pair[last->next];
	cr_expect_eq(last->word, 2);
	cr_expect_eq(last->ppm, 870000);
	cr_expect_eq(first->word, 0);
	cr_expect_eq(first->ppm, 900000);
	cr_expect_eq(first->next, TW_PARTNERS_END);
	cr_expect_eq(partners.pair[nine->pair].word, 1);
	cr_expect_eq(partners.pair[nine->pair].next, TW_PARTNERS_END);
}

Test(name_partners, of_one_query_are_none_of_the_next)
{
	for (uint32_t query = 0; query < 3; query++) {
		cr_assert(tw_partners_begin(&partners, 1));
		cr_expect_eq(gain_of(query), -1);
		cr_expect_eq(gain_of(query - 1), -1);
		tw_partners_put(&partners, query, 0, 900000, 10);
	}
	partners.query = UINT32_MAX; /* the last number there is: what stands there is forgotten */
	tw_partners_put(&partners, 5, 0, 900000, 10);
	cr_assert(tw_partners_begin(&partners, 1));
	cr_expect_eq(gain_of(5), -1);
	cr_expect_eq(gain_of(1), -1);
}

Test(name_partners, fill_half_of_the_table_and_no_more)
{
	cr_assert_not(tw_partners_begin(&partners, PAIRS_MAX + 1));
	cr_assert(tw_partners_begin(&partners, PAIRS_MAX));
	for (uint32_t i = 0; i < PAIRS_MAX; i++) {
		tw_partners_put(&partners, i * 64, 0, 900000, i);
	}
	for (uint32_t i = 0; i < PAIRS_MAX; i++) {
		cr_assert_eq(gain_of(i * 64), i);
		cr_assert_eq(gain_of(i * 64 + 1), -1);
	}
}
