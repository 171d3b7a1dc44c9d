/**
 * @file state_redis_turn_test.c
 * Appends by transaction: what happens to the records between the look and the EXEC. tw_store_start looks, tw_store_apply writes; whatever comes in
 * between must be neither written over nor missed.
 */
#include "tests/integration/state_redis.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(redis_turn, .init = redis_test_start, .fini = redis_test_stop, .timeout = 120);

/* How often a command was called, by the server's count. */
static long long calls_of(const char *name)
{
	char word[64];
	redisReply *reply = test_redis_command(&server, "INFO commandstats");
	cr_assert(reply && reply->type == REDIS_REPLY_STRING);
	snprintf(word, sizeof(word), "cmdstat_%s:calls=", name);
	const char *at = strstr(reply->str, word);
	long long calls = 0;
	if (at) { /* a command that was never called is not in the list */
		char *end = NULL;
		errno = 0;
		calls = strtoll(at + strlen(word), &end, 10);
		cr_assert(errno == 0 && end != at + strlen(word) && *end == ',' && calls >= 0, "not a count of calls: %.40s", at);
	}
	freeReplyObject(reply);
	return calls;
}

/* One event of a partition: looked at, then written. */
struct one {
	struct tw_event *event;
	struct tw_store_event stored;
	struct tw_store_part part;
};

static void one_start(struct one *one, struct tw_store *store, int32_t partition, int64_t at, int64_t offset)
{
	one->event = suite_declaration(&arena, at);
	one->stored = suite_stored(&arena, one->event, offset);
	one->part = suite_part_of(partition, &one->stored, 1, offset);
	tw_store_start(store, &one->part, 1, &arena);
}

static enum tw_code one_end(struct one *one, struct tw_store *store, struct tw_error *err)
{
	err->detail[0] = '\0';
	return tw_store_apply(store, &one->part, 1, &arena, err);
}

/* @return how often its party was seen before */
static int64_t one_seen(struct one *one, struct tw_store *store)
{
	struct tw_error err;
	cr_assert_eq(one_end(one, store, &err), TW_OK, "%s: %s", err.what, err.detail);
	return suite_seen_before(one->event, &one->stored, &arena);
}

/* Another engine's event, of partition 1. */
static int64_t other_seen(struct tw_store *store, int64_t at, int64_t offset)
{
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_assert_eq(suite_apply_at(store, SUITE_TOPIC, 1, at, offset, offset, &arena, &seen, &err), TW_OK, "%s: %s", err.what, err.detail);
	return seen;
}

Test(redis_turn, an_engine_alone_calls_no_function)
{
	struct tw_store *store = opened("tw", 4);
	expect_seen(store, 0, 0, -1);
	long long functions = calls_of("fcall"), transactions = calls_of("exec");
	for (int64_t i = 1; i < 20; i++) {
		expect_seen(store, i, i, i);
	}
	cr_expect_eq(calls_of("fcall"), functions);
	cr_expect_eq(calls_of("exec"), transactions + 19, "four shards of one server are one transaction");
	expect_fold(store, 20);
	tw_store_free(store);
}

/* @param limit what the other's user may not, so that it calls the function; NULL: nothing */
static void somebody_in_between(const char *limit)
{
	struct tw_store *store = opened("tw", 2), *other = NULL;
	expect_seen(store, 0, 0, -1);
	if (limit) {
		command(limit);
	}
	other = opened("tw", 2);
	struct one one;
	cr_expect_eq(other_seen(other, 1, 0), 1);
	if (limit) {
		command("ACL SETUSER tidewaiter +watch");
	}
	one_start(&one, store, 0, 2, 1);
	cr_expect_eq(other_seen(other, 3, 1), 2);
	cr_expect_eq(one_seen(&one, store), 3);
	cr_expect_eq(suite_seen(store, &arena), 4, "an entry was written over");
	for (int64_t i = 4; i < 60; i += 2) { /* both go on, by the function, which is ahead of the other, and by transactions again */
		one_start(&one, store, 0, i, i / 2);
		int64_t theirs = other_seen(other, i + 1, i / 2), ours = one_seen(&one, store);
		cr_expect(theirs + ours == 2 * i + 1 && (ours == i || theirs == i), "%lld and %lld of %lld", (long long)theirs, (long long)ours,
		          (long long)i);
		tw_arena_reset(&arena);
	}
	cr_expect_eq(suite_seen(other, &arena), 60);
	expect_fold(store, 60);
	tw_store_free(store);
	tw_store_free(other);
}

