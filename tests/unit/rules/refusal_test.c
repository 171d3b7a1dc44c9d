/**
 * @file refusal_test.c
 * What does not load, exactly where, and what is suggested instead. The condition of every case stands in line 15, from column 7.
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

TestSuite(refusal, .init = setup, .fini = teardown);

#define REFUSED(condition, expected, code_)                                                                                                          \
	do {                                                                                                                                         \
		cr_assert_str_eq(refusal(f, condition), expected);                                                                                   \
		cr_assert_eq(f->err.code, code_);                                                                                                    \
	} while (0)

static uint32_t errors_said(void)
{
	uint32_t count = 0;
	for (const char *at = strstr(f->problems, ": error: "); at; at = strstr(at + 1, ": error: ")) {
		count++;
	}
	return count;
}

Test(refusal, unknown_fields_name_the_nearest)
{
	REFUSED("{field: means.flga, is: XA}", "15:15: unknown field \"flga\" in means; did you mean \"flag\"?", TW_E_UNKNOWN);
	REFUSED("{field: mean.flag, is: XA}", "15:15: unknown field \"mean\" in consignment; did you mean \"means\"?", TW_E_UNKNOWN);
	REFUSED("{field: event.tiem, is: XA}", "15:15: unknown field \"tiem\" in event (id, type, time, source, trace); did you mean \"time\"?",
	        TW_E_UNKNOWN);
	REFUSED("{field: zzzzzz, is: XA}", "15:15: unknown field \"zzzzzz\" in consignment", TW_E_UNKNOWN);
	REFUSED("{field: event, is: XA}", "15:15: a path needs a field: event.time, means.flag, item.hs", TW_E_MISSING);
	REFUSED("{field: means.flag.x, is: XA}", "15:15: \"flag\" is a country and has no members", TW_E_TYPE);
	REFUSED("{field: means, stated: true}", "15:15: \"means\" is an object: name one of its members, as in \"means.mode\"", TW_E_TYPE);
}

Test(refusal, a_path_through_a_repeated_part_names_the_quantifier)
{
	REFUSED("{field: items.hs, starts: ['93']}",
	        "15:15: \"items\" is repeated: bind one with `some:`, `every:` or `none:` over it and write \"item.…\" inside `where`", TW_E_TYPE);
	REFUSED("{field: items, stated: true}", "15:15: \"items\" is repeated: use `some:`, `every:`, `none:` or `count:` over it", TW_E_TYPE);
	REFUSED("{some: means, where: {field: means.flag, is: XA}}", "15:14: \"means\" is not repeated: use `field:` and a comparison", TW_E_TYPE);
	REFUSED("{field: item.hs, starts: ['93']}", "15:15: no \"item\" is bound here: use `some:`, `every:` or `none:` over \"items\"",
	        TW_E_UNKNOWN);
}

Test(refusal, a_member_without_its_part_and_a_role_without_the_parties_are_named)
{
	REFUSED("{some: parties, where: {field: name, is: x}}", "15:38: unknown field \"name\" in consignment: the party has one, \"party.name\"",
	        TW_E_UNKNOWN);
	REFUSED("{history: {of: consignee, metric: seen}, above: 5}",
	        "15:22: unknown field \"consignee\" in consignment: it is a role, as in \"parties[consignee]\"", TW_E_UNKNOWN);
}

Test(refusal, unknown_heads_keys_and_comparators_name_the_nearest)
{
	REFUSED("{al: []}", "15:8: no condition begins with \"al\"; did you mean \"all\"?", TW_E_UNKNOWN);
	REFUSED("{}", "15:7: no condition begins with \"\"", TW_E_MISSING);
	REFUSED("{field: means.flag, iss: XA}", "15:27: unknown key \"iss\" beside \"field\"; did you mean \"is\"?", TW_E_UNKNOWN);
	REFUSED("{field: means.name, contains: x}", "15:27: unknown key \"contains\" beside \"field\"; here it is \"words\", or \"matches\"",
	        TW_E_UNKNOWN);
	REFUSED("{count: items, gte: 3}", "15:22: unknown key \"gte\" beside \"count\"; here it is \"at_least\"", TW_E_UNKNOWN);
	REFUSED("{some: items, were: {field: item.line, is: 1}}", "15:21: unknown key \"were\" beside \"some\"; did you mean \"where\"?",
	        TW_E_UNKNOWN);
	REFUSED("{embargo: {country: means.flag, goods: [arms], derection: supply_to}}",
	        "15:54: unknown key \"derection\" in embargo; did you mean \"direction\"?", TW_E_UNKNOWN);
	REFUSED("{field: means.flag}", "15:7: the condition compares with nothing: is, in, starts, words, matches, stated, above …", TW_E_MISSING);
}

/* Of a condition's errors the first is handed over: fixture_load keeps the lines of all. */
Test(refusal, a_comparator_of_another_language_is_said_once)
{
	(void)refusal(f, "{field: means.name, contains: x}");
	cr_assert_eq(errors_said(), 1, "%s", f->problems);
	(void)refusal(f, "{field: revision, '>': 3}");
	cr_assert_eq(errors_said(), 1, "%s", f->problems);
	REFUSED("{field: revision, greater_than: 3}", "15:25: unknown key \"greater_than\" beside \"field\"; here it is \"above\"", TW_E_UNKNOWN);
	REFUSED("{field: revision, greater: 3}", "15:25: unknown key \"greater\" beside \"field\"; here it is \"above\"", TW_E_UNKNOWN);
	REFUSED("{field: revision, under: 3}", "15:25: unknown key \"under\" beside \"field\"; here it is \"below\"", TW_E_UNKNOWN);
	REFUSED("{near: {a: [x], b: [y], within: 3}}",
	        "15:8: no condition begins with \"near\": a comparison stands beside its value, as in {field: item.description, words: [rifle]}",
	        TW_E_UNKNOWN);
}

