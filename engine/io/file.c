/**
 * @file file.c
 * Events from files or a pipe, outputs to a file: the stream that needs no server; see stream.h.
 *
 * A line is an event: bare when a topic was named, else an envelope. Each topic has a running offset of its own in partition 0, unless the
 * envelope states where the event stood. Lines that are no envelope of ours travel on as refused messages under the topic "-", so that they
 * end as dead letters. A batch is what one buffer holds, so abort can hand out the same messages again, and memory is bounded.
 *
 * A run that goes on with an earlier one reads what that finished again, as batches of their own marked `replayed` (bookmark.h).
 *
 * Invariant: offsets of one place (topic, partition) only rise; a line that states an earlier one is refused.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/nearest.h"
#include "engine/emit/emit.h"
#include "engine/io/bookmark.h"
#include "engine/io/envelope.h"
#include "engine/io/lines.h"
#include "engine/io/stream_kind.h"

#define REFUSED_TOPIC     "-"
#define PLACES_MAX        4096U /* partitions a dump may name: a Kafka cluster is kept under that a topic */
#define ARENA_BLOCK_BYTES ((size_t)256 * 1024)

/* One topic's partition: how far it was read, how far that is committed. */
struct place {
	struct tw_slice topic; /* the configured name, lives as long as the stream */
	int32_t partition;
	int64_t next;
	int64_t committed;
};

struct file_stream {
	struct tw_stream base;
	struct tw_topics topics;
	const char *topic; /* of bare lines */
	enum tw_family family;
	struct tw_line_reader reader;
	struct tw_line_sink sink;
	struct tw_bookmark bookmark;
	struct tw_arena arena; /* one output line */
	struct tw_message *messages;
	uint32_t count, room;
	bool again; /* aborted: hand the batch out once more */
	struct place *places;
	uint32_t place_count, place_room, place_last;
};

static enum tw_family family_of(const struct tw_topics *topics, struct tw_slice topic)
{
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		if (topics->input[i] && topics->input[i][0] && tw_slice_is(topic, topics->input[i])) {
			return (enum tw_family)(i + 1);
		}
	}
	return (enum tw_family)0;
}

/* NULL when there are too many, or no memory. */
static struct place *place_add(struct file_stream *stream, struct tw_slice topic, int32_t partition, int64_t first)
{
	if (stream->place_count == stream->place_room) {
		uint32_t room = stream->place_room ? stream->place_room * 2 : 8;
		struct place *grown = room > PLACES_MAX ? NULL : realloc(stream->places, room * sizeof(*grown));
		if (!grown) {
			return NULL;
		}
		stream->places = grown;
		stream->place_room = room;
	}
	stream->place_last = stream->place_count++;
	struct place *place = &stream->places[stream->place_last];
	*place = (struct place){topic, partition, first, first};
	return place;
}

static struct place *place_find(struct file_stream *stream, struct tw_slice topic, int32_t partition, int64_t first)
{
	for (uint32_t i = 0; i < stream->place_count; i++) {
		uint32_t at = (stream->place_last + i) % stream->place_count; /* neighbours in a file are neighbours in a place */
		struct place *place = &stream->places[at];
		if (place->partition == partition && tw_slice_equal(place->topic, topic)) {
			stream->place_last = at;
			return place;
		}
	}
	return place_add(stream, topic, partition, first);
}

/* The configured spelling of a topic: lives as long as the stream. */
static struct tw_slice topic_kept(const struct file_stream *stream, enum tw_family family)
{
	if (!family) {
		return tw_slice_str(REFUSED_TOPIC);
	}
	return tw_slice_str(stream->topic ? stream->topic : stream->topics.input[family - 1]);
}

/* Give the message its place. @return NULL, or why it cannot have one */
static const char *message_place(struct file_stream *stream, struct tw_message *message, int64_t partition, int64_t offset)
{
	message->topic = topic_kept(stream, message->family);
	message->partition = partition < 0 ? 0 : (int32_t)partition;
	struct place *place = place_find(stream, message->topic, message->partition, offset < 0 ? 0 : offset);
	if (!place) {
		return "more topics and partitions than a file may name";
	}
	if (offset >= 0 && offset < place->next) {
		return "the offset is not after the one before it";
	}
	message->offset = offset < 0 ? place->next : offset;
	message->committed = place->committed;
	place->next = message->offset + 1;
	return NULL;
}

static void message_refuse(struct file_stream *stream, struct tw_message *message, struct tw_slice line, const char *why)
{
	*message = (struct tw_message){.value = line, .refused = why};
	if (message_place(stream, message, 0, -1) != NULL) {
		message->offset = (int64_t)stream->reader.done; /* places have run out: still a place of its own, and rising */
	}
}

