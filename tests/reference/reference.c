/**
 * @file reference.c
 * Conditions; see reference.h.
 */
#include "reference.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/time.h"

/* ---- quantifiers ---- */

struct tally {
	const struct reference *reference;
	const struct tw_yaml *where; /* NULL: every element */
	uint64_t hits, all;
};

static void see_elements(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct tally *tally = context;
	const struct tw_list *list = (const void *)at;
	for (uint32_t i = 0; i < list->count; i++) {
		tally->all++;
		if (!tally->where) {
			tally->hits++;
			continue;
		}
		struct reference_scope inner = {scope, field->shape, (const char *)list->data + (size_t)i * field->shape->size};
		tally->hits += reference_condition(tally->reference, &inner, tally->where);
	}
}

static struct tally tally_of(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path,
                             const struct tw_yaml *condition)
{
	struct tally tally = {reference, tw_yaml_member(condition, "where"), 0, 0};
	struct reference_visit visit = {&tally, see_elements};
	reference_visit(reference, scope, path, &visit);
	return tally;
}

/* ---- fields ---- */

struct field_asked {
	const struct reference *reference;
	const struct reference_scope *scope;
	const struct tw_yaml *condition;
	bool holds;
};

/* Of a list of texts it holds when it holds of one; none is stated when all are not. */
static bool texts_compare(const struct field_asked *asked, const struct tw_list *list)
{
	static const struct tw_field element = {.name = "text", .kind = TW_FIELD_TEXT};
	const struct tw_yaml *stated = tw_yaml_member(asked->condition, "stated");
	bool absence = stated && tw_slice_is(stated->text, "false"), any = false;
	const struct tw_text *text = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		struct reference_value value = reference_field(&element, (const char *)&text[i]);
		any |= absence ? value.stated : reference_compare(asked->reference, asked->scope, asked->condition, value);
	}
	return any != absence;
}

static void see_compared(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct field_asked *asked = context;
	(void)scope;
	asked->holds = field->kind == TW_FIELD_TEXTS
	                   ? texts_compare(asked, (const void *)at)
	                   : reference_compare(asked->reference, asked->scope, asked->condition, reference_field(field, at));
}

static bool field_holds(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition, struct tw_slice path)
{
	struct field_asked asked = {reference, scope, condition, false};
	struct reference_visit visit = {&asked, see_compared};
	reference_visit(reference, scope, path, &visit);
	return asked.holds;
}

/* ---- the world ---- */

static bool word_is(void *context, struct tw_slice text)
{
	return tw_slice_equal(*(const struct tw_slice *)context, text);
}

/* Does a list of words that may be left out name this one? */
static bool named(const struct reference *reference, const struct tw_yaml *list, struct tw_slice word)
{
	return !list || reference_any(reference, list, word_is, &word);
}

static int64_t ppm_of(const struct tw_yaml *similarity)
{
	return (int64_t)(strtod(similarity->text.ptr, NULL) * 1e6 + 0.5);
}

struct object {
	const char *at;
};

static void see_object(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct object *out = context;
	(void)field;
	(void)scope;
	out->at = at;
}

static const void *subject_of(const struct reference *reference, const struct reference_scope *scope, struct tw_slice name)
{
	struct object object = {NULL};
	struct reference_visit visit = {&object, see_object};
	for (; scope; scope = scope->outer) {
		if (tw_slice_is(name, scope->shape->name)) {
			return scope->at;
		}
	}
	reference_visit(reference, NULL, name, &visit);
	return object.at;
}

/* Name and identifier unless it says otherwise; by name from 0.78 on, by address from nothing. */
static bool listed(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked)
{
	const struct tw_yaml *subject = tw_yaml_member(asked, "subject"), *basis = tw_yaml_member(asked, "basis");
	const struct tw_yaml *similarity = tw_yaml_member(asked, "similarity"), *lists = tw_yaml_member(asked, "lists");
	const struct tw_matches *matches = reference->env->matches;
	bool any = !subject || tw_slice_is(subject->text, "any");
	const void *of = any ? NULL : subject_of(reference, scope, subject->text);
	for (uint32_t i = 0; i < matches->count; i++) {
		const struct tw_match *match = &matches->match[i];
		bool address = match->basis == TW_MATCH_ADDRESS;
		int64_t least = similarity ? ppm_of(similarity) : address ? 0 : 780000;
		bool basis_meets = basis ? named(reference, basis, tw_slice_str(tw_basis_word(match->basis))) : !address;
		if ((any || match->subject == of) && basis_meets && match->similarity_ppm >= least && named(reference, lists, match->list)) {
			return true;
		}
	}
	return false;
}

