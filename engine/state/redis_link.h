/**
 * @file redis_link.h
 * One connection to one Redis server: address, credentials, the function library, and what the server's words mean for us.
 *
 * Commands go out in a pipeline (tw_link_send any number of times, then as many tw_link_receive). A transport error closes the
 * connection and is TW_E_IO, retry; the next tw_link_open connects again and says so, so that the caller forgets what it remembered.
 * All that touches a socket is in redis_link.c: whoever brings these functions is a server to everything above. Which server a shard
 * lives on is redis_route.h. Inside engine/state only. Threads: one owner.
 * Source: hiredis 0.14 (README); Redis 7.0 documentation, "Redis Functions", "Errors".
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_LINK_H
#define TIDEWAITER_ENGINE_STATE_REDIS_LINK_H

#include "engine/state/store.h"

struct redisContext;
struct redisReply;

struct tw_link {
	char *host;     /**< or the socket's path */
	int port;       /**< 0: a unix socket */
	char *username; /**< NULL: none */
	char *password; /**< NULL: none */
	uint32_t timeout_ms;
	bool ready;                   /**< the library was checked since the last connect */
	bool no_turns;                /**< it refused WATCH, MULTI or EXEC since the last connect: function calls then */
	struct redisContext *context; /**< NULL: not connected */
};

#define TW_LIBRARY_VERSION "4" /* as tw_version in append.lua */

/** Copies what it keeps. @param options one address in it @return TW_OK; TW_E_SYNTAX stop for an address it cannot read; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_link_init(struct tw_link *link, const struct tw_redis_options *options, struct tw_error *err);
void tw_link_fini(struct tw_link *link);
/** Connects and authenticates unless that is done: enough to ask a member of a cluster, which may be a replica, where its primaries are. */
TW_MUST_USE enum tw_code tw_link_connect(struct tw_link *link, struct tw_error *err);
/** Connects, authenticates and loads the library unless that is done. @param fresh out: true when it was not, on failure too */
TW_MUST_USE enum tw_code tw_link_open(struct tw_link *link, bool *fresh, struct tw_error *err);
void tw_link_close(struct tw_link *link);
/** Loads the library again: a server that was flushed or failed over may have lost it. */
TW_MUST_USE enum tw_code tw_link_library(struct tw_link *link, struct tw_error *err);

/** append.lua as it was when this was built. */
const char *tw_link_library_text(void);

/** Queue a command of slices. @return TW_OK; TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_link_send(struct tw_link *link, const struct tw_slice *words, uint32_t count, struct tw_arena *arena,
                                      struct tw_error *err);
/** Write what is queued. @return TW_OK; TW_E_IO retry: the connection is closed */
TW_MUST_USE enum tw_code tw_link_flush(struct tw_link *link, struct tw_error *err);
/**
 * The reply to the oldest command that has none yet; free with freeReplyObject.
 * @return TW_OK (error replies too); TW_E_IO retry: the connection is closed
 */
TW_MUST_USE enum tw_code tw_link_receive(struct tw_link *link, struct redisReply **out, struct tw_error *err);
/** "redis host:port", for errors. @return buffer */
const char *tw_link_where(const struct tw_link *link, char *buffer, size_t size);
/** An error reply's words; of a transaction that was given up, those of what it was given up for. */
const char *tw_link_cause(const struct redisReply *reply);
/** Is it "no such function"? */
bool tw_link_lost_library(const struct redisReply *reply);
/** What an error reply, or a reply of an unexpected type, means. Always a failure. */
enum tw_code tw_link_refusal(const struct tw_link *link, const struct redisReply *reply, struct tw_error *err);

#endif
