/**
 * @file reference_value.c
 * Paths and values; see reference.h.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/metric.h"
#include "reference.h"

enum tw_entity_kind reference_entity(const char *shape)
{
	static const struct {
		const char *shape;
		enum tw_entity_kind entity;
	} kept[] = {{"party", TW_ENTITY_PARTY},
	            {"address", TW_ENTITY_ADDRESS},
	            {"means", TW_ENTITY_VESSEL},
	            {"container", TW_ENTITY_CONTAINER},
	            {"certificate_ref", TW_ENTITY_CERTIFICATE},
	            {"marking", TW_ENTITY_MARKING},
	            {"mark", TW_ENTITY_MARKING},
	            {"phone", TW_ENTITY_PHONE},
	            {"email", TW_ENTITY_EMAIL},
	            {"sha256", TW_ENTITY_PAPER},
	            {"paper_number", TW_ENTITY_PAPER},
	            {"signatory", TW_ENTITY_PAPER},
	            {"issuer", TW_ENTITY_PAPER},
	            {"contract", TW_ENTITY_PAPER}};
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (strcmp(shape, kept[i].shape) == 0) {
			return kept[i].entity;
		}
	}
	return (enum tw_entity_kind)0;
}

enum tw_entity_kind reference_self(enum tw_family family)
{
	return family == TW_FAMILY_CERTIFICATE ? TW_ENTITY_CERTIFICATE : family == TW_FAMILY_MARKING ? TW_ENTITY_MARKING : TW_ENTITY_CONSIGNMENT;
}

/* ---- paths ---- */

static struct tw_slice head_of(struct tw_slice path, struct tw_slice *rest)
{
	const char *dot = path.len ? memchr(path.ptr, '.', path.len) : NULL;
	uint32_t length = dot ? (uint32_t)(dot - path.ptr) : path.len;
	*rest = dot ? (struct tw_slice){dot + 1, path.len - length - 1} : (struct tw_slice){NULL, 0};
	return (struct tw_slice){path.ptr, length};
}

static void walk(const struct reference_scope *scope, const struct tw_shape *shape, const char *at, struct tw_slice path,
                 const struct reference_visit *visit)
{
	struct tw_slice rest, name = head_of(path, &rest);
	const struct tw_field *field = tw_field_find(shape, name);
	if (!field) {
		return;
	}
	if (!rest.ptr) {
		visit->see(visit->context, field, at + field->offset, scope);
	} else if (field->kind == TW_FIELD_OBJECT) {
		walk(scope, field->shape, at + field->offset, rest, visit);
	} else if (field->kind == TW_FIELD_OBJECTS) {
		const struct tw_list *list = (const void *)(at + field->offset);
		for (uint32_t i = 0; i < list->count; i++) {
			struct reference_scope inner = {scope, field->shape, (const char *)list->data + (size_t)i * field->shape->size};
			walk(&inner, field->shape, inner.at, rest, visit);
		}
	}
}

static const struct reference_scope *bound(const struct reference_scope *scope, struct tw_slice name)
{
	while (scope && !tw_slice_is(name, scope->shape->name)) {
		scope = scope->outer;
	}
	return scope;
}

void reference_visit(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path,
                     const struct reference_visit *visit)
{
	const char *event = (const char *)reference->env->event;
	struct tw_slice rest, name = head_of(path, &rest);
	const struct reference_scope *found = bound(scope, name);
	struct tw_body body = tw_body_of(reference->env->event->family);
	if (found && rest.ptr) {
		walk(scope, found->shape, found->at, rest, visit);
	} else if (tw_slice_is(name, "event") && rest.ptr) {
		walk(scope, tw_shape_of(reference->env->event->family), event, rest, visit);
	} else {
		walk(scope, body.shape, event + body.offset, path, visit);
	}
}

/* ---- fields ---- */

struct reference_value reference_field(const struct tw_field *field, const char *at)
{
	struct reference_value value = {.class = tw_class_of(field->kind), .kind = field->kind, .words = field->words, .field = field};
	if (field->kind <= TW_FIELD_IMO) {
		const struct tw_text *text = (const void *)at;
		value.stated = tw_stated(text->span);
		value.text = tw_slice_of(*text);
		return value;
	}
	value.stated = tw_stated(tw_field_span(field, at - field->offset));
	switch (value.class) {
	case TW_CLASS_CHOICE:
		value.number = ((const struct tw_choice *)(const void *)at)->value;
		break;
	case TW_CLASS_AMOUNT:
		value.number = ((const struct tw_amount *)(const void *)at)->e4;
		break;
	case TW_CLASS_COUNT:
		value.number = ((const struct tw_count *)(const void *)at)->value;
		break;
	case TW_CLASS_DAY:
		value.number = ((const struct tw_date *)(const void *)at)->day;
		break;
	case TW_CLASS_INSTANT:
		value.number = ((const struct tw_instant *)(const void *)at)->ms;
		break;
	case TW_CLASS_FLAG:
		value.number = ((const struct tw_flag *)(const void *)at)->value;
		break;
	case TW_CLASS_TEXT:
	case TW_CLASS_PLACE:
	case TW_CLASS_HS:
	case TW_CLASS_MARK:
	case TW_CLASS_COUNTRY:
		break;
	}
	return value;
}

