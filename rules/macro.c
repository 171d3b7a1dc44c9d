/**
 * @file macro.c
 * Named conditions: checked where they stand, filled in and compiled where they are used.
 *
 *     macros:
 *       arms: {field: item.hs, starts: $arms_hs}                        use: arms
 *       seen_often:                                                     use: {macro: seen_often, with: {days: 30, times: 5}}
 *         with: {days: count, times: count}
 *         when: {history: {of: party, metric: seen, days: $days}, at_least: $times}
 *
 * A macro is a tree, and its use a copy of it in which each `$name` of a parameter is what stands under that name in `with`; a list among
 * elements gives its elements. The copy is compiled in its place, so paths mean what is bound there. What an argument is, is checked against its type
 * at the use; what does not go with its neighbours is reported in the macro's own file, and the use too.
 */
#include "engine/base/arena.h"
#include "engine/base/time.h"
#include "rules/compile.h"

static const char *const type_words[] = {"text", "number", "count", "date", "flag", "list", "path", "condition", NULL};
enum type { TEXT, NUMBER, COUNT, DATE, FLAG, LIST, PATH, CONDITION, TYPES };

static bool is_parameter(const struct tw_yaml *node)
{
	return node->kind == TW_YAML_SCALAR && node->plain && node->text.len > 1 && node->text.ptr[0] == '$';
}

static struct tw_slice parameter_name(const struct tw_yaml *node)
{
	return (struct tw_slice){node->text.ptr + 1, node->text.len - 1};
}

static uint32_t type_of(const struct tw_yaml *word)
{
	uint32_t type = 0;
	while (type < TYPES && !(word->kind == TW_YAML_SCALAR && tw_slice_is(word->text, type_words[type]))) {
		type++;
	}
	return type;
}

/* ---- where it stands ---- */

static bool is_used(const struct tw_yaml *node, struct tw_slice name)
{
	bool found = is_parameter(node) && tw_slice_equal(parameter_name(node), name);
	for (const struct tw_yaml *child = node->first; child && !found; child = child->next) {
		found = is_used(child, name);
	}
	return found;
}

static bool is_set(const struct tw_list *sets, struct tw_slice name)
{
	const struct tw_rule_set *set = sets->data;
	for (uint32_t i = 0; i < sets->count; i++) {
		if (tw_slice_equal(set[i].name, name)) {
			return true;
		}
	}
	return false;
}

static void parameter_check(const struct tw_yaml *parameter, const struct tw_yaml *when, const struct tw_list *sets, struct tw_rule_report *report)
{
	if (type_of(parameter) == TYPES) {
		struct tw_nearest nearest = tw_nearest_to(parameter->text);
		char hint[TW_HINT_BYTES];
		tw_nearest_offer_all(&nearest, type_words);
		tw_report_error(report, parameter->mark, TW_E_UNKNOWN, "unknown %s \"%.64s\"%s", "type of parameter",
		                parameter->text.ptr ? parameter->text.ptr : "", tw_nearest_hint(&nearest, hint));
	}
	if (is_set(sets, parameter->key)) {
		tw_report_error(report, parameter->key_mark, TW_E_CONFLICT, "the parameter \"%.64s\" is named like a set", parameter->key.ptr);
	}
	if (when && !is_used(when, parameter->key)) {
		tw_report_warning(report, parameter->key_mark, "the parameter \"%.64s\" is not used", parameter->key.ptr);
	}
}

void tw_macro_check(const struct tw_yaml *definition, const struct tw_list *sets, struct tw_rule_report *report)
{
	static const char *const known[] = {"with", "when", NULL};
	const struct tw_yaml *with = tw_yaml_member(definition, "with"), *when = tw_yaml_member(definition, "when");
	if (!with || !tw_yaml_expect(with, TW_YAML_MAPPING, "with", report)) {
		return;
	}
	tw_yaml_check_keys(definition, known, "a macro with parameters", report);
	if (!when) {
		tw_report_error(report, definition->key_mark, TW_E_MISSING, "the macro \"%.64s\" has parameters and no `when`", definition->key.ptr);
	}
	for (const struct tw_yaml *parameter = with->first; parameter; parameter = parameter->next) {
		parameter_check(parameter, when, sets, report);
	}
}