static void see_value(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct reference_value *out = context;
	(void)scope;
	*out = reference_field(field, at);
}

static struct reference_value value_at(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *path)
{
	struct reference_value value = {.stated = false};
	struct reference_visit visit = {&value, see_value};
	reference_visit(reference, scope, path->text, &visit);
	return value;
}

static bool goods_meet(const struct reference *reference, const struct tw_yaml *asked, uint32_t goods)
{
	static const char *const words[] = {"all_goods",       "arms",     "arms_and_related", "heavy_conventional", "light_weapons", "ammunition",
	                                    "dual_use_police", "dual_use", "surveillance"};
	for (uint32_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (goods & 1U << i && named(reference, asked, tw_slice_str(words[i]))) {
			return true;
		}
	}
	return false;
}

/* Rows as the world keeps them: asked for with every kind of goods and target, and sifted here. */
static bool in_force(const struct reference *reference, const struct tw_yaml *asked, uint16_t country, int32_t day)
{
	static const char *const confidences[] = {"", "seen", "derived", "recalled"}, *const targets[] = {"", "state", "non_state", "entity_group"};
	const struct tw_yaml *direction = tw_yaml_member(asked, "direction"), *confidence = tw_yaml_member(asked, "confidence");
	bool from = direction && tw_slice_is(direction->text, "supply_from");
	struct tw_embargo_query query = {country, UINT32_MAX, day, from ? TW_DIRECTION_SUPPLY_FROM : TW_DIRECTION_SUPPLY_TO, 0};
	const struct tw_embargo *rows[16];
	uint32_t count = reference->env->embargoes(reference->env->context, &query, rows, 16);
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_embargo *row = rows[i];
		bool sure =
		    confidence ? named(reference, confidence, tw_slice_str(confidences[row->confidence])) : row->confidence != TW_CONFIDENCE_RECALLED;
		if (row->binding && sure && goods_meet(reference, tw_yaml_member(asked, "goods"), row->goods) &&
		    named(reference, tw_yaml_member(asked, "targets"), tw_slice_str(targets[row->target])) &&
		    named(reference, tw_yaml_member(asked, "issuers"), row->issuer)) {
			return true;
		}
	}
	return false;
}

static bool next_door(const struct reference *reference, const struct tw_yaml *asked, uint16_t country, int32_t day)
{
	for (uint32_t a = 'A'; a <= 'Z'; a++) {
		for (uint32_t b = 'A'; b <= 'Z'; b++) {
			uint16_t other = (uint16_t)(a << 8 | b);
			if (other != country && reference->env->borders(reference->env->context, country, other) &&
			    in_force(reference, asked, other, day)) {
				return true;
			}
		}
	}
	return false;
}

static bool embargo(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked)
{
	const struct tw_yaml *on = tw_yaml_member(asked, "on"), *neighbour = tw_yaml_member(asked, "neighbour");
	struct reference_value where = value_at(reference, scope, tw_yaml_member(asked, "country"));
	int32_t day = tw_instant_day(reference->env->event->time.ms);
	uint16_t country;
	if (!reference_country(&where, &country) || !country) {
		return false;
	}
	if (on) {
		struct reference_value when = value_at(reference, scope, on);
		if (!when.stated) {
			return false;
		}
		day = (int32_t)reference_as(&when, TW_CLASS_DAY);
	}
	bool here = in_force(reference, asked, country, day);
	return neighbour && tw_slice_is(neighbour->text, "true") ? !here && next_door(reference, asked, country, day) : here;
}

static bool borders(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *paths)
{
	struct reference_value left = value_at(reference, scope, paths->first), right = value_at(reference, scope, paths->last);
	uint16_t a, b;
	return reference_country(&left, &a) && reference_country(&right, &b) && a && b && reference->env->borders(reference->env->context, a, b);
}

