/**
 * @file number_test.c
 * Serials whoever made them, serials read in part, and one serial twice in one manifest.
 */
#include "engine/state/number.h"

#include <criterion/criterion.h>

#include "engine/state/again.h"
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

TestSuite(number, .init = start, .fini = stop);

struct weapon {
	const char *make, *model, *calibre, *serial;
};

static struct tw_event *report(enum tw_event_type type, const char *id, const char *time, struct weapon weapon)
{
	struct tw_event *event = event_new(&world.arena, type, id, time);
	event->marking.item.make = text(weapon.make);
	event->marking.item.model = text(weapon.model);
	event->marking.item.calibre = text(weapon.calibre);
	marking_add(&world.arena, &event->marking.item.marks, weapon.make, weapon.serial);
	return event;
}

static struct tw_item *line(struct tw_event *event, int64_t number, struct weapon weapon)
{
	struct tw_item *item = item_add(&world.arena, event, number, 1, "C62");
	item->make = text(weapon.make);
	item->model = text(weapon.model);
	item->calibre = text(weapon.calibre);
	marking_add(&world.arena, &item->markings, weapon.make, weapon.serial);
	return item;
}

static struct tw_event *shipment(const char *id, const char *time, struct weapon weapon)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, time, id);
	line(event, 1, weapon);
	return event;
}

static int64_t ask(const struct told *told, enum tw_metric metric, const struct tw_list *marks)
{
	return told_ask(&world, told, TW_ENTITY_MARKING, metric, 0, marks->data);
}

static int64_t ask_shipped(struct weapon weapon, enum tw_metric metric)
{
	struct told told = tell(&world, shipment("S1", "2026-03-02T08:00:00Z", weapon));
	return ask(&told, metric, &((struct tw_item *)told.event->consignment.items.data)->markings);
}

static const struct weapon stolen = {"Samplearms", "SR-5", "5.56x45", "AD 0117"};

Test(number, a_manifest_that_leaves_the_maker_out_meets_the_report)
{
	tell(&world, report(TW_MARKING_STOLEN, "e1", "2025-06-10T08:00:00Z", stolen));
	cr_expect_eq(ask_shipped((struct weapon){"", "sr5", "", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(ask_shipped((struct weapon){"", "", "5.56 x 45", "AD0117"}, TW_METRIC_NUMBER_STATUS_CALIBRE), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(ask_shipped((struct weapon){"", "", "5.56x45", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"", "SR-5", "7.62x39", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"Otherworks", "SR-5", "", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"", "", "", "AD0117"}, TW_METRIC_NUMBER_STATUS_CALIBRE), NOT_STATED);
}

Test(number, of_one_maker_the_latest_report_counts)
{
	tell(&world, report(TW_MARKING_STOLEN, "e1", "2025-06-10T08:00:00Z", stolen));
	tell(&world, report(TW_MARKING_RECOVERED, "e2", "2025-08-10T08:00:00Z", (struct weapon){"Otherworks", "SR-5", "", "AD0117"}));
	cr_expect_eq(ask_shipped((struct weapon){"", "SR-5", "", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), TW_MARKING_STATUS_STOLEN);
	tell(&world, report(TW_MARKING_RECOVERED, "e3", "2025-07-10T08:00:00Z", stolen));
	cr_expect_eq(ask_shipped((struct weapon){"", "SR-5", "", "AD0117"}, TW_METRIC_NUMBER_STATUS_MODEL), TW_MARKING_STATUS_RECOVERED);
}

Test(number, a_later_report_meets_the_manifest)
{
	tell(&world, shipment("S1", "2026-03-02T08:00:00Z", (struct weapon){"", "SR-5", "", "AD0117"}));
	tell(&world, shipment("S2", "2026-03-03T08:00:00Z", (struct weapon){"", "", "5.56x45", "AD0117"}));
	tell(&world, shipment("S3", "2026-03-04T08:00:00Z", (struct weapon){"Otherworks", "SR-5", "5.56x45", "AD0117"}));
	struct told told = tell(&world, report(TW_MARKING_STOLEN, "e1", "2026-06-10T08:00:00Z", stolen));
	cr_expect_eq(ask(&told, TW_METRIC_NUMBER_SHIPPED_MODEL, &told.event->marking.item.marks), 1);
	cr_expect_eq(ask(&told, TW_METRIC_NUMBER_SHIPPED_CALIBRE, &told.event->marking.item.marks), 1);
}

Test(number, a_report_without_a_maker_meets_marks_that_have_one)
{
	tell(&world, report(TW_MARKING_STOLEN, "e1", "2025-06-10T08:00:00Z", (struct weapon){"", "SR-5", "", "AD 0117"}));
	cr_expect_eq(ask_shipped(stolen, TW_METRIC_UNNAMED_MODEL), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(ask_shipped(stolen, TW_METRIC_UNNAMED_NUMBER), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "", "", "AD0117"}, TW_METRIC_UNNAMED_NUMBER), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "SR-5", "", "AD0118"}, TW_METRIC_UNNAMED_MODEL), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"", "SR-5", "", "AD0117"}, TW_METRIC_UNNAMED_MODEL), NOT_STATED, "neither says the maker");
	tell(&world, report(TW_MARKING_RECOVERED, "e2", "2025-07-10T08:00:00Z", (struct weapon){"", "SR-5", "", "AD 0117"}));
	cr_expect_eq(ask_shipped(stolen, TW_METRIC_UNNAMED_MODEL), TW_MARKING_STATUS_RECOVERED);
}

