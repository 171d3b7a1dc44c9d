/**
 * @file marking_list.c
 * See marking_list.h. Rows are sorted by key, then day, then status: the last one that is not later than the day asked for is the answer.
 */
#include "feeds/marking_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <tidewaiter/limits.h>
#include <tidewaiter/marking.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/event/keys.h"
#include "engine/event/serial.h"
#include "feeds/marking_table.h"

#define ARENA_BLOCK_BYTES 65536U
#define PAGE_BYTES        ((size_t)2 * 1024 * 1024) /* of a large page on x86-64 and ARM64 */
#define DRAWER_ROWS       1U                        /* of a drawer, at the least, more or less: one or two lines of a cache are touched */

static const char *const reasons[TW_MARKING_LIST_SKIPS] = {"a row without a serial", "a serial of fewer than three letters and digits",
                                                           "a report that stands twice", "a row that cannot be read"};

static int row_order(const void *a, const void *b)
{
	const struct tw_marking_row *left = a, *right = b;
	int order = tw_marking_hash_order(left->key, right->key);
	order = order ? order : (left->day > right->day) - (left->day < right->day);
	order = order ? order : (left->status > right->status) - (left->status < right->status);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static enum tw_code memory_short(const char *name, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list of marks", name, NULL);
}

void tw_marking_skip_count(struct tw_marking_list *list, enum tw_marking_skip reason, uint32_t line)
{
	uint32_t first = list->report.skip[reason].first_line;
	list->report.skip[reason].first_line = list->report.skip[reason].count++ && first < line ? first : line;
}

struct tw_slice tw_marking_key_of(struct tw_slice maker, struct tw_slice serial, struct tw_arena *arena)
{
	struct tw_marking marking = {.kind.value = TW_MARKING_SERIAL};
	marking.value.ptr = serial.ptr;
	marking.value.len = serial.len;
	return tw_key_marking(&marking, maker, arena);
}

uint64_t tw_marking_exact_of(struct tw_slice maker, struct tw_slice serial)
{
	return tw_hash64(serial.ptr, serial.len, tw_hash64(maker.ptr, maker.len, 0));
}

/* A range's own key has a dash between its ends; a key that was too long is no text any more. */
bool tw_marking_series_of(struct tw_slice key, struct tw_hash128 *series, uint64_t *number)
{
	char text[TW_KEY_BYTES_MAX + 1];
	const char *bar = key.len ? memchr(key.ptr, '|', key.len) : NULL;
	struct tw_serial serial;
	uint32_t maker = bar ? (uint32_t)(bar + 1 - key.ptr) : 0;
	struct tw_slice value = {key.ptr + maker, key.len - maker};
	if (!bar || value.len == 0 || memchr(value.ptr, '-', value.len) || memchr(value.ptr, '~', value.len) || !tw_serial_read(value, &serial)) {
		return false;
	}
	uint32_t letters = serial.length - serial.digits, length = maker + letters;
	if (length >= sizeof(text)) {
		return false;
	}
	memcpy(text, key.ptr, maker);
	memcpy(text + maker, serial.text, letters);
	text[length] = (char)serial.digits;
	*series = tw_hash128(text, length + 1);
	*number = serial.number;
	return true;
}

static void count_status(struct tw_marking_list *list, uint8_t status)
{
	list->report.lost += status == TW_MARKING_STATUS_LOST;
	list->report.stolen += status == TW_MARKING_STATUS_STOLEN;
	list->report.destroyed += status == TW_MARKING_STATUS_DESTROYED;
}

/* Into memory that fits, of large pages where the system has them: a look-up goes anywhere, and would miss a page's address each time. */
static void rows_settle(struct tw_marking_list *list)
{
	size_t bytes = (size_t)list->count * sizeof(*list->rows), room = (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
	struct tw_marking_row *settled = bytes >= PAGE_BYTES ? aligned_alloc(PAGE_BYTES, room) : bytes ? malloc(bytes) : NULL;
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
		struct tw_marking_row *row = &list->rows[i], *before = kept ? &list->rows[kept - 1] : NULL;
		if (before && tw_marking_hash_order(before->key, row->key) == 0 && before->day == row->day && before->status == row->status) {
			tw_marking_skip_count(list, TW_MARKS_TWICE, row->line);
			continue;
		}
		list->rows[kept++] = *row;
		count_status(list, row->status);
	}
	list->count = kept;
	rows_settle(list);
	list->report.bytes = (uint64_t)kept * sizeof(*list->rows);
}

/* ---- the whole ---- */

static const struct tw_marking_list_options no_options = {.columns = NULL};

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

/* Of the file's bytes; where it is read in another way than its own, of that too. */
enum tw_code tw_marking_digest_of(struct tw_slice bytes, const struct tw_marking_list_options *options, char digest[TW_SHA256_HEX_BYTES],
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

enum tw_code tw_marking_list_new(const char *name, struct tw_marking_list **out, struct tw_error *err)
{
	struct tw_marking_list *list = calloc(1, sizeof(*list));
	if (!list) {
		return memory_short(name, err);
	}
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		list->report.skip[i].reason = reasons[i];
	}
	*out = list;
	return TW_OK;
}

static void settle(struct tw_marking_list *list)
{
	sort_rows(list);
	tw_marking_ranges_settle(list);
	for (uint32_t i = 0; i < list->range_count; i++) {
		count_status(list, list->ranges[i].status);
	}
	list->report.ranges = list->range_count;
	list->report.bytes += (uint64_t)list->range_count * sizeof(*list->ranges);
}

enum tw_code tw_marking_list_read(const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                                  struct tw_marking_list **out, struct tw_error *err)
{
	struct tw_marking_list *list = NULL;
	enum tw_code code = tw_marking_list_new(name, &list, err);
	code = code == TW_OK ? tw_marking_rows_read(list, name, bytes, options ? options : &no_options, NULL, err) : code;
	code = code == TW_OK ? tw_marking_digest_of(bytes, options ? options : &no_options, list->report.digest, err) : code;
	if (code == TW_OK && list) {
		settle(list);
		code = drawers_make(list) ? TW_OK : memory_short(name, err);
	}
	if (code != TW_OK) {
		tw_marking_list_free(list);
		return code;
	}
	*out = list;
	return TW_OK;
}

enum tw_code tw_marking_list_lint(const char *name, struct tw_slice bytes, const struct tw_marking_list_options *options,
                                  const struct tw_register_sink *sink, struct tw_error *err)
{
	struct tw_marking_list *list = NULL;
	enum tw_code code = tw_marking_list_new(name, &list, err);
	code = code == TW_OK ? tw_marking_rows_read(list, name, bytes, options ? options : &no_options, sink, err) : code;
	tw_marking_list_free(list);
	return code;
}

enum tw_code tw_marking_list_load(const char *path, const struct tw_marking_list_options *options, struct tw_marking_list **out, struct tw_error *err)
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
	if (list && list->map) {
		munmap(list->map, list->map_bytes);
	} else if (list) {
		free(list->drawers);
		free(list->rows);
		free(list->ranges);
	}
	free(list);
}

