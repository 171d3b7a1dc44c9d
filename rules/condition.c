/**
 * @file condition.c
 * The heads of conditions: what a mapping is, and the logic over others. all, any, not; some, every, none, count; a value with a
 * comparator; listed, embargo, borders, warning.
 */
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "rules/compile.h"

enum head { ALL, ANY, NOT, SOME, EVERY, NONE, COUNT, FIELD, HISTORY, SUM, RATIO, EARLIER, LISTED, EMBARGO, BORDERS, WARNING, USE };
static const char *const head_words[] = {"all", "any",   "not",     "some",   "every",   "none",    "count",   "field", "history",
                                         "sum", "ratio", "earlier", "listed", "embargo", "borders", "warning", "use",   NULL};

/* Rough nanoseconds of setting up one quantifier, and how many elements an ordinary part has. */
enum { COST_QUANTIFIER = 4, ELEMENTS_EXPECTED = 3 };

void *tw_compile_alloc(struct tw_compile *compile, size_t bytes)
{
	void *out = tw_arena_alloc(compile->arena, bytes);
	if (!out) {
		tw_report_error(compile->report, (struct tw_mark){0, 0}, TW_E_MEMORY, "no memory");
	}
	return out;
}

bool tw_compile_fact(struct tw_compile *compile, struct tw_slice name)
{
	struct tw_slice *fact = tw_list_push(compile->arena, &compile->facts, sizeof(*fact));
	if (!fact) {
		tw_report_error(compile->report, (struct tw_mark){0, 0}, TW_E_MEMORY, "no memory");
		return false;
	}
	*fact = name;
	return true;
}

struct tw_clause *tw_compile_node(struct tw_compile *compile, enum tw_rule_op op, uint32_t cost)
{
	struct tw_clause *condition = tw_compile_alloc(compile, sizeof(*condition));
	if (condition) {
		condition->node.op = op;
		condition->cost = cost;
	}
	return condition;
}

/* ---- all, any, not ---- */

static struct tw_clause *logic(struct tw_compile *compile, const struct tw_scope *scope, enum tw_rule_op op, const struct tw_yaml *list,
                               uint32_t depth)
{
	struct tw_clause *condition = tw_compile_node(compile, op, 0);
	if (!condition || !tw_yaml_expect(list, TW_YAML_SEQUENCE, list->key.ptr, compile->report)) {
		return NULL;
	}
	if (!list->first) {
		tw_report_error(compile->report, list->mark, TW_E_MISSING, "\"%s\" holds no condition", list->key.ptr);
		return NULL;
	}
	struct tw_clause **tail = &condition->first;
	bool good = true;
	for (const struct tw_yaml *item = list->first; item; item = item->next) {
		struct tw_clause *child = tw_compile_condition(compile, scope, item, depth + 1);
		good &= child != NULL;
		if (child) {
			condition->cost += child->cost;
			*tail = child;
			tail = &child->next;
		}
	}
	return good ? condition : NULL;
}

static struct tw_clause *negation(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *value, uint32_t depth)
{
	struct tw_clause *child = tw_compile_condition(compile, scope, value, depth + 1);
	struct tw_clause *condition = child ? tw_compile_node(compile, TW_OP_NOT, child->cost) : NULL;
	if (condition) {
		condition->first = child;
	}
	return condition;
}

/* ---- quantifiers ---- */

static bool slot_add(struct tw_compile *compile, const struct tw_shape *shape, uint32_t parent, struct tw_slice pointer, uint32_t *out)
{
	struct tw_slot *slot = tw_list_push(compile->arena, &compile->slots, sizeof(*slot));
	struct tw_scope *scope = shape ? tw_list_push(compile->arena, &compile->scopes, sizeof(*scope)) : NULL;
	if (!slot || (shape && !scope)) {
		tw_report_error(compile->report, (struct tw_mark){0, 0}, TW_E_MEMORY, "no memory");
		return false;
	}
	*out = compile->slots.count - 1;
	*slot = (struct tw_slot){.name = shape ? shape->name : NULL, .parent = parent, .pointer = pointer};
	if (scope) {
		*scope = (struct tw_scope){.shape = shape, .slot = *out};
	}
	return true;
}

