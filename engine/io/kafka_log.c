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
#include <time.h>

#include "engine/io/kafka.h"
#include "engine/io/log_stream.h"

#define ASK_MS         5000
#define SILENCE_MS     30000 /* with something left to read: then the log does not answer */
#define HELD_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct reader {
	struct tw_log_place place;
	enum tw_family family;
	int64_t next;    /* behind the last message handed out */
	int64_t settled; /* `next` as it was when a batch was last committed; what an abort goes back to */
	int64_t guard;   /* the group's committed offset at the first look: later ones are told to nobody */
	bool ended;      /* `upto` is reached */
};

struct log_stream {
	struct tw_stream base;
	struct tw_kafka_options options; /* pointers are copies */
	char *input[TW_FAMILIES];
	char *brokers, *group;
	bool told;
	rd_kafka_t *consumer;
	struct reader *readers;
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

static struct log_stream *log_of(struct tw_stream *base)
{
	return (struct log_stream *)base;
}

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for reading the log", NULL, NULL);
}

static void error_told(rd_kafka_t *client, int cause, const char *reason, void *opaque)
{
	struct log_stream *log = opaque;
	(void)client;
	if (cause == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || kafka_is_auth((rd_kafka_resp_err_t)cause)) {
		log->broker_error = kafka_is_auth(log->broker_error) ? log->broker_error : (rd_kafka_resp_err_t)cause;
		snprintf(log->reason, sizeof(log->reason), "%s", reason);
	}
}

static void held_release(struct log_stream *log)
{
	for (uint32_t i = 0; i < log->held_count; i++) {
		rd_kafka_message_destroy(log->held[i]);
	}
	log->held_count = 0;
	log->held_bytes = 0;
}

/* ---- partitions ---- */

static bool reader_add(struct log_stream *log, unsigned family, int32_t partition)
{
	struct reader *grown = realloc(log->readers, ((size_t)log->count + 1) * sizeof(*grown));
	if (!grown) {
		return false;
	}
	log->readers = grown;
	grown[log->count++] = (struct reader){.place = {.topic = tw_slice_str(log->input[family]), .partition = partition, .committed = -1},
	                                      .family = (enum tw_family)(family + 1),
	                                      .settled = -1};
	return true;
}

static int by_partition(const void *left, const void *right)
{
	const struct reader *a = left, *b = right;
	if (a->family != b->family) {
		return a->family < b->family ? -1 : 1;
	}
	return (a->place.partition > b->place.partition) - (a->place.partition < b->place.partition);
}

/* One topic's partitions; waits until a broker answers or refuses us. */
static enum tw_code topic_find(struct log_stream *log, unsigned family, struct tw_error *err)
{
	const char *name = log->input[family];
	const struct rd_kafka_metadata *found = NULL;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(log->consumer, name, NULL);
	rd_kafka_resp_err_t cause = topic ? rd_kafka_metadata(log->consumer, 0, topic, &found, ASK_MS) : rd_kafka_last_error();
	bool whole = true;
	rd_kafka_poll(log->consumer, 0);
	cause = !cause && found->topic_cnt == 1 ? found->topics[0].err : cause;
	for (int i = 0; !cause && i < found->topics[0].partition_cnt; i++) {
		whole = whole && reader_add(log, family, found->topics[0].partitions[i].id);
	}
	if (found) {
		rd_kafka_metadata_destroy(found);
	}
	if (topic) {
		rd_kafka_topic_destroy(topic);
	}
	if (cause == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || cause == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "kafka has no such topic", name, "create it, or change the settings topics.*");
	}
	if (cause) {
		return kafka_fail(err, log->broker_error ? log->broker_error : cause, "no kafka broker answers", log->brokers, log->reason);
	}
	return whole ? TW_OK : memory_out(err);
}

