/**
 * @file canon.c
 * See canon.h.
 */
#include "rules/canon.h"

#include <stdlib.h>

#include "engine/base/digits.h"
#include "rules/band.h"

struct form {
	struct tw_arena *arena;
	const struct tw_rules *rules; /* NULL: as written */
	bool bare;                    /* is is in, an all of one is that one: for rules that say the same in other words */
};

static struct tw_slice text_of(const struct form *form, const struct tw_yaml *node);

static const struct tw_rule_set *named(const struct tw_rule_set *sets, uint32_t count, struct tw_slice name)
{
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(sets[i].name, name)) {
			return &sets[i];
		}
	}
	return NULL;
}

const struct tw_yaml *tw_canon_condition(const struct tw_yaml *node, const struct tw_rules *rules)
{
	const struct tw_yaml *use = node && node->kind == TW_YAML_MAPPING && node->count == 1 ? tw_yaml_member(node, "use") : NULL;
	const struct tw_rule_set *macro = use && use->kind == TW_YAML_SCALAR ? named(rules->macro, rules->macro_count, use->text) : NULL;
	return macro ? tw_canon_condition(macro->values, rules) : node; /* no macro uses itself: the loader saw to it */
}

const struct tw_rule_set *tw_canon_set(const struct tw_yaml *node, const struct tw_rules *rules)
{
	if (node->kind != TW_YAML_SCALAR || !node->plain || node->text.len < 2 || node->text.ptr[0] != '$') {
		return NULL;
	}
	return named(rules->set, rules->set_count, (struct tw_slice){node->text.ptr + 1, node->text.len - 1});
}

int tw_canon_order(const void *left, const void *right)
{
	const struct tw_slice *a = left, *b = right;
	return tw_slice_compare(*a, *b);
}

static struct tw_slice joined(const struct form *form, const struct tw_slice *parts, uint32_t count, char open, char close)
{
	size_t length = 2;
	for (uint32_t i = 0; i < count; i++) {
		length += parts[i].len + 2;
	}
	char *out = tw_arena_alloc_raw(form->arena, length + 1);
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	uint32_t used = 0;
	out[used++] = open;
	for (uint32_t i = 0; i < count; i++) {
		if (i) {
			out[used++] = ',';
			out[used++] = ' ';
		}
		if (parts[i].len) {
			memcpy(out + used, parts[i].ptr, parts[i].len);
		}
		used += parts[i].len;
	}
	out[used++] = close;
	out[used] = '\0';
	return (struct tw_slice){out, used};
}

/* In quotes that read back to the same text: double ones where a control character stands, else single ones. */
static struct tw_slice quoted(const struct form *form, struct tw_slice text)
{
	char *out = tw_arena_alloc_raw(form->arena, 4 * (size_t)text.len + 3);
	bool controls = false;
	uint32_t used = 0;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	for (uint32_t i = 0; i < text.len; i++) {
		controls |= (unsigned char)text.ptr[i] < 0x20;
	}
	out[used++] = controls ? '"' : '\'';
	for (uint32_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		if (c < 0x20) {
			used += (uint32_t)snprintf(out + used, 5, "\\x%02x", c);
			continue;
		}
		if (controls ? c == '"' || c == '\\' : c == '\'') {
			out[used++] = controls ? '\\' : '\'';
		}
		out[used++] = (char)c;
	}
	out[used++] = controls ? '"' : '\'';
	out[used] = '\0';
	return (struct tw_slice){out, used};
}

/* The condition that an `all` or `any` of one stands for. @return NULL: it is none */
static const struct tw_yaml *alone(const struct form *form, const struct tw_yaml *node)
{
	const struct tw_yaml *only = form->bare && node->count == 1 ? node->first : NULL;
	bool logic = only && (tw_slice_is(only->key, "all") || tw_slice_is(only->key, "any"));
	return logic && only->kind == TW_YAML_SEQUENCE && only->count == 1 ? only->first : NULL;
}

/* A member that compares with one value, as one that compares with a list of one. @return {NULL, 0}: it is none, or no memory */
static struct tw_slice as_list(const struct form *form, const struct tw_yaml *member)
{
	bool is = tw_slice_is(member->key, "is"), denied = tw_slice_is(member->key, "is_not");
	if (!form->bare || !(is || denied) || member->kind != TW_YAML_SCALAR) {
		return (struct tw_slice){NULL, 0};
	}
	struct tw_slice value = text_of(form, member);
	bool set = value.len && value.ptr[0] == '[';
	return value.ptr ? tw_arena_format(form->arena, "%s: %s%s%s", is ? "in" : "not_in", set ? "" : "[", value.ptr, set ? "" : "]") : value;
}

