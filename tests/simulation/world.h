/**
 * @file world.h
 * One seed's world: engines, Redis servers, a Kafka broker with its group, and what goes wrong between them.
 *
 *     schedule.c   time, processes        server.c   Redis's keys          broker.c   logs, transactions        faults.c   the plan
 *     engine.c     one engine's life      hiredis.c  the way to them       group.c    members, generations      check.c    the verdict
 *                                         stream.c   a tw_stream over broker and group
 *
 * Everything is of one seed and one thread; memory of sim_alloc goes with the seed.
 */
#ifndef TIDEWAITER_TESTS_SIMULATION_WORLD_H
#define TIDEWAITER_TESTS_SIMULATION_WORLD_H

#include <stddef.h>
#include <tidewaiter/alert.h>
#include <tidewaiter/event.h>

#include "engine/base/arena.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/server.h"

#define SIM_REDIS_MOST    2U
#define SIM_LOGS_MOST     8U
#define SIM_INSTANCES     4U
#define SIM_ENGINES_MOST  64U
#define SIM_SESSION_US    (10 * SIM_S) /* of a group member */
#define SIM_REBALANCE_US  (30 * SIM_S) /* that members have to join anew */
#define SIM_TXN_US        (60 * SIM_S) /* that a transaction may be open */
#define SIM_RECORDS_FIRST 256U

/** What is broken on purpose: the checker must fail. */
enum sim_control {
	SIM_SOUND = 0,
	SIM_EPOCH_IGNORED,      /* the server takes appends of any epoch */
	SIM_GENERATION_KEPT,    /* nobody leaves the group before joining it anew after a loss: the old generation goes on */
	SIM_WRITES_TORN,        /* an append is as many writes as it has keys */
	SIM_COMPACTION_UNBOUND, /* the guard of compactions by the record's generation is gone */
	SIM_COMMITS_ANYBODY,    /* the broker takes offsets of old generations */
	SIM_WATCH_IGNORED,      /* a transaction happens though somebody has written in between */
	SIM_CONFIRM_SKIPPED,    /* what was to be written is taken for written, whatever the server answers */
	SIM_CONTROLS,
};
const char *sim_control_name(enum sim_control control);

struct sim_redis {
	struct sim_server *server;
	bool down;
	uint32_t life; /* one more at each crash: connections of an earlier one are broken */
};

/* ---- the broker ---- */

struct sim_output {
	enum tw_output_kind kind;
	struct tw_slice value;
	struct tw_slice topic; /* of the event, for a dead letter */
	int32_t partition;
	int64_t offset;
	struct sim_output *next;
};

struct sim_record {
	struct tw_slice key, value;
	bool data; /* false: a transaction's marker, which no consumer ever sees */
};

struct sim_log {
	const char *topic;
	enum tw_family family;
	int32_t partition;
	struct sim_record *records; /* by offset */
	int64_t count;
	int64_t room;
	int64_t data_end;  /* behind the last event */
	int64_t committed; /* by the group; -1 never */
	uint32_t pending;  /* transactions that hold an offset of it, not finished */
};

enum sim_transaction { SIM_TXN_NONE = 0, SIM_TXN_OPEN, SIM_TXN_COMMITTING, SIM_TXN_ABORTING };

struct sim_offset {
	uint32_t log;
	int64_t offset;
};

/* Of one transactional.id. */
struct sim_producer {
	uint32_t epoch;
	enum sim_transaction state;
	bool committed_last; /* how the last one ended */
	uint32_t unseen;     /* of a decided one: outputs, offsets */
	uint64_t number;     /* of its transactions */
	struct sim_output *outputs;
	struct sim_offset offsets[SIM_LOGS_MOST];
	uint32_t offset_count;
};

struct sim_member {
	bool used;
	bool rejoined; /* in the rebalance under way */
	uint64_t id;
	struct sim_engine *engine;
	uint64_t assigned; /* bits of logs */
};

struct sim_group {
	uint32_t generation;
	bool preparing;
	uint64_t round; /* of rebalances */
	uint64_t ids;
	struct sim_member member[SIM_INSTANCES]; /* by instance: every member is a static one */
};

/* What a request can be answered with. */
enum sim_answer {
	SIM_OK = 0,
	SIM_NO_ANSWER, /* it, or its reply, was lost, or took too long */
	SIM_BUSY,      /* ask again */
	SIM_FENCED_PRODUCER,
	SIM_FENCED_INSTANCE,
	SIM_UNKNOWN_MEMBER,
	SIM_OLD_GENERATION,
	SIM_REBALANCING,
	SIM_NO_TRANSACTION,
};

struct sim_call;
typedef enum sim_answer sim_serve(struct sim_call *call);

/* One request to the broker: lives with the seed, for it may arrive after its sender died. */
struct sim_call {
	struct sim_engine *engine;
	struct sim_process *asker;
	sim_serve *serve;
	enum sim_answer answer;
	bool answered;
	int64_t ready;
	/* asked */
	uint32_t instance, epoch, generation, log, most;
	uint64_t member;
	uint64_t logs; /* bits */
	bool commit;
	int64_t from;
	struct sim_output *outputs;
	struct sim_offset offsets[SIM_LOGS_MOST];
	uint32_t offset_count;
	/* answered */
	int64_t first, end;
	int64_t committed[SIM_LOGS_MOST];
	uint64_t assigned;
};

