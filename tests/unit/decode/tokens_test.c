/**
 * @file tokens_test.c
 * Events that are read without yajl against the same ones read by it. A form feed before an event is a blank to yajl, and odd to tokens.c: so both
 * are read by the same decoder, and whatever differs is a fault, in what is taken as in what is refused, and where.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "engine/event/shape.h"
#include "tests/unit/decode/decoding.h"

TestSuite(tokens, .init = decoding_init, .fini = decoding_fini, .timeout = 120);

#define HEAD "{\"id\":\"e1\",\"type\":\"consignment.cancelled\",\"time\":\"2026-03-02T08:14:00Z\",\"source\":\"s\","

struct read {
	enum tw_code code;
	struct tw_event event;
	struct tw_reject reject;
};

static void same_span(struct tw_span plain, struct tw_span shifted)
{
	bool both = tw_stated(plain) == tw_stated(shifted);
	cr_assert(both && (!tw_stated(plain) || (plain.from + 1 == shifted.from && plain.to + 1 == shifted.to)));
}

static void same_text(const struct tw_text *plain, const struct tw_text *shifted)
{
	cr_assert(tw_slice_equal(tw_slice_of(*plain), tw_slice_of(*shifted)));
}

static void same_object(const struct tw_shape *shape, const char *plain, const char *shifted);

static void same_list(const struct tw_field *field, const struct tw_list *plain, const struct tw_list *shifted)
{
	cr_assert_eq(plain->count, shifted->count);
	for (uint32_t i = 0; i < plain->count; i++) {
		if (field->kind == TW_FIELD_TEXTS) {
			same_text((const struct tw_text *)plain->data + i, (const struct tw_text *)shifted->data + i);
			same_span(((const struct tw_text *)plain->data)[i].span, ((const struct tw_text *)shifted->data)[i].span);
		} else {
			size_t at = (size_t)i * field->shape->size;
			same_object(field->shape, (const char *)plain->data + at, (const char *)shifted->data + at);
		}
	}
}

static void same_field(const struct tw_field *field, const char *plain, const char *shifted)
{
	const void *a = plain + field->offset, *b = shifted + field->offset;
	switch (tw_field_form(field->kind)) {
	case TW_FORM_TEXT:
		same_text(a, b);
		break;
	case TW_FORM_AMOUNT:
		cr_assert_eq(((const struct tw_amount *)a)->e4, ((const struct tw_amount *)b)->e4);
		break;
	case TW_FORM_COUNT:
		cr_assert_eq(((const struct tw_count *)a)->value, ((const struct tw_count *)b)->value);
		break;
	case TW_FORM_CHOICE:
		cr_assert_eq(((const struct tw_choice *)a)->value, ((const struct tw_choice *)b)->value);
		break;
	case TW_FORM_DATE:
		cr_assert_eq(((const struct tw_date *)a)->day, ((const struct tw_date *)b)->day);
		break;
	case TW_FORM_INSTANT:
		cr_assert_eq(((const struct tw_instant *)a)->ms, ((const struct tw_instant *)b)->ms);
		break;
	case TW_FORM_FLAG:
		cr_assert_eq(((const struct tw_flag *)a)->value, ((const struct tw_flag *)b)->value);
		break;
	case TW_FORM_OBJECT:
		same_object(field->shape, a, b);
		return;
	case TW_FORM_OBJECTS:
	case TW_FORM_TEXTS:
		same_list(field, a, b);
		return;
	}
	same_span(tw_field_span(field, plain), tw_field_span(field, shifted));
}

static void same_object(const struct tw_shape *shape, const char *plain, const char *shifted)
{
	for (uint32_t i = 0; i < shape->field_count; i++) {
		same_field(&shape->fields[i], plain, shifted);
	}
}

static void same_event(enum tw_family family, const struct tw_event *plain, const struct tw_event *shifted)
{
	const struct tw_warning *a = plain->warnings.data, *b = shifted->warnings.data;
	cr_assert_eq(plain->warnings.count, shifted->warnings.count);
	cr_assert_eq(plain->unknown_fields, shifted->unknown_fields);
	for (uint32_t i = 0; i < plain->warnings.count; i++) {
		cr_assert(a[i].kind == b[i].kind && tw_slice_equal(a[i].pointer, b[i].pointer));
		same_span(a[i].span, b[i].span);
	}
	same_object(tw_shape_of(family), (const char *)plain, (const char *)shifted);
}

static struct read read_one(enum tw_family family, const char *bytes, size_t size)
{
	enum tw_code code = decode_bytes(family, bytes, size);
	return (struct read){code, now.event, now.reject};
}

/* @return whether it was taken */
static bool same(enum tw_family family, const char *bytes, uint32_t size)
{
	struct tw_arena_mark mark = tw_arena_mark(&now.arena);
	char *shifted = tw_arena_alloc_raw(&now.arena, (size_t)size + 1);
	shifted[0] = '\f';
	memcpy(shifted + 1, bytes, size);
	struct read one = read_one(family, bytes, size), other = read_one(family, shifted, (size_t)size + 1);
	cr_assert_eq(one.code, other.code, "%s, by yajl %s: %.*s", tw_code_name(one.code), tw_code_name(other.code), (int)size, bytes);
	if (one.code == TW_OK) {
		same_event(family, &one.event, &other.event);
	} else {
		bool placed = one.reject.byte + 1 == other.reject.byte || (!one.reject.byte && !other.reject.byte);
		cr_assert(one.reject.reason == other.reject.reason && placed, "%s at %u, by yajl %s at %u: %.*s", tw_reject_name(one.reject.reason),
		          one.reject.byte, tw_reject_name(other.reject.reason), other.reject.byte, (int)size, bytes);
		cr_assert(tw_slice_equal(one.reject.pointer, other.reject.pointer));
	}
	tw_arena_rewind(&now.arena, mark);
	return one.code == TW_OK;
}

