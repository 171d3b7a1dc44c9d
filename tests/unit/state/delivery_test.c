/**
 * @file delivery_test.c
 * Arrivals and verifications find their certificate in every order, and a certificate that many draw on says when it holds no more.
 */
#include "engine/state/delivery.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/state/facts.h"
#include "engine/state/record.h"
#include "tests/unit/state/told.h"

#define STEPS 6

static struct told_world world;

static void start(void)
{
	told_start(&world);
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(delivery, .init = start, .fini = stop);

/* Reads the event and hands its facts on at once. */
static struct told tell_all(const struct tw_event *event)
{
	struct told told = tell(&world, event);
	struct tw_event *facts = NULL;
	uint32_t count = 0;
	cr_assert_eq(tw_facts_of(event, told.stored.operations, told.stored.priors, &world.arena, &facts, &count, NULL), TW_OK);
	for (uint32_t i = 0; i < count; i++) {
		tell(&world, &facts[i]);
	}
	return told;
}

static void forget(void)
{
	tw_store_free(world.store);
	cr_assert_eq(tw_store_memory_new(&world.store, NULL), TW_OK);
	world.next_offset = 0;
}

static struct tw_event *certificate(const char *time)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, "c-1", time, "QZ", "1");
	static const struct tw_span made = {0, 1};
	certificate_item_add(&world.arena, event, 1, 500, "C62");
	event->certificate.final_destination = text("QZ");
	event->certificate.assurances.delivery_verification.value = 1;
	event->certificate.assurances.delivery_verification.span = made;
	event->certificate.assurances.verify_within_days = number(90);
	return event;
}

static struct tw_event *shipment(const char *consignment, int64_t revision, const char *time, const char *on)
{
	const char *id = tw_arena_format(&world.arena, "%s-%lld", consignment, (long long)revision).ptr;
	struct tw_event *event = manifest_new(&world.arena, revision > 1 ? TW_CONSIGNMENT_AMENDED : TW_CONSIGNMENT_DECLARED, id, time, consignment);
	event->consignment.revision = number(revision);
	leg_add(&world.arena, event, TW_LEG_DISCHARGE, "QZ")->arrival = day_of("2026-02-10");
	ref_add(&world.arena, item_add(&world.arena, event, 1, 100, "C62"), "QZ", on, 1);
	return event;
}

static struct tw_event *arrival(const char *id, const char *time, const char *office)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_ARRIVED, id, time, "C1");
	event->consignment.office = text(office);
	return event;
}

static struct tw_event *verification(const char *id, const char *time, int64_t quantity)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_VERIFIED, id, time, "QZ", "1");
	event->certificate.consignment = text("C1");
	certificate_item_add(&world.arena, event, 1, quantity, NULL);
	return event;
}

static int64_t asked(const char *time, enum tw_metric metric)
{
	struct told told = tell(&world, certificate_new(&world.arena, TW_CERTIFICATE_AUTHENTICATED, "a-1", time, "QZ", "1"));
	return told_ask(&world, &told, TW_ENTITY_CERTIFICATE, metric, 0, NULL);
}

static struct tw_slice record_of(struct tw_store *store, enum tw_entity_kind kind, const char *key)
{
	struct tw_slice bytes = {NULL, 0};
	cr_assert_eq(tw_store_read(store, kind, tw_slice_str(key), &world.arena, &bytes, NULL), TW_OK);
	return bytes;
}

Test(delivery, is_due_from_the_arrival_at_the_final_destination)
{
	tell_all(certificate("2026-01-10T08:00:00Z"));
	tell_all(shipment("C1", 1, "2026-02-01T08:00:00Z", "1"));
	cr_expect_eq(asked("2026-02-09T08:00:00Z", TW_METRIC_DELIVERIES_AWAITED), 0, "it is not expected yet");
	cr_expect_eq(asked("2026-02-10T08:00:00Z", TW_METRIC_DELIVERIES_AWAITED), 1);
	cr_expect_eq(asked("2026-05-11T23:59:59Z", TW_METRIC_DELIVERIES_OVERDUE), 0, "ninety days are not over");
	cr_expect_eq(asked("2026-05-12T00:00:00Z", TW_METRIC_DELIVERIES_OVERDUE), 1);
	tell_all(arrival("a-2", "2026-02-20T08:00:00Z", "QZPRT"));
	cr_expect_eq(asked("2026-05-12T00:00:00Z", TW_METRIC_DELIVERIES_OVERDUE), 0, "it came ten days late");
	cr_expect_eq(asked("2026-05-25T00:00:00Z", TW_METRIC_DELIVERY_DAYS_OVER), 4);
	tell_all(arrival("a-3", "2026-03-20T08:00:00Z", "XCPRT"));
	cr_expect_eq(asked("2026-05-25T00:00:00Z", TW_METRIC_DELIVERY_DAYS_OVER), 14, "an arrival elsewhere is none: the route's day counts");
	tell_all(verification("v-1", "2026-04-01T08:00:00Z", 100));
	cr_expect_eq(asked("2026-05-25T00:00:00Z", TW_METRIC_DELIVERIES_AWAITED), 0);
}

