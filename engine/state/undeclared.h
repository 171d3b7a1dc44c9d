/**
 * @file undeclared.h
 * Deliveries that were verified and that no other paper bears out: of goods that the certificate does not have, or of a consignment whose manifest
 * never named it.
 *
 * Of goods either paper may be second: whichever is finds the other. Of a consignment nothing second may ever come, and its manifest may only be
 * late: so a verification waits, as deliveries do (due.h), until every source has passed its day and time.grace_days more. A manifest that drew on
 * the certificate once, and was cancelled or amended since, is one (delivery_cancelled).
 *
 * Source: OSCE, Handbook of Best Practices on Small Arms and Light Weapons, delivery verification certificate.
 */
#ifndef TIDEWAITER_ENGINE_STATE_UNDECLARED_H
#define TIDEWAITER_ENGINE_STATE_UNDECLARED_H

#include "engine/state/clock.h"
#include "engine/state/question.h"

/**
 * The fact that waits for a verified consignment's manifest.
 * @param after the certificate's record with what the event says @param consignment its key @return false at the arena's ceiling
 */
bool tw_undeclared_expect(const struct tw_time_policy *policy, const struct tw_state *after, struct tw_slice certificate, struct tw_slice consignment,
                          const struct tw_event *event, struct tw_arena *arena, struct tw_list *facts);
/** TW_METRIC_VERIFIED_OTHERS, TW_METRIC_DELIVERIES_UNDECLARED. @return false at the arena's ceiling */
bool tw_answer_undeclared(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
