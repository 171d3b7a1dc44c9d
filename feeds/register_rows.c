/**
 * @file register_rows.c
 * See register_rows.h.
 */
#include "feeds/register_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/time.h"

#define ARENA_BLOCK_BYTES 65536U

static enum tw_code memory_short(const struct tw_register_kind *kind, const char *name, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, kind->no_memory, name, NULL);
}

static int row_order(const void *a, const void *b, void *context)
{
	const struct tw_register_kind *kind = context;
	struct tw_register_place left = kind->place(a), right = kind->place(b);
	int order = (left.country > right.country) - (left.country < right.country);
	return order ? order : (left.line > right.line) - (left.line < right.line);
}

/* Two about the same on days that meet: which of them counts? */
static void check_twice(const struct tw_register_kind *kind, const struct tw_register_rows *kept, struct tw_register *reading)
{
	const char *rows = kept->rows.data;
	for (uint32_t i = 0; i < kept->rows.count; i++) {
		struct tw_register_place one = kind->place(rows + i * kind->row_bytes);
		for (uint32_t k = i + 1; k < kept->rows.count; k++) {
			struct tw_register_place other = kind->place(rows + k * kind->row_bytes);
			if (other.country != one.country) {
				break;
			}
			bool meet = one.from_day <= other.to_day && other.from_day <= one.to_day;
			if (meet && kind->same(rows + i * kind->row_bytes, rows + k * kind->row_bytes)) {
				char first[32];
				snprintf(first, sizeof(first), "first on line %u", one.line);
				tw_register_fault_line(reading, TW_E_CONFLICT, kind->twice, other.label, other.line, first);
			}
		}
	}
}

static enum tw_code read_all(const struct tw_register_kind *kind, struct tw_register_rows *rows, const char *name, struct tw_slice bytes,
                             const struct tw_register_sink *sink, struct tw_arena *scratch, struct tw_error *err)
{
	struct tw_csv csv;
	struct tw_register reading = {.csv = &csv, .sink = sink};
	tw_csv_init(&csv, name, bytes, scratch);
	enum tw_code code = tw_register_header(&reading, kind->columns, kind->column_count);
	while (code == TW_OK && (code = tw_register_next(&reading)) == TW_OK && csv.count) {
		if (tw_register_row_is_text(&reading) && !kind->row(&reading, rows)) {
			return memory_short(kind, name, err);
		}
	}
	if (kind->place && rows->rows.count) {
		qsort_r(rows->rows.data, rows->rows.count, kind->row_bytes, row_order, (void *)(uintptr_t)kind);
	}
	if (code == TW_OK && kind->place) {
		check_twice(kind, rows, &reading);
	}
	return tw_register_end(&reading, err);
}

enum tw_code tw_register_rows_read(const struct tw_register_kind *kind, const char *name, struct tw_slice bytes, const struct tw_register_sink *sink,
                                   struct tw_register_rows **out, struct tw_error *err)
{
	struct tw_register_rows *rows = calloc(1, sizeof(*rows));
	struct tw_arena scratch;
	if (!rows) {
		return memory_short(kind, name, err);
	}
	tw_arena_init(&rows->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = read_all(kind, rows, name, bytes, sink, &scratch, err);
	code = code == TW_OK ? tw_sha256_hex(bytes.ptr, bytes.len, rows->digest, err) : code;
	tw_arena_fini(&scratch);
	if (code != TW_OK || !out) {
		tw_register_rows_free(rows);
		return code;
	}
	*out = rows;
	return TW_OK;
}

enum tw_code tw_register_rows_load(const struct tw_register_kind *kind, const char *path, struct tw_register_rows **out, struct tw_error *err)
{
	struct tw_arena file;
	struct tw_slice bytes;
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, kind->bytes_max, &file, &bytes, err);
	code = code == TW_OK ? tw_register_rows_read(kind, path, bytes, NULL, out, err) : code;
	tw_arena_fini(&file);
	return code;
}

void tw_register_rows_free(struct tw_register_rows *rows)
{
	if (rows) {
		tw_arena_fini(&rows->arena);
		free(rows);
	}
}

int32_t tw_register_day(struct tw_register *reading, uint32_t column, int32_t open)
{
	int32_t day = open;
	if (reading->csv->field[column].len && !tw_date_parse(reading->csv->field[column], &day)) {
		tw_register_fault(reading, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", column);
	}
	return day;
}
