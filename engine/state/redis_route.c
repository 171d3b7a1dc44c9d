/**
 * @file redis_route.c
 * Servers, shards, and what the servers say about where the shards are; see redis_route.h.
 */
#include "engine/state/redis_route.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define SERVERS_MAX   1024U /* more than the slots' shards can be on */
#define ADDRESS_BYTES (TW_CLUSTER_HOST_BYTES + 16U)

/* ---- servers ---- */

struct tw_server *tw_route_server(const struct tw_route *route, uint32_t shard)
{
	return route->servers[route->shard[shard].server];
}

static struct tw_link *link_of(const struct tw_route *route, uint32_t shard)
{
	return &tw_route_server(route, shard)->link;
}

static enum tw_code no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the servers of the state", NULL, NULL);
}

static enum tw_code server_add(struct tw_route *route, const struct tw_redis_options *options, struct tw_error *err)
{
	if (route->server_count == SERVERS_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_STOP, "too many Redis servers", options->address, "at most %u", SERVERS_MAX);
	}
	struct tw_server **grown = realloc(route->servers, (route->server_count + 1) * sizeof(*grown));
	struct tw_server *server = calloc(1, sizeof(*server));
	if (grown) {
		route->servers = grown;
	}
	if (!grown || !server) {
		free(server);
		return no_memory(err);
	}
	enum tw_code code = tw_link_init(&server->link, options, err);
	if (code == TW_OK && route->cluster && server->link.port == 0) {
		tw_link_fini(&server->link);
		code = tw_fail(err, TW_E_SYNTAX, TW_STOP, "a Redis Cluster has no unix sockets", options->address, "its members name host and port");
	}
	if (code) {
		free(server);
		return code;
	}
	route->servers[route->server_count++] = server;
	return TW_OK;
}

/* "one,two": blanks around a comma do no harm, nothing between two commas does. */
static enum tw_code servers_add(struct tw_route *route, const struct tw_redis_options *options, struct tw_error *err)
{
	const char *at = options->address ? options->address : "";
	for (bool more = true; more;) {
		size_t length = strcspn(at, ",");
		const char *next = at + length;
		more = *next == ',';
		for (; length && *at == ' '; at++, length--) {
		}
		for (; length && at[length - 1] == ' '; length--) {
		}
		char *address = strndup(at, length);
		struct tw_redis_options one = *options;
		one.address = address;
		enum tw_code code = address ? server_add(route, &one, err) : no_memory(err);
		free(address);
		if (code) {
			return code;
		}
		at = next + more;
	}
	return TW_OK;
}

static bool shards_place(struct tw_route *route, const char *prefix)
{
	size_t room = strlen(prefix) + 16;
	char *tag = malloc(room);
	route->shard = calloc(route->shard_count, sizeof(*route->shard));
	for (uint32_t i = 0; tag && route->shard && i < route->shard_count; i++) {
		snprintf(tag, room, "%s:s%u", prefix, i);
		route->shard[i].slot = tw_cluster_slot(tag);
		route->shard[i].server = i % route->server_count;
	}
	bool placed = tag && route->shard;
	free(tag);
	return placed;
}

enum tw_code tw_route_init(struct tw_route *route, const struct tw_redis_options *options, const char *prefix, struct tw_error *err)
{
	*route = (struct tw_route){.shard_count = options->shards, .cluster = options->cluster};
	enum tw_code code = servers_add(route, options, err);
	if (code == TW_OK && !route->cluster && route->server_count > route->shard_count) {
		code = tw_fail(err, TW_E_RANGE, TW_STOP, "fewer shards than Redis servers", options->address,
		               "%u servers, redis.shards %u: a server would stay empty", route->server_count, route->shard_count);
	}
	if (code == TW_OK && !shards_place(route, prefix)) {
		code = no_memory(err);
	}
	if (code) {
		tw_route_fini(route);
	}
	return code;
}

void tw_route_fini(struct tw_route *route)
{
	for (uint32_t i = 0; i < route->server_count; i++) {
		tw_link_fini(&route->servers[i]->link);
		free(route->servers[i]);
	}
	free(route->servers);
	free(route->shard);
	*route = (struct tw_route){.server_count = 0};
}

static void server_close(struct tw_server *server)
{
	tw_link_close(&server->link);
	server->owed = 0;
	server->doubtful = false;
	server->turn_open = false; /* and what is late never comes */
}

void tw_route_drop(struct tw_route *route)
{
	for (uint32_t i = 0; i < route->server_count; i++) {
		if (route->servers[i]->owed || route->servers[i]->turn_open) {
			server_close(route->servers[i]);
		}
	}
}

