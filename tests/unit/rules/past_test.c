/**
 * @file past_test.c
 * Questions to what is remembered: phones and e-mails, and the goods of earlier parcels. Other metrics: relation_test.c.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct fixture *f;

static void start(void)
{
	f = fixture_new();
}

static void stop(void)
{
	fixture_free(f);
}

TestSuite(past, .init = start, .fini = stop);

static const struct tw_earlier parcels[] = {
    {{"C9", 2}, {"Pistol slides, steel | springs", 30}}, {{"C8", 2}, {"Drawer slides", 13}}, {{"C7", 2}, {"A pistol slide", 14}}};

static void earlier(uint32_t days, const void *subject)
{
	f->answer[f->answer_count++] =
	    (struct fixture_answer){TW_METRIC_WARES, days, subject, {.stated = true, .value = 3, .earlier = parcels, .earlier_count = 3}};
}

static const char *receives(const char *asked, const char *because)
{
	return says(f, tw_arena_format(&f->arena, "{some: parties, where: {%s}}", asked).ptr, because);
}

Test(past, earlier_counts_the_consignments_whose_goods_hold_the_words)
{
	earlier(60, party(f, 0));
	cr_expect_str_eq(
	    receives("earlier: {of: party, days: 60, words: [pistol slide], as: parcels}, at_least: 2",
	             "\"{party.name}: {fact.parcels}, the last {fact.earlier_goods}.\""),
	    tw_arena_format(&f->arena, "%.*s: 2, the last Pistol slides, steel | springs.", (int)party(f, 0)->name.len, party(f, 0)->name.ptr).ptr);
	cr_expect_str_eq(receives("earlier: {of: party, days: 60, words: [pistol slide]}, at_least: 3", "b"), "");
	cr_expect_str_eq(receives("earlier: {of: party, days: 60, words: [slide], except: [drawer slide]}, between: [2, 2]", "b"), "b");
	cr_expect_str_eq(receives("earlier: {of: party, days: 60, matches: ['^a ', drawer]}, between: [2, 2]", "b"), "b");
	cr_expect_str_eq(receives("earlier: {of: party, days: 60, near: {a: [slide], b: [spring], within: 20}}, at_least: 1", "b"), "b");
	cr_expect_str_eq(receives("earlier: {of: party, days: 60, words: [barrel]}, at_most: 0", "b"), "b", "none is a number");
}

Test(past, earlier_names_the_consignments_that_counted)
{
	earlier(60, party(f, 0));
	cr_assert_str_eq(receives("earlier: {of: party, days: 60, words: [pistol slide]}, at_least: 1", "b"), "b");
	const struct tw_finding *finding = &f->findings.finding[0];
	cr_assert_eq(finding->related_count, 2);
	cr_expect(tw_slice_is(finding->related[0], "C9") && tw_slice_is(finding->related[1], "C7"));
	cr_assert_eq(finding->evidence_count, 1);
	cr_expect(tw_slice_is(finding->evidence[0].pointer, "/consignment/parties/0/name"));
}

Test(past, who_has_no_record_received_nothing)
{
	cr_expect_str_eq(receives("earlier: {of: party, words: [slide]}, at_least: 1", "b"), "");
	cr_expect_str_eq(receives("earlier: {of: party, words: [slide]}, at_most: 0", "b"), "b");
}

Test(past, a_phone_and_an_e_mail_are_asked_by_their_paths)
{
	party(f, 1)->phone = fixture_text(f, "+44 20 7946 0018");
	f->answer[f->answer_count++] = (struct fixture_answer){
	    TW_METRIC_USERS, 30, &party(f, 1)->phone, {.stated = true, .value = 4, .related = {{"C-8", 3}}, .related_count = 1}};
	earlier(0, &party(f, 1)->email);
	cr_assert_str_eq(receives("history: {of: party.phone, metric: users, days: 30}, at_least: 3", "\"{fact.users} others\""), "4 others");
	const struct tw_finding *finding = &f->findings.finding[0];
	cr_assert_eq(finding->evidence_count, 1);
	cr_expect(tw_slice_is(finding->evidence[0].pointer, "/consignment/parties/1/phone"));
	cr_expect(tw_slice_is(finding->evidence[0].text, "+44 20 7946 0018"));
	cr_expect_eq(finding->related_count, 1);
	cr_expect_str_eq(receives("earlier: {of: party.email, words: [pistol slide]}, at_least: 2", "b"), "b");
}

Test(past, each_paper_answers_its_own_question)
{
	static const char *const wrong[][2] = {
	    {"{history: {of: contract, metric: signatory}, is: listed}", "15:40: metric \"signatory\" is not kept of a contract, but of: signatory"},
	    {"{history: {of: document.sha256, metric: office}, is: listed}", "15:47: metric \"office\" is not kept of a sha256, but of: issuer"},
	    {"{history: {of: issuer, metric: other_certificates}, above: 1}",
	     "15:38: metric \"other_certificates\" is not kept of a issuer, but of: sha256, paper_number"},
	    {"{some: signatories, where: {history: {of: signatory, metric: certificates_elsewhere}, above: 1}}",
	     "15:68: metric \"certificates_elsewhere\" is not kept of a signatory, but of: contract"}};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cr_assert_neq(fixture_load(f, "test-rule.yaml", fixture_rule(f, "certificate", wrong[i][0], "b")), TW_OK);
		cr_assert_str_eq(strstr(tw_arena_format(&f->arena, "%s: %s", f->err.where, f->err.detail).ptr, "15:"), wrong[i][1]);
	}
	cr_assert_eq(fixture_load(f, "test-rule.yaml",
	                          fixture_rule(f, "certificate", "{history: {of: document.paper_number, metric: other_certificates}, above: 1}", "b")),
	             TW_OK, "%s", f->problems);
}

Test(past, what_is_not_kept_is_refused)
{
	cr_expect_str_eq(
	    refusal(f, "{some: parties, where: {history: {of: party.name, metric: seen}, at_least: 1}}"),
	    "15:45: nothing is remembered about \"party.name\": ask about party, party.address, party.phone, party.email, means, container, "
	    "certificate_ref, licence, marking, signatory, issuer, contract, document.sha256, document.paper_number or self");
	cr_expect_str_eq(refusal(f, "{history: {of: means, metric: users}, at_least: 1}"), "15:37: metric \"users\" is not kept of a vessel, but of: address, phone, email");
	cr_expect_str_eq(refusal(f, "{some: parties, where: {history: {of: party, metric: gross_kg_z, days: 3}, above: 3}}"),
	                 "15:72: metric \"gross_kg_z\" has no window: leave `days` out");
	cr_expect_str_eq(refusal(f, "{earlier: {of: means, words: [pistol]}, at_least: 1}"),
	                 "15:22: goods are remembered of a party, an address, a phone and an e-mail, not of a vessel");
}

Test(past, earlier_asks_one_thing_of_somebody)
{
	cr_expect_str_eq(refusal(f, "{some: parties, where: {earlier: {of: party}, at_least: 1}}"),
	                 "15:40: earlier needs one of words, near and matches: which goods count");
	cr_expect_str_eq(refusal(f, "{some: parties, where: {earlier: {of: party, words: [aa], matches: bb}, at_least: 1}}"),
	                 "15:65: earlier asks one thing: \"matches\" stands beside \"words\"");
	cr_expect_str_eq(refusal(f, "{some: parties, where: {earlier: {of: party, matches: bb, except: [c]}, at_least: 1}}"),
	                 "15:65: \"except\" goes with words and near, not with \"matches\"");
	cr_expect_str_eq(refusal(f, "{earlier: {words: [pistol]}, at_least: 1}"), "15:17: earlier needs `of`: who received");
	cr_expect_not_null(strstr(refusal(f, "{some: parties, where: {earlier: {of: party, words: [pistol], metric: seen}, at_least: 1}}"),
	                          "unknown key \"metric\""));
	cr_expect_not_null(strstr(refusal(f, "{some: parties, where: {earlier: {of: party, words: [pistol]}, matches: x}}"), "does not go with"));
}
