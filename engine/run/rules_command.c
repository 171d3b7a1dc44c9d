/**
 * @file rules_command.c
 * See rules_command.h. What may be asked, by which word, of which files.
 */
#include "engine/run/rules_command.h"

#include <string.h>

#include "rules/ruleset.h"

struct part {
	const char *word;
	int (*run)(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
	uint32_t words_min, words_max; /* operands after the word; max 0: any number */
	const char *usage;             /* what to say when there are others */
	const char *formats[4];        /* --format takes these; none: no --format */
};

static const struct part parts[] = {
    {"lint", tw_rules_lint_run, 0, 0, NULL, {"text", "json", "github"}},
    {"codes", tw_rules_codes_run, 0, 0, NULL, {NULL}},
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

const char *tw_rules_request_refuse(const struct tw_rules_request *request)
{
	const struct part *part = part_of(request);
	if (!part) {
		return "lint or codes?";
	}
	uint32_t words = request->word_count - 1;
	if (words < part->words_min || (part->words_max && words > part->words_max)) {
		return part->usage;
	}
	if (request->format && !part->formats[0]) {
		return "this takes no --format";
	}
	return request->format && !format_known(part, request->format) ? "no such --format: see the help for those of each part" : NULL;
}

int tw_rules_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	const struct part *part = part_of(request);
	return part ? part->run(settings, request, out) : TW_EXIT_USAGE;
}

struct tw_rules_paths tw_rules_paths_of(const struct tw_settings *settings, const struct tw_rules_request *request)
{
	if (request->word_count > 1) {
		return (struct tw_rules_paths){request->words + 1, request->word_count - 1};
	}
	return (struct tw_rules_paths){settings->rule_paths.data, settings->rule_paths.count};
}

enum tw_code tw_rules_read(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena, struct tw_list *out,
                           struct tw_error *err)
{
	struct tw_rules_paths paths = tw_rules_paths_of(settings, request);
	if (!paths.count) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no rules: none stated, none found beside the program", "rules.paths", NULL);
	}
	return tw_rule_sources_read(paths.at, paths.count, arena, out, err);
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
