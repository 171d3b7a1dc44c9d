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
/**
 * Whether answers about such an entity come from records alone: its own, and those of marks near it. Then they are not stated, or 0, where there is
 * none; what the event itself says, and what a table of makers' forms does, is in none of them.
 */
bool tw_metric_is_of_records(enum tw_entity_kind kind, enum tw_metric metric);
/** @return "party", "address", "vessel" ...; never NULL */
const char *tw_entity_name(enum tw_entity_kind kind);

#endif
