/** @file address_test.c  Addresses as two papers write them: which are one place, and which are not. */
#include "feeds/address.h"

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

TestSuite(address, .init = setup, .fini = teardown);

static int32_t compare(const char *a, const char *b)
{
	int32_t there = tw_address_compare(tw_slice_str(a), tw_slice_str(b), &arena);
	cr_assert_eq(there, tw_address_compare(tw_slice_str(b), tw_slice_str(a), &arena), "%s | %s: either way", a, b);
	return there;
}

Test(address, an_address_is_itself_in_any_case_order_and_punctuation)
{
	cr_assert_eq(compare("14 Wharf Lane, Kestrel Bay", "KESTREL BAY; WHARF LANE 14"), 1000000);
	cr_assert_eq(compare("Unit 4, 017 Quay St., Portmoor", "17-4 Quay Street, PORTMOOR"),
	             compare("17-4 Quay Street, PORTMOOR", "Unit 4, 017 Quay St., Portmoor"));
	cr_assert_eq(compare("17th Quay Ave.", "17 quay avenue"), 1000000);
}

Test(address, usual_abbreviations_parts_left_out_and_typos_are_one_place)
{
	cr_assert_geq(compare("Bldg 3, Fl. 2, 14 Wharf Rd, Kestrel Bay", "Building 3, Floor 2, 14 Wharf Road, Kestrel Bay"), 1000000);
	cr_assert_geq(compare("14 Wharf Lane, Kestrel Bay", "Heron House, 14 Wharf Lane, Kestrel Bay, 20110, Nowhere Province"), TW_ADDRESS_PPM_MIN);
	cr_assert_geq(compare("14 Wharf Lane, Kestrel Bay", "14 Whraf Lane, Kestrel Bay"), TW_ADDRESS_PPM_MIN);
	cr_assert_lt(compare("14 Wharf Lane, Kestrel Bay", "14 Whraf Lane, Kestrel Bay"), 1000000);
}

Test(address, another_house_or_postcode_is_another_address)
{
	cr_assert_eq(compare("14 Wharf Lane, Kestrel Bay", "16 Wharf Lane, Kestrel Bay"), 0);
	cr_assert_lt(compare("14 Wharf Lane, Kestrel Bay 20110", "16 Wharf Lane, Kestrel Bay 20110"), TW_ADDRESS_PPM_MIN);
	cr_assert_geq(compare("14 Wharf Lane, Kestrel Bay 20110", "14 Wharf Lane, Kestrel Bay"), TW_ADDRESS_PPM_MIN, "silence does not contradict");
}

Test(address, what_many_addresses_share_is_no_agreement)
{
	cr_assert_eq(compare("Main Street, Kestrel", "Main Street, Portmoor"), 0);
	cr_assert_eq(compare("Industrial Zone, 2nd Floor, Office 5", "Industrial Zone, 2nd Floor, Office 5"), 0, "no word of a place");
	cr_assert_eq(compare("Portmoor", "Portmoor"), 0, "a city alone");
	cr_assert_lt(compare("14 Wharf Lane, Kestrel Bay", "14 Quay Avenue, Portmoor"), TW_ADDRESS_PPM_MIN);
}

Test(address, bytes_that_are_no_text_and_no_memory_agree_with_nothing)
{
	cr_assert_eq(compare("", "14 Wharf Lane, Kestrel Bay"), 0);
	cr_assert_eq(compare("\xff\xfe,,,", "\xff\xfe,,,"), 0);
	struct tw_arena small;
	tw_arena_init(&small, 64, 1);
	struct tw_slice text = tw_slice_str("14 Wharf Lane, Kestrel Bay");
	cr_assert_eq(tw_address_compare(text, text, &small), 0);
	tw_arena_fini(&small);
}

Test(address, words_past_the_bound_are_not_compared)
{
	char many[4096] = "14 Wharf Lane, Kestrel Bay";
	for (uint32_t i = 0; i < 200; i++) {
		memcpy(many + 26 + i * 6, " heron", 7);
	}
	cr_assert_gt(compare(many, "14 Wharf Lane, Kestrel Bay"), 0);
}
