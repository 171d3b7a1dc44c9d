/**
 * @file trace.h
 * One rule on one event, looked at node by node: which condition held, of which element, and the value that it saw.
 *
 * The author's program runs as it does to explain a finding: every branch, nothing cut short, whatever the rule's status. Off the event path.
 *
 *     all                                   false
 *       some items                          true
 *         #1  item.hs starts ['93']         false    saw 847990
 *         #2  item.hs starts ['93']         true     saw 930690
 *       means.flag is XA                    false    saw not stated
 */
#ifndef TIDEWAITER_RULES_TRACE_H
#define TIDEWAITER_RULES_TRACE_H

#include "rules/rules.h"

struct tw_eval;
struct tw_rule_node;

/** Gets every node once for each element that it was asked of, children before parents. */
struct tw_rule_trace {
	void *context;
	void (*seen)(void *context, struct tw_eval *eval, const struct tw_rule_node *node, bool holds);
	/** NULL, or gets the step of the rule's table of points that its value reached, from 0 */
	void (*reached)(void *context, struct tw_eval *eval, uint32_t step);
};

/** What became of a traced rule. */
struct tw_rule_held {
	bool holds;     /**< the conditions hold, and the rule listens to the event's type */
	int32_t points; /**< that a finding would have; 0 when it does not hold */
};

/**
 * Nothing is traced where the rule does not listen.
 * @param rule below tw_rules_count
 * @param held written on TW_OK only
 * @return TW_OK, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rules_trace(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env, uint32_t rule,
                                        const struct tw_rule_trace *trace, struct tw_arena *arena, struct tw_rule_held *held, struct tw_error *err);

/** @return the rule's number; tw_rules_count when there is none of that id */
uint32_t tw_rules_find(const struct tw_rules *rules, struct tw_slice id);

struct tw_trace_node {
	const struct tw_rule_node *node;
	bool holds;
	uint32_t element;            /**< below a quantifier: the how manieth, from 1; else 0 */
	struct tw_slice left, right; /**< what it saw on each side; empty: nothing that has a text */
	struct tw_trace_node *first, *next;
};

/** A trace that becomes a tree. Zero but for `arena`; `root` when done, NULL where the rule does not listen. */
struct tw_trace_tree {
	struct tw_arena *arena;
	struct tw_list open; /* struct tw_trace_node *: finished, their parents not yet */
	struct tw_trace_node *root;
	bool failed;
};
struct tw_rule_trace tw_trace_into(struct tw_trace_tree *tree);

/** A condition in a few words, as it was written; without its children. In the arena. */
struct tw_slice tw_trace_words(const struct tw_rule_node *node, struct tw_arena *arena);

#endif
