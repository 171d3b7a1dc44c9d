/**
 * @file testcase_test.c
 * Tests inside rules become canonical JSON: every scalar typed by the shape table, left-out envelope members the same for ever.
 */
#include <criterion/criterion.h>

#include "fixture.h"

static struct tw_rules *rules;

static void setup(void)
{
	static const char *const paths[] = {"tests/data/rules/good"};
	cr_assert_eq(tw_rules_load(paths, 1, stderr, &rules, NULL), TW_OK);
}

static void teardown(void)
{
	tw_rules_free(rules);
}

TestSuite(testcase, .init = setup, .fini = teardown);

Test(testcase, tests_come_in_rule_order_with_their_place)
{
	cr_assert_eq(tw_rules_test_count(rules), 6);
	const struct tw_rule_test *test = tw_rules_test(rules, 0);
	cr_assert_str_eq(test->rule.ptr, "a-first");
	cr_assert_str_eq(test->name.ptr, "a listed consignee of rifles");
	cr_assert_str_eq(test->where.ptr, "tests/data/rules/good/inner/a-first.yaml:22:5");
	cr_assert(test->fires);
	cr_assert_not(tw_rules_test(rules, 1)->fires);
	cr_assert_str_eq(tw_rules_test(rules, 2)->rule.ptr, "b-second");
}

Test(testcase, scalars_are_typed_by_the_field_they_stand_in)
{
	cr_assert_str_eq(
	    tw_rules_test(rules, 0)->event.ptr,
	    "{\"id\":\"test-1\",\"type\":\"consignment.declared\",\"time\":\"2026-03-01T00:00:00Z\",\"source\":\"rule-test\","
	    "\"consignment\":{\"id\":\"C-1\",\"document\":{\"consolidated\":true},"
	    "\"parties\":[{\"role\":\"consignee\",\"name\":\"Say \\\"Acme\\\"\",\"founded\":\"2025-12-30\"}],"
	    "\"items\":[{\"line\":1,\"description\":\"rifles\",\"hs\":\"0930\",\"quantity\":12.50,\"packages\":null,\"gross_kg\":\"1 200\","
	    "\"containers\":[\"NO\",\"0012\"]}]}}");
}

Test(testcase, earlier_events_are_an_hour_apart_before_the_events_own_time)
{
	const struct tw_rule_test *test = tw_rules_test(rules, 2);
	cr_assert_eq(test->given_count, 3);
	cr_assert_str_eq(test->given[0].ptr,
	                 "{\"id\":\"test-given-1\",\"type\":\"consignment.declared\",\"time\":\"2026-04-01T09:00:00Z\",\"source\":\"rule-test\","
	                 "\"consignment\":{\"id\":\"G-1\",\"means\":{\"imo\":\"9074729\"},\"items\":[{\"line\":1,\"description\":\"no\"}]}}");
	cr_assert_str_eq(test->given[1].ptr,
	                 "{\"id\":\"mine\",\"type\":\"certificate.issued\",\"time\":\"2026-02-01T00:00:00Z\",\"source\":\"rule-test\","
	                 "\"certificate\":{\"number\":\"0012\",\"issuer\":{\"country\":\"NO\"}}}");
	cr_assert_not_null(strstr(test->given[2].ptr, "\"time\":\"2026-04-01T11:00:00Z\""));
	cr_assert_eq(test->given_family[0], TW_FAMILY_MANIFEST);
	cr_assert_eq(test->given_family[1], TW_FAMILY_CERTIFICATE);
	cr_assert_eq(test->family, TW_FAMILY_MANIFEST);
}

Test(testcase, assumed_matches_have_pointers_below_the_body)
{
	const struct tw_rule_test *test = tw_rules_test(rules, 0);
	cr_assert_eq(test->listed_count, 1);
	cr_assert_str_eq(test->listed[0].subject.ptr, "/parties/0");
	cr_assert_str_eq(test->listed[0].list.ptr, "un-sc");
	cr_assert_str_eq(test->listed[0].entry.ptr, "XXi.001");
	cr_assert_eq(test->listed[0].basis, TW_MATCH_IDENTIFIER);
}

static void refused(const char *tests, const char *where, const char *detail)
{
	struct fixture *f = fixture_new();
	const char *rule = fixture_rule(f, "manifest", "{field: movement, is: import}", "because");
	const char *at = strstr(rule, "tests:"), *rest = strstr(rule, "when:");
	const char *text = tw_arena_format(&f->arena, "%.*stests:\n%s\n%s", (int)(at - rule), rule, tests, rest).ptr;
	cr_assert_neq(fixture_load(f, "test-rule.yaml", text), TW_OK);
	cr_assert_str_eq(f->err.where, where);
	cr_assert_str_eq(f->err.detail, detail);
	fixture_free(f);
}

Test(testcase, slips_in_tests_are_errors)
{
	refused("  - {name: a, fires: true, event: {consignment: {id: C, itms: []}}}", "test-rule.yaml:13:57",
	        "unknown field \"itms\" in consignment; did you mean \"items\"?");
	refused("  - {name: a, fires: yes, event: {consignment: {id: C}}}", "test-rule.yaml:13:22", "\"yes\" must be true or false");
	refused("  - {name: a, event: {consignment: {id: C}}}", "test-rule.yaml:13:5", "a test says whether the rule `fires`");
	refused("  - {fires: true, event: {consignment: {id: C}}}", "test-rule.yaml:13:5", "a test needs a name and an event");
	refused("  - {name: a, fires: true, event: {type: consignment.declare, consignment: {id: C}}}", "test-rule.yaml:13:42",
	        "unknown event type \"consignment.declare\"; did you mean \"consignment.declared\"?");
	refused("  - {name: a, fires: true, event: {type: certificate.issued, certificate: {number: C}}}", "test-rule.yaml:13:35",
	        "the event is a certificate, but the rule is on manifest");
	refused("  - {name: a, fires: true, event: {consignment: []}}", "test-rule.yaml:13:49", "consignment must be a mapping, not a list");
	refused("  - {name: a, fires: true, evnt: {}, event: {consignment: {id: C}}}", "test-rule.yaml:13:28",
	        "unknown key \"evnt\" in a test; did you mean \"event\"?");
	refused("  - {name: a, fires: true, listed: [{subject: parties/0}], event: {consignment: {id: C}}}", "test-rule.yaml:13:37",
	        "an assumed match needs \"list\"");
}
