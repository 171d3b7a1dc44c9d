/**
 * @file kept.h
 * Outputs of a batch that may not be produced yet, for the one before it is still being committed: copies, for a portion's arena is used again.
 * Bounded: who is told that there is no room waits for that commit. Private to engine/run. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_KEPT_H
#define TIDEWAITER_ENGINE_RUN_KEPT_H

#include <stdbool.h>
#include <tidewaiter/alert.h>

#include "engine/base/arena.h"

/** A full batch of alerts is a third of that; it has to be more than the largest single output, a dead letter of TW_EVENT_BYTES_MAX. */
#define TW_KEPT_BYTES_MAX ((size_t)32 * 1024 * 1024)

struct tw_kept {
	struct tw_arena arena;
	struct tw_list outputs; /* struct tw_output, in order */
};

void tw_kept_init(struct tw_kept *kept);
void tw_kept_fini(struct tw_kept *kept);
/** @param output copied, bytes and headers @return false: no room, and nothing is changed */
bool tw_kept_add(struct tw_kept *kept, const struct tw_output *output);
/** Forgets all, keeps the memory. */
void tw_kept_clear(struct tw_kept *kept);

#endif
