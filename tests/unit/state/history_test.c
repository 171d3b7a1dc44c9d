/**
 * @file history_test.c
 * Every metric, asked of a memory store that has seen a few events.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/arena.h"
#include "engine/state/entity.h"
#include "engine/state/operations.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;
static struct tw_store *store;
static int64_t next_offset;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
	cr_assert_eq(tw_store_memory_new(&store, NULL), TW_OK);
}

static void stop(void)
{
	tw_store_free(store);
	tw_arena_fini(&arena);
}

TestSuite(history, .init = start, .fini = stop);

/* An event with what was known before it. */
struct told {
	const struct tw_event *event;
	struct tw_store_event stored;
};

static struct told tell(const struct tw_event *event)
{
	struct told told = {.event = event};
	struct tw_operations *operations = NULL;
	struct tw_error err = {.detail = ""};
	cr_assert_eq(tw_operations_of(event, &arena, &operations, &err), TW_OK);
	told.stored = (struct tw_store_event){.offset = next_offset, .operations = operations};
	struct tw_store_part part = {.topic = tw_slice_str("t"), .next = next_offset + 1, .events = &told.stored, .event_count = 1};
	cr_assert_eq(tw_store_apply(store, &part, 1, &arena, &err), TW_OK, "%s", err.detail);
	next_offset++;
	return told;
}

static struct tw_history_answer ask(const struct told *told, enum tw_entity_kind kind, enum tw_metric metric, uint32_t days, const void *subject)
{
	struct tw_history_query query = {kind, metric, days, subject};
	return tw_history_answer_of(told->event, told->stored.operations, told->stored.priors, &query, &arena);
}

#define NOT_STATED INT64_MIN
static void expect_answer(struct tw_history_answer answer, int64_t wanted, int line)
{
	int64_t got = answer.stated ? answer.value : NOT_STATED;
	cr_expect_eq(got, wanted, "line %d: %lld, wanted %lld", line, (long long)got, (long long)wanted);
}
#define EXPECT(told, kind, metric, days, subject, wanted)                                                                                            \
	expect_answer(ask(told, TW_ENTITY_##kind, TW_METRIC_##metric, days, subject), wanted, __LINE__)

/* ---- what consignments mention ---- */

static struct tw_event *shipment(enum tw_event_type type, const char *id, const char *time, const char *consignment)
{
	struct tw_event *event = manifest_new(&arena, type, id, time, consignment);
	event->consignment.office = text("XBMAR");
	event->consignment.means.imo = text("9074729");
	struct tw_party *party = party_add(&arena, &event->consignment.parties, "Quill & Sons", "XA");
	party->address.text = text("12 Harbour Road");
	party->address.country = text("XA");
	party_add(&arena, &event->consignment.parties, "Marble Bay Co", "XB");
	container_add(&arena, event, "HLXU1234567");
	leg_add(&arena, event, TW_LEG_LOAD, "XA");
	leg_add(&arena, event, TW_LEG_TRANSIT, "XC");
	leg_add(&arena, event, TW_LEG_DISCHARGE, "XB");
	item_add(&arena, event, 1, 10, "C62")->gross_kg = amount(25);
	item_add(&arena, event, 2, 3, "KGM");
	return event;
}

static const struct tw_party *party_of(const struct told *told, uint32_t at)
{
	return (const struct tw_party *)told->event->consignment.parties.data + at;
}

Test(history, a_first_mention_is_not_stated)
{
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-03-01T10:00:00Z", "C1"));
	EXPECT(&told, PARTY, SEEN, 0, party_of(&told, 0), NOT_STATED);
	EXPECT(&told, PARTY, FIRST_DAYS, 0, party_of(&told, 0), NOT_STATED);
	EXPECT(&told, VESSEL, SEEN, 0, NULL, NOT_STATED);
	EXPECT(&told, CONSIGNMENT, REVISIONS, 0, NULL, NOT_STATED);
	struct tw_history_answer answer = ask(&told, TW_ENTITY_PARTY, TW_METRIC_SEEN, 0, party_of(&told, 0));
	cr_expect(tw_slice_is(answer.key, "quill sons|XA"), "the key is told all the same");
}

Test(history, windows_count_days_back_from_the_event)
{
	tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T23:59:59Z", "C1"));
	tell(shipment(TW_CONSIGNMENT_DECLARED, "2", "2026-02-01T00:00:00Z", "C2"));
	tell(shipment(TW_CONSIGNMENT_DECLARED, "3", "2026-02-20T00:00:00Z", "C3"));
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "4", "2026-02-11T12:00:00Z", "C4"));
	const struct tw_party *party = party_of(&told, 0);
	EXPECT(&told, PARTY, SEEN, 0, party, 3);
	EXPECT(&told, PARTY, SEEN, 9, party, 0);
	EXPECT(&told, PARTY, SEEN, 10, party, 1);
	EXPECT(&told, PARTY, SEEN, 40, party, 1);
	EXPECT(&told, PARTY, SEEN, 41, party, 2);
	EXPECT(&told, PARTY, GROSS_KG, 41, party, 2 * 250000);
	EXPECT(&told, PARTY, PIECES, 0, party, 3 * 100000);
	EXPECT(&told, PARTY, FIRST_DAYS, 0, party, 41);
	EXPECT(&told, PARTY, LAST_DAYS, 0, party, 0);
	EXPECT(&told, ADDRESS, SEEN, 10, &party->address, 1);
	EXPECT(&told, VESSEL, SEEN, 10, &told.event->consignment.means, 1);
	EXPECT(&told, VESSEL, SEEN, 10, NULL, 1);
	EXPECT(&told, CONTAINER, GROSS_KG, 10, told.event->consignment.containers.data, 250000);
}

