/**
 * @file band.c
 * See band.h.
 */
#include "rules/band.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "rules/table.h"

#define COST_BAND 40 /* a ratio, a code, a walk over some tens of rows */

static const char *const columns[] = {"hs", "low", "high", "source", NULL};
enum column { HS, LOW, HIGH, SOURCE, COLUMNS };

/* ---- reading ---- */

struct reading {
	struct tw_compile compile; /* literals are read by it */
	struct tw_list rows;       /* struct tw_band_row */
};

/* The cells of one row. */
struct cells {
	struct tw_literal at[COLUMNS];
};

static bool is_known(const struct reading *reading, struct tw_key_span span)
{
	const struct tw_band_row *rows = reading->rows.data;
	for (uint32_t i = 0; i < reading->rows.count; i++) {
		if (rows[i].span.low == span.low && rows[i].span.high == span.high) {
			return true;
		}
	}
	return false;
}

static void row_add(struct reading *reading, const struct cells *cells)
{
	struct tw_rule_report *report = reading->compile.report;
	enum tw_class class = TW_CLASS_AMOUNT;
	struct tw_literals code = {(struct tw_literal *)(uintptr_t)&cells->at[HS], 1};
	struct tw_band_row row = {.source = cells->at[SOURCE].text};
	for (uint32_t i = 0; i < COLUMNS; i++) {
		if (!cells->at[i].text.len) {
			tw_report_error(report, cells->at[i].mark, TW_E_MISSING, "a band needs \"%s\": hs, low, high and the source of both",
			                columns[i]);
			return;
		}
	}
	const struct tw_span_set *span = tw_literals_spans(&reading->compile, TW_CLASS_HS, &code, true);
	if (!span || !tw_literal_number(&reading->compile, &class, cells->at[LOW], &row.low_e4) ||
	    !tw_literal_number(&reading->compile, &class, cells->at[HIGH], &row.high_e4)) {
		return;
	}
	row.span = span->span[0];
	if (row.low_e4 > row.high_e4) {
		tw_report_error(report, cells->at[LOW].mark, TW_E_RANGE, "the band goes from %.32s down to %.32s", cells->at[LOW].text.ptr,
		                cells->at[HIGH].text.ptr);
	} else if (is_known(reading, row.span)) {
		tw_report_error(report, cells->at[HS].mark, TW_E_CONFLICT, "the code \"%.16s\" has two bands", cells->at[HS].text.ptr);
	} else if (reading->rows.count == TW_BAND_ROWS_MAX) {
		tw_report_error(report, cells->at[HS].mark, TW_E_LIMIT, "more than %u rows of one band", TW_BAND_ROWS_MAX);
	} else {
		struct tw_band_row *kept = tw_list_push(reading->compile.arena, &reading->rows, sizeof(*kept));
		if (!kept) {
			tw_report_error(report, cells->at[HS].mark, TW_E_MEMORY, "no memory");
			return;
		}
		*kept = row;
	}
}

static void list_read(struct reading *reading, const struct tw_yaml *list)
{
	for (const struct tw_yaml *item = list->first; item; item = item->next) {
		struct cells cells;
		bool good = tw_yaml_expect(item, TW_YAML_MAPPING, "a row of a band", reading->compile.report);
		if (good) {
			tw_yaml_check_keys(item, columns, "a row of a band", reading->compile.report);
		}
		for (uint32_t i = 0; good && i < COLUMNS; i++) {
			const struct tw_yaml *member = tw_yaml_member(item, columns[i]);
			good = !member || tw_yaml_expect(member, TW_YAML_SCALAR, columns[i], reading->compile.report);
			cells.at[i] =
			    (struct tw_literal){.text = member ? member->text : (struct tw_slice){"", 0}, .mark = member ? member->mark : item->mark};
		}
		if (good) {
			row_add(reading, &cells);
		}
	}
}

static void row_see(void *context, const struct tw_literal *cells)
{
	struct cells row;
	memcpy(row.at, cells, sizeof(row.at));
	row_add(context, &row);
}

static void read_all(struct reading *reading, const struct tw_yaml *values, const struct tw_rule_source *sources, size_t count)
{
	static const char *const known[] = {"csv", NULL};
	struct tw_rule_report *report = reading->compile.report;
	if (values->kind == TW_YAML_SEQUENCE) {
		list_read(reading, values);
		return;
	}
	const struct tw_yaml *csv = tw_yaml_member(values, "csv");
	if (!tw_yaml_expect(values, TW_YAML_MAPPING, "a band", report)) {
		return;
	}
	tw_yaml_check_keys(values, known, "a band from a table", report);
	if (!csv || !tw_yaml_expect(csv, TW_YAML_SCALAR, "csv", report)) {
		tw_report_error(report, values->mark, TW_E_MISSING, "a band is a list of rows, or {csv: FILE}");
		return;
	}
	const struct tw_rule_rows rows = {columns, row_see, reading};
	tw_rule_table_rows(csv, sources, count, &rows, reading->compile.arena, report);
}

