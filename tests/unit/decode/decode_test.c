/**
 * @file decode_test.c
 * Whole events: every fixture of the contract, the envelope, structured mode, neighbours, the decoder's own life.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include <tidewaiter/limits.h>

#include "engine/base/time.h"
#include "engine/event/shape.h"
#include "tests/unit/decode/decoding.h"

TestSuite(decode, .init = decoding_init, .fini = decoding_fini);

#define EXPECTATIONS_MAX 128
#define HEAD             "{\"id\":\"e1\",\"type\":\"consignment.cancelled\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"s\","
#define CANCELLED        HEAD "\"consignment\":{\"id\":\"C1\"}}"

static enum tw_code decode_fixture(const char *folder, const char *name)
{
	struct tw_slice bytes = fixture_read(folder, name);
	return decode_bytes(fixture_family(name), bytes.ptr, bytes.len);
}

static void all_decode(const char *folder, uint32_t at_least)
{
	struct tw_list names = fixture_names(folder);
	cr_assert_geq(names.count, at_least);
	for (uint32_t i = 0; i < names.count; i++) {
		const char *name = ((const struct tw_slice *)names.data)[i].ptr;
		cr_expect(decode_fixture(folder, name) == TW_OK, "%s: %s %s", name, now.error.where, now.error.detail);
		cr_expect(now.event.warnings.count == 0 && now.event.type && now.event.family == fixture_family(name), "%s", name);
	}
}

Test(decode, events_with_nothing_but_what_is_required_are_taken)
{
	all_decode("required", 39);
}

Test(decode, events_with_every_optional_member_are_taken_without_a_warning)
{
	all_decode("optional", 15);
}

Test(decode, every_refused_fixture_is_refused_with_its_reason_its_pointer_and_its_byte)
{
	struct expectation lines[EXPECTATIONS_MAX];
	uint32_t count = expectations_read("refused", lines, EXPECTATIONS_MAX);
	cr_assert_eq(count, fixture_names("refused").count);
	for (uint32_t i = 0; i < count; i++) {
		char **column = lines[i].columns;
		cr_expect(decode_fixture("refused", column[0]) == TW_E_SYNTAX, "%s was taken", column[0]);
		cr_expect(now.error.disposition == TW_REJECT && now.reject.detail.len > 0, "%s", column[0]);
		cr_expect_str_eq(tw_reject_name(now.reject.reason), column[1], "%s: %s", column[0], now.reject.detail.ptr);
		const char *pointer = strcmp(column[2], "-") == 0 ? "" : column[2];
		cr_expect(tw_slice_is(now.reject.pointer, pointer), "%s: pointer %.*s", column[0], (int)now.reject.pointer.len,
		          now.reject.pointer.ptr);
		cr_expect_eq(now.reject.byte, (uint32_t)atoi(column[3]), "%s: byte %u, not %s", column[0], now.reject.byte, column[3]);
	}
}

Test(decode, every_warned_fixture_is_taken_with_one_warning_that_shows_what_and_where)
{
	struct expectation lines[EXPECTATIONS_MAX];
	uint32_t count = expectations_read("warned", lines, EXPECTATIONS_MAX);
	cr_assert_eq(count, fixture_names("warned").count);
	for (uint32_t i = 0; i < count; i++) {
		char **column = lines[i].columns;
		cr_assert(decode_fixture("warned", column[0]) == TW_OK, "%s: %s", column[0], now.error.detail);
		cr_assert_eq(now.event.warnings.count, 1, "%s", column[0]);
		const struct tw_warning *warning = warning_at(0);
		cr_expect(warning->kind == tw_warning_find(tw_slice_str(column[1])), "%s", column[0]);
		cr_expect(tw_slice_is(warning->pointer, column[2]), "%s: pointer %.*s", column[0], (int)warning->pointer.len, warning->pointer.ptr);
		cr_expect_eq(warning->span.from, (uint32_t)atoi(column[3]), "%s: byte %u", column[0], warning->span.from);
		struct tw_slice shown = span_text(warning->span);
		cr_expect(tw_slice_is(shown, column[4]), "%s: span %.*s", column[0], (int)shown.len, shown.ptr);
	}
}

Test(decode, a_full_manifest_lands_in_the_structs_that_the_table_names)
{
	cr_assert(decode_fixture("optional", "manifest-full.json") == TW_OK);
	const struct tw_consignment *consignment = &now.event.consignment;
	cr_expect(tw_slice_is(tw_slice_of(consignment->id), "HLCUXX1260200417"));
	cr_expect_eq(consignment->movement.value, (uint32_t)TW_MOVEMENT_IMPORT);
	cr_expect(!consignment->document.consolidated.value && tw_stated(consignment->document.consolidated.span));
	cr_expect_eq(consignment->route.count, 6);
	cr_expect_eq(consignment->parties.count, 13);
	const struct tw_party *parties = consignment->parties.data;
	cr_expect_eq(parties[12].role.value, (uint32_t)TW_ROLE_EXPORTER);
	cr_expect(tw_slice_is(tw_slice_of(((const struct tw_id *)parties[12].ids.data)[1].value), "XB99"));
	cr_expect_eq(parties[0].founded.day, tw_day_of_civil(2025, 11, 30));
	const struct tw_item *items = consignment->items.data;
	cr_expect_eq(items[0].gross_kg.e4, 5405000);
	cr_expect_eq(items[1].line.value, 2);
	cr_expect_eq(items[1].quantity.e4, 1500000);
	const struct tw_marking *markings = items[0].markings.data;
	cr_assert_eq(items[0].markings.count, 4);
	cr_expect(tw_slice_is(tw_slice_of(markings[1].to), "AB0120"));
	cr_expect(markings[1].pieces.e4 == 1200000 && tw_slice_is(span_text(markings[1].pieces.span), "AB0120"), "worked out of the range");
	cr_expect_eq(markings[3].year.value, 2019);
	cr_expect(tw_slice_is(span_text(markings[3].year.span), "2019"));
}

Test(decode, null_blank_and_absent_are_all_not_stated)
{
	cr_assert(decode_fixture("optional", "manifest-not_stated.json") == TW_OK);
	const struct tw_consignment *consignment = &now.event.consignment;
	const struct tw_item *item = consignment->items.data;
	cr_expect(!tw_stated(now.event.trace.span) && !tw_stated(consignment->revision.span) && !tw_stated(consignment->office.span));
	cr_expect(!tw_stated(consignment->movement.span) && !tw_stated(consignment->means.name.span) && !tw_stated(consignment->means.mode.span));
	cr_expect(consignment->parties.count == 0 && item->containers.count == 0 && !tw_stated(item->quantity.span));
	cr_expect_eq(now.event.unknown_fields, 0);
}

Test(decode, unknown_members_are_counted_once_each_and_their_content_passed_over)
{
	cr_assert(decode_fixture("optional", "manifest-unknown_members.json") == TW_OK);
	cr_expect_eq(now.event.unknown_fields, 3);
}

Test(decode, the_same_bytes_decode_alike_after_any_refused_neighbour)
{
	struct tw_list names = fixture_names("refused");
	for (uint32_t i = 0; i < names.count; i++) {
		const char *name = ((const struct tw_slice *)names.data)[i].ptr;
		cr_assert(decode_fixture("refused", name) == TW_E_SYNTAX);
		cr_assert(decode_fixture("optional", "manifest-full.json") == TW_OK, "after %s: %s", name, now.error.detail);
		cr_expect_eq(now.event.consignment.items.count, 2, "after %s", name);
		cr_expect_eq(now.event.consignment.parties.count, 13, "after %s", name);
		cr_expect_eq(now.event.warnings.count + now.event.unknown_fields, 0, "after %s", name);
		tw_arena_reset(&now.arena);
		names = fixture_names("refused");
	}
}

Test(decode, a_refusal_leaves_the_caller_s_event_alone)
{
	now.event.unknown_fields = 77;
	struct tw_slice bytes = tw_slice_str("{\"id\":\"e1\"}");
	cr_assert(tw_decode(now.decoder, TW_FAMILY_MANIFEST, bytes, NULL, &now.arena, &now.event, &now.reject, &now.error) == TW_E_SYNTAX);
	cr_expect_eq(now.event.unknown_fields, 77);
}

Test(decode, raw_key_and_origin_stay_as_the_caller_set_them)
{
	struct tw_slice bytes = tw_slice_str(CANCELLED);
	now.event = (struct tw_event){.raw = bytes, .key = tw_slice_str("k"), .origin = {tw_slice_str("tw.manifests"), 2, 417}};
	cr_assert(tw_decode(now.decoder, TW_FAMILY_MANIFEST, bytes, NULL, &now.arena, &now.event, &now.reject, &now.error) == TW_OK);
	cr_expect(now.event.raw.ptr == bytes.ptr && tw_slice_is(now.event.key, "k") && now.event.origin.offset == 417);
	cr_expect_eq(now.event.type, TW_CONSIGNMENT_CANCELLED);
}

/* ---- the type after the body, white space, order of reasons ---- */

