/**
 * @file redis.h
 * A private real redis-server for one test: own directory, unix socket, append-only file on; as a member of a cluster a port as well.
 *
 * It dies with whoever started it, however that ends (PR_SET_PDEATHSIG). No sleep: starting waits for the server's own word on its
 * standard output. No Criterion in here: the benches use it too.
 */
#ifndef TIDEWAITER_TESTS_INTEGRATION_REDIS_H
#define TIDEWAITER_TESTS_INTEGRATION_REDIS_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * The least that an engine's Redis user may do, as README states it: prefix "tw" there, any here. A member of a cluster takes two more.
 * What only reads the state needs less.
 */
#define TEST_REDIS_RIGHTS         "resetchannels -@all +fcall +get +mget +set +mset +watch +multi +exec +info +function|load"
#define TEST_REDIS_CLUSTER_RIGHTS TEST_REDIS_RIGHTS " +cluster|slots +asking"
#define TEST_REDIS_READER_RIGHTS  "resetchannels -@all +fcall +get +mget +scan +info"
/* Who removes keys: `state drop`, `state rebuild --from-nothing`. */
#define TEST_REDIS_KEEPER_RIGHTS TEST_REDIS_RIGHTS " +scan +unlink"

struct test_redis {
	char directory[64];
	char address[96];  /**< "unix:/tmp/…/redis.sock", for struct tw_redis_options */
	char username[32]; /**< of the engine; "": the default user */
	char password[32];
	char admin[32]; /**< password of the user "admin", where the default user is off; else "" */
	int port;       /**< a member of a cluster, on the loopback; 0: none */
	int bus;
	pid_t pid;  /**< 0: not running */
	int output; /**< read end of its standard output */
};

/** A new directory and a server in it. @param password NULL or "": none @return false: no redis-server here, or it did not come up */
bool test_redis_start(struct test_redis *redis, const char *password);
/** As it should be run: the default user is off, the engine's has TEST_REDIS_RIGHTS on keys {…:s…}. */
bool test_redis_start_restricted(struct test_redis *redis);
/** One member that knows of no other yet, restricted likewise. */
bool test_redis_start_member(struct test_redis *redis);
/** SIGKILL, as a crash would. The directory stays. */
void test_redis_kill(struct test_redis *redis);
/** Start again on the same directory: what the append-only file holds comes back. */
bool test_redis_restart(struct test_redis *redis);
/** Kills it and removes the directory. */
void test_redis_stop(struct test_redis *redis);

struct redisReply;
struct redisContext;
/** A connection with all rights. @return NULL when there is none; else to be freed with redisFree */
struct redisContext *test_redis_connect(const struct test_redis *redis);
/** One command of blank-separated words on a connection of its own; free the reply with freeReplyObject. @return NULL when there is no answer */
struct redisReply *test_redis_command(const struct test_redis *redis, const char *words);

#endif
