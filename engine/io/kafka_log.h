/**
 * @file kafka_log.h
 * The parts of the log stream (log_stream.h), shared by kafka_log.c (reading) and kafka_log_find.c (which partitions, how far).
 */
#ifndef TIDEWAITER_ENGINE_IO_KAFKA_LOG_H
#define TIDEWAITER_ENGINE_IO_KAFKA_LOG_H

#include "engine/io/kafka_clock.h"
#include "engine/io/kafka.h"
#include "engine/io/log_stream.h"

/* One partition. */
struct kafka_reader {
	struct tw_log_place place;
	enum tw_family family;
	int64_t next;    /* behind the last message handed out */
	int64_t settled; /* `next` as it was when a batch was last committed; what an abort goes back to */
	int64_t guard;   /* the group's committed offset at the first look: later ones are told to nobody */
	bool ended;      /* `upto` is reached */
	/* by time */
	int64_t begin; /* first offset that is asked for */
	rd_kafka_topic_t *topic;
	rd_kafka_message_t *head; /* the oldest that was not handed out */
	bool started;
};

struct kafka_log {
	struct tw_stream base;
	struct tw_kafka_options options; /* pointers are copies */
	char *input[TW_FAMILIES];
	char *brokers, *group;
	bool told, by_time;
	rd_kafka_t *consumer;
	struct kafka_reader *readers;
	struct tw_log_place *places; /* for the caller */
	struct tw_stream_place *standing;
	uint32_t count;
	bool placing; /* ask `placed` before the next message */
	bool assign;  /* ranges moved, or a batch was given up */
	rd_kafka_message_t **held;
	struct tw_message *messages;
	uint32_t held_count, room;
	size_t held_bytes;
	int64_t heard_ms;
	rd_kafka_resp_err_t broker_error;
	char reason[TW_ERROR_DETAIL_BYTES];
	uint64_t bytes_done;
};

static inline struct kafka_log *kafka_log_of(struct tw_stream *base)
{
	return (struct kafka_log *)base;
}

static inline enum tw_code kafka_log_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for reading the log", NULL, NULL);
}

/* Takes the message over: the next of the batch. */
void kafka_log_keep(struct kafka_log *log, struct kafka_reader *reader, rd_kafka_message_t *message);
/* No more of it is fetched. */
void kafka_log_end(struct kafka_log *log, struct kafka_reader *reader);
/* An error in place of a message, or the end of a partition. */
TW_MUST_USE enum tw_code kafka_log_error(struct kafka_log *log, const rd_kafka_message_t *message, struct tw_error *err);

/* By time, kafka_log_time.c. */

/* Where each partition begins and ends. */
TW_MUST_USE enum tw_code kafka_log_time_begin(struct kafka_log *log, const int64_t since_ms[TW_FAMILIES], struct tw_error *err);
/* Fetch whatever is not at its end, from where it stands. */
TW_MUST_USE enum tw_code kafka_log_time_start(struct kafka_log *log, struct tw_error *err);
void kafka_log_time_halt(struct kafka_reader *reader);
/* Keeps one message. @param quiet out: a partition that may hold an earlier one has not answered */
TW_MUST_USE enum tw_code kafka_log_time_next(struct kafka_log *log, int timeout_ms, bool *quiet, struct tw_error *err);
void kafka_log_time_release(struct kafka_log *log);

/* Every partition of every input topic. */
TW_MUST_USE enum tw_code kafka_log_find(struct kafka_log *log, struct tw_error *err);

#endif