Test(decode, the_type_may_come_after_the_body)
{
	cr_assert(decode_text(TW_FAMILY_MANIFEST, "{\"consignment\":{\"items\":[],\"id\":\"C1\"},\"source\":\"s\",\"time\":\"2026-03-02T08:14:00Z\","
	                                          "\"type\":\"consignment.declared\",\"id\":\"e\"}") == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_MISSING);
	cr_expect(tw_slice_is(now.reject.pointer, "/consignment/items"));
	cr_assert(decode_text(TW_FAMILY_MANIFEST, "{\"consignment\":{\"items\":[],\"id\":\"C1\"},\"source\":\"s\",\"time\":\"2026-03-02T08:14:00Z\","
	                                          "\"type\":\"consignment.arrived\",\"id\":\"e\"}") == TW_OK);
}

Test(decode, white_space_around_the_object_is_no_fault)
{
	cr_expect(decode_text(TW_FAMILY_MANIFEST, " \r\n\t" CANCELLED " \r\n\t") == TW_OK);
	cr_expect(tw_slice_is(span_text(now.event.consignment.id.span), "C1"));
}

Test(decode, a_fault_of_syntax_outranks_a_missing_member_and_the_type_outranks_both_members)
{
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"consignment\":{},\"id\":}") == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_SYNTAX);
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"id\":7,\"consignment\":\"C1\",\"type\":\"inspection.completed\"}") == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_UNKNOWN);
}

