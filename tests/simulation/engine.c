/**
 * @file engine.c
 * One engine's life: the product's store, pipeline and judge over the simulated peers, as engine/run/worker.c puts them together; and the way its
 * supervisor starts it again.
 */
#include <stdarg.h>
#include <stdio.h>

#include "engine/base/log.h"
#include "engine/io/stream.h"
#include "engine/run/outage.h"
#include "engine/run/pipeline.h"
#include "engine/run/signals.h"
#include "engine/state/store_calls.h"
#include "tests/simulation/world.h"

#define RESTART_FIRST_US (200 * SIM_MS)
#define RESTART_MOST_US  (6 * SIM_S)
#define FENCED_WORDS     "another process runs as this instance"

struct sim_engine *sim_engine_self(void)
{
	struct sim_world *world = sim_world();
	for (uint32_t i = 0; i < world->engine_count; i++) {
		if (world->engines[i].process == sim_process_root(sim_self())) {
			return &world->engines[i];
		}
	}
	return NULL;
}

uint32_t sim_engine_number(const struct sim_engine *engine)
{
	return engine->number;
}

bool sim_engine_silent(const struct sim_engine *engine)
{
	const struct sim_process_state *state = sim_process_state(engine->process);
	return state->ended || state->killed || state->frozen_until > sim_now() || engine->kafka_cut_until > sim_now();
}

struct sim_engine *sim_engine_of(uint32_t instance)
{
	struct sim_world *world = sim_world();
	struct sim_engine *found = NULL;
	for (uint32_t i = 0; i < world->engine_count; i++) {
		found = world->engines[i].instance == instance ? &world->engines[i] : found;
	}
	return found;
}

static void restart(void *context)
{
	uint32_t instance = (uint32_t)(uintptr_t)context;
	struct sim_engine *last = sim_engine_of(instance);
	if (instance < sim_world()->instances && (!last || sim_process_state(last->process)->ended)) {
		(void)sim_engine_start(instance);
	}
}

/* Its supervisor sees it end. */
static void ended(struct sim_engine *engine)
{
	int64_t pause = sim_random_between(&sim_world()->faults, RESTART_FIRST_US, RESTART_MOST_US);
	sim_session_watch(engine);
	sim_at(sim_now() + pause, restart, (void *)(uintptr_t)engine->instance);
}

