/**
 * @file paper_check.h
 * What stored papers cannot say of themselves: whether a name that is written otherwise is the same name, and whether who signed may sign.
 * Pure. Threads: any, one arena a thread. Source: UN, MOSAIC 03.21, authentication of end-user certificates.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_PAPER_CHECK_H
#define TIDEWAITER_ENGINE_SCREEN_PAPER_CHECK_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "feeds/specimens.h"

/**
 * Complete the answer of TW_METRIC_NAMED_AS, where nobody has the party's own key, by names that are alike in one country, and in the same way those
 * of TW_METRIC_DRAWS_FOR_OTHER_END_USERS to TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS, consignment by consignment, and of
 * TW_METRIC_OTHER_TRANSACTIONS, where one party of a certificate that both names are alike to makes them one too; answer
 * TW_METRIC_SIGNATORY and TW_METRIC_OFFICE from the register, on the day of the signature, else of the issue, else of the event.
 * @param specimens NULL: there is none
 * @param full      set at the arena's ceiling, else untouched
 */
void tw_paper_check(const struct tw_specimens *specimens, const struct tw_event *event, const struct tw_history_query *query, struct tw_arena *arena,
                    struct tw_history_answer *answer, bool *full);

#endif
