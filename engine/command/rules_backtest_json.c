/**
 * @file rules_backtest_json.c
 * The report of a backtest as one JSON object: everything, rules in id order, shares in millionths.
 */
#include "engine/base/time.h"
#include "engine/emit/json.h"
#include "engine/command/rules_backtest.h"

#define ARENA_BLOCK_BYTES ((size_t)256 * 1024)

static const char *const side_names[] = {"before", "after"};
static const char *const lane_names[] = {"", "red", "yellow", "blue", "green"};

static void number(struct tw_json *json, const char *name, uint64_t value)
{
	tw_json_integer_member(json, name, (int64_t)value);
}

static void both(struct tw_json *json, const char *name, uint64_t before, uint64_t after)
{
	tw_json_key(json, name);
	tw_json_object(json);
	number(json, side_names[TW_BEFORE], before);
	number(json, side_names[TW_AFTER], after);
	tw_json_object_end(json);
}

/* Left out where nothing was examined: there is no share of nothing. */
static void precision(struct tw_json *json, const struct tw_backtest_precision *outcomes)
{
	for (int side = TW_BEFORE; side < TW_SIDES; side++) {
		struct tw_wilson wilson = tw_wilson_of(outcomes[side].found, outcomes[side].examined);
		tw_json_key(json, side == TW_BEFORE ? "precision_before" : "precision_after");
		tw_json_object(json);
		number(json, "examined", outcomes[side].examined);
		number(json, "found", outcomes[side].found);
		if (outcomes[side].examined) {
			number(json, "share_ppm", wilson.share_ppm);
			number(json, "low_ppm", wilson.low_ppm);
			number(json, "high_ppm", wilson.high_ppm);
		}
		tw_json_object_end(json);
	}
}

static void texts(struct tw_json *json, const char *name, const char *const *text, uint32_t count)
{
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < count; i++) {
		tw_json_text(json, tw_slice_str(text[i]));
	}
	tw_json_array_end(json);
}

static void history(struct tw_json *json, const struct tw_backtest *backtest, const struct tw_backtest_run *run)
{
	tw_json_key(json, "history");
	tw_json_object(json);
	texts(json, "over", run->inputs, run->input_count);
	tw_json_text_member(json, "from", tw_slice_str(run->from ? run->from : ""));
	tw_json_text_member(json, "to", tw_slice_str(run->to ? run->to : ""));
	number(json, "events", run->events);
	number(json, "judged", backtest->judged - run->told);
	number(json, "fell_due", run->told);
	number(json, "nothing_fired", backtest->quiet);
	number(json, "history_alone", run->history);
	number(json, "sent_twice", run->duplicates);
	number(json, "dead_letters", run->dead);
	tw_json_object_end(json);
	for (int side = TW_BEFORE; side < TW_SIDES; side++) {
		tw_json_key(json, side_names[side]);
		tw_json_object(json);
		texts(json, "paths", run->edition[side].paths, run->edition[side].path_count);
		number(json, "rules", run->edition[side].rules);
		number(json, "active", run->edition[side].active);
		tw_json_text_member(json, "digest", run->edition[side].digest);
		tw_json_object_end(json);
	}
}

