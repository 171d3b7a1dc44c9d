/**
 * @file paper_links_test.c
 * Undertakings survive their bytes, and other bytes are none; one paper on two certificates is known of both.
 */
#include "engine/state/paper_links.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "engine/state/due.h"
#include "engine/state/field.h"
#include "tests/unit/state/told.h"

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
		char hs[16];
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

/* ---- one paper on two certificates ---- */

static struct tw_event *on_paper(struct told_world *world, const char *country, const char *number_text, const char *sha256, const char *paper)
{
	struct tw_event *event = certificate_new(&world->arena, TW_CERTIFICATE_ISSUED, number_text, "2026-01-10T08:00:00Z", country, number_text);
	event->certificate.document.sha256 = text(sha256);
	event->certificate.document.paper_number = text(paper);
	return event;
}

/* Reads the event and what follows. @return how many facts of a shared paper did */
static uint32_t tell_shared(struct told_world *world, const struct tw_event *event)
{
	struct told told = tell(world, event);
	struct tw_list facts = {NULL, 0, 0};
	cr_assert(tw_paper_links_facts(event, told.stored.operations, told.stored.priors, &world->arena, &facts));
	for (uint32_t i = 0; i < facts.count; i++) {
		struct tw_event *fact = &((struct tw_event *)facts.data)[i];
		cr_expect_eq(fact->type, TW_FACT_PAPER_SHARED);
		tw_due_turn(fact);
		cr_expect_eq(fact->type, TW_CERTIFICATE_PAPER_SHARED);
		tell(world, fact);
	}
	return facts.count;
}

/* @return TW_METRIC_PAPER_SHARED of a certificate */
static int64_t is_shared(struct told_world *world, const char *country, const char *number_text)
{
	struct tw_event *asks = certificate_new(&world->arena, TW_CERTIFICATE_AUTHENTICATED, "asks", "2026-03-01T08:00:00Z", country, number_text);
	struct told told = tell(world, asks);
	return told_ask(world, &told, TW_ENTITY_CERTIFICATE, TW_METRIC_PAPER_SHARED, 0, NULL);
}

Test(paper_links, one_scan_on_two_certificates_is_known_of_both)
{
	struct told_world world;
	told_start(&world);
	cr_expect_eq(tell_shared(&world, on_paper(&world, "QZ", "QZ-8", "9f86d081884c7d65", "P-000712")), 0);
	cr_expect_eq(is_shared(&world, "QZ", "QZ-8"), 0);
	cr_expect_eq(tell_shared(&world, on_paper(&world, "XC", "QZ-8", "9f86d081884c7d65", "P-000712")), 2,
	             "the scan alone: each issuer has its papers");
	cr_expect_eq(is_shared(&world, "QZ", "QZ-8"), 1);
	cr_expect_eq(is_shared(&world, "XC", "QZ-8"), 1);
	cr_expect_eq(tell_shared(&world, on_paper(&world, "QZ", "QZ-9", "60303ae22b998861", "P-000713")), 0);
	cr_expect_eq(is_shared(&world, "QZ", "QZ-9"), 0);
	told_stop(&world);
}

Test(paper_links, scan_and_paper_number_are_told_one_by_one)
{
	struct told_world world;
	told_start(&world);
	cr_expect_eq(tell_shared(&world, on_paper(&world, "QZ", "QZ-8", "9f86d081884c7d65", "P-000712")), 0);
	cr_expect_eq(tell_shared(&world, on_paper(&world, "QZ", "QZ-9", "9f86d081884c7d65", "P-000712")), 4);
	told_stop(&world);
}

Test(paper_links, a_scan_on_very_many_certificates_is_known_of_each_and_told_to_a_few)
{
	struct told_world world;
	told_start(&world);
	char number_text[40][16];
	for (uint32_t i = 0; i < 40; i++) {
		uint32_t most = i == 0 ? 0 : 1 + (i < TW_PAPER_SHARERS_MAX ? i : TW_PAPER_SHARERS_MAX);
		snprintf(number_text[i], sizeof(number_text[i]), "QZ-%u", 100 + i);
		cr_expect_eq(tell_shared(&world, on_paper(&world, "QZ", number_text[i], "9f86d081884c7d65", "")), most);
	}
	for (uint32_t i = 0; i < 40; i++) {
		cr_expect_eq(is_shared(&world, "QZ", number_text[i]), 1, "%s", number_text[i]);
	}
	told_stop(&world);
}

Test(paper_links, facts_of_a_shared_paper_stop_at_a_full_arena)
{
	struct told_world world;
	told_start(&world);
	tell_shared(&world, on_paper(&world, "QZ", "QZ-8", "9f86d081884c7d65", ""));
	struct told told = tell(&world, on_paper(&world, "QZ", "QZ-9", "9f86d081884c7d65", ""));
	bool done = false;
	for (size_t ceiling = 64; ceiling < 1048576 && !done; ceiling += ceiling / 4) {
		struct tw_arena small;
		struct tw_list facts = {NULL, 0, 0};
		tw_arena_init(&small, 64, ceiling);
		done = tw_paper_links_facts(told.event, told.stored.operations, told.stored.priors, &small, &facts);
		cr_expect(!done || facts.count == 2);
		for (uint32_t i = 0; i < told.stored.priors->count && !done; i++) {
			told.stored.priors->prior[i].state = told.stored.priors->prior[i].with = NULL;
			told.stored.priors->prior[i].incomplete = false;
		}
		tw_arena_fini(&small);
	}
	cr_expect(done);
	told_stop(&world);
}
