/**
 * @file rules_backtest_test.c
 * A small history worked out by hand: rules a, b before, b, c after; what each edition says of an event is stated, what is counted is checked.
 */
#include "engine/command/rules_backtest.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "rules/ruleset.h"

#define DAY_MS INT64_C(86400000)

static struct tw_rules *before, *after;
static struct tw_backtest backtest;
static struct tw_error err;

static struct tw_rules *rules_of(const char *ids)
{
	struct tw_rule_source sources[4];
	static char texts[4][1024], names[4][16];
	static size_t used;
	struct tw_rules *rules = NULL;
	uint32_t count = 0;
	for (; ids[count]; count++, used++) {
		snprintf(names[used], sizeof(names[used]), "%c.yaml", ids[count]);
		snprintf(texts[used], sizeof(texts[used]),
		         "id: %c\nversion: 1\nstatus: active\ntitle: Rule %c\non: manifest\nsource: [\"Test\"]\nfalse_positives: none\npoints: "
		         "10\naction: "
		         "score\nseverity: 1\nbecause: It fires.\nwhen: {field: event.source, stated: true}\ntests:\n"
		         "  - {name: fires, fires: true, event: {consignment: {id: T}}}\n  - {name: silent, fires: false, event: {source: \"\"}}\n",
		         ids[count], ids[count]);
		sources[count] = (struct tw_rule_source){names[used], tw_slice_str(texts[used])};
	}
	cr_assert_eq(tw_rules_load_sources(sources, count, NULL, &rules, &err), TW_OK, "%s: %s %s", err.what, err.where, err.detail);
	return rules;
}

static void setup(void)
{
	before = rules_of("ab");
	after = rules_of("bc");
	cr_assert_eq(tw_backtest_init(&backtest, before, after, 1, &err), TW_OK);
}

static void teardown(void)
{
	tw_backtest_fini(&backtest);
	tw_rules_free(before);
	tw_rules_free(after);
}

struct spoken {
	struct tw_finding finding[4];
	struct tw_findings findings;
	struct tw_assessment assessment;
};

/* "ab": those rules fire, for ten points each; "bb": b fires on two lines, and counts once. */
static void speak(struct spoken *spoken, const struct tw_rules *rules, const char *ids, enum tw_lane lane, const char *rank)
{
	memset(spoken, 0, sizeof(*spoken));
	for (uint32_t i = 0; ids[i]; i++) {
		for (uint32_t at = 0; at < tw_rules_count(rules); at++) {
			if (tw_rules_info(rules, at)->id.ptr[0] == ids[i]) {
				spoken->finding[i].rule = tw_rules_info(rules, at);
			}
		}
		spoken->finding[i].counted = i && ids[i] == ids[i - 1] ? 0 : 10;
	}
	spoken->findings = (struct tw_findings){spoken->finding, (uint32_t)strlen(ids), 0};
	spoken->assessment.lane = lane;
	spoken->assessment.selection = lane == TW_LANE_GREEN ? TW_SELECTION_NONE : TW_SELECTION_SCORE;
	snprintf(spoken->assessment.rank_key, sizeof(spoken->assessment.rank_key), "%s", rank);
}

static void judge(const char *consignment, int64_t day, const char *old, enum tw_lane old_lane, const char *now, enum tw_lane now_lane,
                  const char *rank)
{
	struct spoken spoken[TW_SIDES];
	speak(&spoken[TW_BEFORE], before, old, old_lane, rank);
	speak(&spoken[TW_AFTER], after, now, now_lane, rank);
	const struct tw_backtest_said said[TW_SIDES] = {{&spoken[TW_BEFORE].findings, &spoken[TW_BEFORE].assessment},
	                                                {&spoken[TW_AFTER].findings, &spoken[TW_AFTER].assessment}};
	const struct tw_event event = {.family = TW_FAMILY_MANIFEST, .type = TW_CONSIGNMENT_DECLARED, .time = {.ms = day * DAY_MS}};
	cr_assert_eq(tw_backtest_judged(&backtest, &event, tw_slice_str(consignment), said, &err), TW_OK);
}

