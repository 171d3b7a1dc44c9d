/**
 * @file rules_lint.c
 * `tidewaiter rules lint` and `rules codes`: findings in file order, each with its line and a caret; as text, as JSON, as GitHub reads them.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/command/findings_text.h"
#include "engine/command/rules_command.h"
#include "feeds/reference.h"
#include "rules/codes.h"
#include "rules/lint.h"

#define ARENA_BLOCK_BYTES 65536U
#define UNUSED_SET        "TW-R-0801"

struct kept {
	const struct tw_rule_code *code;
	const char *file;
	uint32_t line, column, order;
	bool warning;
	struct tw_slice text;
};

struct findings {
	struct tw_arena arena;
	struct tw_list kept;    /* struct kept */
	struct tw_list sources; /* struct tw_rule_source */
	struct tw_rules_paths paths;
	uint32_t errors, warnings;
	bool no_memory;
};

static bool is_asked(const struct findings *findings, const char *file)
{
	const char *const *path = findings->paths.at.data;
	for (uint32_t i = findings->paths.asked; i < findings->paths.at.count; i++) {
		if (strcmp(path[i], file) == 0) {
			return false;
		}
	}
	return true;
}

static void keep(void *context, const struct tw_rule_problem *problem)
{
	struct findings *findings = context;
	if (strncmp(problem->code->name, UNUSED_SET, sizeof(UNUSED_SET)) == 0 && !is_asked(findings, problem->file)) {
		return; /* sets came along for the rules that were asked about: the others use the rest of them */
	}
	struct kept *kept = tw_list_push(&findings->arena, &findings->kept, sizeof(*kept));
	struct tw_slice file = tw_arena_copy(&findings->arena, tw_slice_str(problem->file));
	struct tw_slice text = tw_arena_copy(&findings->arena, tw_slice_str(problem->text));
	if (!kept || !file.ptr || !text.ptr) {
		findings->no_memory = true;
		return;
	}
	*kept = (struct kept){problem->code, file.ptr, problem->line, problem->column, findings->kept.count, problem->warning, text};
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *left, const void *right)
{
	const struct kept *a = left, *b = right;
	int order = strcmp(a->file, b->file);
	order = order ? order : compare_numbers(a->line, b->line);
	order = order ? order : compare_numbers(a->column, b->column);
	return order ? order : compare_numbers(a->order, b->order);
}

/* In order, each once: a named set's mistake shows in every rule that uses it. */
static void settle(struct findings *findings)
{
	struct kept *kept = findings->kept.data;
	uint32_t count = 0;
	if (findings->kept.count) {
		qsort(kept, findings->kept.count, sizeof(*kept), by_place);
	}
	for (uint32_t i = 0; i < findings->kept.count; i++) {
		const struct kept *before = count ? &kept[count - 1] : NULL;
		bool again = before && strcmp(before->file, kept[i].file) == 0 && before->line == kept[i].line && before->column == kept[i].column &&
		             tw_slice_equal(before->text, kept[i].text);
		if (!again) {
			findings->errors += !kept[i].warning;
			findings->warnings += kept[i].warning;
			kept[count++] = kept[i];
		}
	}
	findings->kept.count = count;
}

/* ---- as text ---- */

static struct tw_slice line_of(const struct findings *findings, const struct kept *kept)
{
	const struct tw_rule_source *sources = findings->sources.data;
	struct tw_slice none = {NULL, 0};
	for (uint32_t i = 0; kept->line && i < findings->sources.count; i++) {
		const char *at = sources[i].bytes.ptr, *end = at + sources[i].bytes.len;
		if (strcmp(sources[i].name, kept->file) != 0) {
			continue;
		}
		for (uint32_t line = 1; line < kept->line && at < end; line++) {
			const char *newline = memchr(at, '\n', (size_t)(end - at));
			at = newline ? newline + 1 : end;
		}
		const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
		return (struct tw_slice){at, (uint32_t)((newline ? newline : end) - at)};
	}
	return none;
}

static struct tw_finding_text text_of(const struct kept *kept)
{
	return (struct tw_finding_text){kept->code->name, kept->file, kept->line, kept->column, kept->warning, kept->text, kept->code->mend};
}

