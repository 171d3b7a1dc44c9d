/**
 * @file pipeline_commit.c
 * Outputs, the commit on its way and the one after it, and what becomes of both where one fails.
 */
#include "engine/base/hash.h"
#include "engine/run/pipeline_parts.h"
#include "engine/run/signals.h"
#include "engine/run/tally.h"

/* The batch on its way, if any: counted once it is committed. @param wait false: only look */
enum tw_code tw_pipeline_previous_end(struct tw_pipeline *pipeline, bool wait, struct tw_error *err)
{
	bool over = true;
	if (!pipeline->on_its_way) {
		return TW_OK;
	}
	enum tw_code code = tw_stream_commit_end(pipeline->options.stream, wait, &over, err);
	tw_meter_lap(&pipeline->stages.meter, TW_STAGE_COMMIT);
	pipeline->on_its_way = code == TW_OK && !over;
	if (code == TW_OK && over) {
		tw_outage_over(&pipeline->stream_outage);
		pipeline->commits++;
		pipeline->stages.facts_committed = pipeline->stages.facts_begun;
		if (pipeline->stages.ticks) {
			tw_ticks_commit(pipeline->stages.ticks);
		}
		tw_counters_add(&pipeline->total, &pipeline->committing);
	}
	return code;
}

/* Nothing is on its way any more: what waited for that. */
enum tw_code tw_pipeline_kept_produce(struct tw_pipeline *pipeline, struct tw_error *err)
{
	const struct tw_output *outputs = pipeline->kept.outputs.data;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < pipeline->kept.outputs.count; i++) {
		code = tw_stream_produce(pipeline->options.stream, &outputs[i], err);
	}
	tw_kept_clear(&pipeline->kept);
	tw_meter_lap(&pipeline->stages.meter, TW_STAGE_PRODUCE);
	return code;
}

static enum tw_code output_put(struct tw_pipeline *pipeline, const struct tw_output *output, struct tw_error *err)
{
	if (pipeline->on_its_way && tw_kept_add(&pipeline->kept, output)) {
		return TW_OK;
	}
	enum tw_code code = tw_pipeline_previous_end(pipeline, true, err);
	code = code == TW_OK ? tw_pipeline_kept_produce(pipeline, err) : code;
	return code == TW_OK ? tw_stream_produce(pipeline->options.stream, output, err) : code;
}

static enum tw_code outputs_put_some(struct tw_pipeline *pipeline, const struct tw_output *outputs, uint32_t count, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		code = output_put(pipeline, &outputs[i], err);
	}
	return code;
}

static enum tw_code case_put(struct tw_pipeline *pipeline, const struct tw_case *about, struct tw_error *err)
{
	enum tw_code code = outputs_put_some(pipeline, about->outputs, about->output_count, err);
	code = code == TW_OK ? outputs_put_some(pipeline, about->shadows, about->shadow_count, err) : code;
	code = code == TW_OK ? outputs_put_some(pipeline, &about->trace, about->traced, err) : code;
	return code == TW_OK ? outputs_put_some(pipeline, about->facts, about->fact_count, err) : code;
}

enum tw_code tw_pipeline_put(struct tw_pipeline *pipeline, const struct tw_case *cases, uint32_t count, struct tw_error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		enum tw_code code = case_put(pipeline, &cases[i], err);
		for (uint32_t j = 0; code == TW_OK && j < cases[i].follow_count; j++) {
			code = case_put(pipeline, &cases[i].follow[j], err);
		}
		if (code != TW_OK) {
			return code;
		}
		const struct tw_counters *said[] = {&pipeline->total, &pipeline->committing, &pipeline->batch};
		tw_tally_say(&cases[i], said, sizeof(said) / sizeof(said[0]));
		tw_tally_case(&pipeline->batch, &cases[i]);
	}
	return TW_OK;
}

/*
 * What is in hand will come again, or the caller stops. What is on its way is waited for first: state is looked after, and a batch undone, only when
 * nothing else can be committed any more.
 */
