/**
 * @file line_reader.c
 * Files and pipes to lines; see lines.h for the buffer's picture.
 * Invariant: at <= end <= room, and every byte before `at` has been handed out or passed over.
 */
#include "engine/io/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some lines of the largest size; also what bounds a batch's bytes and so its outputs. */
#define BUFFER_BYTES ((size_t)4 * 1024 * 1024)

static enum tw_code gzip_refuse(const char *path, struct tw_error *err)
{
	bool pipe = strcmp(path, "-") == 0;
	return tw_fail(err, TW_E_TYPE, TW_STOP, "input is compressed", path, "unpack it on the way: zcat %s%s%s | tidewaiter screen -",
	               pipe ? "" : "'", pipe ? "FILE" : path, pipe ? "" : "'");
}

/* What can be known before the first byte is read. Sizes of regular files add up; one pipe makes the total unknown. */
static enum tw_code path_check(const char *path, uint64_t *total, bool *known, struct tw_error *err)
{
	struct stat info;
	size_t length = strlen(path);
	if (strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, &info) != 0 : stat(path, &info) != 0) {
		return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot read the input file", path, "%s", strerror(errno));
	}
	if (strcmp(path, "-") != 0 && access(path, R_OK) != 0) { /* now, not when the files before it are through */
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot read the input file", path, "%s", strerror(errno));
	}
	if (S_ISDIR(info.st_mode)) {
		return tw_fail(err, TW_E_TYPE, TW_STOP, "the input is a folder", path, "name its files: %s/*.ndjson", path);
	}
	if (length > 3 && strcmp(path + length - 3, ".gz") == 0) {
		return gzip_refuse(path, err);
	}
	*known = *known && S_ISREG(info.st_mode);
	*total += S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
	return TW_OK;
}

enum tw_code tw_line_reader_init(struct tw_line_reader *reader, const char *const *paths, uint32_t count, struct tw_error *err)
{
	uint64_t total = 0;
	bool known = true;
	*reader = (struct tw_line_reader){.paths = paths, .path_count = count, .fd = -1};
	for (uint32_t i = 0; i < count; i++) {
		enum tw_code code = path_check(paths[i], &total, &known, err);
		if (code != TW_OK) {
			return code;
		}
	}
	reader->total = known ? total : 0;
	reader->room = BUFFER_BYTES;
	reader->buffer = malloc(BUFFER_BYTES);
	return reader->buffer ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the input buffer", NULL, NULL);
}

static void file_close(struct tw_line_reader *reader)
{
	if (reader->fd > STDIN_FILENO) {
		close(reader->fd);
	}
	reader->fd = -1;
}

void tw_line_reader_fini(struct tw_line_reader *reader)
{
	file_close(reader);
	free(reader->buffer);
	reader->buffer = NULL;
}

