/**
 * @file worker.h
 * From settings to a running engine and to an exit code: `run`, `screen`, `check`.
 *
 * Exit codes (sysexits.h): 0 done, 65 all works, but with a last good copy of a list (`check`), 66 an input file is missing, 70 what we wrote
 * ourselves does not check, 71 no memory, 74 a file or peer failed, 75 try again (another process took over, state and log disagree), 78
 * configuration, rules, lists, credentials or a missing topic.
 */
#ifndef TIDEWAITER_ENGINE_RUN_WORKER_H
#define TIDEWAITER_ENGINE_RUN_WORKER_H

#include "engine/run/settings.h"

enum tw_exit {
	TW_EXIT_OK = 0,
	TW_EXIT_USAGE = 64,
	TW_EXIT_DATA = 65,
	TW_EXIT_NO_INPUT = 66,
	TW_EXIT_SOFTWARE = 70,
	TW_EXIT_MEMORY = 71,
	TW_EXIT_IO = 74,
	TW_EXIT_RETRY = 75,
	TW_EXIT_CONFIG = 78,
};

/** @param starting before the first event: the same code more often means the configuration */
int tw_exit_of(const struct tw_error *err, bool starting);

/** Kafka in, Kafka out, until SIGTERM or SIGINT. */
int tw_worker_run(struct tw_settings *settings);

struct tw_screen_request {
	const char *const *inputs; /**< files, "-" for standard input */
	uint32_t input_count;
	const char *topic;  /**< of bare lines; NULL: envelopes */
	bool quiet;         /**< no summary, no progress */
	const char *before; /**< a compiled file of lists: only hits that it had not raise an alert; NULL: all that score */
	bool resume;        /**< go on where the output's checkpoint stands; needs files on both sides */
};
/** Files in, NDJSON out, history in memory whatever state.store says; a checkpoint beside the output where both are files. */
int tw_worker_screen(struct tw_settings *settings, const struct tw_screen_request *request);

/** Load everything, say what was loaded, run the tests inside the rules; `connect` also asks Kafka for its topics and Redis for its library. */
int tw_worker_check(struct tw_settings *settings, bool connect, FILE *out);

#endif
