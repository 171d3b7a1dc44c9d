/**
 * @file score.h
 * Findings to a judgement: points, probability, lane, rank, the random share. Integers only, no clock, no hash order.
 *
 * Points add like log-odds: 20 double the odds. Findings of one group count once, the largest (ties: the smaller rule id); a group may
 * have a cap. A fixed table turns points into probability.
 * Source: points to double the odds, Siddiqi, Credit Risk Scorecards, 2006, ch. 6; lanes: WCO Customs Risk Management Compendium,
 * vol. 1, selectivity; RKC General Annex chapter 6.
 */
#ifndef TIDEWAITER_ENGINE_SCORE_H
#define TIDEWAITER_ENGINE_SCORE_H

#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>
#include <tidewaiter/finding.h>

struct tw_group_cap {
	struct tw_slice group;
	int32_t points;
};

/** From configuration; checked by tw_policy_check. */
struct tw_score_policy {
	int32_t red_points;    /**< at least this: red */
	int32_t yellow_points; /**< at least this: yellow */
	int32_t blue_points;   /**< at least this: blue; below: green */
	uint32_t random_ppm;   /**< share of consignments raised at random */
	struct tw_slice random_key; /**< secret that keys the draw, so that a shipper cannot compute it */
	const struct tw_group_cap *caps;
	uint32_t cap_count;
};

TW_MUST_USE enum tw_code tw_policy_check(const struct tw_score_policy *policy, struct tw_error *err);

struct tw_score_case {
	struct tw_slice consignment; /**< whom the random share is drawn by; empty: no draw */
	bool reveals;                /**< not a consignment event: raised when any finding counts, green or not */
	int64_t eta_ms;              /**< deadline; INT64_MAX when not stated */
	uint64_t tie;                /**< hash of topic, partition and offset */
};

/** Sets `counted` in every finding and fills `out`. Pure but for that. */
void tw_score(const struct tw_score_policy *policy, const struct tw_score_case *about, struct tw_findings *findings, struct tw_assessment *out);

/** Probability of a seizable consignment at that score, ppm; monotone; clamped to the table's ends. */
uint32_t tw_probability_ppm(int32_t points);

#endif
