/**
 * @file gate.c
 * Finding clauses in a rule's program; see gate.h.
 *
 * all gives the clauses of each part; any gives one clause, the union of one of each alternative; some and every pass on what their
 * condition gives, or that there is an element. count does when it must be one or more; not and none give nothing: their conditions need not hold.
 * A comparison that is no gate by itself gives what it cannot do without: that its numbers are stated, a code that a band has a row for.
 */
#include "rules/gate.h"

#include "engine/base/arena.h"
#include "engine/event/metric.h"
#include "rules/band.h"
#include "rules/eval.h"
#include "rules/gate_share.h"
#include "rules/words.h"

#define CLAUSES_SEEN_MAX 32U

/* How the elements in a slot are reached from the event. */
struct chain {
	struct tw_step step[TW_STEPS_MAX];
	uint32_t count;
	bool known;
};

/* A clause while it is gathered. */
struct clause {
	uint32_t gate[TW_CLAUSE_GATES_MAX];
	uint32_t count;
};

struct clauses {
	struct clause clause[CLAUSES_SEEN_MAX];
	uint32_t count;
};

struct finding_gates {
	struct tw_gates *gates;
	struct tw_arena *arena;
	const struct tw_rule_node *nodes;
	struct chain *chain; /* of each slot */
	bool failed;
};

static void collect(struct finding_gates *find, uint32_t at, struct clauses *out);

/* ---- finding ---- */

static bool is_gate(const struct tw_rule_node *node)
{
	if (node->op == TW_OP_LISTED) {
		return !node->negate;
	}
	bool test = node->op >= TW_OP_STATED && node->op <= TW_OP_WORDS;
	return test && !node->negate && node->left && node->left->kind == TW_OPERAND_FIELD && node->left->plus_days == 0 && !node->left->e4;
}

/* What is not stated meets nothing, negated or not; 0 has to be asked. */
static bool is_told_gate(const struct tw_rule_node *node)
{
	const struct tw_operand *left = node->left;
	bool test = node->op >= TW_OP_RANGE && node->op <= TW_OP_CODES;
	return test && left && left->kind == TW_OPERAND_HISTORY && left->plus_days == 0 &&
	       tw_metric_is_of_records(left->entity, left->metric->metric) && tw_eval_number_meets(node, 0) == node->negate;
}

static void clause_add(struct finding_gates *find, const struct tw_rule_node *node, const struct tw_column *column, struct clauses *out)
{
	uint32_t at = tw_gates_column(find->gates, find->arena, column);
	uint32_t gate = at == TW_GATES_FULL ? TW_GATES_FULL : tw_gates_gate(find->gates, find->arena, node, at);
	if (gate == TW_GATES_FULL) {
		find->failed = true;
		return;
	}
	if (node->op == TW_OP_WORDS && node->with.words->disguised) {
		((struct tw_column *)find->gates->columns.data)[at].undone = true;
	}
	out->clause[out->count++] = (struct clause){{gate}, 1};
}

static void column_gate(struct finding_gates *find, const struct tw_rule_node *node, const struct tw_operand *operand, struct clauses *out)
{
	const struct chain *chain = &find->chain[operand->slot];
	if (!chain->known || out->count == CLAUSES_SEEN_MAX) {
		return;
	}
	struct tw_column column = {.operand = operand, .step_count = chain->count};
	memcpy(column.step, chain->step, sizeof(column.step));
	clause_add(find, node, &column, out);
}

static struct tw_rule_node *node_of(struct finding_gates *find, enum tw_rule_op op, const struct tw_operand *left)
{
	struct tw_rule_node *node = tw_arena_alloc(find->arena, sizeof(*node));
	find->failed |= node == NULL;
	if (node) {
		*node = (struct tw_rule_node){.op = op, .left = left};
	}
	return node;
}

/* A number that is compared is there: of a ratio both its parts. Texts would have to be read for it, and most are. */
static void stated(struct finding_gates *find, const struct tw_operand *operand, struct clauses *out)
{
	if (operand->kind == TW_OPERAND_RATIO) {
		stated(find, operand->of, out);
		stated(find, operand->per, out);
		return;
	}
	if (operand->kind == TW_OPERAND_FIELD && operand->class != TW_CLASS_TEXT && operand->class != TW_CLASS_MARK) {
		const struct tw_rule_node *node = node_of(find, TW_OP_STATED, operand);
		if (node) {
			column_gate(find, node, operand, out);
		}
	}
}

/* The code is one that the band has a row for. */
static void banded(struct finding_gates *find, const struct tw_rule_node *node, struct clauses *out)
{
	struct tw_rule_node *of = node_of(find, TW_OP_SPANS, node->right);
	const struct tw_span_set *spans = tw_band_spans(node->with.band, find->arena);
	find->failed |= spans == NULL;
	if (of && spans) {
		of->with.spans = spans;
		column_gate(find, of, node->right, out);
	}
}

