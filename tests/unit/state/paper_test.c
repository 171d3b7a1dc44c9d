/**
 * @file paper_test.c
 * What a certificate states survives its bytes, is bounded and says so, and wins together with its terms in any order of arrival.
 */
#include "engine/state/paper.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/state/field.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(paper, .init = start, .fini = stop);

static void text_add(struct tw_list *list, const char *value)
{
	struct tw_text *added = tw_list_push(&arena, list, sizeof(*added));
	cr_assert(added);
	*added = text(value);
}

static struct tw_flag flag(bool value)
{
	return (struct tw_flag){value, {1, 2}};
}

static struct tw_event *issued(const char *id, const char *time)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_ISSUED, id, time, "QZ", "QZ/1");
	struct tw_certificate *certificate = &event->certificate;
	certificate->issuer.authority = text("Ministry of Defence");
	certificate->issuer.office = text("Export Control");
	certificate->issued = day_of("2026-01-10");
	certificate->document.sha256 = text("ab12");
	certificate->document.paper_number = text("P 0007");
	certificate->contract.number = text("C-1");
	certificate->contract.date = day_of("2025-12-01");
	certificate->end_use = text("border guard");
	certificate->assurances.no_reexport = flag(true);
	certificate->assurances.delivery_verification = flag(false);
	certificate->assurances.verify_within_days = number(90);
	text_add(&certificate->transit, "XC");
	text_add(&certificate->licences, "XA-EXP-5521");
	struct tw_signatory *signatory = tw_list_push(&arena, &certificate->signatories, sizeof(*signatory));
	*signatory = (struct tw_signatory){text("A. Signer"), text("Director"), day_of("2026-01-09")};
	struct tw_party *party = party_add(&arena, &certificate->parties, "Interior Supply", "QZ");
	party->role.value = TW_ROLE_END_USER;
	struct tw_certificate_item *item = certificate_item_add(&arena, event, 1, 500, "C62");
	item->description = text("assault rifles");
	item->hs = text("930120");
	item->make = text("Arms of Example");
	item->calibre = text("7.62x39");
	item->value = amount(400000);
	item->currency = text("USD");
	certificate_item_add(&arena, event, 2, 7, "KGM");
	return event;
}

static struct tw_state *state_of(struct tw_event *const *events, uint32_t count)
{
	struct tw_element *elements = tw_arena_alloc(&arena, 2 * count * sizeof(*elements));
	struct tw_state *state = tw_arena_alloc(&arena, sizeof(*state));
	for (uint32_t i = 0; i < count; i++) {
		cr_assert(tw_paper_write(events[i], &arena, &elements[i]));
		cr_assert(tw_terms_write(events[i], &arena, &elements[count + i]));
	}
	*state = (struct tw_state){NULL, 0, elements, 2 * count};
	return state;
}

static struct tw_paper paper_of(struct tw_event *event)
{
	struct tw_paper paper;
	bool kept = false;
	cr_assert_eq(tw_terms_paper(state_of(&event, 1), &arena, &paper, &kept), TW_OK);
	cr_assert(kept);
	return paper;
}

