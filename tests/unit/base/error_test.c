/**
 * @file error_test.c
 * include/tidewaiter/error.h: filling and printing.
 */
#include <criterion/criterion.h>
#include <tidewaiter/error.h>

Test(error, is_filled_and_printed_with_place_and_values)
{
	struct tw_error err;
	char text[512];
	cr_assert_eq(tw_fail(&err, TW_E_UNKNOWN, TW_REJECT, "unknown key", "a.yaml:3:5", "'pionts', did you mean '%s'?", "points"), TW_E_UNKNOWN);
	cr_assert_eq(err.disposition, TW_REJECT);
	cr_assert_str_eq(tw_error_text(&err, text, sizeof(text)), "a.yaml:3:5: unknown key: 'pionts', did you mean 'points'?");
}

Test(error, cuts_long_places_and_details_instead_of_overrunning)
{
	struct tw_error err;
	char long_text[2000], out[64];
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	(void)!tw_fail(&err, TW_E_IO, TW_RETRY, "what", long_text, "%s", long_text);
	cr_assert_eq(strlen(err.where), TW_ERROR_WHERE_BYTES - 1);
	cr_assert_eq(strlen(err.detail), TW_ERROR_DETAIL_BYTES - 1);
	cr_assert_eq(strlen(tw_error_text(&err, out, sizeof(out))), sizeof(out) - 1);
}

Test(error, shows_no_byte_that_a_terminal_would_obey)
{
	struct tw_error err;
	char text[512];
	(void)!tw_fail(&err, TW_E_SYNTAX, TW_REJECT, "another header", "a.csv:1", "\"\x1b[31mJ\xfcrgen\xc3\xa9\n\x7f\"");
	cr_assert_str_eq(tw_error_text(&err, text, sizeof(text)), "a.csv:1: another header: \"?[31mJ?rgen\xc3\xa9??\"");
}

Test(error, may_have_no_receiver)
{
	cr_assert_eq(tw_fail(NULL, TW_E_LIMIT, TW_STOP, "what", NULL, NULL), TW_E_LIMIT);
}

Test(error, keeps_a_place_that_is_already_there)
{
	struct tw_error err = {.where = "file:1"};
	(void)!tw_fail(&err, TW_E_IO, TW_STOP, "what", err.where, NULL);
	cr_assert_str_eq(err.where, "file:1");
}

Test(error, names_every_code)
{
	for (int code = TW_OK; code <= TW_E_CORRUPT; code++) {
		cr_assert_str_neq(tw_code_name((enum tw_code)code), "unknown_code");
		for (int other = TW_OK; other < code; other++) {
			cr_assert_str_neq(tw_code_name((enum tw_code)code), tw_code_name((enum tw_code)other));
		}
	}
}
