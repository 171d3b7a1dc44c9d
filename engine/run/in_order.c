/**
 * @file in_order.c
 * See in_order.h.
 */
#include "engine/run/in_order.h"

#include "engine/emit/emit.h"
#include "engine/state/due.h"
#include "engine/state/facts.h"
#include "engine/state/operations.h"

#define FACTS_PLACE "(facts)" /* no topic can be named so */

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event's facts", NULL, NULL);
}

/* All calls of a portion share its arena: what one copies and folds of a record serves the next. */
static enum tw_code run_apply(struct tw_stages *stages, struct tw_portion *portion, struct tw_store_part *run, struct tw_error *err)
{
	run->goes_on = portion->goes_on;
	enum tw_code code = tw_portion_apply(stages, portion, run, 1, err);
	portion->goes_on = code == TW_OK;
	return code;
}

/* One that rules are asked about is read as if it came from the log: what it says is what its bytes say. */
static enum tw_code fact_judged(struct tw_stages *stages, struct tw_arena *arena, const struct tw_event *fact, int64_t offset, struct tw_case *out,
                                struct tw_error *err)
{
	const struct tw_origin place = {tw_slice_str(FACTS_PLACE), 0, offset};
	struct tw_message *message = tw_arena_alloc(arena, sizeof(*message));
	struct tw_output output;
	if (!message) {
		return memory_out(err);
	}
	enum tw_code code = tw_emit_fact(fact, &place, arena, &output, err);
	if (code != TW_OK) {
		return code;
	}
	*message = (struct tw_message){
	    .topic = place.topic, .partition = place.partition, .offset = offset, .family = TW_FAMILY_FACT, .key = output.key, .value = output.value};
	out->message = message;
	return tw_judge_fold(stages->judge, arena, out, err);
}

static enum tw_code fact_case(struct tw_stages *stages, struct tw_arena *arena, const struct tw_event *fact, int64_t offset, struct tw_case *out,
                              struct tw_error *err)
{
	struct tw_event *own = tw_arena_alloc_raw(arena, sizeof(*own));
	*out = (struct tw_case){.message = NULL};
	if (!own) {
		return memory_out(err);
	}
	if (tw_due_turns(fact->type)) {
		return fact_judged(stages, arena, fact, offset, out, err);
	}
	*own = *fact;
	out->event = own;
	return tw_operations_of(own, arena, &out->operations, err);
}

/* @param cases out: parallel to the facts, with their priors */
static enum tw_code facts_apply(struct tw_stages *stages, struct tw_portion *portion, const struct tw_event *facts, uint32_t count,
                                struct tw_case *cases, struct tw_error *err)
{
	struct tw_store_event *events = tw_arena_alloc(&portion->arena, count * sizeof(*events));
	if (!events) {
		return memory_out(err);
	}
	for (uint32_t i = 0; i < count; i++) {
		int64_t offset = stages->facts_next + i;
		enum tw_code code = fact_case(stages, &portion->arena, &facts[i], offset, &cases[i], err);
		if (code != TW_OK) {
			return code;
		}
		events[i] = (struct tw_store_event){.offset = offset, .operations = cases[i].operations};
	}
	struct tw_store_part part = {.topic = tw_slice_str(FACTS_PLACE),
	                             .committed = stages->facts_committed,
	                             .next = stages->facts_next + count,
	                             .events = events,
	                             .event_count = count};
	enum tw_code code = run_apply(stages, portion, &part, err);
	if (code == TW_OK) {
		stages->facts_next = part.next;
	}
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		cases[i].priors = events[i].priors;
	}
	return code;
}

static bool case_keep(struct tw_arena *arena, const struct tw_case *about, struct tw_list *judged)
{
	struct tw_case *kept = tw_list_push(arena, judged, sizeof(*kept));
	if (kept) {
		*kept = *about;
	}
	return kept;
}

/* Facts of facts, all of one round, and which of them are to be judged. @param round in, out: struct tw_event */
static enum tw_code facts_round(struct tw_stages *stages, struct tw_portion *portion, struct tw_list *round, struct tw_list *judged,
                                struct tw_error *err)
{
	struct tw_arena *arena = &portion->arena;
	struct tw_list next = {NULL, 0, 0}, made;
	struct tw_case *cases = tw_arena_alloc(arena, round->count * sizeof(*cases));
	if (!cases) {
		return memory_out(err);
	}
	enum tw_code code = facts_apply(stages, portion, round->data, round->count, cases, err);
	for (uint32_t i = 0; code == TW_OK && i < round->count; i++) {
		code = tw_judge_facts_of(stages->time, arena, &cases[i], &made, err);
		for (uint32_t j = 0; code == TW_OK && j < made.count; j++) {
			struct tw_event *fact = tw_list_push(arena, &next, sizeof(*fact));
			if (!fact) {
				return memory_out(err);
			}
			*fact = ((struct tw_event *)made.data)[j];
		}
		if (code == TW_OK && cases[i].message && !case_keep(arena, &cases[i], judged)) {
			return memory_out(err);
		}
	}
	*round = next;
	return code;
}

static enum tw_code facts_follow(struct tw_stages *stages, struct tw_portion *portion, struct tw_case *about, struct tw_error *err)
{
	struct tw_list round, judged = {NULL, 0, 0};
	enum tw_code code = tw_judge_facts_of(stages->time, &portion->arena, about, &round, err);
	while (code == TW_OK && round.count) {
		code = facts_round(stages, portion, &round, &judged, err);
	}
	about->follow = judged.data;
	about->follow_count = code == TW_OK ? judged.count : 0;
	return code;
}

/* Up to the first that tells of time: what follows of it comes before the next one. */
static uint32_t run_length(struct tw_stages *stages, const struct tw_store_event *events, const struct tw_case *cases, uint32_t count)
{
	uint32_t length = tw_facts_run(stages->store, events, count);
	for (uint32_t i = 0; i < length; i++) {
		if (cases[i].ticks) {
			return i + 1;
		}
	}
	return length;
}

/* @param cases the part's own */
static enum tw_code part_ask(struct tw_stages *stages, struct tw_portion *portion, const struct tw_store_part *part, struct tw_case *cases,
                             struct tw_error *err)
{
	enum tw_code code = TW_OK;
	uint32_t done = 0;
	while (code == TW_OK && done < part->event_count) {
		struct tw_store_part run = *part;
		run.events += done;
		run.event_count = run_length(stages, run.events, cases + done, part->event_count - done);
		run.next = run.events[run.event_count - 1].offset + 1;
		code = run_apply(stages, portion, &run, err);
		for (uint32_t i = 0; code == TW_OK && i < run.event_count; i++) {
			cases[done + i].priors = run.events[i].priors;
		}
		done += run.event_count;
		code = code == TW_OK ? facts_follow(stages, portion, &cases[done - 1], err) : code;
	}
	return code;
}

enum tw_code tw_in_order_ask(struct tw_stages *stages, struct tw_portion *portion, struct tw_error *err)
{
	enum tw_code code = TW_OK;
	portion->goes_on = false;
	struct tw_case *cases = portion->cases; /* parts are runs of cases, in order */
	for (uint32_t i = 0; code == TW_OK && i < portion->parts.count; i++) {
		code = part_ask(stages, portion, &portion->parts.part[i], cases, err);
		cases += portion->parts.part[i].event_count;
	}
	return code;
}
