/**
 * @file score_test.c
 * Which findings count, which lane that gives, what selects an event, and that the rank key is a strict total order.
 */
#include "engine/score/score.h"

#include "engine/base/hash.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const struct tw_group_cap caps[] = {{{"capped", 6}, 50}};
static const struct tw_score_policy policy = {
    .red_points = 120, .yellow_points = 80, .blue_points = 40, .random_ppm = 0, .random_key = {"0123456789abcdef", 16}, .caps = caps, .cap_count = 1};
static const struct tw_score_case nobody = {.eta_ms = INT64_MAX};

static struct tw_rule_info rule(const char *id, const char *group, int32_t points)
{
	return (struct tw_rule_info){.id = tw_slice_str(id),
	                             .version = 1,
	                             .status = TW_RULE_ACTIVE,
	                             .points = points,
	                             .group = tw_slice_str(group),
	                             .action = TW_ACTION_SCORE,
	                             .severity = 1};
}

static struct tw_assessment score(const struct tw_score_policy *by, const struct tw_score_case *about, struct tw_finding *findings, uint32_t count)
{
	struct tw_findings all = {.finding = findings, .count = count};
	struct tw_assessment out;
	memset(&out, 0x55, sizeof(out));
	tw_score(by, about, &all, &out);
	return out;
}

/* one finding a rule */
static struct tw_assessment score_rules(const struct tw_rule_info *rules, uint32_t count, struct tw_finding *findings)
{
	for (uint32_t i = 0; i < count; i++) {
		findings[i] = (struct tw_finding){.rule = &rules[i]};
	}
	return score(&policy, &nobody, findings, count);
}

Test(score, of_nothing_is_green_zero_and_no_alert)
{
	struct tw_assessment out = score(&policy, &nobody, NULL, 0);
	cr_assert_eq(out.points, 0);
	cr_assert_eq(out.lane, TW_LANE_GREEN);
	cr_assert_eq(out.selection, TW_SELECTION_NONE);
	cr_assert_eq(out.inclusion_ppm, 0);
	cr_assert_not(out.hold);
	cr_assert_eq(out.probability_ppm, tw_probability_ppm(0));
}

Test(score, says_what_one_more_rule_would_change_and_changes_nothing)
{
	struct tw_rule_info rules[] = {rule("a", "g", 30), rule("b", "h", 40)}, trial = rule("t", "g", 45);
	struct tw_finding findings[2], room[3], extra = {.rule = &trial};
	struct tw_assessment with, without = score_rules(rules, 2, findings);
	struct tw_findings all = {findings, 2, 0};
	int32_t counted = -1;
	trial.status = TW_RULE_SHADOW;
	trial.action = TW_ACTION_HOLD;
	tw_score_with(&policy, &nobody, &all, &extra, room, &with, &counted);
	cr_expect_eq(counted, 45, "it is the largest of its group");
	cr_expect(with.points == 85 && with.lane == TW_LANE_RED && with.hold);
	cr_expect(without.points == 70 && findings[0].counted == 30 && findings[1].counted == 40 && extra.rule->status == TW_RULE_SHADOW);
	trial.points = 20;
	trial.action = TW_ACTION_SCORE;
	tw_score_with(&policy, &nobody, &all, &extra, room, &with, &counted);
	cr_expect(counted == 0 && with.points == 70 && with.lane == without.lane && !with.hold, "a larger one speaks for its group");
	tw_score_with(&policy, &nobody, &(struct tw_findings){NULL, 0, 0}, &extra, room, &with, &counted);
	cr_expect(counted == 20 && with.points == 20);
}

Test(score, adds_groups_and_counts_only_the_largest_of_each)
{
	struct tw_rule_info rules[] = {rule("a", "g", 20), rule("b", "g", 30), rule("c", "h", 15)};
	struct tw_finding findings[3];
	struct tw_assessment out = score_rules(rules, 3, findings);
	cr_assert_eq(out.points, 45);
	cr_assert_eq(findings[0].counted, 0);
	cr_assert_eq(findings[1].counted, 30);
	cr_assert_eq(findings[2].counted, 15);
	cr_assert_eq(out.lane, TW_LANE_BLUE);
}

