/**
 * @file top_test.c
 * The worklist: which alerts stand, in which order, in all three formats, and what happens to lines that are none.
 */
#include "engine/command/top.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/tidewaiter-top-XXXXXX";
static const char *inputs[] = {path, "/nonexistent/alerts.ndjson"};
static FILE *file;
static char *text, *complaints;
static size_t text_size, complaints_size;
static struct tw_top_options options;

static void setup(void)
{
	file = fdopen(mkstemp(path), "w");
	options = (struct tw_top_options){.inputs = inputs, .input_count = 1};
}

static void teardown(void)
{
	unlink(path);
	free(text);
	free(complaints);
}

TestSuite(top, .init = setup, .fini = teardown);

/* an alert as a bare body; `more` are further members with their comma */
static void alert(const char *id, const char *consignment, const char *lane, int points, const char *rank_key, const char *more)
{
	fprintf(file,
	        "{\"alert\":\"tw1-%s\",\"raised\":\"2026-03-02T08:14:00Z\",\"consignment\":\"%s\",\"office\":\"XBMAR\",\"lane\":\"%s\",\"points\":%d,"
	        "\"rank_key\":\"%s\"%s}\n",
	        id, consignment, lane, points, rank_key, more);
}

/* raised by a certificate that no known consignment uses */
static void certificate_alert(const char *id, const char *key, const char *rank_key, const char *more)
{
	fprintf(file,
	        "{\"alert\":\"tw1-%s\",\"raised\":\"2026-03-02T08:14:00Z\",\"about\":{\"kind\":\"certificate\",\"key\":\"%s\"},\"lane\":\"yellow\","
	        "\"points\":70,\"rank_key\":\"%s\",\"input\":{\"type\":\"certificate.issued\"}%s}\n",
	        id, key, rank_key, more);
}

static int run(void)
{
	fclose(file);
	FILE *out = open_memstream(&text, &text_size), *errors = open_memstream(&complaints, &complaints_size);
	int code = tw_top_run(&options, out, errors);
	fclose(out);
	fclose(errors);
	return code;
}

/* Assert that the needles stand in the output, in this order. */
static void in_order(const char *const *needles)
{
	const char *at = text;
	for (; *needles; needles++) {
		at = strstr(at, *needles);
		cr_assert(at, "\"%s\" is missing or out of order in:\n%s", *needles, text);
		at += strlen(*needles);
	}
}
#define IN_ORDER(...) in_order((const char *const[]){__VA_ARGS__, NULL})

static void absent(const char *needle)
{
	cr_assert_not(strstr(text, needle), "\"%s\" stands in:\n%s", needle, text);
}

Test(top, ranks_by_the_rank_key_whatever_the_order_of_the_lines)
{
	alert("c", "CCC", "blue", 50, "3.1", "");
	alert("a", "AAA", "red", 150, "1.1", "");
	alert("b", "BBB", "red", 140, "1.2", "");
	cr_assert_eq(run(), 0);
	IN_ORDER("3 alerts: 2 red, 1 blue", "LANE", "1  RED", "AAA", "2  RED", "BBB", "3  BLUE", "CCC");
	cr_assert_str_empty(complaints);
}

Test(top, shows_what_from_to_and_the_reasons_that_counted)
{
	alert("a", "AAA", "red", 150, "1.1",
	      ",\"eta\":\"2026-03-03\",\"hold\":\"tw1-h\",\"summary\":{\"what\":\"RIFLES\",\"from\":\"XALOA\",\"to\":\"XBMAR\"},\"reasons\":["
	      "{\"rule\":\"r1\",\"title\":\"First\",\"counted\":90},{\"rule\":\"r2\",\"counted\":40},{\"rule\":\"r3\",\"counted\":12},"
	      "{\"rule\":\"r4\",\"counted\":5},{\"rule\":\"r5\",\"counted\":3},{\"rule\":\"quiet\",\"counted\":0}]");
	cr_assert_eq(run(), 0);
	IN_ORDER("RED hold", "150", "AAA", "2026-03-03", "XALOA", "XBMAR", "RIFLES", "First (90); r2 (40); r3 (12); 2 more\n");
	absent("quiet");
}

Test(top, cuts_at_the_capacity_and_says_how_many_more)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	alert("b", "BBB", "red", 140, "1.2", "");
	alert("c", "CCC", "blue", 50, "3.1", "");
	options.capacity = 2;
	cr_assert_eq(run(), 0);
	IN_ORDER("3 alerts", "AAA", "BBB", "1 more below the capacity of 2");
	absent("CCC");
}

