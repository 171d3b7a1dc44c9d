/**
 * @file voyage_test.c
 * What changed on the way, and what was lent, whatever came first and however much of it.
 */
#include "engine/state/voyage.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <tidewaiter/limits.h>

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

TestSuite(voyage, .init = start, .fini = stop);

static struct tw_event *flight(const char *id, const char *time, int64_t revision, const char *tail, const char *hs)
{
	struct tw_event *event = manifest_new(&world.arena, revision > 1 ? TW_CONSIGNMENT_AMENDED : TW_CONSIGNMENT_DECLARED, id, time, "C1");
	event->consignment.revision = (struct tw_count){revision, {1, 2}};
	event->consignment.means.mode = (struct tw_choice){TW_MODE_AIR, {1, 2}};
	event->consignment.means.registration = text(tail);
	item_add(&world.arena, event, 1, 100, "C62")->hs = text(hs);
	return event;
}

static int64_t changed(const struct told *told)
{
	return told_ask(&world, told, TW_ENTITY_CONSIGNMENT, TW_METRIC_CRAFT_CHANGED, 0, NULL);
}

Test(voyage, the_first_version_is_held_against_nothing)
{
	struct told told = tell(&world, flight("e1", "2026-01-01T00:00:00Z", 1, "UR-AAA", "930190"));
	cr_expect_eq(changed(&told), NOT_STATED);
}

Test(voyage, another_aircraft_after_departure_is_seen_whichever_was_read_first)
{
	tell(&world, flight("e3", "2026-01-05T00:00:00Z", 2, "9Q-BBB", "930190"));
	tell(&world, manifest_new(&world.arena, TW_CONSIGNMENT_DEPARTED, "e2", "2026-01-03T00:00:00Z", "C1"));
	struct told told = tell(&world, flight("e1", "2026-01-01T00:00:00Z", 1, "UR-AAA", "930190"));
	cr_expect_eq(changed(&told), 1);
}

Test(voyage, a_change_of_plan_before_departure_is_none)
{
	tell(&world, flight("e1", "2026-01-01T00:00:00Z", 1, "UR-AAA", "930190"));
	struct told told = tell(&world, flight("e2", "2026-01-05T00:00:00Z", 2, "9Q-BBB", "930190"));
	cr_expect_eq(changed(&told), NOT_STATED, "the latest version is the plan");
}

Test(voyage, of_other_trade_nothing_is_kept)
{
	tell(&world, flight("e1", "2026-01-01T00:00:00Z", 1, "UR-AAA", "841370"));
	struct told told = tell(&world, flight("e2", "2026-01-05T00:00:00Z", 2, "9Q-BBB", "841370"));
	cr_expect_eq(changed(&told), NOT_STATED);
}

/* A shipment of arms by way of these places; arrived, at an office of `country`. */
static struct tw_event *shipment(const char *id, const char *time, const char *const *places)
{
	static const enum tw_leg_role roles[] = {TW_LEG_LOAD, TW_LEG_TRANSIT, TW_LEG_DISCHARGE};
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, "C1");
	for (uint32_t i = 0; places[i]; i++) {
		leg_add(&world.arena, event, roles[i], places[i]);
	}
	item_add(&world.arena, event, 1, 100, "C62")->hs = text("930190");
	return event;
}

static struct tw_event *arrival(const char *time, const char *country)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_ARRIVED, "a1", time, "C1");
	event->consignment.office = text(country);
	return event;
}

static int64_t arrived(const struct told *told, enum tw_metric metric)
{
	return told_ask(&world, told, TW_ENTITY_CONSIGNMENT, metric, 0, NULL);
}

static const char *const by_way_of_b[] = {"XA", "XB", "XC", NULL};

static void arrives(const char *country, int64_t at_end, int64_t elsewhere)
{
	tell(&world, shipment("s1", "2026-01-01T00:00:00Z", by_way_of_b));
	struct told told = tell(&world, arrival("2026-02-01T00:00:00Z", country));
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_AT_END), at_end, "%s", country);
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_ELSEWHERE), elsewhere, "%s", country);
}

