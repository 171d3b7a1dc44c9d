/**
 * @file memory_test.c
 * The memory store against the suite that every store must pass.
 */
#include <criterion/criterion.h>

#include "tests/unit/state/store_suite.h"

static struct tw_store *opened(void)
{
	struct tw_store *store = NULL;
	struct tw_error err;
	cr_assert_eq(tw_store_memory_new(&store, &err), TW_OK);
	return store;
}

#define SCENARIO(name)                                                                                                                               \
	Test(memory_store, name)                                                                                                                     \
	{                                                                                                                                            \
		struct tw_store *store = opened();                                                                                                   \
		suite_##name(store);                                                                                                                 \
		tw_store_free(store);                                                                                                                \
	}

SCENARIO(first_mention_has_no_prior)
SCENARIO(earlier_events_of_a_batch_count_into_later_priors)
SCENARIO(a_replay_gives_the_same_priors_and_adds_nothing)
SCENARIO(part_of_a_batch_may_be_a_replay)
SCENARIO(what_was_sent_ahead_counts_once_whoever_asks_next)
SCENARIO(a_dead_letter_advances_the_watermark)
SCENARIO(state_behind_the_log_is_stale)
SCENARIO(bad_parts_are_refused)
SCENARIO(one_event_with_thousands_of_marks)
SCENARIO(long_tails_fold_without_changing_anything)
SCENARIO(a_replay_below_the_committed_offset_is_refused_once_folded)
SCENARIO(an_unknown_entity_reads_as_nothing)
SCENARIO(every_entity_is_met_and_seen_with_its_watermark)

Test(memory_store, terms_and_draws_may_come_in_either_order)
{
	struct tw_store *store = opened(), *other = opened();
	suite_terms_and_draws_may_come_in_either_order(store, other);
	tw_store_free(store);
	tw_store_free(other);
}

Test(memory_store, any_interleaving_ends_equal)
{
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct tw_store *store = opened(), *model = opened();
		suite_any_interleaving_ends_equal(store, model, seed);
		tw_store_free(store);
		tw_store_free(model);
	}
}

Test(memory_store, freeing_nothing_is_fine)
{
	tw_store_free(NULL);
}

Test(memory_store, has_nothing_to_remove)
{
	struct tw_store *store = opened();
	struct tw_error err;
	uint64_t removed = 7;
	cr_expect_eq(tw_store_remove(store, &removed, &err), TW_E_CONFLICT);
	cr_expect_eq(removed, 0);
	tw_store_free(store);
}