Test(tokens, every_fixture_is_what_it_is_to_yajl)
{
	static const char *const folders[] = {"required", "optional", "warned", "refused"};
	uint32_t taken = 0;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		struct tw_list names = fixture_names(folders[i]);
		for (uint32_t k = 0; k < names.count; k++) {
			const char *name = ((const struct tw_slice *)names.data)[k].ptr;
			struct tw_slice bytes = fixture_read(folders[i], name);
			taken += same(fixture_family(name), bytes.ptr, bytes.len);
		}
	}
	cr_expect_gt(taken, 50);
}

/* An unknown member's value, and its name, may be anything that JSON has. */
Test(tokens, every_kind_of_value_is_what_it_is_to_yajl)
{
	static const char *const sound[] = {"0",
	                                    "-0",
	                                    "-1.50",
	                                    "1e5",
	                                    "1E+5",
	                                    "0.5e-10",
	                                    "123456789012345678901234567890",
	                                    "true",
	                                    "false ",
	                                    "null\t",
	                                    "\"\"",
	                                    "\"a\\\"b\"",
	                                    "\"\\\\\"",
	                                    "\"\\/\\b\\f\\n\\r\\t\"",
	                                    "\"\\u00e9\\u20AC\\u0041\"",
	                                    "\"\\ud83d\\ude00\"",
	                                    "\"z\xC3\xA9\xE2\x82\xAC\"",
	                                    "[]",
	                                    "{}",
	                                    "[ ]",
	                                    "{ }",
	                                    "[[[1,2],[]],{\"a\":[null]}]",
	                                    "{\"a\" : 1 , \"b\" : {\"c\":\"d\"}}",
	                                    " \r\n\t1"};
	static const char *const unsound[] = {
	    "01",           "-",    "1.",        ".5",    "1e",      "1e+",         "+1",          "tru",
	    "truex",        "nul",  "NaN",       "\"",    "\"\\x\"", "\"\\u12\"",   "\"\\u12g4\"", "\"\x01\"",
	    "\"\n\"",       "[1,]", "[,1]",      "[1 2]", "{\"a\"}", "{\"a\":}",    "{a:1}",       "{\"a\":1,}",
	    "{,}",          "[1}",  "{\"a\":1]", "1 2",   "'a'",     "\"\\ud83d\"", "\"\\ude00\"", "\"\\ud83d\\u0041\"",
	    "\"\\ud83dx\"", "[",    "{",         "",      "\"\\",    "/**/1"};
	for (size_t i = 0; i < sizeof(sound) / sizeof(sound[0]); i++) {
		struct tw_slice json = tw_arena_format(&now.arena, HEAD "\"x\":%s,\"consignment\":{\"id\":\"C1\",\"y\":%s}}", sound[i], sound[i]);
		cr_expect(same(TW_FAMILY_MANIFEST, json.ptr, json.len), "%s", sound[i]);
		json = tw_arena_format(&now.arena, HEAD "\"consignment\":{\"id\":%s}}", sound[i]);
		(void)same(TW_FAMILY_MANIFEST, json.ptr, json.len);
		json = tw_arena_format(&now.arena, "%s", sound[i]);
		cr_expect(!same(TW_FAMILY_MANIFEST, json.ptr, json.len), "%s is no event", sound[i]);
	}
	for (size_t i = 0; i < sizeof(unsound) / sizeof(unsound[0]); i++) {
		struct tw_slice json = tw_arena_format(&now.arena, HEAD "\"x\":%s,\"consignment\":{\"id\":\"C1\"}}", unsound[i]);
		cr_expect(!same(TW_FAMILY_MANIFEST, json.ptr, json.len), "%s", unsound[i]);
	}
}

