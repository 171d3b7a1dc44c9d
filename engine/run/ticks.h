/**
 * @file ticks.h
 * Which events are the first of their source and partition on a day: those tell how far it has come (engine/state/clock.h).
 *
 * A table of what was told last, for nothing but to tell it once: what is forgotten is told again, and changes nothing. So it is bounded, forgets all
 * when it is full, and need not outlive its process. Within one it goes back with a batch that is given up, so that the batch says again what it
 * said: at most one batch is on its way to its commit, and one in hand (pipeline.h). Event time alone. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_TICKS_H
#define TIDEWAITER_ENGINE_RUN_TICKS_H

#include <stdbool.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>

struct tw_ticks;

TW_MUST_USE enum tw_code tw_ticks_new(struct tw_ticks **out, struct tw_error *err);
void tw_ticks_free(struct tw_ticks *ticks);

/**
 * @param before out, where true: what tw_ticks_undo wants
 * @return whether the event's day is above all that its source and partition had. false too for events that tell no time
 */
bool tw_ticks_see(struct tw_ticks *ticks, const struct tw_event *event, int32_t *before);
/** As if the event had not been seen: of several the last one first. */
void tw_ticks_undo(struct tw_ticks *ticks, const struct tw_event *event, int32_t before);
/** The batch in hand sets out to its commit. */
void tw_ticks_begin(struct tw_ticks *ticks);
/** The one on its way is committed. */
void tw_ticks_commit(struct tw_ticks *ticks);
/** Both are given up. */
void tw_ticks_abort(struct tw_ticks *ticks);
/** All is told again. */
void tw_ticks_forget(struct tw_ticks *ticks);

#endif
