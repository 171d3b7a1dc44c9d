/**
 * @file pipeline.c
 * See pipeline.h. Two things may go wrong in the middle of a batch, and both end well: a peer that is away is asked again (the store's
 * call is idempotent, a stream's batch is delivered again), and a slice that fills the arena is cut in half and judged anew.
 * Invariant: outputs are handed to the stream only when every event of their slice has been judged.
 */
#include "engine/run/pipeline.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/log.h"
#include "engine/run/outage.h"
#include "engine/run/signals.h"

#define ARENA_BLOCK_BYTES ((size_t)4 * 1024 * 1024)
/* A slice's events, operations, priors, findings and outputs: a hundredfold of its source bytes is more than real events take. */
#define ARENA_CEILING_BYTES ((size_t)512 * 1024 * 1024)

#define CONFLICTS_SAID 10U

struct tw_pipeline {
	struct tw_pipeline_options options;
	struct tw_arena arena;
	struct tw_counters total;
	struct tw_counters batch; /* not committed yet */
	struct tw_outage stream_outage;
	struct tw_outage store_outage;
};

enum tw_code tw_pipeline_new(const struct tw_pipeline_options *options, struct tw_pipeline **out, struct tw_error *err)
{
	struct tw_pipeline *pipeline = calloc(1, sizeof(*pipeline));
	if (!pipeline) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pipeline", NULL, NULL);
	}
	pipeline->options = *options;
	pipeline->stream_outage = (struct tw_outage){.away_event = "kafka_away", .back_event = "kafka_back"};
	pipeline->store_outage = (struct tw_outage){.away_event = "store_away", .back_event = "store_back"};
	tw_arena_init(&pipeline->arena, ARENA_BLOCK_BYTES, ARENA_CEILING_BYTES);
	*out = pipeline;
	return TW_OK;
}

void tw_pipeline_free(struct tw_pipeline *pipeline)
{
	if (pipeline) {
		tw_arena_fini(&pipeline->arena);
		free(pipeline);
	}
}

const struct tw_counters *tw_pipeline_counters(const struct tw_pipeline *pipeline)
{
	return &pipeline->total;
}

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "a batch needs more memory than it may have", NULL, "%zu bytes", ARENA_CEILING_BYTES);
}

static bool same_place(const struct tw_message *a, const struct tw_message *b)
{
	return a->partition == b->partition && tw_slice_equal(a->topic, b->topic);
}

/* Events of the slice by partition, or by run of a partition; `owner` and `place` are parallel to the cases: which part, and where in it. */
struct parts {
	struct tw_store_part *part;
	uint32_t count;
	uint32_t *owner;
	uint32_t *place;
};

/* Which part each case belongs to; parts in order of first appearance. `first` of each part is its first case. */
static void parts_assign(const struct tw_case *cases, uint32_t count, bool in_order, struct parts *parts, uint32_t *first)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct tw_message *message = cases[i].message;
		uint32_t at = i ? parts->owner[i - 1] : 0;
		if (i == 0 || !same_place(cases[first[at]].message, message)) {
			at = in_order ? parts->count : 0;
			while (at < parts->count && !same_place(cases[first[at]].message, message)) {
				at++;
			}
		}
		if (at == parts->count) {
			first[parts->count++] = i;
			parts->part[at] =
			    (struct tw_store_part){.topic = message->topic, .partition = message->partition, .committed = message->committed};
		}
		parts->owner[i] = at;
		parts->place[i] = parts->part[at].event_count++;
		parts->part[at].next = message->offset + 1;
	}
}

static bool parts_fill(struct tw_arena *arena, const struct tw_case *cases, uint32_t count, struct parts *parts)
{
	for (uint32_t i = 0; i < parts->count; i++) {
		parts->part[i].events = tw_arena_alloc(arena, parts->part[i].event_count * sizeof(*parts->part[i].events));
		if (!parts->part[i].events) {
			return false;
		}
	}
	for (uint32_t i = 0; i < count; i++) {
		parts->part[parts->owner[i]].events[parts->place[i]] =
		    (struct tw_store_event){.offset = cases[i].message->offset, .operations = cases[i].operations};
	}
	return true;
}

