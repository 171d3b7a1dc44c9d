/**
 * @file calling_code_test.c
 * Telephones at home and elsewhere. Numbers are of no subscriber.
 */
#include "engine/event/calling_code.h"

#include <criterion/criterion.h>

static bool elsewhere(const char *phone, const char *country)
{
	return tw_phone_elsewhere(tw_slice_str(phone), tw_slice_str(country));
}

Test(calling_code, a_code_of_another_country_is_elsewhere)
{
	cr_assert(elsewhere("+49 30 0000000", "TD"));
	cr_assert(elsewhere("00 49 30 0000000", "AE"));
	cr_assert(elsewhere("(+507) 200 0000", "BS"));
	cr_assert(elsewhere("+1 242 000 0000", "PA"));
	cr_assert(elsewhere("+44 20 0000 0000", "ZW"), "the last row");
	cr_assert(elsewhere("+44 20 0000 0000", "AD"), "the first row");
}

Test(calling_code, its_own_or_a_shared_code_is_at_home)
{
	cr_assert_not(elsewhere("+235 22 00 00 00", "TD"));
	cr_assert_not(elsewhere("00 1 242 000 0000", "BS"));
	cr_assert_not(elsewhere("+1 416 000 0000", "CA"));
	cr_assert_not(elsewhere("+7 701 000 0000", "KZ"));
	cr_assert_not(elsewhere("+1 829 000 0000", "DO"), "the second of three");
	cr_assert_not(elsewhere("+1 849 000 0000", "DO"), "the third of three");
	cr_assert_not(elsewhere("+44 1534 000000", "JE"));
}

Test(calling_code, what_states_no_code_says_nothing)
{
	cr_assert_not(elsewhere("22 00 00 00", "TD"));
	cr_assert_not(elsewhere("0 30 0000000", "TD"));
	cr_assert_not(elsewhere("", "TD"));
	cr_assert_not(elsewhere("+", "TD"));
	cr_assert_not(elsewhere("+49 30", "TD"), "too short for a telephone");
	cr_assert_not(elsewhere("+49 30 0000000", ""));
	cr_assert_not(elsewhere("+49 30 0000000", "XB"), "no row");
	cr_assert_not(elsewhere("+049 30 0000000", "TD"), "no code begins with a nought");
}
