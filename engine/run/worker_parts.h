/**
 * @file worker_parts.h
 * What `run`, `screen` and `check` have in common. Private to worker*.c. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_WORKER_PARTS_H
#define TIDEWAITER_ENGINE_RUN_WORKER_PARTS_H

#include "engine/run/assemble.h"

/** Say why, once. @return as tw_exit_of */
int tw_worker_complain(const struct tw_error *err, bool starting);
/** A centre that forgot to configure its lists must hear of it every time. */
void tw_worker_warn_samples(const struct tw_settings *settings);
/** What nobody sees in the alerts must be seen here. */
void tw_worker_say_hidden(const struct tw_engine *engine);

#endif
