/**
 * @file condition_test.c
 * Logic and quantifiers: all, any, not, some, every, none, count; binding to the same element; what is not stated.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "fixture.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(condition, .init = setup, .fini = teardown);

#define YES "{field: means.mode, is: sea}"
#define NO  "{field: means.mode, is: air}"

Test(condition, all_needs_every_part)
{
	cr_assert(fires(f, "{all: [" YES ", " YES "]}"));
	cr_assert_not(fires(f, "{all: [" YES ", " NO "]}"));
}

Test(condition, any_needs_one_part)
{
	cr_assert(fires(f, "{any: [" NO ", " YES "]}"));
	cr_assert_not(fires(f, "{any: [" NO ", " NO "]}"));
}

Test(condition, not_turns_the_answer)
{
	cr_assert(fires(f, "{not: " NO "}"));
	cr_assert_not(fires(f, "{not: " YES "}"));
}

Test(condition, some_needs_one_element)
{
	cr_assert(fires(f, "{some: items, where: {field: item.hs, starts: ['93']}}"));
	cr_assert_not(fires(f, "{some: items, where: {field: item.hs, starts: ['94']}}"));
	cr_assert(fires(f, "{some: items}"));
	f->event.consignment.items.count = 0;
	cr_assert_not(fires(f, "{some: items}"));
}

Test(condition, every_needs_all_elements_and_at_least_one)
{
	cr_assert(fires(f, "{every: items, where: {field: item.gross_kg, above: 50}}"));
	cr_assert_not(fires(f, "{every: items, where: {field: item.gross_kg, above: 60}}"));
	f->event.consignment.items.count = 0;
	cr_assert_not(fires(f, "{every: items, where: {field: item.gross_kg, above: 50}}"));
}

Test(condition, none_needs_no_element)
{
	cr_assert(fires(f, "{none: items, where: {field: item.hs, starts: ['94']}}"));
	cr_assert_not(fires(f, "{none: items, where: {field: item.hs, starts: ['93']}}"));
	cr_assert(fires(f, "{none: items, where: {none: item.certificates, where: {field: certificate_ref.number, is: none}}}") == false);
}

Test(condition, count_compares_how_many_elements_satisfy)
{
	cr_assert(fires(f, "{count: items, is: 3}"));
	cr_assert(fires(f, "{count: items, where: {field: item.hs, stated: true}, between: [2, 2]}"));
	cr_assert_not(fires(f, "{count: items, where: {field: item.hs, stated: true}, above: 2}"));
	cr_assert(fires(f, "{count: items, where: {field: item.hs, starts: ['11']}, is: 0}"));
}

Test(condition, count_goes_through_repeated_parts_and_binds_each)
{
	cr_assert(fires(f, "{count: items.certificates, is: 1}"));
	cr_assert(fires(
	    f, "{count: items.certificates, where: {all: [{field: item.line, is: 1}, {field: certificate_ref.issuer_country, is: QZ}]}, is: 1}"));
	cr_assert(fires(f, "{count: items.certificates, where: {field: item.line, is: 2}, is: 0}"));
}

Test(condition, two_tests_under_one_quantifier_bind_to_the_same_element)
{
	cr_assert_not(fires(f, "{some: items, where: {all: [{field: item.hs, starts: ['93']}, {field: item.quantity, is: 10}]}}"));
	cr_assert(fires(f, "{all: [{some: items, where: {field: item.hs, starts: ['93']}}, {some: items, where: {field: item.quantity, is: 10}}]}"));
}

Test(condition, an_inner_quantifier_sees_the_outer_element)
{
	cr_assert(fires(
	    f,
	    "{some: items, where: {some: item.certificates, where: {field: certificate_ref.issuer_country, differs_from: {field: item.origin}}}}"));
	cr_assert_not(fires(
	    f, "{some: items, where: {some: item.certificates, where: {field: certificate_ref.issuer_country, same_as: {field: item.origin}}}}"));
}

Test(condition, two_quantifiers_over_one_part_are_two_elements)
{
	const char *other =
	    "{some: parties, where: {all: [{field: party.role, is: consignor}, {some: documents, where: {field: document.kind, is: invoice}}, "
	    "{field: party.country, is: XA}]}}";
	cr_assert(fires(f, other));
}

Test(condition, what_is_not_stated_is_neither_equal_nor_different)
{
	cr_assert_not(fires(f, "{field: means.voyage, is: 112W}"));
	cr_assert_not(fires(f, "{field: means.voyage, is_not: 112W}"));
	cr_assert_not(fires(f, "{field: means.voyage, not_in: [112W]}"));
	cr_assert_not(fires(f, "{field: means.voyage, not_matches: 'abc'}"));
	cr_assert(fires(f, "{not: {field: means.voyage, is: 112W}}"));
	cr_assert(fires(f, "{field: means.voyage, stated: false}"));
	cr_assert_not(fires(f, "{field: means.voyage, stated: true}"));
	cr_assert(fires(f, "{field: means.flag, stated: true}"));
	cr_assert_not(fires(f, "{field: totals.packages, above: 0}"));
	cr_assert_not(fires(f, "{field: totals.packages, is_not: 0}"));
}

Test(condition, a_list_of_texts_holds_when_any_of_them_does)
{
	cr_assert(fires(f, "{some: items, where: {field: item.containers, is: HLXU1234567}}"));
	cr_assert_not(fires(f, "{some: items, where: {field: item.containers, is: HLXU7654321}}"));
	cr_assert(fires(f, "{some: items, where: {field: item.containers, stated: false}}"));
	cr_assert(fires(f, "{every: items, where: {any: [{field: item.containers, stated: true}, {field: item.line, above: 1}]}}"));
}

Test(condition, envelope_members_are_below_event)
{
	cr_assert(fires(f, "{field: event.source, is: port-7}"));
	cr_assert(fires(f, "{field: event.type, is: consignment.declared}"));
	cr_assert(fires(f, "{field: event.time, before: 2026-03-03}"));
}

Test(condition, rules_listen_to_their_types_alone)
{
	const char *rule = fixture_rule(f, "manifest", YES, "because");
	cr_assert_eq(fixture_load(f, "test-rule.yaml", rule), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	f->event.type = TW_CONSIGNMENT_ARRIVED;
	cr_assert_eq(fixture_eval(f), 0);
	f->event.type = TW_CONSIGNMENT_AMENDED;
	cr_assert_eq(fixture_eval(f), 1);
}

Test(condition, other_families_have_paths_of_their_own)
{
	struct fixture *g = fixture_new();
	fixture_become(g, TW_MARKING_DESTROYED);
	g->event.marking.item.make = fixture_text(g, "Acme");
	struct tw_marking *mark = tw_list_push(&g->arena, &g->event.marking.item.marks, sizeof(*mark));
	mark->value = fixture_text(g, "AB 01417");
	cr_assert(fires(g, "{all: [{field: item.make, is: ACME}, {some: item.marks, where: {field: mark.value, is: ab 01417}}]}"));
	cr_assert_str_eq(g->findings.finding[0].evidence[0].pointer.ptr, "/item/make");
	cr_assert_str_eq(g->findings.finding[0].evidence[1].pointer.ptr, "/item/marks/0/value");
	fixture_free(g);
}

Test(condition, an_event_of_more_texts_than_can_be_noted_is_judged_the_same)
{
	struct tw_list many = {NULL, 0, 0};
	struct tw_text description = fixture_text(f, "Hunting rifles"), make = fixture_text(f, "Acme & Co."), model = fixture_text(f, "ACME CO");
	for (uint32_t i = 0; i < TW_ITEMS_MAX; i++) {
		struct tw_item *added = tw_list_push(&f->arena, &many, sizeof(*added));
		added->description = description;
		added->make = make;
		added->model = model;
	}
	f->event.consignment.items = many;
	const char *each = "{count: items, where: {all: [{field: item.description, matches: 'rifle'}, {field: item.make, is: 'acme co'}, "
	                   "{field: item.model, same_as: {field: item.make}}]}, is: 9999}";
	cr_assert(fires(f, each));
	size_t held = tw_arena_held(&f->arena);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_lt(tw_arena_held(&f->arena) - held, 8 * 1024 * 1024UL);
}

/* ---- unless ---- */

