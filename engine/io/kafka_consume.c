/**
 * @file kafka_consume.c
 * The input side of a Kafka stream: the batch of messages.
 *
 * Messages are polled one by one (rd_kafka_consume_batch_queue is unsafe with rebalances before librdkafka 2.1), and a message below the position is
 * dropped (a fetch that was under way before a rewind may still arrive). A rebalance during a batch is served by the next poll; until then the broker
 * refuses or accepts the commit by the assignment's own metadata.
 */
#include <stdlib.h>

#include "engine/io/kafka.h"

#define GATHER_MESSAGES 256U                       /* worth a way through the stages of their own, while a commit is on its way */
#define GATHER_MS       1                          /* between two looks at that */
#define SESSION_MS      45000                      /* the default of librdkafka */
#define HELD_BYTES_MAX  ((size_t)64 * 1024 * 1024) /* of one batch: messages of the largest size must not add up by their number alone */

void kafka_held_release(struct kafka_stream *stream)
{
	for (uint32_t i = 0; i < stream->held_count; i++) {
		rd_kafka_message_destroy(stream->held[i]);
	}
	stream->held_count = 0;
	stream->held_bytes = 0;
}

enum tw_code kafka_consumer_open(struct kafka_stream *stream, struct tw_error *err)
{
	char words[TW_ERROR_DETAIL_BYTES];
	rd_kafka_conf_t *conf = rd_kafka_conf_dup(stream->consumer_conf);
	stream->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, words, sizeof(words));
	if (!stream->consumer) {
		rd_kafka_conf_destroy(conf);
		return tw_fail(err, TW_E_RANGE, TW_STOP, "cannot make a kafka consumer", "kafka", "%s", words);
	}
	return TW_OK;
}

void kafka_consumer_close(struct kafka_stream *stream)
{
	(void)kafka_commit_take(stream, true); /* it goes by the membership that ends here */
	kafka_held_release(stream);
	if (stream->consumer) {
		stream->closing = true;
		rd_kafka_consumer_close(stream->consumer);
		stream->closing = false;
	}
	if (stream->unplaced) {
		rd_kafka_topic_partition_list_destroy(stream->unplaced);
		stream->unplaced = NULL;
	}
	if (stream->group) {
		rd_kafka_consumer_group_metadata_destroy(stream->group);
		stream->group = NULL;
	}
	if (stream->consumer) {
		rd_kafka_destroy(stream->consumer);
		stream->consumer = NULL;
	}
	stream->place_count = 0;
	stream->lost = stream->lost || stream->handed_out;
	stream->subscribed = false;
	stream->joined = false;
	stream->rewind = false;
}

/* The last header of that name, "" when there is none. */
static struct tw_slice header_of(const rd_kafka_headers_t *headers, const char *name)
{
	const void *value = NULL;
	size_t size = 0;
	if (rd_kafka_header_get_last(headers, name, &value, &size) || !value || size > UINT32_MAX) {
		return (struct tw_slice){NULL, 0};
	}
	return (struct tw_slice){value, (uint32_t)size};
}

static void message_keep(struct kafka_stream *stream, struct kafka_place *place, rd_kafka_message_t *message)
{
	rd_kafka_headers_t *headers = NULL;
	struct tw_message *out = &stream->messages[stream->held_count];
	*out = (struct tw_message){.family = place->family,
	                           .topic = place->topic,
	                           .partition = place->partition,
	                           .offset = message->offset,
	                           .committed = place->committed,
	                           .reread = message->offset < place->start,
	                           .key = {message->key, (uint32_t)message->key_len},
	                           .value = {message->payload, (uint32_t)message->len}};
	if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		out->ce_id = header_of(headers, "ce_id");
		out->ce_type = header_of(headers, "ce_type");
		out->ce_time = header_of(headers, "ce_time");
		out->ce_source = header_of(headers, "ce_source");
	}
	stream->held[stream->held_count++] = message;
	stream->held_bytes += message->len;
	place->shown = message->offset + 1;
	if (!out->reread) {
		stream->bytes_done += message->len;
		place->next = place->shown;
	}
}

/* A join of ours that was answered into the void is met by the next one: within a session, and a batch may be committed before. */
static bool outage_near(const struct kafka_stream *stream)
{
	int64_t patience_ms = stream->options.session_timeout_ms ? stream->options.session_timeout_ms : SESSION_MS;
	return stream->outage_seen || stream->outage_before || (stream->outage_over_ms && kafka_now_ms() - stream->outage_over_ms < 2 * patience_ms);
}

