/**
 * @file sightings.h
 * What a mark's own record and its series say of it, each event once. Behind trace.h, for this folder alone.
 */
#ifndef TIDEWAITER_ENGINE_STATE_SIGHTINGS_H
#define TIDEWAITER_ENGINE_STATE_SIGHTINGS_H

#include "engine/state/trace.h"

/** Sightings of one record, or of a mark's own and its series. */
struct tw_collected {
	const struct tw_trace_keys *keys;
	struct tw_arena *arena;
	struct tw_list list;          /* struct tw_mark_sighting */
	struct tw_list tails;         /* struct tw_slice, parallel: what stands behind the class in the key */
	enum tw_trace_match at_least; /* no sighting is surer */
	bool full;                    /* the arena is */
};

/** What stands behind the maker in a key. */
static inline struct tw_slice tw_mark_value(struct tw_slice key)
{
	const char *bar = key.len ? memchr(key.ptr, '|', key.len) : NULL;
	uint32_t from = bar ? (uint32_t)(bar + 1 - key.ptr) : 0;
	return (struct tw_slice){key.ptr + from, key.len - from};
}

/** @param own_key of the own record @param own, series NULL: there is none */
void tw_sightings_collect(struct tw_collected *out, struct tw_slice own_key, const struct tw_state *own, const struct tw_state *series);

#endif
