/**
 * @file stream.c
 * A stream over the simulated broker and group: states, positions and answers of engine/io/kafka.h, call by call.
 *
 *     IDLE --produce, commit_begin--> OPEN --commit_begin--> COMMITTING --taken--> IDLE            `committed` moves
 *                                      |                         |  \--no answer--> IN_DOUBT --poll--> IDLE, or ABORTING; rewind
 *                                      \---------error-----------+--refused--> ABORTING --poll--> IDLE, rewind
 *                                                                              \--fenced--> BROKEN --poll--> new producer, rewind
 *
 * What librdkafka does by itself (heartbeats, joining, retries) is done in poll; heartbeats are seen as late as they are there. The thread that waits
 * for a commit is one here, too.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/io/stream_kind.h"
#include "engine/run/assemble.h"
#include "engine/run/duplicates.h"
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

enum state { IDLE, OPEN, COMMITTING, IN_DOUBT, ABORTING, BROKEN };

struct place {
	uint32_t log;
	int64_t committed, start, committing, next, shown, reread;
	bool held_back;
};

/* kafka_commit.c's: the thread's from its start until it is done. */
struct committer {
	bool done;
	struct sim_call ask; /* epoch, member, generation, outputs, offsets */
	enum sim_answer answer;
	bool offsets_sent;
	/* how the last one ended, until commit_end has told it */
	bool untold;
	enum tw_code code;
	struct tw_error error;
};

struct stream {
	struct tw_stream base;
	struct sim_engine *engine;
	enum state state;
	struct committer committer;
	struct tw_doubt doubt;
	bool producer_ready, rewind, handed_out, lost, doubted, gated, leave, fenced, outage_seen, outage_before;
	uint32_t epoch;

	/* the group, as far as we were told */
	bool subscribed;
	uint64_t member;
	uint32_t generation, left;
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

static bool broker_gone(const struct stream *stream)
{
	return sim_world()->broker_down || sim_now() < stream->engine->kafka_cut_until;
}

static enum tw_code away(struct stream *stream, const char *what, struct tw_error *err)
{
	stream->outage_seen = stream->outage_seen || broker_gone(stream);
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
	stream->doubted = false;
	stream->outage_before = false;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[i];
		if (place->committing >= 0) {
			place->committed = place->start = place->committing;
			place->committing = -1;
		}
	}
}

static enum sim_answer end_ask(uint32_t epoch, bool commit)
{
	enum sim_answer answer = SIM_NO_ANSWER;
	for (int attempt = 0; attempt < ATTEMPTS && answer == SIM_NO_ANSWER; attempt++) {
		struct sim_call *call = sim_call_new(sim_end_transaction);
		call->epoch = epoch;
		call->commit = commit;
		answer = ask(call, CALL_US);
	}
	return answer;
}

static enum tw_code doubt_end(struct stream *stream, struct tw_error *err)
{
	enum sim_answer answer = end_ask(stream->epoch, true);
	stream->rewind = true;
	if (answer != SIM_OK) {
		return transaction_failed(stream, answer, IN_DOUBT, "cannot commit a batch", err);
	}
	transaction_done(stream);
	return TW_OK;
}

static enum tw_code abort_call(struct stream *stream, struct tw_error *err)
{
	enum sim_answer answer = end_ask(stream->epoch, false);
	if (answer != SIM_OK && answer != SIM_NO_TRANSACTION) { /* there was none yet: nothing to abort */
		return transaction_failed(stream, answer, ABORTING, "cannot abort a batch", err);
	}
	stream->state = IDLE;
	return TW_OK;
}

static bool commit_take(struct stream *stream, bool wait);

