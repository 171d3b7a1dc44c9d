/**
 * @file lint_test.c
 * What the loader lets pass and lint does not; and that one broken file hides nothing of its neighbours.
 */
#include "rules/lint.h"

#include <criterion/criterion.h>

#include "fixture.h"
#include "rules/codes.h"

static struct fixture *f;
static char said[8192];

static void setup(void)
{
	f = fixture_new();
	said[0] = '\0';
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(lint, .init = setup, .fini = teardown);

static void see(void *context, const struct tw_rule_problem *problem)
{
	(void)context;
	size_t used = strlen(said);
	snprintf(said + used, sizeof(said) - used, "%s %s:%u:%u %s\n", problem->code->name, problem->file, problem->line, problem->column,
	         problem->text);
}

static bool only_france(void *context, uint16_t code)
{
	(void)context;
	return code == ('F' << 8 | 'R');
}

static bool only_arms(void *context, struct tw_slice prefix)
{
	(void)context;
	return prefix.len >= 2 && memcmp(prefix.ptr, "93", 2) == 0;
}

static const char *rule_with(const char *id, const char *head, const char *when)
{
	return tw_arena_format(
	           &f->arena,
	           "id: %s\nversion: 1\nstatus: active\ntitle: T\n%son: manifest\nsource: s\nfalse_positives: f\npoints: 5\naction: score\n"
	           "severity: 1\nbecause: b\nwhen: %s\ntests:\n  - {name: a, fires: true, event: {consignment: {id: T1}}}\n"
	           "  - {name: b, fires: false, event: {consignment: {id: T1}}}\n",
	           id, head, when)
	    .ptr;
}

static const char owned[] = "owner: O\ncreated: 2026-01-31\n";

static void lint_files(const struct tw_rule_source *sources, size_t count)
{
	const struct tw_lint_world world = {.country = only_france, .hs = only_arms};
	const struct tw_rule_sink sink = {see, NULL};
	struct tw_error err;
	said[0] = '\0';
	cr_assert_eq(tw_rules_lint(sources, count, &world, &sink, &err), TW_OK);
}

static void lint_all(const char *first, const char *second)
{
	const struct tw_rule_source sources[] = {{"a.yaml", tw_slice_str(first)}, {"b.yaml", tw_slice_str(second ? second : "")}};
	lint_files(sources, second ? 2 : 1);
}

#define SAYS(text)  cr_assert_not_null(strstr(said, text), "%s", said)
#define LACKS(text) cr_assert_null(strstr(said, text), "%s", said)

Test(lint, a_heading_beside_in_is_no_beginning)
{
	lint_all(rule_with("a", owned, "{some: items, where: {field: item.hs, in: ['930190', '9303']}}"), NULL);
	SAYS("TW-R-0805 a.yaml:14:49 \"in\" compares whole codes: none in use is \"9303\" alone; `starts` is meant");
	lint_all(rule_with("a", owned, "{some: items, where: {not: {field: item.hs, is: '93.03'}}}"), NULL);
	SAYS("TW-R-0805");
	lint_all(
	    rule_with("a", owned, "{some: items, where: {any: [{field: item.hs, in: ['9303.30', '9303301234']}, {field: item.hs, starts: ['93']}]}}"),
	    NULL);
	LACKS("TW-R-0805");
	lint_all(rule_with("a", owned, "{some: items, where: {any: [{field: item.hs, stated: false}, {field: item.hs, same_as: {field: item.hs}}]}}"),
	         NULL);
	LACKS("TW-R-0805");
}

Test(lint, a_heading_in_a_set_is_told_where_the_set_is_used)
{
	const struct tw_rule_source sources[] = {
	    {"_sets.yaml", tw_slice_str("sets: {heads: ['9303']}\n")},
	    {"a.yaml", tw_slice_str(rule_with("a", owned, "{some: items, where: {field: item.hs, not_in: $heads}}"))}};
	const struct tw_lint_world world = {.country = only_france, .hs = only_arms};
	const struct tw_rule_sink sink = {see, NULL};
	struct tw_error err;
	cr_assert_eq(tw_rules_lint(sources, 2, &world, &sink, &err), TW_OK);
	SAYS("TW-R-0805 a.yaml:14:");
}

Test(lint, a_good_rule_has_no_findings)
{
	lint_all(rule_with("a", owned, "{field: means.flag, is: FR}"), NULL);
	cr_assert_str_eq(said, "");
}

Test(lint, owner_and_day_of_creation_are_needed)
{
	lint_all(rule_with("a", "", "{field: means.flag, is: FR}"), NULL);
	SAYS("TW-R-0405 a.yaml:1:1 the rule has no \"owner\"");
	SAYS("TW-R-0405 a.yaml:1:1 the rule has no \"created\"");
	lint_all(rule_with("a", "owner: O\ncreated: 2026-02-30\n", "{field: means.flag, is: FR}"), NULL);
	SAYS("TW-R-0406 a.yaml:6:10 \"created\" is no date: \"2026-02-30\"");
}

Test(lint, a_country_that_does_not_exist_is_named_where_it_stands)
{
	lint_all(rule_with("a", owned, "{field: means.flag, in: [FR, ZQ]}"), NULL);
	SAYS("TW-R-0212 a.yaml:14:36 the country \"ZQ\" does not exist");
	LACKS("FR\" does not");
	lint_all(rule_with("a", owned, "{field: means.flag, in: [FR, UK, EL]}"), NULL);
	SAYS("the country \"UK\" does not exist; did you mean \"GB\"?");
	SAYS("did you mean \"GR\"?");
}

Test(lint, a_code_of_goods_that_begins_none_is_named_where_it_stands)
{
	lint_all(rule_with("a", owned, "{some: items, where: {field: item.hs, starts: ['93', '9301', '1299', '9801', '99']}}"), NULL);
	SAYS("TW-R-0804 a.yaml:14:68 no heading of HS 2022 begins with \"1299\"");
	cr_assert_null(strstr(strstr(said, "TW-R-0804") + 1, "TW-R-0804"), "%s", said);
	lint_all(rule_with("a", owned, "{some: items, where: {field: item.description, is: '1299'}}"), NULL);
	LACKS("TW-R-0804");
}

Test(lint, a_band_s_codes_are_looked_at_too)
{
	const struct tw_rule_source sources[] = {
	    {"_bands.yaml", tw_slice_str("bands: {kg: [{hs: '9302', low: 1, high: 2, source: s}, {hs: '1299.10', low: 1, high: 2, source: s}]}")},
	    {"a.yaml", tw_slice_str(rule_with("a", owned, "{some: items, where: {field: item.gross_kg, outside: {band: kg, by: item.hs}}}"))}};
	lint_files(sources, 2);
	SAYS("TW-R-0804 _bands.yaml:1:9 no heading of HS 2022 begins with \"129910\"");
	LACKS("9302");
}

Test(lint, patterns_of_earlier_goods_are_probed)
{
	lint_all(rule_with("a", owned, "{some: parties, where: {earlier: {of: party, matches: '(gun|gun+)+x'}, at_least: 1}}"), NULL);
	SAYS("TW-R-0703 a.yaml:14:61 the pattern \"(gun|gun+)+x\" gives up");
}

Test(lint, patterns_that_never_match_or_give_up)
{
	lint_all(rule_with("a", owned, "{any: [{field: means.name, matches: 'gun$parts'}, {field: means.name, matches: '(gun|gun+)+x'}]}"), NULL);
	SAYS("TW-R-0702 a.yaml:14:43 the pattern \"gun$parts\" can never match");
	SAYS("TW-R-0703 a.yaml:14:86 the pattern \"(gun|gun+)+x\" gives up");
}

Test(lint, conditions_that_exclude_each_other)
{
	lint_all(rule_with("a", owned, "{all: [{field: means.flag, is: FR}, {field: means.flag, in: [DE, IT]}]}"), NULL);
	SAYS("TW-R-0803 a.yaml:14:43");
	lint_all(rule_with("a", owned, "{all: [{field: totals.gross_kg, above: 5}, {field: totals.gross_kg, below: 6}]}"), NULL);
	LACKS("TW-R-0803");
	lint_all(rule_with("a", owned, "{all: [{field: totals.gross_kg, above: 5}, {field: totals.gross_kg, below: 4}]}"), NULL);
	SAYS("TW-R-0803");
}

#define OF_AN_ITEM(a, b) "{some: items, where: {all: [" a ", " b "]}}"

Test(lint, codes_that_begin_otherwise_and_what_is_there_and_is_not_exclude_each_other)
{
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.hs, starts: ['9301', '9303']}", "{field: item.hs, starts: ['9302']}")), NULL);
	SAYS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.hs, starts: ['9301', '9303']}", "{field: item.hs, starts: ['930330']}")), NULL);
	LACKS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.make, stated: false}", "{field: item.make, matches: 'sample'}")), NULL);
	SAYS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.hs, stated: true}", "{field: item.hs, stated: false}")), NULL);
	SAYS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.make, stated: false}", "{not: {field: item.make, matches: 'sample'}}")), NULL);
	LACKS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.make, stated: false}", "{field: item.model, is_not: x}")), NULL);
	LACKS("TW-R-0803");
}