static enum tw_code partitions_find(struct log_stream *log, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (unsigned i = 0; i < TW_FAMILIES && code == TW_OK; i++) {
		code = log->input[i] ? topic_find(log, i, err) : TW_OK;
	}
	if (code == TW_OK && log->count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no input topic has a name", "topics", NULL);
	}
	if (code != TW_OK) {
		return code;
	}
	qsort(log->readers, log->count, sizeof(*log->readers), by_partition);
	log->places = calloc(log->count, sizeof(*log->places));
	log->standing = calloc(log->count, sizeof(*log->standing));
	return log->places && log->standing ? TW_OK : memory_out(err);
}

static enum tw_code place_look(struct log_stream *log, struct tw_log_place *place, int64_t committed, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%s/%d", place->topic.ptr, place->partition);
	rd_kafka_resp_err_t cause =
	    rd_kafka_query_watermark_offsets(log->consumer, place->topic.ptr, place->partition, &place->log_start, &place->log_end, ASK_MS);
	if (cause) {
		return kafka_fail(err, cause, "cannot ask a partition for its first and last offset", where, NULL);
	}
	place->committed = committed;
	if (committed > place->log_end || (committed >= 0 && committed < place->log_start)) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the group's position lies outside the log", where,
		               "committed %lld, the log is [%lld, %lld)", (long long)committed, (long long)place->log_start,
		               (long long)place->log_end);
	}
	return TW_OK;
}

enum tw_code tw_stream_log_look(struct tw_stream *stream, struct tw_error *err)
{
	struct log_stream *log = log_of(stream);
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)log->count);
	for (uint32_t i = 0; i < log->count; i++) {
		rd_kafka_topic_partition_list_add(list, log->readers[i].place.topic.ptr, log->readers[i].place.partition);
	}
	rd_kafka_resp_err_t cause = rd_kafka_committed(log->consumer, list, ASK_MS); /* read_committed: an open transaction is waited for */
	enum tw_code code = cause ? kafka_fail(err, cause, "cannot ask the group for its committed offsets", log->group, NULL) : TW_OK;
	for (uint32_t i = 0; i < log->count && code == TW_OK; i++) {
		const rd_kafka_topic_partition_t *one = &list->elems[i];
		code = one->err ? kafka_fail(err, one->err, "cannot ask the group for its committed offsets", one->topic, NULL)
		                : place_look(log, &log->readers[i].place, one->offset >= 0 ? one->offset : -1, err);
	}
	rd_kafka_topic_partition_list_destroy(list);
	return code;
}

const struct tw_log_place *tw_stream_log_places(const struct tw_stream *stream, uint32_t *count)
{
	const struct log_stream *log = (const struct log_stream *)stream;
	for (uint32_t i = 0; i < log->count; i++) {
		log->places[i] = log->readers[i].place;
	}
	*count = log->count;
	return log->places;
}

void tw_stream_log_range(struct tw_stream *stream, uint32_t place, int64_t upto)
{
	struct log_stream *log = log_of(stream);
	struct reader *reader = &log->readers[place];
	if (upto > reader->place.upto) {
		reader->place.upto = upto;
		reader->ended = false;
		log->assign = true;
	}
}

uint64_t tw_stream_log_left(const struct tw_stream *stream)
{
	const struct log_stream *log = (const struct log_stream *)stream;
	uint64_t left = 0;
	for (uint32_t i = 0; i < log->count; i++) {
		const struct reader *reader = &log->readers[i];
		left += !reader->ended && reader->place.upto > reader->next ? (uint64_t)(reader->place.upto - reader->next) : 0;
	}
	return left;
}

enum tw_code tw_stream_log_members(struct tw_stream *stream, uint32_t *out, struct tw_error *err)
{
	struct log_stream *log = log_of(stream);
	const struct rd_kafka_group_list *groups = NULL;
	rd_kafka_resp_err_t cause = rd_kafka_list_groups(log->consumer, log->group, &groups, ASK_MS);
	*out = 0;
	if (cause) {
		return kafka_fail(err, cause, "cannot ask who is in the group", log->group, NULL);
	}
	for (int i = 0; i < groups->group_cnt; i++) {
		*out += groups->groups[i].member_cnt > 0 ? (uint32_t)groups->groups[i].member_cnt : 0;
	}
	rd_kafka_group_list_destroy(groups);
	return TW_OK;
}

