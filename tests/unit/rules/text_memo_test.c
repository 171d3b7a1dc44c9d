/**
 * @file text_memo_test.c
 * What was found in a text is found again by its bytes, and what one event holds stays until the next.
 */
#include <criterion/criterion.h>

#include "fixture.h"
#include "rules/bench.h"
#include "rules/text_memo.h"

static struct tw_text_memo *memo;

static void setup(void)
{
	memo = tw_text_memo_new();
	cr_assert(memo);
}

static void teardown(void)
{
	tw_text_memo_free(memo);
}

TestSuite(text_memo, .init = setup, .fini = teardown);

Test(text_memo, the_same_bytes_are_the_same_text)
{
	char bytes[] = "Sample Trade Nine";
	struct tw_text_known *known = tw_text_memo_of(memo, tw_slice_str(bytes));
	cr_assert_null(known->marks.found);
	cr_assert_not(known->words.known);
	cr_assert_neq(known->text.ptr, bytes);
	tw_text_memo_begin(memo);
	cr_assert_eq(tw_text_memo_of(memo, tw_slice_str("Sample Trade Nine")), known);
	bytes[0] = 's';
	cr_assert_neq(tw_text_memo_of(memo, tw_slice_str(bytes)), known);
	cr_assert(tw_slice_is(known->text, "Sample Trade Nine"), "the memo's own bytes");
}

Test(text_memo, what_is_too_long_or_empty_is_not_remembered)
{
	char bytes[TW_TEXT_MEMO_BYTES + 1];
	memset(bytes, 'a', sizeof(bytes));
	cr_assert_null(tw_text_memo_of(memo, (struct tw_slice){bytes, sizeof(bytes)}));
	cr_assert_null(tw_text_memo_of(memo, (struct tw_slice){bytes, 0}));
	cr_assert(tw_text_memo_of(memo, (struct tw_slice){bytes, sizeof(bytes) - 1}));
}

Test(text_memo, a_full_pool_begins_anew_with_the_next_event_and_not_before)
{
	struct tw_text_known *first = tw_text_memo_of(memo, tw_slice_str("the first"));
	uint32_t count = 0;
	char bytes[32];
	do {
		snprintf(bytes, sizeof(bytes), "text %u", ++count);
	} while (tw_text_memo_of(memo, tw_slice_str(bytes)));
	cr_assert_gt(count, 10000);
	cr_assert(tw_slice_is(first->text, "the first"));
	cr_assert_null(tw_text_memo_of(memo, tw_slice_str("one more")));
	tw_text_memo_begin(memo);
	cr_assert(tw_text_memo_of(memo, tw_slice_str("one more")));
}

/* A match that was given up is tried, and counted, in each event anew: the counter does not tell what is remembered. */
Test(text_memo, a_match_that_was_given_up_is_not_remembered)
{
	struct fixture *f = fixture_new();
	char hostile[101];
	memset(hostile, 'a', sizeof(hostile) - 1);
	memcpy(hostile + 90, "c b", 4);
	f->event.consignment.items.count = 1;
	item(f, 0)->description = fixture_text(f, tw_arena_copy(&f->arena, tw_slice_str(hostile)).ptr);
	cr_assert_not(fires(f, "{some: items, where: {field: item.description, matches: '(a+)+(a+)+(a+)+b'}}"));
	uint64_t once = tw_rule_bench_limited(f->bench);
	cr_assert_eq(fixture_eval(f), 0);
	cr_assert_eq(tw_rule_bench_limited(f->bench), 2 * once);
	cr_assert_gt(once, 0);
	cr_assert_eq(tw_rule_bench_limited_rules(f->bench).count, 1);
	cr_assert(fires(f, "{some: items, where: {field: item.description, matches: ['(a+)+(a+)+(a+)+b', 'c b']}}"), "another pattern of the set");
	once = tw_rule_bench_limited(f->bench);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(tw_rule_bench_limited(f->bench), 2 * once);
	fixture_free(f);
}
