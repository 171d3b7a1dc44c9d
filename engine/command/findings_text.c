/**
 * @file findings_text.c
 * See findings_text.h.
 */
#include "engine/command/findings_text.h"

#include "engine/base/text.h"
#include "engine/emit/json.h"

#define SHOWN_CHARACTERS 140U /* of a line: what fits beside its number; the place stays in sight */
#define SHOWN_BEFORE     60U

static bool begins_character(char byte)
{
	return ((unsigned char)byte & 0xC0) != 0x80;
}

/* A file may hold anything; a terminal must not be told to do it. */
static void put_shown(char byte, FILE *out)
{
	fputc(byte == '\t' ? ' ' : tw_text_is_control(byte) ? '?' : byte, out);
}

/* The line, or what of it stands around the place; the caret below. */
static void show_line(const struct tw_finding_text *finding, struct tw_slice line, FILE *out)
{
	uint32_t first = finding->column > SHOWN_CHARACTERS - 20 ? finding->column - SHOWN_BEFORE : 1, character = 0;
	fprintf(out, "%6u | %s", finding->line, first > 1 ? "..." : "");
	for (uint32_t i = 0; i < line.len; i++) {
		character += begins_character(line.ptr[i]);
		if (character >= first && character < first + SHOWN_CHARACTERS && line.ptr[i] != '\r') {
			put_shown(line.ptr[i], out);
		}
	}
	fprintf(out, "\n       | %*s^\n", (int)(finding->column - first + (first > 1 ? 3 : 0)), "");
}

void tw_finding_show(const struct tw_finding_text *finding, struct tw_slice line, FILE *out)
{
	fputs(finding->file, out);
	if (finding->line) {
		fprintf(out, ":%u:%u", finding->line, finding->column);
	}
	fprintf(out, ": %s: ", finding->warning ? "warning" : "error");
	for (uint32_t i = 0; i < finding->text.len; i++) {
		put_shown(finding->text.ptr[i], out);
	}
	fprintf(out, " [%s]\n", finding->code);
	if (line.len) {
		show_line(finding, line, out);
	}
	if (finding->mend) {
		fprintf(out, "       = mend: %s\n", finding->mend);
	}
}

enum tw_code tw_finding_json(const struct tw_finding_text *finding, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	struct tw_slice text;
	struct tw_json json;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "code", tw_slice_str(finding->code));
	tw_json_text_member(&json, "level", tw_slice_str(finding->warning ? "warning" : "error"));
	tw_json_text_member(&json, "file", tw_slice_str(finding->file));
	tw_json_integer_member(&json, "line", finding->line);
	tw_json_integer_member(&json, "column", finding->column);
	tw_json_text_member(&json, "text", finding->text);
	tw_json_text_member(&json, "mend", tw_slice_str(finding->mend ? finding->mend : ""));
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	return code;
}

/* Source: GitHub, workflow commands: percent, line ends, and in properties colon and comma are written as %XX. */
static void put_escaped(const char *text, bool property, FILE *out)
{
	for (; *text; text++) {
		bool special = *text == '%' || *text == '\n' || *text == '\r' || (property && (*text == ':' || *text == ','));
		if (special) {
			fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
		} else {
			fputc(*text, out);
		}
	}
}

void tw_finding_github(const struct tw_finding_text *finding, FILE *out)
{
	fprintf(out, "::%s file=", finding->warning ? "warning" : "error");
	put_escaped(finding->file, true, out);
	fprintf(out, ",line=%u,col=%u,title=%s::", finding->line, finding->column, finding->code);
	put_escaped(finding->text.ptr, false, out);
	fputc('\n', out);
}
