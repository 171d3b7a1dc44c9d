/**
 * @file state_redis.h
 * What the tests of the Redis store share: one server a test, stores on it, one event at a time, looks and rebuilds as a run does them.
 */
#ifndef TIDEWAITER_TESTS_INTEGRATION_STATE_REDIS_H
#define TIDEWAITER_TESTS_INTEGRATION_STATE_REDIS_H

#include "engine/base/arena.h"
#include "tests/integration/redis.h"
#include "tests/unit/state/store_suite.h"

/** Of the test that runs: every test is a process of its own. */
extern struct test_redis server;
extern struct tw_arena arena;

/** The server, restricted as README says, and the arena. */
void redis_test_start(void);
void redis_test_stop(void);

struct tw_redis_options redis_options(const struct test_redis *redis, const char *prefix, uint32_t shards);
enum tw_code open_store(const char *prefix, uint32_t shards, struct tw_store **store, struct tw_error *err);
/** Opened, epoch agreed on and open. */
struct tw_store *opened(const char *prefix, uint32_t shards);
struct tw_store *opened_with(const struct tw_redis_options *options);

/** The integer or the number of elements that a command answers. */
long long command_at(const struct test_redis *redis, const char *words);
long long command(const char *words);

/** Apply the suite's event at this offset: its party must have been seen `expected` times before. */
void expect_seen(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected);
/** The connection is gone, and with it the certainty that nothing has changed: refused, refused, a look, and then right. */
void expect_seen_at_last(struct tw_store *store, int64_t offset, int64_t committed, int64_t expected);
void expect_stale(struct tw_store *store, int64_t offset, int64_t committed, const char *why);
/** Refused for now: TW_E_IO, retry. @return the error */
struct tw_error expect_away(struct tw_store *store, int64_t offset, int64_t committed);

/** One look at a group that has committed partition 0 of the suite's topic so far. */
struct tw_store_life look(struct tw_store *store, int64_t committed, bool may_open);
/** As a rebuild appends: the suite's event, no prior asked for. */
enum tw_code rebuild_one(struct tw_store *store, int64_t offset, int64_t committed, struct tw_error *err);
void rebuild(struct tw_store *store, int64_t from, int64_t committed);

/** Bytes of every entity that the suite's event touches; the last is the consignment of event 3. */
void read_all(struct tw_store *store, struct tw_slice out[3]);
void expect_equal(const struct tw_slice a[3], const struct tw_slice b[3]);
/** The store is what the memory store makes of the suite's events 0 to count - 1. */
void expect_fold(struct tw_store *store, int64_t count);

#endif
