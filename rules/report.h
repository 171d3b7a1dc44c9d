/**
 * @file report.h
 * Problems found in rule files: every one with its place.
 *
 * Loading never stops at the first problem: an author sees all of them in one run. The first *error* becomes the caller's
 * struct tw_error; warnings are printed and change nothing. Threads: one report a load.
 */
#ifndef TIDEWAITER_RULES_REPORT_H
#define TIDEWAITER_RULES_REPORT_H

#include <stdio.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#include "engine/base/nearest.h"

/** A place in a file, both 1-based; columns count characters. */
struct tw_mark {
	uint32_t line;
	uint32_t column;
};

struct tw_rule_sink;

struct tw_rule_report {
	FILE *stream;                    /**< may be NULL */
	const struct tw_rule_sink *sink; /**< may be NULL: gets every problem too */
	struct tw_error *err;            /**< gets the first error; may be NULL */
	const char *file;                /**< the file at hand */
	uint32_t errors;
	enum tw_code code; /**< of the first error */
};

void tw_report_error(struct tw_rule_report *report, struct tw_mark at, enum tw_code code, const char *format, ...) TW_PRINTF(4, 5);
void tw_report_warning(struct tw_rule_report *report, struct tw_mark at, const char *format, ...) TW_PRINTF(3, 4);

#endif
