/**
 * @file path.c
 * Resolving field paths; see path.h.
 */
#include "rules/path.h"

#include "engine/base/arena.h"

/* What a resolution carries along. */
struct walk {
	const struct tw_path_ask *ask;
	struct tw_arena *arena;
	struct tw_rule_report *report;
	const struct tw_shape *shape;
	struct tw_path path;
	bool root; /* still at the first name: bound names and `event` are in sight too */
	bool body; /* the shape is the event's root: envelope members are out of sight */
};

static const char *const envelope_words[] = {"id", "type", "time", "source", "trace", NULL};

bool tw_envelope_member(struct tw_slice name)
{
	for (size_t i = 0; envelope_words[i]; i++) {
		if (tw_slice_is(name, envelope_words[i])) {
			return true;
		}
	}
	return false;
}

struct tw_body tw_body_of(enum tw_family family)
{
	const struct tw_shape *root = tw_shape_of(family);
	if (family == TW_FAMILY_MANIFEST || family == TW_FAMILY_CERTIFICATE) {
		const struct tw_field *field = tw_field_find(root, tw_slice_str(family == TW_FAMILY_MANIFEST ? "consignment" : "certificate"));
		return (struct tw_body){field->shape, field->offset, family == TW_FAMILY_MANIFEST ? "/consignment" : "/certificate"};
	}
	return (struct tw_body){root, 0, ""};
}

enum tw_class tw_class_of(enum tw_field_kind kind)
{
	switch (kind) {
	case TW_FIELD_TEXT:
	case TW_FIELD_TEXTS:
		return TW_CLASS_TEXT;
	case TW_FIELD_COUNTRY:
		return TW_CLASS_COUNTRY;
	case TW_FIELD_PLACE:
		return TW_CLASS_PLACE;
	case TW_FIELD_HS:
		return TW_CLASS_HS;
	case TW_FIELD_CONTAINER:
	case TW_FIELD_IMO:
		return TW_CLASS_MARK;
	case TW_FIELD_CHOICE:
		return TW_CLASS_CHOICE;
	case TW_FIELD_AMOUNT:
		return TW_CLASS_AMOUNT;
	case TW_FIELD_COUNT:
		return TW_CLASS_COUNT;
	case TW_FIELD_DATE:
		return TW_CLASS_DAY;
	case TW_FIELD_INSTANT:
		return TW_CLASS_INSTANT;
	case TW_FIELD_FLAG:
		return TW_CLASS_FLAG;
	case TW_FIELD_OBJECT:
	case TW_FIELD_OBJECTS:
		break;
	}
	return (enum tw_class)0;
}

const char *tw_class_name(enum tw_class class)
{
	static const char *const names[] = {"nothing",
	                                    "a text",
	                                    "a place",
	                                    "an HS code",
	                                    "a container or ship number",
	                                    "a country",
	                                    "one of a set of words",
	                                    "true or false",
	                                    "a whole number",
	                                    "an amount",
	                                    "a date",
	                                    "an instant"};
	return names[class];
}

static const struct tw_scope *bound(const struct walk *walk, struct tw_slice name)
{
	for (const struct tw_scope *scope = walk->ask->scope; scope; scope = scope->outer) {
		if (tw_slice_is(name, scope->shape->name)) {
			return scope;
		}
	}
	return NULL;
}

/* @return the repeated member whose elements have that name, or NULL */
static const struct tw_field *repeated_named(const struct tw_shape *shape, struct tw_slice name)
{
	for (uint32_t i = 0; i < shape->field_count; i++) {
		if (shape->fields[i].kind == TW_FIELD_OBJECTS && tw_slice_is(name, shape->fields[i].shape->name)) {
			return &shape->fields[i];
		}
	}
	return NULL;
}

/* A bound name used where nothing binds it: the commonest slip. @return true when that is it, reported */
static bool not_bound(struct walk *walk, struct tw_slice name)
{
	const struct tw_field *field = walk->root ? repeated_named(walk->shape, name) : NULL;
	for (const struct tw_scope *scope = walk->ask->scope; walk->root && scope && !field; scope = scope->outer) {
		field = repeated_named(scope->shape, name);
	}
	if (field) {
		tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN,
		                "no \"%.*s\" is bound here: use `some:`, `every:` or `none:` over \"%s\"", (int)name.len, name.ptr, field->name);
	}
	return field != NULL;
}