/* Turns a resolved path that ends at a repeated part into steps with a slot each. @return the quantifier, NULL after a reported error */
static struct tw_quantifier *quantifier(struct tw_compile *compile, const struct tw_yaml *node, struct tw_path *path)
{
	if (!path->field || (path->field->kind != TW_FIELD_OBJECTS && path->field->kind != TW_FIELD_TEXTS)) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "\"%.64s\" is not repeated: use `field:` and a comparison", node->text.ptr);
		return NULL;
	}
	if (path->step_count == TW_STEPS_MAX) {
		tw_report_error(compile->report, node->mark, TW_E_LIMIT, "more than %u repeated parts in one path", TW_STEPS_MAX);
		return NULL;
	}
	uint32_t size = path->field->shape ? path->field->shape->size : (uint32_t)sizeof(struct tw_text);
	path->step[path->step_count] = (struct tw_step){.offset = path->offset, .size = size};
	path->step_pointer[path->step_count] = path->pointer;
	path->step_shape[path->step_count++] = path->field->shape;
	struct tw_quantifier *over = tw_compile_alloc(compile, sizeof(*over));
	uint32_t parent = path->slot;
	for (uint32_t i = 0; over && i < path->step_count; i++) {
		if (!slot_add(compile, path->step_shape[i], parent, path->step_pointer[i], &path->step[i].slot)) {
			return NULL;
		}
		parent = path->step[i].slot;
	}
	if (over) {
		over->slot = path->slot;
		over->step_count = path->step_count;
		memcpy(over->step, path->step, sizeof(over->step));
	}
	return over;
}

/* Puts the path's elements in sight, outermost first, and compiles what is asked of the innermost. */
static struct tw_clause *inside(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_path *path, const struct tw_yaml *where,
                                uint32_t depth)
{
	struct tw_scope links[TW_STEPS_MAX];
	for (uint32_t i = 0; i < path->step_count; i++) {
		if (!path->step_shape[i]) {
			tw_report_error(compile->report, where->key_mark, TW_E_TYPE,
			                "a list of texts takes no `where`: use `field:` and a comparison");
			return NULL;
		}
		links[i] = (struct tw_scope){scope, path->step_shape[i], path->step[i].slot};
		scope = &links[i];
	}
	return tw_compile_condition(compile, scope, where, depth + 1);
}

static uint32_t cost_over(const struct tw_clause *where)
{
	uint32_t each = where ? where->cost : 1;
	return COST_QUANTIFIER + (each < UINT32_MAX / 8 ? each * ELEMENTS_EXPECTED : each);
}

static struct tw_clause *quantified(struct tw_compile *compile, const struct tw_scope *scope, enum tw_rule_op op, const struct tw_yaml *node,
                                    const struct tw_yaml *value, uint32_t depth)
{
	const struct tw_yaml *where = tw_yaml_member(node, "where");
	struct tw_path path;
	if (!tw_compile_path(compile, scope, value, false, &path)) {
		return NULL;
	}
	struct tw_quantifier *over = quantifier(compile, value, &path);
	if (over && !where && op == TW_OP_EVERY) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "every needs `where`: what must hold of each");
		return NULL;
	}
	struct tw_clause *child = over && where ? inside(compile, scope, &path, where, depth) : NULL;
	if (!over || (where && !child)) {
		return NULL;
	}
	struct tw_clause *condition = tw_compile_node(compile, op, cost_over(child));
	if (condition) {
		condition->node.with.over = over;
		condition->first = child;
	}
	return condition;
}