static void see_field(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct reference_value *out = context;
	(void)scope;
	*out = reference_field(field, at);
}

static struct reference_value field_at(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path)
{
	struct reference_value value = {.stated = false};
	struct reference_visit visit = {&value, see_field};
	reference_visit(reference, scope, path, &visit);
	return value;
}

/* ---- history ---- */

struct object {
	const char *at;
	const char *shape;
};

static void see_object(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct object *out = context;
	(void)scope;
	*out = (struct object){at, field->shape ? field->shape->name : field->name};
}

static struct object object_at(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path)
{
	const struct reference_scope *found = bound(scope, path);
	struct object object = {found ? found->at : NULL, found ? found->shape->name : ""};
	struct reference_visit visit = {&object, see_object};
	if (!found) {
		reference_visit(reference, scope, path, &visit);
	}
	return object;
}

static int64_t whole(const struct tw_yaml *node)
{
	return node ? strtoll(node->text.ptr, NULL, 10) : 0;
}

static struct tw_history_query query_of(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked,
                                        enum tw_metric metric)
{
	struct tw_slice of = tw_yaml_member(asked, "of")->text;
	struct tw_history_query query = {.metric = metric, .window_days = (uint32_t)whole(tw_yaml_member(asked, "days"))};
	if (tw_slice_is(of, "self")) {
		query.entity = reference_self(reference->env->event->family);
	} else {
		struct object object = object_at(reference, scope, of);
		query.entity = reference_entity(object.shape);
		query.subject = object.at;
	}
	return query;
}

/* Goods of earlier consignments, one by one. */
static struct reference_value earlier(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked)
{
	struct tw_history_query query = query_of(reference, scope, asked, TW_METRIC_WARES);
	const struct tw_yaml *patterns = tw_yaml_member(asked, "matches");
	struct reference_value value = {.class = TW_CLASS_COUNT, .stated = true};
	struct tw_history_answer answer = {.stated = false};
	if (reference->env->history) {
		answer = reference->env->history(reference->env->context, &query);
	}
	for (uint32_t i = 0; i < answer.earlier_count; i++) {
		struct tw_slice goods = answer.earlier[i].goods;
		value.number += patterns ? reference_matches(reference, patterns, goods) : reference_words(reference, asked, goods);
	}
	return value;
}

static struct reference_value history(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked)
{
	static const enum tw_class classes[] = {
	    [TW_ANSWER_COUNT] = TW_CLASS_COUNT,    [TW_ANSWER_AMOUNT] = TW_CLASS_AMOUNT, [TW_ANSWER_DAYS] = TW_CLASS_COUNT,
	    [TW_ANSWER_DATE] = TW_CLASS_DAY,       [TW_ANSWER_FLAG] = TW_CLASS_FLAG,     [TW_ANSWER_CHOICE] = TW_CLASS_CHOICE,
	    [TW_ANSWER_COUNTRY] = TW_CLASS_COUNTRY};
	const struct tw_metric_info *metric = tw_metric_find(tw_yaml_member(asked, "metric")->text);
	struct tw_history_query query = query_of(reference, scope, asked, metric->metric);
	struct reference_value value = {.class = classes[metric->answer], .words = metric->words};
	if (reference->env->history) {
		struct tw_history_answer answer = reference->env->history(reference->env->context, &query);
		value.stated = answer.stated;
		value.number = answer.value;
	}
	return value;
}

/* ---- sums and ratios ---- */

static int64_t clamped(__int128_t number)
{
	return number > INT64_MAX ? INT64_MAX : number < INT64_MIN ? INT64_MIN : (int64_t)number;
}

struct adding {
	enum tw_class class;
	bool stated;
	__int128_t total;
};

