/**
 * @file voyage.h
 * How a consignment of controlled goods travels, revision by revision, and what was sent out to come back.
 *
 *     consignment's record
 *     voyage   'v' revision be64, id be64   version: its draws'    -> whether it is late by its own plan, gross weight, hash of the craft's
 *                                                                     registration, countries of the route, boxes (hash, weight, hashes of seals)
 *     party's record
 *     lent     'z' consignment key          version: its draws'    -> whether it sends, hash of the other party, pieces
 *
 * Controlled as in receipts.h: of other trade nothing is kept. What the latest revision says, told after departure, is held against the latest that
 * is not, else against the first: who declares late has left before he said anything. Of a consignment TW_RECEIVERS_MAX revisions are kept, of each
 * TW_VOYAGE_COUNTRIES and TW_VOYAGE_BOXES, of a box TW_VOYAGE_SEALS.
 *
 * Lent are goods whose line is sent for repair or for a time (`condition`): both parties remember how many pieces went which way. Of a party the
 * latest TW_RECEIVED_MAX such consignments are kept.
 *
 * Reading is safe on any bytes. Source: WCO, SAFE Framework of Standards, seal integrity; ATA Convention: goods for a time come back.
 */
#ifndef TIDEWAITER_ENGINE_STATE_VOYAGE_H
#define TIDEWAITER_ENGINE_STATE_VOYAGE_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "engine/state/mentions.h"

struct tw_question;

#define TW_VOYAGE_COUNTRIES 12U
#define TW_VOYAGE_BOXES     8U
#define TW_VOYAGE_SEALS     4U

/** Puts a declared or amended consignment's voyage into its draft, and what is lent into those of its consignors and consignees. After all mentions.
 * @param key of the consignment @param version of its draws */
void tw_voyage_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, struct tw_version version);
/** TW_METRIC_SEALS_CHANGED to TW_METRIC_LENT_LEFT; the first five of a state with what the event itself says. @return false at the arena's ceiling */
bool tw_answer_voyage(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
