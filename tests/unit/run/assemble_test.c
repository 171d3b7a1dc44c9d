/* Where a partition is read from, by where its state stands; and every case in which no reading would do. */
#include "engine/run/assemble.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static int64_t start_of(int64_t least, int64_t most, int64_t known, int64_t committed, int64_t log_start, int64_t log_end)
{
	struct tw_store_standing state = {least, most, known};
	struct tw_error err = {.detail = ""};
	int64_t start = -7;
	enum tw_code code = tw_engine_start(&state, "tw.manifests/3", committed, log_start, log_end, &start, &err);
	cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	return start;
}

static void refused(int64_t least, int64_t most, int64_t known, int64_t committed, int64_t log_start, int64_t log_end, const char *words)
{
	struct tw_store_standing state = {least, most, known};
	struct tw_error err = {.detail = ""};
	int64_t start = -7;
	cr_expect_eq(tw_engine_start(&state, "tw.manifests/3", committed, log_start, log_end, &start, &err), TW_E_STALE, "%s", words);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect_str_eq(err.where, "tw.manifests/3");
	cr_expect(strstr(err.what, words), "%s in place of %s", err.what, words);
	cr_expect(strstr(err.detail, "redis.prefix"), "it must say what to do: %s", err.detail);
}

Test(assemble, a_first_start_reads_from_the_log_start)
{
	cr_expect_eq(start_of(-1, -1, 0, -1, 0, 50), 0);
	cr_expect_eq(start_of(-1, -1, 0, -1, 20, 50), 20, "a log whose first records are gone");
	cr_expect_eq(start_of(30, 30, 0, -1, 20, 50), 20, "applied, never committed: replays");
}

Test(assemble, state_at_or_ahead_of_the_committed_offset_reads_from_there)
{
	cr_expect_eq(start_of(30, 30, 30, 30, 0, 50), 30);
	cr_expect_eq(start_of(30, 40, 25, 30, 0, 50), 30, "one shard applied a batch that was not committed");
	cr_expect_eq(start_of(50, 50, 40, 40, 35, 50), 40, "what the log has no more is not needed");
}

Test(assemble, state_behind_the_committed_offset_is_rebuilt_from_where_it_ends)
{
	cr_expect_eq(start_of(-1, -1, 0, 30, 0, 50), 0);
	cr_expect_eq(start_of(12, 30, 30, 30, 0, 50), 12, "one shard went back");
	cr_expect_eq(start_of(0, 30, 30, 30, 0, 50), 0, "one shard has nothing");
	cr_expect_eq(start_of(12, 12, 12, 30, 12, 50), 12, "the log begins exactly there");
}

Test(assemble, history_that_the_log_has_no_more_stops)
{
	refused(-1, -1, 0, 30, 1, 50, "cannot be rebuilt");
	refused(12, 30, 30, 30, 13, 50, "cannot be rebuilt");
}

Test(assemble, state_ahead_of_the_log_stops)
{
	refused(51, 51, 50, 50, 0, 50, "ahead of the log");
	refused(-1, 1, 0, -1, 0, 0, "ahead of the log");
}

Test(assemble, a_committed_offset_that_went_back_stops)
{
	refused(30, 30, 30, 29, 0, 50, "went back");
	refused(30, 30, 30, -1, 0, 50, "went back");
}

/* A store that has the first `next` offsets of one partition, as dead letters. */
static void partition_move(struct tw_store *store, int32_t partition, int64_t next)
{
	struct tw_arena arena;
	struct tw_error err = {.detail = ""};
	struct tw_store_part part = {.topic = tw_slice_str("tw.manifests"), .partition = partition, .next = next};
	tw_arena_init(&arena, 4096, 0);
	cr_assert_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_OK, "%s", err.what);
	tw_arena_fini(&arena);
}

static enum tw_disposition placed_beyond(struct tw_store *store, struct tw_doubt *doubt, int32_t partition, int64_t log_end)
{
	struct tw_error err = {.detail = ""};
	int64_t start = -7;
	cr_assert_eq(tw_engine_place(store, doubt, tw_slice_str("tw.manifests"), partition, -1, 0, log_end, &start, &err), TW_E_STALE);
	return err.disposition;
}

Test(assemble, a_contradiction_stops_when_it_is_seen_twice_and_nobody_moved_the_state)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	struct tw_doubt doubt = {.standing = false};
	int64_t start = -7;
	cr_assert_eq(tw_store_memory_new(&store, &err), TW_OK);
	partition_move(store, 0, 10);
	partition_move(store, 1, 10);
	cr_expect_eq(placed_beyond(store, &doubt, 0, 9), TW_RETRY, "the log was asked first: it may have grown since");
	cr_expect_eq(placed_beyond(store, &doubt, 1, 9), TW_RETRY, "of another partition");
	cr_expect_eq(placed_beyond(store, &doubt, 0, 9), TW_RETRY);
	partition_move(store, 0, 12);
	cr_expect_eq(placed_beyond(store, &doubt, 0, 11), TW_RETRY, "somebody works on it");
	cr_expect_eq(placed_beyond(store, &doubt, 0, 11), TW_STOP);
	cr_expect_eq(tw_engine_place(store, &doubt, tw_slice_str("tw.manifests"), 0, -1, 0, 12, &start, &err), TW_OK);
	cr_expect_eq(start, 0);
	cr_expect_eq(placed_beyond(store, &doubt, 0, 11), TW_RETRY, "there was none in between");
	tw_store_free(store);
}
