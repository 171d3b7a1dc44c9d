/* Papers side by side: which there are, what agrees, what cannot be, and how much of it is kept. */
#include "engine/run/papers.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/emit/papers.h"
#include "tests/unit/state/events.h"

static struct tw_arena arena;
static struct tw_event *event;
static struct tw_item *item;
static struct tw_papers_terms terms;
static struct tw_paper_line line;
static struct tw_paper_party user;
static uint16_t transit;

static bool answer(void *context, const struct tw_certificate_ref *ref, struct tw_arena *unused, struct tw_papers_terms *out)
{
	(void)context;
	(void)unused;
	*out = terms;
	out->ref = ref;
	return true;
}

/* 100 rifles for QZ under a certificate of 100: all agrees. */
static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	event = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, "m", "2026-03-01T08:00:00Z", "C-1");
	struct tw_leg *load = leg_add(&arena, event, TW_LEG_LOAD, "XA");
	load->departure = day_of("2026-03-04");
	leg_add(&arena, event, TW_LEG_DELIVERY, "QZ");
	struct tw_party *party = party_add(&arena, &event->consignment.parties, "Army of QZ", "QZ");
	party->role.value = TW_ROLE_CONSIGNEE;
	item = item_add(&arena, event, 1, 100, "C62");
	item->hs = text("9301.20");
	item->control_code = text("ml1.a");
	ref_add(&arena, item, "QZ", "QZ/1", 1);
	line = (struct tw_paper_line){.terms = {.line = 1, .stated = true, .quantity_e4 = 1000000, .unit = tw_unit_code(tw_slice_str("C62"))},
	                              .description = tw_slice_str("Rifles"),
	                              .hs = tw_slice_str("930190"),
	                              .control_code = tw_slice_str("ML1")};
	user = (struct tw_paper_party){.role = TW_ROLE_END_USER, .country = 'Q' << 8 | 'Z', .name = tw_slice_str("army of qz")};
	terms = (struct tw_papers_terms){.known = true, .kept = true, .status = "issued", .certified_stated = true, .certified_e4 = 1000000};
	terms.before_stated = terms.with_stated = true;
	terms.with_e4 = 1000000;
	terms.paper.terms = (struct tw_terms){.destination = 'Q' << 8 | 'Z', .until_stated = true, .valid_until = day_of("2026-06-01").day};
	terms.paper.lines = &line;
	terms.paper.line_count = 1;
	terms.paper.parties = &user;
	terms.paper.party_count = 1;
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(papers, .init = setup, .fini = teardown);

static struct tw_papers made(void)
{
	const struct tw_papers_source source = {answer, NULL};
	struct tw_papers papers;
	struct tw_error err;
	cr_assert_eq(tw_papers_of(event, &source, &arena, &papers, &err), TW_OK);
	return papers;
}

static const struct tw_papers_row *row(const struct tw_papers *papers, const char *what)
{
	const struct tw_papers_row *rows = papers->rows.data;
	for (uint32_t i = 0; i < papers->rows.count; i++) {
		if (tw_slice_is(rows[i].what, what)) {
			return &rows[i];
		}
	}
	cr_assert_fail("no row %s", what);
	return NULL;
}

static void expect(const char *what, const char *verdict)
{
	struct tw_papers papers = made();
	const struct tw_papers_row *one = row(&papers, what);
	cr_assert(tw_slice_is(one->verdict, verdict), "%s %.*s", what, (int)one->verdict.len, one->verdict.ptr);
}

static struct tw_document *document(const char *kind)
{
	struct tw_document *out = tw_list_push(&arena, &event->consignment.documents, sizeof(*out));
	cr_assert_not_null(out);
	out->kind = text(kind);
	out->number = text("N-1");
	return out;
}

Test(papers, of_a_lawful_consignment_agree)
{
	struct tw_papers papers = made();
	const struct tw_papers_row *rows = papers.rows.data;
	cr_assert_geq(papers.rows.count, 4);
	for (uint32_t i = 0; i < papers.rows.count; i++) {
		cr_assert(tw_slice_is(rows[i].verdict, "agrees"), "%.*s", (int)rows[i].what.len, rows[i].what.ptr);
	}
}

Test(papers, that_are_not_there_are_told)
{
	struct tw_papers papers = made();
	const struct tw_papers_filed *filed = papers.filed.data;
	cr_assert_eq(papers.filed.count, 4);
	cr_assert(tw_slice_is(filed[0].number, "QZ|QZ1") && tw_slice_is(filed[0].state, "filed") && tw_slice_is(filed[0].status, "issued"));
	for (uint32_t i = 1; i < 4; i++) {
		cr_assert(tw_slice_is(filed[i].state, "absent") && filed[i].number.len == 0);
	}
}

Test(papers, of_a_certificate_that_nobody_knows_have_no_rows)
{
	terms = (struct tw_papers_terms){.known = false};
	struct tw_papers papers = made();
	const struct tw_papers_filed *filed = papers.filed.data;
	cr_assert(tw_slice_is(filed[0].state, "cited"));
	cr_assert_eq(papers.rows.count, 0);
}

Test(papers, show_what_is_left_and_what_is_too_many)
{
	terms.before_e4 = 300000;
	terms.with_e4 = 1300000;
	struct tw_papers papers = made();
	const struct tw_papers_row *one = row(&papers, "quantity");
	cr_assert(tw_slice_is(one->verdict, "differs") && one->line == 1);
	cr_assert(tw_slice_is(one->certificate, "100 C62, 70 left") && tw_slice_is(one->note, "30 too many"));
}

