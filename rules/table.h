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

#include "rules/ruleset.h"

/** @return true for a name that ends in .csv */
bool tw_rule_is_table(const char *name);

/** @param csv a table's name, beside the file that `report` is at @return NULL after a reported error that names the nearest */
const struct tw_rule_source *tw_rule_table_source(const struct tw_yaml *csv, const struct tw_rule_source *sources, size_t count,
                                                  struct tw_rule_report *report);
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
