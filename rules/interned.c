/**
 * @file interned.c
 * See interned.h.
 */
#include "rules/interned.h"

#include "engine/base/arena.h"

#define CAPACITY_MIN 64U

static uint32_t home(const struct tw_interned *seen, uint64_t hash)
{
	return (uint32_t)((hash * 0x9E3779B97F4A7C15ULL) >> 32) & (seen->capacity - 1);
}

uint32_t tw_interned_find(const struct tw_interned *seen, uint64_t hash, bool (*same)(const void *context, uint32_t at), const void *context)
{
	if (seen->capacity == 0) {
		return TW_INTERNED_NONE;
	}
	for (uint32_t i = home(seen, hash); seen->room[i].at; i = (i + 1) & (seen->capacity - 1)) {
		if (seen->room[i].hash == hash && same(context, seen->room[i].at - 1)) {
			return seen->room[i].at - 1;
		}
	}
	return TW_INTERNED_NONE;
}

static void place(struct tw_interned *seen, struct tw_interned_room thing)
{
	uint32_t i = home(seen, thing.hash);
	while (seen->room[i].at) {
		i = (i + 1) & (seen->capacity - 1);
	}
	seen->room[i] = thing;
	seen->count++;
}

static bool grow(struct tw_interned *seen, struct tw_arena *arena)
{
	struct tw_interned larger = {.capacity = seen->capacity ? seen->capacity * 2 : CAPACITY_MIN};
	larger.room = tw_arena_alloc(arena, larger.capacity * sizeof(*larger.room));
	for (uint32_t i = 0; larger.room && i < seen->capacity; i++) {
		if (seen->room[i].at) {
			place(&larger, seen->room[i]);
		}
	}
	if (larger.room) {
		*seen = larger;
	}
	return larger.room != NULL;
}

bool tw_interned_add(struct tw_interned *seen, struct tw_arena *arena, uint64_t hash, uint32_t at)
{
	if ((uint64_t)seen->count * 2 >= seen->capacity && !grow(seen, arena)) {
		return false;
	}
	place(seen, (struct tw_interned_room){hash, at + 1});
	return true;
}
