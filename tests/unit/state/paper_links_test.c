/**
 * @file paper_links_test.c
 * Undertakings survive their bytes, and other bytes are none.
 */
#include "engine/state/paper_links.h"

#include <criterion/criterion.h>
#include <stdio.h>

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

TestSuite(paper_links, .init = start, .fini = stop);

/* What a certificate of two headings leaves with its end-user. */
static struct tw_element undertaking_of(uint32_t headings)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_ISSUED, "evt-1", "2026-01-10T00:00:00Z", "QZ", "QZ/1");
	struct tw_drafts drafts;
	event->certificate.final_destination = text("QZ");
	event->certificate.assurances.no_reexport = (struct tw_flag){true, {1, 2}};
	for (uint32_t i = 0; i < headings; i++) {
		char hs[8];
		struct tw_slice kept;
		snprintf(hs, sizeof(hs), "93%02u90", i + 1);
		kept = tw_arena_copy(&arena, tw_slice_str(hs));
		certificate_item_add(&arena, event, i + 1, 1, "C62")->hs = (struct tw_text){kept.ptr, kept.len, {1, 2}};
	}
	struct tw_party *party = party_add(&arena, &event->certificate.parties, "Interior Supply", "QZ");
	party->role.value = TW_ROLE_END_USER;
	cr_assert(tw_drafts_init(&drafts, &arena));
	tw_paper_links_put(&drafts, &event->certificate, tw_slice_str("QZ|QZ1"), (struct tw_version){1, 2, 3});
	cr_assert_eq(drafts.code, TW_OK);
	for (uint32_t i = 0; i < drafts.draft.count; i++) {
		struct tw_draft *draft = tw_drafts_at(&drafts, i);
		if (draft->operation.kind == TW_ENTITY_PARTY) {
			cr_assert_eq(draft->elements.count, 1);
			return *(struct tw_element *)draft->elements.data;
		}
	}
	cr_assert(false, "no party was mentioned");
	return (struct tw_element){{"", 0}, {0, 0, 0}, {"", 0}};
}

Test(paper_links, an_undertaking_survives_its_bytes)
{
	struct tw_undertaking held;
	struct tw_element element = undertaking_of(2);
	cr_assert(tw_undertaking_read(&element, &held));
	cr_expect(tw_slice_is(held.certificate, "QZ|QZ1") && held.no_reexport && !held.consent);
	cr_expect_eq(held.destination, tw_country_code(tw_slice_str("QZ")));
	cr_expect(held.headings == 2 && held.heading[0] == 9301 && held.heading[1] == 9302);
	cr_expect_eq(element.version.revision, 1);
}

Test(paper_links, more_headings_than_are_kept_are_all_goods)
{
	struct tw_undertaking held;
	struct tw_element element = undertaking_of(TW_UNDERTAKING_HEADINGS);
	cr_assert(tw_undertaking_read(&element, &held));
	cr_expect_eq(held.headings, TW_UNDERTAKING_HEADINGS);
	element = undertaking_of(TW_UNDERTAKING_HEADINGS + 1);
	cr_assert(tw_undertaking_read(&element, &held));
	cr_expect_eq(held.headings, 0);
}

Test(paper_links, cut_and_foreign_bytes_are_no_undertaking)
{
	struct tw_undertaking held;
	struct tw_element element = undertaking_of(2);
	struct tw_slice whole = element.bytes;
	for (uint32_t length = 0; length < whole.len; length++) {
		element.bytes = (struct tw_slice){whole.ptr, length};
		cr_expect_not(tw_undertaking_read(&element, &held), "%u bytes", length);
	}
	element.bytes = (struct tw_slice){"\x01\x00\xFF\x01", 4};
	cr_expect_not(tw_undertaking_read(&element, &held), "more headings than are ever kept");
	element = (struct tw_element){tw_slice_str("Dabc"), {0, 0, 0}, whole};
	cr_expect_not(tw_undertaking_read(&element, &held));
}
