/**
 * @file operations.h
 * From an event to the entities it mentions and what it adds to each; from priors to answers.
 * Pure: an event's raw fields alone, never a score, a rule, the clock or another record.
 */
#ifndef TIDEWAITER_ENGINE_STATE_OPERATIONS_H
#define TIDEWAITER_ENGINE_STATE_OPERATIONS_H

#include <stdbool.h>

#include "engine/state/store.h"

struct tw_mention;

/**
 * @param arena operations live there; keys and payloads may point into the event
 * @return TW_OK; TW_E_LIMIT reject past TW_OPERATIONS_MAX (the event becomes a dead letter); TW_E_MEMORY stop
 */
TW_MUST_USE enum tw_code tw_operations_of(const struct tw_event *event, struct tw_arena *arena, struct tw_operations **out, struct tw_error *err);

/**
 * Answer one question about one event's entities. Pure. `arena` must live as long as `priors` and must not be rewound meanwhile: a folded
 * record is kept for the next question. Not stated: `priors` NULL, no such entity in the event, no record before it, or
 * no value for the metric. What two readers might read differently:
 *  - a window of n days reaches from the event's day back to the n-th day before it, both included; later days are outside
 *  - drawn_before, drawn_with_this, certified: in the unit of the item that the reference stands on; a unit that is not stated agrees with
 *    any; sums over more than one unit are not stated. Draws that name no line count for the only line of one-line terms. An item that
 *    names several certificates draws its whole quantity on each
 *  - known, single_transaction, valid_*, final_destination, certified: of the highest revision on record, whatever the event's time
 *  - status, authenticated, marking_status: up to the event's time, by when a status takes effect (its `effective` day, else its time);
 *    see tw_certificate_status_at for what ends what
 */
struct tw_history_answer tw_history_answer_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                              const struct tw_history_query *query, struct tw_arena *arena);

/** Where an event mentions an entity of that kind by that struct. @return NULL: nowhere */
const struct tw_mention *tw_operations_mention(const struct tw_operations *operations, const void *subject, enum tw_entity_kind kind);

/** The record, before the event, of an entity that it names; as tw_history_answer_of asks it. @return NULL: there is none, or no memory for it */
const struct tw_state *tw_history_state(const struct tw_operations *operations, const struct tw_priors *priors, enum tw_entity_kind kind,
                                        const void *subject, struct tw_arena *arena);

/**
 * Whether some answer about an entity of that kind, of all that the event names, may be stated and other than 0. Asked once for many questions:
 * most marks that a consignment names were never met, nor any mark near them.
 * @param arena as for tw_history_answer_of @return true for metrics that tw_metric_is_of_records leaves out
 */
bool tw_history_may_say(const struct tw_operations *operations, struct tw_priors *priors, enum tw_entity_kind kind, enum tw_metric metric,
                        struct tw_arena *arena);

/** @return false when an answer could not be worked out at the arena's ceiling: the caller must stop (TW_E_MEMORY), not go on without it */
bool tw_priors_whole(const struct tw_priors *priors);

/** The parties, vessel, containers and certificates of an event as an alert shows them: order of mention, each key once. */
TW_MUST_USE enum tw_code tw_entities_of(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                        struct tw_arena *arena, struct tw_entity_view **out, uint32_t *count, struct tw_error *err);

#endif