static void inspect(const char *consignment, enum tw_result result)
{
	struct tw_outcome outcome = {.consignment = {.ptr = consignment, .len = (uint32_t)strlen(consignment)}};
	outcome.inspection.result.value = result;
	tw_backtest_inspected(&backtest, &outcome);
}

static const struct tw_backtest_rule *rule(char id)
{
	for (uint32_t i = 0; i < backtest.rule_count; i++) {
		if (backtest.rule[i].id.ptr[0] == id) {
			return &backtest.rule[i];
		}
	}
	cr_assert_fail("no rule %c", id);
	return NULL;
}

Test(rules_backtest, counts_rules_alone_together_and_by_lane, .init = setup, .fini = teardown)
{
	judge("C1", 1, "ab", TW_LANE_RED, "bb", TW_LANE_BLUE, "1");
	judge("C2", 1, "b", TW_LANE_BLUE, "bc", TW_LANE_RED, "2");
	judge("C3", 1, "", TW_LANE_GREEN, "", TW_LANE_GREEN, "");
	cr_assert_eq(tw_backtest_close(&backtest, &err), TW_OK);
	cr_assert_eq(backtest.rule_count, 3);
	cr_assert(rule('a')->info[TW_BEFORE] && !rule('a')->info[TW_AFTER] && !rule('c')->info[TW_BEFORE]);
	cr_assert(rule('a')->fired[TW_BEFORE] == 1 && rule('a')->alone[TW_BEFORE] == 0 && rule('a')->fired[TW_AFTER] == 0);
	cr_assert(rule('b')->fired[TW_BEFORE] == 2 && rule('b')->alone[TW_BEFORE] == 1);
	cr_assert(rule('b')->fired[TW_AFTER] == 2 && rule('b')->alone[TW_AFTER] == 1, "two lines of one event are one event");
	cr_assert(rule('b')->points[TW_AFTER] == 20 && rule('c')->points[TW_AFTER] == 10);
	cr_assert_eq(backtest.pair_count, 2);
	cr_assert(backtest.pairs[0].together[TW_BEFORE] == 1 && backtest.pairs[0].together[TW_AFTER] == 0, "a with b");
	cr_assert(backtest.pairs[1].together[TW_BEFORE] == 0 && backtest.pairs[1].together[TW_AFTER] == 1, "b with c");
	cr_assert(backtest.raised[TW_BEFORE][TW_LANE_RED] == 1 && backtest.raised[TW_BEFORE][TW_LANE_BLUE] == 1);
	cr_assert(backtest.raised[TW_AFTER][TW_LANE_GREEN] == 0 && backtest.consignments[TW_AFTER][TW_LANE_GREEN] == 1);
	cr_assert(backtest.judged == 3 && backtest.quiet == 1);
}

Test(rules_backtest, outcomes_count_for_what_was_judged_before_them, .init = setup, .fini = teardown)
{
	judge("C1", 1, "ab", TW_LANE_RED, "b", TW_LANE_YELLOW, "1");
	judge("C2", 1, "b", TW_LANE_BLUE, "", TW_LANE_GREEN, "2");
	judge("C3", 1, "", TW_LANE_GREEN, "", TW_LANE_GREEN, "");
	inspect("C1", TW_RESULT_CONFORM);
	inspect("C1", TW_RESULT_SEIZURE); /* outweighs the other */
	inspect("C2", TW_RESULT_CONFORM);
	inspect("C3", TW_RESULT_NOT_EXAMINED);
	inspect("C9", TW_RESULT_SEIZURE);
	judge("C1", 2, "", TW_LANE_GREEN, "c", TW_LANE_RED, "1");
	cr_assert_eq(tw_backtest_close(&backtest, &err), TW_OK);
	cr_assert(backtest.inspected == 2 && backtest.not_examined == 1 && backtest.unknown == 1);
	cr_assert(rule('b')->outcomes[TW_BEFORE].examined == 2 && rule('b')->outcomes[TW_BEFORE].found == 1);
	cr_assert(rule('b')->outcomes[TW_AFTER].examined == 1 && rule('b')->outcomes[TW_AFTER].found == 1);
	cr_assert_eq(rule('c')->outcomes[TW_AFTER].examined, 0, "it fired after the inspection");
	cr_assert(backtest.outcomes[TW_BEFORE][TW_LANE_RED].found == 1 && backtest.outcomes[TW_AFTER][TW_LANE_YELLOW].found == 1);
	cr_assert(backtest.outcomes[TW_AFTER][TW_LANE_GREEN].examined == 1 && backtest.outcomes[TW_AFTER][TW_LANE_GREEN].found == 0);
}

