/**
 * @file unit_test.c
 * Units that can be counted into each other are, others are kinds of their own, and nothing overflows.
 */
#include "engine/event/unit.h"

#include <criterion/criterion.h>

static uint32_t code(const char *text)
{
	return tw_unit_code(tw_slice_str(text));
}

Test(unit, codes_are_compared_by_their_first_letters)
{
	cr_expect_eq(code("C62"), TW_UNIT_PIECE);
	cr_expect_eq(code(" c-62 "), TW_UNIT_PIECE);
	cr_expect_neq(code("KGM"), TW_UNIT_PIECE);
	cr_expect_eq(code("  "), TW_UNIT_NONE);
}

Test(unit, what_is_counted_becomes_pieces)
{
	const struct {
		const char *unit;
		int64_t pieces;
	} rows[] = {{"C62", 1}, {"H87", 1}, {"EA", 1}, {"pr", 2}, {"DZN", 12}, {"DPR", 24}, {"CEN", 100}, {"GRO", 144}, {"MIL", 1000}, {"GGR", 1728}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_eq(tw_unit_base(code(rows[i].unit)), TW_UNIT_PIECE, "%s", rows[i].unit);
		cr_expect_eq(tw_unit_to_base(code(rows[i].unit), 30000), 30000 * rows[i].pieces, "%s", rows[i].unit);
		cr_expect_eq(tw_unit_from_base(code(rows[i].unit), 30000 * rows[i].pieces), 30000, "%s", rows[i].unit);
	}
}

Test(unit, weights_lengths_and_volumes_have_their_own_base)
{
	cr_expect_eq(tw_unit_to_base(code("TNE"), 15000), 15000000, "1.5 t are 1500 kg");
	cr_expect_eq(tw_unit_to_base(code("GRM"), 12345678), 12345, "rounded down to a ten-thousandth of a kg");
	cr_expect_eq(tw_unit_to_base(code("LBR"), 1000000), 453592, "100 lb are 45.3592 kg");
	cr_expect_eq(tw_unit_from_base(code("LBR"), 453592), 999999);
	cr_expect_eq(tw_unit_base(code("CMT")), code("MTR"));
	cr_expect_eq(tw_unit_base(code("MTQ")), code("LTR"));
	cr_expect_neq(tw_unit_base(code("MTK")), tw_unit_base(code("MTR")));
}

Test(unit, a_set_is_no_number_of_pieces)
{
	cr_expect_eq(tw_unit_base(code("SET")), code("SET"));
	cr_expect_eq(tw_unit_to_base(code("SET"), 70000), 70000);
	cr_expect_eq(tw_unit_base(TW_UNIT_NONE), TW_UNIT_NONE);
}

Test(unit, too_much_saturates)
{
	cr_expect_eq(tw_unit_to_base(code("GGR"), INT64_MAX), INT64_MAX);
	cr_expect_eq(tw_unit_from_base(code("MGM"), INT64_MAX / 2), INT64_MAX);
	cr_expect_gt(tw_unit_to_base(code("LBR"), INT64_MAX), INT64_MAX / 3);
}