Test(top, shows_one_office_alone)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	alert("b", "BBB", "red", 140, "1.2", ",\"office\":\"XBTUN\"");
	options.office = "XBTUN";
	cr_assert_eq(run(), 0);
	IN_ORDER("1 alert at XBTUN: 1 red", "BBB");
	absent("AAA");
	absent("at least red"); /* a rule in the shadow moves no lane */
}

Test(top, lets_the_highest_revision_stand_wherever_it_is_read)
{
	alert("a2", "AAA", "blue", 52, "3.1", ",\"revision\":2,\"input\":{\"type\":\"consignment.amended\",\"offset\":4}");
	alert("a1", "AAA", "red", 151, "1.1", ",\"revision\":1,\"input\":{\"type\":\"consignment.declared\",\"offset\":9}");
	cr_assert_eq(run(), 0);
	IN_ORDER("1 alert: 1 blue (1 superseded or repeated, not shown)", " 52 ");
	absent(" 151 ");
}

Test(top, lets_the_later_event_then_the_higher_offset_stand_between_equal_revisions)
{
	alert("a1", "AAA", "red", 151, "1.1", ",\"input\":{\"offset\":5}");
	alert("a2", "AAA", "red", 152, "1.2", ",\"input\":{\"offset\":6}");
	alert("b1", "BBB", "red", 161, "1.3", ",\"raised\":\"2026-03-02T08:14:00.500Z\",\"input\":{\"offset\":5}");
	alert("b2", "BBB", "red", 162, "1.4", ",\"input\":{\"offset\":6}");
	cr_assert_eq(run(), 0);
	IN_ORDER(" 152 ", " 161 ");
	absent(" 151 ");
	absent(" 162 ");
}

Test(top, keeps_what_another_event_revealed_beside_the_consignments_own_alert)
{
	alert("a1", "AAA", "red", 151, "1.1", ",\"input\":{\"type\":\"consignment.declared\",\"offset\":5}");
	alert("r1", "AAA", "blue", 61, "3.1", ",\"input\":{\"type\":\"certificate.revoked\",\"offset\":6}");
	alert("r2", "AAA", "blue", 62, "3.2", ",\"input\":{\"type\":\"marking.stolen\",\"offset\":7}");
	cr_assert_eq(run(), 0);
	IN_ORDER(" 151 ", " 61 ", " 62 ");
}

Test(top, counts_an_alert_that_is_read_twice_once_even_with_all)
{
	for (int i = 0; i < 2; i++) {
		alert("a1", "AAA", "red", 151, "1.1", ",\"revision\":1");
		alert("a2", "AAA", "red", 152, "1.2", ",\"revision\":2");
	}
	options.all = true;
	cr_assert_eq(run(), 0);
	IN_ORDER("2 alerts: 2 red (2 superseded or repeated", " 151 ", " 152 ");
}

Test(top, names_lines_that_are_no_alert_and_shows_the_rest)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	fputs("\n   \n{\"alert\":\"tw1-x\"}\n{broken\n", file);
	alert("b", "BBB", "red", 140, "1.2", "");
	cr_assert_eq(run(), 65);
	IN_ORDER("2 alerts", "AAA", "BBB", "2 lines could not be read and are missing here");
	char where[64];
	snprintf(where, sizeof(where), "%s:4: no alert", path);
	cr_assert(strstr(complaints, where), "%s", complaints);
	snprintf(where, sizeof(where), "%s:5: ", path);
	cr_assert(strstr(complaints, where), "%s", complaints);
}

Test(top, passes_over_holds_and_dead_letters_in_the_same_file)
{
	fputs("{\"topic\":\"tw.holds\",\"value\":{\"hold\":\"tw1-h\",\"placed_at\":\"2026-03-02T08:14:00Z\",\"alert\":\"tw1-a\"}}\n"
	      "{\"topic\":\"tw.dead-letter\",\"headers\":{},\"value_base64\":\"eA==\"}\n",
	      file);
	alert("a", "AAA", "red", 150, "1.1", "");
	cr_assert_eq(run(), 0);
	IN_ORDER("1 alert: 1 red", "AAA");
}