static struct tw_slice only(const struct tw_list *list)
{
	cr_assert_eq(list->count, 1, "%u", list->count);
	return (*(const struct tw_backtest_case *const *)list->data)->consignment;
}

Test(rules_backtest, says_who_enters_and_leaves_the_first_of_a_day_and_why, .init = setup, .fini = teardown)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 1024, 0);
	judge("C1", 1, "ab", TW_LANE_RED, "b", TW_LANE_YELLOW, "1.old");
	judge("C2", 1, "b", TW_LANE_YELLOW, "bc", TW_LANE_RED, "2");
	judge("C3", 2, "b", TW_LANE_RED, "b", TW_LANE_RED, "1"); /* first on its day either way */
	struct tw_backtest_case *cases = backtest.cases.data;
	snprintf(cases[0].view[TW_AFTER].rank_key, TW_RANK_KEY_BYTES, "3");
	cr_assert_eq(tw_backtest_close(&backtest, &err), TW_OK);
	cr_assert(tw_slice_is(only(&backtest.entered), "C2") && tw_slice_is(only(&backtest.left), "C1"));
	cr_assert_str_eq(tw_backtest_why(&backtest, &cases[1], &arena).ptr, "+ c (10)");
	cr_assert_str_eq(tw_backtest_why(&backtest, &cases[0], &arena).ptr, "- a (10)");
	cr_assert_str_eq(tw_backtest_why(&backtest, &cases[2], &arena).ptr, "others fell behind it");
	cr_assert(cases[0].view[TW_BEFORE].place == 1 && cases[0].view[TW_AFTER].place == 2 && cases[0].view[TW_AFTER].rank == 0);
	cr_assert_eq(backtest.days, 2);
	tw_arena_fini(&arena);
}

Test(rules_backtest, the_latest_revision_of_a_day_stands, .init = setup, .fini = teardown)
{
	judge("C1", 1, "a", TW_LANE_RED, "bc", TW_LANE_RED, "1");
	judge("C1", 1, "ab", TW_LANE_BLUE, "", TW_LANE_GREEN, "2");
	cr_assert_eq(tw_backtest_close(&backtest, &err), TW_OK);
	cr_assert_eq(backtest.cases.count, 1);
	const struct tw_backtest_case *one = backtest.cases.data;
	cr_assert(one->view[TW_BEFORE].hit_count == 2 && one->view[TW_AFTER].hit_count == 0 && !one->view[TW_AFTER].alert);
	cr_assert_eq(backtest.consignments[TW_AFTER][TW_LANE_GREEN], 1);
	cr_assert_eq(rule('c')->fired[TW_AFTER], 1, "events are counted, whatever became of them");
}

Test(rules_backtest, tables_grow, .init = setup, .fini = teardown)
{
	char id[16];
	for (int i = 0; i < 5000; i++) {
		snprintf(id, sizeof(id), "C%d", i);
		judge(id, i % 7, "ab", TW_LANE_RED, i % 2 ? "b" : "", i % 2 ? TW_LANE_BLUE : TW_LANE_GREEN, id);
	}
	cr_assert_eq(tw_backtest_close(&backtest, &err), TW_OK);
	cr_assert(backtest.consignments[TW_BEFORE][TW_LANE_RED] == 5000 && backtest.consignments[TW_AFTER][TW_LANE_BLUE] == 2500);
	cr_assert_eq(backtest.pairs[0].together[TW_BEFORE], 5000);
}
