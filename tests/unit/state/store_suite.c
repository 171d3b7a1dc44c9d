/**
 * @file store_suite.c
 * The scenarios of store_suite.h.
 */
#include "tests/unit/state/store_suite.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "engine/state/record.h"
#include "tests/unit/state/events.h"

/* The prior of an event's operation number `at`, as canonical bytes. */
static struct tw_slice prior_bytes(const struct tw_store_event *event, uint32_t at, struct tw_arena *arena)
{
	struct tw_slice bytes = {NULL, 0};
	cr_assert_eq(tw_record_canonical(event->priors->prior[at].record, arena, &bytes), TW_OK);
	return bytes;
}

void suite_first_mention_has_no_prior(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_error err;
	int64_t seen = 7;
	cr_assert_eq(suite_apply_one(store, 0, 0, &arena, &seen, &err), TW_OK);
	cr_expect_eq(seen, -1, "a first mention must not be stated");
	cr_assert_eq(suite_apply_one(store, 1, 0, &arena, &seen, &err), TW_OK);
	cr_expect_eq(seen, 1);
	struct tw_store_standing at;
	cr_assert_eq(tw_store_watermark(store, tw_slice_str(SUITE_TOPIC), 0, &at, &err), TW_OK);
	cr_expect_eq(at.least, 2);
	cr_expect_eq(at.most, 2);
	cr_assert_eq(tw_store_watermark(store, tw_slice_str(SUITE_TOPIC), 1, &at, &err), TW_OK);
	cr_expect_eq(at.least, -1);
	cr_expect_eq(at.most, -1);
	tw_arena_fini(&arena);
}

void suite_earlier_events_of_a_batch_count_into_later_priors(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *event[5];
	struct tw_store_event first[3], second[2];
	for (int i = 0; i < 5; i++) {
		event[i] = suite_declaration(&arena, i);
		struct tw_store_event made = suite_stored(&arena, event[i], i < 3 ? i : 100 + i);
		*(i < 3 ? &first[i] : &second[i - 3]) = made;
	}
	struct tw_store_part parts[] = {suite_part_of(0, first, 3, 0), suite_part_of(1, second, 2, 0)};
	suite_apply(store, parts, 2, &arena);
	cr_expect_eq(suite_seen_before(event[0], &first[0], &arena), -1);
	cr_expect_eq(suite_seen_before(event[1], &first[1], &arena), 1);
	cr_expect_eq(suite_seen_before(event[2], &first[2], &arena), 2);
	cr_expect_eq(suite_seen_before(event[3], &second[0], &arena), 3);
	cr_expect_eq(suite_seen_before(event[4], &second[1], &arena), 4);
	const struct tw_item *item = event[4]->consignment.items.data;
	const void *ref = item->certificates.data;
	cr_expect_eq(suite_ask(event[4], &second[1], TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWN_BEFORE, ref, &arena), 4 * 100000);
	cr_expect_eq(suite_ask(event[4], &second[1], TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWN_WITH, ref, &arena), 5 * 100000);
	tw_arena_fini(&arena);
}

/* Both arrays: the same priors, byte for byte. */
static void expect_same_priors(const struct tw_store_event *a, const struct tw_store_event *b, uint32_t count, struct tw_arena *arena)
{
	for (uint32_t i = 0; i < count; i++) {
		for (uint32_t k = 0; k < a[i].operations->count; k++) {
			struct tw_slice left = prior_bytes(&a[i], k, arena), right = prior_bytes(&b[i], k, arena);
			cr_expect(tw_slice_equal(left, right), "event %u, operation %u", i, k);
			cr_expect_eq(a[i].priors->prior[k].record.len == 0, b[i].priors->prior[k].record.len == 0, "event %u, operation %u", i, k);
		}
	}
}

void suite_a_replay_gives_the_same_priors_and_adds_nothing(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_store_event once[40], again[40];
	for (int i = 0; i < 40; i++) {
		once[i] = again[i] = suite_stored(&arena, suite_declaration(&arena, i), i);
	}
	struct tw_store_part part = suite_part_of(0, once, 40, 0);
	suite_apply(store, &part, 1, &arena);
	struct tw_slice before = suite_canonical(store, TW_ENTITY_PARTY, "quill sons|XA", &arena);
	before = tw_arena_copy(&arena, before);
	part = suite_part_of(0, again, 40, 0);
	suite_apply(store, &part, 1, &arena);
	expect_same_priors(once, again, 40, &arena);
	cr_expect(tw_slice_equal(before, suite_canonical(store, TW_ENTITY_PARTY, "quill sons|XA", &arena)));
	cr_expect_eq(suite_seen(store, &arena), 40);
	tw_arena_fini(&arena);
}

