/**
 * @file value_test.c
 * Single values: what each kind takes, what it leaves aside with a warning, and the span that it remembers.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include <tidewaiter/limits.h>

#include "engine/base/time.h"
#include "tests/unit/decode/decoding.h"

TestSuite(value, .init = decoding_init, .fini = decoding_fini);

static void one_warning(enum tw_warning_kind kind, const char *pointer, const char *shown)
{
	cr_assert_eq(now.event.warnings.count, 1);
	cr_expect_eq(warning_at(0)->kind, kind);
	cr_expect(tw_slice_is(warning_at(0)->pointer, pointer), "%.*s", (int)warning_at(0)->pointer.len, warning_at(0)->pointer.ptr);
	cr_expect(tw_slice_is(span_text(warning_at(0)->span), shown), "%.*s", (int)span_text(warning_at(0)->span).len,
	          span_text(warning_at(0)->span).ptr);
}

/* ---- text ---- */

Test(value, text_without_escapes_points_into_the_source)
{
	const struct tw_item *item = decode_item("\"marks\":\" Qu\xc3\xa4 1 \"");
	cr_assert(item);
	cr_expect(item->marks.ptr == now.event.raw.ptr + item->marks.span.from);
	cr_expect(tw_slice_is(tw_slice_of(item->marks), " Qu\xc3\xa4 1 "), "nothing is trimmed");
}

Test(value, text_with_escapes_is_undone_and_its_span_is_the_escaped_content)
{
	static const struct {
		const char *json;
		const char *text;
	} rows[] = {
	    {"\\\"", "\""},
	    {"a\\\\", "a\\"},
	    {"\\\\\\\"", "\\\""},
	    {"say \\\"no\\\" twice", "say \"no\" twice"},
	    {"\\u0041\\ud83d\\ude80\\/", "A\xf0\x9f\x9a\x80/"},
	    {"\\\\ud800", "\\ud800"},
	    {"\\u000a\\t", NULL},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char members[128];
		snprintf(members, sizeof(members), "\"make\":\"x\",\"marks\":\"%s\",\"model\":\"y\"", rows[i].json);
		const struct tw_item *item = decode_item(members);
		cr_assert(item, "%s: %s", rows[i].json, now.error.detail);
		if (!rows[i].text) {
			cr_expect(!tw_stated(item->marks.span), "escaped white space is blank");
			continue;
		}
		cr_expect(tw_slice_is(tw_slice_of(item->marks), rows[i].text), "%s", rows[i].json);
		cr_expect(tw_slice_is(span_text(item->marks.span), rows[i].json), "%s", rows[i].json);
	}
}

Test(value, escaped_texts_survive_each_other)
{
	const struct tw_item *item = decode_item("\"make\":\"a\\u0062c\",\"model\":\"d\\u0065f\",\"containers\":[\"g\\u0068i\",\"j\"]");
	cr_assert(item);
	cr_expect(tw_slice_is(tw_slice_of(item->make), "abc") && tw_slice_is(tw_slice_of(item->model), "def"));
	cr_expect(tw_slice_is(tw_slice_of(((const struct tw_text *)item->containers.data)[0]), "ghi"));
}

Test(value, an_escaped_zero_is_kept_inside_text)
{
	const struct tw_item *item = decode_item("\"marks\":\"a\\u0000b\"");
	cr_assert(item);
	cr_expect(tw_slice_equal(tw_slice_of(item->marks), (struct tw_slice){"a\0b", 3}));
}

Test(value, halves_of_surrogate_pairs_are_refused_wherever_they_stand)
{
	static const char *const halves[] = {"\"marks\":\"\\ud800\"", "\"marks\":\"\\udc00\\ud800\"", "\"marks\":\"\\ud800\\n\"",
	                                     "\"\\udbff\":1",         "\"new\":[\"\\udfff\"]",        "\"marks\":\"\\ud83d\\u0041\""};
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		cr_expect(decode_item(halves[i]) == NULL, "%s", halves[i]);
		cr_expect_eq(now.reject.reason, TW_REJECT_UTF8, "%s", halves[i]);
		cr_expect_eq(now.event.raw.ptr[now.reject.byte], '\\', "%s", halves[i]);
	}
}

