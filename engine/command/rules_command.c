/**
 * @file rules_command.c
 * See rules_command.h. What may be asked, by which word, of which files.
 */
#include "engine/command/rules_command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/base/nearest.h"
#include "rules/ruleset.h"
#include "rules/trace.h"

/* Options that not every part takes. */
enum { RULE = 1, KEY = 2, JSON = 4, CHECK = 8, MIN = 16, HISTORY = 32 };
static const char *const not_taken[] = {
    "this takes no --rule",      "only sign and verify take --key",
    "this takes no --json",      "only fmt takes --check",
    "only coverage takes --min", "only backtest takes --over, --against, --from, --to, --topic, --capacity and --html",
};

#define ANY UINT32_MAX
struct part {
	const char *word;
	int (*run)(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
	uint32_t words_min, words_max; /* operands after the word */
	const char *usage;             /* what to say when there are others */
	const char *formats[4];        /* --format takes these; none: no --format */
	uint32_t options;              /* of those above */
};

static const struct part parts[] = {
    {"lint", tw_rules_lint_run, 0, ANY, NULL, {"text", "json", "github"}, JSON},
    {"test", tw_rules_test_run, 0, ANY, NULL, {NULL}, RULE | JSON},
    {"docs", tw_rules_docs_run, 0, ANY, NULL, {"markdown", "html"}, RULE},
    {"fmt", tw_rules_fmt_run, 1, ANY, "fmt which files or folders?", {NULL}, CHECK},
    {"coverage", tw_rules_coverage_run, 0, ANY, NULL, {NULL}, RULE | JSON | MIN},
    {"diff", tw_rules_diff_run, 2, 2, "diff compares two editions: diff OLD NEW", {NULL}, JSON},
    {"backtest", tw_rules_backtest_run, 1, ANY, "backtest which rules? backtest PACK... --over FILE", {"table", "json"}, JSON | HISTORY},
    {"explain", tw_rules_explain_run, 2, 2, "explain which rule on which event? explain RULE EVENT, or ALERT EVENTS", {NULL}, JSON},
    {"codes", tw_rules_codes_run, 0, 0, "codes takes no paths", {NULL}, 0},
    {"fields", tw_rules_fields_run, 0, 1, "fields of which events? fields [manifest|certificate|marking|outcome|decision]", {NULL}, 0},
    {"keygen", tw_rules_keygen_run, 1, 1, "keygen makes NAME.key and NAME.pub: keygen NAME", {NULL}, 0},
    {"sign", tw_rules_sign_run, 1, 1, "sign which pack? sign PACK --key NAME.key", {NULL}, KEY},
    {"verify", tw_rules_verify_run, 0, ANY, NULL, {NULL}, KEY},
};

static const struct part *part_of(const struct tw_rules_request *request)
{
	for (size_t i = 0; request->word_count && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].word, request->words[0]) == 0) {
			return &parts[i];
		}
	}
	return NULL;
}

static bool format_known(const struct part *part, const char *format)
{
	for (size_t i = 0; part->formats[i]; i++) {
		if (strcmp(part->formats[i], format) == 0) {
			return true;
		}
	}
	return false;
}

static const char *options_refuse(const struct tw_rules_request *request, const struct part *part)
{
	bool history =
	    request->over_count || request->against_count || request->from || request->to || request->html || request->topic || request->capacity;
	uint32_t given = (request->rule ? RULE : 0U) | (request->key ? KEY : 0U) | (request->json ? JSON : 0U) | (request->check ? CHECK : 0U) |
	                 (request->percent_min ? MIN : 0U) | (history ? HISTORY : 0U);
	for (uint32_t i = 0; i < sizeof(not_taken) / sizeof(not_taken[0]); i++) {
		if (given & ~part->options & 1U << i) {
			return not_taken[i];
		}
	}
	if (request->format && !part->formats[0]) {
		return "this takes no --format";
	}
	return request->format && !format_known(part, request->format) ? "no such --format: see the help for those of each part" : NULL;
}

const char *tw_rules_request_refuse(const struct tw_rules_request *request)
{
	const struct part *part = part_of(request);
	if (!part) {
		return "lint, test, docs, fmt, coverage, diff, backtest, explain, fields, codes, keygen, sign or verify?";
	}
	uint32_t words = request->word_count - 1;
	if (words < part->words_min || words > part->words_max) {
		return part->usage;
	}
	const char *refused = options_refuse(request, part);
	return !refused && part->run == tw_rules_backtest_run ? tw_rules_backtest_refuse(request) : refused;
}

int tw_rules_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	const struct part *part = part_of(request);
	return part ? part->run(settings, request, out) : TW_EXIT_USAGE;
}

static bool path_add(struct tw_arena *arena, struct tw_list *paths, const char *path)
{
	const char **slot = tw_list_push(arena, paths, sizeof(*slot));
	if (slot) {
		*slot = path;
	}
	return slot && path;
}

/* The folder of a path: its name without the last part; ".." of one that has none left to take. */
static const char *above(struct tw_arena *arena, const char *path)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/') {
		length--;
	}
	while (length && path[length - 1] != '/') {
		length--;
	}
	while (length > 1 && path[length - 1] == '/') {
		length--;
	}
	return length ? tw_arena_format(arena, "%.*s", (int)length, path).ptr : ".";
}

