/**
 * @file state_redis_refusal_test.c
 * What a server may refuse: rights, memory, writes, settings that cannot be, contents that are not ours. Each has one meaning: a retry that
 * changes nothing, or a stop that says what to do.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

TestSuite(redis_refusal, .init = redis_test_start, .fini = redis_test_stop);

Test(redis_refusal, a_library_of_another_version_is_replaced)
{
	redisContext *context = test_redis_connect(&server);
	cr_assert(context && !context->err);
	redisReply *reply = redisCommand(context, "FUNCTION LOAD %s",
	                                 "#!lua name=tidewaiter\nredis.register_function{function_name='tw_version', "
	                                 "callback=function() return 'other' end, flags={'no-writes'}}");
	cr_assert(reply && reply->type == REDIS_REPLY_STRING);
	freeReplyObject(reply);
	redisFree(context);
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	tw_store_free(store);
}

Test(redis_refusal, a_record_that_somebody_changed_is_corrupt_and_named)
{
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	redisContext *context = test_redis_connect(&server);
	freeReplyObject(redisCommand(context, "SETRANGE %s 20 x", "{tw:s0}:r:1:quill sons|XA"));
	redisFree(context);
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_expect_eq(suite_apply_one(store, 1, 0, &arena, &seen, &err), TW_E_CORRUPT);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect_str_eq(err.where, "party quill sons|XA");
	tw_store_free(store);
}

Test(redis_refusal, a_full_server_is_a_retry_and_nothing_is_half_written)
{
	struct tw_store *store = opened("tw", 3);
	for (int64_t i = 0; i < 10; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	command("CONFIG SET maxmemory 1");
	for (int again = 0; again < 3; again++) {
		struct tw_error err = expect_away(store, 10, 10);
		cr_expect(strstr(err.detail, "OOM"), "%s", err.detail);
	}
	expect_fold(store, 10);
	command("CONFIG SET maxmemory 0");
	for (int64_t i = 10; i < 15; i++) {
		expect_seen(store, i, i, i);
	}
	expect_fold(store, 15);
	tw_store_free(store);
}

Test(redis_refusal, a_server_that_fills_up_in_the_middle_of_a_batch_is_gone_on_with)
{
	enum { BATCH = 40 };
	struct tw_store *store = opened("tw", 3);
	command("CONFIG SET maxmemory 1350000"); /* somewhere in the middle of what follows */
	int64_t at = 0;
	int refused = 0;
	for (int tries = 0; at < 50 * BATCH; tries++) {
		struct tw_store_event events[BATCH];
		struct tw_error err = {.detail = ""};
		tw_arena_reset(&arena);
		for (int i = 0; i < BATCH; i++) {
			events[i] = suite_event(&arena, at + i);
		}
		struct tw_store_part part = {
		    .topic = tw_slice_str("tw.manifests"), .committed = at, .next = at + BATCH, .events = events, .event_count = BATCH};
		enum tw_code code = tw_store_apply(store, &part, 1, &arena, &err);
		cr_assert(code == TW_OK || (code == TW_E_IO && err.disposition == TW_RETRY), "%s: %s", err.what, err.detail);
		at += code == TW_OK ? BATCH : 0;
		if (code && ++refused == 3) {
			command("CONFIG SET maxmemory 0");
		}
		cr_assert_lt(tries, 1000);
	}
	cr_expect_eq(refused, 3, "it was never full");
	expect_fold(store, at);
	tw_store_free(store);
}