void suite_part_of_a_batch_may_be_a_replay(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *event[6];
	struct tw_store_event once[6], again[6];
	for (int i = 0; i < 6; i++) {
		event[i] = suite_declaration(&arena, i);
		once[i] = again[i] = suite_stored(&arena, event[i], i * 3); /* offsets have gaps: transaction markers */
	}
	struct tw_store_part part = suite_part_of(0, once, 4, 0);
	suite_apply(store, &part, 1, &arena);
	part = suite_part_of(0, again, 6, 0);
	suite_apply(store, &part, 1, &arena);
	for (int i = 0; i < 6; i++) {
		cr_expect_eq(suite_seen_before(event[i], &again[i], &arena), i ? i : -1, "event %d", i);
	}
	cr_expect_eq(suite_seen(store, &arena), 6);
	tw_arena_fini(&arena);
}

static struct tw_event *issue(struct tw_arena *arena)
{
	struct tw_event *event = certificate_new(arena, TW_CERTIFICATE_ISSUED, "cert-1", "2026-03-01T00:00:00Z", "QZ", "QZ/MOD/1");
	certificate_item_add(arena, event, 1, 25, "C62");
	return event;
}

void suite_terms_and_draws_may_come_in_either_order(struct tw_store *store, struct tw_store *other)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *certificate = issue(&arena), *shipment = suite_declaration(&arena, 1);
	struct tw_store_event terms = suite_stored(&arena, certificate, 0), draw = suite_stored(&arena, shipment, 0);
	struct tw_store_part parts[] = {suite_part_of(0, &terms, 1, 0), suite_part_of(1, &draw, 1, 0)};
	suite_apply(store, parts, 2, &arena);
	const struct tw_item *item = shipment->consignment.items.data;
	cr_expect_eq(suite_ask(shipment, &draw, TW_ENTITY_CERTIFICATE, TW_METRIC_CERTIFIED, item->certificates.data, &arena), 250000);
	struct tw_store_part swapped[] = {parts[1], parts[0]};
	suite_apply(other, swapped, 2, &arena);
	cr_expect_eq(suite_ask(certificate, &terms, TW_ENTITY_CERTIFICATE, TW_METRIC_OTHER_CONSIGNMENTS, NULL, &arena), 1);
	struct tw_slice left = tw_arena_copy(&arena, suite_canonical(store, TW_ENTITY_CERTIFICATE, "QZ|QZMOD1", &arena));
	cr_expect_gt(left.len, 0);
	cr_expect(tw_slice_equal(left, suite_canonical(other, TW_ENTITY_CERTIFICATE, "QZ|QZMOD1", &arena)));
	tw_arena_fini(&arena);
}

void suite_what_was_sent_ahead_counts_once_whoever_asks_next(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *event[4];
	struct tw_store_event events[4];
	struct tw_store_part parts[4];
	for (uint32_t i = 0; i < 4; i++) {
		event[i] = suite_declaration(&arena, i);
		events[i] = suite_stored(&arena, event[i], i);
		parts[i] = suite_part_of(0, &events[i], 1, 0);
	}
	tw_store_start(store, &parts[0], 1, &arena);
	tw_store_start(store, &parts[0], 1, &arena);
	suite_apply(store, &parts[0], 1, &arena);
	cr_expect_eq(suite_seen_before(event[0], &events[0], &arena), -1);
	tw_store_start(store, &parts[1], 1, &arena);
	tw_store_start(store, NULL, 0, NULL); /* the server may have applied it, or not */
	suite_apply(store, &parts[1], 1, &arena);
	cr_expect_eq(suite_seen_before(event[1], &events[1], &arena), 1);
	tw_store_start(store, &parts[2], 1, &arena);
	cr_expect_geq(suite_seen(store, &arena), 2); /* another call takes it back */
	suite_apply(store, &parts[2], 1, &arena);
	cr_expect_eq(suite_seen_before(event[2], &events[2], &arena), 2);
	tw_store_start(store, &parts[3], 1, &arena);
	struct tw_store_event again = suite_stored(&arena, event[2], 2);
	struct tw_store_part replay = suite_part_of(0, &again, 1, 0);
	suite_apply(store, &replay, 1, &arena);
	cr_expect_eq(suite_seen_before(event[2], &again, &arena), 2);
	suite_apply(store, &parts[3], 1, &arena);
	cr_expect_eq(suite_seen_before(event[3], &events[3], &arena), 3);
	cr_expect_eq(suite_seen(store, &arena), 4);
	tw_arena_fini(&arena);
}

