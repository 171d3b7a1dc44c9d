/**
 * @file diff_test.c
 * Differences in meaning, node by node; and none where only the writing differs.
 */
#include "rules/diff.h"

#include <criterion/criterion.h>

#include "fixture.h"

static struct tw_arena arena;
static struct tw_rules *old_rules, *new_rules;
static struct tw_list found;
static struct tw_error err;
static char said[4096];

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	old_rules = new_rules = NULL;
}

static void teardown(void)
{
	tw_rules_free(old_rules);
	tw_rules_free(new_rules);
	tw_arena_fini(&arena);
}

TestSuite(diff, .init = setup, .fini = teardown);

static struct tw_rules *load(const char *id, const char *head, const char *set, const char *when)
{
	const char *rule = tw_arena_format(&arena,
	                                   "id: %s\n%s\nstatus: active\ntitle: T\non: manifest\nsource: s\nfalse_positives: f\naction: score\n"
	                                   "severity: 1\nbecause: b\nwhen: %s\ntests:\n  - {name: a, fires: true, event: {consignment: {id: T1}}}\n"
	                                   "  - {name: b, fires: false, event: {consignment: {id: T1}}}\n",
	                                   id, head, when)
	                       .ptr;
	const struct tw_rule_source sources[] = {{"_sets.yaml", tw_slice_str(tw_arena_format(&arena, "sets: {s: %s}", set).ptr)},
	                                         {tw_arena_format(&arena, "%s.yaml", id).ptr, tw_slice_str(rule)}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &rules, &err), TW_OK, "%s %s", err.where, err.detail);
	return rules;
}

static const struct tw_rule_difference *compare(void)
{
	cr_assert_eq(tw_rules_diff(old_rules, new_rules, &arena, &found, &err), TW_OK);
	said[0] = '\0';
	const struct tw_rule_difference *difference = found.data;
	for (uint32_t i = 0; i < found.count; i++) {
		const struct tw_rule_change *change = difference[i].changes.data;
		for (uint32_t c = 0; c < difference[i].changes.count; c++) {
			size_t used = strlen(said);
			snprintf(said + used, sizeof(said) - used, "%.*s: %.*s -> %.*s\n", (int)change[c].at.len, change[c].at.ptr,
			         (int)change[c].old.len, change[c].old.len ? change[c].old.ptr : "", (int)change[c].now.len,
			         change[c].now.len ? change[c].now.ptr : "");
		}
	}
	return difference;
}

static void conditions(const char *old, const char *now)
{
	tw_rules_free(old_rules);
	tw_rules_free(new_rules);
	old_rules = load("r", "version: 1\npoints: 5", "['93']", old);
	new_rules = load("r", "version: 2\npoints: 5", "['93']", now);
	(void)compare();
}

#define SAYS(text) cr_assert_not_null(strstr(said, text), "%s", said)

Test(diff, order_layout_and_named_lists_make_no_difference)
{
	old_rules = load("r", "version: 1\npoints: 5", "['93', '87']",
	                 "{all: [{field: means.flag, is: XA}, {some: items, where: {field: item.hs, starts: $s}}]}");
	new_rules = load("r", "version: 1 # c\npoints:   5", "['01']",
	                 "{all: [{some: items, where: {starts: [\"87\", '93'], field: item.hs}}, {is: XA, field: means.flag}]}");
	(void)compare();
	cr_assert_eq(found.count, 0, "%s", said);
}

