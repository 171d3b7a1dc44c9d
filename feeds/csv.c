/**
 * @file csv.c
 * The row reader of csv.h. `at` only ever moves forward over whole rows, so a failed row is met again, and fails again.
 */
#include "feeds/csv.h"

#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"

#define DOS_END      '\x1a'
#define MARK_OF_UTF8 "\xef\xbb\xbf"

/* A row being read: a cursor apart from the reader's, committed only when the row is whole. */
struct cursor {
	uint32_t at;
	uint32_t line;
};

void tw_csv_init(struct tw_csv *csv, const char *name, struct tw_slice bytes, struct tw_arena *arena)
{
	*csv = (struct tw_csv){.separator = ',', .row_bytes_max = TW_CSV_ROW_BYTES_MAX, .name = name, .bytes = bytes, .arena = arena};
	csv->next_line = 1;
	if (bytes.len >= 3 && memcmp(bytes.ptr, MARK_OF_UTF8, 3) == 0) {
		csv->at = 3;
	}
}

static enum tw_code fail_at(const struct tw_csv *csv, struct cursor cursor, enum tw_code code, const char *what, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", csv->name, cursor.line);
	return tw_fail(err, code, TW_REJECT, what, where, "byte %u", cursor.at);
}

static bool at_end(const struct tw_csv *csv, uint32_t at)
{
	return at >= csv->bytes.len;
}

/* Length of the line end at `at`: 2 for CRLF, 1 for LF, 0 for none. */
static uint32_t line_end(const struct tw_csv *csv, uint32_t at)
{
	const char *text = csv->bytes.ptr;
	if (at_end(csv, at)) {
		return 0;
	}
	if (text[at] == '\n') {
		return 1;
	}
	return text[at] == '\r' && !at_end(csv, at + 1) && text[at + 1] == '\n' ? 2 : 0;
}

/* A DOS end-of-file byte ends the data only where nothing but further ones and line ends follow. */
static bool only_padding(const struct tw_csv *csv, uint32_t at)
{
	for (; at < csv->bytes.len; at++) {
		char c = csv->bytes.ptr[at];
		if (c != DOS_END && c != '\r' && c != '\n') {
			return false;
		}
	}
	return true;
}

/* Most bytes of a field can end nothing: past them without asking which of the ends they might be. */
static uint32_t plain_end(const struct tw_csv *csv, uint32_t at)
{
	const unsigned char *text = (const unsigned char *)csv->bytes.ptr;
	while (!at_end(csv, at) && text[at] > DOS_END && text[at] != '"' && text[at] != (unsigned char)csv->separator) {
		at++;
	}
	return at;
}

static enum tw_code read_bare(struct tw_csv *csv, struct cursor *cursor, struct tw_slice *out, struct tw_error *err)
{
	const char *text = csv->bytes.ptr;
	uint32_t from = cursor->at, at = plain_end(csv, from);
	while (!at_end(csv, at) && text[at] != csv->separator && !line_end(csv, at)) {
		if (text[at] == '"' || text[at] == '\r' || text[at] == '\0') {
			cursor->at = at;
			return fail_at(csv, *cursor, TW_E_SYNTAX,
			               text[at] == '"'    ? "a quote inside a bare field"
			               : text[at] == '\r' ? "a carriage return without a line feed"
			                                  : "a NUL byte",
			               err);
		}
		if (text[at] == DOS_END && only_padding(csv, at)) {
			break;
		}
		at = plain_end(csv, at + 1);
	}
	*out = (struct tw_slice){text + from, at - from};
	cursor->at = at;
	return TW_OK;
}

/* `raw` holds doubled quotes: the copy has them single. */
static bool undouble(struct tw_csv *csv, struct tw_slice raw, struct tw_slice *out)
{
	char *copy = tw_arena_alloc_raw(csv->arena, (size_t)raw.len + 1);
	if (!copy) {
		return false;
	}
	uint32_t length = 0;
	for (uint32_t i = 0; i < raw.len; i++) {
		copy[length++] = raw.ptr[i];
		i += raw.ptr[i] == '"';
	}
	copy[length] = '\0';
	*out = (struct tw_slice){copy, length};
	return true;
}

