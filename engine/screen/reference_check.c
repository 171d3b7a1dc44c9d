/**
 * @file reference_check.c
 * A walk over the shape table; see reference_check.h. The path is kept as a chain of steps on the stack and becomes a JSON pointer only
 * when there is something to say: ordinary events format nothing.
 */
#include "engine/screen/reference_check.h"

#include <stdio.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/event/shape.h"
#include "feeds/reference.h"

/* One step of the path from the root to the object being looked at. */
struct step {
	const struct step *above;
	const char *member;
	uint32_t index; /* in a list, else NO_INDEX */
};
#define NO_INDEX      UINT32_MAX
#define POINTER_BYTES 512

/* Kinds that name a code, and kinds that lead to some. */
#define KIND(kind) (1U << (kind))
#define CODES      (KIND(TW_FIELD_COUNTRY) | KIND(TW_FIELD_PLACE) | KIND(TW_FIELD_HS) | KIND(TW_FIELD_CONTAINER))
#define WALKED     (CODES | KIND(TW_FIELD_OBJECT) | KIND(TW_FIELD_OBJECTS))

struct walk {
	const struct tw_reference *reference;
	struct tw_event *event;
	struct tw_arena *arena;
	struct tw_error *err;
};

static size_t pointer_write(const struct step *step, char *out, size_t used)
{
	if (!step) {
		return used;
	}
	used = pointer_write(step->above, out, used);
	int wrote = step->index == NO_INDEX ? snprintf(out + used, POINTER_BYTES - used, "/%s", step->member)
	                                    : snprintf(out + used, POINTER_BYTES - used, "/%s/%u", step->member, step->index);
	size_t next = used + (wrote > 0 ? (size_t)wrote : 0);
	return next < POINTER_BYTES ? next : POINTER_BYTES - 1;
}

static enum tw_code warn(const struct walk *walk, enum tw_warning_kind kind, const struct step *path, struct tw_span span)
{
	char pointer[POINTER_BYTES];
	struct tw_event *event = walk->event;
	if (event->warnings.count >= TW_WARNINGS_MAX) {
		event->warnings_dropped++;
		return TW_OK;
	}
	size_t length = pointer_write(path, pointer, 0);
	struct tw_warning *warning = tw_list_push(walk->arena, &event->warnings, sizeof(*warning));
	struct tw_slice copy = tw_arena_copy(walk->arena, (struct tw_slice){pointer, (uint32_t)length});
	if (!warning || !copy.ptr) {
		return tw_fail(walk->err, TW_E_MEMORY, TW_STOP, "the batch's arena is full", "screen", NULL);
	}
	*warning = (struct tw_warning){kind, copy, span};
	return TW_OK;
}

/* @return the warning that a stated code deserves, 0 for none */
static enum tw_warning_kind judge(const struct tw_reference *reference, enum tw_field_kind kind, struct tw_slice code)
{
	switch (kind) {
	case TW_FIELD_COUNTRY:
		return tw_reference_country(reference, tw_country_code(code)) ? (enum tw_warning_kind)0 : TW_WARNING_UNKNOWN_COUNTRY;
	case TW_FIELD_PLACE:
		return tw_reference_place(reference, code) ? (enum tw_warning_kind)0 : TW_WARNING_UNKNOWN_PLACE;
	case TW_FIELD_HS:
		return tw_reference_hs(reference, code) ? (enum tw_warning_kind)0 : TW_WARNING_UNKNOWN_HS;
	case TW_FIELD_CONTAINER:
		return tw_reference_owner(reference, code) ? (enum tw_warning_kind)0 : TW_WARNING_UNKNOWN_OWNER;
	case TW_FIELD_TEXT:
	case TW_FIELD_IMO:
	case TW_FIELD_CHOICE:
	case TW_FIELD_AMOUNT:
	case TW_FIELD_COUNT:
	case TW_FIELD_DATE:
	case TW_FIELD_INSTANT:
	case TW_FIELD_FLAG:
	case TW_FIELD_OBJECT:
	case TW_FIELD_OBJECTS:
	case TW_FIELD_TEXTS:
		break;
	}
	return (enum tw_warning_kind)0;
}

static enum tw_code walk_object(const struct walk *walk, const struct tw_shape *shape, const char *object, const struct step *path);

static enum tw_code walk_list(const struct walk *walk, const struct tw_field *field, const struct tw_list *list, const struct step *above)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < list->count; i++) {
		const struct step step = {above, field->name, i};
		code = walk_object(walk, field->shape, (const char *)list->data + (size_t)i * field->shape->size, &step);
	}
	return code;
}

static enum tw_code walk_field(const struct walk *walk, const struct tw_field *field, const char *object, const struct step *above)
{
	const void *at = object + field->offset;
	const struct step step = {above, field->name, NO_INDEX};
	if (field->kind == TW_FIELD_OBJECTS) {
		return walk_list(walk, field, at, above);
	}
	if (field->kind == TW_FIELD_OBJECT) {
		return walk_object(walk, field->shape, at, &step);
	}
	const struct tw_text *text = at;
	if (!tw_stated(text->span)) {
		return TW_OK;
	}
	enum tw_warning_kind kind = judge(walk->reference, field->kind, tw_slice_of(*text));
	return kind ? warn(walk, kind, &step, text->span) : TW_OK;
}

static enum tw_code walk_object(const struct walk *walk, const struct tw_shape *shape, const char *object, const struct step *path)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < shape->field_count; i++) {
		if (WALKED & KIND(shape->fields[i].kind)) { /* most members are free text: not worth a call */
			code = walk_field(walk, &shape->fields[i], object, path);
		}
	}
	return code;
}

enum tw_code tw_reference_check(const struct tw_reference *reference, struct tw_event *event, struct tw_arena *arena, struct tw_error *err)
{
	const struct walk walk = {reference, event, arena, err};
	return walk_object(&walk, tw_shape_of(event->family), (const char *)event, NULL);
}
