/**
 * @file stream.c
 * A stream over the simulated broker and group: the states of engine/io/kafka.h, the same answers to the same troubles.
 *
 *     IDLE --produce/commit--> OPEN --commit--> IDLE            placed anew at `committed`
 *                               |  \--no answer--> IN_DOUBT --poll--> IDLE or ABORTING
 *                               \--refused--> ABORTING --poll--> IDLE, rewind
 *                                              \--fenced--> BROKEN --poll--> new producer, rewind
 *
 * What librdkafka does by itself (heartbeats, joining, retries) is done in poll; heartbeats are seen as late as they are there.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/io/stream_kind.h"
#include "engine/run/assemble.h"
#include "engine/state/store.h"
#include "tests/simulation/world.h"

#define CALL_US      (3 * SIM_S)
#define ATTEMPTS     2
#define INIT_US      (20 * SIM_S)
#define ASK_US       (5 * SIM_S)
#define AGAIN_US     (20 * SIM_MS)
#define HEARTBEAT_US (3 * SIM_S)
#define LEAVE_US     (5 * SIM_S)
#define FETCHES_MOST 64U

enum state { IDLE, OPEN, IN_DOUBT, ABORTING, BROKEN };

struct place {
	uint32_t log;
	int64_t committed, start, next;
	bool held_back;
};

struct stream {
	struct tw_stream base;
	struct sim_engine *engine;
	enum state state;
	bool producer_ready, rewind, gated, leave, fenced, outage_seen;
	uint32_t epoch;

	/* the group, as far as we were told */
	uint64_t member;
	uint32_t generation;
	bool joining; /* asked to, not assigned yet */
	bool joined;  /* assigned something, even nothing, since the last leave */
	bool unplaced;
	uint64_t assigned;
	int64_t beaten;

	struct place places[SIM_LOGS_MOST];
	uint32_t place_count;
	struct tw_message *messages;
	uint32_t held, room;
	struct sim_output *outputs; /* not sent yet */
	struct tw_stream_place standing[SIM_LOGS_MOST];
};

static struct stream *stream_of(struct tw_stream *base)
{
	return (struct stream *)(void *)base;
}

static enum tw_code away(struct stream *stream, const char *what, struct tw_error *err)
{
	stream->outage_seen = true;
	return tw_fail(err, TW_E_IO, sim_dead() ? TW_STOP : TW_RETRY, what, NULL, "no answer");
}

/* Asks until the answer is not BUSY. */
static enum sim_answer ask(struct sim_call *call, int64_t patience_us)
{
	int64_t until = sim_now() + patience_us;
	enum sim_answer answer = SIM_NO_ANSWER;
	do {
		struct sim_call *once = sim_alloc(sizeof(*once));
		*once = *call;
		once->answered = false;
		answer = sim_call_ask(once, until - sim_now() > 0 ? until - sim_now() : 0);
		*call = *once;
	} while (answer == SIM_BUSY && sim_now() < until && sim_sleep(AGAIN_US));
	return answer == SIM_BUSY ? SIM_NO_ANSWER : answer;
}

/* ---- transactions: kafka_transact.c ---- */

static struct sim_call *transact_call(const struct stream *stream, sim_serve *serve)
{
	struct sim_call *call = sim_call_new(serve);
	call->epoch = stream->epoch;
	call->member = stream->member;
	call->generation = stream->generation;
	return call;
}

static enum tw_code transaction_failed(struct stream *stream, enum sim_answer answer, enum state retriable, const char *what, struct tw_error *err)
{
	sim_note("transaction failed", answer, retriable, 0, 0);
	stream->state = answer == SIM_FENCED_PRODUCER ? BROKEN : answer == SIM_NO_ANSWER ? retriable : ABORTING;
	if (answer == SIM_NO_ANSWER) {
		return away(stream, what, err);
	}
	return tw_fail(err, TW_E_IO, sim_dead() ? TW_STOP : TW_RETRY, what, NULL, "answer %d", (int)answer);
}

static void transaction_done(struct stream *stream)
{
	stream->state = IDLE;
	stream->outage_seen = false;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[i];
		if (place->next > place->start) {
			place->committed = place->start = place->next;
		}
	}
}

