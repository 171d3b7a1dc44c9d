/**
 * @file lines.h
 * Lines in and lines out: the two ends of a file stream, with bounded memory and no line lost or torn.
 *
 *     reader   files in order -> one buffer; lines are handed out where they lie, the buffer is refilled when none is whole
 *
 *          [used lines | whole lines | begin of one ]        refill moves the begin to the front and reads behind it
 *           0          ^at           ^last newline  ^end
 *
 *     sink     a batch's lines are collected, then written in pieces that end at a line's end
 *
 * Private to engine/io. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_IO_LINES_H
#define TIDEWAITER_ENGINE_IO_LINES_H

#include <stddef.h>
#include <tidewaiter/error.h>
#include <tidewaiter/limits.h>
#include <tidewaiter/slice.h>

/* An event of the largest size, and room for its envelope: topic, key and headers. */
#define TW_LINE_BYTES_MAX (TW_EVENT_BYTES_MAX + 64U * 1024U)
/* What is kept of a longer line, for its dead letter. */
#define TW_LINE_BYTES_KEPT 65536U

struct tw_line {
	char *ptr;
	uint32_t len;  /**< without the newline and a carriage return before it; TW_LINE_BYTES_KEPT when too long */
	bool too_long; /**< longer than TW_LINE_BYTES_MAX: only its begin is here, the rest was passed over */
};

enum tw_line_state {
	TW_LINE_READY = 1, /**< `out` is a line that is not empty */
	TW_LINE_REFILL,    /**< no whole line in the buffer: refill, which moves what was handed out before */
	TW_LINE_END,       /**< the last file's end */
};

struct tw_line_reader {
	const char *const *paths; /**< borrowed; "-" is stdin */
	uint32_t path_count;
	uint32_t next_path;
	const char *path; /**< the open one, for messages */
	int fd;           /**< -1: none open */
	bool regular;
	bool first_bytes; /**< nothing read of this file yet: look for gzip's magic and a byte-order mark */
	bool skipping;    /**< inside the rest of a line that was too long */
	char *buffer;
	size_t room, at, end;
	uint64_t done, total; /**< total 0: not known */
	uint64_t done_before; /**< of `done`: bytes of the files before the open one */
};

/** Looks at every path first, so that a second file that is missing or may not be read is found before the first is read. @return TW_E_MISSING, TW_E_TYPE (gzip), TW_E_IO,
 * TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_line_reader_init(struct tw_line_reader *reader, const char *const *paths, uint32_t count, struct tw_error *err);
void tw_line_reader_fini(struct tw_line_reader *reader);
/** Next line in the buffer, if there is one. Bytes stay until the next refill. */
enum tw_line_state tw_line_next(struct tw_line_reader *reader, struct tw_line *out);
/**
 * Read more behind what is there.
 * @param ready false: nothing came within timeout_ms (pipes only)
 * @return TW_OK; TW_E_IO stop, path named; TW_E_TYPE for gzip on a pipe
 */
TW_MUST_USE enum tw_code tw_line_refill(struct tw_line_reader *reader, uint32_t timeout_ms, bool *ready, struct tw_error *err);

struct tw_line_sink {
	const char *path;
	int fd; /**< -1: none, all is dropped */
	bool owned;
	bool regular; /**< a file, which can be cut and measured; locked against other processes */
	bool sync;
	char *buffer;
	size_t used, room;
};

/** Open without changing what is there. @param path borrowed; "-" is stdout, NULL drops everything @return TW_E_IO; TW_E_CONFLICT: in use */
TW_MUST_USE enum tw_code tw_line_sink_open(struct tw_line_sink *sink, const char *path, bool sync, struct tw_error *err);
/** @param append keeps the file but for an unfinished last line; else it is emptied */
TW_MUST_USE enum tw_code tw_line_sink_begin(struct tw_line_sink *sink, bool append, struct tw_error *err);
/** Both. */
TW_MUST_USE enum tw_code tw_line_sink_init(struct tw_line_sink *sink, const char *path, bool append, bool sync, struct tw_error *err);
void tw_line_sink_fini(struct tw_line_sink *sink);
/** Keep one line, newline included, until commit or drop. */
TW_MUST_USE enum tw_code tw_line_sink_add(struct tw_line_sink *sink, struct tw_slice line, struct tw_error *err);
/** Write everything kept. @return TW_E_IO stop, path named: what was not written stays */
TW_MUST_USE enum tw_code tw_line_sink_commit(struct tw_line_sink *sink, struct tw_error *err);
void tw_line_sink_drop(struct tw_line_sink *sink);
/** Bytes in the file; 0 when it is none. */
uint64_t tw_line_sink_length(const struct tw_line_sink *sink);
/** Cut the file to its first `length` bytes. */
TW_MUST_USE enum tw_code tw_line_sink_cut(struct tw_line_sink *sink, uint64_t length, struct tw_error *err);
/** What was written is on the disk. A pipe has none: that is no failure. */
TW_MUST_USE enum tw_code tw_line_sink_sync(const struct tw_line_sink *sink, struct tw_error *err);

#endif
