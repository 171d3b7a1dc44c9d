/**
 * @file tally.h
 * What became of one event, added to the numbers of a run. Private to engine/run. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_TALLY_H
#define TIDEWAITER_ENGINE_RUN_TALLY_H

#include "engine/run/counters.h"
#include "engine/run/judge.h"

/** What followed from an event is no event of the input. @param about judged */
void tw_tally_case(struct tw_counters *counters, const struct tw_case *about);
/** Into the log what an operator should look at: the first few of a kind. @param so_far what was counted of the events before */
void tw_tally_say(const struct tw_case *about, const struct tw_counters *const *so_far, uint32_t count);

#endif
