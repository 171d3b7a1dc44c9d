/**
 * @file stream_kind.h
 * What a kind of stream (file, kafka) brings: its calls. Private to engine/io.
 */
#ifndef TIDEWAITER_ENGINE_IO_STREAM_KIND_H
#define TIDEWAITER_ENGINE_IO_STREAM_KIND_H

#include "engine/io/stream.h"

/** As the public calls of the same name; contracts in stream.h. */
struct tw_stream_kind {
	enum tw_code (*poll)(struct tw_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
	                     enum tw_poll *polled, struct tw_error *err);
	enum tw_code (*produce)(struct tw_stream *stream, const struct tw_output *output, struct tw_error *err);
	enum tw_code (*commit)(struct tw_stream *stream, struct tw_error *err);
	/* NULL, both or none: tw_stream_commit_begin is the whole commit */
	enum tw_code (*commit_begin)(struct tw_stream *stream, struct tw_error *err);
	enum tw_code (*commit_end)(struct tw_stream *stream, bool wait, bool *over, struct tw_error *err);
	enum tw_code (*abort)(struct tw_stream *stream, struct tw_error *err);
	void (*free)(struct tw_stream *stream);
	void (*progress)(const struct tw_stream *stream, uint64_t *done, uint64_t *total);
	/* NULL, all three or none: no group */
	enum tw_code (*standing)(struct tw_stream *stream, const struct tw_stream_place **places, uint32_t *count, bool *settled,
	                         struct tw_error *err);
	void (*rejoin)(struct tw_stream *stream);
	void (*gate)(struct tw_stream *stream, bool gated);
	void (*lag)(const struct tw_stream *stream, int64_t lag[TW_FAMILIES]); /* NULL: not known */
};

/** First member of every kind's own struct. */
struct tw_stream {
	const struct tw_stream_kind *kind;
};

#endif
