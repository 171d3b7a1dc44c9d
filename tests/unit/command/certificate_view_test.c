/* What one statement of a certificate says otherwise than another; words of problems; what makes no request. The ledger as a whole is
 * tests/certificate_test.sh. */
#include "engine/command/certificate_command.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/base/nearest.h"
#include "engine/command/certificate_tell.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"
#include "engine/state/packed.h"

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

static struct tw_element element_of(char class, const char *consignment, struct tw_slice bytes, uint64_t id)
{
	return (struct tw_element){tw_element_key(class, tw_slice_str(consignment), &arena), {0, 1000, id}, bytes};
}

/* A draw of 400 by S1, of which 390 are verified, with a discrepancy: as the records of a store have them. */
static struct tw_state record_of(struct tw_element elements[2])
{
	static const struct tw_way way = {.departs = true, .first = 20000, .country = {'Q' << 8 | 'Z'}, .countries = 1};
	struct tw_ledger_line drawn = {.item = 1,
	                               .line = 1,
	                               .stated = true,
	                               .quantity_e4 = 4000000,
	                               .unit = TW_UNIT_PIECE,
	                               .hs = tw_slice_str("930190"),
	                               .control_code = tw_slice_str("ML1"),
	                               .calibre = tw_slice_str("5.56x45")};
	elements[0] = element_of(TW_ELEMENT_DRAW, "S1", tw_draws_write(&drawn, 1, &way, &arena), 7);
	struct tw_ledger_line received = {.line = 1, .stated = true, .quantity_e4 = 3900000};
	struct tw_slice written = tw_draws_write(&received, 1, NULL, &arena);
	unsigned char *bytes = tw_arena_alloc(&arena, written.len + 32);
	memcpy(bytes, written.ptr, written.len);
	unsigned char *end = tw_zigzag_put(tw_varint_put(bytes + written.len, 3), 20010);
	elements[1] = element_of(TW_ELEMENT_VERIFIED, "S1", (struct tw_slice){(char *)bytes, (uint32_t)(end - bytes)}, 8);
	return (struct tw_state){NULL, 0, elements, 2};
}

Test(certificate_view, a_record_alone_tells_of_deliveries_and_of_what_is_drawn)
{
	struct tw_element elements[2];
	struct tw_state state = record_of(elements);
	struct tw_certificate_source source = {.papers = false};
	struct tw_certificate_view view;
	cr_assert(tw_certificate_view_make(tw_slice_str("QZ|QZ1"), &state, &source, &arena, &view));
	const struct tw_line_view *line = view.lines.data;
	const struct tw_draw *draw = line[0].draws.data;
	cr_assert_eq(line[0].draws.count, 1);
	cr_expect(tw_slice_is(draw->hs, "930190") && tw_slice_is(draw->control_code, "ML1") && tw_slice_is(draw->calibre, "5.56x45"));
	cr_expect(draw->dated && draw->way.first == 20000 && draw->way.countries == 1 && draw->way.country[0] == ('Q' << 8 | 'Z'));
	cr_expect_null(draw->shipped);
	const struct tw_delivery_view *delivery = view.deliveries.data;
	cr_assert_eq(view.deliveries.count, 1);
	cr_expect(tw_slice_is(delivery->told->consignment, "S1") && delivery->told->received == 20010 && delivery->told->received_stated);
	cr_expect(delivery->line_stated && delivery->received.quantity_e4 == 3900000);
	cr_expect(strstr(delivery->told->discrepancy.ptr, "not kept in the store"));
	cr_expect_null(source.told.data, "what was known stays as it was");
}

Test(certificate_view, with_papers_a_record_adds_no_deliveries)
{
	struct tw_element elements[2];
	struct tw_state state = record_of(elements);
	struct tw_certificate_source source = {.papers = true};
	struct tw_certificate_view view;
	cr_assert(tw_certificate_view_make(tw_slice_str("QZ|QZ1"), &state, &source, &arena, &view));
	cr_expect_eq(view.deliveries.count, 0);
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
		char room[TW_CERTIFICATE_REASON_BYTES];
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
