/**
 * @file redis_cluster.h
 * What the members of a Redis Cluster say about who has what: slots of keys, the slot table, redirections. Reads only, talks to nobody.
 *
 *     "{tw:s3}:epoch" --what stands in braces--> "tw:s3" --CRC16 mod 16384--> slot --CLUSTER SLOTS--> primary
 *                                                                              ^------MOVED, ASK----------'
 *
 * Inside engine/state only. Threads: any.
 * Source: Redis 7.0 documentation, "Redis Cluster specification" (hash tags, redirection), "CLUSTER SLOTS".
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_CLUSTER_H
#define TIDEWAITER_ENGINE_STATE_REDIS_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/error.h>

struct redisReply;

#define TW_CLUSTER_SLOTS      16384U
#define TW_CLUSTER_HOST_BYTES 256U

/** A server as the cluster names it. */
struct tw_cluster_server {
	char host[TW_CLUSTER_HOST_BYTES]; /**< "" where the cluster means "the one that you asked" */
	int port;
};

enum tw_redirect {
	TW_REDIRECT_NONE = 0,
	TW_REDIRECT_MOVED, /**< the slot lives there from now on */
	TW_REDIRECT_ASK,   /**< this one command goes there, behind an ASKING: the slot is on its way */
};

/** The slot of keys that have `tag` in their braces, terminated. */
uint32_t tw_cluster_slot(const char *tag);

/** @param slot, server out: written where it is a redirection @return TW_REDIRECT_NONE for every other reply, malformed ones too */
enum tw_redirect tw_cluster_redirect(const struct redisReply *reply, uint32_t *slot, struct tw_cluster_server *server);

/**
 * The primary of a slot, out of a reply to CLUSTER SLOTS.
 * @param where names the member that answered, in errors
 * @return TW_OK; TW_E_IO retry: nobody has the slot now; TW_E_IO stop: not such a reply
 */
TW_MUST_USE enum tw_code tw_cluster_primary(const struct redisReply *reply, uint32_t slot, const char *where, struct tw_cluster_server *out,
                                            struct tw_error *err);

#endif
