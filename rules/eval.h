/**
 * @file eval.h
 * Running a program over one event: the state of a run, reading values, and what an explaining run collects.
 *
 *     eval.c      nodes: logic, quantifiers, comparisons
 *     value.c     operands to numbers and texts; caches of one event
 *     past.c      goods of earlier parcels
 *     ask.c       listed, embargo, borders, warning
 *     explain.c   evidence, facts, related consignments, first elements; undone where a branch did not hold
 *     because.c   the sentence
 *
 * Nothing here allocates but from the batch's arena and the bench.
 */
#ifndef TIDEWAITER_RULES_EVAL_H
#define TIDEWAITER_RULES_EVAL_H

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "rules/patterns.h"
#include "rules/program.h"
#include "rules/rules.h"
#include "rules/text_memo.h"
#include "rules/trace.h"
#include "rules/words.h"

#define TW_TEXT_NOTES        16384U /* power of two; texts beyond are worked out again at each question */
#define TW_HISTORY_NOTES     512U   /* power of two; a collision only asks again */
#define TW_NEIGHBOURS_MAX    32U    /* China and Russia have the most land borders: 14 */
#define TW_EVIDENCE_SEEN_MAX 64U    /* candidates, of which the best TW_EVIDENCE_MAX stay */
#define TW_SUMMED_SHOWN      3U     /* elements of a sum that become evidence: they say what was added, the fact says how much */
#define TW_RELATED_MAX       16U    /* earlier consignments an officer can look up */
#define TW_EMBARGOES_ASKED   16U    /* rows in force for one country: 6 at most in the data */

/** What was worked out about one text of the event. */
struct tw_text_note {
	const struct tw_text *text;
	struct tw_slice folded[2];
	bool has_folded[2];          /* 0: TEXT, 1: MARK */
	struct tw_arena *arena;      /* where what was worked out lives */
	struct tw_text_known *known; /* NULL: nothing was asked yet; else `own`, or the memo's */
	struct tw_text_known own;
};

/** Where a text's note stands: notes stand one behind the other, so that those of an event are few lines of memory, and the next event's the same. */
struct tw_text_slot {
	uint32_t event; /* the low half of the bench's event number: of an earlier one, the slot is free */
	uint32_t note;
};

/** Which of an entity's earlier goods count. */
struct tw_earlier_test {
	bool patterns; /**< else words */
	uint32_t pattern_set;
	struct tw_word_test words;
};

struct tw_history_note {
	uint64_t event;
	const struct tw_metric_info *metric;
	const void *subject;
	uint32_t days;
	struct tw_history_answer answer;
};

struct tw_gate_bench;

struct tw_rule_bench {
	uint64_t event;      /* number of the event at hand */
	bool spares_nothing; /* no rule is left out: for tests and benchmarks */
	struct tw_pattern_bench *patterns;
	struct tw_list limited; /* const struct tw_rule_info *: of the event at hand */
	struct tw_gate_bench *gates;
	const void **slot; /* what each quantifier looks at */
	uint32_t *index;
	const void **first; /* explaining: the first that satisfied, or NULL */
	uint32_t *first_index;
	uint32_t *bound; /* explaining: slots in the order in which `first` was set */
	struct tw_text_slot *text_slots;
	struct tw_text_note *texts;
	struct tw_text_memo *memo;
	uint32_t text_count; /* of event `texts_event`: older notes are void */
	uint64_t texts_event;
	struct tw_history_note *histories;
	/* when the table is full: two, because a comparison has two sides. Their memory is given back at the next use, so that an event of
	 * a hundred thousand texts costs time, not memory */
	struct tw_text_note spare[2];
	struct tw_arena spare_arena[2];
	uint32_t spare_next;
};

struct tw_evidence_seen {
	struct tw_evidence evidence;
	uint32_t rank; /* 0: of the first element that satisfied */
};

/** What an explaining run has collected so far. */
struct tw_explain {
	struct tw_evidence_seen evidence[TW_EVIDENCE_SEEN_MAX];
	uint32_t evidence_count;
	struct tw_fact fact[TW_FACTS_MAX];
	uint32_t fact_count;
	struct tw_slice related[TW_RELATED_MAX];
	uint32_t related_count;
	uint32_t bound_count;
	uint32_t depth;                    /* quantifiers around */
	uint32_t rank;                     /* of the outermost element at hand */
	uint32_t matched;                  /* elements that satisfied an outermost quantifier */
	const struct tw_rule_trace *trace; /* NULL: nobody looks on */
};

struct tw_eval {
	const struct tw_rules *rules;
	const struct tw_patterns *patterns;
	const struct tw_words *words;
	struct tw_rule_bench *bench;
	const struct tw_rule_env *env;
	struct tw_arena *arena;
	const struct tw_rule *rule;
	const struct tw_rule_node *nodes;
	int64_t counted;
	int32_t day; /* of the event */
	bool negated;
	bool failed;                /* the arena refused */
	struct tw_explain *explain; /* NULL while deciding */
};

/* ---- eval.c ---- */

/** @param nodes the rule's decide or explain program */
bool tw_eval_run(struct tw_eval *eval, const struct tw_rule_node *nodes);
/** RANGE, NUMBERS, SPANS, BITS, CODES; `negate` left aside */
bool tw_eval_number_meets(const struct tw_rule_node *node, int64_t number);
/** TEXTS, STARTS; `negate` left aside */
bool tw_eval_text_meets(const struct tw_rule_node *node, struct tw_slice normal);

