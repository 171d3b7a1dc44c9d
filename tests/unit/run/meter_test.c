/* Shares of time, as text; the clock itself is not judged. */
#include "engine/run/meter.h"

#include <criterion/criterion.h>
#include <string.h>

Test(meter, says_shares_of_the_sum)
{
	char text[160];
	struct tw_meter meter = {.at_ns = 1};
	cr_expect_str_eq(tw_meter_text(&meter, text, sizeof(text)),
	                 "poll 0%, decode 0%, lists 0%, state 0%, rules 0%, produce 0%, commit 0% of 0.0 s");
	meter.ns[TW_STAGE_POLL] = 1500000000;
	meter.ns[TW_STAGE_STATE] = 500000000;
	cr_expect_str_eq(tw_meter_text(&meter, text, sizeof(text)),
	                 "poll 75%, decode 0%, lists 0%, state 25%, rules 0%, produce 0%, commit 0% of 2.0 s");
	cr_expect_eq(strlen(tw_meter_text(&meter, text, 10)), 9, "not cut short");
}

Test(meter, the_first_lap_starts_the_clock_and_time_before_it_is_nobodys)
{
	struct tw_meter meter = {.at_ns = 0};
	tw_meter_lap(&meter, TW_STAGE_POLL);
	cr_expect(meter.ns[TW_STAGE_POLL] == 0 && meter.at_ns > 0);
	int64_t begun = meter.at_ns;
	while (meter.ns[TW_STAGE_RULES] == 0) {
		tw_meter_lap(&meter, TW_STAGE_RULES);
	}
	cr_expect_eq(meter.ns[TW_STAGE_RULES], meter.at_ns - begun);
	cr_expect_eq(meter.ns[TW_STAGE_POLL], 0);
}
