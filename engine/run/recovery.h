/**
 * @file recovery.h
 * Bringing lost state back: when events may be judged, and what is said to the operator until then.
 *
 *     CLOSED --survey: nothing missing, joined since this epoch--> OPEN: events are judged
 *       ^ \--poll: committed events whose state is missing--> appended again, nothing put out
 *       |
 *       `-- the store says that state or epoch is not what it was (or may not be: a new connection): gate the stream, join the group anew
 *
 * A run starts closed, and looks. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RECOVERY_H
#define TIDEWAITER_ENGINE_RUN_RECOVERY_H

#include "engine/io/stream.h"
#include "engine/state/store.h"

struct tw_recovery {
	struct tw_stream *stream; /* borrowed, both */
	struct tw_store *store;
	bool open;
	bool lived;       /* an epoch was adopted since the start */
	bool busy;        /* the last poll brought events to rebuild: more are likely */
	bool store_away;  /* the last look failed at the store, not at the stream */
	bool rebuilding;  /* said so */
	uint64_t events;  /* rebuilt by us since then */
	int64_t missing;  /* committed offsets that some shard lacked at the last look; -1: none yet */
	int64_t begun_ms; /* when the rebuild began, by tw_now_ms */
	int64_t said_ms;
	int64_t looked_ms;
	uint64_t rebuilds, events_ever; /* begun, and rebuilt by us, since the start */
};

/** @param shared false: nothing can be lost behind our back: open for ever */
void tw_recovery_begin(struct tw_recovery *recovery, struct tw_stream *stream, struct tw_store *store, bool shared);
/**
 * Before each poll: nothing when open; else look where state and group stand, now and then, and open when nothing is missing.
 * @return TW_OK; TW_E_IO or TW_E_STALE, retry; whatever else makes going on wrong
 */
TW_MUST_USE enum tw_code tw_recovery_step(struct tw_recovery *recovery, struct tw_error *err);
/** The store, or a placing, said TW_E_STALE, retry: close, and join the group anew. */
void tw_recovery_lost(struct tw_recovery *recovery, const struct tw_error *err);
/** A batch is through: counted, and told every few seconds, while closed. */
void tw_recovery_rebuilt(struct tw_recovery *recovery, uint32_t events);

#endif
