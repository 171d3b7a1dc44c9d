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
