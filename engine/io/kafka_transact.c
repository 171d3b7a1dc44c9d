/**
 * @file kafka_transact.c
 * Outputs and input offsets in one transaction, and every way it can end; the states stand in kafka.h.
 *
 * A call that librdkafka names retriable is made again as it was, an abortable failure ends in an abort, a fatal one in a new producer of the
 * same transactional.id, which makes the broker abort whatever the old one left. A fenced *consumer* is what tells a zombie to stop; a
 * fenced producer alone may be the broker's own doing (it ends a transaction that is open too long), and the offsets of a zombie's new
 * producer are refused by its old group generation.
 * A refused commit need not be a failed one: the broker committed, its answer was lost, and by the time the question was repeated another process of
 * this instance had the producer. Then the offsets of our own places are out of date, and the group is asked for them.
 * Invariant: `committed` moves only after the broker has confirmed a commit, or the group was asked.
 * Source: KIP-98, KIP-447; librdkafka issue 4849 (an abort must not overtake AddPartitions: flush first).
 */
#include <stdio.h>

#include "engine/io/kafka.h"

#define CALL_MS            3000  /* one attempt; the thread is blocked meanwhile */
#define ATTEMPTS           2     /* of a retriable call before the caller hears of it, and can say so */
#define INIT_MS            20000 /* taking over waits for the predecessor's open transaction to be aborted */
#define FLUSH_MS           10000
#define QUEUE_FULL_WAIT_MS 100
#define QUEUE_FULL_WAITS   100

void kafka_producer_close(struct kafka_stream *stream)
{
	if (stream->producer) {
		rd_kafka_purge(stream->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
		rd_kafka_flush(stream->producer, 0);
		rd_kafka_destroy(stream->producer);
		stream->producer = NULL;
	}
	stream->producer_ready = false;
}

enum tw_code kafka_producer_open(struct kafka_stream *stream, struct tw_error *err)
{
	char words[TW_ERROR_DETAIL_BYTES];
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(stream->producer_conf);
	kafka_producer_close(stream);
	stream->producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, words, sizeof(words));
	if (!stream->producer) {
		rd_kafka_conf_destroy(conf);
		return tw_fail(err, TW_E_RANGE, TW_STOP, "cannot make a kafka producer", "kafka", "%s", words);
	}
	return TW_OK;
}

/* Consumes `failure`. Where the transaction goes from here is set by the caller. */
static enum tw_code failure_take(struct kafka_stream *stream, rd_kafka_error_t *failure, const char *what, struct tw_error *err)
{
	rd_kafka_resp_err_t cause = rd_kafka_error_code(failure);
	enum tw_code code = TW_E_IO;
	kafka_told_take(stream);
	if (kafka_is_auth(stream->broker_error)) {
		cause = stream->broker_error;
	}
	if (kafka_is_auth(cause)) {
		code = kafka_fail(err, cause, what, stream->options.instance, rd_kafka_error_string(failure));
	} else {
		tw_fail(err, code, TW_RETRY, what, stream->options.instance, "%s", rd_kafka_error_string(failure));
	}
	rd_kafka_error_destroy(failure);
	return code;
}

static enum tw_code producer_take_over(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_error_t *failure = rd_kafka_init_transactions(stream->producer, INIT_MS);
	if (!failure) {
		stream->producer_ready = true;
		return TW_OK;
	}
	if (rd_kafka_error_is_fatal(failure)) {
		stream->state = KAFKA_BROKEN;
	}
	rd_kafka_poll(stream->producer, 0); /* the error callback may know more: a refused password reads as a time-out here */
	return failure_take(stream, failure, "cannot take over this instance's transactions", err);
}

/* The batch is committed: what was read for it is behind us. */
static void transaction_done(struct kafka_stream *stream)
{
	stream->state = KAFKA_IDLE;
	stream->doubted = false;
	stream->outage_over_ms = stream->outage_before ? kafka_now_ms() : stream->outage_over_ms;
	stream->outage_before = false;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct kafka_place *place = &stream->places[i];
		if (place->committing >= 0) {
			place->committed = place->start = place->committing;
			place->committing = -1;
		}
	}
}

/* Where a failed call leaves the transaction. */
static enum tw_code transaction_failed(struct kafka_stream *stream, rd_kafka_error_t *failure, enum kafka_state retriable, const char *what,
                                       struct tw_error *err)
{
	if (rd_kafka_error_is_fatal(failure)) {
		stream->state = KAFKA_BROKEN;
	} else if (rd_kafka_error_is_retriable(failure) && !rd_kafka_error_txn_requires_abort(failure)) {
		stream->state = retriable;
	} else {
		stream->state = KAFKA_ABORTING;
	}
	return failure_take(stream, failure, what, err);
}

