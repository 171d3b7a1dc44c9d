/** @file address_key_test.c  By which number and word an address is found, and which addresses are not. */
#include "feeds/address_key.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(address_key, .init = setup, .fini = teardown);

static void expect_key(const char *text, const char *town, const char *expected)
{
	struct tw_slice key;
	cr_assert(tw_address_key(tw_slice_str(text), tw_slice_str(town), &arena, &key));
	cr_expect(tw_slice_is(key, expected), "%s: %.*s, not %s", text, (int)key.len, key.ptr, expected);
}

static bool is_asked(const char *text, const char *town, const char *key)
{
	struct tw_address_keys keys;
	cr_assert(tw_address_keys(tw_slice_str(text), tw_slice_str(town), &arena, &keys));
	cr_assert_leq(keys.count, TW_ADDRESS_KEYS_MAX);
	for (uint32_t i = 0; i < keys.count; i++) {
		if (tw_slice_is(keys.key[i], key)) {
			return true;
		}
	}
	return false;
}

Test(address_key, a_listed_address_is_found_by_its_house_and_longest_word_outside_the_town)
{
	expect_key("Unit 4, 017b Quay St., Portmoor 20110", "Portmoor", "17 quay");
	expect_key("Unit 4, 17 Quay St., Portmoor", "", "17 portmoor");
	expect_key("Office No. 5, Heron Tower, Wharf Lane, Portmoor", "Portmoor", "5 heron");
	expect_key("12500 Heron Wharf Lane, Portmoor", "Portmoor", "12500 heron");
	expect_key("P.O. Box 77, 14 Wharf Lane, Kestrel", "Kestrel", "14 wharf");
}

Test(address_key, a_town_a_postcode_or_a_letter_box_alone_is_not_found)
{
	expect_key("", "", "");
	expect_key("Wharf Lane, Portmoor", "Portmoor", "");
	expect_key("20110 Portmoor", "", "");
	expect_key("20110 Portmoor", "Portmoor", "");
	expect_key("14 Portmoor", "", "");
	expect_key("Unit 4, Street 17, Portmoor", "Portmoor", "");
	expect_key("P.O. Box No. 77, Heron Wharf, Portmoor", "Portmoor", "");
	struct tw_address_keys keys = {.count = 9};
	cr_assert(tw_address_keys(tw_slice_str("PO BOX 77, Heron Wharf, Portmoor"), tw_slice_str("Portmoor"), &arena, &keys));
	cr_expect_eq(keys.count, 0u);
	cr_assert(tw_address_keys(tw_slice_str("14 Kestrel Bay"), tw_slice_str("Kestrel Bay"), &arena, &keys));
	cr_expect_eq(keys.count, 0u);
}

Test(address_key, an_address_is_asked_for_by_each_of_its_numbers_and_words)
{
	cr_expect(is_asked("17-4 Quay Street, PORTMOOR 20110", "", "17 quay"));
	cr_expect(is_asked("17-4 Quay Street, PORTMOOR 20110", "Portmoor", "17 portmoor"), "whoever lists it may not tell the town apart");
	cr_expect(is_asked("17-4 Quay Street, PORTMOOR 20110", "", "4 quay"));
	cr_expect_not(is_asked("17-4 Quay Street, PORTMOOR 20110", "", "17 street"));
	cr_expect(is_asked("1 2 3 4 5 6 7 8 9 one two three four five six seven eight", "", "1 three"), "no more than there is room for");
}

Test(address_key, without_memory_there_is_no_answer)
{
	struct tw_arena small;
	struct tw_address_keys keys;
	struct tw_slice key;
	tw_arena_init(&small, 16, 16);
	cr_expect_not(tw_address_key(tw_slice_str("14 Wharf Lane, Kestrel Bay"), tw_slice_str(""), &small, &key));
	cr_expect_not(tw_address_keys(tw_slice_str("14 Wharf Lane, Kestrel Bay"), tw_slice_str(""), &small, &keys));
	tw_arena_fini(&small);
}
