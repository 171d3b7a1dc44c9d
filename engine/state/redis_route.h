/**
 * @file redis_route.h
 * Which server each shard lives on, and one link to each server.
 *
 *     several servers:   shard i -> address i mod n                                 as the settings say, for ever
 *     Redis Cluster:     shard i -> slot of its tag -> primary                      as the members say, until MOVED or a failure
 *
 * A round is pipelined over all links: tw_route_send for every shard, tw_route_flush, then a tw_route_receive for every command, in order of
 * each shard's sends. Whenever a link is new, a shard has another server than before, or a server has said that it is no primary, the next
 * tw_route_open says *fresh*: the server may have gone back to an older state, and nothing that was remembered holds.
 *
 * Invariant: a link that owes replies is never used for a new round: read them, or tw_route_drop. Inside engine/state only. Threads: one owner.
 * Source: Redis 7.0 documentation, "Redis Cluster specification" (MOVED, ASK, TRYAGAIN, CLUSTERDOWN).
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_ROUTE_H
#define TIDEWAITER_ENGINE_STATE_REDIS_ROUTE_H

#include "engine/state/redis_cluster.h"
#include "engine/state/redis_link.h"

struct tw_server {
	struct tw_link link;
	uint32_t owed; /**< replies to commands that were sent */
	bool doubtful; /**< it is no primary: look again, with a new connection */
	bool asked;    /**< by the tw_route_lives that runs */
	/* of the round that runs; redis_turn.h */
	uint32_t turns;      /**< transactions */
	uint32_t turn_keys;  /**< in the last of them */
	uint32_t turn_shard; /**< the last that came into it */
	bool turn_open;      /**< behind a MULTI, or one is on its way */
	bool turn_spoilt;    /**< nothing of it may be written */
	bool turn_stores;    /**< an MSET is on its way */
	bool turn_ends;      /**< an EXEC is */
	/* of the round before it */
	bool late;           /**< the answers to an MSET and an EXEC are owed before all others */
	uint32_t late_shard; /**< that came into it */
	uint64_t life;       /**< which process and which history this is; of the last tw_route_lives */
};

/** Where a shard is. */
struct tw_place_of_shard {
	uint32_t server;
	uint32_t slot; /**< of a cluster */
};

struct tw_route {
	struct tw_server **servers; /**< owned; those of the settings first */
	uint32_t server_count;
	struct tw_place_of_shard *shard; /**< owned */
	uint32_t shard_count;
	bool cluster;
	bool known;   /**< the cluster was asked, and nothing speaks against its answer since */
	bool changed; /**< a shard has another server than the last tw_route_open said */
};

/**
 * Copies what it keeps. @param prefix of every key; shard i has the tag "prefix:si"
 * @return TW_OK; TW_E_SYNTAX stop: an address that cannot be read, or a unix socket in a cluster; TW_E_RANGE stop: fewer shards than servers;
 * TW_E_MEMORY stop
 */
TW_MUST_USE enum tw_code tw_route_init(struct tw_route *route, const struct tw_redis_options *options, const char *prefix, struct tw_error *err);
void tw_route_fini(struct tw_route *route);
struct tw_server *tw_route_server(const struct tw_route *route, uint32_t shard);

/**
 * Every shard has a server, every such server a link and the library.
 * @param fresh out, on failure too: nothing that was remembered may be used
 * @return TW_OK; TW_E_IO retry; TW_E_AUTH, TW_E_MEMORY, TW_E_LIMIT stop
 */
TW_MUST_USE enum tw_code tw_route_open(struct tw_route *route, bool *fresh, struct tw_error *err);
/** Whether tw_route_open would change nothing, but for what is owed. */
bool tw_route_is_open(const struct tw_route *route);
/** Closes what owes replies, or stands behind a MULTI: after a round that broke off. */
void tw_route_drop(struct tw_route *route);

/** As tw_link_send, tw_link_flush, tw_link_receive. */
TW_MUST_USE enum tw_code tw_route_send(struct tw_route *route, uint32_t shard, const struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                                       struct tw_error *err);
TW_MUST_USE enum tw_code tw_route_flush(struct tw_route *route, struct tw_error *err);
TW_MUST_USE enum tw_code tw_route_receive(struct tw_route *route, uint32_t shard, struct redisReply **out, struct tw_error *err);

/**
 * Follow an ASK: the same command once more, at the server that has got these keys already. Nothing may be owed.
 * @param reply what the shard's server said @param out free with freeReplyObject
 * @return TW_OK (error replies too); TW_E_IO retry
 */
TW_MUST_USE enum tw_code tw_route_ask(struct tw_route *route, const struct redisReply *reply, uint32_t shard, const struct tw_slice *words,
                                      uint32_t count, struct tw_arena *arena, struct redisReply **out, struct tw_error *err);
/** One command and its answer, an ASK followed, a lost library loaded again. Nothing may be owed. @return as tw_route_ask */
TW_MUST_USE enum tw_code tw_route_command(struct tw_route *route, uint32_t shard, const struct tw_slice *words, uint32_t count,
                                          struct tw_arena *arena, struct redisReply **out, struct tw_error *err);

/** Loads the library again on every server: one that was flushed or failed over may have lost it. */
TW_MUST_USE enum tw_code tw_route_library(struct tw_route *route, struct tw_error *err);

/**
 * What an error reply, or one of an unexpected type, means; a MOVED is taken note of. Always a failure.
 * @return as tw_link_refusal; TW_E_IO retry for MOVED
 */
enum tw_code tw_route_refusal(struct tw_route *route, uint32_t shard, const struct redisReply *reply, struct tw_error *err);

/**
 * Asks every server in use which life of it this is: its process (run_id) and its history (master_replid), as one number. A restart, a failover,
 * a replica that was promoted have another. @return TW_OK; TW_E_IO retry; TW_E_AUTH stop
 */
TW_MUST_USE enum tw_code tw_route_lives(struct tw_route *route, struct tw_arena *arena, struct tw_error *err);
uint64_t tw_route_life(const struct tw_route *route, uint32_t shard);

#endif