Test(delivery, asks_nothing_of_a_certificate_that_promises_nothing)
{
	struct tw_event *event = certificate("2026-01-10T08:00:00Z");
	event->certificate.assurances = (struct tw_assurances){.no_reexport.value = 1};
	tell_all(event);
	tell_all(shipment("C1", 1, "2026-02-01T08:00:00Z", "1"));
	cr_expect_eq(asked("2027-05-12T00:00:00Z", TW_METRIC_DELIVERIES_AWAITED), NOT_STATED);
	cr_expect_eq(asked("2027-05-12T00:00:00Z", TW_METRIC_DELIVERIES_OVERDUE), NOT_STATED);
}

Test(delivery, an_amended_certificate_takes_its_promise_back)
{
	struct tw_event *event = certificate("2026-03-10T08:00:00Z");
	event->type = TW_CERTIFICATE_AMENDED;
	event->certificate.revision = number(2);
	event->certificate.assurances.verify_within_days = number(300);
	tell_all(event);
	tell_all(certificate("2026-01-10T08:00:00Z"));
	tell_all(shipment("C1", 1, "2026-02-01T08:00:00Z", "1"));
	cr_expect_eq(asked("2026-06-12T00:00:00Z", TW_METRIC_DELIVERIES_OVERDUE), 0);
	cr_expect_eq(asked("2027-06-12T00:00:00Z", TW_METRIC_DELIVERIES_OVERDUE), 1);
}

/* Two revisions on different certificates, two arrivals, two verifications, dealt in the order that the digits of `turn` say. */
static void deal(uint32_t turn)
{
	const struct tw_event *events[STEPS] = {shipment("C1", 1, "2026-02-01T08:00:00Z", "1"),   shipment("C1", 2, "2026-02-02T08:00:00Z", "2"),
	                                        arrival("a-1", "2026-02-12T08:00:00Z", "QZPRT"),  arrival("a-2", "2026-02-20T08:00:00Z", "QZPRT"),
	                                        verification("v-1", "2026-03-01T08:00:00Z", 100), verification("v-2", "2026-03-02T08:00:00Z", 60)};
	for (uint32_t left = STEPS; left; left--) {
		uint32_t at = turn % left;
		turn /= left;
		tell_all(events[at]);
		memmove(&events[at], &events[at + 1], (left - at - 1) * sizeof(*events));
	}
}

Test(delivery, every_order_of_arrivals_and_verifications_ends_in_the_same_records)
{
	static const char *const keys[] = {"QZ|1", "QZ|2", "C1"};
	static const enum tw_entity_kind kinds[] = {TW_ENTITY_CERTIFICATE, TW_ENTITY_CERTIFICATE, TW_ENTITY_CONSIGNMENT};
	struct tw_slice first[3];
	for (uint32_t turn = 0; turn < 720; turn++) {
		deal(turn);
		for (uint32_t i = 0; i < 3; i++) {
			struct tw_slice bytes = record_of(world.store, kinds[i], keys[i]);
			first[i] = turn ? first[i] : tw_arena_copy(&world.arena, bytes);
			cr_assert(bytes.len > 20 && tw_slice_equal(bytes, first[i]), "%s, order %u", keys[i], turn);
		}
		forget();
	}
}

/* As the manifest of 100 that comes last is asked, and as the verification of 60 is. */
Test(delivery, whichever_comes_second_sees_what_is_missing)
{
	struct told told = tell_all(shipment("C1", 1, "2026-02-01T08:00:00Z", "1"));
	told = tell_all(verification("v-1", "2026-03-01T08:00:00Z", 60));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERY_SHORT, 0, NULL), 400000);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERY_OVER, 0, NULL), 0);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERY_CANCELLED, 0, NULL), 0);
	struct tw_event *amended = shipment("C1", 2, "2026-02-02T08:00:00Z", "1");
	struct tw_item *item = amended->consignment.items.data;
	item->quantity = amount(50);
	told = tell_all(amended);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERY_OVER, 0, item->certificates.data), 100000);
	told = tell_all(verification("v-0", "2026-02-28T08:00:00Z", 90));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERY_OVER, 0, NULL), 100000, "an older verification says nothing");
}

/* Three events in the order of `turn`. @return whether one of them saw that what was cancelled was delivered */
static bool seen_cancelled(uint32_t turn)
{
	const struct tw_event *events[] = {shipment("C1", 1, "2026-02-01T08:00:00Z", "1"),
	                                   manifest_new(&world.arena, TW_CONSIGNMENT_CANCELLED, "x-1", "2026-02-05T08:00:00Z", "C1"),
	                                   verification("v-1", "2026-03-01T08:00:00Z", 100)};
	bool seen = false;
	for (uint32_t left = 3; left; left--) {
		uint32_t at = turn % left;
		turn /= left;
		struct told told = tell_all(events[at]);
		enum tw_entity_kind self = events[at]->family == TW_FAMILY_CERTIFICATE ? TW_ENTITY_CERTIFICATE : TW_ENTITY_CONSIGNMENT;
		seen |= told_ask(&world, &told, self, TW_METRIC_DELIVERY_CANCELLED, 0, NULL) == 1;
		memmove(&events[at], &events[at + 1], (left - at - 1) * sizeof(*events));
	}
	forget();
	return seen;
}