Test(refusal, a_head_without_its_members_shows_them)
{
	REFUSED("{ratio: totals.gross_kg, above: 3}", "15:15: ratio must be a mapping, not a single value: {of: item.gross_kg, per: item.quantity}",
	        TW_E_TYPE);
	REFUSED("{history: means, above: 3}", "15:17: history must be a mapping, not a single value: {of: party, metric: seen, days: 365}",
	        TW_E_TYPE);
	REFUSED("{earlier: means, at_least: 1}", "15:17: earlier must be a mapping, not a single value: {of: party, days: 60, words: [pistol slide]}",
	        TW_E_TYPE);
	REFUSED("{listed: true}", "15:16: listed must be a mapping, not a single value: {subject: party}", TW_E_TYPE);
	REFUSED("{embargo: XA}", "15:17: embargo must be a mapping, not a single value: {country: leg.country, goods: [arms]}", TW_E_TYPE);
	REFUSED("{field: means.name, near: [a, b]}", "15:33: near must be a mapping, not a list: {a: [barrel], b: [rifle], within: 20}", TW_E_TYPE);
	REFUSED("{field: document.issued, within: 30}", "15:40: within must be a mapping, not a single value: {days: 30, of: {field: event.time}}",
	        TW_E_TYPE);
	REFUSED("{sum: {of: items.gross_kg}, above: 3}", "15:13: a path must be a single value, not a mapping: items.gross_kg", TW_E_TYPE);
}

Test(refusal, one_condition_is_one_thing)
{
	REFUSED("{field: means.flag, is: XA, is_not: XB}", "15:35: one comparison a condition: \"is_not\" stands beside \"is\"", TW_E_CONFLICT);
	REFUSED("{all: [], any: []}", "15:17: a condition is one thing: \"any\" stands beside \"all\"; put both under all: or any:", TW_E_CONFLICT);
	REFUSED("{all: []}", "15:13: \"all\" holds no condition", TW_E_MISSING);
	REFUSED("[]", "15:7: a condition must be a mapping, not a list", TW_E_TYPE);
	REFUSED("{every: items}", "15:15: every needs `where`: what must hold of each", TW_E_MISSING);
}

