/**
 * @file alert_test.c
 * The alert's bytes: golden, repeatable, ordered, bounded.
 */
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(alert, .init = setup, .fini = teardown);

static struct tw_output alert(void)
{
	struct tw_output out;
	struct tw_error err;
	memset(&out, 0x55, sizeof(out));
	cr_assert_eq(tw_emit_alert(&fixture.about, &fixture.arena, &out, &err), TW_OK);
	assert_json(out.value);
	return out;
}

static struct tw_slice header(const struct tw_output *out, const char *name)
{
	for (uint32_t i = 0; i < out->header_count; i++) {
		if (tw_slice_is(out->headers[i].name, name)) {
			return out->headers[i].value;
		}
	}
	return (struct tw_slice){NULL, 0};
}

Test(alert, is_the_golden_file)
{
	golden("alert.json", alert().value);
}

Test(alert, says_that_an_address_agreed)
{
	fixture.match[1].basis = TW_MATCH_ADDRESS;
	fixture.match[1].scheme = (struct tw_slice){"", 0};
	struct tw_slice value = alert().value;
	cr_assert_eq(occurrences(value, "\"basis\":\"address\""), 1);
	cr_assert_eq(occurrences(value, "\"basis\":\"name\""), 1);
}

Test(alert, names_the_least_lane_of_the_rules_that_have_one)
{
	cr_assert_null(strstr(alert().value.ptr, "\"action\":\"examine\",\"lane\":"));
	fixture.rules[1].lane = TW_LANE_BLUE;
	cr_assert_not_null(strstr(alert().value.ptr, "\"action\":\"examine\",\"lane\":\"blue\",\"severity\":4"));
}

Test(alert, has_the_same_bytes_for_the_same_input)
{
	struct tw_output first = alert(), second = alert();
	cr_assert(tw_slice_equal(first.value, second.value));
	cr_assert_neq(first.value.ptr, second.value.ptr);
}

Test(alert, carries_cloudevents_headers_and_is_keyed_by_the_consignment)
{
	struct tw_output out = alert();
	cr_assert_eq(out.kind, TW_OUTPUT_ALERT);
	cr_assert_eq(out.origin.partition, 2);
	cr_assert_eq(out.origin.offset, 417);
	cr_assert(tw_slice_is(out.key, "XCLU0001"));
	cr_assert(tw_slice_is(header(&out, "ce_specversion"), "1.0"));
	cr_assert(tw_slice_is(header(&out, "ce_type"), "tidewaiter.alert.raised"));
	cr_assert(tw_slice_is(header(&out, "ce_time"), "2026-03-02T08:14:00Z"));
	cr_assert(tw_slice_is(header(&out, "ce_subject"), "XCLU0001"));
	cr_assert(tw_slice_is(header(&out, "content-type"), "application/json"));
	cr_assert_eq(header(&out, "ce_id").len, 36);
	cr_assert_eq(occurrences(out.value, header(&out, "ce_id").ptr), 1);
}

Test(alert, has_an_id_of_its_own_for_every_place_and_every_revealed_consignment)
{
	struct tw_output here = alert();
	fixture.event.origin.offset++;
	struct tw_output next = alert();
	cr_assert_not(tw_slice_equal(header(&here, "ce_id"), header(&next, "ce_id")));
	fixture.event.family = TW_FAMILY_CERTIFICATE;
	fixture.event.consignment = (struct tw_consignment){.id = {NULL, 0, {0, 0}}};
	struct tw_output one = alert();
	fixture.about.consignment = tw_slice_str("XCLU0002");
	struct tw_output two = alert();
	cr_assert_not(tw_slice_equal(header(&one, "ce_id"), header(&two, "ce_id")));
	cr_assert_eq(occurrences(two.value, "\"summary\""), 0, "a certificate event has no consignment to sum up");
	cr_assert_eq(occurrences(two.value, "\"eta\""), 0);
	cr_assert_eq(occurrences(two.value, "\"office\""), 0);
}

Test(alert, of_no_consignment_goes_by_the_key_of_what_was_judged)
{
	fixture.event.family = TW_FAMILY_CERTIFICATE;
	fixture.event.consignment = (struct tw_consignment){.id = {NULL, 0, {0, 0}}};
	fixture.about.consignment = (struct tw_slice){NULL, 0};
	fixture.about.about_kind = "certificate";
	fixture.about.about_key = tw_slice_str("QZ|QZMOD1");
	struct tw_output one = alert();
	cr_assert(tw_slice_is(one.key, "QZ|QZMOD1"));
	cr_assert(tw_slice_is(header(&one, "ce_subject"), "QZ|QZMOD1"));
	cr_assert_eq(occurrences(one.value, "\"about\":{\"kind\":\"certificate\",\"key\":\"QZ|QZMOD1\"},\"lane\""), 1);
	cr_assert_eq(occurrences(one.value, "\"consignment\""), 0);
	fixture.about.about_key = tw_slice_str("QZ|QZMOD2");
	struct tw_output two = alert();
	cr_assert_not(tw_slice_equal(header(&one, "ce_id"), header(&two, "ce_id")));
	fixture.about.consignment = tw_slice_str("XCLU0001");
	struct tw_output named = alert();
	cr_assert(tw_slice_is(named.key, "XCLU0001"), "a consignment that is known comes first");
	cr_assert_eq(occurrences(named.value, "\"consignment\":\"XCLU0001\",\"about\":{\"kind\""), 1);
}