static const char *envelope_read(struct file_stream *stream, const struct tw_line *line, struct tw_message *message)
{
	struct tw_line_envelope envelope;
	const char *why = tw_envelope_split(line->ptr, line->len, &envelope);
	if (why) {
		return why;
	}
	message->family = family_of(&stream->topics, envelope.topic);
	if (!message->family) {
		return "the topic is none that is read";
	}
	message->key = envelope.key;
	message->value = envelope.value;
	message->ce_id = envelope.ce_id;
	message->ce_type = envelope.ce_type;
	message->ce_time = envelope.ce_time;
	message->ce_source = envelope.ce_source;
	return message_place(stream, message, envelope.partition, envelope.offset);
}

static void message_read(struct file_stream *stream, const struct tw_line *line, struct tw_message *message)
{
	struct tw_slice bytes = {line->ptr, line->len};
	const char *why = NULL;
	*message = (struct tw_message){.family = stream->family, .value = bytes};
	if (line->too_long) {
		why = "the line is longer than an event with its envelope may be; only its begin is kept";
	} else if (stream->topic) {
		why = message_place(stream, message, 0, -1);
	} else {
		why = envelope_read(stream, line, message);
	}
	if (why) {
		message_refuse(stream, message, bytes, why);
	}
}

static enum tw_code messages_reserve(struct file_stream *stream, uint32_t most, struct tw_error *err)
{
	if (most <= stream->room) {
		return TW_OK;
	}
	struct tw_message *grown = realloc(stream->messages, most * sizeof(*grown));
	if (!grown) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a batch", NULL, "%u messages", most);
	}
	stream->messages = grown;
	stream->room = most;
	return TW_OK;
}

/* Lines that lie whole in the buffer, at most `most`. */
static enum tw_line_state lines_take(struct file_stream *stream, uint32_t most)
{
	enum tw_line_state state = TW_LINE_READY;
	struct tw_line line;
	uint64_t due = tw_bookmark_left(&stream->bookmark);
	most = due && due < most ? (uint32_t)due : most;
	while (stream->count < most && (state = tw_line_next(&stream->reader, &line)) == TW_LINE_READY) {
		struct tw_message *message = &stream->messages[stream->count++];
		tw_bookmark_line(&stream->bookmark, &stream->reader, &line);
		message_read(stream, &line, message);
		message->replayed = due > 0;
	}
	return state;
}

static enum tw_code file_poll(struct tw_stream *base, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                              enum tw_poll *polled, struct tw_error *err)
{
	struct file_stream *stream = (struct file_stream *)base;
	enum tw_line_state state = TW_LINE_READY;
	enum tw_code code = messages_reserve(stream, most, err);
	bool ready = true;
	if (code != TW_OK) {
		return code;
	}
	if (!stream->again) {
		stream->count = 0;
		state = lines_take(stream, most);
	}
	while (stream->count == 0 && state == TW_LINE_REFILL && ready) {
		code = tw_line_refill(&stream->reader, timeout_ms, &ready, err);
		if (code != TW_OK) {
			return code;
		}
		state = lines_take(stream, most);
	}
	if (stream->count == 0 && state == TW_LINE_END && tw_bookmark_left(&stream->bookmark)) {
		return tw_bookmark_short(&stream->bookmark, err);
	}
	stream->again = false;
	*out = stream->messages;
	*count = stream->count;
	*polled = stream->count ? TW_POLL_BATCH : state == TW_LINE_END ? TW_POLL_END : TW_POLL_IDLE;
	return TW_OK;
}

static enum tw_code file_produce(struct tw_stream *base, const struct tw_output *output, struct tw_error *err)
{
	struct file_stream *stream = (struct file_stream *)base;
	struct tw_slice line = {NULL, 0};
	const char *topic = tw_topic_out(&stream->topics, output->kind);
	tw_arena_reset(&stream->arena);
	enum tw_code code = tw_emit_line(output, tw_slice_str(topic ? topic : ""), &stream->arena, &line, err);
	return code != TW_OK ? code : tw_line_sink_add(&stream->sink, line, err);
}

/* All that the earlier run finished has been read, and is what it was: the output goes on from there. A finished one is left alone. */
static enum tw_code output_rejoin(struct file_stream *stream, struct tw_error *err)
{
	const struct tw_checkpoint *earlier = &stream->bookmark.earlier;
	return earlier->finished ? TW_OK : tw_line_sink_cut(&stream->sink, earlier->output_bytes, err);
}

