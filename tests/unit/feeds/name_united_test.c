/** @file name_united_test.c  All that a word meets in one run: every posting once, by kind, with what its term gives; from the third time on. */
#include "feeds/name_united.h"

#include <criterion/criterion.h>

#include "tests/unit/feeds/name_birds.h"

#define THRESHOLD 800000

static struct tw_name_united united;

static void setup(void)
{
	birds_begin();
	united = (struct tw_name_united){0};
}

static void teardown(void)
{
	tw_name_united_fini(&united);
	birds_end();
}

TestSuite(name_united, .init = setup, .fini = teardown);

/* @return a word of which it is known what it gains, as a query leaves it */
static struct tw_similar *meet(const char *text)
{
	struct tw_similar *word = bird_meet(text);
	word->threshold = THRESHOLD;
	return word;
}

static bool find(struct tw_similar *word, struct tw_united *out)
{
	return tw_name_united_find(&united, &memo, word, out);
}

static bool find_third(struct tw_similar *word, struct tw_united *out)
{
	bool first = find(word, out), second = find(word, out);
	cr_expect_not(first || second, "a word is not yet one that comes again and again");
	return find(word, out);
}

/* Is a posting of this term in the run, among those of its kind, with its gain? Those that are found are struck out of `left`. */
static bool has(const struct tw_united *run, uint32_t kind, uint64_t posting, int64_t gain, bool *left)
{
	for (uint32_t at = kind ? run->until[kind - 1] : 0; at < run->until[kind]; at++) {
		if (left[at] && run->posting[at] == posting && run->gain[at] == gain) {
			left[at] = false;
			return true;
		}
	}
	return false;
}

static void expect_run(const struct tw_similar *word, const struct tw_united *run)
{
	bool left[64];
	uint32_t count = 0;
	memset(left, true, sizeof(left));
	cr_assert_leq(run->until[TW_NAME_KINDS - 1], 64u);
	for (uint32_t i = 0; i < word->words; i++) {
		const struct tw_similar_posted *posted = &memo.posted[word->first + i];
		int64_t gain = tw_similar_gain(word, memo.pool[word->first + i], word->threshold);
		for (uint32_t kind = 0, p = 0; kind < TW_NAME_KINDS; kind++) {
			for (; p < posted->until[kind]; p++) {
				cr_expect(has(run, kind, name_index.posting[posted->first + p], gain, left));
				count++;
			}
		}
	}
	cr_expect_eq(count, run->until[TW_NAME_KINDS - 1], "and no other");
}

Test(name_united, a_run_has_every_posting_by_kind_with_what_its_term_gives)
{
	struct tw_united run;
	struct tw_similar *yusuf = meet("yusuf"), *wren = meet("wren");
	cr_assert(find_third(yusuf, &run));
	cr_expect_gt(run.until[0], 0u);
	cr_expect_gt(run.until[TW_KIND_INITIAL], run.until[0]);
	cr_expect_gt(run.until[TW_KIND_INITIALS], run.until[TW_KIND_INITIAL]);
	expect_run(yusuf, &run);
	cr_assert(find_third(wren, &run));
	expect_run(wren, &run);
	cr_assert(find(yusuf, &run), "the first one is still there");
	expect_run(yusuf, &run);
}

Test(name_united, a_word_that_meets_nothing_has_an_empty_run)
{
	struct tw_united run;
	cr_assert(find_third(meet("xqzvvk"), &run));
	cr_expect_eq(run.until[TW_NAME_KINDS - 1], 0u);
}

Test(name_united, another_threshold_makes_it_anew)
{
	struct tw_united run;
	struct tw_similar *yusuf = meet("yusuf");
	cr_assert(find_third(yusuf, &run));
	int32_t gain = run.gain[0];
	yusuf->threshold = THRESHOLD / 2;
	cr_assert(find(yusuf, &run));
	cr_expect_gt(run.gain[0], gain);
	expect_run(yusuf, &run);
}

Test(name_united, all_are_forgotten_with_the_words)
{
	struct tw_united run;
	cr_assert(find_third(meet("yusuf"), &run));
	tw_similar_forget(&memo);
	tw_name_united_forget(&united);
	cr_expect_eq(united.used, 0u);
	struct tw_similar *wren = meet("wren");
	cr_assert(find_third(wren, &run));
	expect_run(wren, &run);
}

Test(name_united, a_word_that_finds_no_room_has_none_and_the_others_keep_theirs)
{
	struct tw_united run;
	struct tw_similar *yusuf = meet("yusuf"), *wren = meet("wren");
	cr_assert(find_third(yusuf, &run));
	uint32_t used = united.used;
	united.used = TW_UNITED_MAX;
	cr_expect_not(find_third(wren, &run));
	united.used = used;
	cr_assert(find(yusuf, &run));
	expect_run(yusuf, &run);
	cr_assert(find(wren, &run), "and has one as soon as there is room");
	expect_run(wren, &run);
}
