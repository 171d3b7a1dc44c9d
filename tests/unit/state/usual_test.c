/**
 * @file usual_test.c
 * Means and deviations from streaming sums, against those worked out by hand.
 */
#include "engine/state/usual.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/state/field.h"
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

TestSuite(usual, .init = start, .fini = stop);

#define ASK(told, metric) told_ask(&world, told, TW_ENTITY_PARTY, TW_METRIC_##metric, 0, (told)->event->consignment.parties.data)

static struct tw_event *shipment(int64_t kg, int64_t pieces, int64_t value, const char *currency)
{
	static uint32_t number_of;
	const char *id = tw_arena_format(&world.arena, "C%u", ++number_of).ptr;
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, id, "2026-01-01T00:00:00Z", id);
	party_add(&world.arena, &event->consignment.parties, "Quill & Sons", "XA");
	struct tw_item *item = item_add(&world.arena, event, 1, pieces, "C62");
	if (kg) {
		item->gross_kg = amount(kg);
	}
	if (value) {
		item->value = amount(value);
		item->currency = text(currency);
	}
	return event;
}

Test(usual, nothing_is_usual_before_five_consignments)
{
	for (int i = 0; i < 5; i++) {
		struct told told = tell(&world, shipment(100 + i, 10, 0, NULL));
		cr_expect_eq(ASK(&told, KG_MEAN), NOT_STATED, "before the %d", i + 1);
		cr_expect_eq(ASK(&told, KG_Z), NOT_STATED);
	}
	struct told told = tell(&world, shipment(102, 10, 0, NULL));
	cr_expect_eq(ASK(&told, KG_MEAN), 1020000);
	cr_expect_eq(ASK(&told, KG_DEVIATION), 14140, "the root of two, as far as five times a hundredth tells it");
	cr_expect_eq(ASK(&told, KG_Z), 0);
}

Test(usual, a_consignment_lies_so_many_deviations_from_the_mean)
{
	const int64_t kg[] = {2, 4, 4, 4, 5, 5, 7, 9}; /* mean 5, deviation 2: an example of every textbook */
	for (size_t i = 0; i < sizeof(kg) / sizeof(kg[0]); i++) {
		tell(&world, shipment(kg[i], 0, 0, NULL));
	}
	struct told told = tell(&world, shipment(12, 7, 0, NULL));
	cr_expect_eq(ASK(&told, KG_MEAN), 50000);
	cr_expect_eq(ASK(&told, KG_DEVIATION), 20000);
	cr_expect_eq(ASK(&told, KG_Z), 35000, "3.5 above");
	cr_expect_eq(ASK(&told, PIECES_Z), NOT_STATED, "none stated pieces");
	told = tell(&world, shipment(0, 0, 0, NULL));
	cr_expect_eq(ASK(&told, KG_Z), NOT_STATED, "this one states none");
	cr_expect_neq(ASK(&told, KG_MEAN), NOT_STATED);
	told = tell(&world, shipment(1, 0, 0, NULL));
	cr_expect(ASK(&told, KG_Z) < 0, "below");
}

Test(usual, equal_consignments_have_a_deviation_of_a_hundredth)
{
	for (int i = 0; i < 6; i++) {
		tell(&world, shipment(1000, 50, 0, NULL));
	}
	struct told told = tell(&world, shipment(1010, 80, 0, NULL));
	cr_expect_eq(ASK(&told, KG_DEVIATION), 0);
	cr_expect_eq(ASK(&told, KG_Z), 10000, "ten kilograms are one hundredth");
	cr_expect_eq(ASK(&told, PIECES_Z), 600000, "thirty pieces of fifty are sixty of them");
}

Test(usual, values_are_compared_in_one_currency)
{
	for (int i = 0; i < 6; i++) {
		tell(&world, shipment(10, 1, 1000 + i, "USD"));
	}
	struct told told = tell(&world, shipment(10, 1, 2000, "usd"));
	cr_expect_eq(ASK(&told, VALUE_MEAN), 10025000);
	cr_expect(ASK(&told, VALUE_Z) > 50 * 10000);
	told = tell(&world, shipment(10, 1, 2000, "EUR"));
	cr_expect_eq(ASK(&told, VALUE_Z), NOT_STATED, "dollars before, euros now");
	told = tell(&world, shipment(10, 1, 2000, "USD"));
	cr_expect_eq(ASK(&told, VALUE_MEAN), NOT_STATED, "euros have been among them");
}

Test(usual, a_value_without_one_currency_counts_as_none)
{
	struct tw_event *event = shipment(10, 1, 500, "USD");
	struct tw_item *item = item_add(&world.arena, event, 2, 1, "C62");
	item->value = amount(5);
	item->currency = text("EUR");
	struct tw_measures measures = tw_measures_of(&event->consignment);
	cr_expect_eq(measures.e4[TW_USUAL_VALUE], 0);
	cr_expect_eq(measures.e4[TW_USUAL_KG], 100000);
	cr_expect_eq(measures.e4[TW_USUAL_PIECES], 20000);
	item->currency = text("USD");
	cr_expect_eq(tw_measures_of(&event->consignment).e4[TW_USUAL_VALUE], 5050000);
	item->currency = text("US");
	cr_expect_eq(tw_measures_of(&event->consignment).currency, 0);
}

Test(usual, an_amendment_is_no_other_consignment)
{
	for (int i = 0; i < 5; i++) {
		tell(&world, shipment(100, 1, 0, NULL));
	}
	struct tw_event *event = shipment(900, 1, 0, NULL);
	event->type = TW_CONSIGNMENT_AMENDED;
	tell(&world, event);
	struct told told = tell(&world, shipment(100, 1, 0, NULL));
	cr_expect_eq(ASK(&told, KG_MEAN), 1000000);
}

Test(usual, the_greatest_measures_neither_overflow_nor_lose)
{
	for (int i = 0; i < 8; i++) {
		tell(&world, shipment(i % 2 ? 900000000 : 100000000, 1, 0, NULL));
	}
	struct told told = tell(&world, shipment(900000000, 1, 0, NULL));
	cr_expect_eq(ASK(&told, KG_MEAN), INT64_C(5000000000000));
	cr_expect_eq(ASK(&told, KG_DEVIATION), INT64_C(4000000000000));
	cr_expect_eq(ASK(&told, KG_Z), 10000);
}

Test(usual, a_full_counter_is_no_answer)
{
	struct tw_counter out[TW_USUAL_COUNTERS];
	struct tw_measures measures = {.e4 = {[TW_USUAL_KG] = TW_AMOUNT_E4_MAX}};
	uint32_t count = tw_usual_counters(&measures, out);
	cr_assert_gt(count, 2);
	cr_expect_eq(out[1].value, TW_USUAL_E2_MAX, "what is above counts as that");
	for (uint32_t i = 1; i < count; i++) {
		cr_expect_lt(out[i - 1].field, out[i].field);
	}
	measures = (struct tw_measures){.currency = 0};
	cr_expect_eq(tw_usual_counters(&measures, out), 0);
}
