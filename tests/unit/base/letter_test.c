/**
 * @file letter_test.c
 * Which script a word is read in, and its letters in it.
 */
#include "engine/base/letter.h"

#include <criterion/criterion.h>

TestSuite(letter);

static enum tw_script script_of(const int32_t *codes)
{
	struct tw_letters_seen seen = {0};
	for (; *codes; codes++) {
		tw_letters_see(&seen, *codes);
	}
	return tw_letters_script(&seen);
}

#define SCRIPT(...) script_of((const int32_t[]){__VA_ARGS__, 0})

Test(letter, a_word_is_read_in_the_script_that_all_its_letters_allow)
{
	cr_assert_eq(SCRIPT('b', 'a'), TW_SCRIPT_OTHER, "plain Latin is as it is written");
	cr_assert_eq(SCRIPT('b', 0x430), TW_SCRIPT_LATIN);
	cr_assert_eq(SCRIPT(0x430, 0x43A), TW_SCRIPT_LATIN, "nothing but look-alikes");
	cr_assert_eq(SCRIPT(0x43F, 0x443), TW_SCRIPT_OTHER, "plain Cyrillic");
	cr_assert_eq(SCRIPT(0x43F, 'y'), TW_SCRIPT_CYRILLIC);
	cr_assert_eq(SCRIPT(0x3C9, 0x430), TW_SCRIPT_GREEK, "a Cyrillic letter in a Greek word");
	cr_assert_eq(SCRIPT(0x3C9, 0x43F, 'a'), TW_SCRIPT_OTHER, "two scripts of their own");
	cr_assert_eq(SCRIPT(0x627, 'a'), TW_SCRIPT_OTHER, "Arabic looks like none");
}

Test(letter, a_letter_is_written_in_the_script_of_its_word)
{
	cr_assert_eq(tw_letter_as(TW_SCRIPT_LATIN, 0x430), 'a');
	cr_assert_eq(tw_letter_as(TW_SCRIPT_LATIN, 'q'), 'q');
	cr_assert_eq(tw_letter_as(TW_SCRIPT_CYRILLIC, 'y'), 0x443);
	cr_assert_eq(tw_letter_as(TW_SCRIPT_CYRILLIC, '7'), '7');
	cr_assert_eq(tw_letter_as(TW_SCRIPT_CYRILLIC, 0x43F), 0x43F);
	cr_assert_eq(tw_letter_as(TW_SCRIPT_CYRILLIC, 'q'), 0, "looks like none");
	cr_assert_eq(tw_letter_as(TW_SCRIPT_GREEK, 0x43E), 0x3BF, "through the Latin one that both look like");
	cr_assert_eq(tw_letter_as(TW_SCRIPT_OTHER, 0x43E), 0x43E);
}

Test(letter, strokes_and_forms_go)
{
	cr_assert_eq(tw_letter_plain(0x131), 'i');
	cr_assert_eq(tw_letter_plain(0x142), 'l');
	cr_assert_eq(tw_letter_plain(0x629), 0x647);
	cr_assert_eq(tw_letter_plain(0x640), 0);
	cr_assert_eq(tw_letter_plain('i'), 'i');
}
