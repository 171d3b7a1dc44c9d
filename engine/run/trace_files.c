/**
 * @file trace_files.c
 * The events of files folded into memory (tw_trace_files of trace_command.h): decoding, operations, facts, as `screen` does it, and nothing judged.
 */
#include "engine/run/portion.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"
#include "engine/run/trace_command.h"

#define PORTION_EVENTS 256U

struct fold {
	struct tw_score_policy policy;
	struct tw_stages stages;
	struct tw_portion portion;
	struct tw_stream *stream;
	uint64_t events;
};

/* A portion that needs more than its arena is taken again with half as many events: what the store has of it is a replay to it. */
static enum tw_code messages_fold(struct fold *fold, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	uint32_t most = PORTION_EVENTS;
	while (count) {
		uint32_t length = count < most ? count : most;
		int64_t facts = fold->stages.facts_next;
		enum tw_code code = tw_portion_read(&fold->stages, &fold->portion, messages, length, false, err);
		code = code == TW_OK ? tw_portion_ask(&fold->stages, &fold->portion, err) : code;
		if (code == TW_E_MEMORY && length > 1) {
			most = length / 2;
			fold->stages.facts_next = facts;
			continue;
		}
		if (code != TW_OK) {
			return code;
		}
		messages += length;
		count -= length;
		fold->events += length;
	}
	return TW_OK;
}

static enum tw_code all_fold(struct fold *fold, uint32_t batch, bool quiet, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	struct tw_progress progress;
	uint64_t done, total;
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.shown = progress.shown && !quiet;
	progress.label = "reading the files";
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		code = tw_stream_poll(fold->stream, batch, 100, &messages, &count, &polled, err);
		if (code == TW_OK && polled == TW_POLL_BATCH) {
			code = messages_fold(fold, messages, count, err);
			fold->stages.facts_committed = fold->stages.facts_next;
		}
		code = code == TW_OK ? tw_stream_commit(fold->stream, err) : code; /* a file's: only how far the store may fold */
		tw_stream_progress(fold->stream, &done, &total);
		tw_progress_draw(&progress, done, total, fold->events, tw_now_ms());
	}
	tw_progress_end(&progress);
	return code == TW_OK && polled != TW_POLL_END
	           ? tw_fail(err, TW_E_STALE, TW_RETRY, "stopped before the end: a trace over a part would not be one", NULL, NULL)
	           : code;
}

enum tw_code tw_trace_files(const struct tw_settings *settings, const struct tw_trace_request *request, struct tw_store **out, struct tw_error *err)
{
	static const struct tw_period nothing = {INT64_MAX, INT64_MAX}; /* judged: all is history */
	struct fold fold = {.policy = tw_settings_policy(settings)};
	struct tw_judge_options judge = {.policy = &fold.policy, .event_bytes = (uint32_t)settings->limits_event_bytes};
	struct tw_file_options files = {
	    .inputs = request->overs, .input_count = request->over_count, .topic = request->topic, .topics = settings->topics};
	tw_portion_init(&fold.portion);
	fold.stages = (struct tw_stages){.in_order = true, .period = &nothing};
	enum tw_code code = tw_stream_file_new(&files, &fold.stream, err);
	code = code == TW_OK ? tw_judge_new(&judge, &fold.stages.judge, err) : code;
	code = code == TW_OK ? tw_store_memory_new(out, err) : code;
	if (code == TW_OK && settings->duplicates_window) {
		code = tw_duplicates_new((uint32_t)settings->duplicates_window, &fold.stages.duplicates, err);
	}
	fold.stages.store = *out;
	code = code == TW_OK ? all_fold(&fold, (uint32_t)settings->batch_events, request->quiet, err) : code;
	tw_portion_fini(&fold.portion);
	tw_duplicates_free(fold.stages.duplicates);
	tw_judge_free(fold.stages.judge);
	if (fold.stream) {
		tw_stream_free(fold.stream);
	}
	return code;
}
