/**
 * @file name_alike_test.c
 * Two spellings are one name, two names are not.
 */
#include "feeds/name_alike.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static bool alike(const char *a, const char *b)
{
	struct tw_arena arena;
	bool full = false;
	tw_arena_init(&arena, 65536, 0);
	bool there = tw_name_alike(tw_slice_str(a), tw_slice_str(b), &arena, &full);
	bool back = tw_name_alike(tw_slice_str(b), tw_slice_str(a), &arena, &full);
	tw_arena_fini(&arena);
	cr_expect_not(full);
	cr_expect_eq(there, back, "%s | %s", a, b);
	return there;
}

Test(name_alike, spellings_of_one_name)
{
	cr_expect(alike("Sample Border Guard", "BORDER GUARD, SAMPLE"));
	cr_expect(alike("Samplearms Works a.s.", "Samplearms Works"));
	cr_expect(alike("Sample Border Guard", "Sample Boarder Guard"));
	cr_expect(alike("Youssef Tern", "Yusuf Tern"));
	cr_expect(alike("Ministry of Interior", "Ministry of the Interior"));
}

Test(name_alike, other_names)
{
	cr_expect_not(alike("Sample Border Guard", "Sample Border Police"));
	cr_expect_not(alike("Harbour Trading", "Quill Trading"));
	cr_expect_not(alike("Yusuf Tern", "Yusuf Quill"));
	cr_expect_not(alike("Sample Border Guard", ""));
	cr_expect_not(alike("--", "--"));
}

Test(name_alike, a_full_arena_says_so)
{
	struct tw_arena tiny;
	bool full = false;
	tw_arena_init(&tiny, 16, 16);
	cr_expect_not(tw_name_alike(tw_slice_str("Yusuf Tern"), tw_slice_str("Yusuf Tern"), &tiny, &full));
	cr_expect(full);
	tw_arena_fini(&tiny);
}
