/**
 * @file gate.c
 * Finding clauses in a rule's program; see gate.h.
 *
 * all gives the clauses of each part; any gives one clause, the union of one of each alternative; some and every pass on what their
 * condition gives, or that there is an element. count does when it must be one or more; not and none give nothing: their conditions need not hold.
 */
#include "rules/gate.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/event/metric.h"
#include "rules/eval.h"
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

/* ---- sharing ---- */

static bool same_steps(const struct tw_step *a, const struct tw_step *b, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (a[i].offset != b[i].offset || a[i].size != b[i].size) {
			return false;
		}
	}
	return true;
}

static bool same_column(const struct tw_column *a, const struct tw_column *b)
{
	const struct tw_operand *x = a->operand, *y = b->operand;
	if (a->listed || b->listed) {
		return a->listed == b->listed;
	}
	if (a->told || b->told) {
		return a->told == b->told && x->entity == y->entity && x->metric == y->metric;
	}
	if (a->elements || b->elements) {
		return a->elements == b->elements && a->step_count == b->step_count && same_steps(a->step, b->step, a->step_count);
	}
	return a->patterns == b->patterns && a->words == b->words && a->step_count == b->step_count && same_steps(a->step, b->step, a->step_count) &&
	       x->offset == y->offset && x->field_kind == y->field_kind &&
	       (a->patterns || a->words || (x->class == y->class && x->as_day == y->as_day));
}

static bool same_slices(const struct tw_slice *a, uint32_t a_count, const struct tw_slice *b, uint32_t b_count)
{
	for (uint32_t i = 0; a_count == b_count && i < a_count; i++) {
		if (!tw_slice_equal(a[i], b[i])) {
			return false;
		}
	}
	return a_count == b_count;
}

static bool same_listed(const struct tw_listed_test *a, const struct tw_listed_test *b)
{
	return a->bases == b->bases && a->similarity_ppm_min == b->similarity_ppm_min && a->address_ppm_min == b->address_ppm_min &&
	       same_slices(a->list, a->list_count, b->list, b->list_count);
}

static bool same_words(const struct tw_word_test *a, const struct tw_word_test *b)
{
	return a->list == b->list && a->beside == b->beside;
}

/* The column is the test: nothing of the node is. */
static bool of_column(const struct tw_rule_node *node)
{
	return node->op < TW_OP_STATED || (node->left && node->left->kind == TW_OPERAND_HISTORY);
}

static bool same_test(const struct tw_rule_node *a, const struct tw_rule_node *b)
{
	if (of_column(a) && of_column(b)) {
		return true;
	}
	if (a->op != b->op) {
		return false;
	}
	if (a->op == TW_OP_RANGE) {
		return a->with.range.low == b->with.range.low && a->with.range.high == b->with.range.high;
	}
	if (a->op == TW_OP_NUMBERS) {
		const struct tw_number_set *x = a->with.numbers, *y = b->with.numbers;
		return x->count == y->count && memcmp(x->number, y->number, x->count * sizeof(*x->number)) == 0;
	}
	if (a->op == TW_OP_SPANS) {
		const struct tw_span_set *x = a->with.spans, *y = b->with.spans;
		return x->count == y->count && memcmp(x->span, y->span, x->count * sizeof(*x->span)) == 0;
	}
	if (a->op == TW_OP_BITS) {
		return a->with.bits == b->with.bits;
	}
	if (a->op == TW_OP_CODES) {
		return memcmp(a->with.codes, b->with.codes, TW_COUNTRY_WORDS * sizeof(uint64_t)) == 0;
	}
	if (a->op == TW_OP_MATCHES) {
		return a->with.pattern_set == b->with.pattern_set;
	}
	if (a->op == TW_OP_WORDS) {
		return same_words(a->with.words, b->with.words);
	}
	if (a->op == TW_OP_LISTED) {
		return same_listed(a->with.listed, b->with.listed);
	}
	return a->op == TW_OP_STATED || same_slices(a->with.texts->text, a->with.texts->count, b->with.texts->text, b->with.texts->count);
}