const struct tw_marking_list_report *tw_marking_list_report(const struct tw_marking_list *list)
{
	return &list->report;
}

/* The first row that is not before the one wanted. */
static uint32_t place_of(const struct tw_marking_list *list, const struct tw_marking_row *wanted)
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
static const struct tw_marking_row *newest(const struct tw_marking_list *list, struct tw_slice key, int32_t day)
{
	const struct tw_marking_row wanted = {.key = tw_hash128(key.ptr, key.len), .day = day, .status = UINT8_MAX, .line = UINT32_MAX};
	uint32_t from = place_of(list, &wanted);
	const struct tw_marking_row *row = from ? &list->rows[from - 1] : NULL;
	return row && tw_marking_hash_order(row->key, wanted.key) == 0 ? row : NULL;
}

/* What is known of a mark on a day: the newer report, of one day the graver. */
struct found {
	int32_t asked, day;
	const struct tw_marking_row *row; /* NULL: of a range */
	uint32_t line;
	uint8_t status; /* 0: nothing */
};

static void offer(struct found *found, int32_t day, uint8_t status, uint32_t line, const struct tw_marking_row *row)
{
	if (day <= found->asked && (!found->status || day > found->day || (day == found->day && status > found->status))) {
		*found = (struct found){found->asked, day, row, line, status};
	}
}

static void offer_range(void *context, const struct tw_marking_range *range)
{
	offer(context, range->day, range->status, range->line, NULL);
}

/* Of one key: its own reports, and those of ranges that it lies in. */
static void find_key(const struct tw_marking_list *list, struct tw_slice key, bool ranges, struct found *found)
{
	const struct tw_marking_row *row = newest(list, key, found->asked);
	struct tw_hash128 series;
	uint64_t number;
	if (row) {
		offer(found, row->day, row->status, row->line, row);
	}
	if (ranges && list->range_count && tw_marking_series_of(key, &series, &number)) {
		tw_marking_ranges_meet(list, series, number, number, offer_range, found);
	}
}

