/**
 * @file state_redis_test.c
 * The Redis store against the suite that every store must pass, on a real server; and what only a real server can do to it: die, lose
 * its memory, lose its functions, refuse. Every test has a server of its own.
 */
#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/arena.h"
#include "tests/integration/redis.h"
#include "tests/unit/state/facts_suite.h"
#include "tests/unit/state/store_suite.h"

static struct test_redis server;

static void start(void)
{
	cr_assert(test_redis_start(&server, NULL), "redis-server did not start");
}

static void stop(void)
{
	test_redis_stop(&server);
}

TestSuite(redis_store, .init = start, .fini = stop);

static enum tw_code open_store(const char *prefix, uint32_t shards, struct tw_store **store, struct tw_error *err)
{
	struct tw_redis_options options = {.address = server.address, .prefix = prefix, .shards = shards, .timeout_ms = 10000};
	return tw_store_redis_new(&options, store, err);
}

static struct tw_store *opened(const char *prefix, uint32_t shards)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	enum tw_code code = open_store(prefix, shards, &store, &err);
	cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	suite_survey(store);
	return store;
}

/* The integer or the number of elements that a command answers. */
static long long command(const char *words)
{
	redisReply *reply = test_redis_command(&server, words);
	cr_assert(reply && reply->type != REDIS_REPLY_ERROR, "%s: %s", words, reply ? reply->str : "no answer");
	long long value = reply->type == REDIS_REPLY_ARRAY ? (long long)reply->elements : reply->integer;
	freeReplyObject(reply);
	return value;
}

#define SCENARIO(name)                                                                                                                               \
	Test(redis_store, name)                                                                                                                      \
	{                                                                                                                                            \
		struct tw_store *store = opened("one", 1), *sharded = opened("three", 3);                                                            \
		suite_##name(store);                                                                                                                 \
		suite_##name(sharded);                                                                                                               \
		tw_store_free(store);                                                                                                                \
		tw_store_free(sharded);                                                                                                              \
	}

SCENARIO(first_mention_has_no_prior)
SCENARIO(earlier_events_of_a_batch_count_into_later_priors)
SCENARIO(a_replay_gives_the_same_priors_and_adds_nothing)
SCENARIO(part_of_a_batch_may_be_a_replay)
SCENARIO(what_was_sent_ahead_counts_once_whoever_asks_next)
SCENARIO(a_dead_letter_advances_the_watermark)
SCENARIO(state_behind_the_log_is_stale)
SCENARIO(bad_parts_are_refused)
SCENARIO(one_event_with_thousands_of_marks)
SCENARIO(long_tails_fold_without_changing_anything)
SCENARIO(a_replay_below_the_committed_offset_is_refused_once_folded)
SCENARIO(an_unknown_entity_reads_as_nothing)

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

/* ---- what only a server can do ---- */

static struct tw_arena arena;

static void expect_seen(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	enum tw_code code = suite_apply_one(store, offset, committed, &arena, &seen, &err);
	cr_assert_eq(code, TW_OK, "offset %lld: %s: %s: %s", (long long)offset, err.what, err.where, err.detail);
	cr_assert_eq(seen, expected, "offset %lld: %lld", (long long)offset, (long long)seen);
}

/* The connection is gone, and with it the certainty that nothing has changed: a look, then the same call. */
static void expect_seen_at_last(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	enum tw_code code = suite_apply_one(store, offset, committed, &arena, &seen, &err);
	cr_assert_eq(code, TW_E_IO, "the connection is gone");
	cr_assert_eq(err.disposition, TW_RETRY);
	cr_assert_eq(suite_apply_one(store, offset, committed, &arena, &seen, &err), TW_E_STALE, "a new connection must be followed by a look");
	cr_assert_eq(err.disposition, TW_RETRY);
	suite_survey(store);
	expect_seen(store, offset, committed, expected);
}

Test(redis_store, another_process_replays_what_was_applied_but_not_committed)
{
	tw_arena_init(&arena, 65536, 0);
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
	tw_arena_fini(&arena);
}