Test(lint, a_condition_beside_its_own_denial_never_holds)
{
	lint_all(rule_with("a", owned, OF_AN_ITEM("{field: item.make, words: [sample]}", "{not: {field: item.make, words: [sample]}}")), NULL);
	SAYS("TW-R-0803");
	lint_all(rule_with("a", owned, OF_AN_ITEM("{not: {field: item.make, words: [sample]}}", "{field: item.make, words: [samples]}")), NULL);
	LACKS("TW-R-0803");
}

Test(lint, a_rule_with_the_conditions_of_another)
{
	lint_all(rule_with("a", owned, "{field: means.flag, in: [FR]}"), rule_with("b", owned, "{in: ['FR'], field: means.flag}"));
	SAYS("TW-R-0802 b.yaml:1:5 the same conditions as \"a\" in a.yaml:1");
	lint_all(rule_with("a", owned, "{field: means.flag, in: [FR]}"), rule_with("b", owned, "{field: means.flag, not_in: [FR]}"));
	LACKS("TW-R-0802");
}

Test(lint, one_broken_file_hides_nothing_of_its_neighbours)
{
	lint_all(rule_with("a", owned, "{field: means.flga, is: FR}"), rule_with("b", "", "{field: means.flag, is: ZQ}"));
	SAYS("TW-R-0202 a.yaml:14:15 unknown field");
	SAYS("TW-R-0405 b.yaml:1:1");
	SAYS("TW-R-0212 b.yaml:12:31");
}

