/**
 * @file redis.c
 * The fixture of redis.h.
 */
#include "tests/integration/redis.h"

#include <fcntl.h>
#include <ftw.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char ready[] = "eady to accept connections";

#define ARGUMENTS_MAX 64

/* What stands in the server's words, each terminated. */
struct words {
	char text[2048];
	size_t length;
	char *list[ARGUMENTS_MAX];
	int count;
};

/* Blank-separated words, each one argument; "''" is an empty one. */
static void words_add(struct words *words, const char *format, ...)
{
	char *at = words->text + words->length;
	va_list arguments;
	va_start(arguments, format);
	words->length += (size_t)vsnprintf(at, sizeof(words->text) - words->length, format, arguments) + 1;
	va_end(arguments);
	for (char *word = strsep(&at, " "); word && words->count < ARGUMENTS_MAX - 1; word = strsep(&at, " ")) {
		if (*word) {
			words->list[words->count++] = strcmp(word, "''") == 0 ? word + 2 : word;
		}
	}
	words->list[words->count] = NULL;
}

/* In the child: become a server that cannot outlive us. */
static void become_server(const struct test_redis *redis, pid_t parent, int output)
{
	static struct words words;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) {
		_exit(1);
	}
	dup2(output, STDOUT_FILENO);
	dup2(output, STDERR_FILENO);
	/*
	 * With everysec a kill can cost what was confirmed: while an fsync runs in the background, writing waits for up to two seconds, and
	 * replies do not. Never to fsync is to write at once: what is killed has lost nothing. The bench measures what is recommended.
	 */
	words_add(&words, "redis-server --unixsocket %s --dir %s --save '' --appendonly yes --appendfsync %s --logfile ''", redis->address + 5,
	          redis->directory, redis->username[0] ? "no" : "everysec");
	words_add(&words, "--maxmemory-policy noeviction --bind 127.0.0.1 --port %d", redis->port);
	if (redis->password[0] && !redis->username[0]) {
		words_add(&words, "--requirepass %s", redis->password);
	}
	if (redis->username[0]) {
		words_add(&words, "--user %s on >%s ~{*:s*}:* %s", redis->username, redis->password,
		          redis->port ? TEST_REDIS_CLUSTER_RIGHTS : TEST_REDIS_RIGHTS);
		words_add(&words, "--user admin on >%s ~* &* +@all --user default off --masteruser admin --masterauth %s", redis->admin,
		          redis->admin);
	}
	if (redis->port) {
		words_add(&words, "--cluster-enabled yes --cluster-port %d --cluster-node-timeout 2000 --repl-diskless-sync-delay 0", redis->bus);
	}
	execvp(words.list[0], words.list);
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

static bool start(struct test_redis *redis)
{
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

bool test_redis_start(struct test_redis *redis, const char *password)
{
	memset(redis, 0, sizeof(*redis));
	snprintf(redis->password, sizeof(redis->password), "%s", password ? password : "");
	return start(redis);
}

static void restrict_users(struct test_redis *redis)
{
	memset(redis, 0, sizeof(*redis));
	snprintf(redis->username, sizeof(redis->username), "tidewaiter");
	snprintf(redis->password, sizeof(redis->password), "quillwork");
	snprintf(redis->admin, sizeof(redis->admin), "marblebay");
}

bool test_redis_start_restricted(struct test_redis *redis)
{
	restrict_users(redis);
	return start(redis);
}

/* A port that nobody has now. Somebody may take it before the server does: whoever starts tries again. */
static int port_free(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(address);
	int handle = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool bound =
	    handle >= 0 && bind(handle, (struct sockaddr *)&address, size) == 0 && getsockname(handle, (struct sockaddr *)&address, &size) == 0;
	if (handle >= 0) {
		close(handle);
	}
	return bound ? ntohs(address.sin_port) : 0;
}

bool test_redis_start_member(struct test_redis *redis)
{
	for (int attempt = 0; attempt < 5; attempt++) {
		restrict_users(redis);
		redis->port = port_free();
		redis->bus = port_free();
		if (redis->port && redis->bus && start(redis)) {
			return true;
		}
	}
	return false;
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

static bool authenticate(redisContext *context, const struct test_redis *redis)
{
	redisReply *reply = NULL;
	if (redis->admin[0]) {
		reply = redisCommand(context, "AUTH admin %s", redis->admin);
	} else if (redis->password[0]) {
		reply = redisCommand(context, "AUTH %s", redis->password);
	}
	bool held = (!redis->admin[0] && !redis->password[0]) || (reply && reply->type == REDIS_REPLY_STATUS);
	freeReplyObject(reply);
	return held;
}

struct redisContext *test_redis_connect(const struct test_redis *redis)
{
	redisContext *context = redisConnectUnix(redis->address + 5);
	if (context && (context->err || !authenticate(context, redis))) {
		redisFree(context);
		context = NULL;
	}
	return context;
}

struct redisReply *test_redis_command(const struct test_redis *redis, const char *words)
{
	redisContext *context = test_redis_connect(redis);
	redisReply *reply = context ? redisCommand(context, words) : NULL;
	if (context) {
		redisFree(context);
	}
	return reply;
}