static void ask(struct tw_store *store, struct tw_store_part *part, struct tw_arena *arena)
{
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_store_ask(store, part, 1, arena, &err), TW_OK, "%s: %s", err.what, err.detail);
}

static bool confirmed(struct tw_store *store)
{
	struct tw_error err = {.detail = ""};
	bool held = false;
	cr_assert_eq(tw_store_confirm(store, &held, &err), TW_OK, "%s: %s", err.what, err.detail);
	return held;
}

void suite_what_is_asked_holds_once_confirmed(struct tw_store *store, bool late)
{
	enum { ASKED = 40 };
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *event[ASKED];
	struct tw_store_event events[ASKED];
	struct tw_store_part parts[ASKED];
	for (uint32_t i = 0; i < ASKED; i++) {
		event[i] = suite_declaration(&arena, i);
		events[i] = suite_stored(&arena, event[i], i);
		parts[i] = suite_part_of(0, &events[i], 1, 0);
		parts[i].committed = i / 8 * 8; /* so that records are compacted */
	}
	for (uint32_t i = 0; i + 4 < ASKED; i++) { /* each is started behind the one before, whose end it does not wait for */
		tw_store_start(store, &parts[i], 1, &arena);
		ask(store, &parts[i], &arena);
		tw_store_start(store, &parts[i + 1], 1, &arena);
		cr_expect_eq(suite_seen_before(event[i], &events[i], &arena), i ? (int64_t)i : -1);
		cr_expect(confirmed(store), "event %u", i);
		cr_expect(confirmed(store), "nothing is open any more");
	}
	uint32_t at = ASKED - 4;
	ask(store, &parts[at], &arena);
	tw_store_start(store, &parts[at + 1], 1, &arena);
	cr_expect_geq(suite_seen(store, &arena), at + 1); /* another call waits for it, and for nobody's question */
	cr_expect_eq(confirmed(store), !late);
	ask(store, &parts[at], &arena); /* a replay now */
	cr_expect_eq(suite_seen_before(event[at], &events[at], &arena), at);
	cr_expect(confirmed(store));
	ask(store, &parts[at + 1], &arena);
	suite_apply(store, &parts[at + 2], 1, &arena);
	cr_expect_eq(suite_seen_before(event[at + 2], &events[at + 2], &arena), at + 2);
	ask(store, &parts[at + 3], &arena);
	tw_store_start(store, NULL, 0, NULL);
	cr_expect_eq(confirmed(store), !late);
	cr_expect_eq(suite_seen(store, &arena), ASKED);
	tw_arena_fini(&arena);
}

void suite_a_dead_letter_advances_the_watermark(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_store_event events[] = {{.offset = 4, .operations = NULL}, {.offset = 9, .operations = NULL}};
	struct tw_store_part part = suite_part_of(3, events, 2, 0);
	suite_apply(store, &part, 1, &arena);
	cr_expect_null(events[0].priors);
	struct tw_store_standing at;
	struct tw_error err;
	cr_assert_eq(tw_store_watermark(store, part.topic, 3, &at, &err), TW_OK);
	cr_expect_eq(at.least, 10);
	cr_expect_eq(at.most, 10);
	tw_arena_fini(&arena);
}

void suite_state_behind_the_log_is_stale(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_error err = {.detail = ""};
	int64_t seen = 0;
	cr_assert_eq(suite_apply_one(store, 12, 12, &arena, &seen, &err), TW_E_STALE, "committed 12 and no watermark");
	cr_expect_str_eq(err.where, SUITE_TOPIC "/0");
	cr_expect(strstr(err.detail, "watermark -1") && strstr(err.detail, "committed 12"), "%s", err.detail);
	suite_survey(store);
	cr_assert_eq(suite_apply_one(store, 0, 0, &arena, &seen, &err), TW_OK);
	cr_assert_eq(suite_apply_one(store, 12, 12, &arena, &seen, &err), TW_E_STALE);
	cr_expect(strstr(err.detail, "watermark 1,") && strstr(err.detail, "rebuild"), "%s", err.detail);
	cr_expect_eq(suite_seen(store, &arena), 1, "nothing was added");
	tw_arena_fini(&arena);
}

