/**
 * @file stream.c
 * From the public calls to the kind of stream behind them; see stream.h.
 */
#include "engine/io/stream_kind.h"

const char *tw_topic_out(const struct tw_topics *topics, enum tw_output_kind kind)
{
	switch (kind) {
	case TW_OUTPUT_ALERT:
		return topics->alerts;
	case TW_OUTPUT_HOLD:
		return topics->holds;
	case TW_OUTPUT_DEAD_LETTER:
		return topics->dead_letter;
	case TW_OUTPUT_SHADOW:
		return topics->shadow;
	case TW_OUTPUT_TRACE:
		return topics->traces;
	case TW_OUTPUT_FACT:
		return topics->input[TW_FAMILY_FACT - 1];
	}
	return NULL;
}

enum tw_code tw_stream_poll(struct tw_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                            enum tw_poll *polled, struct tw_error *err)
{
	return stream->kind->poll(stream, most, timeout_ms, out, count, polled, err);
}

enum tw_code tw_stream_produce(struct tw_stream *stream, const struct tw_output *output, struct tw_error *err)
{
	return stream->kind->produce(stream, output, err);
}

enum tw_code tw_stream_commit(struct tw_stream *stream, struct tw_error *err)
{
	return stream->kind->commit(stream, err);
}

enum tw_code tw_stream_commit_begin(struct tw_stream *stream, struct tw_error *err)
{
	return stream->kind->commit_begin ? stream->kind->commit_begin(stream, err) : stream->kind->commit(stream, err);
}

enum tw_code tw_stream_commit_end(struct tw_stream *stream, bool wait, bool *over, struct tw_error *err)
{
	*over = true;
	return stream->kind->commit_end ? stream->kind->commit_end(stream, wait, over, err) : TW_OK;
}

enum tw_code tw_stream_abort(struct tw_stream *stream, struct tw_error *err)
{
	return stream->kind->abort(stream, err);
}

void tw_stream_free(struct tw_stream *stream)
{
	if (stream) {
		stream->kind->free(stream);
	}
}

void tw_stream_progress(const struct tw_stream *stream, uint64_t *done, uint64_t *total)
{
	stream->kind->progress(stream, done, total);
}

enum tw_code tw_stream_standing(struct tw_stream *stream, const struct tw_stream_place **places, uint32_t *count, bool *settled, struct tw_error *err)
{
	*places = NULL;
	*count = 0;
	*settled = true;
	return stream->kind->standing ? stream->kind->standing(stream, places, count, settled, err) : TW_OK;
}

void tw_stream_rejoin(struct tw_stream *stream)
{
	if (stream->kind->rejoin) {
		stream->kind->rejoin(stream);
	}
}

void tw_stream_gate(struct tw_stream *stream, bool gated)
{
	if (stream->kind->gate) {
		stream->kind->gate(stream, gated);
	}
}

void tw_stream_lag(const struct tw_stream *stream, int64_t lag[TW_FAMILIES])
{
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		lag[i] = -1;
	}
	if (stream->kind->lag) {
		stream->kind->lag(stream, lag);
	}
}
