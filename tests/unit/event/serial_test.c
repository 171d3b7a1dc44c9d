/**
 * @file serial_test.c
 * Serials as numbers of a series, and how many pieces a mark covers.
 */
#include "engine/event/serial.h"

#include <criterion/criterion.h>

static struct tw_text text_of(const char *terminated)
{
	return (struct tw_text){terminated, (uint32_t)strlen(terminated), {1, 2}};
}

static struct tw_serial serial_of(const char *terminated)
{
	struct tw_serial serial;
	cr_assert(tw_serial_read(tw_slice_str(terminated), &serial), "%s", terminated);
	return serial;
}

Test(serial, is_the_number_at_its_end_and_the_series_before_it)
{
	struct tw_serial serial = serial_of("ab-00 41/7");
	cr_expect(serial.number == 417 && serial.digits == 5 && serial.length == 7 && memcmp(serial.text, "AB00417", 7) == 0);
	cr_expect(serial_of("999999999999999999").number == UINT64_C(999999999999999999));
	cr_expect(serial_of("7").number == 7);
}

Test(serial, without_a_number_at_its_end_is_none)
{
	static const char *const none[] = {"",
	                                   "AB",
	                                   "AB0417X",
	                                   "AB 0417 \xC3\x84",
	                                   "0000000000000000001",
	                                   "AB#17",
	                                   "A234567890123456789012345678901234567890123456789012345678901234567"};
	struct tw_serial serial;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		cr_expect_not(tw_serial_read(tw_slice_str(none[i]), &serial), "%s", none[i]);
	}
}

Test(serial, is_alike_with_the_same_letters_and_width)
{
	struct tw_serial a = serial_of("AB0001"), b = serial_of("ab-0120"), wide = serial_of("AB00001"), other = serial_of("AC0001");
	cr_expect(tw_serial_alike(&a, &b));
	cr_expect_not(tw_serial_alike(&a, &wide));
	cr_expect_not(tw_serial_alike(&a, &other));
}

static int64_t pieces(enum tw_marking_kind kind, const char *value, const char *from, const char *to)
{
	struct tw_marking marking = {.kind = {.value = kind}};
	marking.value = value ? text_of(value) : marking.value;
	marking.from = from ? text_of(from) : marking.from;
	marking.to = to ? text_of(to) : marking.to;
	tw_serial_count(&marking);
	cr_expect_eq(tw_stated(marking.pieces.span), marking.pieces.e4 > 0);
	return marking.pieces.e4 / 10000;
}

Test(serial, counts_pieces_where_one_can_say_how_many)
{
	cr_expect_eq(pieces(TW_MARKING_SERIAL, "AB17", NULL, NULL), 1);
	cr_expect_eq(pieces(TW_MARKING_SERIAL, NULL, NULL, NULL), 0);
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB0001", "AB0120"), 120);
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB 0007", "ab0007"), 1);
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB0120", "AB0001"), 0, "backwards");
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB0001", "AC0120"), 0, "two series");
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB99", "AB1000"), 902, "without noughts before");
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB099", "AB1000"), 0, "two widths");
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB99", "AC1000"), 0, "two series");
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "AB0001", NULL), 0);
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "0", "9"), 10);
	cr_expect_eq(pieces(TW_MARKING_SERIAL_RANGE, NULL, "000000000000000000", "999999999999999999"), 0, "more than an amount holds");
	cr_expect_eq(pieces(TW_MARKING_LOT, "L7", NULL, NULL), 0);
	cr_expect_eq(pieces(TW_MARKING_IMPORT_MARK, "XB19", NULL, NULL), 0);
}

/* ---- components ---- */

struct weapon {
	struct tw_marking mark[24];
	uint32_t count;
};

static void mark_on(struct weapon *weapon, const char *component, const char *value, const char *make)
{
	struct tw_marking *mark = &weapon->mark[weapon->count++];
	mark->kind = (struct tw_choice){TW_MARKING_SERIAL, {1, 2}};
	mark->value = text_of(value);
	mark->component = component ? text_of(component) : mark->component;
	mark->make = make ? text_of(make) : mark->make;
}

/* Serials and makers, as 10 * serials + makers; -1: not stated. */
static int64_t told_apart(struct weapon *weapon, const char *make)
{
	const struct tw_list list = {weapon->mark, weapon->count, weapon->count};
	struct tw_text none = {.ptr = NULL};
	struct tw_count serials, makes;
	tw_serial_components(&list, make ? text_of(make) : none, &serials, &makes);
	return tw_stated(serials.span) ? serials.value * 10 + makes.value : -1;
}

Test(serial, components_of_one_weapon_agree_however_they_are_written)
{
	struct weapon weapon = {.count = 0};
	mark_on(&weapon, "receiver", "AD 0117", NULL);
	mark_on(&weapon, "barrel", "ad-0117", "Samplearms Works a.s.");
	mark_on(&weapon, NULL, "XK77", "Otherworks");
	weapon.mark[3].kind = (struct tw_choice){TW_MARKING_LOT, {1, 2}};
	weapon.mark[3].value = text_of("L-7");
	weapon.mark[3].component = text_of("magazine");
	weapon.count = 4;
	cr_expect_eq(told_apart(&weapon, "Samplearms"), 11);
}

Test(serial, components_of_two_weapons_are_told_apart)
{
	struct weapon weapon = {.count = 0};
	mark_on(&weapon, "receiver", "AD0117", NULL);
	mark_on(&weapon, "barrel", "AD0118", NULL);
	cr_expect_eq(told_apart(&weapon, "Samplearms"), 21);
	mark_on(&weapon, "bolt", "AD011", "Otherworks");
	cr_expect_eq(told_apart(&weapon, "Samplearms"), 32, "a serial that begins another is another");
	cr_expect_eq(told_apart(&weapon, NULL), 31, "no maker is no other maker");
}

Test(serial, components_are_not_stated_where_no_mark_names_one_and_many_are_told_up_to_a_bound)
{
	struct weapon weapon = {.count = 0};
	static char values[24][8];
	mark_on(&weapon, NULL, "AD0117", NULL);
	cr_expect_eq(told_apart(&weapon, "Samplearms"), -1);
	for (uint32_t i = 0; i < 20; i++) {
		values[i][0] = (char)('A' + i);
		mark_on(&weapon, "barrel", values[i], NULL);
	}
	cr_expect_eq(told_apart(&weapon, "Samplearms"), 10 * TW_COMPONENTS_TOLD + 1);
}
