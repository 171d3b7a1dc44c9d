/**
 * @file layout.c
 * A tree of conditions, flat, in two orders: the author's to explain, and to decide what costs least until the answer is known. See program.h.
 *
 * Under all what is false ends it: a condition is worth its cost divided by how often it is false; under any, by how often it is true. A dear
 * question of a container's past comes before a cheaper one whether no item is arms, which almost every event answers with yes.
 *
 * Order never changes the answer: conditions have no side effects. Children of all and any are sorted; count keeps its two in place.
 * Source: predicates ordered by cost and selectivity, Hellerstein and Stonebraker, "Predicate Migration", SIGMOD 1993.
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

/* ---- how likely ---- */

#define LIKELY_LEAST 1U
#define LIKELY_MOST  99U
#define NEWS         10U /* of a past that is compared: most parties, boxes and vessels have done nothing */

/* Of every hundred ordinary events, or elements of them. Roughly: an order is all that comes of it. */
static uint32_t likely_leaf(const struct tw_rule_node *node)
{
	static const uint8_t percent[] = {
	    [TW_OP_STATED] = 60, [TW_OP_RANGE] = 50,  [TW_OP_NUMBERS] = 15, [TW_OP_BITS] = 30,   [TW_OP_CODES] = 20,   [TW_OP_SPANS] = 10,
	    [TW_OP_TEXTS] = 10,  [TW_OP_STARTS] = 10, [TW_OP_MATCHES] = 1,  [TW_OP_WORDS] = 1,   [TW_OP_COMPARE] = 40, [TW_OP_SAME] = 30,
	    [TW_OP_LISTED] = 1,  [TW_OP_EMBARGO] = 5, [TW_OP_BORDERS] = 20, [TW_OP_WARNING] = 1, [TW_OP_BAND] = 50};
	bool past = node->left && (node->left->kind == TW_OPERAND_HISTORY || node->left->kind == TW_OPERAND_EARLIER);
	uint32_t plain = past ? NEWS : percent[node->op];
	return node->negate ? 100 - plain : plain;
}

/* How likely one of two elements is what one is by so many percent. */
static uint32_t one_of_two(uint32_t likely)
{
	return 100 - (100 - likely) * (100 - likely) / 100;
}

static uint32_t likely_of(const struct tw_clause *condition)
{
	uint32_t all = 100, none = 100, first = condition->first ? condition->first->likely : 60;
	for (const struct tw_clause *child = condition->first; child; child = child->next) {
		all = all * child->likely / 100;
		none = none * (100 - child->likely) / 100;
	}
	switch (condition->node.op) {
	case TW_OP_ALL:
		return all;
	case TW_OP_ANY:
		return 100 - none;
	case TW_OP_NOT:
		return 100 - first;
	case TW_OP_SOME:
		return one_of_two(first);
	case TW_OP_EVERY:
		return first * first / 100;
	case TW_OP_NONE:
		return 100 - one_of_two(first);
	case TW_OP_COUNT:
		return first;
	case TW_OP_STATED:
	case TW_OP_RANGE:
	case TW_OP_NUMBERS:
	case TW_OP_BITS:
	case TW_OP_CODES:
	case TW_OP_SPANS:
	case TW_OP_TEXTS:
	case TW_OP_STARTS:
	case TW_OP_MATCHES:
	case TW_OP_WORDS:
	case TW_OP_COMPARE:
	case TW_OP_SAME:
	case TW_OP_LISTED:
	case TW_OP_EMBARGO:
	case TW_OP_BORDERS:
	case TW_OP_WARNING:
	case TW_OP_BAND:
		break;
	}
	return likely_leaf(&condition->node);
}

/* ---- order ---- */

/* Is `a` no worse a beginning? */
static bool before(const struct tw_clause *a, const struct tw_clause *b, bool all)
{
	uint64_t ends_a = all ? 100 - a->likely : a->likely, ends_b = all ? 100 - b->likely : b->likely;
	return a->cost * ends_b <= b->cost * ends_a;
}

/* Stable insertion. */
static void insert(struct tw_clause **head, struct tw_clause *condition, bool all)
{
	while (*head && before(*head, condition, all)) {
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
	uint32_t likely = likely_of(condition);
	condition->likely = likely < LIKELY_LEAST ? LIKELY_LEAST : likely > LIKELY_MOST ? LIKELY_MOST : likely;
	if (condition->node.op != TW_OP_ALL && condition->node.op != TW_OP_ANY) {
		return;
	}
	struct tw_clause *child = condition->first;
	while (child) {
		struct tw_clause *next = child->next;
		insert(&sorted, child, condition->node.op == TW_OP_ALL);
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
