/**
 * @file certificate_source.c
 * See certificate_source.h. A portion at a time, as the pipeline takes its batches (pipeline.h), with a judge that only folds.
 */
#include "engine/run/certificate_source.h"

#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"
#include "engine/run/certificate_tell.h"
#include "engine/run/papers.h"
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

/* @return the consignment's place, NULL without memory; a new one is empty */
static struct tw_compared *compared_at(struct tw_certificate_source *source, struct tw_slice consignment)
{
	struct tw_compared *compared = source->compared.data;
	uint32_t low = 0, high = source->compared.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (tw_slice_compare(compared[middle].consignment, consignment) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	if (low < source->compared.count && tw_slice_equal(compared[low].consignment, consignment)) {
		return &compared[low];
	}
	struct tw_slice own = tw_arena_copy(&source->arena, consignment);
	if (!own.ptr || !tw_list_push(&source->arena, &source->compared, sizeof(*compared))) {
		return NULL;
	}
	compared = source->compared.data;
	memmove(&compared[low + 1], &compared[low], (source->compared.count - 1 - low) * sizeof(*compared));
	compared[low] = (struct tw_compared){.consignment = own, .revision = INT64_MIN};
	return &compared[low];
}

/* Priors go with their portion: what is made of them there is copied. */
static enum tw_code papers_keep(struct reading *reading, const struct tw_case *about, struct tw_error *err)
{
	const struct tw_consignment *consignment = &about->event->consignment;
	int64_t revision = tw_stated(consignment->revision.span) ? consignment->revision.value : 0;
	struct tw_papers *papers = NULL;
	struct tw_slice key = tw_key_consignment(tw_slice_of(consignment->id), &reading->portion.arena);
	enum tw_code code = tw_papers_of_priors(about->event, about->operations, about->priors, &reading->portion.arena, &papers, err);
	if (code != TW_OK || !papers) {
		return code;
	}
	struct tw_compared *compared = key.ptr ? compared_at(reading->source, key) : NULL;
	if (!compared) {
		return memory_out(err);
	}
	if (revision < compared->revision || (revision == compared->revision && about->event->time.ms < compared->time_ms)) {
		return TW_OK;
	}
	compared->revision = revision;
	compared->time_ms = about->event->time.ms;
	return tw_papers_copy(papers, &reading->source->arena, &compared->papers) ? TW_OK : memory_out(err);
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
	uint32_t shipped = source->shipped.count;
	if (!tw_certificate_tell(source, about->event, reading->inputs->number)) {
		return memory_out(err);
	}
	return reading->inputs->number.len && source->shipped.count > shipped ? papers_keep(reading, about, err) : TW_OK;
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
