/**
 * @file digits_test.c
 * Numbers as a format string would print them.
 */
#include "engine/base/digits.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>

static void expect_digits(uint64_t number)
{
	char printed[32], written[TW_DIGITS_MAX + 1];
	snprintf(printed, sizeof(printed), "%" PRIu64, number);
	written[tw_digits_write(written, number)] = '\0';
	cr_expect_str_eq(written, printed);
}

Test(digits, are_those_that_a_format_string_prints)
{
	expect_digits(0);
	expect_digits(UINT64_MAX);
	for (uint64_t power = 1; power <= UINT64_MAX / 10; power *= 10) {
		expect_digits(power - 1);
		expect_digits(power);
		expect_digits(power * 10 - 1);
	}
}

Test(digits, are_filled_up_and_cut_to_a_width)
{
	char printed[32], written[TW_DIGITS_MAX + 1];
	const uint64_t numbers[] = {0, 7, 123456789, UINT64_C(0xFEDCBA9876543210), UINT64_MAX};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		*tw_digits_padded(written, numbers[i], 20) = '\0';
		snprintf(printed, sizeof(printed), "%020" PRIu64, numbers[i]);
		cr_expect_str_eq(written, printed);
		*tw_hex_padded(written, numbers[i], 16) = '\0';
		snprintf(printed, sizeof(printed), "%016" PRIx64, numbers[i]);
		cr_expect_str_eq(written, printed);
	}
	*tw_digits_padded(written, 120034, 4) = '\0';
	cr_expect_str_eq(written, "0034");
	*tw_hex_padded(written, 0xABCDEF, 3) = '\0';
	cr_expect_str_eq(written, "def");
}

static void expect_amount(int64_t e4, const char *expected)
{
	char written[TW_DIGITS_AMOUNT_MAX + 1];
	written[tw_digits_amount(written, e4)] = '\0';
	cr_expect_str_eq(written, expected);
}

Test(digits, carry_a_sign_and_a_point)
{
	char written[TW_DIGITS_SIGNED_MAX + 1];
	written[tw_digits_signed(written, INT64_MIN)] = '\0';
	cr_expect_str_eq(written, "-9223372036854775808");
	written[tw_digits_signed(written, -1)] = '\0';
	cr_expect_str_eq(written, "-1");
	written[tw_digits_signed(written, 0)] = '\0';
	cr_expect_str_eq(written, "0");
	expect_amount(0, "0");
	expect_amount(1, "0.0001");
	expect_amount(5405000, "540.5");
	expect_amount(-12500, "-1.25");
	expect_amount(INT64_MIN, "-922337203685477.5808");
}
