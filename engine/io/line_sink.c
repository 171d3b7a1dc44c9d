/**
 * @file line_sink.c
 * Whole lines to a file, a batch at a time; see lines.h.
 *
 * Every write(2) ends at a line's end, so whoever reads the file while it grows sees whole lines. SIGKILL can still stop the kernel between two
 * pages of one write: an unfinished last line is cut off when the file is next opened to append, and the batch it belonged to is
 * written again because its input was not committed.
 */
#include "engine/io/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_BYTES ((size_t)1024 * 1024) /* one write at most, but for a single longer line: keeps the window small in which a kill tears */

/* Cut the file back to its last newline. */
static enum tw_code tail_heal(struct tw_line_sink *sink, struct tw_error *err)
{
	char block[4096];
	off_t size = (off_t)tw_line_sink_length(sink), keep = size;
	while (keep > 0) {
		size_t length = keep < (off_t)sizeof(block) ? (size_t)keep : sizeof(block);
		ssize_t got = pread(sink->fd, block, length, keep - (off_t)length);
		if (got != (ssize_t)length) {
			return tw_fail(err, TW_E_IO, TW_STOP, "cannot read the end of the output file", sink->path, "%s", strerror(errno));
		}
		const char *newline = memrchr(block, '\n', length);
		keep -= (off_t)length;
		if (newline) {
			keep += newline - block + 1;
			break;
		}
	}
	return keep == size || ftruncate(sink->fd, keep) == 0
	           ? TW_OK
	           : tw_fail(err, TW_E_IO, TW_STOP, "cannot cut an unfinished line off the output file", sink->path, "%s", strerror(errno));
}

enum tw_code tw_line_sink_open(struct tw_line_sink *sink, const char *path, bool sync, struct tw_error *err)
{
	struct stat info;
	*sink = (struct tw_line_sink){.path = path, .fd = -1, .sync = sync};
	if (!path) {
		return TW_OK;
	}
	if (strcmp(path, "-") == 0) {
		sink->fd = STDOUT_FILENO;
		return TW_OK;
	}
	sink->fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (sink->fd < 0) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot write the output file", path, "%s", strerror(errno));
	}
	sink->owned = true;
	sink->regular = fstat(sink->fd, &info) == 0 && S_ISREG(info.st_mode);
	if (sink->regular && flock(sink->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) { /* some file systems know no locks */
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "another process is writing the output file", path, NULL);
	}
	return TW_OK;
}

enum tw_code tw_line_sink_begin(struct tw_line_sink *sink, bool append, struct tw_error *err)
{
	if (!sink->regular) {
		return TW_OK;
	}
	return append ? tail_heal(sink, err) : tw_line_sink_cut(sink, 0, err);
}

enum tw_code tw_line_sink_init(struct tw_line_sink *sink, const char *path, bool append, bool sync, struct tw_error *err)
{
	enum tw_code code = tw_line_sink_open(sink, path, sync, err);
	return code == TW_OK ? tw_line_sink_begin(sink, append, err) : code;
}

void tw_line_sink_fini(struct tw_line_sink *sink)
{
	if (sink->owned) {
		close(sink->fd);
	}
	free(sink->buffer);
	*sink = (struct tw_line_sink){.fd = -1};
}

enum tw_code tw_line_sink_add(struct tw_line_sink *sink, struct tw_slice line, struct tw_error *err)
{
	if (sink->fd < 0) {
		return TW_OK;
	}
	if (sink->room - sink->used < line.len) {
		size_t room = sink->room ? sink->room * 2 : WRITE_BYTES;
		while (room - sink->used < line.len) {
			room *= 2;
		}
		char *grown = realloc(sink->buffer, room);
		if (!grown) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a batch's output", NULL, "%zu bytes", room);
		}
		sink->buffer = grown;
		sink->room = room;
	}
	if (line.len) {
		memcpy(sink->buffer + sink->used, line.ptr, line.len);
	}
	sink->used += line.len;
	return TW_OK;
}

/* Where the next write ends: at most WRITE_BYTES on, at a line's end. */
static size_t piece_end(const struct tw_line_sink *sink, size_t from)
{
	if (sink->used - from <= WRITE_BYTES) {
		return sink->used;
	}
	const char *newline = memrchr(sink->buffer + from, '\n', WRITE_BYTES);
	if (!newline) {
		newline = memchr(sink->buffer + from + WRITE_BYTES, '\n', sink->used - from - WRITE_BYTES);
	}
	return newline ? (size_t)(newline - sink->buffer) + 1 : sink->used;
}

static enum tw_code bytes_write(const struct tw_line_sink *sink, size_t from, size_t to, struct tw_error *err)
{
	while (from < to) {
		ssize_t wrote = write(sink->fd, sink->buffer + from, to - from);
		if (wrote < 0 && errno != EINTR) {
			return tw_fail(err, TW_E_IO, TW_STOP, "cannot write the output file", sink->path, "%s", strerror(errno));
		}
		from += wrote > 0 ? (size_t)wrote : 0;
	}
	return TW_OK;
}

enum tw_code tw_line_sink_commit(struct tw_line_sink *sink, struct tw_error *err)
{
	size_t from = 0;
	while (from < sink->used) {
		size_t to = piece_end(sink, from);
		enum tw_code code = bytes_write(sink, from, to, err);
		if (code != TW_OK) {
			return code;
		}
		from = to;
	}
	sink->used = 0;
	return sink->sync ? tw_line_sink_sync(sink, err) : TW_OK;
}

void tw_line_sink_drop(struct tw_line_sink *sink)
{
	sink->used = 0;
}

uint64_t tw_line_sink_length(const struct tw_line_sink *sink)
{
	struct stat info;
	return sink->regular && fstat(sink->fd, &info) == 0 ? (uint64_t)info.st_size : 0;
}

enum tw_code tw_line_sink_cut(struct tw_line_sink *sink, uint64_t length, struct tw_error *err)
{
	if (sink->regular && tw_line_sink_length(sink) != length && ftruncate(sink->fd, (off_t)length) != 0) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot cut the output file", sink->path, "%s", strerror(errno));
	}
	return TW_OK;
}

enum tw_code tw_line_sink_sync(const struct tw_line_sink *sink, struct tw_error *err)
{
	if (sink->fd >= 0 && fdatasync(sink->fd) != 0 && errno != EINVAL && errno != EROFS) { /* a pipe cannot sync */
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot sync the output file", sink->path, "%s", strerror(errno));
	}
	return TW_OK;
}