static uint32_t column_add(struct finding_gates *find, const struct tw_column *column)
{
	struct tw_column *known = find->gates->columns.data;
	for (uint32_t i = 0; i < find->gates->columns.count; i++) {
		if (same_column(&known[i], column)) {
			return i;
		}
	}
	struct tw_column *added = tw_list_push(find->arena, &find->gates->columns, sizeof(*added));
	if (!added) {
		find->failed = true;
		return 0;
	}
	*added = *column;
	return find->gates->columns.count - 1;
}

/* Of what same_test compares. */
static uint64_t hash_test(const struct tw_rule_node *node, uint32_t column)
{
	uint64_t seed = (uint64_t)column << 8 | (uint64_t)node->op;
	if (of_column(node)) {
		return (uint64_t)column << 8;
	}
	if (node->op == TW_OP_RANGE) {
		return tw_hash64(&node->with.range, sizeof(node->with.range), seed);
	}
	if (node->op == TW_OP_NUMBERS) {
		return tw_hash64(node->with.numbers->number, node->with.numbers->count * sizeof(*node->with.numbers->number), seed);
	}
	if (node->op == TW_OP_SPANS) {
		return tw_hash64(node->with.spans->span, node->with.spans->count * sizeof(*node->with.spans->span), seed);
	}
	if (node->op == TW_OP_BITS) {
		return tw_hash64(&node->with.bits, sizeof(node->with.bits), seed);
	}
	if (node->op == TW_OP_CODES) {
		return tw_hash64(node->with.codes, TW_COUNTRY_WORDS * sizeof(uint64_t), seed);
	}
	if (node->op == TW_OP_MATCHES) {
		return tw_hash64(&node->with.pattern_set, sizeof(node->with.pattern_set), seed);
	}
	if (node->op == TW_OP_WORDS) {
		return tw_hash64(&node->with.words->list, sizeof(node->with.words->list), seed + node->with.words->beside);
	}
	if (node->op == TW_OP_LISTED) {
		return tw_hash64(&node->with.listed->similarity_ppm_min, sizeof(node->with.listed->similarity_ppm_min),
		                 seed + node->with.listed->bases);
	}
	for (uint32_t i = 0; node->op != TW_OP_STATED && i < node->with.texts->count; i++) {
		seed = tw_hash64(node->with.texts->text[i].ptr, node->with.texts->text[i].len, seed);
	}
	return seed;
}

struct wanted {
	const struct tw_gate *gates;
	struct tw_gate gate;
};

static bool same_gate(const void *context, uint32_t at)
{
	const struct wanted *wanted = context;
	return wanted->gates[at].column == wanted->gate.column && same_test(wanted->gates[at].node, wanted->gate.node);
}

static uint32_t gate_add(struct finding_gates *find, const struct tw_rule_node *node, uint32_t column)
{
	struct tw_gates *gates = find->gates;
	struct wanted wanted = {gates->gates.data, {node, column}};
	uint64_t hash = hash_test(node, column);
	uint32_t known = tw_interned_find(&gates->known, hash, same_gate, &wanted);
	if (known != TW_INTERNED_NONE) {
		return known;
	}
	struct tw_gate *added = tw_list_push(find->arena, &gates->gates, sizeof(*added));
	if (!added || !tw_interned_add(&gates->known, find->arena, hash, gates->gates.count - 1)) {
		find->failed = true;
		return 0;
	}
	*added = wanted.gate;
	return gates->gates.count - 1;
}

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
	uint32_t at = column_add(find, column), gate = gate_add(find, node, at);
	if (node->op == TW_OP_WORDS && node->with.words->disguised && !find->failed) {
		((struct tw_column *)find->gates->columns.data)[at].undone = true;
	}
	out->clause[out->count++] = (struct clause){{gate}, 1};
}

static void leaf(struct finding_gates *find, const struct tw_rule_node *node, struct clauses *out)
{
	static const struct chain nowhere = {.known = true};
	bool listed = node->op == TW_OP_LISTED, told = is_told_gate(node); /* both of the whole event */
	const struct chain *chain = (listed && is_gate(node)) || told ? &nowhere : is_gate(node) ? &find->chain[node->left->slot] : NULL;
	if (!chain || !chain->known || out->count == CLAUSES_SEEN_MAX) {
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
		all = column->step_count >= chain->count && same_steps(column->step, chain->step, chain->count);
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
		out[(*count)++] = (struct tw_clause_gates){gate, chosen->count};
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
