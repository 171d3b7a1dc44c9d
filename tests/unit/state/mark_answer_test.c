/**
 * @file mark_answer_test.c
 * What is on record of a mark against what an event says of it: quantities, components, particulars. What is only alike says nothing.
 */
#include "engine/state/mark_answer.h"

#include <criterion/criterion.h>

#include "engine/event/serial.h"
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

TestSuite(mark_answer, .init = start, .fini = stop);

/* @param quantity 0: not stated */
static struct tw_event *report(enum tw_event_type type, const char *id, enum tw_marking_kind kind, const char *value, int64_t quantity)
{
	struct tw_event *event = event_new(&world.arena, type, id, "2026-03-02T08:00:00Z");
	event->marking.item.make = text("Samplearms");
	marking_add(&world.arena, &event->marking.item.marks, "", value)->kind.value = kind;
	if (quantity) {
		event->marking.quantity = amount(quantity);
	}
	return event;
}

static struct tw_event *shipment(const char *id, const char *time, const char *value, const char *component)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	struct tw_item *item = item_add(&world.arena, event, 1, 200, "C62");
	item->make = text("Samplearms");
	marking_add(&world.arena, &item->markings, "", value)->component = text(component);
	return event;
}

static const struct tw_marking *mark_of(const struct tw_event *event)
{
	return event->family == TW_FAMILY_MARKING ? event->marking.item.marks.data : ((struct tw_item *)event->consignment.items.data)->markings.data;
}

static int64_t ask(const struct tw_event *event, enum tw_metric metric)
{
	struct told told = tell(&world, event);
	return told_ask(&world, &told, TW_ENTITY_MARKING, metric, 0, mark_of(event));
}

static int64_t recorded_then(struct tw_event *event)
{
	int64_t e4 = ask(event, TW_METRIC_RECORDED_QUANTITY);
	return e4 == NOT_STATED ? e4 : e4 / 10000;
}

Test(mark_answer, kinds_of_reports_add_up_among_themselves_and_the_most_counts)
{
	tell(&world, report(TW_MARKING_SEIZED, "e1", TW_MARKING_LOT, "L-7", 300));
	tell(&world, report(TW_MARKING_SEIZED, "e2", TW_MARKING_LOT, "L 7", 400));
	tell(&world, report(TW_MARKING_RECOVERED, "e3", TW_MARKING_LOT, "L7", 500));
	struct tw_event *destroyed = report(TW_MARKING_DESTROYED, "e4", TW_MARKING_LOT, "L-7", 900);
	struct told told = tell(&world, destroyed);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_MARKING, TW_METRIC_RECORDED_QUANTITY, 0, mark_of(destroyed)), 7000000);
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_MARKING, TW_METRIC_DESTROYED_QUANTITY, 0, mark_of(destroyed)), 9000000);
	cr_expect_eq(ask(report(TW_MARKING_DESTROYED, "e5", TW_MARKING_LOT, "L-7", 100), TW_METRIC_DESTROYED_QUANTITY), 10000000, "both");
	cr_expect_eq(recorded_then(report(TW_MARKING_SEIZED, "e6", TW_MARKING_LOT, "L-7", 50)), 750, "the event's own among them");
}

Test(mark_answer, a_report_that_does_not_say_how_many_leaves_open_what_is_on_record)
{
	tell(&world, report(TW_MARKING_SEIZED, "e1", TW_MARKING_SERIAL, "AD0117", 40));
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e2", TW_MARKING_SERIAL, "AD0117", 60)), 40);
	tell(&world, report(TW_MARKING_RECOVERED, "e3", TW_MARKING_SERIAL, "AD0117", 0));
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e4", TW_MARKING_SERIAL, "AD0117", 60)), NOT_STATED);
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e5", TW_MARKING_SERIAL, "AD0118", 60)), NOT_STATED, "nobody knows it");
	cr_expect_eq(recorded_then(report(TW_MARKING_LOST, "e6", TW_MARKING_SERIAL, "AD0119", 60)), NOT_STATED,
	             "a loss is no account of what there is");
}