/* A member of what is bound, without its name before it; a role in place of the parties that have it. @return true when that is it, reported */
static bool half_said(struct walk *walk, struct tw_slice name)
{
	for (const struct tw_scope *scope = walk->root ? walk->ask->scope : NULL; scope; scope = scope->outer) {
		if (tw_field_find(scope->shape, name)) {
			tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN, "unknown field \"%.*s\" in %s: the %s has one, \"%s.%.*s\"",
			                (int)name.len, name.ptr, walk->shape->name, scope->shape->name, scope->shape->name, (int)name.len, name.ptr);
			return true;
		}
	}
	const char *role = "-";
	for (uint32_t i = 1; walk->root && *role && tw_field_find(walk->shape, tw_slice_str("parties")); i++) {
		role = tw_party_role_word((enum tw_party_role)i);
		if (*role && tw_slice_is(name, role)) {
			tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN,
			                "unknown field \"%s\" in %s: it is a role, as in \"parties[%s]\"", role, walk->shape->name, role);
			return true;
		}
	}
	return false;
}

/* "finding" of inspection_finding, "certificate" of certificate_ref: what an element is called, in part. */
static bool part_of(const char *name, struct tw_slice part)
{
	size_t length = strlen(name);
	if (part.len < 3 || length < (size_t)part.len + 2) {
		return false;
	}
	bool ends = memcmp(name + length - part.len, part.ptr, part.len) == 0 && name[length - part.len - 1] == '_';
	return ends || (memcmp(name, part.ptr, part.len) == 0 && name[part.len] == '_');
}

/* @return true when that is it, reported */
static bool half_a_name(struct walk *walk, struct tw_slice name)
{
	for (const struct tw_scope *scope = walk->root ? walk->ask->scope : NULL; scope; scope = scope->outer) {
		if (part_of(scope->shape->name, name)) {
			tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN, "unknown field \"%.*s\" in %s; did you mean \"%s\"?", (int)name.len,
			                name.ptr, walk->shape->name, scope->shape->name);
			return true;
		}
	}
	return false;
}

static bool unknown(struct walk *walk, struct tw_slice name)
{
	if (not_bound(walk, name) || half_said(walk, name) || half_a_name(walk, name)) {
		return false;
	}
	if (memchr(name.ptr, '[', name.len)) {
		tw_report_error(walk->report, walk->ask->mark, TW_E_TYPE,
		                "nothing is chosen here: \"%.*s\"; bind it with `some:` over it and `where`", (int)(name.len > 64 ? 64 : name.len),
		                name.ptr);
		return false;
	}
	struct tw_nearest nearest = tw_nearest_to(name);
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 0; i < walk->shape->field_count; i++) {
		if (!walk->body || !tw_envelope_member(tw_slice_str(walk->shape->fields[i].name))) {
			tw_nearest_offer(&nearest, walk->shape->fields[i].name);
		}
	}
	for (const struct tw_scope *scope = walk->root ? walk->ask->scope : NULL; scope; scope = scope->outer) {
		tw_nearest_offer(&nearest, scope->shape->name);
	}
	if (walk->root && tw_envelope_member(name)) {
		tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN, "\"%.*s\" belongs to the envelope: write \"event.%.*s\"", (int)name.len,
		                name.ptr, (int)name.len, name.ptr);
		return false;
	}
	tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN, "unknown field \"%.*s\" in %s%s", (int)(name.len > 64 ? 64 : name.len), name.ptr,
	                walk->shape->name, tw_nearest_hint(&nearest, hint));
	return false;
}

static bool repeated(struct walk *walk, const struct tw_field *field)
{
	const char *name = field->shape ? field->shape->name : field->name;
	tw_report_error(walk->report, walk->ask->mark, TW_E_TYPE,
	                "\"%s\" is repeated: bind one with `some:`, `every:` or `none:` over it and write \"%s.…\" inside `where`", field->name,
	                name);
	return false;
}

static bool out_of_memory(struct walk *walk)
{
	tw_report_error(walk->report, walk->ask->mark, TW_E_MEMORY, "no memory");
	return false;
}

static bool append_pointer(struct walk *walk, const char *name)
{
	walk->path.pointer =
	    tw_arena_format(walk->arena, "%.*s/%s", (int)walk->path.pointer.len, walk->path.pointer.ptr ? walk->path.pointer.ptr : "", name);
	return walk->path.pointer.ptr ? true : out_of_memory(walk);
}

