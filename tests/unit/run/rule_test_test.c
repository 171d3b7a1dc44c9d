/**
 * @file rule_test_test.c
 * The tests inside the shipped rules, run: every rule fires where it should and keeps still where it should. And the runner can fail.
 */
#include "engine/run/rule_test.h"

#include <criterion/criterion.h>

#include "engine/screen/snapshot.h"

static struct tw_snapshot *snapshot_with(const char *rules)
{
	const char *paths[] = {rules};
	const struct tw_snapshot_sources sources = {
	    .rule_paths = paths, .rule_path_count = 1, .embargoes = "feeds/embargoes/embargoes.csv", .reference = "feeds/reference"};
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err = {.what = ""};
	cr_assert_eq(tw_snapshot_build(&sources, NULL, &snapshot, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
	return snapshot;
}

Test(rule_test, passes_every_test_of_the_shipped_packs)
{
	struct tw_snapshot *snapshot = snapshot_with("rules/packs");
	struct tw_rule_test_result result;
	struct tw_error err = {.what = ""};
	cr_assert_eq(tw_rule_tests_run(snapshot, stderr, &result, &err), TW_OK, "%s %s", err.what, err.detail);
	cr_assert_eq(result.failed, 0);
	cr_assert_eq(result.rules_untested, 0);
	cr_assert_geq(result.rules, 20);
	cr_assert_geq(result.passed, 2 * result.rules);
	tw_snapshot_free(snapshot);
}

Test(rule_test, reports_a_test_that_does_not_hold)
{
	struct tw_snapshot *snapshot = snapshot_with("tests/data/rule_test");
	struct tw_rule_test_result result;
	struct tw_error err = {.what = ""};
	char said[4096] = "";
	FILE *out = fmemopen(said, sizeof(said), "w");
	cr_assert_eq(tw_rule_tests_run(snapshot, out, &result, &err), TW_OK);
	fclose(out);
	cr_assert_eq(result.failed, 2);
	cr_assert_eq(result.passed, 1);
	cr_assert_not_null(strstr(said, "expected it to fire; fired: nothing"), "%s", said);
	cr_assert_not_null(strstr(said, "expected it not to fire; fired: wrong-tests"), "%s", said);
	cr_assert_not_null(strstr(said, "wrong-tests.yaml:"), "%s", said);
	tw_snapshot_free(snapshot);
}
