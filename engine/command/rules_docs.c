/**
 * @file rules_docs.c
 * `tidewaiter rules docs`: a catalogue of rules by pack. What each looks for, why, from which source, what it is worth, when it is wrong, and an
 * example: its first test that fires, run, with the sentence that an officer would read.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/event/shape.h"
#include "engine/run/rule_test.h"
#include "engine/command/rules_command.h"
#include "engine/command/rules_page.h"
#include "rules/canon.h"
#include "rules/trace.h"

#define ARENA_BLOCK_BYTES 65536U

static const char *const status_words[] = {"", "draft: not evaluated", "shadow: evaluated, not counted", "active", "deprecated: not evaluated"};
static const char *const action_words[] = {"", "inform", "score", "documents", "examine", "hold"};

struct docs {
	const struct tw_rules *rules;
	struct tw_rule_test_bench *bench;
	struct tw_page page;
	struct tw_arena arena;
	const struct tw_rule **order; /* by pack, then id */
	const char *only;             /* NULL: all rules */
};

/* ---- packs ---- */

/* The folder that the file stands in. */
static struct tw_slice pack_of(const struct tw_rule *rule)
{
	const char *end = strrchr(rule->file, '/'), *begin = end;
	if (!end) {
		return tw_slice_str("rules");
	}
	while (begin > rule->file && begin[-1] != '/') {
		begin--;
	}
	return (struct tw_slice){begin, (uint32_t)(end - begin)};
}

static int by_pack(const void *left, const void *right)
{
	const struct tw_rule *const *a = left, *const *b = right;
	int order = tw_slice_compare(pack_of(*a), pack_of(*b));
	return order ? order : tw_slice_compare((*a)->info.id, (*b)->info.id);
}

static bool in_order(struct docs *docs)
{
	docs->order = tw_arena_alloc(&docs->arena, docs->rules->count * sizeof(const struct tw_rule *));
	for (uint32_t i = 0; docs->order && i < docs->rules->count; i++) {
		docs->order[i] = &docs->rules->rule[i];
	}
	if (docs->order && docs->rules->count) {
		qsort(docs->order, docs->rules->count, sizeof(*docs->order), by_pack);
	}
	return docs->order != NULL;
}

static bool shown(const struct docs *docs, const struct tw_rule *rule)
{
	return !docs->only || tw_slice_is(rule->info.id, docs->only);
}

/* ---- one rule ---- */

static struct tw_slice member(const struct tw_rule *rule, const char *key)
{
	const struct tw_yaml *node = tw_yaml_member(rule->root, key);
	return node && node->kind == TW_YAML_SCALAR ? node->text : tw_slice_str("");
}

static void source_rows(struct docs *docs, const struct tw_rule *rule)
{
	const struct tw_yaml *source = tw_yaml_member(rule->root, "source");
	if (source && source->kind == TW_YAML_SCALAR) {
		tw_page_row(&docs->page, "Source", source->text);
	}
	for (const struct tw_yaml *item = source && source->kind == TW_YAML_SEQUENCE ? source->first : NULL; item; item = item->next) {
		tw_page_row(&docs->page, "Source", item->text);
	}
}

static const char *const lane_words[] = {"", "at least red", "at least yellow", "at least blue"}; /* of enum tw_lane */

/* Points that vary are shown as they were written, after their span. */
static void worth_row(struct docs *docs, const struct tw_rule *rule)
{
	const struct tw_rule_info *info = &rule->info;
	struct tw_slice by = {"", 0};
	if (info->points_vary) {
		by = tw_canon_written(tw_yaml_member(rule->root, "points"), &docs->arena);
		by = tw_arena_format(&docs->arena, ", by %.*s", (int)by.len, by.ptr ? by.ptr : "");
	}
	struct tw_slice least = info->points_vary ? tw_arena_format(&docs->arena, "%d to ", info->points_least) : tw_slice_str("");
	tw_page_row(&docs->page, "Worth",
	            tw_arena_format(&docs->arena, "%s%d points, group %s%s", least.ptr, info->points, info->group.ptr, by.ptr ? by.ptr : ""));
}

static struct tw_slice settles_text(struct docs *docs, const struct tw_rule_info *info)
{
	struct tw_slice text = tw_slice_str("");
	for (uint32_t i = 0; i < info->settle_count; i++) {
		text = tw_arena_format(&docs->arena, "%s%s%s", text.ptr ? text.ptr : "", i ? ", " : "what was said by ", info->settles[i].ptr);
	}
	return text;
}

static void head_rows(struct docs *docs, const struct tw_rule *rule)
{
	const struct tw_rule_info *info = &rule->info;
	worth_row(docs, rule);
	tw_page_row(&docs->page, "Action", tw_slice_str(action_words[info->action]));
	tw_page_row(&docs->page, "Lane", tw_slice_str(lane_words[info->lane]));
	tw_page_row(&docs->page, "Severity", tw_arena_format(&docs->arena, "%u of 5", info->severity));
	tw_page_row(&docs->page, "Status", tw_arena_format(&docs->arena, "%s, version %u", status_words[info->status], info->version));
	tw_page_row(&docs->page, "Owner",
	            tw_arena_format(&docs->arena, "%s%s%s", member(rule, "owner").ptr, member(rule, "created").len ? ", since " : "",
	                            member(rule, "created").ptr));
	source_rows(docs, rule);
	tw_page_row(&docs->page, "Legal basis", info->legal_basis);
	if (info->hold_days) {
		tw_page_row(&docs->page, "Hold", tw_arena_format(&docs->arena, "at most %u days", info->hold_days));
	}
	if (info->settle_count) {
		tw_page_row(&docs->page, "Closes", settles_text(docs, info));
	}
	tw_page_row(&docs->page, "Wrong when", member(rule, "false_positives"));
	tw_page_rows_end(&docs->page);
}

