/**
 * @file rules_coverage.c
 * `tidewaiter rules coverage`: what no test touches, by rule and named set; as text or JSON; a floor for builds.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/emit/json.h"
#include "engine/run/rule_test.h"
#include "engine/command/rules_command.h"
#include "rules/canon.h"
#include "rules/coverage.h"

#define ARENA_BLOCK_BYTES 65536U

struct covering {
	struct tw_coverage coverage;
	struct tw_arena arena;
	const struct tw_rules_request *request;
	FILE *out;
	bool json;
	struct tw_json *writer;
};

/* Rounded down: 100.0 is said of all alone. */
static uint32_t permille(struct tw_coverage_tally tally)
{
	return tally.all ? (uint32_t)((uint64_t)tally.touched * 1000 / tally.all) : 1000;
}

static bool wanted(const struct covering *covering, struct tw_slice rule)
{
	return !covering->request->rule || tw_slice_is(rule, covering->request->rule);
}

/* Every test, also of rules that are not asked about: named sets belong to all. */
static enum tw_code run_tests(struct covering *covering, const struct tw_snapshot *snapshot, struct tw_error *err)
{
	struct tw_rule_test_bench *bench = NULL;
	struct tw_rule_test_outcome outcome;
	struct tw_rule_trace mark = tw_coverage_mark(&covering->coverage);
	enum tw_code code = tw_rule_test_bench_new(snapshot, &bench, err);
	for (uint32_t i = 0; code == TW_OK && i < tw_rules_test_count(covering->coverage.rules); i++) {
		code = tw_rule_test_one(bench, tw_rules_test(covering->coverage.rules, i), &mark, &outcome, err);
	}
	tw_rule_test_bench_free(bench);
	return code;
}

/* ---- one thing that no test touches ---- */

static void hole(struct covering *covering, const char *file, struct tw_mark mark, const char *what, struct tw_slice of)
{
	struct tw_slice shown = tw_json_cut(of, 100);
	if (!covering->json) {
		fprintf(covering->out, "  %s:%u:%u: %s%.*s%s\n", file, mark.line, mark.column, what, (int)shown.len, shown.len ? shown.ptr : "",
		        shown.len < of.len ? "..." : "");
		return;
	}
	tw_json_object(covering->writer);
	tw_json_text_member(covering->writer, "file", tw_slice_str(file));
	tw_json_integer_member(covering->writer, "line", mark.line);
	tw_json_integer_member(covering->writer, "column", mark.column);
	tw_json_text_member(covering->writer, "what", tw_slice_str(what));
	tw_json_text_member(covering->writer, "of", of);
	tw_json_object_end(covering->writer);
}

static void member_holes(struct covering *covering, const char *file, struct tw_mark mark, const struct tw_coverage_members *members)
{
	for (uint32_t i = 0; i < members->count; i++) {
		if (!members->met[i]) {
			hole(covering, file, mark, "no test meets ", tw_coverage_member_text(&covering->coverage, members, i));
		}
	}
}

static void step_holes(struct covering *covering, const struct tw_rule *rule, const bool *step)
{
	const struct tw_yaml *row = step ? tw_yaml_member(tw_yaml_member(rule->root, "points"), "table") : NULL;
	row = row ? row->first : NULL;
	for (uint32_t i = 0; row; i++, row = row->next) {
		if (!step[i]) {
			hole(covering, rule->file, row->mark, "no test reaches ", tw_canon_written(row, &covering->arena));
		}
	}
}

/* A condition of a macro stands in the macro's file. */
static void node_holes(struct covering *covering, const struct tw_rule *rule, const struct tw_rule_node *node, const struct tw_coverage_node *seen)
{
	const char *file = node->source ? node->source->file : rule->file;
	struct tw_mark mark = node->source ? node->source->mark : rule->mark;
	struct tw_slice words = tw_trace_words(node, &covering->arena);
	if (!seen->was_true) {
		hole(covering, file, mark, seen->was_false ? "never true: " : "never asked: ", words);
	}
	if (!seen->was_false && seen->was_true) {
		hole(covering, file, mark, "never false: ", words);
	}
	if (seen->members && !seen->members->set) {
		member_holes(covering, file, mark, seen->members);
	}
}

static void rule_holes(struct covering *covering, uint32_t at)
{
	const struct tw_rule *rule = &covering->coverage.rules->rule[at];
	for (uint32_t n = 0; n < rule->explain[0].end; n++) {
		node_holes(covering, rule, &rule->explain[n], &covering->coverage.node[at][n]);
	}
	step_holes(covering, rule, covering->coverage.step[at]);
}

