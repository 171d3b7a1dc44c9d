/**
 * @file eta_test.c
 * Which leg's arrival is the deadline.
 */
#include "engine/event/eta.h"

#include "engine/base/time.h"

#include <criterion/criterion.h>

static struct tw_leg leg(enum tw_leg_role role, int32_t day)
{
	struct tw_span stated = {1, 2};
	struct tw_leg out = {.role = {role, stated}};
	if (day) {
		out.arrival = (struct tw_date){day, stated};
	}
	return out;
}

static int64_t eta_of(struct tw_leg *legs, uint32_t count)
{
	struct tw_event event = {.family = TW_FAMILY_MANIFEST};
	event.consignment.route = (struct tw_list){legs, count, count};
	return tw_eta_ms(&event);
}

Test(eta, is_the_earliest_arrival_at_a_discharge_leg)
{
	struct tw_leg legs[] = {leg(TW_LEG_LOAD, 100), leg(TW_LEG_DISCHARGE, 130), leg(TW_LEG_DISCHARGE, 120), leg(TW_LEG_DELIVERY, 110)};
	cr_assert_eq(eta_of(legs, 4), 120 * TW_DAY_MS);
}

Test(eta, is_the_delivery_when_no_discharge_states_an_arrival)
{
	struct tw_leg legs[] = {leg(TW_LEG_DISCHARGE, 0), leg(TW_LEG_DELIVERY, 125), leg(TW_LEG_TRANSIT, 150)};
	cr_assert_eq(eta_of(legs, 3), 125 * TW_DAY_MS);
}

Test(eta, is_the_last_leg_that_states_an_arrival_when_neither_does)
{
	struct tw_leg legs[] = {leg(TW_LEG_LOAD, 100), leg(TW_LEG_TRANSHIPMENT, 110), leg(TW_LEG_TRANSIT, 0)};
	cr_assert_eq(eta_of(legs, 3), 110 * TW_DAY_MS);
}

Test(eta, keeps_days_before_1970)
{
	struct tw_leg legs[] = {leg(TW_LEG_DISCHARGE, -3)};
	cr_assert_eq(eta_of(legs, 1), -3 * TW_DAY_MS);
}

Test(eta, is_none_without_an_arrival_and_for_events_without_a_consignment)
{
	struct tw_leg legs[] = {leg(TW_LEG_LOAD, 0)};
	cr_assert_eq(eta_of(legs, 1), TW_ETA_NONE);
	cr_assert_eq(eta_of(NULL, 0), TW_ETA_NONE);
	struct tw_event certificate = {.family = TW_FAMILY_CERTIFICATE};
	cr_assert_eq(tw_eta_ms(&certificate), TW_ETA_NONE);
}