static enum tw_code settle(struct stream *stream, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	(void)commit_take(stream, true);
	if (stream->state == IN_DOUBT) {
		code = doubt_end(stream, err);
	} else if (stream->state == OPEN) {
		stream->state = ABORTING;
		stream->rewind = true;
	}
	if (code == TW_OK && stream->state == ABORTING) {
		code = abort_call(stream, err);
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
	if (code == TW_OK && stream->doubted) {
		stream->doubted = false;
		stream->unplaced = stream->unplaced || stream->place_count;
		stream->place_count = 0;
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
	if (stream->state == COMMITTING) {
		sim_fail("an output was produced while a commit was on its way");
	}
	transaction_open(stream);
	*one = (struct sim_output){.kind = output->kind,
	                           .value = kept(output->value),
	                           .topic = kept(header_of(output, "dlq.topic")),
	                           .partition = output->origin.partition,
	                           .offset = output->origin.offset,
	                           .next = stream->outputs};
	stream->outputs = one;
	if (sim_dead() || !sim_random_chance(sim_chance(), 50)) {
		return sim_dead() ? away(stream, "killed", err) : TW_OK;
	}
	/* librdkafka sends when it likes */
	struct sim_call *call = transact_call(stream, sim_produce);
	call->outputs = stream->outputs;
	stream->outputs = NULL;
	enum sim_answer answer = ask(call, CALL_US);
	stream->rewind = stream->rewind || answer != SIM_OK;
	return answer == SIM_OK ? TW_OK : transaction_failed(stream, answer, ABORTING, "cannot produce outputs", err);
}

/* ---- the commit on its way: kafka_commit.c ---- */

static void job_do(void *context)
{
	struct stream *stream = context;
	struct committer *committer = &stream->committer;
	struct sim_call *call = sim_alloc(sizeof(*call));
	*call = committer->ask;
	call->serve = sim_produce;
	committer->answer = call->outputs ? ask(call, CALL_US) : SIM_OK;
	sim_stage(SIM_STAGE_OFFSETS);
	if (committer->answer == SIM_OK) {
		call->serve = sim_send_offsets;
		committer->answer = ask(call, CALL_US);
		committer->offsets_sent = committer->answer == SIM_OK;
	}
	if (committer->offsets_sent) {
		sim_stage(SIM_STAGE_COMMIT);
		committer->answer = end_ask(committer->ask.epoch, true);
		sim_stage(SIM_STAGE_COMMITTED);
	}
	committer->done = true;
	sim_wake(stream->engine->process, sim_now());
}

static void job_fill(struct stream *stream)
{
	struct committer *committer = &stream->committer;
	struct sim_call *call = transact_call(stream, sim_produce);
	call->outputs = stream->outputs;
	stream->outputs = NULL;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[i];
		place->committing = place->next > place->start ? place->next : -1;
		if (place->committing >= 0) {
			call->offsets[call->offset_count++] = (struct sim_offset){place->log, place->committing};
		}
	}
	*committer = (struct committer){.ask = *call};
}

static bool commit_take(struct stream *stream, bool wait)
{
	struct committer *committer = &stream->committer;
	if (stream->state != COMMITTING) {
		return true;
	}
	while (!committer->done && wait && !sim_dead()) {
		sim_wait(sim_now() + SIM_S);
	}
	if (!committer->done && !sim_dead()) {
		return false;
	}
	committer->untold = true;
	committer->code = TW_OK;
	if (committer->answer == SIM_OK && committer->done && !sim_dead()) {
		transaction_done(stream);
		return true;
	}
	bool sent = committer->offsets_sent;
	committer->code = transaction_failed(stream, committer->answer, sent ? IN_DOUBT : ABORTING,
	                                     sent ? "cannot commit a batch" : "cannot commit a batch's offsets", &committer->error);
	stream->outage_seen = stream->outage_seen || stream->outage_before;
	stream->rewind = true;
	stream->doubted = sent;
	return true;
}

static enum tw_code stream_commit_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	struct committer *committer = &stream->committer;
	*over = commit_take(stream, wait);
	if (!*over || !committer->untold) {
		return TW_OK;
	}
	committer->untold = false;
	if (committer->code != TW_OK) {
		*err = committer->error;
	}
	return committer->code;
}

static enum tw_code stream_commit_begin(struct tw_stream *base, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	bool over, moved = false;
	enum tw_code code = stream_commit_end(base, true, &over, err);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		moved = moved || stream->places[i].next > stream->places[i].start;
		stream->places[i].start = code == TW_OK && stream->gated ? stream->places[i].next : stream->places[i].start;
	}
	if (code == TW_OK && stream->gated) {
		stream->handed_out = false;
		return TW_OK;
	}
	if (code != TW_OK || (!moved && stream->state == IDLE)) {
		return code;
	}
	transaction_open(stream);
	job_fill(stream);
	stream->handed_out = false;
	stream->outage_before = stream->outage_before || stream->outage_seen;
	stream->outage_seen = false;
	stream->state = COMMITTING;
	if (!sim_dead()) {
		(void)sim_thread_start(job_do, stream);
	}
	return TW_OK;
}

static enum tw_code stream_commit(struct tw_stream *base, struct tw_error *err)
{
	bool over;
	enum tw_code code = stream_commit_begin(base, err);
	return code == TW_OK ? stream_commit_end(base, true, &over, err) : code;
}

static enum tw_code stream_abort(struct tw_stream *base, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	(void)commit_take(stream, true);
	stream->handed_out = stream->lost = false;
	if (stream->state == IN_DOUBT) {
		return TW_OK;
	}
	stream->rewind = true;
	if (stream->state == OPEN || stream->state == ABORTING) {
		stream->state = ABORTING;
		return abort_call(stream, err);
	}
	return TW_OK;
}

/* ---- the group: kafka_group.c ---- */

