/**
 * @file marking_rows.c
 * Reading the CSV of a list of marks (marking_list.h): which column is which, what a row states, and which rows are passed over.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/list_text.h"
#include "feeds/marking_table.h"

#define ARENA_BLOCK_BYTES 65536U
#define NOWHERE           UINT32_MAX
#define PPM               UINT64_C(1000000)
#define TOLD_ROWS         4096U /* between two words of how far it is: some milliseconds */
#define SERIAL_MIN        3U    /* fewer letters and digits stand for no one weapon */

enum { SERIAL, MAKER, MODEL, CALIBRE, COUNTRY, STATUS, REPORTED_ON, REFERENCE, FROM, TO, COLUMNS };
#define COLUMNS_WITHOUT_RANGES 8U
static const char *const columns[COLUMNS] = {"serial", "maker", "model", "calibre", "country", "status", "reported_on", "reference", "from", "to"};

struct rows {
	struct tw_marking_list *list;
	struct tw_register reading;
	struct tw_csv csv;
	struct tw_arena scratch;
	uint32_t at[COLUMNS]; /* where each column stands in a row; NOWHERE: not in this file */
	uint32_t room, range_room;
	uint64_t read; /* rows, good and bad */
	bool some;     /* some may be unread */
	enum tw_code unread;
	struct tw_error first; /* why the first of them was not read */
	bool no_memory;
};

static struct tw_slice field_of(const struct rows *rows, uint32_t column)
{
	return rows->at[column] == NOWHERE ? (struct tw_slice){"", 0} : rows->csv.field[rows->at[column]];
}

/* ---- which columns ---- */

/* What stands before a sign, taken off the text. */
static struct tw_slice cut_at(struct tw_slice *text, char sign)
{
	const char *at = text->len ? memchr(text->ptr, sign, text->len) : NULL;
	struct tw_slice head = {text->ptr, at ? (uint32_t)(at - text->ptr) : text->len};
	uint32_t taken = head.len + (at != NULL);
	*text = (struct tw_slice){text->ptr + taken, text->len - taken};
	return tw_list_trim(head);
}

static uint32_t column_of(struct tw_slice name)
{
	uint32_t i = 0;
	while (i < COLUMNS && !tw_slice_is(name, columns[i])) {
		i++;
	}
	return i;
}

static enum tw_code map_wrong(const char *what, struct tw_slice at, struct tw_error *err)
{
	return tw_fail(err, TW_E_SYNTAX, TW_STOP, what, "markings.columns", "\"%.*s\"", (int)(at.len < 128 ? at.len : 128), at.ptr);
}

/* "serial=Serial No, maker=Make": where each stands in the header that was read. */
static enum tw_code map_read(struct rows *rows, const char *map, struct tw_error *err)
{
	struct tw_slice rest = tw_slice_str(map);
	while (rest.len) {
		struct tw_slice theirs = cut_at(&rest, ','), ours = cut_at(&theirs, '=');
		uint32_t column = column_of(ours), i = 0;
		theirs = tw_list_trim(theirs);
		if (column == COLUMNS || theirs.len == 0) {
			return map_wrong("a map of columns is serial=NAME, maker=NAME and so on", ours, err);
		}
		while (i < rows->csv.count && !tw_slice_equal(tw_list_trim(rows->csv.field[i]), theirs)) {
			i++;
		}
		if (i == rows->csv.count) {
			tw_register_fault_line(&rows->reading, TW_E_MISSING, "no such column in the header", theirs, rows->csv.line, theirs.ptr);
			return tw_csv_fail(&rows->csv, TW_E_MISSING, "no such column in the header", theirs, err);
		}
		rows->at[column] = i;
	}
	bool marks = rows->at[SERIAL] != NOWHERE || (rows->at[FROM] != NOWHERE && rows->at[TO] != NOWHERE);
	return marks && rows->at[STATUS] != NOWHERE
	           ? TW_OK
	           : map_wrong("a map of columns that leaves out serial (or from and to) or status", tw_slice_str(map), err);
}

static enum tw_code own_header(struct rows *rows)
{
	struct tw_csv before = rows->csv;
	struct tw_error none;
	bool ranges = tw_csv_header(&rows->csv, columns, COLUMNS, &none) == TW_OK;
	rows->csv = before;
	for (uint32_t i = 0; i < COLUMNS; i++) {
		rows->at[i] = i < COLUMNS_WITHOUT_RANGES || ranges ? i : NOWHERE;
	}
	return tw_register_header(&rows->reading, columns, ranges ? COLUMNS : COLUMNS_WITHOUT_RANGES);
}

