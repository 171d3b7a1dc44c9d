/**
 * @file rules_tree.h
 * A traced rule as an indented tree: each condition, whether it held, and what it saw.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_TREE_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_TREE_H

#include <stdio.h>

#include "engine/emit/json.h"
#include "rules/trace.h"

/** One line a condition, below each other. @param margin spaces before the outermost */
void tw_rules_tree_say(const struct tw_trace_node *root, uint32_t margin, struct tw_arena *arena, FILE *out);
/** {condition, holds, element?, saw?, against?, parts?} */
void tw_rules_tree_json(struct tw_json *json, const struct tw_trace_node *root, struct tw_arena *arena);

#endif
