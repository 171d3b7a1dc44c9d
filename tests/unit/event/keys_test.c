/**
 * @file keys_test.c
 * One entity, one key, however it is written; two entities, two keys.
 */
#include <criterion/criterion.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/event/keys.h"

static struct tw_arena arena;

static void start(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void stop(void)
{
	tw_arena_fini(&arena);
}

TestSuite(entity_keys, .init = start, .fini = stop);

static struct tw_text text_of(const char *terminated)
{
	return (struct tw_text){terminated, (uint32_t)strlen(terminated), {1, 2}};
}

static void expect(struct tw_slice key, const char *wanted)
{
	cr_expect(key.ptr && tw_slice_is(key, wanted), "\"%.*s\", wanted \"%s\"", (int)key.len, key.ptr ? key.ptr : "(refused)", wanted);
}

static struct tw_slice party_key(const char *name, const char *country)
{
	struct tw_party party = {.name = text_of(name), .country = text_of(country)};
	return tw_key_party(&party, &arena);
}

Test(entity_keys, party_is_folded_name_and_country)
{
	expect(party_key("Quill & Sons, Ltd.", "xa"), "quill sons ltd|XA");
	expect(party_key("  QUILL   and Söns", "XA"), "quill and sons|XA");
	expect(party_key("Quill", "Exland"), "quill|");
	expect(party_key("...", "XA"), "");
}

Test(entity_keys, party_country_falls_back_to_its_address)
{
	struct tw_party party = {.name = text_of("Quill"), .address = {.country = text_of("XB")}};
	expect(tw_key_party(&party, &arena), "quill|XB");
}

Test(entity_keys, party_registration_beats_its_name_and_order_does_not_matter)
{
	struct tw_id ids[] = {{text_of("vat"), text_of("XA 77")}, {text_of("eori"), text_of("xa-123")}};
	struct tw_party party = {.name = text_of("Quill"), .country = text_of("XA"), .ids = {ids, 2, 2}};
	expect(tw_key_party(&party, &arena), "=EORI:XA123");
	struct tw_id swapped[] = {ids[1], ids[0]};
	party.ids.data = swapped;
	expect(tw_key_party(&party, &arena), "=EORI:XA123");
}

Test(entity_keys, a_number_without_its_scheme_is_no_registration)
{
	struct tw_id ids[] = {{.value = text_of("123")}, {.scheme = text_of("eori"), .value = text_of("--")}};
	struct tw_party party = {.name = text_of("Quill"), .country = text_of("XA"), .ids = {ids, 2, 2}};
	expect(tw_key_party(&party, &arena), "quill|XA");
}

Test(entity_keys, address_is_folded_text_and_country)
{
	struct tw_address address = {.text = text_of("12, Harbour Rd."), .country = text_of("XB")};
	expect(tw_key_address(&address, &arena), "12 harbour rd|XB");
	address.text = text_of("");
	expect(tw_key_address(&address, &arena), "");
}

Test(entity_keys, vessel_is_its_imo_number_else_name_and_flag)
{
	struct tw_means means = {.imo = text_of("IMO 9074729"), .name = text_of("Ocean Star"), .flag = text_of("PA")};
	expect(tw_key_vessel(&means, &arena), "9074729");
	means.imo = text_of("90747290");
	expect(tw_key_vessel(&means, &arena), "ocean star|PA");
	means.imo = text_of("unknown");
	expect(tw_key_vessel(&means, &arena), "ocean star|PA");
	means.name = text_of("");
	expect(tw_key_vessel(&means, &arena), "");
}

Test(entity_keys, container_is_upper_case_letters_and_digits)
{
	expect(tw_key_container(tw_slice_str("hlxu 123456-7"), &arena), "HLXU1234567");
	expect(tw_key_container(tw_slice_str(" - "), &arena), "");
}

Test(entity_keys, consignment_is_its_bytes)
{
	expect(tw_key_consignment(tw_slice_str("hl/CU x"), &arena), "hl/CU x");
	expect(tw_key_consignment((struct tw_slice){NULL, 0}, &arena), "");
}

Test(entity_keys, certificate_is_issuer_and_number)
{
	expect(tw_key_certificate(tw_slice_str("qz"), tw_slice_str("QZ/MOD/2026/00417"), &arena), "QZ|QZMOD202600417");
	expect(tw_key_certificate(tw_slice_str(""), tw_slice_str("QZ/MOD/1"), &arena), "|QZMOD1");
	expect(tw_key_certificate(tw_slice_str("QZ"), tw_slice_str("//"), &arena), "");
}

Test(entity_keys, marking_is_maker_and_value)
{
	struct tw_marking marking = {.kind = {TW_MARKING_SERIAL, {1, 2}}, .value = text_of("ab 01417")};
	expect(tw_key_marking(&marking, tw_slice_str("Quill-Works"), &arena), "QUILLWORKS|AB01417");
	marking.make = text_of("Other");
	expect(tw_key_marking(&marking, tw_slice_str("Quill-Works"), &arena), "OTHER|AB01417");
	marking.kind.value = TW_MARKING_LOT;
	expect(tw_key_marking(&marking, tw_slice_str(""), &arena), "OTHER|AB01417");
	marking.kind.value = 0;
	expect(tw_key_marking(&marking, tw_slice_str(""), &arena), "OTHER|AB01417");
	marking.value = text_of("-");
	expect(tw_key_marking(&marking, tw_slice_str(""), &arena), "");
}

Test(entity_keys, a_sign_that_nobody_could_read_makes_a_mark_of_its_own)
{
	struct tw_marking marking = {.kind = {TW_MARKING_SERIAL, {1, 2}}, .value = text_of("ab-?*1417")};
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "QUILL|AB??1417");
	marking.value = text_of("AB1417 ?");
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "QUILL|AB1417?");
	marking.value = text_of("*****");
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "");
	marking.value = text_of("A????????????????");
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "QUILL|A????????????????");
	marking.value = text_of("A?????????????????");
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "");
}

