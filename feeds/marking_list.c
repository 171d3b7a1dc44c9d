/**
 * @file marking_list.c
 * See marking_list.h. Rows are sorted by key, then day, then status: the last one that is not later than the day asked for is the answer.
 */
#include "feeds/marking_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <tidewaiter/marking.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "feeds/csv.h"

#define ARENA_BLOCK_BYTES 65536U
#define NOWHERE           UINT32_MAX
#define PPM               UINT64_C(1000000)
#define PAGE_BYTES        ((size_t)2 * 1024 * 1024) /* of a large page on x86-64 and ARM64 */
#define DRAWER_ROWS       1U /* of a drawer, at the least, more or less: one or two lines of a cache are touched */
#define SERIAL_MIN        3U /* fewer letters and digits stand for no one weapon */

enum { SERIAL, MAKER, MODEL, CALIBRE, COUNTRY, STATUS, REPORTED_ON, REFERENCE, COLUMNS };
static const char *const columns[COLUMNS] = {"serial", "maker", "model", "calibre", "country", "status", "reported_on", "reference"};

enum skip { NO_SERIAL, SHORT_SERIAL, TWICE, UNREAD };
static const char *const reasons[TW_MARKING_LIST_SKIPS] = {"a row without a serial", "a serial of fewer than three letters and digits",
                                                           "a report that stands twice", "a row that cannot be read"};

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
	uint32_t at[COLUMNS]; /* while reading: where each column stands in a row; NOWHERE: not in this file */
	uint64_t read;        /* rows, good and bad */
	uint32_t *drawers;    /* where the rows begin whose hashes have these first bits; one more at the end */
	uint32_t drawer_bits;
	bool bare;            /* some row is any maker's */
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

static struct tw_slice field_of(const struct tw_csv *csv, const struct tw_marking_list *list, uint32_t column)
{
	return list->at[column] == NOWHERE ? (struct tw_slice){"", 0} : csv->field[list->at[column]];
}

