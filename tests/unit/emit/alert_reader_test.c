/**
 * @file alert_reader_test.c
 * What alert.c writes comes back; what it did not write is refused by name, never by a crash.
 */
#include "engine/emit/alert_reader.h"

#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(alert_reader, .init = setup, .fini = teardown);

static struct tw_output alert(void)
{
	struct tw_output out;
	cr_assert_eq(tw_emit_alert(&fixture.about, &fixture.arena, &out, NULL), TW_OK);
	return out;
}

static struct tw_alert_view view_of(struct tw_slice line)
{
	struct tw_alert_view view;
	struct tw_error err = {.what = ""};
	bool other = true;
	cr_assert_eq(tw_alert_read(line, &fixture.arena, &other, &view, &err), TW_OK, "%s at %s", err.what, err.where);
	cr_assert_not(other);
	return view;
}

static void refused(const char *line, enum tw_code code, const char *detail)
{
	struct tw_alert_view view = {.points = 77};
	struct tw_error err = {.what = ""};
	bool other;
	cr_assert_eq(tw_alert_read(tw_slice_str(line), &fixture.arena, &other, &view, &err), code, "%s", line);
	cr_assert_eq(err.disposition, TW_REJECT);
	cr_assert(strstr(err.detail, detail), "%s: %s", line, err.detail);
	cr_assert_eq(view.points, 77, "the view is left alone");
}

static bool is_other(struct tw_slice line)
{
	struct tw_alert_view view;
	bool other = false;
	cr_assert_eq(tw_alert_read(line, &fixture.arena, &other, &view, NULL), TW_OK);
	return other;
}

Test(alert_reader, reads_back_the_least_lane_of_a_rule)
{
	fixture.rules[0].lane = TW_LANE_YELLOW;
	struct tw_alert_view view = view_of(alert().value);
	const struct tw_reason_view *reasons = view.reasons.data;
	cr_assert(tw_slice_is(reasons[0].lane, "yellow"));
	cr_assert_eq(reasons[1].lane.len, 0);
}

Test(alert_reader, reads_back_what_the_alert_says)
{
	struct tw_alert_view view = view_of(alert().value);
	cr_assert(tw_slice_is(view.consignment, "XCLU0001"));
	cr_assert_eq(view.lane, TW_LANE_RED);
	cr_assert_eq(view.points, 143);
	cr_assert_eq(view.probability_ppm, 217155);
	cr_assert(tw_slice_is(view.rank_key, fixture.assessment.rank_key));
	cr_assert(tw_slice_is(view.summary.what, "RIFLES, 7.62 mm\nwith \"spare\" parts\t\\ crates"));
	cr_assert(tw_slice_is(view.summary.consignee, "Société d'Équipement QZ"));
	cr_assert_eq(view.selection.inclusion_ppm, 1000000);
	cr_assert_eq(view.input.offset, 417);
	cr_assert(tw_slice_is(view.input.type, "consignment.declared"));
	cr_assert_eq(view.snapshot.lists.count, 2);
	cr_assert_eq(view.matches.count, 2);
	const struct tw_match_view *match = view.matches.data;
	cr_assert(match[0].parts.count == 3 && match[0].measures.count == 2 && tw_slice_is(match[0].listed_on, "2012-06"));
	cr_assert(tw_slice_is(((const struct tw_part_view *)match[0].parts.data)[2].feature, "birth_date"));
	cr_assert_eq(((const struct tw_part_view *)match[0].parts.data)[2].ppm, -12500);
	cr_assert(match[1].parts.count == 0 && match[1].measures.count == 0 && match[1].listed_on.len == 0);
	cr_assert_eq(view.entities.count, 2);
	cr_assert_eq(view.related.count, 1);
	cr_assert(tw_slice_is(view.engine, "0.1.0"));
}

