/**
 * @file operations.h
 * From an event to the entities it mentions and what it adds to each; from priors to answers.
 * Pure: an event's raw fields alone, never a score, a rule, the clock or another record.
 */
#ifndef TIDEWAITER_ENGINE_STATE_OPERATIONS_H
#define TIDEWAITER_ENGINE_STATE_OPERATIONS_H

#include "engine/state/store.h"

/**
 * @param arena operations live there; keys and payloads may point into the event
 * @return TW_OK; TW_E_LIMIT reject past TW_OPERATIONS_MAX (the event becomes a dead letter); TW_E_MEMORY stop
 */
TW_MUST_USE enum tw_code tw_operations_of(const struct tw_event *event, struct tw_arena *arena, struct tw_operations **out, struct tw_error *err);

/** Answer one question about one event's entities. `priors` NULL answers "not stated". Pure. */
struct tw_history_answer tw_history_answer_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                              const struct tw_history_query *query, struct tw_arena *arena);

/** The parties, vessel, containers and certificates of an event as an alert shows them: order of mention, each key once. */
TW_MUST_USE enum tw_code tw_entities_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                        struct tw_arena *arena, struct tw_entity_view **out, uint32_t *count, struct tw_error *err);

#endif
