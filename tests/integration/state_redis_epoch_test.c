/**
 * @file state_redis_epoch_test.c
 * What a server can lose, and how the epoch keeps everybody from working on what is left: flushes, lost shards, restarts, promotions.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#include "engine/state/field.h"

TestSuite(redis_epoch, .init = redis_test_start, .fini = redis_test_stop);

Test(redis_epoch, a_server_killed_and_started_again_has_lost_nothing)
{
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
}

/* What one process does not notice: between its two looks the server was away, or another. */
Test(redis_epoch, a_server_that_was_started_again_is_another_life_though_nothing_is_missing)
{
	struct tw_store *store = opened("tw", 2);
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(store, i, i, i ? i : -1);
	}
	test_redis_kill(&server);
	cr_assert(test_redis_restart(&server));
	struct tw_store *second = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(open_store("tw", 2, &second, &err), TW_OK, "%s", err.detail);
	struct tw_store_life life = look(second, 5, true);
	cr_expect(life.adopted && !life.open && life.missing == 0, "an open epoch of a server that is no more was believed");
	life = look(second, 5, true);
	cr_expect(!life.adopted && life.open, "nothing is missing: joined anew, and open");
	expect_seen(second, 5, 5, 5);
	expect_away(store, 5, 5);
	expect_stale(store, 5, 5, "the first one has to join anew as well");
	cr_expect(look(store, 5, true).adopted);
	expect_seen(store, 5, 5, 5);
	expect_fold(store, 6);
	tw_store_free(store);
	tw_store_free(second);
}

Test(redis_epoch, an_orderly_start_at_a_server_that_went_on_is_no_other_life)
{
	struct tw_store *store = opened("tw", 2), *second = NULL;
	struct tw_error err = {.detail = ""};
	expect_seen(store, 0, 0, -1);
	cr_assert_eq(open_store("tw", 2, &second, &err), TW_OK, "%s", err.detail);
	struct tw_store_life life = look(second, 1, false);
	cr_expect(life.adopted && life.open);
	expect_seen(store, 1, 1, 1);
	tw_store_free(store);
	tw_store_free(second);
}

/* All that the server holds, as it is now. */
struct kept {
	redisReply *keys;
	redisReply *value[64];
};

static struct kept keep(void)
{
	redisContext *context = test_redis_connect(&server);
	struct kept kept = {.keys = redisCommand(context, "KEYS *")};
	cr_assert(kept.keys && kept.keys->elements <= 64);
	for (size_t i = 0; i < kept.keys->elements; i++) {
		kept.value[i] = redisCommand(context, "DUMP %b", kept.keys->element[i]->str, kept.keys->element[i]->len);
	}
	redisFree(context);
	return kept;
}

/* What an append-only file whose end the disk never saw comes back with. */
static void go_back(struct kept *kept)
{
	redisContext *context = test_redis_connect(&server);
	freeReplyObject(redisCommand(context, "FLUSHALL"));
	for (size_t i = 0; i < kept->keys->elements; i++) {
		const redisReply *key = kept->keys->element[i];
		redisReply *reply = redisCommand(context, "RESTORE %b 0 %b", key->str, key->len, kept->value[i]->str, kept->value[i]->len);
		cr_assert(reply && reply->type == REDIS_REPLY_STATUS);
		freeReplyObject(reply);
		freeReplyObject(kept->value[i]);
	}
	freeReplyObject(kept->keys);
	redisFree(context);
}

/* The commit of what a zombie has judged is on its way; its entries are gone; no watermark tells, for nothing of it is committed yet. */
Test(redis_epoch, entries_lost_before_their_commit_do_not_leave_the_epoch_open)
{
	struct tw_store *zombie = opened("tw", 1), *second = NULL;
	struct tw_error err = {.detail = ""};
	for (int64_t i = 0; i < 5; i++) {
		expect_seen(zombie, i, i, i ? i : -1);
	}
	struct kept kept = keep();
	expect_seen(zombie, 5, 5, 5);
	go_back(&kept);
	test_redis_kill(&server);
	cr_assert(test_redis_restart(&server));
	cr_assert_eq(open_store("tw", 1, &second, &err), TW_OK, "%s", err.detail);
	cr_expect(!look(second, 5, true).open, "open before everybody has joined anew: the commit of offset 5 would leave it out");
	struct tw_store_life life = look(second, 6, true); /* it got through before the group was joined */
	cr_expect(!life.open && life.missing == 1);
	rebuild(second, 5, 6);
	cr_expect(look(second, 6, true).open);
	expect_fold(second, 6);
	tw_store_free(zombie);
	tw_store_free(second);
}

