/**
 * @file eval.c
 * Running a program's nodes over one event; see program.h for the layout and eval.h for the rest of the run.
 *
 * Deciding stops at the first answer. Explaining looks at every branch, in the author's order, and undoes what a branch collected when
 * it did not support the answer; under `not` and `none` a condition supports by being false.
 */
#include "rules/eval.h"

#include "engine/base/arena.h"
#include "rules/band.h"

static bool run(struct tw_eval *eval, uint32_t at);

/* ---- logic ---- */

static bool all(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	bool holds = true;
	for (uint32_t child = at + 1; child < node->end; child = eval->nodes[child].end) {
		holds &= run(eval, child);
		if (!holds && !eval->explain) {
			return false;
		}
	}
	return holds;
}

static bool any(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	bool holds = false;
	for (uint32_t child = at + 1; child < node->end; child = eval->nodes[child].end) {
		holds |= run(eval, child);
		if (holds && !eval->explain) {
			return true;
		}
	}
	return holds;
}

static bool negated(struct tw_eval *eval, uint32_t at)
{
	eval->negated = !eval->negated;
	bool holds = run(eval, at + 1);
	eval->negated = !eval->negated;
	return !holds;
}

/* ---- quantifiers ---- */

/* What a walk over elements is for, and what it found. */
struct tally {
	const struct tw_quantifier *over;
	uint32_t where;    /* node of the condition, 0: none */
	bool stop_at_hit;  /* some, none: the first decides */
	bool stop_at_miss; /* every */
	uint64_t hits, misses;
};

static bool element(struct tw_eval *eval, struct tally *tally)
{
	struct tw_explain *explain = eval->explain;
	bool outermost = explain && explain->depth == 1;
	if (outermost) {
		explain->rank = (uint32_t)tally->hits;
	}
	bool holds = tally->where == 0 || run(eval, tally->where);
	tally->hits += holds;
	tally->misses += !holds;
	if (explain && holds && !eval->negated) {
		for (uint32_t i = 0; i < tally->over->step_count; i++) {
			tw_explain_bind(eval, tally->over->step[i].slot);
		}
	}
	return (holds && tally->stop_at_hit) || (!holds && tally->stop_at_miss);
}

/* @return true when the answer is known */
static bool elements(struct tw_eval *eval, struct tally *tally, const void *at, uint32_t step)
{
	const struct tw_step *through = &tally->over->step[step];
	const struct tw_list *list = (const void *)((const char *)at + through->offset);
	bool last = step + 1 == tally->over->step_count;
	for (uint32_t i = 0; i < list->count; i++) {
		const void *each = (const char *)list->data + (size_t)i * through->size;
		eval->bench->slot[through->slot] = each;
		eval->bench->index[through->slot] = i;
		if (last ? element(eval, tally) : elements(eval, tally, each, step + 1)) {
			return true;
		}
	}
	return false;
}

static void walk(struct tw_eval *eval, struct tally *tally)
{
	struct tw_explain *explain = eval->explain;
	if (explain) {
		tally->stop_at_hit = tally->stop_at_miss = false;
		explain->depth++;
	}
	elements(eval, tally, eval->bench->slot[tally->over->slot], 0);
	if (explain) {
		explain->depth--;
		if (explain->depth == 0) {
			explain->rank = 0;
		}
		if (explain->depth == 0 && !eval->negated && tally->hits > 1 && explain->matched == 0) {
			explain->matched = tally->hits > UINT32_MAX ? UINT32_MAX : (uint32_t)tally->hits;
		}
	}
}

static bool quantified(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	struct tally tally = {.over = node->with.over, .where = node->end > at + 1 ? at + 1 : 0};
	if (node->op == TW_OP_NONE) {
		tally.stop_at_hit = true;
		eval->negated = !eval->negated;
		walk(eval, &tally);
		eval->negated = !eval->negated;
		return tally.hits == 0;
	}
	tally.stop_at_hit = node->op == TW_OP_SOME;
	tally.stop_at_miss = node->op == TW_OP_EVERY;
	walk(eval, &tally);
	return node->op == TW_OP_SOME ? tally.hits > 0 : tally.hits > 0 && tally.misses == 0;
}

static bool count(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	uint32_t test = at + 1, where = eval->nodes[test].end;
	struct tally tally = {.over = node->with.over, .where = where < node->end ? where : 0};
	walk(eval, &tally);
	eval->counted = (int64_t)tally.hits;
	return run(eval, test);
}

/* ---- comparisons ---- */

