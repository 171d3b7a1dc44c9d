/**
 * @file refuse.c
 * The words of refusals and warnings, and the JSON pointers in them. Off the hot path: only faulty events come here.
 * Source: RFC 6901 (JSON pointer).
 */
#include "engine/decode/decoder.h"

#include <stdarg.h>
#include <stdio.h>

#define DETAIL_BYTES 512
#define INDEX_BYTES  12 /* "/" and a 32-bit number and terminator */

static const char *const reject_words[] = {
    [TW_REJECT_UTF8] = "utf8",   [TW_REJECT_SYNTAX] = "syntax",       [TW_REJECT_TRUNCATED] = "truncated", [TW_REJECT_TRAILING] = "trailing",
    [TW_REJECT_DEPTH] = "depth", [TW_REJECT_DUPLICATE] = "duplicate", [TW_REJECT_SIZE] = "size",           [TW_REJECT_MISSING] = "missing",
    [TW_REJECT_TYPE] = "type",   [TW_REJECT_UNKNOWN] = "unknown",     [TW_REJECT_LIMIT] = "limit",         [TW_REJECT_LINE] = "line",
};

const char *tw_reject_name(enum tw_reject_reason reason)
{
	bool known = (size_t)reason < sizeof(reject_words) / sizeof(reject_words[0]) && reject_words[reason];
	return known ? reject_words[reason] : "none";
}

int tw_decode_exhausted(struct tw_decoder *decoder)
{
	decoder->exhausted = true;
	return 0;
}

/* Longest prefix of at most TW_KEY_BYTES_MAX bytes that ends between two characters. */
static uint32_t name_cut(struct tw_slice name)
{
	if (name.len <= TW_KEY_BYTES_MAX) {
		return name.len;
	}
	uint32_t len = TW_KEY_BYTES_MAX;
	while (len && ((unsigned char)name.ptr[len] & 0xC0) == 0x80) {
		len--;
	}
	return len;
}

static uint32_t put_name(char *out, struct tw_slice name)
{
	uint32_t length = 0, cut = name_cut(name);
	out[length++] = '/';
	for (uint32_t i = 0; i < cut; i++) {
		char c = name.ptr[i];
		if (c == '~' || c == '/') {
			out[length++] = '~';
			c = c == '~' ? '0' : '1';
		}
		out[length++] = c;
	}
	if (cut < name.len) {
		memcpy(out + length, "...", 3);
		length += 3;
	}
	return length;
}

static struct tw_slice frame_name(const struct tw_frame *frame)
{
	return frame->kind == TW_FRAME_OBJECT && frame->field ? tw_slice_str(frame->field->name) : frame->key;
}

static uint32_t put_frame(char *out, const struct tw_frame *frame)
{
	if (frame->kind == TW_FRAME_OBJECT || frame->kind == TW_FRAME_SKIP_OBJECT) {
		return put_name(out, frame_name(frame));
	}
	return (uint32_t)snprintf(out, INDEX_BYTES, "/%u", frame->index ? frame->index - 1 : 0);
}

struct tw_slice tw_decode_pointer(struct tw_decoder *decoder, const char *member)
{
	size_t room = ((size_t)decoder->depth + 1) * (2 * TW_KEY_BYTES_MAX + INDEX_BYTES);
	char *out = tw_arena_alloc_raw(decoder->arena, room);
	if (!out) {
		tw_decode_exhausted(decoder);
		return (struct tw_slice){NULL, 0};
	}
	uint32_t length = 0;
	uint32_t named = member && decoder->depth ? decoder->depth - 1 : decoder->depth;
	for (uint32_t i = 1; i <= named; i++) {
		length += put_frame(out + length, &decoder->frames[i]);
	}
	if (member) {
		length += put_name(out + length, tw_slice_str(member));
	}
	return (struct tw_slice){out, length};
}

TW_PRINTF(3, 0) static int refuse(struct tw_decoder *decoder, struct tw_reject reject, const char *format, va_list arguments)
{
	char detail[DETAIL_BYTES];
	vsnprintf(detail, sizeof(detail), format, arguments);
	reject.detail = tw_arena_copy(decoder->arena, tw_slice_str(detail));
	if (!reject.detail.ptr) {
		return tw_decode_exhausted(decoder);
	}
	decoder->refusal = reject;
	return 1;
}

int tw_decode_refuse(struct tw_decoder *decoder, enum tw_reject_reason reason, uint32_t byte, struct tw_slice pointer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)refuse(decoder, (struct tw_reject){.reason = reason, .pointer = pointer, .byte = byte}, format, arguments);
	va_end(arguments);
	return 0;
}

int tw_decode_note(struct tw_decoder *decoder, enum tw_reject_reason reason, uint32_t byte, struct tw_slice pointer, const char *format, ...)
{
	if (decoder->exhausted) {
		return 0;
	}
	if (decoder->refusal.reason) {
		return 1;
	}
	va_list arguments;
	va_start(arguments, format);
	int noted = refuse(decoder, (struct tw_reject){.reason = reason, .pointer = pointer, .byte = byte}, format, arguments);
	va_end(arguments);
	return noted;
}

int tw_decode_warn(struct tw_decoder *decoder, enum tw_warning_kind kind, struct tw_span span)
{
	if (decoder->event.warnings.count == TW_WARNINGS_MAX) {
		decoder->event.warnings_dropped++;
		return 1;
	}
	struct tw_slice pointer = tw_decode_pointer(decoder, NULL);
	struct tw_warning *warning = pointer.ptr ? tw_list_push(decoder->arena, &decoder->event.warnings, sizeof(*warning)) : NULL;
	if (!warning) {
		return tw_decode_exhausted(decoder);
	}
	*warning = (struct tw_warning){.kind = kind, .pointer = pointer, .span = span};
	return 1;
}