static void lanes(struct tw_json *json, const struct tw_backtest *backtest)
{
	tw_json_key(json, "lanes");
	tw_json_array(json);
	for (int lane = TW_LANE_RED; lane <= TW_LANE_GREEN; lane++) {
		const struct tw_backtest_precision outcomes[TW_SIDES] = {backtest->outcomes[TW_BEFORE][lane], backtest->outcomes[TW_AFTER][lane]};
		tw_json_object(json);
		tw_json_text_member(json, "lane", tw_slice_str(lane_names[lane]));
		both(json, "alerts", backtest->raised[TW_BEFORE][lane], backtest->raised[TW_AFTER][lane]);
		both(json, "consignments", backtest->consignments[TW_BEFORE][lane], backtest->consignments[TW_AFTER][lane]);
		precision(json, outcomes);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void rules(struct tw_json *json, const struct tw_backtest *backtest)
{
	tw_json_key(json, "rules");
	tw_json_array(json);
	for (uint32_t i = 0; i < backtest->rule_count; i++) {
		const struct tw_backtest_rule *rule = &backtest->rule[i];
		tw_json_object(json);
		tw_json_text_member(json, "rule", rule->id);
		tw_json_text_member(json, "title", rule->title);
		tw_json_text_member(json, "edition", tw_slice_str(!rule->info[TW_BEFORE] ? "after" : !rule->info[TW_AFTER] ? "before" : "both"));
		both(json, "fired", rule->fired[TW_BEFORE], rule->fired[TW_AFTER]);
		both(json, "alone", rule->alone[TW_BEFORE], rule->alone[TW_AFTER]);
		both(json, "together", rule->fired[TW_BEFORE] - rule->alone[TW_BEFORE], rule->fired[TW_AFTER] - rule->alone[TW_AFTER]);
		both(json, "points", (uint64_t)rule->points[TW_BEFORE], (uint64_t)rule->points[TW_AFTER]);
		precision(json, rule->outcomes);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void pairs(struct tw_json *json, const struct tw_backtest *backtest)
{
	tw_json_key(json, "overlap");
	tw_json_array(json);
	for (uint32_t i = 0; i < backtest->pair_count; i++) {
		const struct tw_backtest_pair *pair = &backtest->pairs[i];
		tw_json_object(json);
		tw_json_text_member(json, "a", backtest->rule[pair->a].id);
		tw_json_text_member(json, "b", backtest->rule[pair->b].id);
		both(json, "together", pair->together[TW_BEFORE], pair->together[TW_AFTER]);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	number(json, "overlap_lost", backtest->pairs_lost);
}

static void view(struct tw_json *json, const struct tw_backtest *backtest, const char *name, const struct tw_backtest_view *view)
{
	tw_json_key(json, name);
	tw_json_object(json);
	tw_json_text_member(json, "lane", tw_slice_str(lane_names[view->lane]));
	tw_json_integer_member(json, "points", view->points);
	if (view->place) {
		number(json, "rank", view->place);
	}
	tw_json_key(json, "rules");
	tw_json_array(json);
	for (uint32_t i = 0; i < view->hit_count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "rule", backtest->rule[view->hits[i].rule].id);
		tw_json_integer_member(json, "points", view->hits[i].points);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	tw_json_object_end(json);
}

static void moves(struct tw_json *json, const struct tw_backtest *backtest, const char *name, const struct tw_list *list, struct tw_arena *arena)
{
	struct tw_backtest_case *const *at = list->data;
	char day[TW_DATE_BYTES];
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < list->count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "day", tw_slice_str(tw_date_format(at[i]->day, day)));
		tw_json_text_member(json, "consignment", at[i]->consignment);
		tw_json_text_member(json, "why", tw_backtest_why(backtest, at[i], arena));
		view(json, backtest, side_names[TW_BEFORE], &at[i]->view[TW_BEFORE]);
		view(json, backtest, side_names[TW_AFTER], &at[i]->view[TW_AFTER]);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void capacity(struct tw_json *json, const struct tw_backtest *backtest, struct tw_arena *arena)
{
	if (!backtest->capacity) {
		return;
	}
	tw_json_key(json, "capacity");
	tw_json_object(json);
	number(json, "a_day", backtest->capacity);
	number(json, "days", backtest->days);
	moves(json, backtest, "enter", &backtest->entered, arena);
	moves(json, backtest, "leave", &backtest->left, arena);
	tw_json_object_end(json);
}

enum tw_code tw_backtest_json(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err)
{
	struct tw_arena arena;
	struct tw_json json;
	struct tw_slice text;
	tw_arena_init(&arena, ARENA_BLOCK_BYTES, 0);
	tw_json_begin(&json, &arena);
	tw_json_object(&json);
	history(&json, backtest, run);
	lanes(&json, backtest);
	rules(&json, backtest);
	pairs(&json, backtest);
	capacity(&json, backtest, &arena);
	tw_json_key(&json, "outcomes");
	tw_json_object(&json);
	number(&json, "inspected", backtest->inspected);
	number(&json, "not_examined", backtest->not_examined);
	number(&json, "of_others", backtest->unknown);
	tw_json_object_end(&json);
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &text, err);
	if (code == TW_OK) {
		fprintf(out, "%s\n", text.ptr);
	}
	tw_arena_fini(&arena);
	return code;
}
