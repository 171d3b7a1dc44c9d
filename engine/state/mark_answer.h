/**
 * @file mark_answer.h
 * What is on record of one mark against what an event says of it now: quantities, components, the weapon's own particulars.
 *
 * Everything comes from the sightings that a trace shows (sightings.h), those that are only alike left out: look-alikes prove nothing.
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8 (what a mark says) and on records.
 */
#ifndef TIDEWAITER_ENGINE_STATE_MARK_ANSWER_H
#define TIDEWAITER_ENGINE_STATE_MARK_ANSWER_H

#include "engine/state/particulars.h"
#include "engine/state/question.h"

/** What an event says of the weapon of its mark; empty where it says nothing. */
struct tw_weapon {
	struct tw_slice model, calibre, country;
	const struct tw_count *year;
};
struct tw_weapon tw_weapon_of(const struct tw_question *question);
/** What of the weapon cannot be true of both: as TW_METRIC_OTHERWISE; 0: nothing. @param full set at the arena's ceiling */
int64_t tw_weapon_differs(const struct tw_weapon *weapon, const struct tw_particulars *said, struct tw_arena *arena, bool *full);

/** TW_METRIC_RECORDED_QUANTITY to TW_METRIC_OTHERWISE. `state` may be NULL: nothing but the series is on record. @return false at the arena's ceiling
 */
bool tw_answer_mark(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
