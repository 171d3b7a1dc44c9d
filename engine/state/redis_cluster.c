/**
 * @file redis_cluster.c
 * Slots, slot tables, redirections; see redis_cluster.h.
 */
#include "engine/state/redis_cluster.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <string.h>

#define PORT_MAX 65535

/* CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected. Source: Redis 7.0 documentation, "Redis Cluster specification", appendix A. */
uint32_t tw_cluster_slot(const char *tag)
{
	uint32_t crc = 0;
	for (; *tag; tag++) {
		crc ^= (uint32_t)(unsigned char)*tag << 8;
		for (int bit = 0; bit < 8; bit++) {
			crc = (crc & 0x8000U ? crc << 1 ^ 0x1021U : crc << 1) & 0xffffU;
		}
	}
	return crc % TW_CLUSTER_SLOTS;
}

/* ---- redirections ---- */

/* @param text moved behind the digits @return -1: no number, or past `most` */
static int64_t number_take(const char **text, int64_t most)
{
	int64_t value = 0;
	const char *at = *text;
	for (; *at >= '0' && *at <= '9' && value <= most; at++) {
		value = value * 10 + (*at - '0');
	}
	bool held = at != *text && value <= most;
	*text = at;
	return held ? value : -1;
}

/* "host:port", an IPv6 address without brackets: the last colon counts. */
static bool server_take(const char *text, struct tw_cluster_server *out)
{
	const char *colon = strrchr(text, ':');
	if (!colon || (size_t)(colon - text) >= sizeof(out->host)) {
		return false;
	}
	memcpy(out->host, text, (size_t)(colon - text));
	out->host[colon - text] = '\0';
	const char *port = colon + 1;
	out->port = (int)number_take(&port, PORT_MAX);
	return out->port > 0 && *port == '\0';
}

enum tw_redirect tw_cluster_redirect(const struct redisReply *reply, uint32_t *slot, struct tw_cluster_server *server)
{
	if (reply->type != REDIS_REPLY_ERROR) {
		return TW_REDIRECT_NONE;
	}
	bool moved = strncmp(reply->str, "MOVED ", 6) == 0;
	if (!moved && strncmp(reply->str, "ASK ", 4) != 0) {
		return TW_REDIRECT_NONE;
	}
	const char *at = reply->str + (moved ? 6 : 4);
	int64_t number = number_take(&at, TW_CLUSTER_SLOTS - 1);
	if (number < 0 || *at != ' ' || !server_take(at + 1, server)) {
		return TW_REDIRECT_NONE;
	}
	*slot = (uint32_t)number;
	return moved ? TW_REDIRECT_MOVED : TW_REDIRECT_ASK;
}

/* ---- the table ---- */

/* One row: first slot, last slot, primary, replicas... A server: address or nil, port, id, ... */
static bool row_is_sound(const redisReply *row)
{
	if (row->type != REDIS_REPLY_ARRAY || row->elements < 3 || row->element[0]->type != REDIS_REPLY_INTEGER ||
	    row->element[1]->type != REDIS_REPLY_INTEGER || row->element[2]->type != REDIS_REPLY_ARRAY || row->element[2]->elements < 2) {
		return false;
	}
	const redisReply *host = row->element[2]->element[0], *port = row->element[2]->element[1];
	bool named = host->type == REDIS_REPLY_NIL || (host->type == REDIS_REPLY_STRING && host->len < TW_CLUSTER_HOST_BYTES);
	return named && port->type == REDIS_REPLY_INTEGER && port->integer > 0 && port->integer <= PORT_MAX;
}

static bool row_has(const redisReply *row, uint32_t slot)
{
	return row->element[0]->integer <= (long long)slot && (long long)slot <= row->element[1]->integer;
}

static void row_primary(const redisReply *row, struct tw_cluster_server *out)
{
	const redisReply *host = row->element[2]->element[0];
	/* "?" is how 7.0 says that a member has no announced name yet */
	bool stated = host->type == REDIS_REPLY_STRING && strcmp(host->str, "?") != 0;
	snprintf(out->host, sizeof(out->host), "%s", stated ? host->str : "");
	out->port = (int)row->element[2]->element[1]->integer;
}

enum tw_code tw_cluster_primary(const struct redisReply *reply, uint32_t slot, const char *where, struct tw_cluster_server *out, struct tw_error *err)
{
	bool sound = reply->type == REDIS_REPLY_ARRAY;
	for (size_t i = 0; sound && i < reply->elements; i++) {
		sound = row_is_sound(reply->element[i]);
		if (sound && row_has(reply->element[i], slot)) {
			row_primary(reply->element[i], out);
			return TW_OK;
		}
	}
	if (!sound) {
		return tw_fail(err, TW_E_IO, TW_STOP, "the state store answered something that is no table of slots", where, NULL);
	}
	return tw_fail(err, TW_E_IO, TW_RETRY, "no server of the cluster has a slot of ours", where, "slot %u: CLUSTER NODES tells which", slot);
}
