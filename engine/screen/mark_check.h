/**
 * @file mark_check.h
 * A mark against the table of its maker's serials. Pure. Threads: any, one arena a thread.
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_MARK_CHECK_H
#define TIDEWAITER_ENGINE_SCREEN_MARK_CHECK_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "feeds/serial_forms.h"

/**
 * Answer TW_METRIC_SERIAL_FORM: of a serial, and of both ends of a range, by its own maker and model, else those of its line or item.
 * @param forms NULL: there are none
 * @param mark  of the event; NULL: nothing is asked about
 * @param full  set at the arena's ceiling, else untouched
 */
void tw_mark_check(const struct tw_serial_forms *forms, const struct tw_event *event, const struct tw_marking *mark, struct tw_arena *arena,
                   struct tw_history_answer *answer, bool *full);

#endif
