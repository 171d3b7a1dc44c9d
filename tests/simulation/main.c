/**
 * @file main.c
 * Runs seeds: each is a world of its own, from its plan to its verdict. Two processes take half of them each.
 *
 *   SIM_SEEDS=5000      how many
 *   SIM_SEED=17         only this one, with every step told
 *   SIM_CONTROL=name    with what is broken on purpose (see world.h); else all of them are tried behind the seeds
 * Ends with "simulation: N passed, N failed"; a line each seed that failed, with its faults.
 */
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/run/judge.h"
#include "engine/screen/snapshot.h"
#include "tests/simulation/world.h"

#define SEEDS_DEFAULT  5000U
#define SEEDS_MOST     1000000U
#define CONTROL_SEEDS  800U
#define TWICE_EVERY    10U /* seeds whose trace is compared with a second run's */
#define FUNCTION_EVERY 4U  /* seeds whose servers refuse WATCH */
#define PROCESSES      2U
#define END_US         (600 * SIM_S) /* behind the last fault: a run that is not over by then is stuck */
#define ARENA_BYTES    ((size_t)1 << 20)
#define SHOWN_MOST     10U
#define NS_PER_S       1e9

static struct sim_world world;
static struct tw_judge *judge;

struct sim_world *sim_world(void)
{
	return &world;
}

struct tw_judge *sim_judge(void)
{
	return judge;
}

void *sim_alloc(size_t bytes)
{
	return tw_arena_alloc(&world.arena, bytes ? bytes : 1);
}

int64_t sim_delay(void)
{
	bool slow = sim_random_chance(sim_chance(), world.slower_of_thousand);
	return slow ? sim_random_between(sim_chance(), SIM_MS, SIM_S) : sim_random_between(sim_chance(), 50, world.slow_us);
}

void sim_fail(const char *format, ...)
{
	if (world.failure[0]) {
		return;
	}
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(world.failure, sizeof(world.failure), format, arguments);
	va_end(arguments);
	if (sim_verbose()) {
		printf("%12.6f FAILED %s\n", (double)sim_now() / 1e6, world.failure);
	}
}

const char *sim_control_name(enum sim_control control)
{
	static const char *const names[SIM_CONTROLS] = {"sound",           "epoch-ignored", "generation-kept", "writes-torn", "compaction-unbound",
	                                                "commits-anybody", "watch-ignored", "confirm-skipped"};
	return names[control];
}

void sim_trace_command(const struct sim_engine *engine, uint32_t count, const struct sim_bytes *words, const struct redisReply *reply)
{
	(void)reply;
	printf("%12.6f  %3u  redis <-", (double)sim_now() / 1e6, engine->number);
	for (uint32_t i = 0; i < count && i < 6; i++) {
		putchar(' ');
		for (size_t k = 0; k < words[i].len && k < 64; k++) {
			unsigned char byte = (unsigned char)words[i].ptr[k];
			printf(byte >= 0x21 && byte < 0x7F ? "%c" : "\\%02x", byte);
		}
	}
	printf(" (%u words)\n", count);
}

/* ---- one seed ---- */

static bool over(void *context)
{
	(void)context;
	if (world.failure[0]) {
		return true;
	}
	if (sim_now() < world.faults_end || !sim_events_over()) {
		return false;
	}
	for (uint32_t i = 0; i < world.log_count; i++) {
		bool behind = world.logs[i].data_end && world.logs[i].committed != world.logs[i].data_end;
		if (behind || world.logs[i].pending) {
			return false;
		}
	}
	for (uint32_t i = 0; i < SIM_INSTANCES; i++) {
		if (world.producers[i].state != SIM_TXN_NONE) {
			return false;
		}
	}
	return true;
}