/* ---- positions ---- */

static enum tw_code readers_place(struct log_stream *log, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < log->count && code == TW_OK; i++) {
		struct reader *reader = &log->readers[i];
		struct tw_log_place *place = &reader->place;
		int64_t from = place->log_start;
		if (log->options.placed) {
			code = log->options.placed(log->options.context, place->topic, place->partition, place->upto, place->log_start,
			                           place->log_end, &from, err);
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
static enum tw_code readers_assign(struct log_stream *log, struct tw_error *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)log->count);
	for (uint32_t i = 0; i < log->count; i++) {
		struct reader *reader = &log->readers[i];
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
	log->heard_ms = now_ms();
	return cause ? kafka_fail(err, cause, "cannot take the partitions of the log", NULL, NULL) : TW_OK;
}

/* No more of it is fetched. */
static void reader_end(struct log_stream *log, struct reader *reader)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, reader->place.topic.ptr, reader->place.partition);
	rd_kafka_pause_partitions(log->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	reader->ended = true;
}

static bool all_ended(const struct log_stream *log)
{
	for (uint32_t i = 0; i < log->count; i++) {
		if (!log->readers[i].ended) {
			return false;
		}
	}
	return true;
}

/* ---- messages ---- */

static struct reader *reader_of(struct log_stream *log, const rd_kafka_message_t *message)
{
	const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
	for (uint32_t i = 0; i < log->count; i++) {
		if (log->readers[i].place.partition == message->partition && strcmp(log->readers[i].place.topic.ptr, topic) == 0) {
			return &log->readers[i];
		}
	}
	return NULL;
}

static int64_t committed_told(const struct log_stream *log, const struct reader *reader)
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

static void message_keep(struct log_stream *log, struct reader *reader, rd_kafka_message_t *message)
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
	                           .replayed = true};
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
		reader_end(log, reader);
	}
}

