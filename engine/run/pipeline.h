/**
 * @file pipeline.h
 * One batch's journey: the only place that knows the order of the stages.
 *
 *     poll -> [ read every event -> store: apply, priors -> rule every event -> produce ] a portion at a time -> commit
 *
 * A batch that an earlier run has finished (`replayed`) takes a shorter way: read, store, commit; no rule, no output.
 *
 * With shared state nothing is judged until the epoch is open; until then committed events are appended again where they are missing
 * (recovery.h): poll -> [ read every event -> store: apply ] a portion at a time -> commit, which tells nobody.
 *
 * A portion (portion.h) is a part of the batch that one arena holds; the arena is reset between portions, so memory is bounded whatever the events
 * are. Peers that went away are waited for; a batch that cannot be committed comes again. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_PIPELINE_H
#define TIDEWAITER_ENGINE_RUN_PIPELINE_H

#include "engine/io/stream.h"
#include "engine/run/counters.h"
#include "engine/run/duplicates.h"
#include "engine/run/judge.h"
#include "engine/state/store.h"

struct tw_pipeline;

struct tw_pipeline_options {
	struct tw_stream *stream; /**< borrowed, all three */
	struct tw_store *store;
	struct tw_judge *judge;
	uint32_t batch_events;
	uint32_t batch_wait_ms;
	bool store_far; /**< across a socket: a portion is sent ahead, and the store works on it while the one before it is ruled */
	/** Files: the store is asked for each run of one partition in the order of the lines, so that answers do not depend on where a batch ends. */
	bool in_order;
	bool rebuild_only;                /**< with shared state: END as soon as nothing is missing and the epoch is open; no event is judged */
	bool shared_state;                /**< the store outlives this process and may be lost behind its back: epochs are kept */
	struct tw_duplicates *duplicates; /**< borrowed; NULL: every event counts, also one that was sent before */
};

TW_MUST_USE enum tw_code tw_pipeline_new(const struct tw_pipeline_options *options, struct tw_pipeline **out, struct tw_error *err);
void tw_pipeline_free(struct tw_pipeline *pipeline);

/**
 * One batch from poll to commit.
 * @param polled BATCH: committed, or rebuilt; IDLE: nothing was there, or a stop was asked for while a peer was away (nothing is committed then,
 * nothing lost); END: the input's end
 * @return TW_OK, or what makes going on wrong: TW_E_STALE, TW_E_CORRUPT, TW_E_MEMORY, TW_E_LIMIT, TW_E_AUTH, TW_E_IO with disposition stop
 */
TW_MUST_USE enum tw_code tw_pipeline_batch(struct tw_pipeline *pipeline, enum tw_poll *polled, struct tw_error *err);
struct tw_recovery;
/** Where a rebuild stands, for progress bars. */
const struct tw_recovery *tw_pipeline_recovery(const struct tw_pipeline *pipeline);
/** Of committed batches. */
const struct tw_counters *tw_pipeline_counters(const struct tw_pipeline *pipeline);

#endif
