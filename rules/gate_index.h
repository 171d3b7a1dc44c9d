/**
 * @file gate_index.h
 * Which rules may fire on this event? Found from what the event holds, not by asking each rule.
 *
 * Every rule that has clauses stands under the gates of its narrowest one. Each column of the event is read once, and its values lead to the gates
 * that hold and from there to the rules:
 *
 *     pattern sets, word lists    bit -> gate
 *     numbers, codes, countries   intervals sorted by their low end, as an implicit tree that knows the greatest high end below each node
 *     texts and their beginnings  a hash that grows byte by byte, a bitmap that turns most of them away, then a table
 *     list hits                   asked only when there is one
 *
 *     item.hs 930190  ->  [93..] [9301..]  ->  rules 12, 80, 417        rules without a clause: always
 *
 * The work is that of the values and of the rules found. Invariant: as gate.h has it, a rule that fires is among them.
 */
#ifndef TIDEWAITER_RULES_GATE_INDEX_H
#define TIDEWAITER_RULES_GATE_INDEX_H

#include "rules/gate.h"

struct tw_gate_index; /* of one event type; immutable, any thread */

/**
 * @param rules in the order in which they are evaluated; borrowed for the call
 * @param arena borrowed, outlives the index
 * @return NULL without memory
 */
struct tw_gate_index *tw_gate_index_new(struct tw_arena *arena, const struct tw_gates *gates, const struct tw_rule *const *rules, uint32_t count);

/** @return bits of the rules' places, (count + 63) / 64 words, good until the next call with this bench; undefined once eval->failed */
const uint64_t *tw_gate_index_candidates(struct tw_eval *eval, const struct tw_gate_index *index);

#endif
