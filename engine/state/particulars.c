/**
 * @file particulars.c
 * See particulars.h.
 */
#include "engine/state/particulars.h"

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"

/* The longest prefix that is short enough and does not end inside a character. */
static uint32_t kept_of(struct tw_slice text)
{
	uint32_t length = text.len < TW_PARTICULAR_BYTES ? text.len : TW_PARTICULAR_BYTES;
	while (length && length < text.len && ((unsigned char)text.ptr[length] & 0xC0U) == 0x80U) {
		length--;
	}
	return length;
}

struct tw_slice tw_particulars_write(struct tw_slice head, const struct tw_particulars *said, struct tw_arena *arena)
{
	size_t bytes = head.len + 1;
	for (uint32_t i = 1; i <= TW_PARTICULARS; i++) {
		bytes += said->of[i].len ? 2 + kept_of(said->of[i]) : 0;
	}
	unsigned char *out = tw_arena_alloc_raw(arena, bytes), *at = out;
	if (!out) {
		return (struct tw_slice){NULL, 0};
	}
	memcpy(at, head.ptr, head.len);
	at += head.len;
	for (uint32_t i = 1; i <= TW_PARTICULARS; i++) {
		uint32_t length = kept_of(said->of[i]);
		if (length) {
			*at++ = (unsigned char)i;
			*at++ = (unsigned char)length; /* below 128: a varint of one byte */
			memcpy(at, said->of[i].ptr, length);
			at += length;
		}
	}
	return (struct tw_slice){(const char *)out, (uint32_t)(at - out)};
}

void tw_particulars_read(struct tw_slice bytes, struct tw_particulars *out)
{
	struct tw_cursor cursor = tw_cursor_of(bytes);
	while (cursor.at != cursor.end && !cursor.bad) {
		uint64_t number = tw_varint_take(&cursor);
		struct tw_slice text = tw_bytes_take(&cursor);
		if (!cursor.bad && number >= 1 && number <= TW_PARTICULARS) {
			out->of[number] = text;
		}
	}
}
