/**
 * @file redis.h
 * A private real redis-server for one test: own directory, unix socket, no port, append-only file on.
 *
 * It dies with whoever started it, however that ends (PR_SET_PDEATHSIG). No sleep: starting waits for the server's own word on its
 * standard output. No Criterion in here: the benches use it too.
 */
#ifndef TIDEWAITER_TESTS_INTEGRATION_REDIS_H
#define TIDEWAITER_TESTS_INTEGRATION_REDIS_H

#include <stdbool.h>
#include <sys/types.h>

struct test_redis {
	char directory[64];
	char address[96]; /**< "unix:/tmp/…/redis.sock", for struct tw_redis_options */
	char password[32];
	pid_t pid;  /**< 0: not running */
	int output; /**< read end of its standard output */
};

/** A new directory and a server in it. @param password NULL or "": none @return false: no redis-server here, or it did not come up */
bool test_redis_start(struct test_redis *redis, const char *password);
/** SIGKILL, as a crash would. The directory stays. */
void test_redis_kill(struct test_redis *redis);
/** Start again on the same directory: what the append-only file holds comes back. */
bool test_redis_restart(struct test_redis *redis);
/** Kills it and removes the directory. */
void test_redis_stop(struct test_redis *redis);

struct redisReply;
/** One command of blank-separated words on a connection of its own; free the reply with freeReplyObject. @return NULL when there is no answer */
struct redisReply *test_redis_command(const struct test_redis *redis, const char *words);

#endif
