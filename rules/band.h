/**
 * @file band.h
 * Commodity bands: for goods by HS code, between which bounds a number is ordinary; `{ratio: ..., outside: {band: kg_each, by: item.hs}}`.
 *
 *     _bands.yaml   bands:                                                   kg-each.csv   hs,low,high,source
 *                     kg_each: {csv: kg-each.csv}                                          9302,0.3,8,...
 *                     usd_per_kg: [{hs: "9302", low: 50, high: 5000, source: ...}]
 *
 * Of the rows whose code the goods' code begins with, the longest counts. Goods without a row, or without a code, have no band: then they are
 * neither inside nor outside. Every row says where its bounds come from. Rows are checked where they stand, whether a rule uses them or not.
 */
#ifndef TIDEWAITER_RULES_BAND_H
#define TIDEWAITER_RULES_BAND_H

#include "rules/eval.h"
#include "rules/ruleset.h"

#define TW_BAND_ROWS_MAX 4096U /* HS 2022 has 1,228 headings and 5,612 subheadings: no table needs all of them, and each question walks it */

struct tw_band {
	const struct tw_band_row {
		struct tw_key_span span; /**< of the HS code */
		int64_t low_e4, high_e4;
		struct tw_slice source;
	} * row;
	uint32_t count;
};

/**
 * @param values  a list of rows, or {csv: FILE}; `report` at its file
 * @param sources the load's, among them the table
 * @return in `arena`; NULL after a reported error
 */
const struct tw_band *tw_band_read(const struct tw_yaml *values, const struct tw_rule_source *sources, size_t count, struct tw_arena *arena,
                                   struct tw_rule_report *report);
/** @param left an amount @param value {band: NAME, by: PATH to an HS code} */
struct tw_clause *tw_compile_band(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left,
                                  const struct tw_yaml *value, bool outside);
bool tw_eval_band(struct tw_eval *eval, const struct tw_rule_node *node);
/** @return the row of the goods that are looked at; NULL: there is none */
const struct tw_band_row *tw_band_asked(struct tw_eval *eval, const struct tw_rule_node *node);
/** The facts band_low, band_high and band_source. */
void tw_explain_band(struct tw_eval *eval, const struct tw_rule_node *node);

/** The codes that it has a row for. @return NULL without memory */
const struct tw_span_set *tw_band_spans(const struct tw_band *band, struct tw_arena *arena);

#endif
