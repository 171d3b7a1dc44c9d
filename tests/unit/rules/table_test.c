/**
 * @file table_test.c
 * Sets from tables: their values in every use, their bytes in the digest, and what is wrong with a table at its own line.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <tidewaiter/limits.h>
#include <unistd.h>

#include "fixture.h"
#include "rules/canon.h"
#include "rules/table.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(table, .init = setup, .fini = teardown);

/* Into f->rules; the rule uses $flags. */
static enum tw_code load(const char *sets, const char *name, struct tw_slice table)
{
	const char *rule = fixture_rule(f, "manifest", "{field: means.flag, in: $flags}", "because");
	struct tw_rule_source sources[] = {{"p/_sets.yaml", tw_slice_str(sets)}, {name, table}, {"p/test-rule.yaml", tw_slice_str(rule)}};
	tw_rules_free(f->rules);
	f->rules = NULL;
	return tw_rules_load_sources(sources, 3, NULL, &f->rules, &f->err);
}

#define FLAGS "sets: {flags: {csv: flags.csv, column: flag}}"

static void refused(const char *sets, const char *table, enum tw_code code, const char *where, const char *detail)
{
	cr_assert_eq(load(sets, "p/flags.csv", tw_slice_str(table)), code, "%s: %s", f->err.where, f->err.detail);
	cr_assert_str_eq(f->err.where, where);
	cr_assert_str_eq(f->err.detail, detail);
	cr_assert_null(f->rules);
}

Test(table, the_column_of_a_table_is_a_set_without_its_blank_cells)
{
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("\xef\xbb\xbfname,flag\r\n\"Port, A\",XA\r\nnone,\r\nPort B,\"XB\"\r\n")), TW_OK,
	             "%s: %s", f->err.where, f->err.detail);
	cr_assert_eq(f->rules->set_count, 1);
	const struct tw_rule_set *set = &f->rules->set[0];
	cr_assert_str_eq(set->file, "p/_sets.yaml");
	cr_assert_str_eq(set->values_file, "p/flags.csv");
	cr_assert_eq(set->values->count, 2);
	cr_assert_eq(set->values->last->mark.line, 4);
	cr_assert_str_eq(tw_canon_meaning(tw_yaml_member(f->rules->rule[0].root, "when"), f->rules, &f->arena).ptr,
	                 "{field: 'means.flag', in: ['XA', 'XB']}");
}

Test(table, a_rule_means_the_same_with_a_table_as_with_a_list)
{
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("flag\nXQ\nXA\n")), TW_OK);
	cr_assert_eq(tw_rule_bench_new(f->rules, &f->bench, &f->err), TW_OK);
	f->event.consignment.means.flag = fixture_text(f, "XA");
	cr_assert_eq(fixture_eval(f), 1);
	f->event.consignment.means.flag = fixture_text(f, "XB");
	cr_assert_eq(fixture_eval(f), 0);
}

Test(table, its_bytes_are_part_of_the_digest)
{
	char before[TW_SHA256_HEX_BYTES];
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("flag,note\nXA,one\n")), TW_OK);
	memcpy(before, f->rules->digest, sizeof(before));
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("flag,note\nXA,two\n")), TW_OK);
	cr_assert_str_neq(f->rules->digest, before);
}

Test(table, what_is_wrong_in_it_is_said_at_its_line)
{
	refused(FLAGS, "", TW_E_MISSING, "p/flags.csv:1:1", "the table is empty: its first row names the columns");
	refused(FLAGS, "flags,name\nXA,a\n", TW_E_MISSING, "p/flags.csv:1:1", "the table has no column \"flag\"; did you mean \"flags\"?");
	refused(FLAGS, "flag\n\n", TW_E_MISSING, "p/flags.csv:1:1", "the table has no value under \"flag\"");
	refused(FLAGS, "flag,name\nXA,a\nX\xff,b\n", TW_E_SYNTAX, "p/flags.csv:3:1",
	        "the table is not well-formed: the column \"flag\" is not UTF-8 here");
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("flag,name\nXA,a\nXB,b,c\n")), TW_E_SYNTAX);
	cr_assert_str_eq(f->err.where, "p/flags.csv:3:1");
	cr_assert_eq(load(FLAGS, "p/flags.csv", tw_slice_str("flag,name\nXA,\"a\nXB,b\n")), TW_E_SYNTAX);
	cr_assert(strstr(f->err.detail, "the table is not well-formed: ") == f->err.detail, "%s", f->err.detail);
}