/* What a comparison that is no gate needs all the same. */
static void implied(struct finding_gates *find, const struct tw_rule_node *node, struct clauses *out)
{
	bool compares =
	    (node->op >= TW_OP_RANGE && node->op <= TW_OP_SPANS) || node->op == TW_OP_COMPARE || node->op == TW_OP_SAME || node->op == TW_OP_BAND;
	if (compares && node->left) {
		stated(find, node->left, out);
	}
	if (compares && node->right && node->op != TW_OP_BAND) {
		stated(find, node->right, out);
	}
	if (node->op == TW_OP_BAND) {
		banded(find, node, out);
	}
}

static void leaf(struct finding_gates *find, const struct tw_rule_node *node, struct clauses *out)
{
	static const struct chain nowhere = {.known = true};
	bool listed = node->op == TW_OP_LISTED, told = is_told_gate(node); /* both of the whole event */
	if (!is_gate(node) && !told) {
		implied(find, node, out);
		return;
	}
	const struct chain *chain = listed || told ? &nowhere : &find->chain[node->left->slot];
	if (!chain->known || out->count == CLAUSES_SEEN_MAX) {
		return;
	}
	struct tw_column column = {.operand = node->left,
	                           .step_count = chain->count,
	                           .patterns = node->op == TW_OP_MATCHES,
	                           .words = node->op == TW_OP_WORDS,
	                           .listed = listed,
	                           .told = told};
	memcpy(column.step, chain->step, sizeof(column.step));
	clause_add(find, node, &column, out);
}

static void extend_chains(struct finding_gates *find, const struct tw_quantifier *over)
{
	const struct chain *from = &find->chain[over->slot];
	for (uint32_t i = 0; i < over->step_count; i++) {
		struct chain *chain = &find->chain[over->step[i].slot];
		*chain = *from;
		chain->known = from->known && from->count < TW_STEPS_MAX;
		if (chain->known) {
			chain->step[chain->count++] = over->step[i];
		}
		from = chain;
	}
}

/* That there is an element at all. */
static void exists(struct finding_gates *find, const struct tw_rule_node *node, const struct chain *chain, struct clauses *out)
{
	if (!chain->known || out->count == CLAUSES_SEEN_MAX) {
		return;
	}
	struct tw_column column = {.step_count = chain->count, .elements = true};
	memcpy(column.step, chain->step, sizeof(column.step));
	clause_add(find, node, &column, out);
}

/* Does a clause speak of such elements, or of parts of them? Then there is one where it holds. */
static bool says_exists(const struct finding_gates *find, const struct clause *clause, const struct chain *chain)
{
	const struct tw_gate *gates = find->gates->gates.data;
	const struct tw_column *columns = find->gates->columns.data;
	bool all = true;
	for (uint32_t i = 0; i < clause->count && all; i++) {
		const struct tw_column *column = &columns[gates[clause->gate[i]].column];
		all = column->step_count >= chain->count && tw_gates_same_steps(column->step, chain->step, chain->count);
	}
	return all;
}

/* What must hold of one element at the least. @param where 0: nothing is asked of it */
static void one_element(struct finding_gates *find, const struct tw_rule_node *node, uint32_t where, struct clauses *out)
{
	const struct tw_quantifier *over = node->with.over;
	const struct chain *chain = &find->chain[over->step[over->step_count - 1].slot];
	uint32_t before = out->count;
	bool said = false;
	if (where) {
		collect(find, where, out);
	}
	for (uint32_t i = before; i < out->count; i++) {
		said |= says_exists(find, &out->clause[i], chain);
	}
	/* most events have items, parties and a route: beside another clause that says nothing */
	if (!said && (out->count == before || chain->count > 1)) {
		exists(find, node, chain, out);
	}
}

#define RANK_PART_OF_PART 6U /* few items have certificates, licences, marks */
#define RANK_TOLD         5U /* which is asked second: of those few, then most are new */
#define GATES_A_RANK      2U /* four ranks are one kind of gate: thirty signs of words narrow more than one role that most events have */

/* How much a gate narrows, roughly: a list hit is rarest, then words and patterns, then codes; a range is met by most, and most events have items,
 * parties and a route. */
static uint32_t rank(const struct finding_gates *find, const struct clause *clause)
{
	static const uint8_t ranks[] = {[TW_OP_SOME] = 1,   [TW_OP_EVERY] = 1,   [TW_OP_COUNT] = 1,   [TW_OP_STATED] = 1, [TW_OP_RANGE] = 2,
	                                [TW_OP_BITS] = 3,   [TW_OP_CODES] = 4,   [TW_OP_NUMBERS] = 4, [TW_OP_SPANS] = 6,  [TW_OP_TEXTS] = 5,
	                                [TW_OP_STARTS] = 5, [TW_OP_MATCHES] = 7, [TW_OP_WORDS] = 8,   [TW_OP_LISTED] = 9};
	const struct tw_gate *gates = find->gates->gates.data;
	const struct tw_column *columns = find->gates->columns.data;
	uint32_t least = UINT32_MAX;
	for (uint32_t i = 0; i < clause->count; i++) {
		const struct tw_gate *gate = &gates[clause->gate[i]];
		bool part_of_part = columns[gate->column].elements && columns[gate->column].step_count > 1;
		uint32_t of = (part_of_part ? RANK_PART_OF_PART : columns[gate->column].told ? RANK_TOLD : ranks[gate->node->op]) * 4U;
		least = of < least ? of : least;
	}
	uint32_t many = clause->count / GATES_A_RANK;
	return least > many ? least - many : 0;
}

