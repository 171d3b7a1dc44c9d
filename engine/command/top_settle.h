/**
 * @file top_settle.h
 * Alerts that a later record has closed: a reason with `settles` takes back what the rules that it names said of the same certificate or marking,
 * as far as it was about the consignments that both name. Private to `top`.
 *
 *     euc-delivery-time-passed   certificate QZ|QZ9, T1, T2      -- stands while T1 or T2 is open
 *     euc-delivery-settled       certificate QZ|QZ9, T1          settles: [euc-delivery-time-passed]
 *     euc-delivery-settled       certificate QZ|QZ9, T2          -- now it is closed
 *
 * An alert is closed when each of its reasons that counted is. A finding names TW_TOP_NAMED_MAX consignments at most: one that names so many may be
 * about more, and stands. Whatever order the lines are read in.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_TOP_SETTLE_H
#define TIDEWAITER_ENGINE_COMMAND_TOP_SETTLE_H

#include "engine/command/top_rows.h"

#define TW_TOP_NAMED_MAX 4U

/** What of an alert may be closed, or closes: into the row, in `keep`. Nothing where it is about no certificate and no marking. @return false without
 *  memory */
bool tw_top_settle_keep(struct tw_arena *keep, const struct tw_alert_view *view, struct tw_top_row *row);
/** Marks the rows that are closed. @return false without memory */
bool tw_top_settle(struct tw_arena *keep, struct tw_top_row *rows, uint32_t count);

#endif
