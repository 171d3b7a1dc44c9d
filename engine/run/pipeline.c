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

#include "engine/base/hash.h"
#include "engine/run/kept.h"
#include "engine/run/portion.h"
#include "engine/run/recovery.h"
#include "engine/run/signals.h"
#include "engine/run/tally.h"

/*
 * Of source bytes. A store in this process is asked for the price of a function call: a portion is then as much as a core's second-level cache
 * holds with all that its events become (about tenfold), so that what one stage writes the next one finds there. A call across a socket wants
 * some hundred records of each partition; and in what one poll brought there should be several, also when that is little, for one is read and ruled
 * while another is applied: a single one has this process and the store wait for each other in turns.
 */
#define PORTION_NEAR_BYTES (128U * 1024U)
#define PORTION_FAR_BYTES  (512U * 1024U)
#define PORTION_FAR_LEAST  (64U * 1024U)
#define PORTIONS_FAR       4U

#define PORTIONS 3U /* the one that is ruled, the one that is looked up, and one that is only read */

/* A poll's wait while a commit is on its way, or a batch would not be committed as soon as it may be; a stream that knows of its end comes sooner. */
#define COLLECT_MS 20U

/*
 * Events of a poll where the store is across a socket, until as many as a whole batch has came in polls that were all full. What a burst, or a stall
 * of some tenths of a second, leaves behind is then put out as it is judged, in several commits, and not all of it behind the last event; further
 * behind than that, few large batches cost less.
 */
#define PACE_EVENTS 512U

/* Which message. */
struct place {
	uint64_t topic; /* its hash */
	int32_t partition;
	int64_t offset;
};