Test(diff, rules_that_came_and_went)
{
	old_rules = load("a", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	new_rules = load("b", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	const struct tw_rule_difference *difference = compare();
	cr_assert_eq(found.count, 2);
	cr_assert_eq(difference[0].kind, TW_RULE_REMOVED);
	cr_assert(tw_slice_is(difference[0].old->info.id, "a"));
	cr_assert_eq(difference[1].kind, TW_RULE_ADDED);
	cr_assert(tw_slice_is(difference[1].now->info.id, "b"));
}

Test(diff, what_a_rule_is_worth_and_a_version_that_did_not_rise)
{
	old_rules = load("r", "version: 3\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	new_rules = load("r", "version: 3\npoints: 9", "['93']", "{field: means.flag, is: XA}");
	cr_assert(compare()->unraised);
	SAYS("points: 5 -> 9\n");
	tw_rules_free(new_rules);
	new_rules = load("r", "version: 4\npoints: 9", "['93']", "{field: means.flag, is: XA}");
	cr_assert_not(compare()->unraised);
	SAYS("version: 3 -> 4\n");
}

Test(diff, conditions_node_by_node)
{
	conditions("{all: [{field: means.flag, is: XA}, {field: revision, is: 1}]}",
	           "{all: [{field: means.flag, is: XB}, {field: revision, is: 1}, {field: movement, is: export}]}");
	SAYS("when / all / field means.flag, is: XA -> XB\n");
	SAYS("when / all:  -> {field: movement, is: export}\n");
	cr_assert_null(strstr(said, "revision"), "%s", said);
	conditions("{not: {field: means.flag, is: XA}}", "{field: means.flag, is: XA}");
	SAYS("when: {not: {field: means.flag, is: XA}} -> {field: means.flag, is: XA}\n");
}

Test(diff, entries_of_lists_inside_quantifiers)
{
	conditions("{some: items, where: {field: item.hs, starts: [$s, '87']}}",
	           "{some: items, where: {field: item.hs, starts: ['93', '01', '02']}}");
	SAYS("when / some items / field item.hs, starts: 87 -> 01, 02\n");
	conditions("{field: totals.gross_kg, between: [1, 2]}", "{field: totals.gross_kg, between: [1, 3]}");
	SAYS("when / field totals.gross_kg, between: [1, 2] -> [1, 3]\n");
	conditions("{count: items, above: 2}", "{count: items, above: 3, where: {field: item.hs, starts: ['93']}}");
	SAYS("when / count items, above: 2 -> 3\n");
	SAYS("when / count items, where:  -> {field: item.hs, starts: ['93']}\n");
}

Test(diff, a_set_that_changed_shows_in_the_rule_that_uses_it)
{
	old_rules = load("r", "version: 1\npoints: 5", "['93', '87']", "{some: items, where: {field: item.hs, starts: $s}}");
	new_rules = load("r", "version: 1\npoints: 5", "['93', '88']", "{some: items, where: {field: item.hs, starts: $s}}");
	cr_assert(compare()->unraised);
	SAYS("when / some items / field item.hs, starts: 87 -> 88\n");
}

/* A rule that uses a macro of conditions over $s, and one that uses nothing. */
static struct tw_rules *load_shared(const char *set, const char *macros, const char *when)
{
	static const char form[] =
	    "id: %s\nversion: 1\nstatus: active\ntitle: T\non: manifest\nsource: s\nfalse_positives: f\naction: score\n"
	    "points: 5\nseverity: 1\nbecause: b\nwhen: %s\ntests:\n  - {name: a, fires: true, event: {consignment: {id: T1}}}\n"
	    "  - {name: b, fires: false, event: {consignment: {id: T1}}}\n";
	const struct tw_rule_source sources[] = {{"_macros.yaml", tw_slice_str(tw_arena_format(&arena, "macros: %s", macros).ptr)},
	                                         {"_sets.yaml", tw_slice_str(tw_arena_format(&arena, "sets: {s: %s}", set).ptr)},
	                                         {"a.yaml", tw_arena_format(&arena, form, "a", "{field: means.flag, is: XA}")},
	                                         {"r.yaml", tw_arena_format(&arena, form, "r", when)}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 4, NULL, &rules, &err), TW_OK, "%s %s", err.where, err.detail);
	return rules;
}

#define ARMS "{some: items, where: {use: arms}}"

Test(diff, a_macro_that_changed_shows_in_the_rule_that_uses_it)
{
	old_rules = load_shared("['93']", "{arms: {all: [{use: code}, {field: item.quantity, above: 1}]}, code: {field: item.hs, starts: $s}}", ARMS);
	new_rules = load_shared("['93']", "{arms: {all: [{use: code}, {field: item.quantity, above: 2}]}, code: {field: item.hs, starts: $s}}", ARMS);
	cr_assert(compare()->unraised);
	cr_assert_eq(found.count, 1);
	SAYS("when / some items / use arms / all / field item.quantity, above: 1 -> 2\n");
}

Test(diff, a_macro_written_out_is_no_difference)
{
	old_rules = load_shared("['93']", "{arms: {field: item.hs, starts: $s}}", ARMS);
	new_rules = load_shared("['93']", "{}", "{some: items, where: {field: item.hs, starts: ['93']}}");
	(void)compare();
	cr_assert_eq(found.count, 0, "%s", said);
}

Test(diff, shared_names_say_what_they_reach_through_macros_too)
{
	struct tw_list shared;
	old_rules = load_shared("['93', '87']", "{arms: {use: code}, code: {field: item.hs, starts: $s}}", ARMS);
	new_rules = load_shared("['93', '88']", "{arms: {use: code}, code: {field: item.hs, starts: $s}}", ARMS);
	cr_assert_eq(tw_rules_diff_shared(old_rules, new_rules, &arena, &shared, &err), TW_OK);
	const struct tw_shared_difference *difference = shared.data;
	cr_assert_eq(shared.count, 3, "the set, and both macros that come down to it");
	cr_assert(difference[0].kind == TW_SHARED_SET && tw_slice_is(difference[0].name, "s"));
	const struct tw_rule_change *change = difference[0].changes.data;
	cr_assert(tw_slice_is(change[0].old, "87") && tw_slice_is(change[0].now, "88"));
	for (uint32_t i = 0; i < shared.count; i++) {
		cr_assert_eq(difference[i].reached.count, 1);
		cr_assert(tw_slice_is(*(const struct tw_slice *)difference[i].reached.data, "r"));
	}
}

Test(diff, shared_names_that_mean_the_same_or_reach_nothing_are_left_out)
{
	struct tw_list shared;
	old_rules = load_shared("['93', '87']", "{arms: {field: item.hs, starts: $s}, idle: {field: movement, is: export}}", ARMS);
	new_rules = load_shared("['87', '93']", "{arms: {starts: $s, field: item.hs}, idle: {field: movement, is: import}}", ARMS);
	cr_assert_eq(tw_rules_diff_shared(old_rules, new_rules, &arena, &shared, &err), TW_OK);
	cr_assert_eq(shared.count, 0);
}

Test(diff, an_exception_is_compared_as_the_conditions_are)
{
	old_rules = load("r", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}\nunless: {field: movement, is: export}");
	new_rules = load("r", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}\nunless: {field: movement, is: import}");
	cr_assert(compare()->unraised);
	SAYS("unless / field movement, is: export -> import\n");
	tw_rules_free(new_rules);
	new_rules = load("r", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	cr_assert(compare()->unraised);
	SAYS("unless: {field: movement, is: export} -> \n");
}

Test(diff, says_when_there_is_no_memory)
{
	struct tw_arena small;
	old_rules = load("a", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	new_rules = load("b", "version: 1\npoints: 5", "['93']", "{field: means.flag, is: XA}");
	tw_arena_init(&small, 16, 16);
	cr_assert_eq(tw_rules_diff(old_rules, new_rules, &small, &found, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}

/* One rule whose condition stays as it is written, beside macros and bands. */
static struct tw_rules *load_banded(const char *macro, const char *low)
{
	static const char rule[] =
	    "id: r\nversion: 1\nstatus: active\ntitle: T\non: manifest\nsource: s\nfalse_positives: f\npoints: 5\naction: score\n"
	    "severity: 1\nbecause: b\nwhen: {all: [{use: sea}, {use: {macro: heavy, with: {kg: 5}}}, {some: items, where: {field: "
	    "item.gross_kg, outside: {band: each, by: item.hs}}}]}\n"
	    "tests:\n  - {name: a, fires: true, event: {consignment: {id: T1}}}\n"
	    "  - {name: b, fires: false, event: {consignment: {id: T1}}}\n";
	const char *macros =
	    tw_arena_format(&arena,
	                    "macros: {sea: {field: means.mode, is: %s}, heavy: {with: {kg: number}, when: {sum: items.gross_kg, above: $kg}}}", macro)
	        .ptr;
	const char *bands = tw_arena_format(&arena, "bands: {each: [{hs: '93', low: %s, high: 9, source: s}]}", low).ptr;
	const struct tw_rule_source sources[] = {
	    {"_bands.yaml", tw_slice_str(bands)}, {"_macros.yaml", tw_slice_str(macros)}, {"r.yaml", {rule, sizeof(rule) - 1}}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 3, NULL, &rules, &err), TW_OK, "%s %s", err.where, err.detail);
	return rules;
}

Test(diff, what_a_macro_or_a_band_says_is_part_of_a_rule)
{
	old_rules = load_banded("sea", "1");
	new_rules = load_banded("air", "1");
	cr_assert(compare()->unraised, "the version tells nobody");
	SAYS("when / all / use sea / field means.mode, is: sea -> air\n");
	tw_rules_free(new_rules);
	new_rules = load_banded("sea", "1.5");
	(void)compare();
	SAYS("outside: 93: 1 to 9, s -> 93: 1.5 to 9, s\n");
	tw_rules_free(new_rules);
	new_rules = load_banded("sea", "1.0");
	(void)compare();
	cr_expect_eq(found.count, 0, "%s", said);
}

Test(diff, a_band_is_named_with_the_rules_that_it_reaches)
{
	struct tw_list shared;
	old_rules = load_banded("sea", "1");
	new_rules = load_banded("sea", "1.5");
	cr_assert_eq(tw_rules_diff_shared(old_rules, new_rules, &arena, &shared, &err), TW_OK);
	const struct tw_shared_difference *difference = shared.data;
	cr_assert_eq(shared.count, 1);
	cr_assert(difference->kind == TW_SHARED_BAND && tw_slice_is(difference->name, "each"));
	const struct tw_rule_change *change = difference->changes.data;
	cr_assert(tw_slice_is(change->at, "rows") && tw_slice_is(change->old, "93: 1 to 9, s") && tw_slice_is(change->now, "93: 1.5 to 9, s"));
	cr_assert_eq(difference->reached.count, 1);
}