Test(top, says_which_file_cannot_be_opened_and_reads_the_others)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	options.input_count = 2;
	cr_assert_eq(run(), 66);
	IN_ORDER("1 alert", "AAA");
	cr_assert(strstr(complaints, "/nonexistent/alerts.ndjson: cannot be opened"), "%s", complaints);
}

Test(top, of_nothing_is_no_alerts_and_no_table)
{
	cr_assert_eq(run(), 0);
	cr_assert_str_eq(text, "0 alerts\n\n");
}

Test(top, cannot_be_repainted_by_a_description)
{
	alert("a", "AAA", "red", 150, "1.1", ",\"summary\":{\"what\":\"\\u001b[2Jgone\\nFORGED LINE\"}");
	cr_assert_eq(run(), 0);
	absent("\x1b");
	absent("\nFORGED");
}

Test(top, colours_the_lane_only_when_asked_to)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	options.color = true;
	cr_assert_eq(run(), 0);
	IN_ORDER("\x1b[1;31mRED", "\x1b[0m");
}

Test(top, keeps_its_lines_inside_the_width)
{
	alert("a", "A-CONSIGNMENT-WITH-A-LONG-NUMBER-0001", "yellow", 150, "1.1",
	      ",\"summary\":{\"what\":\"a description that goes on and on beyond any terminal anybody has ever had on a desk\"},"
	      "\"reasons\":[{\"rule\":\"a-rule-with-a-long-title-that-also-goes-on-and-on-and-on-beyond-the-edge\",\"counted\":9}]");
	options.width = 80;
	cr_assert_eq(run(), 0);
	unsigned columns = 0, widest = 0;
	for (const char *c = text; *c; c++) {
		columns = *c == '\n' ? 0 : columns + (((unsigned char)*c & 0xC0) != 0x80);
		widest = columns > widest ? columns : widest;
	}
	cr_assert_eq(widest, 80, "%u columns in:\n%s", widest, text);
}

Test(top, writes_csv_that_quotes_and_disarms)
{
	alert("a", "=cmd", "red", -5, "1.1",
	      ",\"summary\":{\"what\":\"a, \\\"b\\\"\\nc\",\"from\":\"+1\",\"to\":\"@x\",\"consignor\":\"-y\",\"consignee\":\"plain\"}");
	options.format = TW_TOP_CSV;
	cr_assert_eq(run(), 0);
	IN_ORDER("rank,lane,points,", "alert\r\n",
	         "1,RED,-5,0,\"'=cmd\",0,XBMAR,,\"a, \"\"b\"\"\nc\",\"'+1\",\"'@x\",\"'-y\",plain,,,,2026-03-02T08:14:00Z,tw1-a\r\n");
}

Test(top, goes_by_the_key_of_a_certificate_that_no_consignment_uses)
{
	certificate_alert("c", "QZ|QZMOD1", "2.1", "");
	alert("a", "AAA", "red", 150, "1.1", ",\"about\":{\"kind\":\"certificate\",\"key\":\"QZ|QZMOD2\"}");
	cr_assert_eq(run(), 0);
	IN_ORDER("2 alerts: 1 red, 1 yellow", "AAA", "certificate QZ|QZMOD2", "YELLOW", "QZ|QZMOD1", "certificate QZ|QZMOD1");
}

Test(top, keeps_certificates_apart_and_counts_one_that_is_read_twice_once)
{
	certificate_alert("c", "QZ|QZMOD1", "2.1", "");
	certificate_alert("d", "QZ|QZMOD2", "2.2", "");
	certificate_alert("e", "QZ|QZMOD1", "2.3", "");
	certificate_alert("c", "QZ|QZMOD1", "2.1", "");
	options.format = TW_TOP_CSV;
	cr_assert_eq(run(), 0);
	IN_ORDER("1,YELLOW,70,0,QZ|QZMOD1,", ",tw1-c\r\n", "2,YELLOW,70,0,QZ|QZMOD2,", ",tw1-d\r\n", "3,YELLOW,70,0,QZ|QZMOD1,", ",tw1-e\r\n");
	absent("4,YELLOW");
}

Test(top, explains_the_certificate_whose_key_is_asked_for)
{
	certificate_alert("c", "QZ|QZMOD1", "2.1", "");
	certificate_alert("d", "QZ|QZMOD2", "2.2", "");
	options.explain = "QZ|QZMOD2";
	cr_assert_eq(run(), 0);
	IN_ORDER("rank 2 of 2", "tw1-d", "Certificate", "QZ|QZMOD2");
	absent("Consignment ");
	absent("tw1-c");
}

