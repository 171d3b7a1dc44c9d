/**
 * @file question.h
 * One question of history.h on its way to an answer, shared by history.c (which entity, counters) and balance.c (certificates, marks).
 */
#ifndef TIDEWAITER_ENGINE_STATE_QUESTION_H
#define TIDEWAITER_ENGINE_STATE_QUESTION_H

#include "engine/base/time.h"
#include "engine/state/entity.h"

/* Everything one question needs. */
struct tw_question {
	const struct tw_event *event;
	const struct tw_history_query *query;
	const struct tw_operations *operations; /* all of the event */
	const struct tw_priors *priors;         /* of the event; NULL: none */
	const struct tw_operation *operation;
	const struct tw_state *state;
	const struct tw_state *series;     /* of a marking's own series, or NULL */
	const struct tw_item *item;        /* the line that a reference or marking stands on, or NULL */
	const struct tw_mark_parts *parts; /* of a marking, where it is in a series; or NULL */
	const struct tw_mention *mention;  /* of the subject; or NULL */
	struct tw_slice consignment;       /* the event's own, empty for none */
	struct tw_slice certificate;       /* likewise */
};

static inline void tw_answer_value(struct tw_history_answer *answer, int64_t value)
{
	answer->stated = true;
	answer->value = value;
}

/** Whether something of that time is not older than the question's window; what came after the event, told late, is not old. */
static inline bool tw_is_recent(const struct tw_question *question, int64_t time_ms)
{
	int64_t back = (int64_t)tw_instant_day(question->event->time.ms) - tw_instant_day(time_ms);
	return question->query->window_days == 0 || back <= (int64_t)question->query->window_days;
}

/** Whether the metric's answer has in it what this event itself says. */
bool tw_asks_of_all(enum tw_metric metric);
/**
 * A record as it is after an operation.
 * @param state before it, or NULL: no record @return in the arena; NULL where the two do not fit
 */
const struct tw_state *tw_state_with(const struct tw_state *state, const struct tw_operation *operation, struct tw_arena *arena);

/** @return whether the element is of that class, another consignment's than the event's own, and stands */
bool tw_is_others(const struct tw_question *question, const struct tw_element *element, char class);

/** Whether the event's own manifest goes on with that one's goods: its bill replaces the other's, or names it as the master. */
bool tw_is_carried_on(const struct tw_question *question, struct tw_slice consignment);

/** Elements of one class, asked for by ascending consignment: each look-up goes on where the last one ended. */
struct tw_side {
	const struct tw_state *state;
	uint32_t at; /**< 0 at first */
	char class;
};
/** @return that of the consignment, or of what else the key's tail names; NULL: there is none */
const struct tw_element *tw_side_find(struct tw_side *side, struct tw_slice consignment);

/** The latest four consignments behind an answer, latest first. */
struct tw_recent {
	struct tw_history_answer *answer;
	struct tw_version at[4];
};
void tw_recent_add(struct tw_recent *recent, const struct tw_version *version, struct tw_slice consignment);
/** A consignment that comes again counts by its latest: forget it before adding. */
void tw_recent_forget(struct tw_recent *recent, struct tw_slice consignment);

/** Metrics of certificates and markings, and of inspections. `answer` comes with its key and not stated. */
void tw_answer_ledger(const struct tw_question *question, struct tw_history_answer *answer);

/** How the certificates of a manifest name one of its parties: TW_METRIC_NAMED_AS. @return false at the arena's ceiling */
bool tw_answer_named_as(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                        const struct tw_party *party, struct tw_arena *arena, struct tw_history_answer *answer);
/** What a certificate's line says of a word of a manifest's: nothing where either is silent. */
enum tw_verdict { TW_SAYS_NOTHING = 0, TW_SAYS_NO, TW_SAYS_YES };
struct tw_paper;
/** Whether two papers' words for one thing mean the same. @param metric as of tw_paper_names @param full set at the arena's ceiling */
enum tw_verdict tw_paper_says(enum tw_metric metric, struct tw_slice asked, struct tw_slice listed, struct tw_arena *arena, bool *full);
/** What a certificate says of a word. @param metric HS_NAMED to CALIBRE_NAMED @param wanted line of the certificate, 0: any @param full set at the
 * arena's ceiling */
enum tw_verdict tw_paper_names(enum tw_metric metric, struct tw_slice asked, int64_t wanted, const struct tw_paper *paper, struct tw_arena *arena,
                               bool *full);
/** Whether somebody is named on the role's side: a certificate without an exporter says nothing about who may send; who neither sends nor receives
 *  has to be named by any. */
bool tw_paper_names_side(const struct tw_paper *paper, uint32_t role);
/** Consignor, seller, exporter. */
bool tw_role_sends(uint32_t role);

/** Whether lines and route agree with what a certificate states (paper_answer.c). @return false at the arena's ceiling */
bool tw_answer_paper(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