Test(redis_store, a_killed_connection_is_a_retry_and_the_same_call_is_right)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2);
	expect_seen(store, 0, 0, -1);
	for (int64_t i = 1; i < 20; i++) {
		cr_assert_gt(command("CLIENT KILL TYPE normal SKIPME yes"), 0);
		expect_seen_at_last(store, i, i - 1, i);
	}
	cr_expect_eq(suite_seen(store, &arena), 20);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, two_engines_on_one_partition_add_everything_once)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2), *zombie = opened("tw", 2);
	for (int64_t i = 0; i < 50; i++) {
		struct tw_store *first = i % 3 ? store : zombie, *second = i % 3 ? zombie : store;
		expect_seen(first, i, i, i ? i : -1);
		expect_seen(second, i, i, i ? i : -1);
	}
	cr_expect_eq(suite_seen(store, &arena), 50);
	tw_store_free(store);
	tw_store_free(zombie);
	tw_arena_fini(&arena);
}

Test(redis_store, a_server_killed_and_started_again_has_lost_nothing)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2);
	for (int64_t i = 0; i < 25; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	test_redis_kill(&server);
	struct tw_error err;
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, 25, 25, &arena, &seen, &err), TW_E_IO);
	cr_expect_eq(suite_apply_one(store, 25, 25, &arena, &seen, &err), TW_E_IO, "nobody listens yet");
	cr_expect_eq(err.disposition, TW_RETRY);
	cr_assert(test_redis_restart(&server));
	suite_survey(store);
	expect_seen(store, 25, 25, 25);
	cr_expect_eq(suite_seen(store, &arena), 26);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

static void expect_stale(struct tw_store *store, int64_t offset, int64_t committed, const char *why)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, offset, committed, &arena, &seen, &err), TW_E_STALE, "%s", why);
	cr_expect_eq(err.disposition, TW_RETRY, "%s: %s", why, err.what);
}

/* One look at a group that has committed partition 0 of the suite's topic so far. */
static struct tw_store_life look(struct tw_store *store, int64_t committed, bool may_open)
{
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, committed};
	struct tw_store_life life;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_survey(store, &place, 1, may_open, &life, &err), TW_OK, "%s: %s", err.what, err.detail);
	return life;
}

/* As a rebuild appends: the suite's event, no prior asked for. */
static enum tw_code rebuild_one(struct tw_store *store, int64_t offset, int64_t committed, struct tw_error *err)
{
	struct tw_store_event events[] = {suite_event(&arena, offset)};
	struct tw_store_part part = {
	    .topic = tw_slice_str("tw.manifests"), .committed = committed, .next = offset + 1, .events = events, .event_count = 1, .rebuild = true};
	return tw_store_apply(store, &part, 1, &arena, err);
}

static void rebuild(struct tw_store *store, int64_t from, int64_t committed)
{
	for (int64_t i = from; i < committed; i++) {
		struct tw_error err = {.detail = ""};
		enum tw_code code = rebuild_one(store, i, committed, &err);
		cr_assert_eq(code, TW_OK, "offset %lld: %s: %s", (long long)i, err.what, err.detail);
	}
}

/* Bytes of every entity that the suite's event touches. */
static void read_all(struct tw_store *store, struct tw_slice out[3])
{
	static const struct {
		enum tw_entity_kind kind;
		const char *key;
	} of[] = {{TW_ENTITY_PARTY, "quill sons|XA"}, {TW_ENTITY_CERTIFICATE, "QZ|QZMOD1"}, {TW_ENTITY_CONSIGNMENT, "CONS3"}};
	for (int i = 0; i < 3; i++) {
		struct tw_error err = {.detail = ""};
		struct tw_slice bytes;
		cr_assert_eq(tw_store_read(store, of[i].kind, tw_slice_str(of[i].key), &arena, &bytes, &err), TW_OK, "%s", err.detail);
		out[i] = tw_arena_copy(&arena, bytes);
	}
}

