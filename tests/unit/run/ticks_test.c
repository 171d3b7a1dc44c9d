/**
 * @file ticks_test.c
 * A source tells a day once, and again what a batch that was given up had told.
 */
#include "engine/run/ticks.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;
static struct tw_ticks *ticks;
static int32_t before;

static void start(void)
{
	tw_arena_init(&arena, 1U << 16, 0);
	cr_assert_eq(tw_ticks_new(&ticks, NULL), TW_OK);
}

static void stop(void)
{
	tw_ticks_free(ticks);
	tw_arena_fini(&arena);
}

TestSuite(ticks, .init = start, .fini = stop);

static struct tw_event *said(const char *source, const char *time, int32_t partition)
{
	struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, "e", time, "C1");
	event->source = text(source);
	event->origin = (struct tw_origin){tw_slice_str("tw.manifests"), partition, 0};
	return event;
}

Test(ticks, the_first_event_of_a_source_on_a_day_tells_it)
{
	cr_expect(tw_ticks_see(ticks, said("a", "2026-03-02T08:00:00Z", 0), &before));
	cr_expect_not(tw_ticks_see(ticks, said("a", "2026-03-02T09:00:00Z", 0), &before));
	cr_expect_not(tw_ticks_see(ticks, said("a", "2026-03-01T09:00:00Z", 0), &before), "late");
	cr_expect(tw_ticks_see(ticks, said("b", "2026-03-01T08:00:00Z", 0), &before), "another source");
	cr_expect(tw_ticks_see(ticks, said("a", "2026-03-02T08:00:00Z", 1), &before), "another partition");
	cr_expect(tw_ticks_see(ticks, said("a", "2026-03-03T00:00:00Z", 0), &before));
}

Test(ticks, events_that_settle_no_delivery_tell_nothing)
{
	struct tw_event *event = said("a", "2026-03-02T08:00:00Z", 0);
	event->family = TW_FAMILY_MARKING;
	cr_expect_not(tw_ticks_see(ticks, event, &before));
	event->family = TW_FAMILY_CERTIFICATE;
	event->type = TW_CERTIFICATE_DELIVERY_DUE;
	cr_expect_not(tw_ticks_see(ticks, event, &before), "a reminder is not time");
}

Test(ticks, what_was_undone_is_told_again)
{
	struct tw_event *first = said("a", "2026-03-02T08:00:00Z", 0), *second = said("a", "2026-03-03T08:00:00Z", 0);
	int32_t earlier;
	cr_assert(tw_ticks_see(ticks, first, &earlier));
	cr_assert(tw_ticks_see(ticks, second, &before));
	tw_ticks_undo(ticks, second, before);
	tw_ticks_undo(ticks, first, earlier);
	cr_expect(tw_ticks_see(ticks, first, &before));
	cr_expect(tw_ticks_see(ticks, second, &before));
}

Test(ticks, a_batch_that_was_given_up_tells_again_and_a_committed_one_does_not)
{
	struct tw_event *first = said("a", "2026-03-02T08:00:00Z", 0), *second = said("a", "2026-03-03T08:00:00Z", 0);
	cr_assert(tw_ticks_see(ticks, first, &before));
	tw_ticks_begin(ticks);
	cr_assert(tw_ticks_see(ticks, second, &before)); /* in hand, while the first is on its way */
	tw_ticks_commit(ticks);
	tw_ticks_abort(ticks);
	cr_expect_not(tw_ticks_see(ticks, first, &before));
	cr_expect(tw_ticks_see(ticks, second, &before));
	tw_ticks_begin(ticks);
	tw_ticks_abort(ticks);
	cr_expect(tw_ticks_see(ticks, second, &before));
	tw_ticks_forget(ticks);
	cr_expect(tw_ticks_see(ticks, first, &before));
}

Test(ticks, more_sources_than_it_holds_are_told_again_and_none_is_missed)
{
	char name[16];
	for (int i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "source-%d", i);
		cr_assert(tw_ticks_see(ticks, said(name, "2026-03-02T08:00:00Z", 0), &before));
	}
	cr_expect(tw_ticks_see(ticks, said("source-0", "2026-03-02T08:00:00Z", 0), &before), "forgotten meanwhile");
	cr_expect_not(tw_ticks_see(ticks, said("source-2999", "2026-03-02T08:00:00Z", 0), &before));
}
