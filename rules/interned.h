/**
 * @file interned.h
 * What was added before? An open-addressing table from a hash to a number, for whoever shares equal things while rules are compiled.
 *
 * The caller keeps the things and says when two are the same; the table keeps their numbers. Rooms double, the old ones stay in the arena.
 */
#ifndef TIDEWAITER_RULES_INTERNED_H
#define TIDEWAITER_RULES_INTERNED_H

#include <stdbool.h>
#include <stdint.h>

#define TW_INTERNED_NONE UINT32_MAX

struct tw_arena;

/** Zeroed: empty. */
struct tw_interned {
	struct tw_interned_room {
		uint64_t hash;
		uint32_t at; /**< the number plus one; 0: free */
	} * room;
	uint32_t capacity, count;
};

/** @param same of two things with one hash @return the number of the first that is the same, TW_INTERNED_NONE: there is none */
uint32_t tw_interned_find(const struct tw_interned *seen, uint64_t hash, bool (*same)(const void *context, uint32_t at), const void *context);
/** @param at below TW_INTERNED_NONE @return false without memory */
bool tw_interned_add(struct tw_interned *seen, struct tw_arena *arena, uint64_t hash, uint32_t at);

#endif
