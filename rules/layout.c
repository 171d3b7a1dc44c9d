/**
 * @file layout.c
 * A tree of conditions, flat, in two orders: cheap first to decide, the author's to explain. See program.h.
 *
 * Order never changes the answer: conditions have no side effects. Children of all and any are sorted; count keeps its two in place.
 */
#include "engine/base/arena.h"
#include "rules/compile.h"

static uint32_t size_of(const struct tw_clause *condition)
{
	uint32_t size = 1;
	for (const struct tw_clause *child = condition->first; child; child = child->next) {
		size += size_of(child);
	}
	return size;
}

static uint32_t place(const struct tw_clause *condition, struct tw_rule_node *nodes, uint32_t at)
{
	uint32_t next = at + 1;
	nodes[at] = condition->node;
	for (const struct tw_clause *child = condition->first; child; child = child->next) {
		next = place(child, nodes, next);
	}
	nodes[at].end = next;
	return next;
}

/* Stable insertion by cost. */
static void insert(struct tw_clause **head, struct tw_clause *condition)
{
	while (*head && (*head)->cost <= condition->cost) {
		head = &(*head)->next;
	}
	condition->next = *head;
	*head = condition;
}

static void sort(struct tw_clause *condition)
{
	struct tw_clause *sorted = NULL;
	for (struct tw_clause *child = condition->first; child; child = child->next) {
		sort(child);
	}
	if (condition->node.op != TW_OP_ALL && condition->node.op != TW_OP_ANY) {
		return;
	}
	struct tw_clause *child = condition->first;
	while (child) {
		struct tw_clause *next = child->next;
		insert(&sorted, child);
		child = next;
	}
	condition->first = sorted;
}

bool tw_compile_layout(struct tw_compile *compile, struct tw_clause *root, struct tw_rule *rule)
{
	uint32_t count = size_of(root);
	struct tw_rule_node *decide = tw_compile_alloc(compile, (size_t)count * sizeof(*decide));
	struct tw_rule_node *explain = tw_compile_alloc(compile, (size_t)count * sizeof(*explain));
	if (!decide || !explain) {
		return false;
	}
	place(root, explain, 0);
	sort(root);
	place(root, decide, 0);
	rule->decide = decide;
	rule->explain = explain;
	return true;
}
