/**
 * @file trace_test.c
 * What records say of a mark: how sure, in which order, who else; and what happens at the limits.
 */
#include "engine/state/trace.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/event/serial.h"
#include "engine/state/series.h"
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

TestSuite(mark_trace, .init = start, .fini = stop);

static const char *fresh_id(void)
{
	return tw_arena_format(&world.arena, "evt-%lld", (long long)world.next_offset).ptr;
}

static struct told report(enum tw_event_type type, const char *time, const char *make, const char *value)
{
	struct tw_event *event = event_new(&world.arena, type, fresh_id(), time);
	event->marking.item.make = make ? text(make) : event->marking.item.make;
	marking_add(&world.arena, &event->marking.item.marks, NULL, value);
	return tell(&world, event);
}

/* A line of marks, a range where `to` is. */
static struct tw_event *consignment(const char *id, const char *time, const char *from, const char *to)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, fresh_id(), time, id);
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	item->model = text("M7");
	struct tw_marking *marking = marking_add(&world.arena, &item->markings, "Sample arms", from);
	if (to) {
		marking->kind = (struct tw_choice){TW_MARKING_SERIAL_RANGE, {1, 2}};
		marking->from = text(from);
		marking->to = text(to);
	}
	tw_serial_count(marking);
	return event;
}

static struct tw_trace asked(const char *make, const char *value)
{
	struct told told = report(TW_MARKING_TRACE_REQUESTED, "2027-01-01T00:00:00Z", make, value);
	struct tw_trace trace;
	cr_assert(
	    tw_trace_of_request(told.event, told.stored.operations, told.stored.priors, told.event->marking.item.marks.data, &world.arena, &trace));
	return trace;
}

static const struct tw_mark_sighting *at(const struct tw_trace *trace, uint32_t i)
{
	cr_assert_lt(i, trace->sightings.count);
	return &((const struct tw_mark_sighting *)trace->sightings.data)[i];
}

Test(mark_trace, a_mark_that_nobody_saw_has_no_sighting_and_says_what_is_missing)
{
	struct tw_trace trace = asked("Sample arms", "AB0417");
	cr_expect_eq(trace.sightings.count + trace.candidate_count, 0);
	cr_expect_eq(trace.status, TW_MARKING_STATUS_UNKNOWN);
	cr_expect(trace.identity[TW_IDENTITY_MAKER].count == 1 && trace.identity[TW_IDENTITY_SERIAL].count == 1);
	cr_expect(trace.identity[TW_IDENTITY_MODEL].count == 0 && trace.identity[TW_IDENTITY_ORIGIN].count == 0);
}

Test(mark_trace, how_sure_a_sighting_is_follows_from_how_it_is_written)
{
	tell(&world, consignment("C1", "2026-01-01T00:00:00Z", "AB0417", NULL));
	tell(&world, consignment("C2", "2026-01-02T00:00:00Z", "ab-0417", NULL));
	tell(&world, consignment("C3", "2026-01-03T00:00:00Z", "AB00417", NULL));
	tell(&world, consignment("C4", "2026-01-04T00:00:00Z", "AB0400", "AB0500"));
	tell(&world, consignment("C5", "2026-01-05T00:00:00Z", "ABO417", NULL));
	tell(&world, consignment("C6", "2026-01-06T00:00:00Z", "AB0418", NULL));
	struct tw_trace trace = asked("Sample arms", "AB0417");
	static const enum tw_trace_match sure[] = {TW_TRACE_EXACT, TW_TRACE_NORMALISED, TW_TRACE_IN_RANGE, TW_TRACE_FOLDED};
	cr_assert_eq(trace.sightings.count, 4);
	for (uint32_t i = 0; i < 4; i++) {
		cr_expect_eq(at(&trace, i)->match, sure[i], "sighting %u", i);
		cr_expect_eq(at(&trace, i)->kind, TW_SIGHTING_SHIPPED);
		cr_expect(tw_slice_is(at(&trace, i)->said.of[TW_PARTICULAR_MODEL], "M7"));
	}
	cr_expect(tw_slice_is(at(&trace, 1)->said.of[TW_PARTICULAR_RAW], "ab-0417"));
	cr_expect_eq(at(&trace, 0)->said.of[TW_PARTICULAR_RAW].len, 0);
}

