/**
 * @file pipeline.c
 * See pipeline.h. Two things may go wrong in the middle of a batch, and both end well: a peer that is away is asked again (the store's
 * call is idempotent, a stream's batch is delivered again), and a portion that fills the arena is cut in half and judged anew. What goes wrong with
 * a commit that is on its way is met where that is looked at: between portions, before a batch's own commit, and before anything is given up.
 *
 *     this process   read 1, 2           | priors 1: rule 1, read 3 | good: put 1 | priors 2: rule 2, read 4 | good: put 2 | ...
 *     store afar       [ look 1 ]          [ write 1, look 2 ]                      [ write 2, look 3 ]
 *
 * A store across a socket is sent what it writes of this portion and what it looks up of the next one before this one is ruled and a third is read,
 * so that neither waits for the other. Where it then says that nothing was written (somebody else was there, or it is gone), the portion is read
 * anew. Invariant: outputs are handed to the stream only when every event of their portion has been judged on priors that hold, and no earlier batch
 * is on its way.
 */
#include "engine/run/pipeline.h"

#include <stdlib.h>

#include "engine/run/pipeline_parts.h"

/* A poll's wait while a commit is on its way, or a batch would not be committed as soon as it may be; a stream that knows of its end comes sooner. */
#define COLLECT_MS 20U

/*
 * Events of a poll where the store is across a socket, until as many as a whole batch has came in polls that were all full. What a burst, or a stall
 * of some tenths of a second, leaves behind is then put out as it is judged, in several commits, and not all of it behind the last event; further
 * behind than that, few large batches cost less.
 */
#define PACE_EVENTS 512U

enum tw_code tw_pipeline_new(const struct tw_pipeline_options *options, struct tw_pipeline **out, struct tw_error *err)
{
	struct tw_pipeline *pipeline = calloc(1, sizeof(*pipeline));
	if (!pipeline) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a pipeline", NULL, NULL);
	}
	pipeline->options = *options;
	pipeline->stages = (struct tw_stages){.judge = options->judge,
	                                      .store = options->store,
	                                      .duplicates = options->duplicates,
	                                      .in_order = options->in_order,
	                                      .time = options->time,
	                                      .ticks = options->ticks};
	pipeline->stream_outage =
	    (struct tw_outage){.away_event = "kafka_away", .back_event = "kafka_back", .meanwhile = options->meanwhile, .context = options->context};
	pipeline->stages.store_outage =
	    (struct tw_outage){.away_event = "store_away", .back_event = "store_back", .meanwhile = options->meanwhile, .context = options->context};
	for (uint32_t i = 0; i < TW_PORTIONS; i++) {
		tw_portion_init(&pipeline->portions[i]);
		pipeline->turn[i] = &pipeline->portions[i];
	}
	tw_kept_init(&pipeline->kept);
	tw_portion_init(&pipeline->reread);
	tw_recovery_begin(&pipeline->recovery, options->stream, options->store, options->shared_state);
	*out = pipeline;
	return TW_OK;
}

void tw_pipeline_free(struct tw_pipeline *pipeline)
{
	if (pipeline) {
		for (uint32_t i = 0; i < TW_PORTIONS; i++) {
			tw_portion_fini(&pipeline->portions[i]);
		}
		tw_kept_fini(&pipeline->kept);
		tw_portion_fini(&pipeline->reread);
		free(pipeline);
	}
}

const struct tw_recovery *tw_pipeline_recovery(const struct tw_pipeline *pipeline)
{
	return &pipeline->recovery;
}

const struct tw_counters *tw_pipeline_counters(const struct tw_pipeline *pipeline)
{
	return &pipeline->total;
}

const struct tw_meter *tw_pipeline_meter(const struct tw_pipeline *pipeline)
{
	return &pipeline->stages.meter;
}

void tw_pipeline_stand(const struct tw_pipeline *pipeline, struct tw_pipeline_standing *out)
{
	const struct tw_recovery *recovery = &pipeline->recovery;
	const struct tw_outage *store = &pipeline->stages.store_outage;
	*out = (struct tw_pipeline_standing){.commits = pipeline->commits,
	                                     .aborts = pipeline->aborts,
	                                     .judging = recovery->open,
	                                     .missing = recovery->missing,
	                                     .rebuilds = recovery->rebuilds,
	                                     .rebuilt_events = recovery->events_ever,
	                                     .stream = {pipeline->stream_outage.errors, pipeline->stream_outage.away},
	                                     .store = {store->errors, store->away}};
}

