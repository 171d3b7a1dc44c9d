/**
 * @file walk.c
 * yajl's callbacks: they keep the stack of frames and hand each value to the field that the shape table names.
 *
 * An element of a list that is null, blank or ill-typed stays in the list as an element that states nothing, so that an index here is the
 * index in the source and pointers stay true. Offsets: inside a callback yajl has consumed exactly up to the end of its token, and hands
 * out a pointer into the source for everything but strings with escapes (escape.c).
 * Source: RFC 8259; CloudEvents 1.0 JSON event format (structured mode: section 3).
 */
#include "engine/decode/decoder.h"

static struct tw_frame *top(struct tw_decoder *decoder)
{
	return decoder->top;
}

/* ---- strings ---- */

static inline bool blank(struct tw_text text)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v') {
			return false;
		}
	}
	return true;
}

/* ---- frames ---- */

/* @return a new innermost frame, NULL when there are too many */
static inline struct tw_frame *push(struct tw_decoder *decoder, enum tw_frame_kind kind, uint32_t from)
{
	if (decoder->depth == TW_EVENT_DEPTH_MAX) {
		struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
		tw_decode_refuse(decoder, TW_REJECT_DEPTH, from, pointer, "byte %u: deeper than %d levels", from, TW_EVENT_DEPTH_MAX);
		return NULL;
	}
	struct tw_frame *frame = ++decoder->top;
	decoder->depth++;
	*frame = (struct tw_frame){.kind = kind, .from = from};
	return frame;
}

static int lists_refuse(struct tw_decoder *decoder, uint32_t byte)
{
	struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
	return tw_decode_refuse(decoder, TW_REJECT_LIMIT, byte, pointer, "%.*s: the lists take more than %u bytes", (int)pointer.len, pointer.ptr,
	                        TW_EVENT_LIST_BYTES_MAX);
}

static int element_begins(struct tw_decoder *decoder, struct tw_frame *frame, uint32_t byte)
{
	struct tw_list *list = (struct tw_list *)(void *)frame->object;
	frame->index++;
	if (list->count == frame->field->limit) {
		struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
		return tw_decode_refuse(decoder, TW_REJECT_LIMIT, byte, pointer, "%.*s is one more than the %u %s that are allowed", (int)pointer.len,
		                        pointer.ptr, frame->field->limit, frame->field->name);
	}
	uint32_t size = frame->kind == TW_FRAME_OBJECTS ? frame->shape->shape->size : (uint32_t)sizeof(struct tw_text);
	uint32_t held = list->capacity;
	if (!tw_list_push(decoder->arena, list, size)) {
		return tw_decode_exhausted(decoder);
	}
	decoder->list_bytes += list->capacity == held ? 0 : list->capacity * size;
	return decoder->list_bytes <= TW_EVENT_LIST_BYTES_MAX || lists_refuse(decoder, byte);
}

static int value_begins_elsewhere(struct tw_decoder *decoder, struct tw_frame *frame, uint32_t byte)
{
	switch (frame->kind) {
	case TW_FRAME_OBJECT:
	case TW_FRAME_SKIP_OBJECT:
		break;
	case TW_FRAME_OBJECTS:
	case TW_FRAME_TEXTS:
		return element_begins(decoder, frame, byte);
	case TW_FRAME_SKIP_ARRAY:
		frame->index++;
		break;
	case TW_FRAME_OUTSIDE:
		if (decoder->refusal.reason) {
			return tw_decode_refuse(decoder, TW_REJECT_TRAILING, byte, (struct tw_slice){NULL, 0}, "byte %u: a second value", byte);
		}
		break;
	}
	return 1;
}

/* @return 0 to stop: a list's bound, a second root */
static inline int value_begins(struct tw_decoder *decoder, struct tw_frame *frame, uint32_t byte)
{
	return frame->kind == TW_FRAME_OBJECT || value_begins_elsewhere(decoder, frame, byte);
}

