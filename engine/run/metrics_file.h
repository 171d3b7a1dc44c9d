/**
 * @file metrics_file.h
 * The file of metrics (metrics.h): whole at every moment, written anew every so often, one a process.
 *
 *     metrics.path             run alone, screen, a supervisor       tidewaiter.prom
 *     ... with the worker      each worker of a supervisor           tidewaiter.tidewaiter-1.prom
 *
 * Written beside itself and renamed, so that a collector reads all of one or all of the next; not waited for on the disk, for what a crash of the
 * machine takes the next one brings back. That it cannot be written is logged, and stops nobody. Private to engine/run. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_RUN_METRICS_FILE_H
#define TIDEWAITER_ENGINE_RUN_METRICS_FILE_H

#include "engine/run/assemble.h"
#include "engine/run/metrics.h"

struct tw_metrics {
	char path[4096];    /**< empty: none is written */
	const char *worker; /**< borrowed */
	int64_t interval_ms, due_ms;
	int64_t started_s;
	const struct tw_engine *engine; /**< borrowed; its parts may come and go */
	const struct tw_reload *reload; /**< borrowed; NULL: nothing is loaded anew */
};

/**
 * Where a worker's file stands: its name comes before the last dot of the file's name, or behind it; but letters, digits, '.', '-' it is "_".
 * @param worker NULL: as configured @return false when that is longer than `size`
 */
TW_MUST_USE bool tw_metrics_path(const char *configured, const char *worker, char *out, size_t size);

/**
 * @param worker the label of every sample
 * @param own    the file has the worker's name too: it is one of several
 */
void tw_metrics_begin(struct tw_metrics *metrics, const struct tw_engine *engine, const struct tw_reload *reload, const char *worker, bool own);
/** Writes where it is time for it: a comparison when it is not. */
void tw_metrics_step(struct tw_metrics *metrics, const struct tw_crew_standing *crew);
/** Writes now. @param crew NULL: no supervisor */
void tw_metrics_write(struct tw_metrics *metrics, const struct tw_crew_standing *crew);

#endif
