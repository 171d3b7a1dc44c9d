/**
 * @file worker_screen.c
 * `screen`: files in, NDJSON out, once through.
 */
#include "engine/run/worker.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/run/assemble.h"
#include "engine/run/metrics_file.h"
#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/signals.h"
#include "engine/run/worker_parts.h"
#include "feeds/list_file.h"

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

/* Not one line that could be read: most likely lines of the other form. */
static void form_doubt(const struct tw_counters *counters, const char *topic)
{
	if (!counters->events || counters->dead_letters != counters->events) {
		return;
	}
	if (topic) {
		fprintf(
		    stderr,
		    "all are dead letters: with --topic each line is one bare event of %s; lines {\"topic\": ..., \"value\": ...} go without it\n",
		    topic);
	} else {
		fputs("all are dead letters: without --topic NAME each line is {\"topic\": ..., \"value\": ...}; bare events need it\n", stderr);
	}
}

static int screen_end(struct tw_engine *engine, const struct tw_screen_request *request, enum tw_code code, int64_t begun, const struct tw_error *err)
{
	const struct tw_counters *counters = tw_pipeline_counters(engine->pipeline);
	if (!request->quiet) {
		tw_counters_print(counters, tw_now_ms() - begun, stderr);
		form_doubt(counters, request->topic);
		uint64_t limited = tw_judge_limited(engine->judge);
		if (limited) {
			fprintf(stderr, "%" PRIu64 " text matches were given up at their limit\n", limited);
		}
		tw_worker_say_hidden(engine);
		if (tw_stop_asked() && code == TW_OK) {
			fputs("stopped before the end of the input\n", stderr);
		}
	}
	return code == TW_OK ? TW_EXIT_OK
	                     : tw_worker_complain(err, err->code == TW_E_CONFLICT); /* another input than the earlier run's: as if never begun */
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
		return tw_worker_complain(&err, true);
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
			char quoted[512];
			tw_log_each(TW_LOG_WARN, "list_all_new", "list=%.*s reason=\"%s has no list of this name: every hit of it is new\"",
			            (int)info->lists[i].id.len, info->lists[i].id.ptr, tw_log_quoted(path, quoted, sizeof(quoted)));
		}
	}
	return code;
}

/* Before anything is opened: an output that is an input would lose it, or feed on itself for ever. */
static enum tw_code outputs_apart(const struct tw_settings *settings, const struct tw_screen_request *request, struct tw_error *err)
{
	char checkpoint[PATH_MAX];
	const char *const outputs[] = {settings->output_path, checkpoint, settings->metrics_path}, *const others[] = {settings->output_path};
	enum tw_code code = TW_OK;
	snprintf(checkpoint, sizeof(checkpoint), "%s" TW_CHECKPOINT_SUFFIX, settings->output_path);
	for (size_t i = 0; code == TW_OK && i < sizeof(outputs) / sizeof(outputs[0]); i++) {
		code = tw_file_apart(outputs[i], request->inputs, request->input_count, err);
	}
	return code == TW_OK ? tw_file_apart(settings->metrics_path, others, 1, err) : code;
}

int tw_worker_screen(struct tw_settings *settings, const struct tw_screen_request *request)
{
	struct tw_engine engine = {0};
	struct tw_error err;
	struct tw_file_standing standing = {.resumed = false};
	bool input = false;
	tw_signals_install();
	enum tw_code code = outputs_apart(settings, request, &err);
	code = code == TW_OK ? tw_engine_snapshot(&engine, settings, NULL, &err) : code;
	code = code == TW_OK ? before_open(&engine, request->before, &err) : code;
	code = code == TW_OK ? tw_engine_store(&engine, false, false, &err) : code;
	if (code == TW_OK && (code = files_open(&engine, settings, request, &err)) != TW_OK) {
		input = err.code == TW_E_MISSING || err.code == TW_E_TYPE;
	}
	code = code == TW_OK ? tw_engine_ready(&engine, true, &err) : code;
	if (code != TW_OK) {
		int refused = tw_worker_complain(&err, true);
		tw_engine_fini(&engine);
		return input ? TW_EXIT_NO_INPUT : refused;
	}
	tw_worker_warn_samples(settings);
	tw_stream_file_standing(engine.stream, &standing);
	if (standing.resumed) {
		char quoted[PATH_MAX];
		tw_log(TW_LOG_INFO, "resumed", "output=\"%s\" lines=%" PRIu64 " finished=%s",
		       tw_log_quoted(settings->output_path, quoted, sizeof(quoted)), standing.lines, standing.finished ? "true" : "false");
	}
	int result = standing.finished ? screen_finished(&engine, request) : screen_files(&engine, request);
	tw_engine_fini(&engine);
	return result;
}