static struct tw_slice mapping(const struct form *form, const struct tw_yaml *node)
{
	const struct tw_yaml *only = alone(form, node);
	if (only) {
		return text_of(form, only);
	}
	struct tw_slice *parts = tw_arena_alloc(form->arena, node->count * sizeof(*parts));
	uint32_t count = 0;
	for (const struct tw_yaml *child = node->first; parts && child; child = child->next) {
		struct tw_slice listed = as_list(form, child);
		struct tw_slice value = listed.ptr ? listed : text_of(form, child);
		parts[count++] = listed.ptr ? listed : value.ptr ? tw_arena_format(form->arena, "%s: %s", child->key.ptr, value.ptr) : value;
	}
	if (!parts) {
		return (struct tw_slice){NULL, 0};
	}
	if (form->rules) {
		qsort(parts, count, sizeof(*parts), tw_canon_order);
	}
	return joined(form, parts, count, '{', '}');
}

/* An `any` inside an `any`, an `all` inside an `all`: its conditions might as well stand outside. @return them, else NULL */
static const struct tw_yaml *nested(const struct form *form, const struct tw_yaml *list, const struct tw_yaml *item)
{
	bool logic = form->rules && (tw_slice_is(list->key, "all") || tw_slice_is(list->key, "any"));
	const struct tw_yaml *condition = logic ? tw_canon_condition(item, form->rules) : NULL;
	const struct tw_yaml *inner = condition && condition->kind == TW_YAML_MAPPING ? tw_yaml_member(condition, list->key.ptr) : NULL;
	return inner && inner->kind == TW_YAML_SEQUENCE && condition->count == 1 ? inner : NULL;
}

static bool list_fill(const struct form *form, const struct tw_yaml *node, struct tw_list *parts)
{
	bool good = true;
	for (const struct tw_yaml *item = node->first; item && good; item = item->next) {
		const struct tw_yaml *inner = nested(form, node, item);
		if (inner) {
			good = list_fill(form, inner, parts);
			continue;
		}
		const struct tw_rule_set *set = form->rules ? tw_canon_set(item, form->rules) : NULL;
		if (set) {
			good = list_fill(form, set->values, parts);
			continue;
		}
		struct tw_slice *part = tw_list_push(form->arena, parts, sizeof(*part));
		if (part) {
			*part = text_of(form, item);
		}
		good = part && part->ptr;
	}
	return good;
}

/* The two ends of `between`, and what points are by: a row of their table (which has no key), their two bounds. */
static bool keeps_order(const struct tw_yaml *node)
{
	return !node->key.len || tw_slice_is(node->key, "between") || tw_slice_is(node->key, "from") || tw_slice_is(node->key, "to");
}

/* Of most lists only the members matter. */
static struct tw_slice list(const struct form *form, const struct tw_yaml *node)
{
	struct tw_list parts = {NULL, 0, 0};
	if (!list_fill(form, node, &parts)) {
		return (struct tw_slice){NULL, 0};
	}
	if (form->rules && parts.count && !keeps_order(node)) {
		struct tw_slice *part = parts.data;
		uint32_t kept = 0;
		qsort(part, parts.count, sizeof(*part), tw_canon_order);
		for (uint32_t i = 0; i < parts.count; i++) {
			if (!kept || !tw_slice_equal(part[i], part[kept - 1])) {
				part[kept++] = part[i];
			}
		}
		parts.count = kept;
	}
	return joined(form, parts.data, parts.count, '[', ']');
}

const struct tw_rule_set *tw_canon_macro(const struct tw_yaml *use, const struct tw_rules *rules)
{
	const struct tw_yaml *name = use->kind == TW_YAML_MAPPING ? tw_yaml_member(use, "macro") : use;
	return name ? named(rules->macro, rules->macro_count, name->text) : NULL;
}

const struct tw_yaml *tw_canon_says(const struct tw_rule_set *macro)
{
	const struct tw_yaml *when = tw_yaml_member(macro->values, "when");
	return when ? when : macro->values;
}

