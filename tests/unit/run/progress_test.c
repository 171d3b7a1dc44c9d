/* The progress line's text, and the summary's. */
#include "engine/run/progress.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/run/counters.h"

Test(progress, shows_share_rate_and_time_left)
{
	char text[160];
	cr_assert_str_eq(tw_progress_text(250, 1000, 5000, "events", 1000, text, sizeof(text)),
	                 "[######..................]  25%  5000 events  5000 events/s  0:03 left");
	cr_assert_str_eq(tw_progress_text(1, 100000, 10, "events", 1000, text, sizeof(text)),
	                 "[........................]   0%  10 events  10 events/s  27h46m left");
	cr_assert(strstr(tw_progress_text(0, 1000, 0, "events", 0, text, sizeof(text)), "-:-- left") != NULL);
	cr_assert(strstr(tw_progress_text(2000, 1000, 1, "events", 1000, text, sizeof(text)), "100%") != NULL);
}

Test(progress, shows_bytes_when_the_end_is_not_known)
{
	char text[160];
	cr_assert_str_eq(tw_progress_text(1500000, 0, 1000, "events", 2000, text, sizeof(text)), "1000 events, 1.5 MB, 500 events/s");
}

static char *printed(const struct tw_counters *counters, int64_t ms)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	tw_counters_print(counters, ms, out);
	fclose(out);
	return text;
}

Test(counters, add_up_and_name_reasons_and_lanes)
{
	struct tw_counters total = {0}, batch = {.events = 10, .alerts = 3, .holds = 1, .random = 1, .family = {9}};
	batch.lane[TW_LANE_RED] = 2;
	batch.lane[TW_LANE_GREEN] = 1;
	tw_counters_dead(&batch, "syntax", 1);
	tw_counters_add(&total, &batch);
	tw_counters_add(&total, &batch);
	tw_counters_dead(&total, "utf8", 1);
	tw_rule_counts_add(&total.shadow, tw_slice_str("on-trial"), 3);
	tw_rule_counts_add(&total.suppressed, tw_slice_str("set-aside"), 1);
	char *text = printed(&total, 2000);
	cr_assert_str_eq(
	    text, "20 events, 3 dead letters (syntax: 2, utf8: 1), 6 alerts (4 red, 0 yellow, 0 blue, 2 green; 2 at random), 2 holds in 2.0 s: "
	          "10 events/s\n18 manifests\nin the shadow: on-trial 3\nsuppressed: set-aside 1\n");
	free(text);
}

Test(counters, keep_rules_in_the_shadow_apart_as_far_as_there_is_room)
{
	static struct tw_counters total, batch;
	for (unsigned i = 0; i < TW_RULES_COUNTED + 10; i++) {
		char id[16];
		snprintf(id, sizeof(id), "rule-%u", i);
		tw_rule_counts_add(&batch.shadow, tw_slice_str(id), i + 1);
	}
	tw_counters_add(&total, &batch);
	tw_counters_add(&total, &batch);
	cr_expect_eq(total.shadow.all, 2 * batch.shadow.all);
	cr_expect(strcmp(total.shadow.of[3].rule, "rule-3") == 0 && total.shadow.of[3].count == 8);
	cr_expect_str_eq(total.shadow.of[TW_RULES_COUNTED - 1].rule, "others");
	uint64_t sum = 0;
	for (unsigned i = 0; i < TW_RULES_COUNTED; i++) {
		sum += total.shadow.of[i].count;
	}
	cr_expect_eq(sum, total.shadow.all, "none is forgotten");
}

Test(counters, print_nothing_that_did_not_happen)
{
	struct tw_counters none = {0};
	char *text = printed(&none, 0);
	cr_assert_str_eq(text, "0 events, 0 dead letters, 0 alerts, 0 holds in 0.0 s: 0 events/s\n");
	free(text);
}
