/**
 * @file mark_answer.h
 * What is on record of one mark against what an event says of it now: quantities, components, the weapon's own particulars.
 *
 * Everything comes from the sightings that a trace shows (sightings.h), those that are only alike left out: look-alikes prove nothing.
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8 (what a mark says) and on records.
 */
#ifndef TIDEWAITER_ENGINE_STATE_MARK_ANSWER_H
#define TIDEWAITER_ENGINE_STATE_MARK_ANSWER_H

#include "engine/state/question.h"

/** TW_METRIC_RECORDED_QUANTITY to TW_METRIC_OTHERWISE. `state` may be NULL: nothing but the series is on record. @return false at the arena's ceiling
 */
bool tw_answer_mark(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