static bool shared_add(struct tw_arena *arena, struct tw_list *paths, const char *folder, const char *file)
{
	const char *path = tw_arena_format(arena, "%s/%s", folder, file).ptr;
	return path && (access(path, R_OK) != 0 || path_add(arena, paths, path));
}

/* Named sets, conditions and bands. A rule's own folder and the one above it; a folder's the one above it. */
static bool sets_add(struct tw_arena *arena, struct tw_list *paths, const char *path)
{
	for (int level = 0; path && level < 2; level++) {
		path = above(arena, path);
		if (!path || !shared_add(arena, paths, path, "_sets.yaml") || !shared_add(arena, paths, path, "_macros.yaml") ||
		    !shared_add(arena, paths, path, "_bands.yaml")) {
			return false;
		}
	}
	return path != NULL;
}

static enum tw_code paths_of(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                             struct tw_rules_paths *out, struct tw_error *err)
{
	bool stated = request->word_count > 1;
	const char *const *given = stated ? request->words + 1 : settings->rule_paths.data;
	uint32_t count = stated ? request->word_count - 1 : settings->rule_paths.count;
	bool good = true;
	*out = (struct tw_rules_paths){.asked = count};
	if (!count) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no rules: none stated, none found beside the program", "rules.paths", NULL);
	}
	for (uint32_t i = 0; good && i < count; i++) {
		good = path_add(arena, &out->at, given[i]);
	}
	for (uint32_t i = 0; good && stated && i < count; i++) {
		good = sets_add(arena, &out->at, given[i]);
	}
	return good ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for paths", NULL, NULL);
}

enum tw_code tw_rules_paths_of(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                               struct tw_list *out, struct tw_error *err)
{
	struct tw_rules_paths paths;
	enum tw_code code = paths_of(settings, request, arena, &paths, err);
	*out = code == TW_OK ? paths.at : *out;
	return code;
}

enum tw_code tw_rules_read(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                           struct tw_rules_paths *paths, const struct tw_rule_sink *sink, struct tw_list *out, struct tw_error *err)
{
	struct tw_rules_paths own;
	paths = paths ? paths : &own;
	enum tw_code code = paths_of(settings, request, arena, paths, err);
	return code == TW_OK ? tw_rule_sources_seen(paths->at.data, paths->at.count, arena, sink, out, err) : code;
}

enum tw_code tw_rules_there(const struct tw_rules *rules, struct tw_slice id, struct tw_error *err)
{
	struct tw_nearest nearest = tw_nearest_to(id);
	char hint[TW_HINT_BYTES];
	if (tw_rules_find(rules, id) < tw_rules_count(rules)) {
		return TW_OK;
	}
	for (uint32_t i = 0; i < tw_rules_count(rules); i++) {
		tw_nearest_offer(&nearest, tw_rules_info(rules, i)->id.ptr);
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "no such rule", NULL, "%.*s%s", (int)id.len, id.ptr, tw_nearest_hint(&nearest, hint));
}

static enum tw_code snapshot_of(const struct tw_settings *settings, const struct tw_rules_paths *paths, struct tw_snapshot **out,
                                struct tw_error *err)
{
	const struct tw_snapshot_sources sources = {.rule_paths = paths->at.data,
	                                            .rule_path_count = paths->at.count,
	                                            .embargoes = settings->embargoes_path,
	                                            .reference = settings->reference_path};
	if (!sources.embargoes || !sources.embargoes[0] || !sources.reference || !sources.reference[0]) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no embargoes or code lists: none stated, none found beside the program",
		               "embargoes.path, reference.path", NULL);
	}
	char *problems = NULL;
	size_t size = 0;
	FILE *said = open_memstream(&problems, &size); /* warnings are lint's: only what keeps the rules from loading is of interest here */
	enum tw_code code = tw_snapshot_build(&sources, said, out, err);
	if (said) {
		fclose(said);
	}
	if (code != TW_OK && problems) {
		fputs(problems, stderr);
	}
	free(problems);
	return code;
}

enum tw_code tw_rules_snapshot(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_snapshot **out,
                               struct tw_error *err)
{
	struct tw_arena arena;
	struct tw_rules_paths paths;
	tw_arena_init(&arena, 4096, 0);
	enum tw_code code = paths_of(settings, request, &arena, &paths, err);
	code = code == TW_OK ? snapshot_of(settings, &paths, out, err) : code;
	tw_arena_fini(&arena);
	if (code == TW_OK && request->rule) {
		code = tw_rules_there(tw_snapshot_rules(*out), tw_slice_str(request->rule), err);
		if (code != TW_OK) {
			tw_snapshot_free(*out);
			*out = NULL;
		}
	}
	return code;
}

int tw_rules_complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter rules: %s\n", tw_error_text(err, text, sizeof(text)));
	if (err->disposition == TW_REJECT) {
		return err->code == TW_E_IO || strcmp(err->what, "no rule files") == 0 ? TW_EXIT_NO_INPUT : TW_EXIT_DATA;
	}
	return tw_exit_of(err, true);
}
