/**
 * @file quantities.c
 * See quantities.h. Rows are sorted by country: of one country there are tens.
 */
#include "feeds/quantities.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "feeds/register_rows.h"
#include "engine/event/unit.h"

#define HS_DIGITS_MIN 2U
#define HS_DIGITS_MAX 10U
#define DECIMALS      4U

enum { END_USER, COUNTRY, HS, CONTROL_CODE, PER, LOW, HIGH, UNIT, FROM, TO, SOURCE, COLUMNS };
static const char *const columns[COLUMNS] = {"end_user", "country", "hs", "control_code", "per", "low", "high", "unit", "from", "to", "source"};

struct tw_quantities {
	struct tw_register_rows kept; /* of struct tw_quantity_row */
};

/* ---- one row ---- */

/* "1200", "0.5"; no sign, no thousands. */
static bool amount_parse(struct tw_slice text, int64_t *e4)
{
	uint32_t digits = 0, decimals = 0;
	bool point = false;
	*e4 = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' && !point) {
			point = true;
		} else if (c >= '0' && c <= '9' && decimals < DECIMALS && *e4 <= TW_AMOUNT_E4_MAX / 100000) {
			*e4 = *e4 * 10 + (c - '0');
			digits++;
			decimals += point;
		} else {
			return false;
		}
	}
	for (; decimals < DECIMALS; decimals++) {
		*e4 *= 10;
	}
	return digits && *e4 <= TW_AMOUNT_E4_MAX;
}

static bool bound_of(struct tw_register *reading, uint32_t column, int64_t *e4)
{
	struct tw_slice text = reading->csv->field[column];
	bool good = text.len == 0 || amount_parse(text, e4);
	if (!good) {
		tw_register_fault(reading, TW_E_TYPE, "not a number", column);
	}
	return good && text.len;
}

/* "consignment", "certificate", "365 days" */
static void per_of(struct tw_register *reading, struct tw_quantity_row *row)
{
	struct tw_slice text = reading->csv->field[PER];
	uint32_t at = 0;
	while (at < text.len && at < 6 && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
		row->days = row->days * 10 + (uint32_t)(text.ptr[at++] - '0');
	}
	struct tw_slice rest = {text.ptr + at, text.len - at};
	bool days = at && (tw_slice_is(rest, " days") || (row->days == 1 && tw_slice_is(rest, " day")));
	row->per = tw_slice_is(text, "consignment") ? TW_PER_CONSIGNMENT : tw_slice_is(text, "certificate") ? TW_PER_CERTIFICATE : TW_PER_DAYS;
	if (row->per == TW_PER_DAYS && !days) {
		tw_register_fault(reading, TW_E_TYPE, "a period that is none of consignment, certificate, or a number of days", PER);
	} else if (row->per == TW_PER_DAYS && (row->days == 0 || row->days > TW_HISTORY_DAYS)) {
		tw_register_fault(reading, TW_E_RANGE, "a period of more days than are kept", PER);
	}
}

static void goods_of(struct tw_register *reading, struct tw_arena *arena, struct tw_quantity_row *row)
{
	const struct tw_slice *field = reading->csv->field;
	row->hs = tw_text_alnum(field[HS], arena);
	row->control_code = tw_text_alnum(field[CONTROL_CODE], arena);
	bool good = row->hs.len == 0 || (row->hs.len >= HS_DIGITS_MIN && row->hs.len <= HS_DIGITS_MAX);
	for (uint32_t i = 0; i < row->hs.len; i++) {
		good = good && row->hs.ptr[i] >= '0' && row->hs.ptr[i] <= '9';
	}
	if (!good || (field[HS].len && row->hs.len == 0)) {
		tw_register_fault(reading, TW_E_TYPE, "not an HS code of 2 to 10 digits", HS);
	}
}

static void check_stated(struct tw_register *reading)
{
	const struct tw_slice *field = reading->csv->field;
	if (!field[END_USER].len) {
		tw_register_fault(reading, TW_E_MISSING, "a band without its end-user", END_USER);
	}
	if (!tw_country_code(field[COUNTRY])) {
		tw_register_fault(reading, TW_E_TYPE, "not a country of two letters", COUNTRY);
	}
	if (tw_unit_code(field[UNIT]) == TW_UNIT_NONE) {
		tw_register_fault(reading, TW_E_MISSING, "a band without its unit", UNIT);
	}
	if (!field[SOURCE].len) {
		tw_register_fault(reading, TW_E_MISSING, "a band without its source", SOURCE);
	}
	if (!field[LOW].len && !field[HIGH].len) {
		tw_register_fault(reading, TW_E_MISSING, "a band without bounds", LOW);
	}
}

static void check_meaning(struct tw_register *reading, const struct tw_quantity_row *row)
{
	bool all_goods = row->hs.len == 0 && row->control_code.len == 0;
	bool kept = row->control_code.len || (row->hs.len && memcmp(row->hs.ptr, "93", 2) == 0);
	bool counted = row->unit == TW_UNIT_PIECE || row->unit == tw_unit_code(tw_slice_str("KGM"));
	if (row->low_stated && row->high_stated && row->low_e4 > row->high_e4) {
		tw_register_fault(reading, TW_E_RANGE, "a band whose lower bound is above its upper one", LOW);
	}
	if (row->from_day > row->to_day) {
		tw_register_fault(reading, TW_E_RANGE, "a band that ends before it begins", TO);
	}
	if (row->per == TW_PER_DAYS && !(all_goods ? counted : kept)) {
		tw_register_fault(reading, TW_E_CONFLICT, "a band over days is of controlled goods, or of all in pieces or kilograms", PER);
	}
}

