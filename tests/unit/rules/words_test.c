/**
 * @file words_test.c
 * Word lists: whole words, spellings, stems, near, except, several lists in one pass, bounds.
 */
#include "rules/words.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;
static struct tw_words *words;
static struct tw_rule_report report;
static struct tw_error err;
static struct tw_span place;

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
	words = tw_words_new(&arena);
	report = (struct tw_rule_report){.err = &err, .file = "a"};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(words, .init = setup, .fini = teardown);

/* A list remembers its literals: they live as long as it. */
static struct tw_literals one(const char *phrase)
{
	struct tw_literal *literal = tw_arena_alloc(&arena, sizeof(*literal));
	*literal = (struct tw_literal){.text = tw_slice_str(phrase), .mark = {1, 1}};
	return (struct tw_literals){literal, 1};
}

static uint32_t add_as(const char *phrase, bool disguised)
{
	struct tw_literals literals = one(phrase);
	uint32_t list = TW_WORD_NO_LIST;
	cr_assert(tw_words_add(words, &literals, disguised, &report, &list), "%s", err.detail);
	return list;
}

static uint32_t add(const char *phrase)
{
	return add_as(phrase, false);
}

static const char *refused(const char *phrase)
{
	struct tw_literals literals = one(phrase);
	uint32_t list;
	err = (struct tw_error){0};
	report = (struct tw_rule_report){.err = &err, .file = "a"};
	cr_assert_not(tw_words_add(words, &literals, false, &report, &list), "%s", phrase);
	return err.detail;
}

static bool meets(struct tw_word_test test, const char *text)
{
	struct tw_word_marks marks = {.known = false};
	cr_assert(tw_words_read(words, &marks, tw_slice_str(text), true, &arena, &arena));
	return tw_words_meet(&marks, &test, &place);
}

static bool has(uint32_t list, const char *text)
{
	return meets((struct tw_word_test){list, TW_WORD_NO_LIST, 0, TW_WORD_NO_LIST, true}, text);
}

Test(words, whole_words_count_and_parts_do_not)
{
	uint32_t barrel = add("barrel"), gun = add("machine gun");
	cr_assert(tw_words_seal(words));
	cr_assert(has(barrel, "A BARREL."));
	cr_assert_not(has(barrel, "barrelled"));
	cr_assert_not(has(gun, "machine gunnery"));
	cr_assert_not(has(gun, "machine"));
	cr_assert_not(has(gun, "gun machine"));
	cr_assert_not(has(gun, ""));
}

Test(words, gaps_may_be_missing_and_words_in_the_plural)
{
	uint32_t gun = add("machine gun"), box = add("box"), story = add("battery"), knife = add("knife"), assault = add("fusil d'assaut");
	uint32_t hunting = add("arme longue"), canon = add("ca\xC3\xB1\xC3\xB3n"), bateau = add("bateau"), arms = add("arms");
	cr_assert(tw_words_seal(words));
	cr_assert(has(gun, "machine-guns") && has(gun, "machinegun") && has(gun, "MACHINE / GUN"));
	cr_assert(has(box, "boxes") && has(story, "batteries") && has(knife, "knives"));
	cr_assert(has(assault, "fusils d\xE2\x80\x99"
	                       "assaut") &&
	          has(hunting, "armes longues"));
	cr_assert(has(canon, "ca\xC3\xB1ones") && has(bateau, "bateaux"));
	cr_assert(has(arms, "small arms"));
	cr_assert_not(has(arms, "arm"));
}

