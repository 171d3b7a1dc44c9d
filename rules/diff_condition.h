/**
 * @file diff_condition.h
 * Two conditions compared node by node. Private to diff.c.
 */
#ifndef TIDEWAITER_RULES_DIFF_CONDITION_H
#define TIDEWAITER_RULES_DIFF_CONDITION_H

#include "rules/diff.h"

struct tw_diff {
	const struct tw_rules *old, *now;
	struct tw_arena *arena;
	struct tw_list *changes; /* struct tw_rule_change */
	bool failed;             /* the arena refused */
};

void tw_diff_add(struct tw_diff *diff, struct tw_slice at, struct tw_slice old, struct tw_slice now);
/** Two lists of entries: those that the other lacks. Nothing when they have the same. */
void tw_diff_entries(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now);
/** As tw_diff_entries, of the rows of two bands. */
void tw_diff_rows(struct tw_diff *diff, struct tw_slice at, const struct tw_band *old, const struct tw_band *now);
/** @param at the way down to both */
void tw_diff_condition(struct tw_diff *diff, struct tw_slice at, const struct tw_yaml *old, const struct tw_yaml *now);

#endif
