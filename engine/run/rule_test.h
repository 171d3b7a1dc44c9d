/**
 * @file rule_test.h
 * Run the tests that stand inside the rules: their events through the real decoder, state and evaluation, with the snapshot's embargoes
 * and reference tables, and the list matches that each test assumes. Each test has a store of its own: order does not matter.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RULE_TEST_H
#define TIDEWAITER_ENGINE_RUN_RULE_TEST_H

#include <stdint.h>
#include <stdio.h>
#include <tidewaiter/error.h>

struct tw_snapshot;

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
