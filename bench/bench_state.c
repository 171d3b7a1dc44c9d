/**
 * @file bench_state.c
 * How much the state store costs an event: in memory, and in a private real Redis against the bare commands it cannot do without.
 *
 * Events are declarations of three parties with addresses, a vessel, a container and a certificate: 9 operations each, on entities drawn
 * so that some are met all the time and most seldom. The floor for Redis is one MGET and one MSET a batch of the same keys with the
 * same sizes, pipelined the same way, but neither atomic nor able to say what was there before a replay. Ratios hold on other machines;
 * times do not. Every run checks how often a party must have been seen by its end.
 */
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/event/shape.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "engine/state/redis_call.h"
#include "tests/integration/redis.h"

#define EVENTS       20000U
#define BATCH        500U
#define PARTIES_EACH 3U
#define FLOOR_BYTES  (1U << 20)
#define TOPIC        "tw.manifests"

static const struct tw_span somewhere = {1, 2};

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* Processor time of a process's main thread: what a busy machine cannot spoil. 0 where the system does not tell. */
static uint64_t busy_ns(pid_t pid)
{
	char text[64];
	uint64_t busy = 0;
	snprintf(text, sizeof(text), "/proc/%d/schedstat", (int)pid);
	FILE *file = fopen(text, "r");
	if (file) {
		busy = fgets(text, sizeof(text), file) ? strtoull(text, NULL, 10) : 0;
		fclose(file);
	}
	return busy;
}

/* What a pass cost, by three clocks; of several passes the least of each. */
struct spent {
	double wall_ns;
	double server_ns;
	double client_ns;
};

struct stopwatch {
	pid_t server; /* 0: none */
	uint64_t wall_ns, server_ns, client_ns;
	struct spent spent;
};

static void watch_start(struct stopwatch *watch)
{
	watch->server_ns = watch->server ? busy_ns(watch->server) : 0;
	watch->client_ns = busy_ns(getpid());
	watch->wall_ns = now_ns();
}

static void watch_stop(struct stopwatch *watch)
{
	watch->spent.wall_ns += (double)(now_ns() - watch->wall_ns);
	watch->spent.client_ns += (double)(busy_ns(getpid()) - watch->client_ns);
	watch->spent.server_ns += watch->server ? (double)(busy_ns(watch->server) - watch->server_ns) : 0;
}

static double least(double held, double value)
{
	return held == 0 || value < held ? value : held;
}

static void spent_least(struct spent *held, struct spent value)
{
	held->wall_ns = least(held->wall_ns, value.wall_ns);
	held->server_ns = least(held->server_ns, value.server_ns);
	held->client_ns = least(held->client_ns, value.client_ns);
}

