/**
 * @file rules_diff.c
 * `tidewaiter rules diff OLD NEW`: what two editions of rules differ in, as text or one JSON object a rule.
 */
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/emit/json.h"
#include "engine/run/rules_command.h"
#include "rules/diff.h"

#define ARENA_BLOCK_BYTES 65536U
#define SHOWN_BYTES       200U

static const char *const kind_words[] = {"", "added", "removed", "changed"};

static enum tw_code edition(const struct tw_settings *settings, const char *path, struct tw_rules **out, struct tw_error *err)
{
	const char *words[] = {"diff", path};
	const struct tw_rules_request one = {.words = words, .word_count = 2};
	struct tw_list sources = {NULL, 0, 0};
	struct tw_arena arena;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_rules_read(settings, &one, &arena, NULL, &sources, err);
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

static void say_text(FILE *out, const struct tw_rule_difference *difference)
{
	const struct tw_rule *rule = difference->now ? difference->now : difference->old;
	const struct tw_rule_change *change = difference->changes.data;
	fprintf(out, "%s %s: %s (%s%d points)\n", kind_words[difference->kind], rule->info.id.ptr, rule->info.title.ptr,
	        rule->info.points_vary ? "up to " : "", rule->info.points);
	for (uint32_t i = 0; i < difference->changes.count; i++) {
		fprintf(out, "  %.*s\n", (int)change[i].at.len, change[i].at.ptr);
		side(out, '-', change[i].old);
		side(out, '+', change[i].now);
	}
	if (difference->unraised) {
		fprintf(out, "  version %u was not raised\n", rule->info.version);
	}
}

static enum tw_code say_json(FILE *out, const struct tw_rule_difference *difference, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_rule *rule = difference->now ? difference->now : difference->old;
	const struct tw_rule_change *change = difference->changes.data;
	struct tw_json json;
	struct tw_slice text;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "rule", rule->info.id);
	tw_json_text_member(&json, "kind", tw_slice_str(kind_words[difference->kind]));
	tw_json_key(&json, "version_unraised");
	tw_json_flag(&json, difference->unraised);
	tw_json_key(&json, "changes");
	tw_json_array(&json);
	for (uint32_t i = 0; i < difference->changes.count; i++) {
		tw_json_object(&json);
		tw_json_text_member(&json, "at", change[i].at);
		tw_json_text_member(&json, "old", change[i].old);
		tw_json_text_member(&json, "new", change[i].now);
		tw_json_object_end(&json);
	}
	tw_json_array_end(&json);
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

static int say(const struct tw_rules_request *request, FILE *out, const struct tw_list *differences, struct tw_arena *arena)
{
	const struct tw_rule_difference *difference = differences->data;
	struct tw_error err;
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
	return differences->count ? TW_EXIT_DIFFERS : TW_EXIT_OK;
}

int tw_rules_diff_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct tw_rules *old = NULL, *now = NULL;
	struct tw_list differences = {NULL, 0, 0};
	struct tw_arena arena;
	struct tw_error err;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = edition(settings, request->words[1], &old, &err);
	code = code == TW_OK ? edition(settings, request->words[2], &now, &err) : code;
	code = code == TW_OK ? tw_rules_diff(old, now, &arena, &differences, &err) : code;
	int result = code == TW_OK ? say(request, out, &differences, &arena) : tw_rules_complain(&err);
	tw_arena_fini(&arena);
	tw_rules_free(old);
	tw_rules_free(now);
	return result;
}
