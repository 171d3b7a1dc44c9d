/**
 * @file canon_test.c
 * One meaning, one text; another meaning, another text; and as written for people.
 */
#include "rules/canon.h"

#include <criterion/criterion.h>

#include "fixture.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(canon, .init = setup, .fini = teardown);

static const char *meaning(const char *when)
{
	const char *rule = fixture_rule(f, "manifest", when, "because");
	cr_assert_eq(fixture_load_sets(f, "sets: {arms: ['9301', '9306'], more: [$arms, '93']}", rule), TW_OK, "%s", f->err.detail);
	return tw_canon_rule(&f->rules->rule[0], f->rules, &f->arena).ptr;
}

static bool alike(const char *a, const char *b)
{
	const char *left = meaning(a);
	return strcmp(left, meaning(b)) == 0;
}

Test(canon, order_quotes_repeats_and_sets_make_no_difference)
{
	cr_assert(alike("{field: means.flag, in: [XA, XB]}", "{in: ['XB', XA, \"XB\"], field: means.flag}"));
	cr_assert(alike("{some: items, where: {field: item.hs, starts: $arms}}", "{some: items, where: {field: item.hs, starts: ['9306', '9301']}}"));
	cr_assert(alike("{all: [{field: means.flag, is: XA}, {field: revision, is: 1}]}",
	                "{all: [{field: revision, is: 1}, {field: means.flag, is: XA}]}"));
}

Test(canon, another_value_or_another_end_of_a_range_does)
{
	cr_assert_not(alike("{field: means.flag, in: [XA, XB]}", "{field: means.flag, in: [XA]}"));
	cr_assert_not(alike("{field: means.flag, is: XA}", "{field: means.flag, is_not: XA}"));
	cr_assert_not(alike("{field: totals.gross_kg, between: [1, 2]}", "{field: totals.gross_kg, between: [1, 3]}"));
}

Test(canon, a_macro_is_the_condition_that_it_stands_for)
{
	static const char macros[] =
	    "macros:\n  flag: {field: means.flag, is: XA}\n  again: {use: flag}\n  both: {all: [{use: again}, {field: revision, is: 1}]}\n";
	static const char *const pairs[][2] = {{"{use: again}", "{field: means.flag, is: XA}"},
	                                       {"{not: {use: both}}", "{not: {all: [{field: revision, is: 1}, {field: means.flag, is: XA}]}}"}};
	for (size_t i = 0; i < 2; i++) {
		const char *rule = fixture_rule(f, "manifest", pairs[i][0], "because");
		cr_assert_eq(fixture_load_macros(f, macros, rule), TW_OK, "%s", f->err.detail);
		const char *used = tw_canon_rule(&f->rules->rule[0], f->rules, &f->arena).ptr;
		cr_assert_str_eq(used, meaning(pairs[i][1]));
	}
}

Test(canon, any_inside_any_is_one)
{
	cr_assert(alike("{any: [{any: [{field: means.flag, is: XA}, {field: revision, is: 1}]}, {field: revision, is: 2}]}",
	                "{any: [{field: revision, is: 2}, {field: means.flag, is: XA}, {field: revision, is: 1}]}"));
	cr_assert_not(alike("{any: [{all: [{field: means.flag, is: XA}, {field: revision, is: 1}]}, {field: revision, is: 2}]}",
	                    "{any: [{field: revision, is: 2}, {field: means.flag, is: XA}, {field: revision, is: 1}]}"));
}

Test(canon, as_written_it_keeps_quotes_where_they_were_and_names_of_sets)
{
	(void)meaning("{some: items, where: {field: item.hs, starts: [$arms, '87']}}");
	const struct tw_yaml *when = tw_yaml_member(f->rules->rule[0].root, "when");
	cr_assert_str_eq(tw_canon_written(when, &f->arena).ptr, "{some: items, where: {field: item.hs, starts: [$arms, '87']}}");
}

Test(canon, a_set_that_is_none_is_none)
{
	(void)meaning("{some: items, where: {field: item.hs, starts: $arms}}");
	struct tw_yaml node = {.kind = TW_YAML_SCALAR, .plain = true, .text = tw_slice_str("$nothing")};
	cr_assert_null(tw_canon_set(&node, f->rules));
	node.text = tw_slice_str("$arms");
	cr_assert_not_null(tw_canon_set(&node, f->rules));
	node.plain = false;
	cr_assert_null(tw_canon_set(&node, f->rules));
}