Test(mark_trace, noughts_before_a_number_are_told_from_the_same_text)
{
	tell(&world, consignment("C1", "2026-01-01T00:00:00Z", "X0417", NULL));
	struct tw_trace trace = asked("Sample arms", "X417");
	cr_assert_eq(trace.sightings.count, 1);
	cr_expect_eq(at(&trace, 0)->match, TW_TRACE_NUMBER);
}

Test(mark_trace, what_is_only_alike_identifies_nothing_and_has_no_say_in_the_status)
{
	struct tw_event *event = event_new(&world.arena, TW_MARKING_STOLEN, "evt-0", "2026-01-01T00:00:00Z");
	event->marking.item.make = text("Sample arms");
	event->marking.item.country_of_manufacture = text("XA");
	marking_add(&world.arena, &event->marking.item.marks, NULL, "ADO417");
	tell(&world, event);
	struct tw_trace trace = asked("Sample arms", "AD0417");
	cr_assert_eq(trace.sightings.count, 1);
	cr_expect_eq(at(&trace, 0)->match, TW_TRACE_FOLDED);
	cr_expect_eq(trace.status, TW_MARKING_STATUS_UNKNOWN);
	cr_expect_eq(trace.identity[TW_IDENTITY_ORIGIN].count, 0);
}

Test(mark_trace, the_last_report_is_the_status_and_a_request_is_none)
{
	report(TW_MARKING_STOLEN, "2026-01-02T00:00:00Z", "Sample arms", "AD0417");
	report(TW_MARKING_MANUFACTURED, "2020-01-02T00:00:00Z", "Sample arms", "AD0417");
	asked("Sample arms", "AD0417");
	struct tw_trace trace = asked("Sample arms", "AD0417");
	cr_expect_eq(trace.status, TW_MARKING_STATUS_STOLEN);
	cr_expect(at(&trace, 0)->type == TW_MARKING_MANUFACTURED && at(&trace, 2)->type == TW_MARKING_TRACE_REQUESTED);
}

Test(mark_trace, a_request_does_not_take_back_what_was_reported_of_the_series)
{
	report(TW_MARKING_STOLEN, "2026-01-02T00:00:00Z", "Sample arms", "AD0417");
	report(TW_MARKING_TRACE_REQUESTED, "2026-01-03T00:00:00Z", "Sample arms", "AD0417");
	struct told told = tell(&world, consignment("C1", "2026-02-01T00:00:00Z", "AD0400", "AD0500"));
	const struct tw_item *item = told.event->consignment.items.data;
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_MARKING, TW_METRIC_OVERLAPS_STATUS, 0, item->markings.data), TW_MARKING_STATUS_STOLEN);
}

Test(mark_trace, a_serial_alone_names_whoever_has_such_serials)
{
	report(TW_MARKING_LOST, "2026-01-02T00:00:00Z", "Sample arms", "AD0417");
	report(TW_MARKING_LOST, "2026-01-02T00:00:00Z", "Other works", "AD9");
	report(TW_MARKING_LOST, "2026-01-02T00:00:00Z", "Third works", "ZZ0417");
	struct tw_trace trace = asked(NULL, "AD0417");
	cr_assert_eq(trace.candidate_count, 2);
	cr_expect(tw_slice_is(trace.candidates[0].maker, "OTHERWORKS") && tw_slice_is(trace.candidates[1].maker, "SAMPLEARMS"));
	cr_expect_not(trace.candidates[0].looked);
	cr_expect_eq(trace.identity[TW_IDENTITY_MAKER].count, 0, "nobody looked");
}

Test(mark_trace, a_mark_without_a_number_is_in_the_index_by_its_folded_text)
{
	report(TW_MARKING_LOST, "2026-01-02T00:00:00Z", "Sample arms", "L07X");
	cr_expect_eq(asked("Other works", "LO7X").candidate_count, 1);
	cr_expect_eq(asked("Other works", "LO8X").candidate_count, 0);
}