Test(refusal, values_of_the_wrong_type)
{
	REFUSED("{field: means.flag, is: Panama}", "15:31: \"Panama\" is no country code: two letters of ISO 3166-1", TW_E_TYPE);
	REFUSED("{field: movement, is: imports}", "15:29: unknown word \"imports\"; did you mean \"import\"?", TW_E_UNKNOWN);
	REFUSED("{field: totals.gross_kg, above: heavy}", "15:39: \"heavy\" is no number with at most four decimals", TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, above: 1.00001}", "15:39: \"1.00001\" is no number with at most four decimals", TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, above: 99999999999999999999}", "15:39: \"99999999999999999999\" is no number with at most four decimals",
	        TW_E_TYPE);
	REFUSED("{field: revision, is: 1.5}", "15:29: \"1.5\" is no whole number", TW_E_TYPE);
	REFUSED("{field: document.issued, before: 2026-02-30}", "15:40: \"2026-02-30\" is no date: YYYY-MM-DD", TW_E_TYPE);
	REFUSED("{field: event.time, before: yesterday}", "15:35: \"yesterday\" is no date (YYYY-MM-DD) and no instant (RFC 3339 with a zone)",
	        TW_E_TYPE);
	REFUSED("{field: document.consolidated, is: yes}", "15:42: \"yes\" must be true or false", TW_E_TYPE);
	REFUSED("{field: document.place, is: XA}", "15:35: \"XA\" is no UN/LOCODE: two letters of the country and three more", TW_E_TYPE);
	REFUSED("{field: means.name, is: '--'}", "15:31: \"--\" has no letter or digit to compare", TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, between: [2, 1]}", "15:42: between: the lowest comes first, and both are of one kind", TW_E_RANGE);
	REFUSED("{field: totals.gross_kg, between: [2]}", "15:41: between takes a list of two: [lowest, highest]", TW_E_TYPE);
	REFUSED("{field: means.flag, in: []}", "15:31: the list is empty", TW_E_MISSING);
	REFUSED("{field: means.flag, in: XA}", "15:31: in must be a list or a $set, not a single value: [XA]", TW_E_TYPE);
}

Test(refusal, comparators_that_do_not_go_with_the_value_name_those_that_do)
{
	REFUSED("{field: means.flag, above: 3}",
	        "15:27: \"above\" does not go with a country; these do: is, is_not, in, not_in, stated, same_as, differs_from", TW_E_TYPE);
	REFUSED("{field: document.consolidated, in: [true]}", "15:38: \"in\" does not go with true or false; these do: is, is_not, stated",
	        TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, matches: x}",
	        "15:32: \"matches\" does not go with an amount; these do: is, is_not, in, not_in, stated, above, below, at_least, at_most, between, "
	        "inside, outside",
	        TW_E_TYPE);
}

Test(refusal, operands_of_different_kinds)
{
	REFUSED("{field: totals.gross_kg, is: {field: means.name}}", "15:36: an amount cannot be compared with a text", TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, above: {field: document.issued}}", "15:39: an amount cannot be compared with a date", TW_E_TYPE);
	REFUSED("{field: means.flag, is: {field: document.place}}", "15:31: texts and countries are compared with same_as and differs_from",
	        TW_E_TYPE);
	REFUSED("{field: means.flag, same_as: {field: totals.gross_kg}}", "15:36: a country cannot be compared with an amount", TW_E_TYPE);
	REFUSED("{field: means.flag, same_as: XA}", "15:36: the right side must be a mapping, not a single value", TW_E_TYPE);
	REFUSED("{field: totals.gross_kg, above: {feld: totals.packages}}",
	        "15:40: unknown key \"feld\" in the right side of a comparison; did you mean \"field\"?", TW_E_UNKNOWN);
	REFUSED("{field: document.issued, before: {event: time}}", "15:48: event: must be `day`", TW_E_UNKNOWN);
	REFUSED("{field: totals.gross_kg, above: {field: totals.packages, plus_days: 3}}", "15:64: plus_days goes with a date, not with an amount",
	        TW_E_TYPE);
	REFUSED("{some: items, where: {field: item.containers, is_not: X}}",
	        "15:53: \"is_not\" is ambiguous over a list of texts: write `not:` around \"is\"", TW_E_TYPE);
}

