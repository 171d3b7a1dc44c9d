/**
 * @file ruleset_test.c
 * Whole sets: files in byte order, one digest, ids in order, all or nothing, heads checked to the letter.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "fixture.h"

#define GOOD "tests/data/rules/good"
#define BAD  "tests/data/rules/bad"

static char problems[16384];
static struct tw_error err;

static enum tw_code load(const char *const *paths, size_t count, struct tw_rules **rules)
{
	memset(problems, 0, sizeof(problems));
	FILE *stream = fmemopen(problems, sizeof(problems) - 1, "w");
	enum tw_code code = tw_rules_load(paths, count, stream, rules, &err);
	fclose(stream);
	return code;
}

Test(ruleset, loads_folders_recursively_and_lists_rules_by_id)
{
	struct tw_rules *rules = NULL;
	cr_assert_eq(load((const char *const[]){GOOD}, 1, &rules), TW_OK, "%s", problems);
	cr_assert_eq(tw_rules_count(rules), 3);
	const struct tw_rule_info *first = tw_rules_info(rules, 0), *second = tw_rules_info(rules, 1);
	cr_assert_str_eq(first->id.ptr, "a-first");
	cr_assert_str_eq(second->id.ptr, "b-second");
	cr_assert_str_eq(first->source.ptr, "Targeting practice; Fictional instrument, section 1");
	cr_assert_str_eq(first->legal_basis.ptr, "Fictional Customs Act, section 7");
	cr_assert_str_eq(first->group.ptr, "a-first");
	cr_assert_str_eq(second->group.ptr, "means");
	cr_assert_eq(first->action, TW_ACTION_HOLD);
	cr_assert_eq(first->hold_days, 10);
	cr_assert_eq(first->severity, 5);
	cr_assert_eq(second->points, -5);
	cr_assert_eq(second->version, 2);
	cr_assert_eq(tw_rules_info(rules, 2)->status, TW_RULE_DRAFT);
	tw_rules_free(rules);
}

Test(ruleset, the_digest_is_of_the_bytes_in_byte_order_of_path_however_the_paths_are_named)
{
	struct tw_rules *once = NULL, *again = NULL, *other = NULL;
	cr_assert_eq(load((const char *const[]){GOOD}, 1, &once), TW_OK);
	cr_assert_eq(
	    load((const char *const[]){GOOD "/inner", GOOD "/b-second.yaml", GOOD "/_sets.yaml", GOOD "/c-draft.yaml", GOOD "/b-second.yaml"}, 5,
	         &again),
	    TW_OK, "%s", problems);
	cr_assert_eq(load((const char *const[]){GOOD "/b-second.yaml"}, 1, &other), TW_OK);
	cr_assert_str_eq(tw_rules_digest(once).ptr, tw_rules_digest(again).ptr);
	cr_assert_str_neq(tw_rules_digest(once).ptr, tw_rules_digest(other).ptr);
	cr_assert_eq(tw_rules_digest(once).len, 64);
	tw_rules_free(once);
	tw_rules_free(again);
	tw_rules_free(other);
}

Test(ruleset, the_digest_of_one_file_is_the_files_own)
{
	static const struct tw_rule_source empty = {"_sets.yaml", {"sets: {}\n", 9}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(&empty, 1, NULL, &rules, &err), TW_OK);
	char digest[TW_SHA256_HEX_BYTES];
	cr_assert_eq(tw_sha256_hex("sets: {}\n", 9, digest, &err), TW_OK);
	cr_assert_str_eq(tw_rules_digest(rules).ptr, digest);
	cr_assert_eq(tw_rules_count(rules), 0);
	tw_rules_free(rules);
}

Test(ruleset, one_broken_file_refuses_the_whole_set_and_all_errors_are_said)
{
	struct tw_rules *rules = NULL;
	cr_assert_eq(load((const char *const[]){GOOD, BAD}, 2, &rules), TW_E_SYNTAX);
	cr_assert_null(rules);
	cr_assert_str_eq(err.where, BAD "/broken.yaml:3:1");
	cr_assert_eq(err.disposition, TW_REJECT);
	static const char *const said[] = {
	    BAD "/broken.yaml:3:1: error: did not find expected ',' or ']' while parsing a flow sequence: is a bracket not closed",
	    BAD "/lacking.yaml:1:5: error: the id is not the file's name, \"lacking\" [TW-R-",
	    BAD "/lacking.yaml:2:10: error: \"version\" must be 1 to 1000000 [TW-R-",
	    BAD "/lacking.yaml:3:9: error: unknown status \"activ\"; did you mean \"active\"? [TW-R-",
	    BAD "/lacking.yaml:1:1: error: the rule lacks \"title\" [TW-R-",
	    BAD "/lacking.yaml:6:9: error: source is empty [TW-R-",
	    BAD "/lacking.yaml:1:1: error: the rule lacks \"false_positives\" [TW-R-",
	    BAD "/lacking.yaml:7:9: error: \"points\" must be -100 to 200 [TW-R-",
	    BAD "/lacking.yaml:8:9: error: the rule lacks \"legal_basis\", without which nothing is held [TW-R-0401]\n",
	    BAD "/lacking.yaml:8:9: error: the rule lacks \"hold_days\", without which nothing is held [TW-R-0401]\n",
	    BAD "/lacking.yaml:5:31: error: \"certificate.issued\" is no event type of a manifest [TW-R-",
	};
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		cr_expect_not_null(strstr(problems, said[i]), "not said: %s", said[i]);
	}
}

Test(ruleset, missing_paths_and_empty_folders_are_refused)
{
	struct tw_rules *rules = NULL;
	cr_assert_eq(load((const char *const[]){"tests/data/rules/nowhere"}, 1, &rules), TW_E_IO);
	cr_assert_str_eq(err.where, "tests/data/rules/nowhere");
	cr_assert_eq(load((const char *const[]){"tests/unit/rules"}, 1, &rules), TW_E_MISSING);
	cr_assert_null(rules);
}

static struct fixture *f;

static void setup(void)
{
	f = fixture_new();
}

static void teardown(void)
{
	fixture_free(f);
}

TestSuite(head, .init = setup, .fini = teardown);

/* The fixture's rule with one line replaced. */
static const char *with(const char *line, const char *instead)
{
	const char *rule = fixture_rule(f, "manifest", "{field: movement, is: import}", "because");
	const char *at = strstr(rule, line);
	cr_assert_not_null(at);
	const char *rest = strchr(at, '\n');
	return tw_arena_format(&f->arena, "%.*s%s%s", (int)(at - rule), rule, instead, rest).ptr;
}

