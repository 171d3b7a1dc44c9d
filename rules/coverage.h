/**
 * @file coverage.h
 * What tests touch of rules: each condition true and each false, each entry of a list met, each pattern matched.
 *
 *     a node          two branches: some test saw it hold, some test saw it not hold
 *     a written list  one member an entry, when there are two or more: one alone is the true branch
 *     a points table  one member a step: some test's finding had its points
 *     a named set     its members are counted once, for all rules: any test of any rule may touch them
 *
 * Threads: one owner; tests of one coverage run one after the other.
 */
#ifndef TIDEWAITER_RULES_COVERAGE_H
#define TIDEWAITER_RULES_COVERAGE_H

#include "rules/ruleset.h"
#include "rules/trace.h"

/** Entries that one comparison holds a value against. */
struct tw_coverage_members {
	const struct tw_rule_set *set;   /**< NULL: written in the rule */
	const struct tw_rule_node *node; /**< the first that uses them */
	uint32_t count;
	bool *met;
};

struct tw_coverage_node {
	bool was_true, was_false;
	struct tw_coverage_members *members; /**< NULL: none */
};

struct tw_coverage {
	const struct tw_rules *rules;
	struct tw_arena *arena;
	struct tw_coverage_node **node; /**< of each rule: a row of its explain program's nodes */
	bool **step;                    /**< of each rule: a row of its table of points; NULL: it has none */
	struct tw_list shared;          /**< struct tw_coverage_members *, of named sets, in the order in which rules use them */
	bool failed;                    /**< the arena refused */
};

struct tw_coverage_tally {
	uint32_t touched, all;
};

/** @param rules borrowed @param arena holds everything; both outlive the coverage @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_coverage_init(struct tw_coverage *coverage, const struct tw_rules *rules, struct tw_arena *arena, struct tw_error *err);
/** What marks the nodes and members that a test touches, whichever rule it is of. */
struct tw_rule_trace tw_coverage_mark(struct tw_coverage *coverage);
/** Branches and own members of one rule. */
struct tw_coverage_tally tw_coverage_of(const struct tw_coverage *coverage, uint32_t rule);
/** Members alone. */
struct tw_coverage_tally tw_coverage_members_of(const struct tw_coverage_members *members);
/** All rules, and the named sets. */
struct tw_coverage_tally tw_coverage_total(const struct tw_coverage *coverage);
/** A member as it is compared, for people: a prefix, a word, a pattern, a country. In the arena. */
struct tw_slice tw_coverage_member_text(const struct tw_coverage *coverage, const struct tw_coverage_members *members, uint32_t at);

#endif
