/**
 * @file points.h
 * Points that depend on a value: a table of steps, or a straight line between two bounds.
 *
 *     table: [[1, 10], [100, 40]]            points              from: [0, 10], to: [1000, 60]
 *                                              60 |            ____
 *       40 |         _____                        |        __--
 *       10 |   ______|                         10 |____--
 *        0 |___|                                  |
 *              1     100   value                    0        1000   value
 *
 * The value is read when the rule has fired, of the first elements that satisfied its quantifiers. Integers only, so that one event
 * has one number of points everywhere. Threads: any, one struct tw_eval a thread.
 */
#ifndef TIDEWAITER_RULES_POINTS_H
#define TIDEWAITER_RULES_POINTS_H

#include "rules/compile.h"
#include "rules/eval.h"

/* Points: 20 double the odds, so 200 are a factor of a thousand. Source: the project's design, section 3 (scorecard). */
#define TW_POINTS_MIN      (-100)
#define TW_POINTS_MAX      200
#define TW_POINT_STEPS_MAX 64U /* more than a reader can hold against each other */

/** Whole points within the bounds. @return false after a reported error */
bool tw_points_number(struct tw_compile *compile, const struct tw_yaml *node, int32_t *out);
/**
 * The steps of a `points` mapping, and the least and greatest of the rule's points.
 * @param node  `points`, a mapping
 * @param rule  gets `worth` without its value, and the points of its info
 * @return false after a reported error: TW_E_MISSING, TW_E_TYPE, TW_E_RANGE, TW_E_CONFLICT, TW_E_LIMIT, TW_E_MEMORY
 */
bool tw_points_steps(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule);
/** Its value, `over`: every element that the rule binds is in sight. After the conditions. @return false after a reported error */
bool tw_points_over(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule);

/** @param value times 10,000 @return points: of the last step that it reaches, or on the line, to the nearest, halves away from `from` */
int32_t tw_points_at(const struct tw_worth *worth, int64_t value_e4);
/** Of the rule at hand, after an explaining run that held: the value becomes evidence and fact. */
int32_t tw_points_of(struct tw_eval *eval);

#endif
