/**
 * @file rule_test_test.c
 * The tests inside the shipped rules, run: every rule fires where it should and keeps still where it should. And the runner can fail.
 */
#include "engine/run/rule_test.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

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

/* ---- registers ---- */

static char folder[64];

static const char *written(const char *name, const char *text)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	cr_assert_not_null(file);
	fputs(text, file);
	fclose(file);
	return path;
}

static void rule_of(const char *asked, const char *tests)
{
	char text[4096];
	snprintf(text, sizeof(text),
	         "id: marks-reported\nversion: 1\nstatus: active\ntitle: T\nowner: X\ncreated: 2026-11-26\non: manifest\nsource: [x]\n"
	         "false_positives: x\npoints: 10\naction: score\nseverity: 3\nbecause: \"{marking.value}\"\n"
	         "when: {some: items, where: {some: item.markings, where: {history: {of: marking, metric: %s}, is: stolen}}}\n"
	         "tests:\n%s",
	         asked, tests);
	(void)written("marks-reported.yaml", text);
}

static void rule_written(const char *tests)
{
	rule_of("marking_status", tests);
}

#define EVENT "event: {consignment: {id: T1, items: [{line: 1, description: Rifle, make: Samplearms, markings: [{kind: serial, value: AB 01417}]}]}}"

static struct tw_rule_test_result with_markings(const char *list)
{
	struct tw_rule_test_result result = {0};
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err = {.what = ""};
	char rule[128];
	snprintf(rule, sizeof(rule), "%s/marks-reported.yaml", folder);
	const char *paths[] = {rule};
	const struct tw_snapshot_sources sources = {.rule_paths = paths,
	                                            .rule_path_count = 1,
	                                            .embargoes = "feeds/embargoes/embargoes.csv",
	                                            .reference = "feeds/reference",
	                                            .markings = list};
	cr_assert_eq(tw_snapshot_build(&sources, NULL, &snapshot, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
	cr_assert_eq(tw_rule_tests_run(snapshot, stderr, &result, &err), TW_OK, "%s %s", err.what, err.detail);
	tw_snapshot_free(snapshot);
	return result;
}

Test(rule_test, knows_of_registers_what_the_test_states_alone)
{
	snprintf(folder, sizeof(folder), "/tmp/rule_test_XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	rule_written("  - {name: on the list, fires: true, markings: [\"AB01417,Samplearms,,,XA,stolen,2025-06-10,XA-1,,\"], " EVENT "}\n"
	             "  - {name: on no list, fires: false, " EVENT "}\n");
	struct tw_rule_test_result result = with_markings(NULL);
	cr_expect_eq(result.passed, 2);
	/* a register of the centre that has that very mark */
	char list[128];
	snprintf(list, sizeof(list), "%s",
	         written("marks.csv",
	                 "serial,maker,model,calibre,country,status,reported_on,reference\nAB01417,Samplearms,,,XA,stolen,2025-06-10,XA-1\n"));
	result = with_markings(list);
	cr_expect_eq(result.passed, 2);
	cr_expect_eq(result.failed, 0);
	/* a row that is none is named, and fails its test alone */
	rule_written("  - {name: a row that is none, fires: true, markings: [\"AB01417,Samplearms,,,XA,pawned,,,,\"], " EVENT "}\n"
	             "  - {name: on no list, fires: false, " EVENT "}\n");
	result = with_markings(NULL);
	cr_expect_eq(result.passed, 1);
	cr_expect_eq(result.failed, 1);
	(void)remove(list);
	char rule[128];
	snprintf(rule, sizeof(rule), "%s/marks-reported.yaml", folder);
	(void)remove(rule);
	(void)rmdir(folder);
}

#define RANGE                                                                                                                                        \
	"event: {time: \"2026-03-02T08:00:00Z\", consignment: {id: T1, items: [{line: 1, description: Rifles, make: Samplearms, "                    \
	"markings: [{kind: serial_range, from: AB01400, to: AB01499}]}]}}"
#define SERIAL                                                                                                                                       \
	"event: {time: \"2026-03-02T08:00:00Z\", consignment: {id: T1, items: [{line: 1, description: Rifle, make: Samplearms, "                     \
	"markings: [{kind: serial, value: AB 01417}]}]}}"
#define LATER   "markings: [\"AB01417,Samplearms,,,XA,stolen,2026-06-10,XA-1,,\"], "
#define EARLIER "markings: [\"AB01417,Samplearms,,,XA,stolen,2026-01-10,XA-1,,\"], "

Test(rule_test, a_registers_later_row_answers_what_is_asked_of_the_latest_status_alone)
{
	static const struct {
		const char *asked, *event, *of_later; /* whether a row of a later day says it */
	} cases[] = {{"marking_status", SERIAL, "false"},
	             {"marking_status_latest", SERIAL, "true"},
	             {"overlapping_status", RANGE, "false"},
	             {"overlapping_status_latest", RANGE, "true"}};
	snprintf(folder, sizeof(folder), "/tmp/rule_test_XXXXXX");
	cr_assert_not_null(mkdtemp(folder));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char tests[2048], rule[128];
		snprintf(tests, sizeof(tests),
		         "  - {name: later, fires: %s, " LATER "%s}\n  - {name: earlier, fires: true, " EARLIER "%s}\n"
		         "  - {name: nowhere, fires: false, %s}\n",
		         cases[i].of_later, cases[i].event, cases[i].event, cases[i].event);
		rule_of(cases[i].asked, tests);
		struct tw_rule_test_result result = with_markings(NULL);
		cr_expect_eq(result.passed, 3, "%s: %u", cases[i].asked, result.passed);
		snprintf(rule, sizeof(rule), "%s/marks-reported.yaml", folder);
		(void)remove(rule);
	}
	(void)rmdir(folder);
}
