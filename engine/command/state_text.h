/**
 * @file state_text.h
 * A folded record in words, for a person and for a program. Pure. Private to engine/command. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_TEXT_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_TEXT_H

#include <stdio.h>

#include "engine/run/state_view.h"

/** @return false at the arena's ceiling: what was printed is not all */
bool tw_state_text(const struct tw_state *state, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, FILE *out);
/** One JSON object and a newline; amounts as numbers, days and instants as RFC 3339. @return TW_OK or TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_state_json(const struct tw_state *state, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena, FILE *out,
                                       struct tw_error *err);

#endif
