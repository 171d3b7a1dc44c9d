/**
 * @file key_test.c
 * HS codes and places as numbers: a code starts with a prefix exactly when its key lies in the prefix's span.
 */
#include <criterion/criterion.h>

#include "rules/program.h"

static bool in(struct tw_key_span span, int64_t key)
{
	return key >= span.low && key <= span.high;
}

Test(key, an_hs_code_lies_in_the_span_of_its_starts_alone)
{
	static const char *const codes[] = {"",   "0",    "00",     "000",        "01",          "9",  "90",        "900",
	                                    "93", "9303", "930330", "9303300000", "93033000001", "99", "9999999999"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		for (size_t j = 1; j < sizeof(codes) / sizeof(codes[0]); j++) {
			size_t length = strlen(codes[j]);
			bool expected = length <= 10 && strncmp(codes[i], codes[j], length) == 0;
			if (length <= 10) {
				cr_assert_eq(in(tw_hs_span(tw_slice_str(codes[j])), tw_hs_key(tw_slice_str(codes[i]))), expected, "%s starts %s",
				             codes[i], codes[j]);
			}
			cr_assert_eq(tw_hs_key(tw_slice_str(codes[i])) == tw_hs_key(tw_slice_str(codes[j])), i == j, "%s is %s", codes[i], codes[j]);
		}
	}
}

Test(key, dots_and_spaces_are_passed_over)
{
	cr_assert_eq(tw_hs_key(tw_slice_str("93.03 30")), tw_hs_key(tw_slice_str("930330")));
	cr_assert_eq(tw_place_key(tw_slice_str("xb mar")), tw_place_key(tw_slice_str("XBMAR")));
}

Test(key, a_place_lies_in_the_span_of_its_starts_alone)
{
	static const char *const places[] = {"X", "XB", "XBM", "XBMAR", "XBMA2", "XC", "XA", "0", "ZZZZZ", "XBMARS", "X\xC3\x89"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		for (size_t j = 0; j < 9; j++) {
			bool expected = strncmp(places[i], places[j], strlen(places[j])) == 0;
			cr_assert_eq(in(tw_place_span(tw_slice_str(places[j])), tw_place_key(tw_slice_str(places[i]))), expected, "%s starts %s",
			             places[i], places[j]);
			cr_assert_eq(tw_place_key(tw_slice_str(places[i])) == tw_place_key(tw_slice_str(places[j])), i == j, "%s is %s", places[i],
			             places[j]);
		}
	}
}

Test(key, a_key_says_what_it_was_made_of)
{
	char text[TW_KEY_TEXT_BYTES];
	cr_assert_str_eq(tw_key_text(TW_CLASS_HS, tw_hs_key(tw_slice_str("9301.10")), text), "930110");
	cr_assert_str_eq(tw_key_text(TW_CLASS_HS, tw_hs_span(tw_slice_str("07")).low, text), "07");
	cr_assert_str_eq(tw_key_text(TW_CLASS_HS, tw_hs_key(tw_slice_str("123456789012345")), text), "1234567890");
	cr_assert_str_eq(tw_key_text(TW_CLASS_PLACE, tw_place_key(tw_slice_str("be anr")), text), "BEANR");
	cr_assert_str_eq(tw_key_text(TW_CLASS_PLACE, tw_place_span(tw_slice_str("X")).low, text), "X");
	cr_assert_str_eq(tw_key_text(TW_CLASS_PLACE, tw_place_key(tw_slice_str("")), text), "");
}
