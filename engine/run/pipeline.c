/**
 * @file pipeline.c
 * See pipeline.h. Two things may go wrong in the middle of a batch, and both end well: a peer that is away is asked again (the store's
 * call is idempotent, a stream's batch is delivered again), and a slice that fills the arena is cut in half and judged anew.
 *
 *     this process   read 1          | read 2 |       rule 1, read 3 |       rule 2 | ...
 *     store afar            send 1 -> [ apply 1 ] send 2 -> [ apply 2 ] send 3 -> [ apply 3 ]
 *
 * A store across a socket is sent the next slice before this one is ruled, so that neither waits for the other.
 * Invariant: outputs are handed to the stream only when every event of their slice has been judged.
 */
#include "engine/run/pipeline.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/log.h"
#include "engine/run/outage.h"
#include "engine/run/recovery.h"
#include "engine/run/signals.h"

#define ARENA_BLOCK_BYTES ((size_t)4 * 1024 * 1024)
/* A slice's events, operations, priors, findings and outputs: a hundredfold of its source bytes is more than real events take. */
#define ARENA_CEILING_BYTES ((size_t)512 * 1024 * 1024)

/*
 * Of source bytes. A store in this process is asked for the price of a function call: a slice is then as much as a core's second-level cache
 * holds with all that its events become (about tenfold), so that what one stage writes the next one finds there. A call across a socket wants
 * some hundred records of each partition; in a batch there should be several, for one is ruled while the next is applied.
 */
#define SLICE_NEAR_BYTES (128U * 1024U)
#define SLICE_FAR_BYTES  (512U * 1024U)

#define CONFLICTS_SAID 10U

/* Events of the slice by partition, or by run of a partition; `owner` and `place` are parallel to the cases: which part, and where in it. */
struct parts {
	struct tw_store_part *part;
	uint32_t count;
	uint32_t *owner;
	uint32_t *place;
};

struct slice {
	struct tw_arena arena;
	struct tw_case *cases; /* in the arena, as all that comes of them */
	uint32_t count;
	struct parts parts;
	bool read; /* decoded, screened, sorted into parts */
};

struct tw_pipeline {
	struct tw_pipeline_options options;
	struct slice slices[2]; /* the one that is ruled, and the one that is on its way */
	struct tw_counters total;
	struct tw_counters batch; /* not committed yet */
	struct tw_outage stream_outage;
	struct tw_outage store_outage;
	struct tw_recovery recovery;
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
	tw_arena_init(&pipeline->slices[0].arena, ARENA_BLOCK_BYTES, ARENA_CEILING_BYTES);
	tw_arena_init(&pipeline->slices[1].arena, ARENA_BLOCK_BYTES, ARENA_CEILING_BYTES);
	tw_recovery_begin(&pipeline->recovery, options->stream, options->store, options->shared_state);
	*out = pipeline;
	return TW_OK;
}

