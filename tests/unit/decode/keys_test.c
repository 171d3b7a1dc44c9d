/**
 * @file keys_test.c
 * Member names: known ones are found in every shape, unknown ones are never stated twice, names in pointers are escaped and bounded.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include <tidewaiter/limits.h>

#include "engine/decode/decoder.h"
#include "tests/unit/decode/decoding.h"

TestSuite(keys, .init = decoding_init, .fini = decoding_fini);

/* All ways to read a short name must agree. */
static int find(const struct tw_shape_index *index, const char *name)
{
	char roomy[64];
	uint32_t len = (uint32_t)strlen(name);
	memset(roomy, 'x', sizeof(roomy));
	memcpy(roomy, name, len);
	int found = tw_shape_index_find(now.decoder, index, (struct tw_slice){roomy, len});
	if (len <= TW_NAME_WORDS_BYTES) {
		cr_expect_eq(tw_shape_index_find_short(now.decoder, index, name, len, false), found, "%s", name);
		cr_expect_eq(tw_shape_index_find_short(now.decoder, index, roomy, len, true), found, "%s", name);
	}
	return found;
}

Test(keys, every_member_of_every_shape_is_found_and_near_misses_are_not)
{
	uint32_t members = 0;
	for (uint32_t i = 0; i < now.decoder->shape_count; i++) {
		const struct tw_shape_index *index = &now.decoder->shapes[i];
		for (uint32_t k = 0; k < index->shape->field_count; k++, members++) {
			const char *name = index->shape->fields[k].name;
			uint32_t len = (uint32_t)strlen(name);
			char other[64];
			if (index->shape->fields[k].derived) {
				cr_expect_eq(find(index, name), -1, "%s.%s is no member of the JSON", index->shape->name, name);
				continue;
			}
			cr_expect_eq(find(index, name), (int)k, "%s.%s", index->shape->name, name);
			snprintf(other, sizeof(other), "%s_", name);
			cr_expect_eq(find(index, other), -1, "%s.%s", index->shape->name, other);
			snprintf(other, sizeof(other), "%s", name);
			other[len - 1] = '#';
			cr_expect_eq(find(index, other), -1, "%s.%s", index->shape->name, other);
			snprintf(other, sizeof(other), "%s", name);
			other[len / 2] = '#';
			cr_expect_eq(find(index, other), -1, "%s.%s", index->shape->name, other);
			snprintf(other, sizeof(other), "%s", name);
			other[len - 1] = '\0';
			cr_expect(find(index, other) != (int)k, "%s.%s", index->shape->name, other);
		}
		cr_expect_eq(find(index, ""), -1);
	}
	cr_expect_gt(members, 150);
}

Test(keys, an_unknown_member_may_stand_once_in_each_object_but_not_twice_in_one)
{
	cr_expect(decode_consignment("\"a\":1,\"b\":{\"a\":1},\"c\":[{\"a\":1},{\"a\":1}],\"\":0"));
	cr_expect_eq(now.event.unknown_fields, 4);
	cr_expect(decode_consignment("\"a\":1,\"b\":{\"a\":1},\"c\":2,\"a\":null") == NULL);
	cr_expect(now.reject.reason == TW_REJECT_DUPLICATE && tw_slice_is(now.reject.pointer, "/consignment/a"));
	cr_expect(decode_consignment("\"b\":{\"a\":1,\"\\u0061\":1}") == NULL);
	cr_expect(now.reject.reason == TW_REJECT_DUPLICATE && tw_slice_is(now.reject.pointer, "/consignment/b/a"));
}

Test(keys, thousands_of_unknown_members_are_told_apart_and_the_last_one_twice_is_found)
{
	const uint32_t many = 5000;
	char *members = tw_arena_alloc_raw(&now.arena, many * 12 + 64), *at = members;
	for (uint32_t i = 0; i < many; i++) {
		at += sprintf(at, "\"k%u\":0,", i);
	}
	strcpy(at, "\"end\":0");
	cr_assert(decode_consignment(members), "%s", now.error.detail);
	cr_expect_eq(now.event.unknown_fields, many + 1);
	strcpy(at, "\"k4999\":0");
	cr_expect(decode_consignment(members) == NULL && now.reject.reason == TW_REJECT_DUPLICATE);
	cr_expect(decode_consignment("\"k4999\":0"), "the names of one event are forgotten in the next");
}

Test(keys, names_in_pointers_are_escaped_as_the_standard_says)
{
	cr_expect(decode_consignment("\"a~b\":{\"c/d\":[0,{\"e\":1,\"e\":2}]}") == NULL);
	cr_expect(tw_slice_is(now.reject.pointer, "/consignment/a~0b/c~1d/1/e"), "%.*s", (int)now.reject.pointer.len, now.reject.pointer.ptr);
}

Test(keys, a_long_name_in_a_pointer_is_cut_between_characters)
{
	char members[1024] = "\"";
	for (int i = 0; i < 70; i++) {
		strcat(members, "\xe2\x82\xac"); /* three bytes: 200 is inside the 67th */
	}
	strcat(members, "\":{\"k\":1,\"k\":1}");
	cr_expect(decode_consignment(members) == NULL);
	cr_expect_eq(now.reject.pointer.len, strlen("/consignment/") + 66 * 3 + strlen(".../k"));
}

Test(keys, object_numbers_start_again_before_they_run_out)
{
	now.decoder->object_number = UINT32_MAX - TW_EVENT_BYTES_MAX + 1;
	cr_expect(decode_consignment("\"a\":1,\"b\":{\"a\":1}"));
	cr_expect_lt(now.decoder->object_number, 100);
	cr_expect(decode_consignment("\"a\":1,\"a\":1") == NULL);
}
