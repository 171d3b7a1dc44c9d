/**
 * @file registers_command.c
 * See registers_command.h.
 */
#include "engine/command/registers_command.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/command/findings_text.h"
#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/worker.h"
#include "feeds/marking_file.h"
#include "feeds/quantities.h"
#include "feeds/serial_forms.h"
#include "feeds/specimens.h"

#define ARENA_BLOCK_BYTES 65536U

enum register_kind { SPECIMENS, QUANTITIES, SERIAL_FORMS, MARKINGS };

struct linting {
	const struct tw_settings *settings;
	const char *format;
	const char *path;
	struct tw_slice bytes;
	struct tw_arena arena;
	FILE *out;
	struct tw_error err;
	enum tw_code code; /* of the output */
	uint32_t errors, warnings, files;
	uint32_t line, line_at; /* as far as lines were counted: faults mostly come in order */
};

const char *tw_registers_request_refuse(const struct tw_registers_request *request)
{
	bool lint = request->word_count && strcmp(request->words[0], "lint") == 0;
	bool codes = request->word_count && strcmp(request->words[0], "codes") == 0;
	bool build = request->word_count && strcmp(request->words[0], "build") == 0;
	if (!lint && !codes && !build) {
		return "lint, build or codes?";
	}
	if (!lint && request->word_count > 1) {
		return "build and codes take no files";
	}
	if (build != (request->out != NULL)) {
		return build ? "build needs --out FILE: where the compiled list of marks goes" : "--out goes with build";
	}
	if (request->format && strcmp(request->format, "text") != 0 && strcmp(request->format, "json") != 0 &&
	    strcmp(request->format, "github") != 0) {
		return "--format is text, json or github";
	}
	return NULL;
}

/* ---- one finding ---- */

static struct tw_slice line_of(struct linting *linting, uint32_t wanted)
{
	const char *text = linting->bytes.ptr;
	if (wanted < linting->line) {
		linting->line = 1;
		linting->line_at = 0;
	}
	while (linting->line < wanted && linting->line_at < linting->bytes.len) {
		const char *newline = memchr(text + linting->line_at, '\n', linting->bytes.len - linting->line_at);
		linting->line_at = newline ? (uint32_t)(newline + 1 - text) : linting->bytes.len;
		linting->line++;
	}
	uint32_t left = linting->bytes.len - linting->line_at;
	const char *newline = left ? memchr(text + linting->line_at, '\n', left) : NULL;
	return (struct tw_slice){text + linting->line_at, newline ? (uint32_t)(newline - text) - linting->line_at : left};
}

static void say(void *context, const struct tw_register_fault *fault)
{
	struct linting *linting = context;
	struct tw_arena_mark mark = tw_arena_mark(&linting->arena);
	struct tw_slice value = {fault->value.ptr, fault->value.len < 128 ? fault->value.len : 128}, text = tw_slice_str(fault->what);
	if (fault->detail && fault->detail[0]) {
		text = tw_arena_format(&linting->arena, "%s: %s", fault->what, fault->detail);
	} else if (value.len) {
		text = tw_arena_format(&linting->arena, "%s: \"%.*s\"", fault->what, (int)value.len, value.ptr);
	}
	struct tw_finding_text finding = {.code = tw_register_code(fault),
	                                  .file = linting->path,
	                                  .line = fault->line,
	                                  .column = fault->column ? fault->column : fault->line != 0,
	                                  .warning = fault->code == TW_OK,
	                                  .text = text};
	linting->warnings += finding.warning;
	linting->errors += !finding.warning;
	if (!text.ptr) {
		linting->code = tw_fail(&linting->err, TW_E_MEMORY, TW_STOP, "no memory for a finding", linting->path, NULL);
	} else if (linting->format && strcmp(linting->format, "json") == 0) {
		enum tw_code code = tw_finding_json(&finding, &linting->arena, linting->out, &linting->err);
		linting->code = linting->code == TW_OK ? code : linting->code;
	} else if (linting->format && strcmp(linting->format, "github") == 0) {
		tw_finding_github(&finding, linting->out);
	} else {
		tw_finding_show(&finding, fault->line ? line_of(linting, fault->line) : (struct tw_slice){"", 0}, linting->out);
	}
	tw_arena_rewind(&linting->arena, mark);
}

/* ---- one file ---- */

/* Its header says what it is: no other register begins like it. */
static enum register_kind kind_of(struct tw_slice bytes)
{
	const char *text = bytes.ptr;
	uint32_t at = bytes.len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	static const char *const heads[] = {[SPECIMENS] = "country,authority,", [QUANTITIES] = "end_user,", [SERIAL_FORMS] = "maker,model,form,"};
	for (enum register_kind kind = SPECIMENS; kind < MARKINGS; kind++) {
		size_t length = strlen(heads[kind]);
		if (bytes.len - at >= length && memcmp(text + at, heads[kind], length) == 0) {
			return kind;
		}
	}
	return MARKINGS;
}