Test(decode, two_events_in_one_message_are_refused_as_trailing_bytes)
{
	cr_expect(decode_text(TW_FAMILY_MANIFEST, CANCELLED CANCELLED) == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_TRAILING);
	cr_expect_eq(now.reject.byte, strlen(CANCELLED));
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "[]" CANCELLED) == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_TRAILING);
}

Test(decode, every_cut_of_an_event_is_truncated)
{
	for (size_t size = 0; size < sizeof(CANCELLED) - 1; size++) {
		cr_assert(decode_bytes(TW_FAMILY_MANIFEST, CANCELLED, size) == TW_E_SYNTAX);
		cr_expect_eq(now.reject.reason, TW_REJECT_TRUNCATED, "cut at %zu: %s", size, now.reject.detail.ptr);
		cr_expect_eq(now.reject.byte, size);
	}
}

Test(decode, every_scalar_root_is_of_the_wrong_type_and_a_word_is_no_json)
{
	static const char *const scalars[] = {"\"x\"", "true", "null", "1.5", "[]", "[{}]"};
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		cr_expect(decode_text(TW_FAMILY_MANIFEST, scalars[i]) == TW_E_SYNTAX);
		cr_expect_eq(now.reject.reason, TW_REJECT_TYPE, "%s: %s", scalars[i], now.reject.detail.ptr);
	}
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "consignment") == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_SYNTAX);
}

/* ---- bounds of the message ---- */

Test(decode, an_event_at_the_bound_of_bytes_is_taken_and_one_byte_more_is_not)
{
	struct tw_decoder *small = NULL;
	const uint32_t size = sizeof(CANCELLED) - 1;
	cr_assert(tw_decoder_new((struct tw_decode_limits){size}, &small, &now.error) == TW_OK);
	struct tw_slice exact = {CANCELLED, size}, more = {CANCELLED " ", size + 1};
	cr_expect(tw_decode(small, TW_FAMILY_MANIFEST, exact, NULL, &now.arena, &now.event, &now.reject, &now.error) == TW_OK);
	cr_expect(tw_decode(small, TW_FAMILY_MANIFEST, more, NULL, &now.arena, &now.event, &now.reject, &now.error) == TW_E_SYNTAX);
	cr_expect_eq(now.reject.reason, TW_REJECT_SIZE);
	cr_expect_eq(now.reject.byte, size);
	tw_decoder_free(small);
}

