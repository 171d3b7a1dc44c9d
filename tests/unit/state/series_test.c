/**
 * @file series_test.c
 * Which marks meet: the same letters in a number, letters that are taken for each other, ranges; and what a report of one says of another.
 */
#include "engine/state/series.h"

#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/event/metric.h"
#include "engine/event/serial.h"
#include "engine/state/series_part.h"
#include "tests/unit/state/told.h"

static struct told_world world;
static uint32_t events;

static void start(void)
{
	events = 0;
	told_start(&world);
}

static void stop(void)
{
	told_stop(&world);
}

TestSuite(series, .init = start, .fini = stop);

static const char *fresh_id(void)
{
	return tw_arena_format(&world.arena, "evt-%u", events++).ptr;
}

/* A consignment of one mark, or of a range. */
static struct told shipped(const char *consignment, const char *from, const char *to)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, fresh_id(), "2026-03-02T08:00:00Z", consignment);
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	ref_add(&world.arena, item, "QZ", "QZ/1", 1);
	struct tw_marking *marking = marking_add(&world.arena, &item->markings, "Sample arms", from);
	marking->kind = (struct tw_choice){to ? TW_MARKING_SERIAL_RANGE : TW_MARKING_SERIAL, {1, 2}};
	marking->from = text(from);
	marking->to = to ? text(to) : marking->to;
	tw_serial_count(marking);
	return tell(&world, event);
}

static void report(enum tw_event_type type, const char *time, const char *value)
{
	struct tw_event *event = event_new(&world.arena, type, fresh_id(), time);
	event->marking.item.make = text("Sample arms");
	marking_add(&world.arena, &event->marking.item.marks, NULL, value);
	tell(&world, event);
}

static int64_t asked(const struct told *told, enum tw_metric metric)
{
	const struct tw_item *item = told->event->consignment.items.data;
	return told_ask(&world, told, TW_ENTITY_MARKING, metric, 0, item->markings.data);
}

static struct tw_run run_of(const char *from, const char *to, const char *wanted)
{
	struct tw_marking marking = {.kind = {.value = to ? TW_MARKING_SERIAL_RANGE : TW_MARKING_SERIAL}};
	struct tw_slice key;
	struct tw_run run = {0, 0, 0};
	marking.value = text(from);
	marking.from = text(from);
	marking.to = to ? text(to) : marking.to;
	tw_serial_count(&marking);
	tw_series_of(&marking, tw_slice_str("Sample arms"), &world.arena, &key, &run);
	cr_expect(tw_slice_is(key, wanted), "%s: \"%.*s\", wanted \"%s\"", from, (int)key.len, key.ptr, wanted);
	return run;
}

Test(series, is_of_a_maker_and_the_letters_as_they_are_folded)
{
	struct tw_run plain = run_of("AD 00417", NULL, "SAMPLEARMS|~AD");
	cr_expect(plain.first == 417 && plain.last == 417);
	struct tw_run typed = run_of("ADOO4I7", NULL, "SAMPLEARMS|~AD");
	cr_expect(typed.first == 417 && typed.letters != plain.letters, "alike, and not the same letters");
	struct tw_run cyrillic = run_of("\xD0\x90"
	                                "D00417",
	                                NULL, "SAMPLEARMS|~AD");
	cr_expect(cyrillic.first == 417 && cyrillic.letters != plain.letters);
	struct tw_run range = run_of("AD0001", "AD0500", "SAMPLEARMS|~AD");
	cr_expect(range.first == 1 && range.last == 500 && range.letters == plain.letters);
	struct tw_run drawn = run_of("AB0001", "AB0120", "SAMPLEARMS|~A");
	cr_expect(drawn.first == 80001 && drawn.last == 80120, "the B is taken for an 8, and the range keeps its length");
}

Test(series, has_no_place_for_what_has_no_number)
{
	run_of("NOSERIALX", NULL, "");
	run_of("AD0001", "AE0120", "");
	run_of("AB99", "AB100", "");
	run_of("AB??1417", NULL, "");
	run_of("AB?001", "AB?120", "");
	struct tw_marking lot = {.kind = {.value = TW_MARKING_LOT}, .value = text("L17")};
	struct tw_slice key;
	struct tw_run run;
	tw_series_of(&lot, tw_slice_str("Sample"), &world.arena, &key, &run);
	cr_expect_eq(key.len, 0);
}

