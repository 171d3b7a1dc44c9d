/**
 * @file ledger_test.c
 * Certificates are never silently un-revoked, terms and draws survive their bytes, and other bytes end quietly.
 */
#include "engine/state/ledger.h"

#include <criterion/criterion.h>

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

TestSuite(ledger, .init = start, .fini = stop);

struct said {
	int64_t at_ms;
	enum tw_event_type type;
};

static enum tw_certificate_status status_at(const struct said *said, uint32_t count, int64_t at_ms, bool *authenticated)
{
	struct tw_element elements[16];
	for (uint32_t i = 0; i < count; i++) {
		cr_assert(tw_status_write(said[i].type, said[i].at_ms, i, tw_slice_str(""), &arena, &elements[i]));
	}
	for (uint32_t i = 1; i < count; i++) { /* as a record keeps them: by key */
		for (uint32_t k = i; k && tw_slice_compare(elements[k - 1].key, elements[k].key) > 0; k--) {
			struct tw_element swap = elements[k];
			elements[k] = elements[k - 1];
			elements[k - 1] = swap;
		}
	}
	struct tw_state state = {NULL, 0, elements, count};
	return tw_certificate_status_at(&state, at_ms, authenticated);
}

static void expect_status(const struct said *said, uint32_t count, int64_t at_ms, enum tw_certificate_status wanted)
{
	bool authenticated = false;
	enum tw_certificate_status status = status_at(said, count, at_ms, &authenticated);
	cr_expect_eq(status, wanted, "%d, wanted %d", status, wanted);
}

