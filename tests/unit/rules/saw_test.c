/**
 * @file saw_test.c
 * What `explain` says that a list, an embargo, a warning and a band saw; and the two halves of `within`.
 */
#include "rules/saw.h"

#include <criterion/criterion.h>

#include "fixture.h"
#include "rules/program.h"
#include "rules/trace.h"

static struct fixture *f;
static char seen[1024];

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(saw, .init = setup, .fini = teardown);

static void collect(const struct tw_trace_node *node)
{
	size_t used = strlen(seen);
	snprintf(seen + used, sizeof(seen) - used, "%s%s%s%s", node->left.len ? node->left.ptr : "", node->right.len ? " / " : "",
	         node->right.len ? node->right.ptr : "", node->left.len ? "\n" : "");
	for (const struct tw_trace_node *child = node->first; child; child = child->next) {
		collect(child);
	}
}

/* What the conditions saw, a line each. */
static const char *saw(const char *when)
{
	struct tw_trace_tree tree = {.arena = &f->arena};
	struct tw_rule_trace into = tw_trace_into(&tree);
	const struct tw_rule_env env = {.event = &f->event, .matches = &f->matches};
	const struct tw_rule_source sources[] = {{"_bands.yaml", tw_slice_str("bands: {kg: [{hs: '9302', low: 0.3, high: 8, source: practice}]}")},
	                                         {"test-rule.yaml", tw_slice_str(fixture_rule(f, "manifest", when, "because"))}};
	struct tw_rule_held held = {false, 0};
	struct tw_rule_bench *bench = NULL;
	cr_assert_eq(fixture_load_all(f, sources, 2), TW_OK, "%s", f->problems);
	cr_assert_eq(tw_rule_bench_new(f->rules, &bench, &f->err), TW_OK);
	cr_assert_eq(tw_rules_trace(f->rules, bench, &env, 0, &into, &f->arena, &held, &f->err), TW_OK);
	seen[0] = '\0';
	collect(tree.root);
	tw_rule_bench_free(bench);
	return seen;
}

Test(saw, the_likeliest_match_shows_why_it_is_none_that_was_asked_for)
{
	cr_assert_str_eq(saw("{listed: {subject: any}}"), "no match\n");
	f->match[0] = (struct tw_match){.list = tw_slice_str("other"), .entry = tw_slice_str("7"), .basis = TW_MATCH_NAME, .similarity_ppm = 500000};
	f->match[1] = (struct tw_match){.list = tw_slice_str("un-sc"), .entry = tw_slice_str("QDe.1"), .basis = TW_MATCH_ADDRESS, .similarity_ppm = 812300};
	f->match[0].subject = f->match[1].subject = &f->event.consignment.means;
	f->matches = (struct tw_matches){f->match, 2};
	cr_assert_str_eq(saw("{listed: {subject: means, lists: [other], similarity: 0.9}}"), "un-sc QDe.1 by address, 0.8123\n");
	cr_assert_str_eq(saw("{some: parties, where: {listed: {subject: party}}}"), "no match\nno match\n");
}

Test(saw, an_embargo_is_asked_of_a_country_on_a_day)
{
	f->event.consignment.means.flag = fixture_text(f, "XA");
	cr_assert_str_eq(saw("{embargo: {country: means.flag, goods: [arms]}}"), "XA on 2026-03-02\n");
	f->event.consignment.means.flag = (struct tw_text){.ptr = NULL};
	cr_assert_str_eq(saw("{embargo: {country: means.flag, goods: [arms]}}"), "no country\n");
}

Test(saw, warnings_are_named_with_their_places)
{
	cr_assert_str_eq(saw("{warning: ill_typed}"), "no warning\n");
	struct tw_warning warnings[] = {{.kind = TW_WARNING_CHECK_DIGIT, .pointer = tw_slice_str("/consignment/means/imo")},
	                                {.kind = TW_WARNING_ILL_TYPED, .pointer = tw_slice_str("/consignment/totals")}};
	f->event.warnings = (struct tw_list){warnings, 2, 2};
	cr_assert_str_eq(saw("{warning: ill_typed}"), "check_digit /consignment/means/imo, ill_typed /consignment/totals\n");
	f->event.warnings = (struct tw_list){NULL, 0, 0};
	f->event.id_reused = true;
	cr_assert_str_eq(saw("{warning: id_reused}"), "id_reused\n");
}

Test(saw, a_band_shows_its_bounds_where_it_has_a_row_of_the_goods)
{
	item(f, 0)->hs = fixture_text(f, "9302.00");
	item(f, 0)->gross_kg = fixture_amount(f, 90000);
	item(f, 1)->hs = fixture_text(f, "010121");
	item(f, 1)->gross_kg = fixture_amount(f, 10000);
	item(f, 2)->gross_kg = (struct tw_amount){.e4 = 0};
	const char *said = saw("{some: items, where: {field: item.gross_kg, outside: {band: kg, by: item.hs}}}");
	cr_assert_eq(strncmp(said, "9 / 0.3 to 8\n1 / 010121\n", 24), 0, "%s", said);
}

Test(saw, the_halves_of_within_are_told_apart)
{
	cr_assert_eq(fixture_load(f, "test-rule.yaml",
	                          fixture_rule(f, "manifest", "{field: event.time, within: {days: 3, of: {event: day}}}", "because")),
	             TW_OK);
	const struct tw_rule_node *nodes = f->rules->rule[0].explain;
	cr_assert_str_eq(tw_trace_words(&nodes[0], &f->arena).ptr, "field: event.time, within: {days: 3, of: {event: day}}");
	cr_assert_str_eq(tw_trace_words(&nodes[1], &f->arena).ptr, "not before the first of the days");
	cr_assert_str_eq(tw_trace_words(&nodes[2], &f->arena).ptr, "not after the last of the days");
}
