/**
 * @file macro_test.c
 * Macros with parameters: filled in, checked by type, and wrong in the right place. Plain ones: condition_test.c.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct fixture *f;

static void start(void)
{
	f = fixture_new();
}

static void stop(void)
{
	fixture_free(f);
}

TestSuite(macro, .init = start, .fini = stop);

static enum tw_code load(const char *macros, const char *when)
{
	return fixture_load_macros(f, macros, fixture_rule(f, "manifest", when, "because"));
}

/* @return "place: text" of the first error */
static const char *refused(const char *macros, const char *when)
{
	cr_assert_neq(load(macros, when), TW_OK, "this must not load: %s", when);
	return tw_arena_format(&f->arena, "%s: %s", f->err.where, f->err.detail).ptr;
}

static bool holds(const char *macros, const char *when)
{
	cr_assert_eq(load(macros, when), TW_OK, "%s", f->problems);
	return fixture_eval(f) != 0;
}

#define HEAVY "macros: {heavy: {with: {kg: number}, when: {sum: items.gross_kg, above: $kg}}}"

Test(macro, a_parameter_is_what_it_is_given)
{
	item(f, 0)->gross_kg = fixture_amount(f, 1000000);
	cr_expect(holds(HEAVY, "{use: {macro: heavy, with: {kg: 99.5}}}"));
	cr_expect_not(holds(HEAVY, "{use: {macro: heavy, with: {kg: 100000}}}"));
	cr_expect(holds(HEAVY, "{all: [{use: {macro: heavy, with: {kg: 1}}}, {not: {use: {macro: heavy, with: {kg: 999999}}}}]}"),
	          "twice in one rule, each with its own");
}

Test(macro, a_list_may_stand_alone_or_among_elements)
{
	static const char macros[] = "macros: {goods: {with: {codes: list}, when: {some: items, where: {field: item.hs, starts: ['8413', $codes]}}}}";
	item(f, 0)->hs = fixture_text(f, "930190");
	cr_expect(holds(macros, "{use: {macro: goods, with: {codes: ['9301', '9302']}}}"));
	cr_expect_not(holds(macros, "{use: {macro: goods, with: {codes: ['0101']}}}"));
	struct tw_rule_source sources[] = {
	    {"_macros.yaml", tw_slice_str(macros)},
	    {"_sets.yaml", tw_slice_str("sets: {arms: ['93']}")},
	    {"test-rule.yaml", tw_slice_str(fixture_rule(f, "manifest", "{use: {macro: goods, with: {codes: $arms}}}", "b"))}};
	struct tw_rules *rules;
	cr_assert_eq(tw_rules_load_sources(sources, 3, NULL, &rules, &f->err), TW_OK, "%s %s", f->err.where, f->err.detail);
	tw_rules_free(rules);
}

Test(macro, a_path_and_a_condition_may_be_given)
{
	static const char macros[] =
	    "macros: {any_party: {with: {of: path, is: condition}, when: {some: parties, where: {all: [{field: $of, stated: true}, $is]}}}}";
	cr_expect(holds(macros, "{use: {macro: any_party, with: {of: party.name, is: {field: party.role, is: consignee}}}}"));
	cr_expect_not(holds(macros, "{use: {macro: any_party, with: {of: party.website, is: {field: party.role, is: consignee}}}}"));
}

Test(macro, a_parameter_is_handed_on_to_a_macro_inside)
{
	static const char macros[] = "macros:\n  heavy: {with: {kg: number}, when: {sum: items.gross_kg, above: $kg}}\n"
	                             "  light: {with: {most: number}, when: {not: {use: {macro: heavy, with: {kg: $most}}}}}\n";
	cr_expect(holds(macros, "{use: {macro: light, with: {most: 100000}}}"));
	cr_expect_not(holds(macros, "{use: {macro: light, with: {most: 0.1}}}"));
}