static bool epoch_holds(const char *part)
{
	redisReply *reply = test_redis_command(&server, "GET {tw:s0}:epoch");
	cr_assert(reply && reply->type == REDIS_REPLY_STRING);
	bool held = strstr(reply->str, part) != NULL;
	freeReplyObject(reply);
	return held;
}

Test(redis_epoch, a_replica_that_was_promoted_is_another_life)
{
	struct tw_store *store = opened("tw", 2);
	expect_seen(store, 0, 0, -1);
	command("REPLICAOF 127.0.0.1 1");
	struct tw_error err = expect_away(store, 1, 1);
	cr_expect(strstr(err.detail, "READONLY"), "%s", err.detail);
	expect_stale(store, 1, 1, "it may be another's state when it takes writes again");
	command("REPLICAOF NO ONE");
	struct tw_store_life life = look(store, 1, true);
	cr_expect(life.adopted && !life.open, "the same process, but another history");
	cr_expect(look(store, 1, true).open);
	for (int64_t i = 1; i < 4; i++) {
		expect_seen(store, i, i, i);
	}
	expect_fold(store, 4);
	tw_store_free(store);
}

Test(redis_epoch, an_epoch_written_before_there_were_lives_is_replaced)
{
	char written[64];
	snprintf(written, sizeof(written), "tidewaiter %u shards 1 id 000644a1f2b3c4d5o", TW_STATE_SCHEMA);
	command("SET {tw:s0}:epoch x");
	redisContext *context = test_redis_connect(&server);
	freeReplyObject(redisCommand(context, "SET {tw:s0}:epoch %s", written));
	redisFree(context);
	struct tw_store *store = opened("tw", 1);
	cr_expect(epoch_holds(" at "));
	cr_expect(!epoch_holds("000644a1f2b3c4d5"));
	expect_seen(store, 0, 0, -1);
	tw_store_free(store);
}

/* An engine of library 3 would go on appending beside us, without the epoch's being written: who watches it would miss that. */
Test(redis_epoch, an_epoch_of_engines_that_do_not_write_it_back_is_replaced)
{
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	redisReply *reply = test_redis_command(&server, "GET {tw:s0}:epoch");
	char *at = strstr(reply->str, " at ");
	cr_assert(at != NULL);
	memcpy(at, " of ", 4);
	redisContext *context = test_redis_connect(&server);
	freeReplyObject(redisCommand(context, "SET {tw:s0}:epoch %s", reply->str));
	redisFree(context);
	expect_stale(store, 1, 1, "it is another's epoch");
	struct tw_store_life life = look(store, 1, true);
	cr_expect(life.adopted && !life.open && life.missing == 0, "nothing is missing, but everybody joins anew");
	cr_expect(look(store, 1, true).open);
	cr_expect(epoch_holds(" at "));
	expect_seen(store, 1, 1, 1);
	freeReplyObject(reply);
	tw_store_free(store);
}

Test(redis_epoch, a_flushed_server_is_never_started_at_zero_but_rebuilt)
{
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
}

static void shard_delete(int shard)
{
	redisContext *context = test_redis_connect(&server);
	redisReply *keys = redisCommand(context, "KEYS {tw:s%d}:*", shard);
	cr_assert(keys && keys->type == REDIS_REPLY_ARRAY && keys->elements > 2);
	for (size_t i = 0; i < keys->elements; i++) {
		freeReplyObject(redisCommand(context, "DEL %b", keys->element[i]->str, keys->element[i]->len));
	}
	freeReplyObject(keys);
	redisFree(context);
}

Test(redis_epoch, a_shard_that_was_lost_alone_is_rebuilt_alone)
{
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
}

Test(redis_epoch, an_append_under_an_old_epoch_is_refused_and_changes_nothing)
{
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
}

Test(redis_epoch, a_watermark_behind_the_committed_offset_closes_an_open_epoch)
{
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
}

Test(redis_epoch, an_epoch_never_comes_again_after_a_flush)
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

Test(redis_epoch, a_flush_before_the_first_commit_refuses_who_goes_on_and_serves_who_starts_over)
{
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
}

Test(redis_epoch, what_was_remembered_before_a_flush_is_never_used_after_a_rebuild)
{
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

Test(redis_epoch, an_epoch_or_watermark_that_somebody_changed_is_corrupt_and_named)
{
	struct tw_store *store = opened("tw", 1);
	expect_seen(store, 0, 0, -1);
	expect_corrupt(store, "SET {tw:s0}:w:tw.manifests:0 x", "{tw:s0}:w:tw.manifests:0");
	command("DEL {tw:s0}:w:tw.manifests:0");
	expect_corrupt(store, "APPEND {tw:s0}:epoch x", "{tw:s0}:epoch");
	struct tw_store *second = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(open_store("tw", 1, &second, &err), TW_E_CORRUPT);
	tw_store_free(store);
}
