/**
 * @file stream_transact.c
 * Outputs and input offsets in one transaction, and every way it can end: as kafka_transact.c and kafka_commit.c have it.
 */
#include <string.h>

#include "tests/simulation/stream.h"

#define CALL_US  (3 * SIM_S)
#define ATTEMPTS 2
#define INIT_US  (20 * SIM_S)

/* ---- transactions: kafka_transact.c ---- */

static struct sim_call *transact_call(const struct sim_stream *stream, sim_serve *serve)
{
	struct sim_call *call = sim_call_new(serve);
	call->epoch = stream->epoch;
	call->member = stream->member;
	call->generation = stream->generation;
	return call;
}

static void fence_note(struct sim_stream *stream, enum sim_answer answer)
{
	stream->taken_over = stream->taken_over || (answer == SIM_FENCED_PRODUCER && sim_now() - stream->opened < SIM_TXN_US);
}

static enum tw_code transaction_failed(struct sim_stream *stream, enum sim_answer answer, enum sim_state retriable, const char *what,
                                       struct tw_error *err)
{
	sim_note("transaction failed", answer, retriable, 0, 0);
	fence_note(stream, answer);
	stream->state = answer == SIM_FENCED_PRODUCER ? SIM_BROKEN : answer == SIM_NO_ANSWER ? retriable : SIM_ABORTING;
	if (answer == SIM_NO_ANSWER) {
		return sim_stream_away(stream, what, err);
	}
	return tw_fail(err, TW_E_IO, sim_dead() ? TW_STOP : TW_RETRY, what, NULL, "answer %d", (int)answer);
}

static void transaction_done(struct sim_stream *stream)
{
	stream->state = SIM_IDLE;
	stream->doubted = false;
	stream->outage_before = false;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct sim_place *place = &stream->places[i];
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
		answer = sim_stream_ask(call, CALL_US);
	}
	return answer;
}

static enum tw_code doubt_end(struct sim_stream *stream, struct tw_error *err)
{
	enum sim_answer answer = end_ask(stream->epoch, true);
	stream->rewind = true;
	if (answer != SIM_OK) {
		return transaction_failed(stream, answer, SIM_IN_DOUBT, "cannot commit a batch", err);
	}
	transaction_done(stream);
	return TW_OK;
}

static enum tw_code abort_call(struct sim_stream *stream, struct tw_error *err)
{
	enum sim_answer answer = end_ask(stream->epoch, false);
	if (answer != SIM_OK && answer != SIM_NO_TRANSACTION) { /* there was none yet: nothing to abort */
		return transaction_failed(stream, answer, SIM_ABORTING, "cannot abort a batch", err);
	}
	stream->state = SIM_IDLE;
	return TW_OK;
}

static enum tw_code transaction_end(struct sim_stream *stream, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	(void)sim_stream_take(stream, true);
	if (stream->state == SIM_IN_DOUBT) {
		code = doubt_end(stream, err);
	} else if (stream->state == SIM_OPEN) {
		stream->state = SIM_ABORTING;
		stream->rewind = true;
	}
	if (code == TW_OK && stream->state == SIM_ABORTING) {
		code = abort_call(stream, err);
	}
	return code;
}

static void transaction_open(struct sim_stream *stream)
{
	if (stream->state != SIM_OPEN) {
		stream->state = SIM_OPEN;
		stream->opened = sim_now();
		stream->outputs = NULL;
	}
}

enum tw_code sim_stream_producer_ask(struct sim_stream *stream, bool *taken, struct tw_error *err)
{
	enum tw_code code = transaction_end(stream, err);
	if (code == TW_OK && stream->state == SIM_IDLE && stream->producer_ready) {
		transaction_open(stream);
		enum sim_answer answer = sim_stream_ask(transact_call(stream, sim_send_offsets), CALL_US);
		stream->rewind = true;
		stream->state = SIM_ABORTING;
		code = answer == SIM_OK ? TW_OK : transaction_failed(stream, answer, SIM_ABORTING, "cannot ask who has the transactions", err);
		code = answer == SIM_NO_ANSWER ? code : TW_OK;
	}
	*taken = stream->taken_over;
	return stream->state == SIM_BROKEN ? TW_OK : code;
}

/* A heartbeat tells whether somebody has our place, too. */
static enum tw_code heir_await(struct sim_stream *stream, struct tw_error *err)
{
	int64_t until = sim_now() + SIM_HEARTBEAT_US + SIM_S;
	while (stream->joined && !stream->fenced && sim_now() < until && sim_sleep(SIM_HEARTBEAT_US / 4)) {
		sim_stream_serve(stream);
	}
	stream->rewind = true;
	return stream->fenced ? tw_fail(err, TW_E_IO, TW_RETRY, "another process has this instance's place and its transactions", NULL, NULL) : TW_OK;
}

