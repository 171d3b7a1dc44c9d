/**
 * @file relation_test.c
 * Questions to the world: lists, embargoes on both sides of their dates, borders, history; and the event's own warnings.
 */
#include <criterion/criterion.h>

#include "engine/base/text.h"
#include "engine/base/time.h"
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

TestSuite(relation, .init = setup, .fini = teardown);

#define HOLDS(condition) cr_assert(fires(f, condition), "must fire: %s", condition)
#define FAILS(condition) cr_assert_not(fires(f, condition), "must not fire: %s", condition)

static void list_party(uint32_t at, const char *list, enum tw_match_basis basis)
{
	f->match[f->matches.count++] = (struct tw_match){.list = tw_slice_str(list),
	                                                 .entry = tw_slice_str("XXi.001"),
	                                                 .name = tw_slice_str("ACME"),
	                                                 .basis = basis,
	                                                 .similarity_ppm = 1000000,
	                                                 .query = tw_slice_of(party(f, at)->name),
	                                                 .pointer = tw_slice_str(at ? "/consignment/parties/1/name" : "/consignment/parties/0/name"),
	                                                 .span = party(f, at)->name.span,
	                                                 .subject = party(f, at)};
}

Test(relation, a_list_match_belongs_to_the_bound_party)
{
	list_party(1, "un-sc", TW_MATCH_NAME);
	HOLDS("{some: parties, where: {all: [{field: party.role, is: consignee}, {listed: {subject: party}}]}}");
	FAILS("{some: parties, where: {all: [{field: party.role, is: consignor}, {listed: {subject: party}}]}}");
	HOLDS("{listed: {subject: any}}");
	HOLDS("{listed: {}}");
	FAILS("{listed: {subject: means}}");
}

Test(relation, a_list_match_is_of_the_named_lists_and_basis)
{
	list_party(1, "un-sc", TW_MATCH_NAME);
	HOLDS("{listed: {subject: any, lists: [ofac-sdn, un-sc], basis: [name]}}");
	FAILS("{listed: {subject: any, lists: [ofac-sdn]}}");
	FAILS("{listed: {subject: any, basis: [identifier]}}");
	f->matches.count = 0;
	FAILS("{listed: {subject: any}}");
}

Test(relation, a_match_by_address_counts_only_where_a_rule_asks_for_it)
{
	list_party(1, "un-sc", TW_MATCH_ADDRESS);
	f->match[0].similarity_ppm = 480000;
	FAILS("{listed: {subject: any}}");
	FAILS("{listed: {subject: any, similarity: 0}}");
	FAILS("{listed: {subject: any, basis: [name, identifier], similarity: 0}}");
	HOLDS("{listed: {subject: any, basis: [address]}}");
	HOLDS("{listed: {subject: any, basis: [name, address]}}");
	HOLDS("{listed: {subject: any, basis: [address], similarity: 0.48}}");
	FAILS("{listed: {subject: any, basis: [address], similarity: 0.49}}");
}

Test(relation, a_list_match_of_the_means)
{
	list_party(0, "ofac-sdn", TW_MATCH_IDENTIFIER);
	f->match[0].subject = &f->event.consignment.means;
	HOLDS("{listed: {subject: means}}");
}

static struct tw_embargo *embargo(const char *country, const char *start, const char *end)
{
	struct tw_embargo *row = &f->embargo[f->embargo_count++];
	*row = (struct tw_embargo){.issuer = tw_slice_str("UN"),
	                           .regime = tw_slice_str("Xandia (2001)"),
	                           .country = tw_country_code(tw_slice_str(country)),
	                           .goods = TW_GOODS_ARMS,
	                           .directions = TW_DIRECTION_SUPPLY_TO,
	                           .end = TW_DAY_OPEN,
	                           .instrument = tw_slice_str("Resolution X"),
	                           .confidence = TW_CONFIDENCE_SEEN,
	                           .binding = true,
	                           .verified_until = TW_DAY_OPEN};
	cr_assert(tw_date_parse(tw_slice_str(start), &row->start));
	cr_assert(!end || tw_date_parse(tw_slice_str(end), &row->end));
	return row;
}

#define EMBARGO(more) "{some: route, where: {embargo: {country: leg.country, goods: [arms]" more "}}}"

Test(relation, an_embargo_is_in_force_from_its_first_day_to_the_day_before_its_end)
{
	embargo("XB", "2026-03-02", "2026-03-03");
	HOLDS(EMBARGO(""));
	f->embargo[0].start++;
	f->embargo[0].end++;
	FAILS(EMBARGO(""));
	f->embargo[0].start -= 2;
	f->embargo[0].end -= 2;
	FAILS(EMBARGO(""));
}

