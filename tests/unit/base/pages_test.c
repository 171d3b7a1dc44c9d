/** @file pages_test.c  Memory with large pages is memory like any other, of every size. */
#include "engine/base/pages.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LARGE (2U * 1024 * 1024)

Test(pages, memory_of_every_size_can_be_written_to_its_end)
{
	static const size_t sizes[] = {1, 4096, LARGE - 1, LARGE, LARGE + 1, 3 * (size_t)LARGE + 4097};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *at = tw_pages_alloc(sizes[i]);
		cr_assert_not_null(at);
		memset(at, 7, sizes[i]);
		cr_expect_eq(at[0], 7);
		cr_expect_eq(at[sizes[i] - 1], 7);
		cr_expect(sizes[i] < LARGE || (uintptr_t)at % LARGE == 0, "what has room for a large page begins with one");
		free(at);
	}
}

Test(pages, memory_that_cannot_be_had_is_none)
{
	cr_expect_null(tw_pages_alloc(SIZE_MAX / 2));
}

Test(pages, advice_changes_no_byte_and_is_none_for_none)
{
	size_t bytes = 2 * (size_t)LARGE;
	unsigned char *at = malloc(bytes);
	cr_assert_not_null(at);
	memset(at, 9, bytes);
	tw_pages_large(at + 1, bytes - 1);
	tw_pages_large(at, 1);
	tw_pages_large(NULL, bytes);
	for (size_t i = 0; i < bytes; i += 997) {
		cr_assert_eq(at[i], 9);
	}
	free(at);
}
