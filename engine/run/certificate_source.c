/**
 * @file certificate_source.c
 * See certificate_source.h. A portion at a time, as the pipeline takes its batches (pipeline.h), with a judge that only folds.
 */
#include "engine/run/certificate_source.h"

#include "engine/base/time.h"
#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"
#include "engine/run/certificate_tell.h"
#include "engine/run/portion.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"

#define BLOCK_BYTES    ((size_t)256 * 1024)
#define PORTION_BYTES  (128U * 1024U) /* of source, as the pipeline's where the store is near */
#define PORTION_EVENTS 256U
#define POLL_MS        100U

struct reading {
	const struct tw_certificate_inputs *inputs;
	struct tw_certificate_source *source;
	struct tw_score_policy policy;
	struct tw_judge *judge;
	struct tw_stages stages;
	struct tw_portion portion;
	struct tw_stream *stream;
};

/* What a judge without rules cannot judge must not be: every event is history. */
static const struct tw_period never = {INT64_MAX, INT64_MAX};

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for what certificates say", NULL, NULL);
}

/* A line that is no event may be what `screen` wrote: its alerts are wanted, the rest of it is not. */
static enum tw_code line_keep(struct tw_certificate_source *source, struct tw_slice line, struct tw_error *err)
{
	struct tw_arena_mark mark = tw_arena_mark(&source->arena);
	struct tw_slice own = tw_arena_copy(&source->arena, line);
	struct tw_alert_view view;
	struct tw_error why;
	bool other = false;
	enum tw_code code = own.ptr ? tw_alert_read(own, &source->arena, &other, &view, &why) : TW_E_MEMORY;
	if (code == TW_E_MEMORY) {
		return memory_out(err);
	}
	if (code != TW_OK || other) {
		source->unread += code != TW_OK;
		tw_arena_rewind(&source->arena, mark);
		return TW_OK;
	}
	struct tw_alert_view *kept = tw_list_push(&source->arena, &source->alerts, sizeof(*kept));
	if (!kept) {
		return memory_out(err);
	}
	*kept = view;
	return TW_OK;
}

static enum tw_code case_keep(struct reading *reading, const struct tw_case *about, struct tw_error *err)
{
	struct tw_certificate_source *source = reading->source;
	if (about->message->refused) {
		return line_keep(source, about->message->value, err);
	}
	if (about->dead_reason || about->duplicate) {
		source->unread += about->dead_reason != NULL;
		return TW_OK;
	}
	source->events++;
	return tw_certificate_tell(source, about->event, reading->inputs->number) ? TW_OK : memory_out(err);
}

static enum tw_code portion_take(struct reading *reading, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	enum tw_code code = tw_portion_read(&reading->stages, &reading->portion, messages, count, false, err);
	code = code == TW_OK ? tw_portion_ask(&reading->stages, &reading->portion, err) : code;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		code = case_keep(reading, &reading->portion.cases[i], err);
	}
	return code;
}

static enum tw_code messages_take(struct reading *reading, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	while (code == TW_OK && count) {
		uint64_t bytes = messages[0].value.len;
		uint32_t length = 1;
		while (length < count && length < PORTION_EVENTS && bytes + messages[length].value.len <= PORTION_BYTES) {
			bytes += messages[length++].value.len;
		}
		code = portion_take(reading, messages, length, err);
		messages += length;
		count -= length;
	}
	return code;
}

static enum tw_code all_read(struct reading *reading, uint32_t batch, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	struct tw_progress progress;
	uint64_t done, total;
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.shown = progress.shown && !reading->inputs->quiet;
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		code = tw_stream_poll(reading->stream, batch, POLL_MS, &messages, &count, &polled, err);
		if (code == TW_OK && polled == TW_POLL_BATCH) {
			code = messages_take(reading, messages, count, err);
			reading->stages.facts_committed = reading->stages.facts_next;
		}
		code = code == TW_OK ? tw_stream_commit(reading->stream, err) : code; /* only how far the store may fold */
		tw_stream_progress(reading->stream, &done, &total);
		tw_progress_draw(&progress, done, total, reading->source->events, tw_now_ms());
	}
	tw_progress_end(&progress);
	if (code == TW_OK && polled != TW_POLL_END) {
		return tw_fail(err, TW_E_STALE, TW_RETRY, "stopped before the end: a part of a ledger is none", NULL, NULL);
	}
	return code;
}