static bool warning(const struct reference *reference, const struct tw_yaml *condition, struct tw_slice kind)
{
	const struct tw_event *event = reference->env->event;
	const struct tw_warning *warnings = event->warnings.data;
	const struct tw_yaml *at = tw_yaml_member(condition, "at");
	struct tw_slice wanted = {"", 0};
	if (tw_slice_is(kind, "id_reused")) {
		return event->id_reused;
	}
	if (at) {
		wanted = tw_arena_format(reference->arena, "%s%s", tw_body_of(event->family).pointer, at->text.ptr);
	}
	for (uint32_t i = 0; i < event->warnings.count; i++) {
		bool there = warnings[i].pointer.len >= wanted.len && memcmp(warnings[i].pointer.ptr, wanted.ptr, wanted.len) == 0;
		if (there && tw_slice_is(kind, tw_warning_name(warnings[i].kind))) {
			return true;
		}
	}
	return false;
}

/* ---- paths that choose ---- */

/* "parties[consignee|end_user].name" of a head, taken apart. */
struct chosen {
	const struct tw_yaml *path; /* where it stands: the head, or its `of` or `country` */
	struct tw_slice list, words, rest;
};

static bool chooses(const struct tw_yaml *head, struct chosen *out)
{
	const struct tw_yaml *path = head->kind != TW_YAML_MAPPING                          ? head
	                             : tw_slice_is(head->key, "embargo")                    ? tw_yaml_member(head, "country")
	                                                                                    : tw_yaml_member(head, "of");
	const char *open = path && path->kind == TW_YAML_SCALAR ? strchr(path->text.ptr, '[') : NULL;
	const char *close = open ? strchr(open, ']') : NULL;
	if (!close) {
		return false;
	}
	*out = (struct chosen){path, {path->text.ptr, (uint32_t)(open - path->text.ptr)}, {open + 1, (uint32_t)(close - open - 1)}, {NULL, 0}};
	if (close[1] == '.') {
		out->rest = tw_slice_str(close + 2);
	}
	return true;
}

static const char *chooser_of(const struct tw_shape *shape)
{
	static const char *const members[] = {"role", "kind", "scheme"};
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (tw_field_find(shape, tw_slice_str(members[i]))) {
			return members[i];
		}
	}
	return "";
}

/* A tree with one text put in place of another node's. */
static struct tw_yaml *with_text(const struct reference *reference, const struct tw_yaml *node, const struct tw_yaml *old, struct tw_slice text)
{
	struct tw_yaml *copy = tw_arena_alloc(reference->arena, sizeof(*copy));
	struct tw_yaml **tail = &copy->first;
	*copy = *node;
	copy->text = node == old ? text : node->text;
	copy->next = NULL;
	for (const struct tw_yaml *child = node->first; child; child = child->next) {
		*tail = with_text(reference, child, old, text);
		copy->last = *tail;
		tail = &(*tail)->next;
	}
	return copy;
}

/* Walks the chosen elements of a list. */
struct choosing {
	const struct reference *reference;
	const struct chosen *chosen;
	const struct tw_yaml *condition; /* of each: as written but for the path; NULL: every one counts */
	bool quantified;                 /* the condition is a `where`: nothing in it is replaced */
	uint64_t hits, all;
};

static void see_chosen(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct choosing *choosing = context;
	const struct reference *reference = choosing->reference;
	const struct tw_list *list = (const void *)at;
	struct tw_slice is = tw_arena_format(reference->arena, "{field: %s.%s, in: ['%.*s']}", field->shape->name, chooser_of(field->shape),
	                                     (int)choosing->chosen->words.len, choosing->chosen->words.ptr);
	char *bar = strchr(is.ptr, '|');
	struct tw_slice split = bar ? tw_arena_format(reference->arena, "%.*s', '%s", (int)(bar - is.ptr), is.ptr, bar + 1) : is;
	struct tw_rule_report report = {.file = "choice"};
	const struct tw_yaml *chosen = tw_yaml_parse(split, reference->arena, &report);
	struct tw_slice path = tw_arena_format(reference->arena, "%s%s%s", field->shape->name, choosing->chosen->rest.len ? "." : "",
	                                       choosing->chosen->rest.len ? choosing->chosen->rest.ptr : "");
	const struct tw_yaml *condition = choosing->condition;
	if (condition && !choosing->quantified) {
		condition = with_text(reference, condition, choosing->chosen->path, path);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		struct reference_scope inner = {scope, field->shape, (const char *)list->data + (size_t)i * field->shape->size};
		if (!reference_condition(reference, &inner, chosen)) {
			continue;
		}
		choosing->all++;
		choosing->hits += !condition || reference_condition(reference, &inner, condition);
	}
}

