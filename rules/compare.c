/**
 * @file compare.c
 * One comparator of a condition: which node does it become? Which there are, and what they go with, is in comparator.c.
 */
#include "engine/base/arena.h"
#include "rules/compile.h"
#include "rules/band.h"
#include "rules/words.h"
#include "rules/patterns.h"

#define ON(class_)      (1U << TW_CLASS_##class_)
#define TEXTUAL         (ON(TEXT) | ON(PLACE) | ON(HS) | ON(MARK))
#define NUMERIC         (ON(COUNT) | ON(AMOUNT))
#define TIMES           (ON(DAY) | ON(INSTANT))
#define WITHIN_DAYS_MAX 36600 /* a century either way */

/* How dear a test is to run, in rough nanoseconds: the cheap ones decide first. Measured on the shipped packs. */
enum { COST_NUMBER = 2, COST_CODE = 3, COST_SHORT = 6, COST_FOLD = 12, COST_PATTERN = 15, COST_SUM = 20, COST_HISTORY = 200, COST_EARLIER = 2000 };

static uint32_t cost_of(const struct tw_operand *operand, uint32_t text)
{
	switch (operand->kind) {
	case TW_OPERAND_HISTORY:
		return COST_HISTORY;
	case TW_OPERAND_EARLIER:
		return COST_EARLIER;
	case TW_OPERAND_SUM:
		return COST_SUM;
	case TW_OPERAND_RATIO:
		return cost_of(operand->of, text) + cost_of(operand->per, text);
	case TW_OPERAND_FIELD:
	case TW_OPERAND_EVENT_DAY:
	case TW_OPERAND_COUNTED:
		break;
	}
	switch (operand->class) {
	case TW_CLASS_TEXT:
	case TW_CLASS_MARK:
		return text;
	case TW_CLASS_PLACE:
	case TW_CLASS_HS:
		return COST_SHORT;
	case TW_CLASS_COUNTRY:
		return COST_CODE;
	case TW_CLASS_CHOICE:
	case TW_CLASS_FLAG:
	case TW_CLASS_COUNT:
	case TW_CLASS_AMOUNT:
	case TW_CLASS_DAY:
	case TW_CLASS_INSTANT:
		break;
	}
	return COST_NUMBER;
}

static struct tw_clause *node(struct tw_compile *compile, enum tw_rule_op op, const struct tw_operand *left, bool negate)
{
	struct tw_clause *condition = tw_compile_node(compile, op, cost_of(left, op == TW_OP_MATCHES ? COST_PATTERN : COST_FOLD));
	if (condition) {
		condition->node.left = left;
		condition->node.negate = negate;
	}
	return condition;
}

/* ---- against literals ---- */

static struct tw_clause *stated(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *value)
{
	enum tw_class class = TW_CLASS_FLAG;
	struct tw_literal literal;
	int64_t wanted;
	if (!tw_literal_of(compile, value, "stated", &literal) || !tw_literal_number(compile, &class, literal, &wanted)) {
		return NULL;
	}
	struct tw_clause *condition = node(compile, TW_OP_STATED, left, !wanted);
	if (condition && left->kind == TW_OPERAND_FIELD) {
		condition->cost = COST_NUMBER;
	}
	return condition;
}

static struct tw_clause *matches(struct tw_compile *compile, const struct tw_operand *left, const struct tw_yaml *value, bool negate)
{
	struct tw_literals literals;
	struct tw_literal one;
	bool list = value->kind == TW_YAML_SEQUENCE || (value->plain && value->text.len > 1 && value->text.ptr[0] == '$');
	if (list ? !tw_literals_read(compile, value, "the list of patterns", &literals) : !tw_literal_of(compile, value, "a pattern", &one)) {
		return NULL;
	}
	literals = list ? literals : (struct tw_literals){&one, 1};
	if (left->kind != TW_OPERAND_FIELD) {
		tw_report_error(compile->report, value->mark, TW_E_TYPE, "patterns are matched against fields alone");
		return NULL;
	}
	uint32_t set;
	if (!tw_patterns_add(compile->patterns, &literals, compile->report, &set)) {
		return NULL;
	}
	struct tw_clause *condition = node(compile, TW_OP_MATCHES, left, negate);
	if (condition) {
		condition->node.with.pattern_set = set;
		condition->cost = COST_PATTERN;
	}
	return condition;
}