/* A value where an object of `frame`'s list should be, or null. */
static int element_lacks(struct tw_decoder *decoder, struct tw_frame *frame, struct tw_span span, bool stated)
{
	if (frame->shape->required) {
		struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
		return tw_decode_note(decoder, stated ? TW_REJECT_TYPE : TW_REJECT_MISSING, span.from, pointer, "%.*s must be an object",
		                      (int)pointer.len, pointer.ptr);
	}
	return stated ? tw_decode_warn(decoder, TW_WARNING_ILL_TYPED, span) : 1;
}

/* A stated value of the wrong type for where it stands. */
static int misfit(struct tw_decoder *decoder, struct tw_frame *frame, struct tw_span span)
{
	switch (frame->kind) {
	case TW_FRAME_OBJECT:
		return frame->field ? tw_decode_ill_typed(decoder, frame->field, span) : 1;
	case TW_FRAME_OBJECTS:
		return element_lacks(decoder, frame, span, true);
	case TW_FRAME_TEXTS:
		return tw_decode_warn(decoder, TW_WARNING_ILL_TYPED, span);
	case TW_FRAME_OUTSIDE:
		return tw_decode_note(decoder, TW_REJECT_TYPE, span.from, (struct tw_slice){NULL, 0}, "the event is not an object");
	case TW_FRAME_SKIP_OBJECT:
	case TW_FRAME_SKIP_ARRAY:
		break;
	}
	return 1;
}

/* Open a bracket whose content is passed over; a warning about it learns its end when it closes. */
static int skip(struct tw_decoder *decoder, struct tw_frame *parent, enum tw_frame_kind kind, uint32_t from)
{
	uint32_t before = decoder->event.warnings.count;
	if (!misfit(decoder, parent, (struct tw_span){from, from + 1})) {
		return 0;
	}
	uint32_t after = decoder->event.warnings.count;
	struct tw_frame *frame = push(decoder, kind, from);
	if (!frame) {
		return 0;
	}
	frame->number = ++decoder->object_number;
	frame->warning = after > before ? after : 0;
	return 1;
}

/* ---- objects ---- */

static bool is_data(const struct tw_decoder *decoder, const struct tw_frame *parent)
{
	static const char attribute[] = "\"specversion\"";
	if (decoder->depth != 1 || parent->field || decoder->plain || !tw_slice_is(parent->key, "data")) {
		return false;
	}
	return decoder->specversion || memmem(decoder->source.ptr, decoder->source.len, attribute, sizeof(attribute) - 1);
}

/* Root and data fill the same event: the body may be in either, not in both; the envelope's four in data win. */
static void data_begins(struct tw_decoder *decoder, const struct tw_frame *root, struct tw_frame *data)
{
	decoder->structured = true;
	decoder->root = data->from;
	data->object = root->object;
	data->shape = root->shape;
	data->seen = root->seen & ~TW_ENVELOPE_BITS;
}

static bool takes_object(const struct tw_decoder *decoder, const struct tw_frame *parent)
{
	if (parent->kind == TW_FRAME_OBJECT) {
		return parent->field ? parent->field->kind == TW_FIELD_OBJECT : is_data(decoder, parent);
	}
	return parent->kind == TW_FRAME_OBJECTS || parent->kind == TW_FRAME_OUTSIDE;
}

static int on_start_map(void *context)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *parent = top(decoder);
	uint32_t from = tw_token_end(decoder) - 1;
	if (!value_begins(decoder, parent, from)) {
		return 0;
	}
	if (!takes_object(decoder, parent)) {
		return skip(decoder, parent, TW_FRAME_SKIP_OBJECT, from);
	}
	struct tw_frame *frame = push(decoder, TW_FRAME_OBJECT, from);
	if (!frame) {
		return 0;
	}
	frame->number = ++decoder->object_number;
	if (parent->kind == TW_FRAME_OBJECTS) {
		const struct tw_list *list = (const struct tw_list *)(const void *)parent->object;
		frame->object = (char *)list->data + (size_t)(list->count - 1) * parent->shape->shape->size;
		frame->shape = parent->shape;
	} else if (parent->kind == TW_FRAME_OUTSIDE) {
		frame->object = (char *)&decoder->event;
		frame->shape = decoder->roots[decoder->family - 1];
		decoder->root = from;
	} else if (parent->field) {
		frame->object = parent->object + parent->field->offset;
		frame->shape = parent->shape->children[__builtin_ctz(parent->bit)];
	} else {
		data_begins(decoder, parent, frame);
	}
	return 1;
}

