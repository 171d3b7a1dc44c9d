/**
 * @file rules_command.h
 * `tidewaiter rules ...`: the tools of whoever writes rules.
 *
 *     lint      all that can be said without an event        rules_lint.c
 *     codes     the table of lint's numbers, as Markdown     rules_lint.c
 *
 * Without PATHS the configured rules are meant (rules.paths). Answers go to `out`, why there is none to stderr.
 */
#ifndef TIDEWAITER_ENGINE_RUN_RULES_COMMAND_H
#define TIDEWAITER_ENGINE_RUN_RULES_COMMAND_H

#include "engine/run/settings.h"
#include "engine/run/worker.h"

/** As given; texts borrowed. */
struct tw_rules_request {
	const char *const *words; /**< operands: what to do, then paths */
	uint32_t word_count;
	const char *format; /**< NULL: not given */
	bool json, quiet;
};

/** @return NULL, or why these words and options make no request */
const char *tw_rules_request_refuse(const struct tw_rules_request *request);
/** @return exit code: sysexits.h; 65 for rules that are wrong, 66 for files that are not there */
int tw_rules_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);

/* The parts; private to engine/run. */

int tw_rules_lint_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_codes_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);

/** The paths that a request means: its own, else the configured ones. */
struct tw_rules_paths {
	const char *const *at;
	size_t count;
};
struct tw_rules_paths tw_rules_paths_of(const struct tw_settings *settings, const struct tw_rules_request *request);
/** Reads the files meant. @param out struct tw_rule_source in `arena` @return as tw_rule_sources_read */
TW_MUST_USE enum tw_code tw_rules_read(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                                       struct tw_list *out, struct tw_error *err);
/** Says why on stderr. @return the exit code */
int tw_rules_complain(const struct tw_error *err);

#endif
