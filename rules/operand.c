/**
 * @file operand.c
 * Things with a value: a field, a sum over a repeated part, a ratio of two amounts, the event's day. Questions to history: past.c.
 */
#include "engine/base/arena.h"
#include "rules/compile.h"

#define PLUS_DAYS_MAX 36600 /* a century either way */

static const char *const operand_words[] = {"field", "history", "sum", "ratio", "earlier", "event", NULL};

bool tw_compile_path(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, bool through_lists, struct tw_path *out)
{
	const struct tw_yaml *of = node->kind == TW_YAML_MAPPING ? tw_yaml_member(node, "of") : NULL;
	if (of && of->kind == TW_YAML_SCALAR) { /* as history and ratio are written */
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "%s must be %s, not %s: %.64s", "a path", "a single value", "a mapping",
		                of->text.ptr);
		return false;
	}
	if (!tw_yaml_expect(node, TW_YAML_SCALAR, "a path", compile->report)) {
		return false;
	}
	struct tw_path_ask ask = {node->text, node->mark, compile->family, scope, through_lists};
	return tw_path_resolve(&ask, compile->arena, compile->report, out);
}

bool tw_compile_object(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, struct tw_path *out)
{
	if (!tw_compile_path(compile, scope, node, false, out)) {
		return false;
	}
	if (!out->shape) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE,
		                "\"%.64s\" is no part that can be asked about: a bound name, or a path to an object", node->text.ptr);
		return false;
	}
	return true;
}

struct tw_operand *tw_compile_operand_new(struct tw_compile *compile, enum tw_operand_kind kind, enum tw_class class)
{
	struct tw_operand *operand = tw_compile_alloc(compile, sizeof(*operand));
	if (operand) {
		operand->kind = kind;
		operand->class = class;
	}
	return operand;
}

static struct tw_operand *operand_of_path(struct tw_compile *compile, const struct tw_path *path)
{
	struct tw_operand *operand = tw_compile_operand_new(compile, TW_OPERAND_FIELD, tw_class_of(path->field->kind));
	if (operand) {
		operand->slot = path->slot;
		operand->offset = path->offset;
		operand->field_kind = path->field->kind;
		operand->field = path->field;
		operand->pointer = path->pointer;
	}
	return operand;
}

/* @return true when the path ends at something with a value; else reports what it is instead */
static bool is_value(struct tw_compile *compile, const struct tw_yaml *node, const struct tw_path *path)
{
	if (!path->shape && path->field->kind != TW_FIELD_OBJECTS) {
		return true;
	}
	if (path->shape) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" is an object: name one of its members, as in \"%.64s.%s\"",
		                node->text.ptr, node->text.ptr, path->shape->fields[0].name);
	} else {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" is repeated: use `some:`, `every:`, `none:` or `count:` over it",
		                node->text.ptr);
	}
	return false;
}

struct tw_operand *tw_compile_field(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node)
{
	struct tw_path path;
	if (!tw_compile_path(compile, scope, node, false, &path) || !is_value(compile, node, &path)) {
		return NULL;
	}
	if (path.field->kind == TW_FIELD_TEXTS) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE,
		                "\"%.64s\" is a list of texts: it may be tested alone, not against another value", node->text.ptr);
		return NULL;
	}
	return operand_of_path(compile, &path);
}

bool tw_compile_fact_name(struct tw_compile *compile, const struct tw_yaml *as, const char *fallback, struct tw_operand *operand)
{
	operand->fact = as ? as->text : tw_slice_str(fallback);
	if (as && !tw_yaml_expect(as, TW_YAML_SCALAR, "as", compile->report)) {
		return false;
	}
	return tw_compile_fact(compile, operand->fact);
}

/* ---- sums and ratios ---- */

static bool is_number(enum tw_class class)
{
	return class == TW_CLASS_AMOUNT || class == TW_CLASS_COUNT;
}

static struct tw_operand *sum(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value, const struct tw_yaml *as)
{
	struct tw_path path;
	if (!tw_compile_path(compile, scope, value, true, &path) || !is_value(compile, value, &path)) {
		return NULL;
	}
	if (path.step_count == 0 || !is_number(tw_class_of(path.field->kind))) {
		tw_report_error(compile->report, value->mark, TW_E_TYPE, "a sum goes over a number of a repeated part, as in items.gross_kg");
		return NULL;
	}
	struct tw_operand *operand = operand_of_path(compile, &path);
	if (!operand) {
		return NULL;
	}
	operand->kind = TW_OPERAND_SUM;
	operand->step_count = path.step_count;
	memcpy(operand->step, path.step, sizeof(operand->step));
	struct tw_slice *pointers = tw_compile_alloc(compile, path.step_count * sizeof(*pointers));
	if (!pointers) {
		return NULL;
	}
	memcpy(pointers, path.step_pointer, path.step_count * sizeof(*pointers));
	operand->step_pointer = pointers;
	operand->fact = (struct tw_slice){NULL, 0};
	return !as || tw_compile_fact_name(compile, as, "sum", operand) ? operand : NULL;
}

