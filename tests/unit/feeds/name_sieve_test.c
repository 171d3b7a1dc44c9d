/** @file name_sieve_test.c  Every way of sieving gives the scalar answer, at every edge of a register; and what a posting costs, by hand. */
#include "feeds/name_sieve.h"

#include <criterion/criterion.h>
#include <string.h>

#include "feeds/name_index.h"
#include "tests/reference/dice.h"

#define POSTINGS 90U

static struct dice dice;

/* A quarter of the bits, as words have. */
static uint32_t random_letters(void)
{
	uint32_t one = dice_below(&dice, 1U << 24);
	return one & dice_below(&dice, 1U << 24);
}

static uint64_t letters(const char *word)
{
	uint64_t set = 0;
	for (; *word; word++) {
		set |= UINT64_C(1) << (*word - 'a');
	}
	return set << TW_POSTING_LETTERS_AT;
}

static uint64_t posting(uint32_t form, const char *word, uint64_t weight)
{
	return weight / TW_POSTING_WEIGHT << TW_POSTING_WEIGHT_AT | letters(word) | form;
}

static void make_sieve(struct tw_name_sieve *sieve)
{
	*sieve = (struct tw_name_sieve){
	    .count = dice_below(&dice, TW_SIEVE_WORDS_MAX + 1), .weight = dice_below(&dice, 4000), .each = dice_below(&dice, 900000)};
	for (uint32_t w = 0; w < sieve->count; w++) {
		sieve->word[w].wanted = (uint64_t)random_letters() << TW_POSTING_LETTERS_AT;
		for (uint32_t lacking = 1; lacking < TW_SIEVE_LACKING; lacking++) {
			sieve->word[w].cost[lacking] = sieve->word[w].cost[lacking - 1] + dice_below(&dice, 400000000);
		}
	}
	sieve->most = (int64_t)dice_below(&dice, 1U << 20) * 4096;
}

Test(name_sieve, every_way_gives_the_scalar_answer)
{
	static uint64_t postings[POSTINGS + TW_SCAN_PADDING];
	static int32_t gains[POSTINGS + TW_SCAN_PADDING];
	uint32_t expected[POSTINGS], got[POSTINGS];
	uint32_t kept = 0, asked = 0;
	struct tw_name_sieve sieve;
	dice = dice_of_seed(3);
	for (uint32_t i = 0; i < POSTINGS + TW_SCAN_PADDING; i++) {
		postings[i] = (uint64_t)dice_below(&dice, 64) << TW_POSTING_WEIGHT_AT |
		              (uint64_t)(dice_below(&dice, 1U << 24) | dice_below(&dice, 1U << 24) << 2) << TW_POSTING_LETTERS_AT |
		              dice_below(&dice, UINT32_MAX);
		gains[i] = (int32_t)dice_below(&dice, 1U << 30) - (1 << 29);
	}
	for (uint32_t round = 0; round < 3000; round++) {
		uint32_t from = dice_below(&dice, 20), count = dice_below(&dice, POSTINGS - 20);
		make_sieve(&sieve);
		const int32_t *gain = round % 2 ? gains + from : NULL;
		uint32_t found = tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings + from, gain, count, expected);
		kept += found;
		asked += count;
		for (uint32_t scan = 1; scan < TW_NAME_SCANS; scan++) {
			if (tw_name_scan_has((enum tw_name_scan)scan)) {
				cr_assert_eq(tw_name_sieve((enum tw_name_scan)scan, &sieve, postings + from, gain, count, got), found);
				cr_assert_eq(memcmp(got, expected, found * sizeof(got[0])), 0);
			}
		}
	}
	cr_expect_gt(kept, asked / 20);
	cr_expect_lt(kept, asked - asked / 20);
}

Test(name_sieve, a_posting_costs_what_its_letters_lack_and_its_weight_is_over)
{
	const uint64_t postings[3 + TW_SCAN_PADDING] = {posting(7, "quil", 0), posting(8, "qui", 0), posting(9, "quil", 1280)};
	struct tw_name_sieve sieve = {.count = 1, .most = 4, .weight = 1270, .each = 1};
	uint32_t out[3];
	sieve.word[0] = (struct tw_name_sieve_word){.wanted = letters("quil"), .cost = {0, 5, 50, 50, 50, 50, 50, 50}};
	cr_expect_eq(tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings, NULL, 3, out), 1u);
	cr_expect_eq(out[0], 0u);
	sieve.most = 5;
	cr_expect_eq(tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings, NULL, 3, out), 2u);
	cr_expect_eq(out[1], 1u);
	sieve.most = 10;
	cr_expect_eq(tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings, NULL, 3, out), 3u);
	cr_expect_eq(out[2], 2u);
	cr_expect_eq(tw_name_posting_weight(postings[out[2]]), 1280u);
	cr_expect_eq(tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings, NULL, 0, out), 0u);
}

Test(name_sieve, a_posting_may_cost_what_it_gains_more)
{
	const uint64_t postings[3 + TW_SCAN_PADDING] = {posting(7, "quil", 0), posting(8, "qui", 0), posting(9, "qui", 0)};
	const int32_t gain[3 + TW_SCAN_PADDING] = {-5, 1, 0};
	struct tw_name_sieve sieve = {.count = 1, .most = 4, .weight = 1270, .each = 1};
	uint32_t out[3];
	sieve.word[0] = (struct tw_name_sieve_word){.wanted = letters("quil"), .cost = {0, 5, 50, 50, 50, 50, 50, 50}};
	cr_expect_eq(tw_name_sieve(TW_SCAN_SCALAR, &sieve, postings, gain, 3, out), 1u);
	cr_expect_eq(out[0], 1u);
}

Test(name_sieve, every_way_meets_the_same_masks)
{
	uint32_t masks[TW_SIEVE_LANES], met = 0;
	int32_t spare[TW_SIEVE_SPARE];
	dice = dice_of_seed(9);
	for (uint32_t round = 0; round < 3000; round++) {
		uint32_t wanted = random_letters();
		for (uint32_t i = 0; i < TW_SIEVE_LANES; i++) {
			masks[i] = i % 3 ? dice_below(&dice, 1U << 24) : wanted ^ (1U << dice_below(&dice, 32));
		}
		for (uint32_t lacking = 0; lacking < TW_SIEVE_SPARE; lacking++) {
			spare[lacking] = (int32_t)dice_below(&dice, 8) - 1;
		}
		uint32_t expected = tw_name_sieve_masks(TW_SCAN_SCALAR, masks, wanted, spare);
		met += expected != 0;
		for (uint32_t scan = 1; scan < TW_NAME_SCANS; scan++) {
			if (tw_name_scan_has((enum tw_name_scan)scan)) {
				cr_assert_eq(tw_name_sieve_masks((enum tw_name_scan)scan, masks, wanted, spare), expected);
			}
		}
	}
	cr_expect_gt(met, 1000u);
	cr_expect_lt(met, 3000u);
}

Test(name_sieve, a_mask_that_lacks_more_letters_than_any_word_may_is_refused)
{
	const uint32_t masks[TW_SIEVE_LANES] = {0xFFFFU, 0x1FFFFU, 0};
	int32_t spare[TW_SIEVE_SPARE] = {1};
	cr_expect_eq(tw_name_sieve_masks(TW_SCAN_SCALAR, masks, 0xFFFFU, spare), 3u);
	spare[0] = 0;
	cr_expect_eq(tw_name_sieve_masks(TW_SCAN_SCALAR, masks, 0xFFFFU, spare), 1u);
}
