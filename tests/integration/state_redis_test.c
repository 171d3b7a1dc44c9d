/**
 * @file state_redis_test.c
 * The Redis store against the suite that every store must pass, on a real server that lets its user do no more than it has to; and engines that
 * die, share a partition, leave long tails. Every test has a server of its own.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/state/facts_suite.h"

TestSuite(redis_store, .init = redis_test_start, .fini = redis_test_stop);

#define SCENARIO(name)                                                                                                                               \
	Test(redis_store, name)                                                                                                                      \
	{                                                                                                                                            \
		struct tw_store *store = opened("one", 1), *sharded = opened("three", 3);                                                            \
		suite_##name(store);                                                                                                                 \
		suite_##name(sharded);                                                                                                               \
		tw_store_free(store);                                                                                                                \
		tw_store_free(sharded);                                                                                                              \
	}

SUITE_OF_ANY_STORE(SCENARIO)

Test(redis_store, terms_and_draws_may_come_in_either_order)
{
	struct tw_store *store = opened("a", 2), *other = opened("b", 1);
	suite_terms_and_draws_may_come_in_either_order(store, other);
	tw_store_free(store);
	tw_store_free(other);
}

Test(redis_store, any_interleaving_ends_as_in_memory)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		char prefix[8];
		snprintf(prefix, sizeof(prefix), "p%u", (unsigned)seed);
		struct tw_store *store = opened(prefix, 1 + (uint32_t)seed % 3), *model = NULL;
		cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
		suite_any_interleaving_ends_equal(store, model, seed);
		tw_store_free(store);
		tw_store_free(model);
	}
}

Test(redis_store, facts_end_equal_in_any_order_and_as_in_memory)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		char prefix[8];
		snprintf(prefix, sizeof(prefix), "f%u", (unsigned)seed);
		struct tw_store *store = opened(prefix, 1 + (uint32_t)seed % 3), *model = NULL;
		cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
		suite_facts_end_equal_in_any_order(store, model, seed);
		tw_store_free(store);
		tw_store_free(model);
	}
}

Test(redis_store, another_process_replays_what_was_applied_but_not_committed)
{
	struct tw_store *store = opened("tw", 2);
	for (int64_t i = 0; i < 30; i++) {
		expect_seen(store, i, 0, i ? i : -1);
	}
	tw_store_free(store); /* dies between apply and commit */
	store = opened("tw", 2);
	for (int64_t i = 20; i < 40; i++) {
		expect_seen(store, i, 20, i);
	}
	cr_expect_eq(suite_seen(store, &arena), 40);
	tw_store_free(store);
}

Test(redis_store, a_killed_connection_is_a_retry_and_the_same_call_is_right)
{
	struct tw_store *store = opened("tw", 2);
	expect_seen(store, 0, 0, -1);
	for (int64_t i = 1; i < 20; i++) {
		cr_assert_gt(command("CLIENT KILL TYPE normal SKIPME yes"), 0);
		expect_seen_at_last(store, i, i - 1, i);
	}
	cr_expect_eq(suite_seen(store, &arena), 20);
	tw_store_free(store);
}

Test(redis_store, two_engines_on_one_partition_add_everything_once)
{
	struct tw_store *store = opened("tw", 2), *zombie = opened("tw", 2);
	for (int64_t i = 0; i < 50; i++) {
		struct tw_store *first = i % 3 ? store : zombie, *second = i % 3 ? zombie : store;
		expect_seen(first, i, i, i ? i : -1);
		expect_seen(second, i, i, i ? i : -1);
	}
	cr_expect_eq(suite_seen(store, &arena), 50);
	tw_store_free(store);
	tw_store_free(zombie);
}