static const char *const *words_of(const struct tw_operand *left)
{
	return left->kind == TW_OPERAND_HISTORY ? left->metric->words : left->field->words;
}

/* is, is_not, in, not_in, starts over texts, countries and words: a set, of one or more. */
static struct tw_clause *among(struct tw_compile *compile, const struct tw_operand *left, const struct tw_literals *literals, bool prefixes,
                               bool negate)
{
	struct tw_clause *condition;
	if (left->class == TW_CLASS_COUNTRY) {
		const uint64_t *codes = tw_literals_countries(compile, literals);
		condition = codes ? node(compile, TW_OP_CODES, left, negate) : NULL;
		if (condition) {
			condition->node.with.codes = codes;
		}
		return condition;
	}
	if (left->class == TW_CLASS_CHOICE) {
		uint64_t bits;
		condition = tw_literals_choices(compile, words_of(left), literals, &bits) ? node(compile, TW_OP_BITS, left, negate) : NULL;
		if (condition) {
			condition->node.with.bits = bits;
		}
		return condition;
	}
	if (left->class == TW_CLASS_HS || left->class == TW_CLASS_PLACE) {
		const struct tw_span_set *spans = tw_literals_spans(compile, left->class, literals, prefixes);
		condition = spans ? node(compile, TW_OP_SPANS, left, negate) : NULL;
		if (condition) {
			condition->node.with.spans = spans;
		}
		return condition;
	}
	const struct tw_text_set *texts = tw_literals_texts(compile, left->class, literals, prefixes);
	condition = texts ? node(compile, prefixes ? TW_OP_STARTS : TW_OP_TEXTS, left, negate) : NULL;
	if (condition) {
		condition->node.with.texts = texts;
	}
	return condition;
}

static struct tw_clause *range(struct tw_compile *compile, const struct tw_operand *left, enum tw_relation relation, int64_t low, int64_t high)
{
	struct tw_clause *condition = node(compile, TW_OP_RANGE, left, relation == TW_IS_NOT);
	if (!condition) {
		return NULL;
	}
	bool below = relation == TW_BELOW || relation == TW_AT_MOST;
	bool above = relation == TW_ABOVE || relation == TW_AT_LEAST;
	condition->node.with.range.low = below ? INT64_MIN : relation == TW_ABOVE ? low + 1 : low;
	condition->node.with.range.high = above ? INT64_MAX : relation == TW_BELOW ? high - 1 : high;
	return condition;
}

/* A date on the right of an instant compares days. The operand is ours alone: nobody else has seen it yet. */
static const struct tw_operand *as_class(struct tw_compile *compile, const struct tw_operand *operand, enum tw_class class)
{
	struct tw_operand *own = tw_compile_alloc(compile, sizeof(*own));
	if (own) {
		*own = *operand;
		own->e4 = operand->class == TW_CLASS_COUNT && class == TW_CLASS_AMOUNT;
		own->as_day = operand->class == TW_CLASS_INSTANT && class == TW_CLASS_DAY;
		own->class = class;
	}
	return own;
}

static struct tw_clause *number(struct tw_compile *compile, const struct tw_operand *left, enum tw_relation relation, const struct tw_yaml *value)
{
	enum tw_class class = left->class;
	struct tw_literal low, high;
	int64_t from, to;
	if (relation == TW_BETWEEN) {
		if (value->kind != TW_YAML_SEQUENCE || value->count != 2) {
			tw_report_error(compile->report, value->mark, TW_E_TYPE, "between takes a list of two: [lowest, highest]");
			return NULL;
		}
		value = value->first;
	}
	const struct tw_yaml *upper = relation == TW_BETWEEN ? value->next : value;
	if (!tw_literal_of(compile, value, "the value", &low) || !tw_literal_of(compile, upper, "the value", &high) ||
	    !tw_literal_number(compile, &class, low, &from)) {
		return NULL;
	}
	enum tw_class same = class;
	if (!tw_literal_number(compile, &same, high, &to)) {
		return NULL;
	}
	if (from > to || same != class) {
		tw_report_error(compile->report, value->mark, TW_E_RANGE, "between: the lowest comes first, and both are of one kind");
		return NULL;
	}
	const struct tw_operand *operand = class == left->class ? left : as_class(compile, left, class);
	return operand ? range(compile, operand, relation, from, to) : NULL;
}

