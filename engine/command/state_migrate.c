/**
 * @file state_migrate.c
 * `state migrate`: the same state built anew beside the old one, under another key prefix, for another number of shards or another schema; and
 * `state drop`, which removes what is not used any more.
 *
 *     old prefix   engines work on ----------------------------------> stopped
 *     new prefix        migrate: log -> committed offsets   migrate: the rest -> engines start, open the epoch
 *
 * The old state is not read: the log says all. Offsets are fixed when the command begins; the new epoch stays closed until an engine, having joined
 * its group, finds nothing missing.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/run/signals.h"
#include "engine/command/state_command.h"
#include "engine/command/state_log.h"
#include "engine/run/worker.h"

static void offsets_say(const struct tw_stream *log, FILE *out)
{
	uint32_t count;
	const struct tw_log_place *places = tw_stream_log_places(log, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (places[i].committed > 0) {
			fprintf(out, "%.*s/%d up to offset %" PRId64 "\n", (int)places[i].topic.len, places[i].topic.ptr, (int)places[i].partition,
			        places[i].upto);
		}
	}
}

/* Every shard must have every partition up to its offset. */
static enum tw_code missing_check(struct tw_state_log *log, struct tw_error *err)
{
	uint32_t count;
	const struct tw_log_place *places = tw_stream_log_places(log->engine.stream, &count);
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < count && code == TW_OK; i++) {
		struct tw_store_standing standing;
		code = tw_store_watermark(log->engine.store, places[i].topic, places[i].partition, &standing, err);
		if (code == TW_OK && places[i].committed > 0 && standing.least < places[i].upto) {
			code = tw_fail(err, TW_E_STALE, TW_RETRY, "the new state is behind where it should be: run the command again",
			               places[i].topic.ptr, "partition %d stands at %lld of %lld", (int)places[i].partition,
			               (long long)standing.least, (long long)places[i].upto);
		}
	}
	return code;
}

static void next_say(const struct tw_settings *old, const struct tw_settings *new, FILE *out)
{
	fprintf(out,
	        "The state under prefix %s, %" PRId64 " shards, is that of the offsets above. The engines still use prefix %s. Next:\n"
	        "  1. stop the engines\n"
	        "  2. run this command once more: it catches up with what they committed meanwhile\n"
	        "  3. start them with redis.prefix: %s and redis.shards: %" PRId64
	        "; what is missing still they bring themselves, before they judge\n"
	        "  4. when all is well: tidewaiter state drop --prefix %s --yes\n",
	        new->redis_prefix, new->redis_shards, old->redis_prefix, new->redis_prefix, new->redis_shards, old->redis_prefix);
}

static enum tw_code migrate(struct tw_state_log *log, const struct tw_settings *settings, bool quiet, FILE *out, struct tw_error *err)
{
	log->engine.settings = settings;
	enum tw_code code = tw_engine_store(&log->engine, true, false, err);
	code = code == TW_OK ? tw_state_log_open(log, settings, err) : code;
	if (code != TW_OK) {
		return code;
	}
	offsets_say(log->engine.stream, out);
	fflush(out);
	code = tw_state_log_run(log, "migrating", quiet, err);
	return code == TW_OK && !tw_stop_asked() ? missing_check(log, err) : code;
}

int tw_state_migrate(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	struct tw_settings new = *settings;
	struct tw_state_log log = {.ms = 0};
	struct tw_error err;
	int result = TW_EXIT_OK;
	new.redis_prefix = request->to_prefix;
	new.redis_shards = request->to_shards ? request->to_shards : settings->redis_shards;
	enum tw_code code = migrate(&log, &new, request->quiet, out, &err);
	if (code != TW_OK) {
		result = tw_state_complain(&err);
	} else if (tw_stop_asked()) {
		fputs("stopped before the offsets above were reached; the same command goes on\n", stderr);
		result = TW_EXIT_RETRY;
	} else {
		double seconds = (double)(log.ms > 0 ? log.ms : 1) / 1000;
		uint64_t events = tw_state_log_events(&log);
		fprintf(out, "%" PRIu64 " events in %.1f s, %.0f events/s\n", events, seconds, (double)events / seconds);
		next_say(settings, &new, out);
	}
	tw_state_log_close(&log);
	return result;
}

int tw_state_drop(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	struct tw_settings old = *settings;
	struct tw_engine engine = {.settings = &old, .store_unseen = true};
	struct tw_error err;
	uint64_t removed = 0;
	old.redis_prefix = request->prefix;
	enum tw_code code = tw_engine_store(&engine, true, false, &err);
	code = code == TW_OK ? tw_store_remove(engine.store, &removed, &err) : code;
	tw_engine_fini(&engine);
	if (code != TW_OK) {
		return tw_state_complain(&err);
	}
	fprintf(out, "removed %" PRIu64 " keys of prefix %s\n", removed, request->prefix);
	return TW_EXIT_OK;
}
