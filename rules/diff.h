/**
 * @file diff.h
 * Two editions of rules compared by what they mean: rules that came and went, what they are worth, and their conditions node by node. Order, layout,
 * quotes, comments, and whether a list or condition is written out or named make no difference; a named set or macro that changed shows in every rule
 * that uses it, and once by its own name, with the rules that it reaches.
 * Threads: any.
 */
#ifndef TIDEWAITER_RULES_DIFF_H
#define TIDEWAITER_RULES_DIFF_H

#include "rules/ruleset.h"

enum tw_rule_difference_kind { TW_RULE_ADDED = 1, TW_RULE_REMOVED, TW_RULE_CHANGED };

/** One thing that is otherwise. */
struct tw_rule_change {
	struct tw_slice at;       /**< the member, or the way down to the condition: "when / some items / all / field: item.hs" */
	struct tw_slice old, now; /**< empty: was not there, is no more */
};

struct tw_rule_difference {
	enum tw_rule_difference_kind kind;
	const struct tw_rule *old, *now; /**< NULL when added, removed */
	struct tw_list changes;          /**< struct tw_rule_change; none when added or removed */
	bool unraised;                   /**< conditions, points or action changed, the version did not rise */
};

/**
 * @param old,now both outlive the differences
 * @param out     struct tw_rule_difference in id order, in `arena`; written on TW_OK only
 * @return TW_OK (no difference is TW_OK), TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rules_diff(const struct tw_rules *old, const struct tw_rules *now, struct tw_arena *arena, struct tw_list *out,
                                       struct tw_error *err);

enum tw_shared_kind { TW_SHARED_SET = 1, TW_SHARED_MACRO, TW_SHARED_BAND };

/** A named set, macro or band of both editions that means something else now. */
struct tw_shared_difference {
	struct tw_slice name;
	enum tw_shared_kind kind;
	struct tw_list changes; /**< struct tw_rule_change */
	struct tw_list reached; /**< struct tw_slice: ids of rules of either edition that use it, through macros too; in id order */
};

/**
 * What no rule of either edition uses is left out.
 * @param out struct tw_shared_difference in `arena`: sets, then macros, in the order of the later edition; written on TW_OK only
 * @return TW_OK (no difference is TW_OK), TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rules_diff_shared(const struct tw_rules *old, const struct tw_rules *now, struct tw_arena *arena, struct tw_list *out,
                                              struct tw_error *err);

#endif
