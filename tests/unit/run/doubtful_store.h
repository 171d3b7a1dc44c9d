/** @file doubtful_store.h A store that goes back on its word. */
#ifndef TIDEWAITER_TESTS_UNIT_RUN_DOUBTFUL_STORE_H
#define TIDEWAITER_TESTS_UNIT_RUN_DOUBTFUL_STORE_H

#include "engine/state/store_calls.h"

/*
 * The memory store, but at one call it says that the state is another, or, asked whether what it said holds, that it does not, or is away. And it is
 * told of what will be asked, as one across a socket.
 */
struct doubtful {
	struct tw_store store;
	struct tw_store *inner;
	uint32_t calls, stale_at, starts;
	uint32_t confirms, void_at, away_at;
	bool late, on_its_way;
};

extern const struct tw_store_calls doubtful_calls;

#endif
