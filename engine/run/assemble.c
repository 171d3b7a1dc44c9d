/**
 * @file assemble.c
 * See assemble.h. Also the one question that log and state must agree on when a partition is taken: where does the state stand?
 */
#include "engine/run/assemble.h"

#include <stdlib.h>

#include "engine/base/log.h"
#include "engine/run/outage.h"
#include "engine/run/trust.h"

enum tw_code tw_engine_snapshot_make(const struct tw_settings *settings, const struct tw_snapshot *former, bool keep, FILE *problems,
                                     struct tw_snapshot **out, struct tw_error *err)
{
	struct tw_snapshot_sources sources = {.rule_paths = settings->rule_paths.data,
	                                      .rule_path_count = settings->rule_paths.count,
	                                      .lists = settings->lists.data,
	                                      .list_count = settings->lists.count,
	                                      .compiled = settings->compiled_path,
	                                      .embargoes = settings->embargoes_path,
	                                      .reference = settings->reference_path,
	                                      .last_good = settings->last_good_path,
	                                      .known_good = settings->known_good_path,
	                                      .suppressions = settings->suppressions_path,
	                                      .markings = settings->markings_path,
	                                      .specimens = settings->specimens_path,
	                                      .quantities = settings->quantities_path,
	                                      .serial_forms = settings->serial_forms_path,
	                                      .marking_options = tw_settings_markings(settings),
	                                      .marking_shrink_ppm_max = (uint32_t)settings->markings_shrink_ppm_max,
	                                      .keep = keep,
	                                      .former = former};
	if (sources.rule_path_count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no rules: none stated, none found beside the program", "rules.paths", NULL);
	}
	if (!sources.embargoes || !sources.embargoes[0]) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no embargoes: none stated, none found beside the program", "embargoes.path", NULL);
	}
	if (!sources.reference || !sources.reference[0]) {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "no code lists: none stated, none found beside the program", "reference.path", NULL);
	}
	struct tw_arena keys;
	struct tw_rule_trust trust;
	tw_arena_init(&keys, 4096, 0);
	enum tw_code code = tw_trust_read(settings, &keys, &trust, err);
	sources.trust = &trust;
	code = code == TW_OK ? tw_snapshot_build(&sources, problems, out, err) : code;
	tw_arena_fini(&keys);
	return code;
}

static void list_warn(const struct tw_slice *id, const char *event, const struct tw_error *why, const char *meaning)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128], reason[2 * sizeof(text)];
	tw_error_text(why, text, sizeof(text));
	tw_log_each(TW_LOG_WARN, event, "list=%.*s %s reason=\"%s\"", (int)id->len, id->ptr, meaning, tw_log_quoted(text, reason, sizeof(reason)));
}

static void markings_warn(const struct tw_marking_list *markings)
{
	static const struct tw_slice id = {"markings", 8};
	const struct tw_marking_list_report *report = markings ? tw_marking_list_report(markings) : NULL;
	if (report && report->stale.code != TW_OK) {
		list_warn(&id, "list_stale", &report->stale, "used=\"its last good copy\"");
	}
	if (report && report->unkept.code != TW_OK) {
		list_warn(&id, "list_unkept", &report->unkept, "used=\"the list itself\"");
	}
}

void tw_engine_snapshot_warn(const struct tw_snapshot *snapshot)
{
	markings_warn(tw_snapshot_markings(snapshot));
	uint32_t count;
	const struct tw_snapshot_info *info = tw_snapshot_info(snapshot);
	const struct tw_list_report *reports = tw_snapshot_reports(snapshot, &count);
	for (uint32_t i = 0; i < count; i++) {
		if (reports[i].stale.code != TW_OK) {
			list_warn(&reports[i].id, "list_stale", &reports[i].stale, "used=\"its last good copy\"");
		}
		if (reports[i].unkept.code != TW_OK) {
			list_warn(&reports[i].id, "list_unkept", &reports[i].unkept, "used=\"the list itself\"");
		}
		if (info->lists[i].age_days_max && info->lists[i].day == INT32_MIN) {
			tw_log_each(TW_LOG_WARN, "list_undated", "list=%.*s reason=\"it states no date, so its age_days_max cannot be answered\"",
			            (int)reports[i].id.len, reports[i].id.ptr);
		}
	}
}

/* Problems as they come where they are asked for; else all of them, but only when there is no snapshot: then warnings are not noise. */
static enum tw_code snapshot_build(struct tw_engine *engine, FILE *problems, struct tw_error *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *kept = problems ? NULL : open_memstream(&text, &size);
	enum tw_code code = tw_engine_snapshot_make(engine->settings, NULL, engine->keep, problems ? problems : kept, &engine->snapshot, err);
	if (kept) {
		fclose(kept);
		if (code != TW_OK && size) {
			fwrite(text, 1, size, stderr);
		}
		free(text);
	}
	return code;
}