static enum tw_code file_open(struct tw_line_reader *reader, struct tw_error *err)
{
	struct stat info;
	reader->path = reader->paths[reader->next_path++];
	reader->first_bytes = true;
	reader->done_before = reader->done;
	reader->fd = strcmp(reader->path, "-") == 0 ? STDIN_FILENO : open(reader->path, O_RDONLY | O_CLOEXEC);
	if (reader->fd < 0) {
		return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot read the input file", reader->path, "%s",
		               strerror(errno));
	}
	reader->regular = fstat(reader->fd, &info) == 0 && S_ISREG(info.st_mode);
	if (reader->regular) {
		(void)posix_fadvise(reader->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	return TW_OK;
}

static bool at_end(const struct tw_line_reader *reader)
{
	return reader->fd < 0 && reader->next_path == reader->path_count;
}

/* The rest of a line that was too long: to its newline, or all there is. */
static void rest_skip(struct tw_line_reader *reader)
{
	char *newline = memchr(reader->buffer + reader->at, '\n', reader->end - reader->at);
	reader->at = newline ? (size_t)(newline - reader->buffer) + 1 : reader->end;
	reader->skipping = !newline;
}

/* Hand out [at, stop); `next` is where the next line begins. */
static bool line_take(struct tw_line_reader *reader, size_t stop, size_t next, struct tw_line *out)
{
	size_t length = stop - reader->at;
	char *from = reader->buffer + reader->at;
	reader->at = next;
	bool too_long = length > TW_LINE_BYTES_MAX;
	length = too_long ? TW_LINE_BYTES_KEPT : length;
	if (length && !too_long && from[length - 1] == '\r') {
		length--;
	}
	*out = (struct tw_line){from, (uint32_t)length, too_long};
	return length > 0;
}

enum tw_line_state tw_line_next(struct tw_line_reader *reader, struct tw_line *out)
{
	for (;;) {
		if (reader->skipping) {
			rest_skip(reader);
		}
		size_t left = reader->end - reader->at;
		char *newline = left ? memchr(reader->buffer + reader->at, '\n', left) : NULL;
		if (newline) {
			size_t stop = (size_t)(newline - reader->buffer);
			if (line_take(reader, stop, stop + 1, out)) {
				return TW_LINE_READY;
			}
		} else if (left > TW_LINE_BYTES_MAX) {
			reader->skipping = true;
			line_take(reader, reader->end, reader->end, out);
			return TW_LINE_READY;
		} else if (left && reader->fd < 0) {
			if (line_take(reader, reader->end, reader->end, out)) { /* a file's last line may lack its newline */
				return TW_LINE_READY;
			}
		} else {
			return at_end(reader) ? TW_LINE_END : TW_LINE_REFILL;
		}
	}
}

/* A pipe may be silent: wait that long. */
static enum tw_code input_await(const struct tw_line_reader *reader, uint32_t timeout_ms, bool *ready, struct tw_error *err)
{
	struct pollfd waited = {.fd = reader->fd, .events = POLLIN};
	if (reader->regular) {
		*ready = true;
		return TW_OK;
	}
	int count = poll(&waited, 1, (int)timeout_ms);
	if (count < 0 && errno != EINTR) {
		return tw_fail(err, TW_E_IO, TW_STOP, "cannot wait for input", reader->path, "%s", strerror(errno));
	}
	*ready = count > 0;
	return TW_OK;
}

enum tw_code tw_line_refill(struct tw_line_reader *reader, uint32_t timeout_ms, bool *ready, struct tw_error *err)
{
	if (reader->at) {
		memmove(reader->buffer, reader->buffer + reader->at, reader->end - reader->at);
		reader->end -= reader->at;
		reader->at = 0;
	}
	enum tw_code code = reader->fd < 0 && reader->next_path < reader->path_count ? file_open(reader, err) : TW_OK;
	*ready = true;
	if (code != TW_OK || reader->fd < 0 || (code = input_await(reader, timeout_ms, ready, err)) != TW_OK || !*ready) {
		return code;
	}
	ssize_t got = read(reader->fd, reader->buffer + reader->end, reader->room - reader->end);
	if (got < 0) {
		*ready = false;
		return errno == EINTR || errno == EAGAIN
		           ? TW_OK
		           : tw_fail(err, TW_E_IO, TW_STOP, "cannot read the input file", reader->path, "%s", strerror(errno));
	}
	if (got == 0) {
		file_close(reader); /* its last line ends here too: tw_line_next takes what lies there */
		reader->skipping = false;
		return TW_OK;
	}
	const char *first = reader->buffer + reader->end;
	if (reader->first_bytes && got >= 2 && (unsigned char)first[0] == 0x1F && (unsigned char)first[1] == 0x8B) {
		return gzip_refuse(reader->path, err);
	}
	if (reader->first_bytes && got >= 3 && memcmp(first, "\xef\xbb\xbf", 3) == 0) {
		reader->at = reader->end + 3; /* what editors put before UTF-8: no part of the first event */
	}
	reader->first_bytes = false;
	reader->end += (size_t)got;
	reader->done += (uint64_t)got;
	return TW_OK;
}
