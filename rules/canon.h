/**
 * @file canon.h
 * A piece of a rule as one line of text: as it was written, for people, or in one canonical form, to compare by meaning.
 *
 *     as written    {field: item.hs, starts: $arms_hs}
 *     canonical     {field: "item.hs", starts: ["9301", "9302", ...]}     keys and lists sorted, sets and macros in full,
 *                                                                         everything quoted
 *
 * Invariant: two conditions with equal canonical texts hold on the same events. The converse is not promised. Threads: any.
 */
#ifndef TIDEWAITER_RULES_CANON_H
#define TIDEWAITER_RULES_CANON_H

#include "rules/ruleset.h"

/** @return flow style, terminated, in the arena; {NULL, 0} at its ceiling */
struct tw_slice tw_canon_written(const struct tw_yaml *node, struct tw_arena *arena);
/** @param rules whose named sets are meant @return as tw_canon_written */
struct tw_slice tw_canon_meaning(const struct tw_yaml *node, const struct tw_rules *rules, struct tw_arena *arena);
/** All there is to when a rule fires: family, event types, conditions. */
struct tw_slice tw_canon_rule(const struct tw_rule *rule, const struct tw_rules *rules, struct tw_arena *arena);

/** The macro that a `use` names, or NULL */
const struct tw_rule_set *tw_canon_macro(const struct tw_yaml *use, const struct tw_rules *rules);
/** The condition of a macro; one with parameters keeps it behind them. */
const struct tw_yaml *tw_canon_says(const struct tw_rule_set *macro);
/** @return the set that a plain `$name` stands for; NULL for anything else */
const struct tw_rule_set *tw_canon_set(const struct tw_yaml *node, const struct tw_rules *rules);

/** @return the band that a mapping names, {band: NAME, by: ...}; NULL for anything else */
const struct tw_rule_set *tw_canon_band(const struct tw_yaml *node, const struct tw_rules *rules);
/** The rows of a band in their author's order, "9302: 0.3 to 8, source" each. @param out struct tw_slice, added to @return false: no memory */
bool tw_canon_rows(const struct tw_band *band, struct tw_arena *arena, struct tw_list *out);

/** @return the condition that `{use: NAME}` stands for, through macros that use others; anything else as it is */
const struct tw_yaml *tw_canon_condition(const struct tw_yaml *node, const struct tw_rules *rules);

/** By bytes, a text before its continuations. For qsort of struct tw_slice. */
int tw_canon_order(const void *left, const void *right);

#endif
