/**
 * @file disguise_sieve_test.c
 * A text is read again wherever undoing a disguise finds something, and ordinary texts are not.
 */
#include "rules/disguise_sieve.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "rules/disguise.h"

#define TEXTS 40000U

static struct tw_arena table_arena, arena;
static struct tw_phrases phrases;
static struct tw_disguise_sieve sieve;

static bool key_add(void *context, struct tw_slice key)
{
	const bool *stem = context;
	return tw_phrases_add(&phrases, (struct tw_phrase){key, 0, *stem});
}

static void listed(const char *spelling, bool lacks, bool stem)
{
	cr_assert(tw_disguise_spellings(tw_slice_str(spelling), lacks, key_add, &stem));
}

static void setup(void)
{
	tw_arena_init(&table_arena, 64 * 1024, 0);
	tw_arena_init(&arena, 64 * 1024, 0);
	phrases = (struct tw_phrases){.arena = &table_arena};
	listed("rifle", false, false);
	listed("glock", false, false);
	listed("bullet", false, false);
	listed("kalashnikov", true, false);
	listed("machine gun", false, false);
	listed("пистолет", false, true);
	listed("ckatola", false, true);
	cr_assert(tw_phrases_seal(&phrases));
	tw_disguise_sieve_make(&sieve, &phrases);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
	tw_arena_fini(&table_arena);
}

TestSuite(disguise_sieve, .init = setup, .fini = teardown);

static bool passes(const char *text)
{
	struct tw_plain plain;
	cr_assert(tw_plain_of(tw_slice_str(text), true, &arena, &plain));
	return tw_disguise_sieve_passes(&sieve, &phrases, tw_slice_str(text), &plain);
}

static bool undoing_finds(const char *text, bool joined)
{
	struct tw_word_hit found[TW_WORD_HITS_MAX];
	uint64_t lists = 0;
	struct tw_phrase_hits hits = {.hit = found, .lists = &lists};
	struct tw_plain plain, undone;
	cr_assert(tw_plain_of(tw_slice_str(text), true, &arena, &plain));
	cr_assert(tw_disguise_undo(tw_slice_str(text), &plain, joined, &arena, &undone, NULL));
	tw_phrases_find(&phrases, &undone, &hits);
	return hits.count > 0;
}

Test(disguise_sieve, lets_through_what_is_in_disguise)
{
	static const char *const texts[] = {"2 rif1e",         "R I F L E",   "1 R I F L E  2", "r.i.f.l.e",   "rif-le",        "GLOK",
	                                    "bu1let",          "KALASHN1K0V", "kalshnikov",     "mach1ne gun", "ma-chi-ne gun", "G-L-O-C-K",
	                                    "П И С Т О Л Е Т", "пистолетами", "KA-TOLA",        "k4tolamine"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect(undoing_finds(texts[i], true) && passes(texts[i]), "%s", texts[i]);
	}
}

Test(disguise_sieve, turns_away_ordinary_texts)
{
	static const char *const texts[] = {"",
	                                    "-",
	                                    "Steel pipes, 3.5-inch",
	                                    "T-shirts S/M/L/XL",
	                                    "Machinery parts, new",
	                                    "Household goods & personal effects",
	                                    "1,3,5-trimethylbenzene",
	                                    "12 Harbour Road, Port-Said",
	                                    "P1ST0L-4711",
	                                    "rice",
	                                    "Бумага для печати"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		cr_expect_not(passes(texts[i]), "%s", texts[i]);
	}
}

/* Pieces of listed words with what disguises are made of, put together by an equal sequence each time. */
Test(disguise_sieve, never_turns_away_what_undoing_finds)
{
	static const char *const pieces[] = {"r",        "i",  "f",     "l",   "e",     "s",  "1",   "3",  "rif", "les", "rifle", "gl",
	                                     "0",        "o",  "ck",    "k",   "bu",    "ll", "let", "et", "t",   "ka",  "lash",  "nik",
	                                     "ov",       "ma", "chine", "gun", " ",     " ",  "-",   "-",  ".",   "/",   "\t",    "4711",
	                                     "\xC2\xA0", "п",  "и",     "с",   "толет", "а",  "о",   "е",  "с",   "R",   "I",     "G"};
	uint64_t state = 20261127;
	uint32_t found = 0, away = 0;
	for (uint32_t i = 0; i < TEXTS; i++) {
		char text[128] = "";
		uint32_t count = 2 + i % 9;
		size_t length = 0;
		for (uint32_t piece = 0; piece < count; piece++) {
			state = state * 6364136223846793005ULL + 1442695040888963407ULL;
			const char *next = pieces[(state >> 33) % (sizeof(pieces) / sizeof(pieces[0]))];
			memcpy(text + length, next, strlen(next) + 1);
			length += strlen(next);
		}
		bool finds = undoing_finds(text, false) || undoing_finds(text, true), passed = passes(text);
		cr_assert(passed || !finds, "%s", text);
		found += finds;
		away += !passed;
		tw_arena_reset(&arena);
	}
	cr_expect_gt(found, 200);
	cr_expect_gt(away, TEXTS / 10);
}
