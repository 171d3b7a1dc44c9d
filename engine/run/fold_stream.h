/**
 * @file fold_stream.h
 * A stream of events folded into a store in memory, from its beginning to its end: decoding, operations, facts, as `screen` does it, and nothing
 * judged. For whoever asks what is on record: a certificate's ledger, a mark's trace.
 */
#ifndef TIDEWAITER_ENGINE_RUN_FOLD_STREAM_H
#define TIDEWAITER_ENGINE_RUN_FOLD_STREAM_H

#include "engine/io/stream.h"
#include "engine/run/judge.h"
#include "engine/run/settings.h"

struct tw_arena;

/** An event as it was taken, with its priors. @param arena of its portion: what is kept longer is copied */
typedef enum tw_code tw_fold_each(void *context, const struct tw_case *about, struct tw_arena *arena, struct tw_error *err);

struct tw_fold_stream {
	struct tw_stream *stream; /**< borrowed */
	struct tw_store *store;   /**< borrowed, in memory */
	bool in_order;            /**< events come in the order of their files, and facts behind what made them */
	bool quiet;               /**< no progress */
	const char *label;        /**< of the progress; NULL: none */
	tw_fold_each *each;       /**< NULL: nobody is told */
	void *context;
	uint64_t events; /**< out: messages taken */
};

/**
 * Until the stream ends. A portion that needs more than its arena is taken again with half as many events.
 * @return TW_OK; TW_E_STALE: stopped by a signal before the end; else the first failure. Threads: one
 */
TW_MUST_USE enum tw_code tw_fold_stream(const struct tw_settings *settings, struct tw_fold_stream *fold, struct tw_error *err);

#endif