Test(paper, all_that_a_certificate_states_survives_its_bytes)
{
	struct tw_paper paper = paper_of(issued("evt-1", "2026-01-10T00:00:00Z"));
	cr_expect(tw_slice_is(paper.authority, "Ministry of Defence") && tw_slice_is(paper.office, "Export Control"));
	cr_expect(paper.issued_stated && paper.issued == day_of("2026-01-10").day);
	cr_expect(tw_slice_is(paper.sha256, "ab12") && tw_slice_is(paper.paper_number, "P 0007"));
	cr_expect(tw_slice_is(paper.contract, "C-1") && paper.contract_dated && paper.contract_date == day_of("2025-12-01").day);
	cr_expect(tw_slice_is(paper.end_use, "border guard"));
	cr_expect(paper.no_reexport_stated && paper.no_reexport && !paper.consent_stated);
	cr_expect(paper.verification_stated && !paper.verification, "stated as not given is not the same as not stated");
	cr_expect(paper.verify_days_stated && paper.verify_within_days == 90);
	cr_assert(paper.transit_count == 1 && paper.licence_count == 1 && paper.signatory_count == 1 && paper.party_count == 1);
	cr_expect(paper.transit[0] == tw_country_code(tw_slice_str("XC")) && tw_slice_is(paper.licences[0], "XA-EXP-5521"));
	cr_expect(tw_slice_is(paper.signatories[0].name, "A. Signer") && tw_slice_is(paper.signatories[0].position, "Director"));
	cr_expect(paper.signatories[0].signed_stated && paper.signatories[0].signed_on == day_of("2026-01-09").day);
	cr_expect(paper.parties[0].role == TW_ROLE_END_USER && tw_slice_is(paper.parties[0].name, "Interior Supply"));
	cr_expect(paper.parties[0].key && paper.parties[0].country == tw_country_code(tw_slice_str("QZ")));
	cr_assert_eq(paper.line_count, 2);
	const struct tw_paper_line *line = &paper.lines[0];
	cr_expect(line->terms.line == 1 && line->terms.quantity_e4 == 5000000 && line->terms.unit == TW_UNIT_PIECE);
	cr_expect(line->terms.valued && line->terms.value_e4 == INT64_C(4000000000) && line->terms.currency == tw_unit_code(tw_slice_str("USD")));
	cr_expect(tw_slice_is(line->description, "assault rifles") && tw_slice_is(line->hs, "930120") && tw_slice_is(line->calibre, "7.62x39"));
	cr_expect(tw_slice_is(line->make, "Arms of Example") && line->model.len == 0);
	cr_expect(paper.lines[1].terms.line == 2 && !paper.lines[1].terms.valued && paper.lines[1].hs.len == 0);
	cr_expect_eq(paper.more_lines + paper.more_parties + paper.more_signatories + paper.more_licences + paper.more_transit, 0);
}

Test(paper, what_is_not_kept_is_counted)
{
	struct tw_event *event = issued("evt-1", "2026-01-10T00:00:00Z");
	char name[TW_PAPER_TEXT_MAX * 2];
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	memcpy(name + TW_PAPER_TEXT_MAX - 1, "\xC3\xA9", 2); /* a letter of two bytes across the bound */
	for (uint32_t i = 0; i < TW_PAPER_LIST_MAX; i++) {
		party_add(&arena, &event->certificate.parties, name, "XB");
		text_add(&event->certificate.transit, "XD");
	}
	for (uint32_t i = 0; i < 60; i++) {
		certificate_item_add(&arena, event, 3 + i, 1, "C62");
	}
	struct tw_certificate_item *items = event->certificate.items.data;
	for (uint32_t i = 0; i < event->certificate.items.count; i++) {
		items[i].description = items[i].make = items[i].model = items[i].calibre = items[i].control_code = text(name);
	}
	struct tw_paper paper = paper_of(event);
	cr_expect(paper.party_count == TW_PAPER_LIST_MAX && paper.more_parties == 1);
	cr_expect(paper.transit_count == TW_PAPER_LIST_MAX && paper.more_transit == 1);
	cr_expect_eq(paper.parties[1].name.len, TW_PAPER_TEXT_MAX - 1, "no letter is cut in two");
	cr_expect_eq(paper.line_count, 62, "numbers of all lines");
	cr_expect(paper.more_lines > 0 && paper.more_lines < 47, "%u", paper.more_lines);
	cr_expect_neq(paper.lines[61 - paper.more_lines].make.len, 0);
	cr_expect_eq(paper.lines[62 - paper.more_lines].make.len, 0);
	struct tw_element element;
	cr_assert(tw_paper_write(event, &arena, &element));
	cr_expect_leq(element.bytes.len, TW_PAPER_BYTES_MAX);
}

