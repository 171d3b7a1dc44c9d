/**
 * @file stream_group.c
 * A member of the group: joining it, leaving it, hearing of it, and the gate: as kafka_group.c has it.
 */
#include "tests/simulation/stream.h"

#define LEAVE_US (5 * SIM_S)

/* Before the assignment changes, whichever way. */
static void revoked(struct sim_stream *stream)
{
	(void)sim_stream_take(stream, true);
	stream->lost = stream->lost || stream->handed_out;
	stream->place_count = 0;
	stream->held = 0;
	stream->unplaced = false;
}

void sim_stream_forget(struct sim_stream *stream)
{
	revoked(stream);
	stream->member = 0;
	stream->joining = false;
}

static void join_ask(struct sim_stream *stream)
{
	struct sim_call *call = sim_call_new(sim_join);
	call->member = stream->member;
	enum sim_answer answer = sim_stream_ask(call, SIM_ASK_US);
	if (answer == SIM_OK) {
		stream->member = call->member;
		stream->joining = true;
		stream->beaten = 0;
	} else if (answer == SIM_FENCED_INSTANCE) {
		stream->fenced = true;
	} else if (answer == SIM_UNKNOWN_MEMBER) {
		sim_stream_forget(stream);
	}
}

static void assigned(struct sim_stream *stream, const struct sim_call *call)
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
static void heartbeat(struct sim_stream *stream)
{
	if (!stream->joining && sim_now() - stream->beaten < sim_random_between(sim_chance(), 0, SIM_HEARTBEAT_US)) {
		return;
	}
	struct sim_call *call = sim_call_new(sim_heartbeat);
	call->member = stream->member;
	enum sim_answer answer = sim_call_ask(call, SIM_ASK_US);
	stream->beaten = sim_now();
	if (answer == SIM_FENCED_INSTANCE) {
		stream->fenced = true;
	} else if (answer == SIM_OK && stream->joining) {
		assigned(stream, call);
	} else if (answer == SIM_REBALANCING || (answer == SIM_OK && call->generation != stream->generation)) {
		revoked(stream); /* the latter: a rebalance went by while we were away */
		join_ask(stream);
	} else if (answer == SIM_UNKNOWN_MEMBER) {
		sim_stream_forget(stream);
		join_ask(stream);
	}
}

/* The request is sent once, answered or not: librdkafka does not wait for it long. */
void sim_stream_leave(struct sim_stream *stream)
{
	struct sim_call *call = sim_call_new(sim_leave);
	call->member = stream->member;
	sim_note("leaving", (int64_t)stream->member, 0, 0, 0);
	stream->left = stream->generation;
	if (sim_world()->control != SIM_GENERATION_KEPT && !sim_random_chance(sim_chance(), sim_world()->leaves_lost_of_thousand)) {
		(void)sim_call_ask(call, LEAVE_US);
	}
	sim_stream_forget(stream);
	stream->subscribed = false;
	stream->rewind = false;
	stream->joined = false;
	stream->leave = false;
}

void sim_stream_join(struct sim_stream *stream)
{
	if (stream->leave && stream->joined) {
		sim_stream_leave(stream);
	}
	stream->subscribed = true;
}

/* What librdkafka does in a poll. */
void sim_stream_serve(struct sim_stream *stream)
{
	if (stream->subscribed && !stream->member) {
		join_ask(stream);
	}
	if (stream->member) {
		heartbeat(stream);
	}
}

void sim_stream_rejoin(struct tw_stream *base)
{
	struct sim_stream *stream = sim_stream_of(base);
	(void)sim_stream_take(stream, true);
	stream->leave = true;
}

void sim_stream_gate(struct tw_stream *base, bool gated)
{
	struct sim_stream *stream = sim_stream_of(base);
	(void)sim_stream_take(stream, true);
	for (uint32_t i = 0; i < stream->place_count && stream->gated && !gated; i++) {
		struct sim_place *place = &stream->places[i];
		if (place->start < place->committed) {
			place->shown = place->shown < place->start ? place->shown : place->start;
			place->start = place->committed;
			stream->rewind = true;
		}
		stream->rewind = stream->rewind || place->held_back;
	}
	stream->gated = gated;
}

enum tw_code sim_stream_committed(struct sim_stream *stream, uint64_t logs, struct sim_call **out, struct tw_error *err)
{
	struct sim_call *call = sim_call_new(sim_fetch_committed);
	call->logs = logs;
	*out = call;
	return sim_stream_ask(call, SIM_ASK_US) == SIM_OK ? TW_OK : sim_stream_away(stream, "cannot ask the group for its committed offsets", err);
}

enum tw_code sim_stream_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err)
{
	struct sim_stream *stream = sim_stream_of(base);
	struct sim_world *world = sim_world();
	struct sim_call *call = NULL;
	*count = 0;
	enum tw_code code = sim_stream_settle(stream, err);
	code = code == TW_OK ? sim_stream_committed(stream, (UINT64_C(1) << world->log_count) - 1, &call, err) : code;
	for (uint32_t i = 0; i < world->log_count && code == TW_OK; i++) {
		stream->standing[i] = (struct tw_stream_place){tw_slice_str(world->logs[i].topic), world->logs[i].partition, call->committed[i]};
	}
	*places = stream->standing;
	*count = code == TW_OK ? world->log_count : 0;
	*settled = stream->joined && !stream->leave && !stream->unplaced;
	return code;
}