Test(history, an_amendment_is_not_seen_again)
{
	tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1"));
	tell(shipment(TW_CONSIGNMENT_AMENDED, "2", "2026-01-02T00:00:00Z", "C1"));
	struct told told = tell(shipment(TW_CONSIGNMENT_AMENDED, "3", "2026-01-03T00:00:00Z", "C1"));
	EXPECT(&told, PARTY, SEEN, 0, party_of(&told, 0), 1);
	EXPECT(&told, PARTY, LAST_DAYS, 0, party_of(&told, 0), 2);
	EXPECT(&told, CONSIGNMENT, REVISIONS, 0, &told.event->consignment, 2);
}

Test(history, the_header_weight_counts_only_where_no_line_states_one)
{
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1");
	event->consignment.totals.gross_kg = amount(1000);
	tell(event);
	event = shipment(TW_CONSIGNMENT_DECLARED, "2", "2026-01-01T00:00:00Z", "C2");
	event->consignment.totals.gross_kg = amount(1000);
	((struct tw_item *)event->consignment.items.data)->gross_kg = (struct tw_amount){0, {0, 0}};
	tell(event);
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "3", "2026-01-01T00:00:00Z", "C3"));
	EXPECT(&told, PARTY, GROSS_KG, 0, party_of(&told, 0), 250000 + 10000000);
}

Test(history, distinct_countries_are_exact_and_the_rest_is_estimated)
{
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1");
	leg_add(&arena, event, TW_LEG_DISCHARGE, NULL)->place = text("XDPRT");
	event->consignment.office = text("XBOTH");
	tell(event);
	for (int i = 0; i < 60; i++) {
		event = shipment(TW_CONSIGNMENT_DECLARED, tw_arena_format(&arena, "e%d", i).ptr, "2026-01-01T00:00:00Z", "C2");
		char name[32];
		snprintf(name, sizeof(name), "Trader Number %d", i);
		party_add(&arena, &event->consignment.parties, tw_arena_copy(&arena, tw_slice_str(name)).ptr, "XB");
		tell(event);
	}
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "z", "2026-01-02T00:00:00Z", "C3"));
	EXPECT(&told, PARTY, COUNTRIES, 0, party_of(&told, 0), 3);
	EXPECT(&told, VESSEL, COUNTRIES, 0, NULL, 3);
	EXPECT(&told, PARTY, OFFICES, 0, party_of(&told, 0), 2);
	EXPECT(&told, ADDRESS, COUNTERPARTIES, 0, &party_of(&told, 0)->address, 1);
	struct tw_history_answer others = ask(&told, TW_ENTITY_PARTY, TW_METRIC_COUNTERPARTIES, 0, party_of(&told, 0));
	cr_expect(others.value >= 55 && others.value <= 67, "61 others, estimated as %lld", (long long)others.value);
}