enum tw_code sim_stream_settle(struct sim_stream *stream, struct tw_error *err)
{
	enum tw_code code = transaction_end(stream, err);
	if (code == TW_OK && stream->state == SIM_BROKEN && stream->taken_over) {
		code = heir_await(stream, err);
	}
	if (code == TW_OK && stream->state == SIM_BROKEN) {
		stream->producer_ready = false;
		stream->state = SIM_IDLE;
	}
	if (code == TW_OK && !stream->producer_ready) {
		struct sim_call *call = sim_call_new(sim_init_producer);
		if (sim_stream_ask(call, INIT_US) != SIM_OK) {
			return sim_stream_away(stream, "cannot take over this instance's transactions", err);
		}
		stream->epoch = call->epoch;
		stream->producer_ready = true;
		stream->taken_over = false;
	}
	if (code == TW_OK && stream->doubted) {
		stream->doubted = false;
		stream->unplaced = stream->unplaced || stream->place_count;
		stream->place_count = 0;
	}
	return code;
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

enum tw_code sim_stream_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
	struct sim_output *one = sim_alloc(sizeof(*one));
	if (stream->state == SIM_COMMITTING) {
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
		return sim_dead() ? sim_stream_away(stream, "killed", err) : TW_OK;
	}
	/* librdkafka sends when it likes */
	struct sim_call *call = transact_call(stream, sim_produce);
	call->outputs = stream->outputs;
	stream->outputs = NULL;
	enum sim_answer answer = sim_stream_ask(call, CALL_US);
	stream->rewind = stream->rewind || answer != SIM_OK;
	return answer == SIM_OK ? TW_OK : transaction_failed(stream, answer, SIM_ABORTING, "cannot produce outputs", err);
}

/* ---- the commit on its way: kafka_commit.c ---- */

static void job_do(void *context)
{
	struct sim_stream *stream = context;
	struct sim_committer *committer = &stream->committer;
	struct sim_call *call = sim_alloc(sizeof(*call));
	*call = committer->ask;
	call->serve = sim_produce;
	committer->answer = call->outputs ? sim_stream_ask(call, CALL_US) : SIM_OK;
	sim_stage(SIM_STAGE_OFFSETS);
	if (committer->answer == SIM_OK) {
		call->serve = sim_send_offsets;
		committer->answer = sim_stream_ask(call, CALL_US);
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

static void job_fill(struct sim_stream *stream)
{
	struct sim_committer *committer = &stream->committer;
	struct sim_call *call = transact_call(stream, sim_produce);
	call->outputs = stream->outputs;
	stream->outputs = NULL;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct sim_place *place = &stream->places[i];
		place->committing = place->next > place->start ? place->next : -1;
		if (place->committing >= 0) {
			call->offsets[call->offset_count++] = (struct sim_offset){place->log, place->committing};
		}
	}
	*committer = (struct sim_committer){.ask = *call};
}

bool sim_stream_take(struct sim_stream *stream, bool wait)
{
	struct sim_committer *committer = &stream->committer;
	if (stream->state != SIM_COMMITTING) {
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
	committer->code = transaction_failed(stream, committer->answer, sent ? SIM_IN_DOUBT : SIM_ABORTING,
	                                     sent ? "cannot commit a batch" : "cannot commit a batch's offsets", &committer->error);
	stream->outage_seen = stream->outage_seen || stream->outage_before;
	stream->rewind = true;
	stream->doubted = sent;
	return true;
}

enum tw_code sim_stream_commit_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
	struct sim_committer *committer = &stream->committer;
	*over = sim_stream_take(stream, wait);
	if (!*over || !committer->untold) {
		return TW_OK;
	}
	committer->untold = false;
	if (committer->code != TW_OK) {
		*err = committer->error;
	}
	return committer->code;
}

enum tw_code sim_stream_commit_begin(struct tw_stream *base, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
	bool over, moved = false;
	enum tw_code code = sim_stream_commit_end(base, true, &over, err);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		moved = moved || stream->places[i].next > stream->places[i].start;
		stream->places[i].start = code == TW_OK && stream->gated ? stream->places[i].next : stream->places[i].start;
	}
	if (code == TW_OK && stream->gated) {
		stream->handed_out = false;
		return TW_OK;
	}
	if (code != TW_OK || (!moved && stream->state == SIM_IDLE)) {
		return code;
	}
	transaction_open(stream);
	job_fill(stream);
	stream->handed_out = false;
	stream->outage_before = stream->outage_before || stream->outage_seen;
	stream->outage_seen = false;
	stream->state = SIM_COMMITTING;
	if (!sim_dead()) {
		(void)sim_thread_start(job_do, stream);
	}
	return TW_OK;
}

enum tw_code sim_stream_commit(struct tw_stream *base, struct tw_error *err)
{
	bool over;
	enum tw_code code = sim_stream_commit_begin(base, err);
	return code == TW_OK ? sim_stream_commit_end(base, true, &over, err) : code;
}

enum tw_code sim_stream_abort(struct tw_stream *base, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
	(void)sim_stream_take(stream, true);
	stream->handed_out = stream->lost = false;
	if (stream->state == SIM_IN_DOUBT) {
		return TW_OK;
	}
	stream->rewind = true;
	if (stream->state == SIM_OPEN || stream->state == SIM_ABORTING) {
		stream->state = SIM_ABORTING;
		return abort_call(stream, err);
	}
	return TW_OK;
}
