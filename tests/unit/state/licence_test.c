/**
 * @file licence_test.c
 * What is drawn on a licence by all consignments, what its paper allows, and what is given back.
 */
#include "engine/state/licence.h"

#include <criterion/criterion.h>

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

TestSuite(licence, .init = start, .fini = stop);

static struct tw_licence *licence_add(struct tw_item *item, const char *country, const char *number)
{
	struct tw_licence *licence = tw_list_push(&world.arena, &item->licences, sizeof(*licence));
	*licence = (struct tw_licence){.number = text(number), .country = text(country)};
	return licence;
}

static struct tw_event *shipment(const char *id, const char *time, enum tw_event_type type, int64_t quantity, const char *number)
{
	struct tw_event *event = manifest_new(&world.arena, type, id, time, id);
	party_add(&world.arena, &event->consignment.parties, "Samplearms Works", "XA")->role.value = TW_ROLE_CONSIGNOR;
	party_add(&world.arena, &event->consignment.parties, "Sample Guard", "QZ")->role.value = TW_ROLE_CONSIGNEE;
	licence_add(item_add(&world.arena, event, 1, quantity, "C62"), "XA", number);
	return event;
}

static void paper_add(struct tw_event *event, const char *number, int64_t quantity)
{
	struct tw_document *document = tw_list_push(&world.arena, &event->consignment.documents, sizeof(*document));
	*document = (struct tw_document){.number = text(number), .quantity = {quantity * 10000, {0, 1}}};
}

static int64_t ask(const struct tw_event *event, enum tw_metric metric)
{
	struct told told = tell(&world, event);
	const struct tw_item *item = told.event->consignment.items.data;
	return told_ask(&world, &told, TW_ENTITY_PAPER, metric, 0, item->licences.data);
}

Test(licence, all_consignments_draw_on_it)
{
	tell(&world, shipment("S1", "2026-02-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP 5521"));
	cr_expect_eq(ask(shipment("S2", "2026-03-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 100, "exp-5521"), TW_METRIC_LICENCE_DRAWN), 3000000);
	cr_expect_eq(ask(shipment("S3", "2026-03-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 100, "EXP-5522"), TW_METRIC_LICENCE_DRAWN), 1000000);
}

Test(licence, its_paper_says_what_it_allows)
{
	struct tw_event *event = shipment("S1", "2026-02-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521");
	paper_add(event, "INV-1", 900);
	cr_expect_eq(ask(event, TW_METRIC_LICENCE_ALLOWED), NOT_STATED);
	event = shipment("S2", "2026-02-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521");
	paper_add(event, "exp 5521", 500);
	paper_add(event, "INV-1", 900);
	cr_expect_eq(ask(event, TW_METRIC_LICENCE_ALLOWED), 5000000);
	cr_expect_eq(ask(shipment("S3", "2026-02-03T08:00:00Z", TW_CONSIGNMENT_DECLARED, 1, "EXP-5521"), TW_METRIC_LICENCE_VALUE_MAX), NOT_STATED);
}

Test(licence, a_line_that_names_it_twice_draws_once)
{
	struct tw_event *event = shipment("S1", "2026-02-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521");
	licence_add(event->consignment.items.data, "XA", "EXP 5521");
	cr_expect_eq(ask(event, TW_METRIC_LICENCE_DRAWN), 2000000);
}

Test(licence, goods_that_go_on_under_another_bill_are_not_drawn_again)
{
	tell(&world, shipment("S1", "2026-02-02T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521"));
	struct tw_event *event = shipment("S2", "2026-02-20T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521");
	event->consignment.document.master = text("S1");
	cr_expect_eq(ask(event, TW_METRIC_LICENCE_DRAWN), 2000000);
	event = shipment("S3", "2026-02-21T08:00:00Z", TW_CONSIGNMENT_DECLARED, 200, "EXP-5521");
	struct tw_document *bill = tw_list_push(&world.arena, &event->consignment.documents, sizeof(*bill));
	*bill = (struct tw_document){.kind = text("bill_of_lading"), .previous = text("S1")};
	cr_expect_eq(ask(event, TW_METRIC_LICENCE_DRAWN), 4000000, "S2 is another");
}
