/**
 * @file delivery.h
 * Deliveries under a certificate: what was promised of them, where they arrived, what was verified, and what that leaves open.
 *
 *     certificate's record
 *     assured   'U'                  version of the terms -> flags, days, final destination
 *     verified  'V' consignment key  version: time, id    -> flags, day of receipt, lines (certificate's line, quantity, unit)
 *     arrived   'Y' consignment key  version: time, id    -> country of the office that says so, 0 where it does not tell
 *
 *     consignment's record
 *     assured   'U' hash of the roll be64                 -> roll of what some revision draws on (roll.h), as 'R'; version: of the latest such one
 *     arrived   'Y'                  version: time, id    -> country, as above
 *
 * A verification that names no consignment has an empty key and speaks for all that had arrived by the day of receipt. Of one consignment the
 * latest verification and the latest arrival count, whatever came first. An arrival names its consignment alone: whichever of it and a revision
 * comes second tells the certificates (facts.h).
 *
 * *Due* counts from the arrival at the final destination, else from the arrival that the manifest's route expects, to the latest event that the
 * certificate's record knows of, the one that asks among them: never to a clock. So a paper that comes late is judged as if it had come in time,
 * and a replay judges as the first run did. Time that passes without a paper is told by the clocks of clock.h, and asked for by due.h.
 * A consignment without any day of arrival is never due.
 *
 * Source: OSCE, Handbook of Best Practices on Small Arms and Light Weapons, delivery verification certificate; Wassenaar Arrangement, end-user
 * assurances commonly used, consolidated indicative list, delivery verification.
 */
#ifndef TIDEWAITER_ENGINE_STATE_DELIVERY_H
#define TIDEWAITER_ENGINE_STATE_DELIVERY_H

#include "engine/state/mentions.h"
#include "engine/state/question.h"

/** What an event of a certificate says of deliveries: promises of its terms, or a verification; nothing for others. Failures are the drafts'. */
void tw_delivery_mention(struct tw_drafts *drafts, const struct tw_event *event, uint32_t certificate, struct tw_slice consignment, uint64_t id);
/** What a consignment's own event says of them: its certificates, or its arrival. After all mentions. @param version of a revision: tw_roll_put's */
void tw_delivery_put(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_version *version);

/** One consignment's latest arrival. */
struct tw_arrival {
	struct tw_version version;
	uint16_t country; /**< 0: not known */
};
/** @param consignment empty in the consignment's own record @return false at the arena's ceiling */
bool tw_arrival_write(const struct tw_arrival *arrival, struct tw_slice consignment, struct tw_arena *arena, struct tw_element *out);
/** @return false when the element is no arrival */
bool tw_arrival_read(const struct tw_element *element, struct tw_arrival *out);

/** What a verification says, without its lines. */
struct tw_verified {
	bool received_stated, discrepancy;
	int32_t received; /**< day since 1970-01-01; of the event where none is stated */
	uint64_t lines_left;
	struct tw_cursor lines; /**< for tw_ledger_next */
};
/** @return false when the element is no verification */
bool tw_verified_read(const struct tw_element *element, struct tw_verified *out);

/** What a certificate promises of deliveries. */
struct tw_assured {
	bool verification_stated, verification; /**< delivery is to be verified */
	bool within_stated;
	uint32_t within_days;
	uint16_t destination; /**< 0: none */
};
/** @return false when the element is none of a certificate */
bool tw_assured_read(const struct tw_element *element, struct tw_assured *out);

/** One delivery that is to be verified, as a certificate's record knows it. */
struct tw_delivery {
	bool awaited;  /**< it stands, its verification is promised within a time, and its day is known; else nothing below but `version` counts */
	int32_t late;  /**< the first day on which its verification is late */
	bool verified; /**< whatever day that was */
	int64_t verified_ms; /**< time of the event that says so */
	/** Goes up with any of the statements that this follows from, whatever order they come in: of two, the one that knows more has the higher. */
	struct tw_version version;
};
/** @param heard the state without what counts for nothing: tw_words_heard */
void tw_delivery_read(const struct tw_state *state, const struct tw_state *heard, struct tw_slice consignment, struct tw_delivery *out);

/** Whether a metric is about deliveries. */
bool tw_asks_of_delivery(enum tw_metric metric);
/** @param question its state has in it what a certificate's own event or a manifest says itself */
void tw_answer_delivery(const struct tw_question *question, struct tw_history_answer *answer);

#endif
