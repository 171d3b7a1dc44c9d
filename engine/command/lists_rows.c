/**
 * @file lists_rows.c
 * See lists_rows.h.
 * Invariant: at <= end <= BUFFER_BYTES; every byte before `at` has been handed out or passed over, and `line` is the line of `at`.
 */
#include "engine/command/lists_rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/decode/flat.h"
#include "feeds/csv.h"
#include "feeds/list_text.h"

#define BUFFER_BYTES ((size_t)4 * TW_ROW_BYTES_MAX)
#define NOWHERE      UINT32_MAX

static const char *const column_words[TW_ROW_COLUMNS] = {"name", "id", "country", "birth_date", "kind", "address", "identifier"};

static enum tw_code fail_system(const char *path, struct tw_error *err)
{
	int reason = errno;
	return tw_fail(err, reason == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot read the file of names", path, "%s", strerror(reason));
}

/* Make room in front, and read once. */
static enum tw_code refill(struct tw_rows *rows, struct tw_error *err)
{
	ssize_t got;
	memmove(rows->buffer, rows->buffer + rows->at, rows->end - rows->at);
	rows->end -= rows->at;
	rows->at = 0;
	do {
		got = read(rows->fd, rows->buffer + rows->end, BUFFER_BYTES - rows->end);
	} while (got < 0 && errno == EINTR);
	if (got < 0) {
		return fail_system(rows->path, err);
	}
	rows->end_of_file = got == 0;
	rows->end += (size_t)got;
	return TW_OK;
}

/* A row's extent in the buffer. */
struct extent {
	size_t length; /* without its last line end */
	size_t next;   /* where the next one begins, from `at` */
	uint32_t lines;
	size_t first_next; /* where its second line begins */
	const char *wrong; /* NULL, or why it is no row */
};

/* The end of the line that begins at `from`; `left` when its end is not there yet. */
static size_t line_end(const char *bytes, size_t from, size_t left)
{
	const char *newline = from < left ? memchr(bytes + from, '\n', left - from) : NULL;
	return newline ? (size_t)(newline - bytes) : left;
}

static uint32_t quotes_in(const char *bytes, size_t from, size_t to)
{
	uint32_t count = 0;
	for (size_t i = from; i < to; i++) {
		count += bytes[i] == '"';
	}
	return count;
}

/* Lines up to the one in which every quote is closed. @return false: more bytes are needed to tell */
static bool extent_find(const struct tw_rows *rows, struct extent *out)
{
	const char *bytes = rows->buffer + rows->at;
	size_t left = rows->end - rows->at, first = line_end(bytes, 0, left), end = first, from = 0;
	uint32_t quotes = 0, lines = 1;
	if (first > TW_ROW_BYTES_MAX) {
		*out = (struct extent){TW_ROW_BYTES_MAX, first < left ? first + 1 : first, 1, 0, "a row longer than 65,536 bytes"};
		return first < left || rows->end_of_file || left == BUFFER_BYTES;
	}
	for (;;) {
		quotes += rows->json ? 0 : quotes_in(bytes, from, end);
		bool whole = end < left || rows->end_of_file;
		if (!whole) {
			return false;
		}
		if (quotes % 2 == 0) {
			*out = (struct extent){end, end < left ? end + 1 : end, lines, first + 1, NULL};
			return true;
		}
		if (end == left || lines == TW_ROW_LINES_MAX || end > TW_ROW_BYTES_MAX) {
			*out = (struct extent){first, first < left ? first + 1 : first, 1, 0, "a quote that never closes"};
			return true;
		}
		from = end + 1;
		end = line_end(bytes, from, left);
		lines++;
	}
}

/* The rest of a line that is longer than the buffer. */
static enum tw_code rest_skip(struct tw_rows *rows, struct tw_error *err)
{
	for (;;) {
		size_t left = rows->end - rows->at, end = line_end(rows->buffer + rows->at, 0, left);
		rows->done += end < left ? end + 1 : end;
		rows->at += end < left ? end + 1 : end;
		if (end < left || rows->end_of_file) {
			return TW_OK;
		}
		enum tw_code code = refill(rows, err);
		if (code != TW_OK) {
			return code;
		}
	}
}

/* The next row's bytes, blank lines passed over; they stay until the next call. */
static enum tw_code bytes_next(struct tw_rows *rows, struct tw_slice *bytes, uint64_t *line, const char **wrong, bool *found, struct tw_error *err)
{
	struct extent extent = {0};
	for (;;) {
		while (!extent_find(rows, &extent)) {
			enum tw_code code = refill(rows, err);
			if (code != TW_OK) {
				return code;
			}
		}
		const char *from = rows->buffer + rows->at;
		bool cut = extent.wrong && extent.next == BUFFER_BYTES; /* its end was not seen */
		*found = extent.next != 0;
		*line = rows->line;
		*wrong = extent.wrong;
		*bytes = (struct tw_slice){from, (uint32_t)extent.length};
		rows->row_lines = extent.lines;
		rows->row_rest = extent.next - extent.first_next;
		bytes->len -= bytes->len && from[bytes->len - 1] == '\r';
		rows->at += extent.next;
		rows->done += extent.next;
		rows->line += extent.lines;
		if (cut) {
			bytes->len = 0; /* what lies there is moved */
			return rest_skip(rows, err);
		}
		if (!*found || bytes->len) {
			return TW_OK;
		}
	}
}

static enum tw_code csv_row(const struct tw_rows *rows, struct tw_slice bytes, struct tw_arena *arena, struct tw_csv *csv, struct tw_error *err)
{
	tw_csv_init(csv, rows->path, bytes, arena);
	csv->separator = rows->separator;
	csv->columns = rows->width;
	csv->row_bytes_max = TW_ROW_BYTES_MAX + 1;
	return tw_csv_next(csv, err);
}

/* @return TW_ROW_COLUMNS: none that is known */
static uint32_t column_of(struct tw_slice field, struct tw_arena *arena)
{
	struct tw_slice word = tw_text_fold(field, arena);
	uint32_t i = 0;
	while (word.ptr && i < TW_ROW_COLUMNS && !tw_slice_equal(word, tw_text_fold(tw_slice_str(column_words[i]), arena))) {
		i++;
	}
	return word.ptr ? i : TW_ROW_COLUMNS;
}

static void unused_add(struct tw_rows *rows, struct tw_slice field)
{
	size_t used = strlen(rows->unused);
	if (field.len && used + field.len + 3 <= sizeof(rows->unused)) {
		snprintf(rows->unused + used, sizeof(rows->unused) - used, "%s%.*s", used ? ", " : "", (int)field.len, field.ptr);
	}
}

/* Which columns stand where; case and blanks do not count. @return whether there is something to ask */
static bool header_meets(struct tw_rows *rows, struct tw_slice bytes, char separator, struct tw_arena *arena)
{
	struct tw_csv csv;
	rows->separator = separator;
	rows->width = 0;
	rows->unused[0] = '\0';
	for (uint32_t i = 0; i < TW_ROW_COLUMNS; i++) {
		rows->column[i] = NOWHERE;
	}
	if (csv_row(rows, bytes, arena, &csv, NULL) != TW_OK) {
		return false;
	}
	for (uint32_t at = 0; at < csv.count; at++) {
		uint32_t means = column_of(csv.field[at], arena);
		if (means < TW_ROW_COLUMNS && rows->column[means] == NOWHERE) {
			rows->column[means] = at;
		} else {
			unused_add(rows, csv.field[at]);
		}
	}
	rows->width = csv.count;
	return rows->column[TW_ROW_NAME] != NOWHERE || rows->column[TW_ROW_IDENTIFIER] != NOWHERE;
}

static enum tw_code header_read(struct tw_rows *rows, struct tw_error *err)
{
	static const char separators[] = ",;\t";
	struct tw_slice bytes;
	struct tw_arena arena;
	const char *wrong = NULL;
	uint64_t line;
	bool found = false, meets = false;
	enum tw_code code = bytes_next(rows, &bytes, &line, &wrong, &found, err);
	if (code != TW_OK) {
		return code;
	}
	tw_arena_init(&arena, 65536, 0);
	for (size_t i = 0; found && !wrong && !meets && i < sizeof(separators) - 1; i++) {
		meets = header_meets(rows, bytes, separators[i], &arena);
	}
	tw_arena_fini(&arena);
	return meets ? TW_OK
	             : tw_fail(err, TW_E_MISSING, TW_STOP, "the first row is no header with a column \"name\" or \"identifier\"", rows->path,
	                       "columns: name, id, country, birth_date, kind, address, identifier; or one JSON object a line");
}

/* Past a byte-order mark, to the first byte that is no blank. */
static enum tw_code form_find(struct tw_rows *rows, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	while (code == TW_OK && rows->end < 3 && !rows->end_of_file) {
		code = refill(rows, err);
	}
	if (code != TW_OK) {
		return code;
	}
	if (rows->end >= 3 && memcmp(rows->buffer, "\xEF\xBB\xBF", 3) == 0) {
		rows->at = 3;
	}
	size_t first = rows->at;
	while (first < rows->end && strchr(" \t\r\n", rows->buffer[first]) && rows->buffer[first]) {
		first++;
	}
	if (first == rows->end) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "there is nothing in the file of names", rows->path, NULL);
	}
	rows->json = rows->buffer[first] == '{';
	return rows->json ? TW_OK : header_read(rows, err);
}