static struct tw_clause *numbers(struct tw_compile *compile, const struct tw_operand *left, const struct tw_literals *literals, bool negate)
{
	const struct tw_number_set *set = tw_literals_numbers(compile, left->class, literals);
	struct tw_clause *condition = set ? node(compile, TW_OP_NUMBERS, left, negate) : NULL;
	if (condition) {
		condition->node.with.numbers = set;
	}
	return condition;
}

/* ---- against another value ---- */

static struct tw_clause *pair(struct tw_compile *compile, enum tw_rule_op op, const struct tw_operand *left, const struct tw_operand *right,
                              bool negate)
{
	struct tw_clause *condition = left && right ? node(compile, op, left, negate) : NULL;
	if (condition) {
		condition->node.right = right;
		condition->cost += cost_of(right, COST_FOLD);
	}
	return condition;
}

static struct tw_clause *mismatch(struct tw_compile *compile, const struct tw_yaml *value, const struct tw_operand *left,
                                  const struct tw_operand *right)
{
	tw_report_error(compile->report, value->mark, TW_E_TYPE, "%s cannot be compared with %s", tw_class_name(left->class),
	                tw_class_name(right->class));
	return NULL;
}

/* same_as, differs_from: as countries when either side is one, else in the stricter normal form of the two. */
static struct tw_clause *same(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left, const struct tw_yaml *value,
                              bool negate)
{
	if (!tw_yaml_expect(value, TW_YAML_MAPPING, "the right side", compile->report)) {
		return NULL;
	}
	const struct tw_operand *right = tw_compile_right(compile, scope, value);
	if (!right) {
		return NULL;
	}
	if (!((TEXTUAL | ON(COUNTRY)) & 1U << right->class)) {
		return mismatch(compile, value, left, right);
	}
	enum tw_class class = left->class == right->class ? left->class : TW_CLASS_TEXT;
	if (left->class == TW_CLASS_COUNTRY || right->class == TW_CLASS_COUNTRY) {
		const struct tw_operand *other = left->class == TW_CLASS_COUNTRY ? right : left;
		if (other->class == TW_CLASS_HS || other->class == TW_CLASS_MARK) {
			return mismatch(compile, value, left, right);
		}
		class = TW_CLASS_COUNTRY;
	}
	left = left->class == class ? left : as_class(compile, left, class);
	right = right->class == class ? right : as_class(compile, right, class);
	return pair(compile, TW_OP_SAME, left, right, negate);
}

static struct tw_clause *related(struct tw_compile *compile, const struct tw_operand *left, const struct tw_operand *right, enum tw_relation relation)
{
	struct tw_clause *condition = pair(compile, TW_OP_COMPARE, left, right, false);
	if (condition) {
		condition->node.relation = relation;
	}
	return condition;
}

/* is, above, before ... against an operand. */
static struct tw_clause *against(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left, enum tw_relation relation,
                                 const struct tw_yaml *value)
{
	const struct tw_operand *right = tw_compile_right(compile, scope, value);
	if (!right) {
		return NULL;
	}
	uint32_t both = 1U << left->class | 1U << right->class, texts = TEXTUAL | ON(COUNTRY) | ON(CHOICE);
	if ((both & texts) && (both & ~texts)) {
		return mismatch(compile, value, left, right);
	}
	if (both & texts) {
		tw_report_error(compile->report, value->mark, TW_E_TYPE, "texts and countries are compared with same_as and differs_from");
		return NULL;
	}
	if ((both & ~NUMERIC) != 0 && (both & ~TIMES) != 0 && both != ON(FLAG)) {
		return mismatch(compile, value, left, right);
	}
	enum tw_class class = left->class;
	if (left->class != right->class) {
		class = both & NUMERIC ? TW_CLASS_AMOUNT : TW_CLASS_DAY;
	}
	left = left->class == class ? left : as_class(compile, left, class);
	right = right->class == class ? right : as_class(compile, right, class);
	return related(compile, left, right, relation);
}

/* ---- within some days ---- */

/* One end of the days around a date. */
static struct tw_clause *end_of(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left, const struct tw_yaml *of,
                                enum tw_relation relation, int64_t days)
{
	struct tw_operand *right = tw_compile_right(compile, scope, of);
	if (!right) {
		return NULL;
	}
	if (!(TIMES & 1U << right->class)) {
		return mismatch(compile, of, left, right);
	}
	right->plus_days += (int32_t)days;
	if (left->class != right->class) {
		const struct tw_operand *one = left->class == TW_CLASS_DAY ? left : as_class(compile, left, TW_CLASS_DAY);
		const struct tw_operand *other = right->class == TW_CLASS_DAY ? right : as_class(compile, right, TW_CLASS_DAY);
		return one && other ? related(compile, one, other, relation) : NULL;
	}
	return related(compile, left, right, relation);
}

