/**
 * @file report_test.c
 * The first error is the caller's, warnings are not errors.
 */
#include <criterion/criterion.h>

#include "rules/report.h"

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