Test(history, what_is_asked_of_the_wrong_thing_is_not_stated)
{
	tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1"));
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "2", "2026-01-02T00:00:00Z", "C1"));
	EXPECT(&told, PARTY, REVISIONS, 0, party_of(&told, 0), NOT_STATED);
	EXPECT(&told, PARTY, SEEN, 0, &told, NOT_STATED);
	EXPECT(&told, VESSEL, SEEN, 0, party_of(&told, 0), NOT_STATED);
	EXPECT(&told, PARTY, SEEN, 0, NULL, NOT_STATED);
	struct tw_history_query query = {(enum tw_entity_kind)0, (enum tw_metric)99, 0, party_of(&told, 0)};
	cr_expect_not(tw_history_answer_of(told.event, told.stored.operations, told.stored.priors, &query, &arena).stated);
	query = (struct tw_history_query){TW_ENTITY_PARTY, TW_METRIC_SEEN, 0, party_of(&told, 0)};
	cr_expect_not(tw_history_answer_of(told.event, told.stored.operations, NULL, &query, &arena).stated, "no priors");
	cr_expect_not(tw_history_answer_of(told.event, NULL, NULL, &query, &arena).stated, "no operations");
}

/* ---- consignments ---- */

Test(history, a_consignment_counts_its_inspections)
{
	static const enum tw_result results[] = {TW_RESULT_CONFORM, TW_RESULT_DISCREPANCY, TW_RESULT_SEIZURE, TW_RESULT_NOT_EXAMINED};
	struct told told;
	for (int i = 0; i < 4; i++) {
		struct tw_event *event = event_new(&arena, TW_INSPECTION_COMPLETED, tw_arena_format(&arena, "i%d", i).ptr, "2026-01-01T00:00:00Z");
		event->outcome.consignment = text("C1");
		event->outcome.inspection.result = (struct tw_choice){results[i], {1, 2}};
		told = tell(event);
	}
	EXPECT(&told, CONSIGNMENT, INSPECTIONS, 0, NULL, 3);
	EXPECT(&told, CONSIGNMENT, DISCREPANCIES, 0, NULL, 2);
	EXPECT(&told, CONSIGNMENT, REVISIONS, 0, NULL, 0);
}

Test(history, cancellation_arrival_and_decisions_touch_the_consignment_alone)
{
	tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1"));
	struct told told = tell(shipment(TW_CONSIGNMENT_CANCELLED, "2", "2026-01-02T00:00:00Z", "C1"));
	cr_expect_eq(told.stored.operations->count, 1);
	EXPECT(&told, CONSIGNMENT, REVISIONS, 0, NULL, 1);
	struct tw_event *event = event_new(&arena, TW_HOLD_RELEASED, "3", "2026-01-03T00:00:00Z");
	event->decision.consignment = text("C1");
	told = tell(event);
	EXPECT(&told, CONSIGNMENT, REVISIONS, 0, NULL, 1);
}

/* ---- certificates ---- */

static struct tw_event *issue(const char *id, const char *time, int64_t first, int64_t second)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_ISSUED, id, time, "QZ", "QZ/MOD/1");
	certificate_item_add(&arena, event, 1, first, "C62");
	certificate_item_add(&arena, event, 2, second, "C62");
	event->certificate.single_transaction = (struct tw_flag){true, {1, 2}};
	event->certificate.valid_until = day_of("2026-07-10");
	event->certificate.final_destination = text("QZ");
	return event;
}

static struct tw_event *draw(const char *id, const char *consignment, int64_t quantity, const char *unit, int64_t line)
{
	struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, id, "2026-03-01T00:00:00Z", consignment);
	event->time.ms += next_offset * 1000;
	event->consignment.office = text(id);
	ref_add(&arena, item_add(&arena, event, 1, quantity, unit), "QZ", "QZ-MOD-1", line);
	return event;
}

static const void *ref_of(const struct told *told)
{
	return ((const struct tw_item *)told->event->consignment.items.data)->certificates.data;
}

Test(history, draws_add_up_by_line_and_leave_this_consignment_out)
{
	tell(issue("t", "2026-01-01T00:00:00Z", 100, 50));
	tell(draw("1", "C1", 60, "C62", 1));
	tell(draw("2", "C2", 20, "C62", 2));
	struct told told = tell(draw("3", "C3", 50, "C62", 1));
	EXPECT(&told, CERTIFICATE, KNOWN, 0, ref_of(&told), 1);
	EXPECT(&told, CERTIFICATE, CERTIFIED, 0, ref_of(&told), 1000000);
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&told), 600000);
	EXPECT(&told, CERTIFICATE, DRAWN_WITH, 0, ref_of(&told), 1100000);
	EXPECT(&told, CERTIFICATE, OTHER_CONSIGNMENTS, 0, ref_of(&told), 2);
	EXPECT(&told, CERTIFICATE, OFFICES, 0, ref_of(&told), 2);
	struct told all = tell(draw("4", "C4", 5, "C62", 0));
	EXPECT(&all, CERTIFICATE, CERTIFIED, 0, ref_of(&all), 1500000);
	EXPECT(&all, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&all), 1300000);
	struct tw_history_answer answer = ask(&all, TW_ENTITY_CERTIFICATE, TW_METRIC_DRAWN_BEFORE, 0, ref_of(&all));
	cr_assert_eq(answer.related_count, 3);
	cr_expect(tw_slice_is(answer.related[0], "C3") && tw_slice_is(answer.related[2], "C1"), "the most recent first");
}