Test(series, overlaps_and_likeness_are_told_apart)
{
	shipped("C1", "AD0100", "AD0200");
	struct told inside = shipped("C2", "AD0150", NULL), outside = shipped("C3", "AD0250", NULL), across = shipped("C4", "AD0190", "AD0249");
	cr_expect_eq(asked(&inside, TW_METRIC_OVERLAPS), 1);
	cr_expect_eq(asked(&inside, TW_METRIC_ALIKE), 0);
	cr_expect_eq(asked(&outside, TW_METRIC_OVERLAPS), 0);
	cr_expect_eq(asked(&across, TW_METRIC_OVERLAPS), 1, "the range alone: neither serial is in it");
	struct told alike = shipped("C5", "ADO15O", NULL), itself = shipped("C2", "AD0150", NULL);
	cr_expect_eq(asked(&alike, TW_METRIC_OVERLAPS), 0);
	cr_expect_eq(asked(&alike, TW_METRIC_ALIKE), 2, "the range, and the serial in it");
	cr_expect_eq(asked(&itself, TW_METRIC_OVERLAPS), 1, "not itself");
	struct told other = shipped("C6", "AE0150", NULL);
	cr_expect_eq(asked(&other, TW_METRIC_OVERLAPS), NOT_STATED, "a series of its own, never seen");
}