void suite_bad_parts_are_refused(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_store_event events[] = {suite_stored(&arena, suite_declaration(&arena, 1), 5),
	                                  suite_stored(&arena, suite_declaration(&arena, 2), 5)};
	struct tw_error err;
	struct tw_store_part part = suite_part_of(0, events, 2, 0);
	cr_expect_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_E_RANGE, "offsets do not ascend");
	events[1].offset = 6;
	part.next = 6;
	cr_expect_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_E_RANGE, "next is not beyond the last");
	part = suite_part_of(4096, events, 2, 0);
	cr_expect_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_E_RANGE, "partition");
	part = suite_part_of(0, events, 2, 0);
	part.topic = tw_slice_str("two\nlines");
	cr_expect_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_E_RANGE, "topic");
	cr_expect_eq(suite_canonical(store, TW_ENTITY_PARTY, "quill sons|XA", &arena).len, 0);
	tw_arena_fini(&arena);
}

#define MARKS 5000

/* One line with thousands of single serials, between two ordinary events. */
static struct tw_event *arsenal(struct tw_arena *arena)
{
	struct tw_event *event = suite_declaration(arena, 1);
	struct tw_item *item = event->consignment.items.data;
	for (int i = 0; i < MARKS; i++) {
		struct tw_slice serial = tw_arena_format(arena, "AB %05d", i);
		marking_add(arena, &item->markings, "Quillworks", serial.ptr);
	}
	return event;
}

void suite_one_event_with_thousands_of_marks(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_event *event[] = {suite_declaration(&arena, 0), arsenal(&arena), suite_declaration(&arena, 2), arsenal(&arena)};
	event[3]->consignment.id = text("CONS-OTHER");
	event[3]->id = text("evt-other");
	struct tw_store_event once[4], again[4];
	for (int i = 0; i < 4; i++) {
		once[i] = again[i] = suite_stored(&arena, event[i], i);
	}
	cr_assert_eq(once[1].operations->count, MARKS + 12,
	             "the marks, their series, its six blocks, its long runs and its index, and what an ordinary event names");
	struct tw_store_part part = suite_part_of(0, once, 4, 0);
	suite_apply(store, &part, 1, &arena);
	part = suite_part_of(0, again, 4, 0);
	suite_apply(store, &part, 1, &arena);
	expect_same_priors(once, again, 4, &arena);
	const struct tw_item *item = event[3]->consignment.items.data;
	const struct tw_marking *last = (const struct tw_marking *)item->markings.data + MARKS - 1;
	cr_expect_eq(suite_ask(event[3], &again[3], TW_ENTITY_MARKING, TW_METRIC_MARKING_CONSIGNMENTS, last, &arena), 1);
	cr_expect_eq(suite_seen(store, &arena), 4);
	tw_arena_fini(&arena);
}

void suite_long_tails_fold_without_changing_anything(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_error err;
	for (int64_t i = 0; i < 200; i++) {
		int64_t seen = 0;
		/* one batch behind: what was applied last is not yet committed */
		cr_assert_eq(suite_apply_one(store, i, i ? i - 1 : 0, &arena, &seen, &err), TW_OK);
		cr_assert_eq(seen, i ? i : -1, "event %lld", (long long)i);
	}
	int64_t seen = 0;
	cr_assert_eq(suite_apply_one(store, 199, 199, &arena, &seen, &err), TW_OK, "a replay after folding");
	cr_expect_eq(seen, 199);
	cr_expect_eq(suite_seen(store, &arena), 200);
	tw_arena_fini(&arena);
}

void suite_a_replay_below_the_committed_offset_is_refused_once_folded(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	struct tw_error err;
	int64_t seen = 0;
	for (int64_t i = 0; i < 60; i++) {
		cr_assert_eq(suite_apply_one(store, i, i, &arena, &seen, &err), TW_OK);
	}
	cr_expect_eq(suite_apply_one(store, 0, 60, &arena, &seen, &err), TW_E_STALE);
	cr_expect_str_eq(err.where, SUITE_TOPIC "/0/0");
	cr_expect_eq(suite_seen(store, &arena), 60);
	tw_arena_fini(&arena);
}

void suite_an_unknown_entity_reads_as_nothing(struct tw_store *store)
{
	struct tw_arena arena;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	cr_expect_eq(suite_canonical(store, TW_ENTITY_VESSEL, "9074729", &arena).len, 0);
	tw_arena_fini(&arena);
}

struct met {
	uint32_t count, unknown;
	bool party, certificate, consignments[8];
};

