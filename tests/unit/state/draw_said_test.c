/**
 * @file draw_said_test.c
 * Words of draws survive their bytes, within bounds; a certificate that comes later is held against those that stand.
 */
#include "engine/state/draw_said.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "engine/state/record.h"
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

TestSuite(draw_said, .init = start, .fini = stop);

static struct tw_text kept_text(const char *before, uint32_t number_of)
{
	struct tw_slice kept = tw_arena_format(&world.arena, "%s%04u", before, number_of);
	return (struct tw_text){kept.ptr, kept.len, {1, 2}};
}

/* A consignment that draws on QZ|9, with a maker, a model, a consignor. */
static struct tw_event *shipment(enum tw_event_type type, const char *id, const char *time, const char *make, const char *sender)
{
	struct tw_event *event = manifest_new(&world.arena, type, id, time, "T0");
	struct tw_item *item = item_add(&world.arena, event, 1, 100, "C62");
	ref_add(&world.arena, item, "QZ", "9", 1);
	item->make = text(make);
	item->model = text("SR-5");
	party_add(&world.arena, &event->consignment.parties, sender, "XA")->role.value = TW_ROLE_CONSIGNOR;
	return event;
}

static struct tw_event *certificate(const char *id, const char *time, const char *make)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, id, time, "QZ", "9");
	struct tw_certificate_item *item = certificate_item_add(&world.arena, event, 1, 500, "C62");
	item->make = text(make);
	item->model = text("SR-5");
	party_add(&world.arena, &event->certificate.parties, "Samplearms Works", "XA")->role.value = TW_ROLE_EXPORTER;
	return event;
}

/* What the event leaves on its certificate. @return false when it leaves none */
static bool element_of(const struct tw_event *event, struct tw_element *out)
{
	struct tw_operations *operations = NULL;
	cr_assert_eq(tw_operations_of(event, &world.arena, &operations, NULL), TW_OK);
	for (uint32_t i = 0; i < operations->count; i++) {
		struct tw_packed_walk walk;
		tw_walk_past_counters(&walk, operations->operation[i].payload);
		while (tw_walk_element(&walk, out)) {
			if (operations->operation[i].kind == TW_ENTITY_CERTIFICATE && tw_element_is(out, TW_ELEMENT_DRAW_SAID)) {
				return true;
			}
		}
	}
	return false;
}

static int64_t others(const struct tw_event *event, enum tw_metric metric)
{
	struct told told = tell(&world, event);
	return told_ask(&world, &told, TW_ENTITY_CERTIFICATE, metric, 0, NULL);
}

Test(draw_said, it_survives_its_bytes)
{
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Samplearms", "Tern Depot");
	struct tw_party *user = party_add(&world.arena, &event->consignment.parties, "Sample Ministry", "QZ");
	user->role.value = TW_ROLE_END_USER;
	user->kind.value = TW_PARTY_GOVERNMENT;
	party_add(&world.arena, &event->consignment.parties, "Sample Lines", "QZ")->role.value = TW_ROLE_CARRIER;
	struct tw_item *item = event->consignment.items.data;
	marking_add(&world.arena, &item->markings, "", "AD0007");
	marking_add(&world.arena, &item->markings, "", "AD0008");
	marking_add(&world.arena, &item->markings, "", "XK77");
	struct tw_element element;
	struct tw_draw_said said;
	cr_assert(element_of(event, &element));
	cr_expect(tw_slice_is(tw_element_tail(&element), "T0"));
	cr_assert(tw_draw_said_read(&element, &said));
	cr_expect(said.goods_count == 1 && said.goods[0].line == 1 && tw_slice_is(said.goods[0].make, "Samplearms"));
	cr_expect(tw_slice_is(said.goods[0].model, "SR-5"));
	cr_expect_eq(said.party_count, 2, "a carrier is nobody's to name");
	cr_expect(said.party[0].party.role == TW_ROLE_CONSIGNOR && !said.party[0].government && said.party[0].party.key);
	cr_expect(said.party[1].party.role == TW_ROLE_END_USER && said.party[1].government);
	cr_expect(tw_slice_is(said.party[1].party.name, "Sample Ministry"));
	cr_expect_eq(said.run_count, 2, "two in a row are one");
	cr_expect_neq(said.run[0].series, said.run[1].series);
}