Test(series, a_report_of_one_serial_speaks_of_every_range_that_holds_it_until_a_later_one_takes_it_back)
{
	report(TW_MARKING_STOLEN, "2026-01-01T00:00:00Z", "AD0150");
	struct told range = shipped("C1", "AD0100", "AD0200"), beside = shipped("C2", "AD0151", "AD0200"), alike = shipped("C3", "AD015O", NULL);
	cr_expect_eq(asked(&range, TW_METRIC_OVERLAPS_STATUS), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(asked(&beside, TW_METRIC_OVERLAPS_STATUS), NOT_STATED);
	cr_expect_eq(asked(&alike, TW_METRIC_ALIKE_STATUS), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(asked(&alike, TW_METRIC_OVERLAPS_STATUS), NOT_STATED);
	report(TW_MARKING_MANUFACTURED, "2026-01-03T00:00:00Z", "AD0151");
	range = shipped("C4", "AD0100", "AD0200");
	cr_expect_eq(asked(&range, TW_METRIC_OVERLAPS_STATUS), TW_MARKING_STATUS_STOLEN, "another's report changes nothing");
	report(TW_MARKING_RECOVERED, "2026-01-05T00:00:00Z", "AD0150");
	struct told among = shipped("C6", "AD0150", "AD0151");
	cr_expect_eq(asked(&among, TW_METRIC_OVERLAPS_STATUS), TW_MARKING_STATUS_RECOVERED);
	report(TW_MARKING_DESTROYED, "2027-01-05T00:00:00Z", "AD0150");
	range = shipped("C5", "AD0100", "AD0200");
	cr_expect_eq(asked(&range, TW_METRIC_OVERLAPS_STATUS), TW_MARKING_STATUS_RECOVERED, "and on that day it was not destroyed yet");
	cr_expect_eq(asked(&range, TW_METRIC_OVERLAPS_STATUS_LATEST), TW_MARKING_STATUS_DESTROYED, "but it is by now");
}

Test(series, a_certificate_covers_what_it_lists)
{
	struct tw_event *event = certificate_new(&world.arena, TW_CERTIFICATE_ISSUED, fresh_id(), "2026-01-02T08:00:00Z", "QZ", "QZ/1");
	struct tw_certificate_item *item = certificate_item_add(&world.arena, event, 1, 500, "C62");
	item->make = text("Sample arms");
	struct tw_marking *marking = marking_add(&world.arena, &item->markings, NULL, "");
	*marking = (struct tw_marking){.kind = {TW_MARKING_SERIAL_RANGE, {1, 2}}, .from = text("AD0001"), .to = text("AD0500")};
	tw_serial_count(marking);
	tell(&world, event);
	struct told inside = shipped("C1", "AD0100", "AD0200"), over = shipped("C2", "AD0450", "AD0501"), alike = shipped("C3", "ADO100", NULL);
	cr_expect_eq(asked(&inside, TW_METRIC_COVERED), 1);
	cr_expect_eq(asked(&over, TW_METRIC_COVERED), 0);
	cr_expect_eq(asked(&alike, TW_METRIC_COVERED), 0);
	struct told elsewhere = shipped("C4", "XK77", NULL);
	cr_expect_eq(asked(&elsewhere, TW_METRIC_COVERED), 0, "a series that nobody ever named");
	const struct tw_item *line = inside.event->consignment.items.data;
	cr_expect_eq(told_ask(&world, &inside, TW_ENTITY_CERTIFICATE, TW_METRIC_LISTS_SERIALS, 0, line->certificates.data), 1);
}

Test(series, an_answer_that_finds_no_memory_is_not_silently_none)
{
	shipped("C1", "AD0100", "AD0200");
	struct told told = shipped("C2", "AD0150", NULL), other = shipped("C3", "AD0150", NULL);
	cr_assert_eq(asked(&other, TW_METRIC_OVERLAPS), 2);
	cr_assert(tw_priors_whole(other.stored.priors) && tw_priors_whole(told.stored.priors));
	const struct tw_item *item = told.event->consignment.items.data;
	struct tw_history_query query = {TW_ENTITY_MARKING, TW_METRIC_OVERLAPS, 0, item->markings.data};
	struct tw_arena full;
	tw_arena_init(&full, 16, 16);
	struct tw_history_answer answer = tw_history_answer_of(told.event, told.stored.operations, told.stored.priors, &query, &full);
	cr_expect_not(answer.stated);
	cr_expect_not(tw_priors_whole(told.stored.priors));
	tw_arena_fini(&full);
}

Test(series, reading_is_safe_on_cut_bytes)
{
	struct told told = shipped("C1", "AD0100", "AD0200");
	struct tw_state state;
	struct tw_run run;
	for (uint32_t i = 0; i < told.stored.operations->count; i++) {
		const struct tw_operation *operation = &told.stored.operations->operation[i];
		cr_assert_eq(tw_packed_read(operation->payload, &world.arena, &state), TW_OK);
		for (uint32_t k = 0; k < state.element_count && state.elements[k].key.ptr[0] == TW_ELEMENT_SHIPPED; k++) {
			struct tw_element cut = state.elements[k];
			uint64_t left = 0;
			struct tw_cursor cursor = tw_runs_read(&cut, &left);
			cr_expect(tw_runs_next(&cursor, &left, &run) && run.first == 100 && run.last == 200);
			uint32_t runs = (uint32_t)((const char *)cursor.at - cut.bytes.ptr);
			for (cut.bytes.len = 0; cut.bytes.len < state.elements[k].bytes.len; cut.bytes.len++) {
				struct tw_particulars said = {.of = {{NULL, 0}}};
				cursor = tw_runs_read(&cut, &left);
				cr_expect_eq(tw_runs_next(&cursor, &left, &run), cut.bytes.len >= runs, "%u bytes", cut.bytes.len);
				tw_runs_said(&cut, 150, &said);
				cr_expect_eq(said.of[TW_PARTICULAR_EVENT_ID].len, 0, "%u bytes", cut.bytes.len);
			}
		}
	}
}

/* A busy maker: the earliest of a block's neighbours are gone from the whole series, and a serial still finds its own. */
Test(series, a_serial_is_found_whatever_came_for_other_numbers)
{
	report(TW_MARKING_STOLEN, "2026-01-01T00:00:00Z", "AD0000017");
	shipped("C1", "AD0000010", "AD0000020");
	for (uint32_t i = 0; i < 2 * TW_DRAWS_MAX; i++) {
		shipped(tw_arena_format(&world.arena, "N%u", i).ptr, tw_arena_format(&world.arena, "AD%07u", 5000 + i * 40).ptr,
		        tw_arena_format(&world.arena, "AD%07u", 5000 + i * 40 + 19).ptr);
	}
	struct told inside = shipped("C2", "AD0000015", "AD0000018"), across = shipped("C3", "AD0001020", "AD0001030");
	cr_expect_eq(asked(&inside, TW_METRIC_OVERLAPS), 1);
	cr_expect_eq(asked(&inside, TW_METRIC_OVERLAPS_STATUS), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(asked(&inside, TW_METRIC_AT_LIMIT), 0, "its block is not full");
	cr_expect_eq(asked(&across, TW_METRIC_OVERLAPS), 0, "a series that is known, and nobody near");
	struct told beyond = shipped("C4", "AD0001025", NULL);
	cr_expect_eq(asked(&beyond, TW_METRIC_OVERLAPS), 1, "a range in two blocks is met in either");
	struct told large = shipped("C5", "AD0000001", "AD0900000");
	cr_expect_gt(asked(&large, TW_METRIC_OVERLAPS), 0);
	cr_expect_eq(asked(&large, TW_METRIC_AT_LIMIT), 1, "of all the small ones inside only the latest are kept");
	struct told last = shipped("C6", "AD0800000", NULL);
	cr_expect_eq(asked(&last, TW_METRIC_OVERLAPS), 1, "the large one");
}

Test(series, a_consignment_that_states_more_than_one_range_counts_once)
{
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, fresh_id(), "2026-03-02T08:00:00Z", "C1");
	static const char *const ends[][2] = {{"AD0000001", "AD0005000"}, {"AD0000900", "AD0001100"}, {"AD0001110", "AD0001120"}};
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	for (uint32_t i = 0; i < 3; i++) {
		struct tw_marking *marking = marking_add(&world.arena, &item->markings, "Sample arms", "");
		marking->kind = (struct tw_choice){TW_MARKING_SERIAL_RANGE, {1, 2}};
		marking->from = text(ends[i][0]);
		marking->to = text(ends[i][1]);
		tw_serial_count(marking);
	}
	tell(&world, event);
	struct told near = shipped("C2", "AD0001000", "AD0001115"), far = shipped("C3", "AD0002000", "AD0004900");
	cr_expect_eq(asked(&near, TW_METRIC_OVERLAPS), 1);
	cr_expect_eq(asked(&far, TW_METRIC_OVERLAPS), 1);
}

/* Serials, ranges and lots of few makers, in few places: each met some time or other. @param n counts up */
static struct told any_shipped(uint32_t n)
{
	static const enum tw_marking_kind kinds[] = {TW_MARKING_SERIAL, TW_MARKING_SERIAL_RANGE, TW_MARKING_LOT};
	const char *consignment = tw_arena_format(&world.arena, "C%u", n % 37).ptr;
	struct tw_event *event = manifest_new(&world.arena, TW_CONSIGNMENT_DECLARED, fresh_id(), "2026-03-02T08:00:00Z", consignment);
	struct tw_item *item = item_add(&world.arena, event, 1, 1, "C62");
	for (uint32_t i = 0; i < 1 + n % 3; i++) {
		uint32_t drawn = (n * 3 + i) * 2654435761U >> 8, from = drawn % 400000, length = drawn / 7 % 3 ? 5 : 3000;
		const char *value = tw_arena_format(&world.arena, "%s%07u", drawn / 5 % 2 ? "AO" : "A0", from).ptr;
		struct tw_marking *marking = marking_add(&world.arena, &item->markings, drawn / 11 % 4 ? "Sample arms" : "Halden", value);
		marking->kind = (struct tw_choice){kinds[drawn / 13 % 3], {1, 2}};
		marking->from = text(value);
		marking->to = text(tw_arena_format(&world.arena, "%s%07u", drawn / 5 % 2 ? "AO" : "A0", from + length).ptr);
		tw_serial_count(marking);
	}
	return tell(&world, event);
}

static bool says(const struct told *told, enum tw_metric metric)
{
	const struct tw_item *item = told->event->consignment.items.data;
	const struct tw_marking *marks = item->markings.data;
	bool any = false;
	for (uint32_t i = 0; i < item->markings.count; i++) {
		int64_t value = told_ask(&world, told, TW_ENTITY_MARKING, metric, 0, &marks[i]);
		any = any || (value != NOT_STATED && value != 0);
	}
	return any;
}

Test(series, where_no_mark_was_met_no_question_has_an_answer)
{
	uint32_t met = 0, unmet = 0;
	for (uint32_t n = 0; n < 600; n++) {
		if (n % 16 == 5) {
			report(TW_MARKING_STOLEN, "2026-01-01T00:00:00Z", tw_arena_format(&world.arena, "AO%07u", n * 600).ptr);
		}
		struct told told = any_shipped(n);
		for (int metric = TW_METRIC_MARKING_STATUS; metric <= TW_METRIC_LAST; metric++) {
			enum tw_metric one = (enum tw_metric)metric;
			if (!tw_metric_is_of_records(TW_ENTITY_MARKING, one)) {
				continue;
			}
			bool may = tw_history_may_say(told.stored.operations, told.stored.priors, TW_ENTITY_MARKING, one, &world.arena);
			cr_assert(may || !says(&told, one), "event %u, %s", n, tw_metric_of(one)->name);
			met += may;
			unmet += !may;
		}
	}
	cr_assert_gt(met, 600);
	cr_assert_gt(unmet, 600);
}

Test(series, a_key_stands_where_it_does_in_one_of_several_records)
{
	char ended[] = {2}, stands[] = {1, 0};
	struct tw_element other = {{"gA", 2}, {1, 1, 1}, {stands, 2}}, one = {{"gC", 2}, {1, 1, 1}, {ended, 1}},
	                  two = {{"gC", 2}, {1, 1, 1}, {stands, 2}};
	struct tw_element first[] = {other, one};
	struct tw_state block = {NULL, 0, first, 2}, runs = {NULL, 0, &two, 1}, none = {NULL, 0, &one, 1};
	const struct tw_state *both[] = {&block, NULL, &runs}, *neither[] = {&block, &none};
	const struct tw_state *view = tw_states_joined(both, 3, &world.arena);
	cr_assert_eq(view->element_count, 3);
	cr_expect(tw_series_stands(view, tw_slice_str("C")));
	cr_expect_not(tw_series_stands(tw_states_joined(neither, 2, &world.arena), tw_slice_str("C")));
	cr_expect_eq(tw_states_joined(both, 2, &world.arena), &block, "the only one there is");
	cr_expect_null(tw_states_joined(&both[1], 1, &world.arena));
	struct tw_arena full;
	tw_arena_init(&full, 16, 16);
	cr_expect_null(tw_states_joined(both, 3, &full));
	tw_arena_fini(&full);
}
