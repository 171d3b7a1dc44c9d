/**
 * @file judge.h
 * One event's way through the stages, in the two halves that the store's answer divides.
 *
 *     message --tw_judge_read--> decoded, list matches, operations --(store)--> priors --tw_judge_rule--> findings, score, outputs
 *          \--> dead letter: the event is inert from there on
 *
 * The middle between I/O on both sides: same message, same snapshot, same priors, same bytes. Threads: one judge a thread.
 */
#ifndef TIDEWAITER_ENGINE_RUN_JUDGE_H
#define TIDEWAITER_ENGINE_RUN_JUDGE_H

#include <tidewaiter/alert.h>

#include "engine/io/stream.h"
#include "engine/score/score.h"

struct tw_arena;
struct tw_judge;
struct tw_list_index;
struct tw_operations;
struct tw_priors;
struct tw_snapshot;
struct tw_time_policy;

/** What is known of one event; all of it in the batch's arena. */
struct tw_case {
	const struct tw_message *message;
	struct tw_event *event; /**< NULL: a dead letter */
	struct tw_matches matches;
	struct tw_operations *operations; /**< NULL: a dead letter */
	struct tw_priors *priors;         /**< set between the halves */
	const char *dead_reason;          /**< why it is a dead letter, else NULL */
	bool duplicate;                   /**< sent before: adds nothing, raises nothing; `operations` is NULL then */
	bool conflicting;                 /**< another event had its source and id: judged as usual */
	struct tw_assessment assessment;
	struct tw_output outputs[2];
	uint32_t output_count;
	struct tw_suppressed_list suppressed; /**< findings that a decision has taken out */
	struct tw_findings shadow;            /**< of rules in the shadow: they changed nothing */
	struct tw_output *shadows;            /**< a record each, where they are asked for */
	uint32_t shadow_count;
	struct tw_output trace;          /**< of a request for one: its answer, where it is asked for */
	bool traced;                     /**< there is one */
	struct tw_limited_rules limited; /**< that a match was given up of; of those in the shadow too, once they were evaluated */
	struct tw_output *facts;         /**< for the log, where its record made some */
	uint32_t fact_count;
	bool ticks;          /**< it is the first of its source and partition on its day (ticks.h) */
	int32_t tick_before; /**< what that was before */
	/** In order: cases that followed from it, each to be judged, with outputs of their own. */
	struct tw_case *follow;
	uint32_t follow_count;
};

struct tw_judge_options {
	const struct tw_snapshot *snapshot;   /**< borrowed; NULL: a judge that can only tw_judge_fold, which needs no rule and no list */
	const struct tw_score_policy *policy; /**< borrowed */
	uint32_t event_bytes;
	bool traces;                        /**< requests for a trace are answered */
	bool shadows;                       /**< rules in the shadow leave records; else they are only evaluated */
	const struct tw_list_index *before; /**< an edition of the lists: only hits that it had not raise an alert; NULL: all that score. Borrowed */
};

/** @param out owned by the caller; written on TW_OK only @return TW_OK; TW_E_RANGE: event_bytes; TW_E_MEMORY. Threads: one judge a thread. */
TW_MUST_USE enum tw_code tw_judge_new(const struct tw_judge_options *options, struct tw_judge **out, struct tw_error *err);
void tw_judge_free(struct tw_judge *judge);
/** The first step of tw_judge_read, for who wants to take it apart. @param about zeroed but for `message` @return as tw_judge_read */
TW_MUST_USE enum tw_code tw_judge_decode(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err);
/**
 * @param about zeroed but for `message`, or as tw_judge_decode left it @return TW_OK, dead letters too; TW_E_MEMORY at the arena's ceiling
 */
TW_MUST_USE enum tw_code tw_judge_read(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err);
/** As tw_judge_read, but only what history needs: an event whose outputs an earlier run has written. */
TW_MUST_USE enum tw_code tw_judge_fold(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err);
/** As tw_judge_read. Dead letters and duplicates are left as they are. */
TW_MUST_USE enum tw_code tw_judge_rule(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_error *err);
/**
 * The half of tw_judge_rule before anything is raised: findings and what they come to, in `about->assessment`. For who compares editions of rules.
 * @param findings none for dead letters, duplicates and facts, whose assessment is left as it is
 * @param arena the portion's own: what is folded of the case's priors stays in it, for the neighbours too
 * @return as tw_judge_read
 */
TW_MUST_USE enum tw_code tw_judge_assess(struct tw_judge *judge, struct tw_arena *arena, struct tw_case *about, struct tw_findings *findings,
                                         struct tw_error *err);
/**
 * What follows for records that the event does not name: facts.h, due.h, and of time clock.h. Dead letters and duplicates have none.
 * @param time NULL: nothing of deliveries and time @param facts out: struct tw_event, in the arena @return as tw_judge_read
 */
TW_MUST_USE enum tw_code tw_judge_facts_of(const struct tw_time_policy *time, struct tw_arena *arena, const struct tw_case *about,
                                           struct tw_list *facts, struct tw_error *err);
/** The same as outputs, in the case. */
TW_MUST_USE enum tw_code tw_judge_facts(const struct tw_time_policy *time, struct tw_arena *arena, struct tw_case *about, struct tw_error *err);
/**
 * Judge with another snapshot from here on. Nothing that the judge made with the one before may be in use any more: not a case, not an arena.
 * @param snapshot borrowed, in place of the one before, which is not borrowed any more on TW_OK
 * @return TW_OK; TW_E_MEMORY, and others as tw_judge_new: the judge is as it was
 */
TW_MUST_USE enum tw_code tw_judge_change(struct tw_judge *judge, const struct tw_snapshot *snapshot, struct tw_error *err);
/** The consignment that the event itself names; empty: none. */
struct tw_slice tw_judge_named(const struct tw_event *event);
/** Pattern matches given up at their limit so far. */
uint64_t tw_judge_limited(const struct tw_judge *judge);
/** List hits that the known good has hidden so far. */
uint64_t tw_judge_known_good(const struct tw_judge *judge);

#endif
