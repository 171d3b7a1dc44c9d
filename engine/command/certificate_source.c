/**
 * @file certificate_source.c
 * See certificate_source.h.
 */
#include "engine/command/certificate_source.h"

#include "engine/event/keys.h"
#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"
#include "engine/command/certificate_tell.h"
#include "engine/run/fold_stream.h"
#include "engine/run/papers.h"

#define BLOCK_BYTES ((size_t)256 * 1024)

struct reading {
	const struct tw_certificate_inputs *inputs;
	struct tw_certificate_source *source;
};

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
static enum tw_code papers_keep(const struct reading *reading, const struct tw_case *about, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_consignment *consignment = &about->event->consignment;
	int64_t revision = tw_stated(consignment->revision.span) ? consignment->revision.value : 0;
	struct tw_papers *papers = NULL;
	struct tw_slice key = tw_key_consignment(tw_slice_of(consignment->id), arena);
	enum tw_code code = tw_papers_of_priors(about->event, about->operations, about->priors, arena, &papers, err);
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

static enum tw_code case_keep(void *context, const struct tw_case *about, struct tw_arena *arena, struct tw_error *err)
{
	const struct reading *reading = context;
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
	return reading->inputs->number.len && source->shipped.count > shipped ? papers_keep(reading, about, arena, err) : TW_OK;
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

static enum tw_code events_read(const struct tw_settings *settings, const struct tw_certificate_inputs *inputs, struct tw_certificate_source *source,
                                struct tw_error *err)
{
	struct reading reading = {.inputs = inputs, .source = source};
	struct tw_fold_stream fold = {.in_order = !inputs->log, .quiet = inputs->quiet, .each = case_keep, .context = &reading};
	struct tw_file_options files = {
	    .inputs = inputs->files, .input_count = inputs->file_count, .topic = inputs->topic, .topics = settings->topics};
	enum tw_code code = inputs->log ? log_open(settings, &fold.stream, err) : tw_stream_file_new(&files, &fold.stream, err);
	source->opened = code == TW_OK;
	code = code == TW_OK ? tw_store_memory_new(&source->store, err) : code;
	fold.store = source->store;
	code = code == TW_OK ? tw_fold_stream(settings, &fold, err) : code;
	tw_certificate_told_sort(source);
	if (fold.stream) {
		tw_stream_free(fold.stream);
	}
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
