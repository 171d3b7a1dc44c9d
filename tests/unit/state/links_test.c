/**
 * @file links_test.c
 * Who and what consignments linked with an entity: others within a window, and what is new.
 */
#include "engine/state/links.h"

#include <criterion/criterion.h>
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

TestSuite(links, .init = start, .fini = stop);

#define ASK(told, kind, metric, days, subject) told_ask(&world, told, TW_ENTITY_##kind, TW_METRIC_##metric, days, subject)

static void role(struct tw_party *party, enum tw_party_role role)
{
	party->role = (struct tw_choice){role, {1, 2}};
}

static struct tw_event *shipment(const char *id, const char *time, const char *consignee)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	struct tw_list *parties = &event->consignment.parties;
	role(party_add(&world.arena, parties, "Quill & Sons", "XA"), TW_ROLE_CONSIGNOR);
	struct tw_party *party = party_add(&world.arena, parties, consignee, "XB");
	role(party, TW_ROLE_CONSIGNEE);
	party->phone = text("+44 20 7946 0018");
	party->email = text("Desk@Example.org");
	party->address.text = text("12 Harbour Road");
	role(party_add(&world.arena, parties, "Sample Lines", "XC"), TW_ROLE_CARRIER);
	event->consignment.means.imo = text("9074729");
	event->consignment.means.name = text("Ocean Star");
	event->consignment.means.flag = text("PA");
	leg_add(&world.arena, event, TW_LEG_LOAD, "XA");
	leg_add(&world.arena, event, TW_LEG_DISCHARGE, "XB");
	item_add(&world.arena, event, 1, 10, "C62")->hs = text("8413.70");
	container_add(&world.arena, event, "HLXU1234567");
	return event;
}

static struct tw_party *party_of(const struct tw_event *event, uint32_t at)
{
	return (struct tw_party *)event->consignment.parties.data + at;
}

static const void *first_container(const struct told *told)
{
	return told->event->consignment.containers.data;
}

Test(links, what_has_no_record_is_not_stated)
{
	struct told told = tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, party_of(told.event, 0)), NOT_STATED);
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, party_of(told.event, 0)), NOT_STATED);
	cr_expect_eq(ASK(&told, PHONE, USERS, 0, &party_of(told.event, 1)->phone), NOT_STATED);
}

Test(links, others_are_counted_and_the_event_s_own_are_not)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	tell(&world, shipment("C2", "2026-01-10T00:00:00Z", "Granite Bay"));
	tell(&world, shipment("C3", "2026-01-20T00:00:00Z", "Marble Bay"));
	struct told told = tell(&world, shipment("C4", "2026-01-25T00:00:00Z", "Slate Bay"));
	const struct tw_party *shipper = party_of(told.event, 0), *receiver = party_of(told.event, 1);
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, shipper), 2);
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 10, shipper), 1, "Marble Bay again on the 20th");
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 4, shipper), 0);
	cr_expect_eq(ASK(&told, PARTY, NEW_CONSIGNEES, 0, shipper), 1);
	cr_expect_eq(ASK(&told, PHONE, USERS, 30, &receiver->phone), 2);
	cr_expect_eq(ASK(&told, EMAIL, USERS, 10, &receiver->email), 1);
	cr_expect_eq(ASK(&told, ADDRESS, USERS, 30, &receiver->address), 2);
	cr_expect_eq(ASK(&told, ADDRESS, NEW_USERS, 30, &receiver->address), 1);
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, receiver), NOT_STATED);
	struct told again = tell(&world, shipment("C5", "2026-01-26T00:00:00Z", "Marble Bay"));
	cr_expect_eq(ASK(&again, PARTY, CONSIGNORS, 0, party_of(again.event, 1)), 0, "its one consignor is this event's too");
	cr_expect_eq(ASK(&again, PARTY, NEW_CONSIGNEES, 0, party_of(again.event, 0)), 0);
	cr_expect_eq(ASK(&again, PARTY, NEW_CONSIGNEES, 5, party_of(again.event, 0)), 1, "not in five days");
}

