/**
 * @file transactions.h
 * Which consignments on a certificate are parts of one transaction: those that name the same exporter and the same consignee, under one contract.
 *
 * Of two consignments at least one names the contract, and neither names another than the other one or the certificate does; numbers are compared by
 * their letters and digits. By what draws say of themselves (draw_said.h), whatever came first: of the latest TW_DRAWS_SAID_MAX; what is not kept is
 * never held against anybody.
 *
 * Source: UN, International Ammunition Technical Guideline 03.40: an end-user certificate shall not be used for more than one transaction; EVENTS,
 * settled questions: part deliveries.
 */
#ifndef TIDEWAITER_ENGINE_STATE_TRANSACTIONS_H
#define TIDEWAITER_ENGINE_STATE_TRANSACTIONS_H

#include "engine/state/question.h"

/** TW_METRIC_OTHER_TRANSACTIONS, of a state with what the event itself says. @return false at the arena's ceiling */
bool tw_answer_transactions(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