Test(history, an_amendment_replaces_what_its_consignment_drew)
{
	tell(issue("t", "2026-01-01T00:00:00Z", 100, 50));
	struct tw_event *event = draw("1", "C1", 60, "C62", 1);
	ref_add(&arena, item_add(&arena, event, 2, 30, "C62"), "QZ", "QZ/MOD/1", 1);
	tell(event);
	event = draw("2", "C1", 10, "C62", 1);
	event->type = TW_CONSIGNMENT_AMENDED;
	struct told amended = tell(event);
	EXPECT(&amended, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&amended), 0);
	EXPECT(&amended, CERTIFICATE, DRAWN_WITH, 0, ref_of(&amended), 100000);
	struct told told = tell(draw("3", "C2", 1, "C62", 1));
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&told), 100000);
	EXPECT(&told, CERTIFICATE, OTHER_CONSIGNMENTS, 0, ref_of(&told), 1);
}

Test(history, quantities_in_another_unit_are_not_compared)
{
	tell(issue("t", "2026-01-01T00:00:00Z", 100, 50));
	tell(draw("1", "C1", 60, "KGM", 1));
	struct told told = tell(draw("2", "C2", 5, "KGM", 1));
	EXPECT(&told, CERTIFICATE, CERTIFIED, 0, ref_of(&told), NOT_STATED);
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&told), 600000);
	told = tell(draw("3", "C3", 5, "C62", 1));
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&told), 0);
	told = tell(draw("4", "C4", 5, NULL, 1));
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, ref_of(&told), NOT_STATED);
	EXPECT(&told, CERTIFICATE, CERTIFIED, 0, ref_of(&told), 1000000);
}

Test(history, terms_that_come_second_find_the_draws)
{
	tell(draw("1", "C1", 60, "C62", 1));
	struct told told = tell(issue("t", "2026-03-02T00:00:00Z", 50, 50));
	EXPECT(&told, CERTIFICATE, KNOWN, 0, NULL, 0);
	EXPECT(&told, CERTIFICATE, DRAWN_BEFORE, 0, NULL, 600000);
	EXPECT(&told, CERTIFICATE, OTHER_CONSIGNMENTS, 0, &told.event->certificate, 1);
	EXPECT(&told, CERTIFICATE, CERTIFIED, 0, NULL, NOT_STATED);
	EXPECT(&told, CERTIFICATE, STATUS, 0, NULL, NOT_STATED);
	EXPECT(&told, CERTIFICATE, AUTHENTICATED, 0, NULL, 0);
}

Test(history, terms_are_those_of_the_highest_revision)
{
	tell(issue("t", "2026-01-01T00:00:00Z", 100, 50));
	struct tw_event *event = issue("u", "2025-12-01T00:00:00Z", 70, 50);
	event->type = TW_CERTIFICATE_AMENDED;
	event->certificate.revision = number(2);
	event->certificate.single_transaction = (struct tw_flag){false, {1, 2}};
	event->certificate.valid_from = day_of("2026-02-01");
	tell(event);
	struct told told = tell(draw("3", "C3", 5, "C62", 1));
	EXPECT(&told, CERTIFICATE, CERTIFIED, 0, ref_of(&told), 700000);
	EXPECT(&told, CERTIFICATE, SINGLE_TRANSACTION, 0, ref_of(&told), 0);
	EXPECT(&told, CERTIFICATE, VALID_FROM, 0, ref_of(&told), day_of("2026-02-01").day);
	EXPECT(&told, CERTIFICATE, VALID_UNTIL, 0, ref_of(&told), day_of("2026-07-10").day);
	EXPECT(&told, CERTIFICATE, FINAL_DESTINATION, 0, ref_of(&told), 'Q' << 8 | 'Z');
	EXPECT(&told, CERTIFICATE, TERMS_CONFLICT, 0, ref_of(&told), 0);
	tell(issue("v", "2026-01-01T00:00:00Z", 101, 50));
	told = tell(draw("5", "C5", 5, "C62", 1));
	EXPECT(&told, CERTIFICATE, TERMS_CONFLICT, 0, ref_of(&told), 1);
}