#define HEAD(line, instead, where_, text, code)                                                                                                      \
	do {                                                                                                                                         \
		cr_assert_eq(fixture_load(f, "test-rule.yaml", with(line, instead)), code, "%s", f->problems);                                       \
		cr_assert_str_eq(f->err.where, "test-rule.yaml:" where_);                                                                            \
		cr_assert_str_eq(f->err.detail, text);                                                                                               \
	} while (0)

Test(head, unknown_keys_name_the_nearest)
{
	HEAD("title: A", "titel: A title", "4:1", "unknown key \"titel\" in a rule; did you mean \"title\"?", TW_E_UNKNOWN);
	cr_assert_not_null(strstr(f->problems, "test-rule.yaml:1:1: error: the rule lacks \"title\""));
}

Test(head, ids_are_kebab_case_and_the_file_name)
{
	HEAD("id: test", "id: Test_Rule", "1:5", "an id is lower-case words joined by single dashes, at most 64 bytes", TW_E_RANGE);
	HEAD("id: test", "id: test--rule", "1:5", "an id is lower-case words joined by single dashes, at most 64 bytes", TW_E_RANGE);
	HEAD("id: test", "id: other-rule", "1:5", "the id is not the file's name, \"test-rule\"", TW_E_CONFLICT);
}

Test(head, words_and_numbers_have_domains)
{
	HEAD("status:", "status: activ", "3:9", "unknown status \"activ\"; did you mean \"active\"?", TW_E_UNKNOWN);
	HEAD("on: manifest", "on: manifests", "5:5", "unknown on \"manifests\"; did you mean \"manifest\"?", TW_E_UNKNOWN);
	HEAD("action:", "action: examin", "9:9", "unknown action \"examin\"; did you mean \"examine\"?", TW_E_UNKNOWN);
	HEAD("points:", "points: 201", "8:9", "\"points\" must be -100 to 200", TW_E_RANGE);
	HEAD("points:", "points: ten", "8:9", "\"ten\" is no whole number", TW_E_TYPE);
	HEAD("severity:", "severity: 6", "10:11", "\"severity\" must be 1 to 5", TW_E_RANGE);
	HEAD("action:", "action: hold", "9:9", "the rule lacks \"legal_basis\", without which nothing is held", TW_E_MISSING);
}

