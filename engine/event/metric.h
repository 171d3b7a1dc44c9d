/**
 * @file metric.h
 * The table of entity kinds and metrics: their words, which goes with which, what an answer means.
 * Rules are checked against it at load; state answers it; alerts print it. Threads: constant data, any.
 */
#ifndef TIDEWAITER_ENGINE_EVENT_METRIC_H
#define TIDEWAITER_ENGINE_EVENT_METRIC_H

#include <tidewaiter/history.h>

/** @param count out: rows @return rows in the order of enum tw_metric */
const struct tw_metric_info *tw_metrics(uint32_t *count);
/** @return NULL for an unknown name */
const struct tw_metric_info *tw_metric_find(struct tw_slice name);
const struct tw_metric_info *tw_metric_of(enum tw_metric metric);
/** @return "party", "address", "vessel" ...; never NULL */
const char *tw_entity_name(enum tw_entity_kind kind);
/** @return 0 for an unknown name */
enum tw_entity_kind tw_entity_find(struct tw_slice name);

#endif