static enum tw_code read_quoted(struct tw_csv *csv, struct cursor *cursor, struct tw_slice *out, struct tw_error *err)
{
	const char *text = csv->bytes.ptr;
	struct cursor open = *cursor;
	uint32_t from = cursor->at + 1, at = from;
	bool doubled = false;
	for (;; at++) {
		if (at_end(csv, at)) {
			return fail_at(csv, open, TW_E_SYNTAX, "a quoted field that never closes", err);
		}
		if (at - csv->at > csv->row_bytes_max) {
			return fail_at(csv, open, TW_E_LIMIT, "a row longer than any issuer writes (an unclosed quote?)", err);
		}
		if (text[at] == '"') {
			if (at_end(csv, at + 1) || text[at + 1] != '"') {
				break;
			}
			doubled = true;
			at++;
		} else if (text[at] == '\n') {
			cursor->line++;
		} else if (text[at] == '\0') {
			return fail_at(csv, (struct cursor){at, cursor->line}, TW_E_SYNTAX, "a NUL byte", err);
		}
	}
	cursor->at = at + 1;
	*out = (struct tw_slice){text + from, at - from};
	if (doubled && !undouble(csv, *out, out)) {
		return fail_at(csv, open, TW_E_MEMORY, "no memory for a field", err);
	}
	return TW_OK;
}

static enum tw_code read_field(struct tw_csv *csv, struct cursor *cursor, struct tw_error *err)
{
	if (csv->count == TW_CSV_FIELDS_MAX) {
		return fail_at(csv, *cursor, TW_E_LIMIT, "more fields than a row may have", err);
	}
	struct tw_slice *out = &csv->field[csv->count];
	csv->place[csv->count] = cursor->at;
	bool quoted = !at_end(csv, cursor->at) && csv->bytes.ptr[cursor->at] == '"';
	enum tw_code code = quoted ? read_quoted(csv, cursor, out, err) : read_bare(csv, cursor, out, err);
	if (code != TW_OK) {
		return code;
	}
	csv->count++;
	if (cursor->at - csv->at > csv->row_bytes_max) {
		return fail_at(csv, *cursor, TW_E_LIMIT, "a row longer than any issuer writes", err);
	}
	return TW_OK;
}

static void skip_blank_lines(struct tw_csv *csv)
{
	uint32_t length;
	while ((length = line_end(csv, csv->at)) != 0) {
		csv->at += length;
		csv->next_line++;
	}
	if (!at_end(csv, csv->at) && csv->bytes.ptr[csv->at] == DOS_END && only_padding(csv, csv->at)) {
		csv->at = csv->bytes.len;
	}
}

/* After a field: a separator (more follow), a line end or the end of the data (the row is whole), else a fault. */
static enum tw_code row_goes_on(struct tw_csv *csv, struct cursor *cursor, bool *more, struct tw_error *err)
{
	*more = !at_end(csv, cursor->at) && csv->bytes.ptr[cursor->at] == csv->separator;
	if (*more) {
		cursor->at++;
		return TW_OK;
	}
	uint32_t length = line_end(csv, cursor->at);
	if (length == 0 && !at_end(csv, cursor->at) && !(csv->bytes.ptr[cursor->at] == DOS_END && only_padding(csv, cursor->at))) {
		return fail_at(csv, *cursor, TW_E_SYNTAX, "text after a closing quote", err);
	}
	cursor->at += length;
	cursor->line += length != 0;
	return TW_OK;
}

