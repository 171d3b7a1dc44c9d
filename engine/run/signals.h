/**
 * @file signals.h
 * SIGTERM and SIGINT: the first asks for an orderly end (finish the batch, commit, leave), the second ends at once with 128 + its number.
 * SIGPIPE is ignored: a reader that went away is a write error, not a death.
 */
#ifndef TIDEWAITER_ENGINE_RUN_SIGNALS_H
#define TIDEWAITER_ENGINE_RUN_SIGNALS_H

#include <stdbool.h>

void tw_signals_install(void);
/** @return true from the first signal on. Threads: any. */
bool tw_stop_asked(void);

#endif