/* ---- where the cluster says that a server is ---- */

/* @param from who said it: a server without a name is on its host */
static enum tw_code server_find(struct tw_route *route, uint32_t from, const struct tw_cluster_server *named, uint32_t *out, struct tw_error *err)
{
	const struct tw_link *told = &route->servers[from]->link;
	const char *host = named->host[0] ? named->host : told->host;
	for (uint32_t i = 0; i < route->server_count; i++) {
		const struct tw_link *link = &route->servers[i]->link;
		if (link->port == named->port && strcmp(link->host, host) == 0) {
			*out = i;
			return TW_OK;
		}
	}
	char address[ADDRESS_BYTES];
	snprintf(address, sizeof(address), strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, named->port);
	struct tw_redis_options options = {
	    .address = address, .username = told->username, .password = told->password, .timeout_ms = told->timeout_ms};
	*out = route->server_count;
	return server_add(route, &options, err);
}

static void shard_put(struct tw_route *route, uint32_t shard, uint32_t server)
{
	route->changed = route->changed || route->shard[shard].server != server;
	route->shard[shard].server = server;
}

static enum tw_code table_take(struct tw_route *route, uint32_t from, const redisReply *reply, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	tw_link_where(&route->servers[from]->link, where, sizeof(where));
	enum tw_code code = TW_OK;
	for (uint32_t s = 0; s < route->shard_count && code == TW_OK; s++) {
		struct tw_cluster_server named;
		uint32_t server = 0;
		code = tw_cluster_primary(reply, route->shard[s].slot, where, &named, err);
		code = code ? code : server_find(route, from, &named, &server, err);
		if (code == TW_OK) {
			shard_put(route, s, server);
		}
	}
	return code;
}

static enum tw_code member_ask(struct tw_route *route, uint32_t member, struct tw_error *err)
{
	struct tw_link *link = &route->servers[member]->link;
	enum tw_code code = tw_link_connect(link, err);
	if (code) {
		return code;
	}
	struct tw_arena scratch;
	tw_arena_init(&scratch, 1024, 0);
	const struct tw_slice words[] = {tw_slice_str("CLUSTER"), tw_slice_str("SLOTS")};
	redisReply *reply = NULL;
	code = tw_link_send(link, words, 2, &scratch, err);
	code = code ? code : tw_link_receive(link, &reply, err);
	if (code == TW_OK) {
		code = reply->type == REDIS_REPLY_ERROR ? tw_link_refusal(link, reply, err) : table_take(route, member, reply, err);
		freeReplyObject(reply);
	}
	tw_arena_fini(&scratch);
	return code;
}

/* Any member knows; the first that answers is believed. One that is out of date is corrected by the server that it names: MOVED. */
static enum tw_code cluster_learn(struct tw_route *route, struct tw_error *err)
{
	enum tw_code code = TW_E_IO;
	uint32_t count = route->server_count; /* those that an answer adds need not be asked */
	for (uint32_t i = 0; i < count && code; i++) {
		code = member_ask(route, i, err);
		if (code && code != TW_E_IO) {
			return code;
		}
	}
	route->known = code == TW_OK;
	return code;
}

enum tw_code tw_route_open(struct tw_route *route, bool *fresh, struct tw_error *err)
{
	for (uint32_t i = 0; i < route->server_count; i++) {
		if (route->servers[i]->doubtful || route->servers[i]->owed || route->servers[i]->turn_open) {
			server_close(route->servers[i]);
		}
	}
	enum tw_code code = route->cluster && !route->known ? cluster_learn(route, err) : TW_OK;
	*fresh = route->changed;
	for (uint32_t s = 0; s < route->shard_count && code == TW_OK; s++) {
		bool opened = false;
		code = tw_link_open(link_of(route, s), &opened, err);
		*fresh = *fresh || opened;
	}
	if (code == TW_OK) {
		route->changed = false;
	} else {
		route->known = false; /* a server that does not answer may have been replaced */
	}
	return code;
}

bool tw_route_is_open(const struct tw_route *route)
{
	bool open = !route->changed && (!route->cluster || route->known);
	for (uint32_t s = 0; s < route->shard_count && open; s++) {
		const struct tw_server *server = tw_route_server(route, s);
		open = !server->doubtful && server->link.ready && server->link.context && !server->link.context->err;
	}
	return open;
}

/* ---- talking ---- */