/*
 * A consumer that librdkafka has given up. Fenced means that another process joined as this instance, or, after an outage, that a join of our
 * own was answered into the void and the next one met it: then, and only then, joining anew fences nobody. Which of the two it was, the transactions
 * tell: who begins takes them over before it joins. Where the broker ended them itself, for they were open too long, they tell nothing; should it be
 * somebody after all, then that one finds both taken over, and stops.
 */
static enum tw_code consumer_lost(struct kafka_stream *stream, struct tw_error *err)
{
	char words[TW_ERROR_DETAIL_BYTES] = "";
	rd_kafka_resp_err_t cause = rd_kafka_fatal_error(stream->consumer, words, sizeof(words));
	bool may_be_ours = outage_near(stream) && kafka_is_fenced(cause), taken = false;
	enum tw_code code = may_be_ours ? kafka_producer_ask(stream, &taken, err) : TW_OK;
	if (code != TW_OK) {
		return code; /* the next poll asks again */
	}
	if (may_be_ours && !taken) {
		kafka_consumer_close(stream);
		code = kafka_consumer_open(stream, err);
		if (code != TW_OK) {
			return code;
		}
		rd_kafka_poll_set_consumer(stream->consumer);
		stream->consumer_fatal = false;
		stream->outage_seen = stream->outage_before = false;
		stream->outage_over_ms = 0;
		return tw_fail(err, TW_E_IO, TW_RETRY, "the group forgot us while no broker answered; joining anew", stream->options.instance, "%s",
		               words);
	}
	code = kafka_fail(err, cause, "the consumer cannot go on", stream->options.instance, words);
	if (err) {
		err->disposition = TW_STOP;
	}
	return code;
}

/* No broker at all: told once a call. */
static enum tw_code broker_trouble(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_resp_err_t cause = stream->broker_error;
	stream->broker_error = RD_KAFKA_RESP_ERR_NO_ERROR;
	return kafka_fail(err, cause, "no kafka broker answers", stream->options.brokers, stream->reason);
}

/* An error in place of a message. */
static enum tw_code message_error(struct kafka_stream *stream, const rd_kafka_message_t *message, struct tw_error *err)
{
	const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : NULL;
	rd_kafka_resp_err_t cause = message->err;
	if (cause == RD_KAFKA_RESP_ERR__PARTITION_EOF || cause == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) {
		return TW_OK; /* the latter: thrown out of the group for a long batch; the same poll rejoins */
	}
	struct kafka_place *place = cause == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET && topic ? kafka_place_find(stream, message) : NULL;
	if (place && place->shown < place->start) {
		return kafka_reread_shorten(stream, place, err);
	}
	if (cause == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the position to read from is no longer in the log", topic, "%s; " KAFKA_ANEW,
		               rd_kafka_message_errstr(message));
	}
	if (cause == RD_KAFKA_RESP_ERR__FATAL) {
		stream->consumer_fatal = true; /* looked at when the poll is over: the message belongs to the consumer */
		return TW_OK;
	}
	return kafka_fail(err, cause, "cannot read from kafka", topic, rd_kafka_message_errstr(message));
}

/* @return TW_OK whatever came; `quiet` when nothing did */
static enum tw_code message_next(struct kafka_stream *stream, int timeout_ms, bool *quiet, struct tw_error *err)
{
	rd_kafka_message_t *message = rd_kafka_consumer_poll(stream->consumer, timeout_ms);
	*quiet = !message;
	if (!message) {
		return TW_OK;
	}
	struct kafka_place *place = NULL;
	enum tw_code code = TW_OK;
	if (message->err) {
		code = message_error(stream, message, err);
	} else {
		stream->broker_error = RD_KAFKA_RESP_ERR_NO_ERROR;
		place = kafka_place_find(stream, message);
	}
	if (place && stream->gated && message->offset >= place->committed) {
		kafka_hold_back(stream, place);
		place = NULL;
	}
	if (place && message->offset >= place->shown) {
		message_keep(stream, place, message);
	} else {
		rd_kafka_message_destroy(message);
	}
	return code;
}

static enum tw_code messages_reserve(struct kafka_stream *stream, uint32_t most, struct tw_error *err)
{
	if (most <= stream->room) {
		return TW_OK;
	}
	rd_kafka_message_t **held = realloc(stream->held, most * sizeof(rd_kafka_message_t *));
	stream->held = held ? held : stream->held;
	struct tw_message *messages = realloc(stream->messages, most * sizeof(*messages));
	stream->messages = messages ? messages : stream->messages;
	if (!held || !messages) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a batch", NULL, "%u messages", most);
	}
	stream->room = most;
	return TW_OK;
}

