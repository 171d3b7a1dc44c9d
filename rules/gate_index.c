/**
 * @file gate_index.c
 * Building the index of one event type; see gate_index.h. Asking it stands in gate_ask.c.
 *
 * First every gate that some rule stands under gets its range of rules, then each column in use its table of gates.
 */
#include "rules/gate_index.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "rules/gate_table.h"
#include "rules/words.h"

struct building {
	struct tw_arena *arena;
	const struct tw_gates *gates;
	struct tw_gate_index *index;
	bool failed;
};

/* ---- rules under gates ---- */

/* The clause a rule stands under, NULL: it is always asked. */
static const struct tw_clause_gates *stands_under(const struct tw_rule *rule)
{
	return rule->clause_count ? &rule->clause[0] : NULL;
}

static bool place_rules(struct building *building, const struct tw_rule *const *rules, uint32_t count)
{
	struct tw_gate_index *index = building->index;
	uint32_t gates = building->gates->gates.count, total = 0;
	index->start = tw_arena_alloc(building->arena, ((size_t)gates + 2) * sizeof(*index->start));
	index->always = tw_arena_alloc(building->arena, (size_t)index->words * sizeof(*index->always));
	if (!index->start || !index->always) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_clause_gates *clause = stands_under(rules[i]);
		for (uint32_t j = 0; clause && j < clause->count; j++) {
			index->start[clause->gate[j] + 2]++;
			total++;
		}
	}
	for (uint32_t i = 2; i < gates + 2; i++) {
		index->start[i] += index->start[i - 1];
	}
	index->rule = tw_arena_alloc(building->arena, (size_t)total * sizeof(*index->rule));
	for (uint32_t i = 0; index->rule && i < count; i++) {
		const struct tw_clause_gates *clause = stands_under(rules[i]);
		for (uint32_t j = 0; clause && j < clause->count; j++) {
			index->rule[index->start[clause->gate[j] + 1]++] =
			    i; /* start[gate] is the begin, now that start[gate + 1] has moved to the end */
		}
		if (!clause) {
			index->always[i / 64] |= 1ULL << i % 64;
		}
	}
	return index->rule != NULL;
}

static bool in_use(const struct tw_gate_index *index, uint32_t gate)
{
	return index->start[gate] != index->start[gate + 1];
}

/* ---- intervals ---- */

static void interval_add(struct building *building, struct tw_list *list, int64_t low, int64_t high, uint32_t gate)
{
	struct tw_gate_interval *added = tw_list_push(building->arena, list, sizeof(*added));
	building->failed |= added == NULL;
	if (added) {
		*added = (struct tw_gate_interval){low, high, high, gate};
	}
}

static void intervals_of(struct building *building, struct tw_list *list, uint32_t gate)
{
	const struct tw_rule_node *node = ((const struct tw_gate *)building->gates->gates.data)[gate].node;
	if (node->op == TW_OP_RANGE) {
		interval_add(building, list, node->with.range.low, node->with.range.high, gate);
	} else if (node->op == TW_OP_NUMBERS) {
		for (uint32_t i = 0; i < node->with.numbers->count; i++) {
			interval_add(building, list, node->with.numbers->number[i], node->with.numbers->number[i], gate);
		}
	} else if (node->op == TW_OP_SPANS) {
		for (uint32_t i = 0; i < node->with.spans->count; i++) {
			interval_add(building, list, node->with.spans->span[i].low, node->with.spans->span[i].high, gate);
		}
	} else if (node->op == TW_OP_BITS) {
		for (int64_t i = 0; i < 64; i++) {
			if (node->with.bits >> i & 1) {
				interval_add(building, list, i, i, gate);
			}
		}
	} else {
		for (uint32_t first = 'A'; first <= 'Z'; first++) {
			for (uint32_t second = 'A'; second <= 'Z'; second++) {
				uint16_t code = (uint16_t)(first << 8 | second);
				uint32_t bit = tw_country_bit(code);
				if (node->with.codes[bit / 64] >> bit % 64 & 1) {
					interval_add(building, list, code, code, gate);
				}
			}
		}
	}
}

