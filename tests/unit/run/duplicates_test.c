/* The window of duplicates against a model that simply remembers everything. */
#include "engine/run/duplicates.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct tw_duplicates *duplicates;

static enum tw_seen see_at(const char *topic, int32_t partition, int64_t offset, const char *source, const char *id, const char *raw)
{
	enum tw_seen seen = TW_SEEN_FIRST;
	struct tw_error err;
	struct tw_sighting sighting = {.topic = tw_slice_str(topic),
	                               .partition = partition,
	                               .offset = offset,
	                               .source = tw_slice_str(source),
	                               .id = tw_slice_str(id),
	                               .raw = tw_slice_str(raw)};
	cr_assert(tw_duplicates_see(duplicates, &sighting, &seen, &err) == TW_OK, "%s", err.what);
	return seen;
}

static enum tw_seen see(int64_t offset, const char *id, const char *raw)
{
	return see_at("t", 0, offset, "s", id, raw);
}

static void begin(uint32_t window)
{
	struct tw_error err;
	cr_assert(tw_duplicates_new(window, &duplicates, &err) == TW_OK);
}

static void end(void)
{
	tw_duplicates_free(duplicates);
	duplicates = NULL;
}

TestSuite(duplicates, .fini = end);

Test(duplicates, are_told_from_other_content_and_other_names)
{
	begin(100);
	cr_assert_eq(see(0, "a", "x"), TW_SEEN_FIRST);
	cr_assert_eq(see(1, "a", "x"), TW_SEEN_SAME);
	cr_assert_eq(see(2, "a", "y"), TW_SEEN_OTHER);
	cr_assert_eq(see(3, "a", "x"), TW_SEEN_SAME, "still known behind the other content");
	cr_assert_eq(see(4, "b", "x"), TW_SEEN_FIRST, "the same bytes under another name are another event");
	cr_assert_eq(see_at("t", 0, 5, "sa", "", "x"), TW_SEEN_FIRST, "source and id do not run together");
}

Test(duplicates, are_of_one_partition_of_one_topic)
{
	begin(100);
	cr_assert_eq(see_at("t", 0, 0, "s", "a", "x"), TW_SEEN_FIRST);
	cr_assert_eq(see_at("t", 1, 0, "s", "a", "x"), TW_SEEN_FIRST);
	cr_assert_eq(see_at("u", 0, 0, "s", "a", "x"), TW_SEEN_FIRST);
	for (int32_t partition = 0; partition < 20; partition++) {
		cr_assert_eq(see_at("many", partition, 0, "s", "a", "x"), TW_SEEN_FIRST);
	}
	cr_assert_eq(see_at("t", 0, 1, "s", "a", "x"), TW_SEEN_SAME);
}

Test(duplicates, reach_back_exactly_as_far_as_the_window)
{
	begin(3);
	cr_assert(see(0, "a", "x") == TW_SEEN_FIRST && see(1, "b", "x") == TW_SEEN_FIRST && see(2, "c", "x") == TW_SEEN_FIRST);
	cr_assert_eq(see(3, "a", "x"), TW_SEEN_SAME, "three back");
	cr_assert(see(4, "d", "x") == TW_SEEN_FIRST && see(5, "e", "x") == TW_SEEN_FIRST);
	cr_assert_eq(see(6, "b", "x"), TW_SEEN_FIRST, "five back");
	cr_assert_eq(see(7, "a", "x"), TW_SEEN_FIRST, "its copy was four back");
}

Test(duplicates, give_an_event_that_comes_again_at_its_offset_the_answer_it_got)
{
	begin(10);
	for (int round = 0; round < 3; round++) {
		cr_assert_eq(see(10, "a", "x"), TW_SEEN_FIRST);
		cr_assert_eq(see(20, "a", "x"), TW_SEEN_SAME);
		cr_assert_eq(see(30, "a", "y"), TW_SEEN_OTHER);
		cr_assert_eq(see(40, "b", "y"), TW_SEEN_FIRST);
	}
	cr_assert_eq(see(50, "b", "y"), TW_SEEN_SAME);
}

/* The slow truth: look at each of the last `window` events. */
static enum tw_seen model(const unsigned (*events)[2], unsigned at, unsigned window)
{
	enum tw_seen seen = TW_SEEN_FIRST;
	for (unsigned i = at > window ? at - window : 0; i < at; i++) {
		if (events[i][0] == events[at][0]) {
			if (events[i][1] == events[at][1]) {
				return TW_SEEN_SAME;
			}
			seen = TW_SEEN_OTHER;
		}
	}
	return seen;
}

Test(duplicates, agree_with_a_model_that_looks_at_every_event)
{
	static const unsigned windows[] = {1, 2, 7, 64, 100};
	static unsigned events[4000][2];
	unsigned counts[4] = {0};
	for (size_t w = 0; w < sizeof(windows) / sizeof(windows[0]); w++) {
		uint64_t state = 7 + w;
		begin(windows[w]);
		for (unsigned i = 0; i < 4000; i++) {
			char id[16], raw[16];
			state = state * 6364136223846793005ULL + 1442695040888963407ULL;
			events[i][0] = (unsigned)(state >> 33) % (windows[w] * 2);
			events[i][1] = (unsigned)(state >> 50) % 3;
			snprintf(id, sizeof(id), "%u", events[i][0]);
			snprintf(raw, sizeof(raw), "%u", events[i][1]);
			enum tw_seen expected = model((const unsigned(*)[2])events, i, windows[w]);
			cr_assert_eq(see(i, id, raw), expected, "window %u, event %u", windows[w], i);
			counts[expected]++;
		}
		end();
	}
	cr_assert(counts[TW_SEEN_FIRST] > 1000 && counts[TW_SEEN_SAME] > 1000 && counts[TW_SEEN_OTHER] > 1000);
}

Test(duplicates, refuse_an_empty_window_and_an_offset_from_before_it)
{
	enum tw_seen seen;
	struct tw_error err;
	struct tw_sighting old = {.topic = tw_slice_str("t"), .source = {"", 0}, .id = {"", 0}, .raw = {"", 0}};
	cr_assert(tw_duplicates_new(0, &duplicates, &err) == TW_E_RANGE && duplicates == NULL);
	begin(2);
	for (int64_t offset = 0; offset < 5; offset++) {
		see(offset, "a", "x");
	}
	cr_assert(tw_duplicates_see(duplicates, &old, &seen, &err) == TW_E_STALE && err.disposition == TW_STOP);
}
