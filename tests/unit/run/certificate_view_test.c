/* What one statement of a certificate says otherwise than another; words of problems; what makes no request. The ledger as a whole is
 * tests/certificate_test.sh. */
#include "engine/run/certificate_command.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/base/nearest.h"
#include "engine/run/certificate_tell.h"

static struct tw_arena arena;
static struct tw_paper_line lines[2][2];
static struct tw_paper_party parties[2];
static struct tw_paper papers[2];

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
	for (int i = 0; i < 2; i++) {
		lines[i][0] =
		    (struct tw_paper_line){.terms = {.line = 1, .stated = true, .quantity_e4 = 5000000}, .description = tw_slice_str("Rifles")};
		lines[i][1] =
		    (struct tw_paper_line){.terms = {.line = 2, .stated = true, .quantity_e4 = 10000}, .description = tw_slice_str("Sights")};
		parties[i] = (struct tw_paper_party){.role = TW_ROLE_END_USER, .country = 'Q' << 8 | 'Z', .name = tw_slice_str("Army")};
		papers[i] = (struct tw_paper){.lines = lines[i], .line_count = 2, .parties = &parties[i], .party_count = 1};
	}
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(certificate_view, .init = setup, .fini = teardown);

static struct tw_list changes(bool words)
{
	struct tw_list out = {NULL, 0, 0};
	cr_assert(tw_certificate_changes(&papers[0], words, &papers[1], &arena, &out));
	return out;
}

static void expect(const struct tw_list *list, uint32_t at, const char *what, const char *before, const char *after)
{
	const struct tw_change *change = list->data;
	cr_assert_lt(at, list->count);
	cr_assert(tw_slice_is(change[at].what, what), "%.*s", (int)change[at].what.len, change[at].what.ptr);
	cr_assert(tw_slice_is(change[at].before, before) && tw_slice_is(change[at].after, after), "%.*s -> %.*s", (int)change[at].before.len,
	          change[at].before.ptr, (int)change[at].after.len, change[at].after.ptr);
}

Test(certificate_view, two_statements_that_say_the_same_have_no_change)
{
	cr_assert_eq(changes(true).count, 0);
}

Test(certificate_view, a_nought_that_was_added_is_seen)
{
	lines[1][0].terms.quantity_e4 *= 10;
	struct tw_list list = changes(true);
	cr_assert_eq(list.count, 1);
	expect(&list, 0, "line 1, quantity", "500", "5000");
}

Test(certificate_view, a_line_that_went_and_a_party_that_came_are_seen)
{
	papers[1].line_count = 1;
	parties[1].name = tw_slice_str("Navy");
	struct tw_list list = changes(true);
	cr_assert_eq(list.count, 3);
	expect(&list, 0, "line 2, the line", "1 Sights", "");
	expect(&list, 1, "end_user", "Army (QZ)", "");
	expect(&list, 2, "end_user", "", "Navy (QZ)");
}

Test(certificate_view, a_list_that_is_not_whole_says_nothing_of_what_it_lacks)
{
	papers[1].line_count = 1;
	papers[1].more_lines = 1;
	papers[1].party_count = 0;
	papers[1].more_parties = 1;
	cr_assert_eq(changes(true).count, 0);
}

Test(certificate_view, words_that_are_not_on_record_are_not_compared)
{
	lines[1][0].description = tw_slice_str("");
	parties[1].name = tw_slice_str("Navy");
	cr_assert_eq(changes(false).count, 0);
}

Test(certificate_view, problems_have_words_and_are_found_by_them)
{
	char hint[TW_HINT_BYTES];
	for (int kind = TW_PROBLEM_FIRST; kind <= TW_PROBLEM_LAST; kind++) {
		cr_assert_eq(tw_problem_find(tw_problem_word((enum tw_problem_kind)kind), hint), (enum tw_problem_kind)kind);
	}
	cr_assert_eq(tw_problem_find("overdrawn", hint), 0);
	cr_assert(strstr(hint, "over_drawn"));
}

Test(certificate_view, a_key_without_its_issuer_is_its_number)
{
	cr_assert(tw_slice_is(tw_certificate_number_of(tw_slice_str("QZ|QZ1")), "QZ1"));
	cr_assert(tw_slice_is(tw_certificate_number_of(tw_slice_str("QZ1")), "QZ1"));
}

Test(certificate_view, what_makes_no_request_is_refused_with_a_reason)
{
	const struct {
		const char *words[3];
		uint32_t count;
		const char *issuer, *problem, *format;
		bool log;
		const char *why;
	} cases[] = {
	    {{"shwo"}, 1, NULL, NULL, NULL, false, "show or list"},
	    {{"show"}, 1, NULL, NULL, NULL, false, "show which"},
	    {{"show", "A", "f"}, 3, "QZ", NULL, NULL, false, "go with list"},
	    {{"list", "f"}, 2, "Q", NULL, NULL, false, "two letters"},
	    {{"list", "f"}, 2, NULL, "overdrawn", NULL, false, "did you mean \"over_drawn\""},
	    {{"list", "f"}, 2, NULL, NULL, "csv", false, "table or json"},
	    {{"list", "f"}, 2, NULL, NULL, NULL, true, "not both"},
	    {{"list"}, 1, NULL, NULL, NULL, false, "state.store is memory"},
	    {{"list"}, 1, NULL, NULL, NULL, true, NULL},
	    {{"show", "A", "f"}, 3, NULL, NULL, "json", false, NULL},
	};
	const struct tw_settings settings = {.state_store = TW_STATE_MEMORY};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char room[256];
		const struct tw_certificate_request request = {.words = cases[i].words,
		                                               .word_count = cases[i].count,
		                                               .issuer = cases[i].issuer,
		                                               .problem = cases[i].problem,
		                                               .format = cases[i].format,
		                                               .log = cases[i].log};
		const char *why = tw_certificate_request_refuse(&request, &settings, room);
		cr_assert(cases[i].why ? why && strstr(why, cases[i].why) : !why, "%zu: %s", i, why ? why : "-");
	}
}
