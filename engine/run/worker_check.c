/**
 * @file worker_check.c
 * `check`: load everything, say what was loaded, run the tests inside the rules.
 */
#include "engine/run/worker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#include "engine/run/assemble.h"
#include "engine/run/check_decisions.h"
#include "engine/run/check_lists.h"
#include "engine/run/reload_report.h"
#include "engine/run/rule_test.h"
#include "engine/run/worker_parts.h"

/* The tests that stand inside the rules. @return 0, or an exit code */
static int rule_tests_check(const struct tw_snapshot *snapshot, FILE *out)
{
	struct tw_rule_test_result tests;
	struct tw_error err;
	if (tw_rule_tests_run(snapshot, stderr, &tests, &err) != TW_OK) {
		return tw_worker_complain(&err, true);
	}
	fprintf(out, "rule tests %u passed, %u failed, in %u rules\n", tests.passed, tests.failed, tests.rules);
	if (tests.rules_untested) {
		fprintf(out, "           %u active rules lack a test that fires or one that does not\n", tests.rules_untested);
	}
	return tests.failed ? TW_EXIT_CONFIG : TW_EXIT_OK;
}

static void snapshot_say(const struct tw_snapshot *snapshot, const struct tw_settings *settings, FILE *out)
{
	uint32_t embargoes;
	const int32_t today = (int32_t)(time(NULL) / 86400);
	tw_embargoes_rows(tw_snapshot_embargoes(snapshot), &embargoes);
	const struct tw_rules *rules = tw_snapshot_rules(snapshot);
	const uint32_t shadow = tw_rules_count_of(rules, TW_RULE_SHADOW);
	fprintf(out, shadow ? "rules      %u, %u of them in the shadow\n" : "rules      %u\n", tw_rules_count(rules), shadow);
	if (settings->rule_signatures) {
		fprintf(out, "signed     each of %u rule paths by %" PRId64 " of %u signers or more\n", settings->rule_paths.count,
		        settings->rule_signatures, settings->rule_signers.count);
	}
	if (tw_snapshot_known_good(snapshot)) {
		tw_check_known_good_say(tw_snapshot_known_good(snapshot), today, out);
	}
	if (tw_snapshot_suppressions(snapshot)) {
		tw_check_suppressions_say(snapshot, today, out);
	}
	if (tw_snapshot_specimens(snapshot)) {
		tw_check_specimens_say(tw_snapshot_specimens(snapshot), today, out);
	}
	if (tw_snapshot_quantities(snapshot)) {
		tw_check_quantities_say(tw_snapshot_quantities(snapshot), today, out);
	}
	if (tw_snapshot_serial_forms(snapshot)) {
		uint32_t makers = 0, rows = tw_serial_forms_count(tw_snapshot_serial_forms(snapshot), &makers);
		fprintf(out, "forms      %u forms of serials of %u makers\n", rows, makers);
	}
	if (tw_snapshot_markings(snapshot)) {
		tw_check_markings_say(tw_snapshot_markings(snapshot), out);
	}
	fprintf(out, "embargoes  %u\n", embargoes);
	tw_check_lists_say(snapshot, settings, today, out);
	fprintf(out, "snapshot   %.*s\n", (int)tw_snapshot_info(snapshot)->digest.len, tw_snapshot_info(snapshot)->digest.ptr);
}

static int connect_check(struct tw_engine *engine, const struct tw_settings *settings, FILE *out)
{
	struct tw_error err;
	int result = TW_EXIT_OK;
	enum tw_code code = tw_engine_kafka(engine, false, &err);
	if (code != TW_OK) {
		result = tw_worker_complain(&err, true);
	} else {
		fprintf(out, "kafka      %s answers, every topic is there\n", settings->kafka_brokers);
	}
	if (settings->state_store != TW_STATE_REDIS) {
		fputs("redis      not asked: state.store is memory\n", out);
		return result;
	}
	code = tw_engine_store(engine, true, false, &err);
	if (code != TW_OK) {
		int second = tw_worker_complain(&err, true);
		return result ? result : second;
	}
	fprintf(out, "redis      %s answers\n", settings->redis_address);
	return result;
}

/* @return was the last load of the engine that runs with these settings refused? */
static bool last_load_say(const struct tw_settings *settings, FILE *out)
{
	char path[TW_RELOAD_PATH_BYTES], text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	struct tw_reload_report report;
	struct tw_arena arena;
	struct tw_error err;
	tw_arena_init(&arena, 4096, 0);
	enum tw_code code = tw_reload_report_path(settings, path) ? tw_reload_report_read(path, &arena, &report, &err) : TW_E_MISSING;
	if (code == TW_OK) {
		tw_reload_report_say(&report, out);
	} else if (code != TW_E_MISSING) {
		fprintf(out, "last load  unknown: %s\n", tw_error_text(&err, text, sizeof(text)));
	}
	bool refused = code == TW_OK && tw_reload_report_refused(&report);
	tw_arena_fini(&arena);
	return refused;
}

/* What would run, but is not what its files say. */
static int check_end(uint32_t stale, bool refused, FILE *out)
{
	if (stale) {
		fprintf(out, "%u of the lists are last good copies: see list_stale above\n", stale);
	}
	if (refused) {
		fputs("the engine's last load was refused: it judges by what it had before\n", out);
	}
	if (!stale && !refused) {
		fputs("all good\n", out);
	}
	return stale || refused ? TW_EXIT_DATA : TW_EXIT_OK;
}

int tw_worker_check(struct tw_settings *settings, bool connect, FILE *out)
{
	struct tw_engine engine = {0};
	struct tw_error err;
	enum tw_code code = tw_engine_snapshot(&engine, settings, stderr, &err);
	if (code != TW_OK) {
		tw_engine_fini(&engine);
		(void)last_load_say(settings, out);
		return tw_worker_complain(&err, true);
	}
	tw_worker_warn_samples(settings);
	fprintf(out, "settings   %s\n", settings->file ? settings->file : "built in");
	snapshot_say(engine.snapshot, settings, out);
	bool refused = last_load_say(settings, out);
	uint32_t stale = tw_check_lists_stale(engine.snapshot);
	int result = rule_tests_check(engine.snapshot, out);
	int connected = connect ? connect_check(&engine, settings, out) : TW_EXIT_OK;
	result = result ? result : connected;
	tw_engine_fini(&engine);
	return result == TW_EXIT_OK ? check_end(stale, refused, out) : result;
}
