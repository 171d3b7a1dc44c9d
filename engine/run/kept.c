/**
 * @file kept.c
 * See kept.h.
 */
#include "engine/run/kept.h"

#include <tidewaiter/limits.h>

#define BLOCK_BYTES ((size_t)1024 * 1024)

_Static_assert(TW_KEPT_BYTES_MAX / 4 >= TW_EVENT_BYTES_MAX, "a dead letter and the blocks around it fit");

void tw_kept_init(struct tw_kept *kept)
{
	*kept = (struct tw_kept){.outputs = {NULL, 0, 0}};
	tw_arena_init(&kept->arena, BLOCK_BYTES, TW_KEPT_BYTES_MAX);
}

void tw_kept_fini(struct tw_kept *kept)
{
	tw_arena_fini(&kept->arena);
}

/* @return false without room */
static bool slice_keep(struct tw_arena *arena, struct tw_slice *bytes)
{
	if (!bytes->ptr) {
		return true;
	}
	*bytes = tw_arena_copy(arena, *bytes);
	return bytes->ptr != NULL;
}

static bool output_keep(struct tw_arena *arena, struct tw_output *output)
{
	struct tw_header *headers = tw_arena_alloc(arena, (output->header_count + 1) * sizeof(*headers));
	bool room = headers && slice_keep(arena, &output->key) && slice_keep(arena, &output->value);
	for (uint32_t i = 0; room && i < output->header_count; i++) {
		headers[i] = output->headers[i];
		room = slice_keep(arena, &headers[i].name) && slice_keep(arena, &headers[i].value);
	}
	output->headers = headers;
	return room;
}

bool tw_kept_add(struct tw_kept *kept, const struct tw_output *output)
{
	struct tw_output copy = *output;
	struct tw_arena_mark mark = tw_arena_mark(&kept->arena);
	if (!output_keep(&kept->arena, &copy)) {
		tw_arena_rewind(&kept->arena, mark);
		return false;
	}
	struct tw_output *place = tw_list_push(&kept->arena, &kept->outputs, sizeof(*place));
	if (place) {
		*place = copy;
	}
	return place != NULL;
}

void tw_kept_clear(struct tw_kept *kept)
{
	kept->outputs = (struct tw_list){NULL, 0, 0};
	tw_arena_reset(&kept->arena);
}