struct tw_pipeline {
	struct tw_pipeline_options options;
	struct tw_stages stages;
	struct tw_portion portions[PORTIONS];
	struct tw_portion *turn[PORTIONS]; /* the one that is ruled first */
	struct tw_portion reread;          /* never more than one event of what is only looked at */
	struct tw_counters total;
	struct tw_counters batch;      /* of the batch in hand: no commit of it has begun */
	struct tw_counters committing; /* of the one on its way */
	uint32_t in_hand;              /* events of the batch in hand */
	uint32_t behind;               /* events that came in full polls, one right after the other */
	bool on_its_way;
	struct place first, begun_first; /* of the batch in hand; of the one on its way */
	bool in_doubt;                   /* that one failed, and its events may come again or not */
	struct tw_kept kept;             /* outputs of the batch in hand while another is on its way */
	struct tw_outage stream_outage;
	uint64_t commits, aborts;
	struct tw_recovery recovery;
};

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
	for (uint32_t i = 0; i < PORTIONS; i++) {
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
		for (uint32_t i = 0; i < PORTIONS; i++) {
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

/* The batch on its way, if any: counted once it is committed. @param wait false: only look */
static enum tw_code previous_end(struct tw_pipeline *pipeline, bool wait, struct tw_error *err)
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
static enum tw_code kept_produce(struct tw_pipeline *pipeline, struct tw_error *err)
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
	enum tw_code code = previous_end(pipeline, true, err);
	code = code == TW_OK ? kept_produce(pipeline, err) : code;
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

static enum tw_code outputs_put(struct tw_pipeline *pipeline, const struct tw_case *cases, uint32_t count, struct tw_error *err)
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

/* The rest of a batch, from its next portion on. */
struct rest {
	const struct tw_message *messages;
	uint32_t count;
	uint32_t most; /* events of a portion: fewer after one that filled its arena */
	uint32_t bytes_most;
};

static uint32_t portion_length(const struct rest *rest, uint32_t from)
{
	return tw_portion_length(rest->messages + from, rest->count - from, rest->most, rest->bytes_most);
}

static bool is_far(const struct tw_pipeline *pipeline)
{
	return pipeline->options.store_far && !pipeline->options.in_order;
}

/* What goes wrong here is met again when its turn comes. @param turn read already are all before it */
static void portion_ahead(struct tw_pipeline *pipeline, const struct rest *rest, uint32_t turn)
{
	struct tw_portion *portion = pipeline->turn[turn];
	struct tw_error met_again;
	uint32_t from = 0;
	for (uint32_t i = 0; i < turn; i++) {
		if (!pipeline->turn[i]->read) {
			return;
		}
		from += pipeline->turn[i]->count;
	}
	uint32_t count = is_far(pipeline) && !portion->read ? portion_length(rest, from) : 0;
	if (count) {
		bool rebuild = !pipeline->recovery.open;
		portion->read = tw_portion_read(&pipeline->stages, portion, rest->messages + from, count, rebuild, &met_again) == TW_OK;
	}
}

/* How a portion came through. */
struct passed {
	bool held;   /* what the store said of it is so, or nothing was asked */
	bool judged; /* outputs may have been handed over: it cannot be judged anew */
};

/* As far as it may go while the store writes. @param rules false: it was judged before */
static enum tw_code portion_rule(struct tw_pipeline *pipeline, const struct rest *rest, bool rules, struct passed *passed, struct tw_error *err)
{
	struct tw_stages *stages = &pipeline->stages;
	enum tw_code code = tw_portion_ask(stages, pipeline->turn[0], err);
	if (code == TW_OK && pipeline->turn[1]->read) {
		tw_portion_start(stages, pipeline->turn[1]);
	}
	code = code == TW_OK && rules ? tw_portion_rule(stages, pipeline->turn[0], err) : code;
	if (code == TW_OK) {
		portion_ahead(pipeline, rest, 2);
		code = tw_portion_confirm(stages, &passed->held, err);
	}
	return code;
}

static enum tw_code portion_judge(struct tw_pipeline *pipeline, const struct rest *rest, struct passed *passed, struct tw_error *err)
{
	const struct tw_portion *portion = pipeline->turn[0];
	bool replayed = portion->cases[0].message->replayed;
	bool rules = !replayed && pipeline->recovery.open; /* else judged already, in the life of the state that was lost */
	enum tw_code code = portion_rule(pipeline, rest, rules, passed, err);
	if (code != TW_OK || !passed->held) {
		return code;
	}
	passed->judged = replayed || rules;
	pipeline->batch.replayed += replayed ? portion->count : 0;
	code = rules ? outputs_put(pipeline, portion->cases, portion->count, err) : code;
	tw_meter_lap(&pipeline->stages.meter, TW_STAGE_PRODUCE);
	return code;
}

static enum tw_code portion_next(struct tw_pipeline *pipeline, const struct rest *rest, struct passed *passed, struct tw_error *err)
{
	struct tw_portion *portion = pipeline->turn[0];
	enum tw_code code = TW_OK;
	if (!portion->read) {
		code = tw_portion_read(&pipeline->stages, portion, rest->messages, portion_length(rest, 0), !pipeline->recovery.open, err);
	}
	if (code == TW_OK && is_far(pipeline)) {
		tw_portion_start(&pipeline->stages, portion);
		portion_ahead(pipeline, rest, 1);
	}
	return code == TW_OK ? portion_judge(pipeline, rest, passed, err) : code;
}

/* Nothing of the batch is on its way to the store any more, and nothing has told of time. */
static void portions_drop(struct tw_pipeline *pipeline)
{
	for (uint32_t i = PORTIONS; i > 0; i--) {
		if (i == 1 || pipeline->turn[i - 1]->read) {
			tw_portion_undo(&pipeline->stages, pipeline->turn[i - 1]);
		}
		pipeline->turn[i - 1]->read = false;
	}
	tw_store_start(pipeline->options.store, NULL, 0, NULL);
}

/* The first is through. */
static void portions_turn(struct tw_pipeline *pipeline)
{
	struct tw_portion *ruled = pipeline->turn[0];
	memmove(&pipeline->turn[0], &pipeline->turn[1], (PORTIONS - 1) * sizeof(pipeline->turn[0]));
	pipeline->turn[PORTIONS - 1] = ruled;
}

static uint32_t portion_bytes(const struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count)
{
	uint64_t bytes = 0;
	if (pipeline->options.portion_bytes || !pipeline->options.store_far) {
		return pipeline->options.portion_bytes ? pipeline->options.portion_bytes : PORTION_NEAR_BYTES;
	}
	for (uint32_t i = 0; i < count && bytes < (uint64_t)PORTION_FAR_BYTES * PORTIONS_FAR; i++) {
		bytes += messages[i].value.len;
	}
	uint64_t share = bytes / PORTIONS_FAR + 1;
	return share < PORTION_FAR_LEAST ? PORTION_FAR_LEAST : share < PORTION_FAR_BYTES ? (uint32_t)share : PORTION_FAR_BYTES;
}

static enum tw_code batch_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, struct tw_error *err)
{
	struct rest rest = {messages, count, count, portion_bytes(pipeline, messages, count)};
	while (rest.count) {
		struct tw_portion *portion = pipeline->turn[0];
		struct passed passed = {.held = true};
		int64_t facts = pipeline->stages.facts_next;
		enum tw_code code = portion_next(pipeline, &rest, &passed, err);
		bool halve = code == TW_E_MEMORY && !passed.judged && portion->count > 1;
		if (code != TW_OK || !passed.held) {
			portions_drop(pipeline);
		}
		if (halve || (code == TW_OK && !passed.held)) {
			rest.most = halve ? portion->count / 2 : rest.most; /* what the store has applied is a replay to it */
			pipeline->stages.facts_next = facts;
			continue;
		}
		if (code != TW_OK) {
			return code;
		}
		code = previous_end(pipeline, false, err);
		code = code == TW_OK && !pipeline->on_its_way ? kept_produce(pipeline, err) : code;
		if (code != TW_OK) {
			portions_drop(pipeline);
			return code;
		}
		portion->read = false;
		rest.messages += portion->count;
		rest.count -= portion->count;
		portions_turn(pipeline);
	}
	return TW_OK;
}

/*
 * What is in hand will come again, or the caller stops. What is on its way is waited for first: state is looked after, and a batch undone, only when
 * nothing else can be committed any more.
 */
static enum tw_code batch_give_up(struct tw_pipeline *pipeline, enum tw_code code, struct tw_error *err)
{
	struct tw_error second;
	pipeline->aborts++;
	enum tw_code ended = previous_end(pipeline, true, &second);
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
	enum tw_code code = kept_produce(pipeline, err);
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
	return previous_end(pipeline, false, err); /* over already, where nobody has to be waited for */
}

/* @param all nothing more is to come: nothing is left in hand or on its way; else as far as it goes without waiting, but for a full batch */
static enum tw_code batches_move(struct tw_pipeline *pipeline, bool all, struct tw_error *err)
{
	bool full = pipeline->in_hand >= pipeline->options.batch_events;
	enum tw_code code = previous_end(pipeline, all || full, err);
	if (code == TW_OK && !pipeline->on_its_way && pipeline->in_hand) {
		code = commit_begin(pipeline, err);
	}
	return code == TW_OK && all ? previous_end(pipeline, true, err) : code;
}

static struct place place_of(const struct tw_message *message)
{
	return (struct place){tw_hash64(message->topic.ptr, message->topic.len, 0), message->partition, message->offset};
}

/*
 * After batches that were given up: facts and time go on where the events that come now do. A commit that failed may have been one: then the events
 * after it come. Of a log the partitions come in any order: there time is told again.
 */
static void doubt_end(struct tw_pipeline *pipeline, const struct place *next)
{
	struct tw_stages *stages = &pipeline->stages;
	const struct place *first = &pipeline->begun_first;
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
		return batch_give_up(pipeline, code, err);
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
		struct place next = place_of(&messages[0]);
		if (pipeline->in_doubt) {
			doubt_end(pipeline, &next);
		}
		pipeline->first = pipeline->in_hand ? pipeline->first : next;
		pipeline->in_hand += count;
		code = batch_judge(pipeline, messages, count, err);
	}
	code = code == TW_OK ? batches_move(pipeline, *polled == TW_POLL_END, err) : code;
	if (code != TW_OK) {
		*polled = TW_POLL_IDLE;
		return batch_give_up(pipeline, code, err);
	}
	return TW_OK;
}

enum tw_code tw_pipeline_finish(struct tw_pipeline *pipeline, struct tw_error *err)
{
	enum tw_code code = batches_move(pipeline, true, err);
	return code == TW_OK ? TW_OK : batch_give_up(pipeline, code, err);
}
