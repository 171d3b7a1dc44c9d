/**
 * @file due_test.c
 * Deliveries fall due once, by time alone, whatever came first; and count against whoever was to see them verified.
 */
#include "engine/state/due.h"

#include <criterion/criterion.h>

#include "engine/base/time.h"
#include "engine/event/keys.h"
#include "engine/state/delivery.h"
#include "engine/state/facts.h"
#include "engine/state/question.h"
#include "engine/state/record.h"
#include "tests/unit/state/told.h"

static struct told_world world;
static struct tw_time_policy policy;
static uint32_t fallen;      /* deliveries that time told of */
static uint32_t unconfirmed; /* certificates that time told of as unconfirmed */
static const struct tw_span made = {0, 1};

static void start(void)
{
	told_start(&world);
	policy = (struct tw_time_policy){.idle_days = 4000};
	fallen = unconfirmed = 0;
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(due, .init = start, .fini = stop);

static void push_all(struct tw_list *to, const struct tw_event *facts, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		*(struct tw_event *)tw_list_push(&world.arena, to, sizeof(*facts)) = facts[i];
	}
}

/* Reads the event and all that follows; deliveries that fall due are counted as a rule would see them. */
static struct told tell_all(const struct tw_event *event, bool ticks)
{
	struct tw_list queue = {NULL, 0, 0};
	struct told first = {.event = NULL};
	push_all(&queue, event, 1);
	for (uint32_t i = 0; i < queue.count; i++) {
		struct tw_event *own = tw_arena_alloc(&world.arena, sizeof(*own));
		*own = ((struct tw_event *)queue.data)[i];
		tw_due_turn(own);
		struct told told = tell(&world, i ? own : event);
		struct tw_event *others = NULL;
		struct tw_list facts = {NULL, 0, 0};
		uint32_t count = 0;
		cr_assert(i || !ticks || tw_time_tell(event, &world.arena, &facts));
		cr_assert_eq(tw_facts_of(told.event, told.stored.operations, told.stored.priors, &world.arena, &others, &count, NULL), TW_OK);
		push_all(&facts, others, count);
		cr_assert(tw_due_facts(&policy, told.event, told.stored.operations, told.stored.priors, &world.arena, &facts));
		push_all(&queue, facts.data, facts.count);
		if (told.event->type == TW_CERTIFICATE_DELIVERY_DUE) {
			int64_t due = told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_FALLEN_DUE, 0, NULL);
			fallen += due == NOT_STATED ? 0 : (uint32_t)due;
		}
		if (told.event->type == TW_CERTIFICATE_CONFIRMATION_DUE) {
			unconfirmed += told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_UNCONFIRMED_DAYS, 0, NULL) > 0;
		}
		first = i ? first : told;
	}
	return first;
}

static struct tw_event *terms(const char *number_text, int64_t revision, int64_t within)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, "c-1", "2026-01-10T08:00:00Z", "QZ", number_text);
	event->certificate.revision = number(revision);
	certificate_item_add(&world.arena, event, 1, 500, "C62");
	event->certificate.final_destination = text("QZ");
	event->certificate.assurances.verify_within_days = number(within);
	party_add(&world.arena, &event->certificate.parties, "Sample Guard", "QZ")->role = (struct tw_choice){TW_ROLE_END_USER, made};
	party_add(&world.arena, &event->certificate.parties, "Samplearms", "XA")->role = (struct tw_choice){TW_ROLE_EXPORTER, made};
	party_add(&world.arena, &event->certificate.parties, "Sample Broker", "XA")->role = (struct tw_choice){TW_ROLE_BROKER, made};
	return event;
}

static struct tw_event *shipment(const char *consignment, const char *time, const char *arrival, const char *certificate)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, "s-1", time, consignment);
	if (arrival) {
		leg_add(&world.arena, event, TW_LEG_DISCHARGE, "QZ")->arrival = day_of(arrival);
	}
	ref_add(&world.arena, item_add(&world.arena, event, 1, 100, "C62"), "QZ", certificate, 1);
	party_add(&world.arena, &event->consignment.parties, "Sample Guard", "QZ");
	return event;
}

static struct tw_event *arrival(const char *time)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_ARRIVED, "a-1", time, "C1");
	event->consignment.office = text("QZPRT");
	return event;
}

static struct tw_event *verification(const char *time, const char *consignment)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_VERIFIED, "v-1", time, "QZ", "1");
	event->certificate.consignment = consignment ? text(consignment) : (struct tw_text){"", 0, {0, 0}};
	return event;
}

static struct tw_event *tick(const char *time)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DEPARTED, "t", time, "C-TICK");
	event->source = text("port");
	event->origin = (struct tw_origin){tw_slice_str("tw.manifests"), 0, 0};
	return event;
}

