/**
 * @file places_test.c
 * Watermarks: what is below them, and when state is behind the log.
 */
#include "engine/state/places.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(places, topics_get_ids_in_order_and_no_more_than_a_tag_can_name)
{
	struct tw_places places = {.topic_count = 0};
	char name[16];
	for (int i = 0; i < (int)TW_TOPICS_MAX; i++) {
		snprintf(name, sizeof(name), "t%d", i);
		cr_expect_eq(tw_places_topic(&places, tw_slice_str(name)), -1);
		cr_expect_eq(tw_places_topic_add(&places, tw_slice_str(name)), i);
		cr_expect_eq(tw_places_topic(&places, tw_slice_str(name)), i);
	}
	cr_expect_eq(tw_places_topic_add(&places, tw_slice_str("one too many")), -1);
	tw_places_fini(&places);
}

Test(places, rows_grow_and_keep_what_they_have)
{
	struct tw_places places = {.topic_count = 0};
	tw_places_topic_add(&places, tw_slice_str("t"));
	tw_places_at(&places, 0, 3)->next = 77;
	cr_expect_eq(tw_places_at(&places, 0, TW_PARTITIONS_MAX - 1)->next, 0);
	cr_expect_eq(tw_places_at(&places, 0, 3)->next, 77);
	tw_places_fini(&places);
}

Test(places, below_the_watermark_is_offset_then_index)
{
	struct tw_place place = {.present = true, .next = 10, .done = 2};
	cr_expect(tw_place_has(&place, 9, 500));
	cr_expect(tw_place_has(&place, 10, 1));
	cr_expect_not(tw_place_has(&place, 10, 2));
	cr_expect_not(tw_place_has(&place, 11, 0));
	place.present = false;
	cr_expect_not(tw_place_has(&place, 0, 0));
}

static enum tw_code checked(struct tw_place place, int64_t committed, int64_t first, struct tw_error *err)
{
	struct tw_store_event event = {.offset = first};
	struct tw_store_part part = {
	    .topic = tw_slice_str("tw.manifests"), .partition = 7, .committed = committed, .next = first + 1, .events = &event, .event_count = 1};
	return tw_place_check(&place, &part, err);
}

Test(places, a_first_start_and_a_replay_are_fine)
{
	struct tw_error err;
	cr_expect_eq(checked((struct tw_place){.present = false}, 0, 500, &err), TW_OK, "the log may begin late");
	cr_expect_eq(checked((struct tw_place){.present = false}, -1, 0, &err), TW_OK);
	cr_expect_eq(checked((struct tw_place){.present = true, .next = 10, .highest = 10}, 4, 4, &err), TW_OK);
	cr_expect_eq(checked((struct tw_place){.present = true, .next = 10, .highest = 10}, 10, 15, &err), TW_OK, "offsets have gaps");
	cr_expect_eq(checked((struct tw_place){.present = true, .next = 6, .highest = 10}, 6, 6, &err), TW_OK,
	             "read again from where it went back to");
}

Test(places, state_behind_the_log_or_behind_itself_is_stale)
{
	struct tw_error err = {.detail = ""};
	cr_expect_eq(checked((struct tw_place){.present = false}, 1, 1, &err), TW_E_STALE);
	cr_expect_str_eq(err.where, "tw.manifests/7");
	cr_expect(strstr(err.detail, "watermark -1, committed 1;"), "%s", err.detail);
	cr_expect_eq(checked((struct tw_place){.present = true, .next = 9}, 10, 10, &err), TW_E_STALE);
	cr_expect_eq(checked((struct tw_place){.present = true, .next = 6, .highest = 10}, 6, 10, &err), TW_E_STALE);
	cr_expect(strstr(err.detail, "watermark 6, before 10;"), "%s", err.detail);
	cr_expect_eq(err.disposition, TW_STOP);
}

Test(places, only_entries_below_a_committed_offset_may_be_folded)
{
	struct tw_places places = {.topic_count = 0};
	tw_places_topic_add(&places, tw_slice_str("t"));
	*tw_places_at(&places, 0, 1) = (struct tw_place){.known = true, .committed = 5};
	cr_expect(tw_places_below(&places, tw_tag(0, 1, 4)));
	cr_expect_not(tw_places_below(&places, tw_tag(0, 1, 5)));
	cr_expect_not(places.wanting, "our own partition: we know how far it is");
	cr_expect_not(tw_places_below(&places, tw_tag(0, 2, 0)));
	cr_expect(places.wanting && tw_places_at(&places, 0, 2)->wanted, "somebody else's: ask");
	cr_expect_not(tw_places_below(&places, tw_tag(1, 0, 0)));
	cr_expect(places.topics_wanted, "a topic that we have not heard of: ask");
	tw_places_fini(&places);
}

Test(places, forgetting_keeps_nothing_of_another_life)
{
	struct tw_places places = {.topic_count = 0};
	tw_places_topic_add(&places, tw_slice_str("t"));
	*tw_places_at(&places, 0, 0) = (struct tw_place){.known = true, .present = true, .next = 9, .committed = 8, .highest = 9, .wanted = true};
	tw_places_forget(&places);
	struct tw_place *place = tw_places_at(&places, 0, 0);
	cr_expect(!place->known && !place->present && !place->wanted && place->next == 0 && place->committed == 0);
	cr_expect_eq(place->highest, 0);
	tw_places_fini(&places);
}