/* ---- what is given to it ---- */

static bool is_number(struct tw_slice text, bool whole)
{
	uint32_t digits = 0, dots = 0, from = !whole && text.len && text.ptr[0] == '-';
	for (uint32_t i = from; i < text.len; i++) {
		digits += text.ptr[i] >= '0' && text.ptr[i] <= '9';
		dots += text.ptr[i] == '.';
	}
	return digits && digits + dots + from == text.len && dots <= (whole ? 0 : 1);
}

static bool is_path(struct tw_slice text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.')) {
			return false;
		}
	}
	return text.len != 0;
}

static bool fits(const struct tw_yaml *value, uint32_t type)
{
	bool scalar = value->kind == TW_YAML_SCALAR;
	int32_t day;
	switch (type) {
	case TEXT:
		return scalar && !is_parameter(value);
	case NUMBER:
	case COUNT:
		return scalar && is_number(value->text, type == COUNT);
	case DATE:
		return scalar && tw_date_parse(value->text, &day);
	case FLAG:
		return scalar && (tw_slice_is(value->text, "true") || tw_slice_is(value->text, "false"));
	case LIST:
		return value->kind == TW_YAML_SEQUENCE || is_parameter(value);
	case PATH:
		return scalar && is_path(value->text);
	case CONDITION:
		return value->kind == TW_YAML_MAPPING;
	default:
		return true; /* reported where the macro stands */
	}
}

static const char *kind_word(const struct tw_yaml *value)
{
	return value->kind == TW_YAML_MAPPING ? "a mapping" : value->kind == TW_YAML_SEQUENCE ? "a list" : value->text.ptr;
}

static bool argument_check(struct tw_compile *compile, const struct tw_rule_set *named, const struct tw_yaml *parameters,
                           const struct tw_yaml *argument)
{
	const struct tw_yaml *parameter = tw_yaml_member(parameters, argument->key.ptr);
	struct tw_nearest nearest = tw_nearest_to(argument->key);
	char hint[TW_HINT_BYTES];
	if (!parameter) {
		for (const struct tw_yaml *other = parameters ? parameters->first : NULL; other; other = other->next) {
			tw_nearest_offer(&nearest, other->key.ptr);
		}
		tw_report_error(compile->report, argument->key_mark, TW_E_UNKNOWN, "unknown parameter \"%.64s\" of the macro \"%.64s\"%s",
		                argument->key.ptr, named->name.ptr, tw_nearest_hint(&nearest, hint));
		return false;
	}
	if (!fits(argument, type_of(parameter))) {
		tw_report_error(compile->report, argument->mark, TW_E_TYPE, "the parameter \"%.64s\" takes a %s, not \"%.64s\"", argument->key.ptr,
		                parameter->text.ptr, kind_word(argument));
		return false;
	}
	return true;
}

static bool arguments_check(struct tw_compile *compile, const struct tw_rule_set *named, const struct tw_yaml *parameters,
                            const struct tw_yaml *arguments, struct tw_mark mark)
{
	bool good = !arguments || tw_yaml_expect(arguments, TW_YAML_MAPPING, "with", compile->report);
	for (const struct tw_yaml *argument = good && arguments ? arguments->first : NULL; argument; argument = argument->next) {
		good &= argument_check(compile, named, parameters, argument);
	}
	for (const struct tw_yaml *parameter = parameters ? parameters->first : NULL; parameter; parameter = parameter->next) {
		if (!tw_yaml_member(arguments, parameter->key.ptr)) {
			tw_report_error(compile->report, mark, TW_E_MISSING, "the macro \"%.64s\" needs the parameter \"%.64s\", a %.16s",
			                named->name.ptr, parameter->key.ptr, parameter->text.ptr ? parameter->text.ptr : "value");
			good = false;
		}
	}
	return good;
}

/* ---- filling in ---- */

/* Errors in what was put in are shown where the macro names it. @param at NULL: where each node itself stands */
static struct tw_yaml *copy(struct tw_compile *compile, const struct tw_yaml *node, const struct tw_yaml *arguments, const struct tw_yaml *at);