Test(number, short_serials_are_any_maker_s)
{
	tell(&world, report(TW_MARKING_STOLEN, "e1", "2025-06-10T08:00:00Z", (struct weapon){"Samplearms", "SR-5", "", "117"}));
	cr_expect_eq(ask_shipped((struct weapon){"", "SR-5", "", "117"}, TW_METRIC_NUMBER_STATUS_MODEL), NOT_STATED);
}

Test(number, what_was_read_in_part_is_asked_on_its_own)
{
	tell(&world, report(TW_MARKING_STOLEN, "e1", "2025-06-10T08:00:00Z", (struct weapon){"Samplearms", "", "", "AD01?7"}));
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "", "", "AD01?7"}, TW_METRIC_PART_READ_STATUS), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "", "", "AD01?7"}, TW_METRIC_MARKING_STATUS), NOT_STATED);
	tell(&world, report(TW_MARKING_STOLEN, "e2", "2025-06-10T08:00:00Z", stolen));
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "", "", "AD0117"}, TW_METRIC_PART_READ_STATUS), NOT_STATED);
	cr_expect_eq(ask_shipped((struct weapon){"Samplearms", "", "", "AD0117"}, TW_METRIC_MARKING_STATUS), TW_MARKING_STATUS_STOLEN);
	struct told told = tell(&world, report(TW_MARKING_LOST, "e3", "2026-06-10T08:00:00Z", (struct weapon){"Samplearms", "", "", "AD01?7"}));
	cr_expect_eq(ask(&told, TW_METRIC_PART_READ_SHIPPED, &told.event->marking.item.marks), 1);
	cr_expect_eq(ask(&told, TW_METRIC_MARKING_CONSIGNMENTS, &told.event->marking.item.marks), NOT_STATED);
}

/* @return the line after which the second of two lines states its serial again */
static int64_t again(struct weapon one, struct weapon other, const char *component, const char *hs)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, "S1", "2026-03-02T08:00:00Z", "S1");
	line(event, 7, one)->hs = text("930190");
	struct tw_item *second = line(event, 8, other);
	second->hs = text(hs);
	((struct tw_marking *)second->markings.data)->component = text(component);
	struct told told = tell(&world, event);
	second = &((struct tw_item *)event->consignment.items.data)[1];
	return ask(&told, TW_METRIC_STATED_AGAIN, &second->markings);
}

Test(number, one_serial_twice_in_one_manifest)
{
	const struct weapon same = {"Samplearms", "SR-5", "", "AD-0117"}, next = {"Samplearms", "SR-5", "", "AD0118"}, of_letters = {"Samplearms", "", "", "ABC"};
	cr_expect_eq(again((struct weapon){"Samplearms", "SR-5", "", "AD0117"}, same, "", "930190"), 7);
	cr_expect_eq(again(same, next, "", "930190"), NOT_STATED);
	cr_expect_eq(again(same, same, "slide", "930190"), NOT_STATED, "another part of it");
	cr_expect_eq(again(same, same, "", "930591"), NOT_STATED, "its parts");
	cr_expect_eq(again(same, (struct weapon){"Samplearms", "SP-1", "", "AD0117"}, "", "930190"), NOT_STATED);
	cr_expect_eq(again(same, (struct weapon){"Otherworks", "SR-5", "", "AD0117"}, "", "930190"), NOT_STATED);
	cr_expect_eq(again(of_letters, of_letters, "", "930190"), 7);
	cr_expect_eq(again((struct weapon){"Samplearms", "", "", "AD?1"}, (struct weapon){"Samplearms", "", "", "AD?1"}, "", "930190"), NOT_STATED);
}
