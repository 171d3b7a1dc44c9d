/**
 * @file time.h
 * Calendar arithmetic on event time. No function here reads a clock.
 * Source: RFC 3339; civil-day arithmetic after Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
#ifndef TIDEWAITER_ENGINE_BASE_TIME_H
#define TIDEWAITER_ENGINE_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/slice.h>

#define TW_DAY_MS        86400000LL
#define TW_DATE_BYTES    11 /* "YYYY-MM-DD" and terminator */
#define TW_INSTANT_BYTES 25 /* "YYYY-MM-DDTHH:MM:SS.mmmZ" and terminator */

/** "YYYY-MM-DD", a day that exists, years 0001 to 9999. @return false and leaves `day` alone otherwise */
bool tw_date_parse(struct tw_slice text, int32_t *day);
/** RFC 3339 with a zone (Z or +hh:mm), any fraction, cut to milliseconds; a leap second reads as the second before. */
bool tw_instant_parse(struct tw_slice text, int64_t *ms);
/** Day of an instant in UTC; rounds towards the past. */
int32_t tw_instant_day(int64_t ms);
int32_t tw_day_of_civil(int year, unsigned month, unsigned day);
/** @return `out`, terminated */
const char *tw_date_format(int32_t day, char out[TW_DATE_BYTES]);
/** Milliseconds are printed only when not zero: "2026-03-02T08:14:00Z". @return `out`, terminated */
const char *tw_instant_format(int64_t ms, char out[TW_INSTANT_BYTES]);

#endif
