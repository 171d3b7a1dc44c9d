/**
 * @file store_suite.h
 * What every store must do, as scenarios that a store's own tests run one by one. Each takes a store that has never seen an event.
 */
#ifndef TIDEWAITER_TESTS_STATE_STORE_SUITE_H
#define TIDEWAITER_TESTS_STATE_STORE_SUITE_H

#include "tests/unit/state/store_batch.h"

void suite_first_mention_has_no_prior(struct tw_store *store);
void suite_earlier_events_of_a_batch_count_into_later_priors(struct tw_store *store);
void suite_a_replay_gives_the_same_priors_and_adds_nothing(struct tw_store *store);
void suite_part_of_a_batch_may_be_a_replay(struct tw_store *store);
void suite_terms_and_draws_may_come_in_either_order(struct tw_store *store, struct tw_store *other);
void suite_what_was_sent_ahead_counts_once_whoever_asks_next(struct tw_store *store);
/** @param late whether the store leaves writing to the confirmation, when it can */
void suite_what_is_asked_holds_once_confirmed(struct tw_store *store, bool late);
void suite_a_dead_letter_advances_the_watermark(struct tw_store *store);
void suite_state_behind_the_log_is_stale(struct tw_store *store);
void suite_bad_parts_are_refused(struct tw_store *store);
void suite_one_event_with_thousands_of_marks(struct tw_store *store);
void suite_long_tails_fold_without_changing_anything(struct tw_store *store);
void suite_a_replay_below_the_committed_offset_is_refused_once_folded(struct tw_store *store);
void suite_an_unknown_entity_reads_as_nothing(struct tw_store *store);
/** Needs the right to SCAN. */
void suite_every_entity_is_met_and_seen_with_its_watermark(struct tw_store *store);
/** Random interleavings of partitions: the store under test and a model fed in another order end with equal bytes. */
void suite_any_interleaving_ends_equal(struct tw_store *store, struct tw_store *model, uint64_t seed);

/* What every store must do by itself, whichever and however many servers it is on: ONE(name) is a test that calls suite_name. */
#define SUITE_OF_ANY_STORE(ONE)                                                                                                                      \
	ONE(first_mention_has_no_prior)                                                                                                              \
	ONE(earlier_events_of_a_batch_count_into_later_priors)                                                                                       \
	ONE(a_replay_gives_the_same_priors_and_adds_nothing)                                                                                         \
	ONE(part_of_a_batch_may_be_a_replay)                                                                                                         \
	ONE(what_was_sent_ahead_counts_once_whoever_asks_next)                                                                                       \
	ONE(a_dead_letter_advances_the_watermark)                                                                                                    \
	ONE(state_behind_the_log_is_stale)                                                                                                           \
	ONE(bad_parts_are_refused)                                                                                                                   \
	ONE(one_event_with_thousands_of_marks)                                                                                                       \
	ONE(long_tails_fold_without_changing_anything)                                                                                               \
	ONE(a_replay_below_the_committed_offset_is_refused_once_folded)                                                                              \
	ONE(an_unknown_entity_reads_as_nothing)

#endif
