/**
 * @file calling_code.h
 * Which country a telephone says it is in.
 * Source: ITU-T, Recommendation E.164, list of assigned country codes; North American Numbering Plan, area codes of single states.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_CALLING_CODE_H
#define TIDEWAITER_ENGINE_EVENT_CALLING_CODE_H

#include <stdbool.h>
#include <tidewaiter/slice.h>

/**
 * Does the number state a calling code that is none of the country's? A number without "+" or "00", one of a country that the table does not
 * have, and a code that several states share (+1, +7, +44 ...) say nothing. Thread-safe.
 * @param phone as received, any writing @param country ISO 3166-1 alpha-2; empty: not stated
 */
bool tw_phone_elsewhere(struct tw_slice phone, struct tw_slice country);

#endif
