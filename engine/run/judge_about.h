/**
 * @file judge_about.h
 * What an event is about beside a consignment, and the answer to one that asks. Private to engine/run, behind judge.h.
 */
#ifndef TIDEWAITER_ENGINE_RUN_JUDGE_ABOUT_H
#define TIDEWAITER_ENGINE_RUN_JUDGE_ABOUT_H

#include "engine/emit/emit.h"
#include "engine/run/judge.h"

/**
 * The event's own entity, where that is no consignment. What states too little for a key goes by the event's id: a finding needs a place.
 * @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_judge_about(const struct tw_event *event, struct tw_arena *arena, struct tw_alert_case *alert, struct tw_error *err);
/**
 * What is known of the marks that a request for a trace names, from what the request's own records held before it: `about->trace`. Nothing for any
 * other event. @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_judge_trace(struct tw_arena *arena, struct tw_case *about, struct tw_error *err);

#endif
