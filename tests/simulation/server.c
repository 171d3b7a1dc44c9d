/**
 * @file server.c
 * See server.h. Compared with a real server by tests/integration/simulated_redis_test.c.
 *
 *     slots    [hash | key | value]...   open addressing, nothing is ever taken out: a deleted key's value is absent
 *     session  [slot | how often it had been touched]... and the command behind MULTI: the engine never has more than one there
 *     journal  [slot | value before]...  an entry is a run of these that was written as one
 */
#include "tests/simulation/server.h"

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/hash.h"

#define SLOTS        8192U /* a seed writes some hundred keys */
#define NO_SLOT      SIZE_MAX
#define TOPICS_MOST  16U
#define PLAN_HEAD    14U /* of one compaction: key u16, generation u32, upto u32, length u32 */
#define EMPTY_BYTES  5U
#define KNOWN_BYTES  12U /* of a watermark, as it is compared */
#define STORED_BYTES 20U /* as it is written */
#define WATCHED_MOST 64U

struct slot {
	char *key; /* NULL: free */
	size_t key_len;
	char *value; /* NULL: absent */
	size_t len;
	uint64_t touched; /* how often */
};

struct watched {
	size_t slot;
	uint64_t touched; /* when it was first watched */
};

struct sim_session {
	struct watched watched[WATCHED_MOST];
	uint32_t watched_count;
	bool multi, spoilt;
	struct sim_bytes *queued; /* owned, and each of its words; NULL: nothing */
	uint32_t queued_count;
	struct sim_session *next;
};

struct change {
	size_t slot; /* NO_SLOT: the function library */
	char *before;
	size_t len;
	bool last; /* of its entry */
};

struct sim_server {
	struct sim_server_faults faults;
	struct slot slots[SLOTS];
	size_t keys;
	struct change *changes;
	size_t change_count, change_room;
	uint64_t writes;
	uint64_t floor; /* writes at the last flush */
	uint64_t run;
	bool library;
	struct sim_session *sessions;
};

struct sim_server *sim_server_new(struct sim_server_faults faults)
{
	struct sim_server *server = calloc(1, sizeof(*server));
	server->faults = faults;
	server->run = 1;
	return server;
}

struct sim_session *sim_session_new(struct sim_server *server)
{
	struct sim_session *session = calloc(1, sizeof(*session));
	session->next = server->sessions;
	server->sessions = session;
	return session;
}

/* Behind an EXEC nothing is watched or queued. */
static void session_end(struct sim_session *session)
{
	for (uint32_t i = 0; i < session->queued_count; i++) {
		free((char *)session->queued[i].ptr);
	}
	free(session->queued);
	*session = (struct sim_session){.next = session->next};
}

void sim_server_free(struct sim_server *server)
{
	while (server->sessions) {
		struct sim_session *session = server->sessions;
		server->sessions = session->next;
		session_end(session);
		free(session);
	}
	for (size_t i = 0; i < SLOTS; i++) {
		free(server->slots[i].key);
		free(server->slots[i].value);
	}
	for (size_t i = 0; i < server->change_count; i++) {
		free(server->changes[i].before);
	}
	free(server->changes);
	free(server);
}

/* ---- keys ---- */

static size_t slot_of(const struct sim_server *server, struct sim_bytes key)
{
	size_t at = (size_t)tw_hash64(key.ptr, key.len, 0) % SLOTS;
	while (server->slots[at].key && (server->slots[at].key_len != key.len || memcmp(server->slots[at].key, key.ptr, key.len) != 0)) {
		at = (at + 1) % SLOTS;
	}
	return at;
}

static struct sim_bytes held_at(const struct sim_server *server, size_t at)
{
	return (struct sim_bytes){server->slots[at].value, server->slots[at].len};
}

static char *copied(struct sim_bytes bytes)
{
	char *copy = malloc(bytes.len + 1);
	memcpy(copy, bytes.len ? bytes.ptr : "", bytes.len);
	copy[bytes.len] = '\0';
	return copy;
}

static struct change *change_add(struct sim_server *server, size_t slot)
{
	if (server->change_count == server->change_room) {
		server->change_room = server->change_room ? server->change_room * 2 : 1024;
		server->changes = realloc(server->changes, server->change_room * sizeof(*server->changes));
	}
	struct change *change = &server->changes[server->change_count++];
	*change = (struct change){.slot = slot};
	return change;
}

