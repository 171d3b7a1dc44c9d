/**
 * @file aof_torn_test.c
 * The append-only file cut at every single byte of the last append, as a crash of the machine may leave it. What Redis makes of the
 * torn tail at its first start is what it reads at the second, behind whatever was written meanwhile: so each cut is started twice, with a
 * write between. Then the rebuild, as a worker does it, and everything must be as if nothing had happened.
 *
 *     p0: e0 ... e1 (committed, the write between the starts) ... e2 (live, at the end)
 *     p1: e0 ... e1 (committed; its call is the last in the file, and is cut)
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "tests/integration/redis.h"
#include "tests/unit/state/events.h"
#include "tests/unit/state/store_suite.h"

#define LENGTH_0   3
#define LENGTH_1   2
#define FILE_BYTES 65536U
#define ARENA_ROOM ((size_t)1 << 16)

static struct test_redis server;
static struct tw_arena arena;
static struct tw_store_event logs[2][LENGTH_0];

static void start(void)
{
	tw_arena_init(&arena, ARENA_ROOM, 0);
	cr_assert(test_redis_start(&server, NULL), "redis-server did not start");
	for (int p = 0; p < 2; p++) {
		for (int i = 0; i < (p ? LENGTH_1 : LENGTH_0); i++) {
			const char *name = tw_arena_format(&arena, "%c%d", "PQ"[p], i).ptr;
			struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, name, "2026-03-02T08:00:00Z", name);
			struct tw_operations *operations = NULL;
			party_add(&arena, &event->consignment.parties, "Quill", "XA");
			cr_assert_eq(tw_operations_of(event, &arena, &operations, NULL), TW_OK);
			logs[p][i] = (struct tw_store_event){.offset = i, .operations = operations};
		}
	}
}

static void stop(void)
{
	test_redis_stop(&server);
	tw_arena_fini(&arena);
}

TestSuite(aof_torn, .init = start, .fini = stop, .timeout = 240);

static void apply(struct tw_store *store, int32_t partition, int64_t from, int64_t to, int64_t committed, bool rebuild)
{
	struct tw_error err = {.detail = ""};
	struct tw_store_event events[LENGTH_0];
	uint32_t count = 0;
	for (int64_t i = from; i < to; i++) {
		events[count++] = logs[partition][i];
	}
	struct tw_store_part part = {.topic = {"m", 1},
	                             .partition = partition,
	                             .committed = committed,
	                             .next = to,
	                             .rebuild = rebuild,
	                             .events = events,
	                             .event_count = count};
	cr_assert_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_OK, "%s: %s", err.what, err.detail);
}

static struct tw_store *opened(void)
{
	struct tw_redis_options options = {.address = server.address, .shards = 1, .timeout_ms = 10000};
	struct tw_store *store = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_redis_new(&options, &store, &err), TW_OK, "%s: %s", err.what, err.detail);
	return store;
}

/* As a worker looks at its start: what does the state lack of what is committed? */
static struct tw_store_life look(struct tw_store *store, int64_t committed_0, int64_t committed_1, bool may_open)
{
	const struct tw_store_place places[] = {{{"m", 1}, 0, committed_0}, {{"m", 1}, 1, committed_1}};
	struct tw_store_life life = {.open = false};
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_survey(store, places, 2, may_open, &life, &err), TW_OK, "%s: %s", err.what, err.detail);
	return life;
}

static void rebuild(struct tw_store *store, int32_t partition, int64_t committed)
{
	struct tw_store_standing standing;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_watermark(store, (struct tw_slice){"m", 1}, partition, &standing, &err), TW_OK, "%s: %s", err.what, err.detail);
	int64_t from = standing.least < 0 ? 0 : standing.least;
	if (from < committed) {
		apply(store, partition, from, committed, committed, true);
	}
}

/* ---- the file ---- */

static char path[256];

/* The last of the incremental files: there is one as long as nothing is rewritten. */
static void path_find(void)
{
	snprintf(path, sizeof(path), "%s/appendonlydir/appendonly.aof.1.incr.aof", server.directory);
	cr_assert(access(path, R_OK | W_OK) == 0, "%s is not where Redis 7 writes it", path);
}

static size_t file_size(void)
{
	struct stat info;
	cr_assert(stat(path, &info) == 0);
	return (size_t)info.st_size;
}

