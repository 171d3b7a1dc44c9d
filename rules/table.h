/**
 * @file table.h
 * Named sets whose values stand in a table: `{csv: FILE, column: NAME}` in `_sets.yaml`, the file beside it.
 *
 *     _sets.yaml   sets: {our_ports: {csv: ports.csv, column: locode}}        ports.csv   locode,name
 *                                                                                         XAAAA,Port A
 *
 * Every *.csv beside a `_sets.yaml` is one of the load's sources, so that its bytes are in the digest and a change is seen. Its first
 * row names the columns; blank cells are passed over. Source: IETF, RFC 4180, as feeds/csv.h reads it.
 */
#ifndef TIDEWAITER_RULES_TABLE_H
#define TIDEWAITER_RULES_TABLE_H

#include "rules/compile.h"
#include "rules/ruleset.h"

/** @return true for a name that ends in .csv */
bool tw_rule_is_table(const char *name);

#define TW_TABLE_COLUMNS_MAX 8U

/** Who sees the rows of a table, and which columns, in which order. */
struct tw_rule_rows {
	const char *const *columns; /**< NULL-terminated, at most TW_TABLE_COLUMNS_MAX */
	void (*see)(void *context, const struct tw_literal *cells);
	void *context;
};

/**
 * Every row of a table below its first, as texts in `arena`, each marked with its line; while they are seen `report` is at the table. Ends at
 * the first error, also one that `see` reports.
 * @param csv the table's name, beside the file that `report` is at
 */
void tw_rule_table_rows(const struct tw_yaml *csv, const struct tw_rule_source *sources, size_t count, const struct tw_rule_rows *rows,
                        struct tw_arena *arena, struct tw_rule_report *report);

/**
 * The values of a set that is a table's column.
 * @param where   the mapping, and `report` at its file
 * @param sources the load's, among them the table
 * @param file    written on success: the table's name, as long as the sources' copy in `arena`
 * @return a list of scalars, each marked with its own line of the table; NULL after a reported error
 */
const struct tw_yaml *tw_rule_table_values(const struct tw_yaml *where, const struct tw_rule_source *sources, size_t count, struct tw_arena *arena,
                                           struct tw_rule_report *report, const char **file);

#endif
