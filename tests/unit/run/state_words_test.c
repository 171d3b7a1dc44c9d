/* The words of stored state: every field has a name. */
#include "engine/run/state_words.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "engine/state/field.h"
#include "engine/state/ledger.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(state_words, .init = start, .fini = stop);

static const char *field(uint32_t number)
{
	static char out[TW_STATE_WORDS_BYTES];
	return tw_state_field_name(number, out);
}

static const char *value(uint32_t number, int64_t held)
{
	static char out[TW_STATE_WORDS_BYTES];
	return tw_state_field_value(number, held, out);
}

Test(state_words, fields_have_names_and_values_their_form)
{
	cr_expect_str_eq(field(TW_COUNT_FIRST), "first seen");
	cr_expect_str_eq(value(TW_COUNT_FIRST, 20514), "2026-03-02");
	cr_expect_str_eq(value(TW_COUNT_FIRST, INT64_MAX), "no day");
	cr_expect_str_eq(field(tw_bucket_field(20514, TW_BUCKET_KG)), "gross kg on 2026-03-02");
	cr_expect_str_eq(value(tw_bucket_field(20514, TW_BUCKET_KG), 5405000), "540.5");
	cr_expect_str_eq(value(tw_bucket_field(20514, TW_BUCKET_SEEN), 12), "12");
	cr_expect_str_eq(field(TW_COUNT_COUNTRIES(2)), "countries, part 3 of 11");
	cr_expect_str_eq(value(TW_COUNT_OFFICES(3), -1), "ffffffffffffffff");
	cr_expect_str_eq(field(TW_COUNT_OFFICES(3)), "offices, part 4 of 4");
	cr_expect_str_eq(field(TW_COUNT_DIVERTED), "diversions reported");
}

Test(state_words, a_field_that_nobody_knows_is_told_by_its_number)
{
	cr_expect_str_eq(field(TW_COUNT_FIELD(900, TW_MERGE_MAX)), "field 3601");
	cr_expect_str_eq(value(TW_COUNT_FIELD(900, TW_MERGE_MAX), -3), "-3");
}

Test(state_words, amounts_lose_no_digit_and_no_sign)
{
	char out[32];
	cr_expect_str_eq(tw_state_amount(0, out), "0");
	cr_expect_str_eq(tw_state_amount(1, out), "0.0001");
	cr_expect_str_eq(tw_state_amount(-15000, out), "-1.5");
	cr_expect_str_eq(tw_state_amount(INT64_MIN, out), "-922337203685477.5808");
	cr_expect_str_eq(tw_state_unit(TW_UNIT_PIECE, out), "C62");
	cr_expect_str_eq(tw_state_unit(TW_UNIT_NONE, out), "");
}

Test(state_words, elements_are_named_by_what_they_say)
{
	char out[TW_STATE_WORDS_BYTES];
	struct tw_element status, draw = {.key = tw_slice_str("DCONS-1")}, none = {.key = {"", 0}};
	struct tw_ledger_line line = {.item = 1, .line = 2, .stated = true, .quantity_e4 = 1200000, .unit = TW_UNIT_PIECE};
	cr_assert(tw_status_write(TW_CERTIFICATE_REVOKED, 1772438400000, 7, (struct tw_slice){"", 0}, &arena, &status));
	cr_expect_str_eq(tw_state_element_name(&status, out), "status at 2026-03-02T08:00:00Z");
	cr_expect_str_eq(tw_state_element_value(&status, out), "certificate.revoked");
	draw.bytes = tw_draws_write(&line, 1, NULL, &arena);
	cr_expect_str_eq(tw_state_element_name(&draw, out), "draw of CONS-1");
	cr_expect_str_eq(tw_state_element_value(&draw, out), "line 2: 120 C62");
	draw.bytes = tw_draws_ended();
	cr_expect_str_eq(tw_state_element_value(&draw, out), "given back");
	draw.bytes = (struct tw_slice){"", 0};
	cr_expect_str_eq(tw_state_element_value(&draw, out), "no lines");
	cr_expect_str_eq(tw_state_element_name(&none, out), "an element of 0 bytes that nobody knows");
	cr_expect_str_eq(tw_state_element_name(&(struct tw_element){.key = tw_slice_str("Tx")}, out), "an element of 2 bytes that nobody knows");
}

Test(state_words, numbers_of_a_series_are_said_as_runs)
{
	static const unsigned char stated[] = {TW_DRAW_STANDS, 2, 7, 17, 0, 7, 100, 99}, ended[] = {2}, stolen[] = {TW_MARKING_STOLEN, 1, 7, 17, 0};
	char out[TW_STATE_WORDS_BYTES];
	struct tw_element element = {.key = tw_slice_str("gCONS-1"), .bytes = {(const char *)stated, sizeof(stated)}};
	cr_expect_str_eq(tw_state_element_name(&element, out), "numbers in CONS-1");
	cr_expect_str_eq(tw_state_element_value(&element, out), "17, 100 to 199");
	element.bytes = (struct tw_slice){(const char *)ended, sizeof(ended)};
	cr_expect_str_eq(tw_state_element_value(&element, out), "no longer stated");
	element = (struct tw_element){tw_slice_str("sx"), {0, 1772438400000, 7}, {(const char *)stolen, sizeof(stolen)}};
	cr_expect_str_eq(tw_state_element_name(&element, out), "reported at 2026-03-02T08:00:00Z");
	cr_expect_str_eq(tw_state_element_value(&element, out), "marking.stolen 17");
	element.key = tw_slice_str("cQZ|QZ1");
	element.bytes = (struct tw_slice){(const char *)stated, sizeof(stated)};
	cr_expect_str_eq(tw_state_element_name(&element, out), "numbers listed by QZ|QZ1");
}