Test(decode, a_decoder_is_not_made_for_events_of_no_bytes_or_of_more_than_a_mebibyte)
{
	struct tw_decoder *none = NULL;
	cr_expect(tw_decoder_new((struct tw_decode_limits){0}, &none, &now.error) == TW_E_RANGE);
	cr_expect(tw_decoder_new((struct tw_decode_limits){TW_EVENT_BYTES_MAX + 1}, &none, &now.error) == TW_E_RANGE);
	cr_expect(none == NULL && now.error.disposition == TW_STOP);
	tw_decoder_free(none);
}

Test(decode, a_full_arena_stops_the_batch_and_refuses_no_event)
{
	struct tw_arena tiny;
	tw_arena_init(&tiny, 256, 512);
	struct tw_slice bytes = fixture_read("optional", "manifest-full.json");
	cr_expect(tw_decode(now.decoder, TW_FAMILY_MANIFEST, bytes, NULL, &tiny, &now.event, &now.reject, &now.error) == TW_E_MEMORY);
	cr_expect_eq(now.error.disposition, TW_STOP);
	tw_arena_fini(&tiny);
	cr_expect(decode_text(TW_FAMILY_MANIFEST, CANCELLED) == TW_OK, "the decoder lives on");
}

/* ---- the envelope from headers ---- */

#define BODY "{\"consignment\":{\"id\":\"C1\"}}"

static enum tw_code decode_headed(const char *json, struct tw_envelope envelope)
{
	now.event = (struct tw_event){.raw = tw_slice_str(json)};
	return tw_decode(now.decoder, TW_FAMILY_MANIFEST, now.event.raw, &envelope, &now.arena, &now.event, &now.reject, &now.error);
}

static struct tw_envelope headers(void)
{
	return (struct tw_envelope){tw_slice_str("h1"), tw_slice_str("consignment.cancelled"), tw_slice_str("2026-03-02T08:14:00Z"),
	                            tw_slice_str("hs")};
}

Test(decode, headers_stand_in_for_absent_members_and_are_stated_without_a_place_in_the_bytes)
{
	cr_assert(decode_headed(BODY, headers()) == TW_OK, "%s", now.error.detail);
	cr_expect(tw_slice_is(tw_slice_of(now.event.id), "h1") && tw_slice_is(tw_slice_of(now.event.source), "hs"));
	cr_expect_eq(now.event.type, TW_CONSIGNMENT_CANCELLED);
	cr_expect_eq(now.event.time.ms, (int64_t)tw_day_of_civil(2026, 3, 2) * TW_DAY_MS + 8 * 3600000 + 14 * 60000);
	cr_expect(tw_stated(now.event.id.span) && now.event.id.span.from == strlen(BODY) && now.event.id.span.to == strlen(BODY));
}

Test(decode, a_stated_member_outranks_its_header_and_null_does_not)
{
	cr_assert(decode_headed("{\"id\":\"b1\",\"source\":null,\"consignment\":{\"id\":\"C1\"}}", headers()) == TW_OK);
	cr_expect(tw_slice_is(tw_slice_of(now.event.id), "b1") && tw_slice_is(tw_slice_of(now.event.source), "hs"));
}

Test(decode, a_header_that_is_no_instant_and_a_header_that_is_not_there_refuse)
{
	struct tw_envelope bad = headers(), empty = headers();
	bad.time = tw_slice_str("yesterday");
	cr_expect(decode_headed(BODY, bad) == TW_E_SYNTAX);
	cr_expect(now.reject.reason == TW_REJECT_TYPE && tw_slice_is(now.reject.pointer, "/time"));
	empty.source = (struct tw_slice){NULL, 0};
	cr_expect(decode_headed(BODY, empty) == TW_E_SYNTAX);
	cr_expect(now.reject.reason == TW_REJECT_MISSING && tw_slice_is(now.reject.pointer, "/source"));
}

/* ---- CloudEvents structured mode ---- */

#define ATTRIBUTES "\"id\":\"c1\",\"type\":\"consignment.declared\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"cs\""
#define DATA       "\"data\":{\"consignment\":{\"id\":\"C1\",\"items\":[{\"line\":1,\"description\":\"Pipes\",\"quantity\":\"x\"}]}}"

