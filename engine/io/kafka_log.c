/**
 * @file kafka_log.c
 * See log_stream.h. A consumer that assigns itself: the broker knows it as nobody's member, and its group's name only serves to ask for offsets.
 *
 * Partitions are read to a fixed offset. A message at or above it, or the log's end as a reader of committed messages sees it, ends the partition;
 * what is not at its end is assigned anew when the range is moved on, and when a batch is given up.
 * Source: librdkafka 2.0.2, rdkafka.h (enable.partition.eof, rd_kafka_committed, rd_kafka_list_groups); KIP-98 (last stable offset).
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/io/kafka_log.h"

#define SILENCE_MS     30000 /* with something left to read: then the log does not answer */
#define HELD_BYTES_MAX ((size_t)64 * 1024 * 1024)
/* A partition that has its share waits a second for more (librdkafka 2.0.2): all together may go so fast */
#define TIME_PREFETCH_MIB       256U
#define TIME_PREFETCH_MIB_LEAST 4U

static void error_told(rd_kafka_t *client, int cause, const char *reason, void *opaque)
{
	struct kafka_log *log = opaque;
	(void)client;
	if (cause == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || kafka_is_auth((rd_kafka_resp_err_t)cause)) {
		log->broker_error = kafka_is_auth(log->broker_error) ? log->broker_error : (rd_kafka_resp_err_t)cause;
		snprintf(log->reason, sizeof(log->reason), "%s", reason);
	}
}

static void held_release(struct kafka_log *log)
{
	for (uint32_t i = 0; i < log->held_count; i++) {
		rd_kafka_message_destroy(log->held[i]);
	}
	log->held_count = 0;
	log->held_bytes = 0;
}

/* ---- positions ---- */

static enum tw_code readers_place(struct kafka_log *log, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < log->count && code == TW_OK; i++) {
		struct kafka_reader *reader = &log->readers[i];
		struct tw_log_place *place = &reader->place;
		int64_t from = log->by_time ? reader->begin : place->log_start;
		if (log->options.placed) {
			code = log->options.placed(log->options.context, place->topic, place->partition, place->committed >= 0 ? place->upto : -1,
			                           place->log_start, place->log_end, &from, err);
		}
		place->from = reader->next = from;
		reader->settled = -1;
		reader->ended = from >= place->upto;
	}
	log->placing = code != TW_OK;
	log->assign = true;
	return code;
}

/* Whatever is not at its end, from where it stands. */
static enum tw_code readers_assign(struct kafka_log *log, struct tw_error *err)
{
	if (log->by_time) {
		return kafka_log_time_start(log, err);
	}
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)log->count);
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		reader->ended = reader->ended || reader->next >= reader->place.upto;
		if (!reader->ended) {
			rd_kafka_topic_partition_list_add(list, reader->place.topic.ptr, reader->place.partition)->offset = reader->next;
		}
	}
	if (list->cnt) {
		rd_kafka_resume_partitions(log->consumer, list); /* a pause outlives the assignment that it was made under */
	}
	rd_kafka_resp_err_t cause = rd_kafka_assign(log->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	log->assign = cause != RD_KAFKA_RESP_ERR_NO_ERROR;
	log->heard_ms = kafka_now_ms();
	return cause ? kafka_fail(err, cause, "cannot take the partitions of the log", NULL, NULL) : TW_OK;
}

void kafka_log_end(struct kafka_log *log, struct kafka_reader *reader)
{
	reader->ended = true;
	if (log->by_time) {
		kafka_log_time_halt(reader);
		return;
	}
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, reader->place.topic.ptr, reader->place.partition);
	rd_kafka_pause_partitions(log->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
}

static bool all_ended(const struct kafka_log *log)
{
	for (uint32_t i = 0; i < log->count; i++) {
		if (!log->readers[i].ended) {
			return false;
		}
	}
	return true;
}

/* ---- messages ---- */