static uint32_t unconfirmed_after(const char *time)
{
	uint32_t before = unconfirmed;
	tell_all(tick(time), true);
	return unconfirmed - before;
}

static uint32_t fallen_after(const char *time)
{
	uint32_t before = fallen;
	tell_all(tick(time), true);
	return fallen - before;
}

Test(due, a_delivery_falls_due_the_day_after_its_last_and_once)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	cr_expect_eq(fallen_after("2026-05-11T08:00:00Z"), 0);
	cr_expect_eq(fallen_after("2026-05-12T08:00:00Z"), 1);
	cr_expect_eq(fallen_after("2026-05-13T08:00:00Z"), 0);
	cr_expect_eq(fallen_after("2027-05-13T08:00:00Z"), 0);
}

Test(due, it_is_late_a_grace_after_its_time)
{
	policy.grace_days = 10;
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	cr_expect_eq(fallen_after("2026-05-21T08:00:00Z"), 0);
	cr_expect_eq(fallen_after("2026-05-22T08:00:00Z"), 1);
}

Test(due, a_leap_of_years_passes_every_day_once)
{
	tell_all(terms("1", 1, 90), false);
	cr_expect_eq(fallen_after("2026-01-10T08:00:00Z"), 0);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	tell_all(shipment("C2", "2026-02-01T08:00:00Z", "2029-02-10", "1"), false);
	cr_expect_eq(fallen_after("2033-05-12T08:00:00Z"), 2);
	cr_expect_eq(fallen_after("2034-05-12T08:00:00Z"), 0);
}

Test(due, papers_that_come_after_their_day_are_told_at_once)
{
	cr_expect_eq(fallen_after("2026-06-01T08:00:00Z"), 0);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	cr_expect_eq(fallen, 0, "nothing is promised yet");
	tell_all(terms("1", 1, 90), false);
	cr_expect_eq(fallen, 1);
	tell_all(shipment("C2", "2026-02-02T08:00:00Z", "2026-02-11", "1"), false);
	cr_expect_eq(fallen, 2, "the second, and not the first again");
}

Test(due, a_day_that_moved_is_told_when_the_new_one_has_passed)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	tell_all(arrival("2026-02-20T08:00:00Z"), false);
	cr_expect_eq(fallen_after("2026-05-12T08:00:00Z"), 0, "it arrived ten days later than the route expected");
	cr_expect_eq(fallen_after("2026-05-22T08:00:00Z"), 1);
	tell_all(terms("1", 2, 120), false);
	cr_expect_eq(fallen, 1);
	cr_expect_eq(fallen_after("2026-06-21T08:00:00Z"), 1, "the terms gave another month, and that has passed too");
}

/* What a party's record holds, as one text; and what it is asked at a time. */
static struct tw_slice record_of(const char *name, const char *country)
{
	struct tw_party party = {.name = text(name), .country = text(country)};
	struct tw_slice record;
	cr_assert_eq(tw_store_read(world.store, TW_ENTITY_PARTY, tw_key_party(&party, &world.arena), &world.arena, &record, NULL), TW_OK);
	cr_assert_gt(record.len, 0);
	return record;
}

static int64_t elsewhere(const char *time, const char *certificate)
{
	struct told told = tell(&world, shipment("C-NEW", time, NULL, certificate));
	return told_ask(&world, &told, TW_ENTITY_PARTY, TW_METRIC_OVERDUE_ELSEWHERE, 0, told.event->consignment.parties.data);
}

Test(due, deliveries_count_against_their_end_user_from_the_day_they_are_late_until_they_are_verified)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	cr_expect_eq(elsewhere("2026-05-11T23:00:00Z", "2"), 0);
	cr_expect_eq(elsewhere("2026-05-12T00:00:00Z", "2"), 1);
	cr_expect_eq(elsewhere("2026-05-12T00:00:00Z", "1"), 0, "under the same certificate it is no other");
	tell_all(verification("2026-06-01T08:00:00Z", "C1"), false);
	cr_expect_eq(elsewhere("2026-05-31T00:00:00Z", "2"), 1, "a paper of May knows no June");
	cr_expect_eq(elsewhere("2026-06-02T00:00:00Z", "2"), 0);
}

Test(due, terms_that_name_another_end_user_take_it_off_the_first_ones_record)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	struct tw_event *event = terms("1", 2, 90);
	((struct tw_party *)event->certificate.parties.data)[0].name = text("Other Guard");
	tell_all(event, false);
	cr_expect_eq(elsewhere("2026-06-01T00:00:00Z", "2"), 0);
}

