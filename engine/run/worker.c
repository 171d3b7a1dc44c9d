/**
 * @file worker.c
 * See worker.h. Each command: make the parts, loop, say what was done.
 */
#include "engine/run/worker.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/base/time.h"
#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/check_decisions.h"
#include "engine/run/check_lists.h"
#include "engine/run/meter.h"
#include "engine/run/metrics_file.h"
#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/reload.h"
#include "engine/run/reload_report.h"
#include "engine/run/rule_test.h"
#include "engine/run/signals.h"
#include "engine/run/supervisor.h"
#include "feeds/list_file.h"

#define METER_BYTES 160
#define METER_MS    10000 /* between two lines of the log at level debug */

int tw_exit_of(const struct tw_error *err, bool starting)
{
	switch (err->code) {
	case TW_OK:
		return TW_EXIT_OK;
	case TW_E_MEMORY:
		return TW_EXIT_MEMORY;
	case TW_E_IO:
		return TW_EXIT_IO;
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

static int complain(const struct tw_error *err, bool starting)
{
	tw_log_error(TW_LOG_ERROR, starting ? "cannot_start" : "stopped", err);
	return tw_exit_of(err, starting);
}

/* The tests that stand inside the rules. @return 0, or an exit code */
static int rule_tests_check(const struct tw_snapshot *snapshot, FILE *out)
{
	struct tw_rule_test_result tests;
	struct tw_error err;
	if (tw_rule_tests_run(snapshot, stderr, &tests, &err) != TW_OK) {
		return complain(&err, true);
	}
	fprintf(out, "rule tests %u passed, %u failed, in %u rules\n", tests.passed, tests.failed, tests.rules);
	if (tests.rules_untested) {
		fprintf(out, "           %u active rules lack a test that fires or one that does not\n", tests.rules_untested);
	}
	return tests.failed ? TW_EXIT_CONFIG : TW_EXIT_OK;
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

/* A centre that forgot to configure its lists must hear of it every time. */
static void samples_warn(const struct tw_settings *settings)
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

/* What nobody sees in the alerts must be seen here. */
static void hidden_print(const struct tw_engine *engine)
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
		return stopped_waiting(code, &err) ? TW_EXIT_OK : complain(&err, true);
	}
	tw_log(TW_LOG_INFO, "started", "version=%s group=%s instance=%s store=%s", TW_VERSION, settings->kafka_group, settings->kafka_instance,
	       settings->state_store == TW_STATE_REDIS ? "redis" : "memory");
	int64_t begun = tw_now_ms();
	code = batches_run(engine, reload, &metrics, &err);
	tw_metrics_write(&metrics, NULL);
	int result = code == TW_OK ? TW_EXIT_OK : complain(&err, false);
	summary_print(engine->pipeline, reload, tw_now_ms() - begun, name);
	hidden_print(engine);
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
	                 : complain(&err, true);
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
		return complain(&err, true);
	}
	samples_warn(settings);
	tw_reload_started(context.reload, context.engine.snapshot);
	int result = settings->workers_count ? crew_run(&context) : engine_serve(&context.engine, settings, context.reload, NULL);
	tw_reload_free(context.reload);
	tw_engine_fini(&context.engine);
	if (!settings->workers_count) {
		tw_log(TW_LOG_INFO, "ended", "exit=%d", result);
	}
	return result;
}

/* Two bars, one after the other: what an earlier run finished, then new ground. @return true while the first one grows */
static bool files_draw(const struct tw_engine *engine, struct tw_progress *progress)
{
	uint64_t done, total;
	struct tw_file_standing standing;
	const struct tw_counters *counters = tw_pipeline_counters(engine->pipeline);
	tw_stream_progress(engine->stream, &done, &total);
	tw_stream_file_standing(engine->stream, &standing);
	if (standing.lines_due) {
		progress->label = "replaying";
		tw_progress_draw(progress, done, standing.bytes, counters->replayed, tw_now_ms());
		return true;
	}
	progress->label = NULL;
	tw_progress_draw(progress, done - standing.bytes, total ? total - standing.bytes : 0, counters->events, tw_now_ms());
	return false;
}