/* Before the assignment changes, whichever way. */
static void revoked(struct stream *stream)
{
	(void)commit_take(stream, true);
	stream->lost = stream->lost || stream->handed_out;
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

static void assigned(struct stream *stream, const struct sim_call *call)
{
	revoked(stream);
	stream->joining = false;
	stream->joined = true;
	stream->unplaced = true;
	stream->generation = call->generation;
	stream->assigned = call->assigned;
	bool again = stream->left && stream->left == stream->generation && sim_world()->control != SIM_GENERATION_KEPT;
	stream->leave = stream->leave || again;
	stream->left = 0;
	sim_note("assigned", stream->generation, (int64_t)stream->assigned, 0, 0);
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
	if (answer == SIM_FENCED_INSTANCE) {
		stream->fenced = true;
	} else if (answer == SIM_OK && stream->joining) {
		assigned(stream, call);
	} else if (answer == SIM_REBALANCING || (answer == SIM_OK && call->generation != stream->generation)) {
		revoked(stream); /* the latter: a rebalance went by while we were away */
		join_ask(stream);
	} else if (answer == SIM_UNKNOWN_MEMBER) {
		member_forget(stream);
		join_ask(stream);
	}
}

/* The request is sent once, answered or not: librdkafka does not wait for it long. */
static void group_leave(struct stream *stream)
{
	struct sim_call *call = sim_call_new(sim_leave);
	call->member = stream->member;
	sim_note("leaving", (int64_t)stream->member, 0, 0, 0);
	stream->left = stream->generation;
	if (sim_world()->control != SIM_GENERATION_KEPT && !sim_random_chance(sim_chance(), sim_world()->leaves_lost_of_thousand)) {
		(void)sim_call_ask(call, LEAVE_US);
	}
	member_forget(stream);
	stream->subscribed = false;
	stream->rewind = false;
	stream->joined = false;
	stream->leave = false;
}

static void join(struct stream *stream)
{
	if (stream->leave && stream->joined) {
		group_leave(stream);
	}
	stream->subscribed = true;
}

/* What librdkafka does in a poll. */
static void group_serve(struct stream *stream)
{
	if (stream->subscribed && !stream->member) {
		join_ask(stream);
	}
	if (stream->member) {
		heartbeat(stream);
	}
}

static void stream_rejoin(struct tw_stream *base)
{
	struct stream *stream = stream_of(base);
	(void)commit_take(stream, true);
	stream->leave = true;
}

static void stream_gate(struct tw_stream *base, bool gated)
{
	struct stream *stream = stream_of(base);
	(void)commit_take(stream, true);
	for (uint32_t i = 0; i < stream->place_count && stream->gated && !gated; i++) {
		struct place *place = &stream->places[i];
		if (place->start < place->committed) {
			place->shown = place->shown < place->start ? place->shown : place->start;
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
	struct sim_call *call = sim_call_new(sim_fetch_end);
	call->log = at;
	if (ask(call, ASK_US) != SIM_OK) {
		return away(stream, "cannot ask a partition for its first and last offset", err);
	}
	*place = (struct place){.log = at, .committed = committed, .committing = -1};
	sim_stage(SIM_STAGE_PLACING);
	if (stream->engine->duplicates) {
		tw_duplicates_forget(stream->engine->duplicates, tw_slice_str(log->topic), log->partition);
	}
	enum tw_code code = tw_engine_place(stream->engine->store, &stream->doubt, tw_slice_str(log->topic), log->partition, committed, call->first,
	                                    call->end, &place->start, err);
	int64_t due = committed >= 0 ? committed : call->first;
	place->next = place->start;
	place->reread = tw_duplicates_covers(log->family) ? sim_world()->window : 0;
	place->shown = place->start - place->reread > call->first ? place->start - place->reread : call->first;
	sim_note("placed", at, committed, code, place->start);
	if (code == TW_OK && place->start < due && !stream->gated) {
		return tw_fail(err, TW_E_STALE, TW_RETRY, "the state lacks events that the group has committed", log->topic, NULL);
	}
	return code;
}

static void places_assign(struct stream *stream)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[i];
		int64_t first = place->start - place->reread;
		place->next = place->start;
		place->shown = place->shown < place->start ? place->shown : place->start;
		place->shown = place->shown > first ? place->shown : first;
		place->held_back = false;
	}
	stream->rewind = false;
}

static enum tw_code unplaced_place(struct stream *stream, struct tw_error *err)
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

/* One fetch of every place, as far as the batch has room. */
static enum tw_code fetch(struct stream *stream, uint32_t most, struct tw_error *err)
{
	struct sim_world *world = sim_world();
	uint32_t first = stream->place_count ? sim_random_below(sim_chance(), stream->place_count) : 0;
	if (broker_gone(stream)) {
		return away(stream, "no kafka broker answers", err);
	}
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct place *place = &stream->places[(first + i) % stream->place_count];
		const struct sim_log *log = &world->logs[place->log];
		int64_t share = sim_random_between(sim_chance(), 0, most);
		for (int64_t at = place->shown; at < log->count && stream->held < most && share > 0; at++) {
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
			                                                       .reread = at < place->start,
			                                                       .key = log->records[at].key,
			                                                       .value = log->records[at].value};
			place->shown = at + 1;
			place->next = at < place->start ? place->next : place->shown;
			share--;
		}
	}
	return TW_OK;
}

