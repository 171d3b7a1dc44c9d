/**
 * @file rules_explain.c
 * `tidewaiter rules explain RULE EVENT`: a rule's conditions on one event, each true or false with the value that it saw.
 * `tidewaiter rules explain ALERT EVENTS`: the same of every rule that gave the alert its reasons, on the event that raised it.
 *
 * The event meets what `screen` would use: the configured lists, embargoes and registers. Earlier events of the file are its history.
 */
#include <string.h>

#include "engine/base/arena.h"
#include "engine/run/assemble.h"
#include "engine/command/rules_alert.h"
#include "engine/run/rule_test.h"
#include "engine/command/rules_command.h"
#include "engine/command/rules_events.h"
#include "engine/command/rules_tree.h"
#include "engine/command/top_rows.h"

#define ARENA_BLOCK_BYTES 65536U

struct explaining {
	const struct tw_rules_request *request;
	struct tw_arena arena;
	struct tw_snapshot *snapshot;
	struct tw_rule_test_bench *bench;
	struct tw_rule_test test;
	FILE *out;
};

static const struct tw_finding *finding_of(const struct tw_rule_test_outcome *outcome, struct tw_slice rule)
{
	for (uint32_t i = 0; i < outcome->findings.count; i++) {
		if (tw_slice_equal(outcome->findings.finding[i].rule->id, rule)) {
			return &outcome->findings.finding[i];
		}
	}
	return NULL;
}

static void say_text(struct explaining *explaining, const struct tw_rule_test_outcome *outcome, const struct tw_trace_tree *tree)
{
	const struct tw_rule_info *info =
	    tw_rules_info(tw_snapshot_rules(explaining->snapshot), tw_rules_find(tw_snapshot_rules(explaining->snapshot), explaining->test.rule));
	const struct tw_finding *finding = finding_of(outcome, info->id);
	fprintf(explaining->out, "%s %s\n", info->id.ptr, outcome->fired ? "fires" : "does not fire");
	if (finding && finding->rule->points_vary) {
		fprintf(explaining->out, "  %d points of %d to %d\n", finding->points, finding->rule->points_least, finding->rule->points);
	}
	if (finding && finding->rule->lane) {
		fprintf(explaining->out, "  the lane is at least %s\n", tw_top_lane_word(finding->rule->lane));
	}
	if (finding) {
		fprintf(explaining->out, "  %.*s\n", (int)finding->because.len, finding->because.ptr);
	} else if (outcome->fired) {
		fputs("  but is not active: in an alert it would not count\n", explaining->out);
	}
	if (tree->root) {
		tw_rules_tree_say(tree->root, 2, tree->arena, explaining->out);
	} else {
		fputs("  it does not listen to events of this type, or the event is a copy of an earlier one\n", explaining->out);
	}
}

static enum tw_code say_json(struct explaining *explaining, const struct tw_rule_test_outcome *outcome, const struct tw_trace_tree *tree,
                             struct tw_error *err)
{
	const struct tw_finding *finding = finding_of(outcome, explaining->test.rule);
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, tree->arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "rule", explaining->test.rule);
	tw_json_key(&json, "fires");
	tw_json_flag(&json, outcome->fired);
	tw_json_text_member(&json, "because", finding ? finding->because : tw_slice_str(""));
	if (finding) {
		tw_json_integer_member(&json, "points", tw_finding_points(finding));
	}
	if (tree->root) {
		tw_json_key(&json, "conditions");
		tw_rules_tree_json(&json, tree->root, tree->arena);
	}
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(explaining->out, "%s\n", text.ptr);
	}
	return code;
}

static enum tw_code explain(struct explaining *explaining, bool *fires, struct tw_error *err)
{
	struct tw_rule_test_outcome outcome;
	struct tw_trace_tree tree = {.arena = &explaining->arena};
	struct tw_rule_trace trace = tw_trace_into(&tree);
	enum tw_code code = tw_rule_test_one(explaining->bench, &explaining->test, &trace, &outcome, err);
	if (code != TW_OK) {
		return code;
	}
	if (outcome.refused.len) {
		return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "the event cannot be used", explaining->request->words[2], "%.*s",
		               (int)outcome.refused.len, outcome.refused.ptr);
	}
	*fires = outcome.fired;
	if (explaining->request->json) {
		return say_json(explaining, &outcome, &tree, err);
	}
	say_text(explaining, &outcome, &tree);
	return TW_OK;
}

