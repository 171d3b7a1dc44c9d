/**
 * @file findings_text.h
 * One finding of a lint as a person, a program or a workflow reads it: its place, its stable code, its line with a caret. Private to engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_FINDINGS_TEXT_H
#define TIDEWAITER_ENGINE_COMMAND_FINDINGS_TEXT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

struct tw_finding_text {
	const char *code, *file;
	uint32_t line, column; /**< from 1, columns in characters; line 0: the whole file */
	bool warning;
	struct tw_slice text;
	const char *mend; /**< or NULL */
};

/** @param line of the file, without its end; empty: none is shown */
void tw_finding_show(const struct tw_finding_text *finding, struct tw_slice line, FILE *out);
/** An annotation. Source: GitHub, workflow commands. */
void tw_finding_github(const struct tw_finding_text *finding, FILE *out);
/** One object and a newline. @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_finding_json(const struct tw_finding_text *finding, struct tw_arena *arena, FILE *out, struct tw_error *err);

#endif
