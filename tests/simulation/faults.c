/**
 * @file faults.c
 * What goes wrong, and when: drawn from the seed before it begins. After the last fault everybody comes back, and the run must come to its end.
 */
#include <stdarg.h>
#include <stdio.h>

#include "tests/simulation/world.h"

enum fault_kind {
	KILL,
	FREEZE,
	REPLACE,
	REDIS_CRASH,
	REDIS_LOSES,
	REDIS_FLUSH,
	SHARD_FLUSH,
	BROKER_AWAY,
	REDIS_CUT,
	KAFKA_CUT,
	ENGINE_ADD,
	ENGINE_STOP,
	TRAP,
	FAULT_KINDS,
};

struct plan {
	enum fault_kind kind;
	int64_t when;
};

static void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void say(const char *format, ...)
{
	struct sim_world *world = sim_world();
	if (world->fault_count < SIM_FAULTS_MOST) {
		struct sim_fault *fault = &world->fault[world->fault_count++];
		va_list arguments;
		va_start(arguments, format);
		fault->when = sim_now();
		vsnprintf(fault->words, sizeof(fault->words), format, arguments);
		va_end(arguments);
		if (sim_verbose()) {
			printf("%12.6f FAULT %s\n", (double)sim_now() / 1e6, fault->words);
		}
	}
}

static struct sim_random *dice(void)
{
	return &sim_world()->faults;
}

/* An incarnation that runs; NULL: there is none. */
static struct sim_engine *victim(void)
{
	struct sim_world *world = sim_world();
	uint32_t first = sim_random_below(dice(), world->engine_count);
	for (uint32_t i = 0; i < world->engine_count; i++) {
		struct sim_engine *engine = &world->engines[(first + i) % world->engine_count];
		if (!sim_process_state(engine->process)->ended) {
			return engine;
		}
	}
	return NULL;
}

static void everybody_wake(void)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->engine_count; i++) {
		sim_wake(world->engines[i].process, sim_now() + sim_delay());
	}
}

static void freeze(struct sim_engine *engine, int64_t us)
{
	sim_process_state(engine->process)->frozen_until = sim_now() + us;
	sim_session_watch(engine);
}

static void redis_up(void *context)
{
	((struct sim_redis *)context)->down = false;
}

/* @param most entries of the journal that are lost, at most */
static void redis_crash(uint64_t most)
{
	struct sim_world *world = sim_world();
	struct sim_redis *redis = &world->redis[sim_random_below(dice(), world->redis_count)];
	uint64_t writes = sim_server_writes(redis->server), lost = (uint64_t)sim_random_between(dice(), 0, (int64_t)(most < writes ? most : writes));
	int64_t down = sim_random_between(dice(), 0, 3 * SIM_S);
	sim_server_back(redis->server, writes - lost);
	lost = writes - sim_server_writes(redis->server);
	redis->life++;
	sim_server_restart(redis->server);
	redis->down = true;
	world->lossy = world->lossy || lost;
	world->losses += lost != 0;
	sim_at(sim_now() + down, redis_up, redis);
	everybody_wake();
	say("redis crashes, %llu of %llu writes lost, away for %.1f s", (unsigned long long)lost, (unsigned long long)writes, (double)down / 1e6);
}

static void redis_flush(bool shard)
{
	struct sim_world *world = sim_world();
	char with[16] = "";
	if (shard) {
		snprintf(with, sizeof(with), "{tw:s%u}", sim_random_below(dice(), world->shards));
	}
	for (uint32_t i = 0; i < world->redis_count; i++) {
		sim_server_flush(world->redis[i].server, shard ? with : NULL);
	}
	world->lossy = true;
	world->losses++;
	say("redis flushed %s", shard ? with : "wholly");
}

static void broker_up(void *context)
{
	(void)context;
	sim_world()->broker_down = false;
}

static void engine_add(void)
{
	struct sim_world *world = sim_world();
	if (world->instances < SIM_INSTANCES) {
		say("engine added as instance %u", world->instances);
		(void)sim_engine_start(world->instances++);
	}
}

static void trap_set(void)
{
	struct sim_world *world = sim_world();
	world->trap.stage = (enum sim_stage)(1 + sim_random_below(dice(), SIM_STAGES - 1));
	world->trap.kills = sim_random_chance(dice(), 300);
	world->trap.loses = world->loses && sim_random_chance(dice(), 700);
	if (world->ambush) {
		world->trap = (struct sim_trap){.stage = SIM_STAGE_OFFSETS, .loses = true};
	}
}

static void trapped_kill(void *context)
{
	sim_process_kill(context);
}

static void trapped_loss(void *context)
{
	(void)context;
	if (sim_world()->ambush || sim_random_chance(dice(), 600)) {
		redis_crash(8);
	} else {
		redis_flush(sim_random_chance(dice(), 300));
	}
}

void sim_stage(enum sim_stage stage)
{
	struct sim_world *world = sim_world();
	struct sim_engine *engine = sim_engine_self();
	if (world->trap.stage != stage || sim_dead() || sim_now() >= world->faults_end) {
		return;
	}
	bool short_enough = world->ambush || sim_random_chance(dice(), 500);
	int64_t us = sim_random_between(dice(), SIM_S / 2, short_enough ? 9 * SIM_S : 25 * SIM_S);
	world->trap.stage = 0;
	say("engine %u (instance %u) %s at stage %d for %.1f s", engine->number, engine->instance, world->trap.kills ? "killed" : "stopped",
	    (int)stage, world->trap.kills ? 0 : (double)us / 1e6);
	if (world->trap.loses) {
		sim_at(sim_now() + sim_random_between(dice(), 0, 100 * SIM_MS), trapped_loss, NULL);
	}
	if (world->trap.kills) {
		world->kills++;
		sim_at(sim_now(), trapped_kill, engine->process);
	} else {
		freeze(engine, us);
	}
	(void)sim_sleep(1);
}

