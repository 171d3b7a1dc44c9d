/**
 * @file choose_test.c
 * Paths that choose by role mean the quantifier that one would have written.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "fixture.h"

static struct fixture *f;

/* Two parties: a consignor "Quill", a consignee "Marble" without a phone. */
static void start(void)
{
	f = fixture_new();
	party(f, 0)->role = fixture_choice(f, TW_ROLE_CONSIGNOR);
	party(f, 0)->name = fixture_text(f, "Quill");
	party(f, 0)->phone = fixture_text(f, "+44 20 7946 0018");
	party(f, 1)->role = fixture_choice(f, TW_ROLE_CONSIGNEE);
	party(f, 1)->name = fixture_text(f, "Marble");
	party(f, 1)->phone = (struct tw_text){NULL, 0, {0, 0}};
}

static void stop(void)
{
	fixture_free(f);
}

TestSuite(choose, .init = start, .fini = stop);

Test(choose, a_value_of_those_with_a_role)
{
	cr_expect(fires(f, "{field: 'parties[consignee].name', is: marble}"));
	cr_expect_not(fires(f, "{field: 'parties[consignor].name', is: marble}"));
	cr_expect_not(fires(f, "{field: 'parties[notify].name', is: marble}"));
	cr_expect(fires(f, "{field: 'parties[notify|consignee].name', is: marble}"));
	cr_expect(fires(f, "{not: {field: 'parties[consignor].name', is: marble}}"));
	cr_expect(fires(f, "{field: 'route[load|discharge].country', stated: true}"));
}

Test(choose, absence_is_that_none_states_it)
{
	cr_expect(fires(f, "{field: 'parties[consignee].phone', stated: false}"));
	cr_expect_not(fires(f, "{field: 'parties[consignor].phone', stated: false}"));
	cr_expect(fires(f, "{field: 'parties[consignor].phone', stated: true}"));
}

Test(choose, quantifiers_over_those_with_a_role)
{
	cr_expect(fires(f, "{some: 'parties[consignee]', where: {field: party.name, is: marble}}"));
	cr_expect_not(fires(f, "{some: 'parties[consignee]', where: {field: party.name, is: quill}}"));
	cr_expect(fires(f, "{some: 'parties[consignee]'}"));
	cr_expect_not(fires(f, "{some: 'parties[notify]'}"));
	cr_expect(fires(f, "{none: 'parties[consignee]', where: {field: party.name, is: quill}}"));
	cr_expect(fires(f, "{count: 'parties[consignor|consignee]', at_least: 2}"));
	cr_expect(fires(f, "{count: 'parties[consignor|consignee]', where: {field: party.name, is: quill}, between: [1, 1]}"));
	cr_expect(fires(f, "{every: 'parties[consignee]', where: {field: party.name, is: marble}}"));
	cr_expect_not(fires(f, "{every: 'parties[consignor|consignee]', where: {field: party.name, is: marble}}"));
	cr_expect_not(fires(f, "{every: 'parties[notify]', where: {field: party.name, is: marble}}"), "false of none, as ever");
}

Test(choose, history_of_those_with_a_role)
{
	f->answer[f->answer_count++] = (struct fixture_answer){TW_METRIC_SEEN, 30, party(f, 1), {.stated = true, .value = 7}};
	cr_expect(fires(f, "{history: {of: 'parties[consignee]', metric: seen, days: 30}, at_least: 7}"));
	cr_expect_not(fires(f, "{history: {of: 'parties[consignor]', metric: seen, days: 30}, at_least: 7}"));
	f->answer[f->answer_count++] = (struct fixture_answer){TW_METRIC_USERS, 30, &party(f, 0)->phone, {.stated = true, .value = 3}};
	cr_expect_str_eq(
	    says(f, "{history: {of: 'parties[consignor].phone', metric: users, days: 30, as: u}, at_least: 3}", "\"{party.name} {fact.u}\""),
	    "Quill 3", "the one that was chosen is bound for the sentence");
}

Test(choose, the_evidence_is_the_chosen_one_s)
{
	cr_assert(fires(f, "{field: 'parties[consignee].name', matches: marble}"));
	const struct tw_finding *finding = &f->findings.finding[0];
	cr_assert_eq(finding->evidence_count, 2);
	cr_expect(tw_slice_is(finding->evidence[1].pointer, "/consignment/parties/1/name"));
}

Test(choose, what_is_wrong_is_shown_at_the_path)
{
	cr_expect_str_eq(refusal(f, "{field: 'parties[consigne].name', is: x}"), "15:15: unknown word \"consigne\"; did you mean \"consignee\"?");
	cr_expect_str_eq(refusal(f, "{field: 'parties[consignee].nam', is: x}"), "15:15: unknown field \"nam\" in party; did you mean \"name\"?");
	cr_expect_str_eq(refusal(f, "{field: 'partys[consignee].name', is: x}"),
	                 "15:15: unknown field \"partys\" in consignment; did you mean \"parties\"?");
	cr_expect_str_eq(refusal(f, "{field: 'means[sea].name', is: x}"), "15:15: \"means\" is not repeated: nothing is to be chosen there");
	cr_expect_str_eq(refusal(f, "{some: 'containers[x]'}"), "15:14: \"containers\" has neither role nor kind nor scheme to choose by");
	cr_expect_str_eq(refusal(f, "{field: 'parties[consignee].name', is_not: x}"),
	                 "15:42: \"is_not\" is ambiguous over those that are chosen: write `not:` around \"is\"");
	cr_expect_str_eq(refusal(f, "{every: 'parties[consignee]'}"), "15:15: every needs `where`: what must hold of each");
	cr_expect_str_eq(refusal(f, "{field: 'parties[consignee]', is: x}"),
	                 "15:15: \"party\" is an object: name one of its members, as in \"party.role\"");
	static const char *const malformed[] = {"parties[",
	                                        "parties[]",
	                                        "parties[consignee",
	                                        "[consignee].name",
	                                        "parties[consignee]name",
	                                        "parties[consignee].",
	                                        "parties[consignee].ids[eori].value"};
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		const char *got = refusal(f, tw_arena_format(&f->arena, "{field: '%s', is: x}", malformed[i]).ptr);
		cr_expect_not_null(strstr(got, "chooses nothing"), "%s: %s", malformed[i], got);
	}
	cr_expect_not_null(strstr(refusal(f, "{some: 'parties[consignee].ids'}"), "chooses nothing"));
	cr_expect_str_eq(refusal(f, "{borders: ['route[load].country', means.flag]}"),
	                 "15:18: nothing is chosen here: \"route[load]\"; bind it with `some:` over it and `where`");
	cr_expect_str_eq(refusal(f, "{embargo: {country: 'route[laod].country', goods: [arms]}}"),
	                 "15:27: unknown word \"laod\"; did you mean \"load\"?");
}