void tw_pipeline_free(struct tw_pipeline *pipeline)
{
	if (pipeline) {
		tw_arena_fini(&pipeline->slices[0].arena);
		tw_arena_fini(&pipeline->slices[1].arena);
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

/* Which part each case belongs to; parts in order of first appearance. `first` of each part is its first case. */
static void parts_assign(const struct tw_case *cases, uint32_t count, bool in_order, bool rebuild, struct parts *parts, uint32_t *first)
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
			parts->part[at] = (struct tw_store_part){
			    .topic = message->topic, .partition = message->partition, .committed = message->committed, .rebuild = rebuild};
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

static enum tw_code parts_make(struct slice *slice, bool in_order, bool rebuild, struct tw_error *err)
{
	struct tw_arena *arena = &slice->arena;
	struct parts *parts = &slice->parts;
	uint32_t count = slice->count;
	uint32_t *first = tw_arena_alloc(arena, count * sizeof(*first));
	*parts = (struct parts){.part = tw_arena_alloc(arena, count * sizeof(*parts->part)),
	                        .owner = tw_arena_alloc(arena, count * sizeof(*parts->owner)),
	                        .place = tw_arena_alloc(arena, count * sizeof(*parts->place))};
	if (!first || !parts->part || !parts->owner || !parts->place) {
		return memory_out(err);
	}
	parts_assign(slice->cases, count, in_order, rebuild, parts, first);
	return parts_fill(arena, slice->cases, count, parts) ? TW_OK : memory_out(err);
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

/* What needs no state. */
static enum tw_code slice_read(struct tw_pipeline *pipeline, struct slice *slice, const struct tw_message *messages, uint32_t count,
                               struct tw_error *err)
{
	tw_arena_reset(&slice->arena);
	slice->read = false;
	slice->count = count;
	slice->cases = tw_arena_alloc(&slice->arena, count * sizeof(*slice->cases));
	if (!slice->cases) {
		return memory_out(err);
	}
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		slice->cases[i].message = &messages[i];
		code = messages[i].replayed ? tw_judge_fold(pipeline->options.judge, &slice->arena, &slice->cases[i], err)
		                            : tw_judge_read(pipeline->options.judge, &slice->arena, &slice->cases[i], err);
		code = code == TW_OK ? case_compare(pipeline, &slice->cases[i], err) : code;
	}
	code = code == TW_OK ? parts_make(slice, pipeline->options.in_order, !pipeline->recovery.open, err) : code;
	slice->read = code == TW_OK;
	return code;
}

/* The store may be away: the same call again is right. @return TW_E_IO when a stop ended the wait */
static enum tw_code store_apply(struct tw_pipeline *pipeline, struct slice *slice, uint32_t first, uint32_t count, struct tw_error *err)
{
	enum tw_code code;
	do {
		code = tw_store_apply(pipeline->options.store, &slice->parts.part[first], count, &slice->arena, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && tw_outage_wait(&pipeline->store_outage, err));
	if (code == TW_OK) {
		tw_outage_over(&pipeline->store_outage);
	}
	return code;
}

static enum tw_code state_ask(struct tw_pipeline *pipeline, struct slice *slice, struct tw_error *err)
{
	const struct parts *parts = &slice->parts;
	enum tw_code code = TW_OK;
	uint32_t together = pipeline->options.in_order ? 1 : parts->count;
	for (uint32_t i = 0; code == TW_OK && i < parts->count; i += together) {
		code = store_apply(pipeline, slice, i, together, err);
	}
	for (uint32_t i = 0; code == TW_OK && i < slice->count; i++) {
		slice->cases[i].priors = parts->part[parts->owner[i]].events[parts->place[i]].priors;
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

/*
 * @param next   read already: sent to the store meanwhile
 * @param judged true once outputs may have been handed over: the slice cannot be judged anew then
 */
static enum tw_code slice_judge(struct tw_pipeline *pipeline, struct slice *slice, struct slice *next, bool *judged, struct tw_error *err)
{
	enum tw_code code = state_ask(pipeline, slice, err);
	if (code == TW_OK && next->read) {
		tw_store_start(pipeline->options.store, next->parts.part, next->parts.count, &next->arena);
	}
	if (slice->cases[0].message->replayed) {
		*judged = code == TW_OK;
		pipeline->batch.replayed += code == TW_OK ? slice->count : 0;
		return code;
	}
	if (code == TW_OK && !pipeline->recovery.open) {
		return TW_OK; /* judged already, in the life of the state that was lost */
	}
	for (uint32_t i = 0; code == TW_OK && i < slice->count; i++) {
		code = tw_judge_rule(pipeline->options.judge, &slice->arena, &slice->cases[i], err);
	}
	*judged = code == TW_OK;
	return code == TW_OK ? outputs_produce(pipeline, slice->cases, slice->count, err) : code;
}

/* The rest of a batch, from its next slice on. */
struct rest {
	const struct tw_message *messages;
	uint32_t count;
	uint32_t most; /* events of a slice: fewer after one that filled its arena */
	uint32_t bytes_most;
};

static uint32_t slice_length(const struct rest *rest, uint32_t from)
{
	uint64_t bytes = 0;
	uint32_t length = 0;
	while (from + length < rest->count && length < rest->most &&
	       (length == 0 || bytes + rest->messages[from + length].value.len <= rest->bytes_most)) {
		bytes += rest->messages[from + length++].value.len;
	}
	return length;
}

static enum tw_code slice_next(struct tw_pipeline *pipeline, const struct rest *rest, struct slice *slice, struct slice *next, bool *judged,
                               struct tw_error *err)
{
	bool far = pipeline->options.store_far && !pipeline->options.in_order;
	enum tw_code code = slice->read ? TW_OK : slice_read(pipeline, slice, rest->messages, slice_length(rest, 0), err);
	uint32_t ahead = far ? slice_length(rest, slice->count) : 0;
	if (code == TW_OK && far) {
		tw_store_start(pipeline->options.store, slice->parts.part, slice->parts.count, &slice->arena);
	}
	if (code == TW_OK && ahead) {
		struct tw_error met_again; /* when its turn comes */
		(void)slice_read(pipeline, next, rest->messages + slice->count, ahead, &met_again);
	}
	return code == TW_OK ? slice_judge(pipeline, slice, next, judged, err) : code;
}

/* Nothing of the batch is on its way to the store any more. */
static void slices_drop(struct tw_pipeline *pipeline)
{
	tw_store_start(pipeline->options.store, NULL, 0, NULL);
	pipeline->slices[0].read = pipeline->slices[1].read = false;
}

static enum tw_code batch_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	struct rest rest = {messages, count, count, pipeline->options.store_far ? SLICE_FAR_BYTES : SLICE_NEAR_BYTES};
	struct slice *slice = &pipeline->slices[0], *next = &pipeline->slices[1];
	while (rest.count) {
		bool judged = false;
		enum tw_code code = slice_next(pipeline, &rest, slice, next, &judged, err);
		if (code != TW_OK) {
			slices_drop(pipeline);
		}
		if (code == TW_E_MEMORY && !judged && slice->count > 1) {
			rest.most = slice->count / 2; /* what the store has applied is a replay to it */
			continue;
		}
		if (code != TW_OK) {
			return code;
		}
		slice->read = false;
		rest.messages += slice->count;
		rest.count -= slice->count;
		struct slice *ruled = slice;
		slice = next;
		next = ruled;
	}
	return TW_OK;
}

/* The batch will come again, or the caller stops. */
static enum tw_code batch_give_up(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	struct tw_error second;
	enum tw_code aborted = tw_stream_abort(pipeline->options.stream, &second);
	if (code == TW_E_STALE && err->disposition == TW_RETRY) {
		tw_recovery_lost(&pipeline->recovery, err);
		code = aborted;
		*err = aborted != TW_OK ? second : *err;
		return code == TW_E_IO && err->disposition == TW_RETRY ? TW_OK : code; /* an abort is finished by the next poll */
	}
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
		pipeline->batch.batches = pipeline->recovery.open;
		tw_counters_add(&pipeline->total, &pipeline->batch);
	}
	return code;
}

/* No batch this time: what may pass is waited for, lost state is looked after. @return as tw_pipeline_batch */
static enum tw_code batch_none(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	if (err->disposition != TW_RETRY) {
		return code;
	}
	if (code == TW_E_STALE) {
		tw_recovery_lost(&pipeline->recovery, err);
	} else if (code == TW_E_IO) {
		(void)tw_outage_wait(pipeline->recovery.store_away ? &pipeline->store_outage : &pipeline->stream_outage, err);
	} else {
		return code;
	}
	return TW_OK;
}

enum tw_code tw_pipeline_batch(struct tw_pipeline *pipeline, enum tw_poll *polled, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	*polled = TW_POLL_IDLE;
	enum tw_code code = tw_recovery_step(&pipeline->recovery, err);
	if (code == TW_OK) {
		tw_outage_over(&pipeline->store_outage);
	}
	code = code == TW_OK ? tw_stream_poll(pipeline->options.stream, pipeline->options.batch_events, pipeline->options.batch_wait_ms, &messages,
	                                      &count, polled, err)
	                     : code;
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		return batch_none(pipeline, code, err);
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
	tw_recovery_rebuilt(&pipeline->recovery, count);
	return TW_OK;
}