static void require(bool held, const char *what)
{
	if (!held) {
		fprintf(stderr, "bench_state: %s\n", what);
		exit(1);
	}
}

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t random_next(uint64_t *seed)
{
	uint64_t z = (*seed += 0x9e3779b97f4a7c15ULL);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

/* ---- events ---- */

static struct tw_text text(struct tw_arena *arena, const char *format, uint64_t number)
{
	struct tw_slice bytes = {NULL, 0};
	char room[64];
	snprintf(room, sizeof(room), "%s %" PRIu64, format, number);
	bytes = tw_arena_copy(arena, tw_slice_str(room));
	require(bytes.ptr != NULL, "no memory");
	return (struct tw_text){bytes.ptr, bytes.len, somewhere};
}

/* A third of all mentions go to 200 entities, the rest to `many`. */
static uint64_t drawn(uint64_t *seed, uint64_t many)
{
	return random_next(seed) % 3 ? 200 + random_next(seed) % many : random_next(seed) % 200;
}

static void parties_fill(struct tw_event *event, struct tw_arena *arena, uint64_t *seed, uint64_t many)
{
	struct tw_list *list = &event->consignment.parties;
	for (uint32_t i = 0; i < PARTIES_EACH; i++) {
		struct tw_party *party = tw_list_push(arena, list, sizeof(*party));
		require(party != NULL, "no memory");
		uint64_t who = i == 0 ? 0 : drawn(seed, many); /* one party is in every event: the hottest record there can be */
		party->name = text(arena, "Party of the Marble Bay", who);
		party->country = (struct tw_text){"XA", 2, somewhere};
		party->address.text = text(arena, "Quay Street", who);
	}
}

static struct tw_event *event_new(struct tw_arena *arena, uint64_t at, uint64_t *seed, uint64_t many)
{
	struct tw_event *event = tw_arena_alloc(arena, sizeof(*event));
	require(event != NULL, "no memory");
	event->id = text(arena, "evt", at);
	event->type = TW_CONSIGNMENT_DECLARED;
	event->family = TW_FAMILY_MANIFEST;
	event->time.ms = 1772000000000 + (int64_t)at * 10000;
	event->consignment.id = text(arena, "CONS", at);
	event->consignment.means.imo = text(arena, "IMO", 1000000 + drawn(seed, many));
	parties_fill(event, arena, seed, many);
	struct tw_item *item = tw_list_push(arena, &event->consignment.items, sizeof(*item));
	require(item != NULL, "no memory");
	item->quantity = (struct tw_amount){120000, somewhere};
	item->unit = (struct tw_text){"C62", 3, somewhere};
	item->gross_kg = (struct tw_amount){5405000, somewhere};
	struct tw_text *container = tw_list_push(arena, &item->containers, sizeof(*container));
	struct tw_certificate_ref *ref = tw_list_push(arena, &item->certificates, sizeof(*ref));
	require(container && ref, "no memory");
	*container = text(arena, "HLXU", 1000000 + drawn(seed, many));
	ref->issuer_country = (struct tw_text){"QZ", 2, somewhere};
	ref->number = text(arena, "MOD", drawn(seed, many));
	return event;
}

/* The whole log with its operations, made once: what is measured is the store. */
struct log {
	struct tw_event *event[EVENTS];
	struct tw_store_event stored[EVENTS];
	uint64_t operations;
	uint64_t payload_bytes;
};

static void log_fill(struct log *log, struct tw_arena *arena, uint64_t many)
{
	uint64_t seed = 42;
	for (uint32_t i = 0; i < EVENTS; i++) {
		log->event[i] = event_new(arena, i, &seed, many);
	}
	for (uint32_t i = 0; i < EVENTS; i++) {
		struct tw_operations *operations = NULL;
		require(tw_operations_of(log->event[i], arena, &operations, NULL) == TW_OK, "operations");
		log->stored[i] = (struct tw_store_event){.offset = i, .operations = operations};
	}
	for (uint32_t i = 0; i < EVENTS; i++) {
		log->operations += log->stored[i].operations->count;
		for (uint32_t k = 0; k < log->stored[i].operations->count; k++) {
			log->payload_bytes += log->stored[i].operations->operation[k].payload.len;
		}
	}
}

/* Once more in a warm arena, as a batch has one. */
static double operations_ns(const struct log *log, struct tw_arena *batch)
{
	uint64_t start = busy_ns(getpid());
	for (uint32_t i = 0; i < EVENTS; i++) {
		struct tw_operations *operations = NULL;
		require(tw_operations_of(log->event[i], batch, &operations, NULL) == TW_OK, "operations");
		require(operations->count == log->stored[i].operations->count, "as many operations as before");
		if (i % BATCH == BATCH - 1) {
			tw_arena_reset(batch);
		}
	}
	return (double)(busy_ns(getpid()) - start) / EVENTS;
}

/* ---- the stores ---- */

/* One pass over the log from an offset on; committed one batch behind. `ask`: questions of each event, 0 for none. */
static struct spent pass(struct tw_store *store, struct log *log, struct tw_arena *batch, int64_t from, bool ask, pid_t server)
{
	struct stopwatch watch = {.server = server};
	for (uint32_t at = 0; at < EVENTS; at += BATCH) {
		for (uint32_t i = 0; i < BATCH; i++) {
			log->stored[at + i].offset = from + at + i;
		}
		int64_t committed = from + at - (int64_t)BATCH;
		struct tw_store_part part = {
		    tw_slice_str(TOPIC), 0, committed < 0 ? 0 : committed, from + at + BATCH, false, &log->stored[at], BATCH, false};
		struct tw_error err = {.detail = ""};
		watch_start(&watch);
		enum tw_code code = tw_store_apply(store, &part, 1, batch, &err);
		for (uint32_t i = 0; ask && i < BATCH; i++) {
			const struct tw_store_event *stored = &log->stored[at + i];
			const struct tw_party *parties = log->event[at + i]->consignment.parties.data;
			for (uint32_t p = 0; p < PARTIES_EACH; p++) {
				struct tw_history_query query = {TW_ENTITY_PARTY, TW_METRIC_SEEN, 0, &parties[p]};
				struct tw_history_answer answer =
				    tw_history_answer_of(log->event[at + i], stored->operations, stored->priors, &query, batch);
				bool right = p > 0 || answer.value == from + at + i;
				require(right, "the party of every event was not seen as often as there were events");
			}
		}
		watch_stop(&watch);
		require(code == TW_OK, err.detail);
		tw_arena_reset(batch);
	}
	return watch.spent;
}

/* ---- the floor ---- */

/* The keys of one batch, each once, as the store names them. */
struct floor_batch {
	struct tw_slice keys[BATCH * 16];
	uint32_t shard[BATCH * 16];
	size_t bytes[BATCH * 16]; /* of the store's own record */
	uint32_t count;
};

static void floor_keys(const struct log *log, uint32_t at, uint32_t shards, struct tw_arena *arena, struct floor_batch *out)
{
	static struct tw_call_table table;
	static char tag[] = "{fl:s0}";
	static const struct tw_operation *held[BATCH * 16];
	struct tw_shard shard = {.tag = tag};
	out->count = 0;
	table.stamp++;
	for (uint32_t i = at; i < at + BATCH; i++) {
		for (uint32_t k = 0; k < log->stored[i].operations->count; k++) {
			const struct tw_operation *operation = &log->stored[i].operations->operation[k];
			bool known = false;
			/* a batch has more keys than the table: a scan over one hash chain of it is enough to find repeats cheaply */
			uint32_t slot = (uint32_t)operation->hash & (TW_CALL_SLOTS - 1);
			for (; table.stamps[slot] == table.stamp && !known; slot = (slot + 1) & (TW_CALL_SLOTS - 1)) {
				known = held[table.keys[slot]]->hash == operation->hash;
			}
			if (!known) {
				table.stamps[slot] = table.stamp;
				table.keys[slot] = out->count;
				held[out->count] = operation;
				out->shard[out->count] = tw_shard_of(operation->hash, shards);
				out->keys[out->count++] = tw_shard_key_record(&shard, operation->kind, operation->key, arena);
			}
		}
	}
}

/* How long the store's records of these keys are: not measured. */
static void floor_sizes(redisContext *context, struct floor_batch *batch)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		struct tw_slice key = batch->keys[i];
		redisAppendCommand(context, "STRLEN {tw:s%u}%b", batch->shard[i], key.ptr + sizeof("{fl:s0}") - 1, key.len - (sizeof("{fl:s0}") - 1));
	}
	for (uint32_t i = 0; i < batch->count; i++) {
		void *reply = NULL;
		require(redisGetReply(context, &reply) == REDIS_OK && ((redisReply *)reply)->type == REDIS_REPLY_INTEGER, "record lengths");
		batch->bytes[i] = (size_t)((redisReply *)reply)->integer;
		require(batch->bytes[i] > 0 && batch->bytes[i] < FLOOR_BYTES, "records longer than expected");
		freeReplyObject(reply);
	}
}