enum tw_code tw_rows_open(struct tw_rows *rows, const char *path, struct tw_error *err)
{
	struct stat status;
	*rows = (struct tw_rows){.path = path, .fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC), .line = 1};
	if (rows->fd < 0) {
		return fail_system(path, err);
	}
	rows->total = fstat(rows->fd, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
	rows->buffer = calloc(1, BUFFER_BYTES);
	return rows->buffer ? form_find(rows, err) : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the file of names", path, NULL);
}

void tw_rows_close(struct tw_rows *rows)
{
	if (rows->fd > STDIN_FILENO) {
		close(rows->fd);
	}
	free(rows->buffer);
	*rows = (struct tw_rows){.fd = -1};
}

static enum tw_code row_fill(const struct tw_rows *rows, struct tw_slice bytes, struct tw_arena *arena, struct tw_row *row)
{
	struct tw_csv csv;
	if (!tw_utf8_valid(bytes, NULL)) {
		return tw_fail(&row->why, TW_E_SYNTAX, TW_REJECT, "not UTF-8", NULL, NULL);
	}
	if (rows->json) {
		return tw_flat_read(bytes, column_words, TW_ROW_COLUMNS, arena, row->text, &row->why);
	}
	enum tw_code code = csv_row(rows, bytes, arena, &csv, &row->why);
	for (uint32_t i = 0; code == TW_OK && i < TW_ROW_COLUMNS; i++) {
		row->text[i] = rows->column[i] < csv.count ? csv.field[rows->column[i]] : (struct tw_slice){"", 0};
	}
	return code;
}

