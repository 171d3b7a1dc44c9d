/**
 * @file score.c
 * Which findings count, what they add up to, and where that puts the consignment; see score.h for the rules and the rank key.
 *
 *     findings --counts? largest of its group? cap--> counted --sum--> points --table--> probability
 *                                                        |                |                  |
 *                                                        `-- severity ----+-> lane           v
 *                                                                         `----------> rank key <- eta, evidence, tie
 *
 * Invariant: the sum of `counted` over all findings is the assessment's points.
 */
#include "engine/score/score.h"

#include "engine/base/digits.h"
#include "engine/base/hash.h"

#include <string.h>

#define PPM             1000000U
#define CONSEQUENCE_MAX 999999999ULL
#define EVIDENCE_MAX    9999U

bool tw_finding_counts(const struct tw_finding *finding)
{
	return finding->rule->status == TW_RULE_ACTIVE && finding->rule->action > TW_ACTION_INFORM;
}

static struct tw_slice group_of(const struct tw_finding *finding)
{
	return finding->rule->group.len ? finding->rule->group : finding->rule->id;
}

/* Does `a` speak for the group before `b`? Both on the same side of zero. `earlier`: a stands before b in the list. */
static bool stronger(const struct tw_finding *a, const struct tw_finding *b, bool earlier)
{
	int32_t left = tw_finding_points(a), right = tw_finding_points(b);
	if (left != right) {
		return left > 0 ? left > right : left < right;
	}
	int order = tw_slice_compare(a->rule->id, b->rule->id);
	return order < 0 || (order == 0 && earlier);
}

/* Findings are few (at most TW_FINDINGS_MAX, mostly under ten): comparing all pairs needs no storage and has no order of its own. */
static bool speaks_for_group(const struct tw_findings *findings, uint32_t at)
{
	const struct tw_finding *one = &findings->finding[at];
	struct tw_slice group = group_of(one);
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_finding *other = &findings->finding[i];
		if (i == at || !tw_finding_counts(other) || (tw_finding_points(other) > 0) != (tw_finding_points(one) > 0)) {
			continue;
		}
		if (tw_slice_equal(group_of(other), group) && stronger(other, one, i < at)) {
			return false;
		}
	}
	return true;
}

static int32_t capped(const struct tw_score_policy *policy, const struct tw_finding *finding)
{
	struct tw_slice group = group_of(finding);
	for (uint32_t i = 0; i < policy->cap_count; i++) {
		if (tw_slice_equal(policy->caps[i].group, group) && tw_finding_points(finding) > policy->caps[i].points) {
			return policy->caps[i].points;
		}
	}
	return tw_finding_points(finding);
}

static int32_t points_add(const struct tw_score_policy *policy, struct tw_findings *findings)
{
	int64_t sum = 0;
	for (uint32_t i = 0; i < findings->count; i++) {
		struct tw_finding *finding = &findings->finding[i];
		finding->counted = tw_finding_counts(finding) && speaks_for_group(findings, i) ? capped(policy, finding) : 0;
		sum += finding->counted;
	}
	sum = sum < INT32_MIN ? INT32_MIN : sum;
	return (int32_t)(sum > INT32_MAX ? INT32_MAX : sum);
}

/* What the findings say together, beside their points. */
struct verdict {
	enum tw_lane lane;
	uint32_t severity;
	uint32_t evidence;
	bool asks; /* something counts against the consignment */
	bool hold;
	bool settles; /* something that was said before is closed: to be seen, whatever it is worth */
};

static enum tw_lane lane_reached(const struct tw_score_policy *policy, int32_t points)
{
	if (points >= policy->red_points) {
		return TW_LANE_RED;
	}
	if (points >= policy->yellow_points) {
		return TW_LANE_YELLOW;
	}
	return points >= policy->blue_points ? TW_LANE_BLUE : TW_LANE_GREEN;
}

/* A finding that lost its group to a larger one still holds, and still has its lane: it is not undone by a worse one beside it. */
static struct verdict verdict_of(const struct tw_findings *findings)
{
	struct verdict verdict = {.lane = TW_LANE_GREEN, .severity = 1};
	for (uint32_t i = 0; i < findings->count; i++) {
		const struct tw_finding *finding = &findings->finding[i];
		enum tw_action action = finding->rule->action;
		verdict.settles = verdict.settles || finding->rule->settle_count;
		if (!tw_finding_counts(finding) || (finding->counted <= 0 && action < TW_ACTION_HOLD && !finding->rule->lane)) {
			continue;
		}
		enum tw_lane least = action == TW_ACTION_HOLD ? TW_LANE_RED : finding->rule->lane;
		verdict.lane = least && least < verdict.lane ? least : verdict.lane;
		verdict.severity = finding->rule->severity > verdict.severity ? finding->rule->severity : verdict.severity;
		verdict.evidence += finding->evidence_count;
		verdict.asks = true;
		verdict.hold = verdict.hold || action == TW_ACTION_HOLD;
	}
	return verdict;
}