Test(top, shows_what_names_no_office_to_every_office_and_says_so)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	certificate_alert("c", "QZ|QZMOD1", "2.1", "");
	options.office = "XBTUN";
	cr_assert_eq(run(), 0);
	IN_ORDER("1 alert at XBTUN or of no office (1): 1 yellow", "QZ|QZMOD1");
	absent("AAA");
}

Test(top, writes_json_bodies_in_rank_order)
{
	alert("b", "BBB", "red", 140, "1.2", "");
	fputs("{\"topic\":\"tw.alerts\",\"value\":{\"alert\":\"tw1-a\",\"lane\":\"red\",\"rank_key\":\"1.1\"}}\n", file);
	options.format = TW_TOP_JSON;
	cr_assert_eq(run(), 0);
	IN_ORDER("[\n{\"alert\":\"tw1-a\",\"lane\":\"red\",\"rank_key\":\"1.1\"},\n{\"alert\":\"tw1-b\"", "}\n]\n");
}

Test(top, writes_an_empty_json_array_for_nothing)
{
	options.format = TW_TOP_JSON;
	cr_assert_eq(run(), 0);
	cr_assert_str_eq(text, "[]\n");
}

Test(top, explains_an_alert_by_the_beginning_of_its_id)
{
	alert("aaaa1111", "AAA", "red", 150, "1.1", "");
	alert("bbbb2222", "BBB", "red", 140, "1.2",
	      ",\"probability_ppm\":217155,\"hold\":\"tw1-h\",\"selection\":{\"by\":\"score\",\"inclusion_ppm\":1000000},\"reasons\":["
	      "{\"rule\":\"r1\",\"version\":3,\"title\":\"First\",\"points\":160,\"counted\":140,\"action\":\"hold\",\"because\":\"The sentence.\","
	      "\"evidence\":[{\"pointer\":\"/a/b\",\"from\":3,\"to\":6,\"text\":\"520\",\"cut\":true}],\"facts\":{\"certified\":500},"
	      "\"related\":[\"OLD1\"],\"source\":\"The Instrument\"},"
	      "{\"rule\":\"r2\",\"points\":40,\"counted\":0,\"status\":\"shadow\",\"lane\":\"red\"},{\"rule\":\"r3\",\"points\":9,\"counted\":0,"
	      "\"action\":\"inform\"},"
	      "{\"rule\":\"r4\",\"points\":8,\"counted\":0,\"action\":\"score\",\"lane\":\"yellow\"}],"
	      "\"matches\":[{\"list\":\"xx\",\"entry\":\"E1\",\"name\":\"LISTED\",\"query\":\"Asked\",\"similarity_ppm\":934000,\"parts\":[{"
	      "\"feature\":\"names\",\"ppm\":953000},"
	      "{\"feature\":\"country\",\"ppm\":-19000}],\"measures\":[\"arms embargo\"],\"listed_on\":\"2012-06\",\"role\":\"consignee\"}"
	      "],"
	      "\"entities\":[{\"kind\":\"party\",\"key\":\"k|QZ\",\"seen\":1,\"window\":\"365d\"}],\"related\":[\"OLD1\",\"OLD2\"],"
	      "\"snapshot\":{\"digest\":\"5eed\",\"rules\":\"beef\",\"lists\":[{\"id\":\"xx\",\"digest\":\"0123456789abcdef\",\"entries\":7}]},"
	      "\"input\":{\"topic\":\"tw.manifests\",\"partition\":2,\"offset\":417,\"digest\":\"d1\"}");
	options.explain = "tw1-bbbb";
	options.color = true;
	cr_assert_eq(run(), 0);
	IN_ORDER("RED", "140 points", "21.7% likely", "rank 2 of 2", "HOLD", "BBB", "by score", "140      160  r1 v3", "capped", "not active",
	         "informs only", "a stronger one speaks", "140", "at least yellow, whatever the points: r4", "Why", "First", "asks for: hold",
	         "The sentence.", "/a/b", "bytes 3-6", "\x1b[1;7m\"520\"\x1b[0m (goes on)", "known: certified 500", "also concerns: OLD1",
	         "The Instrument", "List matches", "LISTED", "93.4%", "names 95.3%, country -1.9%; arms embargo; listed 2012-06", "Known before",
	         "1 consignment in 365d", "never seen before", "Also concerns OLD1, OLD2", "5eed", "beef", "0123456789ab\n",
	         "partition 2, offset 417", "d1");
	absent("AAA");
}