/* @return the hash of everything that happened */
static uint64_t seed_run(uint64_t seed, enum sim_control control, bool verbose)
{
	struct sim_server_faults broken = {.epoch_ignored = control == SIM_EPOCH_IGNORED,
	                                   .writes_torn = control == SIM_WRITES_TORN,
	                                   .ignores_guards = control == SIM_COMPACTION_UNBOUND,
	                                   .watch_ignored = control == SIM_WATCH_IGNORED};
	/* two controls break the function; in some worlds it is all that the engine may use */
	broken.no_watch = broken.epoch_ignored || broken.ignores_guards || (control != SIM_WATCH_IGNORED && seed % FUNCTION_EVERY == 0);
	memset(&world, 0, sizeof(world));
	world.seed = seed;
	world.control = control;
	world.events.state = seed * 3 + 1;
	world.faults.state = seed * 7 + 2;
	tw_arena_init(&world.arena, ARENA_BYTES, 0);
	sim_schedule_begin(seed, verbose);
	sim_faults_plan();
	sim_events_plan();
	for (uint32_t i = 0; i < world.redis_count; i++) {
		world.redis[i].server = sim_server_new(broken);
	}
	for (uint32_t i = 0; i < world.instances; i++) {
		(void)sim_engine_start(i);
	}
	if (!sim_run(world.faults_end + END_US, over, NULL) || (!over(NULL) && !world.failure[0])) {
		sim_fail("stuck: not every event is committed %.0f s after the last fault", END_US / 1e6);
	}
	if (!world.failure[0]) {
		sim_check();
	}
	uint64_t hash = sim_trace_hash();
	sim_schedule_end();
	for (uint32_t i = 0; i < world.redis_count; i++) {
		sim_server_free(world.redis[i].server);
	}
	return hash;
}

static void seed_forget(void)
{
	tw_arena_fini(&world.arena);
}

static void judge_make(void)
{
	static const char *const rules[] = {"tests/simulation/rules"};
	static const struct tw_score_policy policy = {.red_points = 100, .yellow_points = 60, .blue_points = 30};
	struct tw_snapshot_sources sources = {
	    .rule_paths = rules, .rule_path_count = 1, .embargoes = "tests/golden/basic/embargoes.csv", .reference = "tests/golden/basic/reference"};
	struct tw_snapshot *snapshot = NULL;
	struct tw_error err;
	enum tw_code code = tw_snapshot_build(&sources, stderr, &snapshot, &err);
	struct tw_judge_options options = {.snapshot = snapshot, .policy = &policy, .event_bytes = 1U << 20};
	code = code == TW_OK ? tw_judge_new(&options, &judge, &err) : code;
	if (code != TW_OK) {
		fprintf(stderr, "simulation: %s: %s: %s\n", err.what, err.where, err.detail);
		exit(1);
	}
}

/* ---- many seeds ---- */

/* Shared by the processes. */
struct result {
	bool done, failed;
	char words[512];
	uint32_t kills, losses, rebalances, engines;
	uint64_t steps, events;
};

static struct result *results_new(uint32_t count)
{
	struct result *results = mmap(NULL, count * sizeof(*results), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (results == MAP_FAILED) {
		perror("simulation");
		exit(1);
	}
	return results;
}

static void result_fill(struct result *result)
{
	result->failed = world.failure[0] != '\0';
	snprintf(result->words, sizeof(result->words), "%s", world.failure);
	result->kills = world.kills;
	result->losses = world.losses;
	result->rebalances = world.rebalances;
	result->engines = world.engine_count;
	result->steps = sim_steps();
	for (uint32_t i = 0; i < world.log_count; i++) {
		result->events += (uint64_t)world.logs[i].data_end;
	}
}

static void seed_judge(uint64_t seed, enum sim_control control, struct result *result)
{
	uint64_t hash = seed_run(seed, control, false);
	result_fill(result);
	seed_forget();
	if (control == SIM_SOUND && seed % TWICE_EVERY == 0) {
		uint64_t again = seed_run(seed, control, false);
		seed_forget();
		if (again != hash && !result->failed) {
			result->failed = true;
			snprintf(result->words, sizeof(result->words), "two runs of the same seed differ");
		}
	}
	result->done = true;
}

static uint32_t done_count(const struct result *results, uint32_t count)
{
	uint32_t done = 0;
	for (uint32_t i = 0; i < count; i++) {
		done += results[i].done;
	}
	return done;
}

/* A process that died leaves the seed it was at without a result: the next one goes on behind it. */
static void share_run(uint64_t first, uint32_t count, enum sim_control control, struct result *results, uint32_t share)
{
	for (;;) {
		fflush(NULL);
		pid_t child = fork();
		if (child == 0) {
			for (uint32_t i = share; i < count; i += PROCESSES) {
				if (!results[i].done) {
					seed_judge(first + i, control, &results[i]);
				}
			}
			_exit(0);
		}
		int status = 0;
		if (child < 0 || waitpid(child, &status, 0) != child || status == 0) {
			return;
		}
		for (uint32_t i = share; i < count; i += PROCESSES) {
			if (!results[i].done) {
				results[i].done = results[i].failed = true;
				snprintf(results[i].words, sizeof(results[i].words), "the program died (status %d)", status);
				break;
			}
		}
	}
}

static void seeds_share(uint64_t first, uint32_t count, enum sim_control control, struct result *results, const char *what)
{
	pid_t children[PROCESSES];
	uint32_t left = PROCESSES, said = 0;
	fflush(NULL);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			share_run(first, count, control, results, i);
			_exit(0);
		}
	}
	while (left) {
		int status;
		uint32_t done = done_count(results, count);
		if (what && done >= said + count / 10) {
			said = done;
			printf("%s: %u of %u\n", what, done, count);
			fflush(stdout);
		}
		while (left && waitpid(-1, &status, WNOHANG) > 0) {
			left--;
		}
		(void)poll(NULL, 0, left ? 100 : 0);
	}
}

