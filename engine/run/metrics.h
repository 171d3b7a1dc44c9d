/**
 * @file metrics.h
 * What a run counts, for the operator's monitoring: the Prometheus text exposition format, one table of metrics.
 *
 *     # HELP tidewaiter_alerts_total Alerts raised.
 *     # TYPE tidewaiter_alerts_total counter
 *     tidewaiter_alerts_total{worker="tidewaiter-1",lane="red"} 41
 *
 * A table row (name, type, labels, help, writer) drives the file and the README's table. Numbers are those that the parts count anyway, read between
 * two batches: the event path knows nothing of metrics. Labels name topics' families, lanes, stages, lists: never a party, a consignment or a file.
 * The wall clock is used for ages and times here, and nothing that is judged or put out depends on it. Private to engine/run. Threads: one owner.
 * Source: Prometheus, "Exposition formats" (text format 0.0.4) and "Metric and label naming".
 */
#ifndef TIDEWAITER_ENGINE_RUN_METRICS_H
#define TIDEWAITER_ENGINE_RUN_METRICS_H

#include <stdio.h>

#include "engine/run/pipeline.h"
#include "engine/run/reload.h"

/** Of a supervisor. */
struct tw_crew_standing {
	uint32_t running;
	uint64_t restarts;
};

/** What there is to say; all borrowed. A part that is NULL is not there, and its metrics are left out. */
struct tw_metrics_facts {
	const char *worker;       /**< the label of every sample: siblings' files are read together */
	int64_t now_s, started_s; /**< wall clock, seconds since 1970 */
	const struct tw_pipeline *pipeline;
	const struct tw_stream *stream;
	const struct tw_judge *judge;
	const struct tw_snapshot *snapshot;
	const struct tw_reload *reload;
	const struct tw_crew_standing *crew;
};

/** All metrics that there are facts for. Pure. */
void tw_metrics_print(const struct tw_metrics_facts *facts, FILE *out);
/** The table as Markdown, for the README. */
void tw_metrics_table(FILE *out);

#endif
