/**
 * @file kafka_transact.c
 * Outputs and input offsets in one transaction, and every way it can end; the states stand in kafka.h.
 *
 * A call that librdkafka names retriable is made again as it was, an abortable failure ends in an abort, a fatal one in a new producer of the
 * same transactional.id, which makes the broker abort whatever the old one left. A fenced *consumer* is what tells a zombie to stop; a
 * fenced producer alone may be the broker's own doing (it ends a transaction that is open too long), and the offsets of a zombie's new
 * producer are refused by its old group generation.
 *
 * Of two processes of one instance the newer one stays. Every process takes over the transactions before it joins the group, and the broker does so
 * for one after the other: that is the order. Hence who finds its producer taken over, by no time-out, waits for the next heartbeat before it takes
 * over in its turn, and who finds its consumer fenced as well has an heir:
 *
 *     older     init ... join ......... asleep ........ woken: consumer fenced -> producer fenced? yes: stop
 *     newer                    init ... join ......................................... goes on
 *     alone     init ... join, unheard ... join again: consumer fenced -> producer fenced? no: that was myself, join anew
 *
 * A refused commit need not be a failed one: the broker committed, its answer was lost, and by the time the question was repeated another process of
 * this instance had the producer. Then the offsets of our own places are out of date, and the group is asked for them.
 * Invariant: `committed` moves only after the broker has confirmed a commit, or the group was asked.
 * Source: KIP-98, KIP-345, KIP-447; librdkafka issue 4849 (an abort must not overtake AddPartitions: flush first), rdkafka_txnmgr.c of 2.0.2
 * (whichever way the broker says that a producer was taken over, __FENCED is what comes of it).
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/io/kafka.h"

#define CALL_MS            3000  /* one attempt; the thread is blocked meanwhile */
#define ATTEMPTS           2     /* of a retriable call before the caller hears of it, and can say so */
#define INIT_MS            20000 /* taking over waits for the predecessor's open transaction to be aborted */
#define FLUSH_MS           10000
#define QUEUE_FULL_WAIT_MS 100
#define QUEUE_FULL_WAITS   100
#define ANSWER_MS          1000 /* a heartbeat's, with a machine that is busy */
#define POLL_MS            20

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
		stream->taken_over = false;
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

static int64_t milliseconds_of(const rd_kafka_conf_t *conf, const char *name)
{
	char text[16] = "";
	size_t size = sizeof(text);
	return rd_kafka_conf_get(conf, name, text, &size) == RD_KAFKA_CONF_OK ? strtoll(text, NULL, 10) : 0;
}

/* The broker ends a transaction that is open too long, and fences its producer for it: then nobody needs to have taken over. */
static void fence_note(struct kafka_stream *stream, const rd_kafka_error_t *failure)
{
	bool overdue = kafka_now_ms() - stream->opened_ms >= milliseconds_of(stream->producer_conf, "transaction.timeout.ms");
	stream->taken_over = stream->taken_over || (kafka_is_fenced_producer(rd_kafka_error_code(failure)) && !overdue);
}

/* Where a failed call leaves the transaction. */
static enum tw_code transaction_failed(struct kafka_stream *stream, rd_kafka_error_t *failure, enum kafka_state retriable, const char *what,
                                       struct tw_error *err)
{
	fence_note(stream, failure);
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

/* Whatever is open is decided, or the producer is BROKEN. */
static enum tw_code transaction_end(struct kafka_stream *stream, struct tw_error *err)
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
	return code;
}

/* A heartbeat is sent and answered: whoever has our place in the group, too, is heard of. What comes meanwhile is fetched again. */
static enum tw_code heir_await(struct kafka_stream *stream, struct tw_error *err)
{
	int64_t until = kafka_now_ms() + milliseconds_of(stream->consumer_conf, "heartbeat.interval.ms") + ANSWER_MS;
	while (stream->joined && !stream->consumer_fatal && kafka_now_ms() < until) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(stream->consumer, POLL_MS);
		if (message) {
			stream->consumer_fatal = stream->consumer_fatal || message->err == RD_KAFKA_RESP_ERR__FATAL;
			rd_kafka_message_destroy(message);
		}
	}
	stream->rewind = true;
	return stream->consumer_fatal
	           ? tw_fail(err, TW_E_IO, TW_RETRY, "another process has this instance's place and its transactions", stream->options.instance, NULL)
	           : TW_OK;
}

/*
 * Asked by a transaction that is always undone: the coordinator looks at the producer before the offsets are looked at. The group may refuse those:
 * that is what the consumer has heard already.
 */
static rd_kafka_error_t *fence_ask(struct kafka_stream *stream)
{
	rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(1);
	rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(stream->consumer);
	rd_kafka_topic_partition_list_add(offsets, stream->options.topics.alerts, 0)->offset = 0;
	rd_kafka_error_t *failure = kafka_call_offsets(stream->producer, offsets, group);
	rd_kafka_consumer_group_metadata_destroy(group);
	rd_kafka_topic_partition_list_destroy(offsets);
	return failure;
}

enum tw_code kafka_producer_ask(struct kafka_stream *stream, bool *taken, struct tw_error *err)
{
	enum tw_code code = transaction_end(stream, err);
	if (code == TW_OK && stream->state == KAFKA_IDLE && stream->producer_ready) {
		code = kafka_transaction_open(stream, err);
	}
	if (code == TW_OK && stream->state == KAFKA_OPEN) {
		rd_kafka_error_t *failure = fence_ask(stream);
		bool silent = failure && rd_kafka_error_is_retriable(failure);
		stream->rewind = true;
		stream->state = KAFKA_ABORTING;
		code = failure ? transaction_failed(stream, failure, KAFKA_ABORTING, "cannot ask who has this instance's transactions", err) : TW_OK;
		code = silent ? code : TW_OK;
	}
	*taken = stream->taken_over;
	return stream->state == KAFKA_BROKEN ? TW_OK : code; /* it answers no question; why, was noted */
}

enum tw_code kafka_settle(struct kafka_stream *stream, struct tw_error *err)
{
	enum tw_code code = transaction_end(stream, err);
	if (code == TW_OK && stream->state == KAFKA_BROKEN && stream->taken_over) {
		code = heir_await(stream, err);
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
	stream->opened_ms = kafka_now_ms();
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
	const char *topic = tw_topic_out(&stream->options.topics, output->kind);
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
