/**
 * @file pipeline_judge.c
 * A batch through the stages, a portion at a time; which portion is where meanwhile: the picture in pipeline.c.
 */
#include "engine/run/pipeline_parts.h"

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
	code = rules ? tw_pipeline_put(pipeline, portion->cases, portion->count, err) : code;
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
	for (uint32_t i = TW_PORTIONS; i > 0; i--) {
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
	memmove(&pipeline->turn[0], &pipeline->turn[1], (TW_PORTIONS - 1) * sizeof(pipeline->turn[0]));
	pipeline->turn[TW_PORTIONS - 1] = ruled;
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

enum tw_code tw_pipeline_judge(struct tw_pipeline *pipeline, const struct tw_message *messages, uint32_t count, struct tw_error *err)
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
		code = tw_pipeline_previous_end(pipeline, false, err);
		code = code == TW_OK && !pipeline->on_its_way ? tw_pipeline_kept_produce(pipeline, err) : code;
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
