/** @file lists_number_test.c  Numbers as a person writes them, and their check digits. */
#include "engine/command/lists_number.h"

#include <criterion/criterion.h>
#include <string.h>

static const char *doubt(const char *text)
{
	struct tw_lists_number number;
	cr_assert(tw_lists_number_read(tw_slice_str(text), &number), "%s", text);
	return number.doubt ? number.doubt : "none";
}

Test(lists_number, a_scheme_stands_before_a_colon_and_blanks_around_the_number_do_not_count)
{
	struct tw_lists_number number;
	cr_assert(tw_lists_number_read(tw_slice_str("Passport number:  QF 7710432 "), &number));
	cr_expect(tw_slice_is(number.asked.scheme, "passport") && tw_slice_is(number.asked.value, "QF 7710432"));
	cr_assert(tw_lists_number_read(tw_slice_str("QF 7710432"), &number));
	cr_expect(number.asked.scheme.len == 0 && tw_slice_is(number.asked.value, "QF 7710432"));
	cr_expect_not(tw_lists_number_read(tw_slice_str("ghost:7710432"), &number));
	cr_expect_not(tw_lists_number_read(tw_slice_str("imo: "), &number));
	cr_assert(tw_lists_number_read(tw_slice_str(""), &number));
	cr_expect_eq(number.asked.value.len, 0u);
}

Test(lists_number, an_imo_number_is_checked_as_a_ships_and_as_a_companys)
{
	cr_expect_str_eq(doubt("imo:9187629"), "none");
	cr_expect_str_eq(doubt("IMO: IMO 9187629"), "none");
	cr_expect_str_eq(doubt("imo:5342883"), "none", "a company's");
	cr_expect(strstr(doubt("imo:9187628"), "check digit"));
	cr_expect(strstr(doubt("imo:918762"), "check digit"));
	cr_expect_str_eq(doubt("9187629"), "none");
	cr_expect(strstr(doubt("9187628"), "of seven digits"));
	cr_expect_str_eq(doubt("91876281"), "none", "eight digits are no such number");
	cr_expect_str_eq(doubt("passport:9187628"), "none");
}

/* Source: the two LEIs are those of ISO 17442's registration authority and of its foundation, as GLEIF publishes them. */
Test(lists_number, an_lei_is_checked_by_its_last_two_characters)
{
	cr_expect_str_eq(doubt("lei:506700GE1G29325QX363"), "none");
	cr_expect_str_eq(doubt("LEI: 5067 00GE 1G29 325Q X363"), "none");
	cr_expect(strstr(doubt("lei:506700GE1G29325QX364"), "no LEI"));
	cr_expect(strstr(doubt("lei:506700GE1G29325QX36"), "no LEI"));
	cr_expect(strstr(doubt("lei:506700GE1G29325QX3633"), "no LEI"));
}

Test(lists_number, a_name_is_no_number)
{
	struct tw_lists_number number;
	cr_expect(tw_lists_number_meant(tw_slice_str("imo:9187629"), &number));
	cr_expect(tw_lists_number_meant(tw_slice_str("IMO 9187629"), &number));
	cr_expect(tw_lists_number_meant(tw_slice_str("imo9187628"), &number) && number.doubt);
	cr_expect_not(tw_lists_number_meant(tw_slice_str("9187629"), &number), "asked under every scheme");
	cr_expect_not(tw_lists_number_meant(tw_slice_str("Quillfeather: Orla"), &number));
	cr_expect_not(tw_lists_number_meant(tw_slice_str("Tern: 7 Sisters"), &number));
	cr_expect_not(tw_lists_number_meant(tw_slice_str("IMO Shipping 9187629"), &number));
	cr_expect_not(tw_lists_number_meant(tw_slice_str("tax: office"), &number));
	cr_expect_not(tw_lists_number_meant(tw_slice_str(""), &number));
}