Test(papers, meet_a_line_that_the_certificate_does_not_have)
{
	((struct tw_certificate_ref *)item->certificates.data)->line = number(7);
	expect("quantity", "differs");
}

Test(papers, invoice_of_fewer_pieces_differs)
{
	document("invoice")->quantity = amount(99);
	expect("quantity", "differs");
}

Test(papers, licence_for_more_than_is_shipped_agrees)
{
	document("export_licence")->quantity = amount(500);
	expect("quantity", "agrees");
}

Test(papers, weights_within_a_tenth_agree)
{
	event->consignment.totals.gross_kg = amount(1000);
	document("packing_list")->gross_kg = amount(1090);
	expect("gross_kg", "agrees");
	document("packing_list")->gross_kg = amount(20); /* 1,110 in all */
	expect("gross_kg", "differs");
}

Test(papers, for_another_country_differ)
{
	document("invoice")->destination = text("XBMAR");
	expect("destination", "differs");
}

Test(papers, departure_behind_the_validity_differs)
{
	terms.paper.terms.valid_until = day_of("2026-03-03").day;
	expect("dates", "differs");
}

Test(papers, licence_from_after_the_departure_differs)
{
	document("permit")->date = day_of("2026-03-05");
	expect("dates", "differs");
}

Test(papers, invoice_from_after_the_departure_does_not)
{
	document("invoice")->date = day_of("2026-03-05");
	expect("dates", "agrees");
}

Test(papers, country_of_transit_that_is_not_certified_differs)
{
	leg_add(&arena, event, TW_LEG_TRANSIT, "XC");
	transit = 'X' << 8 | 'D';
	terms.paper.transit = &transit;
	terms.paper.transit_count = 1;
	expect("transit", "differs");
	terms.paper.more_transit = 1; /* it may be among those that are not kept */
	expect("transit", "agrees");
}

Test(papers, end_user_whom_the_manifest_does_not_name_differs)
{
	user.name = tw_slice_str("Navy of QZ");
	expect("end_user", "differs");
}

Test(papers, goods_under_another_heading_differ_and_say_by_what)
{
	item->hs = text("848180");
	item->calibre = text("9x19");
	line.calibre = tw_slice_str("7.62x39");
	struct tw_papers papers = made();
	cr_assert(tw_slice_is(row(&papers, "goods")->note, "HS, calibre"));
}

Test(papers, licence_that_the_certificate_does_not_name_differs)
{
	struct tw_licence *licence = tw_list_push(&arena, &item->licences, sizeof(*licence));
	struct tw_slice named = tw_slice_str("XA-EXP-1");
	licence->number = text("XA-EXP-2");
	terms.paper.licences = &named;
	terms.paper.licence_count = 1;
	expect("licence", "differs");
	licence->number = text("xa exp 1");
	expect("licence", "agrees");
}

Test(papers, are_needed_for_controlled_goods_alone)
{
	struct tw_event *other = manifest_new(&arena, TW_CONSIGNMENT_DECLARED, "o", "2026-03-01T08:00:00Z", "C-2");
	struct tw_item *tiles = item_add(&arena, other, 1, 5, "C62");
	tiles->hs = text("690721");
	cr_assert_not(tw_papers_needed(other));
	tiles->hs = text("930630");
	cr_assert(tw_papers_needed(other));
	other->type = TW_CONSIGNMENT_ARRIVED;
	cr_assert_not(tw_papers_needed(other));
}

Test(papers, that_differ_are_kept_before_others)
{
	for (int64_t i = 2; i < 60; i++) { /* two rows a line; the last alone differs */
		struct tw_item *more = item_add(&arena, event, i, 1, "C62");
		more->hs = text(i == 59 ? "010121" : "930190");
		ref_add(&arena, more, "QZ", "QZ/1", 1);
	}
	struct tw_papers papers = made();
	const struct tw_papers_row *rows = papers.rows.data;
	cr_assert_eq(papers.rows.count, TW_PAPERS_ROWS_MAX);
	cr_assert_gt(papers.dropped, 0);
	cr_assert(rows[TW_PAPERS_ROWS_MAX - 1].line == 59 && tw_slice_is(rows[TW_PAPERS_ROWS_MAX - 1].verdict, "differs"));
}

Test(papers, writing_fewer_rows_counts_the_others)
{
	document("invoice")->quantity = amount(99);
	struct tw_papers papers = made(), copy;
	struct tw_json json;
	struct tw_slice written;
	struct tw_error err;
	cr_assert(tw_papers_copy(&papers, &arena, &copy));
	tw_json_begin(&json, &arena);
	tw_papers_write(&json, &copy, 1);
	cr_assert_eq(tw_json_end(&json, &written, &err), TW_OK);
	cr_assert(strstr(written.ptr, "\"what\":\"quantity\",\"verdict\":\"differs\""), "%s", written.ptr);
	cr_assert_not(strstr(written.ptr, "agrees"));
	cr_assert(strstr(written.ptr, "\"dropped\":"));
}

Test(papers, stop_at_the_arenas_ceiling)
{
	const struct tw_papers_source source = {answer, NULL};
	struct tw_arena small;
	struct tw_papers papers;
	struct tw_error err;
	tw_arena_init(&small, 256, 512);
	cr_assert_eq(tw_papers_of(event, &source, &small, &papers, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}
