/**
 * @file top.h
 * `tidewaiter top`: alerts in, the worklist out. What do I open first, and why?
 *
 * Reads the lines that the engine writes (or bare alert bodies), keeps the latest judgement on each consignment, and prints them in rank order. What
 * was found against a certificate or marking that no known consignment uses yet goes by that entity's key. Of
 * alerts that a consignment's own events raised, the highest revision, then the latest event, then the highest offset stands; alerts that
 * another event revealed about it (a revoked certificate, a stolen mark) stand beside it. The same alert read twice counts once.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_TOP_H
#define TIDEWAITER_ENGINE_COMMAND_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TW_TOP_WIDTH_DEFAULT 120

enum tw_top_format { TW_TOP_TABLE = 0, TW_TOP_JSON, TW_TOP_CSV };

struct tw_top_options {
	const char *const *inputs; /**< files; "-" is standard input */
	size_t input_count;        /**< 0: standard input */
	const char *office;        /**< NULL: every office; else this one's, and what names no office */
	uint32_t capacity;         /**< most alerts shown, 0: all */
	enum tw_top_format format;
	bool color;
	uint32_t width; /**< columns, 0: TW_TOP_WIDTH_DEFAULT */
	bool all;       /**< superseded alerts too */
	const char
	    *explain; /**< NULL, or an alert's id (or its beginning, "tw1-" and 4 digits at least) or a consignment or entity key: show it in full */
};

/** @return true and sets `out` for "table", "json", "csv" */
bool tw_top_format_find(const char *name, enum tw_top_format *out);

/** Fill `color` and `width` for a stream: colour on a terminal unless NO_COLOR is set (and not empty) or TERM is dumb; COLUMNS, else the terminal's
 * size. */
void tw_top_terminal(FILE *out, struct tw_top_options *options);

/**
 * @param errors one line a malformed line ("file:line: what: ...") or unreadable file
 * @return 0; 1 when nothing matches `explain`; 65 lines that cannot be used, 66 a file that is not there, 74 one that cannot be read (the rest
 *         is shown), or `out` cannot be written; 71 memory
 */
int tw_top_run(const struct tw_top_options *options, FILE *out, FILE *errors);

#endif
