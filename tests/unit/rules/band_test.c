/**
 * @file band_test.c
 * Numbers inside and outside of a commodity's band, and what is wrong with a table of bands.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct fixture *f;

static void start(void)
{
	f = fixture_new();
	item(f, 0)->hs = fixture_text(f, "9302.00");
	item(f, 0)->quantity = fixture_amount(f, 100000);
	item(f, 0)->gross_kg = fixture_amount(f, 90000);
	for (uint32_t i = 1; i < 3; i++) {
		item(f, i)->hs = (struct tw_text){NULL, 0, {0, 0}};
	}
}

static void stop(void)
{
	fixture_free(f);
}

TestSuite(band, .init = start, .fini = stop);

static enum tw_code load(const char *bands, const char *csv, const char *when, const char *because)
{
	struct tw_rule_source sources[] = {{"_bands.yaml", tw_slice_str(bands)},
	                                   {"test-rule.yaml", tw_slice_str(fixture_rule(f, "manifest", when, because))},
	                                   {"kg.csv", tw_slice_str(csv)}};
	return fixture_load_all(f, sources, 3);
}

static const char *refused(const char *bands, const char *csv, const char *when)
{
	cr_assert_neq(load(bands, csv, when, "b"), TW_OK, "this must not load");
	return tw_arena_format(&f->arena, "%s: %s", f->err.where, f->err.detail).ptr;
}

#define BANDS "bands: {kg: [{hs: '9302', low: 0.3, high: 8, source: practice}, {hs: '93', low: 0.1, high: 0.5, source: chapter}]}"
#define KG    "{ratio: {of: item.gross_kg, per: item.quantity, as: kg_each}, %s: {band: kg, by: item.hs}}"

static const char *when(const char *comparator)
{
	return tw_arena_format(&f->arena, "{some: items, where: " KG "}", comparator).ptr;
}

static bool holds(const char *comparator)
{
	cr_assert_eq(load(BANDS, "", when(comparator), "b"), TW_OK, "%s", f->problems);
	return fixture_eval(f) != 0;
}

Test(band, a_number_is_inside_or_outside)
{
	cr_expect(holds("inside"), "0.9 kg each");
	cr_expect_not(holds("outside"));
	item(f, 0)->gross_kg = fixture_amount(f, 900000);
	cr_expect(holds("outside"));
	item(f, 0)->gross_kg = fixture_amount(f, 800000);
	cr_expect(holds("inside"), "both bounds are inside");
	item(f, 0)->gross_kg = fixture_amount(f, 20000);
	cr_expect(holds("outside"), "0.2 kg each: the longer code counts, whatever its chapter says");
}

Test(band, without_a_row_a_code_or_a_value_there_is_no_band)
{
	item(f, 0)->hs = fixture_text(f, "930330");
	cr_expect(holds("outside"), "its chapter's row");
	item(f, 0)->hs = fixture_text(f, "841370");
	cr_expect_not(holds("outside"));
	cr_expect_not(holds("inside"));
	item(f, 0)->hs = (struct tw_text){NULL, 0, {0, 0}};
	cr_expect_not(holds("outside"));
	item(f, 0)->hs = fixture_text(f, "9302");
	item(f, 0)->quantity = fixture_amount(f, 0);
	cr_expect_not(holds("outside"), "no ratio");
}

Test(band, the_reason_has_the_bounds_and_where_they_come_from)
{
	item(f, 0)->gross_kg = fixture_amount(f, 900000);
	cr_assert_eq(load(BANDS, "", when("outside"), "\"{fact.kg_each} kg, not {fact.band_low} to {fact.band_high}: {fact.band_source}\""), TW_OK,
	             "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_expect_str_eq(f->findings.finding[0].because.ptr, "9 kg, not 0.3 to 8: practice");
	cr_expect_eq(f->findings.finding[0].evidence_count, 3, "weight, quantity, code");
}

Test(band, a_table_may_hold_the_rows)
{
	static const char csv[] = "note,hs,source,high,low\nx,9302,\"issuer, section 1\",0.8,0.1\n";
	cr_assert_eq(load("bands: {kg: {csv: kg.csv}}", csv, when("outside"), "\"{fact.band_source}\""), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_expect_str_eq(f->findings.finding[0].because.ptr, "issuer, section 1");
}

Test(band, rows_are_checked_where_they_stand)
{
	static const char yes[] = "{field: id, stated: true}";
	static const struct {
		const char *bands, *csv, *says;
	} wrong[] = {
	    {"bands: {kg: [{hs: '9302', low: 1, high: 2}]}", "", "_bands.yaml:1:14: a band needs \"source\": hs, low, high and the source of both"},
	    {"bands: {kg: [{hs: '9302', low: 3, high: 2, source: s}]}", "", "_bands.yaml:1:32: the band goes from 3 down to 2"},
	    {"bands: {kg: [{hs: guns, low: 1, high: 2, source: s}]}", "", "_bands.yaml:1:19: \"guns\" is no HS code"},
	    {"bands: {kg: [{hs: '93', low: one, high: 2, source: s}]}", "", "_bands.yaml:1:30: "},
	    {"bands: {kg: [{hs: '93', low: 1, high: 2, source: s}, {hs: '93', low: 1, high: 2, source: s}]}", "",
	     "_bands.yaml:1:59: the code \"93\" has two bands"},
	    {"bands: {kg: [{hs: '93', low: 1, high: 2, source: s, unit: kg}]}", "", "_bands.yaml:1:53: unknown key \"unit\""},
	    {"bands: {kg: []}", "", "_bands.yaml:1:13: a band has no row"},
	    {"bands: {kg: {table: kg.csv}}", "", "_bands.yaml:1:14: unknown key \"table\""},
	    {"bands: {kg: {csv: kgs.csv}}", "", "_bands.yaml:1:19: there is no table \"kgs.csv\" beside this file; did you mean \"kg.csv\"?"},
	    {"bands: {kg: {csv: kg.csv}}", "", "kg.csv:1:1: the table is empty"},
	    {"bands: {kg: {csv: kg.csv}}", "hs,low,high\n93,1,2\n", "kg.csv:1:1: the table has no column \"source\""},
	    {"bands: {kg: {csv: kg.csv}}", "hs,low,high,source\n93,1,2,s\n94,1,2,\n", "kg.csv:3:1: a band needs \"source\""},
	    {"bands: {kg: {csv: kg.csv}}", "hs,low,high,source\n93,1,2\n", "kg.csv:2:1: the table is not well-formed"},
	    {"bands: {kg: {csv: kg.csv}}", "hs,low,high,source\n93,1,2,\xff\n",
	     "kg.csv:2:1: the table is not well-formed: the column \"source\" is not UTF-8 here"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *got = refused(wrong[i].bands, wrong[i].csv, yes);
		cr_expect_not_null(strstr(got, wrong[i].says), "%s: %s", wrong[i].bands, got);
	}
}

Test(band, the_comparison_is_checked)
{
	static const struct {
		const char *when, *says;
	} wrong[] = {
	    {"{some: items, where: {field: item.gross_kg, outside: {band: kgs, by: item.hs}}}", "unknown band \"kgs\"; did you mean \"kg\"?"},
	    {"{some: items, where: {field: item.gross_kg, outside: {band: kg, by: item.unit}}}", "a band goes by an HS code, not by a text"},
	    {"{some: items, where: {field: item.gross_kg, outside: {band: kg}}}", "\"outside\" needs `band` and `by`"},
	    {"{some: items, where: {field: item.gross_kg, outside: [1, 2]}}", "outside must be a mapping"},
	    {"{some: items, where: {field: item.unit, inside: {band: kg, by: item.hs}}}", "\"inside\" does not go with a text"},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *got = refused(BANDS, "", wrong[i].when);
		cr_expect_not_null(strstr(got, wrong[i].says), "%s", got);
	}
	cr_assert_eq(load(BANDS, "", "{field: id, stated: true}", "b"), TW_OK);
	cr_expect_not_null(strstr(f->problems, "warning: no rule uses the band \"kg\""));
}
