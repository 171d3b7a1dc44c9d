/**
 * @file state_log.h
 * The log folded into a store by nobody's member: decode, operations, store, and nothing else. No rule, no list is loaded. Behind `state verify`
 * (into memory) and `state migrate` (into Redis, beside what is there). Private to engine/command.
 *
 *     log --log_stream.h--> pipeline: decode -> duplicates -> operations --> store
 *
 * It is the pipeline of every other run, so that what an event adds to an entity is decided in one place.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_LOG_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_LOG_H

#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"

struct tw_state_log {
	struct tw_engine engine; /* its stream is one of log_stream.h */
	int64_t ms;              /* spent reading, over all runs */
};

/**
 * @param log its engine's store is set, `store_far` with it: in Redis each partition is read from its watermark on, else from the log's start
 * @param settings borrowed
 */
TW_MUST_USE enum tw_code tw_state_log_open(struct tw_state_log *log, const struct tw_settings *settings, struct tw_error *err);
/** Read on until every partition is at its `upto`. @param quiet no bar @return TW_OK, at a stop too; else as tw_pipeline_batch */
TW_MUST_USE enum tw_code tw_state_log_run(struct tw_state_log *log, const char *label, bool quiet, struct tw_error *err);
/** Events folded so far. */
uint64_t tw_state_log_events(const struct tw_state_log *log);
/** Also the store. Zeroed is fine. */
void tw_state_log_close(struct tw_state_log *log);

#endif