static bool again(const rd_kafka_error_t *failure, int attempt)
{
	return failure && rd_kafka_error_is_retriable(failure) && !rd_kafka_error_txn_requires_abort(failure) && !rd_kafka_error_is_fatal(failure) &&
	       attempt < ATTEMPTS;
}

rd_kafka_error_t *kafka_call_commit(rd_kafka_t *producer)
{
	rd_kafka_error_t *failure = NULL;
	for (int attempt = 1; attempt == 1 || again(failure, attempt); attempt++) {
		if (failure) {
			rd_kafka_error_destroy(failure);
		}
		failure = rd_kafka_commit_transaction(producer, CALL_MS);
	}
	return failure;
}

rd_kafka_error_t *kafka_call_offsets(rd_kafka_t *producer, const rd_kafka_topic_partition_list_t *offsets,
                                     const rd_kafka_consumer_group_metadata_t *group)
{
	rd_kafka_error_t *failure = NULL;
	for (int attempt = 1; attempt == 1 || again(failure, attempt); attempt++) {
		if (failure) {
			rd_kafka_error_destroy(failure);
		}
		failure = rd_kafka_send_offsets_to_transaction(producer, offsets, group, CALL_MS);
	}
	return failure;
}

/* A commit that was in doubt: asked for again, and what was polled since it began goes the way of a failed batch. */
static enum tw_code doubt_end(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_error_t *failure = kafka_call_commit(stream->producer);
	stream->rewind = true;
	if (failure) {
		return transaction_failed(stream, failure, KAFKA_IN_DOUBT, "cannot commit a batch", err);
	}
	transaction_done(stream);
	return TW_OK;
}

static enum tw_code abort_call(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_error_t *failure = NULL;
	rd_kafka_flush(stream->producer, FLUSH_MS);
	for (int attempt = 1; attempt == 1 || again(failure, attempt); attempt++) {
		if (failure) {
			rd_kafka_error_destroy(failure);
		}
		failure = rd_kafka_abort_transaction(stream->producer, CALL_MS);
	}
	if (failure) {
		if (!rd_kafka_error_is_fatal(failure) && !rd_kafka_error_is_retriable(failure)) {
			stream->state = KAFKA_BROKEN; /* in no state that an abort could end: only a new producer can */
			return failure_take(stream, failure, "cannot abort a batch", err);
		}
		return transaction_failed(stream, failure, KAFKA_ABORTING, "cannot abort a batch", err);
	}
	stream->state = KAFKA_IDLE;
	return TW_OK;
}

enum tw_code kafka_settle(struct kafka_stream *stream, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	(void)kafka_commit_take(stream, true);
	if (stream->state == KAFKA_IN_DOUBT) {
		code = doubt_end(stream, err);
	} else if (stream->state == KAFKA_OPEN) {
		stream->state = KAFKA_ABORTING; /* polled without a commit: the batch is given up */
		stream->rewind = true;
	}
	if (code == TW_OK && stream->state == KAFKA_ABORTING) {
		code = abort_call(stream, err);
	}
	if (code == TW_OK && stream->state == KAFKA_BROKEN) {
		code = kafka_producer_open(stream, err);
		stream->state = code == TW_OK ? KAFKA_IDLE : stream->state;
	}
	if (code == TW_OK && !stream->producer_ready) {
		code = producer_take_over(stream, err);
	}
	if (code == TW_OK && stream->doubted) {
		stream->doubted = false;
		kafka_places_doubt(stream); /* it has ended by now, one way or the other */
	}
	return code;
}

enum tw_code kafka_transaction_open(struct kafka_stream *stream, struct tw_error *err)
{
	if (stream->state == KAFKA_OPEN) {
		return TW_OK;
	}
	rd_kafka_error_t *failure = rd_kafka_begin_transaction(stream->producer);
	if (failure) {
		stream->rewind = true;
		return transaction_failed(stream, failure, KAFKA_ABORTING, "cannot begin a transaction", err);
	}
	stream->produce_error = RD_KAFKA_RESP_ERR_NO_ERROR;
	stream->state = KAFKA_OPEN;
	return TW_OK;
}