Test(alert_reader, reads_back_every_reason_with_evidence_and_facts)
{
	struct tw_alert_view view = view_of(alert().value);
	cr_assert_eq(view.reasons.count, 4);
	const struct tw_reason_view *reason = (const struct tw_reason_view *)view.reasons.data + 1;
	cr_assert(tw_slice_is(reason->rule, "euc-over-draw"));
	cr_assert_eq(reason->counted, 60);
	cr_assert_eq(reason->evidence.count, 2);
	const struct tw_evidence_view *evidence = reason->evidence.data;
	cr_assert_eq(evidence[0].from, 812);
	cr_assert(tw_slice_is(evidence[1].text, "\x1b[31mAB\x01"));
	const char *facts[][2] = {{"certified", "500"},          {"drawn_before", "400.5"},  {"consignments", "3"},
	                          {"valid_until", "2026-07-10"}, {"authenticated", "false"}, {"consignments_2", "three"}};
	cr_assert_eq(reason->facts.count, 6);
	for (unsigned i = 0; i < 6; i++) {
		const struct tw_fact_view *fact = (const struct tw_fact_view *)reason->facts.data + i;
		cr_assert(tw_slice_is(fact->name, facts[i][0]) && tw_slice_is(fact->value, facts[i][1]), "%s", facts[i][0]);
	}
}

Test(alert_reader, reads_back_what_an_alert_of_no_consignment_is_about)
{
	cr_assert_eq(view_of(alert().value).about.kind.len, 0);
	fixture.about.consignment = (struct tw_slice){NULL, 0};
	fixture.about.about_kind = "marking";
	fixture.about.about_key = tw_slice_str("QUILL|AB1");
	struct tw_alert_view view = view_of(alert().value);
	cr_assert_eq(view.consignment.len, 0);
	cr_assert(tw_slice_is(view.about.kind, "marking"));
	cr_assert(tw_slice_is(view.about.key, "QUILL|AB1"));
	refused("{\"alert\":\"a\",\"lane\":\"red\",\"rank_key\":\"1\",\"about\":\"QUILL|AB1\"}", TW_E_TYPE, "");
}

Test(alert_reader, finds_the_same_body_in_a_line_and_alone)
{
	struct tw_output out = alert();
	struct tw_slice line;
	cr_assert_eq(tw_emit_line(&out, tw_slice_str("tw.alerts"), &fixture.arena, &line, NULL), TW_OK);
	cr_assert(tw_slice_equal(view_of(line).body, out.value));
	cr_assert(tw_slice_equal(view_of(out.value).body, out.value));
	cr_assert_eq(view_of(line).points, 143);
}

Test(alert_reader, tells_holds_and_dead_letters_from_alerts)
{
	struct tw_output hold, letter;
	struct tw_slice line;
	struct tw_dead_letter_case about = {.raw = tw_slice_str("x"), .reason = "syntax", .stage = "decode", .byte = -1, .engine_version = "0.1.0"};
	cr_assert_eq(tw_emit_hold(&fixture.about, &fixture.arena, &hold, NULL), TW_OK);
	cr_assert(is_other(hold.value));
	cr_assert_eq(tw_emit_line(&hold, tw_slice_str("tw.holds"), &fixture.arena, &line, NULL), TW_OK);
	cr_assert(is_other(line));
	cr_assert_eq(tw_emit_dead_letter(&about, &fixture.arena, &letter, NULL), TW_OK);
	cr_assert_eq(tw_emit_line(&letter, tw_slice_str("tw.dead-letter"), &fixture.arena, &line, NULL), TW_OK);
	cr_assert(is_other(line));
}

Test(alert_reader, skips_members_it_does_not_know_and_takes_null_as_not_stated)
{
	struct tw_alert_view view =
	    view_of(tw_slice_str("{\"future\":{\"a\":[{\"lane\":\"blue\"},[]]},\"list\":[1,{\"points\":2}],\"alert\":\"tw1-a\","
	                         "\"office\":null,\"points\":null,\"lane\":\"green\",\"rank_key\":\"4\",\"reasons\":[{\"x\":{},\"rule\":\"r\"}]}"));
	cr_assert_eq(view.lane, TW_LANE_GREEN);
	cr_assert_eq(view.points, 0);
	cr_assert_eq(view.office.len, 0);
	cr_assert_eq(view.reasons.count, 1);
}