enum tw_code tw_rows_next(struct tw_rows *rows, struct tw_arena *arena, struct tw_row *out, bool *found, struct tw_error *err)
{
	struct tw_slice bytes;
	const char *wrong = NULL;
	memset(out, 0, sizeof(*out));
	enum tw_code code = bytes_next(rows, &bytes, &out->line, &wrong, found, err);
	if (code != TW_OK || !*found) {
		return code;
	}
	if (wrong) {
		(void)tw_fail(&out->why, TW_E_SYNTAX, TW_REJECT, wrong, NULL, NULL);
		return TW_OK;
	}
	struct tw_slice kept = tw_arena_copy(arena, bytes); /* the buffer moves under it */
	code = kept.ptr ? row_fill(rows, kept, arena, out) : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a row", rows->path, NULL);
	if (code == TW_E_MEMORY) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a row", rows->path, NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < TW_ROW_COLUMNS; i++) {
		out->text[i] = tw_list_trim(out->text[i]);
	}
	out->read = code == TW_OK;
	if (!out->read && rows->row_lines > 1) { /* its quote was a slip, and the next one another row's: give up the first line alone */
		rows->at -= rows->row_rest;
		rows->done -= rows->row_rest;
		rows->line -= rows->row_lines - 1;
	}
	out->why.where[0] = '\0'; /* a row's line is told beside it */
	return TW_OK;
}