static enum tw_code file_commit(struct tw_stream *base, struct tw_error *err)
{
	struct file_stream *stream = (struct file_stream *)base;
	bool replayed = stream->count && stream->messages[0].replayed;
	enum tw_code code = tw_line_sink_commit(&stream->sink, err);
	code = code == TW_OK ? tw_bookmark_commit(&stream->bookmark, err) : code;
	if (code == TW_OK && replayed && tw_bookmark_left(&stream->bookmark) == 0) {
		code = output_rejoin(stream, err);
	}
	if (code != TW_OK) {
		return code;
	}
	for (uint32_t i = 0; i < stream->place_count; i++) {
		stream->places[i].committed = stream->places[i].next;
	}
	return TW_OK;
}

static enum tw_code file_abort(struct tw_stream *base, struct tw_error *err)
{
	struct file_stream *stream = (struct file_stream *)base;
	(void)err;
	tw_line_sink_drop(&stream->sink);
	stream->again = stream->count > 0;
	return TW_OK;
}

static void file_free(struct tw_stream *base)
{
	struct file_stream *stream = (struct file_stream *)base;
	tw_line_reader_fini(&stream->reader);
	tw_line_sink_fini(&stream->sink);
	tw_bookmark_fini(&stream->bookmark);
	tw_arena_fini(&stream->arena);
	free(stream->messages);
	free(stream->places);
	free(stream);
}

static void file_progress(const struct tw_stream *base, uint64_t *done, uint64_t *total)
{
	const struct file_stream *stream = (const struct file_stream *)base;
	*done = stream->reader.done - (stream->reader.end - stream->reader.at);
	*total = stream->reader.total;
}

static const struct tw_stream_kind file_kind = {
    .poll = file_poll,
    .produce = file_produce,
    .commit = file_commit,
    .abort = file_abort,
    .free = file_free,
    .progress = file_progress,
};

/* The first checkpoint counts nothing: a kill from here on leaves something to go on with, also where the output is appended to. */
static enum tw_code output_begin(struct file_stream *stream, const struct tw_file_options *options, struct tw_error *err)
{
	struct tw_bookmark *bookmark = &stream->bookmark;
	enum tw_code code = tw_line_sink_open(&stream->sink, options->output, options->sync, err);
	code = code == TW_OK ? tw_bookmark_init(bookmark, options, &stream->sink, err) : code;
	if (code != TW_OK) {
		return code;
	}
	if (bookmark->resumed) {
		return bookmark->earlier.lines == 0 ? output_rejoin(stream, err) : TW_OK;
	}
	code = tw_line_sink_begin(&stream->sink, options->append, err);
	return code == TW_OK ? tw_bookmark_keep(bookmark, &stream->sink, false, err) : code;
}

static enum tw_code topic_unknown(const struct tw_topics *topics, const char *topic, struct tw_error *err)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(topic));
	for (size_t i = 0; i < sizeof(topics->input) / sizeof(topics->input[0]); i++) {
		if (topics->input[i] && topics->input[i][0]) {
			tw_nearest_offer(&nearest, topics->input[i]);
		}
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no input topic has that name", topic, "the settings topics.* name them%s",
	               tw_nearest_hint(&nearest, hint));
}

enum tw_code tw_stream_file_new(const struct tw_file_options *options, struct tw_stream **out, struct tw_error *err)
{
	struct file_stream *stream = calloc(1, sizeof(*stream));
	if (!stream) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a stream", NULL, NULL);
	}
	stream->base.kind = &file_kind;
	stream->topics = options->topics;
	stream->topic = options->topic;
	stream->sink.fd = -1;
	stream->reader.fd = -1;
	tw_arena_init(&stream->arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = TW_OK;
	if (options->topic) {
		stream->family = family_of(&options->topics, tw_slice_str(options->topic));
		if (!stream->family) {
			code = topic_unknown(&options->topics, options->topic, err);
		}
	}
	if (code == TW_OK) {
		code = tw_line_reader_init(&stream->reader, options->inputs, options->input_count, err);
	}
	code = code == TW_OK ? output_begin(stream, options, err) : code;
	if (code != TW_OK) {
		file_free(&stream->base);
		return code;
	}
	*out = &stream->base;
	return TW_OK;
}

void tw_stream_file_standing(const struct tw_stream *stream, struct tw_file_standing *out)
{
	const struct tw_bookmark *bookmark = &((const struct file_stream *)stream)->bookmark;
	*out = (struct tw_file_standing){.resumed = bookmark->resumed,
	                                 .finished = bookmark->earlier.finished,
	                                 .kept = bookmark->kept,
	                                 .lines = bookmark->earlier.lines,
	                                 .lines_due = tw_bookmark_left(bookmark),
	                                 .bytes = bookmark->earlier.bytes};
}

enum tw_code tw_stream_file_checkpoint(struct tw_stream *stream, bool finished, struct tw_error *err)
{
	struct file_stream *file = (struct file_stream *)stream;
	return tw_bookmark_keep(&file->bookmark, &file->sink, finished, err);
}
