/**
 * @file finding.h
 * One rule that fired on one event: what it is worth, why, and the evidence. Stages add up findings; officers read them.
 */
#ifndef TIDEWAITER_FINDING_H
#define TIDEWAITER_FINDING_H

#include <tidewaiter/match.h>
#include <tidewaiter/outcome.h>
#include <tidewaiter/slice.h>

/** What a rule asks for when it counts. Later ones include the earlier. */
enum tw_action { TW_ACTION_INFORM = 1, TW_ACTION_SCORE, TW_ACTION_DOCUMENTS, TW_ACTION_EXAMINE, TW_ACTION_HOLD };
enum tw_rule_status { TW_RULE_DRAFT = 1, TW_RULE_SHADOW, TW_RULE_ACTIVE, TW_RULE_DEPRECATED };

/** The part of a rule that travels with its findings. Lives in the snapshot. */
struct tw_rule_info {
	struct tw_slice id;
	uint32_t version;
	enum tw_rule_status status;
	struct tw_slice title;
	int32_t points;        /**< 20 points double the odds; may be negative. The greatest, when they depend on a value */
	bool points_vary;      /**< each finding has its own */
	int32_t points_least;  /**< when they vary */
	struct tw_slice group; /**< findings of one group count once, the largest */
	enum tw_action action;
	enum tw_lane lane;           /**< at least this, whatever the points; 0: what the points reach */
	uint32_t severity;           /**< 1 (irregularity) .. 5 (arms to an embargoed place): the consequence if true, see engine/score */
	struct tw_slice source;      /**< instrument or red-flag list */
	struct tw_slice legal_basis; /**< required when action is HOLD */
	uint32_t hold_days;          /**< limit of a hold placed by it */
	struct tw_slice because;     /**< the sentence, with {fields} unfilled */
	/** Ids of rules whose earlier findings on the same certificate or marking this one closes, as far as they are of its `related`. */
	const struct tw_slice *settles;
	uint32_t settle_count;
};

/** A value the rule looked at, where it stands in the event. */
struct tw_evidence {
	struct tw_slice pointer; /**< JSON pointer */
	struct tw_span span;     /**< of the source bytes */
	struct tw_slice text;    /**< as received */
};

enum tw_fact_kind { TW_FACT_TEXT = 1, TW_FACT_COUNT, TW_FACT_AMOUNT, TW_FACT_DATE, TW_FACT_FLAG };

/** A value the rule knew from elsewhere (history, embargo, reference), by name. */
struct tw_fact {
	struct tw_slice name;
	enum tw_fact_kind kind;
	int64_t number;       /**< COUNT; AMOUNT in e4; DATE as day; FLAG 0 or 1 */
	struct tw_slice text; /**< TEXT */
};

struct tw_finding {
	const struct tw_rule_info *rule;
	struct tw_slice because;      /**< filled in, event arena */
	struct tw_evidence *evidence; /**< at most TW_EVIDENCE_MAX, event order */
	uint32_t evidence_count;
	struct tw_fact *facts; /**< at most TW_FACTS_MAX, in the rule's order */
	uint32_t fact_count;
	struct tw_slice *related; /**< other consignments that this reveals something about */
	uint32_t related_count;
	int32_t points;  /**< of a rule whose points vary; see tw_finding_points */
	int32_t counted; /**< set by engine/score: points after group and cap */
};

/** What the finding is worth before group and cap. */
static inline int32_t tw_finding_points(const struct tw_finding *finding)
{
	return finding->rule->points_vary ? finding->points : finding->rule->points;
}

struct tw_findings {
	struct tw_finding *finding; /**< in rule order (id), then event order: strict */
	uint32_t count;
	uint32_t dropped; /**< past TW_FINDINGS_MAX */
};

/** Rules of which a text's match was given up at its limit on one event: it counts as no match, and they may have missed it. */
struct tw_limited_rules {
	const struct tw_rule_info *const *rule; /**< as they were evaluated: by id */
	uint32_t count;
};

/** A finding that a centre's decision has taken out of the score: shown, never counted. */
struct tw_suppressed {
	struct tw_finding finding;
	struct tw_slice reason, author; /**< of the decision */
	int32_t until_day;              /**< the last day it counts on */
	int32_t counted;                /**< what the finding would have counted beside those that do; set by the judge */
};

struct tw_suppressed_list {
	struct tw_suppressed *at; /**< in the findings' order */
	uint32_t count;
};

#endif