enum tw_code tw_route_send(struct tw_route *route, uint32_t shard, const struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                           struct tw_error *err)
{
	struct tw_server *server = tw_route_server(route, shard);
	enum tw_code code = tw_link_send(&server->link, words, count, arena, err);
	server->owed += code == TW_OK;
	return code;
}

enum tw_code tw_route_flush(struct tw_route *route, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < route->server_count && code == TW_OK; i++) {
		code = route->servers[i]->owed ? tw_link_flush(&route->servers[i]->link, err) : TW_OK;
	}
	return code;
}

static enum tw_code server_receive(struct tw_route *route, struct tw_server *server, redisReply **out, struct tw_error *err)
{
	enum tw_code code = tw_link_receive(&server->link, out, err);
	server->owed = code == TW_OK ? server->owed - 1 : 0;
	route->known = route->known && code == TW_OK;
	return code;
}

enum tw_code tw_route_receive(struct tw_route *route, uint32_t shard, struct redisReply **out, struct tw_error *err)
{
	return server_receive(route, tw_route_server(route, shard), out, err);
}

static bool is_used(const struct tw_route *route, uint32_t server)
{
	bool used = false;
	for (uint32_t s = 0; s < route->shard_count && !used; s++) {
		used = route->shard[s].server == server;
	}
	return used;
}

enum tw_code tw_route_ask(struct tw_route *route, const struct redisReply *reply, uint32_t shard, const struct tw_slice *words, uint32_t count,
                          struct tw_arena *arena, struct redisReply **out, struct tw_error *err)
{
	uint32_t slot = 0, at = 0;
	struct tw_cluster_server named;
	if (tw_cluster_redirect(reply, &slot, &named) != TW_REDIRECT_ASK) {
		return tw_route_refusal(route, shard, reply, err);
	}
	enum tw_code code = server_find(route, route->shard[shard].server, &named, &at, err);
	if (code) {
		return code;
	}
	struct tw_server *server = route->servers[at];
	bool opened = false;
	const struct tw_slice asking = tw_slice_str("ASKING");
	redisReply *first = NULL;
	code = tw_link_open(&server->link, &opened, err);
	route->changed = route->changed || (opened && is_used(route, at));
	code = code ? code : tw_link_send(&server->link, &asking, 1, arena, err);
	code = code ? code : tw_link_send(&server->link, words, count, arena, err);
	server->owed += code == TW_OK ? 2 : 0;
	code = code ? code : server_receive(route, server, &first, err);
	if (code == TW_OK && first->type == REDIS_REPLY_ERROR) {
		code = tw_link_refusal(&server->link, first, err);
	}
	code = code ? code : server_receive(route, server, out, err);
	freeReplyObject(first);
	if (code) {
		server_close(server);
	}
	return code;
}

static enum tw_code command_once(struct tw_route *route, uint32_t shard, const struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                                 redisReply **out, struct tw_error *err)
{
	uint32_t slot = 0;
	struct tw_cluster_server named;
	redisReply *reply = NULL;
	enum tw_code code = tw_route_send(route, shard, words, count, arena, err);
	code = code ? code : tw_route_receive(route, shard, &reply, err);
	if (code == TW_OK && tw_cluster_redirect(reply, &slot, &named) == TW_REDIRECT_ASK) {
		redisReply *there = NULL;
		code = tw_route_ask(route, reply, shard, words, count, arena, &there, err);
		freeReplyObject(reply);
		reply = there;
	}
	*out = reply;
	return code;
}

enum tw_code tw_route_command(struct tw_route *route, uint32_t shard, const struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                              struct redisReply **out, struct tw_error *err)
{
	enum tw_code code = command_once(route, shard, words, count, arena, out, err);
	if (code == TW_OK && tw_link_lost_library(*out)) {
		freeReplyObject(*out);
		*out = NULL;
		code = tw_route_library(route, err);
		code = code ? code : command_once(route, shard, words, count, arena, out, err);
	}
	return code;
}

enum tw_code tw_route_library(struct tw_route *route, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < route->server_count && code == TW_OK; i++) {
		struct tw_link *link = &route->servers[i]->link;
		code = link->ready ? tw_link_library(link, err) : TW_OK;
	}
	return code;
}

/* ---- what answers mean ---- */

static bool starts_with(const redisReply *reply, const char *word)
{
	return reply->type == REDIS_REPLY_ERROR && strncmp(tw_link_cause(reply), word, strlen(word)) == 0;
}