static struct told status_event(enum tw_event_type type, const char *id, const char *time, const char *effective)
{
	struct tw_event *event = certificate_new(&arena, type, id, time, "QZ", "QZ/MOD/1");
	if (effective) {
		event->certificate.effective = day_of(effective);
	}
	return tell(event);
}

Test(history, status_is_that_of_the_event_time)
{
	tell(issue("t", "2026-01-01T00:00:00Z", 100, 50));
	status_event(TW_CERTIFICATE_AUTHENTICATED, "a", "2026-01-05T00:00:00Z", NULL);
	status_event(TW_CERTIFICATE_REVOKED, "r", "2026-03-09T00:00:00Z", "2026-02-01");
	struct told told = tell(draw("1", "C1", 5, "C62", 1));
	EXPECT(&told, CERTIFICATE, STATUS, 0, ref_of(&told), TW_CERTIFICATE_STATUS_REVOKED);
	EXPECT(&told, CERTIFICATE, AUTHENTICATED, 0, ref_of(&told), 1);
	struct tw_event *early = draw("2", "C2", 5, "C62", 1);
	early->time.ms -= 40 * 86400000LL;
	told = tell(early);
	EXPECT(&told, CERTIFICATE, STATUS, 0, ref_of(&told), TW_CERTIFICATE_STATUS_AUTHENTICATED);
}

/* ---- markings ---- */

static struct told mark_event(enum tw_event_type type, const char *id, const char *time)
{
	struct tw_event *event = event_new(&arena, type, id, time);
	event->marking.item.make = text("Quillworks");
	marking_add(&arena, &event->marking.item.marks, NULL, "AB 01417");
	marking_add(&arena, &event->marking.item.marks, NULL, "AB 01418");
	return tell(event);
}

static struct told marked(const char *id, const char *consignment)
{
	struct tw_event *event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, id, "2026-03-01T00:00:00Z", consignment);
	struct tw_item *item = item_add(&arena, event, 1, 1, "C62");
	item->make = text("QUILLWORKS");
	marking_add(&arena, &item->markings, NULL, "ab01418");
	return tell(event);
}

Test(history, a_mark_knows_what_happened_to_it_and_who_stated_it)
{
	mark_event(TW_MARKING_STOLEN, "m1", "2026-01-01T00:00:00Z");
	mark_event(TW_MARKING_DESTROYED, "m2", "2026-02-01T00:00:00Z");
	struct told told = marked("1", "C1");
	const void *mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_STATUS, 0, mark, TW_MARKING_STATUS_DESTROYED);
	EXPECT(&told, MARKING, MARKING_CONSIGNMENTS, 0, mark, 0);
	told = marked("2", "C2");
	mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_CONSIGNMENTS, 0, mark, 1);
	told = marked("3", "C2");
	mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_CONSIGNMENTS, 0, mark, 1);
	struct told event = mark_event(TW_MARKING_RECOVERED, "m3", "2026-03-05T00:00:00Z");
	EXPECT(&event, MARKING, MARKING_CONSIGNMENTS, 0, (const struct tw_marking *)event.event->marking.item.marks.data + 1, 2);
	EXPECT(&event, MARKING, MARKING_STATUS, 0, NULL, TW_MARKING_STATUS_DESTROYED);
	struct told before = mark_event(TW_MARKING_IMPORTED, "m4", "2026-01-15T00:00:00Z");
	EXPECT(&before, MARKING, MARKING_STATUS, 0, NULL, TW_MARKING_STATUS_STOLEN);
	EXPECT(&before, MARKING, MARKING_DESTROYED, 0, NULL, 0);
	EXPECT(&before, MARKING, MARKING_STATUS_SINCE, 0, NULL, TW_MARKING_STATUS_RECOVERED);
	struct told after = mark_event(TW_MARKING_TRANSFERRED, "m5", "2026-03-06T00:00:00Z");
	EXPECT(&after, MARKING, MARKING_STATUS, 0, NULL, TW_MARKING_STATUS_RECOVERED);
	EXPECT(&after, MARKING, MARKING_DESTROYED, 0, NULL, 1);
	EXPECT(&after, MARKING, MARKING_STATUS_SINCE, 0, NULL, NOT_STATED);
}