enum tw_code tw_engine_snapshot(struct tw_engine *engine, const struct tw_settings *settings, FILE *problems, struct tw_error *err)
{
	engine->settings = settings;
	engine->policy = tw_settings_policy(settings);
	enum tw_code code = tw_policy_check(&engine->policy, err);
	if (code == TW_OK && settings->lists.count == 0 && !(settings->compiled_path && settings->compiled_path[0])) {
		tw_log(TW_LOG_WARN, "no_lists", "reason=\"no sanctions list is configured: names are screened against nothing\"");
	}
	code = code == TW_OK ? snapshot_build(engine, problems, err) : code;
	if (code == TW_OK) {
		tw_engine_snapshot_warn(engine->snapshot);
	}
	return code;
}

enum tw_code tw_engine_store(struct tw_engine *engine, bool redis, bool patient, struct tw_error *err)
{
	const struct tw_settings *settings = engine->settings;
	struct tw_outage outage = {
	    .away_event = "store_away", .back_event = "store_back", .meanwhile = engine->meanwhile, .context = engine->context};
	struct tw_redis_options options = {.address = settings->redis_address,
	                                   .username = settings->redis_username,
	                                   .password = settings->redis_password,
	                                   .prefix = settings->redis_prefix,
	                                   .shards = (uint32_t)settings->redis_shards,
	                                   .timeout_ms = (uint32_t)settings->redis_timeout_ms,
	                                   .cluster = settings->redis_cluster != 0};
	enum tw_code code;
	options.unseen = engine->store_unseen;
	engine->store_far = redis;
	if (!redis) {
		return tw_store_memory_new(&engine->store, err);
	}
	do {
		code = tw_store_redis_new(&options, &engine->store, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && patient && tw_outage_wait(&outage, err));
	if (code == TW_OK) {
		tw_outage_over(&outage);
	}
	return code;
}

/* Memory has nothing to disagree with: it is empty at every start, and says so. */
static enum tw_code memory_placed(struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start)
{
	if (committed > log_start) {
		tw_log(TW_LOG_WARN, "history_forgotten", "topic=%.*s partition=%d from=%lld reason=\"state.store is memory\"", (int)topic.len,
		       topic.ptr, partition, (long long)committed);
	}
	return TW_OK;
}

enum tw_code tw_engine_start(const struct tw_store_standing *state, const char *where, int64_t committed, int64_t log_start, int64_t log_end,
                             int64_t *start, struct tw_error *err)
{
	if (state->most > log_end) {
		return tw_fail(
		    err, TW_E_STALE, TW_STOP, "the state is ahead of the log: the topic was made anew, or this Redis belongs to another", where,
		    "watermark %lld, the log ends at %lld; restore the topic, or give a new redis.prefix and a new kafka.group to begin anew",
		    (long long)state->most, (long long)log_end);
	}
	if (state->committed > 0 && committed < state->committed) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the group's committed offset went back behind what the state was made with", where,
		               "committed %lld, the state knows of %lld; set the group's offset to that, or give a new redis.prefix and a new "
		               "kafka.group to begin anew",
		               (long long)committed, (long long)state->committed);
	}
	*start = committed >= 0 ? committed : log_start;
	int64_t has = state->least < 0 ? 0 : state->least;
	if (committed < 0 || has >= committed) {
		return TW_OK;
	}
	if (has < log_start) {
		return tw_fail(err, TW_E_STALE, TW_STOP, "the state lost events that the log has no more: it cannot be rebuilt", where,
		               "watermark %lld, committed %lld, the log begins at %lld; restore the log or a backup of Redis, or give a new "
		               "redis.prefix and a new kafka.group to begin anew without that history",
		               (long long)state->least, (long long)committed, (long long)log_start);
	}
	*start = has;
	return TW_OK;
}

static bool same_standing(const struct tw_store_standing *a, const struct tw_store_standing *b)
{
	return a->least == b->least && a->most == b->most && a->committed == b->committed;
}

enum tw_code tw_engine_place(struct tw_store *store, struct tw_doubt *doubt, struct tw_slice topic, int32_t partition, int64_t committed,
                             int64_t log_start, int64_t log_end, int64_t *start, struct tw_error *err)
{
	struct tw_store_standing state;
	char where[TW_ERROR_WHERE_BYTES];
	bool doubted = doubt->standing && doubt->partition == partition && tw_slice_equal(doubt->topic, topic);
	enum tw_code code = tw_store_watermark(store, topic, partition, &state, err);
	if (code != TW_OK) {
		return code;
	}
	snprintf(where, sizeof(where), "%.*s/%d", (int)topic.len, topic.ptr, partition);
	code = tw_engine_start(&state, where, committed, log_start, log_end, start, err);
	if (code == TW_E_STALE && !(doubted && same_standing(&doubt->state, &state))) {
		*doubt = (struct tw_doubt){true, topic, partition, state};
		err->disposition = TW_RETRY;
	} else if (code == TW_OK && doubted) {
		doubt->standing = false;
	}
	return code;
}

