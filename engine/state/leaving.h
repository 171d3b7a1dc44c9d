/**
 * @file leaving.h
 * When the goods of a certificate really left, whatever their papers had planned.
 *
 *     left   'y' consignment key   version: less the time of the first consignment.departed of it, so that the earliest wins   -> nothing
 *
 * Such an event names its consignment alone: whichever of it and a revision comes second tells the certificates (facts.h, fact.departed), and is
 * judged there as certificate.goods_departed. The *first* one counts: goods that left in time may lie in a store on the way and go on from there.
 * The time of the event is that of the departure, by the clock of who saw it, however late it is told.
 *
 * Source: UN, MOSAIC 03.21: a certificate is valid for shipments within its time.
 */
#ifndef TIDEWAITER_ENGINE_STATE_LEAVING_H
#define TIDEWAITER_ENGINE_STATE_LEAVING_H

#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

/** What certificate.goods_departed leaves on its record; nothing where it does not say of which consignment. */
void tw_leaving_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate);
/** TW_METRIC_DEPARTED_LATE. @return false at the arena's ceiling */
bool tw_answer_leaving(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
