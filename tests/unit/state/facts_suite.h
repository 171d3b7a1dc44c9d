/**
 * @file facts_suite.h
 * Facts through the log against any store: whatever the order in which partitions and facts are read, all records end equal.
 */
#ifndef TIDEWAITER_TESTS_STATE_FACTS_SUITE_H
#define TIDEWAITER_TESTS_STATE_FACTS_SUITE_H

#include "engine/state/store.h"

/**
 * Random events of a few consignments over several partitions: revisions in any order, repeated and contradictory ones, cancellations, outcomes.
 * Both stores read them in orders of their own, keeping each partition's; the facts that follow are written out, read back at random later
 * times, some of them twice. Then every record must be the same in both, byte for byte, and say what the events say.
 */
void suite_facts_end_equal_in_any_order(struct tw_store *store, struct tw_store *model, uint64_t seed);

#endif