Test(entity_keys, serial_range_is_its_two_ends_and_an_import_mark_is_nothing)
{
	struct tw_marking marking = {.kind = {TW_MARKING_SERIAL_RANGE, {1, 2}}, .from = text_of("ab 0001"), .to = text_of("AB0120")};
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "QUILL|AB0001-AB0120");
	marking.to = (struct tw_text){NULL, 0, {0, 0}};
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "");
	marking = (struct tw_marking){.kind = {TW_MARKING_IMPORT_MARK, {1, 2}}, .value = text_of("XB 2019")};
	expect(tw_key_marking(&marking, tw_slice_str("Quill"), &arena), "");
}

Test(entity_keys, long_keys_keep_their_head_and_stay_different)
{
	char name[600];
	memset(name, 'q', sizeof(name));
	name[599] = '\0';
	struct tw_slice first = party_key(name, "XA");
	name[598] = 'r';
	struct tw_slice second = party_key(name, "XA");
	cr_expect_eq(first.len, TW_KEY_BYTES_MAX);
	cr_expect_eq(memcmp(first.ptr, "qqqqqqqq", 8), 0);
	cr_expect_eq(first.ptr[TW_KEY_BYTES_MAX - 33], '~');
	cr_expect_not(tw_slice_equal(first, second));
	name[598] = 'q';
	cr_expect(tw_slice_equal(first, party_key(name, "XA")));
}

Test(entity_keys, long_keys_are_cut_between_characters)
{
	char id[402];
	for (int i = 0; i < 400; i += 2) {
		memcpy(id + i, "\xC3\xA9", 2);
	}
	id[400] = '\0';
	struct tw_slice key = tw_key_consignment(tw_slice_str(id), &arena);
	cr_expect_eq(key.len, 166U + 33U, "%u", key.len);
	cr_expect_eq((unsigned char)key.ptr[165], 0xA9);
}

Test(entity_keys, a_full_arena_refuses)
{
	struct tw_arena tiny;
	tw_arena_init(&tiny, 16, 16);
	struct tw_party party = {.name = text_of("Quill and Sons of the Marble Bay"), .country = text_of("XA")};
	cr_expect_null(tw_key_party(&party, &tiny).ptr);
	struct tw_marking marking = {.value = text_of("a number that does not fit in there")};
	cr_expect_null(tw_key_marking(&marking, tw_slice_str(""), &tiny).ptr);
	tw_arena_fini(&tiny);
}

Test(entity_keys, a_part_of_a_series_is_named_behind_it)
{
	const uint64_t block = UINT64_MAX;
	struct tw_slice series = tw_slice_str("SAMPLEARMSWORKS|~AD");
	cr_expect(tw_slice_is(tw_key_series_part(series, &block, &arena), "SAMPLEARMSWORKS|~AD#18446744073709551615"));
	cr_expect(tw_slice_is(tw_key_series_part(series, NULL, &arena), "SAMPLEARMSWORKS|~AD#"));
	struct tw_arena full;
	tw_arena_init(&full, 16, 16);
	cr_expect_null(tw_key_series_part(series, NULL, &full).ptr);
	tw_arena_fini(&full);
}

Test(entity_keys, a_licence_is_its_states_number)
{
	struct tw_slice key = tw_key_licence(tw_slice_str("XA"), tw_slice_str("xa-exp 5521"), &arena);
	cr_expect(tw_slice_is(key, "XA#licence#XAEXP5521"), "%.*s", (int)key.len, key.ptr);
	cr_expect_eq(tw_key_licence(tw_slice_str("XA"), tw_slice_str("1"), &arena).len, 0, "everybody has a number 1");
	cr_expect_eq(tw_key_licence(tw_slice_str(""), tw_slice_str("XA-EXP-5521"), &arena).len, 0, "whose it is nobody says");
	struct tw_arena full;
	tw_arena_init(&full, 16, 16);
	cr_expect_null(tw_key_licence(tw_slice_str("XA"), tw_slice_str("XA-EXP-5521-OF-THE-YEAR"), &full).ptr);
	tw_arena_fini(&full);
}
