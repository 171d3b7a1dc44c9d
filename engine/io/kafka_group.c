/**
 * @file kafka_group.c
 * The group as a whole: how far it has committed, leaving and joining it, and the gate that keeps new events back while state is rebuilt.
 *
 * A join makes a new *generation* of the group, and the broker takes offsets only from members of the present one: after it, nobody can
 * commit what was judged before. It needs a leave first, for a static member that merely joins again is handed its old generation. The request to
 * leave may be lost, or never be sent (librdkafka sends none while it knows no coordinator): hence generations are compared, and where the new one
 * is the old one, we leave once more.
 * A gated partition that has nothing left to rebuild is paused at the first message behind its committed offset, or an idle engine would fetch
 * its whole backlog for nothing; opening assigns it again, at the committed offset.
 * Source: KIP-98 (read_committed, stable offsets: KIP-447), KIP-345 (static members); Kafka protocol guide, OffsetFetch require_stable.
 */
#include <stdlib.h>

#include "engine/io/kafka.h"

#define ASK_MS          5000
#define GENERATION_MARK 0x5AC3961B /* no group comes that far */
#define LEAVE_MS        20         /* a poll */
#define LEAVE_POLLS     250
#define LEAVE_QUIET     3 /* polls after the assignment is gone: the request to leave goes out behind it */

/* ---- where the group stands ---- */

/* Every partition of one topic. @return 0, or why not */
static rd_kafka_resp_err_t topic_add(struct kafka_stream *stream, const char *name, rd_kafka_topic_partition_list_t *list)
{
	const struct rd_kafka_metadata *found = NULL;
	rd_kafka_topic_t *topic = rd_kafka_topic_new(stream->consumer, name, NULL);
	rd_kafka_resp_err_t cause = topic ? rd_kafka_metadata(stream->consumer, 0, topic, &found, ASK_MS) : rd_kafka_last_error();
	if (!cause) {
		cause = found && found->topic_cnt == 1 ? found->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
	}
	for (int i = 0; !cause && found && i < found->topics[0].partition_cnt; i++) {
		rd_kafka_topic_partition_list_add(list, name, found->topics[0].partitions[i].id);
	}
	if (found) {
		rd_kafka_metadata_destroy(found);
	}
	if (topic) {
		rd_kafka_topic_destroy(topic);
	}
	return cause;
}

static enum tw_code standing_take(struct kafka_stream *stream, const rd_kafka_topic_partition_list_t *list, struct tw_error *err)
{
	if ((uint32_t)list->cnt > stream->standing_room) {
		struct tw_stream_place *standing = realloc(stream->standing, (size_t)list->cnt * sizeof(*standing));
		if (!standing) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the group's partitions", NULL, NULL);
		}
		stream->standing = standing;
		stream->standing_room = (uint32_t)list->cnt;
	}
	const struct tw_topics *topics = &stream->options.topics;
	for (int i = 0; i < list->cnt; i++) {
		const rd_kafka_topic_partition_t *one = &list->elems[i];
		if (one->err) {
			return kafka_fail(err, one->err, "cannot ask the group for its committed offsets", one->topic, NULL);
		}
		struct tw_slice topic = {NULL, 0};
		for (unsigned f = 0; f < TW_FAMILIES && !topic.ptr; f++) {
			topic = topics->input[f] && strcmp(topics->input[f], one->topic) == 0 ? tw_slice_str(topics->input[f]) : topic;
		}
		stream->standing[i] = (struct tw_stream_place){topic, one->partition, one->offset >= 0 ? one->offset : -1};
	}
	return TW_OK;
}

