/** @file list_date_test.c  Dates as issuers write them, and texts that are none. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "feeds/list_date.h"

static const char *read(const char *text, enum tw_list_date_order order)
{
	static char out[64];
	struct tw_list_date date, until;
	if (!tw_list_date_read(tw_slice_str(text), order, &date, &until)) {
		cr_expect(date.year == 0 && until.year == 0);
		return "none";
	}
	snprintf(out, sizeof(out), "%u-%u-%u%s", date.year, date.month, date.day, date.circa ? "?" : "");
	if (until.year) {
		snprintf(out + strlen(out), sizeof(out) - strlen(out), " %u-%u-%u", until.year, until.month, until.day);
	}
	return out;
}

Test(list_date, every_shape_of_the_issuers_is_read)
{
	static const char *const cases[][2] = {
	    {"1962", "1962-0-0"},
	    {"12 Mar 1962", "1962-3-12"},
	    {"1962-03-12", "1962-3-12"},
	    {"12/03/1962", "1962-3-12"},
	    {"00/00/1980", "1980-0-0"},
	    {"00/07/1980", "1980-7-0"},
	    {"dd/mm/1975", "1975-0-0"},
	    {"dd/07/1975", "1975-7-0"},
	    {"12/mm/1975", "1975-0-0"},
	    {"DD/MM/1975", "1975-0-0"},
	    {"12/00/1975", "1975-0-0"},
	    {"circa 1955", "1955-0-0?"},
	    {"1955 to 1958", "1955-0-0? 1958-0-0"},
	    {"1955-1958", "1955-0-0? 1958-0-0"},
	    {"Between 1955 and 1958", "1955-0-0? 1958-0-0"},
	    {"May 1970", "1970-5-0"},
	    {"March 4, 1970", "1970-3-4"},
	    {"1 Jan 1950 to 31 Dec 1951", "1950-1-1? 1951-12-31"},
	    {"29/02/2000", "2000-2-29"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect_str_eq(read(cases[i][0], TW_DATE_DAY_FIRST), cases[i][1], "%s: %s", cases[i][0], read(cases[i][0], TW_DATE_DAY_FIRST));
	}
	cr_expect_str_eq(read("10/16/2017", TW_DATE_MONTH_FIRST), "2017-10-16");
}

Test(list_date, what_is_no_date_is_none)
{
	static const char *const cases[] = {"",     "-0-",    "unknown", "31/02/1990", "29/02/1900", "13/13/1990", "19620312", "0962",
	                                    "3962", "12 Mar", "12",      "1962 born",  "1:1:1962",   "dd/mm/yyyy", "dd/mm",    "32/00/1975"};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		cr_expect_str_eq(read(cases[i], TW_DATE_DAY_FIRST), "none", "%s: %s", cases[i], read(cases[i], TW_DATE_DAY_FIRST));
	}
	cr_expect_str_eq(read("16/10/2017", TW_DATE_MONTH_FIRST), "none");
}

Test(list_date, what_is_less_stated_is_before)
{
	struct tw_list_date year = {1990, 0, 0, false}, day = {1990, 5, 1, false}, later = {1991, 0, 0, false};
	cr_expect(tw_list_date_compare(year, day) < 0 && tw_list_date_compare(later, day) > 0 && tw_list_date_compare(day, day) == 0);
}

static const char *period(struct tw_list_date from, struct tw_list_date to)
{
	static char out[64];
	bool span = tw_list_date_period(&from, &to);
	snprintf(out, sizeof(out), "%u-%u-%u%s", from.year, from.month, from.day, from.circa ? "?" : "");
	if (span) {
		snprintf(out + strlen(out), sizeof(out) - strlen(out), " %u-%u-%u", to.year, to.month, to.day);
	}
	return out;
}

#define DAY(year, month, day) ((struct tw_list_date){year, month, day, false})

Test(list_date, a_period_is_a_day_a_month_a_year_or_a_span)
{
	cr_expect_str_eq(period(DAY(1962, 11, 23), DAY(1962, 11, 23)), "1962-11-23");
	cr_expect_str_eq(period(DAY(1962, 0, 0), DAY(1962, 0, 0)), "1962-0-0");
	cr_expect_str_eq(period(DAY(1964, 2, 1), DAY(1964, 2, 29)), "1964-2-0");
	cr_expect_str_eq(period(DAY(1964, 2, 1), DAY(1964, 2, 28)), "1964-2-1? 1964-2-28");
	cr_expect_str_eq(period(DAY(1961, 1, 1), DAY(1961, 12, 31)), "1961-0-0");
	cr_expect_str_eq(period(DAY(1961, 1, 1), DAY(1963, 12, 31)), "1961-0-0? 1963-0-0");
	cr_expect_str_eq(period(DAY(1961, 1, 1), DAY(1963, 1, 1)), "1961-0-0? 1963-0-0");
	cr_expect_str_eq(period(DAY(1961, 3, 2), DAY(1961, 4, 5)), "1961-3-2? 1961-4-5");
	cr_expect_str_eq(period(DAY(1961, 3, 1), DAY(1962, 3, 31)), "1961-3-1? 1962-3-31");
}
