/**
 * @file marking_list.c
 * See marking_list.h. Rows are sorted by key, then day, then status: the last one that is not later than the day asked for is the answer.
 */
#include "feeds/marking_list.h"

#include <stdlib.h>

#include <tidewaiter/marking.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "feeds/csv.h"

#define ARENA_BLOCK_BYTES 65536U
#define SERIAL_MIN        3U /* fewer letters and digits stand for no one weapon */

enum { SERIAL, MAKER, MODEL, CALIBRE, COUNTRY, STATUS, REPORTED_ON, REFERENCE, COLUMNS };
static const char *const columns[COLUMNS] = {"serial", "maker", "model", "calibre", "country", "status", "reported_on", "reference"};

enum skip { NO_SERIAL, SHORT_SERIAL, TWICE };
static const char *const reasons[TW_MARKING_LIST_SKIPS] = {"a row without a serial", "a serial of fewer than three letters and digits",
                                                           "a report that stands twice"};

struct row {
	struct tw_hash128 key;
	uint64_t exact; /* of maker and serial as written */
	int32_t day;    /* INT32_MIN: always */
	uint32_t line;
	uint8_t status;
};
_Static_assert(sizeof(struct row) == 40, "as the header says");

struct tw_marking_list {
	struct row *rows;
	uint32_t count, room;
	struct tw_marking_list_report report;
};

static int hash_order(struct tw_hash128 a, struct tw_hash128 b)
{
	int high = (a.high > b.high) - (a.high < b.high);
	return high ? high : (a.low > b.low) - (a.low < b.low);
}

static int row_order(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	int order = hash_order(left->key, right->key);
	order = order ? order : (left->day > right->day) - (left->day < right->day);
	order = order ? order : (left->status > right->status) - (left->status < right->status);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static enum tw_code memory_short(const char *name, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list of marks", name, NULL);
}

static void skip(struct tw_marking_list *list, enum skip reason, uint32_t line)
{
	list->report.skip[reason].first_line = list->report.skip[reason].count++ ? list->report.skip[reason].first_line : line;
}

/* The key that the engine's memory has for this mark. {NULL, 0}: no memory */
static struct tw_slice key_of(struct tw_slice maker, struct tw_slice serial, struct tw_arena *arena)
{
	struct tw_marking marking = {.kind.value = TW_MARKING_SERIAL};
	marking.value.ptr = serial.ptr;
	marking.value.len = serial.len;
	return tw_key_marking(&marking, maker, arena);
}

static uint64_t exact_of(struct tw_slice maker, struct tw_slice serial)
{
	return tw_hash64(serial.ptr, serial.len, tw_hash64(maker.ptr, maker.len, 0));
}

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

static enum tw_code check_row(const struct tw_csv *csv, struct row *row, struct tw_error *err)
{
	row->day = INT32_MIN;
	if (!status_of(csv->field[STATUS], &row->status)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "a status that is none of lost, stolen, destroyed", csv->field[STATUS], err);
	}
	if (csv->field[REPORTED_ON].len && !tw_date_parse(csv->field[REPORTED_ON], &row->day)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", csv->field[REPORTED_ON], err);
	}
	if (csv->field[COUNTRY].len && !tw_country_code(csv->field[COUNTRY])) {
		return tw_csv_fail(csv, TW_E_TYPE, "not a country of two letters", csv->field[COUNTRY], err);
	}
	return TW_OK;
}

static struct row *row_room(struct tw_marking_list *list)
{
	if (list->count == list->room) {
		uint32_t room = list->room ? list->room + list->room / 2 : 1024;
		struct row *rows = realloc(list->rows, (size_t)room * sizeof(*rows));
		if (!rows) {
			return NULL;
		}
		list->rows = rows;
		list->room = room;
	}
	return &list->rows[list->count];
}

static enum tw_code read_row(const struct tw_csv *csv, struct tw_marking_list *list, struct tw_arena *scratch, struct tw_error *err)
{
	struct row *row = row_room(list);
	struct tw_slice serial = tw_text_alnum(csv->field[SERIAL], scratch), key = key_of(csv->field[MAKER], csv->field[SERIAL], scratch);
	if (!row || !serial.ptr || !key.ptr) {
		return memory_short(csv->name, err);
	}
	*row = (struct row){.line = csv->line};
	enum tw_code code = check_row(csv, row, err);
	if (code != TW_OK) {
		return code;
	}
	if (serial.len < SERIAL_MIN) {
		skip(list, serial.len ? SHORT_SERIAL : NO_SERIAL, csv->line);
		return TW_OK;
	}
	row->key = tw_hash128(key.ptr, key.len);
	row->exact = exact_of(csv->field[MAKER], csv->field[SERIAL]);
	list->count++;
	return TW_OK;
}

static void count_row(struct tw_marking_list *list, const struct row *row)
{
	list->report.lost += row->status == TW_MARKING_STATUS_LOST;
	list->report.stolen += row->status == TW_MARKING_STATUS_STOLEN;
	list->report.destroyed += row->status == TW_MARKING_STATUS_DESTROYED;
}

