/**
 * @file confirm.h
 * Certificates that are in use, and that their issuer never confirmed: told by time alone, as deliveries are (due.h).
 *
 *     whatever changes the first use of a certificate, or whether its confirmation is waited for, on its record
 *         --> fact.confirmation_expected --> the day's record    'J' certificate, nothing -> day of the first use
 *                                        --> "clock"             as due.h
 *     the day, and that it has passed: whichever comes second at the day's record
 *         --> fact.confirmation_due, of that day --> the certificate  'H' nothing    version: the day
 *                                        | judged as certificate.confirmation_due: rules ask it for unconfirmed_days
 *
 * *In use* from the earliest of its draws that stand, by what their consignments said last. Waited for is the confirmation of a certificate whose
 * terms are on record and that was neither authenticated, nor refuted, revoked or lost: of these other rules speak. Where the first use moves, each
 * day that was expected passes, and only that of the use that still is the first tells.
 *
 * A confirmation that comes after it was told settles it: confirmation_settled.
 *
 * Source: OSCE, FSC.DEC/5/04, verification of end-user certificates with the issuing authority.
 */
#ifndef TIDEWAITER_ENGINE_STATE_CONFIRM_H
#define TIDEWAITER_ENGINE_STATE_CONFIRM_H

#include "engine/state/clock.h"
#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

/** What fact.confirmation_expected leaves in records. What is none of ours leaves TW_E_CORRUPT in the drafts. */
void tw_confirm_mention(struct tw_drafts *drafts, const struct tw_event *event);

/** What follows of an event that changes a certificate's record. @param before NULL: no record @param facts struct tw_event, in the arena @return
 * false at its ceiling */
bool tw_confirm_expect(const struct tw_time_policy *policy, const struct tw_state *before, const struct tw_state *after, struct tw_slice certificate,
                       const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts);
/** The day has passed. @param says of its element @return false at the arena's ceiling */
bool tw_confirm_due_tell(struct tw_slice certificate, int32_t day, struct tw_slice says, struct tw_arena *arena, struct tw_list *facts);
/** The day of a fact.confirmation_expected had passed before. @return false at the arena's ceiling */
bool tw_confirm_due_again(const struct tw_event *expected, struct tw_arena *arena, struct tw_list *facts);

/** TW_METRIC_UNCONFIRMED_DAYS, TW_METRIC_CONFIRMATION_SETTLED. @return false at the arena's ceiling */
bool tw_answer_confirm(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
