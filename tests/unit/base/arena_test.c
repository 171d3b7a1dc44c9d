/**
 * @file arena_test.c
 * engine/base/arena: lifetimes, ceilings, growth.
 */
#include "engine/base/arena.h"

#include <criterion/criterion.h>

Test(arena, gives_zeroed_aligned_memory)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 256, 0);
	for (int i = 1; i < 100; i++) {
		unsigned char *bytes = tw_arena_alloc(&arena, (size_t)i);
		cr_assert_not_null(bytes);
		cr_assert_eq((uintptr_t)bytes % 16, 0);
		for (int k = 0; k < i; k++) {
			cr_assert_eq(bytes[k], 0);
		}
		memset(bytes, 0xff, (size_t)i);
	}
	tw_arena_fini(&arena);
}

Test(arena, holds_no_more_after_a_reset_than_before)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 1024, 0);
	size_t held = 0;
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 50; i++) {
			cr_assert_not_null(tw_arena_alloc(&arena, 100));
		}
		cr_assert_not_null(tw_arena_alloc(&arena, 5000));
		held = round == 0 ? tw_arena_held(&arena) : held;
		cr_assert_eq(tw_arena_held(&arena), held, "a warm arena asks the system for nothing");
		tw_arena_reset(&arena);
	}
	tw_arena_fini(&arena);
}

Test(arena, refuses_past_its_ceiling_and_goes_on_below_it)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 128, 512);
	cr_assert_null(tw_arena_alloc(&arena, 1000));
	cr_assert_null(tw_arena_alloc(&arena, SIZE_MAX));
	cr_assert_not_null(tw_arena_alloc(&arena, 64));
	while (tw_arena_alloc(&arena, 64)) {
		cr_assert_leq(tw_arena_held(&arena), 512);
	}
	tw_arena_reset(&arena);
	cr_assert_not_null(tw_arena_alloc(&arena, 64));
	tw_arena_fini(&arena);
}

Test(arena, rewinds_to_a_mark)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 64, 0);
	char *kept = tw_arena_alloc(&arena, 16);
	memcpy(kept, "kept", 5);
	struct tw_arena_mark mark = tw_arena_mark(&arena);
	char *first = tw_arena_alloc(&arena, 16);
	for (int i = 0; i < 30; i++) {
		cr_assert_not_null(tw_arena_alloc(&arena, 48));
	}
	tw_arena_rewind(&arena, mark);
	cr_assert_eq(tw_arena_alloc(&arena, 16), (void *)first);
	cr_assert_str_eq(kept, "kept");
	tw_arena_fini(&arena);
}

Test(arena, rewinds_to_the_mark_of_an_empty_arena)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 64, 0);
	struct tw_arena_mark mark = tw_arena_mark(&arena);
	void *first = tw_arena_alloc(&arena, 16);
	tw_arena_rewind(&arena, mark);
	cr_assert_eq(tw_arena_alloc(&arena, 16), first);
	tw_arena_fini(&arena);
}

Test(arena, grows_a_list_and_keeps_its_elements)
{
	struct tw_arena arena;
	struct tw_list list = {0};
	tw_arena_init(&arena, 256, 0);
	for (int i = 0; i < 1000; i++) {
		int *element = tw_list_push(&arena, &list, sizeof(int));
		cr_assert_not_null(element);
		cr_assert_eq(*element, 0);
		*element = i;
	}
	cr_assert_eq(list.count, 1000);
	for (int i = 0; i < 1000; i++) {
		cr_assert_eq(((int *)list.data)[i], i);
	}
	tw_arena_fini(&arena);
}

Test(arena, leaves_a_list_as_it_was_when_it_cannot_grow)
{
	struct tw_arena arena;
	struct tw_list list = {0};
	tw_arena_init(&arena, 64, 64);
	uint32_t pushed = 0;
	while (tw_list_push(&arena, &list, 16)) {
		pushed++;
	}
	cr_assert_eq(list.count, pushed);
	cr_assert_gt(pushed, 0);
	tw_arena_fini(&arena);
}

Test(arena, copies_and_formats_with_a_terminator)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 64, 0);
	struct tw_slice copy = tw_arena_copy(&arena, (struct tw_slice){"abcdef", 3});
	cr_assert_str_eq(copy.ptr, "abc");
	struct tw_slice text = tw_arena_format(&arena, "%s-%d", "x", 7);
	cr_assert_str_eq(text.ptr, "x-7");
	cr_assert_eq(text.len, 3);
	tw_arena_fini(&arena);
}
