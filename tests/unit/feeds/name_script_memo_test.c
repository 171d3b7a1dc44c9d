/** @file name_script_memo_test.c  A word's terms come back for its letters alone, until they are forgotten, and never more than there is room for. */
#include "feeds/name_script_memo.h"

#include <criterion/criterion.h>

#define ROOM 65536U /* terms */

static struct tw_script_memo *memo;

static void setup(void)
{
	memo = tw_script_memo_new();
	cr_assert_not_null(memo);
}

static void teardown(void)
{
	tw_script_memo_free(memo);
}

TestSuite(name_script_memo, .init = setup, .fini = teardown);

/* An Arabic word of three letters. */
static struct tw_script_word word_of(uint16_t a, uint16_t b, uint16_t c)
{
	const uint16_t characters[] = {a, b, c};
	struct tw_script_word word;
	cr_assert(tw_script_word_make(characters, 3, &word));
	return word;
}

Test(name_script_memo, a_word_is_known_by_its_letters)
{
	const struct tw_script_word one = word_of(0x633, 0x644, 0x645), other = word_of(0x633, 0x645, 0x644);
	const struct tw_script_met met[] = {{4, 900000}, {9, 1000000}}, *got = NULL;
	uint32_t count = 0;
	cr_expect_not(tw_script_memo_find(memo, &one, &got, &count));
	tw_script_memo_note(memo, &one, met, 2);
	tw_script_memo_note(memo, &other, NULL, 0);
	cr_assert(tw_script_memo_find(memo, &one, &got, &count));
	cr_assert_eq(count, 2u);
	cr_expect_eq(got[1].term, 9u);
	cr_expect_eq(got[1].ppm, 1000000);
	cr_assert(tw_script_memo_find(memo, &other, &got, &count), "that a word meets nothing is known, too");
	cr_expect_eq(count, 0u);
	tw_script_memo_forget(memo);
	cr_expect_not(tw_script_memo_find(memo, &one, &got, &count));
	cr_expect_not(tw_script_memo_find(NULL, &one, &got, &count));
}

Test(name_script_memo, what_is_full_is_forgotten_and_what_does_not_fit_is_not_noted)
{
	static struct tw_script_met many[ROOM + 1];
	const struct tw_script_word one = word_of(0x633, 0x644, 0x645), other = word_of(0x643, 0x631, 0x645);
	const struct tw_script_met *got = NULL;
	uint32_t count = 0;
	many[ROOM - 1].term = 7;
	tw_script_memo_note(memo, &one, many, 2);
	tw_script_memo_note(memo, &other, many, ROOM);
	cr_expect_not(tw_script_memo_find(memo, &one, &got, &count));
	cr_assert(tw_script_memo_find(memo, &other, &got, &count));
	cr_assert_eq(count, ROOM);
	cr_expect_eq(got[ROOM - 1].term, 7u);
	tw_script_memo_note(memo, &one, many, ROOM + 1);
	cr_expect_not(tw_script_memo_find(memo, &one, &got, &count));
}