/* Nearly every name stands in the source as it is, belongs to the shape and comes for the first time. */
static int on_map_key(void *context, const unsigned char *bytes, size_t size)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	bool plain = frame->kind == TW_FRAME_OBJECT && !decoder->data_stated;
	if (plain && tw_offset_of(decoder, bytes) < decoder->roomy && size <= TW_NAME_WORDS_BYTES) {
		int member = tw_shape_index_find_short(decoder, frame->shape, (const char *)bytes, (uint32_t)size, true);
		if (member >= 0 && !(frame->seen >> member & 1U)) {
			frame->bit = 1U << member;
			frame->field = &frame->shape->shape->fields[member];
			frame->seen |= frame->bit;
			return 1;
		}
	}
	return tw_decode_member(decoder, frame, bytes, size);
}

static int object_closes(struct tw_decoder *decoder, struct tw_frame *frame)
{
	uint32_t missing = frame->shape->required & ~frame->stated;
	if (missing) {
		const char *name = frame->shape->shape->fields[__builtin_ctz(missing)].name;
		/* the frame's own member gives way to the missing one: the pointer ends in it */
		struct tw_slice pointer = tw_decode_pointer(decoder, name);
		return tw_decode_note(decoder, TW_REJECT_MISSING, frame->from, pointer, "%.*s is required and not stated", (int)pointer.len,
		                      pointer.ptr);
	}
	if (frame->shape->shape->derive) {
		frame->shape->shape->derive(frame->object);
	}
	return 1;
}

static int root_closes(struct tw_decoder *decoder, struct tw_frame *frame)
{
	decoder->stated |= frame->stated;
	decoder->closed = true;
	for (uint32_t i = tw_token_end(decoder); i < decoder->source.len; i++) {
		char c = decoder->source.ptr[i];
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
			return tw_decode_refuse(decoder, TW_REJECT_TRAILING, i, (struct tw_slice){NULL, 0}, "byte %u: the event's object has ended",
			                        i);
		}
	}
	return 1;
}

/* A bracket has closed: its parent's member is stated, a warning about it has its end. */
static void pop(struct tw_decoder *decoder, const struct tw_frame *frame, bool stated)
{
	if (frame->warning) {
		((struct tw_warning *)decoder->event.warnings.data)[frame->warning - 1].span.to = tw_token_end(decoder);
	}
	struct tw_frame *parent = --decoder->top;
	decoder->depth--;
	parent->stated |= stated ? parent->bit : 0;
}

static int on_end_map(void *context)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	int go_on = 1;
	if (frame->kind == TW_FRAME_OBJECT && decoder->depth == 1) {
		go_on = root_closes(decoder, frame);
	} else if (frame->kind == TW_FRAME_OBJECT && frame->object == (char *)&decoder->event) {
		decoder->data_stated = frame->stated;
		decoder->stated |= frame->stated;
		decoder->frames[1].seen |= frame->seen & ~TW_ENVELOPE_BITS;
	} else if (frame->kind == TW_FRAME_OBJECT) {
		go_on = object_closes(decoder, frame);
	}
	pop(decoder, frame, frame->kind == TW_FRAME_OBJECT);
	return go_on;
}

/* ---- lists ---- */

static int on_start_array(void *context)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *parent = top(decoder);
	uint32_t from = tw_token_end(decoder) - 1;
	if (!value_begins(decoder, parent, from)) {
		return 0;
	}
	const struct tw_field *field = parent->kind == TW_FRAME_OBJECT ? parent->field : NULL;
	if (!field || (field->kind != TW_FIELD_OBJECTS && field->kind != TW_FIELD_TEXTS)) {
		return skip(decoder, parent, TW_FRAME_SKIP_ARRAY, from);
	}
	struct tw_frame *frame = push(decoder, field->kind == TW_FIELD_OBJECTS ? TW_FRAME_OBJECTS : TW_FRAME_TEXTS, from);
	if (!frame) {
		return 0;
	}
	frame->object = parent->object + field->offset;
	frame->shape = parent->shape->children[__builtin_ctz(parent->bit)];
	frame->field = field;
	return 1;
}

