/**
 * @file lists_rows.h
 * Rows of a person's file of names, one after the other in constant memory: CSV with a header, or one JSON object a line.
 *
 *     [read rows | row | begin of the next ]      a row is handed out where it lies; the buffer is refilled when none is whole
 *
 * The first byte that is no blank decides: "{" is JSON. CSV columns are found by the header's words, in any order, separated by commas, semicolons
 * or tabs: name, id, country, birth_date, kind, address, identifier; a name or an identifier must be there, others are passed over. A quoted field
 * may hold line ends; where a quote never closes within TW_ROW_LINES_MAX lines the row is given up at its first line's end, so that one bad row costs
 * one row.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_LISTS_ROWS_H
#define TIDEWAITER_ENGINE_COMMAND_LISTS_ROWS_H

#include <stddef.h>
#include <stdint.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

#define TW_ROW_BYTES_MAX 65536U /* a name has at most 1,024 bytes; exports carry whole addresses beside it */
#define TW_ROW_LINES_MAX 32U
#define TW_ROW_UNUSED_BYTES 256U /* a hint for a person */

enum tw_row_column { TW_ROW_NAME = 0, TW_ROW_ID, TW_ROW_COUNTRY, TW_ROW_BIRTH, TW_ROW_KIND, TW_ROW_ADDRESS, TW_ROW_IDENTIFIER, TW_ROW_COLUMNS };

/** One row. `text` is in the arena that was given. */
struct tw_row {
	struct tw_slice text[TW_ROW_COLUMNS]; /**< empty: not stated */
	uint64_t line;                        /**< on which it starts, from 1 */
	bool read;                            /**< false: `why` says why not */
	struct tw_error why;
};

struct tw_rows {
	const char *path; /**< for messages; "-" is standard input */
	int fd;
	char *buffer;
	size_t at, end;
	bool end_of_file;
	bool json;
	char separator;
	uint32_t width;                  /**< CSV: columns of the header */
	uint32_t column[TW_ROW_COLUMNS]; /**< CSV: where each stands; UINT32_MAX: nowhere */
	char unused[TW_ROW_UNUSED_BYTES]; /**< CSV: the header's other words, ", " between them, as many as fit */
	uint64_t line;                   /**< of the next row */
	uint32_t row_lines;              /**< of the last row */
	size_t row_rest;                 /**< its bytes behind its first line */
	uint64_t done, total;            /**< bytes; total 0: not known */
};

/** To be closed in any case. @return TW_E_MISSING (no such file, no row, a header without name and identifier), TW_E_SYNTAX (header), TW_E_IO,
 * TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_rows_open(struct tw_rows *rows, const char *path, struct tw_error *err);
void tw_rows_close(struct tw_rows *rows);

/**
 * The next row that is not blank.
 * @param found false: there is none
 * @return TW_OK, for a row that cannot be read too; TW_E_IO, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_rows_next(struct tw_rows *rows, struct tw_arena *arena, struct tw_row *out, bool *found, struct tw_error *err);

#endif
