/**
 * @file specimens.c
 * See specimens.h. Rows are sorted by country: of one country there are tens.
 */
#include "feeds/specimens.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/csv.h"
#include "feeds/name_alike.h"

#define ARENA_BLOCK_BYTES 65536U

enum { COUNTRY, AUTHORITY, OFFICE, NAME, POSITION, FROM, TO, REFERENCE, COLUMNS };
static const char *const columns[COLUMNS] = {"country", "authority", "office", "name", "position", "from", "to", "reference"};

struct tw_specimens {
	struct tw_arena arena;
	struct tw_list rows; /* struct tw_specimen_row */
	char digest[TW_SHA256_HEX_BYTES];
};

static enum tw_code memory_short(const char *path, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the specimen register", path, NULL);
}

static int row_order(const void *a, const void *b)
{
	const struct tw_specimen_row *left = a, *right = b;
	int order = (left->country > right->country) - (left->country < right->country);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static enum tw_code day_of(const struct tw_csv *csv, int column, int32_t open, int32_t *out, struct tw_error *err)
{
	*out = open;
	if (csv->field[column].len && !tw_date_parse(csv->field[column], out)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", csv->field[column], err);
	}
	return TW_OK;
}

static enum tw_code check_stated(const struct tw_csv *csv, struct tw_error *err)
{
	if (!csv->field[COUNTRY].len) {
		return tw_csv_fail(csv, TW_E_MISSING, "a specimen without its country", csv->field[NAME], err);
	}
	if (!tw_country_code(csv->field[COUNTRY])) {
		return tw_csv_fail(csv, TW_E_TYPE, "not a country of two letters", csv->field[COUNTRY], err);
	}
	if (!csv->field[NAME].len && !csv->field[AUTHORITY].len && !csv->field[OFFICE].len) {
		return tw_csv_fail(csv, TW_E_MISSING, "a specimen of nobody: state a name, an authority or an office", csv->field[COUNTRY], err);
	}
	return TW_OK;
}

static enum tw_code read_row(const struct tw_csv *csv, struct tw_specimens *specimens, struct tw_error *err)
{
	struct tw_specimen_row row = {.country = tw_country_code(csv->field[COUNTRY]), .line = csv->line};
	enum tw_code code = check_stated(csv, err);
	code = code == TW_OK ? day_of(csv, FROM, INT32_MIN, &row.from_day, err) : code;
	code = code == TW_OK ? day_of(csv, TO, INT32_MAX, &row.to_day, err) : code;
	if (code != TW_OK) {
		return code;
	}
	if (row.from_day > row.to_day) {
		return tw_csv_fail(csv, TW_E_RANGE, "a specimen that ends before it begins", csv->field[TO], err);
	}
	struct tw_slice *const to[COLUMNS] = {NULL, &row.authority, &row.office, &row.name, &row.position, NULL, NULL, &row.reference};
	for (int i = 0; i < COLUMNS; i++) {
		if (to[i]) {
			*to[i] = tw_arena_copy(&specimens->arena, csv->field[i]);
		}
		if (to[i] && !to[i]->ptr) {
			return memory_short(csv->name, err);
		}
	}
	struct tw_specimen_row *kept = tw_list_push(&specimens->arena, &specimens->rows, sizeof(*kept));
	if (!kept) {
		return memory_short(csv->name, err);
	}
	*kept = row;
	return TW_OK;
}

static bool same_row(const struct tw_specimen_row *a, const struct tw_specimen_row *b)
{
	return a->country == b->country && tw_slice_equal(a->name, b->name) && tw_slice_equal(a->authority, b->authority) &&
	       tw_slice_equal(a->office, b->office);
}

/* One person at one office on days that meet: which of their tenures counts? */
static enum tw_code check_twice(const struct tw_specimens *specimens, const char *path, struct tw_error *err)
{
	const struct tw_specimen_row *rows = specimens->rows.data;
	for (uint32_t i = 0; i < specimens->rows.count; i++) {
		for (uint32_t k = i + 1; k < specimens->rows.count && rows[k].country == rows[i].country; k++) {
			bool meet = rows[i].from_day <= rows[k].to_day && rows[k].from_day <= rows[i].to_day;
			if (meet && same_row(&rows[i], &rows[k])) {
				char where[TW_ERROR_WHERE_BYTES];
				snprintf(where, sizeof(where), "%.230s:%u", path, rows[k].line);
				return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a specimen that stands twice", where, "first on line %u", rows[i].line);
			}
		}
	}
	return TW_OK;
}

static enum tw_code read_rows(struct tw_specimens *specimens, const char *path, struct tw_slice bytes, struct tw_arena *scratch, struct tw_error *err)
{
	struct tw_csv csv;
	tw_csv_init(&csv, path, bytes, scratch);
	enum tw_code code = tw_csv_header(&csv, columns, COLUMNS, err);
	while (code == TW_OK && (code = tw_csv_next(&csv, err)) == TW_OK && csv.count) {
		code = read_row(&csv, specimens, err);
	}
	if (code == TW_OK && specimens->rows.count) {
		qsort(specimens->rows.data, specimens->rows.count, sizeof(struct tw_specimen_row), row_order);
	}
	return code == TW_OK ? check_twice(specimens, path, err) : code;
}

enum tw_code tw_specimens_read(const char *name, struct tw_slice bytes, struct tw_specimens **out, struct tw_error *err)
{
	struct tw_specimens *specimens = calloc(1, sizeof(*specimens));
	struct tw_arena scratch;
	if (!specimens) {
		return memory_short(name, err);
	}
	tw_arena_init(&specimens->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = read_rows(specimens, name, bytes, &scratch, err);
	code = code == TW_OK ? tw_sha256_hex(bytes.ptr, bytes.len, specimens->digest, err) : code;
	tw_arena_fini(&scratch);
	if (code != TW_OK) {
		tw_specimens_free(specimens);
		return code;
	}
	*out = specimens;
	return TW_OK;
}

enum tw_code tw_specimens_load(const char *path, struct tw_specimens **out, struct tw_error *err)
{
	struct tw_arena file;
	struct tw_slice bytes;
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_SPECIMENS_BYTES_MAX, &file, &bytes, err);
	code = code == TW_OK ? tw_specimens_read(path, bytes, out, err) : code;
	tw_arena_fini(&file);
	return code;
}

void tw_specimens_free(struct tw_specimens *specimens)
{
	if (specimens) {
		tw_arena_fini(&specimens->arena);
		free(specimens);
	}
}

struct tw_slice tw_specimens_digest(const struct tw_specimens *specimens)
{
	return tw_slice_str(specimens->digest);
}

const struct tw_specimen_row *tw_specimens_rows(const struct tw_specimens *specimens, uint32_t *count)
{
	*count = specimens->rows.count;
	return specimens->rows.data;
}

/* ---- questions ---- */

/* What one of them does not state agrees with anything. */
static bool agrees(struct tw_slice stated, struct tw_slice held, struct tw_arena *arena, bool *full)
{
	return stated.len == 0 || held.len == 0 || tw_name_alike(stated, held, arena, full);
}

/* How far a row speaks of the question: 0 not at all, else the better the smaller. */
static enum tw_specimen row_says(const struct tw_specimen_row *row, const struct tw_specimen_question *question, struct tw_arena *arena, bool *full)
{
	if (question->name.len && (row->name.len == 0 || !tw_name_alike(question->name, row->name, arena, full))) {
		return TW_SPECIMEN_UNKNOWN;
	}
	bool there = agrees(question->authority, row->authority, arena, full) && agrees(question->office, row->office, arena, full);
	if (!there) {
		return question->name.len ? TW_SPECIMEN_OTHER_OFFICE : TW_SPECIMEN_UNKNOWN;
	}
	return question->day >= row->from_day && question->day <= row->to_day ? TW_SPECIMEN_LISTED : TW_SPECIMEN_OUTSIDE_TENURE;
}

enum tw_specimen tw_specimens_ask(const struct tw_specimens *specimens, const struct tw_specimen_question *question, struct tw_arena *arena,
                                  bool *full)
{
	enum tw_specimen best = (enum tw_specimen)0;
	bool asks = question->name.len || question->authority.len || question->office.len;
	const struct tw_specimen_row *rows = specimens ? specimens->rows.data : NULL;
	for (uint32_t i = 0; rows && asks && i < specimens->rows.count && !*full; i++) {
		if (rows[i].country == question->country) {
			enum tw_specimen says = row_says(&rows[i], question, arena, full);
			best = best == 0 || says < best ? says : best;
		}
	}
	return *full ? (enum tw_specimen)0 : best;
}
