/**
 * @file supervisor.h
 * Several workers as one program: started, watched, started again, ended together.
 *
 *     supervisor --fork--> worker 1 .. N       SIGTERM, SIGINT: passed on once, all waited for, then the end
 *         ^                    |               a second one:    SIGKILL to all that are left
 *         '---- it ended ------'               SIGHUP: made anew here first; passed on only when that was good
 *               killed, or an exit that may pass: started again after a pause
 *               an exit that a restart cannot mend: the others are stopped, and that is our exit too
 *
 * Knows nothing of what a worker does. Threads: the calling one, which must be the process's only one, for it forks.
 */
#ifndef TIDEWAITER_ENGINE_RUN_SUPERVISOR_H
#define TIDEWAITER_ENGINE_RUN_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#define TW_WORKERS_MAX 64U /* more than a machine has cores for, and few enough to be read in a log */

struct tw_supervisor_options {
	const char *const *names; /**< one a worker, for the log; borrowed */
	uint32_t count;           /**< 1 to TW_WORKERS_MAX */
	int64_t grace_ms;         /**< between a stop that was passed on and SIGKILL */
	/**
	 * A worker's life, in its own process: memory as it was when the supervisor began, signals as tw_signals_supervised sets them.
	 * @return its exit code; exit handlers are not run
	 */
	int (*work)(void *context, uint32_t worker);
	/**
	 * What workers that are started from here on judge with, made anew in this process; NULL: SIGHUP is not ours, as before.
	 * @param asked by SIGHUP; false: `look_ms` passed, it is to look whether there is a reason
	 * @return true: the workers are to do the same, each gets a SIGHUP
	 */
	bool (*reload)(void *context, bool asked);
	int64_t look_ms; /**< between two unasked calls of `reload`; 0: none */
	/** Called every `tell_ms`, and once at the end, with how many live and how many were started again. NULL: nobody wants to know. */
	void (*tell)(void *context, uint32_t running, uint64_t restarts);
	int64_t tell_ms;
	void *context;
};

/**
 * Run the workers until a signal ends them, or one ends in a way that a restart cannot mend. Nobody is left when it returns.
 * @return 0 after a stop; the exit of a worker that gave up, also one that did so while stopping; 128 + SIGKILL when one had to be killed after its
 * grace, 128 + the signal's number after a second signal
 */
int tw_supervisor_run(const struct tw_supervisor_options *options);

/** May a worker that ended like this be started again? @param status as waitpid tells it, of a worker that nobody asked to end. Pure. */
bool tw_supervisor_may_restart(int status);

/**
 * The pause before a restart: 100 ms, doubled each time to 30 s; 100 ms again after a life of a minute. Pure.
 * @param last_ms the pause before this life, 0: there was none @param lived_ms how long it was
 */
uint32_t tw_supervisor_pause(uint32_t last_ms, int64_t lived_ms);

#endif