Test(value, text_at_its_bound_is_taken_and_one_byte_more_is_refused_by_name)
{
	char *members = tw_arena_alloc_raw(&now.arena, TW_TEXT_BYTES_MAX + 64);
	for (uint32_t more = 0; more < 2; more++) {
		strcpy(members, "\"marks\":\"");
		memset(members + 9, 'x', TW_TEXT_BYTES_MAX + more);
		strcpy(members + 9 + TW_TEXT_BYTES_MAX + more, "\"");
		cr_assert((decode_item(members) != NULL) == (more == 0));
	}
	cr_expect_eq(now.reject.reason, TW_REJECT_LIMIT);
	cr_expect(tw_slice_is(now.reject.pointer, "/consignment/items/0/marks"));
	cr_expect(tw_slice_is(now.reject.detail, "/consignment/items/0/marks has more than 65536 bytes"), "%s", now.reject.detail.ptr);
}

/* ---- amounts and counts ---- */

Test(value, amounts_are_numbers_or_strings_of_numbers_with_the_span_of_their_characters)
{
	const struct tw_item *item =
	    decode_item("\"quantity\":120,\"gross_kg\":\"540.5\",\"net_kg\": 4.8e2 ,\"volume_m3\":-0.00019,\"value\":\"9e13\"");
	cr_assert(item, "%s", now.error.detail);
	cr_expect_eq(item->quantity.e4, 1200000);
	cr_expect_eq(item->gross_kg.e4, 5405000);
	cr_expect_eq(item->net_kg.e4, 4800000);
	cr_expect_eq(item->volume_m3.e4, -1);
	cr_expect_eq(item->value.e4, TW_AMOUNT_E4_MAX);
	cr_expect(tw_slice_is(span_text(item->quantity.span), "120") && tw_slice_is(span_text(item->gross_kg.span), "540.5"));
	cr_expect(tw_slice_is(span_text(item->net_kg.span), "4.8e2") && tw_slice_is(span_text(item->volume_m3.span), "-0.00019"));
}

Test(value, an_amount_that_is_no_number_is_left_aside_with_a_warning)
{
	static const char *const bad[] = {"\"1,200\"", "\"+5\"", "\"0x10\"", "\"12 kg\"", "\"NaN\"", "\" 12\"", "\"01\"", "true", "[1]", "{}"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char members[64];
		snprintf(members, sizeof(members), "\"quantity\":%s", bad[i]);
		const struct tw_item *item = decode_item(members);
		cr_assert(item, "%s", bad[i]);
		cr_expect(!tw_stated(item->quantity.span) && item->quantity.e4 == 0);
		cr_expect(now.event.warnings.count == 1 && warning_at(0)->kind == TW_WARNING_ILL_TYPED, "%s", bad[i]);
	}
}

Test(value, an_amount_beyond_the_bound_is_refused_and_not_cut)
{
	cr_expect(decode_item("\"value\":90000000000000.0001") == NULL);
	cr_expect_eq(now.reject.reason, TW_REJECT_LIMIT);
	cr_expect(tw_slice_is(now.reject.pointer, "/consignment/items/0/value"));
	cr_expect(decode_consignment("\"revision\":1e14") == NULL);
	cr_expect_eq(now.reject.reason, TW_REJECT_LIMIT);
}

Test(value, counts_are_whole_and_not_negative_in_any_spelling)
{
	static const struct {
		const char *json;
		int64_t value; /* -1: a warning */
	} rows[] = {{"7", 7}, {"\"7\"", 7}, {"7.0", 7}, {"70e-1", 7},    {"0.7e1", 7},
	            {"0", 0}, {"7.5", -1},  {"-7", -1}, {"7.00001", -1}, {"\"vii\"", -1}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char members[64];
		snprintf(members, sizeof(members), "\"revision\":%s", rows[i].json);
		const struct tw_consignment *consignment = decode_consignment(members);
		cr_assert(consignment, "%s", rows[i].json);
		bool taken = rows[i].value >= 0;
		cr_expect(tw_stated(consignment->revision.span) == taken && now.event.warnings.count == !taken, "%s", rows[i].json);
		cr_expect(!taken || consignment->revision.value == rows[i].value, "%s", rows[i].json);
	}
}

