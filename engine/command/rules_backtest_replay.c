/**
 * @file rules_backtest_replay.c
 * See rules_backtest.h. A portion at a time, as the pipeline takes its batches (pipeline.h), but with two judges behind one store, and nothing put
 * out.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/io/log_stream.h"
#include "engine/run/assemble.h"
#include "engine/run/progress.h"
#include "engine/command/rules_backtest.h"
#include "engine/run/signals.h"

#define PORTION_BYTES (128U * 1024U) /* of source, as the pipeline's where the store is near */

struct replay {
	struct tw_time_policy time;
	struct tw_backtest *backtest;
	const struct tw_backtest_history *history;
	struct tw_backtest_run *run;
	struct tw_score_policy policy;
	struct tw_judge *judge[TW_SIDES]; /* the first also decodes and asks the lists */
	struct tw_stages stages;
	struct tw_portion portion;
};

/* What both editions said of a case, and of those that followed from it. */
struct verdict {
	bool judged;
	struct verdict *follow; /* parallel to the case's */
	struct tw_findings findings[TW_SIDES];
	struct tw_assessment assessment[TW_SIDES];
};

static bool is_judged(const struct replay *replay, const struct tw_case *about)
{
	return !about->dead_reason && !about->duplicate && about->event->family != TW_FAMILY_FACT &&
	       tw_period_has(&replay->history->period, about->event->time.ms);
}

/* In the portion's arena: what is folded of a prior for one question is kept there for the next, of another event too. */
static enum tw_code case_judge(struct replay *replay, struct tw_case *about, struct verdict *verdict, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	verdict->judged = is_judged(replay, about);
	for (int side = TW_BEFORE; verdict->judged && code == TW_OK && side < TW_SIDES; side++) {
		about->assessment = (struct tw_assessment){.lane = TW_LANE_GREEN};
		code = tw_judge_assess(replay->judge[side], &replay->portion.arena, about, &verdict->findings[side], err);
		verdict->assessment[side] = about->assessment;
	}
	return code;
}

/* A case, then what followed from it: time that passed (clock.h). */
static enum tw_code cases_judge(struct replay *replay, struct tw_case *cases, uint32_t count, struct verdict **out, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	*out = tw_arena_alloc(&replay->portion.arena, count * sizeof(**out));
	if (!*out) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "a portion needs more memory than it may have", NULL, NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		struct verdict *verdict = &(*out)[i];
		code = case_judge(replay, &cases[i], verdict, err);
		if (code == TW_OK && cases[i].follow_count) {
			code = cases_judge(replay, cases[i].follow, cases[i].follow_count, &verdict->follow, err);
		}
	}
	return code;
}

static enum tw_code verdict_tally(struct replay *replay, const struct tw_case *about, const struct verdict *verdict, struct tw_error *err)
{
	const struct tw_backtest_said said[TW_SIDES] = {{&verdict->findings[TW_BEFORE], &verdict->assessment[TW_BEFORE]},
	                                                {&verdict->findings[TW_AFTER], &verdict->assessment[TW_AFTER]}};
	return tw_backtest_judged(replay->backtest, about->event, tw_judge_named(about->event), said, err);
}

/* What followed from an event is no event of the history. */
static enum tw_code follow_tally(struct replay *replay, const struct tw_case *about, const struct verdict *verdict, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < about->follow_count; i++) {
		if (verdict->follow[i].judged) {
			replay->run->told++;
			code = verdict_tally(replay, &about->follow[i], &verdict->follow[i], err);
		}
	}
	return code;
}

/* Outcomes count whenever they came: an inspection ends long after what chose it. */
static enum tw_code case_tally(struct replay *replay, const struct tw_case *about, const struct verdict *verdict, struct tw_error *err)
{
	struct tw_backtest_run *run = replay->run;
	run->events++;
	if (about->dead_reason && run->dead++ == 0) {
		const struct tw_message *message = about->message;
		run->dead_reason = about->dead_reason;
		if (message->refused) {
			snprintf(run->dead_where, sizeof(run->dead_where), "line %" PRId64 " of those", message->offset + 1);
		} else {
			snprintf(run->dead_where, sizeof(run->dead_where), "%.*s/%d offset %" PRId64, (int)message->topic.len, message->topic.ptr,
			         message->partition, message->offset);
		}
	}
	run->duplicates += about->duplicate;
	if (!about->dead_reason && !about->duplicate && about->event->type == TW_INSPECTION_COMPLETED) {
		tw_backtest_inspected(replay->backtest, &about->event->outcome);
	}
	if (!verdict->judged) {
		run->history += !about->dead_reason && !about->duplicate;
		return follow_tally(replay, about, verdict, err);
	}
	enum tw_code code = verdict_tally(replay, about, verdict, err);
	return code == TW_OK ? follow_tally(replay, about, verdict, err) : code;
}

/* Up to what is counted: until then the same events may be taken again. */
static enum tw_code portion_judge(struct replay *replay, const struct tw_message *messages, uint32_t count, struct verdict **out,
                                  struct tw_error *err)
{
	struct tw_portion *portion = &replay->portion;
	enum tw_code code = tw_portion_read(&replay->stages, portion, messages, count, false, err);
	code = code == TW_OK ? tw_portion_ask(&replay->stages, portion, err) : code;
	if (code != TW_OK) {
		return code;
	}
	return cases_judge(replay, portion->cases, portion->count, out, err);
}

