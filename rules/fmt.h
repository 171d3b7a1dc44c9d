/**
 * @file fmt.h
 * One layout for rule files and files of sets: two spaces a level, lists below their key, one space where flow style needs one, the members of a
 * rule in one order. Comments stay, word for word, above or beside what they stood at.
 *
 * libyaml forgets comments, so lines are moved, never written anew: each keeps its words, and only its indent and the spaces between its words
 * change. What comes out is then read again: it must be the same document with the same comments, and a second run must change nothing. A file for
 * which that does not hold is refused, not bent.
 */
#ifndef TIDEWAITER_RULES_FMT_H
#define TIDEWAITER_RULES_FMT_H

#include "rules/ruleset.h"

/**
 * @param source a rule, or sets when it is named `_sets.yaml`; borrowed
 * @param out    in the arena; written on TW_OK only
 * @return TW_OK; TW_E_SYNTAX (no YAML, with its place), TW_E_LIMIT, TW_E_CONFLICT (it cannot be kept as it is: reject), TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rule_format(const struct tw_rule_source *source, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err);

#endif