/* ---- dates, instants, flags, words ---- */

Test(value, a_date_may_be_an_instant_and_is_then_its_day_in_utc)
{
	const struct tw_consignment *consignment = decode_consignment("\"document\":{\"issued\":\"2026-02-19T23:30:00-02:00\"}");
	cr_assert(consignment);
	cr_expect_eq(consignment->document.issued.day, tw_day_of_civil(2026, 2, 20));
	cr_assert(decode_consignment("\"document\":{\"issued\":\"2024-02-29\"}"));
	cr_expect_eq(now.event.consignment.document.issued.day, tw_day_of_civil(2024, 2, 29));
}

Test(value, a_day_that_does_not_exist_is_left_aside)
{
	cr_assert(decode_consignment("\"document\":{\"issued\":\"2026-02-29\"}"));
	one_warning(TW_WARNING_ILL_TYPED, "/consignment/document/issued", "2026-02-29");
	cr_assert(decode_consignment("\"document\":{\"issued\":20260219}"));
	one_warning(TW_WARNING_ILL_TYPED, "/consignment/document/issued", "20260219");
}

Test(value, flags_are_true_or_false_and_no_word)
{
	cr_assert(decode_consignment("\"document\":{\"consolidated\":true}"));
	cr_expect(now.event.consignment.document.consolidated.value);
	cr_expect(tw_slice_is(span_text(now.event.consignment.document.consolidated.span), "true"));
	cr_assert(decode_consignment("\"document\":{\"consolidated\":\"true\"}"));
	one_warning(TW_WARNING_ILL_TYPED, "/consignment/document/consolidated", "true");
	cr_assert(decode_consignment("\"document\":{\"kind\":false}"));
	one_warning(TW_WARNING_ILL_TYPED, "/consignment/document/kind", "false");
}

Test(value, a_word_outside_its_closed_set_is_not_stated_and_warned_of)
{
	cr_assert(decode_consignment("\"movement\":\"transi\""));
	one_warning(TW_WARNING_UNKNOWN_WORD, "/consignment/movement", "transi");
	cr_expect(now.event.consignment.movement.value == 0 && !tw_stated(now.event.consignment.movement.span));
	cr_assert(decode_consignment("\"movement\":\"transhipment\""));
	cr_expect_eq(now.event.consignment.movement.value, (uint32_t)TW_MOVEMENT_TRANSHIPMENT);
}

Test(value, a_number_whose_check_digit_fails_is_kept_and_warned_of)
{
	cr_assert(decode_consignment("\"means\":{\"imo\":\"9074728\"},\"containers\":[{\"number\":\"CSQU3054383\"},{\"number\":\"n/a\"}]"));
	cr_expect(tw_slice_is(tw_slice_of(now.event.consignment.means.imo), "9074728"));
	cr_assert_eq(now.event.warnings.count, 2);
	cr_expect(warning_at(0)->kind == TW_WARNING_CHECK_DIGIT && tw_slice_is(warning_at(0)->pointer, "/consignment/means/imo"));
	cr_expect(warning_at(1)->kind == TW_WARNING_CHECK_DIGIT && tw_slice_is(warning_at(1)->pointer, "/consignment/containers/1/number"));
}

/* ---- lists ---- */

Test(value, an_element_that_states_nothing_keeps_its_place)
{
	const struct tw_item *item = decode_item("\"containers\":[null,\"\",7,\"A\"],\"licences\":[null,\"x\",[],{\"number\":\"L\"}]");
	cr_assert(item);
	const struct tw_text *containers = item->containers.data;
	const struct tw_licence *licences = item->licences.data;
	cr_assert(item->containers.count == 4 && item->licences.count == 4);
	cr_expect(!tw_stated(containers[0].span) && !tw_stated(containers[1].span) && !tw_stated(containers[2].span));
	cr_expect(tw_slice_is(tw_slice_of(containers[3]), "A") && tw_slice_is(tw_slice_of(licences[3].number), "L"));
	cr_expect_eq(now.event.warnings.count, 3);
	cr_expect(tw_slice_is(warning_at(0)->pointer, "/consignment/items/0/containers/2"));
	cr_expect(tw_slice_is(warning_at(2)->pointer, "/consignment/items/0/licences/2"));
	cr_expect(tw_slice_is(span_text(warning_at(2)->span), "[]"));
}

