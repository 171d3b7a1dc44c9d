/**
 * @file licence.h
 * What is shipped under a licence: an export, import or transit licence is drawn on like a certificate, by its number and its state.
 *
 *     XA#licence#XAEXP5521    drawn  'D' consignment, 'd' consignment    as on a certificate: ledger.h, draw_said.h, without goods and serials
 *
 * A line draws on each of its licences, for each is another state's. What a licence allows stands on no event of its own: the paper beside the manifest
 * says it, a document of the same number that states a quantity or a value. Drawn is what all consignments together state in the unit of the line that
 * asks; what they state in another unit, or not at all, has no sum with it.
 *
 * Source: EU, Regulation 258/2012, article 2: authorisations for one and for several shipments to one identified recipient; article 8: what they state;
 * UN, Firearms Protocol (A/RES/55/255), article 10.
 */
#ifndef TIDEWAITER_ENGINE_STATE_LICENCE_H
#define TIDEWAITER_ENGINE_STATE_LICENCE_H

#include "engine/state/mentions.h"
#include "engine/state/question.h"

/** The licences of a line, and what it draws on each. At the arena's ceiling `drafts->code` is set. */
void tw_mention_licences(struct tw_drafts *drafts, const struct tw_item *item);

/** Whether the metric is one of those below. */
bool tw_asks_of_licence(enum tw_metric metric);
/** TW_METRIC_LICENCE_DRAWN to TW_METRIC_LICENCE_OTHERS, of a manifest's licence; `state` may be NULL. @return false at the arena's ceiling */
bool tw_answer_licence(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
