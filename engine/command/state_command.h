/**
 * @file state_command.h
 * `tidewaiter state ...`: looking into the stored state, comparing it with the log, bringing it back, moving it.
 *
 *     show ENTITY   one folded record in words                                  state_show.c
 *     verify        the log folded in memory against every stored record        state_verify.c, state_compare.c
 *     rebuild       what is missing, appended from the log, by the group        state_rebuild.c
 *     migrate       the same state anew under another prefix or shard count     state_migrate.c
 *     drop          a prefix's keys removed                                     state_migrate.c
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_STATE_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_STATE_COMMAND_H

#include "engine/run/settings.h"

struct tw_state_request {
	const char *const *words; /**< operands: what to do, then an entity's */
	uint32_t word_count;
	bool json, quiet, yes, force, from_nothing;
	uint32_t most;         /**< differences that are printed */
	const char *prefix;    /**< drop: whose keys */
	const char *to_prefix; /**< migrate */
	int64_t to_shards;     /**< migrate; 0: as many as now */
};

#define TW_STATE_MOST_DEFAULT 20U
#define TW_STATE_MOST_MAX     100000U

/** 1: found different, or no such entity; else as enum tw_exit. */
#define TW_EXIT_DIFFERENT 1

/** @return NULL, or why these words and options make no request */
const char *tw_state_request_refuse(const struct tw_state_request *request, const struct tw_settings *settings);
/** @return exit code, sysexits.h and TW_EXIT_DIFFERENT */
int tw_state_run(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);

/* The parts; private to engine/command. */
int tw_state_show(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
int tw_state_verify(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
int tw_state_rebuild(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
int tw_state_migrate(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
int tw_state_drop(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
/** Says why on stderr. @return the exit code */
int tw_state_complain(const struct tw_error *err);

#endif