Test(draw_said, any_bytes_are_read_safely)
{
	struct tw_element element;
	struct tw_draw_said said;
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Samplearms", "Tern Depot");
	cr_assert(element_of(event, &element));
	for (uint32_t cut = 0; cut < element.bytes.len; cut++) {
		struct tw_element part = element;
		part.bytes.len = cut;
		cr_expect(!tw_draw_said_read(&part, &said), "cut at %u", cut);
	}
	uint64_t seed = 7;
	char bytes[64];
	for (uint32_t round = 0; round < 2000; round++) {
		for (uint32_t i = 0; i < sizeof(bytes); i++) {
			bytes[i] = (char)random_next(&seed);
		}
		bytes[0] = 1;
		struct tw_element noise = {element.key, {0, 0, 0}, {bytes, (uint32_t)(random_next(&seed) % sizeof(bytes))}};
		if (tw_draw_said_read(&noise, &said)) {
			cr_expect_leq(said.goods_count, TW_DRAW_GOODS_MAX);
			cr_expect_leq(said.party_count, TW_DRAW_PARTIES_MAX);
			cr_expect_leq(said.run_count, TW_DRAW_RUNS_MAX);
		}
	}
	element.key = tw_slice_str("DT0");
	cr_expect(!tw_draw_said_read(&element, &said), "another class");
}

Test(draw_said, what_is_beyond_its_bounds_is_left_out)
{
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Samplearms", "Tern Depot");
	for (uint32_t i = 0; i < 20; i++) {
		struct tw_item *item = item_add(&world.arena, event, i + 2, 1, "C62");
		ref_add(&world.arena, item, "QZ", "9", 1);
		item->make = kept_text("Maker ", i);
		struct tw_party *party = party_add(&world.arena, &event->consignment.parties, "x", "XA");
		party->name = kept_text("Broker ", i);
		party->role.value = TW_ROLE_BROKER;
	}
	struct tw_item *first = event->consignment.items.data;
	for (uint32_t i = 0; i < 60; i++) {
		marking_add(&world.arena, &first->markings, "", "x")->value = kept_text("AD", 2 * i);
	}
	struct tw_element element;
	struct tw_draw_said said;
	cr_assert(element_of(event, &element));
	cr_assert(tw_draw_said_read(&element, &said));
	cr_expect_eq(said.goods_count, TW_DRAW_GOODS_MAX);
	cr_expect_eq(said.party_count, TW_DRAW_PARTIES_MAX);
	cr_expect_eq(said.run_count, TW_DRAW_RUNS_MAX);
}

Test(draw_said, runs_that_touch_are_one_and_a_number_is_only_in_its_own_series)
{
	struct tw_list runs = {NULL, 0, 0};
	const char *const values[] = {"AD12", "AD10", "AD11", "XK11", "AD14", "lot without number"};
	for (uint32_t i = 0; i < 6; i++) {
		struct tw_marking mark = {.kind = {TW_MARKING_SERIAL, {1, 2}}, .value = text(values[i])};
		cr_assert(tw_draw_run_add(&mark, tw_slice_str("Samplearms"), &world.arena, &runs));
	}
	tw_draw_runs_join(&runs);
	cr_assert_eq(runs.count, 3);
	const struct tw_draw_run *run = runs.data;
	for (uint32_t i = 1; i < 3; i++) {
		cr_expect_lt(tw_draw_run_order(&run[i - 1], &run[i]), 0);
	}
	cr_expect_eq(tw_draw_run_order(&run[0], &run[0]), 0);
}

Test(draw_said, a_maker_that_the_late_certificate_does_not_name_is_told_with_its_consignment)
{
	tell(&world, shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Otherworks", "Samplearms Works"));
	struct tw_event *late = certificate("c1", "2026-03-10T08:00:00Z", "Samplearms");
	struct told told = tell(&world, late);
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_OF_OTHER_MAKES, 0, NULL);
	cr_expect(answer.stated && answer.value == 1 && answer.related_count == 1 && tw_slice_is(answer.related[0], "T0"));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_OF_OTHER_MODELS, 0, NULL), 0);
	answer = told_answer(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS, 0, NULL);
	cr_expect(answer.stated && answer.drawn_count == 0, "the exporter's own key");
}