Test(score, a_finding_whose_points_vary_counts_its_own)
{
	struct tw_rule_info rules[] = {rule("a", "g", 90), rule("b", "g", 30), rule("c", "h", 50)};
	struct tw_finding findings[] = {{.rule = &rules[0], .points = 20}, {.rule = &rules[1], .points = 99}, {.rule = &rules[2], .points = -7}};
	struct tw_findings all = {findings, 3, 0};
	struct tw_assessment out;
	rules[0].points_vary = rules[2].points_vary = true;
	tw_score(&policy, &nobody, &all, &out);
	cr_assert_eq(findings[0].counted, 0, "the group's largest is what was found, not what was possible");
	cr_assert_eq(findings[1].counted, 30);
	cr_assert_eq(findings[2].counted, -7);
	cr_assert_eq(out.points, 23);
}

Test(score, gives_a_tie_in_a_group_to_the_smaller_rule_id_wherever_it_stands)
{
	struct tw_rule_info rules[] = {rule("route-b", "g", 20), rule("route", "g", 20), rule("route-a", "g", 20)};
	struct tw_finding findings[3];
	cr_assert_eq(score_rules(rules, 3, findings).points, 20);
	cr_assert_eq(findings[1].counted, 20);
	cr_assert_eq(findings[0].counted + findings[2].counted, 0);
}

Test(score, counts_a_rule_without_a_group_once_however_many_lines_it_fires_on)
{
	struct tw_rule_info lonely = rule("vague-description", "", 10);
	struct tw_finding findings[3] = {{.rule = &lonely}, {.rule = &lonely}, {.rule = &lonely}};
	cr_assert_eq(score(&policy, &nobody, findings, 3).points, 10);
	cr_assert_eq(findings[0].counted, 10);
	cr_assert_eq(findings[1].counted, 0);
}

Test(score, bounds_a_group_by_its_cap)
{
	struct tw_rule_info rules[] = {rule("a", "capped", 90), rule("b", "free", 90)};
	struct tw_finding findings[2];
	cr_assert_eq(score_rules(rules, 2, findings).points, 140);
	cr_assert_eq(findings[0].counted, 50);
}

Test(score, takes_the_strongest_mitigation_of_a_group_beside_its_largest_finding)
{
	struct tw_rule_info rules[] = {rule("a", "g", 60), rule("b", "g", -10), rule("c", "g", -25), rule("d", "g", 40)};
	struct tw_finding findings[4];
	cr_assert_eq(score_rules(rules, 4, findings).points, 35);
	cr_assert_eq(findings[0].counted, 60);
	cr_assert_eq(findings[1].counted, 0);
	cr_assert_eq(findings[2].counted, -25);
	cr_assert_eq(findings[3].counted, 0);
}

Test(score, counts_nothing_of_rules_that_are_not_active_or_only_inform)
{
	struct tw_rule_info rules[] = {rule("a", "g", 60), rule("b", "g", 70), rule("c", "g", 80), rule("d", "g", 90), rule("e", "g", 5)};
	rules[0].status = TW_RULE_SHADOW;
	rules[1].status = TW_RULE_DRAFT;
	rules[2].status = TW_RULE_DEPRECATED;
	rules[3].action = TW_ACTION_INFORM;
	rules[0].action = TW_ACTION_HOLD;
	struct tw_finding findings[5];
	struct tw_assessment out = score_rules(rules, 5, findings);
	cr_assert_eq(out.points, 5, "they do not hide the group's real finding either");
	cr_assert_not(out.hold);
	cr_assert_eq(out.lane, TW_LANE_GREEN);
	cr_assert_not(tw_finding_counts(&findings[0]));
	cr_assert(tw_finding_counts(&findings[4]));
}

Test(score, starts_each_lane_exactly_at_its_threshold)
{
	const struct {
		int32_t points;
		enum tw_lane lane;
	} cases[] = {{39, TW_LANE_GREEN},   {40, TW_LANE_BLUE}, {79, TW_LANE_BLUE},  {80, TW_LANE_YELLOW},
	             {119, TW_LANE_YELLOW}, {120, TW_LANE_RED}, {-40, TW_LANE_GREEN}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_rule_info one = rule("a", "g", cases[i].points);
		struct tw_finding finding;
		cr_assert_eq(score_rules(&one, 1, &finding).lane, cases[i].lane, "%d points", cases[i].points);
	}
}

