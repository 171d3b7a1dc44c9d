/**
 * @file trace_test.c
 * Every condition of a rule, of every element, true or false, with what it saw.
 */
#include "rules/trace.h"

#include <criterion/criterion.h>

#include "fixture.h"
#include "rules/program.h"

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(trace, .init = setup, .fini = teardown);

static char drawn[2048];

static void draw(const struct tw_trace_node *node, int depth)
{
	size_t used = strlen(drawn);
	snprintf(drawn + used, sizeof(drawn) - used, "%*s%s%.*s=%d%s%s%s%s\n", depth, "", node->element ? "#" : "",
	         (int)tw_trace_words(node->node, &f->arena).len, tw_trace_words(node->node, &f->arena).ptr, node->holds, node->left.len ? " " : "",
	         node->left.len ? node->left.ptr : "", node->right.len ? " / " : "", node->right.len ? node->right.ptr : "");
	for (const struct tw_trace_node *child = node->first; child; child = child->next) {
		draw(child, depth + 1);
	}
}

static bool trace(const char *when)
{
	struct tw_trace_tree tree = {.arena = &f->arena};
	struct tw_rule_trace into = tw_trace_into(&tree);
	const struct tw_rule_env env = {.event = &f->event};
	struct tw_rule_held held = {false, 0};
	cr_assert_eq(fixture_load(f, "test-rule.yaml", fixture_rule(f, "manifest", when, "because")), TW_OK, "%s", f->err.detail);
	struct tw_rule_bench *bench = NULL;
	cr_assert_eq(tw_rule_bench_new(f->rules, &bench, &f->err), TW_OK);
	cr_assert_eq(tw_rules_trace(f->rules, bench, &env, 0, &into, &f->arena, &held, &f->err), TW_OK);
	drawn[0] = '\0';
	if (tree.root) {
		draw(tree.root, 0);
	}
	tw_rule_bench_free(bench);
	return held.holds;
}

Test(trace, each_branch_is_looked_at_also_where_the_answer_is_known)
{
	f->event.consignment.means.flag = fixture_text(f, "XA");
	cr_assert_not(trace("{all: [{field: means.flag, is: XB}, {not: {field: means.flag, in: [XA, XC]}}]}"));
	cr_assert_str_eq(drawn, "all=0\n field: means.flag, is: XB=0 XA\n not=0\n  field: means.flag, in: [XA, XC]=1 XA\n");
}

Test(trace, elements_of_a_quantifier_one_by_one)
{
	item(f, 0)->hs = fixture_text(f, "847990");
	item(f, 1)->hs = fixture_text(f, "930690");
	item(f, 2)->hs = (struct tw_text){.ptr = NULL};
	cr_assert(trace("{some: items, where: {any: [{field: item.hs, starts: ['93']}, {field: item.hs, stated: false}]}}"));
	cr_assert_str_eq(drawn, "some items=1\n"
	                        " #any=0\n  field: item.hs, starts: ['93']=0 847990\n  field: item.hs, stated: false=0 847990\n"
	                        " #any=1\n  field: item.hs, starts: ['93']=1 930690\n  field: item.hs, stated: false=0 930690\n"
	                        " #any=1\n  field: item.hs, starts: ['93']=0 not stated\n  field: item.hs, stated: false=1 not stated\n");
}

Test(trace, a_count_says_its_number_and_two_values_are_both_said)
{
	item(f, 0)->hs = fixture_text(f, "930690");
	item(f, 1)->hs = fixture_text(f, "847990");
	item(f, 2)->hs = fixture_text(f, "930690");
	cr_assert_not(trace("{count: items, where: {field: item.hs, starts: ['93']}, above: 2}"));
	cr_assert_not_null(strstr(drawn, " their number=0 2\n"), "%s", drawn);
	f->event.consignment.means.flag = fixture_text(f, "XA");
	party(f, 0)->country = fixture_text(f, "XB");
	cr_assert(trace("{some: parties, where: {field: party.country, differs_from: {field: means.flag}}}"));
	cr_assert_not_null(strstr(drawn, "=1 XB / XA\n"), "%s", drawn);
}

Test(trace, a_rule_that_does_not_listen_to_the_event_is_not_traced)
{
	fixture_become(f, TW_CERTIFICATE_ISSUED);
	cr_assert_not(trace("{field: revision, stated: false}"));
	cr_assert_str_eq(drawn, "");
}

Test(trace, a_rule_is_found_by_its_id_or_not_at_all)
{
	(void)trace("{field: revision, stated: false}");
	cr_assert_eq(tw_rules_find(f->rules, tw_slice_str("test-rule")), 0);
	cr_assert_eq(tw_rules_find(f->rules, tw_slice_str("test-rulf")), tw_rules_count(f->rules));
	cr_assert_eq(tw_rules_find(f->rules, tw_slice_str("")), tw_rules_count(f->rules));
}