static struct kafka_reader *reader_of(struct kafka_log *log, const rd_kafka_message_t *message)
{
	const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
	for (uint32_t i = 0; i < log->count; i++) {
		if (log->readers[i].place.partition == message->partition && strcmp(log->readers[i].place.topic.ptr, topic) == 0) {
			return &log->readers[i];
		}
	}
	return NULL;
}

static int64_t committed_told(const struct kafka_log *log, const struct kafka_reader *reader)
{
	return log->told || reader->guard < reader->settled ? reader->guard : reader->settled;
}

static struct tw_slice header_of(const rd_kafka_headers_t *headers, const char *name)
{
	const void *value = NULL;
	size_t size = 0;
	if (rd_kafka_header_get_last(headers, name, &value, &size) || !value) {
		return (struct tw_slice){"", 0};
	}
	return (struct tw_slice){value, (uint32_t)size};
}

void kafka_log_keep(struct kafka_log *log, struct kafka_reader *reader, rd_kafka_message_t *message)
{
	struct tw_message *out = &log->messages[log->held_count];
	rd_kafka_headers_t *headers = NULL;
	*out = (struct tw_message){.family = reader->family,
	                           .topic = reader->place.topic,
	                           .partition = message->partition,
	                           .offset = message->offset,
	                           .committed = committed_told(log, reader),
	                           .key = {message->key, (uint32_t)message->key_len},
	                           .value = {message->payload, (uint32_t)message->len},
	                           .replayed = !log->by_time};
	if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
		out->ce_id = header_of(headers, "ce_id");
		out->ce_type = header_of(headers, "ce_type");
		out->ce_time = header_of(headers, "ce_time");
		out->ce_source = header_of(headers, "ce_source");
	}
	log->held[log->held_count++] = message;
	log->held_bytes += message->len;
	log->bytes_done += message->len;
	reader->next = message->offset + 1;
	if (reader->next >= reader->place.upto) {
		kafka_log_end(log, reader);
	}
}

enum tw_code kafka_log_error(struct kafka_log *log, const rd_kafka_message_t *message, struct tw_error *err)
{
	struct kafka_reader *reader = reader_of(log, message);
	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		if (reader && !reader->ended &&
		    (log->by_time || message->offset >= reader->place.upto)) { /* by time: what is behind is not committed */
			kafka_log_end(log, reader);
		}
		return TW_OK;
	}
	const char *topic = reader ? reader->place.topic.ptr : NULL;
	if (message->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the position to read from is no longer in the log", topic, "%s",
		               rd_kafka_message_errstr(message));
	}
	return kafka_fail(err, message->err, "cannot read from kafka", topic, rd_kafka_message_errstr(message));
}

static enum tw_code message_next(struct kafka_log *log, int timeout_ms, bool *quiet, struct tw_error *err)
{
	rd_kafka_message_t *message = rd_kafka_consumer_poll(log->consumer, timeout_ms);
	*quiet = !message;
	if (!message) {
		return TW_OK;
	}
	struct kafka_reader *reader = message->err ? NULL : reader_of(log, message);
	enum tw_code code = message->err ? kafka_log_error(log, message, err) : TW_OK;
	if (reader && !reader->ended && message->offset >= reader->place.upto) {
		kafka_log_end(log, reader); /* what lay between was no message */
	}
	if (reader && !reader->ended && message->offset >= reader->next) {
		log->heard_ms = kafka_now_ms();
		kafka_log_keep(log, reader, message);
	} else {
		rd_kafka_message_destroy(message);
	}
	return code;
}

static enum tw_code messages_reserve(struct kafka_log *log, uint32_t most, struct tw_error *err)
{
	if (most <= log->room) {
		return TW_OK;
	}
	rd_kafka_message_t **held = realloc(log->held, most * sizeof(rd_kafka_message_t *));
	log->held = held ? held : log->held;
	struct tw_message *messages = realloc(log->messages, most * sizeof(*messages));
	log->messages = messages ? messages : log->messages;
	log->room = held && messages ? most : log->room;
	return held && messages ? TW_OK : kafka_log_memory(err);
}

