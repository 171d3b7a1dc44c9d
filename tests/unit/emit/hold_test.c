/**
 * @file hold_test.c
 * The hold: golden, with its basis, its reasons and its end.
 */
#include "tests/unit/emit/fixture.h"

#include <criterion/criterion.h>

static struct fixture fixture;

static void setup(void)
{
	fixture_init(&fixture);
}

static void teardown(void)
{
	fixture_fini(&fixture);
}

TestSuite(hold, .init = setup, .fini = teardown);

static struct tw_output hold(void)
{
	struct tw_output out;
	cr_assert_eq(tw_emit_hold(&fixture.about, &fixture.arena, &out, NULL), TW_OK);
	assert_json(out.value);
	return out;
}

Test(hold, is_the_golden_file)
{
	struct tw_output out = hold();
	golden("hold.json", out.value);
	cr_assert_eq(out.kind, TW_OUTPUT_HOLD);
	cr_assert(tw_slice_is(out.key, "XCLU0001"));
	cr_assert(tw_slice_is(out.headers[3].value, "tidewaiter.hold.placed"));
}

Test(hold, ends_with_the_longest_of_its_rules_and_names_each_basis_once)
{
	fixture.rules[1].action = TW_ACTION_HOLD;
	fixture.rules[1].hold_days = 45;
	fixture.rules[1].legal_basis = fixture.rules[0].legal_basis;
	struct tw_slice value = hold().value;
	cr_assert_eq(occurrences(value, "\"limit\":\"2026-04-16T08:14:00Z\""), 1);
	cr_assert_eq(occurrences(value, "\"legal_basis\":[\"Fictional Arms Trade Act, section 4\"]"), 1);
	cr_assert_eq(occurrences(value, "\"rule\":"), 2);
}

Test(hold, names_a_rule_once_however_many_lines_it_fired_on)
{
	fixture.finding[1] = fixture.finding[0];
	cr_assert_eq(occurrences(hold().value, "\"rule\":\"embargo-destination\""), 1);
}

Test(hold, has_no_limit_when_no_rule_sets_one_and_stays_inside_the_calendar)
{
	fixture.rules[0].hold_days = 0;
	cr_assert_eq(occurrences(hold().value, "\"limit\""), 0);
	fixture.rules[0].hold_days = UINT32_MAX;
	cr_assert_eq(occurrences(hold().value, "\"limit\":\"9999-12-31T00:00:00Z\""), 1);
}

Test(hold, does_not_rest_on_rules_in_shadow)
{
	fixture.rules[1].action = TW_ACTION_HOLD;
	fixture.rules[1].status = TW_RULE_SHADOW;
	fixture.rules[1].hold_days = 90;
	struct tw_slice value = hold().value;
	cr_assert_eq(occurrences(value, "\"rule\":"), 1);
	cr_assert_eq(occurrences(value, "\"limit\":\"2026-04-01T08:14:00Z\""), 1);
}

Test(hold, says_memory_at_the_arenas_ceiling)
{
	struct tw_arena small;
	struct tw_output out;
	tw_arena_init(&small, 512, 1024);
	cr_assert_eq(tw_emit_hold(&fixture.about, &small, &out, NULL), TW_E_MEMORY);
	tw_arena_fini(&small);
}
