/**
 * @file operations_test.c
 * One operation a key and event, made of raw fields alone, within its limits.
 */
#include "engine/state/operations.h"

#include <criterion/criterion.h>
#include <string.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "engine/state/series_part.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 1U << 20, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(operations, .init = start, .fini = stop);

static struct tw_operations *made(const struct tw_event *event)
{
	struct tw_operations *operations = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_operations_of(event, &arena, &operations, &err), TW_OK, "%s", err.detail);
	return operations;
}

static struct tw_event *plain(void)
{
	struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, "evt-1", "2026-03-02T08:14:00Z", "C1");
	party_add(&arena, &event->consignment.parties, "Quill", "XA");
	return event;
}

Test(operations, mentions_of_one_key_fold_into_one_operation)
{
	struct tw_event *event = plain();
	party_add(&arena, &event->consignment.parties, "QUILL.", "xa");
	for (int64_t line = 1; line <= 3; line++) {
		ref_add(&arena, item_add(&arena, event, line, 5, "C62"), "QZ", "QZ 1", line);
	}
	struct tw_operations *operations = made(event);
	cr_expect_eq(operations->count, 3, "consignment, party, certificate: %u", operations->count);
	cr_expect_eq(operations->mention_count, 6);
	for (uint32_t i = 1; i < operations->mention_count; i++) {
		cr_expect((uintptr_t)operations->mention[i - 1].subject <= (uintptr_t)operations->mention[i].subject);
	}
}

Test(operations, equal_events_make_equal_bytes)
{
	struct tw_operations *first = made(plain()), *second = made(plain());
	cr_assert_eq(first->count, second->count);
	for (uint32_t i = 0; i < first->count; i++) {
		cr_expect(tw_slice_equal(first->operation[i].key, second->operation[i].key));
		cr_expect(tw_slice_equal(first->operation[i].payload, second->operation[i].payload));
		cr_expect(tw_packed_sound(first->operation[i].payload));
	}
}

Test(operations, negative_amounts_count_as_nothing)
{
	struct tw_event *event = plain();
	item_add(&arena, event, 1, -5, "C62")->gross_kg = amount(-7);
	struct tw_operations *operations = made(event);
	for (uint32_t i = 0; i < operations->count; i++) {
		struct tw_state state;
		cr_assert_eq(tw_packed_read(operations->operation[i].payload, &arena, &state), TW_OK);
		for (uint32_t k = 0; k < state.counter_count; k++) {
			cr_expect_gt(state.counters[k].value, 0);
		}
	}
}

Test(operations, an_event_that_names_nobody_makes_none)
{
	struct tw_event *event = event_new(&arena, TW_WATCH_ADDED, "evt-1", "2026-03-02T08:14:00Z");
	event->decision.entity = text("quill|XA");
	cr_expect_eq(made(event)->count, 0);
	struct tw_event *mark = event_new(&arena, TW_MARKING_LOST, "evt-2", "2026-03-02T08:14:00Z");
	marking_add(&arena, &mark->marking.item.marks, NULL, "--");
	cr_expect_eq(made(mark)->count, 0);
}

Test(operations, a_certificate_event_names_its_certificate_consignment_parties_and_marks)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_DIVERSION_REPORTED, "evt-1", "2026-03-02T08:14:00Z", "QZ", "QZ/1");
	event->certificate.consignment = text("C1");
	party_add(&arena, &event->certificate.parties, "Quill", "XA");
	marking_add(&arena, &event->certificate.markings, "Quillworks", "7");
	struct tw_operations *operations = made(event);
	cr_expect_eq(operations->count, 8, "the mark's series, its block, its long runs and its index are four more");
	cr_expect_neq(operations->own[TW_ENTITY_CERTIFICATE], TW_NO_OPERATION);
	cr_expect_neq(operations->own[TW_ENTITY_CONSIGNMENT], TW_NO_OPERATION);
	cr_expect_eq(operations->own[TW_ENTITY_MARKING], TW_NO_OPERATION);
}

/* Serials 0 to count - 1 of one series, on lines of 20,000. */
static struct tw_event *arsenal(uint32_t count)
{
	struct tw_event *event = plain();
	struct tw_item *item = NULL;
	for (uint32_t i = 0; i < count; i++) {
		if (i % TW_MARKINGS_MAX == 0) {
			item = item_add(&arena, event, 1 + i / TW_MARKINGS_MAX, 1, "C62");
		}
		marking_add(&arena, &item->markings, "Quillworks", tw_arena_format(&arena, "X%u", i).ptr);
	}
	return event;
}

Test(operations, as_many_entities_as_are_allowed_and_not_one_more)
{
	/* beside the marks: consignment, party, series, its long runs, its index, and a block for each 1,024 of them */
	const uint32_t marks =
	    (TW_OPERATIONS_MAX - 5) / (TW_SERIES_BLOCK + 1) * TW_SERIES_BLOCK + (TW_OPERATIONS_MAX - 5) % (TW_SERIES_BLOCK + 1) - 1;
	struct tw_event *event = arsenal(marks);
	cr_expect_eq(made(event)->count, TW_OPERATIONS_MAX);
	party_add(&arena, &event->consignment.parties, "One Too Many", "XA");
	struct tw_operations *operations = NULL;
	struct tw_error err = {.detail = ""};
	cr_expect_eq(tw_operations_of(event, &arena, &operations, &err), TW_E_LIMIT);
	cr_expect_eq(err.disposition, TW_REJECT);
	cr_expect_null(operations);
}

Test(operations, a_full_arena_refuses_wherever_it_is_full)
{
	struct tw_event *event = plain();
	ref_add(&arena, item_add(&arena, event, 1, 5, "C62"), "QZ", "QZ 1", 1);
	bool made_once = false;
	for (size_t ceiling = 64; ceiling < 16384 && !made_once; ceiling += 64) {
		struct tw_arena small;
		tw_arena_init(&small, 64, ceiling);
		struct tw_operations *operations = NULL;
		struct tw_error err = {.detail = ""};
		enum tw_code code = tw_operations_of(event, &small, &operations, &err);
		cr_assert(code == TW_OK || (code == TW_E_MEMORY && err.disposition == TW_STOP));
		made_once = code == TW_OK;
		tw_arena_fini(&small);
	}
	cr_expect(made_once);
}
