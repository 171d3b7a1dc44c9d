/**
 * @file table.c
 * See table.h.
 */
#include "rules/table.h"

#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "feeds/csv.h"

struct table {
	struct tw_csv csv;
	const char *column;
	struct tw_arena *arena;
	struct tw_rule_report *report; /* at the table's name */
};

bool tw_rule_is_table(const char *name)
{
	size_t length = strlen(name);
	return length > 4 && strcmp(name + length - 4, ".csv") == 0;
}

/* ---- which table, which column ---- */

/* A text of the mapping. @return NULL after a reported error */
static const struct tw_yaml *text_of(const struct tw_yaml *where, const char *key, struct tw_rule_report *report)
{
	const struct tw_yaml *member = tw_yaml_member(where, key);
	if (!member) {
		tw_report_error(report, where->mark, TW_E_MISSING, "a set from a table needs `csv` and `column`");
		return NULL;
	}
	return tw_yaml_expect(member, TW_YAML_SCALAR, key, report) ? member : NULL;
}

/* Beside the file that names it: its folder, with the slash, and the table's name. */
static const struct tw_rule_source *source_of(const struct tw_yaml *csv, const struct tw_rule_source *sources, size_t count,
                                              struct tw_rule_report *report)
{
	const char *slash = strrchr(report->file, '/');
	size_t folder = slash ? (size_t)(slash - report->file) + 1 : 0;
	struct tw_nearest nearest = tw_nearest_to(csv->text);
	char hint[TW_HINT_BYTES];
	for (size_t i = 0; i < count; i++) {
		const char *name = sources[i].name;
		if (!tw_rule_is_table(name) || strncmp(name, report->file, folder) != 0 || strchr(name + folder, '/')) {
			continue;
		}
		if (tw_slice_is(csv->text, name + folder)) {
			return &sources[i];
		}
		tw_nearest_offer(&nearest, name + folder);
	}
	tw_report_error(report, csv->mark, TW_E_MISSING, "there is no table \"%.64s\" beside this file%s", csv->text.ptr,
	                tw_nearest_hint(&nearest, hint));
	return NULL;
}

/* ---- reading ---- */

/* @return false at the end and after a reported error */
static bool row(struct table *table)
{
	struct tw_error err = {.code = TW_OK};
	enum tw_code code = tw_csv_next(&table->csv, &err);
	if (code != TW_OK) {
		tw_report_error(table->report, (struct tw_mark){table->csv.next_line, 1}, code, "the table is not well-formed: %s, %s", err.what,
		                err.detail);
	}
	return code == TW_OK && table->csv.count;
}

/* @return which field it is; the number of fields after a reported error */
static uint32_t column_find(struct table *table)
{
	struct tw_csv *csv = &table->csv;
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(table->column));
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 0; i < csv->count; i++) {
		struct tw_slice name = tw_arena_copy(table->arena, csv->field[i]);
		if (name.ptr && tw_slice_is(name, table->column)) {
			return i;
		}
		if (name.ptr) {
			tw_nearest_offer(&nearest, name.ptr);
		}
	}
	tw_report_error(table->report, (struct tw_mark){csv->line, 1}, TW_E_MISSING, "the table has no column \"%.64s\"%s", table->column,
	                tw_nearest_hint(&nearest, hint));
	return csv->count;
}

static bool value_add(struct table *table, struct tw_yaml *list, struct tw_slice cell)
{
	struct tw_mark mark = {table->csv.line, 1};
	struct tw_yaml *value = tw_arena_alloc(table->arena, sizeof(*value));
	struct tw_slice text = tw_arena_copy(table->arena, cell);
	if (!value || !text.ptr) {
		tw_report_error(table->report, mark, TW_E_MEMORY, "no memory");
		return false;
	}
	if (!tw_utf8_valid(cell, &(uint32_t){0})) {
		tw_report_error(table->report, mark, TW_E_SYNTAX, "the table is not well-formed: the column \"%.64s\" is not UTF-8 here",
		                table->column);
		return false;
	}
	*value = (struct tw_yaml){.kind = TW_YAML_SCALAR, .mark = mark, .text = text};
	*(list->last ? &list->last->next : &list->first) = value;
	list->last = value;
	list->count++;
	return true;
}

static bool values_add(struct table *table, struct tw_yaml *list)
{
	uint32_t errors = table->report->errors;
	if (!row(table)) {
		if (errors == table->report->errors) {
			tw_report_error(table->report, (struct tw_mark){1, 1}, TW_E_MISSING, "the table is empty: its first row names the columns");
		}
		return false;
	}
	uint32_t column = column_find(table), columns = table->csv.count;
	table->csv.columns = columns;
	while (column < columns && row(table)) {
		struct tw_slice cell = table->csv.field[column];
		if (cell.len && !value_add(table, list, cell)) {
			return false;
		}
	}
	if (errors == table->report->errors && !list->count) {
		tw_report_error(table->report, (struct tw_mark){1, 1}, TW_E_MISSING, "the table has no value under \"%.64s\"", table->column);
	}
	return errors == table->report->errors;
}