/* @return false without memory */
static bool read_row(struct tw_register *reading, struct tw_register_rows *rows)
{
	const struct tw_csv *csv = reading->csv;
	struct tw_quantity_row row = {.country = tw_country_code(csv->field[COUNTRY]), .unit = tw_unit_code(csv->field[UNIT]), .line = csv->line};
	uint32_t faults = reading->faults;
	check_stated(reading);
	per_of(reading, &row);
	goods_of(reading, &rows->arena, &row);
	row.low_stated = bound_of(reading, LOW, &row.low_e4);
	row.high_stated = bound_of(reading, HIGH, &row.high_e4);
	row.from_day = tw_register_day(reading, FROM, INT32_MIN);
	row.to_day = tw_register_day(reading, TO, INT32_MAX);
	if (reading->faults == faults) {
		check_meaning(reading, &row);
	}
	if (reading->faults != faults) {
		return row.hs.ptr && row.control_code.ptr;
	}
	row.end_user = tw_arena_copy(&rows->arena, csv->field[END_USER]);
	row.source = tw_arena_copy(&rows->arena, csv->field[SOURCE]);
	bool whole = row.hs.ptr && row.control_code.ptr && row.end_user.ptr && row.source.ptr;
	struct tw_quantity_row *kept = whole ? tw_list_push(&rows->arena, &rows->rows, sizeof(*kept)) : NULL;
	if (kept) {
		*kept = row;
	}
	return kept != NULL;
}

/* ---- the whole ---- */

static bool same_row(const void *left, const void *right)
{
	const struct tw_quantity_row *a = left, *b = right;
	return tw_slice_equal(a->end_user, b->end_user) && tw_slice_equal(a->hs, b->hs) && tw_slice_equal(a->control_code, b->control_code) &&
	       a->per == b->per && a->days == b->days && tw_unit_base(a->unit) == tw_unit_base(b->unit);
}

static struct tw_register_place place_of(const void *at)
{
	const struct tw_quantity_row *row = at;
	return (struct tw_register_place){row->country, row->line, row->from_day, row->to_day, row->end_user};
}

static const struct tw_register_kind kind = {
    .columns = columns,
    .column_count = COLUMNS,
    .bytes_max = TW_QUANTITIES_BYTES_MAX,
    .no_memory = "no memory for the quantity bands",
    .row = read_row,
    .row_bytes = sizeof(struct tw_quantity_row),
    .place = place_of,
    .same = same_row,
    .twice = "a band that stands twice",
};

enum tw_code tw_quantities_read(const char *name, struct tw_slice bytes, struct tw_quantities **out, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, NULL, (struct tw_register_rows **)out, err);
}

enum tw_code tw_quantities_lint(const char *name, struct tw_slice bytes, const struct tw_register_sink *sink, struct tw_error *err)
{
	return tw_register_rows_read(&kind, name, bytes, sink, NULL, err);
}

enum tw_code tw_quantities_load(const char *path, struct tw_quantities **out, struct tw_error *err)
{
	return tw_register_rows_load(&kind, path, (struct tw_register_rows **)out, err);
}

void tw_quantities_free(struct tw_quantities *quantities)
{
	tw_register_rows_free(quantities ? &quantities->kept : NULL);
}

struct tw_slice tw_quantities_digest(const struct tw_quantities *quantities)
{
	return tw_slice_str(quantities->kept.digest);
}

const struct tw_quantity_row *tw_quantities_rows(const struct tw_quantities *quantities, uint32_t *count)
{
	*count = quantities ? quantities->kept.rows.count : 0;
	return quantities ? quantities->kept.rows.data : NULL;
}

/* ---- goods ---- */

/* "ML1" holds "ML1A", not "ML10". */
static bool holds(struct tw_slice whole, struct tw_slice part)
{
	bool begins = part.len >= whole.len && memcmp(part.ptr, whole.ptr, whole.len) == 0;
	return begins && !(part.len > whole.len && tw_text_is_digit(whole.ptr[whole.len - 1]) && tw_text_is_digit(part.ptr[whole.len]));
}

bool tw_quantity_row_takes(const struct tw_quantity_row *row, struct tw_slice hs, struct tw_slice control_code, struct tw_arena *arena, bool *full)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_slice digits = tw_text_alnum(hs, arena), code = tw_text_alnum(control_code, arena);
	*full = *full || !digits.ptr || !code.ptr;
	bool takes = !*full && digits.len >= row->hs.len && (row->hs.len == 0 || memcmp(digits.ptr, row->hs.ptr, row->hs.len) == 0) &&
	             (row->control_code.len == 0 || holds(row->control_code, code));
	tw_arena_rewind(arena, mark);
	return takes;
}
