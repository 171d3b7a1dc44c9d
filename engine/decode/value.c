/**
 * @file value.c
 * One JSON value into one field of a struct, by the field's kind. Text is kept as received; numbers, days and words are read here, once.
 * What does not fit is a warning, and a refusal where the field is required.
 */
#include "engine/decode/decoder.h"

#include "engine/base/time.h"
#include "engine/decode/decimal.h"

#define E4 10000

static void *field_at(const struct tw_frame *frame, const struct tw_field *field)
{
	return frame->object + field->offset;
}

static int stored(struct tw_frame *frame)
{
	frame->stated |= frame->bit;
	return 1;
}

int tw_decode_ill_typed(struct tw_decoder *decoder, const struct tw_field *field, struct tw_span span)
{
	if (field->required) {
		struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
		return tw_decode_note(decoder, TW_REJECT_TYPE, span.from, pointer, "%.*s is required and has the wrong type or form",
		                      (int)pointer.len, pointer.ptr);
	}
	return tw_decode_warn(decoder, TW_WARNING_ILL_TYPED, span);
}

static int past_limit(struct tw_decoder *decoder, uint32_t byte, const char *what, long long most)
{
	struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
	return tw_decode_refuse(decoder, TW_REJECT_LIMIT, byte, pointer, "%.*s has more than %lld %s", (int)pointer.len, pointer.ptr, most, what);
}

static int store_amount(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	struct tw_amount amount = {.span = text->span};
	switch (tw_decimal_read(tw_slice_of(*text), &amount.e4)) {
	case TW_DECIMAL_EXACT:
	case TW_DECIMAL_CUT:
		*(struct tw_amount *)field_at(frame, frame->field) = amount;
		return stored(frame);
	case TW_DECIMAL_RANGE:
		return past_limit(decoder, text->span.from, "units", TW_AMOUNT_E4_MAX / E4);
	case TW_DECIMAL_FORM:
		break;
	}
	return tw_decode_ill_typed(decoder, frame->field, text->span);
}

static int store_count(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	int64_t e4 = 0;
	enum tw_decimal read = tw_decimal_read(tw_slice_of(*text), &e4);
	if (read == TW_DECIMAL_RANGE) {
		return past_limit(decoder, text->span.from, "units", TW_AMOUNT_E4_MAX / E4);
	}
	if (read != TW_DECIMAL_EXACT || e4 < 0 || e4 % E4 != 0) {
		return tw_decode_ill_typed(decoder, frame->field, text->span);
	}
	*(struct tw_count *)field_at(frame, frame->field) = (struct tw_count){.value = e4 / E4, .span = text->span};
	return stored(frame);
}

static int store_date(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	struct tw_date date = {.span = text->span};
	int64_t ms;
	if (!tw_date_parse(tw_slice_of(*text), &date.day)) {
		if (!tw_instant_parse(tw_slice_of(*text), &ms)) {
			return tw_decode_ill_typed(decoder, frame->field, text->span);
		}
		date.day = tw_instant_day(ms);
	}
	*(struct tw_date *)field_at(frame, frame->field) = date;
	return stored(frame);
}

static int store_instant(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	struct tw_instant instant = {.span = text->span};
	if (!tw_instant_parse(tw_slice_of(*text), &instant.ms)) {
		return tw_decode_ill_typed(decoder, frame->field, text->span);
	}
	*(struct tw_instant *)field_at(frame, frame->field) = instant;
	return stored(frame);
}

static int store_choice(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	const char *const *words = frame->field->words;
	for (uint32_t i = 0; words[i]; i++) {
		if (words[i][0] == text->ptr[0] && tw_slice_is(tw_slice_of(*text), words[i])) {
			*(struct tw_choice *)field_at(frame, frame->field) = (struct tw_choice){.value = i + 1, .span = text->span};
			return stored(frame);
		}
	}
	return tw_decode_warn(decoder, TW_WARNING_UNKNOWN_WORD, text->span);
}

/* Text outside the source is yajl's, and gone with the next string. */
static int keep(struct tw_decoder *decoder, const struct tw_text *text, struct tw_text *out)
{
	*out = *text;
	if (text->ptr == decoder->source.ptr + text->span.from) {
		return 1;
	}
	out->ptr = tw_arena_copy(decoder->arena, tw_slice_of(*text)).ptr;
	return out->ptr ? 1 : tw_decode_exhausted(decoder);
}

static int store_text(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	return keep(decoder, text, field_at(frame, frame->field)) && stored(frame);
}

static int store_checked(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text, bool fits)
{
	if (!fits && !tw_decode_warn(decoder, TW_WARNING_CHECK_DIGIT, text->span)) {
		return 0;
	}
	return store_text(decoder, frame, text);
}

static int store_element(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	struct tw_list *list = (struct tw_list *)(void *)frame->object;
	return keep(decoder, text, (struct tw_text *)list->data + (list->count - 1));
}

int tw_decode_store_string(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	if (text->len > TW_TEXT_BYTES_MAX) {
		return past_limit(decoder, text->span.from, "bytes", TW_TEXT_BYTES_MAX);
	}
	if (frame->kind == TW_FRAME_TEXTS) {
		return store_element(decoder, frame, text);
	}
	switch (frame->field->kind) {
	case TW_FIELD_TEXT:
	case TW_FIELD_COUNTRY:
	case TW_FIELD_PLACE:
	case TW_FIELD_HS:
		return store_text(decoder, frame, text);
	case TW_FIELD_CONTAINER:
		return store_checked(decoder, frame, text, tw_container_check(tw_slice_of(*text)));
	case TW_FIELD_IMO:
		return store_checked(decoder, frame, text, tw_imo_check(tw_slice_of(*text)));
	case TW_FIELD_CHOICE:
		return store_choice(decoder, frame, text);
	case TW_FIELD_AMOUNT:
		return store_amount(decoder, frame, text);
	case TW_FIELD_COUNT:
		return store_count(decoder, frame, text);
	case TW_FIELD_DATE:
		return store_date(decoder, frame, text);
	case TW_FIELD_INSTANT:
		return store_instant(decoder, frame, text);
	case TW_FIELD_FLAG:
	case TW_FIELD_OBJECT:
	case TW_FIELD_OBJECTS:
	case TW_FIELD_TEXTS:
		break;
	}
	return tw_decode_ill_typed(decoder, frame->field, text->span);
}

int tw_decode_store_number(struct tw_decoder *decoder, struct tw_frame *frame, const struct tw_text *text)
{
	if (frame->field->kind == TW_FIELD_AMOUNT) {
		return store_amount(decoder, frame, text);
	}
	if (frame->field->kind == TW_FIELD_COUNT) {
		return store_count(decoder, frame, text);
	}
	return tw_decode_ill_typed(decoder, frame->field, text->span);
}

int tw_decode_store_flag(struct tw_decoder *decoder, struct tw_frame *frame, bool value, struct tw_span span)
{
	if (frame->field->kind != TW_FIELD_FLAG) {
		return tw_decode_ill_typed(decoder, frame->field, span);
	}
	*(struct tw_flag *)field_at(frame, frame->field) = (struct tw_flag){.value = value, .span = span};
	return stored(frame);
}
