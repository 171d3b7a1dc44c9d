/**
 * @file log_stream.h
 * The input log as it lies there: every partition of every input topic, read by somebody who joins no group and disturbs nobody.
 *
 *     partition   [start ......... committed ...... end)
 *                  |---- from --> upto ----|                 both are the caller's: the first look sets them to start and committed
 *
 * A kind of stream, so that the pipeline reads it as it reads any other; its messages are `replayed`: their history counts, nothing is judged or put
 * out. A poll says END when every partition is at its `upto`; moved on by tw_stream_log_range, it goes on from there.
 *
 * What a message says of `committed`, which is what the store behind it may fold away: with `told` the committed offset of the first look at once;
 * else no more of that than has been handed out and committed to this stream, as a store in memory that begins empty wants it.
 *
 * With `by_time` it is a history: all of it, to the log's end at the first look, judged like a file. Oldest first: of all partitions the message
 * whose time (as the log has it) is the earliest, among equals by topic as configured, then partition. Same log: same order, however it is fetched.
 *
 * Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_IO_LOG_STREAM_H
#define TIDEWAITER_ENGINE_IO_LOG_STREAM_H

#include "engine/io/stream.h"

struct tw_log_options {
	/** brokers, group, topics.input, properties; the rest is not looked at but for `placed` (as there, with committed the place's `upto`), NULL:
	 * all from the log's start. It is asked again after tw_stream_rejoin. */
	struct tw_kafka_options kafka;
	bool told;
	bool by_time; /**< `placed` and `told` are not looked at */
	int64_t
	    since_ms[TW_FAMILIES]; /**< by time, by family - 1: from the first message at or after it, milliseconds since 1970; 0: the log's start */
};

struct tw_log_place {
	struct tw_slice topic; /**< lives as long as the stream */
	int32_t partition;
	int64_t log_start, log_end; /**< when last looked at; a transaction that is still open may keep the end from being read */
	int64_t committed;          /**< of the group, when last looked at; -1 never */
	int64_t from;               /**< first offset that is delivered */
	int64_t upto;               /**< none at or above it is */
};

/** Connects, finds all partitions and looks. @return as tw_stream_kafka_new; TW_E_STALE stop: the group's position lies outside the log */
TW_MUST_USE enum tw_code tw_stream_log_new(const struct tw_log_options *options, struct tw_stream **out, struct tw_error *err);
/** @param stream of tw_stream_log_new @return by topic as configured, then partition; until the stream is freed */
const struct tw_log_place *tw_stream_log_places(const struct tw_stream *stream, uint32_t *count);
/** Ask anew where log and group stand; `from` and `upto` stay. @return TW_OK; TW_E_IO retry; TW_E_AUTH */
TW_MUST_USE enum tw_code tw_stream_log_look(struct tw_stream *stream, struct tw_error *err);
/** Read on to `upto`; below what was read already changes nothing. @param place below the count of places */
void tw_stream_log_range(struct tw_stream *stream, uint32_t place, int64_t upto);
/** Messages that lie between what was delivered and `upto`, over all partitions; offsets that are no messages count too. */
uint64_t tw_stream_log_left(const struct tw_stream *stream);
/** Members that the group has now. */
TW_MUST_USE enum tw_code tw_stream_log_members(struct tw_stream *stream, uint32_t *out, struct tw_error *err);

#endif
