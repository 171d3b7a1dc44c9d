/**
 * @file time_test.c
 * engine/base/time: RFC 3339, civil days, both sides of their edges.
 */
#include "engine/base/time.h"

#include <criterion/criterion.h>

static int64_t instant(const char *text)
{
	int64_t ms = INT64_MIN;
	cr_assert(tw_instant_parse(tw_slice_str(text), &ms), "%s", text);
	return ms;
}

Test(time, reads_dates_that_exist)
{
	int32_t day = 0;
	cr_assert(tw_date_parse(tw_slice_str("1970-01-01"), &day));
	cr_assert_eq(day, 0);
	cr_assert(tw_date_parse(tw_slice_str("2000-02-29"), &day));
	cr_assert_eq(day, 11016);
	cr_assert(tw_date_parse(tw_slice_str("1963-08-07"), &day));
	cr_assert_eq(day, -2339);
}

Test(time, refuses_dates_that_do_not_exist_and_other_forms)
{
	static const char *const bad[] = {"1900-02-29", "2026-13-01",  "2026-00-10", "2026-04-31", "2026-1-01",
	                                  "20260101",   "2026-01-01T", "",           "0000-01-01", "2026/01/01"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int32_t day = 77;
		cr_assert_not(tw_date_parse(tw_slice_str(bad[i]), &day), "%s", bad[i]);
		cr_assert_eq(day, 77);
	}
}

Test(time, reads_every_day_of_four_centuries_back_as_it_wrote_it)
{
	char text[TW_DATE_BYTES];
	for (int32_t day = -140000; day < 10000; day++) {
		int32_t back;
		cr_assert(tw_date_parse(tw_slice_str(tw_date_format(day, text)), &back));
		cr_assert_eq(back, day);
	}
}

Test(time, reads_instants_with_zone_and_fraction)
{
	cr_assert_eq(instant("1970-01-01T00:00:00Z"), 0);
	cr_assert_eq(instant("2026-03-02T08:14:00+02:00"), instant("2026-03-02T06:14:00Z"));
	cr_assert_eq(instant("2026-03-02T08:14:00.123456Z") % 1000, 123);
	cr_assert_eq(instant("1969-12-31T23:59:59.5Z"), -500);
	cr_assert_eq(instant("2016-12-31T23:59:60Z"), instant("2016-12-31T23:59:59Z"));
}

Test(time, refuses_instants_without_zone_or_out_of_range)
{
	static const char *const bad[] = {"2026-03-02T08:14:00",      "2026-03-02",
	                                  "2026-03-02T24:00:00Z",     "2026-03-02T08:60:00Z",
	                                  "2026-03-02T08:14:61Z",     "2026-03-02T08:14:00.Z",
	                                  "2026-03-02T08:14:00+0200", "2026-03-02T08:14:00+24:00",
	                                  "2026-02-30T08:14:00Z",     "now"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t ms = 77;
		cr_assert_not(tw_instant_parse(tw_slice_str(bad[i]), &ms), "%s", bad[i]);
		cr_assert_eq(ms, 77);
	}
}

Test(time, takes_the_day_before_for_instants_before_the_epoch)
{
	cr_assert_eq(tw_instant_day(0), 0);
	cr_assert_eq(tw_instant_day(TW_DAY_MS - 1), 0);
	cr_assert_eq(tw_instant_day(-1), -1);
	cr_assert_eq(tw_instant_day(-TW_DAY_MS), -1);
	cr_assert_eq(tw_instant_day(-TW_DAY_MS - 1), -2);
}

Test(time, writes_instants_with_milliseconds_only_where_there_are_some)
{
	char text[TW_INSTANT_BYTES];
	cr_assert_str_eq(tw_instant_format(instant("2026-03-02T08:14:00Z"), text), "2026-03-02T08:14:00Z");
	cr_assert_str_eq(tw_instant_format(instant("2026-03-02T08:14:00.007Z"), text), "2026-03-02T08:14:00.007Z");
}
