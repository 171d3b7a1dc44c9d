/**
 * @file gate_share.c
 * See gate_share.h.
 */
#include "rules/gate_share.h"

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/words.h"

bool tw_gates_same_steps(const struct tw_step *a, const struct tw_step *b, uint32_t count)
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
		return a->elements == b->elements && a->step_count == b->step_count && tw_gates_same_steps(a->step, b->step, a->step_count);
	}
	return a->patterns == b->patterns && a->words == b->words && a->step_count == b->step_count &&
	       tw_gates_same_steps(a->step, b->step, a->step_count) && x->offset == y->offset && x->field_kind == y->field_kind &&
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

uint32_t tw_gates_column(struct tw_gates *gates, struct tw_arena *arena, const struct tw_column *column)
{
	struct tw_column *known = gates->columns.data;
	for (uint32_t i = 0; i < gates->columns.count; i++) {
		if (same_column(&known[i], column)) {
			return i;
		}
	}
	struct tw_column *added = tw_list_push(arena, &gates->columns, sizeof(*added));
	if (!added) {
		return TW_GATES_FULL;
	}
	*added = *column;
	return gates->columns.count - 1;
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

uint32_t tw_gates_gate(struct tw_gates *gates, struct tw_arena *arena, const struct tw_rule_node *node, uint32_t column)
{
	struct wanted wanted = {gates->gates.data, {node, column}};
	uint64_t hash = hash_test(node, column);
	uint32_t known = tw_interned_find(&gates->known, hash, same_gate, &wanted);
	if (known != TW_INTERNED_NONE) {
		return known;
	}
	struct tw_gate *added = tw_list_push(arena, &gates->gates, sizeof(*added));
	if (!added || !tw_interned_add(&gates->known, arena, hash, gates->gates.count - 1)) {
		return TW_GATES_FULL;
	}
	*added = wanted.gate;
	return gates->gates.count - 1;
}
