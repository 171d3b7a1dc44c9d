/**
 * @file redis_cluster.c
 * The fixture of redis_cluster.h.
 */
#include "tests/integration/redis_cluster.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define PATIENCE 3000 /* looks, 10 ms apart */

/* One command at a member; its answer as text, numbers too. False: an error, or no answer. */
static bool said(const struct test_redis *member, char *out, size_t size, const char *format, ...)
{
	char words[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	redisReply *reply = test_redis_command(member, words);
	bool held = reply && reply->type != REDIS_REPLY_ERROR;
	if (held && reply->type == REDIS_REPLY_INTEGER) {
		snprintf(out, size, "%lld", reply->integer);
	} else if (held) {
		snprintf(out, size, "%s", reply->str ? reply->str : "");
	} else {
		fprintf(stderr, "%s: %s\n", words, reply ? reply->str : "no answer");
	}
	freeReplyObject(reply);
	return held;
}

#define DONE(member, ...) said(member, (char[64]){""}, 64, __VA_ARGS__)

/* ---- agreeing ---- */

static bool agreed(const struct test_cluster *cluster, int members)
{
	for (int i = 0; i < members; i++) {
		char info[2048], known[64];
		snprintf(known, sizeof(known), "cluster_known_nodes:%d\r", members);
		if (cluster->member[i].pid &&
		    (!said(&cluster->member[i], info, sizeof(info), "CLUSTER INFO") || !strstr(info, "cluster_state:ok") || !strstr(info, known))) {
			return false;
		}
	}
	return true;
}

static bool agree(const struct test_cluster *cluster, int members)
{
	for (int look = 0; look < PATIENCE; look++) {
		if (agreed(cluster, members)) {
			return true;
		}
		poll(NULL, 0, 10);
	}
	return false;
}

static bool meet(const struct test_cluster *cluster, int newcomer)
{
	const struct test_redis *first = &cluster->member[0];
	return DONE(&cluster->member[newcomer], "CLUSTER MEET 127.0.0.1 %d %d", first->port, first->bus);
}

bool test_cluster_start(struct test_cluster *cluster)
{
	memset(cluster, 0, sizeof(*cluster));
	bool up = true;
	for (int i = 0; i < TEST_CLUSTER_PRIMARIES && up; i++) {
		struct test_redis *member = &cluster->member[i];
		size_t length = strlen(cluster->addresses);
		up = test_redis_start_member(member) && said(member, cluster->id[i], sizeof(cluster->id[i]), "CLUSTER MYID") &&
		     DONE(member, "CLUSTER SET-CONFIG-EPOCH %d", i + 1) &&
		     DONE(member, "CLUSTER ADDSLOTSRANGE %d %d", 16384 * i / TEST_CLUSTER_PRIMARIES, 16384 * (i + 1) / TEST_CLUSTER_PRIMARIES - 1);
		snprintf(cluster->addresses + length, sizeof(cluster->addresses) - length, "%s127.0.0.1:%d", i ? "," : "", member->port);
	}
	for (int i = 1; i < TEST_CLUSTER_PRIMARIES && up; i++) {
		up = meet(cluster, i);
	}
	up = up && agree(cluster, TEST_CLUSTER_PRIMARIES);
	if (!up) {
		test_cluster_stop(cluster);
	}
	return up;
}

void test_cluster_stop(struct test_cluster *cluster)
{
	for (int i = 0; i < TEST_CLUSTER_MEMBERS; i++) {
		test_redis_stop(&cluster->member[i]);
	}
}

/* ---- slots ---- */

static int slot_of(const struct test_cluster *cluster, const char *tag)
{
	char slot[32];
	int number = -1;
	return said(&cluster->member[0], slot, sizeof(slot), "CLUSTER KEYSLOT %s", tag) && sscanf(slot, "%d", &number) == 1 ? number : -1;
}

int test_cluster_owner(const struct test_cluster *cluster, const char *tag)
{
	long long slot = slot_of(cluster, tag);
	int owner = -1;
	redisReply *reply = test_redis_command(&cluster->member[0], "CLUSTER SLOTS");
	for (size_t i = 0; reply && i < reply->elements; i++) {
		redisReply *const *row = reply->element[i]->element;
		for (int k = 0; k < TEST_CLUSTER_MEMBERS && row[0]->integer <= slot && slot <= row[1]->integer; k++) {
			owner = row[2]->element[1]->integer == cluster->member[k].port ? k : owner;
		}
	}
	freeReplyObject(reply);
	return owner;
}

bool test_cluster_move_begin(const struct test_cluster *cluster, const char *tag, int from, int to)
{
	int slot = slot_of(cluster, tag);
	return DONE(&cluster->member[to], "CLUSTER SETSLOT %d IMPORTING %s", slot, cluster->id[from]) &&
	       DONE(&cluster->member[from], "CLUSTER SETSLOT %d MIGRATING %s", slot, cluster->id[to]);
}

int test_cluster_move_key(const struct test_cluster *cluster, const char *tag, int from, int to)
{
	const struct test_redis *source = &cluster->member[from], *target = &cluster->member[to];
	char words[64], left[32];
	int slot = slot_of(cluster, tag), count = -1;
	snprintf(words, sizeof(words), "CLUSTER GETKEYSINSLOT %d 1", slot);
	redisContext *context = test_redis_connect(source);
	redisReply *keys = context ? redisCommand(context, words) : NULL;
	if (keys && keys->type == REDIS_REPLY_ARRAY && keys->elements == 1) {
		redisReply *moved = redisCommand(context, "MIGRATE 127.0.0.1 %d %b 0 10000 AUTH2 admin %s", target->port, keys->element[0]->str,
		                                 keys->element[0]->len, target->admin);
		bool held = moved && moved->type == REDIS_REPLY_STATUS && said(source, left, sizeof(left), "CLUSTER COUNTKEYSINSLOT %d", slot);
		count = held && sscanf(left, "%d", &count) == 1 ? count : -1;
		freeReplyObject(moved);
	}
	freeReplyObject(keys);
	if (context) {
		redisFree(context);
	}
	return count;
}

bool test_cluster_move_end(const struct test_cluster *cluster, const char *tag, int from, int to)
{
	int slot = slot_of(cluster, tag);
	bool held = DONE(&cluster->member[to], "CLUSTER SETSLOT %d NODE %s", slot, cluster->id[to]) &&
	            DONE(&cluster->member[from], "CLUSTER SETSLOT %d NODE %s", slot, cluster->id[to]);
	for (int i = 0; i < TEST_CLUSTER_PRIMARIES && held; i++) {
		held = i == to || i == from || DONE(&cluster->member[i], "CLUSTER SETSLOT %d NODE %s", slot, cluster->id[to]);
	}
	return held;
}

/* ---- a replica ---- */

static bool wait_for_text(const struct test_redis *member, const char *command, const char *text)
{
	char answer[8192];
	for (int look = 0; look < PATIENCE; look++) {
		if (said(member, answer, sizeof(answer), "%s", command) && strstr(answer, text)) {
			return true;
		}
		poll(NULL, 0, 10);
	}
	return false;
}

static bool knows(const struct test_cluster *cluster, int member, const char *id)
{
	return wait_for_text(&cluster->member[member], "CLUSTER NODES", id);
}

bool test_cluster_replica_start(struct test_cluster *cluster, int of)
{
	const int last = TEST_CLUSTER_PRIMARIES;
	struct test_redis *replica = &cluster->member[last];
	return test_redis_start_member(replica) && said(replica, cluster->id[last], sizeof(cluster->id[last]), "CLUSTER MYID") &&
	       meet(cluster, last) && knows(cluster, last, cluster->id[of]) && agree(cluster, TEST_CLUSTER_MEMBERS) &&
	       DONE(replica, "CLUSTER REPLICATE %s", cluster->id[of]) && wait_for_text(replica, "INFO replication", "master_link_status:up");
}

bool test_cluster_take_over(struct test_cluster *cluster, int from)
{
	const int last = TEST_CLUSTER_PRIMARIES;
	char row[128];
	bool held = DONE(&cluster->member[last], "CLUSTER FAILOVER TAKEOVER");
	/* the fallen one's slots are the replica's in everybody's table */
	snprintf(row, sizeof(row), "%.40s", cluster->id[last]);
	for (int i = 0; i < TEST_CLUSTER_MEMBERS && held; i++) {
		for (int look = 0; i != from && look < PATIENCE; look++) {
			char nodes[8192];
			const char *line = said(&cluster->member[i], nodes, sizeof(nodes), "CLUSTER NODES") ? strstr(nodes, row) : NULL;
			size_t length = line ? strcspn(line, "\n") : 0;
			held = line && memmem(line, length, "master", 6) && line[length - 1] >= '0' && line[length - 1] <= '9';
			if (held) {
				break;
			}
			poll(NULL, 0, 10);
		}
	}
	return held;
}