Test(paper, the_statement_in_force_wins_with_its_words_in_any_order)
{
	struct tw_event *first = issued("evt-1", "2026-01-10T00:00:00Z"), *copy = issued("evt-2", "2026-01-11T00:00:00Z");
	struct tw_event *second = issued("evt-3", "2026-01-09T00:00:00Z");
	first->certificate.end_use = text("first");
	copy->certificate.end_use = text("copy");
	second->certificate.revision = number(2);
	second->certificate.end_use = text("second");
	struct tw_event *const orders[][3] = {{first, copy, second}, {second, first, copy}, {copy, second, first}};
	for (uint32_t i = 0; i < 3; i++) {
		struct tw_paper paper;
		bool kept = false;
		cr_assert_eq(tw_terms_paper(state_of(orders[i], 3), &arena, &paper, &kept), TW_OK);
		cr_expect(kept && tw_slice_is(paper.end_use, "second"), "the revision and not the time");
	}
	struct tw_event *const pair[] = {copy, first};
	struct tw_paper paper;
	bool kept = false;
	cr_assert_eq(tw_terms_paper(state_of(pair, 2), &arena, &paper, &kept), TW_OK);
	cr_expect(tw_slice_is(paper.end_use, "copy"), "of one revision the latest statement");
}

Test(paper, terms_without_their_paper_have_numbers_alone)
{
	struct tw_event *event = issued("evt-1", "2026-01-10T00:00:00Z");
	struct tw_state *state = state_of(&event, 1);
	struct tw_paper paper;
	bool kept = true;
	state->elements++;
	state->element_count = 1;
	cr_assert_eq(tw_terms_paper(state, &arena, &paper, &kept), TW_OK);
	cr_expect_not(kept);
	cr_expect(paper.line_count == 2 && paper.lines[0].terms.quantity_e4 == 5000000 && paper.lines[0].hs.len == 0);
	state->element_count = 0;
	cr_expect_eq(tw_terms_paper(state, &arena, &paper, &kept), TW_E_MISSING);
}

Test(paper, cut_and_foreign_bytes_are_not_read)
{
	struct tw_element element;
	struct tw_paper paper;
	cr_assert(tw_paper_write(issued("evt-1", "2026-01-10T00:00:00Z"), &arena, &element));
	struct tw_slice whole = element.bytes;
	cr_expect_eq(tw_paper_read(&element, &arena, &paper), TW_OK);
	uint32_t read = 0;
	for (uint32_t length = 0; length < whole.len; length++) {
		char *cut = tw_arena_alloc_raw(&arena, length + 1); /* a read past the end is one past the block */
		memcpy(cut, whole.ptr, length);
		element.bytes = (struct tw_slice){cut, length};
		read += tw_paper_read(&element, &arena, &paper) == TW_OK;
	}
	cr_expect_leq(read, 2, "only at the end of a line are cut bytes a paper, with fewer lines and more that are not kept");
	for (uint32_t at = 0; at < whole.len; at++) {
		char *changed = tw_arena_alloc_raw(&arena, whole.len);
		memcpy(changed, whole.ptr, whole.len);
		changed[at] = (char)(changed[at] ^ 0xFF);
		element.bytes = (struct tw_slice){changed, whole.len};
		enum tw_code code = tw_paper_read(&element, &arena, &paper);
		cr_expect(code == TW_OK || code == TW_E_MISSING, "byte %u: %d", at, code);
	}
	element.bytes = (struct tw_slice){"\x02", 1};
	cr_expect_eq(tw_paper_read(&element, &arena, &paper), TW_E_MISSING, "another format");
	element = (struct tw_element){tw_slice_str("Tabc"), {0, 0, 0}, whole};
	cr_expect_eq(tw_paper_read(&element, &arena, &paper), TW_E_MISSING, "another class");
}

Test(paper, a_full_arena_refuses)
{
	struct tw_arena tiny;
	struct tw_event *event = issued("evt-1", "2026-01-10T00:00:00Z");
	struct tw_state *state = state_of(&event, 1);
	struct tw_element element;
	struct tw_paper paper;
	bool kept = false;
	tw_arena_init(&tiny, 16, 16);
	cr_expect_not(tw_paper_write(event, &tiny, &element));
	cr_expect_eq(tw_terms_paper(state, &tiny, &paper, &kept), TW_E_MEMORY);
	tw_arena_fini(&tiny);
}