Test(score, makes_a_hold_red_whatever_its_points_and_leaves_other_actions_to_the_points)
{
	struct tw_rule_info one = rule("a", "g", 5);
	struct tw_finding finding;
	one.action = TW_ACTION_DOCUMENTS;
	cr_assert_eq(score_rules(&one, 1, &finding).lane, TW_LANE_GREEN);
	one.action = TW_ACTION_EXAMINE;
	cr_assert_eq(score_rules(&one, 1, &finding).lane, TW_LANE_GREEN);
	cr_assert_not(score_rules(&one, 1, &finding).hold);
	one.action = TW_ACTION_HOLD;
	struct tw_assessment out = score_rules(&one, 1, &finding);
	cr_assert_eq(out.lane, TW_LANE_RED);
	cr_assert(out.hold);
	cr_assert_eq(out.selection, TW_SELECTION_SCORE);
}

Test(score, has_at_least_the_strictest_lane_that_a_counting_rule_names)
{
	struct tw_rule_info rules[] = {rule("a", "g", 60), rule("b", "g", 5), rule("c", "h", -20)};
	struct tw_finding findings[3];
	rules[1].lane = TW_LANE_YELLOW;
	rules[2].lane = TW_LANE_BLUE;
	struct tw_assessment out = score_rules(rules, 3, findings);
	cr_assert_eq(out.points, 40);
	cr_assert_eq(out.lane, TW_LANE_YELLOW, "also of a finding that lost its group");
	cr_assert_eq(out.selection, TW_SELECTION_SCORE);
	cr_assert_not(out.hold);
	cr_assert_eq(out.rank_key[0], '2');
	rules[0].points = 300;
	cr_assert_eq(score_rules(rules, 3, findings).lane, TW_LANE_RED, "a least lane makes none milder");
	rules[0].points = 0;
	rules[1].action = TW_ACTION_INFORM;
	cr_assert_eq(score_rules(rules, 3, findings).lane, TW_LANE_BLUE, "what only informs has none");
	rules[2].status = TW_RULE_SHADOW;
	cr_assert_eq(score_rules(rules, 3, findings).lane, TW_LANE_GREEN);
}

Test(score, holds_even_when_a_larger_finding_speaks_for_the_group)
{
	struct tw_rule_info rules[] = {rule("a", "g", 60), rule("b", "g", 30)};
	rules[1].action = TW_ACTION_HOLD;
	struct tw_finding findings[2];
	struct tw_assessment out = score_rules(rules, 2, findings);
	cr_assert(out.hold);
	cr_assert_eq(out.points, 60);
}

Test(score, never_wraps_however_absurd_the_points)
{
	struct tw_rule_info up[] = {rule("a", "", INT32_MAX), rule("b", "", INT32_MAX)};
	struct tw_rule_info down[] = {rule("a", "", INT32_MIN), rule("b", "", INT32_MIN)};
	struct tw_finding findings[2];
	cr_assert_eq(score_rules(up, 2, findings).points, INT32_MAX);
	cr_assert_eq(score_rules(down, 2, findings).points, INT32_MIN);
}

Test(selection, by_score_is_certain_for_every_lane_but_green)
{
	struct tw_rule_info one = rule("a", "g", 40);
	struct tw_finding finding;
	struct tw_assessment out = score_rules(&one, 1, &finding);
	cr_assert_eq(out.selection, TW_SELECTION_SCORE);
	cr_assert_eq(out.inclusion_ppm, 1000000);
}

