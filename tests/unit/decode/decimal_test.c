/**
 * @file decimal_test.c
 * Decimal numbers to ten-thousandths: exact, cut, out of range, or no number.
 */
#include <criterion/criterion.h>

#include <tidewaiter/limits.h>

#include "engine/decode/decimal.h"

Test(decimal, numbers_become_ten_thousandths)
{
	static const struct {
		const char *text;
		int64_t e4;
		enum tw_decimal answer;
	} rows[] = {
	    {"0", 0, TW_DECIMAL_EXACT},
	    {"-0", 0, TW_DECIMAL_EXACT},
	    {"1", 10000, TW_DECIMAL_EXACT},
	    {"-12.5", -125000, TW_DECIMAL_EXACT},
	    {"0.0001", 1, TW_DECIMAL_EXACT},
	    {"0.00019", 1, TW_DECIMAL_CUT},
	    {"-0.00019", -1, TW_DECIMAL_CUT},
	    {"0.00009", 0, TW_DECIMAL_CUT},
	    {"1.23450000", 12345, TW_DECIMAL_EXACT},
	    {"540.5", 5405000, TW_DECIMAL_EXACT},
	    {"1e2", 1000000, TW_DECIMAL_EXACT},
	    {"1E+2", 1000000, TW_DECIMAL_EXACT},
	    {"12.5e-1", 12500, TW_DECIMAL_EXACT},
	    {"125e-6", 1, TW_DECIMAL_CUT},
	    {"0e999999999999", 0, TW_DECIMAL_EXACT},
	    {"1e-999999999999", 0, TW_DECIMAL_CUT},
	    {"0.000000000000000000000000001e27", 10000, TW_DECIMAL_EXACT},
	    {"100000000000000000000000000000e-29", 10000, TW_DECIMAL_EXACT},
	    {"123456789012345678901234567890e-20", 99999999999999, TW_DECIMAL_CUT},
	    {"9999999999999", 99999999999990000, TW_DECIMAL_EXACT},
	    {"12345678.1234", 123456781234, TW_DECIMAL_EXACT},
	    {"0.50000", 5000, TW_DECIMAL_EXACT},
	    {"90000000000000", TW_AMOUNT_E4_MAX, TW_DECIMAL_EXACT},
	    {"-90000000000000", -TW_AMOUNT_E4_MAX, TW_DECIMAL_EXACT},
	    {"90000000000000.00009", TW_AMOUNT_E4_MAX, TW_DECIMAL_CUT},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t e4 = 77, expected = rows[i].e4;
		if (expected == 99999999999999) {
			expected = 12345678901234; /* 1234567890.12345678... */
		}
		cr_expect_eq(tw_decimal_read(tw_slice_str(rows[i].text), &e4), rows[i].answer, "%s", rows[i].text);
		cr_expect_eq(e4, expected, "%s: %ld", rows[i].text, (long)e4);
	}
}

Test(decimal, beyond_the_bound_is_out_of_range_and_writes_nothing)
{
	static const char *const rows[] = {
	    "90000000000000.0001",     "-90000000000000.0001", "1e14", "1e15", "1e19", "90000000000001", "99999999999999",
	    "1e999999999999999999999", "99999999999999999999"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t e4 = 77;
		cr_expect_eq(tw_decimal_read(tw_slice_str(rows[i]), &e4), TW_DECIMAL_RANGE, "%s", rows[i]);
		cr_expect_eq(e4, 77);
	}
}

Test(decimal, anything_but_a_json_number_is_refused)
{
	static const char *const rows[] = {"",      "-",   "+1", "01", "00",  "00.5", "1.2.", "1.x", "1.",  ".5",    "1e",  "1e+",
	                                   "1.5.2", "1 2", " 1", "1 ", "0x1", "1,5",  "--1",  "Inf", "NaN", "1e1.5", "1_0", "\xd9\xa1"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t e4 = 77;
		cr_expect_eq(tw_decimal_read(tw_slice_str(rows[i]), &e4), TW_DECIMAL_FORM, "%s", rows[i]);
		cr_expect_eq(e4, 77);
	}
}
