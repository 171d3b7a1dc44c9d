/**
 * @file flat_test.c
 * engine/decode/flat: one object's own members as texts.
 */
#include "engine/decode/flat.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static const char *const names[] = {"name", "id"};

static enum tw_code flat(const char *line, struct tw_arena *arena, struct tw_slice out[2])
{
	struct tw_error err;
	tw_arena_init(arena, 4096, 0);
	return tw_flat_read(tw_slice_str(line), names, 2, arena, out, &err);
}

Test(flat, reads_the_wanted_members_and_passes_over_the_others)
{
	struct tw_arena arena;
	struct tw_slice out[2];
	cr_assert_eq(flat("{\"x\":{\"name\":\"no\",\"id\":[1]},\"id\":17.50,\"y\":[true,null],\"name\":\"Ada \\u00c9\"}", &arena, out), TW_OK);
	cr_assert(tw_slice_is(out[0], "Ada É"));
	cr_assert(tw_slice_is(out[1], "17.50"));
	tw_arena_fini(&arena);
}

Test(flat, gives_what_is_absent_or_null_as_empty)
{
	struct tw_arena arena;
	struct tw_slice out[2];
	cr_assert_eq(flat("{\"name\":null}", &arena, out), TW_OK);
	cr_assert(out[0].len == 0 && out[1].len == 0);
	tw_arena_fini(&arena);
}

Test(flat, refuses_what_is_not_one_object_of_texts)
{
	static const struct {
		const char *line;
		enum tw_code code;
	} cases[] = {{"", TW_E_SYNTAX},
	             {"[]", TW_E_SYNTAX},
	             {"\"a\"", TW_E_SYNTAX},
	             {"1", TW_E_SYNTAX},
	             {"null", TW_E_SYNTAX},
	             {"true", TW_E_SYNTAX},
	             {"{\"name\":\"a\"", TW_E_SYNTAX},
	             {"{\"name\":\"a\"} x", TW_E_SYNTAX},
	             {"{\"name\":{}}", TW_E_TYPE},
	             {"{\"name\":[]}", TW_E_TYPE},
	             {"{\"name\":false}", TW_E_TYPE},
	             {"{\"id\":1,\"id\":1}", TW_E_CONFLICT}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_arena arena;
		struct tw_slice out[2];
		cr_expect_eq(flat(cases[i].line, &arena, out), cases[i].code, "%s", cases[i].line);
		tw_arena_fini(&arena);
	}
}

Test(flat, says_memory_at_the_arenas_ceiling)
{
	struct tw_arena arena;
	struct tw_slice out[2];
	tw_arena_init(&arena, 16, 16);
	cr_assert_eq(
	    tw_flat_read(tw_slice_str("{\"name\":\"a name that is longer than all the room there is for it in here\"}"), names, 2, &arena, out, NULL),
	    TW_E_MEMORY);
	tw_arena_fini(&arena);
}