enum tw_code tw_csv_next(struct tw_csv *csv, struct tw_error *err)
{
	csv->count = 0;
	skip_blank_lines(csv);
	csv->line = csv->next_line;
	if (at_end(csv, csv->at)) {
		return TW_OK;
	}
	struct cursor cursor = {csv->at, csv->next_line};
	bool more = true;
	while (more) {
		enum tw_code code = read_field(csv, &cursor, err);
		code = code == TW_OK ? row_goes_on(csv, &cursor, &more, err) : code;
		if (code != TW_OK) {
			csv->count = 0;
			return code;
		}
	}
	if (csv->columns && csv->count != csv->columns) {
		uint32_t count = csv->count;
		csv->count = 0;
		enum tw_code code = fail_at(csv, (struct cursor){csv->at, csv->line}, TW_E_SYNTAX, "a row with the wrong number of columns", err);
		if (err) {
			snprintf(err->detail, sizeof(err->detail), "%u columns, expected %u, byte %u", count, csv->columns, csv->at);
		}
		return code;
	}
	csv->at = cursor.at;
	csv->next_line = cursor.line;
	return TW_OK;
}

enum tw_code tw_csv_header(struct tw_csv *csv, const char *const *names, uint32_t name_count, struct tw_error *err)
{
	enum tw_code code = tw_csv_next(csv, err);
	if (code != TW_OK) {
		return code;
	}
	if (csv->count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "a table without a header row", csv->name, NULL);
	}
	for (uint32_t i = 0; i < name_count; i++) {
		struct tw_slice found = i < csv->count ? csv->field[i] : (struct tw_slice){"", 0};
		if (!tw_slice_is(found, names[i])) {
			code = tw_csv_fail(csv, TW_E_SYNTAX, "another header than expected", found, err);
			if (err) {
				snprintf(err->detail, sizeof(err->detail), "column %u is \"%.*s\", expected \"%s\"", i + 1,
				         (int)(found.len < 64 ? found.len : 64), found.ptr, names[i]);
			}
			return code;
		}
	}
	if (csv->count != name_count) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "a column nobody knows", csv->field[name_count], err);
	}
	csv->columns = name_count;
	return TW_OK;
}

enum tw_code tw_csv_fail(const struct tw_csv *csv, enum tw_code code, const char *what, struct tw_slice value, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", csv->name, csv->line);
	return tw_fail(err, code, TW_REJECT, what, where, "\"%.*s\"", (int)(value.len < 128 ? value.len : 128), value.ptr);
}

bool tw_csv_row_is_utf8(const struct tw_csv *csv, uint32_t *column)
{
	uint32_t from = csv->count ? csv->place[0] : csv->at;
	if (tw_text_is_ascii((struct tw_slice){csv->bytes.ptr + from, csv->at - from})) {
		return true;
	}
	for (*column = 0; *column < csv->count; ++*column) {
		if (!tw_utf8_valid(csv->field[*column], NULL)) {
			return false;
		}
	}
	return true;
}

enum tw_code tw_csv_next_utf8(struct tw_csv *csv, struct tw_error *err)
{
	uint32_t wrong;
	enum tw_code code = tw_csv_next(csv, err);
	return code || tw_csv_row_is_utf8(csv, &wrong) ? code : tw_csv_fail(csv, TW_E_SYNTAX, TW_CSV_NOT_UTF8, csv->field[wrong], err);
}

struct tw_csv_place tw_csv_place(const struct tw_csv *csv, uint32_t column)
{
	const char *text = csv->bytes.ptr;
	uint32_t at = csv->place[column], begin = at;
	struct tw_csv_place place = {csv->line, 1};
	while (begin && text[begin - 1] != '\n') {
		begin--;
	}
	if (begin == 0 && csv->bytes.len >= 3 && memcmp(text, MARK_OF_UTF8, 3) == 0) {
		begin = 3;
	}
	for (uint32_t i = begin; i < at; i++) {
		place.column += ((unsigned char)text[i] & 0xC0) != 0x80;
	}
	for (uint32_t i = csv->place[0]; i < at; i++) {
		place.line += text[i] == '\n'; /* inside a quoted field before it */
	}
	return place;
}