static bool met_visit(void *context, const struct tw_store_name *name)
{
	struct met *met = context;
	met->count++;
	met->unknown += name->kind == 0;
	met->party = met->party || (name->kind == TW_ENTITY_PARTY && tw_slice_is(name->key, "quill sons|XA"));
	met->certificate = met->certificate || (name->kind == TW_ENTITY_CERTIFICATE && tw_slice_is(name->key, "QZ|QZMOD1"));
	bool consignment = name->kind == TW_ENTITY_CONSIGNMENT && name->key.len == 6 && memcmp(name->key.ptr, "CONS-", 5) == 0;
	if (consignment && name->key.ptr[5] >= '0' && name->key.ptr[5] < '8') {
		met->consignments[name->key.ptr[5] - '0'] = true;
	}
	return true;
}

static bool met_first(void *context, const struct tw_store_name *name)
{
	(void)name;
	++*(uint32_t *)context;
	return false;
}

/* What the entries of a record are tagged with is the topic's id on its shard. */
static void expect_tagged(struct tw_slice record, uint32_t topic, int32_t partition)
{
	struct tw_cursor cursor = tw_cursor_of(record);
	struct tw_slice payload = tw_record_head(&cursor);
	uint64_t tag;
	while (tw_record_entry(&cursor, &tag, &payload)) {
		cr_expect(tw_tag_topic(tag) == topic && tw_tag_partition(tag) == (uint32_t)partition);
	}
	cr_expect(!cursor.bad);
}

void suite_every_entity_is_met_and_seen_with_its_watermark(struct tw_store *store)
{
	struct tw_arena arena;
	struct tw_error err = {.detail = ""};
	struct tw_store_event events[5];
	struct met met = {.count = 0};
	uint32_t first = 0;
	tw_arena_init(&arena, SUITE_ARENA_BYTES, 0);
	for (int i = 0; i < 5; i++) {
		events[i] = suite_stored(&arena, suite_declaration(&arena, i), i);
	}
	struct tw_store_part part = suite_part_of(3, events, 5, 0);
	suite_apply(store, &part, 1, &arena);
	cr_assert_eq(tw_store_each(store, met_visit, &met, &err), TW_OK, "%s", err.detail);
	cr_expect(met.count == 7 && met.unknown == 0 && met.party && met.certificate, "%u met, %u unknown", met.count, met.unknown);
	cr_expect(met.consignments[0] && met.consignments[4] && !met.consignments[5]);
	cr_expect_eq(tw_store_each(store, met_first, &first, &err), TW_OK);
	cr_expect_eq(first, 1, "a visit that says no was asked again");

	const struct tw_store_place places[] = {
	    {tw_slice_str(SUITE_TOPIC), 3, 0}, {tw_slice_str(SUITE_TOPIC), 4, 0}, {tw_slice_str("tw.other"), 3, 0}};
	const struct tw_store_name names[] = {{TW_ENTITY_PARTY, tw_slice_str("quill sons|XA")},
	                                      {TW_ENTITY_VESSEL, tw_slice_str("9074729")},
	                                      {TW_ENTITY_CONSIGNMENT, tw_slice_str("CONS-2")}};
	struct tw_store_peek peek;
	cr_assert_eq(tw_store_peek(store, places, 3, names, 3, &arena, &peek, &err), TW_OK, "%s", err.detail);
	cr_assert(peek.shard_count >= 1);
	for (uint32_t s = 0; s < peek.shard_count; s++) {
		const struct tw_store_shard *shard = &peek.shards[s];
		cr_expect(shard->name.len > 0 && shard->next[0] == 5 && shard->next[1] == -1 && shard->next[2] == -1);
		cr_expect(shard->topics[0] == shard->topics[1] && shard->topics[0] < TW_TOPICS_MAX && shard->topics[2] == UINT32_MAX);
	}
	cr_expect(peek.records[1].len == 0 && peek.records[0].len > 0 && peek.records[2].len > 0);
	expect_tagged(peek.records[0], peek.shards[peek.shard_of[0]].topics[0], 3);
	struct tw_slice folded;
	cr_assert_eq(tw_record_canonical(peek.records[0], &arena, &folded), TW_OK);
	cr_expect(tw_slice_equal(folded, suite_canonical(store, TW_ENTITY_PARTY, "quill sons|XA", &arena)));
	cr_assert_eq(tw_store_peek(store, NULL, 0, NULL, 0, &arena, &peek, &err), TW_OK);
	cr_expect_eq(tw_store_peek(store, NULL, 0, names, 4097, &arena, &peek, &err), TW_E_RANGE);
	tw_arena_fini(&arena);
}
