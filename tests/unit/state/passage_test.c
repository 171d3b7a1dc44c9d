/**
 * @file passage_test.c
 * Marks that go from hand to hand: which other consignments with a mark are over, and which are live.
 */
#include "engine/state/passage.h"

#include <criterion/criterion.h>

#include "tests/unit/state/told.h"

static struct told_world world;

static void start(void)
{
	told_start(&world);
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(passage, .init = start, .fini = stop);

struct way {
	const char *id, *time, *from, *to; /* parties' names */
	const char *sent, *bound;          /* countries */
	const char *due;                   /* "" where the route states none */
};

static void party_of(struct tw_event *event, uint32_t role, const char *name, const char *country)
{
	struct tw_party *party = party_add(&world.arena, &event->consignment.parties, name, country);
	party->role.value = role;
	party->role.span = (struct tw_span){0, 1};
}

static struct tw_event *sent(struct way way, const char *serial)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, way.id, way.time, way.id);
	party_of(event, TW_ROLE_CONSIGNOR, way.from, way.sent);
	party_of(event, TW_ROLE_CONSIGNEE, way.to, way.bound);
	leg_add(&world.arena, event, TW_LEG_LOAD, way.sent);
	struct tw_leg *leg = leg_add(&world.arena, event, TW_LEG_DISCHARGE, way.bound);
	if (*way.due) {
		leg->arrival = day_of(way.due);
	}
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	item->make = text("Samplearms");
	marking_add(&world.arena, &item->markings, "", serial);
	return event;
}

static const struct tw_marking *mark_of(const struct tw_event *event)
{
	return ((struct tw_item *)event->consignment.items.data)->markings.data;
}

static int64_t ask(const struct told *told, enum tw_metric metric)
{
	return told_ask(&world, told, TW_ENTITY_MARKING, metric, 0, mark_of(told->event));
}

static const struct way first = {"C1", "2026-02-10T08:00:00Z", "Works", "Guard", "CZ", "PT", "2026-02-24"};

Test(passage, who_received_it_sends_it_on_once_it_has_come)
{
	tell(&world, sent(first, "AD0117"));
	struct told on = tell(&world, sent((struct way){"C2", "2026-06-02T08:00:00Z", "GUARD", "Dealer", "PT", "JO", ""}, "AD 0117"));
	cr_expect_eq(ask(&on, TW_METRIC_MARKING_LIVE), 0);
	cr_expect_eq(ask(&on, TW_METRIC_OVERLAPS_LIVE), 0);
	cr_expect_eq(ask(&on, TW_METRIC_MARKING_PASSED_ON), 1);
	cr_expect_eq(ask(&on, TW_METRIC_MARKING_CONSIGNMENTS), 1, "which it was all the same");
	struct told again = tell(&world, sent((struct way){"C3", "2026-09-02T08:00:00Z", "Dealer", "Fourth", "JO", "KW", ""}, "AD0117"));
	cr_expect_eq(ask(&again, TW_METRIC_MARKING_LIVE), 0, "nor what was before the one that it follows");
	struct told twice = tell(&world, sent((struct way){"C4", "2026-09-03T08:00:00Z", "Guard", "Fifth", "PT", "KW", ""}, "AD0117"));
	cr_expect_eq(ask(&twice, TW_METRIC_MARKING_LIVE), 2, "it has gone on already, twice");
}

Test(passage, not_before_it_came_and_not_from_another)
{
	tell(&world, sent(first, "AD0117"));
	struct told early = tell(&world, sent((struct way){"C2", "2026-02-12T08:00:00Z", "Guard", "Dealer", "PT", "JO", ""}, "AD0117"));
	cr_expect_eq(ask(&early, TW_METRIC_MARKING_LIVE), 1);
	struct told other = tell(&world, sent((struct way){"C3", "2026-06-02T08:00:00Z", "Convoy", "Dealer", "TG", "JO", ""}, "AD0117"));
	cr_expect_eq(ask(&other, TW_METRIC_MARKING_LIVE), 2);
	cr_expect_eq(ask(&other, TW_METRIC_MARKING_ELSEWHERE), 1, "the nearest before it was bound for JO");
	cr_expect_eq(ask(&other, TW_METRIC_MARKING_PASSED_ON), 0);
}

Test(passage, either_of_two_may_be_told_first)
{
	tell(&world, sent((struct way){"C2", "2026-06-02T08:00:00Z", "Guard", "Dealer", "PT", "JO", ""}, "AD0117"));
	struct told late = tell(&world, sent(first, "AD0117"));
	cr_expect_eq(ask(&late, TW_METRIC_MARKING_LIVE), 0);
	tell(&world, sent((struct way){"C3", "2026-06-03T08:00:00Z", "Convoy", "Dealer", "TG", "JO", ""}, "AD0118"));
	struct told before = tell(&world, sent((struct way){"C4", "2026-02-10T08:00:00Z", "Works", "Guard", "CZ", "PT", "2026-02-24"}, "AD0118"));
	cr_expect_eq(ask(&before, TW_METRIC_MARKING_LIVE), 1);
	cr_expect_eq(ask(&before, TW_METRIC_MARKING_ELSEWHERE), 1, "bound for PT, and later from TG");
}

Test(passage, marks_in_no_series_go_from_hand_to_hand_as_well)
{
	tell(&world, sent(first, "ABC"));
	struct told on = tell(&world, sent((struct way){"C2", "2026-06-02T08:00:00Z", "Guard", "Dealer", "PT", "JO", ""}, "ABC"));
	cr_expect_eq(ask(&on, TW_METRIC_MARKING_LIVE), 0);
	cr_expect_eq(ask(&on, TW_METRIC_OVERLAPS_LIVE), NOT_STATED);
	struct told other = tell(&world, sent((struct way){"C3", "2026-06-02T09:00:00Z", "Convoy", "Dealer", "TG", "JO", ""}, "ABC"));
	cr_expect_eq(ask(&other, TW_METRIC_MARKING_LIVE), 2);
}

Test(passage, nobody_else_states_it)
{
	struct told alone = tell(&world, sent(first, "AD0117"));
	cr_expect_eq(ask(&alone, TW_METRIC_MARKING_LIVE), NOT_STATED);
	cr_expect_eq(ask(&alone, TW_METRIC_MARKING_ELSEWHERE), NOT_STATED);
}

Test(passage, a_name_longer_than_is_kept_is_still_the_same)
{
	char name[200];
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	tell(&world, sent((struct way){"C1", "2026-02-10T08:00:00Z", "Works", name, "CZ", "PT", ""}, "AD0117"));
	struct told on = tell(&world, sent((struct way){"C2", "2026-06-02T08:00:00Z", name, "Dealer", "PT", "JO", ""}, "AD0117"));
	cr_expect_eq(ask(&on, TW_METRIC_MARKING_LIVE), 0);
	struct told of_another_event = tell(&world, event_new(&world.arena, TW_MARKING_STOLEN, "m1", "2026-07-02T08:00:00Z"));
	cr_expect_eq(told_ask(&world, &of_another_event, TW_ENTITY_MARKING, TW_METRIC_MARKING_LIVE, 0, NULL), NOT_STATED);
}