Test(mark_answer, what_is_only_alike_is_another_mark)
{
	tell(&world, report(TW_MARKING_SEIZED, "e1", TW_MARKING_SERIAL, "ADO117", 40));
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e2", TW_MARKING_SERIAL, "AD0117", 60)), NOT_STATED);
}

Test(mark_answer, a_lot_is_of_the_pieces_of_its_line_and_a_serial_is_not)
{
	struct tw_event *lot = shipment("C1", "2026-01-01T00:00:00Z", "L-7", "");
	((struct tw_marking *)mark_of(lot))->kind.value = TW_MARKING_LOT;
	((struct tw_item *)lot->consignment.items.data)->unit = text("DZN");
	tell(&world, lot);
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e1", TW_MARKING_LOT, "L7", 60)), 2400, "200 dozen");
	tell(&world, shipment("C2", "2026-01-01T00:00:00Z", "AD0117", ""));
	cr_expect_eq(recorded_then(report(TW_MARKING_DESTROYED, "e2", TW_MARKING_SERIAL, "AD0117", 60)), NOT_STATED);
}

Test(mark_answer, other_components_are_counted_within_the_window_while_they_stand)
{
	tell(&world, shipment("C1", "2026-01-01T00:00:00Z", "P7731", "Frame"));
	tell(&world, shipment("C2", "2026-02-20T00:00:00Z", "P7731", "barrel"));
	tell(&world, shipment("C3", "2026-02-21T00:00:00Z", "P7731", ""));
	struct tw_event *slide = shipment("C4", "2026-03-01T00:00:00Z", "P-7731", "slide");
	struct told told = tell(&world, slide);
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_MARKING, TW_METRIC_OTHER_COMPONENTS, 0, mark_of(slide));
	cr_assert(answer.stated && answer.value == 2 && answer.related_count == 2);
	cr_expect(tw_slice_is(answer.related[0], "C2") && tw_slice_is(answer.related[1], "C1"));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_MARKING, TW_METRIC_OTHER_COMPONENTS, 30, mark_of(slide)), 1);
	cr_expect_eq(ask(shipment("C5", "2026-03-02T00:00:00Z", "P7731", "FRAME"), TW_METRIC_OTHER_COMPONENTS), 2, "not the frame itself");
	cr_expect_eq(ask(shipment("C6", "2026-03-02T00:00:00Z", "P7731", ""), TW_METRIC_OTHER_COMPONENTS), NOT_STATED);
}

Test(mark_answer, what_cannot_be_true_of_both_is_named_the_surest_first)
{
	struct tw_event *made = report(TW_MARKING_MANUFACTURED, "e1", TW_MARKING_SERIAL, "AD0117", 1);
	made->marking.item.model = text("SR-5");
	made->marking.item.calibre = text("5.56x45");
	made->marking.item.country_of_manufacture = text("CZ");
	made->marking.item.year = number(2011);
	tell(&world, made);
	struct tw_event *ship = shipment("C1", "2026-01-01T00:00:00Z", "AD0117", "");
	struct tw_item *item = ship->consignment.items.data;
	item->model = text("Sample sr5");
	item->calibre = text("5,56 x 45 mm");
	item->origin = text("CZ");
	cr_expect_eq(ask(ship, TW_METRIC_OTHERWISE), NOT_STATED, "the same, written otherwise");
	((struct tw_marking *)mark_of(ship))->year = number(2019);
	cr_expect_eq(ask(ship, TW_METRIC_OTHERWISE), 3, "the year");
	item->origin = text("XA");
	cr_expect_eq(ask(ship, TW_METRIC_OTHERWISE), 2, "the country before the year");
	item->calibre = text("7.62x39");
	cr_expect_eq(ask(ship, TW_METRIC_OTHERWISE), 1, "the calibre before the country");
	item->model = text("SR-9");
	cr_expect_eq(ask(ship, TW_METRIC_OTHERWISE), 4, "another model may differ in all of them");
	cr_expect_eq(ask(shipment("C2", "2026-01-01T00:00:00Z", "ADO117", ""), TW_METRIC_OTHERWISE), NOT_STATED, "only alike");
}