/* ---- what is said ---- */

static void faults_say(void)
{
	for (uint32_t i = 0; i < world.fault_count; i++) {
		printf("    %7.3f s  %s\n", (double)world.fault[i].when / 1e6, world.fault[i].words);
	}
}

static void failure_say(uint64_t seed, const struct result *result)
{
	printf("simulation: FAILED: seed %llu: %s\n", (unsigned long long)seed, result->words);
	if (strstr(result->words, "died")) {
		return;
	}
	(void)seed_run(seed, SIM_SOUND, false);
	printf("    %u events, %u engines, %u shards; replay with SIM_SEED=%llu\n", (unsigned)result->events, result->engines, world.shards,
	       (unsigned long long)seed);
	faults_say();
	seed_forget();
}

static uint32_t seeds_report(const struct result *results, uint32_t count)
{
	struct result sum = {.done = true};
	uint32_t failed = 0;
	for (uint32_t i = 0; i < count; i++) {
		sum.kills += results[i].kills;
		sum.losses += results[i].losses;
		sum.rebalances += results[i].rebalances;
		sum.engines += results[i].engines;
		sum.events += results[i].events;
		sum.steps += results[i].steps;
		if (results[i].failed && failed++ < SHOWN_MOST) {
			failure_say(i + 1, &results[i]);
		}
	}
	printf("%u seeds: %llu events, %u engines started, %u killed, state lost %u times, %u generations, %llu steps\n", count,
	       (unsigned long long)sum.events, sum.engines, sum.kills, sum.losses, sum.rebalances, (unsigned long long)sum.steps);
	return failed;
}

/* What is broken on purpose must be found. @return whether it was */
static bool control_run(enum sim_control control)
{
	struct result *results = results_new(CONTROL_SEEDS);
	uint32_t failed = 0, first = CONTROL_SEEDS;
	seeds_share(1, CONTROL_SEEDS, control, results, NULL);
	for (uint32_t i = 0; i < CONTROL_SEEDS; i++) {
		failed += results[i].failed;
		first = results[i].failed && i < first ? i : first;
	}
	printf("control %-20s found in %u of %u seeds%s%s\n", sim_control_name(control), failed, CONTROL_SEEDS, failed ? ": " : "",
	       failed ? results[first].words : "");
	munmap(results, CONTROL_SEEDS * sizeof(*results));
	return failed > 0;
}

static uint32_t number_of(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);
	unsigned long value = text ? strtoul(text, NULL, 10) : 0;
	return value > 0 && value <= SEEDS_MOST ? (uint32_t)value : otherwise;
}

static enum sim_control control_asked(void)
{
	const char *name = getenv("SIM_CONTROL");
	for (int i = 1; name && i < SIM_CONTROLS; i++) {
		if (strcmp(name, sim_control_name((enum sim_control)i)) == 0) {
			return (enum sim_control)i;
		}
	}
	return SIM_SOUND;
}

static int replay(uint64_t seed)
{
	(void)seed_run(seed, control_asked(), true);
	faults_say();
	printf("seed %llu: %s\nsimulation: %d passed, %d failed\n", (unsigned long long)seed, world.failure[0] ? world.failure : "sound",
	       world.failure[0] == '\0', world.failure[0] != '\0');
	seed_forget();
	return world.failure[0] != '\0';
}

int main(void)
{
	uint32_t count = number_of("SIM_SEEDS", SEEDS_DEFAULT), seed = number_of("SIM_SEED", 0), passed = 0, failed = 0;
	judge_make();
	if (seed) {
		return replay(seed);
	}
	struct result *results = results_new(count);
	seeds_share(1, count, SIM_SOUND, results, "simulation");
	failed = seeds_report(results, count);
	passed = count - failed;
	for (int i = 1; i < SIM_CONTROLS; i++) {
		bool found = control_run((enum sim_control)i);
		passed += found;
		failed += !found;
	}
	printf("simulation: %u passed, %u failed\n", passed, failed);
	return failed != 0;
}