static int by_low(const void *left, const void *right)
{
	const struct tw_gate_interval *a = left, *b = right;
	int order = (a->low > b->low) - (a->low < b->low);
	return order ? order : (a->gate > b->gate) - (a->gate < b->gate);
}

/* Greatest high end below each node: nodes are the middles of halves, halves of halves. */
static int64_t reach(struct tw_gate_interval *interval, uint32_t from, uint32_t to)
{
	if (from == to) {
		return INT64_MIN;
	}
	uint32_t middle = from + (to - from) / 2;
	int64_t left = reach(interval, from, middle), right = reach(interval, middle + 1, to), most = interval[middle].high;
	most = left > most ? left : most;
	return interval[middle].reach = right > most ? right : most;
}

/* ---- texts ---- */

static void text_add(struct building *building, struct tw_gate_column *column, struct tw_list *list, struct tw_slice text, bool starts, uint32_t gate)
{
	struct tw_gate_text *added = tw_list_push(building->arena, list, sizeof(*added));
	building->failed |= added == NULL;
	if (added) {
		*added = (struct tw_gate_text){tw_fnv(text), text, starts, gate};
		uint32_t bit = tw_gate_text_bit(added->hash);
		column->bits[bit / 64] |= 1ULL << bit % 64;
	}
}

static int by_hash(const void *left, const void *right)
{
	const struct tw_gate_text *a = left, *b = right;
	int order = (a->hash > b->hash) - (a->hash < b->hash);
	return order ? order : (a->gate > b->gate) - (a->gate < b->gate);
}

/* ---- columns ---- */

static enum tw_gate_kind kind_of(const struct tw_rule_node *node)
{
	if (node->left && node->left->kind == TW_OPERAND_HISTORY) {
		return TW_GATE_ASKED;
	}
	switch (node->op) {
	case TW_OP_MATCHES:
	case TW_OP_WORDS:
		return TW_GATE_BITS;
	case TW_OP_TEXTS:
	case TW_OP_STARTS:
		return TW_GATE_TEXTS;
	case TW_OP_STATED:
	case TW_OP_LISTED:
	case TW_OP_SOME:
	case TW_OP_EVERY:
	case TW_OP_COUNT:
		return TW_GATE_ASKED;
	case TW_OP_RANGE:
	case TW_OP_NUMBERS:
	case TW_OP_BITS:
	case TW_OP_CODES:
	case TW_OP_SPANS:
	case TW_OP_COMPARE:
	case TW_OP_SAME:
	case TW_OP_EMBARGO:
	case TW_OP_BORDERS:
	case TW_OP_WARNING:
	case TW_OP_BAND:
	case TW_OP_ALL:
	case TW_OP_ANY:
	case TW_OP_NOT:
	case TW_OP_NONE:
		break;
	}
	return TW_GATE_NUMBERS;
}

static void gate_place(struct building *building, struct tw_gate_column *column, struct tw_list lists[], uint32_t gate)
{
	const struct tw_rule_node *node = ((const struct tw_gate *)building->gates->gates.data)[gate].node;
	enum tw_gate_kind kind = kind_of(node);
	if (kind == TW_GATE_NUMBERS) {
		intervals_of(building, &lists[kind], gate);
	} else if (kind == TW_GATE_TEXTS) {
		for (uint32_t i = 0; i < node->with.texts->count; i++) {
			text_add(building, column, &lists[kind], node->with.texts->text[i], node->op == TW_OP_STARTS, gate);
		}
	} else {
		uint32_t *added = tw_list_push(building->arena, &lists[kind], sizeof(*added));
		building->failed |= added == NULL;
		if (added) {
			*added = gate;
		}
	}
}

static uint32_t bit_of(const struct building *building, uint32_t gate)
{
	const struct tw_rule_node *node = ((const struct tw_gate *)building->gates->gates.data)[gate].node;
	return node->op == TW_OP_MATCHES ? node->with.pattern_set : node->with.words->list;
}