static void expect_equal(const struct tw_slice a[3], const struct tw_slice b[3])
{
	for (int i = 0; i < 3; i++) {
		cr_expect(tw_slice_equal(a[i], b[i]), "entity %d: %u and %u bytes", i, a[i].len, b[i].len);
	}
	cr_expect(a[0].len && a[1].len);
}

Test(redis_store, a_flushed_server_is_never_started_at_zero_but_rebuilt)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2);
	struct tw_slice before[3], after[3];
	for (int64_t i = 0; i < 10; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	read_all(store, before);
	command("FLUSHALL");
	expect_stale(store, 10, 10, "the epoch is gone");
	expect_stale(store, 10, 10, "asking again does not help");
	struct tw_store_life life = look(store, 10, true);
	cr_expect(life.adopted && !life.open);
	cr_expect_eq(life.missing, 10);
	life = look(store, 10, true);
	cr_expect(!life.adopted && !life.open && life.missing == 10, "opened with 10 events missing");
	expect_stale(store, 10, 10, "closed");
	cr_expect_eq(suite_seen(store, &arena), 0);
	life = look(store, 10, true); /* the refusal dropped what was known */
	rebuild(store, 0, 10);
	cr_expect(!look(store, 10, false).open, "opened by somebody who may not");
	cr_expect(look(store, 10, true).open);
	read_all(store, after);
	expect_equal(before, after);
	expect_seen(store, 10, 10, 10);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

static void shard_delete(int shard)
{
	redisContext *context = redisConnectUnix(server.address + 5);
	redisReply *keys = redisCommand(context, "KEYS {tw:s%d}:*", shard);
	cr_assert(keys && keys->type == REDIS_REPLY_ARRAY && keys->elements > 2);
	for (size_t i = 0; i < keys->elements; i++) {
		freeReplyObject(redisCommand(context, "DEL %b", keys->element[i]->str, keys->element[i]->len));
	}
	freeReplyObject(keys);
	redisFree(context);
}

Test(redis_store, a_shard_that_was_lost_alone_is_rebuilt_alone)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2);
	struct tw_slice before[3], after[3];
	for (int64_t i = 0; i < 20; i++) {
		expect_seen(store, i, i ? i - 1 : 0, i ? i : -1); /* the last is applied, not committed */
	}
	read_all(store, before);
	for (int shard = 0; shard < 2; shard++) {
		shard_delete(shard);
		cr_assert_eq(look(store, 19, false).missing, 19);
		rebuild(store, 0, 19);
		look(store, 19, true);
		cr_assert(look(store, 19, true).open);
		expect_seen(store, 19, 19, 19); /* a replay on one shard, new on the other */
		read_all(store, after);
		expect_equal(before, after);
	}
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, an_append_under_an_old_epoch_is_refused_and_changes_nothing)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2), *zombie = opened("tw", 2);
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(zombie, i, i, i ? i : -1);
	}
	command("FLUSHALL");
	expect_stale(store, 5, 5, "the epoch is gone");
	look(store, 5, false);
	rebuild(store, 0, 5);
	cr_assert(look(store, 5, true).open);
	struct tw_error err;
	cr_expect_eq(rebuild_one(zombie, 5, 6, &err), TW_E_STALE, "not even a rebuild");
	cr_expect_eq(err.disposition, TW_RETRY);
	expect_stale(zombie, 5, 5, "slept through the flush");
	cr_expect_eq(suite_seen(store, &arena), 5);
	struct tw_store_life life = look(zombie, 5, false);
	cr_expect(life.adopted && life.open, "it goes on in the new life");
	expect_seen(zombie, 5, 5, 5);
	expect_seen(store, 6, 6, 6);
	tw_store_free(store);
	tw_store_free(zombie);
	tw_arena_fini(&arena);
}

