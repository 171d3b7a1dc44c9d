/**
 * @file state_redis.c
 * The helpers of state_redis.h.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <string.h>

struct test_redis server;
struct tw_arena arena;

void redis_test_start(void)
{
	cr_assert(test_redis_start_restricted(&server), "redis-server did not start");
	tw_arena_init(&arena, 65536, 0);
}

void redis_test_stop(void)
{
	tw_arena_fini(&arena);
	test_redis_stop(&server);
}

struct tw_redis_options redis_options(const struct test_redis *redis, const char *prefix, uint32_t shards)
{
	return (struct tw_redis_options){.address = redis->address,
	                                 .username = redis->username,
	                                 .password = redis->password,
	                                 .prefix = prefix,
	                                 .shards = shards,
	                                 .timeout_ms = 10000};
}

enum tw_code open_store(const char *prefix, uint32_t shards, struct tw_store **store, struct tw_error *err)
{
	struct tw_redis_options options = redis_options(&server, prefix, shards);
	return tw_store_redis_new(&options, store, err);
}

struct tw_store *opened_with(const struct tw_redis_options *options)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	enum tw_code code = tw_store_redis_new(options, &store, &err);
	cr_assert_eq(code, TW_OK, "%s: %s: %s", err.what, err.where, err.detail);
	suite_survey(store);
	return store;
}

struct tw_store *opened(const char *prefix, uint32_t shards)
{
	struct tw_redis_options options = redis_options(&server, prefix, shards);
	return opened_with(&options);
}

long long command_at(const struct test_redis *redis, const char *words)
{
	redisReply *reply = test_redis_command(redis, words);
	cr_assert(reply && reply->type != REDIS_REPLY_ERROR, "%s: %s", words, reply ? reply->str : "no answer");
	long long value = reply->type == REDIS_REPLY_ARRAY ? (long long)reply->elements : reply->integer;
	freeReplyObject(reply);
	return value;
}

long long command(const char *words)
{
	return command_at(&server, words);
}

void expect_seen(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	enum tw_code code = suite_apply_one(store, offset, committed, &arena, &seen, &err);
	cr_assert_eq(code, TW_OK, "offset %lld: %s: %s: %s", (long long)offset, err.what, err.where, err.detail);
	cr_assert_eq(seen, expected, "offset %lld: %lld", (long long)offset, (long long)seen);
}

void expect_seen_at_last(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected)
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

void expect_stale(struct tw_store *store, int64_t offset, int64_t committed, const char *why)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, offset, committed, &arena, &seen, &err), TW_E_STALE, "%s", why);
	cr_expect_eq(err.disposition, TW_RETRY, "%s: %s", why, err.what);
}

struct tw_store_life look(struct tw_store *store, int64_t committed, bool may_open)
{
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, committed};
	struct tw_store_life life;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_survey(store, &place, 1, may_open, &life, &err), TW_OK, "%s: %s", err.what, err.detail);
	return life;
}

enum tw_code rebuild_one(struct tw_store *store, int64_t offset, int64_t committed, struct tw_error *err)
{
	struct tw_store_event events[] = {suite_event(&arena, offset)};
	struct tw_store_part part = {
	    .topic = tw_slice_str("tw.manifests"), .committed = committed, .next = offset + 1, .events = events, .event_count = 1, .rebuild = true};
	return tw_store_apply(store, &part, 1, &arena, err);
}

void rebuild(struct tw_store *store, int64_t from, int64_t committed)
{
	for (int64_t i = from; i < committed; i++) {
		struct tw_error err = {.detail = ""};
		enum tw_code code = rebuild_one(store, i, committed, &err);
		cr_assert_eq(code, TW_OK, "offset %lld: %s: %s", (long long)i, err.what, err.detail);
	}
}

void read_all(struct tw_store *store, struct tw_slice out[3])
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

void expect_equal(const struct tw_slice a[3], const struct tw_slice b[3])
{
	for (int i = 0; i < 3; i++) {
		cr_expect(tw_slice_equal(a[i], b[i]), "entity %d: %u and %u bytes", i, a[i].len, b[i].len);
	}
	cr_expect(a[0].len && a[1].len);
}

struct tw_error expect_away(struct tw_store *store, int64_t offset, int64_t committed)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, offset, committed, &arena, &seen, &err), TW_E_IO, "offset %lld: %s", (long long)offset, err.what);
	cr_expect_eq(err.disposition, TW_RETRY, "%s: %s", err.what, err.detail);
	return err;
}

void expect_fold(struct tw_store *store, int64_t count)
{
	struct tw_store *model = NULL;
	struct tw_slice held[3], folded[3];
	cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
	for (int64_t i = 0; i < count; i++) {
		expect_seen(model, i, i, i ? i : -1);
	}
	read_all(store, held);
	read_all(model, folded);
	expect_equal(held, folded);
	cr_expect_eq(suite_seen(store, &arena), count);
	tw_store_free(model);
}