Test(macro, an_argument_of_another_type_is_refused_at_the_use)
{
	static const char macros[] =
	    "macros: {m: {with: {a: count, b: date, c: flag, d: list, e: path, f: condition, g: text}, when: {any: [{field: id, in: "
	    "[$a, $b, $c, $d, $e, $g]}, $f]}}}";
	static const struct {
		const char *with, *says;
	} wrong[] = {
	    {"a: many, b: 2026-01-01, c: true, d: [x], e: id, f: {field: id, is: x}, g: t", "the parameter \"a\" takes a count, not \"many\""},
	    {"a: 1.5, b: 2026-01-01, c: true, d: [x], e: id, f: {field: id, is: x}, g: t", "the parameter \"a\" takes a count, not \"1.5\""},
	    {"a: 1, b: 2026-13-01, c: true, d: [x], e: id, f: {field: id, is: x}, g: t", "the parameter \"b\" takes a date, not \"2026-13-01\""},
	    {"a: 1, b: 2026-01-01, c: yes, d: [x], e: id, f: {field: id, is: x}, g: t", "the parameter \"c\" takes a flag, not \"yes\""},
	    {"a: 1, b: 2026-01-01, c: true, d: x, e: id, f: {field: id, is: x}, g: t", "the parameter \"d\" takes a list, not \"x\""},
	    {"a: 1, b: 2026-01-01, c: true, d: [x], e: I.D, f: {field: id, is: x}, g: t", "the parameter \"e\" takes a path, not \"I.D\""},
	    {"a: 1, b: 2026-01-01, c: true, d: [x], e: id, f: [x], g: t", "the parameter \"f\" takes a condition, not \"a list\""},
	    {"a: 1, b: 2026-01-01, c: true, d: [x], e: id, f: {field: id, is: x}, g: {x: y}", "the parameter \"g\" takes a text, not \"a mapping\""},
	};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *when = tw_arena_format(&f->arena, "{use: {macro: m, with: {%s}}}", wrong[i].with).ptr;
		const char *got = refused(macros, when);
		cr_expect_not_null(strstr(got, wrong[i].says), "%s", got);
		cr_expect_not_null(strstr(got, "test-rule.yaml:15:"), "%s", got);
	}
}

Test(macro, parameters_are_given_by_name_all_of_them_and_no_other)
{
	cr_expect_str_eq(refused(HEAVY, "{use: {macro: heavy, with: {kgs: 1}}}"),
	                 "test-rule.yaml:15:35: unknown parameter \"kgs\" of the macro \"heavy\"; did you mean \"kg\"?");
	cr_expect_not_null(strstr(f->problems, "the macro \"heavy\" needs the parameter \"kg\", a number"));
	cr_expect_str_eq(refused(HEAVY, "{use: heavy}"), "test-rule.yaml:15:13: the macro \"heavy\" needs the parameter \"kg\", a number");
	cr_expect_str_eq(refused("macros: {sea: {field: id, stated: true}}", "{use: {macro: sea, with: {kg: 1}}}"),
	                 "test-rule.yaml:15:33: unknown parameter \"kg\" of the macro \"sea\"");
	cr_expect_str_eq(refused(HEAVY, "{use: {with: {kg: 1}}}"), "test-rule.yaml:15:13: use needs `macro`: {macro: NAME, with: {...}}");
	cr_expect_not_null(strstr(refused(HEAVY, "{use: {macro: heavy, with: {kg: 1}, as: x}}"), "unknown key \"as\""));
	cr_expect_not_null(strstr(refused(HEAVY, "{use: {macro: heavy, with: [1]}}"), "with must be"));
}

Test(macro, a_definition_is_checked_where_it_stands_though_nothing_uses_it)
{
	static const char yes[] = "{field: id, stated: true}";
	cr_expect_str_eq(refused("macros: {m: {with: {kg: numbre}, when: {sum: items.gross_kg, above: $kg}}}", yes),
	                 "_macros.yaml:1:25: unknown type of parameter \"numbre\"; did you mean \"number\"?");
	cr_expect_str_eq(refused("macros: {m: {with: {kg: number}}}", yes), "_macros.yaml:1:10: the macro \"m\" has parameters and no `when`");
	cr_expect_not_null(
	    strstr(refused("macros: {m: {with: {kg: number}, when: {sum: items.gross_kg, above: $kg}, unless: x}}", yes), "unknown key \"unless\""));
	cr_assert_eq(load("macros: {m: {with: {kg: number, days: count}, when: {sum: items.gross_kg, above: $kg}}}", yes), TW_OK);
	cr_expect_not_null(strstr(f->problems, "_macros.yaml:1:33: warning: the parameter \"days\" is not used"), "%s", f->problems);
	struct tw_rule_source sources[] = {{"_macros.yaml", tw_slice_str(HEAVY)},
	                                   {"_sets.yaml", tw_slice_str("sets: {kg: ['1']}")},
	                                   {"test-rule.yaml", tw_slice_str(fixture_rule(f, "manifest", yes, "b"))}};
	struct tw_rules *rules;
	cr_assert_eq(tw_rules_load_sources(sources, 3, NULL, &rules, &f->err), TW_E_CONFLICT);
	cr_expect_str_eq(f->err.detail, "the parameter \"kg\" is named like a set");
}

Test(macro, what_an_argument_does_not_go_with_is_shown_where_the_macro_names_it)
{
	static const char macros[] = "macros:\n  m:\n    with: {codes: list}\n    when: {some: items, where: {field: item.hs, starts: $codes}}\n";
	cr_expect_not_null(strstr(refused(macros, "{use: {macro: m, with: {codes: [gun]}}}"), "_macros.yaml:4:57: \"gun\" is no HS code"));
	cr_expect_not_null(strstr(f->problems, "test-rule.yaml:15:13: error: the macro \"m\" cannot be used here"), "%s", f->problems);
}
