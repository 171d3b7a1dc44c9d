/**
 * @file transactions.h
 * Which consignments on a certificate are parts of one transaction: those that name the same exporter and the same consignee, and no two contracts.
 *
 * Neither of two consignments names another contract than the other one or the certificate does; numbers are compared by their letters and digits. A
 * bill of lading seldom names a contract at all: silence is no second transaction, for one transfer may come in several shipments to one recipient.
 * More than certified is another finding, whoever sends it. By what draws say of themselves (draw_said.h), whatever came first: of the latest
 * TW_DRAWS_SAID_MAX; what is not kept is never held against anybody. Where both state a consignor, or a consignee, under different keys, their names are
 * left to the screener (`drawn`, and whom they are compared with in `named`): a firm with and without its legal form is one firm.
 *
 * Source: UN, International Ammunition Technical Guideline 03.40: an end-user certificate shall not be used for more than one transaction; EU,
 * Directive 2009/43/EC, article 7: one transfer, in one or several shipments, to one recipient; EU, Regulation 258/2012, article 2, authorisations
 * for one and for several shipments to one recipient.
 */
#ifndef TIDEWAITER_ENGINE_STATE_TRANSACTIONS_H
#define TIDEWAITER_ENGINE_STATE_TRANSACTIONS_H

#include "engine/state/question.h"

/**
 * TW_METRIC_OTHER_TRANSACTIONS, and of a licence TW_METRIC_LICENCE_OTHERS: whatever contracts they name, but not what its receiver sends on or back,
 * which names the licence under which it came. Of a state with what the event itself says, without those in `drawn` yet.
 * @return false at the arena's ceiling
 */
bool tw_answer_transactions(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
