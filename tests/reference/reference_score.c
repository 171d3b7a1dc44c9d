/**
 * @file reference_score.c
 * See reference_score.h.
 */
#include "reference_score.h"

#include <stdlib.h>

/* ---- points ---- */

static int64_t e4(struct tw_slice text)
{
	char *end;
	double number = strtod(text.ptr, &end) * 10000; /* a few digits: exact enough to round */
	return (int64_t)(number < 0 ? number - 0.5 : number + 0.5);
}

static int32_t whole(const struct tw_yaml *node)
{
	return node ? (int32_t)strtol(node->text.ptr, NULL, 10) : 0;
}

static int32_t on_table(const struct tw_yaml *steps, int64_t value, int32_t otherwise)
{
	int32_t points = otherwise;
	for (const struct tw_yaml *step = steps->first; step; step = step->next) {
		points = value >= e4(step->first->text) ? whole(step->last) : points;
	}
	return points;
}

static int32_t on_line(const struct tw_yaml *from, const struct tw_yaml *to, int64_t value)
{
	int64_t low = e4(from->first->text), high = e4(to->first->text);
	int32_t begin = whole(from->last), end = whole(to->last);
	if (value <= low) {
		return begin;
	}
	if (value >= high) {
		return end;
	}
	int64_t far = (value - low) * labs((long)end - begin), width = high - low, steps = far / width;
	steps += 2 * (far % width) >= width; /* a half goes on, away from where the line begins */
	return (int32_t)(end < begin ? begin - steps : begin + steps);
}

int32_t reference_points(const struct reference *reference, const struct tw_yaml *rule)
{
	const struct tw_yaml *points = tw_yaml_member(rule, "points"), *table;
	struct reference_value value;
	if (points->kind == TW_YAML_SCALAR) {
		return whole(points);
	}
	int32_t otherwise = whole(tw_yaml_member(points, "otherwise"));
	if (!reference_operand(reference, NULL, tw_yaml_member(points, "over"), &value) || !value.stated) {
		return otherwise;
	}
	int64_t number = reference_as(&value, TW_CLASS_AMOUNT);
	table = tw_yaml_member(points, "table");
	return table ? on_table(table, number, otherwise) : on_line(tw_yaml_member(points, "from"), tw_yaml_member(points, "to"), number);
}

/* ---- together ---- */

static struct tw_slice group_of(const struct tw_yaml *rule)
{
	const struct tw_yaml *group = tw_yaml_member(rule, "group");
	return group ? group->text : tw_yaml_member(rule, "id")->text;
}

static bool is_word(const struct tw_yaml *rule, const char *key, const char *word)
{
	const struct tw_yaml *node = tw_yaml_member(rule, key);
	return node && tw_slice_is(node->text, word);
}

/* The most that speaks against and the most that speaks for the consignment in the group, the first up to its cap. */
static int32_t group_points(const struct tw_score_policy *policy, struct tw_slice group, const struct tw_yaml *const *rule, const int32_t *points,
                            uint32_t count)
{
	int32_t most = 0, least = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (tw_slice_equal(group_of(rule[i]), group) && !is_word(rule[i], "action", "inform")) {
			most = points[i] > most ? points[i] : most;
			least = points[i] < least ? points[i] : least;
		}
	}
	for (uint32_t i = 0; i < policy->cap_count; i++) {
		bool caps = tw_slice_equal(policy->caps[i].group, group) && most > policy->caps[i].points;
		most = caps ? policy->caps[i].points : most;
	}
	return most + least;
}

static enum tw_lane least_lane(const struct tw_yaml *rule)
{
	return is_word(rule, "action", "hold") || is_word(rule, "lane", "red") ? TW_LANE_RED
	       : is_word(rule, "lane", "yellow")                               ? TW_LANE_YELLOW
	       : is_word(rule, "lane", "blue")                                 ? TW_LANE_BLUE
	                                                                       : TW_LANE_GREEN;
}

struct reference_judgement reference_score(const struct tw_score_policy *policy, const struct tw_yaml *const *rule, const int32_t *points,
                                           uint32_t count)
{
	struct reference_judgement out = {.points = 0};
	enum tw_lane least = TW_LANE_GREEN;
	for (uint32_t i = 0; i < count; i++) {
		bool first = true;
		for (uint32_t j = 0; j < i; j++) {
			first = first && !tw_slice_equal(group_of(rule[j]), group_of(rule[i]));
		}
		out.points += first ? group_points(policy, group_of(rule[i]), rule, points, count) : 0;
		least = least_lane(rule[i]) < least ? least_lane(rule[i]) : least;
		out.hold |= is_word(rule[i], "action", "hold");
	}
	out.lane = out.points >= policy->red_points      ? TW_LANE_RED
	           : out.points >= policy->yellow_points ? TW_LANE_YELLOW
	           : out.points >= policy->blue_points   ? TW_LANE_BLUE
	                                                 : TW_LANE_GREEN;
	out.lane = least < out.lane ? least : out.lane;
	return out;
}