/* Silence where messages must be is a failure: nobody waits for ever. */
static enum tw_code silence_check(struct kafka_log *log, struct tw_error *err)
{
	if (log->held_count || all_ended(log)) {
		return TW_OK;
	}
	if (log->broker_error) {
		rd_kafka_resp_err_t cause = log->broker_error;
		log->broker_error = RD_KAFKA_RESP_ERR_NO_ERROR;
		return kafka_fail(err, cause, "no kafka broker answers", log->brokers, log->reason);
	}
	if (kafka_now_ms() - log->heard_ms > SILENCE_MS) {
		log->heard_ms = kafka_now_ms();
		return tw_fail(err, TW_E_IO, TW_RETRY, "the log stays silent below the offset that it must reach", log->brokers, "%llu offsets left",
		               (unsigned long long)tw_stream_log_left(&log->base));
	}
	return TW_OK;
}

static enum tw_code log_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                             enum tw_poll *polled, struct tw_error *err)
{
	struct kafka_log *log = kafka_log_of(base);
	bool quiet = false;
	held_release(log);
	enum tw_code code = messages_reserve(log, most, err);
	code = code == TW_OK && log->placing ? readers_place(log, err) : code;
	code = code == TW_OK && log->assign ? readers_assign(log, err) : code;
	while (code == TW_OK && log->held_count < most && log->held_bytes < HELD_BYTES_MAX && !quiet && !all_ended(log)) {
		int wait = log->held_count ? 0 : (int)timeout_ms;
		code = log->by_time ? kafka_log_time_next(log, wait, &quiet, err) : message_next(log, wait, &quiet, err);
	}
	code = code == TW_OK ? silence_check(log, err) : code;
	if (code != TW_OK) {
		return code;
	}
	*out = log->messages;
	*count = log->held_count;
	*polled = log->held_count ? TW_POLL_BATCH : all_ended(log) ? TW_POLL_END : TW_POLL_IDLE;
	return TW_OK;
}

/* ---- the rest of a stream ---- */

static enum tw_code log_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	(void)base;
	(void)output;
	return tw_fail(err, TW_E_CONFLICT, TW_STOP, "who only reads the log puts nothing out", NULL, NULL);
}

static enum tw_code log_commit(struct tw_stream *base, struct tw_error *err)
{
	struct kafka_log *log = kafka_log_of(base);
	(void)err;
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		reader->settled = reader->next > reader->place.from || reader->settled >= 0 ? reader->next : reader->settled;
	}
	return TW_OK;
}

static enum tw_code log_abort(struct tw_stream *base, struct tw_error *err)
{
	struct kafka_log *log = kafka_log_of(base);
	(void)err;
	held_release(log);
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		reader->next = reader->settled >= 0 ? reader->settled : reader->place.from;
		reader->ended = reader->next >= reader->place.upto;
	}
	log->assign = true;
	return TW_OK;
}

static void log_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	*done = ((const struct kafka_log *)base)->bytes_done;
	*total = 0;
}

/* The group, as far as this reading goes; never settled, for nobody here has joined it. */
static enum tw_code log_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err)
{
	struct kafka_log *log = kafka_log_of(base);
	(void)err;
	for (uint32_t i = 0; i < log->count; i++) {
		const struct tw_log_place *place = &log->readers[i].place;
		log->standing[i] = (struct tw_stream_place){place->topic, place->partition, place->committed >= 0 ? place->upto : -1};
	}
	*places = log->standing;
	*count = log->count;
	*settled = false;
	return TW_OK;
}

static void log_rejoin(struct tw_stream *base)
{
	kafka_log_of(base)->placing = true;
}

static void log_gate(struct tw_stream *base, bool gated)
{
	(void)base;
	(void)gated;
}

static void log_free(struct tw_stream *base)
{
	struct kafka_log *log = kafka_log_of(base);
	held_release(log);
	kafka_log_time_release(log);
	if (log->consumer && !log->by_time) {
		rd_kafka_consumer_close(log->consumer);
	}
	if (log->consumer) {
		rd_kafka_destroy(log->consumer);
	}
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		free(log->input[i]);
	}
	free(log->brokers);
	free(log->group);
	free(log->readers);
	free(log->places);
	free(log->standing);
	free(log->held);
	free(log->messages);
	free(log);
}