Test(relation, an_embargo_may_be_asked_on_another_day)
{
	embargo("XB", "2026-03-05", "2026-03-06");
	HOLDS(EMBARGO(", on: leg.arrival"));
	FAILS(EMBARGO(""));
	FAILS("{embargo: {country: document.place, goods: [arms]}}");
}

Test(relation, an_embargo_is_of_the_goods_the_direction_and_the_issuer)
{
	embargo("XB", "2020-01-01", NULL);
	FAILS("{some: route, where: {embargo: {country: leg.place, goods: [dual_use, surveillance]}}}");
	HOLDS("{some: route, where: {embargo: {country: leg.place, goods: [dual_use, arms]}}}");
	FAILS(EMBARGO(", direction: supply_from"));
	HOLDS(EMBARGO(", direction: supply_to"));
	HOLDS(EMBARGO(", issuers: [UN]"));
	FAILS(EMBARGO(", issuers: [EU]"));
}

Test(relation, only_binding_rows_that_are_sure_enough_count)
{
	struct tw_embargo *row = embargo("XB", "2020-01-01", NULL);
	row->confidence = TW_CONFIDENCE_RECALLED;
	FAILS(EMBARGO(""));
	HOLDS(EMBARGO(", confidence: [recalled]"));
	row->confidence = TW_CONFIDENCE_DERIVED;
	HOLDS(EMBARGO(""));
	row->binding = false;
	FAILS(EMBARGO(""));
}

Test(relation, a_neighbour_of_an_embargoed_country_is_not_itself_embargoed)
{
	embargo("XD", "2020-01-01", NULL);
	FAILS(EMBARGO(""));
	HOLDS(EMBARGO(", neighbour: true"));
	FAILS("{embargo: {country: means.flag, goods: [arms], neighbour: true}}");
	embargo("XB", "2020-01-01", NULL);
	FAILS(EMBARGO(", neighbour: true"));
}

Test(relation, a_renewal_that_was_not_verified_is_said)
{
	struct tw_embargo *row = embargo("XD", "2020-01-01", NULL);
	f->event.consignment.means.flag = fixture_text(f, "XD");
	const char *when = "{embargo: {country: means.flag, goods: [arms]}}";
	cr_assert_str_eq(says(f, when, "'{fact.regime} of {fact.embargoed_country}: {fact.instrument}'"), "Xandia (2001) of Xandia: Resolution X");
	row->verified_until = tw_day_of_civil(2026, 3, 2);
	cr_assert_str_eq(says(f, when, "under {fact.regime}"), "under Xandia (2001)");
	row->verified_until = tw_day_of_civil(2026, 3, 1);
	cr_assert_str_eq(says(f, when, "under {fact.regime}"), "under Xandia (2001) (verified until 2026-03-01; renewal not verified)");
	cr_assert_str_eq(says(f, when, "'{fact.regime}, {fact.renewal} since {fact.verified_until}'"),
	                 "Xandia (2001), renewal not verified since 2026-03-01");
}

Test(relation, borders_are_land_borders_of_two_countries_or_places)
{
	f->event.consignment.means.flag = fixture_text(f, "XD");
	HOLDS("{some: route, where: {borders: [leg.place, means.flag]}}");
	HOLDS("{some: route, where: {borders: [means.flag, leg.country]}}");
	f->event.consignment.means.flag = fixture_text(f, "XC");
	FAILS("{some: route, where: {borders: [leg.place, means.flag]}}");
	FAILS("{borders: [document.place, means.flag]}");
}

Test(relation, a_world_that_knows_nothing_answers_no)
{
	const char *conditions[] = {EMBARGO(""), EMBARGO(", neighbour: true"), "{some: route, where: {borders: [leg.place, leg.country]}}",
	                            "{history: {of: means, metric: seen}, at_least: 0}", "{listed: {}}"};
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		struct tw_rule_env env = {.event = &f->event};
		struct tw_findings findings;
		cr_assert_not(fires(f, conditions[i]));
		cr_assert_eq(tw_rules_eval(f->rules, f->bench, &env, &f->arena, &findings, &f->err), TW_OK);
		cr_assert_eq(findings.count, 0);
	}
}

static void know(enum tw_metric metric, uint32_t days, const void *subject, int64_t value)
{
	f->answer[f->answer_count++] = (struct fixture_answer){metric, days, subject, {.stated = true, .value = value}};
}

Test(relation, history_is_asked_about_the_bound_subject_in_its_window)
{
	know(TW_METRIC_SEEN, 90, party(f, 1), 7);
	HOLDS("{some: parties, where: {history: {of: party, metric: seen, days: 90}, is: 7}}");
	FAILS("{some: parties, where: {history: {of: party, metric: seen, days: 91}, is: 7}}");
	FAILS("{some: parties, where: {all: [{field: party.role, is: consignor}, {history: {of: party, metric: seen, days: 90}, at_least: 0}]}}");
	HOLDS("{some: parties, where: {all: [{field: party.role, is: consignor}, {history: {of: party, metric: seen, days: 90}, stated: false}]}}");
}