Test(links, the_consignments_of_the_others_are_named_latest_first)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	tell(&world, shipment("C2", "2026-01-10T00:00:00Z", "Granite Bay"));
	struct told told = tell(&world, shipment("C3", "2026-01-20T00:00:00Z", "Slate Bay"));
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_PHONE, TW_METRIC_USERS, 0, &party_of(told.event, 1)->phone);
	cr_assert_eq(answer.related_count, 2);
	cr_expect(tw_slice_is(answer.related[0], "C2") && tw_slice_is(answer.related[1], "C1"));
	cr_expect(tw_slice_is(answer.key, "+442079460018"));
}

Test(links, routes_vessels_and_headings_are_against_the_shipper_s_past)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	struct tw_event *event = shipment("C2", "2026-01-10T00:00:00Z", "Marble Bay");
	leg_add(&world.arena, event, TW_LEG_DISCHARGE, "XC");
	struct told same = tell(&world, event);
	cr_expect_eq(ASK(&same, PARTY, NEW_ROUTES, 0, party_of(event, 0)), 0, "the first leg of discharge says where to");
	event = shipment("C3", "2026-01-20T00:00:00Z", "Marble Bay");
	((struct tw_leg *)event->consignment.route.data)[1].country = text("XD");
	event->consignment.means.imo = text("9074731");
	((struct tw_item *)event->consignment.items.data)->hs = text("930190");
	struct told told = tell(&world, event);
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, party_of(event, 0)), 1);
	cr_expect_eq(ASK(&told, PARTY, ROUTES, 0, party_of(event, 0)), 1);
	cr_expect_eq(ASK(&told, PARTY, NEW_VESSELS, 0, party_of(event, 0)), 1);
	cr_expect_eq(ASK(&told, PARTY, NEW_HEADINGS, 0, party_of(event, 0)), 1);
	cr_expect_eq(ASK(&told, PARTY, HEADINGS, 0, party_of(event, 0)), 1);
	cr_expect_eq(ASK(&told, CONTAINER, NEW_ROUTES, 0, first_container(&told)), 1);
	cr_expect_eq(ASK(&told, PARTY, ROUTES, 0, party_of(event, 2)), 0, "a carrier meets everybody: nothing is kept of it");
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, party_of(event, 2)), 0);
}

Test(links, an_origin_and_a_delivery_stand_in_for_ports)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	struct tw_event *event = shipment("C2", "2026-01-10T00:00:00Z", "Marble Bay");
	event->consignment.route.count = 0;
	leg_add(&world.arena, event, TW_LEG_ORIGIN, "XA");
	leg_add(&world.arena, event, TW_LEG_DELIVERY, NULL)->place = text("XBABC");
	struct told told = tell(&world, event);
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, party_of(event, 0)), 0);
	event = shipment("C3", "2026-01-11T00:00:00Z", "Marble Bay");
	event->consignment.route.count = 1;
	told = tell(&world, event);
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, party_of(event, 0)), 0, "half a route is none");
}

Test(links, a_ship_s_flags_and_names_are_remembered)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	struct tw_event *event = shipment("C2", "2026-02-10T00:00:00Z", "Marble Bay");
	event->consignment.means.flag = text("KM");
	event->consignment.means.name = text("Sea Pearl");
	struct told told = tell(&world, event);
	cr_expect_eq(ASK(&told, VESSEL, NEW_FLAGS, 0, &event->consignment.means), 1);
	cr_expect_eq(ASK(&told, VESSEL, FLAGS, 365, NULL), 1);
	cr_expect_eq(ASK(&told, VESSEL, NEW_NAMES, 0, NULL), 1);
	cr_expect_eq(ASK(&told, VESSEL, ROUTES, 0, NULL), 0);
	event = shipment("C3", "2026-02-11T00:00:00Z", "Marble Bay");
	event->consignment.means.name = text("OCEAN  star");
	told = tell(&world, event);
	cr_expect_eq(ASK(&told, VESSEL, NEW_NAMES, 0, NULL), 0, "names are folded");
	cr_expect_eq(ASK(&told, VESSEL, NEW_FLAGS, 7, NULL), 1, "back under the old flag after more than a week");
}

Test(links, a_nameless_party_s_phone_has_no_user)
{
	struct tw_event *event = shipment("C1", "2026-01-01T00:00:00Z", "...");
	tell(&world, event);
	event = shipment("C2", "2026-01-02T00:00:00Z", "Marble Bay");
	struct told told = tell(&world, event);
	cr_expect_eq(ASK(&told, PHONE, USERS, 0, &party_of(event, 1)->phone), 0, "not the shipper, who stands before it");
}

