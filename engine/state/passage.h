/**
 * @file passage.h
 * From whom to whom a consignment takes the marks that it states, and since when they can have gone on from there.
 *
 * What a mark's sighting says of that stands among its particulars (particulars.h): the keys of consignor, consignee and end-user, the countries, and
 * the days of departure and arrival where the route states them.
 *
 *     CZ works --C1--> PT guard          due 16 March
 *                      PT guard --C2--> JO dealer          C2 *follows* C1: who received it sends it on, and not before it came
 *                                       JO dealer --C3--> ...
 *     TG firm  --C4--> ...                                  C4 follows none: a mark in two places
 *
 * A consignment is *over* for the mark of another one when that follows it, or follows one that was told after it. Of all others with the mark the
 * rest is *live*. Both ways, for either of two may be told first. A mark that is in too many consignments of one series for its record to say more of
 * them (TW_SAID_MAX of series.h) follows nothing.
 *
 * Source: UN, International Tracing Instrument (A/60/88, annex), on tracing: the lines of supply; UN Programme of Action, II.13, retransfer.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PASSAGE_H
#define TIDEWAITER_ENGINE_STATE_PASSAGE_H

#include "engine/state/ledger.h"
#include "engine/state/particulars.h"
#include "engine/state/question.h"

/** What a consignment says of it. @param said its other particulars stay @return false at the arena's ceiling */
bool tw_passage_say(const struct tw_consignment *consignment, const struct tw_way *way, struct tw_arena *arena, struct tw_particulars *said);

/** Whether the metric is one of those below. */
bool tw_asks_of_passage(enum tw_metric metric);
/** TW_METRIC_MARKING_LIVE, TW_METRIC_OVERLAPS_LIVE, TW_METRIC_MARKING_ELSEWHERE, TW_METRIC_MARKING_PASSED_ON, of a manifest's mark; `state` may be NULL.
 *  @return false at the arena's ceiling */
bool tw_answer_passage(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