static enum tw_code placed(void *context, struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start, int64_t log_end,
                           int64_t *start, struct tw_error *err)
{
	struct tw_engine *engine = context;
	if (engine->duplicates) {
		tw_duplicates_forget(engine->duplicates, topic, partition); /* it may have been elsewhere; the stream reads the window again */
	}
	if (engine->settings->state_store != TW_STATE_REDIS) {
		return memory_placed(topic, partition, committed, log_start);
	}
	return tw_engine_place(engine->store, &engine->doubt, topic, partition, committed, log_start, log_end, start, err);
}

enum tw_code tw_engine_kafka(struct tw_engine *engine, bool patient, struct tw_error *err)
{
	const struct tw_settings *settings = engine->settings;
	struct tw_outage outage = {
	    .away_event = "kafka_away", .back_event = "kafka_back", .meanwhile = engine->meanwhile, .context = engine->context};
	struct tw_kafka_options options = {.brokers = settings->kafka_brokers,
	                                   .group = settings->kafka_group,
	                                   .instance = settings->kafka_instance,
	                                   .session_timeout_ms = (uint32_t)settings->kafka_session_timeout_ms,
	                                   .leave = settings->kafka_leave != 0 || engine->rebuild_only,
	                                   .prefetch_mib = (uint32_t)settings->kafka_prefetch_mib,
	                                   .topics = settings->topics,
	                                   .properties = settings->kafka_properties.data,
	                                   .property_count = settings->kafka_properties.count,
	                                   .placed = placed,
	                                   .context = engine};
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		options.reread_offsets[i] = tw_duplicates_covers((enum tw_family)(i + 1)) ? (uint32_t)settings->duplicates_window : 0;
	}
	enum tw_code code;
	do {
		code = tw_stream_kafka_new(&options, &engine->stream, err);
	} while (code == TW_E_IO && err->disposition == TW_RETRY && patient && tw_outage_wait(&outage, err));
	if (code == TW_OK) {
		tw_outage_over(&outage);
	}
	return code;
}

enum tw_code tw_engine_files(struct tw_engine *engine, const struct tw_file_options *options, struct tw_error *err)
{
	return tw_stream_file_new(options, &engine->stream, err);
}

enum tw_code tw_engine_ready(struct tw_engine *engine, bool in_order, struct tw_error *err)
{
	const struct tw_settings *settings = engine->settings;
	struct tw_judge_options judge = {.snapshot = engine->snapshot,
	                                 .policy = &engine->policy,
	                                 .event_bytes = (uint32_t)settings->limits_event_bytes,
	                                 .shadows = settings->topics.shadow && settings->topics.shadow[0],
	                                 .traces = settings->topics.traces && settings->topics.traces[0],
	                                 .before = engine->before};
	enum tw_code code = tw_judge_new(&judge, &engine->judge, err);
	if (code != TW_OK) {
		return code;
	}
	if (settings->duplicates_window) {
		code = tw_duplicates_new((uint32_t)settings->duplicates_window, &engine->duplicates, err);
		if (code != TW_OK) {
			return code;
		}
	}
	engine->time = tw_settings_time(settings);
	code = tw_ticks_new(&engine->ticks, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_pipeline_options pipeline = {.stream = engine->stream,
	                                       .store = engine->store,
	                                       .judge = engine->judge,
	                                       .batch_events = (uint32_t)settings->batch_events,
	                                       .batch_wait_ms = (uint32_t)settings->batch_wait_ms,
	                                       .store_far = engine->store_far,
	                                       .in_order = in_order,
	                                       .rebuild_only = engine->rebuild_only,
	                                       .shared_state = engine->store_far,
	                                       .duplicates = engine->duplicates,
	                                       .time = &engine->time,
	                                       .ticks = engine->before ? NULL : engine->ticks, /* lists are compared: time raises nothing */
	                                       .meanwhile = engine->meanwhile,
	                                       .context = engine->context};
	return tw_pipeline_new(&pipeline, &engine->pipeline, err);
}

void tw_engine_fini(struct tw_engine *engine)
{
	tw_pipeline_free(engine->pipeline);
	tw_judge_free(engine->judge);
	tw_duplicates_free(engine->duplicates);
	tw_ticks_free(engine->ticks);
	if (engine->stream) {
		tw_stream_free(engine->stream);
	}
	if (engine->store) {
		tw_store_free(engine->store);
	}
	if (engine->snapshot) {
		tw_snapshot_free(engine->snapshot);
	}
	tw_list_index_free(engine->before);
}
