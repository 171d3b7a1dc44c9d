/**
 * @file yaml_test.c
 * What of YAML is read, and what is refused with its place.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "rules/yaml.h"

static struct tw_arena arena;
static struct tw_error err;
static struct tw_rule_report report;

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
	report = (struct tw_rule_report){.err = &err, .file = "a.yaml"};
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(yaml, .init = setup, .fini = teardown);

static struct tw_yaml *parse(const char *text)
{
	return tw_yaml_parse(tw_slice_str(text), &arena, &report);
}

Test(yaml, scalars_stay_text_with_their_place)
{
	const struct tw_yaml *root = parse("a: NO\nb: [0930, '9301.10']\nc: |\n  long\n  text\n");
	cr_assert_not_null(root);
	cr_assert_eq(root->count, 3);
	cr_assert_str_eq(tw_yaml_member(root, "a")->text.ptr, "NO");
	const struct tw_yaml *b = tw_yaml_member(root, "b");
	cr_assert_eq(b->kind, TW_YAML_SEQUENCE);
	cr_assert_str_eq(b->first->text.ptr, "0930");
	cr_assert_str_eq(b->last->text.ptr, "9301.10");
	cr_assert(b->first->plain);
	cr_assert_not(b->last->plain);
	cr_assert_eq(b->last->mark.line, 2);
	cr_assert_eq(b->last->mark.column, 11);
	cr_assert_eq(b->key_mark.column, 1);
	cr_assert_str_eq(tw_yaml_member(root, "c")->text.ptr, "long\ntext\n");
	cr_assert_null(tw_yaml_member(root, "d"));
	cr_assert_null(tw_yaml_member(NULL, "d"));
}

static const char *refusal(const char *text)
{
	err = (struct tw_error){.code = TW_OK};
	report.errors = 0;
	cr_assert_null(parse(text), "%s", text);
	return err.detail;
}

Test(yaml, a_byte_order_mark_is_no_part_of_the_text)
{
	const struct tw_yaml *root = parse("\xEF\xBB\xBFid: a\r\nb: c\r\n");
	cr_assert_not_null(root, "%s", err.detail);
	cr_assert_str_eq(tw_yaml_member(root, "id")->text.ptr, "a");
	cr_assert_str_eq(tw_yaml_member(root, "b")->text.ptr, "c");
	cr_assert_eq(tw_yaml_member(root, "id")->key_mark.column, 1);
	cr_assert_str_eq(tw_yaml_member(root, "id")->file, "a.yaml");
}

Test(yaml, what_an_editor_does_to_a_file_is_called_by_its_name)
{
	cr_assert_str_eq(refusal("a:\n\t- b\n"), "a tab: YAML is indented with spaces alone");
	cr_assert_str_eq(refusal("a:\n  - {b: c,\n\td: e}\nf: g: h\n"), "a tab: YAML is indented with spaces alone");
	cr_assert_str_eq(refusal("a:\n\tb: c\n  d: e\n"), "a tab: YAML is indented with spaces alone");
	cr_assert_str_eq(err.where, "a.yaml:2:1");
	cr_assert_not_null(strstr(refusal("a: {b: x[0-9]y, c: d}\n"), "is a bracket not closed, or a text with brackets"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("\xFF\xFEi\xC3"), "no text in UTF-8"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a: \xE9toile\n"), "save the file as UTF-8"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a: @b\n"), ": a text that begins so stands in quotes"), "%s", err.detail);
	cr_assert_null(strstr(refusal("a: @b\n"), "tab"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a: see: b\n"), "stands in quotes"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a: \"b\n"), ": a quote is not closed"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a: b\n c: d\n"), "stands in quotes"), "%s", err.detail);
	cr_assert_not_null(strstr(refusal("a:\n  b: c\n d: e\n"), "indented like its neighbours"), "%s", err.detail);
}

static struct tw_mark mark_in(const char *text, uint32_t offset)
{
	const struct tw_yaml *root = parse(text);
	cr_assert_not_null(root, "%s", err.detail);
	return tw_yaml_mark_in(tw_yaml_member(root, "a"), offset);
}

Test(yaml, a_place_inside_a_text_is_found_where_the_line_has_it_as_it_is)
{
	cr_assert_eq(mark_in("a: bcd\n", 2).column, 6);
	cr_assert_eq(mark_in("a: \"bcd\"\n", 2).column, 7);
	cr_assert_eq(mark_in("a: \"\xC3\xA9 d\"\n", 3).column, 7); /* columns count characters */
	cr_assert_eq(mark_in("a: \"b\\\"cd\"\n", 3).column, 4); /* an escape: the beginning */
	cr_assert_eq(mark_in("a: b\n  cd\n", 3).column, 4);
	cr_assert_eq(mark_in("a: b\n  cd\n", 3).line, 1);
	cr_assert_eq(mark_in("a: bcd\n", 9).column, 4);
}

