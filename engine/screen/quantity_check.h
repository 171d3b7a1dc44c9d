/**
 * @file quantity_check.h
 * What a paper states for an end-user, held against the centre's bands (feeds/quantities.h).
 *
 * Of a consignment the rows per consignment and per days are asked, of a certificate those per certificate. Where several rows are of the same party
 * the first that is passed upwards answers, else the first that is undershot, else the first. Items in units that cannot be counted into a
 * row's are not the row's. Over days this consignment counts with those on record; of all goods an amendment does not, as its declaration is among
 * them, and of some goods in the place of what it stated before. Pure. Threads: any, one arena a thread.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_QUANTITY_CHECK_H
#define TIDEWAITER_ENGINE_SCREEN_QUANTITY_CHECK_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "feeds/quantities.h"

/** What is on record of a party over days. */
struct tw_quantity_past {
	struct tw_history_answer (*answer)(void *context, const struct tw_history_query *query);
	void *context;
};

/**
 * Answer one of TW_METRIC_QUANTITY_...: not stated where no row is of this party, day and these goods.
 * @param quantities NULL: there is none
 * @param full       set at the arena's ceiling, else untouched
 */
struct tw_history_answer tw_quantity_check(const struct tw_quantities *quantities, const struct tw_event *event, const struct tw_history_query *query,
                                           struct tw_quantity_past past, struct tw_arena *arena, bool *full);

#endif