/* NULL when there is no memory. */
static rd_kafka_headers_t *headers_make(const struct tw_output *output)
{
	rd_kafka_headers_t *headers = rd_kafka_headers_new(output->header_count);
	for (uint32_t i = 0; headers && i < output->header_count; i++) {
		const struct tw_header *header = &output->headers[i];
		if (rd_kafka_header_add(headers, header->name.ptr, (ssize_t)header->name.len, header->value.ptr, (ssize_t)header->value.len)) {
			rd_kafka_headers_destroy(headers);
			return NULL;
		}
	}
	return headers;
}

/* librdkafka copies the bytes (RD_KAFKA_MSG_F_COPY); its type only lacks the const. */
static void *bytes_lend(struct tw_slice bytes)
{
	union {
		const char *ours;
		void *theirs;
	} lent = {.ours = bytes.ptr};
	return lent.theirs;
}

/* Where the queue is full its head is being sent: wait for room. @return 0, or why not; the headers are taken on success only */
static rd_kafka_resp_err_t output_queue(struct kafka_stream *stream, const struct tw_output *output, const char *topic, rd_kafka_headers_t *headers)
{
	rd_kafka_resp_err_t cause = RD_KAFKA_RESP_ERR__QUEUE_FULL;
	/* The array form: the macros of rd_kafka_producev are no ISO C. */
	const rd_kafka_vu_t parts[] = {
	    {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = topic},
	    {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
	    {.vtype = RD_KAFKA_VTYPE_KEY, .u.mem = {bytes_lend(output->key), output->key.len}},
	    {.vtype = RD_KAFKA_VTYPE_VALUE, .u.mem = {bytes_lend(output->value), output->value.len}},
	    {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
	};
	for (int i = 0; i < QUEUE_FULL_WAITS && cause == RD_KAFKA_RESP_ERR__QUEUE_FULL; i++) {
		rd_kafka_error_t *failure = rd_kafka_produceva(stream->producer, parts, sizeof(parts) / sizeof(parts[0]));
		cause = failure ? rd_kafka_error_code(failure) : RD_KAFKA_RESP_ERR_NO_ERROR;
		if (failure) {
			rd_kafka_error_destroy(failure);
		}
		if (cause == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
			rd_kafka_poll(stream->producer, QUEUE_FULL_WAIT_MS);
		}
	}
	return cause;
}

static enum tw_code too_large(struct tw_error *err, const char *topic)
{
	return tw_fail(err, TW_E_LIMIT, TW_STOP, "an output is larger than its topic takes", topic,
	               "raise the topic's max.message.bytes, and kafka.properties.message.max.bytes, above limits.event_bytes");
}

enum tw_code kafka_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	const char *topic = kafka_topic_out(&stream->options.topics, output->kind);
	enum tw_code code = kafka_transaction_open(stream, err);
	if (code != TW_OK) {
		return code;
	}
	rd_kafka_headers_t *headers = headers_make(output);
	if (!headers) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an output's headers", topic, NULL);
	}
	rd_kafka_resp_err_t cause = output_queue(stream, output, topic, headers);
	if (!cause) {
		return TW_OK;
	}
	rd_kafka_headers_destroy(headers);
	stream->state = KAFKA_ABORTING;
	stream->rewind = true;
	return cause == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE ? too_large(err, topic)
	                                                     : kafka_fail(err, cause, "cannot produce an output", topic, NULL);
}

enum tw_code kafka_transaction_ended(struct kafka_stream *stream, rd_kafka_error_t *failure, bool offsets_sent, struct tw_error *err)
{
	kafka_told_take(stream);
	if (!failure) {
		transaction_done(stream);
		return TW_OK;
	}
	enum tw_code code = transaction_failed(stream, failure, offsets_sent ? KAFKA_IN_DOUBT : KAFKA_ABORTING,
	                                       offsets_sent ? "cannot commit a batch" : "cannot commit a batch's offsets", err);
	stream->outage_seen = stream->outage_seen || stream->outage_before;
	stream->rewind = true;
	stream->doubted = offsets_sent;
	if (stream->produce_error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE) {
		return too_large(err, "alerts, holds or dead letters"); /* would fail for ever */
	}
	return code;
}

enum tw_code kafka_abort(struct tw_stream *base, struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	(void)kafka_commit_take(stream, true);
	stream->handed_out = stream->lost = false;
	if (stream->state == KAFKA_IN_DOUBT) {
		return TW_OK; /* the next poll asks how it ended: it may have been committed */
	}
	stream->rewind = true;
	if (stream->state == KAFKA_OPEN || stream->state == KAFKA_ABORTING) {
		stream->state = KAFKA_ABORTING;
		return abort_call(stream, err);
	}
	return TW_OK;
}
