/** @file name_similar_test.c  What the letter masks and first letters let through, against comparing with the whole vocabulary. */
#include "feeds/name_similar.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

#define NAMES      3000U
#define QUERIES    400U
#define WORD_BYTES 12U

static struct tw_arena arena;
static struct tw_name_index name_index;
static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % bound;
}

/* Few letters, so that many words are near each other. */
static struct tw_slice make_word(void)
{
	static const char letters[] = "adeinrst";
	uint32_t length = 2 + random_below(WORD_BYTES - 2);
	char *text = tw_arena_alloc_raw(&arena, length);
	cr_assert_not_null(text);
	for (uint32_t i = 0; i < length; i++) {
		text[i] = letters[random_below(sizeof(letters) - 1)];
	}
	return (struct tw_slice){text, length};
}

static void setup(void)
{
	static struct tw_name_source names[NAMES];
	seed = 11;
	tw_arena_init(&arena, 1 << 16, 0);
	for (uint32_t i = 0; i < NAMES; i++) {
		names[i] = (struct tw_name_source){make_word(), i};
	}
	cr_assert(tw_name_index_build(&name_index, TW_NAME_OF_VESSEL, names, NAMES, &arena));
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_similar, .init = setup, .fini = teardown);

static struct tw_name_term term_of(struct tw_slice word)
{
	return tw_name_term_make(&(struct tw_name_form_token){.text = word, .word = TW_WORD_PLAIN}, TW_NAME_OF_VESSEL);
}

static struct tw_similar *meet(struct tw_similar_memo *memo, const struct tw_name_term *term)
{
	struct tw_similar *word = tw_similar_word(memo, term);
	cr_assert(tw_similar_meet(memo, word));
	return word;
}

static int32_t found_ppm(const struct tw_similar_memo *memo, const struct tw_similar *similar, uint32_t term)
{
	for (uint32_t i = 0; i < similar->count; i++) {
		if (memo->pool[similar->first + i].term == term) {
			return (int32_t)memo->pool[similar->first + i].ppm;
		}
	}
	return 0;
}

/* @return how many terms of the whole vocabulary are similar */
static uint32_t expect_all(const struct tw_similar_memo *memo, const struct tw_similar *similar, const struct tw_name_term *term)
{
	struct tw_name_pattern pattern;
	uint32_t expected = 0;
	tw_name_pattern_make(&pattern, term);
	pattern.term.known = tw_name_index_find(&name_index, term) != UINT32_MAX;
	for (uint32_t at = 0; at < name_index.term_count; at++) {
		int32_t ppm = tw_name_term_similarity(&pattern, &name_index.vocabulary[at], name_index.rules);
		if (ppm) {
			expected++;
			cr_expect_eq(found_ppm(memo, similar, at), ppm, "%.*s and %.*s", term->len, term->text, name_index.vocabulary[at].len,
			             name_index.vocabulary[at].text);
		}
	}
	return expected;
}

Test(name_similar, finds_what_comparing_with_the_whole_vocabulary_finds)
{
	struct tw_similar_memo memo;
	uint32_t found = 0;
	cr_assert(tw_similar_init(&memo, &name_index));
	for (uint32_t scan = 0; scan < TW_NAME_SCANS; scan++) {
		if (!tw_name_scan_has((enum tw_name_scan)scan)) {
			continue;
		}
		name_index.scan = (enum tw_name_scan)scan;
		tw_similar_forget(&memo);
		for (uint32_t i = 0; i < QUERIES; i++) {
			struct tw_name_term term = term_of(make_word());
			const struct tw_similar *similar = meet(&memo, &term);
			cr_expect_eq(similar->count, expect_all(&memo, similar, &term));
			found += similar->count;
		}
	}
	cr_expect_gt(found, QUERIES); /* one a query at least */
	tw_similar_fini(&memo);
}

Test(name_similar, remembers_a_word_until_it_is_told_to_forget)
{
	struct tw_similar_memo memo;
	struct tw_name_term term = term_of((struct tw_slice){"okarin", 6});
	cr_assert(tw_similar_init(&memo, &name_index));
	const struct tw_similar *first = tw_similar_word(&memo, &term);
	cr_expect_not(first->met);
	cr_expect_eq(meet(&memo, &term), first);
	cr_expect_eq(meet(&memo, &term), first);
	cr_expect(first->met);
	cr_expect_eq(memo.used, 1u);
	cr_expect_not(tw_similar_is_full(&memo));
	tw_similar_forget(&memo);
	cr_expect_eq(memo.used, 0u);
	cr_expect_not(tw_similar_word(&memo, &term)->met);
	tw_similar_fini(&memo);
}

Test(name_similar, a_word_that_is_not_of_letters_meets_its_equal_alone)
{
	struct tw_similar_memo memo;
	struct tw_name_term term = term_of((struct tw_slice){"a1b2", 4});
	cr_assert(tw_similar_init(&memo, &name_index));
	const struct tw_similar *similar = meet(&memo, &term);
	cr_expect_eq(similar->count, 0u);
	cr_expect_eq(similar->term.weight, TW_NAME_WEIGHT_MAX);
	tw_similar_fini(&memo);
}