Test(redis_refusal, a_read_only_replica_is_a_retry_and_nothing_is_half_written)
{
	struct tw_store *store = opened("tw", 3), *second = NULL;
	struct tw_error err = {.detail = ""};
	for (int64_t i = 0; i < 10; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	command("REPLICAOF 127.0.0.1 1");
	err = expect_away(store, 10, 10);
	cr_expect(strstr(err.detail, "READONLY"), "%s", err.detail);
	struct tw_store_life life;
	struct tw_store_place place = {tw_slice_str("tw.manifests"), 0, 10};
	cr_expect_eq(tw_store_survey(store, &place, 1, true, &life, &err), TW_E_IO, "it could not be opened there");
	cr_expect_eq(err.disposition, TW_RETRY);
	cr_expect_eq(open_store("tw", 3, &second, &err), TW_E_IO, "a start waits as well");
	cr_expect_eq(err.disposition, TW_RETRY);
	command("REPLICAOF NO ONE");
	suite_survey(store);
	for (int64_t i = 10; i < 15; i++) {
		expect_seen(store, i, i, i);
	}
	expect_fold(store, 15);
	tw_store_free(store);
}

/* Without one of its rights the user's engine must stop, and say whose right to what is missing. */
static void expect_no_right(const char *right, const char *named)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	char words[64];
	snprintf(words, sizeof(words), "ACL SETUSER tidewaiter -%s", right);
	command(words);
	int64_t seen = 0;
	struct tw_store_life life = {.open = false};
	enum tw_code code = open_store(right, 2, &store, &err);
	for (int i = 0; i < 3 && code == TW_OK && !life.open; i++) {
		code = tw_store_survey(store, NULL, 0, true, &life, &err);
	}
	for (int64_t i = 0; i < 2 && code == TW_OK; i++) {
		code = suite_apply_one(store, i, 0, &arena, &seen, &err);
	}
	cr_expect_eq(code, TW_E_AUTH, "without %s: %s: %s", right, err.what, err.detail);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect(strstr(err.detail, "user tidewaiter"), "without %s: %s", right, err.detail);
	cr_expect(strstr(err.detail, named), "without %s: %s", right, err.detail);
	tw_store_free(store);
	snprintf(words, sizeof(words), "ACL SETUSER tidewaiter +%s", right);
	command(words);
}

Test(redis_refusal, every_right_that_is_missing_is_a_stop_that_names_user_and_command)
{
	expect_no_right("function|load", "function|load");
	tw_store_free(opened("tw", 1));
	static const char *const rights[] = {"fcall", "get", "mget", "mset", "set", "info"};
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		expect_no_right(rights[i], rights[i]);
	}
}

Test(redis_refusal, keys_of_another_prefix_are_out_of_reach)
{
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	command("ACL SETUSER tidewaiter resetkeys ~{tw:s*}:*");
	tw_store_free(opened("tw", 2));
	cr_expect_eq(open_store("other", 2, &store, &err), TW_E_AUTH, "%s", err.detail);
	cr_expect_eq(err.disposition, TW_STOP);
}

Test(redis_refusal, who_only_reads_the_state_needs_less_and_can_change_nothing)
{
	struct tw_store *store = opened("tw", 2), *reader = NULL;
	struct tw_slice mine[3], theirs[3];
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	command("ACL SETUSER reader on >brinework %%R~{tw:s*}:* " TEST_REDIS_READER_RIGHTS);
	struct tw_redis_options options = redis_options(&server, "tw", 2);
	options.username = "reader";
	options.password = "brinework";
	cr_assert_eq(tw_store_redis_new(&options, &reader, &err), TW_OK, "%s", err.detail);
	read_all(store, mine);
	read_all(reader, theirs);
	expect_equal(mine, theirs);
	suite_survey(reader);
	cr_expect_eq(suite_apply_one(reader, 5, 5, &arena, &seen, &err), TW_E_AUTH, "%s", err.detail);
	cr_expect(strstr(err.detail, "user reader"), "%s", err.detail);
	expect_fold(store, 5);
	tw_store_free(store);
	tw_store_free(reader);
}

Test(redis_refusal, another_shard_count_needs_another_prefix)
{
	tw_store_free(opened("tw", 2));
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(open_store("tw", 3, &store, &err), TW_E_STALE);
	cr_expect_eq(err.disposition, TW_STOP);
	cr_expect(strstr(err.detail, "prefix"), "%s", err.detail);
}

Test(redis_refusal, settings_that_cannot_be_are_refused)
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

Test(redis_refusal, wrong_or_missing_password_stops)
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
