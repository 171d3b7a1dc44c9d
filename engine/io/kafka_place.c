/**
 * @file kafka_place.c
 * Which partitions we have, and from where they are read.
 *
 * A rewind is an assignment with explicit offsets (rd_kafka_seek_partitions waits a thousandth of what it is told in 2.0.2). Where the reader needs
 * to see what came before, a place is assigned so many offsets before its `start`, and those messages are marked; a log that does not reach back so
 * far is read again from where it begins.
 */
#include <stdio.h>
#include <stdlib.h>

#include "engine/io/kafka.h"

#define BROKER_WAIT_MS 10000

/*
 * librdkafka stops a partition's fetcher behind our back, and aborts the process when the partition is taken away once more before the stop is
 * confirmed: a rewind with a rebalance right behind it. Its queue is served in order: a question answered has put the order to stop behind
 * it, the second one the confirmation.
 */
rd_kafka_resp_err_t kafka_assign(rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *partitions)
{
	rd_kafka_resp_err_t cause = rd_kafka_assign(consumer, partitions);
	for (int i = 0; i < 2; i++) {
		rd_kafka_topic_partition_list_t *list = NULL;
		if (!rd_kafka_assignment(consumer, &list) && list) {
			rd_kafka_topic_partition_list_destroy(list);
		}
	}
	return cause;
}

/*
 * Called by librdkafka inside a poll. Only notes what happened: placing asks the broker and the store, and may have to be tried again. A commit on
 * its way is waited for: afterwards it would be refused.
 */
void kafka_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t cause, rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
	struct kafka_stream *stream = opaque;
	(void)kafka_commit_take(stream, true);
	stream->lost = stream->lost || stream->handed_out;
	if (stream->unplaced) {
		rd_kafka_topic_partition_list_destroy(stream->unplaced);
		stream->unplaced = NULL;
	}
	stream->place_count = 0;
	if (cause == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
		stream->unplaced = rd_kafka_topic_partition_list_copy(partitions);
		stream->joined = true;
		if (stream->group) {
			rd_kafka_consumer_group_metadata_destroy(stream->group);
		}
		stream->group = rd_kafka_consumer_group_metadata(consumer);
		stream->leave = stream->leave || (stream->left >= 0 && kafka_generation(stream) == stream->left);
		stream->left = -1;
	} else if (stream->closing) {
		rd_kafka_assign(consumer, NULL); /* it ends with this order, and answers no question behind it: kafka_assign would wait for ever */
	} else {
		kafka_assign(consumer, NULL);
	}
}

static enum tw_family family_of(const struct tw_topics *topics, const char *topic)
{
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		if (topics->input[i] && strcmp(topics->input[i], topic) == 0) {
			return (enum tw_family)(i + 1);
		}
	}
	return (enum tw_family)0;
}

/* One partition: what the group committed, what the log holds, what the state says to both. */
static enum tw_code place_one(struct kafka_stream *stream, const rd_kafka_topic_partition_t *assigned, struct kafka_place *place,
                              struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	int64_t log_start = 0, log_end = 0;
	snprintf(where, sizeof(where), "%s/%d", assigned->topic, assigned->partition);
	rd_kafka_resp_err_t cause =
	    rd_kafka_query_watermark_offsets(stream->consumer, assigned->topic, assigned->partition, &log_start, &log_end, BROKER_WAIT_MS);
	if (cause) {
		return kafka_fail(err, cause, "cannot ask a partition for its first and last offset", where, NULL);
	}
	enum tw_family family = family_of(&stream->options.topics, assigned->topic);
	*place = (struct kafka_place){.family = family, .partition = assigned->partition, .committed = -1, .committing = -1};
	place->topic = tw_slice_str(stream->options.topics.input[family - 1]);
	if (assigned->offset >= 0) {
		place->committed = assigned->offset;
	}
	if (place->committed >= 0 && place->committed < log_start) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "events were deleted from the log before they were read", where,
		               "committed offset %lld, the log begins at %lld; " KAFKA_ANEW, (long long)place->committed, (long long)log_start);
	}
	if (place->committed > log_end) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the group's position is behind the log's end: the topic was made anew", where,
		               "committed offset %lld, the log ends at %lld; " KAFKA_ANEW, (long long)place->committed, (long long)log_end);
	}
	int64_t due = place->committed >= 0 ? place->committed : log_start;
	place->start = due;
	enum tw_code code = TW_OK;
	if (stream->options.placed) {
		code = stream->options.placed(stream->options.context, place->topic, place->partition, place->committed, log_start, log_end,
		                              &place->start, err);
	}
	place->next = place->start;
	place->reread = stream->options.reread_offsets[family - 1];
	place->shown = place->start - place->reread > log_start ? place->start - place->reread : log_start;
	if (code == TW_OK && place->start < due && !stream->gated) {
		return tw_fail(err, TW_E_STALE, TW_RETRY, "the state lacks events that the group has committed", where, "from %lld, committed %lld",
		               (long long)place->start, (long long)due);
	}
	return code;
}

