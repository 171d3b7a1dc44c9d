/**
 * @file reference_check.h
 * Codes that the reference tables do not know become warnings: information that rules may ask for, never a refusal.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_REFERENCE_CHECK_H
#define TIDEWAITER_ENGINE_SCREEN_REFERENCE_CHECK_H

#include <tidewaiter/error.h>
#include <tidewaiter/event.h>

struct tw_arena;
struct tw_reference;

/**
 * Walk every country, place, HS and container member of the event (engine/event/shape.h) and append a warning for each that is
 * stated and unknown, with pointer and span, up to TW_WARNINGS_MAX; the rest are counted. @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_reference_check(const struct tw_reference *reference, struct tw_event *event, struct tw_arena *arena,
                                            struct tw_error *err);

#endif