/* Go through a repeated part: what follows is relative to its element. */
static bool step_into(struct walk *walk, const struct tw_field *field)
{
	struct tw_path *path = &walk->path;
	if (path->step_count == TW_STEPS_MAX) {
		tw_report_error(walk->report, walk->ask->mark, TW_E_LIMIT, "more than %u repeated parts in one path", TW_STEPS_MAX);
		return false;
	}
	uint32_t size = field->shape ? field->shape->size : (uint32_t)sizeof(struct tw_text);
	path->step[path->step_count] = (struct tw_step){.offset = path->offset + field->offset, .size = size};
	path->step_pointer[path->step_count] = path->pointer;
	path->step_shape[path->step_count] = field->shape;
	path->step_count++;
	path->offset = 0;
	path->pointer = (struct tw_slice){NULL, 0};
	return true;
}

static bool take_name(struct walk *walk, struct tw_slice name, bool last)
{
	const struct tw_field *field = tw_field_find(walk->shape, name);
	if (!field || (walk->body && tw_envelope_member(name))) {
		return unknown(walk, name);
	}
	if (!append_pointer(walk, field->name)) {
		return false;
	}
	walk->path.field = field;
	walk->path.shape = field->kind == TW_FIELD_OBJECT ? field->shape : NULL;
	walk->body = false;
	walk->root = false;
	if (last) {
		walk->path.offset += field->offset;
		return true;
	}
	if (field->kind == TW_FIELD_OBJECT) {
		walk->path.offset += field->offset;
		walk->shape = field->shape;
		return true;
	}
	if (field->kind != TW_FIELD_OBJECTS) {
		tw_report_error(walk->report, walk->ask->mark, TW_E_TYPE, "\"%s\" is %s and has no members", field->name,
		                tw_class_name(tw_class_of(field->kind)));
		return false;
	}
	walk->shape = field->shape;
	return walk->ask->through_lists ? step_into(walk, field) : repeated(walk, field);
}

/* The first name decides where the path starts. @return false when the name is still to be taken as a member */
static bool take_start(struct walk *walk, struct tw_slice name)
{
	const struct tw_scope *scope = bound(walk, name);
	if (scope) {
		walk->shape = scope->shape;
		walk->path = (struct tw_path){.slot = scope->slot, .shape = scope->shape, .bound = scope->shape->name};
		walk->root = false;
		return true;
	}
	if (tw_slice_is(name, "event")) {
		walk->shape = tw_shape_of(walk->ask->family);
		walk->root = false;
		return true;
	}
	struct tw_body body = tw_body_of(walk->ask->family);
	walk->shape = body.shape;
	walk->path = (struct tw_path){.slot = TW_SLOT_EVENT, .offset = body.offset, .pointer = tw_slice_str(body.pointer)};
	walk->body = body.offset == 0 && body.pointer[0] == '\0';
	walk->root = true;
	return false;
}

static bool envelope_only(struct walk *walk, struct tw_slice name)
{
	if (tw_envelope_member(name)) {
		return true;
	}
	struct tw_nearest nearest = tw_nearest_to(name);
	char hint[TW_HINT_BYTES];
	tw_nearest_offer_all(&nearest, envelope_words);
	tw_report_error(walk->report, walk->ask->mark, TW_E_UNKNOWN, "unknown field \"%.*s\" in event (id, type, time, source, trace)%s",
	                (int)(name.len > 64 ? 64 : name.len), name.ptr, tw_nearest_hint(&nearest, hint));
	return false;
}

bool tw_path_resolve(const struct tw_path_ask *ask, struct tw_arena *arena, struct tw_rule_report *report, struct tw_path *out)
{
	struct walk walk = {.ask = ask, .arena = arena, .report = report};
	struct tw_slice rest = ask->text;
	bool envelope = false;
	for (uint32_t at = 0; at == 0 || rest.ptr; at++) {
		const char *dot = rest.len ? memchr(rest.ptr, '.', rest.len) : NULL;
		struct tw_slice name = {rest.ptr, dot ? (uint32_t)(dot - rest.ptr) : rest.len};
		rest = dot ? (struct tw_slice){dot + 1, rest.len - name.len - 1} : (struct tw_slice){NULL, 0};
		if (at == 0 && take_start(&walk, name)) {
			envelope = walk.path.bound == NULL;
			continue;
		}
		if ((envelope && !envelope_only(&walk, name)) || !take_name(&walk, name, dot == NULL)) {
			return false;
		}
	}
	if (!walk.path.field && !walk.path.bound) {
		tw_report_error(report, ask->mark, TW_E_MISSING, "a path needs a field: event.time, means.flag, item.hs");
		return false;
	}
	*out = walk.path;
	return true;
}