static enum tw_code check_row(const struct tw_csv *csv, const struct tw_marking_list *list, struct row *row, struct tw_error *err)
{
	struct tw_slice status = field_of(csv, list, STATUS), day = field_of(csv, list, REPORTED_ON), country = field_of(csv, list, COUNTRY);
	row->day = INT32_MIN;
	if (!status_of(status, &row->status)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "a status that is none of lost, stolen, destroyed", status, err);
	}
	if (day.len && !tw_date_parse(day, &row->day)) {
		return tw_csv_fail(csv, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", day, err);
	}
	if (country.len && !tw_country_code(country)) {
		return tw_csv_fail(csv, TW_E_TYPE, "not a country of two letters", country, err);
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

/* How rows that cannot be read are met. */
struct unread {
	bool some;             /* some may be */
	struct tw_error first; /* why the first of them was not */
};

static enum tw_code read_row(const struct tw_csv *csv, struct tw_marking_list *list, struct unread *unread, struct tw_arena *scratch,
                             struct tw_error *err)
{
	struct row *row = row_room(list);
	struct tw_slice maker = field_of(csv, list, MAKER), written = field_of(csv, list, SERIAL);
	struct tw_slice serial = tw_text_alnum(written, scratch), key = key_of(maker, written, scratch);
	struct tw_error refused;
	if (!row || !serial.ptr || !key.ptr) {
		return memory_short(csv->name, err);
	}
	*row = (struct row){.line = csv->line};
	list->read++;
	if (check_row(csv, list, row, &refused) != TW_OK) {
		unread->first = list->report.skip[UNREAD].count ? unread->first : refused;
		skip(list, UNREAD, csv->line);
		if (!unread->some && err) {
			*err = refused;
		}
		return unread->some ? TW_OK : refused.code;
	}
	if (serial.len < SERIAL_MIN) {
		skip(list, serial.len ? SHORT_SERIAL : NO_SERIAL, csv->line);
		return TW_OK;
	}
	row->key = tw_hash128(key.ptr, key.len);
	row->exact = exact_of(maker, written);
	list->bare = list->bare || key.ptr[0] == '|';
	list->count++;
	return TW_OK;
}

static void count_row(struct tw_marking_list *list, const struct row *row)
{
	list->report.lost += row->status == TW_MARKING_STATUS_LOST;
	list->report.stolen += row->status == TW_MARKING_STATUS_STOLEN;
	list->report.destroyed += row->status == TW_MARKING_STATUS_DESTROYED;
}

/* Into memory that fits, of large pages where the system has them: a look-up goes anywhere, and would miss a page's address each time. */
static void rows_settle(struct tw_marking_list *list)
{
	size_t bytes = (size_t)list->count * sizeof(*list->rows), room = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	struct row *settled = bytes >= PAGE_BYTES ? aligned_alloc(PAGE_BYTES, room) : bytes ? malloc(bytes) : NULL;
	if (!settled) {
		return;
	}
#ifdef MADV_HUGEPAGE
	(void)madvise(settled, bytes, MADV_HUGEPAGE); /* a wish */
#endif
	memcpy(settled, list->rows, bytes);
	free(list->rows);
	list->rows = settled;
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
	rows_settle(list);
	list->report.bytes = sizeof(*list) + (uint64_t)kept * sizeof(*list->rows);
}

/* ---- which columns ---- */

static struct tw_slice trimmed(struct tw_slice text)
{
	while (text.len && text.ptr[0] == ' ') {
		text = (struct tw_slice){text.ptr + 1, text.len - 1};
	}
	while (text.len && text.ptr[text.len - 1] == ' ') {
		text.len--;
	}
	return text;
}

/* What stands before a sign, taken off the text. */
static struct tw_slice cut_at(struct tw_slice *text, char sign)
{
	const char *at = text->len ? memchr(text->ptr, sign, text->len) : NULL;
	struct tw_slice head = {text->ptr, at ? (uint32_t)(at - text->ptr) : text->len};
	uint32_t taken = head.len + (at != NULL);
	*text = (struct tw_slice){text->ptr + taken, text->len - taken};
	return trimmed(head);
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
static enum tw_code map_read(const struct tw_csv *csv, const char *map, struct tw_marking_list *list, struct tw_error *err)
{
	struct tw_slice rest = tw_slice_str(map);
	while (rest.len) {
		struct tw_slice theirs = cut_at(&rest, ','), ours = cut_at(&theirs, '=');
		uint32_t column = column_of(ours), i = 0;
		theirs = trimmed(theirs);
		if (column == COLUMNS || theirs.len == 0) {
			return map_wrong("a map of columns is serial=NAME, maker=NAME and so on", ours, err);
		}
		while (i < csv->count && !tw_slice_equal(trimmed(csv->field[i]), theirs)) {
			i++;
		}
		if (i == csv->count) {
			return tw_csv_fail(csv, TW_E_MISSING, "no such column in the header", theirs, err);
		}
		list->at[column] = i;
	}
	bool whole = list->at[SERIAL] != NOWHERE && list->at[STATUS] != NOWHERE;
	return whole ? TW_OK : map_wrong("a map of columns that leaves out serial or status", tw_slice_str(map), err);
}

static enum tw_code header_read(struct tw_csv *csv, const char *map, struct tw_marking_list *list, struct tw_error *err)
{
	for (uint32_t i = 0; i < COLUMNS; i++) {
		list->at[i] = map ? NOWHERE : i;
	}
	if (!map) {
		return tw_csv_header(csv, columns, COLUMNS, err);
	}
	enum tw_code code = tw_csv_next(csv, err);
	if (code == TW_OK && csv->count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "a table without a header row", csv->name, NULL);
	}
	csv->columns = csv->count; /* every row has as many */
	return code == TW_OK ? map_read(csv, map, list, err) : code;
}

/* ---- the whole ---- */

static uint32_t drawer_of(const struct tw_marking_list *list, struct tw_hash128 key)
{
	return list->drawer_bits ? (uint32_t)(key.high >> (64 - list->drawer_bits)) : 0;
}

/* Hashes lie evenly, so drawers of equal width hold about as many rows each. After sort_rows. */
static bool drawers_make(struct tw_marking_list *list)
{
	while (list->drawer_bits < 31 && (list->count / DRAWER_ROWS) >> list->drawer_bits > 1) {
		list->drawer_bits++;
	}
	uint32_t count = UINT32_C(1) << list->drawer_bits, row = 0;
	list->drawers = malloc(((size_t)count + 1) * sizeof(*list->drawers));
	for (uint32_t i = 0; list->drawers && i <= count; i++) {
		while (row < list->count && drawer_of(list, list->rows[row].key) < i) {
			row++;
		}
		list->drawers[i] = row;
	}
	list->report.bytes += ((uint64_t)count + 1) * sizeof(*list->drawers);
	return list->drawers != NULL;
}

static enum tw_code read_rows(struct tw_marking_list *list, const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                              struct tw_error *err)
{
	const char *map = options->columns && options->columns[0] ? options->columns : NULL;
	struct unread unread = {.some = options->unread_ppm_max > 0};
	struct tw_arena scratch;
	struct tw_csv csv;
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	tw_csv_init(&csv, name, bytes, &scratch);
	enum tw_code code = header_read(&csv, map, list, err);
	while (code == TW_OK && (code = tw_csv_next(&csv, err)) == TW_OK && csv.count) {
		code = read_row(&csv, list, &unread, &scratch, err);
		tw_arena_reset(&scratch);
	}
	if (code == TW_OK && list->report.skip[UNREAD].count * PPM > list->read * options->unread_ppm_max) {
		code = unread.first.code;
		if (err) {
			*err = unread.first;
		}
	}
	tw_arena_fini(&scratch);
	return code;
}

/* Of the file's bytes; where it is read in another way than its own, of that too. */
static enum tw_code digest_of(struct tw_slice bytes, const struct tw_marking_list_options *options, char digest[TW_SHA256_HEX_BYTES],
                              struct tw_error *err)
{
	char text[TW_SHA256_HEX_BYTES + 512];
	enum tw_code code = tw_sha256_hex(bytes.ptr, bytes.len, digest, err);
	bool mapped = options->columns && options->columns[0];
	if (code != TW_OK || (!mapped && !options->unread_ppm_max)) {
		return code;
	}
	snprintf(text, sizeof(text), "%s\n%u\n%.*s", digest, options->unread_ppm_max, 400, mapped ? options->columns : "");
	return tw_sha256_hex(text, (uint32_t)strlen(text), digest, err);
}

enum tw_code tw_marking_list_read(const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                                  struct tw_marking_list **out, struct tw_error *err)
{
	static const struct tw_marking_list_options none = {NULL, 0};
	struct tw_marking_list *list = calloc(1, sizeof(*list));
	if (!list) {
		return memory_short(name, err);
	}
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		list->report.skip[i].reason = reasons[i];
	}
	enum tw_code code = read_rows(list, name, bytes, options ? options : &none, err);
	code = code == TW_OK ? digest_of(bytes, options ? options : &none, list->report.digest, err) : code;
	if (code != TW_OK) {
		tw_marking_list_free(list);
		return code;
	}
	sort_rows(list);
	if (!drawers_make(list)) {
		tw_marking_list_free(list);
		return memory_short(name, err);
	}
	*out = list;
	return TW_OK;
}

enum tw_code tw_marking_list_load(const char *path, const struct tw_marking_list_options *options, struct tw_marking_list **out,
                                  struct tw_error *err)
{
	struct tw_arena file;
	struct tw_slice bytes;
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_MARKING_LIST_BYTES_MAX, &file, &bytes, err);
	code = code == TW_OK ? tw_marking_list_read(path, bytes, options, out, err) : code;
	tw_arena_fini(&file);
	return code;
}

void tw_marking_list_free(struct tw_marking_list *list)
{
	if (list) {
		free(list->drawers);
		free(list->rows);
		free(list);
	}
}

const struct tw_marking_list_report *tw_marking_list_report(const struct tw_marking_list *list)
{
	return &list->report;
}

/* The first row that is not before the one wanted. */
static uint32_t place_of(const struct tw_marking_list *list, const struct row *wanted)
{
	uint32_t drawer = drawer_of(list, wanted->key);
	uint32_t from = list->count ? list->drawers[drawer] : 0, to = list->count ? list->drawers[drawer + 1] : 0;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (row_order(&list->rows[middle], wanted) < 0) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return from;
}

/* The last row of a key that is not later than the day; NULL: none. */
static const struct row *newest(const struct tw_marking_list *list, struct tw_slice key, int32_t day)
{
	const struct row wanted = {.key = tw_hash128(key.ptr, key.len), .day = day, .status = UINT8_MAX, .line = UINT32_MAX};
	uint32_t from = place_of(list, &wanted);
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
	const struct row *own = newest(list, key, day);
	const struct row *any = list->bare ? newest(list, (struct tw_slice){bar, key.len - (uint32_t)(bar - key.ptr)}, day) : NULL;
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