Test(redis_turn, a_transaction_of_another_engine_in_between_is_neither_lost_nor_missed)
{
	somebody_in_between(NULL);
}

Test(redis_turn, a_function_call_of_another_engine_in_between_is_neither_lost_nor_missed)
{
	somebody_in_between("ACL SETUSER tidewaiter -watch");
}

Test(redis_turn, who_is_disturbed_calls_the_function_for_a_while)
{
	struct tw_store *store = opened("tw", 1), *other = opened("tw", 1);
	struct one one;
	expect_seen(store, 0, 0, -1);
	one_start(&one, store, 0, 1, 1);
	cr_expect_eq(other_seen(other, 2, 0), 1);
	long long functions = calls_of("fcall");
	cr_expect_eq(one_seen(&one, store), 2);
	cr_expect_eq(calls_of("fcall"), functions + 1);
	int64_t seen = 3;
	for (; calls_of("fcall") > functions && seen < 40; seen++) {
		functions = calls_of("fcall");
		one_start(&one, store, 0, seen, seen - 1);
		cr_expect_eq(one_seen(&one, store), seen);
	}
	cr_expect(seen > 6 && seen < 20, "transactions again after %lld events", (long long)seen);
	tw_store_free(store);
	tw_store_free(other);
}

Test(redis_turn, another_life_in_between_is_refused_and_nothing_is_written)
{
	struct tw_store *store = opened("tw", 2);
	struct tw_error err;
	struct one one;
	expect_seen(store, 0, 0, -1);
	one_start(&one, store, 0, 1, 1);
	command("FLUSHALL");
	cr_expect_eq(one_end(&one, store, &err), TW_E_STALE, "%s", err.detail);
	cr_expect_eq(err.disposition, TW_RETRY);
	cr_expect_eq(command("DBSIZE"), 0, "written into a life that is not known");
	cr_expect_eq(look(store, 1, true).missing, 1);
	tw_store_free(store);
}

Test(redis_turn, an_epoch_that_is_written_over_in_between_is_refused_and_nothing_is_written)
{
	struct tw_store *store = opened("tw", 2);
	struct tw_error err;
	struct one one;
	expect_seen(store, 0, 0, -1);
	one_start(&one, store, 0, 1, 1);
	command("SET {tw:s0}:epoch removed");
	command("SET {tw:s1}:epoch removed");
	cr_expect_eq(one_end(&one, store, &err), TW_E_STALE, "%s", err.detail);
	cr_expect_eq(suite_seen(store, &arena), 1);
	tw_store_free(store);
}

/* Looked at, disturbed, written behind it, with the next one's look behind that. @return what the confirmation says */
static bool one_asked(struct one *one, struct one *next, struct tw_store *store, const char *disturbance, struct tw_store *other)
{
	struct tw_error err = {.detail = ""};
	bool held = true;
	one_start(one, store, 0, 1, 1);
	if (disturbance) {
		command(disturbance);
	} else {
		cr_expect_eq(other_seen(other, 2, 0), 1);
	}
	cr_assert_eq(tw_store_ask(store, &one->part, 1, &arena, &err), TW_OK, "%s: %s", err.what, err.detail);
	one_start(next, store, 0, 3, 2);
	cr_assert_eq(tw_store_confirm(store, &held, &err), TW_OK, "%s: %s", err.what, err.detail);
	return held;
}

Test(redis_turn, who_came_in_between_is_told_late_and_neither_lost_nor_missed)
{
	struct tw_store *store = opened("tw", 4), *other = opened("tw", 4);
	struct one one, next;
	expect_seen(store, 0, 0, -1);
	cr_expect_not(one_asked(&one, &next, store, NULL, other), "written over another's entry");
	cr_expect_eq(suite_seen(other, &arena), 2, "neither of the two was written");
	cr_expect_eq(one_seen(&one, store), 2);
	cr_expect_eq(one_seen(&next, store), 3);
	expect_fold(store, 4);
	tw_store_free(store);
	tw_store_free(other);
}

Test(redis_turn, a_server_that_lost_its_state_in_between_is_told_late)
{
	struct tw_store *store = opened("tw", 4);
	struct tw_error err;
	struct one one, next;
	expect_seen(store, 0, 0, -1);
	cr_expect_not(one_asked(&one, &next, store, "FLUSHALL", NULL));
	cr_expect_eq(command("DBSIZE"), 0, "written into a life that is not known");
	cr_expect_eq(one_end(&one, store, &err), TW_E_STALE, "%s", err.detail);
	cr_expect_eq(err.disposition, TW_RETRY);
	tw_store_free(store);
}