/* @param value ptr NULL: the key goes */
static void value_put(struct sim_server *server, struct sim_bytes key, struct sim_bytes value)
{
	size_t at = slot_of(server, key);
	struct slot *slot = &server->slots[at];
	if (!slot->key) {
		slot->key = copied(key);
		slot->key_len = key.len;
		server->keys++;
		if (server->keys > SLOTS / 2) {
			abort(); /* a seed of that size needs a larger table */
		}
	}
	struct change *change = change_add(server, at);
	change->before = slot->value;
	change->len = slot->len;
	slot->value = value.ptr ? copied(value) : NULL;
	slot->len = value.ptr ? value.len : 0;
	slot->touched++;
}

static void entry_end(struct sim_server *server)
{
	server->changes[server->change_count - 1].last = true;
	server->writes++;
}

static void change_undo(struct sim_server *server)
{
	struct change *change = &server->changes[--server->change_count];
	if (change->slot == NO_SLOT) {
		server->library = change->len != 0;
		return;
	}
	struct slot *slot = &server->slots[change->slot];
	free(slot->value);
	slot->value = change->before;
	slot->len = change->len;
	slot->touched++;
}

void sim_server_back(struct sim_server *server, uint64_t writes)
{
	while (server->writes > writes && server->writes > server->floor) {
		do {
			change_undo(server);
		} while (server->change_count && !server->changes[server->change_count - 1].last);
		server->writes--;
	}
}

void sim_server_restart(struct sim_server *server)
{
	server->run++;
}

void sim_server_flush(struct sim_server *server, const char *with)
{
	size_t before = server->change_count, length = with ? strlen(with) : 0;
	for (size_t i = 0; i < SLOTS; i++) {
		struct slot *slot = &server->slots[i];
		if (slot->value && slot->key_len >= length && memcmp(slot->key, with ? with : "", length) == 0) {
			value_put(server, (struct sim_bytes){slot->key, slot->key_len}, (struct sim_bytes){NULL, 0});
		}
	}
	if (server->change_count > before) {
		entry_end(server);
		server->floor = server->writes;
	}
}

uint64_t sim_server_writes(const struct sim_server *server)
{
	return server->writes;
}

size_t sim_server_size(const struct sim_server *server)
{
	size_t size = 0;
	for (size_t i = 0; i < SLOTS; i++) {
		size += server->slots[i].value != NULL;
	}
	return size;
}

struct sim_bytes sim_server_get(const struct sim_server *server, const char *key, size_t key_len)
{
	return held_at(server, slot_of(server, (struct sim_bytes){key, key_len}));
}

bool sim_server_key(const struct sim_server *server, size_t *at, struct sim_bytes *key)
{
	while (*at < SLOTS) {
		const struct slot *slot = &server->slots[(*at)++];
		if (slot->value) {
			*key = (struct sim_bytes){slot->key, slot->key_len};
			return true;
		}
	}
	return false;
}

/* ---- replies ---- */

static struct redisReply *reply_new(int type, struct sim_bytes bytes)
{
	struct redisReply *reply = calloc(1, sizeof(*reply));
	reply->type = type;
	if (bytes.ptr) {
		reply->str = copied(bytes);
		reply->len = bytes.len;
	}
	return reply;
}

static struct redisReply *reply_text(int type, const char *text)
{
	return reply_new(type, (struct sim_bytes){text, strlen(text)});
}

static struct redisReply *reply_value(struct sim_bytes value)
{
	return reply_new(value.ptr ? REDIS_REPLY_STRING : REDIS_REPLY_NIL, value);
}

static struct redisReply *reply_array(size_t count)
{
	struct redisReply *reply = calloc(1, sizeof(*reply));
	reply->type = REDIS_REPLY_ARRAY;
	reply->elements = count;
	reply->element = calloc(count ? count : 1, sizeof(struct redisReply *));
	return reply;
}

/* ---- tw_add ---- */

static bool same(struct sim_bytes a, struct sim_bytes b)
{
	return a.len == b.len && (a.len == 0 || (a.ptr && b.ptr && memcmp(a.ptr, b.ptr, a.len) == 0));
}

