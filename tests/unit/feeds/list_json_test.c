/** @file list_json_test.c  The reader of JSON lines with a small map of its own: paths, groups, bounds, refusals. */
#include "feeds/list_json.h"
#include "tests/unit/feeds/list_fixture.h"

enum { ID = 1, TAG, PART, VIA };

static const struct tw_json_field fields[] = {
    {1U << 0, ID, "id"}, {1U << 0, TAG, "tags[]"}, {1U << 0, TAG, "deep.tag"}, {1U << 1, PART, "part"}, {1U << 1, PART, "more[].part"}};
static const struct tw_json_group groups[] = {{1, 0, "names[]"}, {1, VIA, "by.*[]"}};

struct seen {
	char text[4096];
	uint32_t lines;
};

static struct tw_list_stage *stage;
static struct tw_error err;
static struct seen seen;

static void setup(void)
{
	stage = fixture_stage("list");
	err = (struct tw_error){0};
	seen = (struct seen){.lines = 0};
}

static void teardown(void)
{
	fixture_stage_free(stage);
}

TestSuite(list_json, .init = setup, .fini = teardown);

/* "1:g0s1=X " a fact */
static bool line_seen(const struct tw_json_line *line)
{
	struct seen *out = line->user;
	size_t used = strlen(out->text);
	out->lines++;
	for (uint32_t i = 0; i < line->fact_count; i++) {
		const struct tw_json_fact *fact = &line->facts[i];
		used += (size_t)snprintf(out->text + used, sizeof(out->text) - used, "%u:g%us%u#%u=%.*s ", line->number, fact->group, fact->slot,
		                         fact->serial, (int)fact->text.len, fact->text.ptr);
		used = used < sizeof(out->text) ? used : sizeof(out->text) - 1;
	}
	return true;
}

static const struct tw_json_map map = {fields, 5, groups, 2, line_seen};

static enum tw_code load(struct tw_slice lines)
{
	return tw_json_lines_load(stage, &(struct tw_list_file){"list.json", lines}, &map, &seen, &err);
}

static void expect_facts(const char *lines, const char *facts)
{
	cr_assert_eq(load(tw_slice_str(lines)), TW_OK, "%s %s", err.where, err.what);
	cr_expect_str_eq(seen.text, facts);
	cr_expect_eq(stage->report.skip_count, 0u);
}

static void expect_unread(const char *line, const char *reason)
{
	const struct tw_slice lines = tw_arena_format(&stage->arena, "{\"id\":\"A\"}\n%s\n{\"id\":\"B\"}\n", line);
	cr_assert_eq(load(lines), TW_OK, "%s %s", err.where, err.what);
	cr_assert_eq(stage->report.skip_count, 1u, "%.40s", line);
	cr_expect_str_eq(stage->report.skip[0].reason, reason);
	cr_expect_eq(stage->report.skip[0].first_line, 2u);
	cr_expect(stage->report.skip[0].unread);
	cr_expect_str_eq(seen.text, "1:g0s1#0=A 3:g0s1#0=B ");
}

Test(list_json, values_are_found_by_their_path_and_others_are_not)
{
	expect_facts("{\"id\":\"A\",\"tags\":[\"x\",7,true,null,[\"no\"],{\"id\":\"no\"}],\"deep\":{\"tag\":\"y\",\"id\":\"no\"},\"part\":\"no\"}\n",
	             "1:g0s1#0=A 1:g0s2#0=x 1:g0s2#0=7 1:g0s2#0=true 1:g0s2#0=y ");
}

Test(list_json, a_group_is_its_object_and_what_stands_deeper)
{
	expect_facts("{\"names\":[{\"part\":\"a\",\"more\":[{\"part\":\"b\"}]},{},{\"part\":\"c\"}],\"id\":\"A\"}\n",
	             "1:g1s3#1=a 1:g1s3#1=b 1:g1s3#3=c 1:g0s1#0=A ");
}

Test(list_json, a_group_may_stand_under_any_member_and_says_which)
{
	expect_facts("{\"by\":{\"owner\":[{\"part\":\"a\"}],\"agent\":[\"no\",{\"part\":\"b\"}]},\"x\":{\"by\":{\"owner\":[{\"part\":\"no\"}]}}}\n",
	             "1:g1s4#1=owner 1:g1s3#1=a 1:g1s4#2=agent 1:g1s3#2=b ");
}

Test(list_json, lines_may_end_in_two_ways_be_blank_or_lack_the_last_end)
{
	expect_facts("\xef\xbb\xbf{\"id\":\"A\"}\r\n\r\n  \n{\"id\":\"B\"}", "1:g0s1#0=A 4:g0s1#0=B ");
}