static void engine_fault(enum fault_kind kind)
{
	struct sim_engine *engine = victim();
	int64_t long_us = sim_random_between(dice(), SIM_S / 2, 25 * SIM_S);
	if (!engine) {
		return;
	}
	switch ((int)kind) {
	case KILL:
		say("engine %u (instance %u) killed", engine->number, engine->instance);
		sim_world()->kills++;
		sim_process_kill(engine->process);
		break;
	case FREEZE:
		say("engine %u (instance %u) stopped for %.1f s", engine->number, engine->instance, (double)long_us / 1e6);
		freeze(engine, long_us);
		break;
	case REPLACE:
		say("engine %u (instance %u) stopped for %.1f s, and another one started in its place", engine->number, engine->instance,
		    (double)long_us / 1e6);
		freeze(engine, long_us);
		(void)sim_engine_start(engine->instance);
		break;
	case REDIS_CUT:
		say("engine %u cut off from redis", engine->number);
		engine->redis_cut_until = sim_now() + sim_random_between(dice(), SIM_MS, 3 * SIM_S);
		break;
	case KAFKA_CUT:
		say("engine %u cut off from kafka for %.1f s", engine->number, (double)long_us / 1e6);
		engine->kafka_cut_until = sim_now() + long_us;
		sim_session_watch(engine);
		break;
	case ENGINE_STOP:
		say("engine %u (instance %u) asked to stop", engine->number, engine->instance);
		sim_process_state(engine->process)->stop_asked = true;
		break;
	default:
		break;
	}
}

static void fire(void *context)
{
	const struct plan *plan = context;
	switch ((int)plan->kind) {
	case REDIS_CRASH:
		redis_crash(0);
		break;
	case REDIS_LOSES:
		redis_crash(sim_random_chance(dice(), 500) ? 8 : sim_random_chance(dice(), 500) ? 100 : UINT64_MAX / 2);
		break;
	case REDIS_FLUSH:
	case SHARD_FLUSH:
		redis_flush(plan->kind == SHARD_FLUSH);
		break;
	case BROKER_AWAY:
		sim_world()->broker_down = true;
		sim_at(sim_now() + sim_random_between(dice(), SIM_MS, 8 * SIM_S), broker_up, NULL);
		say("the broker goes away");
		break;
	case ENGINE_ADD:
		engine_add();
		break;
	case TRAP:
		trap_set();
		break;
	default:
		engine_fault(plan->kind);
		break;
	}
}

static void fault_plan(enum fault_kind kind, int64_t when)
{
	struct plan *plan = sim_alloc(sizeof(*plan));
	*plan = (struct plan){kind, when};
	sim_at(when, fire, plan);
}

void sim_faults_plan(void)
{
	static const enum fault_kind gentle[] = {KILL,      KILL,       FREEZE,      REPLACE, REDIS_CRASH, BROKER_AWAY, REDIS_CUT,
	                                         KAFKA_CUT, ENGINE_ADD, ENGINE_STOP, TRAP,    TRAP,        TRAP,        TRAP};
	struct sim_world *world = sim_world();
	struct sim_random *random = &world->faults;
	/* an engine that has judged, and sleeps through the loss of what it judged by, still a member of the group */
	world->ambush = sim_random_chance(random, 100) || world->control == SIM_GENERATION_KEPT;
	bool loses = sim_random_chance(random, 600) || world->ambush;
	world->loses = loses;
	bool storm =
	    world->ambush || (loses && sim_random_chance(random, 400)); /* hardly anything but an engine caught, and state lost in the same moment */
	uint32_t count = storm ? 6 + sim_random_below(random, 8) : sim_random_below(random, 12);
	world->faults_end = sim_random_between(random, 10 * SIM_S, 40 * SIM_S);
	world->lost_of_thousand = sim_random_chance(random, 500) ? 0 : 1 + sim_random_below(random, 30);
	world->leaves_lost_of_thousand = sim_random_chance(random, 300) && world->lost_of_thousand ? 500 : 0;
	world->slow_us = sim_random_between(random, SIM_MS, 30 * SIM_MS);
	world->slower_of_thousand = sim_random_below(random, 20);
	world->shards = 1 + sim_random_below(random, 3);
	world->redis_count = world->shards > 1 ? 1 + sim_random_below(random, 2) : 1;
	world->instances = world->ambush ? 2 + sim_random_below(random, 2) : 1 + sim_random_below(random, 3);
	for (uint32_t i = 0; i < count; i++) {
		enum fault_kind kind = gentle[sim_random_below(random, sizeof(gentle) / sizeof(gentle[0]))];
		if (storm && sim_random_chance(random, 800)) {
			kind = TRAP;
		} else if (loses && sim_random_chance(random, 400)) {
			kind = (enum fault_kind)(REDIS_LOSES + (int)sim_random_below(random, 3));
		}
		fault_plan(kind, sim_random_between(random, SIM_S / 2, world->faults_end));
	}
	if (loses) {
		fault_plan((enum fault_kind)(REDIS_LOSES + (int)sim_random_below(random, 3)), sim_random_between(random, SIM_S, world->faults_end));
	}
}
