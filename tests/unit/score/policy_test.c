/**
 * @file policy_test.c
 * What tw_policy_check refuses, and that it says which setting.
 */
#include "engine/score/score.h"

#include <criterion/criterion.h>

static struct tw_score_policy sound(void)
{
	return (struct tw_score_policy){
	    .red_points = 120, .yellow_points = 80, .blue_points = 40, .random_ppm = 5000, .random_key = tw_slice_str("0123456789abcdef")};
}

static void refused(struct tw_score_policy policy, enum tw_code code, const char *where)
{
	struct tw_error err = {0};
	cr_assert_eq(tw_policy_check(&policy, &err), code);
	cr_assert_str_eq(err.where, where);
	cr_assert_eq(err.disposition, TW_STOP);
}

Test(policy, passes_a_sound_one_and_leaves_the_error_alone)
{
	struct tw_group_cap caps[] = {{tw_slice_str("certificate"), 90}, {tw_slice_str("route"), 0}};
	struct tw_score_policy policy = sound();
	struct tw_error err = {.what = "untouched"};
	policy.caps = caps;
	policy.cap_count = 2;
	cr_assert_eq(tw_policy_check(&policy, &err), TW_OK);
	cr_assert_str_eq(err.what, "untouched");
}

Test(policy, refuses_lanes_out_of_order)
{
	struct tw_score_policy policy = sound();
	policy.red_points = 80;
	refused(policy, TW_E_RANGE, "score.lanes.red");
	policy = sound();
	policy.yellow_points = 40;
	refused(policy, TW_E_RANGE, "score.lanes.yellow");
}

Test(policy, refuses_to_raise_consignments_without_any_finding)
{
	struct tw_score_policy policy = sound();
	policy.blue_points = 0;
	refused(policy, TW_E_RANGE, "score.lanes.blue");
}

Test(policy, refuses_a_share_past_the_whole)
{
	struct tw_score_policy policy = sound();
	policy.random_ppm = 1000001;
	refused(policy, TW_E_RANGE, "score.random_ppm");
}

Test(policy, refuses_a_draw_with_a_key_that_can_be_searched)
{
	struct tw_score_policy policy = sound();
	policy.random_key = tw_slice_str("0123456789abcde");
	refused(policy, TW_E_MISSING, "score.random_key");
	policy.random_ppm = 0;
	cr_assert_eq(tw_policy_check(&policy, NULL), TW_OK, "no draw needs no key");
}

Test(policy, refuses_caps_that_are_negative_nameless_doubled_or_not_there)
{
	struct tw_group_cap negative[] = {{tw_slice_str("route"), -1}};
	struct tw_group_cap nameless[] = {{{NULL, 0}, 10}};
	struct tw_group_cap doubled[] = {{tw_slice_str("route"), 10}, {tw_slice_str("route"), 20}};
	struct tw_score_policy policy = sound();
	policy.cap_count = 1;
	refused(policy, TW_E_MISSING, "score.caps");
	policy.caps = negative;
	refused(policy, TW_E_RANGE, "score.caps");
	policy.caps = nameless;
	refused(policy, TW_E_MISSING, "score.caps");
	policy.caps = doubled;
	policy.cap_count = 2;
	refused(policy, TW_E_CONFLICT, "score.caps");
}
