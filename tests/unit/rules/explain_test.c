/**
 * @file explain_test.c
 * What a finding shows: evidence with pointers, spans and texts as received, facts, related consignments; and that it is always the same.
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

TestSuite(explain, .init = setup, .fini = teardown);

static const struct tw_finding *finding(const char *when)
{
	cr_assert(fires(f, when), "must fire: %s", when);
	return &f->findings.finding[0];
}

static void shows(const struct tw_finding *found, uint32_t at, const char *pointer, const char *text)
{
	cr_assert_lt(at, found->evidence_count, "no evidence %u", at);
	const struct tw_evidence *evidence = &found->evidence[at];
	cr_assert_str_eq(evidence->pointer.ptr, pointer);
	cr_assert_eq(evidence->text.len, strlen(text));
	cr_assert_eq(memcmp(evidence->text.ptr, text, strlen(text)), 0);
	cr_assert_eq(memcmp(f->raw + evidence->span.from, text, strlen(text)), 0, "the span of %s is elsewhere", pointer);
	cr_assert_eq(evidence->span.to - evidence->span.from, strlen(text));
}

static const struct tw_fact *fact(const struct tw_finding *found, const char *name)
{
	for (uint32_t i = 0; i < found->fact_count; i++) {
		if (tw_slice_is(found->facts[i].name, name)) {
			return &found->facts[i];
		}
	}
	return NULL;
}

Test(explain, evidence_is_what_was_compared_true_with_pointer_span_and_text)
{
	const struct tw_finding *found =
	    finding("{some: items, where: {all: [{field: item.hs, starts: ['93']}, {field: item.quantity, above: 100}]}}");
	cr_assert_eq(found->evidence_count, 2);
	shows(found, 0, "/consignment/items/0/hs", "9303.30");
	shows(found, 1, "/consignment/items/0/quantity", "120.0000");
}

Test(explain, a_match_points_at_its_words_in_the_bytes_that_were_received)
{
	item(f, 0)->description = fixture_text(f, "Deux pièces pour \u0410\u041A\u201147, neuves");
	const struct tw_finding *found = finding("{some: items, where: {field: item.description, matches: 'k-4'}}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/consignment/items/0/description", "\u0410\u041A\u201147");
	found = finding("{some: items, where: {all: [{field: item.description, matches: 'pi[eè]c'}, {field: item.description, matches: 'neuve'}]}}");
	cr_assert_eq(found->evidence_count, 2, "two places of one text");
	shows(found, 0, "/consignment/items/0/description", "pièces");
	shows(found, 1, "/consignment/items/0/description", "neuves");
}

Test(explain, a_text_that_is_shown_already_is_not_shown_again_for_a_part_of_it)
{
	item(f, 0)->description = fixture_text(f, "new gun parts");
	const struct tw_finding *found =
	    finding("{some: items, where: {all: [{field: item.description, matches: 'gun parts'}, {field: item.description, words: [gun]},"
	            "{field: item.description, stated: true}]}}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/consignment/items/0/description", "gun parts");
}

Test(explain, a_match_of_nothing_points_at_the_whole_text_and_a_denied_one_nowhere)
{
	item(f, 0)->description = fixture_text(f, "gun parts");
	shows(finding("{some: items, where: {field: item.description, matches: '(?=gun parts)'}}"), 0, "/consignment/items/0/description",
	      "gun parts");
	cr_assert_eq(
	    finding("{all: [{field: id, stated: true}, {not: {some: items, where: {field: item.description, matches: rifle}}}]}")->evidence_count, 1);
}

Test(explain, an_id_that_another_event_has_points_at_the_id_and_says_where_the_other_is)
{
	f->event.id_reused = true;
	f->event.id_reused_at = 4711;
	const struct tw_finding *found = finding("{warning: id_reused}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/id", "evt-1");
	cr_assert_not_null(fact(found, "earlier_offset"));
	cr_assert_eq(fact(found, "earlier_offset")->number, 4711);
	cr_assert_eq(finding("{any: [{warning: id_reused}, {field: means.name, stated: true}]}")->fact_count, 1);
}

Test(explain, pointers_lead_through_nested_parts)
{
	const struct tw_finding *found =
	    finding("{all: [{some: items, where: {some: item.certificates, where: {field: certificate_ref.issuer_country, is: QZ}}},"
	            " {field: means.flag, is: XC}, {some: items, where: {field: item.containers, is: hlxu1234567}}]}");
	cr_assert_eq(found->evidence_count, 3);
	shows(found, 0, "/consignment/means/flag", "XC");
	shows(found, 1, "/consignment/items/0/certificates/0/issuer_country", "QZ");
	shows(found, 2, "/consignment/items/0/containers/0", "HLXU1234567");
}

Test(explain, branches_that_did_not_hold_leave_nothing)
{
	const struct tw_finding *found =
	    finding("{any: [{all: [{field: means.flag, is: XC}, {field: movement, is: export}]}, {field: means.imo, is: '9074729'},"
	            " {all: [{history: {of: means, metric: seen, as: lost}, stated: false}, {field: movement, is: export}]}]}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/consignment/means/imo", "9074729");
	cr_assert_eq(found->fact_count, 0);
}

Test(explain, what_stands_under_not_is_no_evidence)
{
	const struct tw_finding *found = finding("{all: [{not: {field: means.flag, is: XA}}, {field: means.imo, stated: true},"
	                                         " {none: items, where: {field: item.hs, starts: ['87']}}]}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/consignment/means/imo", "9074729");
}

Test(explain, a_fact_known_under_not_is_still_known)
{
	f->answer[f->answer_count++] = (struct fixture_answer){TW_METRIC_SEEN, 0, NULL, {.stated = true, .value = 3}};
	const struct tw_finding *found = finding("{not: {history: {of: means, metric: seen}, above: 5}}");
	cr_assert_not_null(fact(found, "seen"));
	cr_assert_eq(fact(found, "seen")->number, 3);
}

Test(explain, every_element_that_satisfies_contributes_and_is_counted)
{
	const struct tw_finding *found = finding("{some: items, where: {field: item.gross_kg, above: 0}}");
	cr_assert_eq(found->evidence_count, 3);
	shows(found, 0, "/consignment/items/0/gross_kg", "540.5000");
	shows(found, 2, "/consignment/items/2/gross_kg", "59.5000");
	cr_assert_eq(fact(found, "matched")->number, 3);
	cr_assert_null(fact(finding("{some: items, where: {field: item.hs, starts: ['93']}}"), "matched"));
}

Test(explain, evidence_past_the_bound_keeps_the_first_element_of_each_part)
{
	for (uint32_t i = 0; i < 20; i++) {
		struct tw_party *added = tw_list_push(&f->arena, &f->event.consignment.parties, sizeof(*added));
		added->country = fixture_text(f, "XB");
	}
	const struct tw_finding *found =
	    finding("{all: [{some: parties, where: {field: party.country, stated: true}}, {some: items, where: {field: item.hs, starts: ['93']}}]}");
	cr_assert_eq(found->evidence_count, TW_EVIDENCE_MAX);
	bool item_shown = false;
	for (uint32_t i = 0; i < found->evidence_count; i++) {
		item_shown |= strcmp(found->evidence[i].pointer.ptr, "/consignment/items/0/hs") == 0;
		cr_assert(i == 0 || found->evidence[i].span.from > found->evidence[i - 1].span.from);
	}
	cr_assert(item_shown);
	cr_assert_eq(fact(found, "matched")->number, 22);
}

Test(explain, facts_have_names_kinds_and_the_first_elements_values)
{
	f->answer[f->answer_count++] = (struct fixture_answer){TW_METRIC_CERTIFIED, 0, NULL, {.stated = true, .value = 1000000}};
	f->answer[f->answer_count++] = (struct fixture_answer){TW_METRIC_STATUS, 0, NULL, {.stated = true, .value = TW_CERTIFICATE_STATUS_REVOKED}};
	const struct tw_finding *found = finding(
	    "{all: [{some: items, where: {some: item.certificates, where: {all: [{field: item.quantity, above: {history: {of: certificate_ref, "
	    "metric: "
	    "certified, as: allowed}}}, {history: {of: certificate_ref, metric: status}, is: revoked}]}}}, {sum: items.gross_kg, as: total, above: "
	    "1},"
	    " {count: items, as: lines, above: 2}, {some: items, where: {ratio: {of: item.gross_kg, per: item.quantity}, as: each, above: 1}}]}");
	cr_assert_eq(fact(found, "allowed")->kind, TW_FACT_AMOUNT);
	cr_assert_eq(fact(found, "allowed")->number, 1000000);
	cr_assert(tw_slice_is(fact(found, "status")->text, "revoked"));
	cr_assert_eq(fact(found, "total")->number, 7000000);
	cr_assert_eq(fact(found, "lines")->kind, TW_FACT_COUNT);
	cr_assert_eq(fact(found, "lines")->number, 3);
	cr_assert_eq(fact(found, "each")->number, 45041);
	cr_assert(tw_slice_is(found->facts[0].name, "allowed"));
}

Test(explain, related_consignments_come_from_history_without_repeats)
{
	f->answer[f->answer_count++] =
	    (struct fixture_answer){TW_METRIC_SEEN, 0, NULL, {.stated = true, .value = 3, .related = {{"C-9", 3}, {"C-8", 3}}, .related_count = 2}};
	f->answer[f->answer_count++] = (struct fixture_answer){
	    TW_METRIC_COUNTRIES, 0, NULL, {.stated = true, .value = 3, .related = {{"C-8", 3}, {"C-7", 3}}, .related_count = 2}};
	const struct tw_finding *found =
	    finding("{all: [{history: {of: means, metric: seen}, is: 3}, {history: {of: means, metric: countries}, is: 3}]}");
	cr_assert_eq(found->related_count, 3);
	cr_assert(tw_slice_is(found->related[0], "C-9"));
	cr_assert(tw_slice_is(found->related[2], "C-7"));
}

static void known(enum tw_metric metric, int64_t value)
{
	f->answer[f->answer_count++] = (struct fixture_answer){metric, 0, NULL, {.stated = true, .value = value}};
}

Test(explain, history_points_at_what_names_its_subject)
{
	known(TW_METRIC_SEEN, 3);
	known(TW_METRIC_STATUS, TW_CERTIFICATE_STATUS_REVOKED);
	known(TW_METRIC_MARKING_STATUS, 1);
	party(f, 1)->address.text = fixture_text(f, "12 Harbour Road");
	const struct tw_finding *found =
	    finding("{all: [{history: {of: means, metric: seen}, is: 3},"
	            " {some: items, where: {some: item.certificates, where: {history: {of: certificate_ref, metric: status}, is: revoked}}},"
	            " {some: items, where: {some: item.markings, where: {history: {of: marking, metric: marking_status}, stated: true}}},"
	            " {some: containers, where: {history: {of: container, metric: seen}, is: 3}},"
	            " {some: parties, where: {all: [{field: party.founded, stated: true}, {history: {of: party, metric: seen}, is: 3},"
	            " {history: {of: party.address, metric: seen}, is: 3}]}}]}");
	cr_assert_eq(found->evidence_count, 7);
	shows(found, 0, "/consignment/means/imo", "9074729");
	shows(found, 1, "/consignment/parties/1/name", "Acme & Co.");
	shows(found, 2, "/consignment/parties/1/founded", "2025-12-30");
	shows(found, 3, "/consignment/containers/0/number", "hlxu 123456-7");
	shows(found, 4, "/consignment/items/0/certificates/0/number", "QZ/MOD/1");
	shows(found, 5, "/consignment/items/0/markings/0/value", "AB 01417");
	shows(found, 6, "/consignment/parties/1/address/text", "12 Harbour Road");
}

Test(explain, history_points_at_the_second_best_name_where_the_best_is_not_stated)
{
	known(TW_METRIC_SEEN, 3);
	known(TW_METRIC_MARKING_STATUS, 1);
	f->event.consignment.means.imo = (struct tw_text){NULL, 0, {0, 0}};
	struct tw_marking *range = item(f, 0)->markings.data;
	*range = (struct tw_marking){.from = fixture_text(f, "AB 001"), .to = fixture_text(f, "AB 099")};
	const struct tw_finding *found =
	    finding("{all: [{history: {of: means, metric: seen}, is: 3},"
	            " {some: items, where: {some: item.markings, where: {history: {of: marking, metric: marking_status}, stated: true}}}]}");
	cr_assert_eq(found->evidence_count, 2);
	shows(found, 0, "/consignment/means/name", "Star of Xa");
	shows(found, 1, "/consignment/items/0/markings/0/from", "AB 001");
	f->event.consignment.means.name = (struct tw_text){NULL, 0, {0, 0}};
	cr_assert_eq(finding("{history: {of: means, metric: seen}, is: 3}")->evidence_count, 0, "nothing names it");
}

Test(explain, history_of_self_points_at_the_events_own_name)
{
	known(TW_METRIC_REVISIONS, 3);
	known(TW_METRIC_OTHER_CONSIGNMENTS, 2);
	const struct tw_finding *found = finding("{history: {of: self, metric: revisions}, is: 3}");
	cr_assert_eq(found->evidence_count, 1);
	shows(found, 0, "/consignment/id", "C-1");
	fixture_become(f, TW_CERTIFICATE_REVOKED);
	f->event.certificate.number = fixture_text(f, "QZ/MOD/9");
	cr_assert_eq(
	    fixture_load(f, "test-rule.yaml", fixture_rule(f, "certificate", "{history: {of: self, metric: other_consignments}, is: 2}", "b")),
	    TW_OK);
	cr_assert_eq(fixture_eval(f), 1);
	shows(&f->findings.finding[0], 0, "/certificate/number", "QZ/MOD/9");
}

Test(explain, a_subject_is_shown_once_and_not_where_its_history_is_denied)
{
	known(TW_METRIC_SEEN, 3);
	known(TW_METRIC_COUNTRIES, 1);
	cr_assert_eq(
	    finding("{all: [{history: {of: means, metric: seen}, is: 3}, {history: {of: means, metric: countries}, is: 1}]}")->evidence_count, 1);
	cr_assert_eq(finding("{not: {history: {of: means, metric: seen}, above: 5}}")->evidence_count, 0);
}

Test(explain, a_sum_points_at_the_first_numbers_that_went_into_it)
{
	for (uint32_t i = 0; i < 3; i++) {
		struct tw_item *added = tw_list_push(&f->arena, &f->event.consignment.items, sizeof(*added));
		added->gross_kg = fixture_amount(f, 20000);
	}
	item(f, 1)->gross_kg = (struct tw_amount){0};
	const struct tw_finding *found = finding("{sum: items.gross_kg, above: 1}");
	cr_assert_eq(found->evidence_count, 3);
	shows(found, 0, "/consignment/items/0/gross_kg", "540.5000");
	shows(found, 1, "/consignment/items/2/gross_kg", "59.5000");
	shows(found, 2, "/consignment/items/3/gross_kg", "2.0000");
	cr_assert_eq(finding("{not: {sum: items.gross_kg, below: 1}}")->evidence_count, 0);
}

Test(explain, a_ratio_points_at_both_of_its_parts)
{
	const struct tw_finding *found = finding("{ratio: {of: {sum: items.gross_kg}, per: totals.gross_kg}, at_least: 1}");
	cr_assert_eq(found->evidence_count, 4);
	shows(found, 0, "/consignment/items/0/gross_kg", "540.5000");
	shows(found, 3, "/consignment/totals/gross_kg", "700.0000");
}

Test(explain, a_list_match_brings_its_own_evidence_and_facts)
{
	f->match[0] = (struct tw_match){.list = tw_slice_str("un-sc"),
	                                .entry = tw_slice_str("XXi.001"),
	                                .name = tw_slice_str("ACME COMPANY"),
	                                .basis = TW_MATCH_NAME,
	                                .similarity_ppm = 1000000,
	                                .query = tw_slice_of(party(f, 1)->name),
	                                .span = party(f, 1)->name.span,
	                                .pointer = tw_slice_str("/consignment/parties/1/name"),
	                                .subject = party(f, 1)};
	f->matches.count = 1;
	const struct tw_finding *found = finding("{some: parties, where: {listed: {subject: party}}}");
	shows(found, 0, "/consignment/parties/1/name", "Acme & Co.");
	cr_assert(tw_slice_is(fact(found, "entry")->text, "XXi.001"));
	cr_assert(tw_slice_is(fact(found, "listed_name")->text, "ACME COMPANY"));
}

Test(explain, the_same_event_gives_the_same_bytes_twice)
{
	const char *when = "{any: [{some: items, where: {field: item.gross_kg, above: 0}}, {field: means.flag, is: XC}]}";
	const struct tw_finding first = *finding(when);
	cr_assert_eq(fixture_eval(f), 1);
	const struct tw_finding *second = &f->findings.finding[0];
	cr_assert_eq(first.evidence_count, second->evidence_count);
	for (uint32_t i = 0; i < first.evidence_count; i++) {
		cr_assert(tw_slice_equal(first.evidence[i].pointer, second->evidence[i].pointer));
		cr_assert(tw_slice_equal(first.evidence[i].text, second->evidence[i].text));
	}
	cr_assert(tw_slice_equal(first.because, second->because));
	cr_assert_eq(first.fact_count, second->fact_count);
}
