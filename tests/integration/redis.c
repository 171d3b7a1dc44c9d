/**
 * @file redis.c
 * The fixture of redis.h.
 */
#include "tests/integration/redis.h"

#include <fcntl.h>
#include <ftw.h>
#include <hiredis/hiredis.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char ready[] = "eady to accept connections";

/* In the child: become a server that cannot outlive us. */
static void become_server(const struct test_redis *redis, pid_t parent, int output)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) {
		_exit(1);
	}
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	/* an empty password means none */
	execlp("redis-server", "redis-server", "--port", "0", "--unixsocket", redis->address + 5, "--dir", redis->directory, "--save", "",
	       "--appendonly", "yes", "--appendfsync", "everysec", "--logfile", "", "--maxmemory-policy", "noeviction", "--requirepass",
	       redis->password, (char *)NULL);
	_exit(127);
}

/* Reads what the server says until it is ready; false when it ended before. */
static bool wait_ready(const struct test_redis *redis)
{
	char line[4096];
	size_t length = 0;
	for (;;) {
		ssize_t count = read(redis->output, line + length, sizeof(line) - 1 - length);
		if (count <= 0) {
			return false;
		}
		length += (size_t)count;
		line[length] = '\0';
		if (strstr(line, ready)) {
			return true;
		}
		if (length > sizeof(line) / 2) {
			/* keep the end: the words may be cut */
			memmove(line, line + length - sizeof(ready), sizeof(ready));
			length = sizeof(ready);
		}
	}
}

bool test_redis_restart(struct test_redis *redis)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC)) {
		return false;
	}
	pid_t parent = getpid();
	redis->pid = fork();
	if (redis->pid == 0) {
		become_server(redis, parent, ends[1]);
	}
	close(ends[1]);
	redis->output = ends[0];
	bool up = redis->pid > 0 && wait_ready(redis);
	if (!up) {
		test_redis_kill(redis);
	}
	return up;
}

bool test_redis_start(struct test_redis *redis, const char *password)
{
	memset(redis, 0, sizeof(*redis));
	snprintf(redis->password, sizeof(redis->password), "%s", password ? password : "");
	snprintf(redis->directory, sizeof(redis->directory), "/tmp/tw-redis-XXXXXX");
	if (!mkdtemp(redis->directory)) {
		return false;
	}
	snprintf(redis->address, sizeof(redis->address), "unix:%s/redis.sock", redis->directory);
	/* a connection that the server closed must be an error here, not the end */
	signal(SIGPIPE, SIG_IGN);
	if (!test_redis_restart(redis)) {
		test_redis_stop(redis);
		return false;
	}
	return true;
}

void test_redis_kill(struct test_redis *redis)
{
	if (redis->pid > 0) {
		kill(redis->pid, SIGKILL);
		waitpid(redis->pid, NULL, 0);
		close(redis->output);
	}
	redis->pid = 0;
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *at)
{
	(void)info;
	(void)kind;
	(void)at;
	return remove(path);
}

void test_redis_stop(struct test_redis *redis)
{
	test_redis_kill(redis);
	if (redis->directory[0]) {
		nftw(redis->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	redis->directory[0] = '\0';
}

struct redisReply *test_redis_command(const struct test_redis *redis, const char *words)
{
	redisContext *context = redisConnectUnix(redis->address + 5);
	redisReply *reply = NULL;
	if (context && !context->err) {
		if (redis->password[0]) {
			freeReplyObject(redisCommand(context, "AUTH %s", redis->password));
		}
		reply = redisCommand(context, words);
	}
	if (context) {
		redisFree(context);
	}
	return reply;
}