Test(refusal, patterns_that_do_not_compile_say_where)
{
	REFUSED("{field: means.name, matches: 'a(b'}", "15:36: pattern \"a(b\": missing closing parenthesis at offset 3", TW_E_SYNTAX);
	REFUSED("{field: means.name, matches: ''}", "15:36: a pattern has 1 to 4096 bytes", TW_E_RANGE);
	REFUSED("{field: means.name, matches: [a, '[z-a]']}", "15:40: pattern \"[z-a]\": range out of order in character class at offset 3",
	        TW_E_SYNTAX);
}

Test(refusal, history_is_checked_against_the_metric_table)
{
	REFUSED("{history: {of: means, metric: sene}, above: 1}", "15:37: unknown metric \"sene\"; did you mean \"seen\"?", TW_E_UNKNOWN);
	REFUSED("{history: {of: means, metric: certified}, above: 1}", "15:37: metric \"certified\" is not kept of a vessel, but of: certificate", TW_E_TYPE);
	REFUSED("{history: {of: means, metric: countries, days: 9}, above: 1}", "15:48: metric \"countries\" has no window: leave `days` out",
	        TW_E_TYPE);
	REFUSED("{history: {of: means, metric: seen, days: 401}, above: 1}", "15:49: days must be 1 to 400; leave it out to ask for ever",
	        TW_E_RANGE);
	REFUSED("{history: {of: totals, metric: seen}, above: 1}",
	        "15:22: nothing is remembered about \"totals\": ask about party, party.address, party.phone, party.email, means, "
	        "container, certificate_ref, licence, marking, signatory, issuer, contract, document.sha256, document.paper_number or self",
	        TW_E_TYPE);
	REFUSED("{history: {metric: seen}, above: 1}", "15:17: history needs `of` and `metric`", TW_E_MISSING);
	REFUSED("{history: {of: means.flag, metric: seen}, above: 1}",
	        "15:22: nothing is remembered about \"means.flag\": ask about party, party.address, party.phone, party.email, means, "
	        "container, certificate_ref, licence, marking, signatory, issuer, contract, document.sha256, document.paper_number or self",
	        TW_E_TYPE);
}

Test(refusal, words_of_lists_embargoes_borders_and_warnings)
{
	REFUSED("{embargo: {country: means.flag, goods: [armz]}}", "15:47: unknown goods \"armz\"; did you mean \"arms\"?", TW_E_UNKNOWN);
	REFUSED("{embargo: {goods: [arms]}}", "15:17: embargo needs `country` and `goods`", TW_E_MISSING);
	REFUSED("{embargo: {country: totals.gross_kg, goods: [arms]}}", "15:27: \"totals.gross_kg\" is an amount, not a country or a place",
	        TW_E_TYPE);
	REFUSED("{embargo: {country: means.flag, goods: [arms], on: means.flag}}", "15:58: \"means.flag\" is a country, not a date", TW_E_TYPE);
	REFUSED("{embargo: {country: means.flag, goods: [arms], confidence: [sene]}}", "15:67: unknown confidence \"sene\"; did you mean \"seen\"?",
	        TW_E_UNKNOWN);
	REFUSED("{borders: [means.flag]}", "15:17: borders takes a list of two paths", TW_E_TYPE);
	REFUSED("{warning: chekc_digit}", "15:17: unknown warning \"chekc_digit\"; did you mean \"check_digit\"?", TW_E_UNKNOWN);
	REFUSED("{warning: id_reused, at: means}", "15:28: \"id_reused\" is said of the event: it takes no \"at\"", TW_E_CONFLICT);
	REFUSED("{warning: check_digit, at: continers}", "15:34: unknown field \"continers\" in consignment; did you mean \"containers\"?",
	        TW_E_UNKNOWN);
	REFUSED("{listed: {subject: totals}}", "15:26: lists are searched for a party or the means, not for \"totals\"", TW_E_TYPE);
	REFUSED("{listed: {basis: [nam]}}", "15:25: unknown basis \"nam\"; did you mean \"name\"?", TW_E_UNKNOWN);
}