/* One mark, one day, one status: one report, the first of the file. */
static void sort_rows(struct tw_marking_list *list)
{
	uint32_t kept = 0;
	if (list->count) {
		qsort(list->rows, list->count, sizeof(*list->rows), row_order);
	}
	for (uint32_t i = 0; i < list->count; i++) {
		struct row *row = &list->rows[i], *before = kept ? &list->rows[kept - 1] : NULL;
		if (before && hash_order(before->key, row->key) == 0 && before->day == row->day && before->status == row->status) {
			struct tw_marking_list_report *report = &list->report;
			skip(list, TWICE, row->line);
			report->skip[TWICE].first_line = report->skip[TWICE].first_line < row->line ? report->skip[TWICE].first_line : row->line;
			continue;
		}
		list->rows[kept++] = *row;
		count_row(list, row);
	}
	list->count = kept;
	struct row *fitting = kept ? realloc(list->rows, (size_t)kept * sizeof(*fitting)) : NULL;
	list->rows = fitting ? fitting : list->rows;
	list->report.bytes = sizeof(*list) + (uint64_t)kept * sizeof(*fitting);
}

static enum tw_code read_rows(struct tw_marking_list *list, const char *name, struct tw_slice bytes, struct tw_error *err)
{
	struct tw_arena scratch;
	struct tw_csv csv;
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	tw_csv_init(&csv, name, bytes, &scratch);
	enum tw_code code = tw_csv_header(&csv, columns, COLUMNS, err);
	while (code == TW_OK && (code = tw_csv_next(&csv, err)) == TW_OK && csv.count) {
		code = read_row(&csv, list, &scratch, err);
		tw_arena_reset(&scratch);
	}
	tw_arena_fini(&scratch);
	return code;
}

enum tw_code tw_marking_list_read(const char *name, struct tw_slice bytes, struct tw_marking_list **out, struct tw_error *err)
{
	struct tw_marking_list *list = calloc(1, sizeof(*list));
	if (!list) {
		return memory_short(name, err);
	}
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		list->report.skip[i].reason = reasons[i];
	}
	enum tw_code code = read_rows(list, name, bytes, err);
	code = code == TW_OK ? tw_sha256_hex(bytes.ptr, bytes.len, list->report.digest, err) : code;
	if (code != TW_OK) {
		tw_marking_list_free(list);
		return code;
	}
	sort_rows(list);
	*out = list;
	return TW_OK;
}

enum tw_code tw_marking_list_load(const char *path, struct tw_marking_list **out, struct tw_error *err)
{
	struct tw_arena file;
	struct tw_slice bytes;
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_MARKING_LIST_BYTES_MAX, &file, &bytes, err);
	code = code == TW_OK ? tw_marking_list_read(path, bytes, out, err) : code;
	tw_arena_fini(&file);
	return code;
}

void tw_marking_list_free(struct tw_marking_list *list)
{
	if (list) {
		free(list->rows);
		free(list);
	}
}

const struct tw_marking_list_report *tw_marking_list_report(const struct tw_marking_list *list)
{
	return &list->report;
}

/* The last row of a key that is not later than the day; NULL: none. */
static const struct row *newest(const struct tw_marking_list *list, struct tw_slice key, int32_t day)
{
	const struct row wanted = {.key = tw_hash128(key.ptr, key.len), .day = day, .status = UINT8_MAX, .line = UINT32_MAX};
	uint32_t from = 0, to = list->count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (row_order(&list->rows[middle], &wanted) < 0) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	const struct row *row = from ? &list->rows[from - 1] : NULL;
	return row && hash_order(row->key, wanted.key) == 0 ? row : NULL;
}

/* The newer of a mark's own report and one of its serial without a maker. */
static const struct row *find(const struct tw_marking_list *list, struct tw_slice key, int32_t day)
{
	const char *bar = list && key.len ? memchr(key.ptr, '|', key.len) : NULL;
	if (!bar) {
		return NULL;
	}
	const struct row *own = newest(list, key, day), *any = newest(list, (struct tw_slice){bar, key.len - (uint32_t)(bar - key.ptr)}, day);
	bool newer = own && any && (any->day > own->day || (any->day == own->day && any->status > own->status));
	return !own || newer ? any : own;
}

bool tw_marking_list_find(const struct tw_marking_list *list, struct tw_slice key, int32_t day, struct tw_marking_notice *out)
{
	const struct row *row = find(list, key, day);
	if (row) {
		*out = (struct tw_marking_notice){(enum tw_marking_status)row->status, false, row->line};
	}
	return row != NULL;
}

bool tw_marking_list_find_mark(const struct tw_marking_list *list, struct tw_slice maker, struct tw_slice serial, int32_t day, struct tw_arena *arena,
                               struct tw_marking_notice *out)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_slice key = key_of(maker, serial, arena);
	const struct row *row = key.ptr ? find(list, key, day) : NULL;
	if (row) {
		*out = (struct tw_marking_notice){(enum tw_marking_status)row->status, row->exact == exact_of(maker, serial), row->line};
	}
	tw_arena_rewind(arena, mark);
	return row != NULL;
}
