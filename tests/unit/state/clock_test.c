/**
 * @file clock_test.c
 * How far all sources have come: the lowest of those that speak, whoever is late, early, silent or wrong.
 */
#include "engine/state/clock.h"

#include <criterion/criterion.h>

#include "engine/base/time.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/record.h"
#include "tests/unit/state/told.h"

static struct told_world world;
static const struct tw_time_policy policy = {.lateness_days = 1, .idle_days = 30};

static void start(void)
{
	told_start(&world);
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(clock, .init = start, .fini = stop);

/* Of the days of so many members. @return -1: there is no member */
static int32_t low_of(const int32_t *days, uint32_t count, uint32_t idle_days)
{
	struct tw_element elements[8];
	char keys[8][2];
	int32_t low = 0;
	for (uint32_t i = 0; i < count; i++) {
		keys[i][0] = TW_ELEMENT_CLOCK;
		keys[i][1] = (char)('a' + i);
		elements[i] = (struct tw_element){{keys[i], 2}, {0, days[i] * TW_DAY_MS, 0}, {"", 0}};
	}
	struct tw_state state = {.elements = elements, .element_count = count};
	return tw_clock_low(&state, idle_days, &low) ? low : -1;
}
#define LOW(idle, ...) low_of((const int32_t[]){__VA_ARGS__}, sizeof((const int32_t[]){__VA_ARGS__}) / sizeof(int32_t), idle)

Test(clock, the_lowest_of_all_that_speak_is_how_far_time_has_come)
{
	int32_t low;
	cr_expect_not(tw_clock_low(NULL, 30, &low));
	cr_expect_eq(LOW(30, 100), 100);
	cr_expect_eq(LOW(30, 100, 90), 90);
	cr_expect_eq(LOW(30, 100, 90, 95), 90);
}

Test(clock, who_is_idle_does_not_hold_time_back_and_one_wrong_date_does_not_make_the_others_idle)
{
	cr_expect_eq(LOW(30, 100, 70), 70, "thirty days behind is not yet idle");
	cr_expect_eq(LOW(30, 100, 69), 100);
	cr_expect_eq(LOW(30, 100, 99, 5), 99);
	cr_expect_eq(LOW(30, 100, 99, 9000), 99, "one of three is years ahead");
	cr_expect_eq(LOW(30, 100, 9000, 9001), 9000, "two agree");
	cr_expect_eq(LOW(30, 9000), 9000);
}

static struct tw_list facts_of(const struct told *told)
{
	struct tw_list facts = {NULL, 0, 0};
	cr_assert(tw_due_facts(&policy, told->event, told->stored.operations, told->stored.priors, &world.arena, &facts));
	return facts;
}

/* An event of a source on a day, and all that follows. @return the latest day that was told as passed, -1: none */
static int32_t speak(const char *topic, const char *source, const char *time)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DEPARTED, "evt", time, "C1");
	struct tw_list round = {NULL, 0, 0};
	int32_t passed = -1;
	event->source = text(source);
	event->origin = (struct tw_origin){tw_slice_str(topic), 0, 0};
	cr_assert(tw_time_tell(event, &world.arena, &round));
	for (uint32_t i = 0; i < round.count; i++) {
		struct tw_event *fact = &((struct tw_event *)round.data)[i];
		struct told told = tell(&world, fact);
		struct tw_list next = facts_of(&told);
		passed = fact->type == TW_FACT_DAYS_PASSED ? fact->fact.day.day : passed;
		for (uint32_t k = 0; k < next.count; k++) {
			*(struct tw_event *)tw_list_push(&world.arena, &round, sizeof(*fact)) = ((struct tw_event *)next.data)[k];
		}
	}
	return passed;
}

static int32_t day(const char *date)
{
	return day_of(date).day;
}

Test(clock, days_pass_when_every_source_of_every_partition_is_beyond_them_and_never_twice)
{
	cr_expect_eq(speak("tw.manifests", "port", "2026-03-02T08:00:00Z"), day("2026-03-01"), "a day of lateness");
	cr_expect_eq(speak("tw.certificates", "office", "2026-03-02T08:00:00Z"), -1, "told already");
	cr_expect_eq(speak("tw.manifests", "port", "2026-03-10T08:00:00Z"), -1, "the office is at the second");
	cr_expect_eq(speak("tw.certificates", "office", "2026-03-08T08:00:00Z"), day("2026-03-07"));
	cr_expect_eq(speak("tw.manifests", "other port", "2026-02-20T08:00:00Z"), -1, "time does not go back");
	cr_expect_eq(speak("tw.certificates", "office", "2026-03-12T08:00:00Z"), day("2026-03-09"), "the partition had come so far before it spoke");
	cr_expect_eq(speak("tw.manifests", "port", "2026-03-11T08:00:00Z"), -1, "now it holds back what follows");
	cr_expect_eq(speak("tw.manifests", "other port", "2026-03-12T08:00:00Z"), day("2026-03-10"));
	cr_expect_eq(speak("tw.manifests", "other port", "2026-03-12T08:00:00Z"), -1, "told again, it says the same");
}

Test(clock, a_day_that_nothing_can_be_due_on_is_no_day_of_time)
{
	cr_expect_eq(speak("tw.manifests", "port", "1969-12-31T08:00:00Z"), -1);
	cr_expect_eq(speak("tw.manifests", "port", "2200-01-01T08:00:00Z"), -1);
	cr_expect(tw_tells_time(TW_FAMILY_MANIFEST) && tw_tells_time(TW_FAMILY_CERTIFICATE));
	cr_expect_not(tw_tells_time(TW_FAMILY_MARKING));
	cr_expect_not(tw_tells_time(TW_FAMILY_FACT));
}

static enum tw_code mentioned(const struct tw_event *fact)
{
	struct tw_operations *operations = NULL;
	struct tw_error err = {.disposition = TW_STOP};
	return tw_operations_of(fact, &world.arena, &operations, &err);
}

Test(clock, a_fact_of_time_that_nobody_here_would_make_is_refused)
{
	struct tw_list facts = {NULL, 0, 0};
	struct tw_event *fact = tw_fact_new(&world.arena, &facts, TW_FACT_TIME_PASSED, 0);
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT, "no day");
	fact->fact.day = day_of("2026-03-02");
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT, "no member");
	fact->fact.member = text("port");
	cr_expect_eq(mentioned(fact), TW_OK);
	fact->type = TW_FACT_DAYS_PASSED;
	cr_expect_eq(mentioned(fact), TW_OK);
	fact->fact.from = day_of("2025-03-02");
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT, "from, and no end");
	fact->fact.until = day_of("2026-03-02");
	cr_expect_eq(mentioned(fact), TW_E_CORRUPT, "a year in one fact");
	fact->fact.until = day_of("2025-04-02");
	cr_expect_eq(mentioned(fact), TW_OK);
}

Test(clock, keys_of_clocks_and_days_are_words)
{
	cr_expect(tw_slice_is(tw_key_clock((struct tw_slice){"", 0}, &world.arena), "clock"));
	cr_expect(tw_slice_is(tw_key_clock(tw_slice_str("tw.manifests/3"), &world.arena), "clock|tw.manifests/3"));
	cr_expect(tw_slice_is(tw_key_day(day("2026-05-12"), 3, &world.arena), "day|2026-05-12|3"));
}
