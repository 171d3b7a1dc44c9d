/**
 * @file server.h
 * A Redis server's keys and the few commands that the engine uses, append.lua in C among them. No time, no network: they are hiredis.c's.
 *
 * A session is a connection's: what it watches, and the commands behind its MULTI. Every write is an entry of a journal (its keys as they were before), as an append-only file would have it: a crash may go back to the end of
 * any earlier entry. Threads: one.
 */
#ifndef TIDEWAITER_TESTS_SIMULATION_SERVER_H
#define TIDEWAITER_TESTS_SIMULATION_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct redisReply;
struct sim_server;
struct sim_session;

struct sim_bytes {
	const char *ptr;
	size_t len;
};

/** What is broken on purpose; the checker must notice. */
struct sim_server_faults {
	bool epoch_ignored;  /**< tw_add takes events of any epoch */
	bool writes_torn;    /**< an append is written key by key: each write is an entry of the journal by itself */
	bool ignores_guards; /**< compactions are applied whatever the record's generation is */
	bool no_watch;       /**< this one is sound: WATCH is refused, as to a user without the right to it */
	bool watch_ignored;  /**< EXEC happens whatever became of the keys that were watched */
};

struct sim_server *sim_server_new(struct sim_server_faults faults);
void sim_server_free(struct sim_server *server);
/** Lives as long as the server does. */
struct sim_session *sim_session_new(struct sim_server *server);
/** @return as hiredis would: allocated with malloc, to be freed with freeReplyObject */
struct redisReply *sim_server_command(struct sim_server *server, struct sim_session *session, uint32_t count, const struct sim_bytes *words);

/** Entries of the journal. */
uint64_t sim_server_writes(const struct sim_server *server);
/**
 * As after a crash that lost what was written behind that many entries; but never back over a flush. A server that comes back with what a flush had
 * removed, after the engines have rebuilt it and gone on, is an old backup: entries that were never committed stand in it before others that were
 * judged without them. That is outside of what is promised.
 */
void sim_server_back(struct sim_server *server, uint64_t writes);
/** Another process serves the same keys: INFO tells another run_id. */
void sim_server_restart(struct sim_server *server);
/** FLUSHALL: functions stay. @param with only keys that begin so; NULL: all */
void sim_server_flush(struct sim_server *server, const char *with);
/** How many keys. */
size_t sim_server_size(const struct sim_server *server);
/** Borrowed until the next command; ptr NULL: there is none. */
struct sim_bytes sim_server_get(const struct sim_server *server, const char *key, size_t key_len);
/** The next key, in no order; borrowed. @param at 0 for the first; moved on @return false behind the last */
bool sim_server_key(const struct sim_server *server, size_t *at, struct sim_bytes *key);

#endif
