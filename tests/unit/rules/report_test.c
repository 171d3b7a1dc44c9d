/**
 * @file report_test.c
 * Edit distance and the nearest known name; the first error is the caller's, warnings are not errors.
 */
#include <criterion/criterion.h>

#include "rules/report.h"

static uint32_t edits(const char *a, const char *b)
{
	return tw_edit_distance(tw_slice_str(a), tw_slice_str(b));
}

Test(report, distance_counts_inserts_deletes_replacements_and_swaps)
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

Test(report, a_hint_is_given_only_when_near_enough)
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
}

Test(report, the_first_error_is_kept_and_warnings_are_not_errors)
{
	struct tw_error err = {0};
	struct tw_rule_report report = {.err = &err, .file = "a.yaml"};
	tw_report_warning(&report, (struct tw_mark){1, 1}, "careful");
	cr_assert_eq(report.errors, 0);
	tw_report_error(&report, (struct tw_mark){2, 3}, TW_E_TYPE, "first %d", 1);
	tw_report_error(&report, (struct tw_mark){4, 5}, TW_E_RANGE, "second");
	cr_assert_eq(report.errors, 2);
	cr_assert_eq(report.code, TW_E_TYPE);
	cr_assert_str_eq(err.where, "a.yaml:2:3");
	cr_assert_str_eq(err.detail, "first 1");
}
