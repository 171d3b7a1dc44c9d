/**
 * @file receipts.h
 * Controlled goods: how much of them a party was sent, and who was to receive a consignment of them, revision by revision.
 *
 *     party's record
 *     received   'q' consignment key          version: its draws'    -> lines (HS code, control code, unit, quantity)
 *
 *     consignment's record
 *     receivers  'r' revision be64, id be64   version: its draws'    -> whether it is late by its own plan; parties (role, country, key, names):
 *                                                                                 end-users, consignees, notify parties
 *     departed   TW_COUNT_DEPARTED_FIRST      when the first event said that it had left
 *
 * An item is controlled when its heading is in chapter 93, or when it names a control code, a certificate or a licence: of other trade nothing is
 * kept, and costs nothing. Of a consignment's controlled lines the first TW_RECEIVED_LINES are kept, of a party the latest TW_RECEIVED_MAX
 * consignments in which it is end-user or consignee; of a consignment the latest TW_RECEIVERS_MAX revisions, of each TW_RECEIVERS parties. What was
 * cancelled stays received, as it stays in the sums of a party's days.
 *
 * *After departure* is a revision told after an event said so, or after the day of departure that it states itself: an agent who plans anew states a
 * new day. It is held against the latest revision that is not.
 *
 * Reading is safe on any bytes. Source: WCO, Harmonized System 2022, chapter 93; EVENTS: consignments, their certificates and licences.
 */
#ifndef TIDEWAITER_ENGINE_STATE_RECEIPTS_H
#define TIDEWAITER_ENGINE_STATE_RECEIPTS_H

#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

#include "engine/state/mentions.h"

struct tw_question;

#define TW_RECEIVED_LINES 8U
#define TW_RECEIVERS      8U

/** Chapter 93, or a line with a control code, a certificate or a licence. */
bool tw_is_controlled_trade(const struct tw_consignment *consignment);
/** It left before that day by its own plan. @param day on which it is told */
bool tw_told_after_departure(const struct tw_consignment *consignment, int32_t day);
/** Puts a declared or amended consignment's controlled lines into the drafts of its receivers, and these into its own. After all mentions. @param key
 * of the consignment @param version of its draws */
void tw_receipts_put(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, struct tw_version version);
/** TW_METRIC_RECEIVED, TW_METRIC_RECEIVER_CHANGED (of a state with what the event itself says). @return false at the arena's ceiling */
bool tw_answer_receipts(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