static int on_end_array(void *context)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	pop(decoder, frame, frame->kind != TW_FRAME_SKIP_ARRAY && frame->index > 0);
	return 1;
}

/* ---- scalars ---- */

/* Any string, where on_string does not see at once that it is plain text. */
__attribute__((noinline)) static int string_take(struct tw_decoder *decoder, struct tw_frame *frame, const unsigned char *bytes, size_t size)
{
	struct tw_text text;
	if (frame->kind == TW_FRAME_OUTSIDE) {
		return value_begins(decoder, frame, 0) && misfit(decoder, frame, (struct tw_span){0, 0});
	}
	if (!tw_text_read(decoder, bytes, size, &text)) {
		return 0;
	}
	if (frame->kind == TW_FRAME_OBJECT) {
		return !frame->field || blank(text) || tw_decode_store_string(decoder, frame, &text);
	}
	if (!value_begins(decoder, frame, text.span.from)) {
		return 0;
	}
	if (frame->kind == TW_FRAME_TEXTS) {
		return blank(text) || tw_decode_store_string(decoder, frame, &text);
	}
	return frame->kind == TW_FRAME_OBJECTS ? element_lacks(decoder, frame, text.span, !blank(text)) : 1;
}

/* A member whose text is kept as it came. */
static inline bool takes_text(const struct tw_frame *frame)
{
	return frame->kind == TW_FRAME_OBJECT && frame->field && frame->field->kind <= TW_FIELD_HS;
}
_Static_assert(TW_FIELD_TEXT < TW_FIELD_COUNTRY && TW_FIELD_COUNTRY < TW_FIELD_PLACE && TW_FIELD_PLACE < TW_FIELD_HS && TW_FIELD_HS == 4,
               "kinds of plain text come first");

static int on_string(void *context, const unsigned char *bytes, size_t size)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	size_t from = tw_offset_of(decoder, bytes);
	if (takes_text(frame) && from < decoder->source.len && size && size <= TW_TEXT_BYTES_MAX && bytes[0] > ' ') {
		*(struct tw_text *)(void *)(frame->object + frame->field->offset) =
		    (struct tw_text){(const char *)bytes, (uint32_t)size, {(uint32_t)from, (uint32_t)(from + size)}};
		frame->stated |= frame->bit;
		return 1;
	}
	return string_take(decoder, frame, bytes, size);
}

static int on_number(void *context, const char *bytes, size_t size)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	uint32_t to = tw_in_source(decoder, bytes) ? (uint32_t)(tw_offset_of(decoder, bytes) + size) : tw_token_end(decoder);
	struct tw_text text = {.ptr = bytes, .len = (uint32_t)size, .span = {to > size ? to - (uint32_t)size : 0, to}};
	if (frame->kind == TW_FRAME_OBJECT) {
		return !frame->field || tw_decode_store_number(decoder, frame, &text);
	}
	return value_begins(decoder, frame, text.span.from) && misfit(decoder, frame, text.span);
}

static int on_boolean(void *context, int value)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	uint32_t to = tw_token_end(decoder);
	struct tw_span span = {to - (value ? 4 : 5), to};
	if (frame->kind == TW_FRAME_OBJECT) {
		return !frame->field || tw_decode_store_flag(decoder, frame, value != 0, span);
	}
	return value_begins(decoder, frame, span.from) && misfit(decoder, frame, span);
}

static int on_null(void *context)
{
	struct tw_decoder *decoder = context;
	struct tw_frame *frame = top(decoder);
	struct tw_span span = {tw_token_end(decoder) - 4, tw_token_end(decoder)};
	if (!value_begins(decoder, frame, span.from)) {
		return 0;
	}
	if (frame->kind == TW_FRAME_OBJECTS) {
		return element_lacks(decoder, frame, span, false);
	}
	return frame->kind == TW_FRAME_OUTSIDE ? misfit(decoder, frame, span) : 1;
}

const yajl_callbacks tw_decode_callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_map_key,
    .yajl_end_map = on_end_map,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end_array,
};