Test(mark_trace, a_bare_mark_that_an_inspection_found_counts_to_the_maker_that_is_asked)
{
	struct tw_event *event = event_new(&world.arena, TW_INSPECTION_COMPLETED, "evt-0", "2026-01-01T00:00:00Z");
	event->outcome.consignment = text("C1");
	struct tw_inspection_finding *finding = tw_list_push(&world.arena, &event->outcome.inspection.findings, sizeof(*finding));
	marking_add(&world.arena, &finding->markings, NULL, "AD0417");
	tell(&world, event);
	struct tw_trace trace = asked("Sample arms", "AD0417");
	cr_assert_eq(trace.sightings.count, 1);
	cr_expect(at(&trace, 0)->no_maker && at(&trace, 0)->kind == TW_SIGHTING_INSPECTED && tw_slice_is(at(&trace, 0)->name, "C1"));
	cr_expect_eq(at(&trace, 0)->match, TW_TRACE_EXACT);
}

Test(mark_trace, what_one_event_says_differently_is_kept_so_often_and_no_more)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, fresh_id(), "2026-01-01T00:00:00Z", "C1");
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	for (uint32_t i = 0; i < TW_SAID_MAX + 2; i++) {
		struct tw_marking *mark =
		    marking_add(&world.arena, &item->markings, "Sample arms", tw_arena_format(&world.arena, "AD%u", 100 + i).ptr);
		mark->model = text(tw_arena_format(&world.arena, "M%u", i).ptr);
	}
	tell(&world, event);
	cr_expect(tw_slice_is(at(&(struct tw_trace){.sightings = asked("Sample arms", "AD107").sightings}, 0)->said.of[TW_PARTICULAR_MODEL], "M7"));
	cr_expect_eq(at(&(struct tw_trace){.sightings = asked("Sample arms", "AD108").sightings}, 0)->said.of[TW_PARTICULAR_MODEL].len, 0);
}

Test(mark_trace, models_that_do_not_agree_are_two_and_one_in_other_letters_is_one)
{
	tell(&world, consignment("C1", "2026-01-01T00:00:00Z", "AD0417", NULL));
	struct tw_event *event = event_new(&world.arena, TW_MARKING_SEIZED, "evt-9", "2026-01-02T00:00:00Z");
	event->marking.item.make = text("Sample arms");
	event->marking.item.model = text("m-7");
	marking_add(&world.arena, &event->marking.item.marks, NULL, "AD0417");
	tell(&world, event);
	cr_expect_eq(asked("Sample arms", "AD0417").identity[TW_IDENTITY_MODEL].count, 1);
	event->id = text("evt-10");
	event->marking.item.model = text("M70");
	tell(&world, event);
	cr_expect_eq(asked("Sample arms", "AD0417").identity[TW_IDENTITY_MODEL].count, 2);
}

Test(mark_trace, a_serial_with_signs_that_nobody_could_read_identifies_nothing)
{
	report(TW_MARKING_SEIZED, "2026-01-02T00:00:00Z", "Sample arms", "AD?417");
	struct tw_trace trace = asked("Sample arms", "AD?417");
	cr_expect_eq(trace.status, TW_MARKING_STATUS_SEIZED);
	cr_expect_eq(trace.identity[TW_IDENTITY_SERIAL].count, 0);
	trace = asked("Sample arms", "AD417");
	cr_expect_eq(trace.status, TW_MARKING_STATUS_UNKNOWN);
	cr_expect_eq(trace.sightings.count, 0, "a request of the stream looks no further");
	cr_expect_eq(trace.candidate_count, 1);
}

Test(mark_trace, a_full_arena_refuses)
{
	report(TW_MARKING_LOST, "2026-01-02T00:00:00Z", "Sample arms", "AD0417");
	struct told told = report(TW_MARKING_TRACE_REQUESTED, "2027-01-01T00:00:00Z", "Sample arms", "AD0417");
	for (size_t bytes = 16; bytes <= 512; bytes += 16) {
		struct tw_arena full;
		struct tw_trace trace;
		tw_arena_init(&full, 16, bytes);
		cr_expect_not(
		    tw_trace_of_request(told.event, told.stored.operations, told.stored.priors, told.event->marking.item.marks.data, &full, &trace),
		    "%zu bytes", bytes);
		tw_arena_fini(&full);
		for (uint32_t i = 0; i < told.stored.priors->count; i++) {
			told.stored.priors->prior[i].state = NULL; /* it was folded in the arena that is gone */
		}
	}
}