/* A portion that needs more than its arena is taken again with half as many events: what the store has of it is a replay to it. */
static enum tw_code messages_take(struct replay *replay, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	uint32_t most = count;
	while (count) {
		struct verdict *verdicts = NULL;
		int64_t facts = replay->stages.facts_next;
		uint32_t length = tw_portion_length(messages, count, most, PORTION_BYTES);
		enum tw_code code = portion_judge(replay, messages, length, &verdicts, err);
		if (code != TW_OK) {
			tw_portion_undo(&replay->stages, &replay->portion);
		}
		if (code == TW_E_MEMORY && length > 1) {
			most = length / 2;
			replay->stages.facts_next = facts;
			continue;
		}
		for (uint32_t i = 0; code == TW_OK && i < length; i++) {
			code = case_tally(replay, &replay->portion.cases[i], &verdicts[i], err);
		}
		if (code != TW_OK) {
			return code;
		}
		messages += length;
		count -= length;
	}
	return TW_OK;
}

static enum tw_code stopped(struct tw_error *err)
{
	return tw_fail(err, TW_E_STALE, TW_RETRY, "stopped before the end: there is no report on a part", NULL, NULL);
}

/* Bytes of files, offsets of a log. */
static void progress_of(const struct replay *replay, const struct tw_stream *stream, uint64_t whole, uint64_t *done, uint64_t *total)
{
	if (replay->history->from_log) {
		*total = whole;
		*done = whole - tw_stream_log_left(stream);
	} else {
		tw_stream_progress(stream, done, total);
	}
}

static enum tw_code history_replay(struct replay *replay, struct tw_stream *stream, uint32_t batch, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	enum tw_poll polled = TW_POLL_IDLE;
	enum tw_code code = TW_OK;
	struct tw_progress progress;
	uint64_t done, total, whole = replay->history->from_log ? tw_stream_log_left(stream) : 0;
	tw_progress_begin(&progress, stderr, tw_now_ms());
	progress.shown = progress.shown && !replay->history->quiet;
	while (code == TW_OK && polled != TW_POLL_END && !tw_stop_asked()) {
		code = tw_stream_poll(stream, batch, 100, &messages, &count, &polled, err);
		if (code == TW_OK && polled == TW_POLL_BATCH) {
			code = messages_take(replay, messages, count, err);
			replay->stages.facts_committed = replay->stages.facts_next;
			tw_ticks_begin(replay->stages.ticks);
			tw_ticks_commit(replay->stages.ticks);
		}
		code = code == TW_OK ? tw_stream_commit(stream, err) : code; /* a file's: only how far the store may fold */
		progress_of(replay, stream, whole, &done, &total);
		tw_progress_draw(&progress, done, total, replay->run->events, tw_now_ms());
	}
	tw_progress_end(&progress);
	return code == TW_OK && polled != TW_POLL_END ? stopped(err) : code;
}

static enum tw_code judges_make(struct replay *replay, const struct tw_settings *settings, struct tw_snapshot *const snapshots[TW_SIDES],
                                struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (int side = TW_BEFORE; code == TW_OK && side < TW_SIDES; side++) {
		struct tw_judge_options options = {
		    .snapshot = snapshots[side], .policy = &replay->policy, .event_bytes = (uint32_t)settings->limits_event_bytes};
		code = tw_judge_new(&options, &replay->judge[side], err);
	}
	return code;
}

static enum tw_code parts_make(struct replay *replay, const struct tw_settings *settings, struct tw_snapshot *const snapshots[TW_SIDES],
                               struct tw_error *err)
{
	struct tw_stages *stages = &replay->stages;
	enum tw_code code = judges_make(replay, settings, snapshots, err);
	code = code == TW_OK ? tw_store_memory_new(&stages->store, err) : code;
	code = code == TW_OK ? tw_ticks_new(&stages->ticks, err) : code;
	if (code == TW_OK && settings->duplicates_window) {
		code = tw_duplicates_new((uint32_t)settings->duplicates_window, &stages->duplicates, err);
	}
	stages->judge = replay->judge[TW_BEFORE];
	stages->in_order = true;
	stages->period = &replay->history->period;
	replay->time = tw_settings_time(settings);
	stages->time = &replay->time;
	return code;
}

static void parts_free(struct replay *replay)
{
	tw_portion_fini(&replay->portion);
	tw_duplicates_free(replay->stages.duplicates);
	tw_ticks_free(replay->stages.ticks);
	if (replay->stages.store) {
		tw_store_free(replay->stages.store);
	}
	for (int side = TW_BEFORE; side < TW_SIDES; side++) {
		tw_judge_free(replay->judge[side]);
	}
}

enum tw_code tw_backtest_replay(struct tw_backtest *backtest, const struct tw_settings *settings, struct tw_snapshot *const snapshots[TW_SIDES],
                                const struct tw_backtest_history *history, struct tw_backtest_run *run, struct tw_error *err)
{
	struct replay replay = {.backtest = backtest, .history = history, .run = run, .policy = tw_settings_policy(settings)};
	struct tw_stream *stream = NULL;
	struct tw_file_options files = {
	    .inputs = history->inputs, .input_count = history->input_count, .topic = history->topic, .topics = settings->topics};
	tw_portion_init(&replay.portion);
	enum tw_code code = history->from_log ? tw_backtest_topics_open(settings, history, &stream, err) : tw_stream_file_new(&files, &stream, err);
	run->opened = code == TW_OK || history->from_log;
	code = code == TW_OK ? parts_make(&replay, settings, snapshots, err) : code;
	code = code == TW_OK ? history_replay(&replay, stream, (uint32_t)settings->batch_events, err) : code;
	run->bytes = tw_arena_held(&backtest->arena) + backtest->seen_room * sizeof(*backtest->seen) + backtest->pair_room * sizeof(*backtest->pairs);
	if (stream) {
		tw_stream_free(stream);
	}
	parts_free(&replay);
	return code;
}
