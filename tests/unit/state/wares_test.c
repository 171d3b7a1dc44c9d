/**
 * @file wares_test.c
 * What earlier light consignments to a receiver, or to one linked with it, were said to hold.
 */
#include "engine/state/wares.h"

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

TestSuite(wares, .init = start, .fini = stop);

static struct tw_event *parcel(const char *id, const char *time, const char *receiver, const char *goods, int64_t kg)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	party_add(&world.arena, &event->consignment.parties, "Quill & Sons", "XA")->role = (struct tw_choice){TW_ROLE_CONSIGNOR, {1, 2}};
	struct tw_party *party = party_add(&world.arena, &event->consignment.parties, receiver, "XB");
	party->role = (struct tw_choice){TW_ROLE_CONSIGNEE, {1, 2}};
	party->phone = text("020 7946 0018");
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	item->description = text(goods);
	item->gross_kg = amount(kg);
	return event;
}

static const struct tw_party *receiver_of(const struct told *told)
{
	return (const struct tw_party *)told->event->consignment.parties.data + 1;
}

static struct tw_history_answer of_receiver(const struct told *told, uint32_t days)
{
	return told_answer(&world, told, TW_ENTITY_PARTY, TW_METRIC_WARES, days, receiver_of(told));
}

Test(wares, are_there_latest_first_within_the_window)
{
	tell(&world, parcel("C1", "2026-01-01T00:00:00Z", "J. Sample", "Pistol frames", 2));
	tell(&world, parcel("C2", "2026-01-20T00:00:00Z", "J. Sample", "Pistol slides", 2));
	struct told told = tell(&world, parcel("C3", "2026-01-25T00:00:00Z", "J. Sample", "Springs", 1));
	struct tw_history_answer answer = of_receiver(&told, 0);
	cr_assert(answer.stated && answer.value == 2 && answer.earlier_count == 2);
	cr_expect(tw_slice_is(answer.earlier[0].consignment, "C2") && tw_slice_is(answer.earlier[0].goods, "Pistol slides"));
	cr_expect(tw_slice_is(answer.earlier[1].goods, "Pistol frames"));
	cr_expect_eq(of_receiver(&told, 10).value, 1);
	cr_expect_not(told_answer(&world, &told, TW_ENTITY_PARTY, TW_METRIC_WARES, 0, told.event->consignment.parties.data).value,
	              "the sender receives nothing");
}

Test(wares, follow_a_shared_phone)
{
	tell(&world, parcel("C1", "2026-01-01T00:00:00Z", "A. Sample", "Pistol frames", 2));
	struct told told = tell(&world, parcel("C2", "2026-01-02T00:00:00Z", "B. Sample", "Pistol slides", 2));
	cr_expect_not(of_receiver(&told, 0).stated);
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_PHONE, TW_METRIC_WARES, 30, &receiver_of(&told)->phone);
	cr_assert_eq(answer.earlier_count, 1);
	cr_expect(tw_slice_is(answer.earlier[0].consignment, "C1"));
}

Test(wares, say_on_which_component_a_mark_is)
{
	struct tw_event *event = parcel("C1", "2026-01-01T00:00:00Z", "J. Sample", "Metal goods", 2);
	struct tw_list *marks = &((struct tw_item *)event->consignment.items.data)->markings;
	marking_add(&world.arena, marks, "", "P1")->component = text("slide");
	marking_add(&world.arena, marks, "", "P2")->component = text("slide");
	marking_add(&world.arena, marks, "", "P3");
	marking_add(&world.arena, marks, "", "P4")->component = text("barrel");
	tell(&world, event);
	struct told told = tell(&world, parcel("C2", "2026-01-25T00:00:00Z", "J. Sample", "Springs", 1));
	struct tw_history_answer answer = of_receiver(&told, 0);
	cr_assert_eq(answer.earlier_count, 1);
	cr_expect(tw_slice_is(answer.earlier[0].goods, "Metal goods | marked slide | marked barrel"));
}