Test(selection, raises_what_another_event_reveals_even_when_green)
{
	struct tw_score_case reveals = {.consignment = tw_slice_str("C1"), .reveals = true, .eta_ms = INT64_MAX};
	struct tw_rule_info one = rule("a", "g", 5);
	struct tw_finding finding = {.rule = &one};
	struct tw_assessment out = score(&policy, &reveals, &finding, 1);
	cr_assert_eq(out.selection, TW_SELECTION_REVEALED);
	cr_assert_eq(out.inclusion_ppm, 1000000);
	cr_assert_eq(out.lane, TW_LANE_GREEN);
	cr_assert_eq(score(&policy, &reveals, NULL, 0).selection, TW_SELECTION_NONE, "nothing is revealed");
	one.points = -5;
	cr_assert_eq(score(&policy, &reveals, &finding, 1).selection, TW_SELECTION_NONE, "a mitigating fact reveals nothing");
}

Test(selection, raises_what_closes_an_earlier_word_whatever_it_is_worth)
{
	const struct tw_slice told = tw_slice_str("told-before");
	struct tw_score_case reveals = {.consignment = tw_slice_str("C1"), .reveals = true, .eta_ms = INT64_MAX};
	struct tw_rule_info one = rule("a", "g", 0);
	struct tw_finding finding = {.rule = &one};
	one.action = TW_ACTION_INFORM;
	cr_assert_eq(score(&policy, &reveals, &finding, 1).selection, TW_SELECTION_NONE);
	one.settles = &told;
	one.settle_count = 1;
	struct tw_assessment out = score(&policy, &reveals, &finding, 1);
	cr_assert_eq(out.selection, TW_SELECTION_REVEALED);
	cr_assert_eq(out.lane, TW_LANE_GREEN);
	cr_assert_eq(out.points, 0);
}

Test(selection, draws_close_to_its_share_and_records_it)
{
	struct tw_score_policy share = policy;
	share.random_ppm = 50000;
	uint32_t drawn = 0;
	for (unsigned i = 0; i < 20000; i++) {
		char id[32];
		snprintf(id, sizeof(id), "CONSIGNMENT-%u", i);
		struct tw_score_case about = {.consignment = tw_slice_str(id), .eta_ms = INT64_MAX};
		struct tw_assessment out = score(&share, &about, NULL, 0);
		if (out.selection == TW_SELECTION_RANDOM) {
			drawn++;
			cr_assert_eq(out.inclusion_ppm, 50000);
			cr_assert_eq(out.lane, TW_LANE_GREEN);
		} else {
			cr_assert_eq(out.selection, TW_SELECTION_NONE);
		}
	}
	/* 1,000 expected, standard deviation 31 */
	cr_assert(drawn > 850 && drawn < 1150, "%u drawn", drawn);
}

Test(selection, draws_all_at_the_whole_share_and_none_at_zero_or_without_a_consignment)
{
	struct tw_score_policy share = policy;
	struct tw_score_case about = {.consignment = tw_slice_str("C1"), .eta_ms = INT64_MAX};
	share.random_ppm = 1000000;
	cr_assert_eq(score(&share, &about, NULL, 0).selection, TW_SELECTION_RANDOM);
	cr_assert_eq(score(&share, &nobody, NULL, 0).selection, TW_SELECTION_NONE);
	share.random_ppm = 0;
	cr_assert_eq(score(&share, &about, NULL, 0).selection, TW_SELECTION_NONE);
}

Test(selection, depends_on_the_key_and_on_nothing_but_the_consignment)
{
	struct tw_score_policy share = policy, other = policy;
	share.random_ppm = other.random_ppm = 500000;
	other.random_key = tw_slice_str("fedcba9876543210");
	unsigned differ = 0;
	for (unsigned i = 0; i < 100; i++) {
		char id[16];
		snprintf(id, sizeof(id), "C%u", i);
		struct tw_score_case one = {.consignment = tw_slice_str(id), .eta_ms = INT64_MAX, .tie = i};
		struct tw_score_case again = {.consignment = tw_slice_str(id), .eta_ms = 5, .tie = 99 - i};
		enum tw_selection drawn = score(&share, &one, NULL, 0).selection;
		cr_assert_eq(score(&share, &again, NULL, 0).selection, drawn);
		differ += score(&other, &one, NULL, 0).selection != drawn;
	}
	cr_assert(differ > 20 && differ < 80, "%u of 100 differ between two keys", differ);
}

/* ---- the rank key ---- */