static enum tw_code moved(struct tw_route *route, uint32_t shard, uint32_t slot, const struct tw_cluster_server *named, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	uint32_t server = 0;
	tw_link_where(link_of(route, shard), where, sizeof(where));
	enum tw_code code = server_find(route, route->shard[shard].server, named, &server, err);
	for (uint32_t s = 0; s < route->shard_count && code == TW_OK; s++) {
		if (route->shard[s].slot == slot) {
			shard_put(route, s, server);
		}
	}
	return code ? code
	            : tw_fail(err, TW_E_IO, TW_RETRY, "a slot of the state has moved to another server", where, "slot %u, now at %s:%d", slot,
	                      named->host, named->port);
}

enum tw_code tw_route_refusal(struct tw_route *route, uint32_t shard, const struct redisReply *reply, struct tw_error *err)
{
	uint32_t slot = 0;
	struct tw_cluster_server named;
	enum tw_redirect redirect = tw_cluster_redirect(reply, &slot, &named);
	if (redirect != TW_REDIRECT_NONE && !route->cluster) {
		char where[TW_ERROR_WHERE_BYTES];
		return tw_fail(err, TW_E_IO, TW_STOP, "this Redis is a member of a cluster",
		               tw_link_where(link_of(route, shard), where, sizeof(where)), "%s: set redis.cluster", reply->str);
	}
	if (redirect == TW_REDIRECT_MOVED) {
		return moved(route, shard, slot, &named, err);
	}
	/* no primary any more, or not yet: when it takes writes again, it may be with another's state */
	if (starts_with(reply, "READONLY") || starts_with(reply, "MASTERDOWN") || starts_with(reply, "LOADING") ||
	    starts_with(reply, "CLUSTERDOWN")) {
		tw_route_server(route, shard)->doubtful = true;
		route->known = false;
	}
	return tw_link_refusal(link_of(route, shard), reply, err);
}

/* ---- lives ---- */

/* "...\r\nname:value\r\n...": the value, empty where there is no such line. */
static struct tw_slice info_value(const redisReply *reply, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = reply->str; at && *at;) {
		size_t line = strcspn(at, "\r\n");
		if (line > length && at[length] == ':' && memcmp(at, name, length) == 0) {
			return (struct tw_slice){at + length + 1, (uint32_t)(line - length - 1)};
		}
		at += line + strspn(at + line, "\r\n");
	}
	return (struct tw_slice){"", 0};
}

static enum tw_code life_take(struct tw_server *server, const redisReply *reply, struct tw_error *err)
{
	if (reply->type != REDIS_REPLY_STRING) {
		return tw_link_refusal(&server->link, reply, err);
	}
	struct tw_slice process = info_value(reply, "run_id"), history = info_value(reply, "master_replid");
	if (process.len == 0) {
		char where[TW_ERROR_WHERE_BYTES];
		return tw_fail(err, TW_E_IO, TW_STOP, "the state store does not say which run of it this is",
		               tw_link_where(&server->link, where, sizeof(where)), "INFO server has no run_id");
	}
	if (tw_slice_equal(info_value(reply, "role"), tw_slice_str("slave"))) {
		char where[TW_ERROR_WHERE_BYTES];
		server->doubtful = true;
		return tw_fail(err, TW_E_IO, TW_RETRY, "the state store is a read-only replica", tw_link_where(&server->link, where, sizeof(where)),
		               NULL);
	}
	server->life = tw_hash64(history.ptr, history.len, tw_hash64(process.ptr, process.len, 0));
	return TW_OK;
}

static enum tw_code life_ask(struct tw_route *route, struct tw_server *server, struct tw_arena *arena, struct tw_error *err)
{
	const struct tw_slice words[] = {tw_slice_str("INFO"), tw_slice_str("server"), tw_slice_str("replication")};
	redisReply *reply = NULL;
	enum tw_code code = tw_link_send(&server->link, words, 3, arena, err);
	server->owed += code == TW_OK;
	code = code ? code : server_receive(route, server, &reply, err);
	code = code ? code : life_take(server, reply, err);
	freeReplyObject(reply);
	return code;
}

enum tw_code tw_route_lives(struct tw_route *route, struct tw_arena *arena, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < route->server_count; i++) {
		route->servers[i]->asked = false;
	}
	for (uint32_t s = 0; s < route->shard_count && code == TW_OK; s++) {
		struct tw_server *server = route->servers[route->shard[s].server];
		code = server->asked ? TW_OK : life_ask(route, server, arena, err);
		server->asked = true;
	}
	return code;
}

uint64_t tw_route_life(const struct tw_route *route, uint32_t shard)
{
	return route->servers[route->shard[shard].server]->life;
}