Test(words, a_star_takes_any_ending)
{
	uint32_t pulemet = add("\xD0\xBF\xD1\x83\xD0\xBB\xD0\xB5\xD0\xBC\xD0\xB5\xD1\x82*");
	uint32_t avtomat = add("\xD0\xB0\xD0\xB2\xD1\x82\xD0\xBE\xD0\xBC\xD0\xB0\xD1\x82*"), rifle = add("sniper rif*");
	cr_assert(tw_words_seal(words));
	cr_assert(has(pulemet, "\xD0\x9F\xD1\x83\xD0\xBB\xD0\xB5\xD0\xBC\xD1\x91\xD1\x82\xD1\x8B")); /* with yo, in the plural */
	cr_assert(has(avtomat, "\xD0\xB0\xD0\xB2\xD1\x82\xD0\xBE\xD0\xBC\xD0\xB0\xD1\x82"));
	cr_assert(has(avtomat, "\xD0\xB0\xD0\xB2\xD1\x82\xD0\xBE\xD0\xBC\xD0\xB0\xD1\x82\xD1\x8B"));
	cr_assert(has(rifle, "sniper riflemen"));
	cr_assert_not(has(rifle, "sniper ri"));
	cr_assert_not(has(rifle, "sniper x rifle"));
}

Test(words, characters_of_a_script_without_spaces_match_inside_a_run)
{
	uint32_t rifle = add("\xE6\xAD\xA5\xE6\x9E\xAA");
	cr_assert(tw_words_seal(words));
	cr_assert(has(rifle, "\xE7\xAA\x81\xE5\x87\xBB\xE6\xAD\xA5\xE6\x9E\xAA"));
	cr_assert_eq(place.from, 6);
	cr_assert_eq(place.to, 12);
	cr_assert_not(has(rifle, "\xE6\xAD\xA5\xE5\x87\xBB\xE6\x9E\xAA"));
}

Test(words, the_place_is_that_of_the_source)
{
	uint32_t gun = add("machine gun");
	cr_assert(tw_words_seal(words));
	cr_assert(has(gun, "\xC3\x89t\xC3\xA9: m\xD0\xB0"
	                   "chine \xE2\x80\x93 guns"));
	cr_assert_eq(place.from, 7);
	cr_assert_eq(place.to, 24);
}

Test(words, an_exception_voids_the_words_that_it_covers_alone)
{
	uint32_t barrel = add("barrel"), wine = add("wine barrel");
	cr_assert(tw_words_seal(words));
	struct tw_word_test test = {barrel, TW_WORD_NO_LIST, 0, wine, true};
	cr_assert_not(meets(test, "oak wine barrels"));
	cr_assert(meets(test, "wine barrels and rifle barrels"));
	cr_assert_eq(place.from, 23);
	cr_assert(meets(test, "barrel"));
}

Test(words, near_counts_the_characters_between)
{
	uint32_t rifle = add("rifle"), barrel = add("barrel");
	cr_assert(tw_words_seal(words));
	struct tw_word_test test = {rifle, barrel, 5, TW_WORD_NO_LIST, true};
	cr_assert(meets(test, "rifle barrel"));
	cr_assert_eq(place.from, 0);
	cr_assert_eq(place.to, 12);
}

Test(words, near_is_refused_beyond_its_distance)
{
	uint32_t rifle = add("rifle"), barrel = add("barrel");
	cr_assert(tw_words_seal(words));
	cr_assert(meets((struct tw_word_test){rifle, barrel, 6, TW_WORD_NO_LIST, true}, "barrel of a rifle"));
	cr_assert_not(meets((struct tw_word_test){rifle, barrel, 5, TW_WORD_NO_LIST, true}, "barrel of a rifle"));
	cr_assert_not(meets((struct tw_word_test){rifle, rifle, 50, TW_WORD_NO_LIST, true}, "rifle"));
	cr_assert(meets((struct tw_word_test){rifle, rifle, 50, TW_WORD_NO_LIST, true}, "rifle, rifle"));
}

Test(words, equal_lists_are_one_and_others_are_not)
{
	uint32_t a = add("barrel"), b = add("barrel"), c = add("receiver");
	cr_assert_eq(a, b);
	cr_assert_neq(a, c);
}

Test(words, a_text_of_nothing_but_words_ends_at_the_bound)
{
	uint32_t gun = add("gun"), last = add("zebra");
	static char text[4096];
	cr_assert(tw_words_seal(words));
	for (uint32_t i = 0; i < TW_WORD_HITS_MAX; i++) {
		memcpy(text + i * 4, "gun ", 4);
	}
	memcpy(text + TW_WORD_HITS_MAX * 4U, "zebra", 6);
	cr_assert(has(gun, text));
	cr_assert_not(has(last, text));
	cr_assert(has(last, text + 4));
}

