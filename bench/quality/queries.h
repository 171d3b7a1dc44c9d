/**
 * @file queries.h
 * The files that the quality program reads, a row at a time; whatever is wrong with one ends the program.
 */
#ifndef TIDEWAITER_BENCH_QUALITY_QUERIES_H
#define TIDEWAITER_BENCH_QUALITY_QUERIES_H

#include "engine/base/arena.h"
#include "feeds/csv.h"
#include "feeds/lists.h"

enum { QUERY_NUMBER, QUERY_KIND, QUERY_EXPECTED, QUERY_TEXT, QUERY_COLUMNS };

struct queries {
	struct tw_arena text;
	struct tw_csv csv; /* the row in hand */
};

/** Say why on standard error, end the program. */
_Noreturn void quality_fail(const struct tw_error *err);

/** @param header `columns` names, all of them */
void quality_open(struct queries *queries, const char *path, const char *const *header, uint32_t columns);
/** A file with the columns above. */
void quality_open_queries(struct queries *queries, const char *path);
/** @return false behind the last row */
bool quality_next(struct queries *queries);
void quality_close(struct queries *queries);

/** @return what a query's column says; TW_ENTRY_UNKNOWN for no kind ("imo") */
enum tw_entry_kind quality_kind(struct tw_slice word);
/** @return the column's word */
const char *quality_kind_name(enum tw_entry_kind kind);

#endif
