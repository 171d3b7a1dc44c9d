/**
 * @file points.c
 * See points.h. Both forms are rows of [value, points]: a table has as many as it likes, a line has two.
 */
#include "rules/points.h"

#include "engine/base/arena.h"

__extension__ typedef __int128 wide;

/* ---- at load ---- */

bool tw_points_number(struct tw_compile *compile, const struct tw_yaml *node, int32_t *out)
{
	enum tw_class class = TW_CLASS_COUNT;
	struct tw_literal literal;
	int64_t points;
	if (!tw_literal_of(compile, node, "points", &literal) || !tw_literal_number(compile, &class, literal, &points)) {
		return false;
	}
	if (points < TW_POINTS_MIN || points > TW_POINTS_MAX) {
		tw_report_error(compile->report, node->mark, TW_E_RANGE, "\"points\" must be %d to %d", TW_POINTS_MIN, TW_POINTS_MAX);
		return false;
	}
	*out = (int32_t)points;
	return true;
}

/* One row, [value, points]; its value lies above the row's before. */
static bool step(struct tw_compile *compile, const struct tw_yaml *node, struct tw_worth_step *steps, uint32_t at)
{
	enum tw_class class = TW_CLASS_AMOUNT;
	struct tw_literal literal;
	if (node->kind != TW_YAML_SEQUENCE || node->count != 2) {
		tw_report_error(compile->report, node->mark, TW_E_TYPE, "a step of points is a list of two: [from which value on, points]");
		return false;
	}
	if (!tw_literal_of(compile, node->first, "the value", &literal) || !tw_literal_number(compile, &class, literal, &steps[at].from_e4) ||
	    !tw_points_number(compile, node->last, &steps[at].points)) {
		return false;
	}
	if (at && steps[at].from_e4 <= steps[at - 1].from_e4) {
		tw_report_error(compile->report, node->first->mark, TW_E_RANGE, "the values of points must rise from step to step");
		return false;
	}
	return true;
}

static bool table(struct tw_compile *compile, const struct tw_yaml *rows, struct tw_worth_step *steps)
{
	bool good = true;
	uint32_t at = 0;
	for (const struct tw_yaml *row = rows->first; row && good; row = row->next) {
		good = step(compile, row, steps, at++);
	}
	return good;
}

/* @return the rows, or NULL after a reported error. A line's are `from` and `to` */
static struct tw_worth_step *rows_of(struct tw_compile *compile, const struct tw_yaml *node, struct tw_worth *worth)
{
	const struct tw_yaml *rows = tw_yaml_member(node, "table"), *from = tw_yaml_member(node, "from"), *to = tw_yaml_member(node, "to");
	if (rows && (from || to)) {
		tw_report_error(compile->report, (from ? from : to)->key_mark, TW_E_CONFLICT, "points have a table, or `from` and `to`: not both");
		return NULL;
	}
	if (rows ? !tw_yaml_expect(rows, TW_YAML_SEQUENCE, "table", compile->report) : false) {
		return NULL;
	}
	if (rows ? !rows->count : !from || !to) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "points by a value need a `table` of steps, or `from` and `to`");
		return NULL;
	}
	if (rows && rows->count > TW_POINT_STEPS_MAX) {
		tw_report_error(compile->report, rows->mark, TW_E_LIMIT, "at most %u steps of points", TW_POINT_STEPS_MAX);
		return NULL;
	}
	worth->line = !rows;
	worth->count = rows ? rows->count : 2;
	struct tw_worth_step *steps = tw_compile_alloc(compile, worth->count * sizeof(*steps));
	bool good = steps && (rows ? table(compile, rows, steps) : step(compile, from, steps, 0) && step(compile, to, steps, 1));
	return good ? steps : NULL;
}

/* What a line gives lies between its ends; a table gives nothing else than its steps' and `otherwise`. */
static void bounds_note(const struct tw_worth *worth, struct tw_rule_info *info)
{
	info->points = info->points_least = worth->otherwise;
	for (uint32_t i = 0; i < worth->count; i++) {
		int32_t points = worth->step[i].points;
		info->points = points > info->points ? points : info->points;
		info->points_least = points < info->points_least ? points : info->points_least;
	}
	info->points_vary = true;
}

