/**
 * @file kafka.h
 * The parts of a Kafka stream, shared by kafka*.c only. librdkafka lives in these files and nowhere else.
 *
 *     kafka_conf.c      settings that exactly-once depends on, errors in our words
 *     kafka_consume.c   the consumer and its messages
 *     kafka_place.c     assignment, positions
 *     kafka_group.c     where the whole group stands, leaving and joining it, the gate
 *     kafka_transact.c  outputs and offsets in one transaction, and the way back
 *     kafka_log*.c      the log read by somebody who joins nothing (log_stream.h)
 *     kafka_commit.c    the thread that waits for a commit
 *     kafka.c           start and end
 *
 * One transaction a batch, begun at the first output or at commit, committed by a thread of its own while the next batch is polled. What a failed
 * transaction leaves is settled by the next poll: an outcome that is not known yet is asked for again, an abort is finished, a broken producer is
 * replaced; then the batch is fetched again, and with it what was polled while it was on its way. From where, the group is asked wherever a commit
 * was asked for and not confirmed: the broker may have done it, and have refused but the question how it ended.
 *
 *     IDLE --produce, commit_begin--> OPEN --commit_begin--> COMMITTING --taken--> IDLE            `committed` moves
 *                                      |                         |  \--time-out--> IN_DOUBT --poll--> IDLE, or ABORTING; rewind
 *                                      \---------error-----------+--error--> ABORTING --poll--> IDLE, rewind
 *                                                                               \--fatal--> BROKEN --poll--> new producer, rewind
 *
 * Positions of a place:    committed <= start <= committing (of the batch on its way, or in doubt) <= next (handed out)
 *
 *     log of a place      |....|r r r r|c c c c c|n n n ...       r: read again, looked at only   c: handed out   n: to come
 *                         shown, then  start     next = shown     a rewind moves both back to `start`
 *
 * Invariant: a message below its place's position never leaves poll, and offsets are committed with the group metadata of the assignment
 * that fetched them: a process that lost its partitions without knowing is refused by the broker.
 */
#ifndef TIDEWAITER_ENGINE_IO_KAFKA_H
#define TIDEWAITER_ENGINE_IO_KAFKA_H

#include <librdkafka/rdkafka.h>
#include <pthread.h>

#include "engine/io/kafka_clock.h"
#include "engine/io/stream_kind.h"

/* What helps where the log and the group's position no longer fit. */
#define KAFKA_ANEW "restore the log, or give a new redis.prefix and a new kafka.group to begin anew with what is there"

enum kafka_state { KAFKA_IDLE, KAFKA_OPEN, KAFKA_COMMITTING, KAFKA_IN_DOUBT, KAFKA_ABORTING, KAFKA_BROKEN };

/* One assigned partition. */
struct kafka_place {
	struct tw_slice topic; /* the configured name */
	enum tw_family family;
	int32_t partition;
	int64_t committed;  /* -1: the group never committed here */
	int64_t start;      /* where a rewind goes: committed or the log's start; gated: behind what is rebuilt */
	int64_t committing; /* behind the last message of the batch on its way; -1: none of it is from here */
	int64_t next;       /* behind the last message handed out that counts */
	int64_t shown;      /* behind the last message handed out, read again or not: below `start` while messages from before it are read again */
	int64_t reread;     /* so many offsets before `start` are read again */
	bool held_back;     /* gated: messages behind `committed` came, and were dropped */
};

enum kafka_commit_phase { KAFKA_COMMIT_NONE, KAFKA_COMMIT_ASKED, KAFKA_COMMIT_DONE, KAFKA_COMMIT_QUIT };

struct kafka_committer {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	bool running;
	enum kafka_commit_phase phase; /* under the mutex */
	/* the job: the committer's while ASKED, else the owner's */
	rd_kafka_t *producer;
	rd_kafka_topic_partition_list_t *offsets;
	const rd_kafka_consumer_group_metadata_t *group; /* the stream's: not replaced before the commit is taken */
	rd_kafka_error_t *failure;
	bool offsets_sent;
	/* the owner's: how the last one ended, until commit_end has told it */
	bool untold;
	enum tw_code code;
	struct tw_error error;
};

/* What a client's callbacks tell of the brokers. */
struct kafka_told {
	rd_kafka_resp_err_t broker_error; /* why no broker answers; 0: one does */
	bool outage;
	char reason[TW_ERROR_DETAIL_BYTES];
};

