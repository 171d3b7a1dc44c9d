/**
 * @file due.h
 * Deliveries that are to be verified by a day: who waits for them, and what happens when the day has passed (clock.h).
 *
 *     whatever changes a delivery on a certificate's record
 *         --> fact.delivery_expected --> the day's record        'J' certificate, consignment            "day|2026-05-12|7" of TW_ENTITY_TIME
 *                                    --> "clock"                 first and last day on which anything is due
 *                                    --> end-users, exporters    'Q' certificate, consignment -> day, when it was verified
 *     the day, and that it has passed: whichever comes second at the day's record
 *         --> fact.delivery_due, of that day --> the certificate 'H' consignment    version: the day up to which it was told
 *                                        | judged as certificate.delivery_due: rules ask it for deliveries_fallen_due
 *
 * and on the certificate's record, for these facts: 'Q' -> roll of its end-users and exporters (roll.h), with the version of the terms.
 *
 * A delivery that was told, and is late no longer by what its certificate says next (verified at last; terms that ask for none, or later), is settled
 * by that event: deliveries_settled, and a rule that `settles` what time told. Whichever of the two comes first at the certificate's record decides
 * whether it was told at all.
 *
 * Exactly once: a delivery is told as due when it is late at its certificate's record, not verified there, and not told up to its day before; whoever
 * looks a second time finds it told. A delivery whose day moved (arrived later, terms amended) waits on both days; on the first it is found
 * not to be late. Every order of papers that ends with the same record ends with the same answers: what a party's record holds has the version
 * of all statements that it follows from (struct tw_delivery); of a delivery that is not awaited any more it says so, or says nothing.
 *
 * Source: OSCE, Handbook of Best Practices on Small Arms and Light Weapons, delivery verification certificate.
 */
#ifndef TIDEWAITER_ENGINE_STATE_DUE_H
#define TIDEWAITER_ENGINE_STATE_DUE_H

#include "engine/state/clock.h"
#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

/** The end-users and exporters of an issue or amendment, on its own record. After its key was mentioned, before or after its parties. */
void tw_due_parties(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate);
/** @return whether the event of a certificate says nothing but what the engine itself told: certificate.delivery_due, certificate.confirmation_due,
 *  certificate.paper_shared, certificate.goods_departed */
bool tw_due_reminds(enum tw_event_type type);
/** What such an event leaves on its record. */
void tw_due_told(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate);
/** What delivery_expected leaves in records. What is none of ours leaves TW_E_CORRUPT in the drafts. */
void tw_due_mention(struct tw_drafts *drafts, const struct tw_event *event);

/** @return whether events of that type may make facts of this file, if they name a certificate or a day */
bool tw_due_follows(enum tw_event_type type);
/** What follows of such an event. @param facts struct tw_event, in the arena @return false at its ceiling */
bool tw_due_facts(const struct tw_time_policy *policy, const struct tw_event *event, const struct tw_operations *operations,
                  const struct tw_priors *priors, struct tw_arena *arena, struct tw_list *facts);

/** @return whether the fact is judged as an event of its certificate: fact.delivery_due, fact.confirmation_due, fact.paper_shared (paper_links.h),
 * fact.departed (leaving.h) */
bool tw_due_turns(enum tw_event_type type);
/** Such a fact becomes the event that it is judged as: certificate.delivery_due, certificate.confirmation_due, certificate.paper_shared, ... Any
 * other is left alone. */
void tw_due_turn(struct tw_event *event);

/** What waits on the fact's day, in the day's record and the clock's. @param consignment empty: the certificate itself (confirm.h) @param says kept
 * with it */
void tw_due_wait(struct tw_drafts *drafts, const struct tw_fact_body *fact, struct tw_slice certificate, struct tw_slice consignment,
                 struct tw_slice says);

/** When a party is to see a delivery verified. */
struct tw_expected {
	struct tw_slice certificate, consignment; /**< keys */
	bool awaited;                             /**< false: not any more, or never */
	int32_t late;                             /**< the first day on which it is late */
	bool settled;
	int64_t settled_ms;
};
/** @return false when the element is no such */
bool tw_expected_read(const struct tw_element *element, struct tw_expected *out);

/** @return the day up to which time told of a consignment on a certificate's record; INT32_MIN: never */
int32_t tw_due_told_day(const struct tw_state *state, struct tw_slice consignment);
/** @return whether an event of passed time is about the consignment: one that names none is about all */
bool tw_due_is_about(const struct tw_event *event, struct tw_slice consignment);
/** TW_METRIC_DELIVERIES_FALLEN_DUE, TW_METRIC_DELIVERIES_SETTLED, TW_METRIC_OVERDUE_ELSEWHERE. @return false at the arena's ceiling */
bool tw_answer_due(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