Test(voyage, an_arrival_where_the_route_ends_is_at_its_end)
{
	arrives("XCCCC", 1, NOT_STATED);
}

Test(voyage, an_arrival_on_the_way_is_neither_at_the_end_nor_elsewhere)
{
	arrives("XBBBB", 0, NOT_STATED);
}

Test(voyage, an_arrival_that_the_route_does_not_name_is_elsewhere)
{
	arrives("XDDDD", 0, 'X' << 8 | 'D');
}

Test(voyage, an_arrival_at_no_country_says_nothing)
{
	arrives("", NOT_STATED, NOT_STATED);
}

Test(voyage, an_arrival_that_came_first_is_held_against_the_route_that_follows)
{
	tell(&world, arrival("2026-02-01T00:00:00Z", "XDDDD"));
	struct told told = tell(&world, shipment("s1", "2026-01-01T00:00:00Z", by_way_of_b));
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_AT_END), 0);
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_ELSEWHERE), 'X' << 8 | 'D');
}

Test(voyage, of_a_route_that_names_no_country_nothing_is_said_of_arrivals)
{
	tell(&world, shipment("s1", "2026-01-01T00:00:00Z", (const char *const[]){NULL}));
	struct told told = tell(&world, arrival("2026-02-01T00:00:00Z", "XCCCC"));
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_AT_END), NOT_STATED);
	cr_expect_eq(arrived(&told, TW_METRIC_ARRIVED_ELSEWHERE), NOT_STATED);
}

static struct tw_event *on_loan(const char *id, const char *time, const char *from, const char *to, int64_t pieces)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	party_add(&world.arena, &event->consignment.parties, from, "TR")->role = (struct tw_choice){TW_ROLE_CONSIGNOR, {1, 2}};
	party_add(&world.arena, &event->consignment.parties, to, "TR")->role = (struct tw_choice){TW_ROLE_CONSIGNEE, {1, 2}};
	struct tw_item *item = item_add(&world.arena, event, 1, pieces, "C62");
	item->hs = text("930200");
	item->pieces = amount(pieces);
	item->condition = (struct tw_choice){TW_CONDITION_TEMPORARY, {1, 2}};
	return event;
}

static int64_t open_of(const char *id, const char *time, uint32_t days)
{
	struct told told = tell(&world, on_loan(id, time, "Works", "Guard", 5));
	return told_ask(&world, &told, TW_ENTITY_PARTY, TW_METRIC_LENT_OPEN, days, told.event->consignment.parties.data);
}

Test(voyage, what_was_lent_before_is_open_as_long_as_less_came_back)
{
	cr_expect_eq(open_of("L1", "2026-01-01T00:00:00Z", 0), NOT_STATED);
	cr_expect_eq(open_of("L2", "2026-02-01T00:00:00Z", 0), 1);
	tell(&world, on_loan("R1", "2026-02-10T00:00:00Z", "Guard", "Works", 5));
	cr_expect_eq(open_of("L3", "2026-03-01T00:00:00Z", 0), 2, "five are out yet");
	cr_expect_eq(open_of("L4", "2026-03-02T00:00:00Z", 10), 1, "within ten days");
	tell(&world, on_loan("R2", "2026-03-10T00:00:00Z", "Guard", "Works", 15));
	cr_expect_eq(open_of("L5", "2026-04-01T00:00:00Z", 0), NOT_STATED, "all are back");
	struct told other = tell(&world, on_loan("L6", "2026-04-02T00:00:00Z", "Works", "Police", 5));
	cr_expect_eq(told_ask(&world, &other, TW_ENTITY_PARTY, TW_METRIC_LENT_OPEN, 0, other.event->consignment.parties.data), NOT_STATED);
}