static enum tw_code file_lint(struct linting *linting, const char *path, const enum register_kind *known)
{
	struct tw_arena file;
	struct tw_error ignored;
	const struct tw_register_sink sink = {say, linting};
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_MARKING_LIST_BYTES_MAX, &file, &linting->bytes, &linting->err);
	linting->path = path;
	linting->line = 1;
	linting->line_at = 0;
	if (code == TW_OK) {
		enum register_kind kind = known ? *known : kind_of(linting->bytes);
		struct tw_marking_list_options options = tw_settings_markings(linting->settings);
		linting->files++;
		code = kind == SPECIMENS      ? tw_specimens_lint(path, linting->bytes, &sink, &ignored)
		       : kind == QUANTITIES   ? tw_quantities_lint(path, linting->bytes, &sink, &ignored)
		       : kind == SERIAL_FORMS ? tw_serial_forms_lint(path, linting->bytes, &sink, &ignored)
		                              : tw_marking_list_lint(path, linting->bytes, &options, &sink, &ignored);
		bool unsaid = code != TW_OK && linting->errors == 0;
		if (code == TW_E_MEMORY || unsaid) {
			linting->err = ignored; /* a setting that does not fit the file, say */
		} else {
			code = linting->code;
		}
	}
	tw_arena_fini(&file);
	return code;
}

static enum tw_code configured_lint(struct linting *linting)
{
	const char *const paths[] = {linting->settings->specimens_path, linting->settings->quantities_path, linting->settings->serial_forms_path,
	                             linting->settings->markings_path};
	enum tw_code code = TW_OK;
	for (enum register_kind kind = SPECIMENS; code == TW_OK && kind <= MARKINGS; kind++) {
		code = paths[kind] && paths[kind][0] ? file_lint(linting, paths[kind], &kind) : TW_OK;
	}
	return code;
}

static void codes_print(FILE *out)
{
	const char *code, *what;
	fputs("| code | what |\n|---|---|\n", out);
	for (uint32_t i = 0; tw_register_code_at(i, &code, &what); i++) {
		fprintf(out, "| `%s` | %s |\n", code, what);
	}
}

static void rows_told(void *context, uint64_t done, uint64_t total, uint64_t rows)
{
	tw_progress_draw(context, done, total, rows, tw_now_ms());
}

/* markings.path, compiled. */
static enum tw_code marks_build(const struct tw_settings *settings, const struct tw_registers_request *request, FILE *out, struct tw_error *err)
{
	struct tw_progress progress;
	struct tw_marking_list_options options = tw_settings_markings(settings);
	struct tw_marking_list *list = NULL;
	if (!settings->markings_path || !settings->markings_path[0]) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no list of marks is configured", "markings.path", NULL);
	}
	enum tw_code code = tw_file_compiled_or_none(request->out, TW_MARKING_FILE_MAGIC, err);
	if (code != TW_OK) {
		return code;
	}
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.unit = "rows";
	progress.shown = progress.shown && !request->quiet;
	options.told = rows_told;
	options.context = &progress;
	code = tw_marking_list_load(settings->markings_path, &options, &list, err);
	code = code == TW_OK ? tw_marking_file_write(request->out, list, err) : code;
	tw_progress_end(&progress);
	if (code == TW_OK) {
		const struct tw_marking_list_report *report = tw_marking_list_report(list);
		fprintf(out, "%u reports, %u of them a range, compiled to %s\n", report->lost + report->stolen + report->destroyed, report->ranges,
		        request->out);
	}
	tw_marking_list_free(list);
	return code;
}

int tw_registers_run(const struct tw_settings *settings, const struct tw_registers_request *request, FILE *out)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	struct linting linting = {.settings = settings, .format = request->format, .out = out};
	enum tw_code code = TW_OK;
	if (strcmp(request->words[0], "codes") == 0) {
		codes_print(out);
		return TW_EXIT_OK;
	}
	bool build = request->out != NULL;
	tw_arena_init(&linting.arena, ARENA_BLOCK_BYTES, 0);
	code = build ? marks_build(settings, request, out, &linting.err) : TW_OK;
	for (uint32_t i = 1; code == TW_OK && i < request->word_count; i++) {
		code = file_lint(&linting, request->words[i], NULL);
	}
	code = code == TW_OK && request->word_count == 1 && !build ? configured_lint(&linting) : code;
	tw_arena_fini(&linting.arena);
	if (code != TW_OK) {
		fprintf(stderr, "tidewaiter registers: %s\n", tw_error_text(&linting.err, text, sizeof(text)));
		return tw_exit_of(&linting.err, true);
	}
	if (!build && (!request->format || strcmp(request->format, "text") == 0)) {
		fprintf(out, "%u error%s, %u warning%s in %u file%s%s\n", linting.errors, linting.errors == 1 ? "" : "s", linting.warnings,
		        linting.warnings == 1 ? "" : "s", linting.files, linting.files == 1 ? "" : "s",
		        linting.files ? "" : ": none is named, and none of specimens.path, quantities.path, serial_forms.path, markings.path is set");
	}
	return linting.errors ? TW_EXIT_DATA : TW_EXIT_OK;
}