/* Bits lead straight to their gates. @return false without memory */
static bool bits_place(struct building *building, struct tw_gate_column *column, const struct tw_list *list)
{
	const uint32_t *gate = list->data;
	uint32_t most = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		uint32_t bit = bit_of(building, gate[i]);
		most = bit + 1 > most ? bit + 1 : most;
	}
	column->of_bit = tw_arena_alloc(building->arena, ((size_t)most + 2) * sizeof(*column->of_bit));
	column->bit_gate = tw_arena_alloc(building->arena, (size_t)list->count * sizeof(*column->bit_gate));
	column->bit_count = most;
	if (!column->of_bit || !column->bit_gate) {
		return false;
	}
	for (uint32_t i = 0; i < list->count; i++) {
		column->of_bit[bit_of(building, gate[i]) + 2]++;
	}
	for (uint32_t bit = 2; bit < most + 2; bit++) {
		column->of_bit[bit] += column->of_bit[bit - 1];
	}
	for (uint32_t i = 0; i < list->count; i++) {
		column->bit_gate[column->of_bit[bit_of(building, gate[i]) + 1]++] = gate[i];
	}
	return true;
}

static bool column_place(struct building *building, uint32_t at, const uint32_t *gate, uint32_t count)
{
	struct tw_gate_column *column = tw_list_push(building->arena, &building->index->columns, sizeof(*column));
	struct tw_list lists[TW_GATE_KINDS] = {{NULL, 0, 0}};
	if (!column) {
		return false;
	}
	column->at = at;
	column->bits = tw_arena_alloc(building->arena, TW_GATE_TEXT_BITS / 8);
	for (uint32_t i = 0; column->bits && i < count; i++) {
		gate_place(building, column, lists, gate[i]);
	}
	column->interval = lists[TW_GATE_NUMBERS].data;
	column->interval_count = lists[TW_GATE_NUMBERS].count;
	if (column->interval_count) {
		qsort(column->interval, column->interval_count, sizeof(*column->interval), by_low);
		reach(column->interval, 0, column->interval_count);
	}
	column->text = lists[TW_GATE_TEXTS].data;
	column->text_count = lists[TW_GATE_TEXTS].count;
	if (column->text_count) {
		qsort(column->text, column->text_count, sizeof(*column->text), by_hash);
	}
	column->asked = lists[TW_GATE_ASKED].data;
	column->asked_count = lists[TW_GATE_ASKED].count;
	return column->bits && bits_place(building, column, &lists[TW_GATE_BITS]) && !building->failed;
}

/* Gates by column, in one pass over the gates a column that has any in use. */
static bool place_columns(struct building *building)
{
	const struct tw_gate *gates = building->gates->gates.data;
	uint32_t columns = building->gates->columns.count, count = building->gates->gates.count;
	uint32_t *start = tw_arena_alloc(building->arena, ((size_t)columns + 2) * sizeof(*start));
	uint32_t *gate = tw_arena_alloc(building->arena, (size_t)count * sizeof(*gate));
	if (!start || !gate) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		start[gates[i].column + 2] += in_use(building->index, i);
	}
	for (uint32_t i = 2; i < columns + 2; i++) {
		start[i] += start[i - 1];
	}
	for (uint32_t i = 0; i < count; i++) {
		if (in_use(building->index, i)) {
			gate[start[gates[i].column + 1]++] = i;
		}
	}
	for (uint32_t i = 0; i < columns; i++) {
		if (start[i] != start[i + 1] && !column_place(building, i, gate + start[i], start[i + 1] - start[i])) {
			return false;
		}
	}
	return true;
}

struct tw_gate_index *tw_gate_index_new(struct tw_arena *arena, const struct tw_gates *gates, const struct tw_rule *const *rules, uint32_t count)
{
	struct tw_gate_index *index = tw_arena_alloc(arena, sizeof(*index));
	struct building building = {.arena = arena, .gates = gates, .index = index};
	if (!index) {
		return NULL;
	}
	index->words = (count + 63) / 64;
	return place_rules(&building, rules, count) && place_columns(&building) ? index : NULL;
}
