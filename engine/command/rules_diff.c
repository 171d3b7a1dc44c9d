/**
 * @file rules_diff.c
 * `tidewaiter rules diff OLD NEW`: what two editions of rules differ in, as text or one JSON object a rule.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/emit/json.h"
#include "engine/command/rules_command.h"
#include "rules/diff.h"

#define ARENA_BLOCK_BYTES 65536U
#define SHOWN_BYTES       200U

static const char *const shared_words[] = {"", "set", "macro", "band"};
static const char *const kind_words[] = {"", "added", "removed", "changed"};

static enum tw_code edition(const struct tw_settings *settings, const char *path, struct tw_rules **out, struct tw_error *err)
{
	const char *words[] = {"diff", path};
	const struct tw_rules_request one = {.words = words, .word_count = 2};
	struct tw_list sources = {NULL, 0, 0};
	struct tw_arena arena;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_rules_read(settings, &one, &arena, NULL, NULL, &sources, err);
	code = code == TW_OK ? tw_rules_load_sources(sources.data, sources.count, NULL, out, err) : code;
	tw_arena_fini(&arena);
	return code;
}

static void side(FILE *out, char sign, struct tw_slice text)
{
	struct tw_slice shown = tw_json_cut(text, SHOWN_BYTES);
	if (text.len) {
		fprintf(out, "    %c %.*s%s\n", sign, (int)shown.len, shown.ptr, shown.len < text.len ? "..." : "");
	}
}

static void say_changes(FILE *out, const struct tw_list *changes)
{
	const struct tw_rule_change *change = changes->data;
	for (uint32_t i = 0; i < changes->count; i++) {
		fprintf(out, "  %.*s\n", (int)change[i].at.len, change[i].at.ptr);
		side(out, '-', change[i].old);
		side(out, '+', change[i].now);
	}
}

static void say_text(FILE *out, const struct tw_rule_difference *difference)
{
	const struct tw_rule *rule = difference->now ? difference->now : difference->old;
	fprintf(out, "%s %s: %s (%s%d points)\n", kind_words[difference->kind], rule->info.id.ptr, rule->info.title.ptr,
	        rule->info.points_vary ? "up to " : "", rule->info.points);
	say_changes(out, &difference->changes);
	if (difference->unraised) {
		fprintf(out, "  version %u was not raised\n", rule->info.version);
	}
}

static void json_changes(struct tw_json *json, const struct tw_list *changes)
{
	const struct tw_rule_change *change = changes->data;
	tw_json_key(json, "changes");
	tw_json_array(json);
	for (uint32_t i = 0; i < changes->count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "at", change[i].at);
		tw_json_text_member(json, "old", change[i].old);
		tw_json_text_member(json, "new", change[i].now);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void say_shared(FILE *out, const struct tw_shared_difference *shared)
{
	const struct tw_slice *id = shared->reached.data;
	fprintf(out, "changed %s%s%s, which reaches %u rule%s:", shared_words[shared->kind], shared->kind == TW_SHARED_SET ? " $" : " ", shared->name.ptr, shared->reached.count,
	        shared->reached.count == 1 ? "" : "s");
	for (uint32_t i = 0; i < shared->reached.count; i++) {
		fprintf(out, "%s %s", i ? "," : "", id[i].ptr);
	}
	fputc('\n', out);
	say_changes(out, &shared->changes);
}

static enum tw_code say_shared_json(FILE *out, const struct tw_shared_difference *shared, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice *id = shared->reached.data;
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, shared_words[shared->kind], shared->name);
	tw_json_text_member(&json, "kind", tw_slice_str("changed"));
	tw_json_key(&json, "reaches");
	tw_json_array(&json);
	for (uint32_t i = 0; i < shared->reached.count; i++) {
		tw_json_text(&json, id[i]);
	}
	tw_json_array_end(&json);
	json_changes(&json, &shared->changes);
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	return code;
}

static enum tw_code say_json(FILE *out, const struct tw_rule_difference *difference, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_rule *rule = difference->now ? difference->now : difference->old;
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "rule", rule->info.id);
	tw_json_text_member(&json, "kind", tw_slice_str(kind_words[difference->kind]));
	tw_json_key(&json, "version_unraised");
	tw_json_flag(&json, difference->unraised);
	json_changes(&json, &difference->changes);
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	return code;
}

static void say_counts(FILE *out, const struct tw_rule_difference *difference, uint32_t count)
{
	uint32_t kinds[4] = {0, 0, 0, 0};
	for (uint32_t i = 0; i < count; i++) {
		kinds[difference[i].kind]++;
	}
	fprintf(out, "%u added, %u removed, %u changed\n", kinds[TW_RULE_ADDED], kinds[TW_RULE_REMOVED], kinds[TW_RULE_CHANGED]);
}

static int say(const struct tw_rules_request *request, FILE *out, const struct tw_list *differences, const struct tw_list *shared,
               struct tw_arena *arena)
{
	const struct tw_rule_difference *difference = differences->data;
	const struct tw_shared_difference *named = shared->data;
	struct tw_error err;
	for (uint32_t i = 0; i < shared->count; i++) {
		if (!request->json) {
			say_shared(out, &named[i]);
		} else if (say_shared_json(out, &named[i], arena, &err) != TW_OK) {
			return tw_rules_complain(&err);
		}
	}
	for (uint32_t i = 0; i < differences->count; i++) {
		if (!request->json) {
			say_text(out, &difference[i]);
		} else if (say_json(out, &difference[i], arena, &err) != TW_OK) {
			return tw_rules_complain(&err);
		}
	}
	if (!request->json && !request->quiet) {
		say_counts(out, difference, differences->count);
	}
	if (!request->json && !request->quiet && differences->count) {
		fflush(out); /* behind it, where both go to one place */
		fprintf(stderr, "what would change: tidewaiter rules backtest %s --against %s --over EVENTS\n", request->words[2], request->words[1]);
	}
	return differences->count ? TW_EXIT_DIFFERS : TW_EXIT_OK;
}

int tw_rules_diff_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_rules *old = NULL, *now = NULL;
	struct tw_list differences = {NULL, 0, 0}, shared = {NULL, 0, 0};
	struct tw_arena arena;
	struct tw_error err;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = edition(settings, request->words[1], &old, &err);
	code = code == TW_OK ? edition(settings, request->words[2], &now, &err) : code;
	code = code == TW_OK ? tw_rules_diff(old, now, &arena, &differences, &err) : code;
	code = code == TW_OK ? tw_rules_diff_shared(old, now, &arena, &shared, &err) : code;
	int result = code == TW_OK ? say(request, out, &differences, &shared, &arena) : tw_rules_complain(&err);
	tw_arena_fini(&arena);
	tw_rules_free(old);
	tw_rules_free(now);
	return result;
}