Test(redis_turn, a_server_that_is_gone_before_it_answers_is_away)
{
	struct tw_store *store = opened("tw", 4);
	struct tw_error err = {.detail = ""};
	struct one one, next;
	bool held = true;
	expect_seen(store, 0, 0, -1);
	one_start(&one, store, 0, 1, 1);
	cr_assert_eq(tw_store_ask(store, &one.part, 1, &arena, &err), TW_OK, "%s: %s", err.what, err.detail);
	test_redis_kill(&server);
	one_start(&next, store, 0, 2, 2);
	enum tw_code code = tw_store_confirm(store, &held, &err); /* it may have answered before it went */
	cr_expect(code == TW_OK ? held : code == TW_E_IO && err.disposition == TW_RETRY && !held);
	cr_expect_eq(one_end(&next, store, &err), TW_E_IO);
	cr_expect_eq(err.disposition, TW_RETRY);
	tw_store_free(store);
}

Test(redis_turn, what_is_taken_back_was_never_written)
{
	struct tw_store *store = opened("tw", 3);
	struct one one;
	expect_seen(store, 0, 0, -1);
	for (int64_t i = 0; i < 3; i++) {
		one_start(&one, store, 0, 1, 1);
		tw_store_start(store, NULL, 0, NULL);
		cr_expect_eq(suite_seen(store, &arena), 1);
	}
	one_start(&one, store, 0, 1, 1);
	cr_expect_eq(one_seen(&one, store), 1);
	tw_store_free(store);
}

/* Whatever the server refuses of a transaction: the same counts by the function, and nothing ever outside of both. */
Test(redis_turn, who_may_not_use_transactions_calls_the_function)
{
	static const char *const rights[] = {"watch", "multi", "exec"};
	for (size_t i = 0; i < sizeof(rights) / sizeof(rights[0]); i++) {
		char words[64];
		struct tw_store *store = opened(rights[i], 2); /* may as yet */
		expect_seen(store, 0, 0, -1);
		struct one one;
		one_start(&one, store, 0, 1, 1);
		snprintf(words, sizeof(words), "ACL SETUSER tidewaiter -%s", rights[i]);
		command(words);
		cr_expect_eq(one_seen(&one, store), 1);
		long long functions = calls_of("fcall"), writes = calls_of("mset");
		for (int64_t k = 2; k < 12; k++) {
			expect_seen(store, k, k, k);
		}
		cr_expect_geq(calls_of("fcall"), functions + 10, "without %s", rights[i]);
		cr_expect_leq(calls_of("mset") - writes, calls_of("fcall") - functions, "without %s something else was written", rights[i]);
		expect_fold(store, 12);
		tw_store_free(store);
		snprintf(words, sizeof(words), "ACL SETUSER tidewaiter +%s", rights[i]);
		command(words);
	}
}

/* More keys than a call may have: the second transaction reads what the first has written. */
Test(redis_turn, a_batch_of_several_transactions_counts_on)
{
	enum { BATCH = 2400 };
	static struct tw_event *event[BATCH];
	static struct tw_store_event stored[BATCH];
	struct tw_store *store = opened("tw", 3), *other = opened("tw", 3);
	struct tw_error err;
	long long transactions = calls_of("exec");
	for (int64_t from = 0; from < 3 * BATCH; from += BATCH) {
		tw_arena_reset(&arena);
		for (int64_t i = 0; i < BATCH; i++) {
			event[i] = suite_declaration(&arena, from + i);
			stored[i] = suite_stored(&arena, event[i], from + i);
		}
		struct tw_store_part part = suite_part_of(0, stored, BATCH, from);
		tw_store_start(store, &part, 1, &arena);
		if (from == BATCH) { /* somebody at the second batch: it begins anew, by the function */
			cr_expect_eq(other_seen(other, 10 * BATCH, 0), BATCH);
		}
		cr_assert_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_OK, "%s: %s", err.what, err.detail);
		for (int64_t i = 0; i < BATCH; i++) {
			int64_t before = from + i + (from >= BATCH);
			cr_assert_eq(suite_seen_before(event[i], &stored[i], &arena), before ? before : -1, "event %lld", (long long)(from + i));
		}
	}
	cr_expect_eq(suite_seen(store, &arena), 3 * BATCH + 1);
	cr_expect_geq(calls_of("exec"), transactions + 3, "a batch fits into one transaction: it is no test of several");
	tw_store_free(store);
	tw_store_free(other);
}
