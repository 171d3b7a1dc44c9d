/**
 * @file json_test.c
 * The encoder: escapes, repair of ill-formed text, exact numbers, failure that sticks.
 */
#include "engine/emit/json.h"

#include "engine/base/arena.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 16 * 1024, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(json, .init = setup, .fini = teardown);

static void expect_text(struct tw_slice text, const char *expected)
{
	struct tw_json json;
	struct tw_slice out;
	tw_json_begin(&json, &arena);
	tw_json_text(&json, text);
	cr_assert_eq(tw_json_end(&json, &out, NULL), TW_OK);
	cr_assert_str_eq(out.ptr, expected);
}

static void expect_amount(int64_t e4, const char *expected)
{
	struct tw_json json;
	struct tw_slice out;
	tw_json_begin(&json, &arena);
	tw_json_amount(&json, e4);
	cr_assert_eq(tw_json_end(&json, &out, NULL), TW_OK);
	cr_assert_str_eq(out.ptr, expected);
}

Test(json, escapes_what_json_needs_escaped_and_nothing_else)
{
	expect_text(tw_slice_str("a\"b\\c\nd\te/f\x01"), "\"a\\\"b\\\\c\\nd\\te/f\\u0001\"");
	expect_text((struct tw_slice){"x\0y", 3}, "\"x\\u0000y\"");
	expect_text(tw_slice_str("Société Ω 東"), "\"Société Ω 東\"");
	expect_text((struct tw_slice){NULL, 0}, "\"\"");
}

static void expect_escaped(unsigned c, uint32_t at, uint32_t length)
{
	char text[17], expected[48];
	bool named = c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v');
	const char names[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
	memset(text, 'x', sizeof(text));
	text[at] = (char)c;
	int written = snprintf(expected, sizeof(expected), "\"%.*s", (int)at, text);
	written += named       ? snprintf(expected + written, 8, "\\%c", c < sizeof(names) ? names[c] : (char)c)
	           : c < 0x20  ? snprintf(expected + written, 8, "\\u%04X", c)
	           : c >= 0x80 ? snprintf(expected + written, 8, "\xEF\xBF\xBD")
	                       : snprintf(expected + written, 8, "%c", c);
	snprintf(expected + written, sizeof(expected) - (size_t)written, "%.*s\"", (int)(length - at - 1), "xxxxxxxxxxxxxxxx");
	expect_text((struct tw_slice){text, length}, expected);
}

/* Texts are looked through eight bytes at a time, what is left over in one word too: each byte at each place of texts of each length up to two such
 * words. */
Test(json, finds_what_it_escapes_wherever_it_stands)
{
	for (unsigned c = 0; c < 0x100; c++) {
		for (uint32_t length = 1; length <= 17; length++) {
			for (uint32_t at = 0; at < length; at++) {
				expect_escaped(c, at, length);
			}
		}
	}
}

Test(json, replaces_each_ill_formed_byte_and_keeps_the_rest)
{
	expect_text(tw_slice_str("a\xFF"
	                         "b\xC3"),
	            "\"a\xEF\xBF\xBD"
	            "b\xEF\xBF\xBD\"");
	expect_text(tw_slice_str("\xED\xA0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

Test(json, writes_amounts_exactly)
{
	expect_amount(5405000, "540.5");
	expect_amount(5000000, "500");
	expect_amount(1, "0.0001");
	expect_amount(-12500, "-1.25");
	expect_amount(0, "0");
	expect_amount(900000000000000000, "90000000000000");
	expect_amount(INT64_MIN, "-922337203685477.5808");
}

Test(json, leaves_out_members_that_are_not_stated)
{
	struct tw_json json;
	struct tw_slice out;
	tw_json_begin(&json, &arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "absent", (struct tw_slice){NULL, 0});
	tw_json_integer_member(&json, "least", INT64_MIN);
	tw_json_key(&json, "made");
	tw_json_raw(&json, tw_slice_str("{\"a\":[1]}"));
	tw_json_object_end(&json);
	cr_assert_eq(tw_json_end(&json, &out, NULL), TW_OK);
	cr_assert_str_eq(out.ptr, "{\"least\":-9223372036854775808,\"made\":{\"a\":[1]}}");
}

Test(json, cuts_between_characters)
{
	cr_assert_eq(tw_json_cut(tw_slice_str("abcdef"), 3).len, 3);
	cr_assert_eq(tw_json_cut(tw_slice_str("ab"), 3).len, 2);
	cr_assert_eq(tw_json_cut(tw_slice_str("aé"), 2).len, 1);
	cr_assert_eq(tw_json_cut(tw_slice_str("東東"), 5).len, 3);
	cr_assert_eq(tw_json_cut(tw_slice_str("\x80\x80\x80\x80\x80\x80"), 5).len, 5, "no character to keep whole");
}

Test(json, says_memory_at_the_end_when_the_arena_refused_on_the_way)
{
	struct tw_arena small;
	struct tw_json json;
	struct tw_slice out = {"untouched", 9};
	struct tw_error err = {0};
	tw_arena_init(&small, 1024, 8 * 1024);
	tw_json_begin(&json, &small);
	tw_json_array(&json);
	for (unsigned i = 0; i < 10000; i++) {
		tw_json_text(&json, tw_slice_str("more than fits"));
	}
	tw_json_array_end(&json);
	cr_assert_eq(tw_json_end(&json, &out, &err), TW_E_MEMORY);
	cr_assert_eq(err.disposition, TW_STOP);
	cr_assert_str_eq(out.ptr, "untouched");
	tw_arena_fini(&small);
}

Test(json, refuses_a_value_where_a_name_belongs)
{
	struct tw_json json;
	struct tw_slice out;
	tw_json_begin(&json, &arena);
	tw_json_object(&json);
	tw_json_integer(&json, 1);
	tw_json_object_end(&json);
	cr_assert_neq(tw_json_end(&json, &out, NULL), TW_OK);
}

Test(json, refuses_a_name_without_a_value)
{
	struct tw_json json;
	struct tw_slice out;
	tw_json_begin(&json, &arena);
	tw_json_object(&json);
	tw_json_key(&json, "lone");
	tw_json_object_end(&json);
	cr_assert_neq(tw_json_end(&json, &out, NULL), TW_OK);
}