Test(lint, what_a_macro_says_is_looked_at_in_its_file)
{
	static const char macros[] =
	    "macros:\n  a: {field: means.flag, in: [FR, ZQ]}\n  b: {with: {x: text}, when: {field: means.name, matches: $x}}\n";
	const struct tw_rule_source sources[] = {
	    {"_macros.yaml", tw_slice_str(macros)},
	    {"a.yaml", tw_slice_str(rule_with("a", owned, "{any: [{use: a}, {use: {macro: b, with: {x: 'gun(a+)+$'}}}]}"))}};
	const struct tw_lint_world world = {NULL, only_france, only_arms, NULL};
	const struct tw_rule_sink sink = {see, NULL};
	struct tw_error err;
	said[0] = '\0';
	cr_assert_eq(tw_rules_lint(sources, 2, &world, &sink, &err), TW_OK);
	SAYS("TW-R-0212 _macros.yaml:2:35 the country \"ZQ\" does not exist");
	SAYS("TW-R-0703 _macros.yaml:3:");
}

Test(lint, a_place_in_a_country_that_does_not_exist_is_named)
{
	lint_all(rule_with("a", owned, "{some: route, where: {field: leg.place, starts: [ZQ, FRLEH, 'ZQ AAA', Z]}}"), NULL);
	SAYS("TW-R-0212 a.yaml:14:56 the country \"ZQ\" does not exist: that of the place \"ZQ\"");
	SAYS("that of the place \"ZQ AAA\"");
	LACKS("FRLEH");
}

Test(lint, an_entry_that_stands_twice_in_its_list_is_named_the_second_time)
{
	lint_all(rule_with("a", owned, "{field: means.name, near: {a: [ab, cd, ab], b: [ef], within: 5}}"), NULL);
	SAYS("TW-R-0807 a.yaml:14:46 \"ab\" stands in its list a second time");
	lint_all(rule_with("a", owned, "{field: revision, between: [2, 2]}"), NULL);
	LACKS("TW-R-0807");
}

Test(lint, rules_that_say_the_same_in_other_words_are_twins)
{
	lint_all(rule_with("a", owned, "{field: means.flag, is: FR}"), rule_with("b", owned, "{all: [{any: [{field: means.flag, in: [FR]}]}]}"));
	SAYS("TW-R-0802 b.yaml:1:5 the same conditions as \"a\" in a.yaml:1");
	lint_all(rule_with("a", owned, "{field: means.flag, is_not: FR}"), rule_with("b", owned, "{field: means.flag, in: [FR]}"));
	LACKS("TW-R-0802");
}
