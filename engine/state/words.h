/**
 * @file words.h
 * Whose word a certificate's confirmation is, and a delivery's verification: an authority's, or that of somebody who trades under it.
 *
 *     word   'w' key of what it says   version: the same   -> who says so, as `by` names him, else `reported_by`
 *
 * Beside the status 'S' of a confirmation and the verification 'V' (ledger.h, delivery.h), where the event names anybody; it is about that version
 * alone. A paper is confirmed by who issued it, or by an authority that asked him: its exporter, its broker or a firm that receives cannot. That
 * goods came is said by who received them, or by an authority: not by who sent, brokered or carried them. Such an *own word* is on record, and counts
 * for nothing: neither as confirmed nor as verified. Who has no interest by what is on record, or is not named at all, counts as ever, and so does a
 * government, whatever its part: its offices buy, send and confirm.
 *
 * Who trades is read from the certificate's latest words (paper.h) and from those of the consignments that draw on it (draw_said.h), so that the
 * order of papers does not matter. Names are the same when they are once folded, or when more follows ("Samplearms Works, export department").
 *
 * Source: OSCE, FSC.DEC/5/04, verification of end-user certificates; OSCE, Handbook of Best Practices on Small Arms and Light Weapons, delivery
 * verification certificate, issued by the authorities of the importing state.
 */
#ifndef TIDEWAITER_ENGINE_STATE_WORDS_H
#define TIDEWAITER_ENGINE_STATE_WORDS_H

#include "engine/state/mentions.h"
#include "engine/state/question.h"

/** Puts the word beside what the event says. @param about its status or verification @param certificate the draft */
void tw_words_put(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate, const struct tw_element *about);
/** @return the certificate's record without what is an own word: itself where there is none; NULL at the arena's ceiling, and of NULL */
const struct tw_state *tw_words_heard(const struct tw_state *state, struct tw_arena *arena);
/** TW_METRIC_OWN_WORDS, TW_METRIC_SAID_BY. @return false at the arena's ceiling */
bool tw_answer_words(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
