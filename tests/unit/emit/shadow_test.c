/**
 * @file shadow_test.c
 * What a rule in the shadow says of one event: golden, its id, and what it does not need.
 */
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>

static struct fixture fixture;
static struct tw_findings alone;
static struct tw_assessment with;
static struct tw_shadow_case shadow;

static void setup(void)
{
	fixture_init(&fixture);
	fixture.rules[0].status = TW_RULE_SHADOW;
	alone = (struct tw_findings){fixture.finding, 1, 0};
	with = fixture.assessment;
	with.points += 20;
	shadow = (struct tw_shadow_case){.about = fixture.about, .with = &with, .alert = tw_emit_alert_id(&fixture.about, &fixture.arena)};
	shadow.about.findings = &alone;
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(shadow, .init = setup, .fini = teardown);

static struct tw_output record(void)
{
	struct tw_output out;
	cr_assert_eq(tw_emit_shadow(&shadow, &fixture.arena, &out, NULL), TW_OK);
	assert_json(out.value);
	return out;
}

Test(shadow, is_the_golden_file)
{
	struct tw_output out = record();
	golden("shadow.json", out.value);
	cr_assert_eq(out.kind, TW_OUTPUT_SHADOW);
	cr_assert(tw_slice_is(out.key, "XCLU0001"));
	cr_assert(tw_slice_is(out.headers[3].value, "tidewaiter.shadow.fired"));
}

Test(shadow, rules_have_ids_of_their_own)
{
	struct tw_slice first = record().headers[1].value, again = record().headers[1].value;
	cr_assert(tw_slice_equal(first, again));
	fixture.rules[0].id = tw_slice_str("another-rule");
	cr_assert_not(tw_slice_equal(first, record().headers[1].value));
	cr_assert_not(tw_slice_equal(first, shadow.alert));
}

Test(shadow, without_an_alert_names_none)
{
	shadow.alert = (struct tw_slice){"", 0};
	cr_assert_eq(occurrences(record().value, "\"alert\":\"tw1-"), 0);
}

Test(shadow, a_full_arena_is_an_error)
{
	struct tw_arena small;
	struct tw_output out = {.kind = TW_OUTPUT_HOLD};
	tw_arena_init(&small, 64, 64);
	cr_assert_eq(tw_emit_shadow(&shadow, &small, &out, NULL), TW_E_MEMORY);
	cr_assert_eq(out.kind, TW_OUTPUT_HOLD);
	tw_arena_fini(&small);
}
