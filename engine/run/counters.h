/**
 * @file counters.h
 * What a run did, in numbers: for the summary. Counted when committed, so that a batch that comes again counts once.
 */
#ifndef TIDEWAITER_ENGINE_RUN_COUNTERS_H
#define TIDEWAITER_ENGINE_RUN_COUNTERS_H

#include <stdint.h>
#include <stdio.h>
#include <tidewaiter/event.h>

#define TW_DEAD_REASONS_MAX 24 /* the decoder's twelve, and code names of later stages */

#define TW_RULES_COUNTED 64 /* rules that are on trial, suppressed for somebody, or given up on, at once */
#define TW_RULE_ID_BYTES 72 /* an id has 64 at most */

/** Findings by rule. */
struct tw_rule_counts {
	uint64_t all;
	struct tw_rule_count {
		char rule[TW_RULE_ID_BYTES]; /**< terminated; "": none from here on */
		uint64_t count;
	} of[TW_RULES_COUNTED]; /**< in order of first appearance; more rules than places: the last is "others" */
};

struct tw_counters {
	uint64_t events;              /**< messages read, dead letters too */
	uint64_t bytes;               /**< of their values */
	uint64_t family[TW_FAMILIES]; /**< decoded, by family - 1 */
	/* by family, 0: none is known */
	uint64_t family_dead[TW_FAMILIES + 1], family_duplicate[TW_FAMILIES + 1];
	uint64_t dead_letters;
	struct tw_dead_count {
		const char *reason; /**< constant text */
		uint64_t count;
	} dead[TW_DEAD_REASONS_MAX]; /**< in order of first appearance */
	uint64_t alerts;
	uint64_t lane[TW_LANE_GREEN + 1]; /**< alerts by enum tw_lane */
	uint64_t random;                  /**< of the alerts: selected at random */
	uint64_t holds;
	struct tw_rule_counts shadow;     /**< findings of rules in the shadow */
	struct tw_rule_counts suppressed; /**< findings that a suppression has taken out */
	struct tw_rule_counts limited;    /**< events on which a match of the rule was given up */
	uint64_t batches;
	uint64_t duplicates;  /**< sent before, byte for byte: not among family, alerts, holds */
	uint64_t conflicting; /**< under the source and id of another: counted as usual, and here */
	uint64_t replayed;    /**< read again for history alone; counted nowhere else */
};

/** @param reason constant text; of more than TW_DEAD_REASONS_MAX the rest counts in the sum alone */
void tw_counters_dead(struct tw_counters *counters, const char *reason, uint64_t count);
/** @param rule its id */
void tw_rule_counts_add(struct tw_rule_counts *counts, struct tw_slice rule, uint64_t count);
void tw_counters_add(struct tw_counters *total, const struct tw_counters *more);
/** "200000 events, 3 dead letters (syntax: 2, missing: 1), 41 alerts (2 red, ...), 1 hold in 3.2 s: 62500 events/s" @param ms wall time */
void tw_counters_print(const struct tw_counters *counters, int64_t ms, FILE *out);

#endif