enum tw_code kafka_standing(struct tw_stream *base, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	*count = 0;
	/* a transaction that our predecessor left open would keep offsets from being told until it times out */
	enum tw_code code = kafka_settle(stream, err);
	if (code != TW_OK) {
		return code;
	}
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(TW_FAMILIES);
	rd_kafka_resp_err_t cause = RD_KAFKA_RESP_ERR_NO_ERROR;
	for (unsigned i = 0; i < TW_FAMILIES && !cause; i++) {
		cause = stream->options.topics.input[i] ? topic_add(stream, stream->options.topics.input[i], list) : cause;
	}
	cause = cause ? cause : rd_kafka_committed(stream->consumer, list, ASK_MS);
	code = cause ? kafka_fail(err, cause, "cannot ask the group for its committed offsets", stream->options.group, NULL) : TW_OK;
	code = code == TW_OK ? standing_take(stream, list, err) : code;
	*places = stream->standing;
	*count = code == TW_OK ? (uint32_t)list->cnt : 0;
	*settled = stream->joined && !stream->leave && !stream->unplaced;
	rd_kafka_topic_partition_list_destroy(list);
	return code;
}

/* ---- leaving and joining ---- */

void kafka_rejoin(struct tw_stream *base)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	(void)kafka_commit_take(stream, true);
#ifdef TW_BREAK_GENERATION /* negative control: placed anew in the generation that is */
	stream->place_count = 0;
	(void)(stream->joined && !stream->unplaced && rd_kafka_assignment(stream->consumer, &stream->unplaced));
#else
	stream->leave = true;
#endif
}

static enum tw_code subscribe(struct kafka_stream *stream, struct tw_error *err)
{
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(TW_FAMILIES);
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		if (stream->options.topics.input[i]) {
			rd_kafka_topic_partition_list_add(topics, stream->options.topics.input[i], RD_KAFKA_PARTITION_UA);
		}
	}
	rd_kafka_resp_err_t cause = rd_kafka_subscribe(stream->consumer, topics);
	rd_kafka_topic_partition_list_destroy(topics);
	stream->subscribed = !cause;
	return cause ? kafka_fail(err, cause, "cannot join the group", stream->options.group, NULL) : TW_OK;
}

static bool assigned(struct kafka_stream *stream)
{
	rd_kafka_topic_partition_list_t *list = NULL;
	bool some = !rd_kafka_assignment(stream->consumer, &list) && list->cnt;
	if (list) {
		rd_kafka_topic_partition_list_destroy(list);
	}
	return some;
}

/* librdkafka waits for an answer to its assignment, and without one neither leaves nor joins. */
static void unplaced_decline(struct kafka_stream *stream)
{
	if (stream->unplaced) {
		rd_kafka_topic_partition_list_t *none = rd_kafka_topic_partition_list_new(0);
		kafka_assign(stream->consumer, none);
		rd_kafka_topic_partition_list_destroy(none);
		rd_kafka_topic_partition_list_destroy(stream->unplaced);
		stream->unplaced = NULL;
	}
}

void kafka_places_doubt(struct kafka_stream *stream)
{
	if (stream->unplaced || stream->place_count == 0) {
		return;
	}
	stream->unplaced = rd_kafka_topic_partition_list_new((int)stream->place_count);
	for (uint32_t i = 0; i < stream->place_count; i++) {
		rd_kafka_topic_partition_list_add(stream->unplaced, stream->places[i].topic.ptr, stream->places[i].partition);
	}
	stream->place_count = 0;
}

/* The private form in which librdkafka hands metadata from one client to another. @return its bytes, to be freed; NULL: none */
static char *metadata_write(const rd_kafka_consumer_group_metadata_t *group, size_t *size)
{
	void *bytes = NULL;
	rd_kafka_error_t *failure = group ? rd_kafka_consumer_group_metadata_write(group, &bytes, size) : NULL;
	if (failure) {
		rd_kafka_error_destroy(failure);
		return NULL;
	}
	return bytes;
}

/*
 * librdkafka does not tell the generation, but it is in that form; where, is found by writing ours with a generation that we know.
 * Source: librdkafka 2.0.2, rdkafka.h: the form may be another in every version, and is the same within a process.
 */
