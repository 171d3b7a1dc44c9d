/**
 * @file fold_stream.c
 * See fold_stream.h. A portion at a time, as the pipeline takes its batches (pipeline.h), with a judge that only folds.
 */
#include "engine/run/fold_stream.h"

#include "engine/base/time.h"
#include "engine/run/portion.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"

#define PORTION_BYTES  (128U * 1024U) /* of source, as the pipeline's where the store is near */
#define PORTION_EVENTS 256U
#define POLL_MS        100U

struct folding {
	struct tw_fold_stream *fold;
	struct tw_score_policy policy;
	struct tw_stages stages;
	struct tw_portion portion;
};

static enum tw_code portion_tell(struct folding *folding, uint32_t count, struct tw_error *err)
{
	const struct tw_fold_stream *fold = folding->fold;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; fold->each && code == TW_OK && i < count; i++) {
		code = fold->each(fold->context, &folding->portion.cases[i], &folding->portion.arena, err);
	}
	return code;
}

/* What the store has of a portion that is taken again is a replay to it. */
static enum tw_code messages_fold(struct folding *folding, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	uint32_t most = PORTION_EVENTS;
	while (count) {
		uint32_t length = tw_portion_length(messages, count, most, PORTION_BYTES);
		int64_t facts = folding->stages.facts_next;
		enum tw_code code = tw_portion_read(&folding->stages, &folding->portion, messages, length, false, err);
		code = code == TW_OK ? tw_portion_ask(&folding->stages, &folding->portion, err) : code;
		if (code == TW_E_MEMORY && length > 1) {
			most = length / 2;
			folding->stages.facts_next = facts;
			continue;
		}
		code = code == TW_OK ? portion_tell(folding, length, err) : code;
		if (code != TW_OK) {
			return code;
		}
		messages += length;
		count -= length;
		folding->fold->events += length;
	}
	return TW_OK;
}

static enum tw_code all_fold(struct folding *folding, uint32_t batch, struct tw_error *err)
{
	struct tw_fold_stream *fold = folding->fold;
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	struct tw_progress progress;
	uint64_t done, total;
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.shown = progress.shown && !fold->quiet;
	progress.label = fold->label ? fold->label : progress.label;
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		code = tw_stream_poll(fold->stream, batch, POLL_MS, &messages, &count, &polled, err);
		if (code == TW_OK && polled == TW_POLL_BATCH) {
			code = messages_fold(folding, messages, count, err);
			folding->stages.facts_committed = folding->stages.facts_next;
		}
		code = code == TW_OK ? tw_stream_commit(fold->stream, err) : code; /* only how far the store may fold */
		tw_stream_progress(fold->stream, &done, &total);
		tw_progress_draw(&progress, done, total, fold->events, tw_now_ms());
	}
	tw_progress_end(&progress);
	return code == TW_OK && polled != TW_POLL_END
	           ? tw_fail(err, TW_E_STALE, TW_RETRY, "stopped before the end: a part of what is on record is no record", NULL, NULL)
	           : code;
}

enum tw_code tw_fold_stream(const struct tw_settings *settings, struct tw_fold_stream *fold, struct tw_error *err)
{
	static const struct tw_period nothing = {INT64_MAX, INT64_MAX}; /* judged: all is history */
	struct folding folding = {.fold = fold, .policy = tw_settings_policy(settings)};
	struct tw_judge_options judge = {.policy = &folding.policy, .event_bytes = (uint32_t)settings->limits_event_bytes};
	tw_portion_init(&folding.portion);
	folding.stages = (struct tw_stages){.store = fold->store, .in_order = fold->in_order, .period = &nothing};
	enum tw_code code = tw_judge_new(&judge, &folding.stages.judge, err);
	if (code == TW_OK && settings->duplicates_window) {
		code = tw_duplicates_new((uint32_t)settings->duplicates_window, &folding.stages.duplicates, err);
	}
	code = code == TW_OK ? all_fold(&folding, (uint32_t)settings->batch_events, err) : code;
	tw_portion_fini(&folding.portion);
	tw_duplicates_free(folding.stages.duplicates);
	tw_judge_free(folding.stages.judge);
	return code;
}