Test(head, a_rule_may_name_the_rules_whose_findings_it_closes)
{
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("action:", "action: score\nsettles: [told-before, told-too]")), TW_OK, "%s", f->problems);
	const struct tw_rule_info *info = tw_rules_info(f->rules, 0);
	cr_assert_eq(info->settle_count, 2);
	cr_assert_str_eq(info->settles[1].ptr, "told-too");
	HEAD("action:", "action: score\nsettles: [Told Before]", "10:11", "an id is lower-case words joined by single dashes, at most 64 bytes",
	     TW_E_RANGE);
}

Test(head, a_rule_may_name_its_least_lane_but_not_when_it_only_informs)
{
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("action:", "action: score\nlane: yellow")), TW_OK, "%s", f->problems);
	cr_assert_eq(tw_rules_info(f->rules, 0)->lane, TW_LANE_YELLOW);
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("action:", "action: score")), TW_OK);
	cr_assert_eq(tw_rules_info(f->rules, 0)->lane, 0);
	HEAD("action:", "action: score\nlane: green", "10:7", "unknown lane \"green\": it is one of red, yellow, blue", TW_E_UNKNOWN);
	HEAD("action:", "action: score\nlane: yelow", "10:7", "unknown lane \"yelow\"; did you mean \"yellow\"?", TW_E_UNKNOWN);
	HEAD("action:", "action: inform\nlane: red", "10:1", "a rule that only informs has no lane", TW_E_CONFLICT);
}

Test(head, a_rule_has_a_test_that_fires_and_one_that_does_not)
{
	const char *rule = fixture_rule(f, "manifest", "{field: movement, is: import}", "because");
	char *silent = strstr((char *)(uintptr_t)rule, "fires: false");
	memcpy(silent, "fires: true ", 12);
	cr_assert_eq(fixture_load(f, "test-rule.yaml", rule), TW_E_MISSING);
	cr_assert_str_eq(f->err.detail, "a rule needs a test that fires and one that does not");
}

Test(head, two_rules_may_not_have_one_id)
{
	const char *rule = fixture_rule(f, "manifest", "{field: movement, is: import}", "because");
	struct tw_rule_source sources[] = {{"a/test-rule.yaml", tw_slice_str(rule)}, {"b/test-rule.yaml", tw_slice_str(rule)}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &rules, &f->err), TW_E_CONFLICT);
	cr_assert_str_eq(f->err.where, "b/test-rule.yaml:1:5");
	cr_assert_str_eq(f->err.detail, "the rule \"test-rule\" stands in a/test-rule.yaml:1 too");
}

Test(head, sets_are_defined_once_and_used)
{
	const char *rule = fixture_rule(f, "manifest", "{field: means.flag, in: $flag}", "because");
	cr_assert_eq(fixture_load_sets(f, "sets: {flags: [XA], other: [XB]}", rule), TW_E_UNKNOWN);
	cr_assert_str_eq(f->err.where, "test-rule.yaml:15:31");
	cr_assert_str_eq(f->err.detail, "unknown set \"$flag\"; did you mean \"flags\"?");
	cr_assert_eq(fixture_load_sets(f, "sets: {flag: [XA], other: [XB]}", rule), TW_OK);
	cr_assert_str_eq(f->problems, "_sets.yaml:1:20: warning: no rule uses the set \"other\" [TW-R-0801]\n");
	cr_assert_eq(fixture_load_sets(f, "sets: {flag: [Panama]}", rule), TW_E_TYPE);
	cr_assert_str_eq(f->err.where, "test-rule.yaml:15:31");
	struct tw_rule_source sources[] = {{"a/_sets.yaml", tw_slice_str("sets: {flag: [XA]}")},
	                                   {"b/_sets.yaml", tw_slice_str("sets: {flag: [XA]}")}};
	struct tw_rules *rules = NULL;
	cr_assert_eq(tw_rules_load_sources(sources, 2, NULL, &rules, &f->err), TW_E_CONFLICT);
	cr_assert_str_eq(f->err.where, "b/_sets.yaml:1:8");
}