/* Terms, a shipment, its arrival, its verification or cancellation, in an order: the same answers, and of what was verified the same bytes. */
#define STEPS 4
static struct tw_event *step(uint32_t number_of, bool cancelled)
{
	switch (number_of) {
	case 0:
		return terms("1", 1, 90);
	case 1:
		return shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1");
	case 2:
		return arrival("2026-02-20T08:00:00Z");
	default:
		return cancelled ? manifest_new(&world.arena, TW_CONSIGNMENT_CANCELLED, "x-1", "2026-02-05T08:00:00Z", "C1")
		                 : verification("2026-04-01T08:00:00Z", NULL);
	}
}

static void every_order(bool cancelled)
{
	struct tw_slice first = {NULL, 0};
	for (uint32_t order = 0; order < STEPS * STEPS * STEPS * STEPS; order++) {
		uint32_t steps[STEPS] = {order % 4, order / 4 % 4, order / 16 % 4, order / 64}, seen = 0;
		for (uint32_t i = 0; i < STEPS; i++) {
			seen |= 1U << steps[i];
		}
		if (seen != (1U << STEPS) - 1) {
			continue;
		}
		tw_store_free(world.store);
		cr_assert_eq(tw_store_memory_new(&world.store, NULL), TW_OK);
		world.next_offset = 0;
		for (uint32_t i = 0; i < STEPS; i++) {
			tell_all(step(steps[i], cancelled), false);
		}
		cr_expect_eq(elsewhere("2026-07-01T00:00:00Z", "2"), 0, "order %u", order);
		struct tw_slice record = record_of("Samplearms", "XA");
		first = first.ptr ? first : record;
		cr_expect(cancelled || tw_slice_equal(record, first), "order %u", order); /* an end is on record where its begin was */
		cr_expect_eq(fallen_after("2026-09-01T00:00:00Z"), 0, "order %u", order);
	}
	cr_assert(first.ptr);
}

Test(due, verified_deliveries_end_alike_in_every_order)
{
	every_order(false);
}

Test(due, cancelled_deliveries_end_alike_in_every_order)
{
	every_order(true);
}

Test(due, an_event_that_names_no_consignment_is_about_all_that_were_not_told)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	struct tw_event *reminder = certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_DUE, "r", "2026-05-12T00:00:00Z", "QZ", "1");
	struct told told = tell(&world, reminder);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_FALLEN_DUE, 0, NULL), 1);
	struct told paper = tell(&world, verification("2026-05-12T00:00:00Z", "C9"));
	cr_expect_eq(told_ask(&world, &paper, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_FALLEN_DUE, 0, NULL), NOT_STATED, "no event of time");
	reminder->certificate.consignment = text("C9");
	told = tell(&world, reminder);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_FALLEN_DUE, 0, NULL), 0, "of another consignment");
}

static struct tw_event *confirmation(const char *time)
{
	return certificate_new(&world.arena, TW_CERTIFICATE_AUTHENTICATED, "k-1", time, "QZ", "1");
}

Test(due, a_certificate_in_use_is_told_as_unconfirmed_once_its_time_has_passed)
{
	policy.confirm_days = 30;
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", NULL, "1"), false);
	cr_expect_eq(unconfirmed_after("2026-03-03T08:00:00Z"), 0, "the thirtieth day");
	cr_expect_eq(unconfirmed_after("2026-03-04T08:00:00Z"), 1);
	cr_expect_eq(unconfirmed_after("2026-06-04T08:00:00Z"), 0, "once");
	struct told told = tell_all(confirmation("2026-06-05T08:00:00Z"), false);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_CONFIRMATION_SETTLED, 0, NULL), 1);
	told = tell_all(confirmation("2026-06-06T08:00:00Z"), false);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_CONFIRMATION_SETTLED, 0, NULL), 0, "settled before");
}

Test(due, a_use_that_comes_when_its_time_has_passed_is_told_at_once)
{
	policy.confirm_days = 30;
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", NULL, "1"), false);
	cr_expect_eq(unconfirmed_after("2026-06-04T08:00:00Z"), 0, "nobody knows the certificate");
	tell_all(terms("1", 1, 90), false);
	cr_expect_eq(unconfirmed, 1);
}

Test(due, a_first_use_that_moves_is_told_of_its_own_day)
{
	policy.confirm_days = 30;
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C2", "2026-02-10T08:00:00Z", NULL, "1"), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", NULL, "1"), false);
	cr_expect_eq(unconfirmed_after("2026-03-04T08:00:00Z"), 1, "counted from the earlier one");
	cr_expect_eq(unconfirmed_after("2026-03-13T08:00:00Z"), 0);
}