Test(redis_store, a_watermark_behind_the_committed_offset_closes_an_open_epoch)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2), *other = opened("tw", 2);
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	struct tw_store_life life = look(other, 6, true);
	cr_expect(life.adopted && !life.open && life.missing == 1);
	expect_stale(store, 5, 5, "another epoch");
	rebuild(other, 5, 6);
	cr_expect(look(other, 6, true).open);
	cr_expect(look(store, 6, true).adopted);
	expect_seen(store, 6, 6, 6);
	tw_store_free(store);
	tw_store_free(other);
	tw_arena_fini(&arena);
}

Test(redis_store, an_epoch_never_comes_again_after_a_flush)
{
	char seen[4][64] = {""};
	for (int life = 0; life < 4; life++) {
		struct tw_store *store = opened("tw", 1);
		redisReply *reply = test_redis_command(&server, "GET {tw:s0}:epoch");
		cr_assert(reply && reply->type == REDIS_REPLY_STRING && reply->len < sizeof(seen[0]));
		memcpy(seen[life], reply->str, reply->len + 1);
		for (int i = 0; i < life; i++) {
			cr_expect(strcmp(seen[i], seen[life]) < 0, "%s after %s", seen[life], seen[i]);
		}
		freeReplyObject(reply);
		tw_store_free(store);
		command("FLUSHALL");
	}
}

Test(redis_store, a_flush_before_the_first_commit_refuses_who_goes_on_and_serves_who_starts_over)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(store, i, 0, i ? i : -1);
	}
	command("FLUSHALL");
	expect_stale(store, 5, 0, "offsets 0 to 4 would be missing");
	suite_survey(store);
	for (int64_t i = 0; i < 6; i++) {
		expect_seen(store, i, 0, i ? i : -1);
	}
	tw_store_free(store);
	tw_arena_fini(&arena);
}

/* Something of ours that no engine has written: the next look or batch stops, and says which key. */
static void expect_corrupt(struct tw_store *store, const char *words, const char *key)
{
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, 1};
	struct tw_store_life life;
	struct tw_error err = {.detail = ""};
	command(words);
	cr_expect_eq(tw_store_survey(store, &place, 1, true, &life, &err), TW_E_CORRUPT, "%s", words);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect_str_eq(err.where, key);
}

Test(redis_store, an_epoch_or_watermark_that_somebody_changed_is_corrupt_and_named)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	expect_corrupt(store, "SET {tw:s0}:w:tw.manifests:0 x", "{tw:s0}:w:tw.manifests:0");
	command("DEL {tw:s0}:w:tw.manifests:0");
	expect_corrupt(store, "APPEND {tw:s0}:epoch x", "{tw:s0}:epoch");
	struct tw_store *second = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(open_store("tw", 1, &second, &err), TW_E_CORRUPT);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, lost_functions_are_loaded_again)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 2);
	expect_seen(store, 0, 0, -1);
	command("FUNCTION FLUSH");
	expect_seen(store, 1, 0, 1);
	cr_expect_eq(command("FUNCTION LIST"), 1);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, a_library_of_another_version_is_replaced)
{
	redisContext *context = redisConnectUnix(server.address + 5);
	cr_assert(context && !context->err);
	redisReply *reply = redisCommand(context, "FUNCTION LOAD %s",
	                                 "#!lua name=tidewaiter\nredis.register_function{function_name='tw_version', "
	                                 "callback=function() return 'other' end, flags={'no-writes'}}");
	cr_assert(reply && reply->type == REDIS_REPLY_STRING);
	freeReplyObject(reply);
	redisFree(context);
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

static long long party_bytes(void)
{
	redisContext *context = redisConnectUnix(server.address + 5);
	redisReply *reply = redisCommand(context, "STRLEN %s", "{tw:s0}:r:1:quill sons|XA");
	long long bytes = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;
	freeReplyObject(reply);
	redisFree(context);
	return bytes;
}

Test(redis_store, long_tails_are_folded_on_the_server)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	for (int64_t i = 0; i < 300; i++) {
		expect_seen(store, i, i, i ? i : -1);
		tw_arena_reset(&arena);
	}
	cr_expect(party_bytes() > 0 && party_bytes() < 1500, "%lld bytes", party_bytes());
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, tails_of_several_engines_topics_and_partitions_are_folded_too)
{
	tw_arena_init(&arena, 65536, 0);
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
	tw_arena_fini(&arena);
}