const struct tw_yaml *tw_rule_table_values(const struct tw_yaml *where, const struct tw_rule_source *sources, size_t count, struct tw_arena *arena,
                                           struct tw_rule_report *report, const char **file)
{
	static const char *const known[] = {"csv", "column", NULL};
	tw_yaml_check_keys(where, known, "a set from a table", report);
	const struct tw_yaml *csv = text_of(where, "csv", report), *column = csv ? text_of(where, "column", report) : NULL;
	const struct tw_rule_source *source = column ? source_of(csv, sources, count, report) : NULL;
	struct tw_yaml *list = source ? tw_arena_alloc(arena, sizeof(*list)) : NULL;
	struct table *table = list ? tw_arena_alloc(arena, sizeof(*table)) : NULL;
	struct tw_slice name = table ? tw_arena_copy(arena, tw_slice_str(source->name)) : (struct tw_slice){NULL, 0};
	if (!name.ptr) {
		if (source) {
			tw_report_error(report, where->mark, TW_E_MEMORY, "no memory");
		}
		return NULL;
	}
	struct tw_rule_report at_table = *report;
	at_table.file = name.ptr;
	*list = (struct tw_yaml){.kind = TW_YAML_SEQUENCE, .mark = where->mark, .key = where->key, .key_mark = where->key_mark};
	*table = (struct table){.column = column->text.ptr, .arena = arena, .report = &at_table};
	tw_csv_init(&table->csv, name.ptr, source->bytes, arena);
	bool good = values_add(table, list);
	at_table.file = report->file;
	*report = at_table;
	*file = name.ptr;
	return good ? list : NULL;
}

/* ---- several columns ---- */

/* @return false after a reported error */
static bool columns_find(struct table *table, const char *const *columns, uint32_t field[TW_TABLE_COLUMNS_MAX])
{
	uint32_t errors = table->report->errors;
	if (!row(table)) {
		if (errors == table->report->errors) {
			tw_report_error(table->report, (struct tw_mark){1, 1}, TW_E_MISSING, "the table is empty: its first row names the columns");
		}
		return false;
	}
	for (uint32_t i = 0; i < TW_TABLE_COLUMNS_MAX && columns[i]; i++) {
		table->column = columns[i];
		field[i] = column_find(table);
	}
	table->csv.columns = table->csv.count;
	return errors == table->report->errors;
}

static bool cells_take(struct table *table, const char *const *columns, const uint32_t field[TW_TABLE_COLUMNS_MAX],
                       struct tw_literal out[TW_TABLE_COLUMNS_MAX])
{
	struct tw_mark mark = {table->csv.line, 1};
	for (uint32_t i = 0; i < TW_TABLE_COLUMNS_MAX && columns[i]; i++) {
		struct tw_slice cell = table->csv.field[field[i]];
		out[i] = (struct tw_literal){.text = tw_arena_copy(table->arena, cell), .mark = mark};
		if (!out[i].text.ptr) {
			tw_report_error(table->report, mark, TW_E_MEMORY, "no memory");
			return false;
		}
		if (!tw_utf8_valid(cell, &(uint32_t){0})) {
			tw_report_error(table->report, mark, TW_E_SYNTAX, "the table is not well-formed: the column \"%.64s\" is not UTF-8 here",
			                columns[i]);
			return false;
		}
	}
	return true;
}

void tw_rule_table_rows(const struct tw_yaml *csv, const struct tw_rule_source *sources, size_t count, const struct tw_rule_rows *rows,
                        struct tw_arena *arena, struct tw_rule_report *report)
{
	const struct tw_rule_source *source = source_of(csv, sources, count, report);
	struct table *table = source ? tw_arena_alloc(arena, sizeof(*table)) : NULL;
	struct tw_slice name = table ? tw_arena_copy(arena, tw_slice_str(source->name)) : (struct tw_slice){NULL, 0};
	uint32_t field[TW_TABLE_COLUMNS_MAX], errors = report->errors;
	struct tw_literal cells[TW_TABLE_COLUMNS_MAX];
	const char *file = report->file;
	if (!name.ptr) {
		if (source) {
			tw_report_error(report, csv->mark, TW_E_MEMORY, "no memory");
		}
		return;
	}
	report->file = name.ptr;
	*table = (struct table){.arena = arena, .report = report};
	tw_csv_init(&table->csv, name.ptr, source->bytes, arena);
	if (columns_find(table, rows->columns, field)) {
		while (errors == report->errors && row(table) && cells_take(table, rows->columns, field, cells)) {
			rows->see(rows->context, cells);
		}
	}
	report->file = file;
}
