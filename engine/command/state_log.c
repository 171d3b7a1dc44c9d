/**
 * @file state_log.c
 * See state_log.h.
 */
#include "engine/command/state_log.h"

#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"

/*
 * A partition of a store in Redis goes on where its state stands. The window of duplicates is refilled by reading so much again: what the state has
 * already is not added twice.
 */
static enum tw_code placed(void *context, struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start, int64_t log_end,
                           int64_t *start, struct tw_error *err)
{
	const struct tw_engine *engine = context;
	struct tw_store_standing state;
	char where[TW_ERROR_WHERE_BYTES];
	tw_duplicates_forget(engine->duplicates, topic, partition);
	enum tw_code code = tw_store_watermark(engine->store, topic, partition, &state, err);
	if (code != TW_OK) {
		return code;
	}
	snprintf(where, sizeof(where), "%.*s/%d", (int)topic.len, topic.ptr, partition);
	code = tw_engine_start(&state, where, committed, log_start, log_end, start, err);
	int64_t window = engine->duplicates ? engine->settings->duplicates_window : 0;
	*start = *start - window > log_start ? *start - window : log_start;
	return code;
}

enum tw_code tw_state_log_open(struct tw_state_log *log, const struct tw_settings *settings, struct tw_error *err)
{
	struct tw_engine *engine = &log->engine;
	struct tw_log_options options = {.kafka = {.brokers = settings->kafka_brokers,
	                                           .group = settings->kafka_group,
	                                           .topics = settings->topics,
	                                           .properties = settings->kafka_properties.data,
	                                           .property_count = settings->kafka_properties.count,
	                                           .placed = engine->store_far ? placed : NULL,
	                                           .context = engine},
	                                 .told = engine->store_far};
	engine->settings = settings;
	engine->policy = tw_settings_policy(settings);
	enum tw_code code = tw_stream_log_new(&options, &engine->stream, err);
	return code == TW_OK ? tw_engine_ready(engine, false, err) : code;
}

uint64_t tw_state_log_events(const struct tw_state_log *log)
{
	return tw_pipeline_counters(log->engine.pipeline)->replayed;
}

enum tw_code tw_state_log_run(struct tw_state_log *log, const char *label, bool quiet, struct tw_error *err)
{
	struct tw_progress progress;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	uint64_t before = tw_state_log_events(log), total = tw_stream_log_left(log->engine.stream);
	int64_t begun = tw_now_ms();
	tw_progress_begin(&progress, stderr, begun);
	progress.shown = progress.shown && !quiet;
	progress.label = label;
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		code = tw_pipeline_batch(log->engine.pipeline, &polled, err);
		uint64_t left = tw_stream_log_left(log->engine.stream);
		tw_progress_draw(&progress, total > left ? total - left : 0, total, tw_state_log_events(log) - before, tw_now_ms());
	}
	tw_progress_end(&progress);
	log->ms += tw_now_ms() - begun;
	return code;
}

void tw_state_log_close(struct tw_state_log *log)
{
	tw_engine_fini(&log->engine);
}