static uint32_t number_at(const char *from, uint32_t bytes)
{
	uint32_t value = 0;
	for (uint32_t i = 0; i < bytes; i++) {
		value |= (uint32_t)(unsigned char)from[i] << (8 * i);
	}
	return value;
}

static void number_put(char *to, uint32_t value)
{
	for (uint32_t i = 0; i < 4; i++) {
		to[i] = (char)(unsigned char)(value >> (8 * i));
	}
}

/* The record of that number, compacted where the plan says so and its generation is still that. @return what is stored before the entries */
static struct sim_bytes compacted(const struct sim_server *server, struct sim_bytes plan, uint32_t number, struct sim_bytes record, char **owned)
{
	struct sim_bytes out = record;
	for (size_t at = 0; at + PLAN_HEAD <= plan.len;) {
		const char *one = plan.ptr + at;
		uint32_t key = number_at(one, 2), generation = number_at(one + 2, 4), upto = number_at(one + 6, 4), length = number_at(one + 10, 4);
		at += PLAN_HEAD + length;
		bool guarded = record.ptr && record.len >= upto && number_at(record.ptr, 4) == generation;
		if (key != number || !record.ptr || (!guarded && !server->faults.ignores_guards)) {
			continue;
		}
		size_t rest = record.len > upto ? record.len - upto : 0;
		free(*owned);
		*owned = malloc(4 + length + rest);
		number_put(*owned, number_at(record.ptr, 4) + 1);
		memcpy(*owned + 4, one + PLAN_HEAD, length);
		memcpy(*owned + 4 + length, record.ptr + (record.len - rest), rest);
		out = (struct sim_bytes){*owned, 4 + length + rest};
	}
	return out;
}

static void record_put(struct sim_server *server, struct sim_bytes key, struct sim_bytes before, struct sim_bytes entries)
{
	static const char empty[EMPTY_BYTES] = {0};
	before = before.ptr ? before : (struct sim_bytes){empty, EMPTY_BYTES};
	char *stored = malloc(before.len + entries.len + 1);
	memcpy(stored, before.ptr, before.len);
	memcpy(stored + before.len, entries.len ? entries.ptr : "", entries.len);
	value_put(server, key, (struct sim_bytes){stored, before.len + entries.len});
	free(stored);
}

/* Watermarks and records as they are, before anything changes. */
static struct redisReply *append_reply(const struct sim_server *server, uint32_t key_count, const struct sim_bytes *keys)
{
	struct redisReply *reply = reply_array(key_count);
	reply->element[0] = reply_text(REDIS_REPLY_STRING, "OK");
	for (uint32_t i = 1; i < key_count; i++) {
		reply->element[i] = reply_value(held_at(server, slot_of(server, keys[i])));
	}
	return reply;
}

static struct redisReply *append_refuse(const char *why)
{
	struct redisReply *reply = reply_array(1);
	reply->element[0] = reply_text(REDIS_REPLY_STRING, why);
	return reply;
}

static bool epoch_fits(const struct sim_server *server, struct sim_bytes epoch, const struct sim_bytes *args)
{
	struct sim_bytes id = {epoch.ptr, epoch.len ? epoch.len - 1 : 0};
	bool live = args[4].len == 1 && args[4].ptr[0] == '1';
	bool open = epoch.len && epoch.ptr[epoch.len - 1] == 'o';
	return server->faults.epoch_ignored || (same(id, args[0]) && (!live || open));
}

static bool watermarks_fit(const struct sim_server *server, const struct sim_bytes *keys, uint32_t partitions, struct sim_bytes known)
{
	static const char none[KNOWN_BYTES] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff";
	bool fit = known.len == (size_t)partitions * KNOWN_BYTES;
	for (uint32_t i = 0; i < partitions && fit; i++) {
		struct sim_bytes held = held_at(server, slot_of(server, keys[1 + i]));
		fit = memcmp(held.len >= KNOWN_BYTES ? held.ptr : none, known.ptr + (size_t)i * KNOWN_BYTES, KNOWN_BYTES) == 0;
	}
	return fit;
}

