/**
 * @file trace.c
 * See trace.h.
 */
#include "rules/trace.h"

#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "rules/canon.h"
#include "rules/eval.h"
#include "rules/points.h"
#include "rules/ruleset.h"
#include "rules/saw.h"

enum tw_code tw_rules_trace(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env, uint32_t rule,
                            const struct tw_rule_trace *trace, struct tw_arena *arena, struct tw_rule_held *held, struct tw_error *err)
{
	struct tw_explain collected = {.trace = trace};
	struct tw_eval eval = {.rules = rules,
	                       .patterns = rules->patterns,
	                       .words = rules->words,
	                       .bench = bench,
	                       .env = env,
	                       .arena = arena,
	                       .rule = &rules->rule[rule],
	                       .day = tw_instant_day(env->event->time.ms),
	                       .explain = &collected};
	bool listens = eval.rule->types >> (uint32_t)env->event->type & 1;
	bench->event++;
	bench->slot[TW_SLOT_EVENT] = env->event;
	memset(bench->first, 0, eval.rule->slot_count * sizeof(*bench->first));
	bool holds = listens && tw_eval_run(&eval, eval.rule->explain);
	int32_t points = holds ? tw_points_of(&eval) : 0;
	if (eval.failed) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to trace a rule", NULL, NULL);
	}
	*held = (struct tw_rule_held){holds, points};
	return TW_OK;
}

uint32_t tw_rules_find(const struct tw_rules *rules, struct tw_slice id)
{
	uint32_t low = 0, high = rules->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (tw_slice_compare(rules->rule[middle].info.id, id) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < rules->count && tw_slice_equal(rules->rule[low].info.id, id) ? low : rules->count;
}

/* ---- a tree ---- */

static struct tw_slice value_of(struct tw_eval *eval, const struct tw_operand *operand)
{
	struct tw_fact fact;
	if (!operand) {
		return (struct tw_slice){NULL, 0};
	}
	return tw_eval_fact(eval, operand, &fact) ? tw_because_value(eval, &fact) : tw_slice_str("not stated");
}

static bool repeats(enum tw_rule_op op)
{
	return op == TW_OP_SOME || op == TW_OP_EVERY || op == TW_OP_NONE || op == TW_OP_COUNT;
}

/* A count's comparison stands once, beside the condition of its elements. */
static bool is_element(const struct tw_rule_node *parent, const struct tw_rule_node *child)
{
	return repeats(parent->op) && !(parent->op == TW_OP_COUNT && child == parent + 1);
}

/* What was finished last and lies inside the node is its children, in the order in which they were asked. */
static void adopt(struct tw_trace_tree *tree, struct tw_trace_node *made)
{
	struct tw_trace_node **open = tree->open.data;
	uint32_t first = tree->open.count, elements = 0;
	while (first && open[first - 1]->node > made->node) {
		first--;
	}
	struct tw_trace_node **tail = &made->first;
	for (uint32_t i = first; i < tree->open.count; i++) {
		open[i]->element = is_element(made->node, open[i]->node) ? ++elements : 0;
		*tail = open[i];
		tail = &open[i]->next;
	}
	tree->open.count = first;
}

static void seen(void *context, struct tw_eval *eval, const struct tw_rule_node *node, bool holds)
{
	struct tw_trace_tree *tree = context;
	struct tw_trace_node *made = tw_arena_alloc(tree->arena, sizeof(*made));
	if (!made) {
		tree->failed = eval->failed = true;
		return;
	}
	*made = (struct tw_trace_node){.node = node, .holds = holds, .left = tw_saw(eval, node), .right = tw_saw_against(eval, node)};
	made->left = made->left.ptr ? made->left : value_of(eval, node->left);
	made->right = made->right.ptr ? made->right : value_of(eval, node->right);
	if (node->end > (uint32_t)(node - eval->nodes) + 1) { /* a count's comparison is asked last, and has none */
		adopt(tree, made);
	}
	struct tw_trace_node **slot = tw_list_push(tree->arena, &tree->open, sizeof(*slot));
	if (!slot) {
		tree->failed = eval->failed = true;
		return;
	}
	*slot = made;
	tree->root = made;
}

struct tw_rule_trace tw_trace_into(struct tw_trace_tree *tree)
{
	return (struct tw_rule_trace){.context = tree, .seen = seen};
}

/* ---- words ---- */

static const char *head_of(const struct tw_rule_node *node)
{
	switch (node->op) {
	case TW_OP_ALL:
		return "all";
	case TW_OP_ANY:
		return "any";
	case TW_OP_NOT:
		return "not";
	case TW_OP_SOME:
		return "some";
	case TW_OP_EVERY:
		return "every";
	case TW_OP_NONE:
		return "none";
	case TW_OP_COUNT:
		return "count";
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
	return NULL;
}

struct tw_slice tw_trace_words(const struct tw_rule_node *node, struct tw_arena *arena)
{
	const struct tw_yaml *within = tw_yaml_member(node->source, "within");
	if (within && node->op == TW_OP_COMPARE) { /* `within` is two comparisons, and they are told apart */
		return tw_slice_str(node->relation == TW_AT_LEAST ? "not before the first of the days" : "not after the last of the days");
	}
	const char *head = within ? NULL : head_of(node);
	const struct tw_yaml *path = head && repeats(node->op) ? tw_yaml_member(node->source, head) : NULL;
	if (head && (path || !repeats(node->op))) {
		return tw_arena_format(arena, "%s%s%s", head, path ? " " : "", path ? path->text.ptr : "");
	}
	if (node->left && node->left->kind == TW_OPERAND_COUNTED) {
		return tw_slice_str("their number");
	}
	struct tw_slice written = tw_canon_written(node->source, arena);
	return written.len > 2 ? tw_arena_format(arena, "%.*s", (int)(written.len - 2), written.ptr + 1) : written;
}
