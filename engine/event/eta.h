/**
 * @file eta.h
 * By when somebody has to have decided: the arrival that a consignment's route states.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_ETA_H
#define TIDEWAITER_ENGINE_EVENT_ETA_H

#include <tidewaiter/event.h>

#define TW_ETA_NONE INT64_MAX

/**
 * The earliest stated arrival at a discharge leg; without one, at a delivery leg; without one, of the last leg that states an arrival.
 * @return the start of that day in UTC, milliseconds; TW_ETA_NONE when no leg states an arrival, and for events that carry no consignment
 * Threads: any; pure.
 */
int64_t tw_eta_ms(const struct tw_event *event);

#endif