/* The clock decides how often a checkpoint is written, never what the output says. @param fresh_ms when new ground began: rates are of that */
static enum tw_code files_run(struct tw_engine *engine, struct tw_progress *progress, int64_t *fresh_ms, struct tw_error *err)
{
	enum tw_poll polled = TW_POLL_IDLE;
	int64_t kept_ms = tw_now_ms();
	while (!tw_stop_asked() && polled != TW_POLL_END) {
		enum tw_code code = tw_pipeline_batch(engine->pipeline, &polled, err);
		if (code == TW_OK && polled == TW_POLL_BATCH && tw_now_ms() - kept_ms >= engine->settings->output_checkpoint_ms) {
			code = tw_stream_file_checkpoint(engine->stream, false, err);
			kept_ms = tw_now_ms();
		}
		if (code != TW_OK) {
			return code;
		}
		if (files_draw(engine, progress)) {
			*fresh_ms = tw_now_ms();
		} else {
			progress->begun_ms = *fresh_ms;
		}
	}
	return tw_stream_file_checkpoint(engine->stream, polled == TW_POLL_END, err);
}

/* An earlier run came to the end: nothing to do but to make sure that it read what is there now. */
static enum tw_code files_compare(struct tw_engine *engine, struct tw_error *err)
{
	struct tw_file_standing standing;
	struct tw_message *messages;
	uint32_t count;
	enum tw_poll polled;
	enum tw_code code = TW_OK;
	tw_stream_file_standing(engine->stream, &standing);
	while (code == TW_OK && standing.lines_due && !tw_stop_asked()) {
		code = tw_stream_poll(engine->stream, (uint32_t)engine->settings->batch_events, 0, &messages, &count, &polled, err);
		code = code == TW_OK ? tw_stream_commit(engine->stream, err) : code;
		tw_stream_file_standing(engine->stream, &standing);
	}
	return code;
}

static int screen_end(struct tw_engine *engine, const struct tw_screen_request *request, enum tw_code code, int64_t begun, const struct tw_error *err)
{
	const struct tw_counters *counters = tw_pipeline_counters(engine->pipeline);
	if (!request->quiet) {
		tw_counters_print(counters, tw_now_ms() - begun, stderr);
		uint64_t limited = tw_judge_limited(engine->judge);
		if (limited) {
			fprintf(stderr, "%" PRIu64 " text matches were given up at their limit\n", limited);
		}
		hidden_print(engine);
		if (tw_stop_asked() && code == TW_OK) {
			fputs("stopped before the end of the input\n", stderr);
		}
	}
	return code == TW_OK ? TW_EXIT_OK : complain(err, err->code == TW_E_CONFLICT); /* another input than the earlier run's: as if never begun */
}