static void floor_send(redisContext *context, const struct floor_batch *batch, uint32_t from, uint32_t count)
{
	static const char *words[1 + 2 * TW_CALL_KEYS];
	static size_t lengths[1 + 2 * TW_CALL_KEYS];
	static char value[FLOOR_BYTES];
	words[0] = "MGET";
	lengths[0] = 4;
	for (uint32_t i = 0; i < count; i++) {
		words[1 + i] = batch->keys[from + i].ptr;
		lengths[1 + i] = batch->keys[from + i].len;
	}
	redisAppendCommandArgv(context, (int)(1 + count), words, lengths);
	words[0] = "MSET";
	for (uint32_t i = 0; i < count; i++) {
		words[1 + 2 * i] = batch->keys[from + i].ptr;
		lengths[1 + 2 * i] = batch->keys[from + i].len;
		words[2 + 2 * i] = value;
		lengths[2 + 2 * i] = batch->bytes[from + i];
	}
	redisAppendCommandArgv(context, (int)(1 + 2 * count), words, lengths);
	int done = 0;
	redisBufferWrite(context, &done);
}

/* MGET and MSET of chunks as large as the store's calls, of values as long as the store's records are now. */
static struct spent floor_pass(const struct test_redis *server, const struct log *log, uint32_t shards, struct tw_arena *arena, uint64_t *keys)
{
	redisContext *context = test_redis_connect(server);
	require(context != NULL, "no connection");
	static struct floor_batch batch;
	struct stopwatch watch = {.server = server->pid};
	*keys = 0;
	for (uint32_t at = 0; at < EVENTS; at += BATCH) {
		floor_keys(log, at, shards, arena, &batch);
		*keys += batch.count;
		floor_sizes(context, &batch);
		watch_start(&watch);
		uint32_t replies = 0;
		for (uint32_t from = 0; from < batch.count; from += TW_CALL_KEYS, replies += 2) {
			floor_send(context, &batch, from, batch.count - from < TW_CALL_KEYS ? batch.count - from : TW_CALL_KEYS);
		}
		for (uint32_t i = 0; i < replies; i++) {
			void *reply = NULL;
			require(redisGetReply(context, &reply) == REDIS_OK && ((redisReply *)reply)->type != REDIS_REPLY_ERROR,
			        "the floor's commands");
			freeReplyObject(reply);
		}
		watch_stop(&watch);
		tw_arena_reset(arena);
	}
	redisFree(context);
	return watch.spent;
}

/* ---- runs ---- */

