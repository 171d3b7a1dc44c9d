/**
 * @file receipts_test.c
 * Controlled goods of a receiver, and receivers of a consignment, whatever came first.
 */
#include "engine/state/receipts.h"

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

TestSuite(receipts, .init = start, .fini = stop);

static struct tw_event *shipment(const char *id, const char *consignment, const char *time, int64_t revision, const char *receiver, const char *hs)
{
	struct tw_event *event = manifest_new(&world.arena, revision > 1 ? TW_CONSIGNMENT_AMENDED : TW_CONSIGNMENT_DECLARED, id, time, consignment);
	event->consignment.revision = (struct tw_count){revision, {1, 2}};
	party_add(&world.arena, &event->consignment.parties, receiver, "XB")->role = (struct tw_choice){TW_ROLE_CONSIGNEE, {1, 2}};
	item_add(&world.arena, event, 1, 100, "C62")->hs = text(hs);
	return event;
}

static struct tw_history_answer received(const struct told *told, uint32_t days)
{
	return told_answer(&world, told, TW_ENTITY_PARTY, TW_METRIC_RECEIVED, days, told->event->consignment.parties.data);
}

static struct tw_history_answer changed(const struct told *told)
{
	return told_answer(&world, told, TW_ENTITY_CONSIGNMENT, TW_METRIC_RECEIVER_CHANGED, 0, NULL);
}

Test(receipts, are_of_controlled_goods_alone_and_within_the_window)
{
	tell(&world, shipment("e1", "C1", "2026-01-01T00:00:00Z", 1, "Sample Guard", "930190"));
	tell(&world, shipment("e2", "C2", "2026-01-20T00:00:00Z", 1, "Sample Guard", "847130"));
	tell(&world, shipment("e3", "C3", "2026-01-21T00:00:00Z", 1, "Sample Guard", "930630"));
	struct told told = tell(&world, shipment("e4", "C4", "2026-01-25T00:00:00Z", 1, "Sample Guard", "930190"));
	struct tw_history_answer answer = received(&told, 0);
	cr_assert(answer.stated && answer.value == 2 && answer.received_count == 2);
	cr_expect(tw_slice_is(answer.received[0].hs, "930190") && answer.received[0].quantity_e4 == 1000000);
	cr_expect_eq(received(&told, 10).value, 1);
}

Test(receipts, an_amendment_takes_the_place_of_what_was_declared)
{
	tell(&world, shipment("e1", "C1", "2026-01-01T00:00:00Z", 1, "Sample Guard", "930190"));
	tell(&world, shipment("e2", "C1", "2026-01-02T00:00:00Z", 2, "Sample Guard", "930200"));
	struct told told = tell(&world, shipment("e3", "C2", "2026-01-25T00:00:00Z", 1, "Sample Guard", "930190"));
	struct tw_history_answer answer = received(&told, 0);
	cr_assert_eq(answer.received_count, 1);
	cr_expect(tw_slice_is(answer.received[0].hs, "930200"));
}

Test(receipts, a_record_keeps_the_latest_of_them)
{
	char id[16];
	for (uint32_t i = 0; i < TW_RECEIVED_MAX + 9; i++) {
		snprintf(id, sizeof(id), "C%u", i);
		tell(&world, shipment(tw_arena_copy(&world.arena, tw_slice_str(id)).ptr, tw_arena_copy(&world.arena, tw_slice_str(id)).ptr,
		                      "2026-01-01T00:00:00Z", 1, "Sample Guard", "930190"));
	}
	struct told told = tell(&world, shipment("last", "last", "2026-01-25T00:00:00Z", 1, "Sample Guard", "930190"));
	cr_expect_eq(received(&told, 0).value, TW_RECEIVED_MAX);
}

Test(receipts, a_receiver_who_comes_after_departure_is_told_by_whichever_event_is_last)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	for (size_t k = 0; k < sizeof(orders) / sizeof(orders[0]); k++) {
		char id[16];
		snprintf(id, sizeof(id), "C%zu", k);
		const char *name = tw_arena_copy(&world.arena, tw_slice_str(id)).ptr;
		struct tw_event *events[] = {shipment("a", name, "2026-01-01T00:00:00Z", 1, "Sample Guard", "930190"),
		                             manifest_new(&world.arena, TW_CONSIGNMENT_DEPARTED, "b", "2026-01-05T00:00:00Z", name),
		                             shipment("c", name, "2026-01-09T00:00:00Z", 2, "Brightwater Trading", "930190")};
		struct tw_history_answer answer = {.stated = false};
		for (size_t i = 0; i < 3; i++) {
			cr_expect_not(answer.stated, "order %zu: told before all is there", k);
			struct told told = tell(&world, events[orders[k][i]]);
			answer = changed(&told);
		}
		cr_assert(answer.stated, "order %zu", k);
		cr_expect_eq(answer.value, TW_ROLE_CONSIGNEE);
		cr_expect(tw_slice_is(answer.drawn[0].name, "Brightwater Trading") && tw_slice_is(answer.named[0].name, "Sample Guard"));
	}
}

Test(receipts, one_of_the_same_key_is_no_other)
{
	tell(&world, shipment("a", "C1", "2026-01-01T00:00:00Z", 1, "Sample Guard", "930190"));
	tell(&world, manifest_new(&world.arena, TW_CONSIGNMENT_DEPARTED, "b", "2026-01-05T00:00:00Z", "C1"));
	struct told told = tell(&world, shipment("c", "C1", "2026-01-09T00:00:00Z", 2, "SAMPLE GUARD", "930190"));
	cr_expect_not(changed(&told).stated);
}
