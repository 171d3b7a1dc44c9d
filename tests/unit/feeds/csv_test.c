/** @file csv_test.c  Rows as issuers write them, and every way in which they are refused. */
#include "feeds/csv.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;
static struct tw_csv csv;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
	err = (struct tw_error){0};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(csv, .init = setup, .fini = teardown);

static void open_text(const char *text)
{
	tw_csv_init(&csv, "t.csv", tw_slice_str(text), &arena);
}

static void expect_row(uint32_t line, uint32_t count, const char *const *fields)
{
	cr_assert_eq(tw_csv_next(&csv, &err), TW_OK, "%s", err.what);
	cr_assert_eq(csv.count, count, "%u fields", csv.count);
	cr_expect_eq(csv.line, line, "line %u", csv.line);
	for (uint32_t i = 0; i < count; i++) {
		cr_expect(tw_slice_is(csv.field[i], fields[i]), "field %u is \"%.*s\"", i, (int)csv.field[i].len, csv.field[i].ptr);
	}
}

static void expect_end(void)
{
	cr_assert_eq(tw_csv_next(&csv, &err), TW_OK);
	cr_expect_eq(csv.count, 0u);
}

static void expect_refusal(const char *text, enum tw_code code, const char *where, const char *detail)
{
	open_text(text);
	enum tw_code got = TW_OK;
	for (int rows = 0; got == TW_OK && rows < 8; rows++) {
		got = tw_csv_next(&csv, &err);
	}
	cr_expect_eq(got, code, "%s gave %s", text, tw_code_name(got));
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.detail, detail);
	cr_expect_eq(tw_csv_next(&csv, NULL), code, "a spent reader fails again");
}

Test(csv, rows_end_at_lf_at_crlf_and_at_the_end_of_the_data)
{
	open_text("a,b\r\nc,d\ne,f");
	expect_row(1, 2, (const char *[]){"a", "b"});
	expect_row(2, 2, (const char *[]){"c", "d"});
	expect_row(3, 2, (const char *[]){"e", "f"});
	expect_end();
	expect_end();
}

Test(csv, a_quoted_field_may_hold_separators_quotes_and_line_ends)
{
	open_text("1,\"x, \"\"y\"\"\",\"two\r\nlines\"\r\n2,\"\",z\r\n");
	expect_row(1, 3, (const char *[]){"1", "x, \"y\"", "two\r\nlines"});
	expect_row(3, 3, (const char *[]){"2", "", "z"});
	expect_end();
}

Test(csv, fields_are_not_trimmed_and_may_be_empty)
{
	open_text(" a ,,\n,");
	expect_row(1, 3, (const char *[]){" a ", "", ""});
	expect_row(2, 2, (const char *[]){"", ""});
	expect_end();
}

Test(csv, blank_lines_and_a_byte_order_mark_are_passed_over)
{
	open_text("\xef\xbb\xbf\n\r\na\n\n\nb\n\n");
	expect_row(3, 1, (const char *[]){"a"});
	expect_row(6, 1, (const char *[]){"b"});
	expect_end();
}

Test(csv, the_dos_end_of_file_byte_ends_the_data_only_at_its_end)
{
	open_text("a,b\r\n\x1a");
	expect_row(1, 2, (const char *[]){"a", "b"});
	expect_end();
	open_text("a,b\x1a\r\n");
	expect_row(1, 2, (const char *[]){"a", "b"});
	expect_end();
	open_text("a,\x1a q\n");
	expect_row(1, 2, (const char *[]){"a", "\x1a q"});
	expect_end();
}

Test(csv, bytes_of_other_scripts_and_control_bytes_are_part_of_a_field)
{
	open_text("\xd0\x96\t\x1a,\xff\x01\x1a\x7f,a\n");
	expect_row(1, 3, (const char *const[]){"\xd0\x96\t\x1a", "\xff\x01\x1a\x7f", "a"});
	expect_end();
}

Test(csv, the_separator_is_a_setting)
{
	open_text("a;b,c\n");
	csv.separator = ';';
	expect_row(1, 2, (const char *[]){"a", "b,c"});
}

