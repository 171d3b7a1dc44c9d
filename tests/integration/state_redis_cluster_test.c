/**
 * @file state_redis_cluster_test.c
 * Shards as hash-tagged slots of a real Redis Cluster: found, moved under load key by key, failed over to a replica that lacks something.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "engine/state/entity.h"
#include "tests/integration/redis_cluster.h"

#define SHARDS 7

static struct test_cluster cluster;

static void start_cluster(void)
{
	tw_arena_init(&arena, 65536, 0);
	cr_assert(test_cluster_start(&cluster), "the cluster did not come up");
}

static void stop_cluster(void)
{
	tw_arena_fini(&arena);
	test_cluster_stop(&cluster);
}

TestSuite(redis_cluster, .init = start_cluster, .fini = stop_cluster);

static struct tw_redis_options all(const char *prefix)
{
	struct tw_redis_options options = redis_options(&cluster.member[0], prefix, SHARDS);
	options.address = cluster.addresses;
	options.cluster = true;
	return options;
}

static struct tw_store *opened_all(const char *prefix)
{
	struct tw_redis_options options = all(prefix);
	return opened_with(&options);
}

/* A shard that has records: that of the party which every event of the suite mentions. */
static void tag_of_party(const char *prefix, char *tag, size_t size)
{
	uint64_t hash = tw_entity_hash(TW_ENTITY_PARTY, tw_slice_str("quill sons|XA"));
	snprintf(tag, size, "{%s:s%u}", prefix, (unsigned)((hash >> 32) % SHARDS));
}

Test(redis_cluster, every_shard_is_found_at_the_primary_of_its_slot)
{
	struct tw_redis_options options = all("tw");
	char one[32];
	snprintf(one, sizeof(one), "127.0.0.1:%d", cluster.member[1].port);
	options.address = one; /* any member knows */
	struct tw_store *store = opened_with(&options);
	for (int64_t i = 0; i < 30; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	int used = 0;
	for (int shard = 0; shard < SHARDS; shard++) {
		char tag[16], words[64];
		snprintf(tag, sizeof(tag), "{tw:s%d}", shard);
		int owner = test_cluster_owner(&cluster, tag);
		snprintf(words, sizeof(words), "EXISTS %s:epoch %s:w:tw.manifests:0", tag, tag);
		cr_expect_eq(command_at(&cluster.member[owner], words), 2, "%s at %d", tag, owner);
		used |= 1 << owner;
	}
	cr_expect_eq(used, 7, "seven shards are on all three primaries");
	expect_fold(store, 30);
	tw_store_free(store);
}

Test(redis_cluster, any_interleaving_ends_as_in_memory)
{
	struct tw_store *store = opened_all("p"), *model = NULL;
	cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
	suite_any_interleaving_ends_equal(store, model, 21);
	tw_store_free(store);
	tw_store_free(model);
}

Test(redis_cluster, what_was_sent_ahead_counts_once_whoever_asks_next)
{
	struct tw_store *store = opened_all("tw");
	suite_what_was_sent_ahead_counts_once_whoever_asks_next(store);
	tw_store_free(store);
}

Test(redis_cluster, what_is_asked_holds_once_confirmed)
{
	struct tw_store *store = opened_all("tw");
	suite_what_is_asked_holds_once_confirmed(store, false);
	tw_store_free(store);
}

/* What a run does with one event: the same call again where it is told to, a look first where the state may be another. Done: one more. */
static void attempt(struct tw_store *store, int64_t *at)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	enum tw_code code = suite_apply_one(store, *at, *at, &arena, &seen, &err);
	if (code == TW_OK) {
		cr_assert_eq(seen, *at ? *at : -1, "offset %lld: %lld", (long long)*at, (long long)seen);
		++*at;
		return;
	}
	cr_assert_eq(err.disposition, TW_RETRY, "offset %lld: %s: %s", (long long)*at, err.what, err.detail);
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, *at};
	struct tw_store_life life = {.open = false};
	for (int looks = 0; looks < 3 && code != TW_E_IO && !life.open; looks++) {
		code = tw_store_survey(store, &place, 1, true, &life, &err);
		cr_assert(code == TW_OK || (code == TW_E_IO && err.disposition == TW_RETRY), "%s: %s", err.what, err.detail);
		cr_assert(code != TW_OK || life.missing == 0);
	}
	if (code == TW_E_IO) {
		poll(NULL, 0, 2); /* the cluster is at work: it, not we, brings the next attempt on */
	}
}

static void attempt_until(struct tw_store *store, int64_t *at, int64_t end)
{
	for (int tries = 0; *at < end; tries++) {
		cr_assert_lt(tries, 5000);
		attempt(store, at);
	}
}

Test(redis_cluster, a_slot_that_moves_under_load_loses_and_doubles_nothing)
{
	struct tw_store *store = opened_all("tw"), *other = opened_all("tw");
	char tag[32];
	int64_t at = 0;
	tag_of_party("tw", tag, sizeof(tag));
	int from = test_cluster_owner(&cluster, tag), to = (from + 1) % TEST_CLUSTER_PRIMARIES;
	attempt_until(store, &at, 40);
	cr_assert(test_cluster_move_begin(&cluster, tag, from, to));
	for (int left = 1; left > 0;) {
		attempt(at % 2 ? store : other, &at);
		left = test_cluster_move_key(&cluster, tag, from, to);
		cr_assert_geq(left, 0);
		attempt(store, &at);
	}
	attempt(store, &at);
	cr_assert(test_cluster_move_end(&cluster, tag, from, to));
	attempt_until(store, &at, at + 20);
	cr_expect_eq(test_cluster_owner(&cluster, tag), to);
	attempt_until(other, &at, at + 20);
	expect_fold(other, at);
	tw_store_free(store);
	tw_store_free(other);
}