static const struct tw_operand *counted(struct tw_compile *compile, const struct tw_yaml *node)
{
	const struct tw_yaml *as = tw_yaml_member(node, "as");
	struct tw_operand *operand = tw_compile_alloc(compile, sizeof(*operand));
	if (!operand || (as && !tw_yaml_expect(as, TW_YAML_SCALAR, "as", compile->report))) {
		return NULL;
	}
	*operand = (struct tw_operand){.kind = TW_OPERAND_COUNTED, .class = TW_CLASS_COUNT, .fact = as ? as->text : tw_slice_str("count")};
	return tw_compile_fact(compile, operand->fact) ? operand : NULL;
}

static struct tw_clause *count(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, const struct tw_yaml *value,
                               uint32_t depth)
{
	const struct tw_yaml *where = tw_yaml_member(node, "where"), *comparator = tw_comparator_find(compile, node);
	struct tw_path path;
	if (!comparator || !tw_compile_path(compile, scope, value, true, &path)) {
		return NULL;
	}
	struct tw_quantifier *over = quantifier(compile, value, &path);
	const struct tw_operand *left = over ? counted(compile, node) : NULL;
	struct tw_clause *test = left ? tw_compile_comparison(compile, scope, left, comparator, node) : NULL;
	struct tw_clause *child = test && where ? inside(compile, scope, &path, where, depth) : NULL;
	if (!test || (where && !child)) {
		return NULL;
	}
	struct tw_clause *condition = tw_compile_node(compile, TW_OP_COUNT, cost_over(child) + test->cost);
	if (condition) {
		condition->node.with.over = over;
		condition->first = test;
		test->next = child;
	}
	return condition;
}

/* ---- values ---- */

/* A comparison on a list of texts holds when it holds of any of them: `some` over the list, the comparison inside. */
static struct tw_clause *any_text(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, const struct tw_yaml *value,
                                  struct tw_path *path, const struct tw_yaml *comparator)
{
	static const char *const refused[][2] = {{"is_not", "is"}, {"not_in", "in"}, {"not_matches", "matches"}, {"differs_from", "same_as"}};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (tw_slice_is(comparator->key, refused[i][0])) {
			tw_report_error(compile->report, comparator->key_mark, TW_E_TYPE,
			                "\"%s\" is ambiguous over a list of texts: write `not:` around \"%s\"", refused[i][0], refused[i][1]);
			return NULL;
		}
	}
	struct tw_quantifier *over = quantifier(compile, value, path);
	struct tw_operand *element = over ? tw_compile_alloc(compile, sizeof(*element)) : NULL;
	if (!element) {
		return NULL;
	}
	*element = (struct tw_operand){
	    .kind = TW_OPERAND_FIELD, .class = TW_CLASS_TEXT, .slot = path->step[0].slot, .field_kind = TW_FIELD_TEXT, .field = path->field};
	bool absence = tw_slice_is(comparator->key, "stated") && comparator->kind == TW_YAML_SCALAR && tw_slice_is(comparator->text, "false");
	struct tw_clause *test = tw_compile_comparison(compile, scope, element, comparator, node);
	struct tw_clause *condition = test ? tw_compile_node(compile, absence ? TW_OP_NONE : TW_OP_SOME, cost_over(test)) : NULL;
	if (condition) {
		condition->node.with.over = over;
		test->node.negate = absence ? false : test->node.negate;
		condition->first = test;
	}
	return condition;
}

static struct tw_clause *value_of(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, const struct tw_yaml *value)
{
	const struct tw_yaml *comparator = tw_comparator_find(compile, node), *as = tw_yaml_member(node, "as");
	struct tw_operand *operand;
	struct tw_path path;
	if (!comparator) {
		return NULL;
	}
	if (tw_slice_is(value->key, "field")) {
		if (!tw_compile_path(compile, scope, value, false, &path)) {
			return NULL;
		}
		if (path.field && path.field->kind == TW_FIELD_TEXTS) {
			return any_text(compile, scope, node, value, &path, comparator);
		}
	}
	operand = tw_compile_operand(compile, scope, value->key.ptr, value);
	if (!operand) {
		return NULL;
	}
	if (as && tw_yaml_expect(as, TW_YAML_SCALAR, "as", compile->report)) {
		operand->fact = as->text;
		if (!tw_compile_fact(compile, as->text)) {
			return NULL;
		}
	}
	return tw_compile_comparison(compile, scope, operand, comparator, node);
}