Test(tokens, names_with_escapes_are_the_names_that_they_spell)
{
	static const char json[] = HEAD "\"consi\\u0067nment\":{\"\\u0069d\":\"C\\u0031\"}}";
	cr_expect(same(TW_FAMILY_MANIFEST, json, sizeof(json) - 1));
	cr_assert_eq(decode_text(TW_FAMILY_MANIFEST, json), TW_OK);
	cr_expect(tw_slice_is(tw_slice_of(now.event.consignment.id), "C1"));
}

/* Texts are looked through many bytes at a time: wherever in them something stands that ends or escapes, and however far the event's end is. */
Test(tokens, texts_end_where_they_end_to_yajl_at_any_length_and_place)
{
	static const char *const odd[] = {"a", "\\\"", "\\u0041", "\"", "\x01", "\x1f", "~", "\x7f", "\xC3\xA9", "!", "[", "]"};
	static const char fill[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
	for (int length = 0; length < 40; length++) {
		for (int at = 0; at <= length; at++) {
			for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
				const char *tail = fill + sizeof(fill) - 1 - (length - at);
				struct tw_slice json =
				    tw_arena_format(&now.arena, HEAD "\"consignment\":{\"id\":\"%.*s%s%s\"}}", at, fill, odd[i], tail);
				bool sound = odd[i][0] != '"' && (unsigned char)odd[i][0] >= ' ';
				cr_expect_eq(same(TW_FAMILY_MANIFEST, json.ptr, json.len), sound, "%s", json.ptr);
			}
		}
	}
}

/* Cut anywhere, and with any of the bytes that mean something put anywhere. */
Test(tokens, what_is_damaged_is_refused_where_yajl_refuses_it)
{
	static const char *const names[] = {"manifest-escapes.json", "manifest-arrived.json", "decision-full.json"};
	static const char signs[] = "\"\\{}[],:0e-.u\x01 \x80\n";
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		struct tw_slice whole = fixture_read("optional", names[n]);
		char *bytes = malloc(whole.len);
		memcpy(bytes, whole.ptr, whole.len);
		for (uint32_t i = 0; i < whole.len; i++) {
			(void)same(fixture_family(names[n]), whole.ptr, i);
			for (size_t k = 0; k < sizeof(signs) - 1; k++) {
				bytes[i] = signs[k];
				(void)same(fixture_family(names[n]), bytes, whole.len);
			}
			bytes[i] = whole.ptr[i];
		}
		free(bytes);
	}
}