static enum tw_code end_call(struct stream *stream, bool commit, struct tw_error *err)
{
	enum sim_answer answer = SIM_NO_ANSWER;
	for (int attempt = 0; attempt < ATTEMPTS && answer == SIM_NO_ANSWER; attempt++) {
		struct sim_call *call = transact_call(stream, sim_end_transaction);
		call->commit = commit;
		answer = ask(call, CALL_US);
	}
	if (answer == SIM_OK && commit) {
		transaction_done(stream);
	} else if (answer == SIM_OK || (answer == SIM_NO_TRANSACTION && !commit)) {
		stream->state = IDLE;
	} else if (answer == SIM_NO_TRANSACTION) {
		stream->state = BROKEN; /* aborted behind our back */
		return tw_fail(err, TW_E_IO, TW_RETRY, "cannot commit a batch", NULL, NULL);
	} else {
		return transaction_failed(stream, answer, commit ? IN_DOUBT : ABORTING, commit ? "cannot commit a batch" : "cannot abort a batch", err);
	}
	return TW_OK;
}

static enum tw_code settle(struct stream *stream, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	if (stream->state == IN_DOUBT) {
		code = end_call(stream, true, err);
		stream->rewind = stream->rewind || stream->state == ABORTING || stream->state == BROKEN;
	} else if (stream->state == OPEN) {
		stream->state = ABORTING;
		stream->rewind = true;
	}
	if (code == TW_OK && stream->state == ABORTING) {
		code = end_call(stream, false, err);
	}
	if (code == TW_OK && stream->state == BROKEN) {
		stream->producer_ready = false;
		stream->state = IDLE;
	}
	if (code == TW_OK && !stream->producer_ready) {
		struct sim_call *call = sim_call_new(sim_init_producer);
		if (ask(call, INIT_US) != SIM_OK) {
			return away(stream, "cannot take over this instance's transactions", err);
		}
		stream->epoch = call->epoch;
		stream->producer_ready = true;
	}
	return code;
}

static void transaction_open(struct stream *stream)
{
	if (stream->state != OPEN) {
		stream->state = OPEN;
		stream->outputs = NULL;
	}
}

static enum tw_code outputs_send(struct stream *stream, struct tw_error *err)
{
	if (!stream->outputs) {
		return TW_OK;
	}
	struct sim_call *call = transact_call(stream, sim_produce);
	call->outputs = stream->outputs;
	stream->outputs = NULL;
	enum sim_answer answer = ask(call, CALL_US);
	return answer == SIM_OK ? TW_OK : transaction_failed(stream, answer, ABORTING, "cannot produce outputs", err);
}

static struct tw_slice kept(struct tw_slice bytes)
{
	char *copy = sim_alloc(bytes.len + 1U);
	memcpy(copy, bytes.len ? bytes.ptr : "", bytes.len);
	return (struct tw_slice){copy, bytes.len};
}

static struct tw_slice header_of(const struct tw_output *output, const char *name)
{
	for (uint32_t i = 0; i < output->header_count; i++) {
		if (tw_slice_is(output->headers[i].name, name)) {
			return output->headers[i].value;
		}
	}
	return (struct tw_slice){"", 0};
}

static enum tw_code stream_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	struct sim_output *one = sim_alloc(sizeof(*one));
	transaction_open(stream);
	*one = (struct sim_output){.kind = output->kind,
	                           .value = kept(output->value),
	                           .topic = kept(header_of(output, "dlq.topic")),
	                           .partition = output->origin.partition,
	                           .offset = output->origin.offset,
	                           .next = stream->outputs};
	stream->outputs = one;
	/* librdkafka sends when it likes */
	enum tw_code code = sim_random_chance(sim_chance(), 50) ? outputs_send(stream, err) : TW_OK;
	stream->rewind = stream->rewind || code != TW_OK;
	return code;
}

static enum tw_code offsets_send(struct stream *stream, struct tw_error *err)
{
	struct sim_call *call = transact_call(stream, sim_send_offsets);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		const struct place *place = &stream->places[i];
		if (place->next > place->start) {
			call->offsets[call->offset_count++] = (struct sim_offset){place->log, place->next};
		}
	}
	enum sim_answer answer = ask(call, CALL_US);
	return answer == SIM_OK ? TW_OK : transaction_failed(stream, answer, ABORTING, "cannot commit a batch's offsets", err);
}