static enum tw_code say_json(struct findings *findings, FILE *out, struct tw_error *err)
{
	const struct kept *kept = findings->kept.data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < findings->kept.count; i++) {
		const struct tw_finding_text finding = text_of(&kept[i]);
		code = tw_finding_json(&finding, &findings->arena, out, err);
	}
	return code;
}

static enum tw_code say(struct findings *findings, const struct tw_rules_request *request, FILE *out, struct tw_error *err)
{
	const struct kept *kept = findings->kept.data;
	const char *format = request->format ? request->format : request->json ? "json" : "text";
	if (strcmp(format, "json") == 0) {
		return say_json(findings, out, err);
	}
	for (uint32_t i = 0; i < findings->kept.count; i++) {
		const struct tw_finding_text finding = text_of(&kept[i]);
		if (strcmp(format, "github") == 0) {
			tw_finding_github(&finding, out);
		} else {
			tw_finding_show(&finding, line_of(findings, &kept[i]), out);
		}
	}
	if (!request->quiet && strcmp(format, "text") == 0) {
		fprintf(out, "%u error%s, %u warning%s in %u file%s\n", findings->errors, findings->errors == 1 ? "" : "s", findings->warnings,
		        findings->warnings == 1 ? "" : "s", findings->sources.count, findings->sources.count == 1 ? "" : "s");
	}
	return TW_OK;
}

/* ---- all of it ---- */

static bool country(void *context, uint16_t code)
{
	return tw_reference_country(context, code);
}

static bool hs(void *context, struct tw_slice prefix)
{
	return tw_reference_hs_begins(context, prefix);
}

/* @param out the ids, then NULL; NULL where a compiled file holds the lists: their ids are in it, not in the settings */
static enum tw_code list_ids(const struct tw_settings *settings, struct tw_arena *arena, const char *const **out, struct tw_error *err)
{
	const struct tw_list_source *list = settings->lists.data;
	const char **ids = tw_arena_alloc(arena, (settings->lists.count + 1) * sizeof(*ids));
	if (!ids) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for ids of lists", NULL, NULL);
	}
	for (uint32_t i = 0; i < settings->lists.count; i++) {
		ids[i] = list[i].id;
	}
	*out = settings->lists.count && !(settings->compiled_path && settings->compiled_path[0]) ? ids : NULL;
	return TW_OK;
}

static enum tw_code look(const struct tw_settings *settings, const struct tw_rules_request *request, struct findings *findings, struct tw_error *err)
{
	struct tw_reference *reference = NULL;
	const struct tw_rule_sink sink = {keep, findings};
	enum tw_code code = tw_rules_read(settings, request, &findings->arena, &findings->paths, &sink, &findings->sources, err);
	if (code == TW_OK && settings->reference_path && settings->reference_path[0]) {
		code = tw_reference_load(settings->reference_path, &reference, err);
	}
	const char *const *lists = NULL;
	code = code == TW_OK ? list_ids(settings, &findings->arena, &lists, err) : code;
	if (code == TW_OK) {
		const struct tw_lint_world world = {reference, reference ? country : NULL, reference ? hs : NULL, lists};
		code = tw_rules_lint(findings->sources.data, findings->sources.count, &world, &sink, err);
	}
	tw_reference_free(reference);
	if (code == TW_OK && findings->no_memory) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to keep findings", NULL, NULL);
	}
	settle(findings);
	return code;
}

int tw_rules_lint_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct findings findings = {.errors = 0};
	struct tw_error err;
	tw_arena_init(&findings.arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = look(settings, request, &findings, &err);
	code = code == TW_OK ? say(&findings, request, out, &err) : code;
	int result = code != TW_OK ? tw_rules_complain(&err) : findings.errors ? TW_EXIT_DATA : TW_EXIT_OK;
	tw_arena_fini(&findings.arena);
	return result;
}

int tw_rules_codes_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	uint32_t count;
	const struct tw_rule_code *codes = tw_rule_codes(&count);
	(void)settings;
	(void)request;
	fputs("| code | what | how to mend |\n|---|---|---|\n", out);
	for (uint32_t i = 0; i < count; i++) {
		fprintf(out, "| `%s` | %s%s | %s |\n", codes[i].name, codes[i].kind == TW_OK ? "warning: " : "", codes[i].meaning,
		        codes[i].mend ? codes[i].mend : "the message says it");
	}
	return TW_EXIT_OK;
}
