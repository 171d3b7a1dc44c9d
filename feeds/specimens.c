/**
 * @file specimens.c
 * See specimens.h. Rows are sorted by country: of one country there are tens.
 */
#include "feeds/specimens.h"

#include "engine/base/text.h"
#include "feeds/register_rows.h"
#include "feeds/name_alike.h"

enum { COUNTRY, AUTHORITY, OFFICE, NAME, POSITION, FROM, TO, REFERENCE, COLUMNS };
static const char *const columns[COLUMNS] = {"country", "authority", "office", "name", "position", "from", "to", "reference"};

struct tw_specimens {
	struct tw_register_rows kept; /* of struct tw_specimen_row */
};

static void check_stated(struct tw_register *reading)
{
	const struct tw_slice *field = reading->csv->field;
	if (!field[COUNTRY].len) {
		tw_register_fault(reading, TW_E_MISSING, "a specimen without its country", COUNTRY);
	} else if (!tw_country_code(field[COUNTRY])) {
		tw_register_fault(reading, TW_E_TYPE, "not a country of two letters", COUNTRY);
	}
	if (!field[NAME].len && !field[AUTHORITY].len && !field[OFFICE].len) {
		tw_register_fault(reading, TW_E_MISSING, "a specimen of nobody: state a name, an authority or an office", NAME);
	}
}

/* @return false without memory */
static bool read_row(struct tw_register *reading, struct tw_register_rows *rows)
{
	const struct tw_csv *csv = reading->csv;
	struct tw_specimen_row row = {.country = tw_country_code(csv->field[COUNTRY]), .line = csv->line};
	uint32_t faults = reading->faults;
	check_stated(reading);
	row.from_day = tw_register_day(reading, FROM, INT32_MIN);
	row.to_day = tw_register_day(reading, TO, INT32_MAX);
	if (row.from_day > row.to_day) {
		tw_register_fault(reading, TW_E_RANGE, "a specimen that ends before it begins", TO);
	}
	if (reading->faults != faults) {
		return true;
	}
	struct tw_slice *const to[COLUMNS] = {NULL, &row.authority, &row.office, &row.name, &row.position, NULL, NULL, &row.reference};
	for (int i = 0; i < COLUMNS; i++) {
		if (to[i]) {
			*to[i] = tw_arena_copy(&rows->arena, csv->field[i]);
		}
		if (to[i] && !to[i]->ptr) {
			return false;
		}
	}
	struct tw_specimen_row *kept = tw_list_push(&rows->arena, &rows->rows, sizeof(*kept));
	if (kept) {
		*kept = row;
	}
	return kept != NULL;
}

static bool same_row(const void *left, const void *right)
{
	const struct tw_specimen_row *a = left, *b = right;
	return tw_slice_equal(a->name, b->name) && tw_slice_equal(a->authority, b->authority) && tw_slice_equal(a->office, b->office);
}

static struct tw_register_place place_of(const void *at)
{
	const struct tw_specimen_row *row = at;
	return (struct tw_register_place){row->country, row->line, row->from_day, row->to_day, row->name};
}

static const struct tw_register_kind kind = {
    .columns = columns,
    .column_count = COLUMNS,
    .bytes_max = TW_SPECIMENS_BYTES_MAX,
    .no_memory = "no memory for the specimen register",
    .row = read_row,
    .row_bytes = sizeof(struct tw_specimen_row),
    .place = place_of,
    .same = same_row,
    .twice = "a specimen that stands twice",
};

enum tw_code tw_specimens_read(const char *name, struct tw_slice bytes, struct tw_specimens **out, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, NULL, (struct tw_register_rows **)out, err);
}

enum tw_code tw_specimens_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, sink, NULL, err);
}

enum tw_code tw_specimens_load(const char *path, struct tw_specimens **out, struct tw_error *err)
{
	return tw_register_rows_load(&kind, path, (struct tw_register_rows **)out, err);
}

void tw_specimens_free(struct tw_specimens *specimens)
{
	tw_register_rows_free(specimens ? &specimens->kept : NULL);
}

struct tw_slice tw_specimens_digest(const struct tw_specimens *specimens)
{
	return tw_slice_str(specimens->kept.digest);
}

const struct tw_specimen_row *tw_specimens_rows(const struct tw_specimens *specimens, uint32_t *count)
{
	*count = specimens->kept.rows.count;
	return specimens->kept.rows.data;
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
	const struct tw_specimen_row *rows = specimens ? specimens->kept.rows.data : NULL;
	for (uint32_t i = 0; rows && asks && i < specimens->kept.rows.count && !*full; i++) {
		if (rows[i].country == question->country) {
			enum tw_specimen says = row_says(&rows[i], question, arena, full);
			best = best == 0 || says < best ? says : best;
		}
	}
	return *full ? (enum tw_specimen)0 : best;
}