#define STATUS(wanted, at_ms, ...)                                                                                                                   \
	do {                                                                                                                                         \
		const struct said said[] = {__VA_ARGS__};                                                                                            \
		expect_status(said, sizeof(said) / sizeof(said[0]), at_ms, TW_CERTIFICATE_STATUS_##wanted);                                          \
	} while (0)

Test(ledger, status_follows_event_time_and_not_arrival)
{
	STATUS(ISSUED, 10, {20, TW_CERTIFICATE_REVOKED}, {5, TW_CERTIFICATE_ISSUED});
	STATUS(REVOKED, 20, {20, TW_CERTIFICATE_REVOKED}, {5, TW_CERTIFICATE_ISSUED});
	STATUS(UNKNOWN, 4, {20, TW_CERTIFICATE_REVOKED}, {5, TW_CERTIFICATE_ISSUED});
	STATUS(ISSUED, -5, {-5, TW_CERTIFICATE_ISSUED}, {3, TW_CERTIFICATE_SUSPENDED});
}

Test(ledger, reinstatement_ends_a_suspension_and_nothing_else)
{
	STATUS(SUSPENDED, 9, {1, TW_CERTIFICATE_ISSUED}, {2, TW_CERTIFICATE_AUTHENTICATED}, {3, TW_CERTIFICATE_SUSPENDED});
	STATUS(AUTHENTICATED, 9, {1, TW_CERTIFICATE_ISSUED}, {2, TW_CERTIFICATE_AUTHENTICATED}, {3, TW_CERTIFICATE_SUSPENDED},
	       {4, TW_CERTIFICATE_REINSTATED});
	STATUS(REVOKED, 9, {1, TW_CERTIFICATE_ISSUED}, {3, TW_CERTIFICATE_REVOKED}, {4, TW_CERTIFICATE_REINSTATED});
	STATUS(LOST, 9, {1, TW_CERTIFICATE_ISSUED}, {3, TW_CERTIFICATE_REPORTED_LOST}, {4, TW_CERTIFICATE_REINSTATED});
	STATUS(AUTHENTICATION_FAILED, 9, {1, TW_CERTIFICATE_AUTHENTICATION_FAILED}, {4, TW_CERTIFICATE_REINSTATED});
}

Test(ledger, revoked_and_lost_are_final)
{
	STATUS(REVOKED, 9, {1, TW_CERTIFICATE_REVOKED}, {2, TW_CERTIFICATE_ISSUED}, {3, TW_CERTIFICATE_AUTHENTICATED}, {4, TW_CERTIFICATE_AMENDED});
	STATUS(LOST, 9, {1, TW_CERTIFICATE_REPORTED_LOST}, {2, TW_CERTIFICATE_AUTHENTICATED});
	STATUS(REVOKED, 9, {1, TW_CERTIFICATE_REVOKED}, {2, TW_CERTIFICATE_REPORTED_LOST});
	STATUS(REVOKED, 9, {1, TW_CERTIFICATE_REPORTED_LOST}, {2, TW_CERTIFICATE_REVOKED});
}

Test(ledger, a_failed_authentication_is_ended_by_a_later_one_alone)
{
	STATUS(AUTHENTICATION_FAILED, 9, {1, TW_CERTIFICATE_AUTHENTICATED}, {2, TW_CERTIFICATE_AUTHENTICATION_FAILED});
	STATUS(AUTHENTICATED, 9, {1, TW_CERTIFICATE_AUTHENTICATION_FAILED}, {2, TW_CERTIFICATE_AUTHENTICATED});
	STATUS(AUTHENTICATION_FAILED, 9, {1, TW_CERTIFICATE_AUTHENTICATION_FAILED}, {2, TW_CERTIFICATE_AMENDED});
	const struct said said[] = {{1, TW_CERTIFICATE_AUTHENTICATED}, {2, TW_CERTIFICATE_AUTHENTICATION_FAILED}, {3, TW_CERTIFICATE_REVOKED}};
	bool authenticated = false;
	cr_expect_eq(status_at(said, 3, 9, &authenticated), TW_CERTIFICATE_STATUS_REVOKED);
	cr_expect(authenticated, "it was, whatever came after");
	cr_expect_eq(status_at(said + 1, 2, 9, &authenticated), TW_CERTIFICATE_STATUS_REVOKED);
	cr_expect_not(authenticated);
}

Test(ledger, of_one_moment_the_graver_is_the_later)
{
	STATUS(SUSPENDED, 9, {1, TW_CERTIFICATE_SUSPENDED}, {1, TW_CERTIFICATE_REINSTATED}, {1, TW_CERTIFICATE_ISSUED});
	STATUS(SUSPENDED, 9, {1, TW_CERTIFICATE_REINSTATED}, {1, TW_CERTIFICATE_ISSUED}, {1, TW_CERTIFICATE_SUSPENDED});
	STATUS(AUTHENTICATION_FAILED, 9, {1, TW_CERTIFICATE_AUTHENTICATION_FAILED}, {1, TW_CERTIFICATE_AUTHENTICATED});
}

Test(ledger, other_events_change_no_status)
{
	STATUS(ISSUED, 9, {1, TW_CERTIFICATE_ISSUED}, {2, TW_CERTIFICATE_DELIVERY_VERIFIED}, {3, TW_CERTIFICATE_DIVERSION_REPORTED});
	STATUS(UNKNOWN, 9, {2, TW_CERTIFICATE_DELIVERY_VERIFIED});
}

Test(ledger, a_mark_has_the_status_that_last_happened)
{
	struct tw_element elements[3];
	cr_assert(tw_status_write(TW_MARKING_TRACE_ANSWERED, 30, 1, tw_slice_str(""), &arena, &elements[2]));
	cr_assert(tw_status_write(TW_MARKING_DESTROYED, 20, 1, tw_slice_str(""), &arena, &elements[1]));
	cr_assert(tw_status_write(TW_MARKING_STOLEN, 10, 1, tw_slice_str(""), &arena, &elements[0]));
	struct tw_state state = {NULL, 0, elements, 3};
	cr_expect_eq(tw_marking_status_at(&state, 99), TW_MARKING_STATUS_DESTROYED, "a trace changes nothing");
	cr_expect_eq(tw_marking_status_at(&state, 19), TW_MARKING_STATUS_STOLEN);
	cr_expect_eq(tw_marking_status_at(&state, 9), TW_MARKING_STATUS_UNKNOWN);
}

static struct tw_event *issued(const char *id, int64_t quantity)
{
	struct tw_event *event = certificate_new(&arena, TW_CERTIFICATE_ISSUED, id, "2026-01-10T00:00:00Z", "QZ", "QZ/1");
	event->certificate.valid_from = day_of("2026-01-10");
	event->certificate.valid_until = day_of("2026-07-10");
	event->certificate.single_transaction = (struct tw_flag){true, {1, 2}};
	event->certificate.final_destination = text("QZ");
	certificate_item_add(&arena, event, 1, quantity, "C62");
	certificate_item_add(&arena, event, 2, 7, "KGM");
	return event;
}

Test(ledger, terms_survive_their_bytes)
{
	struct tw_element element;
	cr_assert(tw_terms_write(issued("evt-1", 500), &arena, &element));
	struct tw_terms terms;
	cr_assert(tw_terms_read(&element, &terms));
	cr_expect(terms.revision_known && terms.revision == 1, "an issue is the first revision");
	cr_expect(terms.single_stated && terms.single);
	cr_expect(terms.from_stated && terms.valid_from == day_of("2026-01-10").day);
	cr_expect(terms.until_stated && terms.valid_until == day_of("2026-07-10").day);
	cr_expect_eq(terms.destination, 'Q' << 8 | 'Z');
	struct tw_ledger_line line;
	cr_assert(tw_ledger_next(&terms.lines, &terms.lines_left, &line));
	cr_expect(line.line == 1 && line.stated && line.quantity_e4 == 5000000 && line.unit == TW_UNIT_PIECE);
	cr_assert(tw_ledger_next(&terms.lines, &terms.lines_left, &line));
	cr_expect(line.line == 2 && line.quantity_e4 == 70000 && line.unit != TW_UNIT_PIECE);
	cr_expect_not(tw_ledger_next(&terms.lines, &terms.lines_left, &line));
}

Test(ledger, the_same_content_has_the_same_key_and_another_content_another)
{
	struct tw_element first, again, other;
	struct tw_event *event = issued("evt-2", 500);
	cr_assert(tw_terms_write(issued("evt-1", 500), &arena, &first));
	struct tw_certificate_item *items = event->certificate.items.data;
	struct tw_certificate_item swap = items[0];
	items[0] = items[1];
	items[1] = swap;
	cr_assert(tw_terms_write(event, &arena, &again));
	cr_expect(tw_slice_equal(first.key, again.key), "the order of lines is not content");
	cr_assert(tw_terms_write(issued("evt-3", 501), &arena, &other));
	cr_expect_not(tw_slice_equal(first.key, other.key));
	event = issued("evt-4", 500);
	party_add(&arena, &event->certificate.parties, "Another End User", "XB");
	cr_assert(tw_terms_write(event, &arena, &other));
	cr_expect_not(tw_slice_equal(first.key, other.key));
}

Test(ledger, draws_survive_their_bytes_and_cut_bytes_end_the_list)
{
	const struct tw_ledger_line lines[] = {{1, 2, true, 1200000, TW_UNIT_PIECE, true, 34500, TW_UNIT_PIECE + 1, tw_slice_str("930190"),
	                                        tw_slice_str("ML1"), tw_slice_str("7.62x39")},
	                                       {9999, 0, false, 0, TW_UNIT_NONE, false, 0, TW_UNIT_NONE, {"", 0}, {"", 0}, {"", 0}}};
	const struct tw_way way = {.departs = true,
	                           .first = 20000,
	                           .last = 20031,
	                           .country = {tw_country_code(tw_slice_str("PT"))},
	                           .countries = 1,
	                           .pass = {tw_country_code(tw_slice_str("MA"))},
	                           .passes = 1};
	struct tw_way held;
	struct tw_slice bytes = tw_draws_write(lines, 2, &way, &arena);
	uint64_t left = 0;
	struct tw_cursor cursor = tw_draws_read(bytes, &left);
	struct tw_ledger_line line;
	for (uint32_t i = 0; i < 2; i++) {
		cr_assert(tw_ledger_next(&cursor, &left, &line));
		cr_expect(line.item == lines[i].item && line.line == lines[i].line && line.stated == lines[i].stated &&
		          line.quantity_e4 == lines[i].quantity_e4 && line.unit == lines[i].unit && line.valued == lines[i].valued &&
		          line.value_e4 == lines[i].value_e4 && line.currency == lines[i].currency);
	}
	cr_expect_not(tw_ledger_next(&cursor, &left, &line));
	cr_assert(tw_draws_way(bytes, &held));
	cr_expect(held.departs && held.first == way.first && held.last == way.last && held.countries == 1 && held.country[0] == way.country[0] &&
	          held.passes == 1 && held.pass[0] == way.pass[0]);
	struct tw_goods_walk walk;
	tw_goods_begin(bytes, &walk);
	cr_assert(tw_goods_next(&walk, &line));
	cr_expect(line.line == 2 && tw_slice_is(line.hs, "930190") && tw_slice_is(line.control_code, "ML1") && tw_slice_is(line.calibre, "7.62x39"));
	cr_assert(tw_goods_next(&walk, &line));
	cr_expect(line.item == 9999 && line.hs.len == 0);
	cr_expect_not(tw_goods_next(&walk, &line));
	cr_expect_not(tw_draws_way(tw_draws_ended(), &held));
	for (uint32_t length = 0; length < bytes.len; length++) {
		tw_goods_begin((struct tw_slice){bytes.ptr, length}, &walk);
		uint32_t goods = 0;
		while (tw_goods_next(&walk, &line)) {
			goods++;
		}
		cr_expect_lt(goods, 2, "%u bytes", length);
		uint32_t read = 0;
		cursor = tw_draws_read((struct tw_slice){bytes.ptr, length}, &left);
		while (tw_ledger_next(&cursor, &left, &line)) {
			read++;
		}
		cr_expect_leq(read, 2, "%u bytes", length);
	}
}

Test(ledger, what_is_no_terms_and_no_status_is_not_read_as_one)
{
	struct tw_element element = {tw_slice_str("Dabc"), {0, 0, 0}, tw_slice_str("x")};
	struct tw_terms terms;
	int64_t at_ms = 0;
	cr_expect_not(tw_terms_read(&element, &terms));
	cr_expect_eq(tw_status_read(&element, &at_ms), 0);
	element.key = tw_element_key_numbers(TW_ELEMENT_TERMS, 1, 1, &arena);
	element.bytes = (struct tw_slice){"\xFF", 1};
	cr_expect_not(tw_terms_read(&element, &terms));
	element.key = tw_element_key_numbers(TW_ELEMENT_STATUS, 1, 1, &arena);
	element.bytes = (struct tw_slice){"", 0};
	cr_expect_eq(tw_status_read(&element, &at_ms), 0);
}

Test(ledger, a_full_arena_refuses)
{
	struct tw_arena tiny;
	tw_arena_init(&tiny, 16, 16);
	struct tw_element element;
	cr_expect_not(tw_terms_write(issued("evt-1", 500), &tiny, &element));
	cr_expect_not(tw_status_write(TW_CERTIFICATE_ISSUED, 1, 1, tw_slice_str(""), &tiny, &element));
	cr_expect_null(tw_element_key('D', tw_slice_str("a consignment with a long name"), &tiny).ptr);
	tw_arena_fini(&tiny);
}