Test(top, explains_every_alert_that_stands_on_a_consignment)
{
	alert("aaaa1111", "AAA", "red", 150, "1.1", ",\"revision\":1");
	alert("aaaa2222", "AAA", "red", 140, "1.2", ",\"revision\":2");
	alert("aaaa3333", "AAA", "blue", 60, "3.1", ",\"selection\":{\"by\":\"revealed\"}");
	options.explain = "AAA";
	cr_assert_eq(run(), 0);
	IN_ORDER("tw1-aaaa2222", "tw1-aaaa3333");
	absent("tw1-aaaa1111");
}

Test(top, explains_a_superseded_alert_when_its_id_is_asked_for)
{
	alert("aaaa1111", "AAA", "red", 150, "1.1", ",\"revision\":1");
	alert("aaaa2222", "AAA", "red", 140, "1.2", ",\"revision\":2");
	options.explain = "tw1-aaaa1111";
	cr_assert_eq(run(), 0);
	IN_ORDER("superseded", "tw1-aaaa1111");
}

Test(top, says_so_when_nothing_is_there_to_explain)
{
	alert("aaaa1111", "AAA", "red", 150, "1.1", "");
	options.explain = "tw1-";
	cr_assert_eq(run(), 1);
	cr_assert(strstr(complaints, "no alert has the id, consignment or key \"tw1-\""), "%s", complaints);
}

Test(top, fails_when_its_output_cannot_be_written)
{
	alert("a", "AAA", "red", 150, "1.1", "");
	fclose(file);
	FILE *full = fopen("/dev/full", "w");
	cr_assert(full);
	cr_assert_eq(tw_top_run(&options, full, stderr), 74);
	fclose(full);
}

Test(top, knows_its_formats_by_name)
{
	enum tw_top_format format = TW_TOP_TABLE;
	cr_assert(tw_top_format_find("csv", &format));
	cr_assert_eq(format, TW_TOP_CSV);
	cr_assert_not(tw_top_format_find("xml", &format));
	cr_assert_eq(format, TW_TOP_CSV);
	fclose(file);
}

Test(top, takes_columns_from_the_environment_and_no_colour_off_a_terminal)
{
	setenv("COLUMNS", "97", 1);
	unsetenv("NO_COLOR");
	options.color = true;
	tw_top_terminal(file, &options);
	cr_assert_eq(options.width, 97);
	cr_assert_not(options.color);
	setenv("COLUMNS", "many", 1);
	tw_top_terminal(file, &options);
	cr_assert_eq(options.width, 0);
	fclose(file);
}

/* ---- what a later record closes ---- */

/* an alert about a certificate that names consignments */
static void told(const char *id, const char *rule, int counted, const char *consignments, const char *settles)
{
	char more[512];
	snprintf(more, sizeof(more), ",\"reasons\":[{\"rule\":\"%s\",\"points\":%d,\"counted\":%d,\"because\":\"so\",\"related\":[%s]%s%s%s}]", rule,
	         counted, counted, consignments, settles ? ",\"settles\":[\"" : "", settles ? settles : "", settles ? "\"]" : "");
	certificate_alert(id, "QZ|QZ9", counted ? "3.1" : "4.1", more);
}

Test(top, an_alert_that_a_later_record_settles_is_counted_and_not_shown)
{
	told("aaaa0001", "euc-delivery-time-passed", 45, "\"T1\"", NULL);
	told("aaaa0002", "euc-delivery-settled", 0, "\"T1\"", "euc-delivery-time-passed");
	cr_assert_eq(run(), 0);
	IN_ORDER("1 alert: 1 yellow (1 settled by a later record, not shown)");
	absent("2 alerts");
}

Test(top, an_alert_about_two_stands_until_both_are_settled)
{
	told("aaaa0001", "euc-delivery-time-passed", 45, "\"T1\",\"T2\"", NULL);
	told("aaaa0002", "euc-delivery-settled", 0, "\"T2\"", "euc-delivery-time-passed");
	cr_assert_eq(run(), 0);
	IN_ORDER("2 alerts: 2 yellow");
	absent("settled by");
}

Test(top, what_another_rule_said_is_not_settled)
{
	told("aaaa0001", "euc-delivery-short", 70, "\"T1\"", NULL);
	told("aaaa0002", "euc-delivery-settled", 0, "\"T1\"", "euc-delivery-time-passed");
	cr_assert_eq(run(), 0);
	IN_ORDER("2 alerts: 2 yellow");
}

