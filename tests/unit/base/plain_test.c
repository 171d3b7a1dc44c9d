/**
 * @file plain_test.c
 * Texts as words with their places: case, accents, punctuation, look-alikes, scripts without spaces.
 */
#include "engine/base/plain.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;
static struct tw_plain plain;

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(plain, .init = setup, .fini = teardown);

static const char *folded(const char *text, bool look_alikes)
{
	cr_assert(tw_plain_of(tw_slice_str(text), look_alikes, &arena, &plain));
	return tw_arena_copy(&arena, (struct tw_slice){plain.text, plain.count ? plain.word[plain.count - 1].to : 0}).ptr;
}

#define PLAIN(text, expected) cr_assert_str_eq(folded(text, true), expected)

Test(plain, case_accents_and_punctuation_go)
{
	PLAIN("  Fusils d\xE2\x80\x99"
	      "ASSAUT, (M-16)!",
	      "fusils d assaut m 16");
	PLAIN("Ca\xC3\xB1\xC3\xB3n", "canon");
	PLAIN("STRASSE stra\xC3\x9F"
	      "e",
	      "strasse strasse");
	PLAIN("t\xC4\xB1rnak SILAH \xC4\xB0zmir", "tirnak silah izmir");
}

Test(plain, a_text_without_a_word_has_none)
{
	cr_assert_str_eq(folded(" -- ", true), "");
	cr_assert_eq(plain.count, 0);
	cr_assert_str_eq(folded("", true), "");
	cr_assert_eq(plain.count, 0);
}

Test(plain, look_alikes_in_a_latin_word_are_latin)
{
	PLAIN("RIFL\xD0\x95 b\xD0\xB0rrel", "rifle barrel"); /* Cyrillic Е and а */
	PLAIN("\xD0\x90\xD0\x9A-47", "ak 47");               /* nothing but look-alikes */
	PLAIN("\xD0\xBF\xD1\x83\xD0\xBB\xD0\xB5\xD0\xBC\xD0\xB5\xD1\x82", "\xD0\xBF\xD1\x83\xD0\xBB\xD0\xB5\xD0\xBC\xD0\xB5\xD1\x82");
	cr_assert_str_eq(folded("\xD0\x90\xD0\x9A", false), "\xD0\xB0\xD0\xBA");
}

Test(plain, look_alikes_in_a_cyrillic_or_greek_word_are_of_its_script)
{
	PLAIN("\u043F\u0443\u043Be\u043C\u0435\u0442", "\u043F\u0443\u043B\u0435\u043C\u0435\u0442");        /* a Latin e */
	PLAIN("\u041FY\u041BE\u041CET\u042B", "\u043F\u0443\u043B\u0435\u043C\u0435\u0442\u044B");           /* Y, E, E, T in capitals */
	PLAIN("\u043F\u0443\u043B\u0435\u043C\u03BF\u0442", "\u043F\u0443\u043B\u0435\u043C\u043E\u0442");   /* a Greek omicron */
	PLAIN("\u03C0\u03C5\u03C1\u03BF\u03B2o\u03BBa", "\u03C0\u03C5\u03C1\u03BF\u03B2\u03BF\u03BB\u03B1"); /* Latin o and a */
	PLAIN("\u03C0\u03C5\u0440\u03B1", "\u03C0\u03C5\u03C1\u03B1");                                       /* a Cyrillic er */
	PLAIN("AK74\u043B", "\u0430\u043A74\u043B"); /* both letters before the digits Latin */
}

Test(plain, a_word_that_some_letter_keeps_in_two_scripts_stays_as_it_is_written)
{
	PLAIN("USB\u043A\u0430\u0431\u0435\u043B\u044C", "usb\u043A\u0430\u0431\u0435\u043B\u044C"); /* u looks like no Cyrillic letter */
	PLAIN("\u043F\u03C0a", "\u043F\u03C0a");                                                     /* letters of both that look like none */
	cr_assert_str_eq(folded("\u043F\u0443\u043Be", false), "\u043F\u0443\u043Be");
}

Test(plain, places_point_into_the_source_where_look_alikes_change_the_length)
{
	const char *text = "3 \u043F\u0443\u043Be\u043C\u0435\u0442, rifl\u0435s";
	PLAIN(text, "3 \u043F\u0443\u043B\u0435\u043C\u0435\u0442 rifles");
	cr_assert_eq(plain.word[1].source_from, 2);
	cr_assert_eq(plain.word[1].source_to, 15); /* six letters of two bytes, one of one */
	cr_assert_eq(plain.word[1].at, 2);
	cr_assert_eq(plain.word[1].to - plain.word[1].from, 14);
	cr_assert_eq(plain.word[2].source_from, 17);
	cr_assert_eq(plain.word[2].source_to, 24);
	cr_assert_eq(plain.characters, 16);
}

Test(plain, an_ideograph_is_a_word)
{
	PLAIN("\xE7\xAA\x81\xE5\x87\xBB\xE6\xAD\xA5\xE6\x9E\xAA AK47", "\xE7\xAA\x81 \xE5\x87\xBB \xE6\xAD\xA5 \xE6\x9E\xAA ak47");
	cr_assert(tw_plain_is_ideograph(tw_slice_str("\xE7\xAA\x81")));
	cr_assert_not(tw_plain_is_ideograph(tw_slice_str("a")));
	cr_assert_not(tw_plain_is_ideograph(tw_slice_str("")));
}

Test(plain, the_arabic_article_goes_where_a_word_is_left)
{
	PLAIN("\xD8\xA7\xD9\x84\xD8\xA8\xD9\x86\xD8\xAF\xD9\x82\xD9\x8A\xD8\xA9", "\xD8\xA8\xD9\x86\xD8\xAF\xD9\x82\xD9\x8A\xD9\x87");
	PLAIN("\xD8\xA7\xD9\x84\xD9\x8A", "\xD8\xA7\xD9\x84\xD9\x8A");
}

Test(plain, places_point_into_the_source)
{
	folded("x \xC3\x89l\xC3\xA9ment \xEF\xB7\xBA z", true); /* the ligature is one character and four words */
	cr_assert_eq(plain.word[1].source_from, 2);
	cr_assert_eq(plain.word[1].source_to, 11);
	cr_assert_eq(plain.word[2].source_from, 12);
	cr_assert_eq(plain.word[plain.count - 2].source_to, 15);
	cr_assert_eq(plain.word[plain.count - 1].source_from, 16);
}

Test(plain, ill_formed_bytes_separate_words)
{
	PLAIN("ab\xFF"
	      "cd\xC3",
	      "ab cd");
}

Test(plain, the_arenas_ceiling_is_reported)
{
	struct tw_arena small;
	tw_arena_init(&small, 64, 64);
	cr_assert_not(tw_plain_of(tw_slice_str("a text of some length, which will never fit into that arena"), true, &small, &plain));
	tw_arena_fini(&small);
}