Test(csv, what_rfc_4180_forbids_is_refused_with_line_and_byte)
{
	expect_refusal("a\nb\"c\n", TW_E_SYNTAX, "t.csv:2", "byte 3");
	expect_refusal("\"a\"b\n", TW_E_SYNTAX, "t.csv:1", "byte 3");
	expect_refusal("a\n\"b\n\nc", TW_E_SYNTAX, "t.csv:2", "byte 2");
	expect_refusal("a\rb\n", TW_E_SYNTAX, "t.csv:1", "byte 1");
}

Test(csv, a_nul_byte_is_refused_inside_and_outside_quotes)
{
	tw_csv_init(&csv, "t.csv", (struct tw_slice){"a\0b", 3}, &arena);
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_SYNTAX);
	tw_csv_init(&csv, "t.csv", (struct tw_slice){"\"a\0b\"", 5}, &arena);
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.detail, "byte 2");
}

Test(csv, a_row_with_another_number_of_columns_is_refused)
{
	open_text("a,b\nc\n");
	csv.columns = 2;
	expect_row(1, 2, (const char *[]){"a", "b"});
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "t.csv:2");
	cr_expect_str_eq(err.detail, "1 columns, expected 2, byte 4");
}

Test(csv, more_fields_than_a_row_may_have_are_refused)
{
	char text[2 * TW_CSV_FIELDS_MAX + 2];
	memset(text, ',', sizeof(text));
	tw_csv_init(&csv, "t.csv", (struct tw_slice){text, TW_CSV_FIELDS_MAX - 1}, &arena);
	cr_expect_eq(tw_csv_next(&csv, &err), TW_OK);
	cr_expect_eq(csv.count, (uint32_t)TW_CSV_FIELDS_MAX);
	tw_csv_init(&csv, "t.csv", (struct tw_slice){text, TW_CSV_FIELDS_MAX}, &arena);
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_LIMIT);
}

Test(csv, an_unclosed_quote_is_stopped_at_the_row_limit)
{
	open_text("a\n\"bcdefghijklmnopqrstuvwxyz\n\"\n");
	csv.row_bytes_max = 16;
	expect_row(1, 1, (const char *[]){"a"});
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_LIMIT);
	cr_expect_str_eq(err.where, "t.csv:2");
}

Test(csv, a_header_names_the_columns_that_every_row_must_have)
{
	open_text("code,name\nXA,Alpha\nXB\n");
	cr_assert_eq(tw_csv_header(&csv, (const char *[]){"code", "name"}, 2, &err), TW_OK);
	expect_row(2, 2, (const char *[]){"XA", "Alpha"});
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_SYNTAX);
}

Test(csv, a_header_that_differs_is_refused_by_its_column)
{
	open_text("code,title\n");
	cr_expect_eq(tw_csv_header(&csv, (const char *[]){"code", "name"}, 2, &err), TW_E_SYNTAX);
	cr_expect_str_eq(err.detail, "column 2 is \"title\", expected \"name\"");
	open_text("code,name,more\n");
	cr_expect_eq(tw_csv_header(&csv, (const char *[]){"code", "name"}, 2, &err), TW_E_SYNTAX);
	open_text("code\n");
	cr_expect_eq(tw_csv_header(&csv, (const char *[]){"code", "name"}, 2, &err), TW_E_SYNTAX);
	open_text("");
	cr_expect_eq(tw_csv_header(&csv, (const char *[]){"code", "name"}, 2, &err), TW_E_MISSING);
}

Test(csv, no_memory_for_an_unescaped_field_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 16, 16);
	tw_csv_init(&csv, "t.csv", tw_slice_str("\"more than sixteen \"\"bytes\"\"\"\n"), &small);
	cr_expect_eq(tw_csv_next(&csv, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}

Test(csv, a_loader_complains_about_the_current_row)
{
	open_text("a\nb\n");
	expect_row(1, 1, (const char *[]){"a"});
	expect_row(2, 1, (const char *[]){"b"});
	cr_expect_eq(tw_csv_fail(&csv, TW_E_RANGE, "not a number", csv.field[0], &err), TW_E_RANGE);
	cr_expect_str_eq(err.where, "t.csv:2");
	cr_expect_str_eq(err.detail, "\"b\"");
}
