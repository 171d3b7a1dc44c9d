/**
 * @file assemble.h
 * The parts of an engine, made from settings. Private to engine/run.
 */
#ifndef TIDEWAITER_ENGINE_RUN_ASSEMBLE_H
#define TIDEWAITER_ENGINE_RUN_ASSEMBLE_H

#include "engine/run/judge.h"
#include "engine/run/pipeline.h"
#include "engine/run/settings.h"
#include "engine/run/ticks.h"
#include "engine/screen/snapshot.h"

/** Of which partition log and state contradicted each other when it was last placed. */
struct tw_doubt {
	bool standing;
	struct tw_slice topic; /**< borrowed: a configured name */
	int32_t partition;
	struct tw_store_standing state; /**< as it stood then */
};

struct tw_engine {
	const struct tw_settings *settings; /* borrowed */
	struct tw_score_policy policy;
	struct tw_snapshot *snapshot;
	struct tw_list_index *before; /* an edition of the lists that hits are compared with; NULL: none */
	bool keep;                    /* lists that load well become last good copies */
	struct tw_store *store;
	bool store_far;    /* across a socket */
	bool store_unseen; /* the stored state is to be removed, whatever shape it has */
	bool rebuild_only; /* bring state back, judge nothing: a member of the group for that long */
	struct tw_doubt doubt;
	struct tw_stream *stream;
	struct tw_judge *judge;
	struct tw_duplicates *duplicates; /* NULL: not asked for */
	struct tw_time_policy time;
	struct tw_ticks *ticks;
	void (*meanwhile)(void *context); /* as tw_pipeline_options.meanwhile */
	void *context;
	struct tw_pipeline *pipeline;
};

/**
 * A snapshot from what the settings name. No log line, nothing of an engine: for another thread too.
 * @param former in use now: lists that shrank too much since are refused; NULL: none
 * @param keep as tw_engine.keep @param problems gets one line a problem, warnings too
 */
TW_MUST_USE enum tw_code tw_engine_snapshot_make(const struct tw_settings *settings, const struct tw_snapshot *former, bool keep, FILE *problems,
                                                 struct tw_snapshot **out, struct tw_error *err);
/** Lists that are only last good copies, lists that could not be kept, lists of unknown age: a line each kind. */
void tw_engine_snapshot_warn(const struct tw_snapshot *snapshot);
/** @param problems gets one line a problem of rules and lists, warnings too; NULL: only what kept the snapshot from being built, on stderr */
TW_MUST_USE enum tw_code tw_engine_snapshot(struct tw_engine *engine, const struct tw_settings *settings, FILE *problems, struct tw_error *err);
/**
 * Where a partition is read from, by where its state stands: `committed` (-1: never) or the log's start; the least watermark where that is
 * behind, for what lies between was committed and is missing. Pure.
 * @return TW_OK; TW_E_STALE stop: no reading of this log can end in the state that this group must have
 */
TW_MUST_USE enum tw_code tw_engine_start(const struct tw_store_standing *state, const char *where, int64_t committed, int64_t log_start,
                                         int64_t log_end, int64_t *start, struct tw_error *err);
/**
 * Asks the store where a partition's state stands, then tw_engine_start. Group, log and state are asked one after the other, and others may move them
 * all in between, where we sleep: what looks like a contradiction is believed when the same partition shows it again, with a join of the group behind
 * the first time (TW_E_STALE retry), and with a state that nobody has moved meanwhile: where it is one, nobody can.
 * @return as tw_store_watermark and tw_engine_start; TW_E_STALE retry
 */
TW_MUST_USE enum tw_code tw_engine_place(struct tw_store *store, struct tw_doubt *doubt, struct tw_slice topic, int32_t partition, int64_t committed,
                                         int64_t log_start, int64_t log_end, int64_t *start, struct tw_error *err);
/** Waits for a Redis that does not answer, until a stop is asked for when `patient`. */
TW_MUST_USE enum tw_code tw_engine_store(struct tw_engine *engine, bool redis, bool patient, struct tw_error *err);
TW_MUST_USE enum tw_code tw_engine_kafka(struct tw_engine *engine, bool patient, struct tw_error *err);
TW_MUST_USE enum tw_code tw_engine_files(struct tw_engine *engine, const struct tw_file_options *options, struct tw_error *err);
/** Judge, window of duplicates and pipeline over what stands. @param in_order files */
TW_MUST_USE enum tw_code tw_engine_ready(struct tw_engine *engine, bool in_order, struct tw_error *err);
/** In the reverse order; parts that are not there are passed over. */
void tw_engine_fini(struct tw_engine *engine);

#endif
