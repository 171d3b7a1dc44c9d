/** @file name_holders_test.c  Which forms hold a word, or what it meets: every one that does, few of the others, until it is told to forget. */
#include "feeds/name_holders.h"

#include <criterion/criterion.h>

#include "tests/unit/feeds/name_birds.h"

static struct tw_name_holders holders;

static void setup(void)
{
	birds_begin();
	holders = (struct tw_name_holders){0};
}

static void teardown(void)
{
	tw_name_holders_fini(&holders);
	birds_end();
}

TestSuite(name_holders, .init = setup, .fini = teardown);

/* Does the form have one of the words that this one meets? */
static bool holds(const struct tw_similar *word, uint32_t form)
{
	uint32_t count;
	const uint32_t *term = tw_name_index_form(&name_index, form, &count);
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t met = 0; met < word->words; met++) {
			if (memo.pool[word->first + met].term == term[i]) {
				return true;
			}
		}
	}
	return false;
}

/* @return how many hold it */
static uint32_t expect_holders(struct tw_similar *word)
{
	struct tw_holders out;
	uint32_t held = 0, in_vain = 0;
	cr_assert(tw_name_holders_find(&holders, &memo, word, &out));
	for (uint32_t form = 0; form < name_index.form_count; form++) {
		bool does = holds(word, form), may = tw_holders_may_have(out, form);
		cr_expect(may || !does, "form %u", form);
		held += does;
		in_vain += may && !does;
	}
	cr_expect_lt(in_vain * 3, name_index.form_count, "%u of %u are looked at in vain", in_vain, name_index.form_count);
	return held;
}

Test(name_holders, every_form_that_holds_a_word_is_told_and_few_of_the_others)
{
	struct tw_similar *yusuf = bird_meet("yusuf"), *wren = bird_meet("wren"), *nobody = bird_meet("xqzvvk");
	uint32_t held = expect_holders(yusuf);
	cr_expect_geq(held, 4u);
	cr_expect_geq(expect_holders(wren), 3u);
	cr_expect_eq(expect_holders(nobody), 0u);
	cr_expect_eq(expect_holders(yusuf), held, "the same when it is asked again");
}

Test(name_holders, are_found_anew_when_all_is_forgotten)
{
	cr_expect_geq(expect_holders(bird_meet("yusuf")), 4u);
	cr_expect_gt(holders.used, 0u);
	tw_similar_forget(&memo);
	tw_name_holders_forget(&holders, &memo);
	cr_expect_eq(holders.used, 0u);
	cr_expect_geq(expect_holders(bird_meet("wren")), 3u);
	cr_expect_geq(expect_holders(bird_meet("yusuf")), 4u);
}

Test(name_holders, are_forgotten_without_what_the_words_meet)
{
	struct tw_similar *yusuf = bird_meet("yusuf");
	uint32_t held = expect_holders(yusuf), found = memo.pool_used;
	tw_name_holders_forget(&holders, &memo);
	cr_expect(yusuf->met && !yusuf->holders_bits);
	cr_expect_geq(expect_holders(bird_meet("wren")), 3u, "another word takes the first field");
	cr_expect_eq(expect_holders(bird_meet("yusuf")), held);
	cr_expect_gt(memo.pool_used, found, "the other word alone was looked up");
}

Test(name_holders, are_full_when_they_have_grown_past_their_share)
{
	cr_expect_not(tw_name_holders_are_full(&holders));
	holders.used = UINT32_MAX;
	cr_expect(tw_name_holders_are_full(&holders));
	tw_name_holders_forget(&holders, &memo);
	cr_expect_not(tw_name_holders_are_full(&holders));
}

/* Of a word's terms those come first that forms of the latest kinds have; postings of a kind stand together. */
Test(name_holders, postings_are_told_by_how_many_initials_their_forms_have)
{
	const struct tw_similar *word = bird_meet("yusuf");
	uint32_t forms[TW_NAME_KINDS] = {0};
	for (uint32_t i = 0; i < word->words; i++) {
		const struct tw_similar_posted *met = &memo.posted[word->first + i];
		for (uint32_t p = 0, kind = 0; p < met->until[TW_NAME_KINDS - 1]; p++) {
			uint32_t form = tw_name_posting_form(name_index.posting[met->first + p]);
			while (p >= met->until[kind]) {
				kind++;
			}
			cr_expect_geq(form, name_index.words_at[kind][0]);
			cr_expect(kind + 1 == TW_NAME_KINDS || form < name_index.words_at[kind + 1][0]);
			cr_expect_lt(i, word->held[kind]);
			forms[kind]++;
		}
	}
	for (uint32_t kind = 0; kind < TW_NAME_KINDS; kind++) {
		cr_expect_eq(forms[kind], word->forms[kind]);
		cr_expect_gt(forms[kind], 0u);
	}
}