Test(condition, unless_beside_when_stops_the_rule)
{
	cr_assert(fires(f, YES "\nunless: " NO));
	cr_assert_not(fires(f, YES "\nunless: " YES));
	cr_assert_not(fires(f, NO "\nunless: " NO));
}

Test(condition, an_unless_that_is_wrong_is_refused_at_its_place)
{
	cr_assert_str_eq(refusal(f, YES "\nunless: {fild: means.mode, is: sea}"),
	                 "16:10: no condition begins with \"fild\"; did you mean \"field\"?");
}

/* ---- macros ---- */

static enum tw_code with_macros(const char *macros, const char *when)
{
	return fixture_load_macros(f, macros, fixture_rule(f, "manifest", when, "because"));
}

Test(condition, a_macro_means_what_is_bound_where_it_is_used)
{
	static const char arms[] = "macros: {arms: {field: item.hs, starts: ['93']}, by_sea: {all: [" YES ", {some: items, where: {use: arms}}]}}";
	cr_assert_eq(with_macros(arms, "{some: items, where: {use: arms}}"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(with_macros(arms, "{use: by_sea}"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(with_macros(arms, "{not: {use: by_sea}}"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 0);
}

Test(condition, an_unknown_macro_names_the_nearest)
{
	cr_assert_eq(with_macros("macros: {at_sea: " YES "}", "{use: at_see}"), TW_E_UNKNOWN);
	cr_assert_str_eq(f->err.where, "test-rule.yaml:15:13");
	cr_assert_str_eq(f->err.detail, "unknown macro \"at_see\"; did you mean \"at_sea\"?");
	cr_assert_str_eq(refusal(f, "{use: [a]}"), "15:13: use must be a single value, not a list");
}

Test(condition, a_macro_that_uses_itself_is_refused)
{
	cr_assert_eq(with_macros("macros: {a: {not: {use: b}}, b: {any: [" NO ", {use: a}]}}", "{use: a}"), TW_E_CONFLICT);
	cr_assert_str_eq(f->err.detail, "the macro \"a\" uses itself, or is given what uses it");
}

Test(condition, what_is_wrong_in_a_macro_is_reported_there_and_at_its_use)
{
	cr_assert_eq(with_macros("macros:\n  arms: {field: item.hs, starts: ['93']}\n", "{use: arms}"), TW_E_UNKNOWN);
	cr_assert_str_eq(f->err.where, "_macros.yaml:2:17");
	cr_assert_not_null(strstr(f->problems, "test-rule.yaml:15:13: error: the macro \"arms\" cannot be used here"));
}

Test(condition, macros_are_defined_once_are_conditions_and_used)
{
	struct tw_rule_source sources[] = {{"a/_macros.yaml", tw_slice_str("macros: {a: " YES "}")},
	                                   {"b/_macros.yaml", tw_slice_str("macros: {a: " NO "}")}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &rules, &f->err), TW_E_CONFLICT);
	cr_assert_str_eq(f->err.where, "b/_macros.yaml:1:10");
	cr_assert_eq(with_macros("macros: {a: [x]}", YES), TW_E_TYPE);
	cr_assert_eq(with_macros("macros: {a: " YES "}", YES), TW_OK);
	cr_assert_str_eq(f->problems, "_macros.yaml:1:10: warning: no rule uses the macro \"a\" [TW-R-0801]\n");
}