/* The last text that is not after the wanted one, or count when all are. */
static uint32_t floor_of(const struct tw_text_set *set, struct tw_slice wanted)
{
	uint32_t low = 0, high = set->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct tw_slice text = set->text[middle];
		uint32_t shared = text.len < wanted.len ? text.len : wanted.len;
		int order = shared ? memcmp(text.ptr, wanted.ptr, shared) : 0;
		order = order ? order : (text.len > wanted.len) - (text.len < wanted.len);
		if (order <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low ? low - 1 : set->count;
}

/* With prefixes no text of the set starts another, so only the greatest that is not after the wanted one can start it. */
static bool among_texts(const struct tw_text_set *set, struct tw_slice wanted, bool prefixes)
{
	uint32_t at = floor_of(set, wanted);
	if (at == set->count) {
		return false;
	}
	struct tw_slice text = set->text[at];
	return prefixes ? wanted.len >= text.len && memcmp(wanted.ptr, text.ptr, text.len) == 0 : tw_slice_equal(wanted, text);
}

static bool among_numbers(const struct tw_number_set *set, int64_t wanted)
{
	uint32_t low = 0, high = set->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (set->number[middle] < wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low < set->count && set->number[low] == wanted;
}

/* The spans are disjoint: only the last that begins at or before the number can hold it. */
static bool among_spans(const struct tw_span_set *set, int64_t wanted)
{
	uint32_t low = 0, high = set->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (set->span[middle].low <= wanted) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low && wanted <= set->span[low - 1].high;
}

bool tw_eval_number_meets(const struct tw_rule_node *node, int64_t number)
{
	if (node->op == TW_OP_RANGE) {
		return number >= node->with.range.low && number <= node->with.range.high;
	}
	if (node->op == TW_OP_NUMBERS) {
		return among_numbers(node->with.numbers, number);
	}
	if (node->op == TW_OP_SPANS) {
		return among_spans(node->with.spans, number);
	}
	if (node->op == TW_OP_BITS) {
		return number < 64 && node->with.bits >> number & 1;
	}
	if (number == 0) {
		return false; /* an ill-formed country is none of any set */
	}
	uint32_t bit = tw_country_bit((uint16_t)number);
	return node->with.codes[bit / 64] >> bit % 64 & 1;
}

static bool relation_holds(enum tw_relation relation, int64_t left, int64_t right)
{
	switch (relation) {
	case TW_IS:
		return left == right;
	case TW_IS_NOT:
		return left != right;
	case TW_ABOVE:
		return left > right;
	case TW_BELOW:
		return left < right;
	case TW_AT_LEAST:
		return left >= right;
	case TW_AT_MOST:
		return left <= right;
	case TW_IN:
	case TW_NOT_IN:
	case TW_STARTS:
	case TW_MATCHES:
	case TW_NOT_MATCHES:
	case TW_WORDS:
	case TW_NEAR:
	case TW_STATED:
	case TW_BETWEEN:
	case TW_SAME_AS:
	case TW_DIFFERS_FROM:
	case TW_INSIDE:
	case TW_OUTSIDE:
	case TW_WITHIN:
		break;
	}
	return false;
}

bool tw_eval_text_meets(const struct tw_rule_node *node, struct tw_slice normal)
{
	return among_texts(node->with.texts, normal, node->op == TW_OP_STARTS);
}

static bool texts_meet(struct tw_eval *eval, const struct tw_rule_node *node)
{
	struct tw_slice text;
	return tw_eval_text(eval, node->left, &text) && tw_eval_text_meets(node, text) != node->negate;
}

static bool same(struct tw_eval *eval, const struct tw_rule_node *node)
{
	struct tw_slice left, right;
	int64_t a, b;
	if (node->left->class != TW_CLASS_TEXT && node->left->class != TW_CLASS_MARK) {
		return tw_eval_number(eval, node->left, &a) && tw_eval_number(eval, node->right, &b) && (a == b) != node->negate;
	}
	return tw_eval_text(eval, node->left, &left) && tw_eval_text(eval, node->right, &right) && tw_slice_equal(left, right) != node->negate;
}

static bool matches(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_text *text = tw_eval_at(eval, node->left->slot, node->left->offset);
	if (!tw_stated(text->span)) {
		return false;
	}
	return tw_eval_matches(eval, text, node->with.pattern_set) != node->negate;
}

bool tw_eval_matches(struct tw_eval *eval, const struct tw_text *text, uint32_t set)
{
	struct tw_text_known *known = tw_eval_known(eval, tw_eval_note(eval, text));
	return tw_patterns_match(eval->patterns, eval->bench->patterns, &known->marks, set, known->text, known->arena, &eval->failed);
}

bool tw_eval_place(struct tw_eval *eval, const struct tw_text *text, uint32_t set, struct tw_span *part)
{
	struct tw_text_known *known = tw_eval_known(eval, tw_eval_note(eval, text));
	return tw_patterns_place(eval->patterns, eval->bench->patterns, &known->marks, set, known->text, known->arena, part, &eval->failed);
}

const struct tw_word_marks *tw_eval_words(struct tw_eval *eval, const struct tw_text *text, bool undone)
{
	if (!tw_stated(text->span)) {
		return NULL;
	}
	struct tw_text_note *note = tw_eval_note(eval, text);
	struct tw_text_known *known = tw_eval_known(eval, note);
	if (!tw_words_read(eval->words, &known->words, known->text, undone, note->arena, known->arena)) {
		eval->failed = true;
		return NULL;
	}
	return &known->words;
}

static bool words(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_text *text = tw_eval_at(eval, node->left->slot, node->left->offset);
	const struct tw_word_marks *marks = tw_eval_words(eval, text, node->with.words->disguised);
	return marks && tw_words_meet(marks, node->with.words, NULL);
}

static bool leaf(struct tw_eval *eval, const struct tw_rule_node *node)
{
	int64_t left, right;
	switch (node->op) {
	case TW_OP_STATED:
		return tw_eval_stated(eval, node->left) != node->negate;
	case TW_OP_RANGE:
	case TW_OP_NUMBERS:
	case TW_OP_BITS:
	case TW_OP_CODES:
	case TW_OP_SPANS:
		return tw_eval_number(eval, node->left, &left) && tw_eval_number_meets(node, left) != node->negate;
	case TW_OP_TEXTS:
	case TW_OP_STARTS:
		return texts_meet(eval, node);
	case TW_OP_WORDS:
		return words(eval, node);
	case TW_OP_MATCHES:
		return matches(eval, node);
	case TW_OP_COMPARE:
		return tw_eval_number(eval, node->left, &left) && tw_eval_number(eval, node->right, &right) &&
		       relation_holds(node->relation, left, right);
	case TW_OP_SAME:
		return same(eval, node);
	case TW_OP_LISTED:
		return tw_eval_listed(eval, node);
	case TW_OP_EMBARGO:
		return tw_eval_embargo(eval, node);
	case TW_OP_BORDERS:
		return tw_eval_borders(eval, node);
	case TW_OP_WARNING:
		return tw_eval_warning(eval, node);
	case TW_OP_BAND:
		return tw_eval_band(eval, node);
	case TW_OP_ALL:
	case TW_OP_ANY:
	case TW_OP_NOT:
	case TW_OP_SOME:
	case TW_OP_EVERY:
	case TW_OP_NONE:
	case TW_OP_COUNT:
		break;
	}
	return false;
}

/* ---- any node ---- */

static bool branch(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	switch (node->op) {
	case TW_OP_ALL:
		return all(eval, node, at);
	case TW_OP_ANY:
		return any(eval, node, at);
	case TW_OP_NOT:
		return negated(eval, at);
	case TW_OP_SOME:
	case TW_OP_EVERY:
	case TW_OP_NONE:
		return quantified(eval, node, at);
	case TW_OP_COUNT:
		return count(eval, node, at);
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
	return leaf(eval, node);
}

static bool run_explaining(struct tw_eval *eval, const struct tw_rule_node *node, uint32_t at)
{
	struct tw_explain_mark mark = tw_explain_mark(eval->explain);
	bool holds = branch(eval, node, at);
	if (holds == eval->negated) {
		tw_explain_undo(eval, mark);
	} else if (node->op >= TW_OP_STATED) {
		tw_explain_leaf(eval, node);
	}
	if (eval->explain->trace) {
		eval->explain->trace->seen(eval->explain->trace->context, eval, node, holds);
	}
	return holds;
}

static bool run(struct tw_eval *eval, uint32_t at)
{
	const struct tw_rule_node *node = &eval->nodes[at];
	return eval->explain ? run_explaining(eval, node, at) : branch(eval, node, at);
}

bool tw_eval_run(struct tw_eval *eval, const struct tw_rule_node *nodes)
{
	eval->nodes = nodes;
	eval->negated = false;
	return run(eval, 0);
}