Test(value, lists_inside_elements_survive_the_growth_of_the_outer_list)
{
	char members[4096] = "\"parties\":[", one[128];
	for (int i = 0; i < 40; i++) {
		snprintf(one, sizeof(one), "%s{\"name\":\"P%d\",\"ids\":[{\"value\":\"a%d\"},{\"value\":\"b%d\"}]}", i ? "," : "", i, i, i);
		strcat(members, one);
	}
	strcat(members, "]");
	const struct tw_consignment *consignment = decode_consignment(members);
	cr_assert(consignment && consignment->parties.count == 40);
	const struct tw_party *parties = consignment->parties.data;
	for (int i = 0; i < 40; i++) {
		snprintf(one, sizeof(one), "b%d", i);
		cr_expect(tw_slice_is(tw_slice_of(((const struct tw_id *)parties[i].ids.data)[1].value), one));
	}
}

Test(value, a_list_at_its_bound_is_taken_and_one_element_more_names_which_and_how_many)
{
	char *members = tw_arena_alloc_raw(&now.arena, 8192);
	for (uint32_t more = 0; more < 2; more++) {
		strcpy(members, "\"route\":[{}");
		for (uint32_t i = 1; i < TW_LEGS_MAX + more; i++) {
			strcat(members, ",{}");
		}
		strcat(members, "]");
		cr_assert((decode_consignment(members) != NULL) == (more == 0));
	}
	cr_expect_eq(now.reject.reason, TW_REJECT_LIMIT);
	cr_expect(tw_slice_is(now.reject.detail, "/consignment/route/64 is one more than the 64 route that are allowed"), "%s",
	          now.reject.detail.ptr);
}

Test(value, a_mebibyte_of_empty_elements_is_refused_before_it_fills_the_arena)
{
	char *members = tw_arena_alloc_raw(&now.arena, TW_EVENT_BYTES_MAX), *at = members;
	at = stpcpy(at, "\"markings\":[{}");
	for (uint32_t i = 1; i < 300000; i++) {
		bool full = i % 19999 == 0;
		at = stpcpy(at, full ? "]},{\"line\":1,\"description\":\"d\",\"markings\":[{}" : ",{}");
	}
	stpcpy(at, "]");
	size_t before = tw_arena_held(&now.arena);
	cr_expect(decode_item(members) == NULL);
	cr_expect(now.reject.reason == TW_REJECT_LIMIT && now.reject.pointer.len > strlen("/consignment/items/0/markings/"));
	cr_expect_lt(tw_arena_held(&now.arena) - before, 48U << 20);
}

/* ---- warnings ---- */

Test(value, warnings_past_their_bound_are_counted)
{
	char members[4096] = "\"containers\":[7";
	for (uint32_t i = 1; i < TW_WARNINGS_MAX + 5; i++) {
		strcat(members, ",7");
	}
	strcat(members, "]");
	cr_assert(decode_item(members));
	cr_expect_eq(now.event.warnings.count, TW_WARNINGS_MAX);
	cr_expect_eq(now.event.warnings_dropped, 5);
}

Test(value, an_ill_typed_object_is_passed_over_and_what_follows_is_read)
{
	cr_assert(decode_consignment("\"office\":{\"x\":[{\"y\":[1,2]}],\"z\":\"\\\"}\"},\"manifest\":\"M1\""));
	one_warning(TW_WARNING_ILL_TYPED, "/consignment/office", "{\"x\":[{\"y\":[1,2]}],\"z\":\"\\\"}\"}");
	cr_expect(tw_slice_is(tw_slice_of(now.event.consignment.manifest), "M1"));
}