const struct tw_band *tw_band_read(const struct tw_yaml *values, const struct tw_rule_source *sources, size_t count, struct tw_arena *arena,
                                   struct tw_rule_report *report)
{
	struct reading reading = {.compile = {.arena = arena, .report = report}};
	uint32_t errors = report->errors;
	read_all(&reading, values, sources, count);
	if (errors == report->errors && !reading.rows.count) {
		tw_report_error(report, values->mark, TW_E_MISSING, "a band has no row");
	}
	struct tw_band *band = tw_compile_alloc(&reading.compile, sizeof(*band));
	if (!band || errors != report->errors) {
		return NULL;
	}
	*band = (struct tw_band){reading.rows.data, reading.rows.count};
	return band;
}

/* ---- compiling ---- */

struct tw_clause *tw_compile_band(struct tw_compile *compile, const struct tw_scope *scope, const struct tw_operand *left,
                                  const struct tw_yaml *value, bool outside)
{
	static const char *const known[] = {"band", "by", NULL};
	if (!tw_yaml_expect(value, TW_YAML_MAPPING, value->key.ptr, compile->report)) {
		return NULL;
	}
	const struct tw_yaml *name = tw_yaml_member(value, "band"), *by = tw_yaml_member(value, "by");
	tw_yaml_check_keys(value, known, value->key.ptr, compile->report);
	if (!name || !by) {
		tw_report_error(compile->report, value->mark, TW_E_MISSING, "\"%s\" needs `band` and `by`: {band: NAME, by: item.hs}",
		                value->key.ptr);
		return NULL;
	}
	if (!tw_yaml_expect(name, TW_YAML_SCALAR, "band", compile->report)) {
		return NULL;
	}
	const struct tw_rule_set *named = tw_compile_named(compile, compile->bands, "band \"", name->text, name->mark);
	const struct tw_operand *code = tw_compile_field(compile, scope, by);
	if (code && code->class != TW_CLASS_HS) {
		tw_report_error(compile->report, by->mark, TW_E_TYPE, "a band goes by an HS code, not by %s", tw_class_name(code->class));
		return NULL;
	}
	bool facts = tw_compile_fact(compile, tw_slice_str("band_low")) && tw_compile_fact(compile, tw_slice_str("band_high")) &&
	             tw_compile_fact(compile, tw_slice_str("band_source"));
	if (!named || !named->band || !code || !facts) {
		return NULL;
	}
	struct tw_clause *clause = tw_compile_node(compile, TW_OP_BAND, COST_BAND);
	if (clause) {
		clause->node.left = left;
		clause->node.right = code;
		clause->node.negate = outside;
		clause->node.with.band = named->band;
	}
	return clause;
}

static int by_low(const void *left, const void *right)
{
	const struct tw_key_span *a = left, *b = right;
	int order = (a->low > b->low) - (a->low < b->low);
	return order ? order : (a->high < b->high) - (a->high > b->high);
}

/* Codes are in each other or apart: of those in another only that one stays. */
const struct tw_span_set *tw_band_spans(const struct tw_band *band, struct tw_arena *arena)
{
	struct tw_span_set *set = tw_arena_alloc(arena, sizeof(*set));
	struct tw_key_span *span = tw_arena_alloc(arena, band->count * sizeof(*span));
	uint32_t kept = 0;
	if (!set || !span) {
		return NULL;
	}
	for (uint32_t i = 0; i < band->count; i++) {
		span[i] = band->row[i].span;
	}
	qsort(span, band->count, sizeof(*span), by_low);
	for (uint32_t i = 0; i < band->count; i++) {
		if (!kept || span[i].low > span[kept - 1].high) {
			span[kept++] = span[i];
		}
	}
	*set = (struct tw_span_set){span, kept};
	return set;
}

/* ---- asking ---- */

/* The longest code: the shortest span. */
static const struct tw_band_row *row_of(const struct tw_band *band, int64_t code)
{
	const struct tw_band_row *found = NULL;
	for (uint32_t i = 0; i < band->count; i++) {
		const struct tw_band_row *row = &band->row[i];
		bool holds = code >= row->span.low && code <= row->span.high;
		if (holds && (!found || row->span.high - row->span.low < found->span.high - found->span.low)) {
			found = row;
		}
	}
	return found;
}

const struct tw_band_row *tw_band_asked(struct tw_eval *eval, const struct tw_rule_node *node)
{
	int64_t code;
	return tw_eval_number(eval, node->right, &code) ? row_of(node->with.band, code) : NULL;
}

bool tw_eval_band(struct tw_eval *eval, const struct tw_rule_node *node)
{
	int64_t value;
	const struct tw_band_row *row = tw_band_asked(eval, node);
	return row && tw_eval_number(eval, node->left, &value) && (value >= row->low_e4 && value <= row->high_e4) != node->negate;
}

void tw_explain_band(struct tw_eval *eval, const struct tw_rule_node *node)
{
	const struct tw_band_row *row = tw_band_asked(eval, node);
	if (row) {
		tw_explain_fact(eval, (struct tw_fact){tw_slice_str("band_low"), TW_FACT_AMOUNT, row->low_e4, {NULL, 0}});
		tw_explain_fact(eval, (struct tw_fact){tw_slice_str("band_high"), TW_FACT_AMOUNT, row->high_e4, {NULL, 0}});
		tw_explain_fact_text(eval, "band_source", row->source);
	}
}
