/**
 * @file csv.h
 * Comma-separated values as their issuers write them: a pull reader over one buffer, a row at a time, nothing held back.
 *
 *     36 ,"AEROCARIBBEAN ""AIRLINES""",-0- CR LF        field 1 is a copy in the arena (a doubled quote was undone),
 *     ^ 0  ^ 1                         ^ 2              the others point into the buffer
 *
 * RFC 4180, and what real files add to it: LF as well as CRLF, a UTF-8 byte-order mark at the start, blank lines (passed over), and the
 * byte 0x1A of DOS as the end of the file. Everything else that is not RFC 4180 is refused with line and byte, because a guess about
 * one quote moves every column after it: a quote inside a bare field, text after a closing quote, a quote that never closes, a lone
 * carriage return, a NUL. A quoted field may hold separators and line ends; fields are never trimmed.
 *
 *     struct tw_csv csv;
 *     tw_csv_init(&csv, name, bytes, &arena);
 *     csv.columns = 12;
 *     while ((code = tw_csv_next(&csv, err)) == TW_OK && csv.count) { ... csv.field[3] ... csv.line ... }
 *
 * Source: IETF, RFC 4180, section 2.
 */
#ifndef TIDEWAITER_FEEDS_CSV_H
#define TIDEWAITER_FEEDS_CSV_H

#include <stdbool.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#define TW_CSV_FIELDS_MAX 128 /* the widest issuer file (EU, CSV 1.1) has 117 columns */

struct tw_arena;

struct tw_csv {
	/* settings, after tw_csv_init and before the first row */
	char separator;         /**< ',' */
	uint32_t columns;       /**< every row must have exactly so many; 0: any number up to TW_CSV_FIELDS_MAX */
	uint32_t row_bytes_max; /**< TW_CSV_ROW_BYTES_MAX: bounds what an unclosed quote swallows before it is refused */
	/* the current row */
	struct tw_slice field[TW_CSV_FIELDS_MAX];
	uint32_t place[TW_CSV_FIELDS_MAX]; /**< byte of the buffer at which each begins, its opening quote before it */
	uint32_t count;                    /**< fields of this row; 0 at the end of the data */
	uint32_t line;                     /**< on which the row starts, from 1 */
	/* the reader's own */
	const char *name;
	struct tw_slice bytes;
	struct tw_arena *arena;
	uint32_t at;
	uint32_t next_line;
};

#define TW_CSV_ROW_BYTES_MAX (256U * 1024U) /* OFAC's longest row has under 3 KiB */

/**
 * @param name  what error messages call the data (its path); borrowed as long as the reader
 * @param bytes borrowed as long as the reader and its fields
 * @param arena fields with doubled quotes are copied into it; they live until its reset
 */
void tw_csv_init(struct tw_csv *csv, const char *name, struct tw_slice bytes, struct tw_arena *arena);

/**
 * Read the next row into field[], count, line.
 * @return TW_OK, with count 0 at the end; TW_E_SYNTAX, TW_E_LIMIT (too many fields, too long a row), TW_E_MEMORY with where = name:line
 *         and the byte in detail. After a failure the reader is spent: it fails again the same way.
 */
TW_MUST_USE enum tw_code tw_csv_next(struct tw_csv *csv, struct tw_error *err);

/**
 * Read the header row and require these columns in this order; from then on every row must have as many.
 * @return TW_E_MISSING when there is no row, TW_E_SYNTAX naming the first column that differs
 */
TW_MUST_USE enum tw_code tw_csv_header(struct tw_csv *csv, const char *const *names, uint32_t name_count, struct tw_error *err);

/** For a loader's own complaint about the current row: fails with where = name:line. @return code */
TW_MUST_USE enum tw_code tw_csv_fail(const struct tw_csv *csv, enum tw_code code, const char *what, struct tw_slice value, struct tw_error *err);

/**
 * Is all of the current row UTF-8? Spreadsheets save CSV as Windows-1252 unless told otherwise, and such a name would never be met again.
 * @param column set to the first field that is not, from 0
 */
bool tw_csv_row_is_utf8(const struct tw_csv *csv, uint32_t *column);
/** What to say of it, beside the field. */
#define TW_CSV_NOT_UTF8 "not UTF-8: save the file as UTF-8"
/** As tw_csv_next, but a row that is not UTF-8 is refused: TW_E_SYNTAX, with where = name:line. */
TW_MUST_USE enum tw_code tw_csv_next_utf8(struct tw_csv *csv, struct tw_error *err);

/** Where a field of the current row begins, both from 1, columns in characters. @param column below count, from 0 */
struct tw_csv_place {
	uint32_t line, column;
};
struct tw_csv_place tw_csv_place(const struct tw_csv *csv, uint32_t column);

#endif