Test(draw_said, parties_without_their_key_are_left_to_whoever_compares_names)
{
	tell(&world, shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Samplearms", "Tern Depot"));
	struct told told = tell(&world, certificate("c1", "2026-03-10T08:00:00Z", "Samplearms"));
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_FROM_OTHER_CONSIGNORS, 0, NULL);
	cr_assert(answer.stated && answer.drawn_count == 1 && answer.named_count == 1);
	cr_expect(tw_slice_is(answer.drawn[0].consignment, "T0") && tw_slice_is(answer.drawn[0].name, "Tern Depot"));
	cr_expect(answer.named[0].role == TW_ROLE_EXPORTER && tw_slice_is(answer.named[0].name, "Samplearms Works"));
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_FOR_OTHER_END_USERS, 0, NULL), NOT_STATED,
	             "it names nobody who receives");
}

Test(draw_said, an_amendment_takes_the_place_of_what_was_declared)
{
	tell(&world, shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Otherworks", "Tern Depot"));
	struct tw_event *right = shipment(TW_CONSIGNMENT_AMENDED, "e2", "2026-03-02T08:00:00Z", "Samplearms", "Tern Depot");
	tell(&world, right);
	cr_expect_eq(others(certificate("c1", "2026-03-10T08:00:00Z", "Samplearms"), TW_METRIC_DRAWS_OF_OTHER_MAKES), 0);
}

static struct tw_event *listing(const char *id, int64_t revision, const char *from, const char *to)
{
	struct tw_event *event = certificate(id, "2026-03-10T08:00:00Z", "Samplearms");
	struct tw_certificate_item *item = event->certificate.items.data;
	struct tw_marking *range = marking_add(&world.arena, &item->markings, "", "x");
	event->certificate.revision = number(revision);
	range->kind.value = TW_MARKING_SERIAL_RANGE;
	range->from = text(from);
	range->to = text(to);
	range->pieces = amount(500);
	return event;
}

Test(draw_said, serials_are_held_against_the_list_of_the_event_that_is_in_force)
{
	struct tw_event *ship = shipment(TW_CONSIGNMENT_DECLARED, "e1", "2026-03-01T08:00:00Z", "Samplearms", "Tern Depot");
	marking_add(&world.arena, &((struct tw_item *)ship->consignment.items.data)->markings, "", "XK77");
	tell(&world, ship);
	cr_expect_eq(others(listing("c1", 2, "AD0001", "AD0500"), TW_METRIC_DRAWS_OF_OTHER_SERIALS), 1);
	cr_expect_eq(others(listing("c0", 1, "AD0001", "AD0500"), TW_METRIC_DRAWS_OF_OTHER_SERIALS), NOT_STATED, "an older list says nothing");
}

Test(draw_said, of_many_draws_the_words_of_the_latest_are_kept_in_any_order)
{
	uint32_t order[3 * TW_DRAWS_SAID_MAX] = {0};
	const uint32_t count = sizeof(order) / sizeof(order[0]);
	uint64_t seed = 3;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = (uint32_t)(random_next(&seed) % (i + 1));
		order[i] = order[at];
		order[at] = i;
	}
	for (uint32_t i = 0; i < count; i++) {
		char time[32], id[16];
		snprintf(time, sizeof(time), "2026-03-%02uT08:%02u:00Z", 1 + order[i] / 60, order[i] % 60);
		snprintf(id, sizeof(id), "e%u", order[i]);
		struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "x", time, "Otherworks", "Tern Depot");
		struct tw_slice kept = tw_arena_copy(&world.arena, tw_slice_str(id));
		event->id = (struct tw_text){kept.ptr, kept.len, {1, 2}};
		event->consignment.id = event->id;
		tell(&world, event);
	}
	struct told told = tell(&world, certificate("c1", "2026-04-10T08:00:00Z", "Samplearms"));
	struct tw_history_answer answer = told_answer(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWS_OF_OTHER_MAKES, 0, NULL);
	cr_expect_eq(answer.value, TW_DRAWS_SAID_MAX);
	cr_expect(tw_slice_is(answer.related[0], "e95"), "the latest first");
	cr_expect_eq(told_ask(&world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_AT_LIMIT, 0, NULL), 0, "the draws themselves are all there");
}