Test(words, what_stands_for_nothing_or_for_anything_is_refused)
{
	cr_assert_str_eq(refused("--"), "\"--\" holds no word: letters and digits are what is compared");
	cr_assert_str_eq(refused("a"), "\"a\" is a single letter or digit: it stands in almost any text");
	cr_assert_str_eq(refused("gu*"), "\"gu*\" stands for almost anything: at least 3 letters of the word before the *");
	cr_assert_str_eq(refused("gun*s"), "\"gun*s\" has a * that does not end it");
	cr_assert_str_eq(refused("a b c d e f g h i"), "\"a b c d e f g h i\" is too long: a phrase has at most 8 words");
}

/* Where a word begins as none of a list does, its letters are not looked at: in every script, whatever stands behind it. */
Test(words, beginnings_turn_no_phrase_away)
{
	static const char *const phrases[] = {"ar",     "gun",   "gun*", "rifl*",  "machine gun", "ammunition box",
	                                      "оружи*", "ружьё", "枪",   "بندقية", "x9 m2"};
	uint32_t list[sizeof(phrases) / sizeof(phrases[0])];
	for (size_t i = 0; i < sizeof(phrases) / sizeof(phrases[0]); i++) {
		list[i] = add(phrases[i]);
	}
	cr_assert(tw_words_seal(words));
	static const struct {
		uint32_t phrase;
		const char *text;
	} texts[] = {{0, "ar"},
	             {0, "an ar 1"},
	             {1, "gun"},
	             {1, "GUN_1"},
	             {2, "gunner"},
	             {3, "rifl"},
	             {3, "old rifles"},
	             {4, "machinegun"},
	             {4, "2 Machine-Guns"},
	             {5, "ammunition box"},
	             {5, "AMMUNITION BOXES, 1"},
	             {6, "оружие"},
	             {7, "ружье"},
	             {8, "手枪"},
	             {9, "البندقية"},
	             {10, "x9 m2"}};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct tw_word_test test = {list[texts[i].phrase], TW_WORD_NO_LIST, 0, TW_WORD_NO_LIST, true};
		cr_expect(meets(test, texts[i].text), "%s in %s", phrases[texts[i].phrase], texts[i].text);
	}
}

Test(words, lists_without_words_find_nothing)
{
	struct tw_word_marks marks = {.known = false};
	cr_assert(tw_words_seal(words));
	cr_assert(tw_words_read(words, &marks, tw_slice_str("rifle"), true, &arena, &arena));
	cr_assert_eq(marks.count, 0);
	cr_assert_geq(tw_words_list_bytes(words), sizeof(uint64_t));
}

Test(words, a_disguised_list_finds_what_was_misspelt_on_purpose)
{
	uint32_t rifle = add_as("rifle", true), glock = add_as("glock", true), pistol = add_as("pistol", true),
	         avtomat = add_as("kalashnikov*", true);
	uint32_t gun = add_as("machine gun", true), revolver = add_as("revolver", true), seventeen = add_as("glock 17", true);
	uint32_t bullet = add_as("bullet", true), slide = add_as("slide", true);
	cr_assert(tw_words_seal(words));
	cr_expect(has(rifle, "rif1es") && has(rifle, "R I F L E S") && has(rifle, "r.i.f.l.e.s") && has(rifle, "rif-les") && has(rifle, "rifles"));
	cr_expect(has(glock, "glok") && has(pistol, "p1stol") && has(avtomat, "kalashn1kov") && has(avtomat, "KALASHN1K0VS"));
	cr_expect(has(gun, "mach1ne gun") && has(gun, "m.a.c.h.i.n.e gun") && has(gun, "M A C H I N E  gun") && has(gun, "MACH1NE-GUN"));
	cr_expect(has(revolver, "revover") && has(revolver, "rvolvers"), "a letter left out");
	cr_expect(has(bullet, "bu1let") && has(bullet, "bul1ets") && has(bullet, "bu11et") && has(bullet, "bulet") && has(bullet, "bu1letts"));
	cr_expect(has(seventeen, "gl0ck 17") && has(seventeen, "glok17"));
	cr_expect_not(has(pistol, "piston") || has(pistol, "pisto") || has(pistol, "P1ST0L-4711") || has(pistol, "istol"));
	cr_expect(has(slide, "sl1de") && !has(slide, "side"));
	cr_expect_not(has(revolver, "evolver") || has(revolver, "revolve") || has(revolver, "revoer"), "first and last letter, or two");
	cr_expect_not(has(rifle, "r i f") || has(rifle, "rif les") || has(rifle, "ripple") || has(gun, "machine gum"));
}

