/** @file list_answers_test.c  What names met: kept as it was met, once each, within bounds, and forgotten rather than mixed up. */
#include "feeds/list_answers.h"

#include <criterion/criterion.h>

static struct tw_list_answers *answers;

static void setup(void)
{
	answers = tw_list_answers_new();
	cr_assert_not_null(answers);
}

static void teardown(void)
{
	tw_list_answers_free(answers);
}

TestSuite(list_answers, .init = setup, .fini = teardown);

static struct tw_hash128 query(uint64_t number)
{
	return (struct tw_hash128){.low = number, .high = ~number};
}

static struct tw_list_met met_of(uint32_t from, uint32_t count)
{
	struct tw_list_met met;
	tw_list_met_clear(&met);
	for (uint32_t i = 0; i < count; i++) {
		tw_list_met_add(&met, (struct tw_list_answer){from + i, {900000, 7, 9}, 1, -5, -3});
	}
	return met;
}

Test(list_answers, are_found_in_the_order_in_which_they_were_met)
{
	struct tw_list_met met = met_of(40, 3);
	uint32_t count;
	cr_expect_null(tw_list_answers_find(answers, query(1), &count));
	tw_list_answers_note(answers, query(1), &met);
	const struct tw_list_answer *found = tw_list_answers_find(answers, query(1), &count);
	cr_assert_not_null(found);
	cr_assert_eq(count, 3u);
	for (uint32_t i = 0; i < 3; i++) {
		cr_expect_eq(found[i].name, 40 + i);
	}
	struct tw_hash128 near = query(1);
	near.high ^= 1;
	cr_expect_null(tw_list_answers_find(answers, near, &count), "half of a hash is not the hash");
}

Test(list_answers, of_a_name_that_met_nothing_are_none_and_known)
{
	struct tw_list_met none = met_of(0, 0);
	uint32_t count = 9;
	tw_list_answers_note(answers, query(5), &none);
	cr_expect_not_null(tw_list_answers_find(answers, query(5), &count));
	cr_expect_eq(count, 0u);
	tw_list_answers_note(answers, (struct tw_hash128){.low = 0, .high = 0}, &none);
	cr_expect_null(tw_list_answers_find(answers, (struct tw_hash128){.low = 0, .high = 0}, &count), "no hash is no name");
}

Test(list_answers, come_once_each_and_too_many_are_not_kept)
{
	struct tw_list_met met = met_of(0, 2);
	tw_list_met_add(&met, met.answer[1]);
	cr_expect_eq(met.count, 2u);
	tw_list_met_add(&met, (struct tw_list_answer){1, {900001, 7, 9}, 1, -5, -3});
	cr_expect_eq(met.count, 3u, "another agreement is another answer");
	tw_list_met_add(&met, (struct tw_list_answer){1, {900001, 7, 9}, 1, -5, -2});
	cr_expect_eq(met.count, 4u, "and so is another spelling");
	struct tw_list_met full = met_of(0, TW_LIST_ANSWERS_MAX), more = met_of(0, TW_LIST_ANSWERS_MAX + 5);
	uint32_t count;
	tw_list_answers_note(answers, query(2), &full);
	cr_expect_not_null(tw_list_answers_find(answers, query(2), &count));
	cr_expect_eq(count, TW_LIST_ANSWERS_MAX);
	tw_list_answers_note(answers, query(3), &more);
	cr_expect_null(tw_list_answers_find(answers, query(3), &count));
}

Test(list_answers, that_are_found_are_always_those_of_the_name)
{
	uint32_t found = 0;
	for (uint32_t i = 1; i < 20000; i++) { /* the pool begins anew on the way */
		struct tw_list_met met = met_of(i, 1 + i % 20);
		tw_list_answers_note(answers, query(i), &met);
		for (uint32_t back = i; back && back + 4 > i; back--) {
			uint32_t count;
			const struct tw_list_answer *answer = tw_list_answers_find(answers, query(back), &count);
			found += answer != NULL;
			cr_assert(!answer || (count == 1 + back % 20 && answer[0].name == back && answer[count - 1].name == back + count - 1));
		}
	}
	cr_expect_gt(found, 70000u);
}

/* With one place a hash, names that share it took turns, and each was searched for again. */
Test(list_answers, of_names_whose_hashes_begin_alike_stand_side_by_side)
{
	uint32_t count;
	for (uint64_t i = 0; i < 8; i++) {
		struct tw_list_met met = met_of((uint32_t)i, i % 2 ? 2 : 0);
		tw_list_answers_note(answers, query(7 + (i << 32)), &met);
	}
	for (uint64_t i = 0; i < 8; i++) {
		const struct tw_list_answer *found = tw_list_answers_find(answers, query(7 + (i << 32)), &count);
		cr_assert_not_null(found);
		cr_assert_eq(count, i % 2 ? 2u : 0u);
		cr_expect(!count || found[0].name == i);
	}
	struct tw_list_met none = met_of(0, 0);
	tw_list_answers_note(answers, query(7 + (UINT64_C(8) << 32)), &none);
	cr_expect_null(tw_list_answers_find(answers, query(7), &count), "the first of them made room");
	cr_expect_not_null(tw_list_answers_find(answers, query(7 + (UINT64_C(8) << 32)), &count));
}
