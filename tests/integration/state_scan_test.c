/**
 * @file state_scan_test.c
 * Looking at all that Redis has, and removing it: on one server, on several, in a cluster; by a user that may do no more than that.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/integration/redis_cluster.h"
#include "tests/integration/state_redis.h"

#define SERVERS 3

static void start_keeper(void)
{
	redis_test_start();
	cr_assert(command("ACL SETUSER keeper on >marblebay ~{*:s*}:* " TEST_REDIS_KEEPER_RIGHTS) == 0);
}

TestSuite(redis_scan, .init = start_keeper, .fini = redis_test_stop);

static struct tw_redis_options keeper(const char *prefix, uint32_t shards)
{
	struct tw_redis_options options = redis_options(&server, prefix, shards);
	options.username = "keeper";
	options.password = "marblebay";
	return options;
}

struct names {
	uint32_t entities, unknown;
	char last[64];
};

static bool name_visit(void *context, const struct tw_store_name *name)
{
	struct names *names = context;
	names->entities += name->kind != 0;
	names->unknown += name->kind == 0;
	if (!name->kind) {
		snprintf(names->last, sizeof(names->last), "%.*s", (int)name->key.len, name->key.ptr);
	}
	return true;
}

static struct names all_names(struct tw_store *store)
{
	struct names names = {.entities = 0};
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_each(store, name_visit, &names, &err), TW_OK, "%s: %s", err.what, err.detail);
	return names;
}

Test(redis_scan, every_entity_is_met_and_seen_with_its_watermark)
{
	for (uint32_t shards = 1; shards <= 5; shards += 4) {
		struct tw_redis_options options = keeper(shards == 1 ? "one" : "five", shards);
		struct tw_store *store = opened_with(&options);
		suite_every_entity_is_met_and_seen_with_its_watermark(store);
		tw_store_free(store);
	}
}

Test(redis_scan, what_no_engine_writes_is_met_as_unknown)
{
	struct tw_redis_options options = keeper("t[w*", 2); /* signs of a pattern in a prefix are only letters */
	struct tw_store *store = opened_with(&options);
	expect_seen(store, 0, 0, -1);
	cr_expect_eq(all_names(store).entities, 3);
	cr_expect_eq(all_names(store).unknown, 0);
	static const char *const strange[] = {"{t[w*:s0}:junk", "{t[w*:s7}:r:1:x", "{t[w*:s1}:r:9:x", "{t[w*:s1}:r:1"};
	for (uint32_t i = 0; i < 4; i++) {
		char words[64];
		snprintf(words, sizeof(words), "SET %s x", strange[i]);
		command(words);
		cr_expect_eq(all_names(store).unknown, 1, "%s", strange[i]);
		cr_expect_str_eq(all_names(store).last, strange[i]);
		snprintf(words, sizeof(words), "DEL %s", strange[i]);
		command(words);
	}
	command("SET {txw:s0}:r:1:x somebody_else");
	cr_expect_eq(all_names(store).unknown, 0);
	tw_store_free(store);
}

Test(redis_scan, a_user_without_the_right_to_scan_is_refused)
{
	struct tw_store *store = opened("tw", 1);
	struct names names = {.entities = 0};
	struct tw_error err;
	uint64_t removed;
	cr_expect_eq(tw_store_each(store, name_visit, &names, &err), TW_E_AUTH);
	cr_expect_eq(tw_store_remove(store, &removed, &err), TW_E_AUTH);
	tw_store_free(store);
}

Test(redis_scan, removing_takes_all_of_a_prefix_and_nothing_else)
{
	struct tw_redis_options options = keeper("tw", 3), other = keeper("tw2", 2);
	struct tw_store *store = opened_with(&options), *beside = opened_with(&other);
	struct tw_error err = {.detail = ""};
	uint64_t removed = 0;
	for (int64_t i = 0; i < 30; i++) {
		expect_seen(store, i, 0, i ? i : -1);
		expect_seen(beside, i, 0, i ? i : -1);
	}
	command("SET {tw:s2}:junk x");
	cr_assert_eq(tw_store_remove(store, &removed, &err), TW_OK, "%s: %s", err.what, err.detail);
	cr_expect_eq(command("KEYS {tw:s*"), 0);
	cr_expect_eq(removed, 32 + 3 * 3 + 1, "%llu", (unsigned long long)removed); /* records; epoch, topics, watermark a shard; junk */
	cr_expect_eq(suite_seen(beside, &arena), 30);
	suite_survey(store);
	expect_seen(store, 0, 0, -1); /* a new life */
	tw_store_free(store);
	tw_store_free(beside);
}

Test(redis_scan, while_state_is_removed_no_engine_works_and_none_starts)
{
	struct tw_redis_options options = keeper("tw", 2);
	struct tw_store *engine = opened_with(&options), *late = NULL;
	struct tw_error err = {.detail = ""};
	struct tw_store_life life;
	uint64_t removed;
	expect_seen(engine, 0, 0, -1);
	command("SET {tw:s0}:epoch tidewaiter_is_removing_this_state"); /* as a removal that broke off leaves it */
	expect_stale(engine, 1, 1, "somebody removes the state");
	cr_expect_eq(tw_store_survey(engine, NULL, 0, true, &life, &err), TW_E_STALE);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect_eq(tw_store_redis_new(&options, &late, &err), TW_E_STALE);
	options.unseen = true;
	cr_assert_eq(tw_store_redis_new(&options, &late, &err), TW_OK, "%s", err.detail);
	cr_expect_eq(tw_store_remove(late, &removed, &err), TW_OK);
	cr_expect_eq(command("KEYS {tw:s*"), 0);
	tw_store_free(late);
	tw_store_free(engine);
}

static void arena_start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void arena_stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(redis_scan_far, .init = arena_start, .fini = arena_stop);

static void met_and_removed(const struct tw_redis_options *options)
{
	struct tw_store *store = opened_with(options);
	struct tw_error err = {.detail = ""};
	uint64_t removed = 0;
	suite_every_entity_is_met_and_seen_with_its_watermark(store);
	cr_assert_eq(tw_store_remove(store, &removed, &err), TW_OK, "%s: %s", err.what, err.detail);
	cr_expect_eq(removed, 7 + 3 * options->shards, "%llu", (unsigned long long)removed);
	cr_expect_eq(all_names(store).entities, 0);
	tw_store_free(store);
}

Test(redis_scan_far, several_servers_are_each_scanned_once)
{
	static struct test_redis servers[SERVERS];
	char addresses[SERVERS * 100];
	size_t length = 0;
	for (int i = 0; i < SERVERS; i++) {
		cr_assert(test_redis_start(&servers[i], NULL));
		length += (size_t)snprintf(addresses + length, sizeof(addresses) - length, "%s%s", i ? "," : "", servers[i].address);
	}
	struct tw_redis_options options = redis_options(&servers[0], "tw", 5);
	options.address = addresses;
	met_and_removed(&options);
	for (int i = 0; i < SERVERS; i++) {
		cr_expect_eq(command_at(&servers[i], "DBSIZE"), 0);
		test_redis_stop(&servers[i]);
	}
}

Test(redis_scan_far, the_primaries_of_a_cluster_too)
{
	static struct test_cluster cluster;
	cr_assert(test_cluster_start(&cluster), "the cluster did not come up");
	struct tw_redis_options options = redis_options(&cluster.member[0], "tw", 7);
	options.address = cluster.addresses;
	options.cluster = true;
	options.username = "admin";
	options.password = cluster.member[0].admin;
	met_and_removed(&options);
	test_cluster_stop(&cluster);
}
