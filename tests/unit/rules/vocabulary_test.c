/**
 * @file vocabulary_test.c
 * words, near and except in a rule: they fire, they show the words themselves, and what is wrong is refused at its place.
 */
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

TestSuite(vocabulary, .init = setup, .fini = teardown);

#define ANY_ITEM(condition) "{some: items, where: {field: item.description, " condition "}}"

static void describe(const char *description)
{
	item(f, 0)->description = fixture_text(f, description);
}

Test(vocabulary, words_fire_and_the_evidence_is_the_words)
{
	describe("20 boxes of rifle-barrels, blued");
	cr_assert(fires(f, ANY_ITEM("words: [rifle barrel]")));
	const struct tw_evidence *evidence = &f->findings.finding[0].evidence[0];
	cr_assert_str_eq(evidence->pointer.ptr, "/consignment/items/0/description");
	cr_assert_eq(evidence->text.len, strlen("rifle-barrels"));
	cr_assert_eq(memcmp(evidence->text.ptr, "rifle-barrels", evidence->text.len), 0);
	cr_assert_eq(evidence->span.from, item(f, 0)->description.span.from + 12);
	cr_assert_eq(evidence->span.to, evidence->span.from + evidence->text.len);
}

Test(vocabulary, a_denied_word_has_no_place)
{
	describe("oak");
	cr_assert(fires(f, "{all: [{field: means.mode, is: sea}, {not: " ANY_ITEM("words: [rifle]") "}]}"));
}

Test(vocabulary, exceptions_and_distance_are_heeded)
{
	describe("wine barrels");
	cr_assert_not(fires(f, ANY_ITEM("words: [barrel], except: [wine barrel]")));
	describe("barrels for a hunting rifle");
	cr_assert(fires(f, ANY_ITEM("near: {a: [barrel], b: [rifle], within: 20}")));
	cr_assert_not(fires(f, ANY_ITEM("near: {a: [barrel], b: [rifle], within: 5}")));
	cr_assert_not(fires(f, ANY_ITEM("near: {a: [barrel], b: [rifle], within: 20}, except: [hunting rifle]")));
}

Test(vocabulary, an_escape_in_the_source_keeps_the_place_right)
{
	static const char raw[] = "Caf\\u00e9 \\\"AK\\\" rifle";
	struct tw_text text = fixture_text(f, raw), decoded = fixture_text(f, "Caf\xC3\xA9 \"AK\" rifle");
	item(f, 0)->description = (struct tw_text){decoded.ptr, decoded.len, text.span};
	cr_assert(fires(f, ANY_ITEM("words: [rifle]")));
	struct tw_span span = f->findings.finding[0].evidence[0].span;
	cr_assert_eq(span.from, text.span.from + (uint32_t)strlen(raw) - 5);
	cr_assert_eq(span.to, text.span.to);
}

Test(vocabulary, lists_may_be_sets)
{
	char text[2048];
	describe("Shotgun");
	snprintf(text, sizeof(text), "%s", fixture_rule(f, "manifest", ANY_ITEM("words: [$weapons, bazooka]"), "Arms."));
	cr_assert_eq(fixture_load_sets(f, "sets:\n  weapons: [rifle, shotgun]\n", text), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
}

Test(vocabulary, a_disguise_is_undone_where_it_is_asked_for)
{
	describe("w1ne barels for a rif-le");
	cr_assert(fires(f, ANY_ITEM("words: [wine barrel], spelling: disguised")));
	cr_assert(fires(f, ANY_ITEM("near: {a: [barel], b: [rifle], within: 20}, spelling: disguised")));
	cr_assert_not(fires(f, ANY_ITEM("words: [rifle]")));
	cr_assert_not(fires(f, ANY_ITEM("words: [rifle], spelling: plain")));
}

#define REFUSED(condition, expected) cr_assert_str_eq(refusal(f, condition), expected)

Test(vocabulary, what_is_wrong_is_refused_at_its_place)
{
	REFUSED("{field: means.name, words: ['-']}", "15:35: \"-\" holds no word: letters and digits are what is compared");
	REFUSED("{field: means.name, words: []}", "15:34: the list of words is empty");
	REFUSED("{field: means.name, near: {a: [x1], within: 3}}", "15:33: near lacks \"b\": {a: [...], b: [...], within: 40}");
	REFUSED("{field: means.name, near: {a: [x1], b: [x2], within: 0}}", "15:60: \"within\" must be 1 to 10000 characters");
	REFUSED("{field: means.name, near: {a: [x1], b: [x2], withn: 3}}", "15:52: unknown key \"withn\" in near; did you mean \"within\"?");
	REFUSED("{field: means.name, is: x, except: [y]}", "15:34: \"except\" goes with words and near, not with \"is\"");
	REFUSED("{field: means.name, is: x, spelling: disguised}", "15:34: \"spelling\" goes with words and near, not with \"is\"");
	REFUSED("{field: means.name, words: [rifle], spelling: disguise}", "15:53: unknown spelling \"disguise\"; did you mean \"disguised\"?");
	REFUSED("{field: means.name, words: [rifle], speling: disguised}",
	        "15:43: unknown key \"speling\" beside \"field\"; did you mean \"spelling\"?");
	REFUSED("{field: means.flag, words: [rifle]}",
	        "15:27: \"words\" does not go with a country; these do: is, is_not, in, not_in, stated, same_as, differs_from");
	REFUSED("{history: {of: self, metric: revisions}, words: [rifle]}",
	        "15:48: \"words\" does not go with a whole number; these do: is, is_not, in, not_in, stated, above, below, at_least, at_most, "
	        "between, inside, outside");
}

Test(vocabulary, look_alikes_are_found_and_the_evidence_is_the_bytes_received)
{
	static const char text[] =
	    "\u043F\u0443\u043Be\u043C\u0435\u0442\u044B and rifl\u0435s"; /* a Latin e in the first, a Cyrillic one in the last */
	const char *rules[][2] = {{"{some: items, where: {field: item.description, words: ['\u043F\u0443\u043B\u0435\u043C\u0435\u0442*']}}",
	                           "\u043F\u0443\u043Be\u043C\u0435\u0442\u044B"},
	                          {"{some: items, where: {field: item.description, words: [rifle]}}", "rifl\u0435s"}};
	for (size_t i = 0; i < 2; i++) {
		struct fixture *f = fixture_new();
		item(f, 1)->description = fixture_text(f, text);
		cr_assert(fires(f, rules[i][0]));
		item(f, 0)->description = fixture_text(f, "nothing");
		cr_assert(fires(f, rules[i][0]));
		cr_assert_eq(f->findings.finding[0].evidence_count, 1);
		const struct tw_evidence *evidence = &f->findings.finding[0].evidence[0];
		struct tw_slice bytes = {f->event.raw.ptr + evidence->span.from, evidence->span.to - evidence->span.from};
		cr_assert(tw_slice_is(bytes, rules[i][1]), "%.*s", (int)bytes.len, bytes.ptr);
		cr_assert(tw_slice_equal(evidence->text, bytes));
		fixture_free(f);
	}
}
