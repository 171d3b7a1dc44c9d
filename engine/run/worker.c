/**
 * @file worker.c
 * See worker.h. Each command: make the parts, loop, say what was done.
 */
#include "engine/run/worker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/meter.h"
#include "engine/run/metrics_file.h"
#include "engine/run/outage.h"
#include "engine/run/reload.h"
#include "engine/run/signals.h"
#include "engine/run/supervisor.h"
#include "engine/run/worker_parts.h"

#define METER_BYTES 160
#define METER_MS    10000 /* between two lines of the log at level debug */

int tw_exit_of(const struct tw_error *err, bool starting)
{
	switch (err->code) {
	case TW_OK:
		return TW_EXIT_OK;
	case TW_E_MEMORY:
		return TW_EXIT_MEMORY;
	case TW_E_IO: /* a file that is refused is no peer that comes back: a service manager would start us again for ever */
		return starting && err->disposition == TW_REJECT ? TW_EXIT_CONFIG : TW_EXIT_IO;
	case TW_E_STALE:
		return TW_EXIT_RETRY;
	case TW_E_CORRUPT:
		return TW_EXIT_SOFTWARE;
	case TW_E_AUTH:
	case TW_E_MISSING:
	case TW_E_UNKNOWN:
		return TW_EXIT_CONFIG;
	case TW_E_LIMIT:
	case TW_E_SYNTAX:
	case TW_E_TYPE:
	case TW_E_RANGE:
	case TW_E_CONFLICT:
		return starting ? TW_EXIT_CONFIG : TW_EXIT_SOFTWARE;
	}
	return TW_EXIT_SOFTWARE;
}

int tw_worker_complain(const struct tw_error *err, bool starting)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	if (isatty(STDERR_FILENO) == 1) { /* whoever sits there reads sentences; a log is read by programs */
		fprintf(stderr, "tidewaiter: %s%s\n", starting ? "" : "stopped: ", tw_error_text(err, text, sizeof(text)));
	} else {
		tw_log_error(TW_LOG_ERROR, starting ? "cannot_start" : "stopped", err);
	}
	return tw_exit_of(err, starting);
}

/* A peer is still away, and the operator asked us to stop waiting: that is an orderly end. */
static bool stopped_waiting(enum tw_code code, const struct tw_error *err)
{
	return code == TW_E_IO && err->disposition == TW_RETRY && tw_stop_asked();
}

static void stages_say(const struct tw_engine *engine)
{
	char text[METER_BYTES];
	tw_log(TW_LOG_DEBUG, "stages", "events=%" PRIu64 " batches=%" PRIu64 " time=\"%s\"", tw_pipeline_counters(engine->pipeline)->events,
	       tw_pipeline_counters(engine->pipeline)->batches, tw_meter_text(tw_pipeline_meter(engine->pipeline), text, sizeof(text)));
}

/* Until a stop, or an error: Kafka has no end. */
static enum tw_code batches_run(struct tw_engine *engine, struct tw_reload *reload, struct tw_metrics *metrics, struct tw_error *err)
{
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	int64_t said_ms = tw_now_ms();
	while (code == TW_OK && !tw_stop_asked()) {
		code = tw_pipeline_batch(engine->pipeline, &polled, err);
		code = code == TW_OK ? tw_reload_step(reload, engine, err) : code;
		tw_metrics_step(metrics, NULL);
		if (tw_now_ms() - said_ms >= METER_MS) {
			said_ms = tw_now_ms();
			stages_say(engine);
		}
	}
	return code == TW_OK ? tw_pipeline_finish(engine->pipeline, err) : code;
}

void tw_worker_warn_samples(const struct tw_settings *settings)
{
	if (settings->sample_lists) {
		tw_log(TW_LOG_WARN, "sample_lists",
		       "reason=\"no lists are configured; the samples that come with the program are NOT CURRENT: set lists\"");
	}
}

/* Several lines, each with its worker's name: siblings end at the same time. */
static void summary_print(const struct tw_pipeline *pipeline, const struct tw_reload *reload, int64_t ms, const char *name)
{
	struct tw_reload_counts reloads = tw_reload_counted(reload);
	char stages[METER_BYTES];
	char *text = NULL;
	size_t size = 0;
	FILE *kept = name ? open_memstream(&text, &size) : NULL;
	tw_counters_print(tw_pipeline_counters(pipeline), ms, kept ? kept : stderr);
	fprintf(kept ? kept : stderr, "time in %s\n", tw_meter_text(tw_pipeline_meter(pipeline), stages, sizeof(stages)));
	if (reloads.taken + reloads.unchanged + reloads.refused) {
		fprintf(kept ? kept : stderr, "loaded anew %" PRIu64 " times, %" PRIu64 " without a change, %" PRIu64 " refused\n", reloads.taken,
		        reloads.unchanged, reloads.refused);
	}
	if (kept) {
		fclose(kept);
	}
	for (const char *line = text; line && *line;) {
		size_t length = strcspn(line, "\n");
		fprintf(stderr, "%s: %.*s\n", name, (int)length, line);
		line += length + (line[length] == '\n');
	}
	free(text);
}

void tw_worker_say_hidden(const struct tw_engine *engine)
{
	uint64_t hidden = engine->judge ? tw_judge_known_good(engine->judge) : 0;
	if (hidden) {
		fprintf(stderr, "hidden by decisions of the known good: %" PRIu64 " list hit%s\n", hidden, hidden == 1 ? "" : "s");
	}
}

static void metrics_meanwhile(void *given)
{
	tw_metrics_step(given, NULL);
}