static enum tw_code stream_commit(struct tw_stream *base, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	if (stream->gated) {
		for (uint32_t i = 0; i < stream->place_count; i++) {
			stream->places[i].start = stream->places[i].next;
		}
		return TW_OK;
	}
	if (stream->held == 0 && stream->state == IDLE) {
		return TW_OK;
	}
	transaction_open(stream);
	enum tw_code code = outputs_send(stream, err);
	code = code == TW_OK ? offsets_send(stream, err) : code;
	code = code == TW_OK ? end_call(stream, true, err) : code;
	if (code != TW_OK && stream->state != IN_DOUBT) {
		stream->rewind = true;
	}
	return code;
}

static enum tw_code stream_abort(struct tw_stream *base, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	if (stream->state == IN_DOUBT) {
		return TW_OK;
	}
	stream->rewind = true;
	if (stream->state == OPEN || stream->state == ABORTING) {
		stream->state = ABORTING;
		return end_call(stream, false, err);
	}
	return TW_OK;
}

/* ---- the group: kafka_group.c ---- */

static void revoked(struct stream *stream)
{
	stream->place_count = 0;
	stream->held = 0;
	stream->unplaced = false;
}

static void member_forget(struct stream *stream)
{
	revoked(stream);
	stream->member = 0;
	stream->joining = false;
}

static void join_ask(struct stream *stream)
{
	struct sim_call *call = sim_call_new(sim_join);
	call->member = stream->member;
	enum sim_answer answer = ask(call, ASK_US);
	if (answer == SIM_OK) {
		stream->member = call->member;
		stream->joining = true;
		stream->beaten = 0;
	} else if (answer == SIM_FENCED_INSTANCE) {
		stream->fenced = true;
	} else if (answer == SIM_UNKNOWN_MEMBER) {
		member_forget(stream);
	}
}

/* What the last heartbeat told: it may be a while ago. */
static void heartbeat(struct stream *stream)
{
	if (!stream->joining && sim_now() - stream->beaten < sim_random_between(sim_chance(), 0, HEARTBEAT_US)) {
		return;
	}
	struct sim_call *call = sim_call_new(sim_heartbeat);
	call->member = stream->member;
	enum sim_answer answer = sim_call_ask(call, ASK_US);
	stream->beaten = sim_now();
	if (answer == SIM_REBALANCING || answer == SIM_UNKNOWN_MEMBER) {
		if (answer == SIM_UNKNOWN_MEMBER) {
			member_forget(stream);
		}
		revoked(stream);
		join_ask(stream);
	} else if (answer == SIM_FENCED_INSTANCE) {
		stream->fenced = true;
	} else if (answer == SIM_OK && stream->joining) {
		stream->joining = false;
		stream->joined = true;
		stream->unplaced = true;
		stream->generation = call->generation;
		stream->assigned = call->assigned;
		sim_note("assigned", stream->generation, (int64_t)stream->assigned, 0, 0);
	} else if (answer == SIM_OK && call->generation != stream->generation) {
		revoked(stream); /* a rebalance went by while we were away */
		join_ask(stream);
	}
}

/* Sent once, answered or not: librdkafka does not wait for it long. */
static void group_leave(struct stream *stream)
{
	struct sim_call *call = sim_call_new(sim_leave);
	call->member = stream->member;
	sim_note("leaving", (int64_t)stream->member, 0, 0, 0);
	enum sim_answer answer = sim_call_ask(call, LEAVE_US);
	(void)answer;
	member_forget(stream);
	stream->rewind = false;
	stream->joined = false;
	stream->leave = false;
}

static void join(struct stream *stream)
{
	if (stream->leave && stream->joined && sim_world()->control != SIM_GENERATION_KEPT) {
		group_leave(stream);
	}
	stream->leave = stream->leave && sim_world()->control != SIM_GENERATION_KEPT;
	if (!stream->member || (!stream->joining && !stream->joined)) {
		join_ask(stream);
	}
	if (stream->member) {
		heartbeat(stream);
	}
}