Test(top, an_alert_that_names_as_many_as_a_finding_can_is_not_settled)
{
	told("aaaa0001", "euc-delivery-time-passed", 45, "\"T1\",\"T2\",\"T3\",\"T4\"", NULL);
	told("aaaa0002", "euc-delivery-settled", 0, "\"T1\",\"T2\",\"T3\",\"T4\"", "euc-delivery-time-passed");
	cr_assert_eq(run(), 0);
	IN_ORDER("2 alerts: 2 yellow");
}

Test(top, explains_a_settled_alert_with_the_record_that_closed_it)
{
	told("aaaa0001", "euc-delivery-time-passed", 45, "\"T1\"", NULL);
	told("aaaa0002", "euc-delivery-settled", 0, "\"T1\"", "euc-delivery-time-passed");
	options.explain = "tw1-aaaa0001";
	cr_assert_eq(run(), 0);
	IN_ORDER("settled by tw1-aaaa0002", "euc-delivery-time-passed");
}

Test(top, names_a_few_of_many_lines_that_are_no_alerts)
{
	for (int i = 0; i < 20; i++) {
		fputs("no alert\n", file);
	}
	cr_assert_eq(run(), 65);
	cr_assert(strstr(text, "20 lines could not be read") && strstr(complaints, ":8: ") && !strstr(complaints, ":9: "), "%s", complaints);
	cr_assert(strstr(complaints, ": 12 more lines that are no alerts; is it what `tidewaiter screen` wrote?"), "%s", complaints);
}

Test(top, takes_an_office_in_either_case)
{
	options.office = "xbmar";
	alert("a", "C1", "red", 100, "1", "");
	cr_assert_eq(run(), 0);
	cr_assert(strstr(text, "C1") && complaints_size == 0, "%s%s", text, complaints);
}

Test(top, doubts_an_office_that_no_alert_names)
{
	options.office = "XBMRA";
	alert("a", "C1", "red", 100, "1", "");
	cr_assert_eq(run(), 0);
	cr_assert(!strstr(text, "C1"));
	cr_assert_str_eq(complaints, "no alert names the office \"XBMRA\"; did you mean \"XBMAR\"?\n");
}

Test(top, guesses_what_an_explanation_was_meant_for)
{
	options.explain = "C-2O";
	alert("a", "C-20", "red", 100, "1", "");
	cr_assert_eq(run(), 1);
	cr_assert_str_eq(complaints, "no alert has the id, consignment or key \"C-2O\"; did you mean \"C-20\"?\n");
}

Test(top, offers_no_words_that_command_a_terminal)
{
	options.explain = "C-2O";
	alert("a", "C-2\\u001b", "red", 100, "1", "");
	cr_assert_eq(run(), 1);
	cr_assert(strstr(complaints, "did you mean") && !strchr(complaints, 033), "%s", complaints);
}

/* In characters: all of these take one column. */
static size_t widest(const char *shown)
{
	size_t most = 0, width = 0;
	for (const char *at = shown; *at; at++) {
		width = *at == '\n' ? 0 : width + (((unsigned char)*at & 0xC0U) != 0x80U);
		most = width > most ? width : most;
	}
	return most;
}

Test(top, gives_up_columns_on_a_narrow_terminal_never_lanes_points_or_consignments)
{
	const char *const summary =
	    ",\"eta\":\"2026-03-03\",\"summary\":{\"what\":\"Rifles 7.62 mm with spares\",\"from\":\"XALOA\",\"to\":\"XBMAR\"}";
	alert("a", "XCLU0000001", "red", 143, "1", summary);
	options.width = 60;
	cr_assert_eq(run(), 0);
	cr_assert(strstr(text, "XBMAR") && !strstr(text, "XALOA") && widest(text) <= 60, "%s", text);
}

Test(top, puts_the_goods_below_on_the_narrowest)
{
	alert("a", "XCLU0000001", "red", 143, "1", ",\"summary\":{\"what\":\"Rifles 7.62 mm with spares\",\"from\":\"XALOA\",\"to\":\"XBMAR\"}");
	options.width = 40;
	cr_assert_eq(run(), 0);
	cr_assert(strstr(text, "\n  Rifles 7.62 mm with spares\n") && strstr(text, "143  XCLU0000001") && widest(text) <= 40, "%s", text);
}
