/**
 * @file state_words.h
 * The words that stored state is spoken of in: names of counters and elements.
 * Pure. Private to engine/run. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_RUN_STATE_WORDS_H
#define TIDEWAITER_ENGINE_RUN_STATE_WORDS_H

#include <stdio.h>
#include <tidewaiter/history.h>

#include "engine/state/packed.h"

struct tw_arena;

#define TW_STATE_WORDS_BYTES 160 /**< of one field or element in words, terminator included; longer keys are cut */

/** "first seen (day)", "consignments on 2026-03-02", "countries, part 3"; "field 77" for one that nobody knows. @return `out` */
const char *tw_state_field_name(uint32_t field, char out[TW_STATE_WORDS_BYTES]);
/** What the field holds: days as dates, amounts with their point, bits as their number. @return `out` */
const char *tw_state_field_value(uint32_t field, int64_t value, char out[TW_STATE_WORDS_BYTES]);
/** "terms, revision 2", "status at 2026-03-02T08:00:00Z", "draw of TWS26000475", ... @return `out` */
const char *tw_state_element_name(const struct tw_element *element, char out[TW_STATE_WORDS_BYTES]);
/** What an element says, shortly: a status its event, draws and terms their lines. @return `out` */
const char *tw_state_element_value(const struct tw_element *element, char out[TW_STATE_WORDS_BYTES]);
/** The words of enum tw_result; never NULL. */
const char *tw_state_result(uint32_t result);
/** "C62" from the packed code of ledger.h; "" for none. @return `out` */
const char *tw_state_unit(uint32_t unit, char out[8]);
/** 5405000 -> "540.5". @return `out` */
const char *tw_state_amount(int64_t e4, char out[32]);

#endif