/* An error in place of a message, or the end of a partition. */
static enum tw_code message_error(struct log_stream *log, const rd_kafka_message_t *message, struct tw_error *err)
{
	struct reader *reader = reader_of(log, message);
	if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
		if (reader && !reader->ended && message->offset >= reader->place.upto) {
			reader_end(log, reader);
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

static enum tw_code message_next(struct log_stream *log, int timeout_ms, bool *quiet, struct tw_error *err)
{
	rd_kafka_message_t *message = rd_kafka_consumer_poll(log->consumer, timeout_ms);
	*quiet = !message;
	if (!message) {
		return TW_OK;
	}
	struct reader *reader = message->err ? NULL : reader_of(log, message);
	enum tw_code code = message->err ? message_error(log, message, err) : TW_OK;
	if (reader && !reader->ended && message->offset >= reader->place.upto) {
		reader_end(log, reader); /* what lay between was no message */
	}
	if (reader && !reader->ended && message->offset >= reader->next) {
		log->heard_ms = now_ms();
		message_keep(log, reader, message);
	} else {
		rd_kafka_message_destroy(message);
	}
	return code;
}

static enum tw_code messages_reserve(struct log_stream *log, uint32_t most, struct tw_error *err)
{
	if (most <= log->room) {
		return TW_OK;
	}
	rd_kafka_message_t **held = realloc(log->held, most * sizeof(rd_kafka_message_t *));
	log->held = held ? held : log->held;
	struct tw_message *messages = realloc(log->messages, most * sizeof(*messages));
	log->messages = messages ? messages : log->messages;
	log->room = held && messages ? most : log->room;
	return held && messages ? TW_OK : memory_out(err);
}

/* Silence where messages must be is a failure: nobody waits for ever. */
static enum tw_code silence_check(struct log_stream *log, struct tw_error *err)
{
	if (log->held_count || all_ended(log)) {
		return TW_OK;
	}
	if (log->broker_error) {
		rd_kafka_resp_err_t cause = log->broker_error;
		log->broker_error = RD_KAFKA_RESP_ERR_NO_ERROR;
		return kafka_fail(err, cause, "no kafka broker answers", log->brokers, log->reason);
	}
	if (now_ms() - log->heard_ms > SILENCE_MS) {
		log->heard_ms = now_ms();
		return tw_fail(err, TW_E_IO, TW_RETRY, "the log stays silent below the offset that it must reach", log->brokers, "%llu offsets left",
		               (unsigned long long)tw_stream_log_left(&log->base));
	}
	return TW_OK;
}

static enum tw_code log_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                             enum tw_poll *polled, struct tw_error *err)
{
	struct log_stream *log = log_of(base);
	bool quiet = false;
	held_release(log);
	enum tw_code code = messages_reserve(log, most, err);
	code = code == TW_OK && log->placing ? readers_place(log, err) : code;
	code = code == TW_OK && log->assign ? readers_assign(log, err) : code;
	while (code == TW_OK && log->held_count < most && log->held_bytes < HELD_BYTES_MAX && !quiet && !all_ended(log)) {
		code = message_next(log, log->held_count ? 0 : (int)timeout_ms, &quiet, err);
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
	struct log_stream *log = log_of(base);
	(void)err;
	for (uint32_t i = 0; i < log->count; i++) {
		struct reader *reader = &log->readers[i];
		reader->settled = reader->next > reader->place.from || reader->settled >= 0 ? reader->next : reader->settled;
	}
	return TW_OK;
}

static enum tw_code log_abort(struct tw_stream *base, struct tw_error *err)
{
	struct log_stream *log = log_of(base);
	(void)err;
	held_release(log);
	for (uint32_t i = 0; i < log->count; i++) {
		struct reader *reader = &log->readers[i];
		reader->next = reader->settled >= 0 ? reader->settled : reader->place.from;
		reader->ended = reader->next >= reader->place.upto;
	}
	log->assign = true;
	return TW_OK;
}

static void log_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	*done = ((const struct log_stream *)base)->bytes_done;
	*total = 0;
}

/* The group, as far as this reading goes; never settled, for nobody here has joined it. */
static enum tw_code log_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err)
{
	struct log_stream *log = log_of(base);
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
	log_of(base)->placing = true;
}

static void log_gate(struct tw_stream *base, bool gated)
{
	(void)base;
	(void)gated;
}

static void log_free(struct tw_stream *base)
{
	struct log_stream *log = log_of(base);
	held_release(log);
	if (log->consumer) {
		rd_kafka_consumer_close(log->consumer);
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

static bool options_keep(struct log_stream *log, const struct tw_log_options *options)
{
	bool whole = true;
	log->options = options->kafka;
	log->told = options->told;
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		const char *name = options->kafka.topics.input[i];
		log->input[i] = name && name[0] ? strdup(name) : NULL;
		whole = whole && (log->input[i] || !name || !name[0]);
	}
	log->brokers = strdup(options->kafka.brokers ? options->kafka.brokers : "");
	log->group = strdup(options->kafka.group ? options->kafka.group : "");
	return whole && log->brokers && log->group;
}

static enum tw_code consumer_open(struct log_stream *log, const struct tw_kafka_options *options, struct tw_error *err)
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

enum tw_code tw_stream_log_new(const struct tw_log_options *options, struct tw_stream **out, struct tw_error *err)
{
	struct log_stream *log = calloc(1, sizeof(*log));
	if (!log) {
		return memory_out(err);
	}
	log->base.kind = &log_kind;
	enum tw_code code = options_keep(log, options) ? TW_OK : memory_out(err);
	code = code == TW_OK ? consumer_open(log, &options->kafka, err) : code;
	code = code == TW_OK ? partitions_find(log, err) : code;
	code = code == TW_OK ? tw_stream_log_look(&log->base, err) : code;
	if (code != TW_OK) {
		log_free(&log->base);
		return code;
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
