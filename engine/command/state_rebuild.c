/**
 * @file state_rebuild.c
 * `state rebuild`: what the store lacks of the group's committed events, appended from the log by a member of the group that judges nothing.
 *
 * It is a worker whose gate never opens: the same pipeline, recovery and epochs, under an instance name of its own. With --from-nothing the stored
 * keys go first, which is safe as long as the log has everything; while they go, every epoch says so and no engine works.
 */
#include <inttypes.h>

#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"
#include "engine/run/outage.h"
#include "engine/run/progress.h"
#include "engine/run/recovery.h"
#include "engine/run/signals.h"
#include "engine/command/state_command.h"
#include "engine/run/worker.h"

/* ---- from nothing ---- */

static enum tw_code history_check(const struct tw_stream *log, struct tw_error *err)
{
	uint32_t count;
	char where[TW_ERROR_WHERE_BYTES];
	const struct tw_log_place *places = tw_stream_log_places(log, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (places[i].log_start > 0 && places[i].committed > 0) {
			snprintf(where, sizeof(where), "%.*s/%d", (int)places[i].topic.len, places[i].topic.ptr, (int)places[i].partition);
			return tw_fail(err, TW_E_STALE, TW_STOP, "history would be lost: the log lacks its begin, only the stored state has it",
			               where, "the log begins at %lld, committed is %lld; nothing was removed", (long long)places[i].log_start,
			               (long long)places[i].committed);
		}
	}
	return TW_OK;
}

static enum tw_code members_check(struct tw_stream *log, const struct tw_settings *settings, struct tw_error *err)
{
	uint32_t members = 0;
	enum tw_code code = tw_stream_log_members(log, &members, err);
	if (code == TW_OK && members) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "engines run in this group: stop them first", settings->kafka_group,
		               "%u members (one that was stopped stays one for session.timeout.ms); nothing was removed", members);
	}
	return code;
}

static enum tw_code store_remove(const struct tw_settings *settings, bool quiet, struct tw_error *err)
{
	struct tw_engine engine = {.settings = settings, .store_unseen = true};
	uint64_t removed = 0;
	enum tw_code code = tw_engine_store(&engine, true, false, err);
	code = code == TW_OK ? tw_store_remove(engine.store, &removed, err) : code;
	if (code == TW_OK && !quiet) {
		fprintf(stderr, "removed %" PRIu64 " keys of prefix %s\n", removed, settings->redis_prefix);
	}
	tw_engine_fini(&engine);
	return code;
}

static enum tw_code empty(const struct tw_settings *settings, bool quiet, struct tw_error *err)
{
	struct tw_log_options options = {.kafka = {.brokers = settings->kafka_brokers,
	                                           .group = settings->kafka_group,
	                                           .topics = settings->topics,
	                                           .properties = settings->kafka_properties.data,
	                                           .property_count = settings->kafka_properties.count}};
	struct tw_stream *log = NULL;
	enum tw_code code = tw_stream_log_new(&options, &log, err);
	code = code == TW_OK ? history_check(log, err) : code;
	code = code == TW_OK ? members_check(log, settings, err) : code;
	code = code == TW_OK ? store_remove(settings, quiet, err) : code;
	tw_stream_free(log);
	return code;
}

/* ---- the rebuild ---- */

static enum tw_code rebuild_run(struct tw_engine *engine, bool quiet, uint64_t *events, int64_t *ms, struct tw_error *err)
{
	struct tw_progress progress;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	const struct tw_recovery *recovery = tw_pipeline_recovery(engine->pipeline);
	int64_t first = 0, begun = 0; /* rates are of appending: joining a group may take a while */
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.shown = progress.shown && !quiet;
	progress.label = "rebuilding";
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		int64_t before = tw_now_ms();
		code = tw_pipeline_batch(engine->pipeline, &polled, err);
		first = recovery->missing > first ? recovery->missing : first;
		if (recovery->events) {
			begun = begun ? begun : before;
			progress.begun_ms = begun;
			tw_progress_draw(&progress, recovery->events, (uint64_t)first, recovery->events, tw_now_ms());
		}
	}
	*events = recovery->events;
	*ms = begun ? tw_now_ms() - begun : 0;
	tw_progress_end(&progress);
	return code;
}

static int rebuild_end(enum tw_code code, uint64_t events, int64_t ms, const struct tw_error *err, FILE *out)
{
	double seconds = (double)(ms > 0 ? ms : 1) / 1000;
	if (code != TW_OK) {
		return tw_state_complain(err);
	}
	if (tw_stop_asked()) {
		fputs("stopped before everything was brought back; the same command goes on\n", stderr);
		return TW_EXIT_RETRY;
	}
	if (events) {
		fprintf(out, "rebuilt: %" PRIu64 " events in %.1f s, %.0f events/s; nothing is missing, the epoch is open\n", events, seconds,
		        (double)events / seconds);
	} else {
		fputs("nothing was missing, the epoch is open\n", out);
	}
	return TW_EXIT_OK;
}

int tw_state_rebuild(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	struct tw_settings own = *settings;
	char instance[256];
	struct tw_engine engine = {.settings = &own, .rebuild_only = true, .policy = tw_settings_policy(settings)};
	struct tw_error err = {.code = TW_OK};
	uint64_t events = 0;
	int64_t ms = 0;
	snprintf(instance, sizeof(instance), "%.200s-rebuild", settings->kafka_instance);
	own.kafka_instance = instance;
	enum tw_code code = request->from_nothing ? empty(&own, request->quiet, &err) : TW_OK;
	code = code == TW_OK ? tw_engine_store(&engine, true, false, &err) : code;
	code = code == TW_OK ? tw_engine_kafka(&engine, false, &err) : code;
	code = code == TW_OK ? tw_engine_ready(&engine, false, &err) : code;
	code = code == TW_OK ? rebuild_run(&engine, request->quiet, &events, &ms, &err) : code;
	tw_engine_fini(&engine);
	return rebuild_end(code, events, ms, &err, out);
}
