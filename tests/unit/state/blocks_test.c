/** @file blocks_test.c  Blocks keep apart, come back, and are as large as they say. */
#include "engine/state/blocks.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

static struct tw_blocks blocks;

static void teardown(void)
{
	tw_blocks_fini(&blocks);
}

TestSuite(blocks, .fini = teardown);

static unsigned char *taken(size_t bytes, size_t *got)
{
	unsigned char *block = tw_blocks_take(&blocks, bytes, got);
	cr_assert_not_null(block);
	cr_assert_geq(*got, bytes);
	cr_assert_eq((uintptr_t)block % 16, 0u);
	return block;
}

Test(blocks, a_block_is_as_large_as_asked_and_less_than_a_quarter_larger)
{
	for (size_t bytes = 1; bytes <= TW_BLOCK_BYTES_MAX; bytes += bytes < 1024 ? 1 : 97) {
		size_t got = 0;
		unsigned char *block = taken(bytes, &got);
		memset(block, 0xEE, got);
		cr_expect(bytes <= TW_BLOCK_BYTES_MIN ? got == TW_BLOCK_BYTES_MIN : got * 4 < bytes * 5, "%zu bytes got %zu", bytes, got);
	}
}

Test(blocks, no_two_blocks_share_a_byte)
{
	enum { COUNT = 3000 };
	static unsigned char *block[COUNT];
	static size_t got[COUNT];
	for (uint32_t i = 0; i < COUNT; i++) {
		block[i] = taken((i * 37) % 1500, &got[i]);
		memset(block[i], (int)(i % 251), got[i]);
	}
	for (uint32_t i = 0; i < COUNT; i++) {
		cr_expect(block[i][0] == i % 251 && block[i][got[i] - 1] == i % 251, "block %u", i);
	}
}

Test(blocks, what_was_given_back_serves_the_next_of_its_size_and_no_other)
{
	size_t got, other;
	void *first = taken(200, &got);
	tw_blocks_give(&blocks, first, got);
	cr_expect_neq((void *)taken(100, &other), first);
	cr_expect_eq((void *)taken(200, &other), first);
	cr_expect_neq((void *)taken(200, &other), first);
	tw_blocks_give(&blocks, NULL, 0);
}

Test(blocks, a_block_past_the_largest_class_is_exact_and_may_be_given_back_in_any_order)
{
	size_t got[3];
	void *block[3];
	for (uint32_t i = 0; i < 3; i++) {
		block[i] = taken(TW_BLOCK_BYTES_MAX + 1 + i, &got[i]);
		memset(block[i], 0x55, got[i]);
		cr_expect_eq(got[i], TW_BLOCK_BYTES_MAX + 1 + i);
	}
	tw_blocks_give(&blocks, block[1], got[1]);
	tw_blocks_give(&blocks, block[2], got[2]);
	cr_expect_eq(((unsigned char *)block[0])[got[0] - 1], 0x55);
}

Test(blocks, more_than_there_is_gets_null_and_changes_nothing)
{
	size_t got = 7;
	cr_expect_null(tw_blocks_take(&blocks, SIZE_MAX, &got));
	cr_expect_eq(got, 7u);
}
