/**
 * @file store_batch.h
 * Events made into batches, applied to a store and asked about: for the scenarios of store_suite.h and for the stores' own tests. A store that
 * refuses where it should not fails the test.
 */
#ifndef TIDEWAITER_TESTS_STATE_STORE_BATCH_H
#define TIDEWAITER_TESTS_STATE_STORE_BATCH_H

#include "engine/state/operations.h"

#define SUITE_ARENA_BYTES (256U * 1024U)
#define SUITE_TOPIC       "tw.manifests"

struct tw_event;

/** A declaration of one party, one item that draws 10 on one certificate. Ids are made from `at`: no two places make the same event. */
struct tw_event *suite_declaration(struct tw_arena *arena, int64_t at);
/** The event at its place in the log, with its operations. */
struct tw_store_event suite_stored(struct tw_arena *arena, const struct tw_event *event, int64_t offset);
/** Declaration number `offset`, stored. */
struct tw_store_event suite_event(struct tw_arena *arena, int64_t offset);
/** Borrows the events, which are of SUITE_TOPIC and follow each other. */
struct tw_store_part suite_part_of(int32_t partition, struct tw_store_event *events, uint32_t count, int64_t committed);

/** The epoch agreed on and open. After "stale, retry": whoever goes on looks at the state first. */
void suite_survey(struct tw_store *store);
void suite_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t count, struct tw_arena *arena);
/** A batch of one declaration, and how often its party was seen before. @return what the store says, which may be a refusal: `seen` is as it was */
enum tw_code suite_apply_one(struct tw_store *store, int64_t offset, int64_t committed, struct tw_arena *arena, int64_t *seen, struct tw_error *err);
/** The same anywhere. */
enum tw_code suite_apply_at(struct tw_store *store, const char *topic, int32_t partition, int64_t at, int64_t offset, int64_t committed,
                            struct tw_arena *arena, int64_t *seen, struct tw_error *err);

/** @return a metric's value by the event's priors; -1 where nothing is stated */
int64_t suite_ask(const struct tw_event *event, const struct tw_store_event *stored_event, enum tw_entity_kind kind, enum tw_metric metric,
                  const void *subject, struct tw_arena *arena);
/** The same of the event's first party: how often it was seen before. */
int64_t suite_seen_before(const struct tw_event *event, const struct tw_store_event *stored_event, struct tw_arena *arena);
/** @return the entity's record as canonical bytes, empty where it was never met */
struct tw_slice suite_canonical(struct tw_store *store, enum tw_entity_kind kind, const char *key, struct tw_arena *arena);
/** How often the declarations' party was seen, by its record. */
int64_t suite_seen(struct tw_store *store, struct tw_arena *arena);

#endif
