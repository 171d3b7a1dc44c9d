/*
 * The simulation's Redis (tests/simulation/server.c) against a real one: the same calls of append.lua's functions, drawn by chance, the same answers
 * and the same keys. What is proved over the simulated one is proved over that much of the real one.
 */
#include "tests/simulation/server.h"

#include <criterion/criterion.h>
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/state/redis_link.h"
#include "tests/integration/redis.h"

#define CALLS      3000
#define WORDS_MOST 32
#define PARTITIONS 3U
#define RECORDS    6U
#define BYTES_MOST 96

static struct test_redis redis;
static struct redisContext *real;
static struct sim_server *simulated;
static struct sim_session *session;

static void setup(void)
{
	if (!test_redis_start(&redis, NULL)) {
		cr_skip_test("no redis-server here");
	}
	real = test_redis_connect(&redis);
	cr_assert_not_null(real);
	simulated = sim_server_new((struct sim_server_faults){.epoch_ignored = false});
	session = sim_session_new(simulated);
}

static void teardown(void)
{
	if (real) {
		sim_server_free(simulated);
		redisFree(real);
		test_redis_stop(&redis);
	}
}

TestSuite(simulated_redis, .init = setup, .fini = teardown, .timeout = 120);

/* One command's words, in a buffer of their own. */
struct command {
	char bytes[WORDS_MOST][BYTES_MOST * 2];
	struct sim_bytes words[WORDS_MOST];
	uint32_t count;
};

static void word(struct command *command, const void *bytes, size_t length)
{
	memcpy(command->bytes[command->count], bytes, length);
	command->words[command->count] = (struct sim_bytes){command->bytes[command->count], length};
	command->count++;
}

static void text(struct command *command, const char *words)
{
	word(command, words, strlen(words));
}

static uint32_t chance(uint32_t below)
{
	static uint64_t state = 17;
	state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(state >> 33) % below;
}

static bool alike(const struct redisReply *a, const struct redisReply *b)
{
	bool same = a->type == b->type && a->elements == b->elements && a->len == b->len && (a->len == 0 || memcmp(a->str, b->str, a->len) == 0);
	for (size_t i = 0; same && i < a->elements; i++) {
		same = alike(a->element[i], b->element[i]);
	}
	return same;
}

static struct redisReply *ask_real(const struct command *command)
{
	const char *words[WORDS_MOST];
	size_t lengths[WORDS_MOST];
	for (uint32_t i = 0; i < command->count; i++) {
		words[i] = command->words[i].ptr;
		lengths[i] = command->words[i].len;
	}
	struct redisReply *reply = redisCommandArgv(real, (int)command->count, words, lengths);
	cr_assert_not_null(reply, "%s", real->errstr);
	return reply;
}

/* @return the status of an append, 'O', 'E' or 'M'; else 0 */
static char both(const struct command *command, const char *what)
{
	struct redisReply *expected = ask_real(command), *found = sim_server_command(simulated, session, command->count, command->words);
	char status = expected->type == REDIS_REPLY_ARRAY && expected->elements && expected->element[0]->len ? expected->element[0]->str[0] : '\0';
	cr_assert(alike(expected, found), "%s: a real server answers another thing (type %d, %zu elements; %d, %zu)", what, expected->type,
	          expected->elements, found->type, found->elements);
	freeReplyObject(expected);
	freeReplyObject(found);
	return status;
}

static void key_record(char key[32], uint32_t number)
{
	snprintf(key, 32, "{tw:s0}:r:1:k%u", number);
}

static void key_watermark(char key[32], uint32_t number)
{
	snprintf(key, 32, "{tw:s0}:w:t:%u", number);
}

static void compaction(struct command *command, uint32_t first, uint32_t records)
{
	unsigned char plan[14 + 4] = {0};
	char key[32];
	uint32_t at = chance(records);
	key_record(key, first + at);
	struct sim_bytes held = sim_server_get(simulated, key, strlen(key));
	if (held.len < 8 || chance(2)) {
		text(command, "");
		return;
	}
	plan[0] = (unsigned char)(command->words[2].ptr[0] - '0' - records + 1 + at);
	memcpy(plan + 2, held.ptr, 4);
	plan[2] = (unsigned char)(plan[2] + (chance(4) == 0)); /* now and then of another generation */
	plan[6] = (unsigned char)(4 + chance((uint32_t)held.len - 4 < 60 ? (uint32_t)held.len - 3 : 60));
	plan[10] = 4;
	memcpy(plan + 14, "snap", 4);
	word(command, plan, sizeof(plan));
}

/* An append of up to three partitions and some records; what it claims to know is mostly right. */
static char append_once(void)
{
	struct command command = {.count = 0};
	uint32_t partitions = 1 + chance(PARTITIONS), records = chance(4), first = chance(RECORDS - 3);
	char known[12 * PARTITIONS], to[20 * PARTITIONS], key[32];
	text(&command, "FCALL");
	text(&command, "tw_add");
	snprintf(key, sizeof(key), "%u", 1 + partitions + records);
	text(&command, key);
	text(&command, "{tw:s0}:epoch");
	for (uint32_t i = 0; i < partitions; i++) {
		key_watermark(key, i);
		text(&command, key);
		struct sim_bytes held = sim_server_get(simulated, key, strlen(key));
		memset(known + (size_t)12 * i, 0xff, 12);
		memcpy(known + (size_t)12 * i, held.len ? held.ptr : "", held.len ? 12 : 0);
		known[12 * i] = (char)(known[12 * i] + (chance(12) == 0));
		for (uint32_t k = 0; k < 20; k++) {
			to[20 * i + k] = (char)chance(256);
		}
	}
	for (uint32_t i = 0; i < records; i++) {
		key_record(key, first + i);
		text(&command, key);
	}
	text(&command, chance(12) ? "life" : "other life");
	word(&command, known, (size_t)12 * partitions);
	word(&command, to, (size_t)20 * partitions);
	if (records) {
		compaction(&command, first, records);
	} else {
		text(&command, "");
	}
	text(&command, chance(2) ? "1" : "0");
	for (uint32_t i = 0; i < records; i++) {
		word(&command, "entries\0of\xff one", chance(15));
	}
	return both(&command, "tw_add");
}