/* State is rebuilt, and files are read, as fast as may be: nobody waits for one of their events. */
static uint32_t pace_of(const struct tw_pipeline *pipeline)
{
	uint32_t room = pipeline->options.batch_events - pipeline->in_hand;
	bool paced = pipeline->options.store_far && pipeline->recovery.open && pipeline->behind < pipeline->options.batch_events;
	return paced && PACE_EVENTS < room ? PACE_EVENTS : room;
}

static void pace_follow(struct tw_pipeline *pipeline, uint32_t asked, uint32_t count)
{
	uint32_t behind = pipeline->behind < pipeline->options.batch_events ? pipeline->behind + count : pipeline->behind;
	pipeline->behind = count >= asked ? behind : 0;
}

static enum tw_code batch_poll(struct tw_pipeline *pipeline, struct tw_message **messages, uint32_t *count, enum tw_poll *polled,
                               struct tw_error *err)
{
	const struct tw_pipeline_options *options = &pipeline->options;
	uint32_t wait_ms = pipeline->on_its_way && COLLECT_MS < options->batch_wait_ms ? COLLECT_MS : options->batch_wait_ms;
	enum tw_code code = tw_recovery_step(&pipeline->recovery, err);
	if (code != TW_OK) {
		return code;
	}
	tw_outage_over(&pipeline->stages.store_outage);
	if (options->rebuild_only && pipeline->recovery.open) {
		*polled = TW_POLL_END;
		return TW_OK;
	}
	uint32_t most = pace_of(pipeline);
	code = tw_stream_poll(options->stream, most, wait_ms, messages, count, polled, err);
	tw_meter_lap(&pipeline->stages.meter, TW_STAGE_POLL);
	pace_follow(pipeline, most, code == TW_OK && *polled == TW_POLL_BATCH ? *count : 0);
	pipeline->recovery.busy = code == TW_OK && *polled == TW_POLL_BATCH; /* more is likely, also of what is read again */
	if (pipeline->recovery.busy) {
		tw_outage_over(&pipeline->stream_outage);
		code = tw_portion_reread(&pipeline->stages, &pipeline->reread, *messages, count, err);
		*polled = *count ? TW_POLL_BATCH : TW_POLL_IDLE;
	}
	return code;
}

/* No events this time: what may pass is waited for, lost state is looked after. @return as tw_pipeline_batch */
static enum tw_code batch_none(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	if (pipeline->in_hand || pipeline->on_its_way) {
		return tw_pipeline_give_up(pipeline, code, err);
	}
	if (err->disposition != TW_RETRY) {
		return code;
	}
	if (code == TW_E_STALE) {
		tw_recovery_lost(&pipeline->recovery, err);
	} else if (code == TW_E_IO) {
		(void)tw_outage_wait(pipeline->recovery.store_away ? &pipeline->stages.store_outage : &pipeline->stream_outage, err);
	} else {
		return code;
	}
	return TW_OK;
}

enum tw_code tw_pipeline_batch(struct tw_pipeline *pipeline, enum tw_poll *polled, struct tw_error *err)
{
	struct tw_message *messages = NULL;
	uint32_t count = 0;
	*polled = TW_POLL_IDLE;
	enum tw_code code = batch_poll(pipeline, &messages, &count, polled, err);
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		return batch_none(pipeline, code, err);
	}
	if (*polled == TW_POLL_BATCH) {
		struct tw_pipeline_place next = tw_pipeline_place(&messages[0]);
		if (pipeline->in_doubt) {
			tw_pipeline_doubt_end(pipeline, &next);
		}
		pipeline->first = pipeline->in_hand ? pipeline->first : next;
		pipeline->in_hand += count;
		code = tw_pipeline_judge(pipeline, messages, count, err);
	}
	code = code == TW_OK ? tw_pipeline_move(pipeline, *polled == TW_POLL_END, err) : code;
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		return tw_pipeline_give_up(pipeline, code, err);
	}
	return TW_OK;
}

enum tw_code tw_pipeline_finish(struct tw_pipeline *pipeline, struct tw_error *err)
{
	enum tw_code code = tw_pipeline_move(pipeline, true, err);
	return code == TW_OK ? TW_OK : tw_pipeline_give_up(pipeline, code, err);
}
