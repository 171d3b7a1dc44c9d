/**
 * @file decode_fuzz.c
 * Any bytes, as each of the five families. What is taken must hold what the contract requires, with every span inside the source; what is
 * refused must say why and where; yajl alone must say the same; and the same decoder must take a good event afterwards.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/decode/decode.h"
#include "engine/event/shape.h"

/* An assertion that no build switches off. */
static void must(bool holds)
{
	if (!holds) {
		__builtin_trap();
	}
}

static void check_span(struct tw_span span, uint32_t size)
{
	must(span.from <= span.to && span.to <= size);
}

static void check_text(struct tw_text text, struct tw_slice source)
{
	check_span(text.span, source.len);
	must((text.len == 0) == !tw_stated(text.span));
	must(text.len <= TW_TEXT_BYTES_MAX && tw_utf8_valid(tw_slice_of(text), NULL));
	bool inside = text.ptr >= source.ptr && text.ptr < source.ptr + source.len;
	must(!inside || (text.ptr == source.ptr + text.span.from && text.len == text.span.to - text.span.from));
}

static void check_object(const struct tw_shape *shape, const char *object, struct tw_slice source);

static void check_list(const struct tw_field *field, const struct tw_list *list, struct tw_slice source)
{
	must(list->count <= field->limit && list->count <= list->capacity);
	for (uint32_t i = 0; i < list->count; i++) {
		if (field->kind == TW_FIELD_TEXTS) {
			check_text(((const struct tw_text *)list->data)[i], source);
		} else {
			check_object(field->shape, (const char *)list->data + (size_t)i * field->shape->size, source);
		}
	}
}

static void check_field(const struct tw_field *field, const char *object, struct tw_slice source)
{
	const void *at = object + field->offset;
	switch (tw_field_form(field->kind)) {
	case TW_FORM_TEXT:
		check_text(*(const struct tw_text *)at, source);
		break;
	case TW_FORM_AMOUNT: {
		int64_t e4 = ((const struct tw_amount *)at)->e4;
		must(e4 <= TW_AMOUNT_E4_MAX && e4 >= -TW_AMOUNT_E4_MAX);
		break;
	}
	case TW_FORM_COUNT:
		must(((const struct tw_count *)at)->value >= 0);
		break;
	case TW_FORM_CHOICE: {
		const struct tw_choice *choice = at;
		must((choice->value != 0) == tw_stated(choice->span) && (!choice->value || tw_choice_word(field, choice->value)[0]));
		break;
	}
	case TW_FORM_DATE:
	case TW_FORM_INSTANT:
	case TW_FORM_FLAG:
		break;
	case TW_FORM_OBJECT:
		check_object(field->shape, at, source);
		break;
	case TW_FORM_OBJECTS:
	case TW_FORM_TEXTS:
		check_list(field, at, source);
		must(!field->required || ((const struct tw_list *)at)->count > 0);
		return;
	}
	check_span(tw_field_span(field, object), source.len);
	must(!field->required || field->kind == TW_FIELD_OBJECT || tw_stated(tw_field_span(field, object)));
}

static void check_object(const struct tw_shape *shape, const char *object, struct tw_slice source)
{
	for (uint32_t i = 0; i < shape->field_count; i++) {
		check_field(&shape->fields[i], object, source);
	}
}

static void check_event(const struct tw_event *event, enum tw_family family, struct tw_slice source)
{
	const struct tw_warning *warnings = event->warnings.data;
	must(event->family == family && event->type && tw_event_type_family(event->type) == family);
	check_object(tw_shape_of(family), (const char *)event, source);
	must(event->type != TW_CONSIGNMENT_DECLARED || event->consignment.items.count > 0);
	must(event->warnings.count <= TW_WARNINGS_MAX);
	for (uint32_t i = 0; i < event->warnings.count; i++) {
		check_span(warnings[i].span, source.len);
		must(warnings[i].pointer.len > 0 && warnings[i].pointer.ptr[0] == '/');
	}
}

static void check_reject(const struct tw_reject *reject, uint32_t size)
{
	must(reject->reason >= TW_REJECT_UTF8 && reject->reason <= TW_REJECT_LIMIT);
	must(reject->byte <= size && reject->detail.len > 0);
	must(reject->pointer.len == 0 || reject->pointer.ptr[0] == '/');
}

static void check_neighbour(struct tw_decoder *decoder, struct tw_arena *arena)
{
	static const char good[] = "{\"id\":\"e\",\"type\":\"consignment.arrived\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"s\","
	                           "\"consignment\":{\"id\":\"C1\",\"extra\":{\"a\":1,\"b\":2}}}";
	struct tw_event event = {.unknown_fields = 0};
	struct tw_reject reject;
	struct tw_error error;
	enum tw_code code = tw_decode(decoder, TW_FAMILY_MANIFEST, tw_slice_str(good), NULL, arena, &event, &reject, &error);
	must(code == TW_OK && event.unknown_fields == 1 && event.consignment.id.len == 2);
}

/* A form feed is a blank to yajl, and odd to what reads without it: the same bytes behind one are read by yajl alone. */
static void check_by_yajl(struct tw_decoder *decoder, enum tw_family family, struct tw_slice source, enum tw_code code, const struct tw_event *event,
                          const struct tw_reject *reject, struct tw_arena *arena)
{
	struct tw_event other = {.raw = source};
	struct tw_reject refused = {.byte = 0};
	struct tw_error error;
	char *shifted = source.len < TW_EVENT_BYTES_MAX ? tw_arena_alloc_raw(arena, (size_t)source.len + 1) : NULL;
	if (!shifted) {
		return;
	}
	shifted[0] = '\f';
	memcpy(shifted + 1, source.ptr ? source.ptr : "", source.len);
	must(tw_decode(decoder, family, (struct tw_slice){shifted, source.len + 1}, NULL, arena, &other, &refused, &error) == code);
	if (code == TW_OK) {
		must(event->warnings.count == other.warnings.count && event->unknown_fields == other.unknown_fields);
		must(event->time.ms == other.time.ms && tw_slice_equal(tw_slice_of(event->id), tw_slice_of(other.id)));
	} else {
		must(reject->reason == refused.reason && (reject->byte + 1 == refused.byte || reject->byte + refused.byte == 0));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tw_decoder *decoder;
	static struct tw_arena arena;
	struct tw_error error;
	if (!decoder) {
		tw_arena_init(&arena, 1U << 20, 0);
		must(tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX}, &decoder, &error) == TW_OK);
	}
	struct tw_slice source = {(const char *)data, (uint32_t)size};
	for (int family = TW_FAMILY_MANIFEST; family <= TW_FAMILIES; family++) {
		struct tw_event event = {.raw = source};
		struct tw_reject reject;
		tw_arena_reset(&arena);
		enum tw_code code = tw_decode(decoder, (enum tw_family)family, source, NULL, &arena, &event, &reject, &error);
		must(code == TW_OK || code == TW_E_SYNTAX);
		if (code == TW_OK) {
			check_event(&event, (enum tw_family)family, source);
		} else {
			check_reject(&reject, source.len);
		}
		check_by_yajl(decoder, (enum tw_family)family, source, code, &event, &reject, &arena);
	}
	check_neighbour(decoder, &arena);
	return 0;
}