Test(head, a_set_of_one_value_stands_where_one_is_wanted)
{
	const char *rule = fixture_rule(f, "manifest", "{field: totals.gross_kg, above: $most}", "because");
	cr_assert_eq(fixture_load_sets(f, "sets: {most: [699]}", rule), TW_OK, "%s", f->problems);
	cr_expect_eq(fixture_eval(f), 1, "the fixture's consignment has 700 kg");
	cr_assert_eq(fixture_load_sets(f, "sets: {most: [700]}", rule), TW_OK);
	cr_expect_eq(fixture_eval(f), 0);
	cr_assert_eq(fixture_load_sets(f, "sets: {most: [11, 12]}", rule), TW_E_TYPE);
	cr_expect_str_eq(f->err.where, "test-rule.yaml:15:39");
	cr_expect_str_eq(f->err.detail, "the set \"$most\" has not one value, which is wanted here: see _sets.yaml:1");
	cr_assert_eq(fixture_load_sets(f, "sets: {most: [many]}", rule), TW_E_TYPE);
	cr_assert_eq(fixture_load_sets(f, "sets: {moist: [11]}", rule), TW_E_UNKNOWN);
}

Test(head, only_active_rules_are_evaluated)
{
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("status:", "status: active")), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	static const char *const idle[] = {"status: draft", "status: shadow", "status: deprecated"};
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(fixture_load(f, "test-rule.yaml", with("status:", idle[i])), TW_OK);
		cr_assert_eq(fixture_eval(f), 0);
	}
}

Test(head, rules_in_the_shadow_are_evaluated_apart)
{
	struct tw_rule_env env = {.event = &f->event, .matches = &f->matches};
	struct tw_findings found;
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("status:", "status: shadow")), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 0);
	cr_assert_eq(tw_rules_eval_shadow(f->rules, f->bench, &env, &f->arena, &found, &f->err), TW_OK);
	cr_assert_eq(found.count, 1);
	cr_expect(found.finding[0].rule->status == TW_RULE_SHADOW && found.finding[0].because.len);
	cr_expect_eq(tw_rules_count_of(f->rules, TW_RULE_SHADOW), 1);
	cr_expect_eq(tw_rules_count_of(f->rules, TW_RULE_ACTIVE), 0);
	static const char *const others[] = {"status: draft", "status: active", "status: deprecated"};
	for (size_t i = 0; i < 3; i++) {
		cr_assert_eq(fixture_load(f, "test-rule.yaml", with("status:", others[i])), TW_OK);
		(void)fixture_eval(f);
		cr_assert_eq(tw_rules_eval_shadow(f->rules, f->bench, &env, &f->arena, &found, &f->err), TW_OK);
		cr_expect_eq(found.count, 0, "%s", others[i]);
	}
}

Test(head, types_narrow_what_a_rule_listens_to)
{
	cr_assert_eq(fixture_load(f, "test-rule.yaml", with("on: manifest", "types: [consignment.arrived]\non: manifest")), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 0);
	f->event.type = TW_CONSIGNMENT_ARRIVED;
	cr_assert_eq(fixture_eval(f), 1);
}

Test(head, findings_come_in_id_order_and_stop_at_their_bound)
{
	static struct tw_rule_source sources[TW_FINDINGS_MAX + 3];
	const char *rule = fixture_rule(f, "manifest", "{field: movement, is: import}", "because");
	for (uint32_t i = 0; i < TW_FINDINGS_MAX + 3; i++) {
		sources[i].name = tw_arena_format(&f->arena, "r%05u.yaml", TW_FINDINGS_MAX + 2 - i).ptr;
		sources[i].bytes = tw_arena_format(&f->arena, "id: r%05u%s", TW_FINDINGS_MAX + 2 - i, strchr(rule, '\n'));
	}
	cr_assert_eq(tw_rules_load_sources(sources, TW_FINDINGS_MAX + 3, NULL, &f->rules, &f->err), TW_OK);
	cr_assert_eq(tw_rule_bench_new(f->rules, &f->bench, &f->err), TW_OK);
	cr_assert_eq(fixture_eval(f), TW_FINDINGS_MAX);
	cr_assert_eq(f->findings.dropped, 3);
	cr_assert_str_eq(f->findings.finding[0].rule->id.ptr, "r00000");
	cr_assert_str_eq(f->findings.finding[TW_FINDINGS_MAX - 1].rule->id.ptr, "r00511");
}

Test(head, a_full_arena_is_an_error_and_nothing_is_written)
{
	cr_assert(fires(f, "{some: items, where: {field: item.description, matches: rifle}}"));
	struct tw_arena small;
	struct tw_rule_env env = {.event = &f->event, .matches = &f->matches};
	struct tw_findings untouched = {.count = 77};
	tw_arena_init(&small, 64, 64);
	cr_assert_eq(tw_rules_eval(f->rules, f->bench, &env, &small, &untouched, &f->err), TW_E_MEMORY);
	cr_assert_eq(untouched.count, 77);
	tw_arena_fini(&small);
}
