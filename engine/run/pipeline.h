/**
 * @file pipeline.h
 * Events on their way: the only place that knows the order of the stages.
 *
 *     poll -> [ read every event -> store: apply, priors -> rule every event -> produce ] a portion at a time -> commit
 *
 * A commit is waited for by the stream while the next batch takes the same way up to its outputs; those are kept (kept.h) until it is over. Two
 * batches are in flight, never three:
 *
 *     batch N     poll, judge, produce, commit begun ............... over: counted
 *     batch N+1                          poll, judge, keep; poll, judge, keep ... produce, commit begun .......
 *
 * How large a batch is follows from how far behind we are. With no commit on its way, the first event is waited for (batch.wait_ms) and what lies
 * there with it is a batch: one event may be. While one is on its way, the next batch collects until that is over, which the stream bounds, or until
 * it has batch.events: when events come slowly each waits for at most the commit before its own. With a store across a socket a poll asks for little
 * until a batch's worth has come in polls that were all full: when far behind every batch is full at its first poll. Where the commit before fails,
 * both batches are given up, and come again.
 *
 * A batch that an earlier run has finished (`replayed`) takes a shorter way: read, store, commit; no rule, no output.
 *
 * With shared state nothing is judged until the epoch is open; until then committed events are appended again where they are missing
 * (recovery.h): poll -> [ read every event -> store: apply ] a portion at a time -> commit, which tells nobody.
 *
 * A portion (portion.h) is a part of the batch that one arena holds; the arena is reset between portions, so memory is bounded whatever the events
 * are: messages of one poll, two portions, the outputs kept. Peers that went away are waited for, and nothing is polled meanwhile; a batch that
 * cannot be committed comes again. Threads: one owner.
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
	bool store_far;         /**< across a socket: a portion is sent ahead, and the store works on it while the one before it is ruled */
	uint32_t portion_bytes; /**< of source, of a portion, but at least an event; 0: as suits the store. No answer depends on it */
	/** Files: the store is asked for each run of one partition in the order of the lines, so that answers do not depend on where a batch ends. */
	bool in_order;
	bool rebuild_only;                 /**< with shared state: END as soon as nothing is missing and the epoch is open; no event is judged */
	bool shared_state;                 /**< the store outlives this process and may be lost behind its back: epochs are kept */
	struct tw_duplicates *duplicates;  /**< borrowed; NULL: every event counts, also one that was sent before */
	const struct tw_time_policy *time; /**< borrowed; NULL: nobody asks when deliveries are due */
	struct tw_ticks *ticks;            /**< borrowed; NULL: no time passes */
	/** Called between two tries while a peer is away; NULL: nothing must go on meanwhile. May read what the pipeline counts, and nothing else. */
	void (*meanwhile)(void *context);
	void *context;
};

/** What went on apart from events: never undone by a batch that comes again. */
struct tw_pipeline_standing {
	uint64_t commits; /**< that came to their end */
	uint64_t aborts;  /**< batches given up: they come again */
	bool judging;     /**< the state is whole; false: it is looked after first */
	int64_t missing;  /**< committed offsets that the state lacked at the last look; -1: nobody looked */
	uint64_t rebuilds, rebuilt_events;
	struct tw_peer_standing {
		uint64_t errors; /**< calls that failed in a way that may pass */
		bool away;
	} stream, store;
};

TW_MUST_USE enum tw_code tw_pipeline_new(const struct tw_pipeline_options *options, struct tw_pipeline **out, struct tw_error *err);
void tw_pipeline_free(struct tw_pipeline *pipeline);

/**
 * One poll and what follows from it: judged, and committed or on the way to it.
 * @param polled BATCH: events were judged, or rebuilt; IDLE: nothing was there, or a stop was asked for while a peer was away (nothing is
 * committed then, nothing lost); END: the input's end, and everything before it is committed
 * @return TW_OK, or what makes going on wrong: TW_E_STALE, TW_E_CORRUPT, TW_E_MEMORY, TW_E_LIMIT, TW_E_AUTH, TW_E_IO with disposition stop; nothing
 * is on its way then
 */
TW_MUST_USE enum tw_code tw_pipeline_batch(struct tw_pipeline *pipeline, enum tw_poll *polled, struct tw_error *err);
struct tw_recovery;
/** Where a rebuild stands, for progress bars. */
const struct tw_recovery *tw_pipeline_recovery(const struct tw_pipeline *pipeline);
/**
 * Before an orderly end: what is judged is committed, and waited for.
 * @return as tw_pipeline_batch; TW_OK too where the commit failed in a way that may pass: its events come again, to whoever reads next
 */
TW_MUST_USE enum tw_code tw_pipeline_finish(struct tw_pipeline *pipeline, struct tw_error *err);
/** Of committed batches. */
const struct tw_counters *tw_pipeline_counters(const struct tw_pipeline *pipeline);
void tw_pipeline_stand(const struct tw_pipeline *pipeline, struct tw_pipeline_standing *out);
/** Of all batches, whatever became of them. */
const struct tw_meter *tw_pipeline_meter(const struct tw_pipeline *pipeline);

#endif