/* ---- which head ---- */

static const struct tw_yaml *head_find(struct tw_compile *compile, const struct tw_yaml *node, enum head *out)
{
	const struct tw_yaml *found = NULL;
	for (const struct tw_yaml *child = node->first; child; child = child->next) {
		for (uint32_t i = 0; head_words[i]; i++) {
			if (!tw_slice_is(child->key, head_words[i])) {
				continue;
			}
			if (found) {
				tw_report_error(compile->report, child->key_mark, TW_E_CONFLICT,
				                "a condition is one thing: \"%s\" stands beside \"%s\"; put both under all: or any:", child->key.ptr,
				                found->key.ptr);
				return NULL;
			}
			found = child;
			*out = (enum head)i;
		}
	}
	return found;
}

/* What other languages call a head. @return ours, or "" when `key` is none of theirs */
static const char *head_foreign(struct tw_slice key)
{
	static const struct {
		const char *theirs, *ours;
	} theirs[] = {
	    {"and", "all"},     {"&&", "all"},    {"both", "all"},        {"or", "any"},     {"||", "any"},    {"either", "any"},
	    {"one_of", "any"},  {"nor", "not"},   {"neither", "not"},     {"!", "not"},      {"each", "every"}, {"forall", "every"},
	    {"for_all", "every"}, {"has", "some"}, {"there_is", "some"},   {"exists", "some"}, {"no", "none"},    {"without", "none"},
	    {"total", "sum"},   {"per", "ratio"}, {"macro", "use"},       {"list", "listed"}, {"sanctioned", "listed"},
	};
	for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
		if (tw_slice_is(key, theirs[i].theirs)) {
			return theirs[i].ours;
		}
	}
	return "";
}

static void no_head(struct tw_compile *compile, const struct tw_yaml *node)
{
	const struct tw_yaml *first = node->first;
	const char *ours = first ? head_foreign(first->key) : "";
	if (*ours) {
		tw_report_error(compile->report, first->key_mark, TW_E_UNKNOWN, "no condition begins with \"%.64s\"; here it is \"%s\"", first->key.ptr,
		                ours);
		return;
	}
	struct tw_nearest nearest = tw_nearest_to(first ? first->key : tw_slice_str(""));
	char hint[TW_HINT_BYTES];
	tw_nearest_offer_all(&nearest, head_words);
	const char *meant = tw_nearest_hint(&nearest, hint);
	if (!*meant && first && (tw_comparator_there(node) || *tw_comparator_foreign(first->key))) {
		meant = ": a comparison stands beside its value, as in {field: item.description, words: [rifle]}";
	}
	tw_report_error(compile->report, first ? first->key_mark : node->mark, first ? TW_E_UNKNOWN : TW_E_MISSING,
	                "no condition begins with \"%.64s\"%s", first ? first->key.ptr : "", meant);
}