static void stream_rejoin(struct tw_stream *base)
{
	stream_of(base)->leave = true;
}

static void stream_gate(struct tw_stream *base, bool gated)
{
	struct stream *stream = stream_of(base);
	for (uint32_t i = 0; i < stream->place_count && stream->gated && !gated; i++) {
		struct place *place = &stream->places[i];
		if (place->start < place->committed) {
			place->start = place->committed;
			stream->rewind = true;
		}
		stream->rewind = stream->rewind || place->held_back;
	}
	stream->gated = gated;
}

static enum tw_code committed_ask(struct stream *stream, uint64_t logs, struct sim_call **out, struct tw_error *err)
{
	struct sim_call *call = sim_call_new(sim_fetch_committed);
	call->logs = logs;
	*out = call;
	return ask(call, ASK_US) == SIM_OK ? TW_OK : away(stream, "cannot ask the group for its committed offsets", err);
}

static enum tw_code stream_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                    struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	struct sim_world *world = sim_world();
	struct sim_call *call = NULL;
	*count = 0;
	enum tw_code code = settle(stream, err);
	code = code == TW_OK ? committed_ask(stream, (UINT64_C(1) << world->log_count) - 1, &call, err) : code;
	for (uint32_t i = 0; i < world->log_count && code == TW_OK; i++) {
		stream->standing[i] = (struct tw_stream_place){tw_slice_str(world->logs[i].topic), world->logs[i].partition, call->committed[i]};
	}
	*places = stream->standing;
	*count = code == TW_OK ? world->log_count : 0;
	*settled = stream->joined && !stream->leave && !stream->unplaced;
	return code;
}

/* ---- places and messages: kafka_consume.c, and assemble.c's question ---- */

static enum tw_code place_one(struct stream *stream, uint32_t at, int64_t committed, struct place *place, struct tw_error *err)
{
	const struct sim_log *log = &sim_world()->logs[at];
	struct tw_store_standing state = {.least = -1};
	struct sim_call *call = sim_call_new(sim_fetch_end);
	call->log = at;
	if (ask(call, ASK_US) != SIM_OK) {
		return away(stream, "cannot ask a partition for its first and last offset", err);
	}
	*place = (struct place){.log = at, .committed = committed};
	enum tw_code code = tw_store_watermark(stream->engine->store, tw_slice_str(log->topic), log->partition, &state, err);
	code = code == TW_OK ? tw_engine_start(&state, log->topic, committed, call->first, call->end, &place->start, err) : code;
	int64_t due = committed >= 0 ? committed : call->first;
	place->next = place->start;
	sim_note("placed", at, committed, state.least, place->start);
	if (code == TW_OK && place->start < due && !stream->gated) {
		return tw_fail(err, TW_E_STALE, TW_RETRY, "the state lacks events that the group has committed", log->topic, NULL);
	}
	return code;
}

static void places_assign(struct stream *stream)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		stream->places[i].next = stream->places[i].start;
		stream->places[i].held_back = false;
	}
	stream->rewind = false;
}

static enum tw_code unplaced_ask(struct stream *stream, struct tw_error *err)
{
	struct sim_call *call = NULL;
	struct place places[SIM_LOGS_MOST];
	uint32_t count = 0;
	enum tw_code code = committed_ask(stream, stream->assigned, &call, err);
	for (uint32_t i = 0; i < sim_world()->log_count && code == TW_OK; i++) {
		if (stream->assigned >> i & 1) {
			code = place_one(stream, i, call->committed[i], &places[count++], err);
		}
	}
	if (code == TW_OK) {
		memcpy(stream->places, places, sizeof(places));
		stream->place_count = count;
		stream->unplaced = false;
		places_assign(stream);
	}
	return code;
}

static enum tw_code unplaced_place(struct stream *stream, struct tw_error *err)
{
	enum tw_code code = unplaced_ask(stream, err);
	return code == TW_E_STALE && err->disposition == TW_STOP ? unplaced_ask(stream, err) : code;
}

