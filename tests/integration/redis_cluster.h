/**
 * @file redis_cluster.h
 * A private real Redis Cluster for one test: three primaries on the loopback, later a replica; slots can be moved key by key.
 *
 * No sleep: every step waits for a condition that the members themselves report. No Criterion in here.
 */
#ifndef TIDEWAITER_TESTS_INTEGRATION_REDIS_CLUSTER_H
#define TIDEWAITER_TESTS_INTEGRATION_REDIS_CLUSTER_H

#include <stdint.h>

#include "tests/integration/redis.h"

#define TEST_CLUSTER_PRIMARIES 3
#define TEST_CLUSTER_MEMBERS   (TEST_CLUSTER_PRIMARIES + 1)

struct test_cluster {
	struct test_redis member[TEST_CLUSTER_MEMBERS]; /**< the last: a replica, once there is one */
	char id[TEST_CLUSTER_MEMBERS][48];
	char addresses[128]; /**< of the primaries, as redis.address has them */
};

/** Three primaries with a third of the slots each, agreed. @return false: no redis-server here, or they did not agree */
bool test_cluster_start(struct test_cluster *cluster);
void test_cluster_stop(struct test_cluster *cluster);

/** Which primary has the slot of keys tagged so, as the first member says; -1: none. */
int test_cluster_owner(const struct test_cluster *cluster, const char *tag);

/** A slot begins to move: from here on its keys may be at either. */
bool test_cluster_move_begin(const struct test_cluster *cluster, const char *tag, int from, int to);
/** One key of the slot goes over. @return how many are left to go, -1 on failure */
int test_cluster_move_key(const struct test_cluster *cluster, const char *tag, int from, int to);
/** All members learn whose the slot is. */
bool test_cluster_move_end(const struct test_cluster *cluster, const char *tag, int from, int to);

/** A fourth member follows a primary and has all that it has. */
bool test_cluster_replica_start(struct test_cluster *cluster, int of);
/** The replica takes the place of its primary, whatever it lacks; all living members agree. */
bool test_cluster_take_over(struct test_cluster *cluster, int from);

#endif
