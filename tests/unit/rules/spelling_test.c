/**
 * @file spelling_test.c
 * The spellings that a phrase stands for, all of them and no more.
 */
#include "rules/spelling.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"

static struct tw_arena arena;
static char seen[4096];
static uint32_t left; /* how many are still taken */

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
	seen[0] = '\0';
	left = UINT32_MAX;
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(spelling, .init = setup, .fini = teardown);

static bool take(void *context, struct tw_slice text)
{
	char one[TW_SPELLING_BYTES_MAX + 2];
	(void)context;
	snprintf(one, sizeof(one), "%.*s|", (int)text.len, text.ptr);
	if (!strstr(seen, one)) {
		strncat(seen, one, sizeof(seen) - strlen(seen) - 1);
	}
	return left-- > 1;
}

static bool spell(const char *phrase, bool stem)
{
	struct tw_plain plain;
	cr_assert(tw_plain_of(tw_slice_str(phrase), true, &arena, &plain));
	return tw_spellings(&plain, stem, take, NULL);
}

Test(spelling, one_word_has_its_plurals)
{
	cr_assert(spell("barrel", false));
	cr_assert_str_eq(seen, "barrel|barrels|barreles|");
}

Test(spelling, a_phrase_may_lose_its_gap_and_take_plurals_at_either_end)
{
	cr_assert(spell("arme d'eau", false));
	cr_assert_not_null(strstr(seen, "armes d eau|"));
	cr_assert_not_null(strstr(seen, "arme deau|"));
	cr_assert_not_null(strstr(seen, "armedeau|"));
}

Test(spelling, what_goes_on_has_no_plural)
{
	cr_assert(spell("gun barr", true));
	cr_assert_null(strstr(seen, "barrs"));
	cr_assert_not_null(strstr(seen, "gunbarr|"));
	cr_assert_not_null(strstr(seen, "guns barr|"));
}

Test(spelling, ideographs_have_one_spelling)
{
	cr_assert(spell("\xE6\xAD\xA5\xE6\x9E\xAA", false));
	cr_assert_str_eq(seen, "\xE6\xAD\xA5 \xE6\x9E\xAA|");
}

Test(spelling, a_taker_that_is_full_stops_it)
{
	left = 1;
	cr_assert_not(spell("barrel", false));
	cr_assert_str_eq(seen, "barrel|");
}

Test(spelling, a_phrase_longer_than_the_room_is_refused)
{
	static char text[TW_SPELLING_BYTES_MAX + 8];
	memset(text, 'x', sizeof(text) - 1);
	cr_assert_not(spell(text, false));
	cr_assert_str_eq(seen, "");
}