Test(wares, of_a_heavy_consignment_are_not_kept)
{
	tell(&world, parcel("C1", "2026-01-01T00:00:00Z", "J. Sample", "Pistol frames", TW_WARES_KG_MAX + 1));
	tell(&world, parcel("C2", "2026-01-01T00:00:00Z", "J. Sample", "Pistol frames", TW_WARES_KG_MAX));
	struct told told = tell(&world, parcel("C3", "2026-01-02T00:00:00Z", "J. Sample", "Slides", 2));
	cr_expect_eq(of_receiver(&told, 0).value, 1);
}

Test(wares, a_consignment_s_own_are_no_earlier_ones_and_an_amendment_takes_their_place)
{
	tell(&world, parcel("C1", "2026-01-01T00:00:00Z", "J. Sample", "Pistol frames", 2));
	struct tw_event *event = parcel("C1", "2026-01-02T00:00:00Z", "J. Sample", "Toys", 2);
	event->type = TW_CONSIGNMENT_AMENDED;
	struct told told = tell(&world, event);
	cr_expect_eq(of_receiver(&told, 0).value, 0);
	told = tell(&world, parcel("C2", "2026-01-03T00:00:00Z", "J. Sample", "Springs", 2));
	struct tw_history_answer answer = of_receiver(&told, 0);
	cr_assert_eq(answer.earlier_count, 1);
	cr_expect(tw_slice_is(answer.earlier[0].goods, "Toys"));
}

Test(wares, are_cut_between_characters)
{
	char many[400];
	memset(many, 'a', sizeof(many));
	memcpy(many + TW_WARES_BYTES_MAX - 1, "\xC3\xA9", 2);
	many[sizeof(many) - 1] = '\0';
	struct tw_event *event = parcel("C1", "2026-01-01T00:00:00Z", "J. Sample", many, 2);
	item_add(&world.arena, event, 2, 1, "C62")->description = text("never reached");
	tell(&world, event);
	event = parcel("C2", "2026-01-02T00:00:00Z", "J. Sample", "One", 2);
	item_add(&world.arena, event, 2, 1, "C62");
	item_add(&world.arena, event, 3, 1, "C62")->description = text("two");
	tell(&world, event);
	struct told told = tell(&world, parcel("C3", "2026-01-03T00:00:00Z", "J. Sample", "Springs", 2));
	struct tw_history_answer answer = of_receiver(&told, 0);
	cr_assert_eq(answer.earlier_count, 2);
	cr_expect(tw_slice_is(answer.earlier[0].goods, "One | two"));
	cr_expect_eq(answer.earlier[1].goods.len, TW_WARES_BYTES_MAX - 1);
}

Test(wares, the_latest_are_kept)
{
	for (uint32_t i = 0; i < TW_WARES_MAX + 5; i++) {
		const char *id = tw_arena_format(&world.arena, "C%u", i).ptr;
		tell(&world, parcel(id, tw_arena_format(&world.arena, "2026-01-%02uT%02u:00:00Z", 1 + i / 2, i % 2).ptr, "J. Sample", id, 2));
	}
	struct told told = tell(&world, parcel("now", "2026-02-01T00:00:00Z", "J. Sample", "Springs", 2));
	struct tw_history_answer answer = of_receiver(&told, 0);
	cr_assert_eq(answer.earlier_count, TW_WARES_MAX);
	cr_expect(tw_slice_is(answer.earlier[0].goods, "C36"));
	cr_expect(tw_slice_is(answer.earlier[TW_WARES_MAX - 1].goods, "C5"));
}

Test(wares, bytes_that_do_not_fit_are_no_goods)
{
	struct tw_earlier out;
	struct tw_element element = {.key = {"W12345678", 9},
	                             .bytes = {"\x05"
	                                       "ab",
	                                       3}};
	cr_expect_not(tw_wares_read(&element, &out));
	element.bytes = (struct tw_slice){"\x02"
	                                  "abcd",
	                                  5};
	cr_assert(tw_wares_read(&element, &out));
	cr_expect(tw_slice_is(out.consignment, "ab") && tw_slice_is(out.goods, "cd"));
	element.key = (struct tw_slice){"G12345678", 9};
	cr_expect_not(tw_wares_read(&element, &out));
}