/* One fetch of every place, as far as the batch has room. */
static enum tw_code fetch(struct stream *stream, uint32_t most, struct tw_error *err)
{
	struct sim_world *world = sim_world();
	uint32_t first = stream->place_count ? sim_random_below(sim_chance(), stream->place_count) : 0;
	if (world->broker_down || sim_now() < stream->engine->kafka_cut_until) {
		return away(stream, "no kafka broker answers", err);
	}
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[(first + i) % stream->place_count];
		const struct sim_log *log = &world->logs[place->log];
		int64_t share = sim_random_between(sim_chance(), 0, most);
		for (int64_t at = place->next; at < log->count && stream->held < most && share > 0; at++) {
			if (stream->gated && at >= place->committed) {
				place->held_back = true;
				break;
			}
			if (!log->records[at].data) {
				continue;
			}
			stream->messages[stream->held++] = (struct tw_message){.family = log->family,
			                                                       .topic = tw_slice_str(log->topic),
			                                                       .partition = log->partition,
			                                                       .offset = at,
			                                                       .committed = place->committed,
			                                                       .key = log->records[at].key,
			                                                       .value = log->records[at].value};
			place->next = at + 1;
			share--;
		}
	}
	return TW_OK;
}

/* Another process has our instance: stop; but after an outage it may be our own unheard join. */
static enum tw_code consumer_lost(struct stream *stream, struct tw_error *err)
{
	stream->fenced = false;
	if (stream->outage_seen) {
		stream->outage_seen = false;
		member_forget(stream);
		stream->joined = false;
		stream->leave = false;
		stream->rewind = false;
		return tw_fail(err, TW_E_IO, TW_RETRY, "the group forgot us while no broker answered; joining anew", NULL, NULL);
	}
	return tw_fail(err, TW_E_STALE, TW_STOP, "another process runs as this instance", NULL, NULL);
}

static enum tw_code stream_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                enum tw_poll *polled, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	stream->held = 0;
	if (most > stream->room) {
		stream->messages = realloc(stream->messages, most * sizeof(*stream->messages));
		stream->room = most;
	}
	enum tw_code code = settle(stream, err);
	if (code == TW_OK) {
		join(stream);
	}
	if (stream->fenced) {
		return consumer_lost(stream, err);
	}
	if (code == TW_OK && stream->unplaced && !stream->leave) {
		code = unplaced_place(stream, err);
	}
	if (code == TW_OK && stream->rewind) {
		places_assign(stream);
	}
	int64_t until = sim_now() + timeout_ms * SIM_MS;
	bool waited = false;
	while (code == TW_OK && stream->held == 0 && sim_now() <= until && !sim_dead()) {
		sim_sleep(waited ? sim_random_between(sim_chance(), SIM_MS, timeout_ms * SIM_MS) : sim_delay());
		waited = true;
		code = stream->unplaced || stream->leave ? TW_OK : fetch(stream, most, err);
	}
	if (sim_dead()) {
		return tw_fail(err, TW_E_IO, TW_STOP, "killed", NULL, NULL);
	}
	*out = stream->messages;
	*count = code == TW_OK ? stream->held : 0;
	*polled = *count ? TW_POLL_BATCH : TW_POLL_IDLE;
	sim_note("polled", *count, code, stream->gated, 0);
	return code;
}

static void stream_free(struct tw_stream *base)
{
	struct stream *stream = stream_of(base);
	struct tw_error ignored;
	if (stream->state == OPEN || stream->state == ABORTING) {
		enum tw_code code = stream_abort(base, &ignored);
		(void)code;
	}
	free(stream->messages);
	free(stream);
}

static void stream_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	(void)base;
	*done = *total = 0;
}

struct tw_stream *sim_stream_new(struct sim_engine *engine)
{
	static const struct tw_stream_kind kind = {.poll = stream_poll,
	                                           .produce = stream_produce,
	                                           .commit = stream_commit,
	                                           .abort = stream_abort,
	                                           .free = stream_free,
	                                           .progress = stream_progress,
	                                           .standing = stream_standing,
	                                           .rejoin = stream_rejoin,
	                                           .gate = stream_gate};
	struct stream *stream = calloc(1, sizeof(*stream));
	stream->base.kind = &kind;
	stream->engine = engine;
	return &stream->base;
}