/* Its size once all that was confirmed is in it: while an fsync runs in the background, Redis answers first and writes up to two seconds later. */
static size_t settled_size(void)
{
	for (;;) {
		redisReply *reply = test_redis_command(&server, "INFO persistence");
		cr_assert(reply && reply->str, "Redis does not say what it has written");
		bool written = strstr(reply->str, "aof_buffer_length:0\r") != NULL;
		freeReplyObject(reply);
		if (written) {
			return file_size();
		}
	}
}

static void file_write(const char *bytes, size_t length)
{
	int file = open(path, O_WRONLY | O_TRUNC);
	cr_assert(file >= 0 && write(file, bytes, length) == (ssize_t)length);
	close(file);
}

static void file_read(char *bytes, size_t length)
{
	int file = open(path, O_RDONLY);
	cr_assert(file >= 0 && read(file, bytes, length) == (ssize_t)length);
	close(file);
}

static void server_restart(size_t cut)
{
	test_redis_kill(&server);
	cr_assert(test_redis_restart(&server), "Redis does not start on a file cut at byte %zu", cut);
}

/* ---- one cut ---- */

static bool as_the_model(struct tw_store *store, struct tw_store *model)
{
	for (int p = 0; p < 2; p++) {
		for (int i = 0; i < (p ? LENGTH_1 : LENGTH_0); i++) {
			for (uint32_t k = 0; k < logs[p][i].operations->count; k++) {
				const struct tw_operation *operation = &logs[p][i].operations->operation[k];
				struct tw_slice left = {NULL, 0}, right = {NULL, 0};
				cr_assert_eq(tw_store_read(store, operation->kind, operation->key, &arena, &left, NULL), TW_OK);
				cr_assert_eq(tw_store_read(model, operation->kind, operation->key, &arena, &right, NULL), TW_OK);
				if (right.len == 0 || !tw_slice_equal(left, right)) {
					return false;
				}
			}
		}
	}
	return true;
}

/* @return whether the state came back whole */
static bool cut_survived(size_t cut, struct tw_store *model)
{
	server_restart(cut);
	struct tw_store *store = opened();
	struct tw_store_life life = look(store, 2, 2, false);
	cr_assert(life.adopted && !life.open && life.missing > 0);
	rebuild(store, 0, 2);
	tw_store_free(store);

	server_restart(cut);
	store = opened();
	look(store, 2, 2, false);
	rebuild(store, 0, 2);
	rebuild(store, 1, 2);
	life = look(store, 2, 2, true);
	cr_assert(life.open && life.missing == 0, "byte %zu: not open, %lld missing", cut, (long long)life.missing);
	apply(store, 0, 2, 3, 2, false);
	bool whole = as_the_model(store, model);
	tw_store_free(store);
	return whole;
}

static void cut_everywhere(const char *what)
{
	static char bytes[FILE_BYTES];
	struct tw_store *model = NULL;
	cr_assert_eq(tw_store_memory_new(&model, NULL), TW_OK);
	apply(model, 0, 0, 3, 0, false);
	apply(model, 1, 0, 2, 0, false);

	path_find();
	struct tw_store *store = opened();
	look(store, 0, 0, false);
	cr_assert(look(store, 0, 0, true).open);
	apply(store, 0, 0, 1, 0, false);
	apply(store, 1, 0, 1, 0, false);
	size_t before = settled_size();
	apply(store, 1, 1, 2, 1, false);
	size_t end = settled_size();
	tw_store_free(store);
	cr_assert(end > before + 100 && end <= sizeof(bytes));
	file_read(bytes, end);

	uint32_t torn = 0;
	for (size_t cut = before; cut < end; cut++) {
		test_redis_kill(&server);
		file_write(bytes, cut);
		bool whole = cut_survived(cut, model);
		torn += !whole;
		cr_expect(whole, "cut at byte %zu of %zu", cut - before, end - before);
	}
	fprintf(stderr, "%zu cuts, %u of them did harm (%s)\n", end - before, torn, what);
	tw_store_free(model);
}

Test(aof_torn, a_cut_at_any_byte_of_the_last_transaction_loses_nothing_for_good)
{
	cut_everywhere("a transaction");
}

Test(aof_torn, a_cut_at_any_byte_of_the_last_call_loses_nothing_for_good)
{
	freeReplyObject(test_redis_command(&server, "ACL SETUSER default -watch"));
	cut_everywhere("a function call");
}
