/**
 * @file hiredis.c
 * The part of hiredis that the engine calls, over the simulated network: linked in place of the library, so that the engine's own connection code
 * (engine/state/redis_link.c) is simulated with.
 *
 *     words --redisBufferWrite--> in flight --(delay)--> server --(delay)--> reply        in order on one connection, in none between two
 *
 * What is in flight arrives even when its sender has died; what a server had not been reached by when it crashed is lost, and so are the replies on
 * their way. Source: hiredis 0.14, hiredis.h.
 */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/world.h"

struct command {
	struct pipe *pipe;
	uint32_t count;
	struct sim_bytes *words;
	struct redisReply *reply; /* NULL: not there yet */
	int64_t ready;            /* when it is */
	struct command *next;
};

/* One connection; lives until the seed ends, for something of it may be in flight. */
struct pipe {
	struct redisContext base;
	struct sim_engine *engine;
	struct sim_redis *redis;
	struct sim_session *session;
	uint32_t life;      /* of the server, when it was made */
	bool closed;        /* by the client */
	int64_t last_there; /* the latest arrival */
	int64_t last_back;
	int64_t patience_us;
	struct command *waiting, **waiting_end; /* sent or not, replies not taken */
	struct command *unsent;
};

static struct pipe *pipe_of(redisContext *context)
{
	return (struct pipe *)(void *)context;
}

static bool broken(const struct pipe *pipe)
{
	return pipe->redis->down || pipe->life != pipe->redis->life || sim_now() < pipe->engine->redis_cut_until;
}

static int fail(struct pipe *pipe, const char *words)
{
	pipe->base.err = REDIS_ERR_IO;
	snprintf(pipe->base.errstr, sizeof(pipe->base.errstr), "%s", words);
	return REDIS_ERR;
}

/* Their names for what they take are short. NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */
redisContext *redisConnectWithTimeout(const char *host, int port, const struct timeval patience)
{
	struct pipe *pipe = sim_alloc(sizeof(*pipe));
	struct sim_world *world = sim_world();
	(void)host;
	(void)patience;
	pipe->engine = sim_engine_self();
	pipe->redis = &world->redis[(uint32_t)port % SIM_REDIS_MOST];
	pipe->waiting_end = &pipe->waiting;
	if (!sim_sleep(sim_delay()) || pipe->redis->down || sim_now() < pipe->engine->redis_cut_until) {
		fail(pipe, "connection refused");
		return &pipe->base;
	}
	pipe->life = pipe->redis->life;
	pipe->session = sim_session_new(pipe->redis->server);
	pipe->last_there = pipe->last_back = sim_now();
	sim_note("redis connected", pipe->life, 0, 0, 0);
	return &pipe->base;
}

redisContext *redisConnectUnixWithTimeout(const char *path, const struct timeval patience)
{
	return redisConnectWithTimeout(path, 0, patience);
}

int redisSetTimeout(redisContext *context, const struct timeval patience)
{
	pipe_of(context)->patience_us = (int64_t)patience.tv_sec * SIM_S + patience.tv_usec;
	return REDIS_OK;
}

static void replies_drop(struct pipe *pipe)
{
	for (struct command *command = pipe->waiting; command; command = command->next) {
		freeReplyObject(command->reply);
		command->reply = NULL;
	}
}

void redisFree(redisContext *context)
{
	struct pipe *pipe = pipe_of(context);
	pipe->closed = true;
	replies_drop(pipe);
}

/* ---- on the way ---- */

/* The command reaches the server. */
static void arrive(void *context)
{
	struct command *command = context;
	struct pipe *pipe = command->pipe;
	if (pipe->redis->down || pipe->life != pipe->redis->life) {
		return;
	}
	struct redisReply *reply = sim_server_command(pipe->redis->server, pipe->session, command->count, command->words);
	if (sim_verbose()) {
		sim_trace_command(pipe->engine, command->count, command->words, reply);
	}
	sim_note("redis command", (int64_t)sim_engine_number(pipe->engine), command->count, reply->type,
	         (int64_t)sim_server_writes(pipe->redis->server));
	if (pipe->closed) {
		freeReplyObject(reply);
		return;
	}
	command->reply = reply;
	command->ready = sim_now() + sim_delay();
	command->ready = command->ready > pipe->last_back ? command->ready : pipe->last_back;
	pipe->last_back = command->ready;
	sim_wake(pipe->engine->process, command->ready);
}

int redisAppendCommandArgv(redisContext *context, int count, const char **words, const size_t *lengths)
{
	struct pipe *pipe = pipe_of(context);
	struct command *command = sim_alloc(sizeof(*command));
	*command = (struct command){.pipe = pipe, .count = (uint32_t)count, .words = sim_alloc((size_t)count * sizeof(*command->words))};
	for (int i = 0; i < count; i++) {
		size_t length = lengths ? lengths[i] : strlen(words[i]);
		char *copy = sim_alloc(length + 1);
		memcpy(copy, words[i], length);
		command->words[i] = (struct sim_bytes){copy, length};
	}
	*pipe->waiting_end = command;
	pipe->waiting_end = &command->next;
	pipe->unsent = pipe->unsent ? pipe->unsent : command;
	return REDIS_OK;
}

int redisBufferWrite(redisContext *context, int *done)
{
	struct pipe *pipe = pipe_of(context);
	*done = 1;
	if (pipe->base.err || sim_dead()) {
		return REDIS_ERR;
	}
	if (broken(pipe)) {
		return fail(pipe, "broken pipe");
	}
	for (; pipe->unsent; pipe->unsent = pipe->unsent->next) {
		int64_t when = sim_now() + sim_delay();
		when = when > pipe->last_there ? when : pipe->last_there;
		pipe->last_there = when;
		sim_at(when, arrive, pipe->unsent);
	}
	return REDIS_OK;
}

int redisGetReply(redisContext *context, void **reply)
{
	struct pipe *pipe = pipe_of(context);
	struct command *command = pipe->waiting;
	int done;
	*reply = NULL;
	if (pipe->base.err || redisBufferWrite(context, &done) != REDIS_OK) {
		return fail(pipe, "broken pipe");
	}
	if (!command) {
		return fail(pipe, "nothing was asked");
	}
	int64_t until = sim_now() + pipe->patience_us;
	while (!command->reply || command->ready > sim_now()) {
		if (broken(pipe)) {
			return fail(pipe, "server closed the connection");
		}
		if (sim_now() >= until || !sim_wait(command->reply && command->ready < until ? command->ready : until)) {
			return fail(pipe, "timed out");
		}
	}
	*reply = command->reply;
	command->reply = NULL;
	pipe->waiting = command->next;
	pipe->waiting_end = pipe->waiting ? pipe->waiting_end : &pipe->waiting;
	return REDIS_OK;
}

void *redisCommandArgv(redisContext *context, int count, const char **words, const size_t *lengths)
{
	void *reply = NULL;
	if (redisAppendCommandArgv(context, count, words, lengths) != REDIS_OK || redisGetReply(context, &reply) != REDIS_OK) {
		return NULL;
	}
	return reply;
}

void freeReplyObject(void *reply)
{
	struct redisReply *held = reply;
	if (!held) {
		return;
	}
	for (size_t i = 0; i < held->elements; i++) {
		freeReplyObject(held->element[i]);
	}
	free(held->element);
	free(held->str);
	free(held);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
