/**
 * @file unit.h
 * Units of quantity that can be counted into each other: a certificate for 20 dozen is drawn on by 240 pieces.
 *
 * A unit code is its first four letters or digits, packed ("C62" -> 'C' << 16 | '6' << 8 | '2'). Units of one kind (counted, weight, length,
 * area, volume) share a *base*; a unit that nobody knows is a kind of its own, and a set, a kit or a box is no number of pieces.
 * Integers, rounded down to a ten-thousandth of the base. Pure. Threads: any.
 * Source: UN/ECE, Recommendation No. 20, Codes for Units of Measure Used in International Trade, annexes I to III (codes and conversion factors).
 */
#ifndef TIDEWAITER_ENGINE_EVENT_UNIT_H
#define TIDEWAITER_ENGINE_EVENT_UNIT_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/slice.h>

#define TW_UNIT_NONE 0U
/** Not stated and piece are the unit of counted goods. */
#define TW_UNIT_PIECE 0x433632U /* "C62" */

/** "C62" -> 'C' '6' '2', case and punctuation dropped; TW_UNIT_NONE when nothing is stated. */
uint32_t tw_unit_code(struct tw_slice text);
/** @return the base of the unit's kind: C62, KGM, MTR, MTK, LTR; the unit itself when nobody knows it */
uint32_t tw_unit_base(uint32_t unit);
/** @param e4 not below 0 @return the same in the base, at most INT64_MAX */
int64_t tw_unit_to_base(uint32_t unit, int64_t e4);
int64_t tw_unit_from_base(uint32_t unit, int64_t e4);

#endif