static const struct clause *best(const struct finding_gates *find, const struct clauses *clauses)
{
	const struct clause *found = NULL;
	for (uint32_t i = 0; i < clauses->count; i++) {
		if (!found || rank(find, &clauses->clause[i]) > rank(find, found)) {
			found = &clauses->clause[i];
		}
	}
	return found;
}

/* @return false: too many gates */
static bool join(struct clause *joined, const struct clause *one)
{
	for (uint32_t i = 0; i < one->count; i++) {
		uint32_t at = 0;
		while (at < joined->count && joined->gate[at] != one->gate[i]) {
			at++;
		}
		if (at == TW_CLAUSE_GATES_MAX) {
			return false;
		}
		joined->gate[at] = one->gate[i];
		joined->count += at == joined->count;
	}
	return true;
}

static void any(struct finding_gates *find, uint32_t at, struct clauses *out)
{
	struct clause joined = {{0}, 0};
	for (uint32_t child = at + 1; child < find->nodes[at].end; child = find->nodes[child].end) {
		struct clauses inside = {.count = 0};
		collect(find, child, &inside);
		const struct clause *one = best(find, &inside);
		if (!one || !join(&joined, one)) {
			return;
		}
	}
	if (out->count < CLAUSES_SEEN_MAX) {
		out->clause[out->count++] = joined;
	}
}

/* At least one element must satisfy when the count must be one or more. */
static void counted(struct finding_gates *find, uint32_t at, struct clauses *out)
{
	const struct tw_rule_node *test = &find->nodes[at + 1];
	bool one = test->op == TW_OP_RANGE && !test->negate && test->with.range.low >= 1;
	extend_chains(find, find->nodes[at].with.over);
	if (one) {
		one_element(find, &find->nodes[at], test->end < find->nodes[at].end ? test->end : 0, out);
	}
}

static void collect(struct finding_gates *find, uint32_t at, struct clauses *out)
{
	const struct tw_rule_node *node = &find->nodes[at];
	if (node->op == TW_OP_ANY) {
		any(find, at, out);
	} else if (node->op == TW_OP_ALL) {
		for (uint32_t child = at + 1; child < node->end; child = find->nodes[child].end) {
			collect(find, child, out);
		}
	} else if (node->op == TW_OP_SOME || node->op == TW_OP_EVERY) {
		extend_chains(find, node->with.over);
		one_element(find, node, node->end > at + 1 ? at + 1 : 0, out);
	} else if (node->op == TW_OP_COUNT) {
		counted(find, at, out);
	} else {
		leaf(find, node, out);
	}
}

static bool of_texts(const struct finding_gates *find, const struct clause *clause)
{
	const struct tw_gate *gates = find->gates->gates.data;
	bool found = false;
	for (uint32_t i = 0; i < clause->count; i++) {
		enum tw_rule_op op = gates[clause->gate[i]].node->op;
		found |= op == TW_OP_MATCHES || op == TW_OP_WORDS;
	}
	return found;
}

static void take_best(struct finding_gates *find, struct clauses *clauses, struct tw_clause_gates *out, uint32_t *count)
{
	*count = 0;
	while (*count < TW_CLAUSES_MAX && clauses->count) {
		const struct clause *chosen = best(find, clauses);
		uint32_t index = (uint32_t)(chosen - clauses->clause), *gate = tw_arena_alloc(find->arena, chosen->count * sizeof(*gate));
		if (!gate) {
			find->failed = true;
			return;
		}
		memcpy(gate, chosen->gate, chosen->count * sizeof(*gate));
		out[(*count)++] = (struct tw_clause_gates){gate, chosen->count, of_texts(find, chosen)};
		clauses->clause[index] = clauses->clause[--clauses->count];
	}
}

bool tw_gates_add(struct tw_gates *gates, struct tw_arena *arena, const struct tw_rule *rule, struct tw_clause_gates *out, uint32_t *count)
{
	struct finding_gates find = {.gates = gates, .arena = arena, .nodes = rule->decide};
	struct clauses clauses = {.count = 0};
	find.chain = tw_arena_alloc(arena, rule->slot_count * sizeof(*find.chain));
	if (!find.chain) {
		return false;
	}
	find.chain[TW_SLOT_EVENT].known = true;
	collect(&find, 0, &clauses);
	take_best(&find, &clauses, out, count);
	return !find.failed;
}