static void see_addend(void *context, const struct tw_field *field, const char *at, const struct reference_scope *scope)
{
	struct adding *adding = context;
	struct reference_value value = reference_field(field, at);
	(void)scope;
	adding->class = value.class;
	adding->stated |= value.stated;
	adding->total += value.stated ? value.number : 0;
}

/* The class of a sum is its field's, also where there is no element: looked up on the way by the shapes alone. */
static const struct tw_field *field_named(const struct tw_shape *shape, struct tw_slice path)
{
	struct tw_slice rest, name = head_of(path, &rest);
	const struct tw_field *field = tw_field_find(shape, name);
	return field && rest.ptr ? field_named(field->shape, rest) : field;
}

static struct reference_value sum(const struct reference *reference, const struct reference_scope *scope, struct tw_slice path)
{
	struct adding adding = {.stated = false};
	struct reference_visit visit = {&adding, see_addend};
	struct tw_slice rest, name = head_of(path, &rest);
	const struct reference_scope *found = bound(scope, name);
	const struct tw_field *field = found ? field_named(found->shape, rest) : field_named(tw_body_of(reference->env->event->family).shape, path);
	reference_visit(reference, scope, path, &visit);
	return (struct reference_value){.class = tw_class_of(field->kind), .stated = adding.stated, .number = clamped(adding.total)};
}

static struct reference_value ratio(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *asked)
{
	const char *const names[] = {"of", "per"};
	struct reference_value value = {.class = TW_CLASS_AMOUNT}, part[2];
	int64_t number[2];
	for (int i = 0; i < 2; i++) {
		const struct tw_yaml *node = tw_yaml_member(asked, names[i]);
		if (node->kind == TW_YAML_SCALAR) {
			part[i] = field_at(reference, scope, node->text);
		} else if (!reference_operand(reference, scope, node, &part[i])) {
			return value;
		}
		number[i] = reference_as(&part[i], TW_CLASS_AMOUNT);
	}
	if (part[0].stated && part[1].stated && number[1] != 0) {
		value.stated = true;
		value.number = clamped((__int128_t)number[0] * 10000 / number[1]);
	}
	return value;
}

bool reference_operand(const struct reference *reference, const struct reference_scope *scope, const struct tw_yaml *mapping,
                       struct reference_value *out)
{
	const struct tw_yaml *node;
	if ((node = tw_yaml_member(mapping, "field"))) {
		*out = field_at(reference, scope, node->text);
	} else if ((node = tw_yaml_member(mapping, "history"))) {
		*out = history(reference, scope, node);
	} else if ((node = tw_yaml_member(mapping, "earlier"))) {
		*out = earlier(reference, scope, node);
	} else if ((node = tw_yaml_member(mapping, "sum"))) {
		*out = sum(reference, scope, node->text);
	} else if ((node = tw_yaml_member(mapping, "ratio"))) {
		*out = ratio(reference, scope, node);
	} else if (tw_yaml_member(mapping, "event")) {
		*out = (struct reference_value){.class = TW_CLASS_DAY, .stated = true, .number = tw_instant_day(reference->env->event->time.ms)};
	} else {
		return false;
	}
	out->plus_days = whole(tw_yaml_member(mapping, "plus_days"));
	return true;
}

/* ---- classes ---- */

int64_t reference_as(struct reference_value *value, enum tw_class class)
{
	__int128_t number = value->number;
	if (value->class == TW_CLASS_COUNT && class == TW_CLASS_AMOUNT) {
		number = clamped(number * 10000);
	} else if (value->class == TW_CLASS_INSTANT && class == TW_CLASS_DAY) {
		number = tw_instant_day(value->number);
	}
	return clamped(number + (__int128_t)value->plus_days * (class == TW_CLASS_INSTANT ? TW_DAY_MS : 1));
}

bool reference_country(const struct reference_value *value, uint16_t *out)
{
	char letters[8];
	uint32_t count = 0;
	*out = 0;
	if (!value->stated) {
		return false;
	}
	if (!value->field) { /* history answers with a code */
		*out = (uint16_t)value->number;
		return true;
	}
	if (value->kind == TW_FIELD_COUNTRY) {
		*out = tw_country_code(value->text);
		return true;
	}
	for (uint32_t i = 0; i < value->text.len; i++) {
		char c = value->text.ptr[i];
		if (c == ' ') {
			continue;
		}
		if (count == 5 || (value->kind == TW_FIELD_TEXT && c >= 'a' && c <= 'z')) {
			return false; /* too long for a place; a free text is one only in capitals */
		}
		letters[count++] = c;
	}
	*out = count == 2 || count == 5 ? tw_country_code((struct tw_slice){letters, 2}) : 0;
	return *out != 0;
}
