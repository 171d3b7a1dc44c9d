/** @file marking_list_test.c  feeds/marking_list: which report a mark has on a day, and what is no list of marks. Fictional weapons. */
#include "feeds/marking_list.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/time.h"

#define HEADER "serial,maker,model,calibre,country,status,reported_on,reference\n"
#define ROWS                                                                                                                                         \
	HEADER "AB 01417,Samplearms,M7,7.62x39,XA,stolen,2025-06-10,XA-1\n"                                                                          \
	       "ab-01417,SAMPLEARMS,M7,7.62x39,XA,destroyed,2026-01-05,XA-2\n"                                                                       \
	       "AB01417,Otherworks,,,,lost,,\n"                                                                                                      \
	       "77 345,,,,XB,lost,2025-01-01,no maker known\n"                                                                                       \
	       ",Samplearms,M7,,,lost,2025-01-01,XA-3\n"                                                                                             \
	       "A1,Samplearms,M7,,,lost,2025-01-01,XA-4\n"                                                                                           \
	       "AB.01417,Samplearms,M7,,,stolen,2025-06-10,the first again\n"

static struct tw_arena arena;
static struct tw_marking_list *list;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
	cr_assert_eq(tw_marking_list_read("marks.csv", tw_slice_str(ROWS), NULL, &list, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
}

static void teardown(void)
{
	tw_marking_list_free(list);
	tw_arena_fini(&arena);
}

TestSuite(marking_list, .init = setup, .fini = teardown);

static struct tw_marking_notice asked(const char *maker, const char *serial, int32_t day)
{
	struct tw_marking_notice report = {0};
	bool found = tw_marking_list_find_mark(list, tw_slice_str(maker), tw_slice_str(serial), day, &arena, &report);
	cr_expect_eq(found, report.line != 0);
	return report;
}

Test(marking_list, the_newest_report_up_to_the_day_is_the_answer)
{
	cr_expect_eq(asked("Samplearms", "AB 01417", tw_day_of_civil(2025, 6, 9)).line, 0u);
	cr_expect_eq(asked("Samplearms", "AB 01417", tw_day_of_civil(2025, 6, 10)).status, TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(asked("Samplearms", "AB 01417", tw_day_of_civil(2026, 1, 4)).line, 2u);
	cr_expect_eq(asked("Samplearms", "AB 01417", tw_day_of_civil(2026, 1, 5)).status, TW_MARKING_STATUS_DESTROYED);
}

Test(marking_list, a_serial_is_found_however_it_is_written_and_exactly_is_said)
{
	int32_t day = tw_day_of_civil(2025, 7, 1);
	cr_expect(asked("Samplearms", "AB 01417", day).exact);
	cr_expect_eq(asked("SAMPLE-ARMS", "ab01417", day).line, 2u);
	cr_expect_not(asked("SAMPLE-ARMS", "ab01417", day).exact);
	cr_expect_eq(asked("Samplearms", "AB 01418", day).line, 0u);
}

Test(marking_list, another_makers_serial_is_another_mark)
{
	cr_expect_eq(asked("Thirdworks", "AB01417", tw_day_of_civil(2026, 7, 1)).line, 0u);
	cr_expect_eq(asked("", "AB01417", tw_day_of_civil(2026, 7, 1)).line, 0u);
	cr_expect_eq(asked("Otherworks", "AB 01417", tw_day_of_civil(1990, 1, 1)).line, 4u, "a report without a day counts always");
}

Test(marking_list, a_report_without_a_maker_is_any_makers)
{
	cr_expect_eq(asked("Samplearms", "77345", tw_day_of_civil(2025, 1, 1)).line, 5u);
	cr_expect_eq(asked("", "77345", tw_day_of_civil(2025, 1, 1)).line, 5u);
}

Test(marking_list, the_engines_key_asks_the_same)
{
	struct tw_marking_notice report;
	cr_expect(tw_marking_list_find(list, tw_slice_str("SAMPLEARMS|AB01417"), tw_day_of_civil(2025, 7, 1), true, &report));
	cr_expect_eq(report.status, TW_MARKING_STATUS_STOLEN);
	cr_expect_not(tw_marking_list_find(list, tw_slice_str("SAMPLEARMS|AB01417-AB01420"), tw_day_of_civil(2025, 7, 1), true, &report));
	cr_expect_not(tw_marking_list_find(list, tw_slice_str(""), tw_day_of_civil(2025, 7, 1), true, &report));
	cr_expect_not(tw_marking_list_find(NULL, tw_slice_str("SAMPLEARMS|AB01417"), tw_day_of_civil(2025, 7, 1), true, &report));
}

Test(marking_list, rows_are_counted_by_status_and_by_reason)
{
	const struct tw_marking_list_report *report = tw_marking_list_report(list);
	cr_expect(report->lost == 2 && report->stolen == 1 && report->destroyed == 1);
	cr_expect(report->skip[0].count == 1 && report->skip[0].first_line == 6, "no serial");
	cr_expect(report->skip[1].count == 1 && report->skip[1].first_line == 7, "too short");
	cr_expect(report->skip[2].count == 1 && report->skip[2].first_line == 8, "twice");
	cr_expect_eq(strlen(report->digest), 64u);
	cr_expect_lt(report->bytes, 4u * 40u + 256u);
}

static void assert_refused(const char *rows, enum tw_code code, const char *where, const char *what)
{
	struct tw_marking_list *none = NULL;
	cr_assert_eq(tw_marking_list_read("marks.csv", tw_slice_str(rows), NULL, &none, &err), code, "%s", rows);
	cr_expect_null(none);
	cr_expect_str_eq(err.where, where);
	cr_expect_str_eq(err.what, what);
}

Test(marking_list, what_is_no_list_of_marks_is_refused_with_its_line)
{
	assert_refused(HEADER "AB1,S,,,,lost,,\nAB2,S,,,,found,,\n", TW_E_SYNTAX, "marks.csv:3:10",
	               "a status that is none of lost, stolen, destroyed");
	assert_refused(HEADER "AB1,S,,,,lost,2025-02-30,\n", TW_E_SYNTAX, "marks.csv:2:15", "not a day (YYYY-MM-DD)");
	assert_refused(HEADER "AB1,S,,,,lost,,\nAB1,\xc4rms,,,,lost,,\n", TW_E_SYNTAX, "marks.csv:3:5", "not UTF-8: save the file as UTF-8");
	assert_refused(HEADER "AB1,S,,,Nowhere,lost,,\n", TW_E_TYPE, "marks.csv:2:9", "not a country of two letters");
	cr_expect_neq(tw_marking_list_read("marks.csv", tw_slice_str("serial,maker\n"), NULL, &(struct tw_marking_list *){NULL}, &err), TW_OK);
	cr_expect_neq(tw_marking_list_read("marks.csv", tw_slice_str(HEADER "\"AB1,S,,,,lost,,\n"), NULL, &(struct tw_marking_list *){NULL}, &err),
	              TW_OK);
	cr_expect_eq(tw_marking_list_load("/nowhere/marks.csv", NULL, &(struct tw_marking_list *){NULL}, &err), TW_E_MISSING);
}

static enum tw_code mapped(const char *columns, uint32_t unread_ppm_max, const char *rows)
{
	struct tw_marking_list_options options = {.columns = columns, .unread_ppm_max = unread_ppm_max};
	tw_marking_list_free(list);
	list = NULL;
	return tw_marking_list_read("marks.csv", tw_slice_str(rows), &options, &list, &err);
}

Test(marking_list, a_registers_own_columns_come_by_a_map)
{
	cr_assert_eq(mapped("serial=Serial No, status = State,maker=Make", 0, "No,Make,State,Serial No\n1,Samplearms,stolen,AB 01417\n"), TW_OK, "%s",
	             err.what);
	cr_expect_eq(asked("Samplearms", "AB01417", 0).status, TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(mapped("serial=Serial No,status=State", 0, "Serial No,State,Ort\nAB1,lost,M\xfcnchen\n"), TW_OK, "nobody reads that column");
	cr_expect_eq(mapped("serial=Serial No,status=Status", 0, "Serial No,State\nAB1,lost\n"), TW_E_MISSING);
	cr_expect_str_eq(err.where, "marks.csv:1");
	cr_expect_eq(mapped("serial=Serial No", 0, "Serial No\nAB1\n"), TW_E_SYNTAX, "no status");
	cr_expect_eq(mapped("number=Serial No,status=State", 0, "Serial No,State\nAB1,lost\n"), TW_E_SYNTAX, "a column of ours that is none");
	cr_expect_eq(mapped("serial=Serial No,status=State", 0, ""), TW_E_MISSING, "no header");
	cr_expect_eq(mapped("serial=Serial No,status=State", 0, "Serial No,State\nAB1\n"), TW_E_SYNTAX, "a row too short");
}

Test(marking_list, so_many_rows_that_cannot_be_read_are_passed_over_and_no_more)
{
	static const char *const rows = HEADER "AB1,S,,,,lost,,\nAB2,S,,,,found,,\nAB3,S,,,,lost,,\nAB4,S,,,,lost,2025-02-30,\n";
	cr_assert_eq(mapped(NULL, 500000, rows), TW_OK, "%s", err.what);
	cr_expect_eq(asked("S", "AB3", 0).line, 4);
	cr_expect(tw_marking_list_report(list)->skip[3].count == 2 && tw_marking_list_report(list)->skip[3].first_line == 3);
	cr_expect_eq(mapped(NULL, 499999, rows), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "marks.csv:3:10");
}

/* Enough that a key is not found by the first span around its guess alone. */
Test(marking_list, every_mark_of_a_long_list_is_found_and_no_other)
{
	enum { MARKS = 20000 };
	struct tw_arena rows;
	tw_arena_init(&rows, 1U << 20, 0);
	const size_t room = 32 + (size_t)MARKS * 32;
	char *text = tw_arena_alloc_raw(&rows, room);
	size_t length = (size_t)snprintf(text, room, "S,St\n");
	for (int i = 0; i < MARKS; i++) {
		length += (size_t)snprintf(text + length, room - length, "AB%07d,lost\n", i * 2);
	}
	cr_assert_eq(mapped("serial=S,status=St", 0, text), TW_OK, "%s", err.what);
	for (int i = 0; i < 2 * MARKS; i++) {
		char serial[16];
		snprintf(serial, sizeof(serial), "ab%07d", i);
		cr_assert_eq(asked("Anybody", serial, 0).line, i % 2 ? 0U : (uint32_t)(i / 2 + 2), "%s", serial);
	}
	tw_arena_fini(&rows);
}

/* ---- ranges ---- */

#define RANGED "serial,maker,model,calibre,country,status,reported_on,reference,from,to\n"

static struct tw_marking_notice report;

static enum tw_marking_status known(const char *maker, const char *serial, int32_t day)
{
	report = asked(maker, serial, day);
	return report.status;
}

static void ranges_read(const char *rows)
{
	tw_marking_list_free(list);
	list = NULL;
	cr_assert_eq(tw_marking_list_read("marks.csv", tw_slice_str(rows), NULL, &list, &err), TW_OK, "%s %s %s", err.where, err.what, err.detail);
}

Test(marking_list, a_range_is_one_entry_and_holds_every_number)
{
	ranges_read(RANGED ",Samplearms,,,XA,stolen,2025-06-10,,AB 0001,AB 9000\nAB0100,Samplearms,,,,destroyed,2025-07-01,,,\n"
	                   ",,,,,lost,,,ZZ10,ZZ20\n");
	const int32_t day = tw_day_of_civil(2025, 6, 20), later = tw_day_of_civil(2025, 7, 2);
	cr_expect(tw_marking_list_report(list)->ranges == 2 && tw_marking_list_report(list)->stolen == 1);
	cr_expect_lt(tw_marking_list_report(list)->bytes, 1024, "nothing is expanded");
	cr_expect_eq(known("samplearms", "ab-0001", day), TW_MARKING_STATUS_STOLEN);
	cr_expect(report.range && report.line == 2);
	cr_expect_eq(known("Samplearms", "AB9000", day), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(known("Samplearms", "AB9001", day), 0, "behind its end");
	cr_expect_eq(known("Samplearms", "AB0000", day), 0, "before its begin");
	cr_expect_eq(known("Samplearms", "AB00500", day), 0, "another width is another series");
	cr_expect_eq(known("Samplearms", "AC0500", day), 0);
	cr_expect_eq(known("Otherworks", "AB0500", day), 0);
	cr_expect_eq(known("Samplearms", "AB0500", tw_day_of_civil(2025, 6, 9)), 0, "not reported yet");
	cr_expect_eq(known("Samplearms", "AB0100", later), TW_MARKING_STATUS_DESTROYED, "its own report is newer");
	cr_expect_not(report.range);
	cr_expect_eq(known("Samplearms", "AB0100", day), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(known("Whoever", "ZZ15", day), TW_MARKING_STATUS_LOST, "no maker is any maker's");
	cr_expect_not(tw_marking_list_find(list, tw_slice_str("SAMPLEARMS|AB0500"), day, false, &report), "a lot lies in no range");
}

Test(marking_list, of_ranges_that_lie_in_each_other_the_newest_answers)
{
	ranges_read(RANGED ",S,,,,lost,2025-01-01,,A1000,A1999\n,S,,,,stolen,2025-02-01,,A1100,A1199\n,S,,,,destroyed,2025-03-01,,A1150,A1150\n"
	                   ",S,,,,lost,2025-01-01,,A1000,A1999\n");
	const int32_t day = tw_day_of_civil(2025, 12, 1);
	cr_expect_eq(tw_marking_list_report(list)->ranges, 3, "one stood twice");
	cr_expect(tw_marking_list_report(list)->skip[2].count == 1 && tw_marking_list_report(list)->skip[2].first_line == 5);
	cr_expect_eq(known("S", "A1150", day), TW_MARKING_STATUS_DESTROYED);
	cr_expect_eq(known("S", "A1151", day), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(known("S", "A1999", day), TW_MARKING_STATUS_LOST);
	cr_expect_eq(known("S", "A1150", tw_day_of_civil(2025, 2, 2)), TW_MARKING_STATUS_STOLEN);
}

/* Against a walk over all of them. */
Test(marking_list, every_range_that_holds_a_number_is_found_among_many)
{
	static char rows[64 + 600 * 64];
	uint32_t from[600], to[600], dice = 7;
	size_t at = (size_t)snprintf(rows, sizeof(rows), "%s", RANGED);
	for (uint32_t i = 0; i < 600; i++) {
		dice = dice * 1103515245 + 12345;
		from[i] = dice >> 16 & 4095;
		to[i] = from[i] + (dice >> 8 & (i % 7 ? 15 : 1023));
		at += (size_t)snprintf(rows + at, sizeof(rows) - at, ",S,,,,lost,%04u-01-01,,Q%05u,Q%05u\n", 1000 + i, from[i], to[i]);
	}
	ranges_read(rows);
	for (uint32_t number = 0; number < 6000; number += 3) {
		char serial[16];
		uint32_t newest = 0;
		for (uint32_t i = 0; i < 600; i++) {
			newest = from[i] <= number && number <= to[i] ? i + 2 : newest; /* later rows have later days */
		}
		snprintf(serial, sizeof(serial), "Q%05u", number);
		cr_assert_eq(known("S", serial, INT32_MAX) != 0, newest != 0, "%s", serial);
		cr_assert_eq(report.line, newest, "%s: %u, not %u", serial, report.line, newest);
	}
}

static enum tw_marking_status range_asked(const char *maker, const char *from, const char *to)
{
	report = (struct tw_marking_notice){.line = 0};
	bool found = tw_marking_list_find_range(list, tw_slice_str(maker), tw_slice_str(from), tw_slice_str(to), tw_day_of_civil(2025, 12, 1), &arena,
	                                        &report);
	return found ? report.status : (enum tw_marking_status)0;
}

Test(marking_list, a_range_is_asked_by_its_numbers_and_by_ranges_that_meet_it)
{
	ranges_read(RANGED "AB0100,S,,,,stolen,,,,\nAB0300,S,,,,destroyed,2026-01-01,,,\n,S,,,,lost,,,AB5000,AB5999\nAB0777,,,,,lost,,,,\n");
	cr_expect_eq(range_asked("S", "AB0090", "AB0110"), TW_MARKING_STATUS_STOLEN, "one of its numbers");
	cr_expect_eq(range_asked("s", "ab-0100", "ab-0100"), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(range_asked("S", "AB0101", "AB0110"), 0);
	cr_expect_eq(range_asked("S", "AB0290", "AB0310"), 0, "reported later");
	cr_expect_eq(range_asked("S", "AB5999", "AB6100"), TW_MARKING_STATUS_LOST, "meets its end");
	cr_expect_eq(range_asked("S", "AB4000", "AB8000"), TW_MARKING_STATUS_LOST, "holds it");
	cr_expect_eq(range_asked("T", "AB0770", "AB0780"), TW_MARKING_STATUS_LOST, "no maker is any maker's");
	cr_expect_eq(range_asked("T", "AB0090", "AB0110"), 0);
	cr_expect_eq(range_asked("S", "AB0001", "AB2000"), 0, "longer than TW_MARKING_LIST_NUMBERS_MAX, and no range meets it");
	cr_expect_eq(range_asked("S", "AB0110", "AB0090"), 0);
	cr_expect_eq(range_asked("S", "AB", "AC"), 0);
	cr_expect_not(tw_marking_list_find_range(NULL, tw_slice_str("S"), tw_slice_str("A1"), tw_slice_str("A2"), 0, &arena, &report));
}

Test(marking_list, a_range_that_is_none_is_refused_with_its_field)
{
	static const char *const rows[] = {",S,,,,lost,,,AB1,\n",    "AB1,S,,,,lost,,,AB1,AB2\n", ",S,,,,lost,,,AB2,AB1\n",
	                                   ",S,,,,lost,,,AB1,AC2\n", ",S,,,,lost,,,ABC,AB2\n",    ",S,,,,lost,,,AB1,AB02\n"};
	static const char *const where[] = {"marks.csv:2:18", "marks.csv:2:1",  "marks.csv:2:18",
	                                    "marks.csv:2:18", "marks.csv:2:14", "marks.csv:2:18"};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];
		snprintf(text, sizeof(text), RANGED "%s", rows[i]);
		struct tw_marking_list *none = NULL;
		cr_assert_neq(tw_marking_list_read("marks.csv", tw_slice_str(text), NULL, &none, &err), TW_OK, "%s", rows[i]);
		cr_expect_str_eq(err.where, where[i], "%s: %s %s", rows[i], err.where, err.what);
	}
}

Test(marking_list, ranges_come_by_a_map_too)
{
	cr_assert_eq(mapped("status=state,from=low,to=high", 0, "state,low,high\nstolen,AB10,AB19\n"), TW_OK, "%s %s", err.what, err.where);
	cr_expect_eq(known("S", "AB15", 0), TW_MARKING_STATUS_STOLEN);
	cr_expect_neq(mapped("status=state,from=low", 0, "state,low,high\nstolen,AB10,AB19\n"), TW_OK, "one end is no range");
}

struct heard {
	uint64_t times, done, rows;
	bool wrong;
};

static void hear(void *context, uint64_t done, uint64_t total, uint64_t rows)
{
	struct heard *heard = context;
	heard->wrong |= done <= heard->done || done > total || rows <= heard->rows;
	*heard = (struct heard){heard->times + 1, done, rows, heard->wrong};
}

Test(marking_list, of_a_long_file_it_is_told_how_far_it_was_read)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct heard heard = {0};
	struct tw_marking_list *much = NULL;
	fputs(HEADER, out);
	for (int i = 0; i < 20000; i++) {
		fprintf(out, "AB%06d,Samplearms,M7,,XA,lost,,\n", i);
	}
	fclose(out);
	const struct tw_marking_list_options options = {.told = hear, .context = &heard};
	cr_assert_eq(tw_marking_list_read("marks.csv", (struct tw_slice){text, (uint32_t)size}, &options, &much, &err), TW_OK);
	cr_expect_not(heard.wrong);
	cr_expect_gt(heard.times, 3u);
	cr_expect_lt(heard.times, 100u);
	tw_marking_list_free(much);
	free(text);
}