Test(alert_reader, takes_an_envelopes_members_for_the_envelopes)
{
	struct tw_alert_view view =
	    view_of(tw_slice_str("{\"points\":9,\"value\":{\"alert\":\"tw1-a\",\"lane\":\"red\",\"rank_key\":\"1\"},\"points\":8}"));
	cr_assert_eq(view.points, 0);
	refused("{\"alert\":\"tw1-a\",\"lane\":\"red\",\"rank_key\":\"1\",\"value\":{}}", TW_E_MISSING, "alert");
}

Test(alert_reader, refuses_what_is_no_alert_and_says_why)
{
	refused("", TW_E_SYNTAX, "");
	refused("nonsense", TW_E_SYNTAX, "");
	refused("{\"alert\":\"a\"", TW_E_SYNTAX, "");
	refused("{} {}", TW_E_SYNTAX, "");
	refused("[1]", TW_E_TYPE, "");
	refused("7", TW_E_TYPE, "");
	refused("{}", TW_E_MISSING, "\"alert\"");
	refused("{\"alert\":\"a\",\"lane\":\"red\"}", TW_E_MISSING, "\"rank_key\"");
	refused("{\"alert\":\"a\",\"rank_key\":\"1\"}", TW_E_MISSING, "\"lane\"");
	refused("{\"alert\":\"a\",\"rank_key\":\"1\",\"lane\":\"pink\"}", TW_E_UNKNOWN, "pink");
	refused("{\"alert\":1}", TW_E_TYPE, "");
	refused("{\"points\":\"143\"}", TW_E_TYPE, "");
	refused("{\"points\":1.5}", TW_E_TYPE, "");
	refused("{\"points\":9223372036854775808}", TW_E_TYPE, "");
	refused("{\"reasons\":{}}", TW_E_TYPE, "");
	refused("{\"reasons\":[[]]}", TW_E_TYPE, "");
	refused("{\"reasons\":[\"r\"]}", TW_E_TYPE, "");
	refused("{\"summary\":[]}", TW_E_TYPE, "");
	refused("{\"related\":[1]}", TW_E_TYPE, "");
	refused("{\"related\":[null]}", TW_E_TYPE, "");
	refused("{\"reasons\":[{\"facts\":{\"a\":[]}}]}", TW_E_TYPE, "");
}

Test(alert_reader, says_memory_and_stop_at_the_arenas_ceiling)
{
	struct tw_arena small;
	struct tw_alert_view view;
	struct tw_error err = {0};
	bool other;
	struct tw_slice value = alert().value;
	tw_arena_init(&small, 64, 256);
	cr_assert_eq(tw_alert_read(value, &small, &other, &view, &err), TW_E_MEMORY);
	cr_assert_eq(err.disposition, TW_STOP);
	tw_arena_fini(&small);
}

Test(alert_reader, answers_every_cut_and_every_broken_byte)
{
	struct tw_slice value = alert().value;
	struct tw_alert_view view;
	char *copy = malloc(value.len);
	bool other;
	for (uint32_t i = 0; i < value.len; i++) {
		struct tw_arena_mark mark = tw_arena_mark(&fixture.arena);
		memcpy(copy, value.ptr, value.len);
		cr_assert_eq(tw_alert_read((struct tw_slice){copy, i}, &fixture.arena, &other, &view, NULL), TW_E_SYNTAX, "cut at %u", i);
		for (const char *broken = "{}[]\",:0x\\"; *broken; broken++) {
			copy[i] = *broken;
			enum tw_code code = tw_alert_read((struct tw_slice){copy, value.len}, &fixture.arena, &other, &view, NULL);
			cr_assert(code == TW_OK || code == TW_E_SYNTAX || code == TW_E_TYPE || code == TW_E_MISSING || code == TW_E_UNKNOWN);
		}
		tw_arena_rewind(&fixture.arena, mark);
	}
	free(copy);
}