/* Everything that must be true before messages are asked for. */
static enum tw_code ready_make(struct kafka_stream *stream, struct tw_error *err)
{
	enum tw_code code = kafka_settle(stream, err);
	code = code == TW_OK ? kafka_join(stream, err) : code;
	if (code == TW_OK && stream->unplaced && !stream->leave) {
		code = kafka_places_place(stream, err);
	}
	if (code == TW_OK && stream->rewind) {
		code = kafka_places_assign(stream, err);
		stream->rewind = code != TW_OK;
	}
	return code;
}

/* Batches must not mix two assignments: what was taken before a rebalance is fetched again by whoever has it now. */
static void assignment_changed(struct kafka_stream *stream)
{
	kafka_held_release(stream);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		stream->places[i].next = stream->places[i].start;
	}
}

/* While a commit is on its way nothing can follow it: few messages wait for its end together, and make their way through the stages as one. */
static bool gathers(struct kafka_stream *stream, uint32_t left_ms)
{
	return stream->state == KAFKA_COMMITTING && left_ms && stream->held_count < GATHER_MESSAGES && !kafka_commit_done(stream);
}

/* The first message is waited for; the rest is taken as far as it lies here already: what waits behind it fills the next batch. */
static enum tw_code messages_collect(struct kafka_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	bool quiet = false, gather = gathers(stream, timeout_ms);
	enum tw_code code = TW_OK;
	while (stream->held_count < most && stream->held_bytes < HELD_BYTES_MAX && !quiet && !stream->consumer_fatal && code == TW_OK) {
		uint32_t places = stream->place_count;
		code = message_next(stream, gather ? GATHER_MS : stream->held_count ? 0 : (int)timeout_ms, &quiet, err);
		if (quiet && gather) {
			timeout_ms -= GATHER_MS;
			gather = gathers(stream, timeout_ms);
			quiet = !gather;
		} else if (stream->held_count >= GATHER_MESSAGES) {
			gather = false;
		}
		if (stream->unplaced || places != stream->place_count) {
			assignment_changed(stream);
			bool placeable = code == TW_OK && stream->unplaced && !stream->leave && stream->state == KAFKA_IDLE;
			return placeable ? kafka_places_place(stream, err) : code; /* else the next poll settles first */
		}
	}
	return code;
}

/* A batch may be handed out in several polls; what came under another assignment is somebody else's to commit. */
static enum tw_code batch_lost(struct kafka_stream *stream, struct tw_error *err)
{
	kafka_held_release(stream);
	stream->lost = stream->handed_out = false;
	return tw_fail(err, TW_E_IO, TW_RETRY, "the group shares its partitions anew: the batch in hand is given up", stream->options.group, NULL);
}

static enum tw_code messages_fetch(struct kafka_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_error *err)
{
	enum tw_code code = messages_reserve(stream, most, err);
	if (code == TW_OK && stream->state != KAFKA_COMMITTING) { /* else everything is ready, and the producer is not ours */
		code = ready_make(stream, err);
	}
	code = code == TW_OK ? messages_collect(stream, most, timeout_ms, err) : code;
	if (stream->state != KAFKA_COMMITTING) {
		rd_kafka_poll(stream->producer, 0); /* serves its errors */
		kafka_told_take(stream);
	}
	return code;
}

enum tw_code kafka_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count, enum tw_poll *polled,
                        struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	bool untold = stream->committer.untold && stream->committer.code != TW_OK; /* commit_end tells it; then the batch is settled */
	kafka_held_release(stream);
	enum tw_code code = untold ? TW_OK : messages_fetch(stream, most, timeout_ms, err);
	if (stream->consumer_fatal) {
		kafka_held_release(stream);
		return consumer_lost(stream, err);
	}
	if (code == TW_OK && stream->lost) {
		code = batch_lost(stream, err);
	}
	if (code == TW_OK && stream->broker_error && stream->held_count == 0) {
		code = broker_trouble(stream, err);
	}
	if (code != TW_OK && stream->held_count) {
		/* A trouble behind good messages: they go first, it comes again. */
		code = err && err->disposition == TW_RETRY ? TW_OK : code;
	}
	if (code != TW_OK) {
		return code;
	}
	for (uint32_t i = 0; i < stream->held_count && !stream->handed_out; i++) {
		stream->handed_out = !stream->messages[i].reread;
	}
	*out = stream->messages;
	*count = stream->held_count;
	*polled = stream->held_count ? TW_POLL_BATCH : TW_POLL_IDLE;
	return TW_OK;
}