static enum tw_code store_open(struct sim_engine *engine, struct tw_error *err)
{
	struct tw_outage outage = {.away_event = "store_away", .back_event = "store_back"};
	const char *address = sim_world()->redis_count > 1 ? "simulated:6380,simulated:6381" : "simulated:6380";
	struct tw_redis_options options = {.address = address, .prefix = "tw", .shards = sim_world()->shards, .timeout_ms = 1000};
	enum tw_code code;
	do {
		code = tw_store_redis_new(&options, &engine->store, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && tw_outage_wait(&outage, err));
	return code;
}

/* SIM_CONFIRM_SKIPPED: the answers are read past, as the next ones stand behind them, and nobody asks what they say. */
static const struct tw_store_calls *confirming;

static enum tw_code confirm_skipped(struct tw_store *store, bool *held, struct tw_error *err)
{
	(void)confirming->confirm(store, held, err);
	*held = true;
	return TW_OK;
}

static void confirm_skip(struct tw_store *store)
{
	static struct tw_store_calls skipping;
	confirming = store->calls == &skipping ? confirming : store->calls;
	skipping = *confirming;
	skipping.confirm = confirm_skipped;
	store->calls = &skipping;
}

static enum tw_code batches_run(struct sim_engine *engine, struct tw_error *err)
{
	struct tw_pipeline_options options = {.stream = engine->stream,
	                                      .store = engine->store,
	                                      .judge = sim_judge(),
	                                      .batch_events = engine->batch_events,
	                                      .batch_wait_ms = 300,
	                                      .store_far = true,
	                                      .portion_bytes = engine->portion_bytes,
	                                      .shared_state = true};
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = sim_world()->window ? tw_duplicates_new(sim_world()->window, &engine->duplicates, err) : TW_OK;
	options.duplicates = engine->duplicates;
	code = code == TW_OK ? tw_pipeline_new(&options, &engine->pipeline, err) : code;
	while (code == TW_OK && !tw_stop_asked()) {
		code = tw_pipeline_batch(engine->pipeline, &polled, err);
	}
	return code == TW_OK ? tw_pipeline_finish(engine->pipeline, err) : code;
}

static void live(void *context)
{
	struct sim_engine *engine = context;
	struct tw_error err = {.code = TW_OK};
	enum tw_code code = store_open(engine, &err);
	if (code == TW_OK) {
		if (sim_world()->control == SIM_CONFIRM_SKIPPED) {
			confirm_skip(engine->store);
		}
		engine->stream = sim_stream_new(engine);
		code = batches_run(engine, &err);
	}
	bool killed = sim_dead();
	tw_pipeline_free(engine->pipeline);
	tw_duplicates_free(engine->duplicates);
	if (engine->stream) {
		tw_stream_free(engine->stream);
	}
	tw_store_free(engine->store);
	bool stopped = tw_stop_asked() && (code == TW_OK || err.disposition == TW_RETRY);
	if (!killed) {
		sim_note("ended", code, err.disposition, 0, 0);
	}
	if (!killed && code != TW_OK && !stopped) {
		tw_log_error(TW_LOG_ERROR, "stopped", &err);
		if (code != TW_E_STALE || strcmp(err.what, FENCED_WORDS) != 0) {
			sim_fail("engine %u stopped: %s (%s): %s: %s", engine->number, tw_code_name(code), err.what, err.where, err.detail);
		}
	}
	ended(engine);
}

struct sim_engine *sim_engine_start(uint32_t instance)
{
	struct sim_world *world = sim_world();
	if (world->engine_count == SIM_ENGINES_MOST) {
		sim_fail("more than %u engines were started", SIM_ENGINES_MOST);
		return NULL;
	}
	struct sim_engine *engine = &world->engines[world->engine_count];
	static const uint32_t sizes[] = {1, 3, 8, 20}, portions[] = {0, 1, 1200}; /* a whole batch, one event, two or three */
	*engine = (struct sim_engine){.number = world->engine_count++, .instance = instance};
	engine->batch_events = sizes[sim_random_below(&world->faults, 4)];
	engine->portion_bytes = portions[sim_random_below(&world->faults, 3)];
	if (world->window && engine->batch_events > world->window / 2) {
		engine->batch_events = world->window / 2; /* settings_data.c: a window holds two batches */
	}
	engine->leaves = sim_random_chance(&world->faults, 500);
	int64_t skew = sim_random_chance(&world->faults, 200) ? sim_random_between(&world->faults, -20 * SIM_S, 20 * SIM_S) : 0;
	engine->process = sim_process_start(engine->number, skew, live, engine);
	world->restarts++;
	sim_note("started", engine->number, instance, engine->batch_events, skew);
	return engine;
}

/* ---- the product's log ---- */

void tw_log_setup(enum tw_log_level least, bool json)
{
	(void)least;
	(void)json;
}

void tw_log_worker(const char *name)
{
	(void)name;
}

void tw_log(enum tw_log_level level, const char *event, const char *format, ...)
{
	if (!sim_verbose() || sim_dead()) {
		return;
	}
	va_list arguments;
	va_start(arguments, format);
	printf("%12.6f  %3d  LOG %d %s ", (double)sim_now() / 1e6, sim_self() ? (int)sim_process_id(sim_self()) : -1, (int)level, event);
	vprintf(format, arguments);
	putchar('\n');
	va_end(arguments);
}

void tw_log_each(enum tw_log_level level, const char *event, const char *format, ...)
{
	(void)format; /* what says more is said by nothing that is simulated */
	tw_log(level, event, "%s", "");
}

void tw_log_error(enum tw_log_level level, const char *event, const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	tw_log(level, event, "code=%s reason=\"%s\"", tw_code_name(err->code), tw_error_text(err, text, sizeof(text)));
}