Test(words, what_is_found_in_disguise_has_its_place_and_is_found_once)
{
	uint32_t rifle = add_as("rifle", true), riffle = add("riffle"), parts = add_as("part", true);
	struct tw_word_marks marks = {.known = false};
	cr_assert(tw_words_seal(words));
	cr_assert(has(rifle, "2 R I F L E S, spare"));
	cr_expect_eq(place.from, 2);
	cr_expect_eq(place.to, 13);
	cr_assert(tw_words_read(words, &marks, tw_slice_str("rif1es and rifles, rif-les parts"), true, &arena, &arena));
	cr_expect_eq(marks.count, 4);
	for (uint32_t i = 1; i < marks.count; i++) {
		cr_expect_gt(marks.hit[i].at, marks.hit[i - 1].at);
	}
	struct tw_word_test test = {rifle, parts, 3, riffle, true};
	cr_expect(meets(test, "rif-les parts"));
	cr_expect_eq(place.from, 0);
	cr_expect_eq(place.to, 13);
	cr_expect_not(meets(test, "riffle parts"), "the exception is read plainly");
}

Test(words, a_plain_list_beside_a_disguised_one_stays_plain)
{
	uint32_t plain = add("rifle"), disguised = add_as("rifle", true);
	cr_assert_neq(plain, disguised);
	cr_assert_eq(add_as("rifle", true), disguised);
	cr_assert(tw_words_seal(words));
	cr_expect_not(has(plain, "rif1es"));
	cr_expect(has(plain, "rifles") && has(disguised, "rifles"));
}

Test(words, hits_in_disguise_are_bounded_like_others)
{
	static char text[TW_WORD_HITS_MAX * 2 * 7 + 1];
	uint32_t rifle = add_as("rifle", true);
	struct tw_word_marks marks = {.known = false};
	cr_assert(tw_words_seal(words));
	for (uint32_t i = 0; i < TW_WORD_HITS_MAX * 2; i++) {
		memcpy(text + (size_t)i * 7, i % 2 ? "rif1es " : "rifles ", 7);
	}
	cr_assert(tw_words_read(words, &marks, (struct tw_slice){text, sizeof(text) - 1}, true, &arena, &arena));
	cr_expect_eq(marks.count, TW_WORD_HITS_MAX);
	cr_expect_eq(marks.hit[0].list, rifle);
}

Test(words, what_was_read_plainly_is_read_again_when_disguised_lists_are_asked)
{
	uint32_t rifle = add_as("rifle", true), part = add("part");
	struct tw_word_marks marks = {.known = false};
	struct tw_word_test rifles = {rifle, TW_WORD_NO_LIST, 0, TW_WORD_NO_LIST, true}, parts = {part, TW_WORD_NO_LIST, 0, TW_WORD_NO_LIST, false};
	cr_assert(tw_words_seal(words));
	cr_assert(tw_words_read(words, &marks, tw_slice_str("rif1e parts"), false, &arena, &arena));
	cr_expect(tw_words_meet(&marks, &parts, NULL));
	cr_expect_not(tw_words_meet(&marks, &rifles, NULL));
	cr_assert(tw_words_read(words, &marks, tw_slice_str("rif1e parts"), true, &arena, &arena));
	cr_expect(tw_words_meet(&marks, &parts, NULL));
	cr_expect(tw_words_meet(&marks, &rifles, NULL));
	cr_assert(tw_words_read(words, &marks, tw_slice_str("rif1e parts"), false, &arena, &arena));
	cr_expect(tw_words_meet(&marks, &rifles, NULL), "what is known is not forgotten");
}