/** What was read in a text, at its first use; NULL when it is not stated or the arena refused */
const struct tw_word_marks *tw_eval_words(struct tw_eval *eval, const struct tw_text *text, bool undone);

/* ---- value.c ---- */

static inline const void *tw_eval_at(const struct tw_eval *eval, uint32_t slot, uint32_t offset)
{
	return (const char *)eval->bench->slot[slot] + offset;
}
/** Of a FIELD operand's value in the source event. */
struct tw_span tw_eval_span(const struct tw_eval *eval, const struct tw_operand *operand);
bool tw_eval_stated(struct tw_eval *eval, const struct tw_operand *operand);
/** All classes but TEXT and MARK. @return false when not stated */
bool tw_eval_number(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out);
/** As tw_eval_number, of a FIELD operand's value at an address: no plus_days, no e4. */
bool tw_eval_field(const struct tw_operand *operand, const void *at, int64_t *out);
/** TEXT and MARK: normal form. @return false when not stated */
bool tw_eval_text(struct tw_eval *eval, const struct tw_operand *operand, struct tw_slice *out);
struct tw_slice tw_eval_folded(struct tw_eval *eval, struct tw_text_note *note, enum tw_class class);
/** Of a text that finds no room, the note is good until the next but one such call. */
struct tw_text_note *tw_eval_note(struct tw_eval *eval, const struct tw_text *text);
/** What patterns and words say of a note's text, as far as it was asked. Good as long as the note. */
struct tw_text_known *tw_eval_known(struct tw_eval *eval, struct tw_text_note *note);
/** Does a text meet the patterns of a set? */
bool tw_eval_matches(struct tw_eval *eval, const struct tw_text *text, uint32_t set);
/** Where it does, by the first of them that matches. @param part out: of the text; may be empty @return false: it does not */
bool tw_eval_place(struct tw_eval *eval, const struct tw_text *text, uint32_t set, struct tw_span *part);
const struct tw_history_answer *tw_eval_history(struct tw_eval *eval, const struct tw_operand *operand);
/** past.c: how many earlier consignments held such goods; always stated: none is 0 */
bool tw_eval_earlier(struct tw_eval *eval, const struct tw_operand *operand, int64_t *out);
/** A country or the country of a place; 0 when the text is neither. */
uint16_t tw_eval_country(enum tw_field_kind kind, struct tw_slice text);
/** A leaf as a fact: kind, number, text. @return false when it is not stated or no fact */
bool tw_eval_fact(struct tw_eval *eval, const struct tw_operand *operand, struct tw_fact *out);

/* ---- ask.c ---- */

bool tw_eval_listed(struct tw_eval *eval, const struct tw_rule_node *node);
/** Does any hit of the event meet the test, whatever it is a hit of? */
bool tw_eval_listed_anywhere(const struct tw_eval *eval, const struct tw_rule_node *node);
bool tw_eval_embargo(struct tw_eval *eval, const struct tw_rule_node *node);
bool tw_eval_borders(struct tw_eval *eval, const struct tw_rule_node *node);
bool tw_eval_warning(struct tw_eval *eval, const struct tw_rule_node *node);

/* ---- explain.c ---- */

struct tw_explain_mark {
	uint32_t evidence, facts, related, bound;
};
struct tw_explain_mark tw_explain_mark(const struct tw_explain *explain);
/** Forget what was collected after the mark. */
void tw_explain_undo(struct tw_eval *eval, struct tw_explain_mark mark);
/** A comparison that supports the firing: its values become evidence, facts, related consignments. */
void tw_explain_leaf(struct tw_eval *eval, const struct tw_rule_node *node);
void tw_explain_operand(struct tw_eval *eval, const struct tw_operand *operand);
void tw_explain_evidence(struct tw_eval *eval, struct tw_slice pointer, struct tw_span span, struct tw_slice text);
/** The first value under a name stays. */
void tw_explain_fact(struct tw_eval *eval, struct tw_fact fact);
/** Facts of receivers that changed: role, who it is now, who it was. */
void tw_past_explain(struct tw_eval *eval, const struct tw_history_answer *answer);
void tw_explain_fact_text(struct tw_eval *eval, const char *name, struct tw_slice text);
/** An earlier consignment that an officer can look up; each once, at most TW_RELATED_MAX. */
void tw_explain_related(struct tw_explain *explain, struct tw_slice consignment);
/** past.c: the consignments that counted, and what the latest of them held. */
void tw_explain_earlier(struct tw_eval *eval, const struct tw_operand *operand);
/** The element in this slot satisfied its quantifier. */
void tw_explain_bind(struct tw_eval *eval, uint32_t slot);
/** Choose, sort and copy into the finding. */
void tw_explain_finish(struct tw_eval *eval, struct tw_finding *finding);

/* ---- because.c ---- */

/** A fact as the sentence says it, terminated. @return {NULL, 0} at the arena's ceiling */
struct tw_slice tw_because_value(struct tw_eval *eval, const struct tw_fact *fact);

/** Fill in the sentence after an explaining run. @return {NULL, 0} at the arena's ceiling */
struct tw_slice tw_because_fill(struct tw_eval *eval, const struct tw_finding *finding);

#endif