Test(refusal, sums_ratios_and_sets)
{
	REFUSED("{sum: totals.gross_kg, above: 1}", "15:13: a sum goes over a number of a repeated part, as in items.gross_kg", TW_E_TYPE);
	REFUSED("{sum: items.hs, above: 1}", "15:13: a sum goes over a number of a repeated part, as in items.gross_kg", TW_E_TYPE);
	REFUSED("{ratio: {of: totals.gross_kg}, above: 1}", "15:15: ratio needs `of` and `per`", TW_E_MISSING);
	REFUSED("{ratio: {of: totals.gross_kg, per: means.flag}, above: 1}", "15:42: a ratio is made of two numbers, not of a country", TW_E_TYPE);
	REFUSED("{field: means.flag, in: $flags}", "15:31: unknown set \"$flags\"", TW_E_UNKNOWN);
}

Test(refusal, conditions_have_a_depth)
{
	char when[4096];
	FILE *text = fmemopen(when, sizeof(when), "w");
	cr_assert_not_null(text);
	for (int i = 0; i < TW_RULE_DEPTH_MAX; i++) {
		fputs("{not: ", text);
	}
	fputs("{field: means.flag, is: XA}", text);
	for (int i = 0; i < TW_RULE_DEPTH_MAX; i++) {
		fputc('}', text);
	}
	fclose(text);
	REFUSED(when, "15:151: conditions nested deeper than 24", TW_E_LIMIT);
}

Test(refusal, all_errors_of_a_rule_are_reported_and_the_first_is_returned)
{
	(void)refusal(f, "{all: [{field: means.flga, is: XA}, {field: movement, is: imports}, {history: {of: means, metric: sene}, above: 1}]}");
	cr_assert_str_eq(f->problems, "test-rule.yaml:15:22: error: unknown field \"flga\" in means; did you mean \"flag\"? [TW-R-0202]\n"
	                              "test-rule.yaml:15:65: error: unknown word \"imports\"; did you mean \"import\"? [TW-R-0210]\n"
	                              "test-rule.yaml:15:105: error: unknown metric \"sene\"; did you mean \"seen\"? [TW-R-0205]\n");
	cr_assert_str_eq(f->err.where, "test-rule.yaml:15:22");
}

Test(refusal, heads_of_other_languages_are_told_what_they_are_here)
{
	REFUSED("{and: [{field: means.flag, is: XA}]}", "15:8: no condition begins with \"and\"; here it is \"all\"", TW_E_UNKNOWN);
	REFUSED("{or: [{field: means.flag, is: XA}]}", "15:8: no condition begins with \"or\"; here it is \"any\"", TW_E_UNKNOWN);
	REFUSED("{each: items, where: {field: item.line, is: 1}}", "15:8: no condition begins with \"each\"; here it is \"every\"", TW_E_UNKNOWN);
	REFUSED("{al: [{field: means.flag, is: XA}]}", "15:8: no condition begins with \"al\"; did you mean \"all\"?", TW_E_UNKNOWN);
}

Test(refusal, of_a_closed_set_all_are_named_where_none_is_near)
{
	REFUSED("{embargo: {country: means.flag, goods: [weapons]}}",
	        "15:47: unknown goods \"weapons\": it is one of all_goods, arms, arms_and_related, heavy_conventional, light_weapons, ammunition, "
	        "dual_use_police, dual_use, surveillance",
	        TW_E_UNKNOWN);
	const char *said = refusal(f, "{some: parties, where: {field: party.role, is: smuggler}}");
	cr_assert_not_null(strstr(said, ": it is one of consignor, consignee"), "%s", said);
	cr_assert_lt(strlen(said), 300, "%s", said);
}

Test(refusal, a_part_of_what_an_element_is_called_is_enough_to_find_it)
{
	fixture_become(f, TW_INSPECTION_COMPLETED);
	cr_assert_neq(fixture_load(f, "test-rule.yaml",
	                           fixture_rule(f, "outcome", "{some: inspection.findings, where: {field: finding.quantity, above: 5}}", "because")),
	              TW_OK);
	cr_assert_str_eq(f->err.detail, "unknown field \"finding\" in outcome; did you mean \"inspection_finding\"?");
}
