/**
 * @file redis_link.c
 * Connecting and talking to Redis; see redis_link.h.
 */
#include "engine/state/redis_link.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"

#define PORT_DEFAULT 6379
#define PORT_MAX     65535

static const char library[] =
#include "engine/state/append.lua.h"
    ;

const char *tw_link_library_text(void)
{
	return library;
}

/* ---- options ---- */

static bool port_parse(const char *text, int *port)
{
	int value = 0;
	for (; *text >= '0' && *text <= '9' && value <= PORT_MAX; text++) {
		value = value * 10 + (*text - '0');
	}
	*port = value;
	return *text == '\0' && value > 0 && value <= PORT_MAX;
}

/* "unix:/path", "host", "host:port", "[::1]:port" */
static bool address_parse(struct tw_link *link, const char *address)
{
	if (strncmp(address, "unix:", 5) == 0) {
		link->host = strdup(address + 5);
		return address[5] != '\0';
	}
	const char *start = address[0] == '[' ? address + 1 : address;
	const char *end = address[0] == '[' ? strchr(address, ']') : strchr(address, ':');
	size_t length = end ? (size_t)(end - start) : strlen(start);
	const char *rest = end ? end + (*end == ']') : "";
	link->host = strndup(start, length);
	link->port = PORT_DEFAULT;
	return length && (address[0] != '[' || end) && (*rest == '\0' || (*rest == ':' && port_parse(rest + 1, &link->port)));
}

static char *copied(const char *text, bool *whole)
{
	char *copy = text && *text ? strdup(text) : NULL;
	*whole = *whole && (copy || !text || !*text);
	return copy;
}

enum tw_code tw_link_init(struct tw_link *link, const struct tw_redis_options *options, struct tw_error *err)
{
	*link = (struct tw_link){.timeout_ms = options->timeout_ms ? options->timeout_ms : 1000};
	bool whole = true;
	bool readable = options->address && address_parse(link, options->address);
	link->username = copied(options->username, &whole);
	link->password = copied(options->password, &whole);
	if (readable && whole && link->host) {
		return TW_OK;
	}
	tw_link_fini(link);
	if (!readable) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "not an address of a Redis server", options->address,
		               "host:port, [address]:port, or unix:/path");
	}
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the connection's settings", NULL, NULL);
}

void tw_link_close(struct tw_link *link)
{
	if (link->context) {
		redisFree(link->context);
		link->context = NULL;
	}
	link->ready = false;
	link->no_turns = false;
}

void tw_link_fini(struct tw_link *link)
{
	tw_link_close(link);
	free(link->host);
	free(link->username);
	free(link->password);
	*link = (struct tw_link){.context = NULL};
}

/* ---- what went wrong ---- */

const char *tw_link_where(const struct tw_link *link, char *buffer, size_t size)
{
	if (link->port) {
		snprintf(buffer, size, "redis %s:%d", link->host, link->port);
	} else {
		snprintf(buffer, size, "redis %s", link->host);
	}
	return buffer;
}

static enum tw_code broken(struct tw_link *link, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	const char *words = link->context && link->context->errstr[0] ? link->context->errstr : "no connection";
	tw_fail(err, TW_E_IO, TW_RETRY, "the state store does not answer", tw_link_where(link, where, sizeof(where)), "%s", words);
	tw_link_close(link);
	return TW_E_IO;
}

static bool starts(const char *text, const char *word)
{
	return strncmp(text, word, strlen(word)) == 0;
}

static bool starts_any(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (starts(text, *words)) {
			return true;
		}
	}
	return false;
}

const char *tw_link_cause(const struct redisReply *reply)
{
	static const char given_up[] = "EXECABORT Transaction discarded because of: ";
	return reply->str + (starts(reply->str, given_up) ? sizeof(given_up) - 1 : 0);
}

bool tw_link_lost_library(const struct redisReply *reply)
{
	return reply->type == REDIS_REPLY_ERROR && starts(reply->str, "ERR Function not found");
}

/* What a function calls: Redis says that something was refused inside it, and not what. */
static const char *function_needs(const char *words)
{
	if (strstr(words, "script: tw_add")) {
		return " needs +mget and +mset";
	}
	return strstr(words, "script: tw_") ? " needs +get and +set" : "";
}

enum tw_code tw_link_refusal(const struct tw_link *link, const struct redisReply *reply, struct tw_error *err)
{
	static const char *const rights[] = {
	    "NOAUTH", "WRONGPASS", "NOPERM", "ERR AUTH", "ERR invalid password", "ERR Client sent AUTH", "ERR The user executing the script can't",
	    NULL};
	static const char *const passing[] = {"OOM",  "READONLY",    "LOADING",  "MASTERDOWN", "MISCONF",
	                                      "BUSY", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "ERR max number of clients",
	                                      NULL};
	char where[TW_ERROR_WHERE_BYTES];
	tw_link_where(link, where, sizeof(where));
	if (reply->type != REDIS_REPLY_ERROR) {
		return tw_fail(err, TW_E_IO, TW_STOP, "the state store answered something that it never should", where, "reply type %d", reply->type);
	}
	const char *cause = tw_link_cause(reply);
	if (starts_any(cause, rights)) {
		return tw_fail(err, TW_E_AUTH, TW_STOP, "the state store refuses our credentials or rights", where, "user %s%s: %s",
		               link->username ? link->username : "default", function_needs(cause), cause);
	}
	if (starts_any(cause, passing)) {
		return tw_fail(err, TW_E_IO, TW_RETRY, "the state store cannot take writes now", where, "%s", cause);
	}
	if (starts(cause, "WRONGTYPE")) {
		return tw_fail(err, TW_E_CORRUPT, TW_STOP, "a key of ours holds something else", where, "%s", cause);
	}
	return tw_fail(err, TW_E_IO, TW_STOP, "the state store refuses a command", where, "%s", cause);
}

