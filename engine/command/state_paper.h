/**
 * @file state_paper.h
 * What a certificate states beside its numbers (engine/state/paper.h), shown. Pure. Private to engine/command. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_PAPER_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_PAPER_H

#include <stdio.h>

#include "engine/emit/json.h"
#include "engine/state/paper.h"

/** The paper of the terms in force, in words; nothing where none is kept. @return false at the arena's ceiling */
bool tw_state_paper_text(const struct tw_state *state, struct tw_arena *arena, FILE *out);
/** The same as the member "paper". @return false at the arena's ceiling */
bool tw_state_paper_json(struct tw_json *json, const struct tw_state *state, struct tw_arena *arena);

#endif