/* ---- rules, sets, all ---- */

static enum tw_code entry_begin(struct covering *covering, struct tw_json *writer, const char *kind, struct tw_slice name,
                                struct tw_coverage_tally tally)
{
	if (!covering->json) {
		if (tally.touched < tally.all) {
			fprintf(covering->out, "%.*s: %u of %u, %u.%u%%\n", (int)name.len, name.ptr, tally.touched, tally.all, permille(tally) / 10,
			        permille(tally) % 10);
		}
		return TW_OK;
	}
	covering->writer = writer;
	tw_json_begin(writer, &covering->arena);
	tw_json_object(writer);
	tw_json_text_member(writer, kind, name);
	tw_json_integer_member(writer, "touched", tally.touched);
	tw_json_integer_member(writer, "all", tally.all);
	tw_json_key(writer, "untouched");
	tw_json_array(writer);
	return TW_OK;
}

static enum tw_code entry_end(struct covering *covering, struct tw_error *err)
{
	struct tw_slice text;
	if (!covering->json) {
		return TW_OK;
	}
	tw_json_array_end(covering->writer);
	tw_json_object_end(covering->writer);
	enum tw_code code = tw_json_end(covering->writer, &text, err);
	if (code == TW_OK) {
		fprintf(covering->out, "%s\n", text.ptr);
	}
	return code;
}

static enum tw_code say_rules(struct covering *covering, struct tw_error *err)
{
	const struct tw_rules *rules = covering->coverage.rules;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < rules->count; i++) {
		struct tw_json writer;
		if (wanted(covering, rules->rule[i].info.id)) {
			code = entry_begin(covering, &writer, "rule", rules->rule[i].info.id, tw_coverage_of(&covering->coverage, i));
			rule_holes(covering, i);
			code = code == TW_OK ? entry_end(covering, err) : code;
		}
	}
	return code;
}

static enum tw_code say_sets(struct covering *covering, struct tw_error *err)
{
	struct tw_coverage_members *const *shared = covering->coverage.shared.data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < covering->coverage.shared.count; i++) {
		const struct tw_rule_set *set = shared[i]->set;
		struct tw_json writer;
		code =
		    entry_begin(covering, &writer, "set", tw_arena_format(&covering->arena, "$%s", set->name.ptr), tw_coverage_members_of(shared[i]));
		member_holes(covering, set->file, set->mark, shared[i]);
		code = code == TW_OK ? entry_end(covering, err) : code;
	}
	return code;
}

static struct tw_coverage_tally total_of(const struct covering *covering)
{
	const struct tw_rules *rules = covering->coverage.rules;
	if (covering->request->rule) {
		return tw_coverage_of(&covering->coverage, tw_rules_find(rules, tw_slice_str(covering->request->rule)));
	}
	return tw_coverage_total(&covering->coverage);
}

static int say(struct covering *covering, struct tw_error *err)
{
	struct tw_coverage_tally total = total_of(covering);
	enum tw_code code = say_rules(covering, err);
	code = code == TW_OK && !covering->request->rule ? say_sets(covering, err) : code;
	if (code != TW_OK) {
		return tw_rules_complain(err);
	}
	if (covering->json) {
		fprintf(covering->out, "{\"total\":{\"touched\":%u,\"all\":%u}}\n", total.touched, total.all);
	} else if (!covering->request->quiet) {
		fprintf(covering->out, "%u of %u branches and members, %u.%u%%\n", total.touched, total.all, permille(total) / 10,
		        permille(total) % 10);
	}
	return permille(total) < covering->request->percent_min * 10 ? TW_EXIT_DIFFERS : TW_EXIT_OK;
}

int tw_rules_coverage_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct covering covering = {.request = request, .out = out, .json = request->json};
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err;
	if (tw_rules_snapshot(settings, request, &snapshot, &err) != TW_OK) {
		return tw_rules_complain(&err);
	}
	tw_arena_init(&covering.arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_coverage_init(&covering.coverage, tw_snapshot_rules(snapshot), &covering.arena, &err);
	code = code == TW_OK ? run_tests(&covering, snapshot, &err) : code;
	int result = code == TW_OK ? say(&covering, &err) : tw_rules_complain(&err);
	tw_arena_fini(&covering.arena);
	tw_snapshot_free(snapshot);
	return result;
}