/* Fetch every place from where it stands. A pause outlives the assignment that it was made under. */
static enum tw_code places_fetch(struct kafka_stream *stream, bool resume, struct tw_error *err)
{
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)stream->place_count);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		const struct kafka_place *place = &stream->places[i];
		rd_kafka_topic_partition_list_add(list, place->topic.ptr, place->partition)->offset = place->shown;
	}
	if (list->cnt && resume) {
		rd_kafka_resume_partitions(stream->consumer, list);
	}
	rd_kafka_resp_err_t cause = kafka_assign(stream->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	return cause ? kafka_fail(err, cause, "cannot take the assigned partitions", NULL, NULL) : TW_OK;
}

enum tw_code kafka_places_assign(struct kafka_stream *stream, struct tw_error *err)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		struct kafka_place *place = &stream->places[i];
		int64_t first = place->start - place->reread;
		place->next = place->start;
		place->shown = place->shown < place->start ? place->shown : place->start;
		place->shown = place->shown > first ? place->shown : first;
		place->held_back = false;
	}
	return places_fetch(stream, true, err);
}

enum tw_code kafka_places_place(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_topic_partition_list_t *list = stream->unplaced;
	rd_kafka_resp_err_t cause = list->cnt ? rd_kafka_committed(stream->consumer, list, BROKER_WAIT_MS) : RD_KAFKA_RESP_ERR_NO_ERROR;
	if (cause) {
		return kafka_fail(err, cause, "cannot ask the group for its committed offsets", NULL, NULL);
	}
	struct kafka_place *places = realloc(stream->places, ((size_t)list->cnt + 1) * sizeof(*places));
	if (!places) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the assigned partitions", NULL, NULL);
	}
	stream->places = places;
	for (int i = 0; i < list->cnt; i++) {
		if (list->elems[i].err) {
			return kafka_fail(err, list->elems[i].err, "cannot ask the group for its committed offsets", list->elems[i].topic, NULL);
		}
		enum tw_code code = place_one(stream, &list->elems[i], &places[i], err);
		if (code != TW_OK) {
			return code;
		}
	}
	stream->place_count = (uint32_t)list->cnt;
	rd_kafka_topic_partition_list_destroy(list);
	stream->unplaced = NULL;
	stream->rewind = false;
	return kafka_places_assign(stream, err);
}

struct kafka_place *kafka_place_find(struct kafka_stream *stream, const rd_kafka_message_t *message)
{
	const char *topic = rd_kafka_topic_name(message->rkt);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		uint32_t at = (stream->place_last + i) % stream->place_count; /* messages come in runs of one partition */
		struct kafka_place *place = &stream->places[at];
		if (place->partition == message->partition && strcmp(place->topic.ptr, topic) == 0) {
			stream->place_last = at;
			return place;
		}
	}
	return NULL;
}

/*
 * The log lost messages between the question where it begins and the fetch. What was only to be looked at is done without; should `start` be gone
 * too, the next answer says so.
 */
enum tw_code kafka_reread_shorten(struct kafka_stream *stream, struct kafka_place *place, struct tw_error *err)
{
	int64_t log_start = 0, log_end = 0;
	rd_kafka_resp_err_t cause =
	    rd_kafka_query_watermark_offsets(stream->consumer, place->topic.ptr, place->partition, &log_start, &log_end, BROKER_WAIT_MS);
	place->shown = !cause && log_start > place->shown && log_start < place->start ? log_start : place->start;
	return places_fetch(stream, false, err); /* librdkafka 2.0.2 does not seek in a partition that such an error has ended */
}