/* Not before the first of the days, and not after the last: both on one date. */
static struct tw_clause *within(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left, const struct tw_yaml *value)
{
	static const char *const known[] = {"days", "of", NULL};
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t number;
	if (!tw_yaml_expect_like(value, "within", "{days: 30, of: {field: event.time}}", compile->report)) {
		return NULL;
	}
	const struct tw_yaml *days = tw_yaml_member(value, "days"), *of = tw_yaml_member(value, "of");
	tw_yaml_check_keys(value, known, "within", compile->report);
	if (!days || !of) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "within needs `days` and `of`: {days: 30, of: {event: day}}");
		return NULL;
	}
	if (!tw_yaml_expect(of, TW_YAML_MAPPING, "of", compile->report) || !tw_literal_of(compile, days, "days", &literal) ||
	    !tw_literal_number(compile, &class, literal, &number)) {
		return NULL;
	}
	if (number < 0 || number > WITHIN_DAYS_MAX) {
		tw_report_error(compile->report, days->mark, TW_E_RANGE, "days must be 0 to %d", WITHIN_DAYS_MAX);
		return NULL;
	}
	struct tw_clause *from = end_of(compile, scope, left, of, TW_AT_LEAST, -number);
	struct tw_clause *to = from ? end_of(compile, scope, left, of, TW_AT_MOST, number) : NULL;
	struct tw_clause *both = to ? tw_compile_node(compile, TW_OP_ALL, from->cost + to->cost) : NULL;
	if (both) {
		both->first = from;
		from->next = to;
	}
	return both;
}

/* ---- choosing ---- */

static struct tw_clause *with_literal(struct tw_compile *compile, const struct tw_operand *left, enum tw_relation relation,
                                      const struct tw_yaml *value)
{
	bool negate = relation == TW_IS_NOT || relation == TW_NOT_IN;
	bool list = relation == TW_IN || relation == TW_NOT_IN || relation == TW_STARTS;
	struct tw_literals literals;
	struct tw_literal one;
	if (!list && !((TEXTUAL | ON(COUNTRY) | ON(CHOICE)) & 1U << left->class)) {
		return number(compile, left, relation, value);
	}
	if (list ? !tw_literals_read(compile, value, "the list", &literals) : !tw_literal_of(compile, value, "the value", &one)) {
		return NULL;
	}
	literals = list ? literals : (struct tw_literals){&one, 1};
	if (NUMERIC & 1U << left->class) {
		return numbers(compile, left, &literals, negate);
	}
	return among(compile, left, &literals, relation == TW_STARTS, negate);
}

struct tw_clause *tw_compile_comparison(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left,
                                        const struct tw_yaml *comparator, const struct tw_yaml *condition)
{
	enum tw_relation relation;
	if (!tw_comparator_fits(compile, left, comparator, &relation)) {
		return NULL;
	}
	if (relation == TW_WORDS || relation == TW_NEAR) {
		return tw_compile_words(compile, left, comparator, condition);
	}
	if (!tw_compile_no_word_members(compile, comparator, condition)) {
		return NULL;
	}
	if (relation == TW_STATED) {
		return stated(compile, left, comparator);
	}
	if (relation == TW_MATCHES || relation == TW_NOT_MATCHES) {
		return matches(compile, left, comparator, relation == TW_NOT_MATCHES);
	}
	if (relation == TW_WITHIN) {
		return within(compile, scope, left, comparator);
	}
	if (relation == TW_INSIDE || relation == TW_OUTSIDE) {
		left = left->class == TW_CLASS_AMOUNT ? left : as_class(compile, left, TW_CLASS_AMOUNT);
		return left ? tw_compile_band(compile, scope, left, comparator, relation == TW_OUTSIDE) : NULL;
	}
	if (relation == TW_SAME_AS || relation == TW_DIFFERS_FROM) {
		return same(compile, scope, left, comparator, relation == TW_DIFFERS_FROM);
	}
	if (comparator->kind == TW_YAML_MAPPING) {
		return against(compile, scope, left, relation, comparator);
	}
	return with_literal(compile, left, relation, comparator);
}