/* @return false after a reported error */
static bool extra_keys(struct tw_compile *compile, const struct tw_yaml *node, const struct tw_yaml *head, enum head kind)
{
	const char *const *comparators = tw_comparator_words();
	bool good = true;
	bool value = kind >= COUNT && kind <= EARLIER;
	for (const struct tw_yaml *child = node->first; child; child = child->next) {
		struct tw_nearest nearest = tw_nearest_to(child->key);
		char hint[TW_HINT_BYTES];
		if (child == head) {
			continue;
		}
		if (kind >= SOME && kind <= COUNT) {
			tw_nearest_offer(&nearest, "where");
		}
		if (value) {
			tw_nearest_offer(&nearest, "as");
			tw_nearest_offer(&nearest, "except");
			tw_nearest_offer(&nearest, "spelling");
			tw_nearest_offer_all(&nearest, comparators);
		}
		if (kind == WARNING) {
			tw_nearest_offer(&nearest, "at");
		}
		const char *ours = value ? tw_comparator_foreign(child->key) : "";
		if (nearest.distance != 0) {
			good = false;
			tw_report_error(compile->report, child->key_mark, TW_E_UNKNOWN, "unknown key \"%.64s\" beside \"%s\"%s%s%s", child->key.ptr,
			                head_words[kind], *ours ? "; here it is \"" : tw_nearest_hint(&nearest, hint), ours, *ours ? "\"" : "");
		}
	}
	return good;
}

static struct tw_clause *condition_of(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, uint32_t depth)
{
	enum head kind = ALL;
	if (depth >= TW_RULE_DEPTH_MAX) {
		tw_report_error(compile->report, node->mark, TW_E_LIMIT, "conditions nested deeper than %d", TW_RULE_DEPTH_MAX);
		return NULL;
	}
	if (!tw_yaml_expect(node, TW_YAML_MAPPING, "a condition", compile->report)) {
		return NULL;
	}
	uint32_t errors = compile->report->errors;
	const struct tw_yaml *head = head_find(compile, node, &kind);
	if (!head) {
		if (errors == compile->report->errors) {
			no_head(compile, node);
		}
		return NULL;
	}
	if (!extra_keys(compile, node, head, kind) && kind >= COUNT && kind <= EARLIER && !tw_comparator_there(node)) {
		return NULL; /* the unknown key was meant for the comparator: said once */
	}
	if (((kind >= SOME && kind <= HISTORY) || kind == EARLIER || kind == EMBARGO) && tw_choice_of(head)) {
		return tw_compile_choice(compile, scope, node, head, depth);
	}
	switch (kind) {
	case ALL:
		return logic(compile, scope, TW_OP_ALL, head, depth);
	case ANY:
		return logic(compile, scope, TW_OP_ANY, head, depth);
	case NOT:
		return negation(compile, scope, head, depth);
	case SOME:
		return quantified(compile, scope, TW_OP_SOME, node, head, depth);
	case EVERY:
		return quantified(compile, scope, TW_OP_EVERY, node, head, depth);
	case NONE:
		return quantified(compile, scope, TW_OP_NONE, node, head, depth);
	case COUNT:
		return count(compile, scope, node, head, depth);
	case FIELD:
	case HISTORY:
	case SUM:
	case RATIO:
	case EARLIER:
		return value_of(compile, scope, node, head);
	case LISTED:
		return tw_compile_listed(compile, scope, head);
	case EMBARGO:
		return tw_compile_embargo(compile, scope, head);
	case BORDERS:
		return tw_compile_borders(compile, scope, head);
	case WARNING:
		return tw_compile_warning(compile, node, head);
	case USE:
		return tw_compile_macro(compile, scope, head, depth);
	}
	return NULL;
}

/* What a condition needs inside (a count's comparison, the any of a list of texts) was written there too. */
static void source_mark(struct tw_clause *clause, const struct tw_yaml *node)
{
	clause->node.source = node;
	clause->node.meant = clause->node.meant ? clause->node.meant : node; /* a macro's own condition was marked first */
	for (struct tw_clause *child = clause->first; child; child = child->next) {
		if (!child->node.source) {
			child->node.source = child->node.meant = node;
		}
	}
}

struct tw_clause *tw_compile_condition(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_yaml *node, uint32_t depth)
{
	struct tw_clause *clause = condition_of(compile, scope, node, depth);
	if (clause) {
		source_mark(clause, node);
	}
	return clause;
}