static const struct tw_stream_kind log_kind = {
    .poll = log_poll,
    .produce = log_produce,
    .commit = log_commit,
    .abort = log_abort,
    .free = log_free,
    .progress = log_progress,
    .standing = log_standing,
    .rejoin = log_rejoin,
    .gate = log_gate,
};

static bool options_keep(struct kafka_log *log, const struct tw_log_options *options)
{
	bool whole = true;
	log->options = options->kafka;
	log->told = options->told;
	log->by_time = options->by_time;
	log->options.placed = options->by_time ? NULL : options->kafka.placed;
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		const char *name = options->kafka.topics.input[i];
		log->input[i] = name && name[0] ? strdup(name) : NULL;
		whole = whole && (log->input[i] || !name || !name[0]);
	}
	log->brokers = strdup(options->kafka.brokers ? options->kafka.brokers : "");
	log->group = strdup(options->kafka.group ? options->kafka.group : "");
	return whole && log->brokers && log->group;
}

static enum tw_code consumer_open(struct kafka_log *log, const struct tw_kafka_options *options, struct tw_error *err)
{
	char words[TW_ERROR_DETAIL_BYTES];
	rd_kafka_conf_t *conf = NULL;
	if (!log->brokers[0] || !log->group[0]) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "kafka.brokers and kafka.group must be set", "kafka", NULL);
	}
	enum tw_code code = kafka_conf_reader(options, &conf, err);
	if (code != TW_OK) {
		return code;
	}
	rd_kafka_conf_set_opaque(conf, log);
	rd_kafka_conf_set_error_cb(conf, error_told);
	log->consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, words, sizeof(words));
	if (!log->consumer) {
		rd_kafka_conf_destroy(conf);
		return tw_fail(err, TW_E_RANGE, TW_STOP, "cannot make a kafka consumer", "kafka", "%s", words);
	}
	return TW_OK;
}

/* Whoever reads by time holds of every partition what comes after the others: what is fetched ahead is shared out. */
static enum tw_code prefetch_share(struct kafka_log *log, const struct tw_kafka_options *options, struct tw_error *err)
{
	struct tw_kafka_options use = *options;
	uint32_t share = TIME_PREFETCH_MIB / log->count;
	use.prefetch_mib = share > TIME_PREFETCH_MIB_LEAST ? share : TIME_PREFETCH_MIB_LEAST;
	rd_kafka_destroy(log->consumer);
	log->consumer = NULL;
	return consumer_open(log, &use, err);
}

enum tw_code tw_stream_log_new(const struct tw_log_options *options, struct tw_stream **out, struct tw_error *err)
{
	struct kafka_log *log = calloc(1, sizeof(*log));
	if (!log) {
		return kafka_log_memory(err);
	}
	log->base.kind = &log_kind;
	enum tw_code code = options_keep(log, options) ? TW_OK : kafka_log_memory(err);
	code = code == TW_OK ? consumer_open(log, &options->kafka, err) : code;
	code = code == TW_OK ? kafka_log_find(log, err) : code;
	code = code == TW_OK && log->by_time ? prefetch_share(log, &options->kafka, err) : code;
	code = code == TW_OK ? tw_stream_log_look(&log->base, err) : code;
	code = code == TW_OK && log->by_time ? kafka_log_time_begin(log, options->since_ms, err) : code;
	if (code != TW_OK) {
		log_free(&log->base);
		return code;
	}
	if (log->by_time) {
		log->placing = true;
		*out = &log->base;
		return TW_OK;
	}
	rd_kafka_poll_set_consumer(log->consumer);
	for (uint32_t i = 0; i < log->count; i++) {
		struct tw_log_place *place = &log->readers[i].place;
		log->readers[i].guard = place->committed;
		place->from = log->readers[i].next = place->log_start;
		place->upto = place->committed >= 0 ? place->committed : place->log_start;
	}
	log->placing = true;
	*out = &log->base;
	return TW_OK;
}