static struct tw_operand *ratio_part(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *part)
{
	struct tw_operand *operand = part->kind == TW_YAML_MAPPING ? tw_compile_right(compile, scope, part) : tw_compile_field(compile, scope, part);
	if (!operand) {
		return NULL;
	}
	if (!is_number(operand->class) || operand->kind == TW_OPERAND_RATIO) {
		tw_report_error(compile->report, part->mark, TW_E_TYPE, "a ratio is made of two numbers, not of %s",
		                operand->kind == TW_OPERAND_RATIO ? "another ratio" : tw_class_name(operand->class));
		return NULL;
	}
	operand->e4 = operand->class == TW_CLASS_COUNT;
	operand->class = TW_CLASS_AMOUNT; /* its fact too is read in ten-thousandths */
	return operand;
}

static struct tw_operand *ratio(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value)
{
	static const char *const known[] = {"of", "per", "as", NULL};
	const struct tw_yaml *of = tw_yaml_member(value, "of"), *per = tw_yaml_member(value, "per"), *as = tw_yaml_member(value, "as");
	struct tw_operand *operand = tw_compile_operand_new(compile, TW_OPERAND_RATIO, TW_CLASS_AMOUNT);
	if (!operand || !tw_yaml_expect_like(value, "ratio", "{of: item.gross_kg, per: item.quantity}", compile->report)) {
		return NULL;
	}
	tw_yaml_check_keys(value, known, "ratio", compile->report);
	if (!of || !per) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "ratio needs `of` and `per`");
		return NULL;
	}
	operand->of = ratio_part(compile, scope, of);
	operand->per = ratio_part(compile, scope, per);
	if (!operand->of || !operand->per) {
		return NULL;
	}
	return tw_compile_fact_name(compile, as, "ratio", operand) ? operand : NULL;
}

struct tw_operand *tw_compile_operand(struct tw_compile *compile, const struct tw_scope *scope, const char *key, const struct tw_yaml *value)
{
	if (strcmp(key, "history") == 0) {
		return tw_compile_history(compile, scope, value);
	}
	if (strcmp(key, "earlier") == 0) {
		return tw_compile_earlier(compile, scope, value);
	}
	if (strcmp(key, "sum") == 0) {
		return sum(compile, scope, value, NULL);
	}
	return strcmp(key, "ratio") == 0 ? ratio(compile, scope, value) : tw_compile_field(compile, scope, value);
}

static struct tw_operand *event_day(struct tw_compile *compile, const struct tw_yaml *value)
{
	if (value->kind == TW_YAML_SCALAR && tw_slice_is(value->text, "day")) {
		return tw_compile_operand_new(compile, TW_OPERAND_EVENT_DAY, TW_CLASS_DAY);
	}
	tw_report_error(compile->report, value->mark, TW_E_UNKNOWN, "event: must be `day`");
	return NULL;
}

static bool plus_days(struct tw_compile *compile, const struct tw_yaml *value, struct tw_operand *operand)
{
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t days;
	if (operand->class != TW_CLASS_DAY && operand->class != TW_CLASS_INSTANT) {
		tw_report_error(compile->report, value->key_mark, TW_E_TYPE, "plus_days goes with a date, not with %s",
		                tw_class_name(operand->class));
		return false;
	}
	if (!tw_literal_of(compile, value, "plus_days", &literal) || !tw_literal_number(compile, &class, literal, &days)) {
		return false;
	}
	if (days < -PLUS_DAYS_MAX || days > PLUS_DAYS_MAX) {
		tw_report_error(compile->report, value->mark, TW_E_RANGE, "plus_days must be within %d days", PLUS_DAYS_MAX);
		return false;
	}
	operand->plus_days = (int32_t)days;
	return true;
}

struct tw_operand *tw_compile_right(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *mapping)
{
	static const char *const known[] = {"field", "history", "sum", "ratio", "earlier", "event", "plus_days", "as", NULL};
	const struct tw_yaml *head = NULL, *days = tw_yaml_member(mapping, "plus_days"), *as = tw_yaml_member(mapping, "as");
	tw_yaml_check_keys(mapping, known, "the right side of a comparison", compile->report);
	for (size_t i = 0; operand_words[i]; i++) {
		const struct tw_yaml *member = tw_yaml_member(mapping, operand_words[i]);
		if (member && head) {
			tw_report_error(compile->report, member->key_mark, TW_E_CONFLICT, "two values in one operand: \"%s\" and \"%s\"",
			                head->key.ptr, member->key.ptr);
			return NULL;
		}
		head = member ? member : head;
	}
	if (!head) {
		tw_report_error(compile->report, mapping->mark, TW_E_MISSING,
		                "the right side needs one of field, history, sum, ratio, earlier, event");
		return NULL;
	}
	struct tw_operand *operand =
	    tw_slice_is(head->key, "event") ? event_day(compile, head) : tw_compile_operand(compile, scope, head->key.ptr, head);
	if (!operand || (days && !plus_days(compile, days, operand))) {
		return NULL;
	}
	return !as || tw_compile_fact_name(compile, as, "", operand) ? operand : NULL;
}
