/**
 * @file codes_test.c
 * Numbers are unique, in order, and found by how a message begins.
 */
#include "rules/codes.h"

#include <criterion/criterion.h>
#include <string.h>

Test(codes, stand_in_order_each_once)
{
	uint32_t count;
	const struct tw_rule_code *codes = tw_rule_codes(&count);
	cr_assert_gt(count, 40);
	for (uint32_t i = 1; i < count; i++) {
		cr_assert_lt(strcmp(codes[i - 1].name, codes[i].name), 0, "%s", codes[i].name);
	}
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t j = i + 1; j < count && codes[i].begins; j++) {
			cr_assert(!codes[j].begins || strcmp(codes[i].begins, codes[j].begins) != 0, "%s and %s", codes[i].name, codes[j].name);
		}
	}
}

Test(codes, the_longest_begin_that_fits_wins)
{
	cr_assert_str_eq(tw_rule_code_of("unknown key \"%.64s\" in %s%s", TW_E_UNKNOWN)->name, "TW-R-0201");
	cr_assert_str_eq(tw_rule_code_of("unknown %s \"%.64s\"%s", TW_E_UNKNOWN)->name, "TW-R-0210");
	cr_assert_str_eq(tw_rule_code_of("unknown %s%.64s\"%s", TW_E_UNKNOWN)->name, "TW-R-0204");
	cr_assert_str_eq(tw_rule_code_of("slow pattern \"%.64s\"", TW_OK)->name, "TW-R-0701");
}

Test(codes, a_message_of_its_own_has_the_number_of_its_kind)
{
	cr_assert_str_eq(tw_rule_code_of("nobody has written this before", TW_E_TYPE)->name, "TW-R-0300");
	cr_assert_str_eq(tw_rule_code_of("nor this", TW_OK)->name, "TW-R-0800");
	cr_assert_str_eq(tw_rule_code_of("nor that", TW_E_MEMORY)->name, "TW-R-0900");
}
