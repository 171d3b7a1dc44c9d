/**
 * @file rules_fmt.c
 * `tidewaiter rules fmt`: files laid out anew in place, or with --check only named. A file is replaced whole or not at all.
 */
#include <stdlib.h>
#include <string.h>

#include "engine/base/file_replace.h"
#include "engine/command/rules_command.h"
#include "rules/fmt.h"
#include "rules/table.h"

#define ARENA_BLOCK_BYTES 65536U

struct formatting {
	bool check;
	FILE *out;
	uint32_t changed, refused;
};

static enum tw_code format_one(struct formatting *formatting, const struct tw_rule_source *source, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_slice made;
	enum tw_code code = tw_rule_format(source, arena, &made, err);
	if (code != TW_OK && code != TW_E_MEMORY) {
		char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
		fprintf(stderr, "tidewaiter rules: %s\n", tw_error_text(err, text, sizeof(text)));
		formatting->refused++;
		return TW_OK;
	}
	if (code != TW_OK || tw_slice_equal(made, source->bytes)) {
		return code;
	}
	formatting->changed++;
	fprintf(formatting->out, "%s\n", source->name);
	return formatting->check ? TW_OK : tw_file_replace_text(source->name, made, "a rule file cannot be written", err);
}

/* JSON is YAML too, and nobody wants his events laid out as rules. */
static bool is_rule_file(const char *name)
{
	size_t length = strlen(name);
	return length > 5 && strcmp(name + length - 5, ".yaml") == 0;
}

int tw_rules_fmt_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out)
{
	struct formatting formatting = {.check = request->check, .out = out};
	struct tw_arena files, arena;
	struct tw_list sources = {NULL, 0, 0};
	struct tw_error err;
	(void)settings; /* files are named: nobody's rules change by accident */
	tw_arena_init(&files, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_rule_sources_read(request->words + 1, request->word_count - 1, &files, &sources, &err);
	const struct tw_rule_source *source = sources.data;
	uint32_t files_seen = 0;
	for (uint32_t i = 0; code == TW_OK && i < sources.count; i++) {
		if (tw_rule_is_table(source[i].name)) {
			continue;
		}
		if (!is_rule_file(source[i].name)) {
			fprintf(stderr, "tidewaiter rules: %s: a rule file ends in .yaml: nothing else is laid out\n", source[i].name);
			formatting.refused++;
			continue;
		}
		files_seen++;
		code = format_one(&formatting, &source[i], &arena, &err);
		tw_arena_reset(&arena);
	}
	if (code == TW_OK && !request->quiet) {
		fprintf(out, "%u of %u files %s\n", formatting.changed, files_seen, request->check ? "would change" : "changed");
	}
	tw_arena_fini(&arena);
	tw_arena_fini(&files);
	if (code != TW_OK) {
		return tw_rules_complain(&err);
	}
	return formatting.refused ? TW_EXIT_DATA : request->check && formatting.changed ? TW_EXIT_DIFFERS : TW_EXIT_OK;
}