static enum tw_code log_open(const struct tw_settings *settings, struct tw_stream **out, struct tw_error *err)
{
	struct tw_log_options options = {.kafka = {.brokers = settings->kafka_brokers,
	                                           .group = settings->kafka_group,
	                                           .topics = settings->topics,
	                                           .properties = settings->kafka_properties.data,
	                                           .property_count = settings->kafka_properties.count}};
	enum tw_code code = tw_stream_log_new(&options, out, err);
	uint32_t count = 0;
	const struct tw_log_place *places = code == TW_OK ? tw_stream_log_places(*out, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		tw_stream_log_range(*out, i, places[i].log_end); /* what is there, whether or not an engine has been there too */
	}
	return code;
}

static enum tw_code stages_open(struct reading *reading, const struct tw_settings *settings, struct tw_error *err)
{
	struct tw_judge_options judge = {.policy = &reading->policy, .event_bytes = (uint32_t)settings->limits_event_bytes};
	struct tw_stages *stages = &reading->stages;
	enum tw_code code = tw_judge_new(&judge, &reading->judge, err);
	code = code == TW_OK ? tw_store_memory_new(&reading->source->store, err) : code;
	if (code == TW_OK && settings->duplicates_window) {
		code = tw_duplicates_new((uint32_t)settings->duplicates_window, &stages->duplicates, err);
	}
	stages->judge = reading->judge;
	stages->store = reading->source->store;
	stages->period = &never;
	stages->in_order = !reading->inputs->log;
	return code;
}

static enum tw_code events_read(const struct tw_settings *settings, const struct tw_certificate_inputs *inputs, struct tw_certificate_source *source,
                                struct tw_error *err)
{
	struct reading reading = {.inputs = inputs, .source = source, .policy = tw_settings_policy(settings)};
	struct tw_file_options files = {
	    .inputs = inputs->files, .input_count = inputs->file_count, .topic = inputs->topic, .topics = settings->topics};
	tw_portion_init(&reading.portion);
	enum tw_code code = inputs->log ? log_open(settings, &reading.stream, err) : tw_stream_file_new(&files, &reading.stream, err);
	source->opened = code == TW_OK;
	code = code == TW_OK ? stages_open(&reading, settings, err) : code;
	code = code == TW_OK ? all_read(&reading, (uint32_t)settings->batch_events, err) : code;
	tw_certificate_told_sort(source);
	if (reading.stream) {
		tw_stream_free(reading.stream);
	}
	tw_portion_fini(&reading.portion);
	tw_duplicates_free(reading.stages.duplicates);
	tw_judge_free(reading.judge);
	return code;
}

enum tw_code tw_certificate_source_open(const struct tw_settings *settings, const struct tw_certificate_inputs *inputs,
                                        struct tw_certificate_source *out, struct tw_error *err)
{
	*out = (struct tw_certificate_source){.papers = inputs->file_count || inputs->log};
	tw_arena_init(&out->arena, BLOCK_BYTES, 0);
	if (out->papers) {
		return events_read(settings, inputs, out, err);
	}
	struct tw_engine engine = {.settings = settings};
	enum tw_code code = tw_engine_store(&engine, true, false, err);
	out->store = engine.store; /* ours from here on: nothing else of that engine was made */
	return code;
}

void tw_certificate_source_close(struct tw_certificate_source *source)
{
	if (source->store) {
		tw_store_free(source->store);
	}
	tw_arena_fini(&source->arena);
}