Test(alert, puts_reasons_that_counted_first)
{
	struct tw_slice value = alert().value;
	const char *order[] = {"embargo-destination", "euc-over-draw", "long-known-consignee", "euc-reused"};
	const char *at = value.ptr;
	for (unsigned i = 0; i < 4; i++) {
		char needle[64];
		snprintf(needle, sizeof(needle), "{\"rule\":\"%s\"", order[i]);
		at = strstr(at, needle);
		cr_assert(at, "%s is out of order", order[i]);
	}
}

Test(alert, types_its_facts_and_never_states_a_name_twice)
{
	struct tw_slice value = alert().value;
	const char *facts = "\"facts\":{\"certified\":500,\"drawn_before\":400.5,\"consignments\":3,\"valid_until\":\"2026-07-10\","
	                    "\"authenticated\":false,\"consignments_2\":\"three\"}";
	cr_assert_eq(occurrences(value, facts), 1);
}

Test(alert, names_the_hold_it_places_and_only_then)
{
	struct tw_output hold, out = alert();
	cr_assert_eq(tw_emit_hold(&fixture.about, &fixture.arena, &hold, NULL), TW_OK);
	cr_assert_eq(occurrences(out.value, header(&hold, "ce_id").ptr), 1);
	fixture.assessment.hold = false;
	cr_assert_eq(occurrences(alert().value, "\"hold\":"), 0);
}

Test(alert, shows_what_a_decision_has_taken_out_of_the_score)
{
	struct tw_suppressed one = {.finding = fixture.finding[0],
	                            .reason = tw_slice_str("a \"known\" buyer"),
	                            .author = tw_slice_str("h.tide"),
	                            .until_day = 20545,
	                            .counted = 35};
	struct tw_suppressed_list list = {&one, 0};
	fixture.about.suppressed = &list;
	cr_expect_eq(occurrences(alert().value, "\"suppressed\""), 0, "none, no member");
	list.count = 1;
	struct tw_slice value = alert().value;
	cr_expect_eq(occurrences(value, "\"suppressed\":[{\"rule\":\"embargo-destination\""), 1);
	cr_expect_eq(occurrences(value, "\"counted\":35,\"action\":\"hold\""), 1);
	cr_expect_eq(occurrences(value, "\"reason\":\"a \\\"known\\\" buyer\",\"author\":\"h.tide\",\"until\":\"2026-04-02\"}]"), 1);
	fixture.assessment.selection = TW_SELECTION_SUPPRESSED;
	cr_expect_eq(occurrences(alert().value, "\"selection\":{\"by\":\"suppressed\""), 1);
}

Test(alert, marks_findings_of_rules_in_shadow)
{
	fixture.rules[2].status = TW_RULE_SHADOW;
	cr_assert_eq(occurrences(alert().value, "\"status\":\"shadow\""), 1);
}

Test(alert, cuts_long_evidence_and_says_so)
{
	static char pasted[5000];
	memset(pasted, 'x', sizeof(pasted));
	fixture.evidence[0].text = (struct tw_slice){pasted, sizeof(pasted)};
	struct tw_slice value = alert().value;
	cr_assert_eq(occurrences(value, "\"cut\":true"), 1);
	cr_assert_lt(value.len, 10000);
}

Test(alert, survives_text_that_is_not_utf8)
{
	fixture.items[0].description = (struct tw_text){"caf\xE9", 4, {1, 2}};
	cr_assert_eq(occurrences(alert().value, "\"what\":\"caf\xEF\xBF\xBD\""), 1);
}

Test(alert, fits_into_a_message_whatever_the_event_was_made_to_be)
{
	static char hostile[20000];
	static struct tw_evidence evidence[8];
	static struct tw_finding many[512];
	memset(hostile, 1, sizeof(hostile));
	for (unsigned i = 0; i < 8; i++) {
		evidence[i] = (struct tw_evidence){tw_slice_str("/consignment/items/9998/description"), {1, 2}, {hostile, sizeof(hostile)}};
	}
	for (unsigned i = 0; i < 512; i++) {
		many[i] = fixture.finding[2];
		many[i].counted = i == 300 ? 60 : 0;
		many[i].evidence = evidence;
		many[i].evidence_count = 8;
		many[i].because = (struct tw_slice){hostile, sizeof(hostile)};
	}
	fixture.findings = (struct tw_findings){many, 512, 9};
	struct tw_slice value = alert().value;
	cr_assert_leq(value.len, 900000, "%u bytes", value.len);
	cr_assert_eq(occurrences(value, "\"detail\":\""), 1);
	cr_assert_eq(occurrences(value, "\"counted\":60"), 1, "what counted is never left out");
	cr_assert_eq(occurrences(value, "\"reasons_dropped\":"), 1);
}

Test(alert, says_memory_at_the_arenas_ceiling_and_leaves_the_output_alone)
{
	struct tw_arena small;
	struct tw_output out = {.kind = TW_OUTPUT_HOLD};
	struct tw_error err = {0};
	tw_arena_init(&small, 512, 2048);
	cr_assert_eq(tw_emit_alert(&fixture.about, &small, &out, &err), TW_E_MEMORY);
	cr_assert_eq(out.kind, TW_OUTPUT_HOLD);
	tw_arena_fini(&small);
}
