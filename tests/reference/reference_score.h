/**
 * @file reference_score.h
 * What fired rules are worth together, said a second time: from their YAML, group by group. Beside it stand rules/points.c and engine/score/score.c.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_REFERENCE_SCORE_H
#define TIDEWAITER_TESTS_REFERENCE_REFERENCE_SCORE_H

#include "engine/score/score.h"
#include "reference.h"

/** Points of a rule that fired: its number, or by the value of `over`, which is no part of what it binds. */
int32_t reference_points(const struct reference *reference, const struct tw_yaml *rule);

struct reference_judgement {
	int32_t points;
	enum tw_lane lane;
	bool hold;
};

/** @param rule those that fired, `points` of each beside it */
struct reference_judgement reference_score(const struct tw_score_policy *policy, const struct tw_yaml *const *rule, const int32_t *points,
                                           uint32_t count);

#endif