Test(delivery, what_was_cancelled_and_delivered_is_seen_in_every_order)
{
	for (uint32_t turn = 0; turn < 6; turn++) {
		cr_expect(seen_cancelled(turn), "order %u", turn);
	}
}

/* A first delivery, never verified, and a second consignment half a year later: whichever of the papers is last sees it. */
Test(delivery, overdue_is_seen_by_whichever_paper_comes_last)
{
	for (uint32_t turn = 0; turn < 6; turn++) {
		const struct tw_event *events[] = {certificate("2026-01-10T08:00:00Z"), shipment("C1", 1, "2026-02-01T08:00:00Z", "1"),
		                                   shipment("C2", 1, "2026-07-01T08:00:00Z", "1")};
		int64_t overdue = 0;
		for (uint32_t left = 3, rest = turn; left; left--) {
			uint32_t at = rest % left;
			rest /= left;
			struct told told = tell_all(events[at]);
			const struct tw_item *item = events[at]->consignment.items.data;
			overdue =
			    told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_OVERDUE, 0, item ? item->certificates.data : NULL);
			memmove(&events[at], &events[at + 1], (left - at - 1) * sizeof(*events));
		}
		cr_expect_eq(overdue, 2, "order %u: C2's route expects it in February too", turn);
		forget();
	}
}

static struct tw_slice many(uint32_t from, uint32_t step)
{
	for (uint32_t i = 0; i < TW_DRAWS_MAX + 30; i++) {
		uint32_t turn = (from + i * step) % (TW_DRAWS_MAX + 30);
		struct tw_event *event = shipment(tw_arena_format(&world.arena, "M%u", turn).ptr, 1, "2026-02-01T08:00:00Z", "9");
		event->time.ms += turn;
		tell_all(event);
	}
	return record_of(world.store, TW_ENTITY_CERTIFICATE, "QZ|9");
}

static int64_t limit_of(const struct told *told)
{
	const struct tw_item *item = told->event->consignment.items.data;
	return told_ask(&world, told, TW_ENTITY_CERTIFICATE, TW_METRIC_AT_LIMIT, 0, item->certificates.data);
}

Test(delivery, a_certificate_that_holds_no_more_says_so_and_keeps_the_latest_in_any_order)
{
	struct told told = tell_all(shipment("M0", 1, "2026-02-01T08:00:00Z", "9"));
	told = tell_all(shipment("M1", 1, "2026-02-01T08:00:00Z", "9"));
	cr_expect_eq(limit_of(&told), 0);
	forget();
	struct tw_slice up = many(0, 1);
	struct tw_state state;
	cr_assert_eq(tw_packed_read(up, &world.arena, &state), TW_OK);
	uint32_t draws = 0;
	for (uint32_t i = 0; i < state.element_count; i++) {
		draws += tw_element_is(&state.elements[i], TW_ELEMENT_DRAW);
	}
	cr_expect_eq(draws, TW_DRAWS_MAX);
	cr_expect_lt(up.len, 32U * 1024U);
	told = tell_all(shipment("N", 1, "2026-02-01T09:00:00Z", "9"));
	cr_expect_eq(limit_of(&told), 1);
	forget();
	cr_expect(tw_slice_equal(many(11, 7), up), "286 and 7 have no divisor: each once, in another order");
}

Test(delivery, a_flood_of_lesser_news_does_not_wash_out_a_revocation)
{
	tell_all(certificate_new(&world.arena, TW_CERTIFICATE_REVOKED, "r-1", "2026-01-11T08:00:00Z", "QZ", "1"));
	for (uint32_t i = 0; i < TW_DRAWS_MAX + 30; i++) {
		struct tw_event *event = verification(tw_arena_format(&world.arena, "v-%u", i).ptr, "2026-02-01T08:00:00Z", 60);
		event->time.ms += i;
		tell_all(event);
	}
	cr_expect_eq(asked("2026-06-01T00:00:00Z", TW_METRIC_STATUS), TW_CERTIFICATE_STATUS_REVOKED);
	cr_expect_eq(asked("2026-06-01T00:00:00Z", TW_METRIC_AT_LIMIT), 1);
}

Test(delivery, other_bytes_end_quietly)
{
	struct tw_verified verified;
	struct tw_assured assured;
	struct tw_arrival arrived;
	struct tw_element element = {tw_slice_str("Vx"), {0, 0, 0}, tw_slice_str("\x01\xff")};
	cr_expect_not(tw_verified_read(&element, &verified));
	element.key = tw_slice_str("U");
	cr_expect_not(tw_assured_read(&element, &assured));
	element = (struct tw_element){tw_slice_str("Yx"), {0, 0, 0}, {"", 0}};
	cr_expect_not(tw_arrival_read(&element, &arrived));
	element.key = (struct tw_slice){"", 0};
	cr_expect_not(tw_verified_read(&element, &verified));
	cr_expect_not(tw_assured_read(&element, &assured));
}
