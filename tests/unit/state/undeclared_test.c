/**
 * @file undeclared_test.c
 * A verification of a consignment that nobody declared waits for its manifest, and is told when time has passed; goods that were verified and not
 * certified are found by whichever paper is second.
 */
#include "engine/state/undeclared.h"

#include <criterion/criterion.h>

#include "engine/state/due.h"
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

TestSuite(undeclared, .init = start, .fini = stop);

static const struct tw_time_policy policy = {.lateness_days = 2, .idle_days = 30, .grace_days = 5};

static struct tw_event *verified(int64_t line)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_VERIFIED, "v-1", "2026-03-20T08:00:00Z", "QZ", "1");
	event->certificate.consignment = text("C1");
	certificate_item_add(&world.arena, event, line, 100, NULL);
	return event;
}

static struct tw_event *shipment(void)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, "m-1", "2026-03-01T08:00:00Z", "C1");
	ref_add(&world.arena, item_add(&world.arena, event, 1, 100, "C62"), "QZ", "1", 1);
	return event;
}

static struct tw_event *issued(void)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, "c-1", "2026-01-10T08:00:00Z", "QZ", "1");
	certificate_item_add(&world.arena, event, 1, 500, "C62");
	return event;
}

static struct tw_list facts_after(const struct tw_event *event)
{
	struct told told = tell(&world, event);
	struct tw_list facts = {NULL, 0, 0};
	cr_assert(tw_due_facts(&policy, event, told.stored.operations, told.stored.priors, &world.arena, &facts));
	return facts;
}

static int64_t due(const char *time)
{
	struct told told = tell(&world, certificate_new(&world.arena, TW_CERTIFICATE_DELIVERY_DUE, "d-1", time, "QZ", "1"));
	return told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DELIVERIES_UNDECLARED, 0, NULL);
}

Test(undeclared, a_verification_waits_for_its_manifest)
{
	struct tw_list facts = facts_after(verified(1));
	cr_assert_eq(facts.count, 1);
	const struct tw_event *fact = facts.data;
	cr_expect_eq(fact->type, TW_FACT_DELIVERY_EXPECTED);
	cr_expect_eq(fact->fact.day.day, day_of("2026-03-26").day, "five days of grace, and the next one");
	cr_expect_eq(due("2026-03-26T00:00:00Z"), 1);
}

Test(undeclared, a_manifest_that_came_before_or_after_ends_it)
{
	tell(&world, shipment());
	cr_expect_eq(facts_after(verified(1)).count, 0);
	cr_expect_eq(due("2026-03-26T00:00:00Z"), 0);
}

Test(undeclared, one_that_comes_after_it_does_too)
{
	cr_expect_eq(facts_after(verified(1)).count, 1);
	tell(&world, shipment());
	cr_expect_eq(due("2026-03-26T00:00:00Z"), 0);
}

Test(undeclared, of_no_consignment_nothing_waits)
{
	struct tw_event *all = verified(1);
	all->certificate.consignment = text("");
	cr_expect_eq(facts_after(all).count, 0);
	cr_expect_eq(due("2026-03-26T00:00:00Z"), 0);
}

static int64_t others(const struct tw_event *event)
{
	struct told told = tell(&world, event);
	return told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_VERIFIED_OTHERS, 0, NULL);
}

Test(undeclared, other_lines_are_found_by_the_paper_that_is_second)
{
	tell(&world, issued());
	cr_expect_eq(others(verified(1)), 0);
	cr_expect_eq(others(verified(4)), 1);
}

Test(undeclared, also_when_the_certificate_is)
{
	cr_expect_eq(others(verified(4)), NOT_STATED);
	cr_expect_eq(others(issued()), 1);
}