/* RULE is the id of a configured rule, or the file of one: then that file is the configuration. */
static enum tw_code snapshot_for(struct explaining *explaining, const struct tw_settings *settings, struct tw_error *err)
{
	struct tw_settings own = *settings; /* nothing of it is freed here */
	const char *rule = explaining->request->words[1], *slash = strrchr(rule, '/');
	size_t length = strlen(rule);
	if (length > 5 && strcmp(rule + length - 5, ".yaml") == 0) {
		const char *words[] = {"explain", rule};
		const struct tw_rules_request one = {.words = words, .word_count = 2};
		enum tw_code code = tw_rules_paths_of(settings, &one, &explaining->arena, &own.rule_paths, err);
		if (code != TW_OK) {
			return code;
		}
		rule = tw_arena_format(&explaining->arena, "%.*s", (int)(length - 5 - (slash ? (size_t)(slash + 1 - rule) : 0)),
		                       slash ? slash + 1 : rule)
		           .ptr;
	}
	explaining->test.rule = tw_slice_str(rule ? rule : "");
	enum tw_code code = tw_engine_snapshot_make(&own, NULL, false, NULL, &explaining->snapshot, err);
	return code == TW_OK ? tw_rules_there(tw_snapshot_rules(explaining->snapshot), explaining->test.rule, err) : code;
}

/* ---- an alert ---- */

/* What has changed since the alert was raised, in so many words: the tree below is today's. */
static void say_version(struct explaining *explaining, const struct tw_reason_view *reason, const struct tw_rule_info *info)
{
	if (!explaining->request->json && reason->version != (int64_t)info->version) {
		fprintf(explaining->out, "%s: the alert has version %lld, here is %u\n", info->id.ptr, (long long)reason->version, info->version);
	}
}

static enum tw_code reason_explain(struct explaining *explaining, const struct tw_reason_view *reason, bool *fires, struct tw_error *err)
{
	const struct tw_rules *rules = tw_snapshot_rules(explaining->snapshot);
	uint32_t at = tw_rules_find(rules, reason->rule);
	*fires = false;
	if (at == tw_rules_count(rules)) {
		if (!explaining->request->json) {
			fprintf(explaining->out, "%.*s is not among the rules any more\n", (int)reason->rule.len, reason->rule.ptr);
		}
		return TW_OK;
	}
	say_version(explaining, reason, tw_rules_info(rules, at));
	explaining->test.rule = tw_rules_info(rules, at)->id;
	return explain(explaining, fires, err);
}

/* @param fires true when every reason still stands */
static enum tw_code reasons_explain(struct explaining *explaining, const struct tw_alert_view *alert, bool *fires, struct tw_error *err)
{
	const struct tw_reason_view *reason = alert->reasons.data;
	enum tw_code code = TW_OK;
	*fires = true;
	if (!explaining->request->json) {
		fprintf(explaining->out, "alert %.*s: %.*s, %lld points\n", (int)alert->alert.len, alert->alert.ptr, (int)alert->lane_text.len,
		        alert->lane_text.ptr, (long long)alert->points);
	}
	for (uint32_t i = 0; code == TW_OK && i < alert->reasons.count; i++) {
		bool one = false;
		code = reason_explain(explaining, &reason[i], &one, err);
		*fires &= one;
	}
	return code;
}

/* ---- either ---- */

static enum tw_code run(struct explaining *explaining, const struct tw_settings *settings, bool *fires, struct tw_error *err)
{
	const char *const *words = explaining->request->words;
	struct tw_alert_view alert;
	bool of_alert = tw_rules_alert_is(words[1]);
	enum tw_code code = of_alert ? tw_rules_alert_read(words[1], &explaining->arena, &alert, err) : TW_OK;
	if (code != TW_OK) {
		return code;
	}
	struct tw_rules_event_id asked = {{NULL, 0}, {NULL, 0}};
	if (of_alert) {
		asked = (struct tw_rules_event_id){alert.input.id, alert.input.source};
	}
	code = tw_rules_events_read(words[2], of_alert ? &asked : NULL, &explaining->arena, &explaining->test, err);
	if (code == TW_OK) {
		code = of_alert ? tw_engine_snapshot_make(settings, NULL, false, NULL, &explaining->snapshot, err)
		                : snapshot_for(explaining, settings, err);
	}
	code = code == TW_OK ? tw_rule_test_bench_new(explaining->snapshot, &explaining->bench, err) : code;
	if (code != TW_OK) {
		return code;
	}
	tw_rule_test_bench_real(explaining->bench);
	return of_alert ? reasons_explain(explaining, &alert, fires, err) : explain(explaining, fires, err);
}

int tw_rules_explain_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct explaining explaining = {.request = request, .out = out};
	struct tw_error err;
	bool fires = false;
	tw_arena_init(&explaining.arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = run(&explaining, settings, &fires, &err);
	int result = code != TW_OK ? tw_rules_complain(&err) : fires ? TW_EXIT_OK : TW_EXIT_DIFFERS;
	tw_rule_test_bench_free(explaining.bench);
	if (explaining.snapshot) {
		tw_snapshot_free(explaining.snapshot);
	}
	tw_arena_fini(&explaining.arena);
	return result;
}
