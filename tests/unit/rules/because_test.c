/**
 * @file because_test.c
 * The officer's sentence: what placeholders print, and which are refused.
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

TestSuite(because, .init = setup, .fini = teardown);

#define RIFLES "{some: items, where: {field: item.hs, starts: ['93']}}"

Test(because, a_count_that_a_ratio_is_made_of_reads_as_it_is)
{
	f->answer[f->answer_count++] = (struct fixture_answer){.metric = TW_METRIC_REVISIONS, .answer = {.stated = true, .value = 3}};
	f->event.consignment.totals.gross_kg = fixture_amount(f, 60000);
	const char *when = "{ratio: {of: totals.gross_kg, per: {history: {of: self, metric: revisions}}, as: each}, is: 2}";
	cr_assert_str_eq(says(f, when, "'{fact.revisions} revisions, {fact.each} each'"), "3 revisions, 2 each");
}

Test(because, speaks_of_the_first_element_that_satisfied)
{
	cr_assert_str_eq(
	    says(f, "{some: items, where: {field: item.quantity, below: 100}}", "'line {item.line}: {item.quantity} x {item.description}'"),
	    "line 2: 10 x Wine barrels");
}

Test(because, prints_amounts_dates_words_countries_and_flags)
{
	cr_assert_str_eq(
	    says(f, RIFLES, "'{item.gross_kg} kg of {item.hs} from {item.origin} by {means.mode}, {document.issued}, {document.consolidated}'"),
	    "540.5 kg of 9303.30 from XA by sea, 2026-02-19, yes");
	cr_assert_str_eq(says(f, RIFLES, "'{event.time} {event.id} {rule.title}'"), "2026-03-02T08:14:00Z evt-1 A title");
}

Test(because, says_when_a_value_is_not_stated)
{
	cr_assert_str_eq(says(f, RIFLES, "'{item.net_kg}, {means.voyage}'"), "not stated, not stated");
	cr_assert_str_eq(says(f, "{any: [" RIFLES ", {some: parties, where: {field: party.country, is: XZ}}]}", "'{party.name}'"), "not stated");
}

Test(because, says_the_first_of_several_that_is_stated)
{
	cr_assert_str_eq(says(f, RIFLES, "'{item.net_kg|item.gross_kg|item.hs} kg'"), "540.5 kg");
	cr_assert_str_eq(says(f, RIFLES, "'{item.hs|item.net_kg}, {item.net_kg|means.voyage}.'"), "9303.30, not stated.");
	cr_assert_str_eq(says(f, "{some: items, where: {field: item.quantity, below: 100}}", "'{item.net_kg|rule.title} {item.net_kg|item.line}'"),
	                 "A title 2");
}

Test(because, doubled_braces_are_braces)
{
	cr_assert_str_eq(says(f, RIFLES, "'{{{item.line}}} is {{it}}'"), "{1} is {it}");
}

Test(because, cuts_long_texts_between_characters_and_blanks_control_characters)
{
	char text[401] = "a\nb";
	for (size_t i = 3; i < 400; i += 2) {
		text[i] = '\xC3';
		text[i + 1] = '\xA9';
	}
	text[399] = 0;
	item(f, 0)->description = fixture_text(f, text);
	const char *sentence = says(f, RIFLES, "'{item.description}.'");
	cr_assert_eq(memcmp(sentence, "a b\xC3\xA9", 5), 0);
	cr_assert_eq(strlen(sentence), 159 + strlen("\xE2\x80\xA6."));
	cr_assert_str_eq(sentence + 159, "\xE2\x80\xA6.");
}

Test(because, negative_amounts_keep_their_sign)
{
	item(f, 0)->net_kg = fixture_amount(f, 0);
	item(f, 0)->net_kg.e4 = -5000;
	cr_assert_str_eq(says(f, RIFLES, "'{item.net_kg}'"), "-0.5");
}

static char said[256];
static const char *place; /* the column of what was refused last */

static const char *refused(const char *because)
{
	enum tw_code code =
	    fixture_load(f, "test-rule.yaml", fixture_rule(f, "manifest", "{some: items, where: {sum: items.line, as: total, above: 1}}", because));
	cr_assert_neq(code, TW_OK);
	snprintf(said, sizeof(said), "%s", f->err.where);
	cr_assert_eq(strncmp(said, "test-rule.yaml:11:", 18), 0, "%s", said);
	place = said + 18;
	return f->err.detail;
}

Test(because, unknown_placeholders_are_refused_with_the_nearest_name)
{
	cr_assert_str_eq(refused("'{item.quantty}'"), "unknown field \"quantty\" in item; did you mean \"quantity\"?");
	cr_assert_str_eq(refused("'{fact.totl}'"), "no condition of this rule leaves a fact \"totl\"; did you mean \"total\"?");
	cr_assert_str_eq(refused("'{party.name}'"), "no \"party\" is bound here: use `some:`, `every:` or `none:` over \"parties\"");
	cr_assert_str_eq(refused("'{item.certificates}'"), "\"item.certificates\" is repeated: use `some:`, `every:`, `none:` or `count:` over it");
	cr_assert_str_eq(refused("'{item.line'"), "a placeholder in the sentence is not closed with \"}\"");
	cr_assert_str_eq(place, "11");
	cr_assert_str_eq(refused("'Line {item.line}: {item.quantty}, {item.line}'"), "unknown field \"quantty\" in item; did you mean \"quantity\"?");
	cr_assert_str_eq(place, "30");
	cr_assert_str_eq(refused("\"\\x41 {item.quantty}\""), "unknown field \"quantty\" in item; did you mean \"quantity\"?");
	cr_assert_str_eq(place, "10"); /* behind an escape nobody counts */
}