static enum tw_code parts_make(struct tw_pipeline *pipeline, const struct tw_case *cases, uint32_t count, struct parts *parts, struct tw_error *err)
{
	struct tw_arena *arena = &pipeline->arena;
	uint32_t *first = tw_arena_alloc(arena, count * sizeof(*first));
	*parts = (struct parts){.part = tw_arena_alloc(arena, count * sizeof(*parts->part)),
	                        .owner = tw_arena_alloc(arena, count * sizeof(*parts->owner)),
	                        .place = tw_arena_alloc(arena, count * sizeof(*parts->place))};
	if (!first || !parts->part || !parts->owner || !parts->place) {
		return memory_out(err);
	}
	parts_assign(cases, count, pipeline->options.in_order, parts, first);
	return parts_fill(arena, cases, count, parts) ? TW_OK : memory_out(err);
}

/* The store may be away: the same call again is right. @return TW_E_IO when a stop ended the wait */
static enum tw_code store_apply(struct tw_pipeline *pipeline, struct tw_store_part *part, uint32_t count, struct tw_error *err)
{
	enum tw_code code;
	do {
		code = tw_store_apply(pipeline->options.store, part, count, &pipeline->arena, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && tw_outage_wait(&pipeline->store_outage, err));
	if (code == TW_OK) {
		tw_outage_over(&pipeline->store_outage);
	}
	return code;
}

static enum tw_code state_ask(struct tw_pipeline *pipeline, struct tw_case *cases, uint32_t count, struct tw_error *err)
{
	struct parts parts;
	enum tw_code code = parts_make(pipeline, cases, count, &parts, err);
	uint32_t together = pipeline->options.in_order ? 1 : parts.count;
	for (uint32_t i = 0; code == TW_OK && i < parts.count; i += together) {
		code = store_apply(pipeline, &parts.part[i], together, err);
	}
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		cases[i].priors = parts.part[parts.owner[i]].events[parts.place[i]].priors;
	}
	return code;
}

static void case_count(struct tw_counters *counters, const struct tw_case *about)
{
	counters->events++;
	counters->bytes += about->message->value.len;
	if (about->duplicate) {
		counters->duplicates++;
		return;
	}
	counters->conflicting += about->conflicting;
	if (about->dead_reason) {
		tw_counters_dead(counters, about->dead_reason, 1);
		return;
	}
	counters->family[about->event->family - 1]++;
	if (about->output_count) {
		counters->alerts++;
		counters->lane[about->assessment.lane]++;
		counters->random += about->assessment.selection == TW_SELECTION_RANDOM;
		counters->holds += about->output_count > 1;
	}
}

/* The first few by place; the summary counts all. Not by id: that is a stranger's text. */
static void conflict_say(const struct tw_pipeline *pipeline, const struct tw_case *about)
{
	const struct tw_message *message = about->message;
	if (about->conflicting && pipeline->total.conflicting + pipeline->batch.conflicting < CONFLICTS_SAID) {
		tw_log(TW_LOG_WARN, "conflicting_event", "topic=%.*s partition=%d offset=%lld reason=\"another event had its source and id\"",
		       (int)message->topic.len, message->topic.ptr, message->partition, (long long)message->offset);
	}
}

static enum tw_code outputs_produce(struct tw_pipeline *pipeline, const struct tw_case *cases, uint32_t count, struct tw_error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = 0; j < cases[i].output_count; j++) {
			enum tw_code code = tw_stream_produce(pipeline->options.stream, &cases[i].outputs[j], err);
			if (code != TW_OK) {
				return code;
			}
		}
		conflict_say(pipeline, &cases[i]);
		case_count(&pipeline->batch, &cases[i]);
	}
	return TW_OK;
}

/* An event that was sent before is inert from here on; its offset still counts. */
static enum tw_code case_compare(struct tw_pipeline *pipeline, struct tw_case *about, struct tw_error *err)
{
	const struct tw_message *message = about->message;
	enum tw_seen seen = TW_SEEN_FIRST;
	if (!pipeline->options.duplicates || !about->event) {
		return TW_OK;
	}
	struct tw_sighting sighting = {.topic = message->topic,
	                               .partition = message->partition,
	                               .offset = message->offset,
	                               .source = tw_slice_of(about->event->source),
	                               .id = tw_slice_of(about->event->id),
	                               .raw = message->value};
	enum tw_code code = tw_duplicates_see(pipeline->options.duplicates, &sighting, &seen, err);
	about->duplicate = seen == TW_SEEN_SAME;
	about->conflicting = seen == TW_SEEN_OTHER;
	about->operations = about->duplicate ? NULL : about->operations;
	return code;
}

