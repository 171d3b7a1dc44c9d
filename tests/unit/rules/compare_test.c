/**
 * @file compare_test.c
 * Every comparator on every class of value, firing and not firing; folding; operands on the right.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

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

TestSuite(compare, .init = setup, .fini = teardown);

#define HOLDS(condition) cr_assert(fires(f, condition), "must fire: %s", condition)
#define FAILS(condition) cr_assert_not(fires(f, condition), "must not fire: %s", condition)
#define CONSIGNOR(test)  "{some: parties, where: {all: [{field: party.role, is: consignor}, " test "]}}"
#define RIFLES(test)     "{some: items, where: {all: [{field: item.line, is: 1}, " test "]}}"

Test(compare, texts_are_compared_folded)
{
	HOLDS(CONSIGNOR("{field: party.name, is: 'al salaam TRADING'}"));
	HOLDS(CONSIGNOR("{field: party.name, in: [Acme, 'AL-SALAAM TRADING']}"));
	HOLDS(CONSIGNOR("{field: party.name, not_in: [Acme]}"));
	FAILS(CONSIGNOR("{field: party.name, not_in: [Acme, 'al-salaam trading']}"));
	FAILS(CONSIGNOR("{field: party.name, is: 'al salaam'}"));
	HOLDS(CONSIGNOR("{field: party.name, is_not: 'al salaam'}"));
	HOLDS(CONSIGNOR("{field: party.name, starts: ['Al Sal']}"));
	FAILS(CONSIGNOR("{field: party.name, starts: ['Salaam', 'Al Salb']}"));
}

Test(compare, a_set_of_prefixes_finds_the_only_one_that_can_start_a_text)
{
	HOLDS(RIFLES("{field: item.hs, starts: ['01', '93', '9304', '9305', '97']}"));
	HOLDS(RIFLES("{field: item.hs, starts: ['9301', '9302', '9303']}"));
	FAILS(RIFLES("{field: item.hs, starts: ['9301', '9302', '9304', '01', '97']}"));
	HOLDS(RIFLES("{field: item.hs, starts: ['93', '9303', '930330']}"));
}

Test(compare, tariff_codes_are_compared_by_digits)
{
	HOLDS(RIFLES("{field: item.hs, is: '930330'}"));
	HOLDS(RIFLES("{field: item.hs, in: ['9302.00', '93 03 30']}"));
	FAILS(RIFLES("{field: item.hs, is: '9303'}"));
	HOLDS(RIFLES("{field: item.hs, is_not: '9303'}"));
	HOLDS(RIFLES("{field: item.hs, starts: ['9303.3']}"));
}

Test(compare, countries_are_compared_exactly)
{
	HOLDS("{field: means.flag, is: XC}");
	FAILS("{field: means.flag, is: XA}");
	HOLDS("{field: means.flag, is_not: XA}");
	HOLDS("{field: means.flag, in: [XA, XC]}");
	FAILS("{field: means.flag, not_in: [XA, XC]}");
	f->event.consignment.means.flag = fixture_text(f, "xc");
	HOLDS("{field: means.flag, is: XC}");
	f->event.consignment.means.flag = fixture_text(f, "Panama");
	FAILS("{field: means.flag, is: XC}");
	HOLDS("{field: means.flag, is_not: XC}");
}

Test(compare, places_are_compared_without_blanks_and_case)
{
	HOLDS("{some: route, where: {field: leg.place, is: 'xb mar'}}");
	HOLDS("{some: route, where: {field: leg.place, starts: [XB]}}");
	FAILS("{some: route, where: {field: leg.place, starts: [XC]}}");
}

Test(compare, container_numbers_are_compared_by_letters_and_digits)
{
	HOLDS("{some: containers, where: {field: container.number, is: HLXU1234567}}");
	HOLDS("{some: containers, where: {field: container.number, starts: [HLXU]}}");
	FAILS("{some: containers, where: {field: container.number, starts: [MSCU]}}");
}

Test(compare, words_of_a_closed_set)
{
	HOLDS("{field: movement, is: import}");
	FAILS("{field: movement, is: export}");
	HOLDS("{field: movement, is_not: export}");
	HOLDS("{field: movement, in: [export, import]}");
	FAILS("{field: movement, not_in: [export, import]}");
}

Test(compare, flags)
{
	HOLDS("{field: document.consolidated, is: true}");
	FAILS("{field: document.consolidated, is: false}");
	HOLDS("{field: document.consolidated, is_not: false}");
}

Test(compare, amounts_keep_four_decimals)
{
	HOLDS(RIFLES("{field: item.gross_kg, is: 540.5}"));
	FAILS(RIFLES("{field: item.gross_kg, is: 540.5001}"));
	HOLDS(RIFLES("{field: item.gross_kg, is_not: 540.5001}"));
	HOLDS(RIFLES("{field: item.gross_kg, above: 540.4999}"));
	FAILS(RIFLES("{field: item.gross_kg, above: 540.5}"));
	HOLDS(RIFLES("{field: item.gross_kg, below: 540.5001}"));
	FAILS(RIFLES("{field: item.gross_kg, below: 540.5}"));
	HOLDS(RIFLES("{field: item.gross_kg, at_least: 540.5}"));
	FAILS(RIFLES("{field: item.gross_kg, at_least: 540.5001}"));
	HOLDS(RIFLES("{field: item.gross_kg, at_most: 540.5}"));
	FAILS(RIFLES("{field: item.gross_kg, at_most: 540.4999}"));
	HOLDS(RIFLES("{field: item.gross_kg, between: [540.5, 541]}"));
	FAILS(RIFLES("{field: item.gross_kg, between: [540.6, 541]}"));
	HOLDS(RIFLES("{field: item.quantity, in: [12, 120]}"));
	FAILS(RIFLES("{field: item.quantity, not_in: [12, 120]}"));
	HOLDS(RIFLES("{field: item.quantity, above: -1}"));
}

Test(compare, dates_and_instants)
{
	HOLDS("{field: document.issued, is: 2026-02-19}");
	HOLDS("{field: document.issued, before: 2026-02-20}");
	FAILS("{field: document.issued, before: 2026-02-19}");
	HOLDS("{field: document.issued, on_or_before: 2026-02-19}");
	HOLDS("{field: document.issued, after: 2026-02-18}");
	FAILS("{field: document.issued, after: 2026-02-19}");
	HOLDS("{field: document.issued, on_or_after: 2026-02-19}");
	FAILS("{field: document.issued, on_or_after: 2026-02-20}");
	HOLDS("{field: document.issued, between: [2026-02-19, 2026-02-19]}");
	HOLDS("{field: event.time, is: 2026-03-02}");
	HOLDS("{field: event.time, after: '2026-03-02T08:13:59Z'}");
	FAILS("{field: event.time, after: '2026-03-02T08:14:00Z'}");
}

Test(compare, a_date_within_some_days_of_another)
{
	HOLDS("{field: document.issued, within: {days: 11, of: {event: day}}}");
	FAILS("{field: document.issued, within: {days: 10, of: {event: day}}}");
	HOLDS("{field: event.time, within: {days: 11, of: {field: document.issued}}}");
	FAILS("{field: event.time, within: {days: 10, of: {field: document.issued}}}");
	HOLDS("{field: event.time, within: {days: 0, of: {field: event.time}}}");
	HOLDS("{field: document.issued, within: {days: 1, of: {event: day, plus_days: -10}}}");
	FAILS("{field: document.issued, within: {days: 1, of: {event: day, plus_days: -9}}}");
	cr_expect_str_eq(refusal(f, "{field: document.issued, within: {days: 3}}"),
	                 "15:40: within needs `days` and `of`: {days: 30, of: {event: day}}");
	cr_expect_str_eq(refusal(f, "{field: document.issued, within: {days: -1, of: {event: day}}}"), "15:47: days must be 0 to 36600");
	cr_expect_str_eq(refusal(f, "{field: document.issued, within: {days: 3, of: {field: totals.gross_kg}}}"),
	                 "15:54: a date cannot be compared with an amount");
	cr_expect_str_eq(refusal(f, "{field: totals.gross_kg, within: {days: 3, of: {event: day}}}"),
	                 "15:32: \"within\" does not go with an amount; these do: is, is_not, in, not_in, stated, above, below, at_least, at_most, "
	                 "between, inside, outside");
}

Test(compare, a_field_against_another_of_its_kind)
{
	HOLDS("{field: document.issued, before: {event: day}}");
	FAILS("{field: document.issued, after: {event: day}}");
	HOLDS("{field: document.issued, on_or_before: {field: event.time}}");
	HOLDS("{some: parties, where: {field: party.founded, after: {event: day, plus_days: -90}}}");
	FAILS("{some: parties, where: {field: party.founded, after: {event: day, plus_days: -60}}}");
	HOLDS("{some: items, where: {field: item.quantity, above: {field: item.line}}}");
	HOLDS("{some: items, where: {field: item.quantity, below: {field: item.gross_kg}}}");
	FAILS("{some: items, where: {field: item.quantity, is: {field: item.gross_kg}}}");
	HOLDS("{some: items, where: {field: item.quantity, is_not: {field: item.gross_kg}}}");
}

Test(compare, same_as_and_differs_from_need_both_sides)
{
	HOLDS("{some: parties, where: {field: party.country, same_as: {field: party.address.country}}}");
	FAILS("{some: parties, where: {field: party.country, differs_from: {field: party.address.country}}}");
	FAILS("{some: parties, where: {field: party.name, differs_from: {field: party.original_name}}}");
	FAILS("{some: parties, where: {field: party.name, same_as: {field: party.original_name}}}");
	party(f, 0)->original_name = fixture_text(f, "AL SALAAM TRADING");
	HOLDS("{some: parties, where: {field: party.name, same_as: {field: party.original_name}}}");
}

Test(compare, a_country_against_a_place_or_a_destination_is_a_country_against_a_country)
{
	HOLDS("{every: route, where: {field: leg.place, same_as: {field: leg.country}}}");
	FAILS("{some: route, where: {field: leg.country, differs_from: {field: leg.place}}}");
	HOLDS("{some: documents, where: {field: document.destination, differs_from: {field: means.flag}}}");
	((struct tw_document *)f->event.consignment.documents.data)[0].destination = fixture_text(f, "Paris");
	f->event.consignment.documents.count = 1;
	FAILS("{some: documents, where: {field: document.destination, differs_from: {field: means.flag}}}");
}

Test(compare, patterns_are_caseless_and_unicode)
{
	HOLDS("{some: items, where: {field: item.description, matches: 'RIFLES?'}}");
	FAILS("{some: items, where: {field: item.description, matches: 'pistol'}}");
	HOLDS("{some: items, where: {field: item.description, matches: ['pistol', '\\brifle']}}");
	HOLDS("{some: items, where: {field: item.description, not_matches: ['rifle', 'wine']}}");
	FAILS("{every: items, where: {field: item.description, not_matches: ['rifle', 'wine']}}");
	HOLDS("{some: parties, where: {field: party.name, matches: 'SAL\xC3\x81"
	      "AM'}}");
}

Test(compare, sums_leave_out_what_is_not_stated)
{
	HOLDS("{sum: items.gross_kg, is: 700}");
	HOLDS("{sum: items.quantity, is: 130}");
	FAILS("{sum: items.net_kg, at_least: 0}");
	HOLDS("{sum: items.net_kg, stated: false}");
	HOLDS("{sum: items.gross_kg, is: {field: totals.gross_kg}}");
	HOLDS("{field: totals.gross_kg, at_least: {sum: items.gross_kg}}");
	HOLDS("{sum: items.line, is: 6}");
}

Test(compare, ratios_are_not_stated_without_both_parts)
{
	HOLDS("{some: items, where: {ratio: {of: item.gross_kg, per: item.quantity}, is: 4.5041}}");
	FAILS("{some: items, where: {all: [{field: item.line, is: 3}, {ratio: {of: item.gross_kg, per: item.quantity}, above: 0}]}}");
	HOLDS("{ratio: {of: {sum: items.gross_kg}, per: totals.gross_kg}, is: 1}");
	item(f, 0)->quantity = (struct tw_amount){0, {1, 2}};
	FAILS(RIFLES("{ratio: {of: item.gross_kg, per: item.quantity}, above: 0}"));
	item(f, 0)->gross_kg.e4 = TW_AMOUNT_E4_MAX;
	item(f, 0)->quantity.e4 = 1;
	HOLDS(RIFLES("{ratio: {of: item.gross_kg, per: item.quantity}, above: 1000000}"));
}

Test(compare, named_sets_stand_for_their_values)
{
	const char *rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.hs, starts: $arms}}", "because");
	cr_assert_eq(fixture_load_sets(f, "sets:\n  arms: ['9301', '9303']\n", rule), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.hs, starts: [$arms, '44']}}", "because");
	cr_assert_eq(fixture_load_sets(f, "sets:\n  arms: ['9301']\n", rule), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
	rule = fixture_rule(f, "manifest", "{some: items, where: {field: item.description, matches: $words}}", "because");
	cr_assert_eq(fixture_load_sets(f, "sets:\n  words: ['pistol', 'rifle']\n", rule), TW_OK, "%s", f->problems);
	cr_assert_eq(fixture_eval(f), 1);
}
