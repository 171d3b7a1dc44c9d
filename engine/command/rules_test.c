/**
 * @file rules_test.c
 * `tidewaiter rules test`: the tests inside the rules, side by side on all cores; what is said comes in the rules' order whatever ran first.
 *
 *     threads take tests by number -> each writes its own result -> results are said in order
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "engine/run/rule_test.h"
#include "engine/command/rules_command.h"
#include "engine/command/rules_tree.h"

#define ARENA_BLOCK_BYTES 65536U

/* What one test said, owned. */
struct result {
	bool ran, passed;
	char *text; /* NULL: nothing to say */
};

struct testing {
	const struct tw_snapshot *snapshot;
	const struct tw_rules *rules;
	const struct tw_rules_request *request;
	struct result *result; /* as many as tests */
	atomic_uint next;
	/* of the first thread that failed */
	pthread_mutex_t lock;
	enum tw_code code;
	struct tw_error err;
};

static void say_text(FILE *out, const struct tw_rule_test *test, const struct tw_rule_test_outcome *outcome, struct tw_trace_tree *tree)
{
	tw_rule_test_say(out, test, outcome);
	for (uint32_t i = 0; i < outcome->findings.count; i++) {
		const struct tw_finding *finding = &outcome->findings.finding[i];
		fprintf(out, "    %.*s: %.*s\n", (int)finding->rule->id.len, finding->rule->id.ptr, (int)finding->because.len, finding->because.ptr);
	}
	if (tree->root) {
		tw_rules_tree_say(tree->root, 4, tree->arena, out);
	}
}

static enum tw_code say_json(FILE *out, const struct tw_rule_test *test, const struct tw_rule_test_outcome *outcome, struct tw_trace_tree *tree,
                             struct tw_error *err)
{
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, tree->arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "rule", test->rule);
	tw_json_text_member(&json, "test", test->name);
	tw_json_text_member(&json, "where", test->where);
	tw_json_key(&json, "passed");
	tw_json_flag(&json, outcome->passed);
	tw_json_key(&json, "expected");
	tw_json_flag(&json, test->fires);
	tw_json_key(&json, "fired");
	tw_json_flag(&json, outcome->fired);
	tw_json_text_member(&json, "refused", outcome->refused);
	tw_json_key(&json, "reasons");
	tw_json_array(&json);
	for (uint32_t i = 0; i < outcome->findings.count; i++) {
		tw_json_object(&json);
		tw_json_text_member(&json, "rule", outcome->findings.finding[i].rule->id);
		tw_json_text_member(&json, "because", outcome->findings.finding[i].because);
		tw_json_object_end(&json);
	}
	tw_json_array_end(&json);
	if (tree->root && !outcome->passed) {
		tw_json_key(&json, "conditions");
		tw_rules_tree_json(&json, tree->root, tree->arena);
	}
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	return code;
}

static enum tw_code run_one(struct testing *testing, struct tw_rule_test_bench *bench, uint32_t at, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_rule_test *test = tw_rules_test(testing->rules, at);
	struct result *result = &testing->result[at];
	struct tw_rule_test_outcome outcome;
	struct tw_trace_tree tree = {.arena = arena};
	struct tw_rule_trace trace = tw_trace_into(&tree);
	size_t size = 0;
	tw_arena_reset(arena);
	enum tw_code code = tw_rule_test_one(bench, test, &trace, &outcome, err);
	result->ran = code == TW_OK;
	result->passed = code == TW_OK && outcome.passed;
	if (code != TW_OK || (outcome.passed && !testing->request->json)) {
		return code;
	}
	FILE *said = open_memstream(&result->text, &size);
	if (!said) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a rule test", NULL, NULL);
	}
	if (testing->request->json) {
		code = say_json(said, test, &outcome, &tree, err);
	} else {
		say_text(said, test, &outcome, &tree);
	}
	fclose(said);
	return code;
}

static bool wanted(const struct testing *testing, uint32_t at)
{
	const char *rule = testing->request->rule;
	return !rule || tw_slice_is(tw_rules_test(testing->rules, at)->rule, rule);
}

static void *work(void *context)
{
	struct testing *testing = context;
	struct tw_rule_test_bench *bench = NULL;
	struct tw_arena arena;
	struct tw_error err;
	uint32_t count = tw_rules_test_count(testing->rules);
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_rule_test_bench_new(testing->snapshot, &bench, &err);
	for (uint32_t at = atomic_fetch_add(&testing->next, 1); code == TW_OK && at < count; at = atomic_fetch_add(&testing->next, 1)) {
		code = wanted(testing, at) ? run_one(testing, bench, at, &arena, &err) : code;
	}
	if (code != TW_OK) {
		pthread_mutex_lock(&testing->lock);
		testing->code = code;
		testing->err = err;
		pthread_mutex_unlock(&testing->lock);
	}
	tw_rule_test_bench_free(bench);
	tw_arena_fini(&arena);
	return NULL;
}

/* This thread works too: where no other can be had, it does all of it. */
static void run_all(struct testing *testing)
{
	pthread_t thread[TW_RULES_THREADS_MAX];
	uint32_t started = 0, more = testing->request->threads > 1 ? testing->request->threads - 1 : 0;
	while (started < more && started < TW_RULES_THREADS_MAX && pthread_create(&thread[started], NULL, work, testing) == 0) {
		started++;
	}
	(void)work(testing);
	for (uint32_t i = 0; i < started; i++) {
		pthread_join(thread[i], NULL);
	}
}

static int say_all(const struct testing *testing, FILE *out)
{
	uint32_t passed = 0, failed = 0, count = tw_rules_test_count(testing->rules);
	for (uint32_t i = 0; i < count; i++) {
		const struct result *result = &testing->result[i];
		passed += result->ran && result->passed;
		failed += result->ran && !result->passed;
		if (result->text) {
			fputs(result->text, out);
		}
	}
	if (!testing->request->json && !testing->request->quiet) {
		fprintf(out, "%u passed, %u failed\n", passed, failed);
	}
	return failed ? TW_EXIT_DATA : TW_EXIT_OK;
}

static int test_all(const struct tw_snapshot *snapshot, const struct tw_rules_request *request, FILE *out)
{
	struct testing testing = {.snapshot = snapshot, .rules = tw_snapshot_rules(snapshot), .request = request, .lock = PTHREAD_MUTEX_INITIALIZER};
	uint32_t count = tw_rules_test_count(testing.rules);
	testing.result = calloc((size_t)count + 1, sizeof(*testing.result));
	if (!testing.result) {
		testing.code = tw_fail(&testing.err, TW_E_MEMORY, TW_STOP, "no memory for rule tests", NULL, NULL);
	} else {
		run_all(&testing);
	}
	int result = testing.code == TW_OK ? say_all(&testing, out) : tw_rules_complain(&testing.err);
	for (uint32_t i = 0; testing.result && i < count; i++) {
		free(testing.result[i].text);
	}
	free(testing.result);
	pthread_mutex_destroy(&testing.lock);
	return result;
}

int tw_rules_test_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err;
	if (tw_rules_snapshot(settings, request, &snapshot, &err) != TW_OK) {
		return tw_rules_complain(&err);
	}
	int result = test_all(snapshot, request, out);
	tw_snapshot_free(snapshot);
	return result;
}
