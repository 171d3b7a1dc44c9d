/**
 * @file report.h
 * Problems found in rule files: every one with its place, and the nearest known name where a name is unknown.
 *
 * Loading never stops at the first problem: an author sees all of them in one run. The first *error* becomes the caller's
 * struct tw_error; warnings are printed and change nothing. Threads: one report a load.
 */
#ifndef TIDEWAITER_RULES_REPORT_H
#define TIDEWAITER_RULES_REPORT_H

#include <stdio.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

/** A place in a file, both 1-based; columns count characters. */
struct tw_mark {
	uint32_t line;
	uint32_t column;
};

struct tw_rule_report {
	FILE *stream;         /**< may be NULL */
	struct tw_error *err; /**< gets the first error; may be NULL */
	const char *file;     /**< the file at hand */
	uint32_t errors;
	enum tw_code code; /**< of the first error */
};

void tw_report_error(struct tw_rule_report *report, struct tw_mark at, enum tw_code code, const char *format, ...) TW_PRINTF(4, 5);
void tw_report_warning(struct tw_rule_report *report, struct tw_mark at, const char *format, ...) TW_PRINTF(3, 4);

/** Search for the known name that is the fewest edits away from what was written. */
struct tw_nearest {
	struct tw_slice wanted;
	const char *best;
	uint32_t distance;
};

struct tw_nearest tw_nearest_to(struct tw_slice wanted);
/** @param name terminated, borrowed as long as the search is used; of equally near names the first offered wins */
void tw_nearest_offer(struct tw_nearest *nearest, const char *name);
void tw_nearest_offer_all(struct tw_nearest *nearest, const char *const *names);
#define TW_HINT_BYTES 96
/** @return `buffer`: `; did you mean "…"?`, or empty when nothing is near enough to be what was meant */
const char *tw_nearest_hint(const struct tw_nearest *nearest, char buffer[TW_HINT_BYTES]);

/** Edits (insert, delete, replace, swap neighbours) between two names; names past 64 bytes are as far as can be. */
uint32_t tw_edit_distance(struct tw_slice a, struct tw_slice b);

#endif
