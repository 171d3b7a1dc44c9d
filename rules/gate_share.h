/**
 * @file gate_share.h
 * Columns and gates that several rules ask for are one: found by what they read and test. Of gate.c alone.
 */
#ifndef TIDEWAITER_RULES_GATE_SHARE_H
#define TIDEWAITER_RULES_GATE_SHARE_H

#include "rules/gate.h"

#define TW_GATES_FULL UINT32_MAX

/** Do both reach their elements the same way, as far as `count` steps? */
bool tw_gates_same_steps(const struct tw_step *a, const struct tw_step *b, uint32_t count);
/** @return the number of such a column, one that is there or a new one; TW_GATES_FULL without memory */
uint32_t tw_gates_column(struct tw_gates *gates, struct tw_arena *arena, const struct tw_column *column);
/** @return the number of a gate of that column with the node's test; TW_GATES_FULL without memory */
uint32_t tw_gates_gate(struct tw_gates *gates, struct tw_arena *arena, const struct tw_rule_node *node, uint32_t column);

#endif
