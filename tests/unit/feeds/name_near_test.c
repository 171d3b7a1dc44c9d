/** @file name_near_test.c  What the index keeps of the words of most names, against comparing them with the whole vocabulary. */
#include "feeds/name_near.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/name_similar.h"
#include "tests/reference/dice.h"

#define NAMES 2000U

static struct tw_arena arena;
static struct tw_name_index name_index;
static struct dice dice;

/* Three words of few letters, short ones most: some come in many names, most in one; long ones do not fit into a packed word. */
static struct tw_slice make_name(void)
{
	static const char letters[] = "aeinrst";
	char *text = tw_arena_alloc_raw(&arena, 64);
	uint32_t length = 0;
	cr_assert_not_null(text);
	for (uint32_t word = 0; word < 3; word++) {
		for (uint32_t left = 3 + dice_below(&dice, dice_below(&dice, 4) ? 2 : 15); left; left--) {
			text[length++] = letters[dice_below(&dice, sizeof(letters) - 1)];
		}
		text[length++] = ' ';
	}
	return (struct tw_slice){text, length - 1};
}

static void build(uint32_t count)
{
	static struct tw_name_source names[NAMES];
	dice = dice_of_seed(5);
	tw_arena_init(&arena, 1 << 16, 0);
	for (uint32_t i = 0; i < count; i++) {
		names[i] = (struct tw_name_source){make_name(), i};
	}
	cr_assert(tw_name_index_build(&name_index, TW_NAME_OF_PERSON, names, count, &arena));
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_near, .fini = teardown);

static uint32_t held_by(uint32_t term)
{
	return name_index.head[term + 1].posting - name_index.head[term].posting;
}

/* Is the similarity that was kept the one of the two words? */
static bool is_alike(const struct tw_name_pattern *pattern, struct tw_near_walk walk)
{
	int32_t ppm = tw_name_term_similarity(pattern, &name_index.vocabulary[walk.term], name_index.rules);
	for (uint32_t i = 0; i < TW_NEAR_PPMS; i++) {
		if (name_index.near.ppm[i] == ppm) {
			return walk.alike == i;
		}
	}
	return walk.alike == TW_NEAR_ELSE;
}

/* @return words that it meets */
static uint32_t expect_list(uint32_t term, struct tw_near_walk walk)
{
	struct tw_name_pattern pattern;
	uint32_t met = 0;
	tw_name_pattern_make(&pattern, &name_index.vocabulary[term]);
	pattern.term.known = true;
	for (uint32_t at = 0; at < name_index.fuzzy_count; at++) {
		if (tw_name_term_similarity(&pattern, &name_index.vocabulary[at], name_index.rules)) {
			cr_assert(tw_near_next(&walk) && walk.term == at && is_alike(&pattern, walk), "%.*s", name_index.vocabulary[at].len, name_index.vocabulary[at].text);
			met++;
		}
	}
	cr_assert_not(tw_near_next(&walk));
	return met;
}

Test(name_near, keeps_every_word_that_a_common_word_meets_and_no_other)
{
	struct tw_near_walk walk;
	uint32_t met = 0, known = 0;
	build(NAMES);
	for (uint32_t term = 0; term < name_index.fuzzy_count; term++) {
		if (tw_name_near_find(&name_index.near, term, &walk)) {
			met += expect_list(term, walk);
			known++;
		}
	}
	cr_expect_eq(known, name_index.near.count);
	cr_expect(known > 100 && met > known * 10, "%u words meet %u", known, met);
	cr_expect_not(tw_name_near_find(&name_index.near, UINT32_MAX, &walk), "a word that no name has");
}

Test(name_near, knows_the_words_that_most_names_hold_and_at_most_a_quarter)
{
	struct tw_near_walk walk;
	uint32_t most_unknown = 0, least_known = UINT32_MAX;
	build(NAMES);
	for (uint32_t term = 0; term < name_index.fuzzy_count; term++) {
		uint32_t held = held_by(term);
		if (tw_name_near_find(&name_index.near, term, &walk)) {
			least_known = held < least_known ? held : least_known;
		} else {
			most_unknown = held > most_unknown ? held : most_unknown;
		}
	}
	cr_expect(least_known > most_unknown, "%u and %u", least_known, most_unknown);
	cr_expect(name_index.near.count <= name_index.fuzzy_count / 4);
}

Test(name_near, of_no_names_there_is_nothing_to_know)
{
	struct tw_near_walk walk;
	build(0);
	cr_expect_eq(name_index.near.count, 0);
	cr_expect_not(tw_name_near_find(&name_index.near, 0, &walk));
}

Test(name_near, a_list_is_walked_by_gaps_of_any_size)
{
	uint8_t gap[] = {5, 7, 0xFF, 0x01, TW_NEAR_ELSE, 0x80, 0x80, 0x01, 0};
	struct tw_near_walk walk = {gap, gap + sizeof(gap), 0, 0};
	arena = (struct tw_arena){0};
	cr_assert(tw_near_next(&walk));
	cr_expect(walk.term == 5 && walk.alike == 7);
	cr_assert(tw_near_next(&walk));
	cr_expect(walk.term == 5 + 255 && walk.alike == TW_NEAR_ELSE);
	cr_assert(tw_near_next(&walk));
	cr_expect(walk.term == 5 + 255 + 16384 && walk.alike == 0);
	cr_expect_not(tw_near_next(&walk));
}