Test(list_json, control_characters_are_blanks)
{
	expect_facts("{\"id\":\"\\u0000A\\u0000\\tB\\n\"}\n", "1:g0s1#0=A  B ");
}

Test(list_json, a_line_that_is_no_object_is_unread)
{
	static const char *const lines[] = {
	    "[1]", "7", "null", "\"x\"", "{\"id\":\"X\"", "{\"id\":\"X\"}}", "{\"id\":\"X\"} {}", "id,name", "{\"id\":\"\xff\"}"};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		expect_unread(lines[i], "a line that is no JSON object");
		teardown();
		setup();
	}
}

static const char *repeated(const char *text, uint32_t times)
{
	char *out = tw_arena_alloc(&stage->arena, strlen(text) * times + 1);
	cr_assert(out);
	for (uint32_t i = 0; i < times; i++) {
		memcpy(out + i * strlen(text), text, strlen(text));
	}
	return out;
}

Test(list_json, depth_text_and_values_are_bounded)
{
	expect_unread(tw_arena_format(&stage->arena, "{\"x\":%s", repeated("[", 40)).ptr, "objects nested deeper than any entry's");
	teardown();
	setup();
	expect_unread(tw_arena_format(&stage->arena, "{\"id\":\"%s\"}", repeated("x", 65537)).ptr, "a text longer than any entry has");
	teardown();
	setup();
	expect_unread(tw_arena_format(&stage->arena, "{\"tags\":[%s1]}", repeated("1,", 32768)).ptr, "a line of more values than any entry has");
}

Test(list_json, a_path_too_long_for_any_map_hides_no_later_value)
{
	const char *key = repeated("k", 600);
	expect_facts(tw_arena_format(&stage->arena, "{\"%s\":{\"id\":\"no\"},\"id\":\"A\"}\n", key).ptr, "1:g0s1#0=A ");
}

Test(list_json, a_long_text_that_nobody_wants_is_passed_over)
{
	expect_facts(tw_arena_format(&stage->arena, "{\"notes\":\"%s\",\"id\":\"A\"}\n", repeated("x", 70000)).ptr, "1:g0s1#0=A ");
}

Test(list_json, a_list_cut_in_the_middle_of_a_line_is_refused)
{
	cr_expect_eq(load(tw_slice_str("{\"id\":\"A\"}\n{\"id\":\"B\",\"names\":[{\"par")), TW_E_SYNTAX);
	cr_expect_str_eq(err.where, "list.json:2");
	cr_expect_str_eq(err.what, "the list ends in the middle of a line");
	cr_expect_eq(err.disposition, TW_REJECT);
}

Test(list_json, a_last_line_that_never_was_an_object_is_unread_and_not_cut)
{
	cr_expect_eq(load(tw_slice_str("name,country\nOrla Quillfeather,XA")), TW_OK);
	cr_expect_eq(stage->report.skip_count, 1u);
	cr_expect_eq(stage->report.skip[0].count, 2u);
	cr_expect(stage->report.skip[0].unread);
}

static bool line_past_limit(const struct tw_json_line *line)
{
	line->stage->limit = "one too many";
	return false;
}

Test(list_json, a_bound_of_the_stage_refuses_the_list_at_its_line)
{
	const struct tw_json_map failing = {fields, 5, groups, 2, line_past_limit};
	const struct tw_list_file file = {"list.json", tw_slice_str("\n{\"id\":\"A\"}\n")};
	cr_expect_eq(tw_json_lines_load(stage, &file, &failing, NULL, &err), TW_E_LIMIT);
	cr_expect_str_eq(err.where, "list.json:2");
	cr_expect_str_eq(err.what, "one too many");
}

static bool line_objects(const struct tw_json_line *line)
{
	struct tw_json_object object;
	uint32_t at = 0;
	cr_expect(tw_slice_is(tw_json_value(line, ID), "A"));
	cr_expect_eq(tw_json_value(line, PART).len, 0u, "a group's value is not the entry's");
	cr_assert(tw_json_object_next(line, &at, &object));
	cr_expect(tw_slice_is(object.slot[PART], "a"), "the first of several");
	cr_assert(tw_json_object_next(line, &at, &object));
	cr_expect(tw_slice_is(object.slot[PART], "c"));
	cr_expect_not(tw_json_object_next(line, &at, &object));
	return true;
}

Test(list_json, objects_are_walked_in_the_lines_order)
{
	const struct tw_json_map walking = {fields, 5, groups, 2, line_objects};
	const struct tw_list_file file = {
	    "list.json", tw_slice_str("{\"names\":[{\"part\":\"a\",\"more\":[{\"part\":\"b\"}]}],\"id\":\"A\",\"by\":{\"x\":[{\"part\":\"c\"}]}}\n")};
	cr_expect_eq(tw_json_lines_load(stage, &file, &walking, NULL, &err), TW_OK);
}