struct sim_call *sim_call_new(sim_serve *serve);
/** Sends it; the answer is waited for elsewhere. */
void sim_call_send(struct sim_call *call);
/** @return the answer; SIM_NO_ANSWER when none has come by then */
enum sim_answer sim_call_await(struct sim_call *call, int64_t patience_us);
enum sim_answer sim_call_ask(struct sim_call *call, int64_t patience_us);

/* transactions (broker.c) */
sim_serve sim_init_producer, sim_produce, sim_send_offsets, sim_end_transaction;
/* logs */
sim_serve sim_fetch_end, sim_fetch_committed;
/* the group (group.c) */
sim_serve sim_join, sim_heartbeat, sim_leave;
enum sim_answer sim_member_check(uint32_t instance, uint64_t member, uint32_t generation);
/** It does not answer any more, for now: its session runs. */
void sim_session_watch(struct sim_engine *engine);

struct sim_log *sim_log_add(const char *topic, enum tw_family family, int32_t partition);
void sim_log_append(struct sim_log *log, struct tw_slice key, struct tw_slice value);
void sim_log_gap(struct sim_log *log);

/* ---- engines ---- */

struct tw_duplicates;
struct tw_stream;
struct tw_store;
struct tw_pipeline;

/* One incarnation. */
struct sim_engine {
	struct sim_process *process;
	uint32_t number, instance;
	int64_t redis_cut_until, kafka_cut_until;
	int64_t kafka_there; /* when the last request arrives */
	bool leaves;         /* the group, at an orderly end */
	uint32_t batch_events, portion_bytes;
	struct tw_store *store;
	struct tw_duplicates *duplicates; /* NULL: not compared */
	struct tw_stream *stream;
	struct tw_pipeline *pipeline;
};

struct sim_engine *sim_engine_start(uint32_t instance);
struct sim_engine *sim_engine_self(void);
uint32_t sim_engine_number(const struct sim_engine *engine);
/* The broker or Redis sees nothing of it just now. */
bool sim_engine_silent(const struct sim_engine *engine);
/* The incarnation that runs as an instance, the last one started; NULL: none. */
struct sim_engine *sim_engine_of(uint32_t instance);

/** @return a stream for this engine */
struct tw_stream *sim_stream_new(struct sim_engine *engine);

/* ---- the whole ---- */

/* Where an engine can be caught, for faults that a random moment would seldom meet. */
enum sim_stage {
	SIM_STAGE_POLLED = 1, /* messages are handed out */
	SIM_STAGE_OFFSETS,    /* all outputs are sent, the offsets are not */
	SIM_STAGE_COMMIT,     /* the offsets are sent, the commit is not */
	SIM_STAGE_COMMITTED,  /* the commit is answered, nobody has heard of it */
	SIM_STAGE_PLACING,    /* the group was asked for its offsets, the store was not */
	SIM_STAGES,
};
/** The running process is there: it may be killed or stopped, and more may happen meanwhile. */
void sim_stage(enum sim_stage stage);

#define SIM_FAULTS_MOST 64U
struct sim_fault {
	int64_t when;
	char words[88];
};

struct sim_world {
	uint64_t seed;
	enum sim_control control;
	struct sim_random events, faults; /* apart, so that one does not change the other */
	struct tw_arena arena;
	uint32_t redis_count, shards;
	struct sim_redis redis[SIM_REDIS_MOST];
	struct sim_log logs[SIM_LOGS_MOST];
	uint32_t log_count;
	struct sim_log *facts; /* the one that the engines write themselves */
	uint32_t window;       /* of duplicates, in offsets; 0: none */
	struct sim_producer producers[SIM_INSTANCES];
	struct sim_group group;
	struct sim_output *committed; /* all of them, in no order */
	bool broker_down;
	uint32_t lost_of_thousand; /* requests and replies of Kafka */
	uint32_t leaves_lost_of_thousand;
	int64_t slow_us; /* the longest delay on an ordinary way */
	uint32_t slower_of_thousand;
	bool loses;  /* state may be lost */
	bool lossy;  /* it was */
	bool ambush; /* a plan of one kind: see sim_faults_plan */
	int64_t faults_end;
	struct sim_engine engines[SIM_ENGINES_MOST];
	uint32_t engine_count;
	uint32_t instances; /* wanted at the end */
	struct sim_trap {
		enum sim_stage stage; /* 0: none */
		bool kills;
		bool loses; /* state, in the same moment */
	} trap;
	struct sim_fault fault[SIM_FAULTS_MOST];
	uint32_t fault_count;
	uint32_t kills, losses, rebalances, restarts;
	char failure[512]; /* "" : none */
};

struct sim_world *sim_world(void);
void *sim_alloc(size_t bytes);
/** How long something takes on its way: mostly short, now and then long. */
int64_t sim_delay(void);
/** The seed has failed; the first reason is kept. */
void sim_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sim_trace_command(const struct sim_engine *engine, uint32_t count, const struct sim_bytes *words, const struct redisReply *reply);

/* events.c: what the logs get, and when */
void sim_events_plan(void);
bool sim_events_over(void);
/* faults.c */
void sim_faults_plan(void);
/* check.c: sim_fail for whatever is not as it must be */
void sim_check(void);
/* judging, the same for every engine of a run */
struct tw_judge;
struct tw_judge *sim_judge(void);

#endif