/* From a snapshot to a stream that has begun. */
static enum tw_code files_open(struct tw_engine *engine, struct tw_settings *settings, const struct tw_screen_request *request, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	enum tw_code code = tw_settings_digest(settings, request->topic, request->before, digest, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_file_identity identity = {.program = TW_VERSION, .snapshot = tw_snapshot_info(engine->snapshot)->digest.ptr, .settings = digest};
	struct tw_file_options files = {.inputs = request->inputs,
	                                .input_count = request->input_count,
	                                .topic = request->topic,
	                                .output = settings->output_path,
	                                .append = settings->output_append != 0,
	                                .sync = settings->output_sync != 0,
	                                .identity = &identity,
	                                .resume = request->resume,
	                                .topics = settings->topics};
	return tw_engine_files(engine, &files, err);
}

static void metrics_end(const struct tw_engine *engine)
{
	struct tw_metrics metrics;
	tw_metrics_begin(&metrics, engine, NULL, "screen", false);
	tw_metrics_write(&metrics, NULL);
}

static int screen_files(struct tw_engine *engine, const struct tw_screen_request *request)
{
	struct tw_error err;
	struct tw_progress progress;
	int64_t begun = tw_now_ms();
	tw_progress_begin(&progress, stderr, begun);
	progress.shown = progress.shown && !request->quiet;
	enum tw_code code = files_run(engine, &progress, &begun, &err);
	tw_progress_end(&progress);
	metrics_end(engine);
	return screen_end(engine, request, code, begun, &err);
}

static int screen_finished(struct tw_engine *engine, const struct tw_screen_request *request)
{
	struct tw_error err;
	if (files_compare(engine, &err) != TW_OK) {
		return complain(&err, true);
	}
	if (!request->quiet) {
		fputs("the earlier run came to the end of the input: nothing to do\n", stderr);
	}
	return TW_EXIT_OK;
}

/* Lists that the edition before does not know are all new, which may be a slip. */
static enum tw_code before_open(struct tw_engine *engine, const char *path, struct tw_error *err)
{
	if (!path) {
		return TW_OK;
	}
	enum tw_code code = tw_list_file_open(path, tw_reference_digest(tw_snapshot_reference(engine->snapshot)), &engine->before, err);
	const struct tw_snapshot_info *info = tw_snapshot_info(engine->snapshot);
	for (uint32_t i = 0; code == TW_OK && i < info->list_count; i++) {
		if (!tw_list_index_has(engine->before, info->lists[i].id)) {
			tw_log_each(TW_LOG_WARN, "list_all_new", "list=%.*s reason=\"%s has no list of this name: every hit of it is new\"",
			            (int)info->lists[i].id.len, info->lists[i].id.ptr, path);
		}
	}
	return code;
}

int tw_worker_screen(struct tw_settings *settings, const struct tw_screen_request *request)
{
	struct tw_engine engine = {0};
	struct tw_error err;
	struct tw_file_standing standing = {.resumed = false};
	bool input = false;
	tw_signals_install();
	enum tw_code code = tw_engine_snapshot(&engine, settings, NULL, &err);
	code = code == TW_OK ? before_open(&engine, request->before, &err) : code;
	code = code == TW_OK ? tw_engine_store(&engine, false, false, &err) : code;
	if (code == TW_OK && (code = files_open(&engine, settings, request, &err)) != TW_OK) {
		input = err.code == TW_E_MISSING || err.code == TW_E_TYPE;
	}
	code = code == TW_OK ? tw_engine_ready(&engine, true, &err) : code;
	if (code != TW_OK) {
		int refused = complain(&err, true);
		tw_engine_fini(&engine);
		return input ? TW_EXIT_NO_INPUT : refused;
	}
	samples_warn(settings);
	tw_stream_file_standing(engine.stream, &standing);
	if (standing.resumed) {
		tw_log(TW_LOG_INFO, "resumed", "output=%s lines=%" PRIu64 " finished=%s", settings->output_path, standing.lines,
		       standing.finished ? "true" : "false");
	}
	int result = standing.finished ? screen_finished(&engine, request) : screen_files(&engine, request);
	tw_engine_fini(&engine);
	return result;
}

static void snapshot_say(const struct tw_snapshot *snapshot, const struct tw_settings *settings, FILE *out)
{
	uint32_t embargoes;
	const int32_t today = (int32_t)(time(NULL) / 86400);
	tw_embargoes_rows(tw_snapshot_embargoes(snapshot), &embargoes);
	const struct tw_rules *rules = tw_snapshot_rules(snapshot);
	const uint32_t shadow = tw_rules_count_of(rules, TW_RULE_SHADOW);
	fprintf(out, shadow ? "rules      %u, %u of them in the shadow\n" : "rules      %u\n", tw_rules_count(rules), shadow);
	if (settings->rule_signatures) {
		fprintf(out, "signed     each of %u rule paths by %" PRId64 " of %u signers or more\n", settings->rule_paths.count,
		        settings->rule_signatures, settings->rule_signers.count);
	}
	if (tw_snapshot_known_good(snapshot)) {
		tw_check_known_good_say(tw_snapshot_known_good(snapshot), today, out);
	}
	if (tw_snapshot_suppressions(snapshot)) {
		tw_check_suppressions_say(snapshot, today, out);
	}
	if (tw_snapshot_specimens(snapshot)) {
		tw_check_specimens_say(tw_snapshot_specimens(snapshot), today, out);
	}
	if (tw_snapshot_quantities(snapshot)) {
		tw_check_quantities_say(tw_snapshot_quantities(snapshot), today, out);
	}
	if (tw_snapshot_serial_forms(snapshot)) {
		uint32_t makers = 0, rows = tw_serial_forms_count(tw_snapshot_serial_forms(snapshot), &makers);
		fprintf(out, "forms      %u forms of serials of %u makers\n", rows, makers);
	}
	if (tw_snapshot_markings(snapshot)) {
		tw_check_markings_say(tw_snapshot_markings(snapshot), out);
	}
	fprintf(out, "embargoes  %u\n", embargoes);
	tw_check_lists_say(snapshot, settings, today, out);
	fprintf(out, "snapshot   %.*s\n", (int)tw_snapshot_info(snapshot)->digest.len, tw_snapshot_info(snapshot)->digest.ptr);
}

static int connect_check(struct tw_engine *engine, const struct tw_settings *settings, FILE *out)
{
	struct tw_error err;
	int result = TW_EXIT_OK;
	enum tw_code code = tw_engine_kafka(engine, false, &err);
	if (code != TW_OK) {
		result = complain(&err, true);
	} else {
		fprintf(out, "kafka      %s answers, every topic is there\n", settings->kafka_brokers);
	}
	if (settings->state_store != TW_STATE_REDIS) {
		fputs("redis      not asked: state.store is memory\n", out);
		return result;
	}
	code = tw_engine_store(engine, true, false, &err);
	if (code != TW_OK) {
		int second = complain(&err, true);
		return result ? result : second;
	}
	fprintf(out, "redis      %s answers\n", settings->redis_address);
	return result;
}

/* @return was the last load of the engine that runs with these settings refused? */
static bool last_load_say(const struct tw_settings *settings, FILE *out)
{
	char path[TW_RELOAD_PATH_BYTES], text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	struct tw_reload_report report;
	struct tw_arena arena;
	struct tw_error err;
	tw_arena_init(&arena, 4096, 0);
	enum tw_code code = tw_reload_report_path(settings, path) ? tw_reload_report_read(path, &arena, &report, &err) : TW_E_MISSING;
	if (code == TW_OK) {
		tw_reload_report_say(&report, out);
	} else if (code != TW_E_MISSING) {
		fprintf(out, "last load  unknown: %s\n", tw_error_text(&err, text, sizeof(text)));
	}
	bool refused = code == TW_OK && tw_reload_report_refused(&report);
	tw_arena_fini(&arena);
	return refused;
}

/* What would run, but is not what its files say. */
static int check_end(uint32_t stale, bool refused, FILE *out)
{
	if (stale) {
		fprintf(out, "%u of the lists are last good copies: see list_stale above\n", stale);
	}
	if (refused) {
		fputs("the engine's last load was refused: it judges by what it had before\n", out);
	}
	if (!stale && !refused) {
		fputs("all good\n", out);
	}
	return stale || refused ? TW_EXIT_DATA : TW_EXIT_OK;
}

int tw_worker_check(struct tw_settings *settings, bool connect, FILE *out)
{
	struct tw_engine engine = {0};
	struct tw_error err;
	enum tw_code code = tw_engine_snapshot(&engine, settings, stderr, &err);
	if (code != TW_OK) {
		tw_engine_fini(&engine);
		(void)last_load_say(settings, out);
		return complain(&err, true);
	}
	samples_warn(settings);
	fprintf(out, "settings   %s\n", settings->file ? settings->file : "built in");
	snapshot_say(engine.snapshot, settings, out);
	bool refused = last_load_say(settings, out);
	uint32_t stale = tw_check_lists_stale(engine.snapshot);
	int result = rule_tests_check(engine.snapshot, out);
	int connected = connect ? connect_check(&engine, settings, out) : TW_EXIT_OK;
	result = result ? result : connected;
	tw_engine_fini(&engine);
	return result == TW_EXIT_OK ? check_end(stale, refused, out) : result;
}