struct kafka_stream {
	struct tw_stream base;
	struct tw_kafka_options options; /* pointers into `text`, but for properties, which only tw_stream_kafka_new reads */
	struct kafka_text {
		char *input[TW_FAMILIES];
		char *alerts, *holds, *dead_letter, *shadow, *traces, *brokers, *group, *instance;
	} text;                         /* owned */
	rd_kafka_conf_t *consumer_conf; /* both kept: a client that broke is replaced */
	rd_kafka_conf_t *producer_conf;
	rd_kafka_t *consumer;
	rd_kafka_t *producer;
	bool producer_ready; /* init_transactions is done */
	bool taken_over;     /* another process has done it since: its transactional.id, and so its instance, is ours */
	int64_t opened_ms;   /* of kafka_now_ms: when the transaction in hand, or the last one, was begun */
	bool subscribed;
	enum kafka_state state;
	struct kafka_committer committer;
	bool rewind;     /* fetch again from `start` of every place */
	bool closing;    /* the consumer is being closed: it takes orders, and answers nothing */
	bool handed_out; /* messages that no commit takes along yet */
	bool lost;       /* they were handed out under an assignment that is gone */
	bool doubted;    /* a commit was asked for, and how it ended is not known */
	bool gated;      /* only what is committed is delivered */
	bool joined;     /* the group has assigned us something, even nothing, since the last subscription */
	bool leave;      /* leave the group, then join it anew */
	int32_t left;    /* the generation that was left last; -1: none, or not known */
	struct tw_stream_place *standing;
	uint32_t standing_room;

	rd_kafka_consumer_group_metadata_t *group; /* of the assignment */
	rd_kafka_topic_partition_list_t *unplaced; /* assigned by the group, not placed by us yet */
	struct kafka_place *places;
	uint32_t place_count, place_last;

	rd_kafka_message_t **held; /* the batch's: bytes stay until the next poll */
	struct tw_message *messages;
	uint32_t held_count, room;
	size_t held_bytes;

	/* told by the consumer's callbacks, on our thread, inside its poll calls; and by the producer's, as kafka_told_take hands it on */
	rd_kafka_resp_err_t broker_error; /* why no broker answers; 0: one does */
	bool consumer_fatal;
	bool outage_seen;       /* no broker answered at some time since the last commit began */
	bool outage_before;     /* or before the one on its way began */
	int64_t outage_over_ms; /* of kafka_now_ms: when a batch was first committed after an outage; 0: none yet */
	char reason[TW_ERROR_DETAIL_BYTES];
	/* told by the producer's callbacks, inside its calls, on whichever thread has the producer */
	struct kafka_told producer_told;
	rd_kafka_resp_err_t produce_error;
	uint64_t bytes_done;
};

/* kafka_conf.c */
TW_MUST_USE enum tw_code kafka_conf_build(struct kafka_stream *stream, rd_kafka_conf_t **consumer, rd_kafka_conf_t **producer, struct tw_error *err);
/* For a consumer that assigns itself: no member of any group, no name that anybody else could have. Callbacks are the caller's. */
TW_MUST_USE enum tw_code kafka_conf_reader(const struct tw_kafka_options *options, rd_kafka_conf_t **out, struct tw_error *err);
/* Our code and disposition for one of librdkafka's; `where` may be NULL. */
enum tw_code kafka_fail(struct tw_error *err, rd_kafka_resp_err_t cause, const char *what, const char *where, const char *detail);
bool kafka_is_auth(rd_kafka_resp_err_t cause);
bool kafka_is_fenced(rd_kafka_resp_err_t cause);
/* By the broker for a transaction that was open too long, or because another process has taken over. */
bool kafka_is_fenced_producer(rd_kafka_resp_err_t cause);
/* What the producer's callbacks told, to where the consumer's tell it. Whoever has the producer. */
void kafka_told_take(struct kafka_stream *stream);

/* kafka_consume.c */
TW_MUST_USE enum tw_code kafka_consumer_open(struct kafka_stream *stream, struct tw_error *err);
/* Leaves the group where it can; forgets places, messages and the assignment. */
void kafka_consumer_close(struct kafka_stream *stream);
TW_MUST_USE enum tw_code kafka_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                    enum tw_poll *polled, struct tw_error *err);
void kafka_held_release(struct kafka_stream *stream);