/* The suite's events of two partitions in one batch: one call carries both. */
static void apply_two(struct tw_store *store, int64_t from, int64_t count)
{
	struct tw_store_event events[2][16];
	struct tw_store_part parts[2];
	struct tw_error err = {.detail = ""};
	for (int32_t p = 0; p < 2; p++) {
		for (int64_t i = 0; i < count; i++) {
			events[p][i] = suite_event(&arena, from + i + 1000 * p);
			events[p][i].offset = from + i;
		}
		parts[p] = (struct tw_store_part){.topic = tw_slice_str("tw.manifests"),
		                                  .partition = p,
		                                  .committed = from,
		                                  .next = from + count,
		                                  .events = events[p],
		                                  .event_count = (uint32_t)count};
	}
	enum tw_code code = tw_store_apply(store, parts, 2, &arena, &err);
	cr_assert_eq(code, TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
}

Test(redis_store, a_call_of_two_partitions_of_which_another_engine_has_moved_one_counts_everything_once)
{
	struct tw_store *store = opened("tw", 2), *other = opened("tw", 2);
	apply_two(store, 0, 8);
	apply_two(other, 0, 8); /* all replays */
	int64_t seen = 0;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(suite_apply_at(other, "tw.manifests", 1, 1008, 8, 8, &arena, &seen, &err), TW_OK, "%s", err.detail);
	cr_expect_eq(seen, 16);
	apply_two(store, 8, 8); /* its watermark of partition 1 is one short: nothing of the first call may count */
	cr_expect_eq(suite_seen(store, &arena), 32);
	apply_two(other, 8, 8);
	cr_expect_eq(suite_seen(other, &arena), 32);
	tw_store_free(store);
	tw_store_free(other);
}

/* One that slept past its session: its partition has another owner, who has committed and folded what the sleeper goes on with. */
Test(redis_store, a_replay_that_others_have_committed_and_folded_is_a_retry)
{
	struct tw_store *sleeper = opened("tw", 2), *owner = opened("tw", 2);
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	for (int64_t i = 0; i < 10; i++) {
		expect_seen(sleeper, i, 0, i ? i : -1);
	}
	for (int64_t i = 0; i < 60; i++) {
		expect_seen(owner, i, i, i ? i : -1);
	}
	cr_expect_eq(suite_apply_one(sleeper, 9, 8, &arena, &seen, &err), TW_E_STALE);
	cr_expect(err.disposition == TW_RETRY, "%s: %s", err.what, err.detail);
	/* placed anew, it knows what is committed: what is missing then was deleted */
	suite_survey(sleeper);
	cr_expect_eq(suite_apply_one(sleeper, 9, 60, &arena, &seen, &err), TW_E_STALE);
	cr_expect_eq(err.disposition, TW_STOP);
	tw_store_free(sleeper);
	tw_store_free(owner);
}

Test(redis_store, a_replay_that_was_deleted_stops_though_nothing_was_ever_committed)
{
	struct tw_store *store = opened("tw", 1);
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_assert_eq(suite_apply_one(store, 0, -1, &arena, &seen, &err), TW_OK);
	redisContext *context = test_redis_connect(&server);
	freeReplyObject(redisCommand(context, "DEL %s", "{tw:s0}:r:1:quill sons|XA"));
	redisFree(context);
	cr_expect_eq(suite_apply_one(store, 0, -1, &arena, &seen, &err), TW_E_STALE);
	cr_expect_eq(err.disposition, TW_STOP, "%s: %s", err.what, err.detail);
	tw_store_free(store);
}

Test(redis_store, lost_functions_are_loaded_again)
{
	command("ACL SETUSER tidewaiter -watch");
	struct tw_store *store = opened("tw", 2);
	expect_seen(store, 0, 0, -1);
	command("FUNCTION FLUSH");
	expect_seen(store, 1, 0, 1);
	cr_expect_eq(command("FUNCTION LIST"), 1);
	tw_store_free(store);
}

static long long party_bytes(void)
{
	redisContext *context = test_redis_connect(&server);
	redisReply *reply = redisCommand(context, "STRLEN %s", "{tw:s0}:r:1:quill sons|XA");
	long long bytes = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
	freeReplyObject(reply);
	redisFree(context);
	return bytes;
}

Test(redis_store, long_tails_are_folded_on_the_server)
{
	struct tw_store *store = opened("tw", 1);
	for (int64_t i = 0; i < 300; i++) {
		expect_seen(store, i, i, i ? i : -1);
		tw_arena_reset(&arena);
	}
	cr_expect(party_bytes() > 0 && party_bytes() < 1500, "%lld bytes", party_bytes());
	tw_store_free(store);
}

Test(redis_store, tails_of_several_engines_topics_and_partitions_are_folded_too)
{
	struct tw_store *stores[] = {opened("tw", 1), opened("tw", 1), opened("tw", 1)};
	static const char *const topics[] = {"tw.manifests", "tw.manifests", "tw.other"};
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	int64_t told = 0;
	for (int64_t i = 0; i < 100; i++) {
		/* the third tells two events of a topic that the others have never heard of, and falls silent */
		for (int32_t k = 0; k < (i < 2 ? 3 : 2); k++, told++) {
			enum tw_code code = suite_apply_at(stores[k], topics[k], k, told, i, i, &arena, &seen, &err);
			cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
			cr_assert_eq(seen, told ? told : -1);
		}
		tw_arena_reset(&arena);
	}
	cr_expect_gt(party_bytes(), 2500, "the third's last event is not committed: everything after it must stay");
	cr_assert_eq(suite_apply_at(stores[2], topics[2], 2, told++, 2, 2, &arena, &seen, &err), TW_OK);
	for (int64_t i = 100; i < 116; i++) {
		cr_assert_eq(suite_apply_at(stores[i % 2], topics[0], (int32_t)(i % 2), told++, i, 100, &arena, &seen, &err), TW_OK, "%s",
		             err.detail);
	}
	cr_expect(party_bytes() > 0 && party_bytes() < 2500, "%lld bytes", party_bytes());
	for (int k = 0; k < 3; k++) {
		cr_expect_eq(suite_seen(stores[k], &arena), told);
		tw_store_free(stores[k]);
	}
}