/* From a snapshot to an exit code. @param name NULL: no supervisor */
static int engine_serve(struct tw_engine *engine, const struct tw_settings *settings, struct tw_reload *reload, const char *name)
{
	struct tw_error err;
	struct tw_metrics metrics;
	tw_metrics_begin(&metrics, engine, reload, settings->kafka_instance, name != NULL);
	engine->meanwhile = metrics_meanwhile;
	engine->context = &metrics;
	tw_metrics_write(&metrics, NULL); /* what the lists are is known, and the peers may be long in coming */
	enum tw_code code = tw_engine_store(engine, settings->state_store == TW_STATE_REDIS, true, &err);
	code = code == TW_OK ? tw_engine_kafka(engine, true, &err) : code;
	code = code == TW_OK ? tw_engine_ready(engine, false, &err) : code;
	if (code != TW_OK) {
		return stopped_waiting(code, &err) ? TW_EXIT_OK : tw_worker_complain(&err, true);
	}
	tw_log(TW_LOG_INFO, "started", "version=%s group=%s instance=%s store=%s", TW_VERSION, settings->kafka_group, settings->kafka_instance,
	       settings->state_store == TW_STATE_REDIS ? "redis" : "memory");
	int64_t begun = tw_now_ms();
	code = batches_run(engine, reload, &metrics, &err);
	tw_metrics_write(&metrics, NULL);
	int result = code == TW_OK ? TW_EXIT_OK : tw_worker_complain(&err, false);
	summary_print(engine->pipeline, reload, tw_now_ms() - begun, name);
	tw_worker_say_hidden(engine);
	return result;
}

/* What the workers of a supervisor have in common; each has its own copy from its fork on. */
struct crew_context {
	struct tw_engine engine; /* the snapshot alone, until a worker adds its own parts */
	struct tw_settings *settings;
	struct tw_reload *reload;  /* the supervisor's; a worker makes its own */
	struct tw_metrics metrics; /* likewise */
	const char *names[TW_WORKERS_MAX];
};

static int crew_work(void *given, uint32_t worker)
{
	struct crew_context *context = given;
	struct tw_reload *reload = NULL;
	struct tw_error err;
	context->settings->kafka_instance = context->names[worker];
	context->engine.keep = false; /* the supervisor has done so */
	int result = tw_reload_new(context->settings, 0, &reload, &err) == TW_OK
	                 ? engine_serve(&context->engine, context->settings, reload, context->names[worker])
	                 : tw_worker_complain(&err, true);
	tw_reload_free(reload);
	tw_engine_fini(&context->engine);
	tw_log(TW_LOG_INFO, "ended", "exit=%d", result);
	return result;
}

/* In the supervisor: first here, then in each worker. */
static bool crew_reload(void *given, bool asked)
{
	struct crew_context *context = given;
	return (asked || tw_reload_look_due(context->reload)) && tw_reload_now(context->reload, &context->engine, asked);
}

static void crew_tell(void *given, uint32_t running, uint64_t restarts)
{
	struct crew_context *context = given;
	tw_metrics_write(&context->metrics, &(struct tw_crew_standing){running, restarts});
}

/* One alone keeps the name that is configured. */
static enum tw_code crew_name(struct crew_context *context, struct tw_error *err)
{
	struct tw_settings *settings = context->settings;
	if (settings->workers_count > 1 && settings->state_store != TW_STATE_REDIS) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "several workers need one history: each would see a part of the events only",
		               "state.store", "it is memory, workers.count is %lld; set state.store to redis", (long long)settings->workers_count);
	}
	for (uint32_t i = 0; i < settings->workers_count; i++) {
		context->names[i] = settings->workers_count == 1 ? settings->kafka_instance
		                                                 : tw_arena_format(&settings->arena, "%s-%u", settings->kafka_instance, i + 1).ptr;
		if (!context->names[i]) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", NULL, NULL);
		}
	}
	return TW_OK;
}

static int crew_run(struct crew_context *context)
{
	const struct tw_settings *settings = context->settings;
	tw_metrics_begin(&context->metrics, &context->engine, context->reload, "supervisor", false);
	struct tw_supervisor_options options = {.names = context->names,
	                                        .count = (uint32_t)settings->workers_count,
	                                        .grace_ms = settings->workers_grace_ms,
	                                        .work = crew_work,
	                                        .reload = crew_reload,
	                                        .look_ms = tw_reload_look_ms(context->reload),
	                                        .tell = context->metrics.path[0] ? crew_tell : NULL,
	                                        .tell_ms = settings->metrics_interval_s * 1000,
	                                        .context = context};
	return tw_supervisor_run(&options);
}

int tw_worker_run(struct tw_settings *settings)
{
	struct crew_context context = {.settings = settings, .engine = {.keep = true}};
	struct tw_error err;
	tw_signals_install();
	tw_signals_reload();
	enum tw_code code = crew_name(&context, &err);
	code = code == TW_OK ? tw_reload_new(settings, settings->reload_poll_ms, &context.reload, &err) : code;
	code = code == TW_OK ? tw_engine_snapshot(&context.engine, settings, NULL, &err) : code;
	if (code != TW_OK) {
		tw_reload_free(context.reload);
		tw_engine_fini(&context.engine);
		return tw_worker_complain(&err, true);
	}
	tw_worker_warn_samples(settings);
	tw_reload_started(context.reload, context.engine.snapshot);
	int result = settings->workers_count ? crew_run(&context) : engine_serve(&context.engine, settings, context.reload, NULL);
	tw_reload_free(context.reload);
	tw_engine_fini(&context.engine);
	if (!settings->workers_count) {
		tw_log(TW_LOG_INFO, "ended", "exit=%d", result);
	}
	return result;
}
