/**
 * @file cell_test.c
 * Columns, cuts and wraps; and that a stranger's text cannot command the terminal.
 */
#include "engine/command/cell.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static char *text;
static size_t size;
static FILE *out;

static void setup(void)
{
	out = open_memstream(&text, &size);
}

static void teardown(void)
{
	fclose(out);
	free(text);
}

TestSuite(cell, .init = setup, .fini = teardown);

static void printed(const char *expected)
{
	fflush(out);
	cr_assert_str_eq(text, expected);
}

Test(cell, counts_columns_not_bytes)
{
	cr_assert_eq(tw_cell_width(tw_slice_str("abc")), 3);
	cr_assert_eq(tw_cell_width(tw_slice_str("Société")), 7);
	cr_assert_eq(tw_cell_width(tw_slice_str("e\xCC\x81")), 1, "a combining accent");
	cr_assert_eq(tw_cell_width(tw_slice_str("東京")), 4);
	cr_assert_eq(tw_cell_width((struct tw_slice){NULL, 0}), 0);
}

Test(cell, cuts_with_an_ellipsis_inside_its_columns)
{
	cr_assert_eq(tw_cell_print(out, tw_slice_str("abcdef"), 4), 4);
	printed("abc…");
}

Test(cell, prints_what_fits_whole)
{
	cr_assert_eq(tw_cell_print(out, tw_slice_str("Société"), 7), 7);
	printed("Société");
}

Test(cell, never_prints_half_of_a_wide_character)
{
	tw_cell_pad(out, tw_slice_str("東京都"), 4);
	fputc('|', out);
	printed("東… |");
}

Test(cell, prints_nothing_into_no_columns)
{
	cr_assert_eq(tw_cell_print(out, tw_slice_str("abc"), 0), 0);
	printed("");
}

Test(cell, shows_control_characters_as_blanks)
{
	tw_cell_print(out,
	              tw_slice_str("a\x1b[2Jb\nc\x7f"
	                           "d\xC2\x9B"
	                           "e"),
	              80);
	printed("a [2Jb c d e");
}

Test(cell, drops_bidirectional_and_invisible_formatting)
{
	tw_cell_print(out,
	              tw_slice_str("a\xE2\x80\xAE"
	                           "b\xE2\x80\x8B"
	                           "c\xE2\x81\xA6"
	                           "d"),
	              80);
	printed("abcd");
}

Test(cell, shows_ill_formed_bytes_as_replacement_characters)
{
	tw_cell_print(out,
	              tw_slice_str("a\xFF"
	                           "b\xC0\x80\xE2\x82"),
	              80);
	printed("a\xEF\xBF\xBD"
	        "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

Test(cell, wraps_at_blanks_under_its_indent)
{
	fputs(">>", out);
	tw_cell_wrap(out, tw_slice_str("  one two\nthree   four"), 2, 14);
	printed(">>one two\n  three four\n");
}

Test(cell, breaks_a_word_that_is_longer_than_a_line)
{
	tw_cell_wrap(out, tw_slice_str("abcdefghijklm"), 0, 3);
	printed("abcdefghij\nklm\n");
}
