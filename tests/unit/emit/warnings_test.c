/** @file warnings_test.c  What an alert says of the lists it rests on: too old, of no known age, only a last good copy. */
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/time.h"

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
	fixture.event.time.ms = (int64_t)tw_day_of_civil(2026, 3, 9) * 86400000; /* ten days after the list's date */
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(warnings, .init = setup, .fini = teardown);

static const char *body(void)
{
	struct tw_output out;
	struct tw_error err;
	cr_assert_eq(tw_emit_alert(&fixture.about, &fixture.arena, &out, &err), TW_OK);
	return tw_arena_copy(&fixture.arena, out.value).ptr;
}

static bool says(const char *text)
{
	return strstr(body(), text) != NULL;
}

Test(warnings, a_list_of_its_time_is_none)
{
	fixture.lists[0].age_days_max = 10;
	cr_expect_not(says("\"warnings\""));
}

Test(warnings, a_list_a_day_too_old_for_the_event_is_one)
{
	fixture.lists[0].age_days_max = 9;
	cr_expect(says("\"warnings\":[\"list xx-test is of 2026-02-27, 10 days before this event: more than the 9 that it may be old\"]"), "%s",
	          body());
}

Test(warnings, age_is_not_asked_by_default_and_a_newer_list_is_not_old)
{
	cr_expect_not(says("\"warnings\""));
	fixture.lists[0].age_days_max = 1;
	fixture.lists[0].day = tw_day_of_civil(2026, 3, 10);
	cr_expect_not(says("\"warnings\""));
}

Test(warnings, a_list_without_a_hit_is_not_spoken_of)
{
	fixture.lists[1].age_days_max = 1;
	fixture.lists[1].stale = tw_slice_str("cannot read the list");
	cr_expect_not(says("\"warnings\""));
	cr_expect(says("\"entries\":7,\"stale\":\"cannot read the list\""), "the snapshot shows it all the same: %s", body());
}

Test(warnings, a_list_without_a_date_has_an_age_that_nobody_knows)
{
	fixture.lists[0].age_days_max = 30;
	fixture.lists[0].day = INT32_MIN;
	cr_expect(says("list xx-test states no date: whether it is older than 30 days is not known"));
}

Test(warnings, a_last_good_copy_says_why_beside_its_age)
{
	fixture.lists[0].age_days_max = 5;
	fixture.lists[0].stale = tw_slice_str("cannot read the list");
	cr_expect(says("may be old\",\"list xx-test is a last good copy; its files were refused: cannot read the list\"]"), "%s", body());
}

Test(warnings, rules_that_may_have_missed_the_event_are_named_and_many_are_counted)
{
	struct tw_rule_info info[11];
	const struct tw_rule_info *rule[11];
	char id[11][16];
	for (int i = 0; i < 11; i++) {
		snprintf(id[i], sizeof(id[i]), "slow-%d", i);
		info[i] = (struct tw_rule_info){.id = tw_slice_str(id[i])};
		rule[i] = &info[i];
	}
	struct tw_limited_rules limited = {rule, 1};
	fixture.about.limited = &limited;
	cr_expect(says("\"warnings\":[\"rule slow-0 may have missed something: a pattern of it was given up at its limit on a text of this event\"]"),
	          "%s", body());
	limited.count = 11;
	cr_expect(says("rule slow-7 may"));
	cr_expect_not(says("slow-8"));
	cr_expect(says("\"so may 3 more rules\"]"), "%s", body());
	limited.count = 0;
	cr_expect_not(says("\"warnings\""));
}
