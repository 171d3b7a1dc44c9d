/**
 * @file signals.h
 * SIGTERM and SIGINT: the first asks for an orderly end (finish the batch, commit, leave), the second ends at once with 128 + its number.
 * SIGPIPE is ignored: a reader that went away is a write error, not a death.
 * A worker under a supervisor hears of a stop more than once (from it, from a terminal, from whoever stops a whole group of processes): only the
 * first counts, and ending at once is the supervisor's SIGKILL.
 * SIGHUP, in `run` alone, asks for rules and lists to be loaded anew; many before the first is answered are one. It ends no process then: not when a
 * terminal closes either.
 */
#ifndef TIDEWAITER_ENGINE_RUN_SIGNALS_H
#define TIDEWAITER_ENGINE_RUN_SIGNALS_H

#include <stdbool.h>

/** SIGTERM and SIGINT ask for a stop, and a second one ends the process at once (128 and its number); SIGPIPE is an error of write(2). */
void tw_signals_install(void);
/** SIGHUP is a question from here on (tw_reload_asked). */
void tw_signals_reload(void);
/** @return true once after a SIGHUP. Threads: one. */
bool tw_reload_asked(void);
/** As above for a worker under a supervisor: a second signal changes nothing; with SIGHUP. Forgets a stop that was asked for before. */
void tw_signals_supervised(void);
/** @return true from the first signal on. Threads: any. */
bool tw_stop_asked(void);

#endif
