/**
 * @file column.c
 * Columns of one event and the gates asked of them; see gate.h. Each column is read at its first question, each gate answered once.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "rules/eval.h"
#include "rules/gate.h"
#include "rules/ruleset.h"

struct answer {
	uint64_t event;
	uint64_t sure_event; /* the event of `sure` */
	uint64_t noted;      /* the asking in which it was noted */
	bool holds;
	bool sure; /* it holds when it is asked in full */
};

struct tw_gate_bench {
	struct tw_column_values *column;
	struct answer *answer;
	uint64_t *bits;
	uint64_t asking; /* of an index: an event is asked of one for each status */
};

struct tw_gate_bench *tw_gate_bench_new(const struct tw_gates *gates, uint32_t rules)
{
	struct tw_gate_bench *bench = calloc(1, sizeof(*bench));
	if (!bench) {
		return NULL;
	}
	bench->column = calloc(gates->columns.count + 1, sizeof(*bench->column));
	bench->answer = calloc(gates->gates.count + 1, sizeof(*bench->answer));
	bench->bits = calloc(rules / 64 + 1, sizeof(*bench->bits));
	if (!bench->column || !bench->answer || !bench->bits) {
		tw_gate_bench_free(bench);
		return NULL;
	}
	return bench;
}

void tw_gate_bench_free(struct tw_gate_bench *bench)
{
	if (bench) {
		free(bench->column);
		free(bench->answer);
		free(bench->bits);
		free(bench);
	}
}

uint64_t *tw_gate_bench_begin(struct tw_gate_bench *bench)
{
	bench->asking++;
	return bench->bits;
}

/* ---- reading ---- */

static void met_add(struct tw_eval *eval, struct tw_column_values *column, const struct tw_text *text)
{
	const struct tw_text **slot = tw_list_push(eval->arena, &column->met, sizeof(*slot));
	eval->failed |= slot == NULL;
	if (slot) {
		*slot = text;
	}
}

static void read_patterns(struct tw_eval *eval, struct tw_column_values *column, const struct tw_text *text)
{
	if (tw_stated(text->span)) {
		struct tw_text_known *known = tw_eval_known(eval, tw_eval_note(eval, text));
		uint32_t count;
		const uint32_t *set =
		    tw_patterns_find(eval->patterns, eval->bench->patterns, &known->marks, known->text, known->arena, &count, &eval->failed);
		for (uint32_t i = 0; i < count; i++) {
			column->sets[set[i] / 64] |= 1ULL << set[i] % 64;
		}
		if (count) {
			met_add(eval, column, text);
		}
	}
}

static void read_words(struct tw_eval *eval, struct tw_column_values *column, const struct tw_text *text, bool undone)
{
	const struct tw_word_marks *marks = tw_eval_words(eval, text, undone);
	if (!marks || marks->count == 0) {
		return;
	}
	for (size_t i = 0; i < tw_words_list_bytes(eval->words) / sizeof(uint64_t); i++) {
		column->sets[i] |= marks->lists[i];
	}
	met_add(eval, column, text);
}

static void read_text(struct tw_eval *eval, struct tw_column_values *column, const struct tw_operand *operand, const struct tw_text *text)
{
	struct tw_slice *slot = tw_stated(text->span) ? tw_list_push(eval->arena, &column->texts, sizeof(*slot)) : NULL;
	if (slot) {
		struct tw_text_note *note = tw_eval_note(eval, text);
		/* a column outlives a note that found no room */
		*slot = note->arena == eval->arena ? tw_eval_folded(eval, note, operand->class)
		                                   : tw_class_normal(operand->class, tw_slice_of(*text), eval->arena);
	}
	eval->failed |= tw_stated(text->span) && (!slot || !slot->ptr);
}

static void read_number(struct tw_eval *eval, struct tw_column_values *column, const struct tw_operand *operand, const void *at)
{
	int64_t number;
	if (!tw_eval_field(operand, at, &number)) {
		return;
	}
	int64_t *slot = tw_list_push(eval->arena, &column->numbers, sizeof(*slot));
	if (slot) {
		*slot = number;
	}
	eval->failed |= slot == NULL;
}

static void read_step(struct tw_eval *eval, struct tw_column_values *column, const struct tw_column *of, const void *at, uint32_t step)
{
	if (step == of->step_count && of->elements) {
		column->elements = true;
		return;
	}
	if (step == of->step_count) {
		const void *value = (const char *)at + of->operand->offset;
		if (of->patterns) {
			read_patterns(eval, column, value);
		} else if (of->words) {
			read_words(eval, column, value, of->undone);
		} else if (of->operand->class == TW_CLASS_TEXT || of->operand->class == TW_CLASS_MARK) {
			read_text(eval, column, of->operand, value);
		} else {
			read_number(eval, column, of->operand, value);
		}
		return;
	}
	const struct tw_list *list = (const void *)((const char *)at + of->step[step].offset);
	for (uint32_t i = 0; i < list->count; i++) {
		read_step(eval, column, of, (const char *)list->data + (size_t)i * of->step[step].size, step + 1);
	}
}