Test(due, nobody_waits_for_what_came_or_for_a_certificate_that_is_void)
{
	policy.confirm_days = 30;
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", NULL, "1"), false);
	tell_all(confirmation("2026-03-02T08:00:00Z"), false);
	tell_all(terms("2", 1, 90), false);
	tell_all(shipment("C2", "2026-02-01T08:00:00Z", NULL, "2"), false);
	tell_all(certificate_new(&world.arena, TW_CERTIFICATE_REVOKED, "r-2", "2026-03-02T08:00:00Z", "QZ", "2"), false);
	policy.confirm_days = 0;
	tell_all(terms("3", 1, 90), false);
	tell_all(shipment("C3", "2026-02-01T08:00:00Z", NULL, "3"), false);
	cr_expect_eq(unconfirmed_after("2026-06-04T08:00:00Z"), 0);
}

Test(due, an_expected_confirmation_without_its_days_is_refused)
{
	struct tw_list facts = {NULL, 0, 0};
	struct tw_operations *operations = NULL;
	struct tw_error err;
	struct tw_event *fact = tw_fact_new(&world.arena, &facts, TW_FACT_CONFIRMATION_EXPECTED, 0);
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT);
	*(struct tw_text *)tw_list_push(&world.arena, &fact->fact.certificates, sizeof(struct tw_text)) = text("QZ|1");
	fact->fact.from = (struct tw_date){1, made};
	fact->fact.day = (struct tw_date){31, made};
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_OK);
	fact->fact.day.day = TW_TIME_DAY_MAX + 1;
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT);
}

Test(due, a_fact_becomes_the_event_that_it_is_judged_as)
{
	struct tw_list facts = {NULL, 0, 0};
	struct tw_event *fact = tw_fact_new(&world.arena, &facts, TW_FACT_DELIVERY_DUE, 0);
	tw_due_turn(fact);
	cr_expect_eq(fact->family, TW_FAMILY_FACT, "it names no certificate");
	*(struct tw_text *)tw_list_push(&world.arena, &fact->fact.certificates, sizeof(struct tw_text)) = text("QZ|1");
	tw_due_turn(fact);
	cr_expect_eq(fact->family, TW_FAMILY_CERTIFICATE);
	cr_expect_eq(fact->type, TW_CERTIFICATE_DELIVERY_DUE);
	cr_expect(tw_slice_is(tw_slice_of(fact->certificate.number), "1") && tw_slice_is(tw_slice_of(fact->certificate.issuer.country), "QZ"));
	cr_expect_not(tw_due_follows(fact->type));
	cr_expect(tw_due_follows(TW_FACT_DELIVERY_EXPECTED));
}

Test(due, a_fact_that_nobody_here_would_make_is_refused)
{
	struct tw_list facts = {NULL, 0, 0};
	struct tw_operations *operations = NULL;
	struct tw_error err;
	struct tw_event *fact = tw_fact_new(&world.arena, &facts, TW_FACT_DELIVERY_EXPECTED, 0);
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT, "no consignment");
	fact->fact.consignment = text("C1");
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT, "no certificate");
	*(struct tw_text *)tw_list_push(&world.arena, &fact->fact.certificates, sizeof(struct tw_text)) = text("QZ|1");
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT, "no version");
	cr_assert(tw_fact_version_put(&(struct tw_version){1, 0, 1}, &world.arena, &fact->fact.version));
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_OK);
	*(struct tw_fact_party *)tw_list_push(&world.arena, &fact->fact.parties, sizeof(struct tw_fact_party)) =
	    (struct tw_fact_party){.key = text("")};
	cr_expect_eq(tw_operations_of(fact, &world.arena, &operations, &err), TW_E_CORRUPT, "a party without a key");
}

Test(due, a_full_arena_refuses_wherever_it_is_full)
{
	tell_all(terms("1", 1, 90), false);
	tell_all(shipment("C1", "2026-02-01T08:00:00Z", "2026-02-10", "1"), false);
	struct told told = tell(&world, verification("2026-04-01T08:00:00Z", "C1"));
	bool done = false;
	for (size_t ceiling = 64; ceiling < 1048576 && !done; ceiling += ceiling / 4) {
		struct tw_arena small;
		struct tw_list facts = {NULL, 0, 0};
		tw_arena_init(&small, 64, ceiling);
		done = tw_due_facts(&policy, told.event, told.stored.operations, told.stored.priors, &small, &facts);
		cr_expect(!done || facts.count == 1);
		for (uint32_t i = 0; i < told.stored.priors->count && !done; i++) {
			told.stored.priors->prior[i].state = told.stored.priors->prior[i].with = NULL;
			told.stored.priors->prior[i].incomplete = false;
		}
		tw_arena_fini(&small);
	}
	cr_expect(done);
}