#define CASES 400

struct ranked {
	struct tw_assessment assessment;
	uint64_t consequence;
	int64_t eta_ms;
	uint32_t evidence;
	uint64_t tie;
};

/* a fixed generator: the property must hold for the same cases every time */
static uint64_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static struct ranked ranked_case(uint64_t *state, unsigned at)
{
	static const int64_t etas[] = {INT64_MAX, 0, -86400000, 1772409600000, 1772496000000};
	static const int32_t points[] = {-20, 0, 30, 45, 45, 90, 130, 300};
	static struct tw_evidence evidence[3];
	struct tw_rule_info one = rule("a", "g", points[next(state) % 8]);
	one.severity = 1 + (uint32_t)(next(state) % 5);
	struct tw_finding finding = {.rule = &one, .evidence = evidence, .evidence_count = (uint32_t)(next(state) % 3)};
	struct tw_score_case about = {.consignment = tw_slice_str("C1"), .eta_ms = etas[next(state) % 5], .tie = tw_hash64(&at, sizeof(at), 7)};
	struct ranked out = {.assessment = score(&policy, &about, &finding, 1), .eta_ms = about.eta_ms, .tie = about.tie};
	bool against = one.points > 0;
	out.consequence = (uint64_t)out.assessment.probability_ppm * tw_severity_weight(against ? one.severity : 1);
	out.evidence = against ? finding.evidence_count : 0;
	return out;
}

/* the order in words: stricter lane, larger consequence, earlier deadline, more evidence, smaller tie */
static int ranked_compare(const struct ranked *a, const struct ranked *b)
{
	if (a->assessment.lane != b->assessment.lane) {
		return a->assessment.lane < b->assessment.lane ? -1 : 1;
	}
	if (a->consequence != b->consequence) {
		return a->consequence > b->consequence ? -1 : 1;
	}
	if (a->eta_ms != b->eta_ms) {
		return a->eta_ms < b->eta_ms ? -1 : 1;
	}
	if (a->evidence != b->evidence) {
		return a->evidence > b->evidence ? -1 : 1;
	}
	return (a->tie > b->tie) - (a->tie < b->tie);
}

static int sign(int order)
{
	return (order > 0) - (order < 0);
}

Test(rank_key, orders_as_text_exactly_as_lane_consequence_deadline_evidence_and_tie)
{
	static struct ranked all[CASES];
	uint64_t state = 42;
	for (unsigned i = 0; i < CASES; i++) {
		all[i] = ranked_case(&state, i);
		cr_assert_eq(strlen(all[i].assessment.rank_key), TW_RANK_KEY_BYTES - 1, "fixed width");
	}
	for (unsigned i = 0; i < CASES; i++) {
		for (unsigned k = 0; k < CASES; k++) {
			int text = strcmp(all[i].assessment.rank_key, all[k].assessment.rank_key);
			cr_assert_eq(sign(text), ranked_compare(&all[i], &all[k]), "%s against %s", all[i].assessment.rank_key,
			             all[k].assessment.rank_key);
			cr_assert(i == k || text != 0, "a tie");
		}
	}
}

Test(rank_key, tells_two_consignments_of_one_event_apart)
{
	struct tw_score_case first = {.consignment = tw_slice_str("C1"), .eta_ms = INT64_MAX, .tie = 9}, second = first;
	second.consignment = tw_slice_str("C2");
	cr_assert_str_neq(score(&policy, &first, NULL, 0).rank_key, score(&policy, &second, NULL, 0).rank_key);
}

Test(rank_key, is_the_documented_text)
{
	struct tw_rule_info one = rule("a", "g", 143);
	one.severity = 5;
	struct tw_evidence evidence[2] = {{.text = {NULL, 0}}};
	struct tw_finding finding = {.rule = &one, .evidence = evidence, .evidence_count = 2};
	struct tw_score_case about = {.eta_ms = 1772496000000, .tie = 0x0f1e2d3c4b5a6978};
	cr_assert_str_eq(score(&policy, &about, &finding, 1).rank_key, "1.978284499.8000019cb0fe9400.9997.0f1e2d3c4b5a6978.000000000000");
}
