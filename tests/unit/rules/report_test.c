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

Test(report, a_text_is_cut_between_characters)
{
	char said[256] = "";
	FILE *stream = fmemopen(said, sizeof(said) - 1, "w");
	struct tw_rule_report report = {.stream = stream, .file = "a.yaml"};
	tw_report_warning(&report, (struct tw_mark){1, 1}, "\"%.3s\", \"%.4s\", \"%.1s\"", "a\xC3\xA9", "a\xE2\x82\xAC", "\xC3\xA9");
	tw_report_warning(&report, (struct tw_mark){2, 1}, "\"%.2s\", \"%.3s\"", "a\xC3\xA9", "a\xE2\x82\xAC");
	fclose(stream);
	cr_assert_str_eq(said, "a.yaml:1:1: warning: \"a\xC3\xA9\", \"a\xE2\x82\xAC\", \"\" [TW-R-0800]\na.yaml:2:1: warning: \"a\", \"a\" [TW-R-0800]\n");
}
