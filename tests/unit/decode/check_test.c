/**
 * @file check_test.c
 * Check digits of containers and ships.
 */
#include <criterion/criterion.h>

#include "engine/decode/decode.h"

Test(check, a_container_number_fits_its_digit_however_it_is_spaced)
{
	cr_expect(tw_container_check(tw_slice_str("CSQU3054383")));
	cr_expect(tw_container_check(tw_slice_str("csqu 305438-3")));
	cr_expect(tw_container_check(tw_slice_str("HLXU1234561")));
}

Test(check, every_other_digit_and_every_swap_of_neighbours_is_caught)
{
	char number[] = "CSQU3054383";
	for (char digit = '0'; digit <= '9'; digit++) {
		number[10] = digit;
		cr_expect_eq(tw_container_check(tw_slice_str(number)), digit == '3');
	}
	cr_expect_not(tw_container_check(tw_slice_str("CSQU3504383")));
	cr_expect_not(tw_container_check(tw_slice_str("SCQU3054383")));
}

Test(check, a_remainder_of_ten_is_the_digit_zero)
{
	cr_expect(tw_container_check(tw_slice_str("APZU2000020")));
	cr_expect(tw_container_check(tw_slice_str("APZU2000170")));
}

Test(check, what_has_not_the_form_of_a_container_number_does_not_fit)
{
	static const char *const rows[] = {"", "CSQU305438", "CSQU30543833", "CSQ03054383", "1SQU3054383", "CSQU305438X", "CSQU30543\xc3\xa9", "N/A"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_not(tw_container_check(tw_slice_str(rows[i])), "%s", rows[i]);
	}
}

Test(check, an_imo_number_fits_with_and_without_its_prefix)
{
	cr_expect(tw_imo_check(tw_slice_str("9074729")));
	cr_expect(tw_imo_check(tw_slice_str("IMO 9074729")));
	cr_expect(tw_imo_check(tw_slice_str("imo9074729")));
}

Test(check, a_wrong_imo_number_does_not_fit)
{
	static const char *const rows[] = {"",    "9074728",    "9047729",    "907472",  "90747290",
	                                   "IMO", "OMI9074729", "IMO 907472", "907472X", "IMO9074729X"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_not(tw_imo_check(tw_slice_str(rows[i])), "%s", rows[i]);
	}
}

Test(check, every_reason_for_refusal_has_its_word)
{
	cr_expect_str_eq(tw_reject_name(TW_REJECT_UTF8), "utf8");
	cr_expect_str_eq(tw_reject_name(TW_REJECT_LINE), "line");
	for (int i = TW_REJECT_UTF8; i <= TW_REJECT_LINE; i++) {
		cr_expect_str_neq(tw_reject_name((enum tw_reject_reason)i), "none");
	}
	cr_expect_str_eq(tw_reject_name((enum tw_reject_reason)0), "none");
	cr_expect_str_eq(tw_reject_name((enum tw_reject_reason)99), "none");
}
