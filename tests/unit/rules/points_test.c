/**
 * @file points_test.c
 * Points by a value: steps, lines, what is not stated; their bounds; tests that say what a finding is worth; what is refused.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "fixture.h"
#include "rules/canon.h"
#include "rules/points.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(points, .init = setup, .fini = teardown);

/* The fixture's rule with other points: they stand in line 8, from column 9. */
static enum tw_code load(const char *points, const char *when, const char *because)
{
	const char *rule = fixture_rule(f, "manifest", when, because), *fixed = strstr(rule, "points: 10\n");
	struct tw_slice text = tw_arena_format(&f->arena, "%.*spoints: %s\n%s", (int)(fixed - rule), rule, points, fixed + strlen("points: 10\n"));
	return fixture_load(f, "test-rule.yaml", text.ptr);
}

static const char *refused(const char *points)
{
	enum tw_code code = load(points, "{field: means.mode, stated: false}", "because");
	cr_assert_neq(code, TW_OK, "this must not load: %s", points);
	return tw_arena_format(&f->arena, "%s: %s", strchr(f->err.where, ':') + 1, f->err.detail).ptr;
}

/* Of the one finding. */
static int32_t worth(const char *points, const char *when)
{
	cr_assert_eq(load(points, when, "because"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	return tw_finding_points(&f->findings.finding[0]);
}

#define EVERY "{some: items}"

Test(points, a_table_gives_those_of_the_last_step_that_the_value_reaches)
{
	static const struct tw_worth_step steps[] = {{10000, 10}, {1000000, 40}, {2000000, -5}};
	const struct tw_worth table = {.step = steps, .count = 3, .otherwise = 3};
	cr_assert_eq(tw_points_at(&table, 9999), 3);
	cr_assert_eq(tw_points_at(&table, 10000), 10);
	cr_assert_eq(tw_points_at(&table, 999999), 10);
	cr_assert_eq(tw_points_at(&table, 1000000), 40);
	cr_assert_eq(tw_points_at(&table, INT64_MAX), -5);
	cr_assert_eq(tw_points_at(&table, INT64_MIN), 3);
}

Test(points, a_line_rounds_to_the_nearest_halves_away_from_its_begin_and_ends_at_its_bounds)
{
	static const struct tw_worth_step up[] = {{0, 10}, {40000, 20}}, down[] = {{0, 20}, {40000, 10}},
	                                  wide[] = {{INT64_MIN, -100}, {INT64_MAX, 200}};
	const struct tw_worth rising = {.step = up, .count = 2, .line = true}, falling = {.step = down, .count = 2, .line = true},
	                      whole = {.step = wide, .count = 2, .line = true};
	cr_assert_eq(tw_points_at(&rising, -1), 10);
	cr_assert_eq(tw_points_at(&rising, 1999), 10);
	cr_assert_eq(tw_points_at(&rising, 2000), 11, "a half");
	cr_assert_eq(tw_points_at(&rising, 20000), 15);
	cr_assert_eq(tw_points_at(&rising, 50000), 20);
	cr_assert_eq(tw_points_at(&falling, 1999), 20);
	cr_assert_eq(tw_points_at(&falling, 2000), 19, "a half");
	cr_assert_eq(tw_points_at(&falling, 39999), 10);
	cr_assert_eq(tw_points_at(&whole, 0), 50, "no product overflows");
	cr_assert_eq(tw_points_at(&whole, INT64_MAX - 1), 200);
}

Test(points, a_finding_has_those_of_its_own_value_and_shows_it)
{
	for (uint32_t i = 0; i < 3; i++) {
		item(f, i)->gross_kg = fixture_amount(f, 400000);
	}
	const char *by_weight = "{over: {sum: items.gross_kg, as: weight}, table: [[100, 15], [120, 25], [120.0001, 40]]}";
	cr_assert_eq(worth(by_weight, "{field: means.mode, stated: true}"), 25);
	cr_assert_eq(f->findings.finding[0].rule->points, 40, "the greatest possible");
	cr_assert_eq(f->findings.finding[0].rule->points_least, 0);
	cr_assert_eq(f->findings.finding[0].fact_count, 1);
	cr_assert_eq(f->findings.finding[0].facts[0].number, 1200000);
	cr_assert(f->findings.finding[0].evidence_count > 1);
	item(f, 2)->gross_kg = fixture_amount(f, 410000);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(tw_finding_points(&f->findings.finding[0]), 40);
	cr_assert_eq(load(by_weight, EVERY, "'{fact.weight} kg'"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_str_eq(f->findings.finding[0].because.ptr, "121 kg");
}

Test(points, a_bound_name_means_the_first_element_that_satisfied)
{
	const char *by_line = "{over: {field: item.quantity}, from: [0, 0], to: [100, 100]}";
	for (uint32_t i = 0; i < 3; i++) {
		item(f, i)->quantity = fixture_amount(f, 100000 * (int64_t)(i + 1));
	}
	cr_assert_eq(worth(by_line, "{some: items, where: {field: item.quantity, above: 15}}"), 20);
	cr_assert_str_eq(f->findings.finding[0].evidence[0].pointer.ptr, "/consignment/items/1/quantity");
	cr_assert_eq(worth("{over: {ratio: {of: item.quantity, per: item.quantity}}, table: [[1, 7]]}", EVERY), 7);
	cr_assert_eq(
	    worth("{over: {field: item.quantity}, table: [[1, 7]], otherwise: -2}", "{none: items, where: {field: item.quantity, above: 99}}"), -2,
	    "none is in sight");
}

Test(points, a_value_that_is_not_stated_gives_the_other_points)
{
	item(f, 0)->gross_kg = (struct tw_amount){0};
	cr_assert_eq(worth("{over: {field: item.gross_kg}, table: [[0, 30]]}", EVERY), 0);
	cr_assert_eq(worth("{over: {field: item.gross_kg}, from: [0, 30], to: [1, 40], otherwise: 5}", EVERY), 5);
	cr_assert_eq(f->findings.finding[0].rule->points_least, 5);
	cr_assert_eq(worth("{over: {history: {of: self, metric: revisions}}, table: [[0, 30]], otherwise: 1}", EVERY), 1);
}

Test(points, a_count_is_held_against_whole_steps)
{
	f->answer[f->answer_count++] = (struct fixture_answer){.metric = TW_METRIC_REVISIONS, .answer = {.stated = true, .value = 3}};
	const char *by_revisions = "{over: {history: {of: self, metric: revisions}}, table: [[1, 10], [3, 20], [3.5, 30]]}";
	cr_assert_eq(worth(by_revisions, EVERY), 20);
	cr_assert_eq(load(by_revisions, EVERY, "'{fact.revisions} revisions'"), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_str_eq(f->findings.finding[0].because.ptr, "3 revisions");
}

Test(points, a_test_says_what_its_finding_is_worth)
{
	const char *rule = fixture_rule(f, "manifest", EVERY, "because");
	const char *fires = strstr(rule, "fires: true,"), *silent = strstr(rule, "fires: false,");
	struct tw_slice said =
	    tw_arena_format(&f->arena, "%.*sfires: true, points: 10,%s", (int)(fires - rule), rule, fires + strlen("fires: true,"));
	cr_assert_eq(fixture_load(f, "test-rule.yaml", said.ptr), TW_OK, "%s", f->problems);
	cr_assert(tw_rules_test(f->rules, 0)->has_points && tw_rules_test(f->rules, 0)->points == 10);
	cr_assert_not(tw_rules_test(f->rules, 1)->has_points);
	said = tw_arena_format(&f->arena, "%.*sfires: false, points: 10,%s", (int)(silent - rule), rule, silent + strlen("fires: false,"));
	cr_assert_eq(fixture_load(f, "test-rule.yaml", said.ptr), TW_E_CONFLICT);
	cr_assert_str_eq(f->err.detail, "a test that does not fire has no points");
}

Test(points, the_order_of_a_row_is_part_of_its_meaning)
{
	cr_assert_eq(load("{over: {field: totals.gross_kg}, table: [[100, 10], [200, 40]]}", EVERY, "because"), TW_OK, "%s", f->problems);
	const struct tw_yaml *node = tw_yaml_member(f->rules->rule[0].root, "points");
	cr_assert_str_eq(tw_canon_meaning(node, f->rules, &f->arena).ptr,
	                 "{over: {field: 'totals.gross_kg'}, table: [['100', '10'], ['200', '40']]}");
}

Test(points, whatever_cannot_be_meant_is_refused_at_its_place)
{
	cr_assert_str_eq(refused("{table: [[1, 2]]}"), "8:9: points by a value need the value: `over`");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}}"), "8:9: points by a value need a `table` of steps, or `from` and `to`");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: []}"),
	                 "8:9: points by a value need a `table` of steps, or `from` and `to`");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, from: [1, 2]}"),
	                 "8:9: points by a value need a `table` of steps, or `from` and `to`");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[1, 2]], to: [1, 2]}"),
	                 "8:59: points have a table, or `from` and `to`: not both");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[1, 2, 3]]}"),
	                 "8:50: a step of points is a list of two: [from which value on, points]");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[1, 2], [1, 3]]}"),
	                 "8:59: the values of points must rise from step to step");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, from: [9, 2], to: [1, 3]}"),
	                 "8:61: the values of points must rise from step to step");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[1, 201]]}"), "8:54: \"points\" must be -100 to 200");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[1, 2]], otherwise: -101}"), "8:70: \"points\" must be -100 to 200");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, table: [[x, 2]]}"), "8:51: \"x\" is no number with at most four decimals");
	cr_assert_str_eq(refused("{over: {field: means.flag}, table: [[1, 2]]}"), "8:16: points go by a number, not by a country");
	cr_assert_str_eq(refused("{over: {field: item.gross_kg}, table: [[1, 2]]}"),
	                 "8:24: no \"item\" is bound here: use `some:`, `every:` or `none:` over \"items\"");
	cr_assert_str_eq(refused("{over: {field: totals.gross_kg}, tabel: [[1, 2]], from: [0, 0], to: [1, 1]}"),
	                 "8:42: unknown key \"tabel\" in points; did you mean \"table\"?");
}

Test(points, more_steps_than_a_reader_can_follow_are_refused)
{
	char rows[TW_POINT_STEPS_MAX * 16 + 64] = "{over: {field: totals.gross_kg}, table: [";
	for (unsigned i = 0; i <= TW_POINT_STEPS_MAX; i++) {
		snprintf(rows + strlen(rows), sizeof(rows) - strlen(rows), "%s[%u, 1]", i ? ", " : "", i);
	}
	snprintf(rows + strlen(rows), sizeof(rows) - strlen(rows), "]}");
	cr_assert_str_eq(refused(rows), "8:49: at most 64 steps of points");
}