static void conditions_say(struct docs *docs, const struct tw_rule_node *nodes, uint32_t at, unsigned margin, FILE *out)
{
	struct tw_slice words = tw_trace_words(&nodes[at], &docs->arena);
	fprintf(out, "%*s%.*s\n", (int)margin, "", (int)words.len, words.len ? words.ptr : "");
	bool one = tw_yaml_member(nodes[at].source, "within") != NULL; /* two comparisons that an author wrote as one */
	for (uint32_t child = at + 1; !one && child < nodes[at].end; child = nodes[child].end) {
		conditions_say(docs, nodes, child, margin + 2, out);
	}
}

static enum tw_code conditions(struct docs *docs, const struct tw_rule *rule, struct tw_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	if (!out) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the catalogue", NULL, NULL);
	}
	conditions_say(docs, rule->explain, 0, 0, out);
	fclose(out);
	tw_page_paragraph(&docs->page, tw_arena_format(&docs->arena, "Looks at every %s for:", tw_family_name(rule->family)));
	tw_page_code(&docs->page, (struct tw_slice){text, (uint32_t)size});
	free(text);
	return TW_OK;
}

static const struct tw_rule_test *example_of(const struct docs *docs, const struct tw_rule *rule)
{
	for (uint32_t i = 0; i < docs->rules->test_count; i++) {
		if (docs->rules->test[i].fires && tw_slice_equal(docs->rules->test[i].rule, rule->info.id)) {
			return &docs->rules->test[i];
		}
	}
	return NULL;
}

static enum tw_code example(struct docs *docs, const struct tw_rule *rule, struct tw_error *err)
{
	const struct tw_rule_test *test = example_of(docs, rule);
	struct tw_rule_test_outcome outcome;
	enum tw_code code = test ? tw_rule_test_one(docs->bench, test, NULL, &outcome, err) : TW_OK;
	if (!test || code != TW_OK) {
		return code;
	}
	tw_page_paragraph(
	    &docs->page,
	    tw_arena_format(&docs->arena, "Example: %s%s", test->name.ptr,
	                    test->given_count ? tw_arena_format(&docs->arena, " (after %u earlier events)", test->given_count).ptr : ""));
	tw_page_code(&docs->page, tw_arena_format(&docs->arena, "%s\n", test->event.ptr));
	for (uint32_t i = 0; i < outcome.findings.count; i++) {
		if (tw_slice_equal(outcome.findings.finding[i].rule->id, rule->info.id)) {
			tw_page_row(&docs->page, "The officer reads", outcome.findings.finding[i].because);
		}
	}
	tw_page_rows_end(&docs->page);
	return TW_OK;
}

static enum tw_code rule_say(struct docs *docs, const struct tw_rule *rule, struct tw_error *err)
{
	struct tw_arena_mark mark = tw_arena_mark(&docs->arena);
	tw_page_heading(&docs->page, 3, rule->info.title, rule->info.id);
	tw_page_paragraph(&docs->page, rule->info.id);
	head_rows(docs, rule);
	enum tw_code code = conditions(docs, rule, err);
	code = code == TW_OK ? example(docs, rule, err) : code;
	tw_arena_rewind(&docs->arena, mark);
	return code;
}

/* ---- the page ---- */

static void contents(struct docs *docs)
{
	for (uint32_t i = 0; i < docs->rules->count; i++) {
		const struct tw_rule *rule = docs->order[i];
		if (shown(docs, rule)) {
			tw_page_link(&docs->page, rule->info.id, rule->info.id, rule->info.title);
		}
	}
	tw_page_links_end(&docs->page);
}

static enum tw_code say_all(struct docs *docs, struct tw_error *err)
{
	struct tw_slice pack = {NULL, 0};
	enum tw_code code = TW_OK;
	tw_page_begin(&docs->page, "Rules");
	contents(docs);
	for (uint32_t i = 0; code == TW_OK && i < docs->rules->count; i++) {
		const struct tw_rule *rule = docs->order[i];
		if (!shown(docs, rule)) {
			continue;
		}
		if (!tw_slice_equal(pack, pack_of(rule))) {
			pack = pack_of(rule);
			tw_page_heading(&docs->page, 2, pack, tw_slice_str(""));
		}
		code = rule_say(docs, rule, err);
	}
	tw_page_end(&docs->page);
	return code;
}

int tw_rules_docs_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct docs docs = {.page = {out, request->format && strcmp(request->format, "html") == 0}, .only = request->rule};
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err;
	enum tw_code code = tw_rules_snapshot(settings, request, &snapshot, &err);
	if (code != TW_OK) {
		return tw_rules_complain(&err);
	}
	docs.rules = tw_snapshot_rules(snapshot);
	tw_arena_init(&docs.arena, ARENA_BLOCK_BYTES, 0);
	code = tw_rule_test_bench_new(snapshot, &docs.bench, &err);
	if (code == TW_OK && !in_order(&docs)) {
		code = tw_fail(&err, TW_E_MEMORY, TW_STOP, "no memory for the catalogue", NULL, NULL);
	}
	code = code == TW_OK ? say_all(&docs, &err) : code;
	tw_rule_test_bench_free(docs.bench);
	tw_arena_fini(&docs.arena);
	tw_snapshot_free(snapshot);
	return code == TW_OK ? TW_EXIT_OK : tw_rules_complain(&err);
}
