/**
 * @file fmt_line_test.c
 * One space between words, and what stays open behind a line.
 */
#include "rules/fmt_line.h"

#include <criterion/criterion.h>

static struct tw_fmt_state state;
static char bytes[256];
static uint32_t comment;

static const char *line(const char *text)
{
	bytes[tw_fmt_line(tw_slice_str(text), &state, bytes, &comment)] = '\0';
	return bytes;
}

Test(fmt_line, spaces_stand_where_flow_style_needs_them)
{
	cr_assert_str_eq(line("a :   {  b : c ,d:  [ 1,2 ] }"), "a: {b: c, d: [1, 2]}");
	cr_assert_eq(state.flow, 0);
}

Test(fmt_line, what_is_open_stays_open)
{
	cr_assert_str_eq(line("a: [b,   'c"), "a: [b, 'c");
	cr_assert_eq(state.flow, 1);
	cr_assert_eq(state.quote, '\'');
	cr_assert_str_eq(line("d  e'  ]"), "d  e']");
	cr_assert_eq(state.flow, 0);
	cr_assert_eq(state.quote, 0);
	cr_assert_str_eq(line("text:  |"), "text: |");
	cr_assert(state.block);
}

Test(fmt_line, a_comment_is_found_and_not_where_there_is_none)
{
	cr_assert_str_eq(line("a: b    #  c  d"), "a: b #  c  d");
	cr_assert_str_eq(bytes + comment, "#  c  d");
	cr_assert_str_eq(line("a: b#c 'd # e'"), "a: b#c 'd # e'");
	cr_assert_str_eq(bytes + comment, "# e'"); /* quotes inside a plain word are letters */
	cr_assert_str_eq(line("a: 'b # c'"), "a: 'b # c'");
	cr_assert_str_eq(bytes + comment, "");
}

Test(fmt_line, closing_more_than_is_open_harms_nothing)
{
	cr_assert_str_eq(line("a ] } b"), "a ] } b");
	cr_assert_eq(state.flow, 0);
}