static void run_memory(struct log *log, struct tw_arena *batch)
{
	struct tw_store *store = NULL;
	require(tw_store_memory_new(&store, NULL) == TW_OK, "store");
	double operations = (double)log->operations;
	double cold = pass(store, log, batch, 0, false, 0).client_ns / operations;
	struct spent warm = {0, 0, 0}, asked = {0, 0, 0};
	for (int64_t round = 1; round <= 3; round++) {
		spent_least(&warm, pass(store, log, batch, (2 * round - 1) * EVENTS, false, 0));
		spent_least(&asked, pass(store, log, batch, 2 * round * EVENTS, true, 0));
	}
	double question = (asked.client_ns - warm.client_ns) / EVENTS / PARTIES_EACH;
	printf("memory, first pass (entities are new)   %8.0f ns an operation\n", cold);
	printf("memory, apply with priors               %8.0f ns an operation\n", warm.client_ns / operations);
	printf("memory, a question                      %8.0f ns\n", question);
	printf("RESULT state.memory_ns_op %.0f ns\n", warm.client_ns / operations);
	printf("RESULT state.memory_question_ns %.0f ns\n", question);
	tw_store_free(store);
}

static void run_redis(struct log *log, struct tw_arena *batch, uint32_t shards)
{
	struct test_redis server;
	require(test_redis_start(&server, NULL), "redis-server did not start");
	/* a rewrite in the background would be measured as ours or the floor's, whoever is at work */
	freeReplyObject(test_redis_command(&server, "CONFIG SET auto-aof-rewrite-percentage 0"));
	struct tw_redis_options options = {.address = server.address, .prefix = "tw", .shards = shards, .timeout_ms = 60000};
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	require(tw_store_redis_new(&options, &store, &err) == TW_OK, err.detail);
	struct tw_store_life life = {.open = false};
	for (int i = 0; i < 2; i++) { /* the epoch is learnt, then opened */
		require(tw_store_survey(store, NULL, 0, true, &life, &err) == TW_OK, err.detail);
	}
	require(life.open, "the epoch did not open");
	pass(store, log, batch, 0, false, 0);
	uint64_t keys = 0;
	struct spent bare = {0, 0, 0}, ours = {0, 0, 0};
	for (int64_t round = 1; round <= 3; round++) {
		spent_least(&ours, pass(store, log, batch, round * EVENTS, false, server.pid));
		spent_least(&bare, floor_pass(&server, log, shards, batch, &keys));
	}
	pass(store, log, batch, 4 * EVENTS, true, 0);
	double operations = (double)log->operations;
	printf("redis, %u shard(s)                       %8.0f ns an operation, %4.0f on the server's processor, %4.0f on ours\n", shards,
	       ours.wall_ns / operations, ours.server_ns / operations, ours.client_ns / operations);
	printf("MGET + MSET of the same keys and sizes  %8.0f ns an operation, %4.0f on the server's processor, %4.0f on ours\n",
	       bare.wall_ns / operations, bare.server_ns / operations, bare.client_ns / operations);
	const char *name = shards == 1 ? "redis" : "redis_shards";
	printf("RESULT state.%s_vs_mget_mset %.2f ratio\n", name, bare.wall_ns / ours.wall_ns);
	printf("RESULT state.%s_server_vs_mget_mset %.2f ratio\n", name, bare.server_ns / ours.server_ns);
	printf("RESULT state.%s_ops_s %.0f ops/s\n", name, operations * 1e9 / ours.wall_ns);
	if (shards == 1) {
		printf("RESULT state.keys_event %.1f keys\n", (double)keys / EVENTS);
	}
	tw_store_free(store);
	test_redis_stop(&server);
}

/* usage: bench_state [memory | redis]      both when nothing is said */
int main(int count, char **arguments)
{
	const char *only = count > 1 ? arguments[1] : "";
	static struct log log;
	struct tw_arena arena, batch;
	tw_arena_init(&arena, 1U << 20, 0);
	tw_arena_init(&batch, 1U << 20, 0);
	log_fill(&log, &arena, 50000);
	printf("%u events, %.1f operations each, %.0f payload bytes an operation, batches of %u\n", EVENTS, (double)log.operations / EVENTS,
	       (double)log.payload_bytes / (double)log.operations, BATCH);
	double made_ns = operations_ns(&log, &batch);
	printf("operations of an event                  %8.0f ns an event\n", made_ns);
	printf("RESULT state.operations_ns_event %.0f ns\n", made_ns);
	if (strcmp(only, "redis") != 0) {
		run_memory(&log, &batch);
	}
	if (strcmp(only, "memory") != 0) {
		run_redis(&log, &batch, 1);
		run_redis(&log, &batch, 4);
	}
	tw_arena_fini(&batch);
	tw_arena_fini(&arena);
	return 0;
}