static struct redisReply *append(struct sim_server *server, uint32_t key_count, const struct sim_bytes *keys, const struct sim_bytes *args)
{
	uint32_t partitions = (uint32_t)(args[2].len / STORED_BYTES);
	if (!epoch_fits(server, held_at(server, slot_of(server, keys[0])), args)) {
		return append_refuse("EPOCH");
	}
	if (!watermarks_fit(server, keys, partitions, args[1])) {
		return append_refuse("MOVED");
	}
	struct redisReply *reply = append_reply(server, key_count, keys);
	value_put(server, keys[0], held_at(server, slot_of(server, keys[0])));
	for (uint32_t i = 0; i < partitions; i++) {
		value_put(server, keys[1 + i], (struct sim_bytes){args[2].ptr + (size_t)i * STORED_BYTES, STORED_BYTES});
	}
	for (uint32_t i = 1 + partitions; i < key_count; i++) {
		char *owned = NULL;
		if (server->faults.writes_torn) {
			entry_end(server);
		}
		struct sim_bytes before = compacted(server, args[3], i + 1, held_at(server, slot_of(server, keys[i])), &owned);
		record_put(server, keys[i], before, args[5 + i - 1 - partitions]);
		free(owned);
	}
	entry_end(server);
	return reply;
}

/* ---- the other functions ---- */

static struct redisReply *topic(struct sim_server *server, struct sim_bytes key, struct sim_bytes name)
{
	struct sim_bytes names = held_at(server, slot_of(server, key));
	uint32_t count = 0;
	for (const char *at = names.ptr, *end; at && at < names.ptr + names.len; at = end + 1) {
		end = memchr(at, '\n', (size_t)(names.ptr + names.len - at));
		if (same((struct sim_bytes){at, (size_t)(end - at)}, name)) {
			return reply_value(names);
		}
		count++;
	}
	if (count >= TOPICS_MOST) {
		return reply_text(REDIS_REPLY_ERROR, "ERR more than 16 input topics");
	}
	char *longer = malloc(names.len + name.len + 1);
	memcpy(longer, names.ptr ? names.ptr : "", names.ptr ? names.len : 0);
	memcpy(longer + names.len, name.ptr, name.len);
	longer[names.len + name.len] = '\n';
	value_put(server, key, (struct sim_bytes){longer, names.len + name.len + 1});
	entry_end(server);
	free(longer);
	return reply_value(held_at(server, slot_of(server, key)));
}

static struct redisReply *epoch(struct sim_server *server, struct sim_bytes key, const struct sim_bytes *args)
{
	struct sim_bytes held = held_at(server, slot_of(server, key));
	struct redisReply *reply = reply_new(REDIS_REPLY_STRING, held.ptr ? held : (struct sim_bytes){"", 0});
	if (same(held, args[0])) {
		value_put(server, key, args[1]);
		entry_end(server);
	}
	return reply;
}

/* ---- commands ---- */

static bool is(struct sim_bytes word, const char *text)
{
	return same(word, (struct sim_bytes){text, strlen(text)});
}

static struct redisReply *function_call(struct sim_server *server, uint32_t count, const struct sim_bytes *words)
{
	char digits[16] = "";
	memcpy(digits, words[2].ptr, words[2].len < sizeof(digits) ? words[2].len : sizeof(digits) - 1);
	uint32_t keys = (uint32_t)strtoul(digits, NULL, 10);
	const struct sim_bytes *key = words + 3, *args = words + 3 + keys;
	if (!server->library) {
		return reply_text(REDIS_REPLY_ERROR, "ERR Function not found");
	}
	if (is(words[1], "tw_add") && count == 3 + keys + 5 + (keys - 1 - args[2].len / STORED_BYTES)) {
		return append(server, keys, key, args);
	}
	if (is(words[1], "tw_epoch") && count == 6) {
		return epoch(server, key[0], args);
	}
	if (is(words[1], "tw_topic") && count == 5) {
		return topic(server, key[0], args[0]);
	}
	return is(words[1], "tw_version") ? reply_text(REDIS_REPLY_STRING, "4") : reply_text(REDIS_REPLY_ERROR, "ERR Function not found");
}

static struct redisReply *library_load(struct sim_server *server)
{
	struct change *change = change_add(server, NO_SLOT);
	change->len = server->library;
	server->library = true;
	entry_end(server);
	return reply_text(REDIS_REPLY_STRING, "tidewaiter");
}

/* ---- transactions ---- */

