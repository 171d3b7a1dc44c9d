/* The window of duplicates against a model that simply remembers everything. */
#include "engine/run/duplicates.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct tw_duplicates *duplicates;

static struct tw_seen_before before; /* the last answer, whole */

static enum tw_seen see_at(const char *topic, int32_t partition, int64_t offset, const char *source, const char *id, const char *raw)
{
	struct tw_error err;
	struct tw_sighting sighting = {.topic = tw_slice_str(topic),
	                               .partition = partition,
	                               .offset = offset,
	                               .source = tw_slice_str(source),
	                               .id = tw_slice_str(id),
	                               .raw = tw_slice_str(raw)};
	cr_assert(tw_duplicates_see(duplicates, &sighting, &before, &err) == TW_OK, "%s", err.what);
	cr_assert((before.seen == TW_SEEN_FIRST) == (before.offset == -1) && before.offset < offset);
	return before.seen;
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

/* CloudEvents in binary mode: the body is the same, the headers are not. */
Test(duplicates, are_told_from_events_of_another_type_or_time_with_the_same_bytes)
{
	struct tw_error err;
	struct tw_sighting one = {.topic = tw_slice_str("t"), .source = tw_slice_str("s"), .id = tw_slice_str("a"), .raw = tw_slice_str("x")};
	static const struct {
		enum tw_event_type type;
		int64_t time_ms;
		enum tw_seen seen;
	} rows[] = {{TW_CERTIFICATE_SUSPENDED, 1, TW_SEEN_FIRST},
	            {TW_CERTIFICATE_REINSTATED, 1, TW_SEEN_OTHER},
	            {TW_CERTIFICATE_REINSTATED, 2, TW_SEEN_OTHER},
	            {TW_CERTIFICATE_SUSPENDED, 1, TW_SEEN_SAME}};
	begin(100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		one.offset = (int64_t)i;
		one.type = rows[i].type;
		one.time_ms = rows[i].time_ms;
		cr_assert_eq(tw_duplicates_see(duplicates, &one, &before, &err), TW_OK);
		cr_assert_eq(before.seen, rows[i].seen, "row %zu", i);
	}
}

Test(duplicates, say_where_the_last_event_of_that_name_was)
{
	begin(100);
	cr_assert_eq(see(10, "a", "x"), TW_SEEN_FIRST);
	cr_assert(see(20, "a", "y") == TW_SEEN_OTHER && before.offset == 10);
	cr_assert(see(30, "a", "x") == TW_SEEN_SAME && before.offset == 20);
	cr_assert(see(130, "a", "z") == TW_SEEN_OTHER && before.offset == 30);
	cr_assert(see(20, "a", "y") == TW_SEEN_OTHER && before.offset == 10, "the answer it got");
	cr_assert(see(231, "a", "z") == TW_SEEN_FIRST && before.offset == -1);
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

Test(duplicates, reach_back_by_offsets_whatever_stands_between)
{
	begin(10);
	cr_assert(see(0, "a", "x") == TW_SEEN_FIRST && see(7, "b", "x") == TW_SEEN_FIRST);
	cr_assert_eq(see(10, "a", "x"), TW_SEEN_SAME, "ten back, two events back");
	cr_assert_eq(see(18, "b", "x"), TW_SEEN_FIRST, "eleven back, two events back");
	cr_assert_eq(see(20, "a", "y"), TW_SEEN_OTHER);
	cr_assert_eq(see(29, "a", "x"), TW_SEEN_OTHER, "its twin at 10 has left, the other content at 20 has not");
	cr_assert_eq(see(1000000, "a", "x"), TW_SEEN_FIRST);
	cr_assert_eq(see(18, "b", "x"), TW_SEEN_FIRST, "the answer is kept, though nothing is compared with that event any more");
}

Test(duplicates, forget_a_partition_and_no_other)
{
	begin(100);
	for (int32_t partition = 0; partition < 20; partition++) {
		cr_assert_eq(see_at("t", partition, 50, "s", "a", "x"), TW_SEEN_FIRST);
	}
	tw_duplicates_forget(duplicates, tw_slice_str("t"), 7);
	tw_duplicates_forget(duplicates, tw_slice_str("t"), 20);
	tw_duplicates_forget(duplicates, tw_slice_str("u"), 0);
	for (int32_t partition = 0; partition < 20; partition++) {
		enum tw_seen expected = partition == 7 ? TW_SEEN_FIRST : TW_SEEN_SAME;
		cr_assert_eq(see_at("t", partition, 51, "s", "a", "x"), expected, "partition %d", partition);
	}
	tw_duplicates_forget(duplicates, tw_slice_str("t"), 7);
	cr_assert_eq(see_at("t", 7, 3, "s", "a", "x"), TW_SEEN_FIRST, "reading may begin anew before where it was");
}

Test(duplicates, are_looked_for_among_what_comes_from_senders)
{
	for (int family = TW_FAMILY_MANIFEST; family <= TW_FAMILY_DECISION; family++) {
		cr_assert(tw_duplicates_covers((enum tw_family)family));
	}
	cr_assert(!tw_duplicates_covers((enum tw_family)0));
}

/* A partition's log with holes, and the slow truth about it: look at each event of the last `window` offsets. */
struct log {
	struct {
		int64_t offset;
		unsigned id, raw;
	} event[4000];
	unsigned count;
	uint64_t random;
};

static unsigned draw(struct log *log, unsigned below)
{
	log->random = log->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(log->random >> 33) % below;
}

static void log_make(struct log *log, unsigned window, uint64_t seed)
{
	int64_t offset = 0;
	log->random = seed;
	for (log->count = 0; log->count < 4000; log->count++) {
		offset += draw(log, 40) ? 1 : 1 + (int64_t)draw(log, window + 2);
		log->event[log->count].offset = offset;
		log->event[log->count].id = draw(log, window * 2);
		log->event[log->count].raw = draw(log, 3);
	}
}

/* @param first events before it are not looked at */
static enum tw_seen model(const struct log *log, unsigned first, unsigned at, unsigned window)
{
	enum tw_seen seen = TW_SEEN_FIRST;
	for (unsigned i = at; i-- > first && log->event[i].offset >= log->event[at].offset - (int64_t)window;) {
		if (log->event[i].id == log->event[at].id) {
			if (log->event[i].raw == log->event[at].raw) {
				return TW_SEEN_SAME;
			}
			seen = TW_SEEN_OTHER;
		}
	}
	return seen;
}

static enum tw_seen see_logged(const struct log *log, unsigned at)
{
	char id[16], raw[16];
	snprintf(id, sizeof(id), "%u", log->event[at].id);
	snprintf(raw, sizeof(raw), "%u", log->event[at].raw);
	return see(log->event[at].offset, id, raw);
}

static const unsigned windows[] = {1, 2, 7, 64, 100};
#define WINDOWS (sizeof(windows) / sizeof(windows[0]))

Test(duplicates, agree_with_a_model_that_looks_at_every_event)
{
	static struct log log;
	unsigned counts[4] = {0};
	for (size_t w = 0; w < WINDOWS; w++) {
		log_make(&log, windows[w], 7 + w);
		begin(windows[w]);
		for (unsigned i = 0; i < log.count; i++) {
			enum tw_seen expected = model(&log, 0, i, windows[w]);
			cr_assert_eq(see_logged(&log, i), expected, "window %u, event %u", windows[w], i);
			counts[expected]++;
		}
		end();
	}
	cr_assert(counts[TW_SEEN_FIRST] > 1000 && counts[TW_SEEN_SAME] > 1000 && counts[TW_SEEN_OTHER] > 1000);
}

/* As after a restart or a rebalance: reading begins anywhere, the window before it is shown again, and nothing else. */
Test(duplicates, answer_from_a_refilled_window_as_one_that_read_everything)
{
	static struct log log;
	unsigned told = 0;
	for (unsigned round = 0; round < 200; round++) {
		unsigned window = windows[round % WINDOWS];
		log_make(&log, window, 1000 + round);
		unsigned start = draw(&log, 3000), first = start;
		while (first && log.event[first - 1].offset >= log.event[start].offset - (int64_t)window) {
			first--;
		}
		begin(window);
		if (round % 2) { /* it was ours before, and is forgotten */
			see_logged(&log, 3500);
			tw_duplicates_forget(duplicates, tw_slice_str("t"), 0);
		}
		for (unsigned i = first; i < start; i++) {
			see_logged(&log, i);
		}
		for (unsigned i = start; i < start + 500; i++) {
			enum tw_seen expected = model(&log, 0, i, window);
			cr_assert_eq(see_logged(&log, i), expected, "round %u, window %u, start %u, event %u", round, window, start, i);
			told += expected != model(&log, start, i, window);
		}
		end();
	}
	cr_assert(told > 500, "only %u answers needed what was shown again", told);
}

Test(duplicates, refuse_an_empty_window_and_an_offset_from_before_it)
{
	struct tw_error err;
	struct tw_sighting old = {.topic = tw_slice_str("t"), .source = {"", 0}, .id = {"", 0}, .raw = {"", 0}};
	cr_assert(tw_duplicates_new(0, &duplicates, &err) == TW_E_RANGE && duplicates == NULL);
	begin(2);
	for (int64_t offset = 0; offset < 5; offset++) {
		see(offset, "a", "x");
	}
	cr_assert(tw_duplicates_see(duplicates, &old, &before, &err) == TW_E_STALE && err.disposition == TW_STOP);
}
