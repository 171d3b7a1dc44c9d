/**
 * @file policy.c
 * Is this scoring policy one that can be meant? Asked once, when the configuration is read; scoring then trusts it.
 */
#include "engine/score/score.h"

#include "engine/base/hash.h"

static enum tw_code lanes_check(const struct tw_score_policy *policy, struct tw_error *err)
{
	if (policy->blue_points < 1) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a consignment without findings must stay green", "score.lanes.blue", "%d is below 1",
		               policy->blue_points);
	}
	if (policy->yellow_points <= policy->blue_points) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "yellow must start above blue", "score.lanes.yellow", "yellow %d, blue %d",
		               policy->yellow_points, policy->blue_points);
	}
	if (policy->red_points <= policy->yellow_points) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "red must start above yellow", "score.lanes.red", "red %d, yellow %d", policy->red_points,
		               policy->yellow_points);
	}
	return TW_OK;
}

static enum tw_code draw_check(const struct tw_score_policy *policy, struct tw_error *err)
{
	if (policy->random_ppm > 1000000) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a share cannot pass the whole", "score.random_ppm", "%u is above 1000000",
		               policy->random_ppm);
	}
	if (policy->random_ppm == 0) {
		return TW_OK;
	}
	if (policy->random_key.len < TW_RANDOM_KEY_BYTES_MIN) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "the random share needs a secret key", "score.random_key", "%u bytes, at least %u",
		               policy->random_key.len, TW_RANDOM_KEY_BYTES_MIN);
	}
	/* scoring cannot refuse, so a crypto library that does not work must show now */
	unsigned char trial[TW_HMAC_SHA256_BYTES];
	return tw_hmac_sha256(policy->random_key, tw_slice_str("trial"), trial, err);
}

static enum tw_code cap_check(const struct tw_score_policy *policy, uint32_t at, struct tw_error *err)
{
	const struct tw_group_cap *cap = &policy->caps[at];
	if (cap->group.len == 0) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "a cap needs its group's name", "score.caps", "cap number %u", at + 1);
	}
	if (cap->points < 0) {
		return tw_fail(err, TW_E_RANGE, TW_STOP, "a cap cannot be negative", "score.caps", "%.*s: %d", (int)cap->group.len, cap->group.ptr,
		               cap->points);
	}
	for (uint32_t i = 0; i < at; i++) {
		if (tw_slice_equal(policy->caps[i].group, cap->group)) {
			return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a group's cap is stated twice", "score.caps", "%.*s", (int)cap->group.len,
			               cap->group.ptr);
		}
	}
	return TW_OK;
}

enum tw_code tw_policy_check(const struct tw_score_policy *policy, struct tw_error *err)
{
	enum tw_code code = lanes_check(policy, err);
	if (code == TW_OK) {
		code = draw_check(policy, err);
	}
	if (code == TW_OK && policy->cap_count && !policy->caps) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "caps are counted but not given", "score.caps", NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < policy->cap_count; i++) {
		code = cap_check(policy, i, err);
	}
	return code;
}
