/**
 * @file register_rows.h
 * A register that is kept whole: rows in memory, and the digest of the file (specimens.h, quantities.h, serial_forms.h).
 *
 * What differs from one register to the next is its kind: columns, what a row becomes, in which order rows are kept, what may not stand twice. The
 * register's own structure is this one under another name.
 *
 * Invariant: a file is read whole or refused; what is loaded never changes. Threads: any, once it is loaded.
 */
#ifndef TIDEWAITER_FEEDS_REGISTER_ROWS_H
#define TIDEWAITER_FEEDS_REGISTER_ROWS_H

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "feeds/register.h"

struct tw_register_rows {
	struct tw_arena arena;
	struct tw_list rows;
	char digest[TW_SHA256_HEX_BYTES]; /**< of the file's bytes */
};

/** Where a row belongs: its country and its days. */
struct tw_register_place {
	uint16_t country;
	uint32_t line;
	int32_t from_day, to_day; /**< INT32_MIN, INT32_MAX: open */
	struct tw_slice label;    /**< whose it is, for messages */
};

struct tw_register_kind {
	const char *const *columns; /**< the header, in this order */
	uint32_t column_count;
	uint32_t bytes_max;    /**< of the file */
	const char *no_memory; /**< constant text */
	/** Reads the current row and pushes what it becomes; faults are told to the reading. @return false without memory */
	bool (*row)(struct tw_register *reading, struct tw_register_rows *rows);
	size_t row_bytes;
	/** Rows are kept by country and line, and none may stand twice on days that meet. NULL: they are kept as in the file. */
	struct tw_register_place (*place)(const void *row);
	bool (*same)(const void *a, const void *b); /**< are they about the same? Of one country */
	const char *twice;                          /**< constant text of that fault */
};

/**
 * @param name for messages @param bytes borrowed for the call
 * @param sink who wants all faults; NULL: the first one ends the reading
 * @param out the caller's, to be freed; NULL: the rows are checked alone
 * @return TW_OK, TW_E_MEMORY, or that of the first fault; where = name:line
 */
TW_MUST_USE enum tw_code tw_register_rows_read(const struct tw_register_kind *kind, const char *name, struct tw_slice bytes,
                                               const struct tw_register_sink *sink, struct tw_register_rows **out, struct tw_error *err);
/** The same of a file. @return also TW_E_MISSING (no file), TW_E_LIMIT (too large), TW_E_IO */
TW_MUST_USE enum tw_code tw_register_rows_load(const struct tw_register_kind *kind, const char *path, struct tw_register_rows **out,
                                               struct tw_error *err);
/** @param rows NULL is fine */
void tw_register_rows_free(struct tw_register_rows *rows);

/** The day of a field, `open` when it is blank. A fault when it is none. */
int32_t tw_register_day(struct tw_register *reading, uint32_t column, int32_t open);

#endif
