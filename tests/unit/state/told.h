/**
 * @file told.h
 * Events told to a memory store one after the other, and what is known before each: for tests of what history answers.
 */
#ifndef TIDEWAITER_TESTS_STATE_TOLD_H
#define TIDEWAITER_TESTS_STATE_TOLD_H

#include "engine/base/arena.h"
#include "engine/state/operations.h"
#include "tests/unit/state/events.h"

#define NOT_STATED INT64_MIN

struct told_world {
	struct tw_arena arena;
	struct tw_store *store;
	int64_t next_offset;
};

/** An event with what was known before it. */
struct told {
	const struct tw_event *event;
	struct tw_store_event stored;
};

void told_start(struct told_world *world);
void told_stop(struct told_world *world);
struct told tell(struct told_world *world, const struct tw_event *event);
struct tw_history_answer told_answer(struct told_world *world, const struct told *told, enum tw_entity_kind kind, enum tw_metric metric,
                                     uint32_t days, const void *subject);
/** @return the answer's value, or NOT_STATED */
int64_t told_ask(struct told_world *world, const struct told *told, enum tw_entity_kind kind, enum tw_metric metric, uint32_t days,
                 const void *subject);

#endif