/* Another process has our instance: stop; but after an outage it may be our own unheard join. */
static enum tw_code consumer_lost(struct stream *stream, struct tw_error *err)
{
	stream->fenced = false;
	stream->held = 0;
	if (stream->outage_seen) {
		member_forget(stream);
		stream->outage_seen = stream->outage_before = false;
		stream->subscribed = false;
		stream->joined = false;
		stream->rewind = false;
		return tw_fail(err, TW_E_IO, TW_RETRY, "the group forgot us while no broker answered; joining anew", NULL, NULL);
	}
	return tw_fail(err, TW_E_STALE, TW_STOP, "another process runs as this instance", NULL, NULL);
}

/* Everything that must be true before messages are asked for. */
static enum tw_code ready_make(struct stream *stream, struct tw_error *err)
{
	enum tw_code code = settle(stream, err);
	if (code == TW_OK) {
		join(stream);
	}
	if (code == TW_OK && stream->unplaced && !stream->leave) {
		code = unplaced_place(stream, err);
	}
	if (code == TW_OK && stream->rewind) {
		places_assign(stream);
	}
	return code;
}

static enum tw_code messages_collect(struct stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	int64_t until = sim_now() + timeout_ms * SIM_MS;
	bool waited = false;
	enum tw_code code = TW_OK;
	while (code == TW_OK && stream->held == 0 && sim_now() <= until && !sim_dead()) {
		sim_sleep(waited ? sim_random_between(sim_chance(), SIM_MS, timeout_ms * SIM_MS + SIM_MS) : sim_delay());
		waited = true;
		group_serve(stream);
		if (stream->unplaced || stream->fenced) {
			bool placeable = stream->unplaced && !stream->leave && stream->state == IDLE;
			return placeable ? unplaced_place(stream, err) : TW_OK;
		}
		code = fetch(stream, most, err);
	}
	return code;
}

static enum tw_code messages_fetch(struct stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	enum tw_code code = stream->state == COMMITTING ? TW_OK : ready_make(stream, err);
	return code == TW_OK ? messages_collect(stream, most, timeout_ms, err) : code;
}

static enum tw_code stream_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                enum tw_poll *polled, struct tw_error *err)
{
	struct stream *stream = stream_of(base);
	bool untold = stream->committer.untold && stream->committer.code != TW_OK;
	stream->held = 0;
	if (most > stream->room) {
		stream->messages = realloc(stream->messages, most * sizeof(*stream->messages));
		stream->room = most;
	}
	enum tw_code code = untold ? TW_OK : messages_fetch(stream, most, timeout_ms, err);
	if (sim_dead()) {
		return tw_fail(err, TW_E_IO, TW_STOP, "killed", NULL, NULL);
	}
	if (stream->fenced) {
		return consumer_lost(stream, err);
	}
	if (code == TW_OK && stream->lost) {
		stream->held = 0;
		stream->lost = stream->handed_out = false;
		code = tw_fail(err, TW_E_IO, TW_RETRY, "the group shares its partitions anew: the batch in hand is given up", NULL, NULL);
	}
	sim_note("polled", stream->held, code, stream->gated, stream->state);
	if (code != TW_OK && stream->held && err->disposition == TW_RETRY) {
		code = TW_OK;
	}
	if (code != TW_OK) {
		return code;
	}
	if (stream->held) {
		sim_stage(SIM_STAGE_POLLED);
	}
	for (uint32_t i = 0; i < stream->held && !stream->handed_out; i++) {
		stream->handed_out = !stream->messages[i].reread;
	}
	*out = stream->messages;
	*count = stream->held;
	*polled = stream->held ? TW_POLL_BATCH : TW_POLL_IDLE;
	return TW_OK;
}

static void stream_free(struct tw_stream *base)
{
	struct stream *stream = stream_of(base);
	struct tw_error ignored;
	(void)commit_take(stream, true);
	if (stream->state == OPEN || stream->state == ABORTING) {
		enum tw_code code = stream_abort(base, &ignored);
		(void)code;
	}
	if (stream->engine->leaves && stream->joined && !stream->fenced && !sim_dead()) {
		group_leave(stream);
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
	                                           .commit_begin = stream_commit_begin,
	                                           .commit_end = stream_commit_end,
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
