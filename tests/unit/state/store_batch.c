/**
 * @file store_batch.c
 * See store_batch.h.
 */
#include "tests/unit/state/store_batch.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "engine/state/field.h"
#include "engine/state/record.h"
#include "tests/unit/state/events.h"

static const char *const shipper = "Quill & Sons";

struct tw_event *suite_declaration(struct tw_arena *arena, int64_t at)
{
	struct tw_slice id = tw_arena_format(arena, "evt-%lld", (long long)at);
	struct tw_slice consignment = tw_arena_format(arena, "CONS-%lld", (long long)at);
	struct tw_event *event = manifest_new(arena, TW_CONSIGNMENT_DECLARED, id.ptr, "2026-03-02T08:00:00Z", consignment.ptr);
	event->time.ms += at * 60000;
	party_add(arena, &event->consignment.parties, shipper, "XA");
	struct tw_item *item = item_add(arena, event, 1, 10, "C62");
	ref_add(arena, item, "QZ", "QZ/MOD/1", 1);
	return event;
}

struct tw_store_event suite_stored(struct tw_arena *arena, const struct tw_event *event, int64_t offset)
{
	struct tw_operations *operations = NULL;
	struct tw_error err;
	cr_assert_eq(tw_operations_of(event, arena, &operations, &err), TW_OK);
	return (struct tw_store_event){.offset = offset, .operations = operations};
}

struct tw_store_part suite_part_of(int32_t partition, struct tw_store_event *events, uint32_t count, int64_t committed)
{
	return (struct tw_store_part){.topic = tw_slice_str(SUITE_TOPIC),
	                              .partition = partition,
	                              .committed = committed,
	                              .next = count ? events[count - 1].offset + 1 : 0,
	                              .events = events,
	                              .event_count = count};
}

void suite_survey(struct tw_store *store)
{
	struct tw_store_life life = {.open = false};
	struct tw_error err = {.detail = ""};
	for (int i = 0; i < 3 && !life.open; i++) {
		enum tw_code code = tw_store_survey(store, NULL, 0, true, &life, &err);
		cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	}
	cr_assert(life.open);
}

void suite_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t count, struct tw_arena *arena)
{
	struct tw_error err = {.detail = ""};
	enum tw_code code = tw_store_apply(store, parts, count, arena, &err);
	cr_assert_eq(code, TW_OK, "%s: %s: %s", tw_code_name(code), err.what, err.detail);
}

int64_t suite_ask(const struct tw_event *event, const struct tw_store_event *stored_event, enum tw_entity_kind kind, enum tw_metric metric,
                  const void *subject, struct tw_arena *arena)
{
	struct tw_history_query query = {kind, metric, 0, subject};
	struct tw_history_answer answer = tw_history_answer_of(event, stored_event->operations, stored_event->priors, &query, arena);
	return answer.stated ? answer.value : -1;
}

int64_t suite_seen_before(const struct tw_event *event, const struct tw_store_event *stored_event, struct tw_arena *arena)
{
	return suite_ask(event, stored_event, TW_ENTITY_PARTY, TW_METRIC_SEEN, event->consignment.parties.data, arena);
}

struct tw_slice suite_canonical(struct tw_store *store, enum tw_entity_kind kind, const char *key, struct tw_arena *arena)
{
	struct tw_slice bytes = {NULL, 0};
	struct tw_error err = {.detail = ""};
	enum tw_code code = tw_store_read(store, kind, tw_slice_str(key), arena, &bytes, &err);
	cr_assert_eq(code, TW_OK, "%s: %s", err.what, err.detail);
	return bytes;
}

int64_t suite_seen(struct tw_store *store, struct tw_arena *arena)
{
	struct tw_slice bytes = suite_canonical(store, TW_ENTITY_PARTY, "quill sons|XA", arena);
	struct tw_state state;
	cr_assert_eq(tw_packed_read(bytes, arena, &state), TW_OK);
	int64_t seen = tw_state_counter(&state, TW_COUNT_OLDER_SEEN, 0);
	for (uint32_t i = 0; i < state.counter_count; i++) {
		bool bucket = tw_field_is_bucket(state.counters[i].field) && tw_bucket_of(state.counters[i].field) == TW_BUCKET_SEEN;
		seen += bucket ? state.counters[i].value : 0;
	}
	return seen;
}

struct tw_store_event suite_event(struct tw_arena *arena, int64_t offset)
{
	return suite_stored(arena, suite_declaration(arena, offset), offset);
}

enum tw_code suite_apply_at(struct tw_store *store, const char *topic, int32_t partition, int64_t at, int64_t offset, int64_t committed,
                            struct tw_arena *arena, int64_t *seen, struct tw_error *err)
{
	struct tw_event *event = suite_declaration(arena, at);
	struct tw_store_event events[] = {suite_stored(arena, event, offset)};
	struct tw_store_part part = suite_part_of(partition, events, 1, committed);
	part.topic = tw_slice_str(topic);
	enum tw_code code = tw_store_apply(store, &part, 1, arena, err);
	if (code == TW_OK) {
		*seen = suite_seen_before(event, &events[0], arena);
	}
	return code;
}

enum tw_code suite_apply_one(struct tw_store *store, int64_t offset, int64_t committed, struct tw_arena *arena, int64_t *seen, struct tw_error *err)
{
	return suite_apply_at(store, SUITE_TOPIC, 0, offset, offset, committed, arena, seen, err);
}