static void column_fill(struct tw_eval *eval, struct tw_column_values *column, uint32_t at)
{
	const struct tw_column *of = (const struct tw_column *)eval->rules->gates.columns.data + at;
	*column = (struct tw_column_values){.event = eval->bench->event};
	if (of->patterns || of->words) {
		size_t bytes = of->words ? tw_words_list_bytes(eval->words) : tw_patterns_set_bytes(eval->patterns);
		column->sets = tw_arena_alloc(eval->arena, bytes);
		eval->failed |= column->sets == NULL;
	}
	if (of->told) {
		const struct tw_rule_env *env = eval->env;
		column->elements = !env->may_say || env->may_say(env->context, of->operand->entity, of->operand->metric->metric);
	} else if (!eval->failed && !of->listed) {
		read_step(eval, column, of, eval->env->event, 0);
	}
}

/* Read at its first question: most questions come later. */
static inline const struct tw_column_values *column_of(struct tw_eval *eval, uint32_t at)
{
	struct tw_column_values *column = &eval->bench->gates->column[at];
	if (column->event != eval->bench->event) {
		column_fill(eval, column, at);
	}
	return column;
}

const struct tw_column_values *tw_column_read(struct tw_eval *eval, uint32_t at)
{
	return column_of(eval, at);
}

/* ---- asking ---- */

static bool holds(struct tw_eval *eval, const struct tw_gate *gate)
{
	const struct tw_column_values *column = column_of(eval, gate->column);
	const struct tw_rule_node *node = gate->node;
	const int64_t *number = column->numbers.data;
	const struct tw_slice *text = column->texts.data;
	if (eval->failed) {
		return false;
	}
	if (column->elements) {
		return true;
	}
	if (node->op == TW_OP_LISTED) {
		return tw_eval_listed_anywhere(eval, node);
	}
	if (node->op == TW_OP_MATCHES) {
		return column->sets && (column->sets[node->with.pattern_set / 64] >> node->with.pattern_set % 64 & 1);
	}
	if (node->op == TW_OP_WORDS) {
		return column->sets && tw_words_may_meet(column->sets, node->with.words);
	}
	if (node->op == TW_OP_STATED) {
		return column->numbers.count || column->texts.count;
	}
	for (uint32_t i = 0; i < column->numbers.count; i++) {
		if (tw_eval_number_meets(node, number[i])) {
			return true;
		}
	}
	for (uint32_t i = 0; i < column->texts.count; i++) {
		if (tw_eval_text_meets(node, text[i])) {
			return true;
		}
	}
	return false;
}

bool tw_gate_holds(struct tw_eval *eval, uint32_t at)
{
	struct answer *answer = &eval->bench->gates->answer[at];
	if (answer->event != eval->bench->event) {
		const struct tw_gate *gate = (const struct tw_gate *)eval->rules->gates.gates.data + at;
		answer->holds = holds(eval, gate);
		answer->event = eval->bench->event;
	}
	return answer->holds;
}

/* Whoever asks of a text whose match was given up must learn so. */
static bool text_meets(struct tw_eval *eval, const struct tw_rule_node *node, const struct tw_text *text)
{
	if (node->op == TW_OP_WORDS) {
		const struct tw_word_marks *marks = tw_eval_words(eval, text, node->with.words->disguised);
		return marks && tw_words_meet(marks, node->with.words, NULL);
	}
	return tw_eval_matches(eval, text, node->with.pattern_set) || tw_pattern_bench_gave_up(eval->bench->patterns);
}

/* Bits of a column say that a text may meet a set: does one? */
static bool holds_indeed(struct tw_eval *eval, const struct tw_gate *gate)
{
	bool met = gate->node->op != TW_OP_MATCHES && gate->node->op != TW_OP_WORDS;
	const struct tw_list *texts = &eval->bench->gates->column[gate->column].met;
	for (uint32_t i = 0; i < texts->count && !met && !eval->failed; i++) {
		met = text_meets(eval, gate->node, ((const struct tw_text *const *)texts->data)[i]);
	}
	return met;
}

static bool gate_sure(struct tw_eval *eval, uint32_t at)
{
	struct answer *answer = &eval->bench->gates->answer[at];
	if (answer->sure_event != eval->bench->event) {
		answer->sure = tw_gate_holds(eval, at) && holds_indeed(eval, (const struct tw_gate *)eval->rules->gates.gates.data + at);
		answer->sure_event = eval->bench->event;
	}
	return answer->sure;
}

bool tw_gate_note(struct tw_eval *eval, uint32_t gate)
{
	struct tw_gate_bench *bench = eval->bench->gates;
	struct answer *answer = &bench->answer[gate];
	bool anew = answer->noted != bench->asking;
	answer->event = eval->bench->event;
	answer->holds = true;
	answer->noted = bench->asking;
	return anew;
}

static bool clause_holds(struct tw_eval *eval, const struct tw_clause_gates *clause, bool (*gate_holds)(struct tw_eval *, uint32_t))
{
	bool passes = false;
	for (uint32_t i = 0; i < clause->count && !passes; i++) {
		passes = gate_holds(eval, clause->gate[i]);
	}
	return passes;
}

/* What costs little first. Of the first clause a gate holds, or the rule were no candidate: it is asked in full alone, and only what may hold is. */
bool tw_gates_pass(struct tw_eval *eval, const struct tw_clause_gates *clauses, uint32_t count)
{
	bool passes = true;
	for (uint32_t i = 1; i < count && passes; i++) {
		passes = clause_holds(eval, &clauses[i], tw_gate_holds);
	}
	for (uint32_t i = 0; i < count && passes; i++) {
		passes = !clauses[i].of_texts || clause_holds(eval, &clauses[i], gate_sure);
	}
	return passes;
}