static enum tw_code mapped_header(struct rows *rows, const char *map, struct tw_error *err)
{
	for (uint32_t i = 0; i < COLUMNS; i++) {
		rows->at[i] = NOWHERE;
	}
	enum tw_code code = tw_csv_next(&rows->csv, err);
	if (code == TW_OK && rows->csv.count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "a table without a header row", rows->csv.name, NULL);
	}
	rows->reading.columns = rows->csv.count; /* every row has as many */
	return code == TW_OK ? map_read(rows, map, err) : code;
}

/* ---- one row ---- */

static bool status_of(struct tw_slice word, uint8_t *status)
{
	static const struct {
		const char *word;
		enum tw_marking_status status;
	} known[] = {{"lost", TW_MARKING_STATUS_LOST}, {"stolen", TW_MARKING_STATUS_STOLEN}, {"destroyed", TW_MARKING_STATUS_DESTROYED}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (tw_slice_is(word, known[i].word)) {
			*status = (uint8_t)known[i].status;
			return true;
		}
	}
	return false;
}

static void fault(struct rows *rows, enum tw_code code, const char *what, uint32_t column)
{
	tw_register_fault(&rows->reading, code, what, rows->at[column]);
}

/* What every report states. */
static void report_read(struct rows *rows, uint8_t *status, int32_t *day)
{
	struct tw_slice reported = field_of(rows, REPORTED_ON), country = field_of(rows, COUNTRY);
	*day = INT32_MIN;
	if (!status_of(field_of(rows, STATUS), status)) {
		fault(rows, TW_E_SYNTAX, "a status that is none of lost, stolen, destroyed", STATUS);
	}
	if (reported.len && !tw_date_parse(reported, day)) {
		fault(rows, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", REPORTED_ON);
	}
	if (country.len && !tw_country_code(country)) {
		fault(rows, TW_E_TYPE, "not a country of two letters", COUNTRY);
	}
}

static void range_read(struct rows *rows, struct tw_marking_range *range)
{
	struct tw_slice maker = field_of(rows, MAKER), from = field_of(rows, FROM), to = field_of(rows, TO);
	struct tw_slice first = tw_marking_key_of(maker, from, &rows->scratch), second = tw_marking_key_of(maker, to, &rows->scratch);
	struct tw_hash128 other;
	if (!first.ptr || !second.ptr) {
		rows->no_memory = true;
		return;
	}
	if (field_of(rows, SERIAL).len) {
		fault(rows, TW_E_CONFLICT, "a row with a serial and a range", SERIAL);
	} else if (!from.len || !to.len) {
		fault(rows, TW_E_MISSING, "a range with one end", from.len ? TO : FROM);
	} else if (!tw_marking_series_of(first, &range->series, &range->from)) {
		fault(rows, TW_E_TYPE, "an end of a range without a number at its end", FROM);
	} else if (!tw_marking_series_of(second, &other, &range->to)) {
		fault(rows, TW_E_TYPE, "an end of a range without a number at its end", TO);
	} else if (tw_marking_hash_order(range->series, other) != 0 || range->from > range->to) {
		fault(rows, TW_E_RANGE, "a range that ends before it begins, or whose ends are of two series", TO);
	}
	rows->list->bare = rows->list->bare || first.ptr[0] == '|';
}

static void *pushed(void **base, uint32_t *count, uint32_t *room, size_t size)
{
	if (*count == *room) {
		uint32_t more = *room ? *room + *room / 2 : 1024;
		void *grown = realloc(*base, (size_t)more * size);
		if (!grown) {
			return NULL;
		}
		*base = grown;
		*room = more;
	}
	return (char *)*base + (size_t)(*count)++ * size;
}

static void range_add(struct rows *rows, uint32_t faults)
{
	struct tw_marking_list *list = rows->list;
	struct tw_marking_range range = {.line = rows->csv.line};
	void *base = list->ranges;
	report_read(rows, &range.status, &range.day);
	range_read(rows, &range);
	if (rows->reading.faults != faults || rows->no_memory) {
		return;
	}
	struct tw_marking_range *kept = pushed(&base, &list->range_count, &rows->range_room, sizeof(*kept));
	list->ranges = base;
	rows->no_memory = !kept;
	if (kept) {
		*kept = range;
	}
}

static void passed_over(struct rows *rows, enum tw_marking_skip reason)
{
	tw_marking_skip_count(rows->list, reason, rows->csv.line);
	tw_register_warn(&rows->reading, rows->list->report.skip[reason].reason, rows->at[SERIAL] == NOWHERE ? rows->at[STATUS] : rows->at[SERIAL]);
}

static void serial_add(struct rows *rows, uint32_t faults)
{
	struct tw_marking_list *list = rows->list;
	struct tw_marking_row row = {.line = rows->csv.line};
	struct tw_slice maker = field_of(rows, MAKER), written = field_of(rows, SERIAL);
	struct tw_slice serial = tw_text_alnum(written, &rows->scratch), key = tw_marking_key_of(maker, written, &rows->scratch);
	void *base = list->rows;
	rows->no_memory = !serial.ptr || !key.ptr;
	report_read(rows, &row.status, &row.day);
	if (rows->reading.faults != faults || rows->no_memory) {
		return;
	}
	if (serial.len < SERIAL_MIN) {
		passed_over(rows, serial.len ? TW_MARKS_SHORT_SERIAL : TW_MARKS_NO_SERIAL);
		return;
	}
	row.key = tw_hash128(key.ptr, key.len);
	row.exact = tw_marking_exact_of(maker, written);
	list->bare = list->bare || key.ptr[0] == '|';
	struct tw_marking_row *kept = pushed(&base, &list->count, &rows->room, sizeof(*kept));
	list->rows = base;
	rows->no_memory = !kept;
	if (kept) {
		*kept = row;
	}
}

/* Where some may be, a row that cannot be read is no fault of the file until there are too many. */
static void unread_count(struct rows *rows, uint32_t faults)
{
	if (rows->reading.faults == faults) {
		return;
	}
	rows->first = rows->unread ? rows->first : rows->reading.first;
	rows->unread = rows->unread ? rows->unread : rows->reading.code;
	tw_marking_skip_count(rows->list, TW_MARKS_UNREAD, rows->csv.line);
	if (rows->some && !rows->reading.sink) {
		rows->reading.faults = 0;
		rows->reading.code = TW_OK;
	}
}

/* Only of the columns that are read: what else an export states may be written as it likes. */
static bool row_is_text(struct rows *rows)
{
	uint32_t wrong;
	bool whole = tw_csv_row_is_utf8(&rows->csv, &wrong);
	for (uint32_t i = 0; i < COLUMNS && !whole; i++) {
		if (rows->at[i] != NOWHERE && !tw_utf8_valid(field_of(rows, i), NULL)) {
			tw_register_fault(&rows->reading, TW_E_SYNTAX, TW_CSV_NOT_UTF8, rows->at[i]);
			return false;
		}
	}
	return true;
}

static enum tw_code row_next(struct rows *rows)
{
	enum tw_code code = tw_register_next(&rows->reading);
	if (code != TW_OK || rows->csv.count == 0) {
		return code;
	}
	uint32_t faults = rows->reading.faults;
	rows->read++;
	bool range = field_of(rows, FROM).len || field_of(rows, TO).len;
	if (row_is_text(rows)) {
		(range ? range_add : serial_add)(rows, faults);
	}
	unread_count(rows, faults);
	tw_arena_reset(&rows->scratch);
	return rows->no_memory ? TW_E_MEMORY : TW_OK;
}

enum tw_code tw_marking_rows_read(struct tw_marking_list *list, const char *name, struct tw_slice bytes,
                                  const struct tw_marking_list_options *options, const struct tw_register_sink *sink, struct tw_error *err)
{
	const char *map = options->columns && options->columns[0] ? options->columns : NULL;
	struct rows *rows = calloc(1, sizeof(*rows));
	if (!rows) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list of marks", name, NULL);
	}
	rows->list = list;
	rows->some = options->unread_ppm_max > 0;
	rows->reading = (struct tw_register){.csv = &rows->csv, .sink = sink};
	tw_arena_init(&rows->scratch, ARENA_BLOCK_BYTES, 0);
	tw_csv_init(&rows->csv, name, bytes, &rows->scratch);
	enum tw_code code = map ? mapped_header(rows, map, err) : own_header(rows);
	bool told = map && code != TW_OK; /* err is filled */
	while (code == TW_OK && (code = row_next(rows)) == TW_OK && rows->csv.count) {
		if (options->told && rows->read % TOLD_ROWS == 0) {
			options->told(options->context, rows->csv.at, bytes.len, rows->read);
		}
	}
	if (code == TW_E_MEMORY) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list of marks", name, NULL);
	} else if (!told) {
		code = tw_register_end(&rows->reading, err);
	}
	if (code == TW_OK && rows->unread && list->report.skip[TW_MARKS_UNREAD].count * PPM > rows->read * options->unread_ppm_max) {
		code = rows->unread;
		if (err) {
			*err = rows->first;
		}
	}
	tw_arena_fini(&rows->scratch);
	free(rows);
	return code;
}
