/**
 * @file rule_test.h
 * Run the tests that stand inside the rules: their events through the real decoder, state and evaluation, with the snapshot's embargoes
 * and reference tables, and the list matches and rows of registers that each test assumes: those of the settings are not asked, so that a rule passes
 * its tests wherever it is loaded. Each test has a store of its own: order does not matter.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RULE_TEST_H
#define TIDEWAITER_ENGINE_RUN_RULE_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <tidewaiter/error.h>

#include <tidewaiter/finding.h>

struct tw_rule_test;
struct tw_rule_trace;
struct tw_snapshot;

struct tw_rule_test_bench; /* decoder, screener, scratch: one a thread */

/** @param snapshot borrowed, must outlive the bench; shared by threads */
TW_MUST_USE enum tw_code tw_rule_test_bench_new(const struct tw_snapshot *snapshot, struct tw_rule_test_bench **out, struct tw_error *err);
void tw_rule_test_bench_free(struct tw_rule_test_bench *bench);

/** From now on events meet the snapshot's own lists, but for a test that assumes matches, and its own registers: for events that are real. */
void tw_rule_test_bench_real(struct tw_rule_test_bench *bench);

/** What became of one test; all of it lives until the bench's next test. */
struct tw_rule_test_outcome {
	bool passed;
	bool fired;                  /**< the test's own rule, whatever its status */
	int32_t points;              /**< that it has then */
	struct tw_slice refused;     /**< why its events could not be used; empty: they could */
	struct tw_findings findings; /**< of every active rule */
};

/**
 * Run one test of the bench's snapshot.
 * @param trace NULL, or what sees every node of the test's own rule
 * @return TW_OK whatever the test says, with `out` written; a failure of the machinery otherwise
 */
TW_MUST_USE enum tw_code tw_rule_test_one(struct tw_rule_test_bench *bench, const struct tw_rule_test *test, const struct tw_rule_trace *trace,
                                          struct tw_rule_test_outcome *out, struct tw_error *err);
/** One line: where, rule, test, what was expected, what fired instead or why the events were refused. */
void tw_rule_test_say(FILE *out, const struct tw_rule_test *test, const struct tw_rule_test_outcome *outcome);

struct tw_rule_test_result {
	uint32_t passed;
	uint32_t failed;
	uint32_t rules;          /**< rules that have tests */
	uint32_t rules_untested; /**< active rules without one that fires and one that does not */
};

/**
 * @param out gets one line a failing test (file:line:column, rule, test, what was expected, what fired instead) and nothing else
 * @return TW_OK whatever the tests say; a failure of the machinery itself otherwise
 */
TW_MUST_USE enum tw_code tw_rule_tests_run(const struct tw_snapshot *snapshot, FILE *out, struct tw_rule_test_result *result, struct tw_error *err);

#endif