/* What a macro says, and what it is given. */
static struct tw_slice macro_text(const struct form *form, const struct tw_yaml *use, const struct tw_rule_set *macro)
{
	const struct tw_yaml *with = use->kind == TW_YAML_MAPPING ? tw_yaml_member(use, "with") : NULL;
	struct tw_slice says = text_of(form, macro->values), given = with ? text_of(form, with) : tw_slice_str("");
	return says.ptr && given.ptr ? tw_arena_format(form->arena, "%s%s%s", says.ptr, with ? " with " : "", given.ptr) : (struct tw_slice){NULL, 0};
}

const struct tw_rule_set *tw_canon_band(const struct tw_yaml *node, const struct tw_rules *rules)
{
	const struct tw_yaml *band = node->kind == TW_YAML_MAPPING ? tw_yaml_member(node, "band") : NULL;
	return band && band->kind == TW_YAML_SCALAR ? named(rules->band, rules->band_count, band->text) : NULL;
}

bool tw_canon_rows(const struct tw_band *band, struct tw_arena *arena, struct tw_list *out)
{
	char code[TW_KEY_TEXT_BYTES], low[TW_DIGITS_MAX + 8], high[TW_DIGITS_MAX + 8];
	for (uint32_t i = 0; i < band->count; i++) {
		const struct tw_band_row *row = &band->row[i];
		uint32_t first = tw_digits_amount(low, row->low_e4), second = tw_digits_amount(high, row->high_e4);
		struct tw_slice *text = tw_list_push(arena, out, sizeof(*text));
		if (text) {
			*text = tw_arena_format(arena, "%s: %.*s to %.*s, %s", tw_key_text(TW_CLASS_HS, row->span.low, code), (int)first, low, (int)second,
			                        high, row->source.ptr);
		}
		if (!text || !text->ptr) {
			return false;
		}
	}
	return true;
}

static struct tw_slice band_text(const struct form *form, const struct tw_band *band)
{
	struct tw_list rows = {NULL, 0, 0};
	if (!tw_canon_rows(band, form->arena, &rows)) {
		return (struct tw_slice){NULL, 0};
	}
	if (rows.count) {
		qsort(rows.data, rows.count, sizeof(struct tw_slice), tw_canon_order);
	}
	return joined(form, rows.data, rows.count, '[', ']');
}

static struct tw_slice text_of(const struct form *form, const struct tw_yaml *node)
{
	const struct tw_rule_set *macro = form->rules && tw_slice_is(node->key, "use") ? tw_canon_macro(node, form->rules) : NULL;
	const struct tw_rule_set *band =
	    form->rules && tw_slice_is(node->key, "band") ? named(form->rules->band, form->rules->band_count, node->text) : NULL;
	if (macro) {
		return macro_text(form, node, macro);
	}
	if (band) {
		return band_text(form, band->band);
	}
	const struct tw_rule_set *set = form->rules ? tw_canon_set(node, form->rules) : NULL;
	if (set) {
		return list(form, set->values);
	}
	switch (node->kind) {
	case TW_YAML_SCALAR:
		return node->plain && !form->rules ? node->text : quoted(form, node->text);
	case TW_YAML_SEQUENCE:
		return list(form, node);
	case TW_YAML_MAPPING:
		return mapping(form, form->rules ? tw_canon_condition(node, form->rules) : node);
	}
	return (struct tw_slice){NULL, 0};
}

struct tw_slice tw_canon_written(const struct tw_yaml *node, struct tw_arena *arena)
{
	return text_of(&(struct form){.arena = arena}, node);
}

struct tw_slice tw_canon_meaning(const struct tw_yaml *node, const struct tw_rules *rules, struct tw_arena *arena)
{
	return text_of(&(struct form){.arena = arena, .rules = rules}, node);
}

struct tw_slice tw_canon_rule(const struct tw_rule *rule, const struct tw_rules *rules, struct tw_arena *arena)
{
	const struct tw_yaml *when = tw_yaml_member(rule->root, "when"), *unless = tw_yaml_member(rule->root, "unless");
	const struct form form = {.arena = arena, .rules = rules, .bare = true};
	struct tw_slice conditions = when ? text_of(&form, when) : tw_slice_str("");
	struct tw_slice exception = unless ? text_of(&form, unless) : tw_slice_str("");
	if (!conditions.ptr || !exception.ptr) {
		return (struct tw_slice){NULL, 0};
	}
	return tw_arena_format(arena, "%d %llx %s%s%s", (int)rule->family, (unsigned long long)rule->types, conditions.ptr, unless ? " unless " : "",
	                       exception.ptr);
}