/* kafka_place.c */
void kafka_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t cause, rd_kafka_topic_partition_list_t *partitions, void *opaque);
/* rd_kafka_assign, and the fetchers that it stops have stopped. @param partitions NULL: none */
rd_kafka_resp_err_t kafka_assign(rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *partitions);
/* Place what the group assigned. On a failure that may pass, the next poll tries again: nothing is fetched until then. */
TW_MUST_USE enum tw_code kafka_places_place(struct kafka_stream *stream, struct tw_error *err);
/* Every place back to its `start`, or before it where something is yet to be read again. */
TW_MUST_USE enum tw_code kafka_places_assign(struct kafka_stream *stream, struct tw_error *err);
/* NULL: it is none of ours. */
struct kafka_place *kafka_place_find(struct kafka_stream *stream, const rd_kafka_message_t *message);
/* The log no longer holds all that was to be read again: fetch without. */
TW_MUST_USE enum tw_code kafka_reread_shorten(struct kafka_stream *stream, struct kafka_place *place, struct tw_error *err);

/* kafka_group.c */
TW_MUST_USE enum tw_code kafka_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                        struct tw_error *err);
void kafka_rejoin(struct tw_stream *base);
void kafka_gate(struct tw_stream *base, bool gated);
TW_MUST_USE enum tw_code kafka_join(struct kafka_stream *stream, struct tw_error *err);
/* For good, or before a new join: a static member that only closes keeps its place until its session times out. */
void kafka_leave(struct kafka_stream *stream);
/* Of the assignment; -1: there is none, or librdkafka does not show it. */
int32_t kafka_generation(const struct kafka_stream *stream);
/* What is assigned is placed anew, by what the group has committed. */
void kafka_places_doubt(struct kafka_stream *stream);
/* What is behind us when gated: positions move, nobody is told. */
void kafka_gated_commit(struct kafka_stream *stream);
/* As tw_stream_lag: by the log's end that came with the last fetch. */
void kafka_lag(const struct tw_stream *base, int64_t lag[TW_FAMILIES]);
/* Nothing more is fetched of this partition until it is assigned again. */
void kafka_hold_back(struct kafka_stream *stream, struct kafka_place *place);

/* kafka_transact.c */
TW_MUST_USE enum tw_code kafka_producer_open(struct kafka_stream *stream, struct tw_error *err);
void kafka_producer_close(struct kafka_stream *stream);
/*
 * For a consumer that was fenced: is there another process of this instance that began after us? Nothing is left open.
 * @param taken out, on TW_OK @return TW_E_IO retry: the broker does not say
 */
TW_MUST_USE enum tw_code kafka_producer_ask(struct kafka_stream *stream, bool *taken, struct tw_error *err);
/* Finish what the last transaction left open. */
TW_MUST_USE enum tw_code kafka_settle(struct kafka_stream *stream, struct tw_error *err);
TW_MUST_USE enum tw_code kafka_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err);
TW_MUST_USE enum tw_code kafka_abort(struct tw_stream *base, struct tw_error *err);
TW_MUST_USE enum tw_code kafka_transaction_open(struct kafka_stream *stream, struct tw_error *err);
/* Both wait for the broker, on any thread, and try once more where that may help. @return NULL, or the failure: the caller's */
rd_kafka_error_t *kafka_call_offsets(rd_kafka_t *producer, const rd_kafka_topic_partition_list_t *offsets,
                                     const rd_kafka_consumer_group_metadata_t *group);
rd_kafka_error_t *kafka_call_commit(rd_kafka_t *producer);
/* The owner's part of a commit's end. @param failure consumed; of the commit where the offsets were sent, else of those */
TW_MUST_USE enum tw_code kafka_transaction_ended(struct kafka_stream *stream, rd_kafka_error_t *failure, bool offsets_sent, struct tw_error *err);

/* kafka_commit.c */
TW_MUST_USE enum tw_code kafka_committer_start(struct kafka_stream *stream, struct tw_error *err);
/* Waits for a commit on its way. Nothing where none was started. */
void kafka_committer_stop(struct kafka_stream *stream);
/* Take over the outcome of the commit on its way, which commit_end will tell. @return false: not over yet, and `wait` was not asked for */
bool kafka_commit_take(struct kafka_stream *stream, bool wait);
/* There is something to take. */
bool kafka_commit_done(struct kafka_stream *stream);
TW_MUST_USE enum tw_code kafka_commit_begin(struct tw_stream *base, struct tw_error *err);
TW_MUST_USE enum tw_code kafka_commit_end(struct tw_stream *base, bool wait, bool *over, struct tw_error *err);
TW_MUST_USE enum tw_code kafka_commit(struct tw_stream *base, struct tw_error *err);

#endif
