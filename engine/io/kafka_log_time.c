/**
 * @file kafka_log_time.c
 * The log as a history, oldest message first; see log_stream.h, by_time.
 *
 *     partition 0   head 08:00  ...            Of every partition that is not at its end the next message is held; the oldest is handed out, and
 *     partition 1   head 07:59  ...  -> next   its partition asked for another. So nothing is said before all have answered, and the order is the
 *     partition 2   (ended)                    log's own, not the network's.
 *
 * A queue a partition is what librdkafka's older calls give (rd_kafka_consume_start): an assignment forwards all partitions into one queue, and may
 * do so again behind whoever took them apart. Source: librdkafka 2.0.2, rdkafka.h (simple consumer, rd_kafka_offsets_for_times).
 */
#include "engine/io/kafka_log.h"

#define ASK_MS 5000

enum tw_code kafka_log_time_begin(struct kafka_log *log, const int64_t since_ms[TW_FAMILIES], struct tw_error *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)log->count);
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		int64_t since = since_ms[reader->family - 1];
		reader->begin = reader->place.log_start;
		reader->place.upto = reader->guard = reader->place.log_end;
		if (since > 0) {
			rd_kafka_topic_partition_list_add(list, reader->place.topic.ptr, reader->place.partition)->offset = since;
		}
	}
	rd_kafka_resp_err_t cause = list->cnt ? rd_kafka_offsets_for_times(log->consumer, list, ASK_MS) : RD_KAFKA_RESP_ERR_NO_ERROR;
	for (uint32_t i = 0; i < log->count && !cause; i++) {
		struct kafka_reader *reader = &log->readers[i];
		const rd_kafka_topic_partition_t *found = rd_kafka_topic_partition_list_find(list, reader->place.topic.ptr, reader->place.partition);
		cause = found ? found->err : cause;
		if (found && !cause) { /* below zero: nothing is so young */
			reader->begin = found->offset >= 0 ? found->offset : reader->place.upto;
		}
		reader->place.from = reader->next = reader->begin;
	}
	rd_kafka_topic_partition_list_destroy(list);
	return cause ? kafka_fail(err, cause, "cannot ask where a time begins in the log", log->brokers, NULL) : TW_OK;
}

void kafka_log_time_halt(struct kafka_reader *reader)
{
	if (reader->started) {
		rd_kafka_consume_stop(reader->topic, reader->place.partition);
		reader->started = false;
	}
}

static void head_drop(struct kafka_reader *reader)
{
	if (reader->head) {
		rd_kafka_message_destroy(reader->head);
		reader->head = NULL;
	}
}

enum tw_code kafka_log_time_start(struct kafka_log *log, struct tw_error *err)
{
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		head_drop(reader);
		kafka_log_time_halt(reader);
		reader->ended = reader->ended || reader->next >= reader->place.upto;
		if (reader->ended) {
			continue;
		}
		reader->topic = reader->topic ? reader->topic : rd_kafka_topic_new(log->consumer, reader->place.topic.ptr, NULL);
		if (!reader->topic || rd_kafka_consume_start(reader->topic, reader->place.partition, reader->next) != 0) {
			return kafka_fail(err, rd_kafka_last_error(), "cannot take the partitions of the log", reader->place.topic.ptr, NULL);
		}
		reader->started = true;
	}
	log->assign = false;
	log->heard_ms = kafka_now_ms();
	return TW_OK;
}

/* Fills the head of a partition, or finds its end. @param quiet out: neither */
static enum tw_code head_fill(struct kafka_log *log, struct kafka_reader *reader, int timeout_ms, bool *quiet, struct tw_error *err)
{
	while (!reader->head && !reader->ended) {
		rd_kafka_message_t *message = rd_kafka_consume(reader->topic, reader->place.partition, timeout_ms);
		if (!message) {
			*quiet = true;
			rd_kafka_poll(log->consumer, 0); /* what the client has to say */
			return TW_OK;
		}
		enum tw_code code = message->err ? kafka_log_error(log, message, err) : TW_OK;
		if (!message->err && message->offset >= reader->place.upto) {
			kafka_log_end(log, reader); /* what lay between was no message */
		}
		if (!message->err && !reader->ended && message->offset >= reader->next) {
			log->heard_ms = kafka_now_ms();
			reader->head = message;
		} else {
			rd_kafka_message_destroy(message);
		}
		if (code != TW_OK) {
			return code;
		}
	}
	return TW_OK;
}

enum tw_code kafka_log_time_next(struct kafka_log *log, int timeout_ms, bool *quiet, struct tw_error *err)
{
	struct kafka_reader *oldest = NULL;
	int64_t oldest_ms = 0;
	for (uint32_t i = 0; i < log->count; i++) {
		struct kafka_reader *reader = &log->readers[i];
		enum tw_code code = head_fill(log, reader, timeout_ms, quiet, err);
		if (code != TW_OK || *quiet) {
			return code;
		}
		int64_t ms = reader->head ? rd_kafka_message_timestamp(reader->head, NULL) : 0;
		if (reader->head && (!oldest || ms < oldest_ms)) {
			oldest = reader;
			oldest_ms = ms;
		}
	}
	if (oldest) {
		rd_kafka_message_t *message = oldest->head;
		oldest->head = NULL;
		kafka_log_keep(log, oldest, message);
	}
	return TW_OK;
}

void kafka_log_time_release(struct kafka_log *log)
{
	for (uint32_t i = 0; i < log->count; i++) {
		head_drop(&log->readers[i]);
		kafka_log_time_halt(&log->readers[i]);
		if (log->readers[i].topic) {
			rd_kafka_topic_destroy(log->readers[i].topic);
		}
	}
}