/* Holds of any that is chosen; that nothing is stated holds when of none it is. */
static bool chosen_holds(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition,
                         const struct tw_yaml *head, const struct chosen *chosen)
{
	bool quantified = tw_slice_is(head->key, "some") || tw_slice_is(head->key, "every") || tw_slice_is(head->key, "none") ||
	                  tw_slice_is(head->key, "count");
	const struct tw_yaml *stated = tw_yaml_member(condition, "stated");
	bool absence = !quantified && stated && tw_slice_is(stated->text, "false");
	if (absence) {
		condition = with_text(reference, condition, stated, tw_slice_str("true"));
		head = tw_yaml_member(condition, head->key.ptr);
		struct chosen again;
		return chooses(head, &again) && !chosen_holds(reference, scope, condition, head, &again);
	}
	struct choosing choosing = {reference, chosen, quantified ? tw_yaml_member(condition, "where") : condition, quantified, 0, 0};
	struct reference_visit visit = {&choosing, see_chosen};
	reference_visit(reference, scope, chosen->list, &visit);
	if (tw_slice_is(head->key, "every")) {
		return choosing.all && choosing.hits == choosing.all;
	}
	if (tw_slice_is(head->key, "count")) {
		struct reference_value value = {.class = TW_CLASS_COUNT, .stated = true, .number = (int64_t)choosing.hits};
		return reference_compare(reference, scope, condition, value);
	}
	return tw_slice_is(head->key, "none") ? choosing.hits == 0 : choosing.hits > 0;
}

/* ---- any condition ---- */

static bool logic(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *list, bool all)
{
	for (const struct tw_yaml *node = list->first; node; node = node->next) {
		if (reference_condition(reference, scope, node) != all) {
			return !all;
		}
	}
	return all;
}

static bool count(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition, struct tw_slice path)
{
	struct tally tally = tally_of(reference, scope, path, condition);
	struct reference_value value = {.class = TW_CLASS_COUNT, .stated = true, .number = (int64_t)tally.hits};
	return reference_compare(reference, scope, condition, value);
}

bool reference_condition(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *condition)
{
	const struct tw_yaml *node;
	struct reference_value value;
	struct tally tally;
	struct chosen chosen;
	static const char *const choosers[] = {"some", "every", "none", "count", "field", "history", "earlier", "embargo"};
	for (size_t i = 0; i < sizeof(choosers) / sizeof(choosers[0]); i++) {
		if ((node = tw_yaml_member(condition, choosers[i])) && chooses(node, &chosen)) {
			return chosen_holds(reference, scope, condition, node, &chosen);
		}
	}
	if ((node = tw_yaml_member(condition, "all")) || (node = tw_yaml_member(condition, "any"))) {
		return logic(reference, scope, node, tw_slice_is(node->key, "all"));
	}
	if ((node = tw_yaml_member(condition, "not"))) {
		return !reference_condition(reference, scope, node);
	}
	if ((node = tw_yaml_member(condition, "some"))) {
		return tally_of(reference, scope, node->text, condition).hits > 0;
	}
	if ((node = tw_yaml_member(condition, "none"))) {
		return tally_of(reference, scope, node->text, condition).hits == 0;
	}
	if ((node = tw_yaml_member(condition, "every"))) {
		tally = tally_of(reference, scope, node->text, condition);
		return tally.all > 0 && tally.hits == tally.all;
	}
	if ((node = tw_yaml_member(condition, "count"))) {
		return count(reference, scope, condition, node->text);
	}
	if ((node = tw_yaml_member(condition, "field"))) {
		return field_holds(reference, scope, condition, node->text);
	}
	if ((node = tw_yaml_member(condition, "listed"))) {
		return listed(reference, scope, node);
	}
	if ((node = tw_yaml_member(condition, "embargo"))) {
		return embargo(reference, scope, node);
	}
	if ((node = tw_yaml_member(condition, "borders"))) {
		return borders(reference, scope, node);
	}
	if ((node = tw_yaml_member(condition, "warning"))) {
		return warning(reference, condition, node->text);
	}
	if ((node = tw_yaml_member(condition, "use"))) {
		return reference_condition(reference, scope, reference_macro(reference, node));
	}
	return reference_operand(reference, scope, condition, &value) && reference_compare(reference, scope, condition, value);
}

bool reference_rule(const struct reference *reference, const struct tw_yaml *rule)
{
	const struct tw_yaml *unless = tw_yaml_member(rule, "unless");
	return reference_condition(reference, NULL, tw_yaml_member(rule, "when")) && !(unless && reference_condition(reference, NULL, unless));
}