/* ---- pipeline ---- */

enum tw_code tw_link_send(struct tw_link *link, const struct tw_slice *words, uint32_t count, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_arena_mark mark = tw_arena_mark(arena);
	const char **arguments = tw_arena_alloc_raw(arena, count * sizeof(*arguments));
	size_t *lengths = tw_arena_alloc_raw(arena, count * sizeof(*lengths));
	bool sent = arguments && lengths;
	for (uint32_t i = 0; sent && i < count; i++) {
		arguments[i] = words[i].len ? words[i].ptr : "";
		lengths[i] = words[i].len;
	}
	sent = sent && redisAppendCommandArgv(link->context, (int)count, arguments, lengths) == REDIS_OK;
	tw_arena_rewind(arena, mark);
	/* The server may begin while we go on; a write that fails is met again by whoever reads. */
	int done = 0;
	(void)redisBufferWrite(link->context, &done);
	return sent ? TW_OK : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a command to the state store", NULL, NULL);
}

enum tw_code tw_link_flush(struct tw_link *link, struct tw_error *err)
{
	int done = 0;
	while (!done) {
		if (!link->context || redisBufferWrite(link->context, &done) != REDIS_OK) {
			return broken(link, err);
		}
	}
	return TW_OK;
}

enum tw_code tw_link_receive(struct tw_link *link, struct redisReply **out, struct tw_error *err)
{
	void *reply = NULL;
	if (!link->context || redisGetReply(link->context, &reply) != REDIS_OK || !reply) {
		return broken(link, err);
	}
	*out = reply;
	return TW_OK;
}

/* ---- opening ---- */

/* One command of terminated words, answered at once. */
static enum tw_code ask(struct tw_link *link, int count, const char **words, redisReply **out, struct tw_error *err)
{
	*out = redisCommandArgv(link->context, count, words, NULL);
	return *out ? TW_OK : broken(link, err);
}

static enum tw_code authenticate(struct tw_link *link, struct tw_error *err)
{
	if (!link->password) {
		return TW_OK;
	}
	const char *words[] = {"AUTH", link->username ? link->username : link->password, link->password};
	redisReply *reply;
	enum tw_code code = ask(link, link->username ? 3 : 2, words, &reply, err);
	if (code == TW_OK) {
		code = reply->type == REDIS_REPLY_ERROR ? tw_link_refusal(link, reply, err) : TW_OK;
		freeReplyObject(reply);
	}
	return code;
}

enum tw_code tw_link_library(struct tw_link *link, struct tw_error *err)
{
	const char *words[] = {"FUNCTION", "LOAD", "REPLACE", library};
	redisReply *reply;
	enum tw_code code = ask(link, 4, words, &reply, err);
	if (code == TW_OK) {
		code = reply->type == REDIS_REPLY_ERROR ? tw_link_refusal(link, reply, err) : TW_OK;
		freeReplyObject(reply);
	}
	return code;
}

/* Loads only what is absent or of another version: an engine without the right to load may use a library that somebody else loaded. */
static enum tw_code library_need(struct tw_link *link, struct tw_error *err)
{
	const char *words[] = {"FCALL", "tw_version", "0"};
	redisReply *reply;
	enum tw_code code = ask(link, 3, words, &reply, err);
	if (code) {
		return code;
	}
	bool same = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, TW_LIBRARY_VERSION) == 0;
	bool absent = tw_link_lost_library(reply) || reply->type == REDIS_REPLY_STRING;
	code = same || absent ? TW_OK : tw_link_refusal(link, reply, err);
	freeReplyObject(reply);
	return code == TW_OK && !same ? tw_link_library(link, err) : code;
}

enum tw_code tw_link_connect(struct tw_link *link, struct tw_error *err)
{
	if (link->context && !link->context->err) {
		return TW_OK;
	}
	tw_link_close(link);
	struct timeval patience = {(time_t)(link->timeout_ms / 1000), (suseconds_t)(link->timeout_ms % 1000) * 1000};
	link->context = link->port ? redisConnectWithTimeout(link->host, link->port, patience) : redisConnectUnixWithTimeout(link->host, patience);
	if (!link->context || link->context->err || redisSetTimeout(link->context, patience) != REDIS_OK) {
		return broken(link, err);
	}
	enum tw_code code = authenticate(link, err);
	if (code) {
		tw_link_close(link);
	}
	return code;
}

enum tw_code tw_link_open(struct tw_link *link, bool *fresh, struct tw_error *err)
{
	bool connected = link->context && !link->context->err;
	*fresh = !connected || !link->ready;
	enum tw_code code = *fresh ? tw_link_connect(link, err) : TW_OK;
	code = code || !*fresh ? code : library_need(link, err);
	if (code) {
		tw_link_close(link);
	}
	link->ready = code == TW_OK;
	return code;
}