/* A mark's own reports, and those of its serial without a maker. */
static struct found find(const struct tw_marking_list *list, struct tw_slice key, int32_t day, bool ranges)
{
	struct found found = {.asked = day};
	const char *bar = list && key.len ? memchr(key.ptr, '|', key.len) : NULL;
	if (!bar) {
		return found;
	}
	find_key(list, key, ranges, &found);
	if (list->bare && bar != key.ptr) {
		find_key(list, (struct tw_slice){bar, key.len - (uint32_t)(bar - key.ptr)}, ranges, &found);
	}
	return found;
}

bool tw_marking_list_find(const struct tw_marking_list *list, struct tw_slice key, int32_t day, bool ranges, struct tw_marking_notice *out)
{
	struct found found = find(list, key, day, ranges);
	if (found.status) {
		*out = (struct tw_marking_notice){(enum tw_marking_status)found.status, false, found.row == NULL, found.line};
	}
	return found.status != 0;
}

bool tw_marking_list_find_mark(const struct tw_marking_list *list, struct tw_slice maker, struct tw_slice serial, int32_t day, struct tw_arena *arena,
                               struct tw_marking_notice *out)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct tw_slice key = tw_marking_key_of(maker, serial, arena);
	struct found found = {.status = 0};
	if (key.ptr) {
		found = find(list, key, day, true);
	}
	if (found.status) {
		bool exact = found.row && found.row->exact == tw_marking_exact_of(maker, serial);
		*out = (struct tw_marking_notice){(enum tw_marking_status)found.status, exact, found.row == NULL, found.line};
	}
	tw_arena_rewind(arena, mark);
	return found.status != 0;
}

/* ---- a range against the list ---- */

static void offer_gravest(void *context, const struct tw_marking_range *range)
{
	struct found *found = context;
	if (range->day <= found->asked && range->status > found->status) {
		found->status = range->status;
		found->line = range->line;
	}
}

/* Every number of a range that is short enough, as a mark of its own. */
static void numbers_find(const struct tw_marking_list *list, struct tw_slice maker, const struct tw_serial *first, uint64_t last,
                         struct found *gravest)
{
	char key[TW_KEY_BYTES_MAX + 1];
	uint32_t letters = first->length - first->digits;
	for (uint64_t number = first->number; number <= last && last - first->number < TW_MARKING_LIST_NUMBERS_MAX; number++) {
		int length = snprintf(key, sizeof(key), "%.*s%.*s%0*llu", (int)maker.len, maker.ptr, (int)letters, first->text, (int)first->digits,
		                      (unsigned long long)number);
		if (length < 0 || (size_t)length >= sizeof(key)) {
			return;
		}
		const struct tw_marking_row *row = newest(list, (struct tw_slice){key, (uint32_t)length}, gravest->asked);
		if (row && row->status > gravest->status) {
			gravest->status = row->status;
			gravest->line = row->line;
		}
	}
}

/* @param maker with the bar behind it, as keys have it */
static void meets(const struct tw_marking_list *list, struct tw_slice maker, const struct tw_serial *first, uint64_t last, struct tw_arena *arena,
                  struct found *gravest)
{
	struct tw_slice key = tw_arena_format(arena, "%.*s%.*s", (int)maker.len, maker.ptr, (int)first->length, first->text);
	struct tw_hash128 series;
	uint64_t number;
	if (key.ptr && tw_marking_series_of(key, &series, &number)) {
		tw_marking_ranges_meet(list, series, first->number, last, offer_gravest, gravest);
		numbers_find(list, maker, first, last, gravest);
	}
}

bool tw_marking_list_find_range(const struct tw_marking_list *list, struct tw_slice maker, struct tw_slice from, struct tw_slice to, int32_t day,
                                struct tw_arena *arena, struct tw_marking_notice *out)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	struct found gravest = {.asked = day};
	struct tw_serial first, last;
	struct tw_slice key = list ? tw_marking_key_of(maker, from, arena) : (struct tw_slice){NULL, 0};
	const char *bar = key.ptr && key.len ? memchr(key.ptr, '|', key.len) : NULL;
	bool good = bar && tw_serial_read(from, &first) && tw_serial_read(to, &last) && tw_serial_alike(&first, &last);
	if (good && first.number <= last.number) {
		meets(list, (struct tw_slice){key.ptr, (uint32_t)(bar + 1 - key.ptr)}, &first, last.number, arena, &gravest);
		if (list->bare && bar != key.ptr) {
			meets(list, (struct tw_slice){"|", 1}, &first, last.number, arena, &gravest);
		}
	}
	tw_arena_rewind(arena, mark);
	if (gravest.status) {
		*out = (struct tw_marking_notice){(enum tw_marking_status)gravest.status, false, true, gravest.line};
	}
	return gravest.status != 0;
}
