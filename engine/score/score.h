/**
 * @file score.h
 * Findings to a judgement: points, probability, lane, rank, the random share. Integers only, no clock, no hash order.
 *
 * Points add like log-odds: 20 double the odds. Findings of one group count once, the largest (ties: the smaller rule id); a group may
 * have a cap. A fixed table turns points into probability.
 *
 * What counts. Findings of active rules whose action is more than *inform*. In each group the largest positive finding counts, and,
 * separately, the smallest negative one (a mitigating fact is not hidden by an aggravating one of the same group, nor counted
 * twice). A rule without a group is a group of its own, so that it counts once however many lines it fires on. A cap bounds the
 * positive side of its group.
 *
 * A lane is what the points reach, or the strictest that a counting rule names as its least (`lane`); a hold is red whatever its points, since a held
 * consignment in the green lane would be released and stopped at once. The other actions say what to do with a consignment that the points have
 * chosen; they choose none.
 *
 * The rank key, fixed width, so that comparing text compares, in this order:
 *
 *     1.978284499.8000019cb0fe9400.9997.0f1e2d3c4b5a6978.a1b2c3d4e5f6
 *     |     |             |          |         |               `- 48 bits of the consignment's hash: one event, two consignments
 *     |     |             |          |         `- tie: 64-bit hash of topic, partition and offset
 *     |     |             |          `- 9999 - evidence spans behind the counting findings
 *     |     |             `- deadline: eta_ms with its sign bit turned, hexadecimal; ffffffffffffffff when not stated
 *     |     `- 999999999 - expected consequence (probability in ppm x severity weight)
 *     `- lane, 1 red .. 4 green
 *
 * Source: points to double the odds, Siddiqi, Credit Risk Scorecards, 2006, ch. 6; lanes: WCO Customs Risk Management Compendium,
 * vol. 1, selectivity; RKC General Annex chapter 6.
 */
#ifndef TIDEWAITER_ENGINE_SCORE_H
#define TIDEWAITER_ENGINE_SCORE_H

#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>
#include <tidewaiter/finding.h>

#define TW_SCORE_POINTS_MIN     (-100) /**< ends of the probability table */
#define TW_SCORE_POINTS_MAX     300
#define TW_RANDOM_KEY_BYTES_MIN 16 /**< 128 bits: fewer can be searched by a shipper who sees which consignments are drawn */

struct tw_group_cap {
	struct tw_slice group;
	int32_t points;
};

/** From configuration; checked by tw_policy_check. */
struct tw_score_policy {
	int32_t red_points;         /**< at least this: red */
	int32_t yellow_points;      /**< at least this: yellow */
	int32_t blue_points;        /**< at least this: blue; below: green */
	uint32_t random_ppm;        /**< share of consignments raised at random */
	struct tw_slice random_key; /**< secret that keys the draw, so that a shipper cannot compute it */
	const struct tw_group_cap *caps;
	uint32_t cap_count;
};

/**
 * Refuse a policy that cannot be meant: lanes out of order, no points at all above green, a share past 1,000,000, a draw without a key of
 * TW_RANDOM_KEY_BYTES_MIN bytes, a cap that is negative, nameless or stated twice.
 * @return TW_OK; TW_E_RANGE, TW_E_MISSING or TW_E_CONFLICT (stop) with the setting's name in `where`; TW_E_MEMORY without a crypto library
 */
TW_MUST_USE enum tw_code tw_policy_check(const struct tw_score_policy *policy, struct tw_error *err);

struct tw_score_case {
	struct tw_slice consignment; /**< whom the random share is drawn by; empty: no draw */
	bool reveals;                /**< not a consignment event: raised when any finding counts, green or not */
	int64_t eta_ms;              /**< deadline; INT64_MAX when not stated */
	uint64_t tie;                /**< hash of topic, partition and offset */
};

/**
 * Sets `counted` in every finding and fills `out`. Pure but for that.
 * @param policy one that tw_policy_check passed
 * @param findings may be empty; `rule` of each is borrowed
 * Threads: any.
 */
void tw_score(const struct tw_score_policy *policy, const struct tw_score_case *about, struct tw_findings *findings, struct tw_assessment *out);

/**
 * The assessment had one more rule been active: what a rule in the shadow would have changed. Nothing of `findings` changes.
 * @param extra a finding that is not among them; its rule's status does not count
 * @param room  for so many findings as there are, and one more
 * @param counted out: points that `extra` would have counted
 */
void tw_score_with(const struct tw_score_policy *policy, const struct tw_score_case *about, const struct tw_findings *findings,
                   const struct tw_finding *extra, struct tw_finding *room, struct tw_assessment *out, int32_t *counted);

/** Probability of a seizable consignment at that score, ppm; monotone; clamped to the table's ends. */
uint32_t tw_probability_ppm(int32_t points);

/** How bad it is if true, relative to an irregularity (severity 1). @param severity clamped to 1..5 */
uint32_t tw_severity_weight(uint32_t severity);

/** Whether a finding may move the score at all: an active rule that asks for more than to inform. */
bool tw_finding_counts(const struct tw_finding *finding);

#endif