Test(redis_store, what_was_remembered_before_a_flush_is_never_used_after_a_rebuild)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1), *rebuilder = NULL;
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	for (int64_t i = 0; i < 18; i++) {
		/* the last of these remembers how to fold the first 17 */
		expect_seen(store, i, i, i ? i : -1);
	}
	command("FLUSHALL");
	rebuilder = opened("tw", 1);
	for (int64_t i = 0; i < 17; i++) {
		cr_assert_eq(suite_apply_at(rebuilder, "tw.manifests", 1, 100 + i, i, 0, &arena, &seen, &err), TW_OK);
	}
	for (int64_t i = 0; i < 18; i++) {
		cr_assert_eq(suite_apply_at(rebuilder, "tw.manifests", 0, i, i, 0, &arena, &seen, &err), TW_OK);
	}
	expect_stale(store, 18, 18, "another epoch");
	suite_survey(store);
	/* watermark and generation are as they were, the record is another one */
	expect_seen(store, 18, 18, 35);
	expect_seen(store, 19, 19, 36);
	cr_expect_eq(suite_seen(rebuilder, &arena), 37);
	tw_store_free(store);
	tw_store_free(rebuilder);
	tw_arena_fini(&arena);
}

Test(redis_store, a_record_that_somebody_changed_is_corrupt_and_named)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	redisContext *context = redisConnectUnix(server.address + 5);
	freeReplyObject(redisCommand(context, "SETRANGE %s 20 x", "{tw:s0}:r:1:quill sons|XA"));
	redisFree(context);
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, 1, 0, &arena, &seen, &err), TW_E_CORRUPT);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect_str_eq(err.where, "party quill sons|XA");
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, a_full_server_is_a_retry_and_nothing_is_added)
{
	tw_arena_init(&arena, 65536, 0);
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	command("CONFIG SET maxmemory 1");
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, 1, 0, &arena, &seen, &err), TW_E_IO);
	cr_expect_eq(err.disposition, TW_RETRY);
	cr_expect(strstr(err.detail, "OOM"), "%s", err.detail);
	command("CONFIG SET maxmemory 0");
	expect_seen(store, 1, 0, 1);
	tw_store_free(store);
	tw_arena_fini(&arena);
}

Test(redis_store, another_shard_count_needs_another_prefix)
{
	tw_store_free(opened("tw", 2));
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(open_store("tw", 3, &store, &err), TW_E_STALE);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect(strstr(err.detail, "prefix"), "%s", err.detail);
}

Test(redis_store, settings_that_cannot_be_are_refused)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(open_store("tw", 0, &store, &err), TW_E_RANGE);
	cr_expect_eq(open_store("t{w}", 1, &store, &err), TW_E_RANGE);
	struct tw_redis_options options = {.address = "localhost:notaport", .shards = 1};
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_SYNTAX);
	options.address = "unix:/nowhere/redis.sock";
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_IO);
	cr_expect_eq(err.disposition, TW_RETRY);
}

Test(redis_store_auth, wrong_or_missing_password_stops)
{
	struct test_redis locked;
	cr_assert(test_redis_start(&locked, "quillwork"));
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	struct tw_redis_options options = {.address = locked.address, .password = "wrong", .prefix = "tw", .shards = 1, .timeout_ms = 10000};
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_AUTH, "%s", err.detail);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect(!strstr(err.detail, "wrong"), "no password in messages: %s", err.detail);
	options.password = NULL;
	cr_expect_eq(tw_store_redis_new(&options, &store, &err), TW_E_AUTH, "%s", err.detail);
	options.password = "quillwork";
	cr_assert_eq(tw_store_redis_new(&options, &store, &err), TW_OK);
	tw_store_free(store);
	test_redis_stop(&locked);
}