Test(history, marks_that_a_certificate_covers_or_an_inspection_found_are_no_statements)
{
	struct tw_event *event = issue("t", "2026-01-01T00:00:00Z", 1, 1);
	struct tw_certificate_item *item = event->certificate.items.data;
	marking_add(&arena, &item->markings, "Quillworks", "AB01418");
	tell(event);
	event = event_new(&arena, TW_INSPECTION_COMPLETED, "i", "2026-01-01T00:00:00Z");
	event->outcome.consignment = text("C0");
	struct tw_inspection_finding finding = {.item = number(1)};
	marking_add(&arena, &finding.markings, "Quillworks", "AB01418");
	event->outcome.inspection.findings = (struct tw_list){&finding, 1, 1};
	struct told found = tell(event);
	EXPECT(&found, MARKING, MARKING_CONSIGNMENTS, 0, finding.markings.data, 0);
	struct told told = marked("1", "C1");
	const void *mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_CONSIGNMENTS, 0, mark, 0);
	EXPECT(&told, MARKING, MARKING_STATUS, 0, mark, NOT_STATED);
	EXPECT(&told, MARKING, MARKING_FOUND, 0, mark, 1);
	told = marked("2", "C0");
	mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_FOUND, 0, mark, 0);
	told = marked("3", "C2");
	mark = ((const struct tw_item *)told.event->consignment.items.data)->markings.data;
	EXPECT(&told, MARKING, MARKING_FOUND, 0, mark, 0); /* by now its own papers state it */
	EXPECT(&told, MARKING, MARKING_CONSIGNMENTS, 0, mark, 2);
}

/* ---- as an alert shows them ---- */

Test(history, views_come_in_order_of_mention_each_key_once)
{
	struct tw_event *event = shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1");
	tell(event);
	event = shipment(TW_CONSIGNMENT_DECLARED, "2", "2026-02-01T00:00:00Z", "C2");
	party_add(&arena, &event->consignment.parties, "QUILL AND SONS", "XA");
	party_add(&arena, &event->consignment.parties, "Quill, Sons", "XA");
	struct told told = tell(event);
	struct tw_entity_view *views = NULL;
	uint32_t count = 0;
	struct tw_error err;
	cr_assert_eq(tw_entities_of(event, told.stored.operations, told.stored.priors, &arena, &views, &count, &err), TW_OK);
	cr_assert_eq(count, 5);
	static const char *const keys[] = {"quill sons|XA", "marble bay co|XB", "quill and sons|XA", "9074729", "HLXU1234567"};
	for (uint32_t i = 0; i < 5; i++) {
		cr_expect(tw_slice_is(views[i].key, keys[i]), "%u: %.*s", i, (int)views[i].key.len, views[i].key.ptr);
		cr_expect_eq(views[i].seen, i != 2);
		cr_expect_eq(views[i].first, i == 2 ? INT32_MIN : day_of("2026-01-01").day);
	}
	cr_expect(tw_slice_is(views[3].kind, "vessel"));
	cr_assert_eq(tw_entities_of(event, told.stored.operations, NULL, &arena, &views, &count, &err), TW_OK);
	cr_expect_eq(views[0].seen, 0);
}

Test(history, a_full_arena_is_said_and_not_answered)
{
	tell(shipment(TW_CONSIGNMENT_DECLARED, "1", "2026-01-01T00:00:00Z", "C1"));
	struct told told = tell(shipment(TW_CONSIGNMENT_DECLARED, "2", "2026-01-01T00:00:00Z", "C2"));
	cr_expect(tw_priors_whole(told.stored.priors));
	struct tw_arena tiny;
	tw_arena_init(&tiny, 16, 16);
	struct tw_history_query query = {TW_ENTITY_PARTY, TW_METRIC_SEEN, 0, party_of(&told, 0)};
	cr_expect_not(tw_history_answer_of(told.event, told.stored.operations, told.stored.priors, &query, &tiny).stated);
	cr_expect_not(tw_priors_whole(told.stored.priors));
	struct tw_entity_view *views = NULL;
	uint32_t count = 0;
	struct tw_error err;
	cr_expect_eq(tw_entities_of(told.event, told.stored.operations, told.stored.priors, &tiny, &views, &count, &err), TW_E_MEMORY);
	tw_arena_fini(&tiny);
}