Test(table, where_it_is_named_wrongly_is_said_there)
{
	refused("sets: {flags: {csv: flag.csv, column: flag}}", "flag\nXA\n", TW_E_MISSING, "p/_sets.yaml:1:21",
	        "there is no table \"flag.csv\" beside this file; did you mean \"flags.csv\"?");
	refused("sets: {flags: {csv: ../p/flags.csv, column: flag}}", "flag\nXA\n", TW_E_MISSING, "p/_sets.yaml:1:21",
	        "there is no table \"../p/flags.csv\" beside this file");
	refused("sets: {flags: {csv: flags.csv}}", "flag\nXA\n", TW_E_MISSING, "p/_sets.yaml:1:15", "a set from a table needs `csv` and `column`");
	refused("sets: {flags: {csv: flags.csv, colum: flag}}", "flag\nXA\n", TW_E_UNKNOWN, "p/_sets.yaml:1:32",
	        "unknown key \"colum\" in a set from a table; did you mean \"column\"?");
	refused("sets: {flags: {csv: [flags.csv], column: flag}}", "flag\nXA\n", TW_E_TYPE, "p/_sets.yaml:1:21",
	        "csv must be a single value, not a list");
	cr_assert_eq(load(FLAGS, "q/flags.csv", tw_slice_str("flag\nXA\n")), TW_E_MISSING, "a table of another folder is not beside it");
}

Test(table, is_a_name_that_ends_in_csv)
{
	cr_assert(tw_rule_is_table("p/flags.csv"));
	cr_assert_not(tw_rule_is_table(".csv"));
	cr_assert_not(tw_rule_is_table("flags.csv.yaml"));
}

static void write_file(const char *folder, const char *name, const char *text, size_t times)
{
	FILE *file = fopen(tw_arena_format(&f->arena, "%s/%s", folder, name).ptr, "wb");
	cr_assert_not_null(file);
	for (size_t i = 0; i < times; i++) {
		fputs(text, file);
	}
	fclose(file);
}

Test(table, those_beside_a_file_of_sets_are_sources_up_to_their_bound)
{
	char folder[] = "/tmp/tw-table-XXXXXX";
	cr_assert_not_null(mkdtemp(folder));
	const char *sets = tw_arena_format(&f->arena, "%s/_sets.yaml", folder).ptr, *none = tw_arena_format(&f->arena, "%s/x", folder).ptr;
	struct tw_list sources;
	write_file(folder, "flags.csv", "flag\n", 60000); /* larger than a rule may be */
	cr_assert_eq(tw_rule_sources_read(&(const char *){folder}, 1, &f->arena, &sources, &f->err), TW_E_MISSING, "without sets a table is nothing");
	write_file(folder, "_sets.yaml", FLAGS, 1);
	for (int i = 0; i < 2; i++) {
		cr_assert_eq(tw_rule_sources_read(i ? &sets : &(const char *){folder}, 1, &f->arena, &sources, &f->err), TW_OK, "%s", f->err.detail);
		cr_assert_eq(sources.count, 2);
		cr_assert_eq(((struct tw_rule_source *)sources.data)[1].bytes.len, 300000);
	}
	write_file(folder, "flags.csv", "flag\n", TW_TABLE_BYTES_MAX / 5 + 1);
	cr_assert_eq(tw_rule_sources_read(&sets, 1, &f->arena, &sources, &f->err), TW_E_LIMIT);
	cr_assert_eq(tw_rule_sources_read(&none, 1, &f->arena, &sources, &f->err), TW_E_IO);
	unlink(tw_arena_format(&f->arena, "%s/flags.csv", folder).ptr);
	unlink(sets);
	rmdir(folder);
}
