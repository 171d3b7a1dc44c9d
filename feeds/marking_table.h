/**
 * @file marking_table.h
 * How a list of marks lies in memory (marking_list.h). Private to feeds/marking_*.c.
 *
 *     rows     by key, day, status, line        found by a drawer of the key's first bits
 *     ranges   by series, from, to ...          an implicit tree over each series: `last` is the greatest end of the part whose middle a range is
 */
#ifndef TIDEWAITER_FEEDS_MARKING_TABLE_H
#define TIDEWAITER_FEEDS_MARKING_TABLE_H

#include "engine/base/hash.h"
#include "feeds/marking_list.h"
#include "feeds/register.h"

struct tw_marking_row {
	struct tw_hash128 key;
	uint64_t exact; /* of maker and serial as written */
	int32_t day;    /* INT32_MIN: always */
	uint32_t line;
	uint8_t status;
};
_Static_assert(sizeof(struct tw_marking_row) == 40, "as marking_list.h says");

struct tw_marking_range {
	struct tw_hash128 series; /* of maker, letters and the number's width */
	uint64_t from, to, last;
	int32_t day;
	uint32_t line;
	uint8_t status;
};
_Static_assert(sizeof(struct tw_marking_range) == 56, "as marking_list.h says");

struct tw_marking_list {
	struct tw_marking_row *rows;
	struct tw_marking_range *ranges;
	uint32_t *drawers; /* where the rows begin whose hashes have these first bits; one more at the end */
	uint32_t count, range_count, drawer_bits;
	bool bare; /* some row or range is any maker's */
	void *map; /* rows, ranges and drawers are in it; NULL: they are our own */
	size_t map_bytes;
	struct tw_marking_list_report report;
};

enum tw_marking_skip { TW_MARKS_NO_SERIAL, TW_MARKS_SHORT_SERIAL, TW_MARKS_TWICE, TW_MARKS_UNREAD };

static inline int tw_marking_hash_order(struct tw_hash128 a, struct tw_hash128 b)
{
	int high = (a.high > b.high) - (a.high < b.high);
	return high ? high : (a.low > b.low) - (a.low < b.low);
}

/** An empty one, with the reasons of its report. */
TW_MUST_USE enum tw_code tw_marking_list_new(const char *name, struct tw_marking_list **out, struct tw_error *err);
/** The key that the engine's memory has for this mark. {NULL, 0}: no memory */
struct tw_slice tw_marking_key_of(struct tw_slice maker, struct tw_slice serial, struct tw_arena *arena);
uint64_t tw_marking_exact_of(struct tw_slice maker, struct tw_slice serial);
/** The series and number of a key "MAKER|AB01417". @return false: it has none */
bool tw_marking_series_of(struct tw_slice key, struct tw_hash128 *series, uint64_t *number);
/** Of the file's bytes; where it is read in another way than its own, of that too. */
TW_MUST_USE enum tw_code tw_marking_digest_of(struct tw_slice bytes, const struct tw_marking_list_options *options, char digest[TW_SHA256_HEX_BYTES],
                                              struct tw_error *err);
void tw_marking_skip_count(struct tw_marking_list *list, enum tw_marking_skip reason, uint32_t line);

/** All rows of the file into `list`, unsorted. @param sink NULL: the first fault that may not be ends the reading */
TW_MUST_USE enum tw_code tw_marking_rows_read(struct tw_marking_list *list, const char *name, struct tw_slice bytes,
                                              const struct tw_marking_list_options *options, const struct tw_register_sink *sink,
                                              struct tw_error *err);

/** Sort, drop what stands twice, make the trees. */
void tw_marking_ranges_settle(struct tw_marking_list *list);
/** Every range that has a number of [from, to], to `visit`. */
void tw_marking_ranges_meet(const struct tw_marking_list *list, struct tw_hash128 series, uint64_t from, uint64_t to,
                            void (*visit)(void *context, const struct tw_marking_range *range), void *context);

#endif
