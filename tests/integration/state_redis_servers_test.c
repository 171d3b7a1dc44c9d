/**
 * @file state_redis_servers_test.c
 * Shards spread over several servers, of which each can go away, lose everything or come back by itself.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define SERVERS 3
#define SHARDS  5

static struct test_redis servers[SERVERS];
static char addresses[SERVERS * 100];

static void start_all(void)
{
	size_t length = 0;
	tw_arena_init(&arena, 65536, 0);
	for (int i = 0; i < SERVERS; i++) {
		cr_assert(test_redis_start_restricted(&servers[i]));
		length += (size_t)snprintf(addresses + length, sizeof(addresses) - length, "%s%s", i ? ", " : "", servers[i].address);
	}
}

static void stop_all(void)
{
	tw_arena_fini(&arena);
	for (int i = 0; i < SERVERS; i++) {
		test_redis_stop(&servers[i]);
	}
}

TestSuite(redis_servers, .init = start_all, .fini = stop_all);

static struct tw_redis_options all(const char *prefix)
{
	struct tw_redis_options options = redis_options(&servers[0], prefix, SHARDS);
	options.address = addresses;
	return options;
}

static struct tw_store *opened_all(const char *prefix)
{
	struct tw_redis_options options = all(prefix);
	return opened_with(&options);
}

Test(redis_servers, shard_i_is_on_server_i_modulo_their_number)
{
	struct tw_store *store = opened_all("tw");
	for (int64_t i = 0; i < 40; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	for (int shard = 0; shard < SHARDS; shard++) {
		char words[64];
		snprintf(words, sizeof(words), "EXISTS {tw:s%d}:epoch {tw:s%d}:w:tw.manifests:0", shard, shard);
		for (int i = 0; i < SERVERS; i++) {
			cr_expect_eq(command_at(&servers[i], words), i == shard % SERVERS ? 2 : 0, "shard %d, server %d", shard, i);
		}
	}
	expect_fold(store, 40);
	tw_store_free(store);
}

Test(redis_servers, any_interleaving_ends_as_in_memory)
{
	for (uint64_t seed = 11; seed <= 12; seed++) {
		char prefix[8];
		snprintf(prefix, sizeof(prefix), "p%u", (unsigned)seed);
		struct tw_store *store = opened_all(prefix), *model = NULL;
		cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
		suite_any_interleaving_ends_equal(store, model, seed);
		tw_store_free(store);
		tw_store_free(model);
	}
}

Test(redis_servers, what_was_sent_ahead_counts_once_whoever_asks_next)
{
	struct tw_store *store = opened_all("tw");
	suite_what_was_sent_ahead_counts_once_whoever_asks_next(store);
	tw_store_free(store);
}

Test(redis_servers, what_is_asked_holds_once_confirmed)
{
	struct tw_store *store = opened_all("tw");
	suite_what_is_asked_holds_once_confirmed(store, true);
	tw_store_free(store);
}

Test(redis_servers, one_that_is_killed_is_a_retry_and_one_that_comes_back_is_gone_on_with)
{
	struct tw_store *store = opened_all("tw");
	int64_t at = 0;
	for (int victim = 0; victim < SERVERS; victim++) {
		for (int i = 0; i < 5; i++, at++) {
			expect_seen(store, at, at, at ? at : -1);
		}
		test_redis_kill(&servers[victim]);
		expect_away(store, at, at);
		expect_away(store, at, at);
		cr_assert(test_redis_restart(&servers[victim]));
		suite_survey(store);
	}
	expect_seen(store, at, at, at);
	expect_fold(store, at + 1);
	tw_store_free(store);
}

Test(redis_servers, one_that_lost_everything_is_rebuilt_alone)
{
	struct tw_store *store = opened_all("tw"), *zombie = opened_all("tw");
	for (int64_t i = 0; i < 20; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	command_at(&servers[1], "FLUSHALL");
	expect_stale(store, 20, 20, "two shards of five are empty");
	cr_expect_eq(look(store, 20, false).missing, 20);
	rebuild(store, 0, 20);
	cr_assert(look(store, 20, true).open);
	expect_stale(zombie, 20, 20, "it slept through the loss");
	expect_seen(store, 20, 20, 20);
	expect_fold(store, 21);
	tw_store_free(store);
	tw_store_free(zombie);
}

Test(redis_servers, addresses_and_shards_that_cannot_be_are_refused)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	struct tw_redis_options options = all("tw");
	options.shards = 2;
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_RANGE, "%s", err.detail);
	cr_expect_eq(err.disposition, TW_STOP);
	options = all("tw");
	static const char *const refused[] = {"", ",", "127.0.0.1:1,,127.0.0.1:2", "127.0.0.1:1,", "127.0.0.1:1,host:x"};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		options.address = refused[i];
		cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_SYNTAX, "%s", refused[i]);
	}
}