static bool child_add(struct tw_compile *compile, struct tw_yaml *parent, const struct tw_yaml *node, const struct tw_yaml *arguments,
                      const struct tw_yaml *at)
{
	struct tw_yaml *child = copy(compile, node, arguments, at);
	if (!child) {
		return false;
	}
	bool spliced = parent->kind == TW_YAML_SEQUENCE && is_parameter(node) && child->kind == TW_YAML_SEQUENCE;
	struct tw_yaml *first = spliced ? child->first : child, *last = spliced ? child->last : child;
	if (first) {
		*(parent->last ? &parent->last->next : &parent->first) = first;
		parent->last = last;
		parent->count += spliced ? child->count : 1;
	}
	return true;
}

static struct tw_yaml *copy(struct tw_compile *compile, const struct tw_yaml *node, const struct tw_yaml *arguments, const struct tw_yaml *at)
{
	const struct tw_yaml *argument = arguments && is_parameter(node) ? tw_yaml_member(arguments, parameter_name(node).ptr) : NULL;
	const struct tw_yaml *from = argument ? argument : node;
	struct tw_yaml *out = tw_compile_alloc(compile, sizeof(*out));
	if (!out) {
		return NULL;
	}
	*out = *from;
	out->first = out->last = out->next = NULL;
	out->count = 0;
	out->key = node->key;
	out->key_mark = at ? at->mark : node->key_mark;
	out->mark = at ? at->mark : node->mark;
	out->file = at ? at->file : node->file;
	for (const struct tw_yaml *child = from->first; child; child = child->next) {
		if (!child_add(compile, out, child, argument ? NULL : arguments, argument ? out : at)) {
			return NULL;
		}
	}
	return out;
}

/* ---- where it is used ---- */

/* A name, or {macro: NAME, with: {...}}. @return the name's node, NULL after a reported error */
static const struct tw_yaml *use_read(struct tw_compile *compile, const struct tw_yaml *use, const struct tw_yaml **arguments)
{
	static const char *const known[] = {"macro", "with", NULL};
	*arguments = NULL;
	if (use->kind != TW_YAML_MAPPING) {
		return tw_yaml_expect(use, TW_YAML_SCALAR, "use", compile->report) ? use : NULL;
	}
	const struct tw_yaml *name = tw_yaml_member(use, "macro");
	tw_yaml_check_keys(use, known, "use", compile->report);
	if (!name) {
		tw_report_error(compile->report, use->mark, TW_E_MISSING, "use needs `macro`: {macro: NAME, with: {...}}");
		return NULL;
	}
	*arguments = tw_yaml_member(use, "with");
	return tw_yaml_expect(name, TW_YAML_SCALAR, "macro", compile->report) ? name : NULL;
}

static const struct tw_yaml *filled(struct tw_compile *compile, const struct tw_rule_set *named, const struct tw_yaml *arguments,
                                    const struct tw_yaml *use)
{
	const struct tw_yaml *with = tw_yaml_member(named->values, "with"), *when = tw_yaml_member(named->values, "when");
	if (!arguments_check(compile, named, with, arguments, use->mark)) {
		return NULL;
	}
	if (!with) {
		return named->values;
	}
	return when ? copy(compile, when, arguments, NULL) : NULL; /* without one it was reported where it stands */
}

struct tw_clause *tw_compile_macro(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *use, uint32_t depth)
{
	const char *file = compile->report->file;
	const struct tw_yaml *arguments, *name = use_read(compile, use, &arguments);
	struct tw_rule_set *named = name ? tw_compile_named(compile, compile->macros, "macro \"", name->text, name->mark) : NULL;
	if (!named) {
		return NULL;
	}
	if (named->open) {
		tw_report_error(compile->report, name->mark, TW_E_CONFLICT, "the macro \"%.64s\" uses itself, or is given what uses it",
		                name->text.ptr);
		return NULL;
	}
	const struct tw_yaml *condition = filled(compile, named, arguments, use);
	if (!condition) {
		return NULL;
	}
	named->open = true;
	compile->report->file = named->file;
	struct tw_clause *clause = tw_compile_condition(compile, scope, condition, depth + 1);
	compile->report->file = file;
	named->open = false;
	if (!clause) {
		tw_report_error(compile->report, use->mark, TW_E_CONFLICT,
		                "the macro \"%.64s\" cannot be used here: its condition is refused, as said in its own file", name->text.ptr);
	}
	return clause;
}