Test(relation, history_of_addresses_vessels_certificates_and_the_event_itself)
{
	know(TW_METRIC_COUNTERPARTIES, 0, &party(f, 0)->address, 4);
	know(TW_METRIC_COUNTRIES, 0, &f->event.consignment.means, 3);
	know(TW_METRIC_STATUS, 0, item(f, 0)->certificates.data, TW_CERTIFICATE_STATUS_REVOKED);
	know(TW_METRIC_REVISIONS, 0, NULL, 2);
	HOLDS("{some: parties, where: {history: {of: party.address, metric: counterparties}, above: 3}}");
	HOLDS("{history: {of: means, metric: countries}, at_least: 3}");
	HOLDS("{some: items, where: {some: item.certificates, where: {history: {of: certificate_ref, metric: status}, in: [revoked, lost]}}}");
	FAILS("{some: items, where: {some: item.certificates, where: {history: {of: certificate_ref, metric: status}, is: issued}}}");
	HOLDS("{history: {of: self, metric: revisions}, is: 2}");
}

Test(relation, history_answers_stand_on_either_side)
{
	know(TW_METRIC_CERTIFIED, 0, NULL, 1000000);
	know(TW_METRIC_DRAWN_WITH, 0, NULL, 1200000);
	know(TW_METRIC_VALID_UNTIL, 0, NULL, tw_day_of_civil(2026, 3, 1));
	know(TW_METRIC_FINAL_DESTINATION, 0, NULL, tw_country_code(tw_slice_str("XB")));
	know(TW_METRIC_AUTHENTICATED, 0, NULL, 0);
#define CERTIFICATE(test) "{some: items, where: {some: item.certificates, where: " test "}}"
	HOLDS(CERTIFICATE("{history: {of: certificate_ref, metric: drawn_with_this}, above: {history: {of: certificate_ref, metric: certified}}}"));
	FAILS(CERTIFICATE("{history: {of: certificate_ref, metric: drawn_with_this}, at_most: {history: {of: certificate_ref, metric: certified}}}"));
	HOLDS(CERTIFICATE("{field: item.quantity, above: {history: {of: certificate_ref, metric: certified}}}"));
	HOLDS(CERTIFICATE("{history: {of: certificate_ref, metric: valid_until}, before: {event: day}}"));
	HOLDS(CERTIFICATE("{history: {of: certificate_ref, metric: final_destination}, differs_from: {field: means.flag}}"));
	HOLDS(CERTIFICATE("{history: {of: certificate_ref, metric: final_destination}, is: XB}"));
	HOLDS(CERTIFICATE("{history: {of: certificate_ref, metric: authenticated}, is: false}"));
}

Test(relation, the_same_question_reaches_the_world_once_an_event)
{
	know(TW_METRIC_SEEN, 90, NULL, 7);
	HOLDS("{all: [{history: {of: means, metric: seen, days: 90}, above: 6}, {history: {of: means, metric: seen, days: 90}, below: 8}]}");
	cr_assert_eq(f->asked, 1);
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(f->asked, 2);
}

static void warn(enum tw_warning_kind kind, const char *pointer)
{
	struct tw_warning *warning = tw_list_push(&f->arena, &f->event.warnings, sizeof(*warning));
	*warning = (struct tw_warning){kind, tw_slice_str(pointer), f->event.consignment.means.imo.span};
}

Test(relation, an_id_that_another_event_has_is_found_whatever_else_is_warned_of)
{
	FAILS("{warning: id_reused}");
	warn(TW_WARNING_CHECK_DIGIT, "/consignment/means/imo");
	f->event.id_reused = true;
	f->event.id_reused_at = 17;
	HOLDS("{warning: id_reused}");
	HOLDS("{all: [{warning: id_reused}, {warning: check_digit}]}");
	FAILS("{not: {warning: id_reused}}");
	FAILS("{warning: ill_typed}");
}

Test(relation, warnings_are_found_by_kind_and_place)
{
	FAILS("{warning: check_digit}");
	warn(TW_WARNING_CHECK_DIGIT, "/consignment/means/imo");
	HOLDS("{warning: check_digit}");
	HOLDS("{warning: check_digit, at: means.imo}");
	HOLDS("{warning: check_digit, at: means}");
	FAILS("{warning: check_digit, at: containers}");
	FAILS("{warning: unknown_hs}");
	f->event.warnings.count = 0;
	warn(TW_WARNING_CHECK_DIGIT, "/data/consignment/containers/0/number");
	HOLDS("{warning: check_digit, at: containers}");
}
