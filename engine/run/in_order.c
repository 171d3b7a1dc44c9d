/**
 * @file in_order.c
 * See in_order.h.
 */
#include "engine/run/in_order.h"

#include "engine/state/facts.h"
#include "engine/state/operations.h"

#define FACTS_PLACE "(facts)" /* no topic can be named so */

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for an event's facts", NULL, NULL);
}

static enum tw_code facts_apply(struct tw_stages *stages, struct tw_portion *portion, const struct tw_event *facts, uint32_t count,
                                struct tw_error *err)
{
	struct tw_store_event *events = tw_arena_alloc(&portion->arena, count * sizeof(*events));
	if (!events) {
		return memory_out(err);
	}
	for (uint32_t i = 0; i < count; i++) {
		struct tw_operations *operations = NULL;
		enum tw_code code = tw_operations_of(&facts[i], &portion->arena, &operations, err);
		if (code != TW_OK) {
			return code;
		}
		events[i] = (struct tw_store_event){.offset = stages->facts_next + i, .operations = operations};
	}
	struct tw_store_part part = {.topic = tw_slice_str(FACTS_PLACE),
	                             .committed = stages->facts_committed,
	                             .next = stages->facts_next + count,
	                             .events = events,
	                             .event_count = count};
	enum tw_code code = tw_portion_apply(stages, portion, &part, 1, err);
	if (code == TW_OK) {
		stages->facts_next = part.next;
	}
	return code;
}

static enum tw_code facts_follow(struct tw_stages *stages, struct tw_portion *portion, const struct tw_case *about, struct tw_error *err)
{
	struct tw_event *facts = NULL;
	uint32_t count = 0;
	if (!about->operations) {
		return TW_OK;
	}
	enum tw_code code = tw_facts_of(about->event, about->operations, about->priors, &portion->arena, &facts, &count, err);
	return code == TW_OK && count ? facts_apply(stages, portion, facts, count, err) : code;
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
		run.event_count = tw_facts_run(stages->store, run.events, part->event_count - done);
		run.next = run.events[run.event_count - 1].offset + 1;
		code = tw_portion_apply(stages, portion, &run, 1, err);
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
	struct tw_case *cases = portion->cases; /* parts are runs of cases, in order */
	for (uint32_t i = 0; code == TW_OK && i < portion->parts.count; i++) {
		code = part_ask(stages, portion, &portion->parts.part[i], cases, err);
		cases += portion->parts.part[i].event_count;
	}
	return code;
}
