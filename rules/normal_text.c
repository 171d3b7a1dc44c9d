/**
 * @file normal_text.c
 * See normal_text.h. Text in ASCII never gets as far as the room.
 */
#include "rules/normal_text.h"

#include <stdlib.h>

#include "engine/base/text.h"

#define ROOM_LEAST 1024U

static bool room_for(struct tw_normal_text *normal, uint32_t length)
{
	if (length <= normal->room) {
		return true;
	}
	uint32_t room = length < ROOM_LEAST ? ROOM_LEAST : length;
	tw_normal_text_fini(normal);
	normal->unit = malloc(TW_NORMAL_UNITS(room) * sizeof(*normal->unit));
	normal->bytes = malloc(TW_NORMAL_BYTES(TW_NORMAL_UNITS(room)));
	normal->room = normal->unit && normal->bytes ? room : 0;
	return normal->room != 0;
}

bool tw_normal_text_of(struct tw_normal_text *normal, struct tw_slice text, struct tw_slice *out)
{
	bool changed = false;
	*out = (struct tw_slice){NULL, 0};
	if (tw_text_is_ascii(text)) {
		return true;
	}
	if (!room_for(normal, text.len)) {
		return false;
	}
	normal->count = tw_normal_of(text, normal->unit, &changed);
	if (changed) {
		*out = (struct tw_slice){normal->bytes, tw_normal_encode(normal->unit, normal->count, normal->bytes)};
	}
	return true;
}

struct tw_span tw_normal_text_source(const struct tw_normal_text *normal, struct tw_span part)
{
	return tw_normal_source(normal->unit, normal->count, part);
}

void tw_normal_text_fini(struct tw_normal_text *normal)
{
	free(normal->unit);
	free(normal->bytes);
	*normal = (struct tw_normal_text){0};
}
