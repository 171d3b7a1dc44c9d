/**
 * @file register.h
 * What the registers that a centre maintains as CSV have in common (specimens.h, quantities.h, marking_list.h): how a fault in a row is told.
 *
 * A load stops at the first fault and refuses the file whole. A lint goes on: every fault is said with its place, and counted.
 *
 *     struct tw_register reading = {.csv = &csv, .sink = sink};
 *     while (tw_register_next(&reading) == TW_OK && csv.count) {
 *             if (!good) { tw_register_fault(&reading, TW_E_SYNTAX, "not a day (YYYY-MM-DD)", FROM); }
 *     }
 *
 * Faults have stable codes (tw_register_code): numbers stay what they are. Threads: one a reading.
 */
#ifndef TIDEWAITER_FEEDS_REGISTER_H
#define TIDEWAITER_FEEDS_REGISTER_H

#include "feeds/csv.h"

/** One fault, or (code TW_OK) one warning. */
struct tw_register_fault {
	enum tw_code code;
	const char *what;      /**< constant text */
	struct tw_slice value; /**< borrowed for the call */
	uint32_t line, column; /**< from 1; column 0: the row */
	const char *detail;    /**< or NULL */
};

/** Who wants all faults. */
struct tw_register_sink {
	void (*say)(void *context, const struct tw_register_fault *fault);
	void *context;
};

struct tw_register {
	struct tw_csv *csv;
	uint32_t columns;                    /**< of every row, once the header is read */
	const struct tw_register_sink *sink; /**< NULL: the first fault ends the reading */
	enum tw_code code;                   /**< of the first fault; TW_OK: none */
	struct tw_error first;
	uint32_t faults;
};

/** The next row. @return TW_OK with csv->count 0 at the end; else why the reading cannot go on: the first fault, told already */
TW_MUST_USE enum tw_code tw_register_next(struct tw_register *reading);
/** @param names the header, in this order @return as tw_register_next */
TW_MUST_USE enum tw_code tw_register_header(struct tw_register *reading, const char *const *names, uint32_t count);
/** @return false: the current row is not UTF-8, which was told; it is passed over. Only for a register all of whose columns are read. */
bool tw_register_row_is_text(struct tw_register *reading);
/** Something is wrong with a field of the current row. */
void tw_register_fault(struct tw_register *reading, enum tw_code code, const char *what, uint32_t column);
/** Something is wrong with another row than the current one. @param value for messages */
void tw_register_fault_line(struct tw_register *reading, enum tw_code code, const char *what, struct tw_slice value, uint32_t line,
                            const char *detail);
/** Something to look at: said to a sink, else to nobody. */
void tw_register_warn(struct tw_register *reading, const char *what, uint32_t column);
/** What comes of it all: the first fault. */
TW_MUST_USE enum tw_code tw_register_end(const struct tw_register *reading, struct tw_error *err);

/** "TW-G-0101" of a fault. Threads: any. */
const char *tw_register_code(const struct tw_register_fault *fault);
/** One row of the table of codes. @return false past the end */
bool tw_register_code_at(uint32_t at, const char **code, const char **what);

#endif
