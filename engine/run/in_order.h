/**
 * @file in_order.h
 * Files: a portion's events at the store in the order of their lines, each event's facts right behind it.
 *
 * With Kafka a fact comes back through the log, some batches later. A file has no log to hand it back, and its output must not depend on where
 * a batch ends; so here what an event means for other records is applied before the next event is. The store is asked for as many
 * events at once as can have no facts but the last (tw_facts_run); how many that are changes no answer.
 *
 *     events   1 2 3 4* | 5 6 7 8 9* | 10 ...       * may have facts: its consignment was seen before
 *                      F4           F9
 *
 * Facts stand in a place of their own that no input has. Their offsets are a function of the events before: a batch that comes again, a
 * portion that is judged anew, a run that is resumed make the same facts at the same offsets, and the store takes them for what it has.
 * Private to engine/run.
 */
#ifndef TIDEWAITER_ENGINE_RUN_IN_ORDER_H
#define TIDEWAITER_ENGINE_RUN_IN_ORDER_H

#include "engine/run/portion.h"

/** Apply, get priors, follow up. @return as tw_portion_ask */
TW_MUST_USE enum tw_code tw_in_order_ask(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err);

#endif
