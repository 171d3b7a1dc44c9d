/**
 * @file told.c
 * See told.h.
 */
#include "tests/unit/state/told.h"

#include <criterion/criterion.h>

void told_start(struct told_world *world)
{
	*world = (struct told_world){.next_offset = 0};
	tw_arena_init(&world->arena, 1U << 20, 0);
	cr_assert_eq(tw_store_memory_new(&world->store, NULL), TW_OK);
}

void told_stop(struct told_world *world)
{
	tw_store_free(world->store);
	tw_arena_fini(&world->arena);
}

struct told tell(struct told_world *world, const struct tw_event *event)
{
	struct told told = {.event = event};
	struct tw_operations *operations = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_operations_of(event, &world->arena, &operations, &err), TW_OK);
	told.stored = (struct tw_store_event){.offset = world->next_offset, .operations = operations};
	struct tw_store_part part = {.topic = tw_slice_str("t"), .next = world->next_offset + 1, .events = &told.stored, .event_count = 1};
	cr_assert_eq(tw_store_apply(world->store, &part, 1, &world->arena, &err), TW_OK, "%s", err.detail);
	world->next_offset++;
	return told;
}

struct tw_history_answer told_answer(struct told_world *world, const struct told *told, enum tw_entity_kind kind, enum tw_metric metric,
                                     uint32_t days, const void *subject)
{
	struct tw_history_query query = {kind, metric, days, subject};
	return tw_history_answer_of(told->event, told->stored.operations, told->stored.priors, &query, &world->arena);
}

int64_t told_ask(struct told_world *world, const struct told *told, enum tw_entity_kind kind, enum tw_metric metric, uint32_t days,
                 const void *subject)
{
	struct tw_history_answer answer = told_answer(world, told, kind, metric, days, subject);
	return answer.stated ? answer.value : NOT_STATED;
}
