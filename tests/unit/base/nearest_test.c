/**
 * @file nearest_test.c
 * engine/base/nearest: edit distance, and when a hint is given.
 */
#include "engine/base/nearest.h"

#include <criterion/criterion.h>

static uint32_t edits(const char *a, const char *b)
{
	return tw_edit_distance(tw_slice_str(a), tw_slice_str(b));
}

Test(nearest, distance_counts_inserts_deletes_replacements_and_swaps)
{
	cr_assert_eq(edits("flag", "flag"), 0);
	cr_assert_eq(edits("flga", "flag"), 1);
	cr_assert_eq(edits("flg", "flag"), 1);
	cr_assert_eq(edits("flagg", "flag"), 1);
	cr_assert_eq(edits("flog", "flag"), 1);
	cr_assert_eq(edits("", "flag"), 4);
	cr_assert_eq(edits("abc", "xyz"), 3);
	cr_assert_eq(edits("0123456789012345678901234567890123456789012345678901234567890123456789", "a"), UINT32_MAX);
}

Test(nearest, a_hint_is_given_only_when_near_enough)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str("quantty"));
	tw_nearest_offer_all(&nearest, (const char *const[]){"line", "quantity", "quality", NULL});
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "; did you mean \"quantity\"?");
	nearest = tw_nearest_to(tw_slice_str("zz"));
	tw_nearest_offer(&nearest, "line");
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "");
	nearest = tw_nearest_to(tw_slice_str("ab"));
	tw_nearest_offer(&nearest, "cd");
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "");
	nearest = tw_nearest_to(tw_slice_str("foo"));
	tw_nearest_offer(&nearest, "top");
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "", "a third of a word is no slip");
	nearest = tw_nearest_to(tw_slice_str("tpo"));
	tw_nearest_offer(&nearest, "top");
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "; did you mean \"top\"?");
}

Test(nearest, the_same_in_another_case_is_nearest)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str("Is"));
	tw_nearest_offer_all(&nearest, (const char *const[]){"as", "is", "in", NULL});
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "; did you mean \"is\"?");
	nearest = tw_nearest_to(tw_slice_str("ACTIVE"));
	tw_nearest_offer_all(&nearest, (const char *const[]){"draft", "active", NULL});
	cr_assert_str_eq(tw_nearest_hint(&nearest, hint), "; did you mean \"active\"?");
	nearest = tw_nearest_to(tw_slice_str("is"));
	tw_nearest_offer_all(&nearest, (const char *const[]){"is", "IS", NULL});
	cr_assert_eq(nearest.distance, 0);
	cr_assert_str_eq(nearest.best, "is");
}
