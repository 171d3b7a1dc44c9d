/**
 * @file fmt_test.c
 * One layout from any other, comments and meaning kept, settled after one run; what cannot be kept is refused.
 */
#include "rules/fmt.h"

#include <criterion/criterion.h>

static struct tw_arena arena;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(fmt, .init = setup, .fini = teardown);

/* clang-format off */
static const char crooked[] =
    "\n"
    "\n"
    "# head of file\n"
    "\n"
    "# about m\n"
    "id:   m\n"
    "status: active     # draft, shadow\n"
    "version: 1\n"
    "\n"
    "\n"
    "title:  don't { x } y#z\n"
    "source:\n"
    "- \"a  b\"   # first\n"
    "-   \"c\"\n"
    "# why\n"
    "points:   5\n"
    "on:  manifest\n"
    "when:\n"
    "    some:   items\n"
    "    where:\n"
    "        all:\n"
    "        - { field : item.hs ,starts:   [ \"93\" ,'87'  ] }   # c\n"
    "        # before any\n"
    "        -   any:\n"
    "              - {field: item.description, matches: ['a, b', \"x  #y\", z],\n"
    "                     x: y}\n"
    "              # at the end of any\n"
    "        -   field: item.hs\n"
    "            is: \"93\"\n"
    "because: |\n"
    "    two  lines   \n"
    "      deep\n"
    "    end\n"
    "false_positives: a long\n"
    "   one\n"
    "tests: []\n"
    "# last\n";
static const char straight[] =
    "# head of file\n"
    "\n"
    "# about m\n"
    "id: m\n"
    "version: 1\n"
    "\n"
    "status: active # draft, shadow\n"
    "title: don't { x } y#z\n"
    "on: manifest\n"
    "source:\n"
    "  - \"a  b\" # first\n"
    "  - \"c\"\n"
    "false_positives: a long\n"
    "  one\n"
    "# why\n"
    "points: 5\n"
    "because: |\n"
    "    two  lines   \n"
    "      deep\n"
    "    end\n"
    "when:\n"
    "  some: items\n"
    "  where:\n"
    "    all:\n"
    "      - {field: item.hs, starts: [\"93\", '87']} # c\n"
    "      # before any\n"
    "      - any:\n"
    "          - {field: item.description, matches: ['a, b', \"x  #y\", z],\n"
    "                 x: y}\n"
    "          # at the end of any\n"
    "      - field: item.hs\n"
    "        is: \"93\"\n"
    "tests: []\n"
    "# last\n";
/* clang-format on */

static enum tw_code format(const char *name, struct tw_slice bytes, struct tw_slice *out)
{
	const struct tw_rule_source source = {name, bytes};
	return tw_rule_format(&source, &arena, out, &err);
}

static const char *formatted(const char *text)
{
	struct tw_slice out = {NULL, 0};
	cr_assert_eq(format("m.yaml", tw_slice_str(text), &out), TW_OK, "%s %s", err.where, err.detail);
	return out.ptr;
}

Test(fmt, makes_one_layout_of_a_crooked_file)
{
	cr_assert_str_eq(formatted(crooked), straight);
}

Test(fmt, changes_nothing_the_second_time)
{
	cr_assert_str_eq(formatted(straight), straight);
}

Test(fmt, sets_keep_the_order_that_their_author_gave_them)
{
	struct tw_slice out;
	cr_assert_eq(format("p/_sets.yaml", tw_slice_str("sets:\n    title: [a,  b]\n    id: ['1']\n"), &out), TW_OK);
	cr_assert_str_eq(out.ptr, "sets:\n  title: [a, b]\n  id: ['1']\n");
}

Test(fmt, quotes_hold_what_looks_like_yaml)
{
	cr_assert_str_eq(formatted("a: 'it''s  {x ,y}  # no'   # yes\nb:   \"\\\" : [  \"\n"), "a: 'it''s  {x ,y}  # no' # yes\nb: \"\\\" : [  \"\n");
	cr_assert_str_eq(formatted("a: [ 'x' , \"y\" ]\nb: {  c : d#e }\n"), "a: ['x', \"y\"]\nb: {c: d#e}\n");
}

Test(fmt, line_ends_of_another_system_and_a_missing_last_one)
{
	cr_assert_str_eq(formatted("a: b\r\nc:\r\n    - d"), "a: b\nc:\n  - d\n");
}

Test(fmt, a_member_that_nobody_knows_stays_behind_the_one_before_it)
{
	cr_assert_str_eq(formatted("tests: []\nmine: 1\nid: m\n"), "id: m\ntests: []\nmine: 1\n");
}

Test(fmt, what_is_no_yaml_is_refused_with_its_place)
{
	struct tw_slice out;
	cr_assert_eq(format("m.yaml", tw_slice_str("id: m\nwhen: [\n"), &out), TW_E_SYNTAX);
	cr_assert_not_null(strstr(err.where, "m.yaml:3:1"), "%s", err.where);
	cr_assert_eq(format("m.yaml", tw_slice_str(""), &out), TW_E_MISSING);
}

Test(fmt, what_would_change_is_refused)
{
	struct tw_slice out;
	/* the document's end would come before its last member */
	cr_assert_eq(format("m.yaml", tw_slice_str("status: a\nid: m\n...\n"), &out), TW_E_CONFLICT);
	cr_assert_not_null(strstr(err.detail, "would change what it says"), "%s", err.detail);
}

static void read_all(const char *path, struct tw_list *sources)
{
	cr_assert_eq(tw_rule_sources_read(&path, 1, &arena, sources, &err), TW_OK);
}

Test(fmt, the_shipped_rules_are_laid_out_so_already)
{
	struct tw_list sources;
	read_all("rules/packs", &sources);
	const struct tw_rule_source *source = sources.data;
	cr_assert_gt(sources.count, 60);
	for (uint32_t i = 0; i < sources.count; i++) {
		struct tw_slice out;
		cr_assert_eq(tw_rule_format(&source[i], &arena, &out, &err), TW_OK, "%s %s", source[i].name, err.detail);
		cr_assert(tw_slice_equal(out, source[i].bytes), "%s", source[i].name);
	}
}

/* Twice as deep, as some editors indent, and with blanks at every line's end. */
static struct tw_slice bent(struct tw_slice bytes)
{
	char *out = tw_arena_alloc(&arena, (size_t)bytes.len * 4 + 1);
	uint32_t used = 0;
	bool begin = true;
	cr_assert_not_null(out);
	for (uint32_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n') {
			out[used++] = ' ';
		} else if (begin && bytes.ptr[i] == ' ') {
			out[used++] = ' ';
		}
		bool dash = begin && bytes.ptr[i] == '-' && bytes.ptr[i + 1] == ' ';
		begin = bytes.ptr[i] == '\n' || (begin && bytes.ptr[i] == ' ');
		out[used++] = bytes.ptr[i];
		for (int more = 0; dash && more < 2; more++) {
			out[used++] = ' ';
		}
	}
	return (struct tw_slice){out, used};
}

Test(fmt, the_shipped_rules_come_back_from_another_layout)
{
	struct tw_list sources;
	read_all("rules/packs", &sources);
	const struct tw_rule_source *source = sources.data;
	for (uint32_t i = 0; i < sources.count; i++) {
		struct tw_slice out;
		cr_assert_eq(format(source[i].name, bent(source[i].bytes), &out), TW_OK, "%s %s", source[i].name, err.detail);
		cr_assert(tw_slice_equal(out, source[i].bytes), "%s", source[i].name);
	}
}