Test(yaml, nothing_stated_is_null_when_plain)
{
	const struct tw_yaml *root = parse("[~, null, '', 'null', x]");
	const struct tw_yaml *at = root->first;
	cr_assert(tw_yaml_null(at));
	cr_assert(tw_yaml_null(at->next));
	cr_assert_not(tw_yaml_null(at->next->next));
	cr_assert_not(tw_yaml_null(at->next->next->next));
	cr_assert_not(tw_yaml_null(root->last));
}

static void refused(const char *text, const char *where, const char *detail, enum tw_code code)
{
	setup();
	cr_assert_null(parse(text), "%s", text);
	cr_assert_eq(report.code, code);
	cr_assert_str_eq(err.where, where);
	cr_assert_str_eq(err.detail, detail);
	teardown();
}

Test(yaml, surprises_are_refused)
{
	refused("a: &x 1\nb: *x\n", "a.yaml:1:4", "anchors and tags are not part of the rule language", TW_E_SYNTAX);
	refused("a: *x\n", "a.yaml:1:4", "aliases are not part of the rule language", TW_E_SYNTAX);
	refused("a: !!str 1\n", "a.yaml:1:4", "anchors and tags are not part of the rule language", TW_E_SYNTAX);
	refused("a: !x {b: 1}\n", "a.yaml:1:4", "anchors and tags are not part of the rule language", TW_E_SYNTAX);
	refused("a: &x [1]\n", "a.yaml:1:4", "anchors and tags are not part of the rule language", TW_E_SYNTAX);
	refused("a: 1\nb: 2\na: 3\n", "a.yaml:3:1", "the key \"a\" stands here a second time, first in line 1", TW_E_CONFLICT);
	refused("{[a]: 1}", "a.yaml:1:2", "a key must be a word", TW_E_SYNTAX);
	refused("a: 1\n---\nb: 2\n", "a.yaml:2:1", "more than one document", TW_E_SYNTAX);
	refused("", "a.yaml:1:1", "the file is empty", TW_E_MISSING);
	refused("a: [1\n", "a.yaml:2:1", "did not find expected ',' or ']' while parsing a flow sequence: is a bracket not closed, or a text with brackets or commas not in quotes?", TW_E_SYNTAX);
	refused("a: \"b\nc: \xFF\xFF\"", "a.yaml:2:4", "this is no text in UTF-8 (invalid leading UTF-8 octet): save the file as UTF-8", TW_E_SYNTAX);
}

Test(yaml, depth_keys_and_bytes_are_bounded)
{
	static char deep[512], wide[16384], large[TW_RULE_BYTES_MAX + 2];
	memset(deep, '[', TW_RULE_DEPTH_MAX * 4 + 1);
	refused(deep, "a.yaml:1:97", "nested too deep", TW_E_LIMIT);
	size_t used = 0;
	for (int i = 0; i <= 1000; i++) {
		used += (size_t)snprintf(wide + used, sizeof(wide) - used, "k%d: 1\n", i);
	}
	refused(wide, "a.yaml:1001:1", "a mapping has more than 1000 keys", TW_E_LIMIT);
	memset(large, ' ', sizeof(large) - 1);
	refused(large, "a.yaml:1:1", "262145 bytes, at most 262144", TW_E_LIMIT);
}

Test(yaml, unknown_keys_are_reported_one_by_one)
{
	static const char *const known[] = {"title", "when", NULL};
	const struct tw_yaml *root = parse("titel: 1\nwhen: 2\nzzzzzzz: 3\n");
	tw_yaml_check_keys(root, known, "a rule", &report);
	cr_assert_eq(report.errors, 2);
	cr_assert_str_eq(err.where, "a.yaml:1:1");
	cr_assert_str_eq(err.detail, "unknown key \"titel\" in a rule; did you mean \"title\"?");
	cr_assert_not(tw_yaml_expect(root, TW_YAML_SCALAR, "it", &report));
	cr_assert_eq(report.errors, 3);
}