enum tw_code tw_pipeline_give_up(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	struct tw_error second;
	pipeline->aborts++;
	enum tw_code ended = tw_pipeline_previous_end(pipeline, true, &second);
	enum tw_code aborted = ended == TW_OK || second.disposition == TW_RETRY ? tw_stream_abort(pipeline->options.stream, &second) : ended;
	tw_kept_clear(&pipeline->kept);
	memset(&pipeline->batch, 0, sizeof(pipeline->batch));
	pipeline->in_hand = 0;
	pipeline->in_doubt = true;
	if (aborted != TW_OK && second.disposition != TW_RETRY) {
		*err = second;
		return aborted;
	}
	if (err->disposition != TW_RETRY) {
		return code;
	}
	if (code == TW_E_STALE) {
		tw_recovery_lost(&pipeline->recovery, err);
		return TW_OK; /* an abort is finished by the next poll */
	}
	if (code == TW_E_IO && !tw_stop_asked()) {
		(void)tw_outage_wait(pipeline->recovery.store_away ? &pipeline->stages.store_outage : &pipeline->stream_outage, err);
	}
	return code == TW_E_IO ? TW_OK : code;
}

/* Nothing is on its way: what is in hand sets out. */
static enum tw_code commit_begin(struct tw_pipeline *pipeline, struct tw_error *err)
{
	enum tw_code code = tw_pipeline_kept_produce(pipeline, err);
	code = code == TW_OK ? tw_stream_commit_begin(pipeline->options.stream, err) : code;
	tw_meter_lap(&pipeline->stages.meter, TW_STAGE_COMMIT);
	if (code != TW_OK) {
		return code;
	}
	tw_recovery_rebuilt(&pipeline->recovery, pipeline->in_hand);
	pipeline->batch.batches = pipeline->recovery.open;
	pipeline->committing = pipeline->batch;
	memset(&pipeline->batch, 0, sizeof(pipeline->batch));
	pipeline->in_hand = 0;
	pipeline->begun_first = pipeline->first;
	pipeline->stages.facts_begun = pipeline->stages.facts_next;
	if (pipeline->stages.ticks) {
		tw_ticks_begin(pipeline->stages.ticks);
	}
	pipeline->on_its_way = true;
	return tw_pipeline_previous_end(pipeline, false, err); /* over already, where nobody has to be waited for */
}

/* @param all nothing more is to come: nothing is left in hand or on its way; else as far as it goes without waiting, but for a full batch */
enum tw_code tw_pipeline_move(struct tw_pipeline *pipeline, bool all, struct tw_error *err)
{
	bool full = pipeline->in_hand >= pipeline->options.batch_events;
	enum tw_code code = tw_pipeline_previous_end(pipeline, all || full, err);
	if (code == TW_OK && !pipeline->on_its_way && pipeline->in_hand) {
		code = commit_begin(pipeline, err);
	}
	return code == TW_OK && all ? tw_pipeline_previous_end(pipeline, true, err) : code;
}

struct tw_pipeline_place tw_pipeline_place(const struct tw_message *message)
{
	return (struct tw_pipeline_place){tw_hash64(message->topic.ptr, message->topic.len, 0), message->partition, message->offset};
}

/*
 * After batches that were given up: facts and time go on where the events that come now do. A commit that failed may have been one: then the events
 * after it come. Of a log the partitions come in any order: there time is told again.
 */
void tw_pipeline_doubt_end(struct tw_pipeline *pipeline, const struct tw_pipeline_place *next)
{
	struct tw_stages *stages = &pipeline->stages;
	const struct tw_pipeline_place *first = &pipeline->begun_first;
	bool again = next->topic == first->topic && next->partition == first->partition && next->offset == first->offset;
	if (!again) {
		stages->facts_committed = stages->facts_begun;
	}
	stages->facts_next = stages->facts_begun = stages->facts_committed;
	if (stages->ticks && !again) {
		tw_ticks_commit(stages->ticks);
	}
	if (stages->ticks && stages->in_order) {
		tw_ticks_abort(stages->ticks);
	} else if (stages->ticks) {
		tw_ticks_forget(stages->ticks);
	}
	pipeline->in_doubt = false;
}
