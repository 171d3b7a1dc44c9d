/**
 * @file alert.h
 * The judgement on one event: score, probability, lane, rank. And the records that leave the engine.
 */
#ifndef TIDEWAITER_ALERT_H
#define TIDEWAITER_ALERT_H

#include <tidewaiter/finding.h>
#include <tidewaiter/outcome.h>
#include <tidewaiter/slice.h>

#define TW_RANK_KEY_BYTES 64

enum tw_selection { TW_SELECTION_NONE = 0, TW_SELECTION_SCORE, TW_SELECTION_RANDOM, TW_SELECTION_REVEALED, TW_SELECTION_SUPPRESSED };

struct tw_assessment {
	int32_t points;
	uint32_t probability_ppm;
	enum tw_lane lane;
	enum tw_selection selection;      /**< NONE: no alert */
	uint32_t inclusion_ppm;           /**< probability with which it was selected: 1,000,000 by score */
	bool hold;                        /**< a finding with action HOLD counts */
	char rank_key[TW_RANK_KEY_BYTES]; /**< terminated; sorts as text, smaller first; no two events share one */
};

/** Which output topic a record belongs to. */
enum tw_output_kind { TW_OUTPUT_ALERT = 1, TW_OUTPUT_HOLD, TW_OUTPUT_DEAD_LETTER, TW_OUTPUT_FACT, TW_OUTPUT_SHADOW, TW_OUTPUT_TRACE };

struct tw_header {
	struct tw_slice name;
	struct tw_slice value;
};

/** One record to be produced: bytes and headers, nothing left to compute. In the batch's arena. */
struct tw_output {
	enum tw_output_kind kind;
	struct tw_slice key;
	struct tw_slice value;
	struct tw_header *headers; /**< CloudEvents ce_* or dlq.* */
	uint32_t header_count;
	struct tw_origin_copy {
		int32_t partition;
		int64_t offset;
	} origin; /**< of the event that caused it */
};

/** An entity as an alert shows it. */
struct tw_entity_view {
	struct tw_slice kind;
	struct tw_slice key;
	int64_t seen;  /**< in the window */
	int32_t first; /**< day, or INT32_MIN when never seen before */
	uint32_t window_days;
};

/** What the alert was judged with. Lives in the snapshot. */
struct tw_snapshot_info {
	struct tw_slice digest; /**< hex SHA-256 over everything below */
	struct tw_slice rules;  /**< hex SHA-256 of the rule packs */
	struct tw_list_info {
		struct tw_slice id;
		struct tw_slice date; /**< as the issuer states it, else empty */
		struct tw_slice digest;
		uint32_t entries;
		struct tw_slice stale; /**< why the last good copy stands in for the configured files; empty: it does not */
		int32_t day;           /**< of `date`; INT32_MIN: not stated, or no date */
		uint32_t age_days_max; /**< a list that is older at an event's time is warned of; 0: not asked */
	} * lists;
	uint32_t list_count;
};

#endif