static void epoch_once(void)
{
	static const char *const epochs[] = {"", "lifeo", "lifec", "otherc"};
	struct command command = {.count = 0};
	struct sim_bytes held = sim_server_get(simulated, "{tw:s0}:epoch", 13);
	text(&command, "FCALL");
	text(&command, "tw_epoch");
	text(&command, "1");
	text(&command, "{tw:s0}:epoch");
	if (chance(4)) {
		word(&command, held.len ? held.ptr : "", held.len);
	} else {
		text(&command, epochs[chance(4)]);
	}
	text(&command, epochs[1 + (chance(8) ? chance(2) : 2)]);
	(void)both(&command, "tw_epoch");
}

static void topic_once(void)
{
	struct command command = {.count = 0};
	char name[16];
	snprintf(name, sizeof(name), "topic.%u", chance(20));
	text(&command, "FCALL");
	text(&command, "tw_topic");
	text(&command, "1");
	text(&command, "{tw:s0}:topics");
	text(&command, name);
	(void)both(&command, "tw_topic");
}

static void look_once(void)
{
	struct command command = {.count = 0};
	char key[32];
	text(&command, "MGET");
	for (uint32_t i = 0; i < RECORDS; i++) {
		key_record(key, i);
		text(&command, key);
	}
	text(&command, "{tw:s0}:epoch");
	text(&command, "{tw:s0}:topics");
	(void)both(&command, "MGET");
}

static void load(void)
{
	struct redisReply *reply = redisCommand(real, "FUNCTION LOAD REPLACE %s", tw_link_library_text());
	cr_assert(reply && reply->type == REDIS_REPLY_STRING, "%s", reply ? reply->str : real->errstr);
	freeReplyObject(reply);
	const struct sim_bytes words[] = {{"FUNCTION", 8}, {"LOAD", 4}, {"REPLACE", 7}, {"", 0}};
	freeReplyObject(sim_server_command(simulated, session, 4, words));
}

/* A write by somebody else, on both servers. */
static void interrupt(void)
{
	struct sim_session *kept = session;
	struct redisContext *mine = real;
	session = sim_session_new(simulated);
	real = test_redis_connect(&redis);
	cr_assert_not_null(real);
	if (chance(2)) {
		(void)append_once();
	} else {
		epoch_once();
	}
	redisFree(real);
	real = mine;
	session = kept;
}

static void one(const char *only)
{
	struct command command = {.count = 0};
	text(&command, only);
	(void)both(&command, only);
}

/* Watch, look, store; now and then somebody comes in between, or nothing is stored. */
static void transaction_once(void)
{
	struct command command = {.count = 0};
	char key[32];
	text(&command, "WATCH");
	text(&command, "{tw:s0}:epoch");
	(void)both(&command, "WATCH");
	look_once();
	one("MULTI");
	if (chance(3) == 0) {
		interrupt();
	}
	if (chance(4)) {
		command.count = 0;
		text(&command, "MSET");
		text(&command, "{tw:s0}:epoch");
		text(&command, "lifeo");
		for (uint32_t i = 0; i < 3; i++) {
			key_record(key, i);
			text(&command, key);
			word(&command, "\0\0\0\0\0 record\0 that is new", 10 + chance(14));
		}
		(void)both(&command, "MSET");
	}
	one("EXEC");
	look_once();
}

Test(simulated_redis, answers_and_keeps_what_a_real_one_does)
{
	uint32_t stored = 0, refused = 0;
	load();
	for (int i = 0; i < CALLS; i++) {
		switch (chance(12)) {
		case 0:
			epoch_once();
			break;
		case 1:
			topic_once();
			break;
		case 2:
			look_once();
			break;
		case 3:
			transaction_once();
			break;
		default: {
			char status = append_once();
			stored += status == 'O';
			refused += status == 'E' || status == 'M';
			break;
		}
		}
	}
	cr_assert(stored > 200 && refused > 200, "%u stored, %u refused: the calls are no good", stored, refused);
}

Test(simulated_redis, says_its_version_as_the_library_does)
{
	struct command command = {.count = 0};
	load();
	text(&command, "FCALL");
	text(&command, "tw_version");
	text(&command, "0");
	(void)both(&command, "tw_version");
}

Test(simulated_redis, goes_back_to_the_end_of_any_write_but_not_over_a_flush)
{
	const struct sim_bytes set[] = {{"FCALL", 5}, {"tw_topic", 8}, {"1", 1}, {"key", 3}, {"a", 1}};
	struct sim_bytes more[5];
	memcpy(more, set, sizeof(set));
	more[4] = (struct sim_bytes){"b", 1};
	load();
	freeReplyObject(sim_server_command(simulated, session, 5, set));
	freeReplyObject(sim_server_command(simulated, session, 5, more));
	cr_assert_eq(sim_server_writes(simulated), 3);
	sim_server_back(simulated, 2);
	struct sim_bytes held = sim_server_get(simulated, "key", 3);
	cr_assert(held.len == 2 && memcmp(held.ptr, "a\n", 2) == 0);
	sim_server_flush(simulated, NULL);
	sim_server_back(simulated, 0);
	cr_assert_null(sim_server_get(simulated, "key", 3).ptr);
	cr_assert_eq(sim_server_writes(simulated), 3);
}
