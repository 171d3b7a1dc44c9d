/**
 * @file stream.h
 * A stream over the simulated broker and group: states, positions and answers of engine/io/kafka.h, call by call.
 *
 *     IDLE --produce, commit_begin--> OPEN --commit_begin--> COMMITTING --taken--> IDLE            `committed` moves
 *                                      |                         |  \--no answer--> IN_DOUBT --poll--> IDLE, or ABORTING; rewind
 *                                      \---------error-----------+--refused--> ABORTING --poll--> IDLE, rewind
 *                                                                              \--fenced--> BROKEN --poll--> new producer, rewind
 *
 *     stream.c            kafka_consume.c, assemble.c's question     places, messages, the tw_stream itself
 *     stream_transact.c   kafka_transact.c, kafka_commit.c           outputs and offsets in one transaction
 *     stream_group.c      kafka_group.c                              members, generations, the gate
 *
 * What librdkafka does by itself (heartbeats, joining, retries) is done in poll; heartbeats are seen as late as they are there. The thread that waits
 * for a commit is one here, too. Threads: one.
 */
#ifndef TIDEWAITER_TESTS_SIMULATION_STREAM_H
#define TIDEWAITER_TESTS_SIMULATION_STREAM_H

#include "engine/io/stream_kind.h"
#include "engine/run/assemble.h"
#include "tests/simulation/world.h"

#define SIM_HEARTBEAT_US (3 * SIM_S)
#define SIM_ASK_US       (5 * SIM_S) /* for an answer of broker or group */

enum sim_state { SIM_IDLE, SIM_OPEN, SIM_COMMITTING, SIM_IN_DOUBT, SIM_ABORTING, SIM_BROKEN };

struct sim_place {
	uint32_t log;
	int64_t committed, start, committing, next, shown, reread;
	bool held_back;
};

/* kafka_commit.c's: the thread's from its start until it is done. */
struct sim_committer {
	bool done;
	struct sim_call ask; /* epoch, member, generation, outputs, offsets */
	enum sim_answer answer;
	bool offsets_sent;
	/* how the last one ended, until commit_end has told it */
	bool untold;
	enum tw_code code;
	struct tw_error error;
};

struct sim_stream {
	struct tw_stream base;
	struct sim_engine *engine;
	enum sim_state state;
	struct sim_committer committer;
	struct tw_doubt doubt;
	bool producer_ready, rewind, handed_out, lost, doubted, gated, leave, fenced, outage_seen, outage_before;
	bool taken_over; /* by another process: it was no time-out */
	int64_t opened;
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

	struct sim_place places[SIM_LOGS_MOST];
	uint32_t place_count;
	struct tw_message *messages;
	uint32_t held, room;
	struct sim_output *outputs; /* not sent yet */
	struct tw_stream_place standing[SIM_LOGS_MOST];
};

struct sim_stream *sim_stream_of(struct tw_stream *base);
/* No request arrives just now. */
bool sim_stream_cut(const struct sim_stream *stream);
/* TW_E_IO, retry; stop for a process that unwinds. */
enum tw_code sim_stream_away(struct sim_stream *stream, const char *what, struct tw_error *err);
/* Asks until the answer is not BUSY. */
enum sim_answer sim_stream_ask(struct sim_call *call, int64_t patience_us);

/* stream_transact.c */
enum tw_code sim_stream_producer_ask(struct sim_stream *stream, bool *taken, struct tw_error *err);
enum tw_code sim_stream_settle(struct sim_stream *stream, struct tw_error *err);
/* The outcome of the commit on its way. @return false: it has none yet */
bool sim_stream_take(struct sim_stream *stream, bool wait);
enum tw_code sim_stream_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err);
enum tw_code sim_stream_commit(struct tw_stream *base, struct tw_error *err);
enum tw_code sim_stream_commit_begin(struct tw_stream *base, struct tw_error *err);
enum tw_code sim_stream_commit_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err);
enum tw_code sim_stream_abort(struct tw_stream *base, struct tw_error *err);

/* stream_group.c */
void sim_stream_forget(struct sim_stream *stream);
void sim_stream_leave(struct sim_stream *stream);
void sim_stream_join(struct sim_stream *stream);
/* What librdkafka does in a poll. */
void sim_stream_serve(struct sim_stream *stream);
void sim_stream_rejoin(struct tw_stream *base);
void sim_stream_gate(struct tw_stream *base, bool gated);
enum tw_code sim_stream_committed(struct sim_stream *stream, uint64_t logs, struct sim_call **out, struct tw_error *err);
enum tw_code sim_stream_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err);

#endif
