/**
 * @file disguise_test.c
 * Words in disguise: what is undone, and what is a code, a size or another word and stays.
 */
#include "rules/disguise.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(disguise, .init = setup, .fini = teardown);

/* The words undone, joined where they were taken apart, with a blank between two. */
static const char *undone(const char *text, bool joined)
{
	struct tw_plain plain, out;
	cr_assert(tw_plain_of(tw_slice_str(text), true, &arena, &plain));
	cr_assert(tw_disguise_undo(tw_slice_str(text), &plain, joined, &arena, &out, NULL));
	for (uint32_t i = 0; i < out.count; i++) { /* places lie in the source and rise */
		cr_assert_leq(out.word[i].source_to, strlen(text));
		cr_assert(i == 0 || out.word[i].source_from >= out.word[i - 1].source_to);
		cr_assert(i == 0 || out.word[i].at > out.word[i - 1].at);
	}
	uint32_t bytes = out.count ? out.word[out.count - 1].to : 0;
	return tw_arena_copy(&arena, (struct tw_slice){out.text, bytes}).ptr;
}

#define EACH(text, want)   cr_expect_str_eq(undone(text, false), want)
#define JOINED(text, want) cr_expect_str_eq(undone(text, true), want)

Test(disguise, digits_between_letters_are_letters)
{
	EACH("rif1es", "rifies");
	EACH("RIFLES", "rifies");
	EACH("kalashn1kov", "kaiashnikov");
	EACH("P15T0L", "pistoi");
	EACH("gr3n4de5", "grenades");
	EACH("bu11ets", "buiets");
	EACH("am8ush", "ambush");
}

Test(disguise, numbers_sizes_and_codes_stay)
{
	EACH("ak47 m4 5kg 12gauge gun5", "ak47 m4 5kg 12gauge gun5");
	EACH("h2so4 x264b", "h2so4 x264b"); /* two stands for no letter */
	EACH("gl0ck17", "giok17");          /* a number at the end */
	EACH("1a1b1c1d1", "1a1b1c1d1");     /* more digits than letters */
	EACH("P1ST0L-4711", "p1st0i 4711"); /* tied to a number: a code */
	EACH("4711/P1ST0L", "4711 p1st0i");
	EACH("P1ST0L-X-4711A", "p1st0i x 4711a");
	EACH("P1ST0L 4711, p1stol: 12", "pistoi 4711 pistoi 12");
	JOINED("P1ST0L-4711", "p1st0i 4711");
	JOINED("1,3,5-tri-2-ene", "1 3 5 tri 2 ene");
}

Test(disguise, letters_doubled_or_written_otherwise_are_one)
{
	EACH("glok glock glockk", "giok giok giok");
	EACH("berreta pisstol amunition", "bereta pistoi amunition");
	EACH("ammo guns lock", "ammo guns iock"); /* four letters: as they are */
	EACH("slide sl1de bullet bulet", "siide siide buiet buiet");
	EACH("RlFLES", "rifies"); /* a small l for a capital i */
	EACH("lllll", "lllll");   /* nothing is left of it */
	EACH("gun", "gun");
}

Test(disguise, what_was_taken_apart_is_one_word)
{
	JOINED("R I F L E S", "rifies");
	JOINED("r.i.f.l.e.s", "rifies");
	JOINED("r-1-f-l-e-s", "rifies");
	JOINED("rif-les", "rifies");
	JOINED("ri_f1_es", "rifies");
	JOINED("2 R I F L E S 5 boxes", "2 rifies 5 boxes");
	JOINED("A S S A U L T  R I F L E S", "asauit rifies");
	JOINED("\xD0\xA0 \xD0\x98 \xD0\xA4 \xD0\x9B", "\xD1\x80\xD0\xB8\xD1\x84\xD0\xBB"); /* in every alphabet */
}

Test(disguise, what_is_not_taken_apart_stays_apart)
{
	JOINED("S M L", "s m l");             /* three sizes */
	JOINED("R I-F L-E S", "r i f l e s"); /* blanks and marks in turn */
	JOINED("rif les", "rif les");         /* a blank between pieces */
	JOINED("gu-ns", "gu ns");             /* four letters */
	JOINED("rifles, parts", "rifies parts");
	JOINED("rif--les", "rif les");
	JOINED("", "");
	JOINED("\xE6\xAD\xA5 \xE6\x9E\xAA \xE6\xAD\xA5 \xE6\x9E\xAA", "\xE6\xAD\xA5 \xE6\x9E\xAA \xE6\xAD\xA5 \xE6\x9E\xAA");
}

Test(disguise, what_is_longer_than_a_word_is_none)
{
	char text[2 * TW_DISGUISE_JOINED_MAX + 4] = {0}, want[sizeof(text)] = {0};
	for (uint32_t i = 0; i <= TW_DISGUISE_JOINED_MAX; i++) {
		text[2 * i] = want[2 * i] = (char)('a' + i % 3);
		text[2 * i + 1] = i < TW_DISGUISE_JOINED_MAX ? '.' : '\0';
		want[2 * i + 1] = i < TW_DISGUISE_JOINED_MAX ? ' ' : '\0';
	}
	JOINED(text, want);
	text[2 * TW_DISGUISE_JOINED_MAX - 1] = '\0'; /* one letter less */
	cr_expect_null(strchr(undone(text, true), ' '));
}

Test(disguise, the_place_is_that_of_all_its_pieces)
{
	struct tw_plain plain, out;
	struct tw_slice text = tw_slice_str("2 R I F L E S");
	bool any;
	cr_assert(tw_plain_of(text, true, &arena, &plain));
	cr_assert(tw_disguise_undo(text, &plain, true, &arena, &out, &any));
	cr_assert(any);
	cr_assert_eq(out.count, 2);
	cr_expect_eq(out.word[1].source_from, 2);
	cr_expect_eq(out.word[1].source_to, 13);
	cr_assert(tw_disguise_undo(text, &plain, false, &arena, &out, &any));
	cr_assert(any);
	cr_assert_eq(out.count, 7);
	text = tw_slice_str("2 rif1es, S M L");
	cr_assert(tw_plain_of(text, true, &arena, &plain));
	cr_assert(tw_disguise_undo(text, &plain, false, &arena, &out, &any));
	cr_assert_not(any);
}

Test(disguise, what_does_not_fit_the_arena_is_refused)
{
	struct tw_arena small;
	struct tw_plain plain, out;
	char text[4096];
	memset(text, 'a', sizeof(text));
	tw_arena_init(&small, 64, 512);
	cr_assert(tw_plain_of((struct tw_slice){text, sizeof(text)}, true, &arena, &plain));
	cr_assert_not(tw_disguise_undo((struct tw_slice){text, sizeof(text)}, &plain, false, &small, &out, NULL));
	tw_arena_fini(&small);
}