/* @param judged true once outputs may have been handed over: the slice cannot be judged anew then */
static enum tw_code slice_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, bool *judged, struct tw_error *err)
{
	struct tw_arena *arena = &pipeline->arena;
	tw_arena_reset(arena);
	*judged = false;
	struct tw_case *cases = tw_arena_alloc(arena, count * sizeof(*cases));
	if (!cases) {
		return memory_out(err);
	}
	bool replayed = messages[0].replayed;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		cases[i].message = &messages[i];
		code = replayed ? tw_judge_fold(pipeline->options.judge, arena, &cases[i], err)
		                : tw_judge_read(pipeline->options.judge, arena, &cases[i], err);
		code = code == TW_OK ? case_compare(pipeline, &cases[i], err) : code;
	}
	code = code == TW_OK ? state_ask(pipeline, cases, count, err) : code;
	if (replayed) {
		*judged = code == TW_OK;
		pipeline->batch.replayed += code == TW_OK ? count : 0;
		return code;
	}
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		code = tw_judge_rule(pipeline->options.judge, arena, &cases[i], err);
	}
	*judged = code == TW_OK;
	return code == TW_OK ? outputs_produce(pipeline, cases, count, err) : code;
}

/* As many messages as one arena is meant for. */
static uint32_t slice_length(const struct tw_message *messages, uint32_t count, uint32_t bytes_max)
{
	uint64_t bytes = 0;
	uint32_t length = 0;
	while (length < count && (length == 0 || bytes + messages[length].value.len <= bytes_max)) {
		bytes += messages[length++].value.len;
	}
	return length;
}

static enum tw_code batch_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	uint32_t done = 0, most = count;
	while (done < count) {
		bool judged;
		uint32_t length = slice_length(messages + done, count - done, pipeline->options.slice_bytes);
		length = length < most ? length : most;
		enum tw_code code = slice_judge(pipeline, messages + done, length, &judged, err);
		if (code == TW_E_MEMORY && !judged && length > 1) {
			most = length / 2; /* what the store has applied is a replay to it */
			continue;
		}
		if (code != TW_OK) {
			return code;
		}
		done += length;
	}
	return TW_OK;
}

/* The batch will come again, or the caller stops. */
static enum tw_code batch_give_up(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	struct tw_error second;
	enum tw_code aborted = tw_stream_abort(pipeline->options.stream, &second);
	if (code == TW_E_IO && err->disposition == TW_RETRY) {
		if (!tw_stop_asked()) {
			(void)tw_outage_wait(&pipeline->stream_outage, err);
		}
		if (aborted != TW_OK && second.disposition != TW_RETRY) {
			*err = second;
			return aborted;
		}
		return TW_OK;
	}
	return code;
}

static enum tw_code batch_commit(struct tw_pipeline *pipeline, struct tw_error *err)
{
	enum tw_code code = tw_stream_commit(pipeline->options.stream, err);
	if (code == TW_OK) {
		tw_outage_over(&pipeline->stream_outage);
		pipeline->batch.batches = 1;
		tw_counters_add(&pipeline->total, &pipeline->batch);
	}
	return code;
}

enum tw_code tw_pipeline_batch(struct tw_pipeline *pipeline, enum tw_poll *polled, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	enum tw_code code =
	    tw_stream_poll(pipeline->options.stream, pipeline->options.batch_events, pipeline->options.batch_wait_ms, &messages, &count, polled, err);
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		bool passing = code == TW_E_IO && err->disposition == TW_RETRY;
		if (passing) {
			(void)tw_outage_wait(&pipeline->stream_outage, err);
		}
		return passing ? TW_OK : code;
	}
	if (*polled != TW_POLL_BATCH) {
		return TW_OK;
	}
	tw_outage_over(&pipeline->stream_outage);
	memset(&pipeline->batch, 0, sizeof(pipeline->batch));
	code = batch_judge(pipeline, messages, count, err);
	code = code == TW_OK ? batch_commit(pipeline, err) : code;
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		return batch_give_up(pipeline, code, err);
	}
	return TW_OK;
}
