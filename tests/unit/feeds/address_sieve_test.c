/** @file address_sieve_test.c  What the sieve keeps out, and that it keeps out nothing that is there. */
#include "feeds/address_sieve.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/address_key.h"

static struct tw_address_sieve sieve;

static void setup(void)
{
	cr_assert(tw_address_sieve_init(&sieve, 2));
	tw_address_sieve_add(&sieve, tw_slice_str("17 quay"));
	tw_address_sieve_add(&sieve, tw_slice_str("0 heron"));
}

static void teardown(void)
{
	tw_address_sieve_fini(&sieve);
}

TestSuite(address_sieve, .init = setup, .fini = teardown);

static bool passes(const char *text, const char *town)
{
	return tw_address_sieve_passes(&sieve, tw_slice_str(text), tw_slice_str(town));
}

Test(address_sieve, a_number_and_a_word_of_one_key_pass_however_they_are_written)
{
	cr_expect(passes("Unit 4, 017B QUAY St., Portmoor", ""));
	cr_expect(passes("17", "Quay"), "one in the text, one in the town");
	cr_expect(passes("00 Heron", ""));
}

Test(address_sieve, what_has_not_both_does_not_pass)
{
	cr_expect_not(passes("", ""));
	cr_expect_not(passes("17", ""));
	cr_expect_not(passes("Quay Street, Portmoor", ""));
	cr_expect_not(passes("18 Quay Street", "Portmoor"));
	cr_expect_not(passes("17 Quayside", "Portmoor"));
	cr_expect_not(passes("17 Heron Lane", "Portmoor"));
	cr_expect_not(passes("17abc Quay", ""), "three letters: a word");
}

Test(address_sieve, what_is_not_plain_or_too_long_passes_unread)
{
	cr_expect(passes("18 Quäy Street", ""));
	cr_expect(passes("18 Fisher's Row", ""));
	cr_expect(passes("18 Row", "P. O."), "single letters in a row are one word");
	cr_expect(passes("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 18 19 20 21 22 23 24 25 26 Row", ""));
}

/* Every address of a seeded thousand has its own key in the sieve. */
Test(address_sieve, every_key_that_an_address_is_asked_by_passes)
{
	static const char *const streets[] = {"Quay St.", "Old Heron Road", "WHARF LANE", "7th Tern Avenue"};
	struct tw_arena arena;
	struct tw_address_sieve all;
	tw_arena_init(&arena, 65536, 0);
	cr_assert(tw_address_sieve_init(&all, 1000));
	for (int round = 0; round < 2; round++) {
		for (uint32_t i = 0; i < 1000; i++) {
			struct tw_slice key,
			    text = tw_arena_format(&arena, "Unit %u, %03u%s %s, Kestrel Bay", i % 9, i, i % 3 ? "" : "a", streets[i % 4]);
			cr_assert(tw_address_key(text, tw_slice_str(""), &arena, &key));
			cr_assert(key.len);
			if (round == 0) {
				tw_address_sieve_add(&all, key);
			} else {
				cr_expect(tw_address_sieve_passes(&all, text, tw_slice_str("")), "%s", text.ptr);
			}
		}
	}
	tw_address_sieve_fini(&all);
	tw_arena_fini(&arena);
}