bool tw_points_steps(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule)
{
	static const char *const known[] = {"over", "table", "from", "to", "otherwise", NULL};
	const struct tw_yaml *otherwise = tw_yaml_member(node, "otherwise");
	struct tw_worth *worth = tw_compile_alloc(compile, sizeof(*worth));
	if (!worth) {
		return false;
	}
	tw_yaml_check_keys(node, known, "points", compile->report);
	if (!tw_yaml_member(node, "over")) {
		tw_report_error(compile->report, node->mark, TW_E_MISSING, "points by a value need the value: `over`");
	}
	worth->step = rows_of(compile, node, worth);
	if (!worth->step || (otherwise && !tw_points_number(compile, otherwise, &worth->otherwise))) {
		return false;
	}
	bounds_note(worth, &rule->info);
	rule->worth = worth;
	return tw_yaml_member(node, "over") != NULL;
}

bool tw_points_over(struct tw_compile *compile, const struct tw_yaml *node, struct tw_rule *rule)
{
	const struct tw_yaml *over = tw_yaml_member(node, "over");
	if (!over || !tw_yaml_expect(over, TW_YAML_MAPPING, "over", compile->report)) {
		return false;
	}
	struct tw_operand *value = tw_compile_right(compile, tw_compile_all_scopes(compile), over);
	if (!value) {
		return false;
	}
	if (value->class != TW_CLASS_AMOUNT && value->class != TW_CLASS_COUNT) {
		tw_report_error(compile->report, over->mark, TW_E_TYPE, "points go by a number, not by %s", tw_class_name(value->class));
		return false;
	}
	/* a count is held against steps as an amount: the same digits, and one form of the table */
	value->e4 = value->class == TW_CLASS_COUNT;
	value->class = TW_CLASS_AMOUNT;
	if (rule->worth) {
		rule->worth->over = value;
	}
	return true;
}

/* ---- when the rule has fired ---- */

static int32_t on_line(const struct tw_worth_step *from, const struct tw_worth_step *to, int64_t value)
{
	if (value <= from->from_e4 || value >= to->from_e4) {
		return value <= from->from_e4 ? from->points : to->points;
	}
	wide width = (wide)to->from_e4 - from->from_e4;
	wide rise = ((wide)value - from->from_e4) * (to->points - from->points);
	wide nearest = (2 * rise + (rise < 0 ? -width : width)) / (2 * width);
	return from->points + (int32_t)nearest;
}

/* How many steps the value reaches. */
static uint32_t steps_reached(const struct tw_worth *worth, int64_t value)
{
	uint32_t reached = 0;
	while (reached < worth->count && worth->step[reached].from_e4 <= value) {
		reached++;
	}
	return reached;
}

int32_t tw_points_at(const struct tw_worth *worth, int64_t value_e4)
{
	if (worth->line) {
		return on_line(&worth->step[0], &worth->step[1], value_e4);
	}
	uint32_t reached = steps_reached(worth, value_e4);
	return reached ? worth->step[reached - 1].points : worth->otherwise;
}

/* For those who look on. */
static void reached_say(struct tw_eval *eval, const struct tw_worth *worth, int64_t value)
{
	const struct tw_rule_trace *trace = eval->explain->trace;
	uint32_t reached = worth->line ? 0 : steps_reached(worth, value);
	if (trace && trace->reached && reached) {
		trace->reached(trace->context, eval, reached - 1);
	}
}

/* Every slot shows the first element that satisfied; of two quantifiers over parts of one name, the one that found any. */
static void slots_show_first(struct tw_eval *eval)
{
	struct tw_rule_bench *bench = eval->bench;
	const struct tw_slot *slots = eval->rule->slot;
	for (uint32_t i = 1; i < eval->rule->slot_count; i++) {
		uint32_t shown = bench->first[i] ? i : 0;
		for (uint32_t j = 1; !shown && slots[i].name && j < eval->rule->slot_count; j++) {
			bool same = slots[j].name && strcmp(slots[i].name, slots[j].name) == 0;
			shown = same && bench->first[j] ? j : 0;
		}
		bench->slot[i] = shown ? bench->first[shown] : NULL;
		bench->index[i] = bench->first_index[shown];
	}
}

static bool in_sight(const struct tw_eval *eval, const struct tw_operand *operand)
{
	if (operand->kind == TW_OPERAND_RATIO) {
		return in_sight(eval, operand->of) && in_sight(eval, operand->per);
	}
	return operand->self || eval->bench->slot[operand->slot] != NULL;
}

int32_t tw_points_of(struct tw_eval *eval)
{
	const struct tw_worth *worth = eval->rule->worth;
	int64_t value;
	if (!worth) {
		return eval->rule->info.points;
	}
	slots_show_first(eval);
	if (!in_sight(eval, worth->over) || !tw_eval_number(eval, worth->over, &value)) {
		return worth->otherwise;
	}
	tw_explain_operand(eval, worth->over);
	reached_say(eval, worth, value);
	return tw_points_at(worth, value);
}