Test(decode, a_structured_cloudevent_is_its_data_with_its_attributes)
{
	static const char *const orders[] = {
	    "{\"specversion\":\"1.0\"," ATTRIBUTES ",\"datacontenttype\":\"application/json\"," DATA "}",
	    "{" DATA "," ATTRIBUTES ",\"specversion\":\"1.0\",\"subject\":\"C1\"}",
	};
	for (int i = 0; i < 2; i++) {
		cr_assert(decode_text(TW_FAMILY_MANIFEST, orders[i]) == TW_OK, "%s", now.error.detail);
		cr_expect(tw_slice_is(tw_slice_of(now.event.id), "c1") && now.event.type == TW_CONSIGNMENT_DECLARED);
		cr_expect(tw_slice_is(span_text(now.event.consignment.id.span), "C1"));
		cr_expect_eq(now.event.unknown_fields, 0);
		cr_expect(tw_slice_is(warning_at(0)->pointer, "/data/consignment/items/0/quantity"));
	}
}

Test(decode, pointers_of_refusals_in_structured_mode_begin_with_data)
{
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"specversion\":\"1.0\"," ATTRIBUTES ",\"data\":{\"consignment\":{\"id\":\"C1\"}}}") ==
	          TW_E_SYNTAX);
	cr_expect(tw_slice_is(now.reject.pointer, "/data/consignment/items"));
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"specversion\":\"1.0\"," ATTRIBUTES ",\"data\":{}}") == TW_E_SYNTAX);
	cr_expect(tw_slice_is(now.reject.pointer, "/data/consignment"));
}

Test(decode, an_envelope_inside_the_data_outranks_the_attributes_in_either_order)
{
	static const char *const orders[] = {
	    "{\"specversion\":\"1.0\"," ATTRIBUTES ",\"data\":{\"id\":\"inner\",\"type\":\"consignment.arrived\",\"consignment\":{\"id\":\"C1\"}}}",
	    "{\"specversion\":\"1.0\",\"data\":{\"id\":\"inner\",\"type\":\"consignment.arrived\",\"consignment\":{\"id\":\"C1\"}}," ATTRIBUTES "}",
	};
	for (int i = 0; i < 2; i++) {
		cr_assert(decode_text(TW_FAMILY_MANIFEST, orders[i]) == TW_OK, "%s", now.error.detail);
		cr_expect(tw_slice_is(tw_slice_of(now.event.id), "inner") && now.event.type == TW_CONSIGNMENT_ARRIVED);
		cr_expect(tw_slice_is(tw_slice_of(now.event.source), "cs"));
	}
}

Test(decode, a_body_beside_the_data_and_inside_it_is_stated_twice)
{
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"specversion\":\"1.0\"," ATTRIBUTES ",\"consignment\":{\"id\":\"C2\"}," DATA "}") ==
	          TW_E_SYNTAX);
	cr_expect(now.reject.reason == TW_REJECT_DUPLICATE && tw_slice_is(now.reject.pointer, "/data/consignment"));
	cr_expect(decode_text(TW_FAMILY_MANIFEST, "{\"specversion\":\"1.0\"," ATTRIBUTES "," DATA ",\"consignment\":{\"id\":\"C2\"}}") ==
	          TW_E_SYNTAX);
	cr_expect(now.reject.reason == TW_REJECT_DUPLICATE && tw_slice_is(now.reject.pointer, "/consignment"));
}

Test(decode, data_without_specversion_is_an_unknown_member_even_where_the_word_stands_elsewhere)
{
	static const char *const plain[] = {
	    HEAD "\"data\":{\"consignment\":{\"id\":\"C2\"}},\"consignment\":{\"id\":\"C1\"}}",
	    HEAD "\"data\":{\"id\":\"e2\",\"specversion\":\"1.0\"},\"consignment\":{\"id\":\"C1\"}}",
	};
	for (int i = 0; i < 2; i++) {
		cr_assert(decode_text(TW_FAMILY_MANIFEST, plain[i]) == TW_OK, "%s", now.error.detail);
		cr_expect(tw_slice_is(tw_slice_of(now.event.consignment.id), "C1") && tw_slice_is(tw_slice_of(now.event.id), "e1"));
		cr_expect_eq(now.event.unknown_fields, 1);
	}
}