/* Bytes of the party's record. */
static uint32_t party_read(struct tw_store *store)
{
	struct tw_slice bytes = {NULL, 0};
	struct tw_error err = {.detail = ""};
	enum tw_code code = tw_store_read(store, TW_ENTITY_PARTY, tw_slice_str("quill sons|XA"), &arena, &bytes, &err);
	cr_expect_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	return bytes.len;
}

Test(redis_cluster, what_is_asked_in_the_middle_of_a_move_is_found_where_it_is)
{
	struct tw_store *store = opened_all("tw");
	char tag[32];
	int64_t at = 0;
	tag_of_party("tw", tag, sizeof(tag));
	int from = test_cluster_owner(&cluster, tag), to = (from + 1) % TEST_CLUSTER_PRIMARIES;
	attempt_until(store, &at, 10);
	uint32_t bytes = party_read(store);
	cr_assert(test_cluster_move_begin(&cluster, tag, from, to));
	for (int left = 1; left > 0;) {
		cr_expect_eq(party_read(store), bytes, "%d keys left", left);
		left = test_cluster_move_key(&cluster, tag, from, to);
		cr_assert_geq(left, 0);
	}
	cr_expect_eq(party_read(store), bytes, "all at the other, none of them its own yet");
	struct tw_store_standing standing;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_watermark(store, tw_slice_str("tw.manifests"), 0, &standing, &err), TW_OK, "%s", err.detail);
	cr_expect(standing.least == 10 && standing.most == 10);
	/* a replay's keys are all there: nothing is new */
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, 9, 9, &arena, &seen, &err), TW_OK, "%s: %s", err.what, err.detail);
	cr_expect_eq(seen, 9);
	cr_assert(test_cluster_move_end(&cluster, tag, from, to));
	attempt_until(store, &at, 12);
	expect_fold(store, 12);
	tw_store_free(store);
}

Test(redis_cluster, a_moved_slot_is_another_life)
{
	struct tw_store *store = opened_all("tw"), *zombie = opened_all("tw");
	char tag[32];
	int64_t at = 0;
	tag_of_party("tw", tag, sizeof(tag));
	int from = test_cluster_owner(&cluster, tag), to = (from + 2) % TEST_CLUSTER_PRIMARIES;
	attempt_until(store, &at, 5);
	expect_seen(zombie, 4, 4, 4);
	cr_assert(test_cluster_move_begin(&cluster, tag, from, to));
	for (int left = 1; left > 0;) {
		left = test_cluster_move_key(&cluster, tag, from, to);
	}
	cr_assert(test_cluster_move_end(&cluster, tag, from, to));
	expect_stale(store, 5, 5, "the shard has another server now");
	struct tw_store_life life = look(store, 5, true);
	cr_expect(life.adopted && !life.open && life.missing == 0, "an open epoch from another server was believed");
	cr_expect(look(store, 5, true).open);
	expect_seen(store, 5, 5, 5);
	expect_stale(zombie, 5, 5, "nor does anybody else go on as if nothing had happened");
	expect_fold(store, 6);
	tw_store_free(store);
	tw_store_free(zombie);
}

Test(redis_cluster, a_failover_to_a_replica_that_lacks_something_is_noticed_and_rebuilt)
{
	struct tw_store *store = opened_all("tw");
	char tag[32];
	int64_t at = 0;
	tag_of_party("tw", tag, sizeof(tag));
	int owner = test_cluster_owner(&cluster, tag);
	attempt_until(store, &at, 10);
	cr_assert(test_cluster_replica_start(&cluster, owner));
	attempt_until(store, &at, 20);
	struct test_redis *replica = &cluster.member[TEST_CLUSTER_PRIMARIES];
	test_redis_kill(replica);
	attempt_until(store, &at, 30);
	test_redis_kill(&cluster.member[owner]);
	cr_assert(test_redis_restart(replica));
	expect_away(store, at, at);
	cr_assert(test_cluster_take_over(&cluster, owner));
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, at};
	struct tw_store_life life = {.adopted = false};
	struct tw_error err = {.detail = ""};
	while (tw_store_survey(store, &place, 1, true, &life, &err) == TW_E_IO) {
		cr_assert_eq(err.disposition, TW_RETRY);
	}
	cr_assert(life.adopted && !life.open, "%s: %s", err.what, err.detail);
	cr_expect(life.missing >= 10 && life.missing <= 30, "%lld", (long long)life.missing);
	rebuild(store, at - life.missing, at);
	cr_assert(look(store, at, true).open);
	attempt_until(store, &at, 33);
	expect_fold(store, 33);
	tw_store_free(store);
}

Test(redis_cluster, a_shard_whose_server_is_gone_is_a_retry)
{
	struct tw_store *store = opened_all("tw");
	char tag[32];
	tag_of_party("tw", tag, sizeof(tag));
	int owner = test_cluster_owner(&cluster, tag);
	expect_seen(store, 0, 0, -1);
	test_redis_kill(&cluster.member[owner]);
	expect_away(store, 1, 1);
	expect_away(store, 1, 1);
	cr_assert(test_redis_restart(&cluster.member[owner]));
	int64_t at = 1;
	attempt_until(store, &at, 5);
	expect_fold(store, 5);
	tw_store_free(store);
}

Test(redis_cluster, what_is_no_cluster_or_no_port_is_refused)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	struct tw_redis_options options = all("tw");
	options.address = cluster.member[0].address;
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_SYNTAX, "a unix socket");
	options = redis_options(&cluster.member[0], "tw", SHARDS);
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_IO, "some shards are at others");
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect(strstr(err.detail, "redis.cluster"), "%s", err.detail);
}
