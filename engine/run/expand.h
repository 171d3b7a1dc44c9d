/**
 * @file expand.h
 * `${NAME}` and `${NAME:-default}` in a configuration value.
 */
#ifndef TIDEWAITER_ENGINE_RUN_EXPAND_H
#define TIDEWAITER_ENGINE_RUN_EXPAND_H

#include <tidewaiter/error.h>

struct tw_arena;

/**
 * @param out terminated, in the arena; `$$` is one dollar; the default is taken when the variable is not set or empty, and is not expanded
 * @return TW_OK; TW_E_MISSING for a variable that is not set and has no default; TW_E_SYNTAX for a brace that is not closed; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_expand(struct tw_arena *arena, const char *text, const char *where, const char **out, struct tw_error *err);

#endif
