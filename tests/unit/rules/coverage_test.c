/**
 * @file coverage_test.c
 * Branches, members and patterns that were touched, and by whom; and those that were not.
 */
#include "rules/coverage.h"

#include <criterion/criterion.h>

#include "fixture.h"

static struct fixture *f;
static struct tw_coverage coverage;
static struct tw_rule_bench *bench;

static void setup(void)
{
	f = fixture_new();
	bench = NULL;
}

static void teardown(void)
{
	tw_rule_bench_free(bench);
	fixture_free(f);
}

TestSuite(coverage, .init = setup, .fini = teardown);

static void cover(const char *when)
{
	const char *sets = "sets: {arms: ['9301', '9306'], words: ['gun parts', 'rifle parts', 'pistol parts']}";
	cr_assert_eq(fixture_load_sets(f, sets, fixture_rule(f, "manifest", when, "because")), TW_OK, "%s", f->err.detail);
	cr_assert_eq(tw_coverage_init(&coverage, f->rules, &f->arena, &f->err), TW_OK);
	cr_assert_eq(tw_rule_bench_new(f->rules, &bench, &f->err), TW_OK);
}

static void touch(void)
{
	struct tw_rule_trace mark = tw_coverage_mark(&coverage);
	const struct tw_rule_env env = {.event = &f->event};
	struct tw_rule_held held;
	cr_assert_eq(tw_rules_trace(f->rules, bench, &env, 0, &mark, &f->arena, &held, &f->err), TW_OK);
}

#define TALLY(tally_, touched_, all_)                                                                                                                \
	do {                                                                                                                                         \
		struct tw_coverage_tally tally = (tally_);                                                                                           \
		cr_assert_eq(tally.touched, touched_, "touched %u", tally.touched);                                                                  \
		cr_assert_eq(tally.all, all_, "all %u", tally.all);                                                                                  \
	} while (0)

Test(coverage, nothing_is_touched_before_a_test_and_each_branch_by_its_own)
{
	cover("{field: means.flag, is: XA}");
	TALLY(tw_coverage_of(&coverage, 0), 0, 2);
	f->event.consignment.means.flag = fixture_text(f, "XA");
	touch();
	TALLY(tw_coverage_of(&coverage, 0), 1, 2);
	f->event.consignment.means.flag = fixture_text(f, "XB");
	touch();
	TALLY(tw_coverage_of(&coverage, 0), 2, 2);
}

Test(coverage, a_step_of_points_is_touched_by_a_finding_that_has_them)
{
	const char *rule = fixture_rule(f, "manifest", "{field: means.flag, is: XA}", "because"), *fixed = strstr(rule, "points: 10\n");
	struct tw_slice text = tw_arena_format(&f->arena, "%.*spoints: {over: {field: totals.gross_kg}, table: [[1, 10], [5, 20]]}\n%s",
	                                       (int)(fixed - rule), rule, fixed + strlen("points: 10\n"));
	cr_assert_eq(fixture_load(f, "test-rule.yaml", text.ptr), TW_OK, "%s", f->problems);
	cr_assert_eq(tw_coverage_init(&coverage, f->rules, &f->arena, &f->err), TW_OK);
	cr_assert_eq(tw_rule_bench_new(f->rules, &bench, &f->err), TW_OK);
	TALLY(tw_coverage_of(&coverage, 0), 0, 4);
	f->event.consignment.totals.gross_kg = fixture_amount(f, 70000);
	f->event.consignment.means.flag = fixture_text(f, "XB");
	touch();
	TALLY(tw_coverage_of(&coverage, 0), 1, 4);
	f->event.consignment.means.flag = fixture_text(f, "XA");
	touch();
	TALLY(tw_coverage_of(&coverage, 0), 3, 4);
	cr_assert(!coverage.step[0][0] && coverage.step[0][1]);
}

Test(coverage, entries_of_a_written_list_are_the_rules_own)
{
	cover("{field: means.flag, not_in: [XC, XA, XB]}");
	f->event.consignment.means.flag = fixture_text(f, "XB");
	touch();
	TALLY(tw_coverage_of(&coverage, 0), 2, 5);
	const struct tw_coverage_members *members = coverage.node[0][0].members;
	cr_assert(members->met[1]);
	cr_assert_str_eq(tw_coverage_member_text(&coverage, members, 1).ptr, "XB");
	cr_assert_str_eq(tw_coverage_member_text(&coverage, members, 2).ptr, "XC");
}

Test(coverage, members_of_a_named_set_are_counted_once_for_all_that_use_it)
{
	cover("{all: [{some: items, where: {field: item.hs, starts: $arms}}, {none: items, where: {field: item.hs, starts: $arms}}]}");
	cr_assert_eq(coverage.shared.count, 1);
	struct tw_coverage_members *const *shared = coverage.shared.data;
	item(f, 0)->hs = fixture_text(f, "930690");
	touch();
	TALLY(tw_coverage_members_of(shared[0]), 1, 2);
	cr_assert_str_eq(tw_coverage_member_text(&coverage, shared[0], 0).ptr, "9301");
	cr_assert_not(shared[0]->met[0]);
	struct tw_coverage_tally own = tw_coverage_of(&coverage, 0);
	TALLY(tw_coverage_total(&coverage), own.touched + 1, own.all + 2);
}

Test(coverage, each_pattern_that_matches_is_touched_not_the_first_alone)
{
	cover("{some: items, where: {field: item.description, matches: $words}}");
	struct tw_coverage_members *const *shared = coverage.shared.data;
	item(f, 0)->description = fixture_text(f, "rifle parts and pistol parts");
	touch();
	TALLY(tw_coverage_members_of(shared[0]), 2, 3);
	cr_assert_not(shared[0]->met[0]);
	cr_assert_str_eq(tw_coverage_member_text(&coverage, shared[0], 0).ptr, "gun parts");
}

Test(coverage, words_of_a_closed_set_and_numbers)
{
	cover("{any: [{field: movement, in: [export, import]}, {field: revision, in: [3, 1]}, {field: totals.gross_kg, in: [1.5, 2]}]}");
	const struct tw_coverage_node *node = coverage.node[0];
	cr_assert_str_eq(tw_coverage_member_text(&coverage, node[2].members, 1).ptr, "3");
	cr_assert_str_eq(tw_coverage_member_text(&coverage, node[3].members, 0).ptr, "1.5000");
	cr_assert_eq(node[1].members->count, 2);
	f->event.consignment.revision = fixture_count(f, 3);
	touch();
	cr_assert(node[2].members->met[1]);
	cr_assert_not(node[2].members->met[0]);
}

Test(coverage, says_when_there_is_no_memory)
{
	struct tw_arena small;
	cover("{field: means.flag, in: [XA, XB]}");
	tw_arena_init(&small, 16, 16);
	cr_assert_eq(tw_coverage_init(&coverage, f->rules, &small, &f->err), TW_E_MEMORY);
	tw_arena_fini(&small);
}