/* A key that is not there can be watched too: its slot is made. */
static struct redisReply *watch(struct sim_server *server, struct sim_session *session, struct sim_bytes key)
{
	size_t at = slot_of(server, key);
	if (server->faults.no_watch) {
		return reply_text(REDIS_REPLY_ERROR, "NOPERM this user has no permissions to run the 'watch' command");
	}
	if (session->watched_count == WATCHED_MOST) {
		abort(); /* the engine watches an epoch a shard */
	}
	if (!server->slots[at].key) {
		server->slots[at].key = copied(key);
		server->slots[at].key_len = key.len;
		server->keys++;
	}
	session->watched[session->watched_count++] = (struct watched){at, server->slots[at].touched};
	return reply_text(REDIS_REPLY_STATUS, "OK");
}

static struct redisReply *queue(struct sim_session *session, uint32_t count, const struct sim_bytes *words)
{
	if (session->queued || !is(words[0], "MSET")) {
		session->spoilt = true;
		return reply_text(REDIS_REPLY_ERROR, "ERR the engine sends one MSET here and nothing else");
	}
	session->queued = calloc(count, sizeof(*session->queued));
	session->queued_count = count;
	for (uint32_t i = 0; i < count; i++) {
		session->queued[i] = (struct sim_bytes){copied(words[i]), words[i].len};
	}
	return reply_text(REDIS_REPLY_STATUS, "QUEUED");
}

static void store_all(struct sim_server *server, uint32_t count, const struct sim_bytes *words)
{
	for (uint32_t i = 1; i + 1 < count; i += 2) {
		if (server->faults.writes_torn && i > 1) {
			entry_end(server);
		}
		value_put(server, words[i], words[i + 1]);
	}
	entry_end(server);
}

static struct redisReply *exec(struct sim_server *server, struct sim_session *session)
{
	struct redisReply *reply = NULL;
	bool disturbed = false;
	for (uint32_t i = 0; i < session->watched_count; i++) {
		disturbed = disturbed || server->slots[session->watched[i].slot].touched != session->watched[i].touched;
	}
	if (!session->multi) {
		reply = reply_text(REDIS_REPLY_ERROR, "ERR EXEC without MULTI");
	} else if (session->spoilt) {
		reply = reply_text(REDIS_REPLY_ERROR, "EXECABORT Transaction discarded because of previous errors.");
	} else if (disturbed && !server->faults.watch_ignored) {
		reply = reply_value((struct sim_bytes){NULL, 0});
	} else {
		reply = reply_array(session->queued != NULL);
		if (session->queued) {
			store_all(server, session->queued_count, session->queued);
			reply->element[0] = reply_text(REDIS_REPLY_STATUS, "OK");
		}
	}
	session_end(session);
	return reply;
}

struct redisReply *sim_server_command(struct sim_server *server, struct sim_session *session, uint32_t count, const struct sim_bytes *words)
{
	if (count == 1 && is(words[0], "EXEC")) {
		return exec(server, session);
	}
	if (session->multi) {
		return queue(session, count, words);
	}
	if (count == 1 && is(words[0], "MULTI")) {
		session->multi = true;
		return reply_text(REDIS_REPLY_STATUS, "OK");
	}
	if (count == 2 && is(words[0], "WATCH")) {
		return watch(server, session, words[1]);
	}
	if (count >= 3 && is(words[0], "FCALL")) {
		return function_call(server, count, words);
	}
	if (count == 2 && is(words[0], "GET")) {
		return reply_value(held_at(server, slot_of(server, words[1])));
	}
	if (count >= 2 && is(words[0], "MGET")) {
		struct redisReply *reply = reply_array(count - 1);
		for (uint32_t i = 1; i < count; i++) {
			reply->element[i - 1] = reply_value(held_at(server, slot_of(server, words[i])));
		}
		return reply;
	}
	if (count >= 1 && is(words[0], "INFO")) {
		char text[128];
		snprintf(text, sizeof(text), "# Server\r\nrun_id:%016llx\r\n# Replication\r\nrole:master\r\nmaster_replid:%016llx\r\n",
		         (unsigned long long)server->run, (unsigned long long)server->run);
		return reply_text(REDIS_REPLY_STRING, text);
	}
	if (count == 4 && is(words[0], "FUNCTION") && is(words[1], "LOAD")) {
		return library_load(server);
	}
	return reply_text(REDIS_REPLY_ERROR, "ERR unknown command");
}
