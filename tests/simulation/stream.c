/**
 * @file stream.c
 * Places and messages; see stream.h.
 */
#include "tests/simulation/stream.h"

#include <stdlib.h>
#include <string.h>

#include "engine/run/duplicates.h"
#include "engine/state/store.h"

#define AGAIN_US (20 * SIM_MS)

struct sim_stream *sim_stream_of(struct tw_stream *base)
{
	return (struct sim_stream *)(void *)base;
}

bool sim_stream_cut(const struct sim_stream *stream)
{
	return sim_world()->broker_down || sim_now() < stream->engine->kafka_cut_until;
}

enum tw_code sim_stream_away(struct sim_stream *stream, const char *what, struct tw_error *err)
{
	stream->outage_seen = stream->outage_seen || sim_stream_cut(stream);
	return tw_fail(err, TW_E_IO, sim_dead() ? TW_STOP : TW_RETRY, what, NULL, "no answer");
}

/* Asks until the answer is not BUSY. */
enum sim_answer sim_stream_ask(struct sim_call *call, int64_t patience_us)
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

/* ---- places and messages: kafka_consume.c, and assemble.c's question ---- */

static enum tw_code place_one(struct sim_stream *stream, uint32_t at, int64_t committed, struct sim_place *place, struct tw_error *err)
{
	const struct sim_log *log = &sim_world()->logs[at];
	struct sim_call *call = sim_call_new(sim_fetch_end);
	call->log = at;
	if (sim_stream_ask(call, SIM_ASK_US) != SIM_OK) {
		return sim_stream_away(stream, "cannot ask a partition for its first and last offset", err);
	}
	*place = (struct sim_place){.log = at, .committed = committed, .committing = -1};
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

static void places_assign(struct sim_stream *stream)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct sim_place *place = &stream->places[i];
		int64_t first = place->start - place->reread;
		place->next = place->start;
		place->shown = place->shown < place->start ? place->shown : place->start;
		place->shown = place->shown > first ? place->shown : first;
		place->held_back = false;
	}
	stream->rewind = false;
}

static enum tw_code unplaced_place(struct sim_stream *stream, struct tw_error *err)
{
	struct sim_call *call = NULL;
	struct sim_place places[SIM_LOGS_MOST];
	uint32_t count = 0;
	enum tw_code code = sim_stream_committed(stream, stream->assigned, &call, err);
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
static enum tw_code fetch(struct sim_stream *stream, uint32_t most, struct tw_error *err)
{
	struct sim_world *world = sim_world();
	uint32_t first = stream->place_count ? sim_random_below(sim_chance(), stream->place_count) : 0;
	if (sim_stream_cut(stream)) {
		return sim_stream_away(stream, "no kafka broker answers", err);
	}
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct sim_place *place = &stream->places[(first + i) % stream->place_count];
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

/* Another process has our instance: stop; but after an outage it may be our own unheard join, and then nobody took over the transactions. */
static enum tw_code consumer_lost(struct sim_stream *stream, struct tw_error *err)
{
	bool taken = false;
	enum tw_code code = stream->outage_seen ? sim_stream_producer_ask(stream, &taken, err) : TW_OK;
	stream->held = 0;
	if (code != TW_OK) {
		return code;
	}
	stream->fenced = false;
	if (stream->outage_seen && !taken) {
		sim_stream_forget(stream);
		stream->outage_seen = stream->outage_before = false;
		stream->subscribed = false;
		stream->joined = false;
		stream->rewind = false;
		return tw_fail(err, TW_E_IO, TW_RETRY, "the group forgot us while no broker answered; joining anew", NULL, NULL);
	}
	return tw_fail(err, TW_E_STALE, TW_STOP, "another process runs as this instance", NULL, NULL);
}

/* Everything that must be true before messages are asked for. */
static enum tw_code ready_make(struct sim_stream *stream, struct tw_error *err)
{
	enum tw_code code = sim_stream_settle(stream, err);
	if (code == TW_OK) {
		sim_stream_join(stream);
	}
	if (code == TW_OK && stream->unplaced && !stream->leave) {
		code = unplaced_place(stream, err);
	}
	if (code == TW_OK && stream->rewind) {
		places_assign(stream);
	}
	return code;
}

static enum tw_code messages_collect(struct sim_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	int64_t until = sim_now() + timeout_ms * SIM_MS;
	bool waited = false;
	enum tw_code code = TW_OK;
	while (code == TW_OK && stream->held == 0 && sim_now() <= until && !sim_dead()) {
		sim_sleep(waited ? sim_random_between(sim_chance(), SIM_MS, timeout_ms * SIM_MS + SIM_MS) : sim_delay());
		waited = true;
		sim_stream_serve(stream);
		if (stream->unplaced || stream->fenced) {
			bool placeable = stream->unplaced && !stream->leave && stream->state == SIM_IDLE;
			return placeable ? unplaced_place(stream, err) : TW_OK;
		}
		code = fetch(stream, most, err);
	}
	return code;
}

static enum tw_code messages_fetch(struct sim_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	enum tw_code code = stream->state == SIM_COMMITTING ? TW_OK : ready_make(stream, err);
	return code == TW_OK ? messages_collect(stream, most, timeout_ms, err) : code;
}

static enum tw_code stream_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                enum tw_poll *polled, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
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
	struct sim_stream *stream = sim_stream_of(base);
	struct tw_error ignored;
	(void)sim_stream_take(stream, true);
	if (stream->state == SIM_OPEN || stream->state == SIM_ABORTING) {
		enum tw_code code = sim_stream_abort(base, &ignored);
		(void)code;
	}
	if (stream->engine->leaves && stream->joined && !stream->fenced && !sim_dead()) {
		sim_stream_leave(stream);
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
	                                           .produce = sim_stream_produce,
	                                           .commit = sim_stream_commit,
	                                           .commit_begin = sim_stream_commit_begin,
	                                           .commit_end = sim_stream_commit_end,
	                                           .abort = sim_stream_abort,
	                                           .free = stream_free,
	                                           .progress = stream_progress,
	                                           .standing = sim_stream_standing,
	                                           .rejoin = sim_stream_rejoin,
	                                           .gate = sim_stream_gate};
	struct sim_stream *stream = calloc(1, sizeof(*stream));
	stream->base.kind = &kind;
	stream->engine = engine;
	return &stream->base;
}
