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
