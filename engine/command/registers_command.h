/**
 * @file registers_command.h
 * `tidewaiter registers lint|build|codes`: the CSV files that a centre maintains, looked at as rules are: all that is wrong at once, each with a
 * stable code, its line, its column and a caret; a list of millions of marks is compiled to a file that is mapped.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_REGISTERS_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_REGISTERS_COMMAND_H

#include <stdio.h>

#include "engine/run/settings.h"

struct tw_registers_request {
	const char *const *words; /**< operands: lint or codes; files, each known by its header; none: the configured ones */
	uint32_t word_count;
	const char *format; /**< lint: NULL: text; text, json, github */
	const char *out;    /**< build: the compiled list of marks */
	bool quiet;         /**< build: no progress */
};

/** @return NULL, or why these words and options make no request */
const char *tw_registers_request_refuse(const struct tw_registers_request *request);
/** @return 0; 65: a register is wrong; 66: no such file; else sysexits.h */
int tw_registers_run(const struct tw_settings *settings, const struct tw_registers_request *request, FILE *out);

#endif
