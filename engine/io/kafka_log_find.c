/**
 * @file kafka_log_find.c
 * Which partitions the log has, how far log and group are, how far each is to be read.
 * Source: librdkafka 2.0.2, rdkafka.h (rd_kafka_committed, rd_kafka_query_watermark_offsets, rd_kafka_list_groups); KIP-447 (stable offsets).
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/io/kafka_log.h"

#define ASK_MS       5000
#define ASK_AGAIN_MS 100

static bool reader_add(struct kafka_log *log, unsigned family, int32_t partition)
{
	struct kafka_reader *grown = realloc(log->readers, ((size_t)log->count + 1) * sizeof(*grown));
	if (!grown) {
		return false;
	}
	log->readers = grown;
	grown[log->count++] = (struct kafka_reader){.place = {.topic = tw_slice_str(log->input[family]), .partition = partition, .committed = -1},
	                                            .family = (enum tw_family)(family + 1),
	                                            .settled = -1};
	return true;
}

static int by_partition(const void *left, const void *right)
{
	const struct kafka_reader *a = left, *b = right;
	if (a->family != b->family) {
		return a->family < b->family ? -1 : 1;
	}
	return (a->place.partition > b->place.partition) - (a->place.partition < b->place.partition);
}

/* One topic's partitions; waits until a broker answers or refuses us. */
static enum tw_code topic_find(struct kafka_log *log, unsigned family, struct tw_error *err)
{
	const char *name = log->input[family];
	const struct rd_kafka_metadata *found = NULL;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(log->consumer, name, NULL);
	rd_kafka_resp_err_t cause = topic ? rd_kafka_metadata(log->consumer, 0, topic, &found, ASK_MS) : rd_kafka_last_error();
	bool whole = true;
	rd_kafka_poll(log->consumer, 0);
	cause = !cause && found && found->topic_cnt == 1 ? found->topics[0].err : cause;
	for (int i = 0; !cause && found && i < found->topics[0].partition_cnt; i++) {
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
	return whole ? TW_OK : kafka_log_memory(err);
}

enum tw_code kafka_log_find(struct kafka_log *log, struct tw_error *err)
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
	return log->places && log->standing ? TW_OK : kafka_log_memory(err);
}

/* A partition that was made a moment ago, or whose broker went away: somebody else leads it soon. */
static bool leader_moves(rd_kafka_resp_err_t cause)
{
	return cause == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION || cause == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
	       cause == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

static enum tw_code place_look(struct kafka_log *log, struct tw_log_place *place, int64_t committed, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%s/%d", place->topic.ptr, place->partition);
	int64_t until = kafka_now_ms() + ASK_MS;
	rd_kafka_resp_err_t cause;
	do {
		cause =
		    rd_kafka_query_watermark_offsets(log->consumer, place->topic.ptr, place->partition, &place->log_start, &place->log_end, ASK_MS);
	} while (leader_moves(cause) && kafka_now_ms() < until && rd_kafka_poll(log->consumer, ASK_AGAIN_MS) >= 0);
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
	struct kafka_log *log = kafka_log_of(stream);
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
	const struct kafka_log *log = (const struct kafka_log *)stream;
	for (uint32_t i = 0; i < log->count; i++) {
		log->places[i] = log->readers[i].place;
	}
	*count = log->count;
	return log->places;
}

void tw_stream_log_range(struct tw_stream *stream, uint32_t place, int64_t upto)
{
	struct kafka_log *log = kafka_log_of(stream);
	struct kafka_reader *reader = &log->readers[place];
	if (upto > reader->place.upto) {
		reader->place.upto = upto;
		reader->ended = false;
		log->assign = true;
	}
}

uint64_t tw_stream_log_left(const struct tw_stream *stream)
{
	const struct kafka_log *log = (const struct kafka_log *)stream;
	uint64_t left = 0;
	for (uint32_t i = 0; i < log->count; i++) {
		const struct kafka_reader *reader = &log->readers[i];
		left += !reader->ended && reader->place.upto > reader->next ? (uint64_t)(reader->place.upto - reader->next) : 0;
	}
	return left;
}

enum tw_code tw_stream_log_members(struct tw_stream *stream, uint32_t *out, struct tw_error *err)
{
	struct kafka_log *log = kafka_log_of(stream);
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