/* ---- what inspections found ---- */

/* @param to NULL: a serial */
static void mark_found(struct tw_list *list, const char *from, const char *to)
{
	struct tw_marking *mark = marking_add(&world.arena, list, "", from);
	mark->kind.value = to ? TW_MARKING_SERIAL_RANGE : TW_MARKING_SERIAL;
	if (to) {
		mark->from = text(from);
		mark->to = text(to);
		mark->value = (struct tw_text){"", 0, {0, 0}};
	}
	tw_serial_count(mark);
}

static void inspected(const char *id, const char *time, const char *consignment, const char *from, const char *to)
{
	struct tw_event *event = event_new(&world.arena, TW_INSPECTION_COMPLETED, id, time);
	struct tw_inspection_finding *finding = tw_list_push(&world.arena, &event->outcome.inspection.findings, sizeof(*finding));
	*finding = (struct tw_inspection_finding){.item = number(1)};
	event->outcome.consignment = text(consignment);
	mark_found(&finding->markings, from, to);
	tell(&world, event);
}

static struct tw_history_answer found_of(const char *id, const char *value, uint32_t days)
{
	struct tw_event *event = report(TW_MARKING_STOLEN, id, TW_MARKING_SERIAL, value, 0);
	struct told told = tell(&world, event);
	return told_answer(&world, &told, TW_ENTITY_MARKING, TW_METRIC_OVERLAPS_FOUND, days, mark_of(event));
}

Test(mark_answer, a_range_that_an_inspection_found_holds_the_serial_of_a_later_report)
{
	inspected("i1", "2026-01-05T08:00:00Z", "C1", "AD0100", "AD0200");
	struct tw_history_answer answer = found_of("e1", "AD-0117", 0);
	cr_expect_eq(answer.value, 1);
	cr_assert_eq(answer.related_count, 1);
	cr_expect(tw_slice_is(answer.related[0], "C1"));
	cr_expect_eq(found_of("e2", "AD0201", 0).value, 0, "the next one");
	cr_expect_eq(found_of("e3", "AO0117", 0).value, 0, "only alike");
	inspected("i2", "2026-02-20T08:00:00Z", "C2", "AD0110", "AD0120");
	inspected("i3", "2026-02-21T08:00:00Z", "C1", "AD0100", "AD0150");
	answer = found_of("e4", "AD0117", 0);
	cr_expect_eq(answer.value, 2, "each consignment once");
	cr_expect(tw_slice_is(answer.related[0], "C1"), "the latest inspection first");
	cr_expect_eq(found_of("e5", "AD0199", 30).value, 0, "56 days ago");
	cr_expect_eq(found_of("e6", "AD0199", 60).value, 1);
}

Test(mark_answer, what_was_found_by_itself_or_is_on_the_manifest_is_no_range)
{
	inspected("i1", "2026-01-05T08:00:00Z", "C1", "AD0117", NULL);
	cr_expect_eq(found_of("e1", "AD0117", 0).value, 0, "the very mark");
	inspected("i2", "2026-01-06T08:00:00Z", "C2", "AD0100", "AD0200");
	cr_expect_eq(found_of("e2", "AD0117", 0).value, 1, "C2 alone");
	tell(&world, shipment("C2", "2026-01-02T08:00:00Z", "AD0117", ""));
	cr_expect_eq(found_of("e3", "AD0117", 0).value, 0, "its papers state it");
	cr_expect_eq(found_of("e4", "AD0118", 0).value, 1, "and not the next one");
}