Test(links, an_amendment_adds_links_and_a_cancellation_none)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay"));
	struct tw_event *event = shipment("C1", "2026-01-02T00:00:00Z", "Granite Bay");
	event->type = TW_CONSIGNMENT_AMENDED;
	tell(&world, event);
	event = shipment("C1", "2026-01-03T00:00:00Z", "Slate Bay");
	event->type = TW_CONSIGNMENT_CANCELLED;
	tell(&world, event);
	struct told told = tell(&world, shipment("C2", "2026-01-04T00:00:00Z", "Basalt Bay"));
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, party_of(told.event, 0)), 2);
}

Test(links, of_each_kind_the_latest_are_kept_and_what_is_gone_is_not_called_new)
{
	for (uint32_t i = 0; i < TW_LINKS_MAX + 6; i++) {
		const char *name = tw_arena_format(&world.arena, "Receiver Number %u", i).ptr;
		const char *time = tw_arena_format(&world.arena, "2026-0%u-%02uT00:00:00Z", 1 + i / 28, 1 + i % 28).ptr;
		tell(&world, shipment(name, time, name));
	}
	struct told told = tell(&world, shipment("again", "2026-03-20T00:00:00Z", "Receiver Number 0"));
	const struct tw_party *shipper = party_of(told.event, 0);
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, shipper), TW_LINKS_MAX);
	cr_expect_eq(ASK(&told, PARTY, NEW_CONSIGNEES, 0, shipper), 0, "it may have been there ever");
	cr_expect_eq(ASK(&told, PARTY, NEW_CONSIGNEES, 30, shipper), 1, "but not in thirty days: what is gone is older than what stays");
	cr_expect_eq(ASK(&told, PARTY, NEW_ROUTES, 0, shipper), 0, "the other kinds are untouched");
	told = tell(&world, shipment("once more", "2026-03-21T00:00:00Z", "Receiver Number 0"));
	cr_expect_eq(ASK(&told, PARTY, CONSIGNEES, 0, party_of(told.event, 0)), TW_LINKS_MAX - 1);
}

Test(links, arms_headings_stay_with_a_consignment_and_its_box_when_later_statements_drop_them)
{
	struct tw_event *event = shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay");
	((struct tw_item *)event->consignment.items.data)->hs = text("9306.30");
	tell(&world, event);
	event = shipment("C1", "2026-01-05T00:00:00Z", "Marble Bay");
	event->type = TW_CONSIGNMENT_AMENDED;
	struct told amended = tell(&world, event);
	cr_expect_eq(ASK(&amended, CONSIGNMENT, ARMS_HEADINGS, 0, NULL), 1);
	cr_expect_eq(ASK(&amended, CONSIGNMENT, NEW_ARMS_HEADINGS, 0, NULL), 0);
	event = shipment("C2", "2026-01-20T00:00:00Z", "Marble Bay");
	((struct tw_item *)event->consignment.items.data)->hs = text("930200");
	struct told told = tell(&world, event);
	cr_expect_eq(ASK(&told, CONTAINER, ARMS_HEADINGS, 30, first_container(&told)), 1, "9306 of another consignment, not its own 9302");
	cr_expect_eq(ASK(&told, CONTAINER, ARMS_HEADINGS, 10, first_container(&told)), 0, "longer ago");
	cr_expect_eq(ASK(&told, CONTAINER, NEW_ARMS_HEADINGS, 0, first_container(&told)), 1);
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_CONTAINER, TW_METRIC_ARMS_HEADINGS, 0, first_container(&told));
	cr_assert_eq(answer.related_count, 1);
	cr_expect(tw_slice_is(answer.related[0], "C1"));
}

Test(links, pumps_air_guns_and_blades_are_no_firearms)
{
	static const char *const codes[] = {"841370", "930400", "930700", "93"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct tw_event *event = shipment("C1", "2026-01-01T00:00:00Z", "Marble Bay");
		((struct tw_item *)event->consignment.items.data)->hs = text(codes[i]);
		tell(&world, event);
	}
	struct told told = tell(&world, shipment("C2", "2026-01-20T00:00:00Z", "Marble Bay"));
	cr_expect_eq(ASK(&told, CONTAINER, ARMS_HEADINGS, 0, first_container(&told)), 0);
}
