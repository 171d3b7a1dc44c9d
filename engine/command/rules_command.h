/**
 * @file rules_command.h
 * `tidewaiter rules ...`: the tools of whoever writes rules.
 *
 *     lint      all that can be said without an event        rules_lint.c
 *     test      the tests inside the rules                   rules_test.c
 *     docs      a catalogue of rules                         rules_docs.c, rules_page.c
 *     fmt       one layout, comments kept                    rules_fmt.c
 *     coverage  what no test touches                         rules_coverage.c
 *     diff      two editions compared by meaning             rules_diff.c
 *     backtest  two editions over the same history           rules_backtest*.c
 *     explain   one rule on one event                        rules_explain.c, rules_events.c, rules_tree.c
 *     codes     the table of lint's numbers, as Markdown     rules_lint.c
 *     keygen    a pair of keys                               rules_sign.c
 *     sign      a pack, beside it                            rules_sign.c
 *     verify    a pack against the keys that count           rules_sign.c
 *
 * Without PATHS the configured rules are meant (rules.paths). Answers go to `out`, why there is none to stderr.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_COMMAND_H

#include "engine/run/settings.h"
#include "engine/run/worker.h"
#include "engine/screen/snapshot.h"

#define TW_RULES_THREADS_MAX  64U
#define TW_RULES_CAPACITY_MAX 1000000U
/** Something differs, or is not reached; else as enum tw_exit. */
#define TW_EXIT_DIFFERS 1

/** As given; texts borrowed. */
struct tw_rules_request {
	const char *const *words; /**< operands: what to do, then paths */
	uint32_t word_count;
	const char *format, *rule, *key; /**< NULL: not given */
	bool json, quiet, check;
	uint32_t percent_min; /**< coverage below it ends with TW_EXIT_DIFFERS */
	uint32_t threads;     /**< at most so many at once */
	/* backtest: which history, which other edition, and how it is shown; NULL: not given */
	const char *const *over, *const *against;
	uint32_t over_count, against_count;
	const char *from, *to, *topic, *html;
	uint32_t capacity; /**< a day; 0: not asked */
};

/** @return NULL, or why these words and options make no request */
const char *tw_rules_request_refuse(const struct tw_rules_request *request);
/** @return exit code: sysexits.h; 65 for rules that are wrong, 66 for files that are not there */
int tw_rules_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);

/* The parts; private to engine/command. */

int tw_rules_lint_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_test_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_docs_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_fmt_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_coverage_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_diff_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_explain_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_backtest_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
/** @return NULL, or why these options make no backtest */
const char *tw_rules_backtest_refuse(const struct tw_rules_request *request);
int tw_rules_keygen_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_sign_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_verify_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_codes_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);
int tw_rules_fields_run(const struct tw_settings *settings, const struct tw_rules_request *request, FILE *out);

/**
 * The paths that a request means: its own, else the configured ones; and for a file or folder inside a pack the `_sets.yaml` of the folders above
 * it, for its rules need them.
 */
struct tw_rules_paths {
	struct tw_list at; /**< const char *, in the arena */
	uint32_t asked;    /**< those before are the request's own */
};
/** Reads the files meant. @param paths NULL, or what was read @param sink, out as tw_rule_sources_seen, in `arena` @return as that */
TW_MUST_USE enum tw_code tw_rules_read(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                                       struct tw_rules_paths *paths, const struct tw_rule_sink *sink, struct tw_list *out, struct tw_error *err);
/**
 * Rules, embargoes and code lists; no sanctions list, no register: what the rules' tests need, and the same everywhere. What is wrong with the rules
 * is said on stderr. With `rule` in the request, there must be one of that id.
 */
TW_MUST_USE enum tw_code tw_rules_snapshot(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_snapshot **out,
                                           struct tw_error *err);
/** The paths alone, as tw_rules_read would read them. @param out const char *, in the arena; written on TW_OK only */
TW_MUST_USE enum tw_code tw_rules_paths_of(const struct tw_settings *settings, const struct tw_rules_request *request, struct tw_arena *arena,
                                           struct tw_list *out, struct tw_error *err);
/** @return TW_OK, or TW_E_UNKNOWN (reject) with the nearest id */
TW_MUST_USE enum tw_code tw_rules_there(const struct tw_rules *rules, struct tw_slice id, struct tw_error *err);
/** Says why on stderr. @return the exit code */
int tw_rules_complain(const struct tw_error *err);

#endif