int32_t kafka_generation(const struct kafka_stream *stream)
{
	char *member = rd_kafka_memberid(stream->consumer);
	rd_kafka_consumer_group_metadata_t *known =
	    rd_kafka_consumer_group_metadata_new_with_genid(stream->options.group, GENERATION_MARK, member ? member : "", stream->options.instance);
	size_t size = 0, known_size = 0;
	char *bytes = metadata_write(stream->group, &size), *known_bytes = metadata_write(known, &known_size);
	int32_t generation = -1, mark = GENERATION_MARK;
	const char *at = bytes && known_bytes ? memmem(known_bytes, known_size, &mark, sizeof(mark)) : NULL;
	if (at && (size_t)(at - known_bytes) + sizeof(generation) <= size) {
		memcpy(&generation, bytes + (at - known_bytes), sizeof(generation));
	}
	free(bytes);
	free(known_bytes);
	rd_kafka_consumer_group_metadata_destroy(known);
	if (member) {
		rd_kafka_mem_free(stream->consumer, member);
	}
	return generation;
}

/* Only a member can leave: where no assignment has come yet, that is waited for first. */
void kafka_leave(struct kafka_stream *stream)
{
	uint32_t quiet = 0;
	stream->left = kafka_generation(stream);
	stream->joined = false;
	stream->subscribed = false;
	unplaced_decline(stream);
	rd_kafka_unsubscribe(stream->consumer);
	for (uint32_t i = 0; i < LEAVE_POLLS && quiet < LEAVE_QUIET; i++) {
		rd_kafka_message_t *message = rd_kafka_consumer_poll(stream->consumer, LEAVE_MS);
		if (message) {
			stream->consumer_fatal = stream->consumer_fatal || message->err == RD_KAFKA_RESP_ERR__FATAL;
			rd_kafka_message_destroy(message);
		}
		quiet = assigned(stream) ? 0 : quiet + 1;
	}
	unplaced_decline(stream);
	stream->place_count = 0;
	stream->rewind = false;
	stream->joined = false;
	stream->leave = false;
}

enum tw_code kafka_join(struct kafka_stream *stream, struct tw_error *err)
{
	if (stream->leave && stream->joined) {
		kafka_leave(stream);
	}
	return stream->subscribed ? TW_OK : subscribe(stream, err);
}

/* ---- the gate ---- */

void kafka_gate(struct tw_stream *base, bool gated)
{
	struct kafka_stream *stream = (struct kafka_stream *)base;
	(void)kafka_commit_take(stream, true);
	for (uint32_t i = 0; i < stream->place_count && stream->gated && !gated; i++) {
		struct kafka_place *place = &stream->places[i];
		if (place->start < place->committed) {
			place->shown = place->shown < place->start ? place->shown : place->start; /* no further was all of it looked at */
			place->start = place->committed;                                          /* the rest was rebuilt by somebody else */
			stream->rewind = true;
		}
		stream->rewind = stream->rewind || place->held_back;
	}
	stream->gated = gated;
}

void kafka_hold_back(struct kafka_stream *stream, struct kafka_place *place)
{
	if (place->held_back) {
		return;
	}
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(list, place->topic.ptr, place->partition);
	rd_kafka_pause_partitions(stream->consumer, list);
	rd_kafka_topic_partition_list_destroy(list);
	place->held_back = true;
}

void kafka_gated_commit(struct kafka_stream *stream)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		stream->places[i].start = stream->places[i].next;
	}
}

/* ---- how far behind ---- */

void kafka_lag(const struct tw_stream *base, int64_t lag[TW_FAMILIES])
{
	const struct kafka_stream *stream = (const struct kafka_stream *)base;
	for (uint32_t i = 0; i < stream->place_count; i++) {
		const struct kafka_place *place = &stream->places[i];
		int64_t log_start, log_end, *family = &lag[place->family - 1];
		rd_kafka_resp_err_t told = rd_kafka_get_watermark_offsets(stream->consumer, place->topic.ptr, place->partition, &log_start, &log_end);
		if (told == RD_KAFKA_RESP_ERR_NO_ERROR && log_end >= 0) {
			*family = (*family < 0 ? 0 : *family) + (log_end > place->next ? log_end - place->next : 0);
		}
	}
}
