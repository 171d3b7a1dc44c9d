/**
 * @file gate_test.c
 * Gates are implied by their rules: they never hide one that fires. And rules share them.
 */
#include <criterion/criterion.h>

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

TestSuite(gate, .init = setup, .fini = teardown);

static uint32_t clauses(const char *when)
{
	(void)fires(f, when);
	return f->rules->rule[0].clause_count;
}

Test(gate, conditions_that_must_hold_somewhere_become_clauses)
{
	cr_assert_eq(clauses("{some: items, where: {field: item.hs, starts: ['93']}}"), 1);
	cr_assert_eq(clauses("{all: [{field: means.flag, is: XC}, {every: items, where: {field: item.line, above: 0}}]}"), 2);
	cr_assert_eq(clauses("{any: [{field: means.flag, is: XA}, {some: items, where: {field: item.hs, starts: ['93']}}]}"), 1);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['93']}, at_least: 1}"), 1);
}

Test(gate, conditions_that_need_not_hold_become_none)
{
	cr_assert_eq(clauses("{not: {field: means.flag, is: XA}}"), 0);
	cr_assert_eq(clauses("{none: items, where: {field: item.hs, starts: ['94']}}"), 0);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['94']}, is: 0}"), 0);
	cr_assert_eq(clauses("{count: items, where: {field: item.hs, starts: ['94']}, below: 2}"), 0);
	cr_assert_eq(clauses("{field: means.flag, is_not: XA}"), 0);
	cr_assert_eq(clauses("{any: [{field: means.flag, is: XC}, {not: {field: means.flag, is: XA}}]}"), 0);
	cr_assert_eq(clauses("{history: {of: means, metric: seen}, stated: false}"), 0);
}

Test(gate, a_gate_forgets_which_element_but_the_rule_does_not)
{
	const char *when = "{some: items, where: {all: [{field: item.hs, starts: ['93']}, {field: item.quantity, is: 10}]}}";
	cr_assert_eq(clauses(when), 2);
	cr_assert_not(fires(f, when));
	item(f, 0)->quantity.e4 = 100000;
	cr_assert_eq(fixture_eval(f), 1);
}

Test(gate, every_kind_of_gate_opens_for_what_its_rule_finds)
{
	static const char *const conditions[] = {
	    "{some: parties, where: {field: party.name, starts: ['al sal']}}",
	    "{some: parties, where: {field: party.name, is: 'ACME CO'}}",
	    "{some: parties, where: {field: party.founded, after: 2025-01-01}}",
	    "{some: containers, where: {field: container.number, is: HLXU1234567}}",
	    "{some: items, where: {some: item.certificates, where: {field: certificate_ref.number, stated: true}}}",
	    "{some: items, where: {some: item.certificates, where: {field: item.quantity, in: [119, 120]}}}",
	    "{some: items, where: {field: item.containers, starts: [HLXU]}}",
	    "{some: items, where: {field: item.description, matches: 'rif'}}",
	    "{some: route, where: {field: leg.place, starts: [XBM]}}",
	    "{some: route, where: {field: leg.role, is: discharge}}",
	    "{field: event.time, after: 2026-03-01}",
	    "{field: event.source, is: 'PORT 7'}",
	    "{field: document.consolidated, is: true}",
	};
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		cr_assert(fires(f, conditions[i]), "%s", conditions[i]);
		cr_assert_eq(f->rules->rule[0].clause_count, 1, "%s", conditions[i]);
	}
}

Test(gate, columns_are_read_anew_for_every_event)
{
	cr_assert(fires(f, "{some: items, where: {field: item.hs, starts: ['93']}}"));
	item(f, 0)->hs = fixture_text(f, "940350");
	cr_assert_eq(fixture_eval(f), 0);
	item(f, 2)->hs = fixture_text(f, "9306");
	cr_assert_eq(fixture_eval(f), 1);
}

Test(gate, equal_tests_on_one_path_are_shared_between_rules)
{
	const char *rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.hs, starts: ['93']}}", "because");
	const char *other = tw_arena_format(&f->arena, "id: other%s", strchr(rule, '\n')).ptr;
	struct tw_rule_source sources[] = {{"test-rule.yaml", tw_slice_str(rule)}, {"other.yaml", tw_slice_str(other)}};
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &f->rules, &f->err), TW_OK);
	cr_assert_eq(f->rules->gates.gates.count, 1);
	cr_assert_eq(f->rules->gates.columns.count, 1);
}