/* The top 32 bits of the keyed hash as a fraction of one, against the share. */
static bool drawn(const struct tw_score_policy *policy, struct tw_slice consignment)
{
	unsigned char hash[TW_HMAC_SHA256_BYTES];
	if (policy->random_ppm == 0 || consignment.len == 0) {
		return false;
	}
	if (tw_hmac_sha256(policy->random_key, consignment, hash, NULL) != TW_OK) {
		return true; /* tw_policy_check saw it work; when in doubt a person looks */
	}
	uint64_t fraction = (uint64_t)hash[0] << 24 | (uint64_t)hash[1] << 16 | (uint64_t)hash[2] << 8 | hash[3];
	return fraction * PPM >> 32 < policy->random_ppm;
}

static void select_by(const struct tw_score_policy *policy, const struct tw_score_case *about, const struct verdict *verdict,
                      struct tw_assessment *out)
{
	out->inclusion_ppm = PPM;
	if (out->lane != TW_LANE_GREEN) {
		out->selection = TW_SELECTION_SCORE;
	} else if (about->reveals && (verdict->asks || verdict->settles)) {
		out->selection = TW_SELECTION_REVEALED;
	} else if (drawn(policy, about->consignment)) {
		out->selection = TW_SELECTION_RANDOM;
		out->inclusion_ppm = policy->random_ppm;
	} else {
		out->selection = TW_SELECTION_NONE;
		out->inclusion_ppm = 0;
	}
}

/* By hand: every event has a rank, and printf would be a good part of what its score costs. */
static void rank_key_write(const struct tw_score_case *about, const struct verdict *verdict, struct tw_assessment *out)
{
	uint64_t consequence = (uint64_t)out->probability_ppm * tw_severity_weight(verdict->severity);
	consequence = consequence > CONSEQUENCE_MAX ? CONSEQUENCE_MAX : consequence;
	uint64_t deadline = (uint64_t)about->eta_ms ^ 1ULL << 63;
	uint32_t evidence = verdict->evidence > EVIDENCE_MAX ? EVIDENCE_MAX : verdict->evidence;
	uint64_t whom = about->consignment.len ? tw_hash64(about->consignment.ptr, about->consignment.len, 0) : 0;
	char *at = tw_digits_padded(out->rank_key, (uint64_t)out->lane, 1);
	*at++ = '.';
	at = tw_digits_padded(at, CONSEQUENCE_MAX - consequence, 9);
	*at++ = '.';
	at = tw_hex_padded(at, deadline, 16);
	*at++ = '.';
	at = tw_digits_padded(at, EVIDENCE_MAX - evidence, 4);
	*at++ = '.';
	at = tw_hex_padded(at, about->tie, 16);
	*at++ = '.';
	*tw_hex_padded(at, whom >> 16, 12) = '\0';
}

void tw_score(const struct tw_score_policy *policy, const struct tw_score_case *about, struct tw_findings *findings, struct tw_assessment *out)
{
	*out = (struct tw_assessment){.points = points_add(policy, findings)};
	struct verdict verdict = verdict_of(findings);
	enum tw_lane reached = lane_reached(policy, out->points);
	out->probability_ppm = tw_probability_ppm(out->points);
	out->lane = reached < verdict.lane ? reached : verdict.lane;
	out->hold = verdict.hold;
	select_by(policy, about, &verdict, out);
	rank_key_write(about, &verdict, out);
}

void tw_score_with(const struct tw_score_policy *policy, const struct tw_score_case *about, const struct tw_findings *findings,
                   const struct tw_finding *extra, struct tw_finding *room, struct tw_assessment *out, int32_t *counted)
{
	struct tw_rule_info rule = *extra->rule;
	struct tw_findings all = {room, findings->count + 1, findings->dropped};
	if (findings->count) {
		memcpy(room, findings->finding, findings->count * sizeof(*room));
	}
	rule.status = TW_RULE_ACTIVE;
	room[findings->count] = *extra;
	room[findings->count].rule = &rule;
	tw_score(policy, about, &all, out);
	*counted = room[findings->count].counted;
}
