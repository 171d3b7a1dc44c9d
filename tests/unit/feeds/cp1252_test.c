/** @file cp1252_test.c  Every byte of Windows-1252 that is a character, and those that are none. */
#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/cp1252.h"

static struct tw_arena arena;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(cp1252, .init = setup, .fini = teardown);

Test(cp1252, letters_of_all_three_lengths_become_utf8)
{
	struct tw_list_file file = {"list.csv", tw_slice_str("Quill \xc9t\xe9 \x80 \x93x\x94 \x9e\xff\n")};
	struct tw_slice out;
	cr_assert_eq(tw_cp1252_decode(&file, &arena, &out, &err), TW_OK);
	cr_expect(tw_slice_is(out, "Quill \xc3\x89t\xc3\xa9 \xe2\x82\xac \xe2\x80\x9cx\xe2\x80\x9d \xc5\xbe\xc3\xbf\n"));
}

Test(cp1252, a_byte_that_is_no_character_is_refused_with_its_line)
{
	static const char *const none[] = {"\x81", "\x8d", "\x8f", "\x90", "\x9d"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct tw_slice text = tw_arena_format(&arena, "one\ntwo\n%s", none[i]), out;
		struct tw_list_file file = {"list.csv", text};
		cr_expect_eq(tw_cp1252_decode(&file, &arena, &out, &err), TW_E_SYNTAX);
		cr_expect_str_eq(err.where, "list.csv:3");
	}
}

Test(cp1252, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 64, 64);
	char text[256];
	memset(text, 'x', sizeof(text));
	struct tw_list_file file = {"list.csv", {text, sizeof(text)}};
	struct tw_slice out;
	cr_expect_eq(tw_cp1252_decode(&file, &small, &out, &err), TW_E_MEMORY);
	tw_arena_fini(&small);
}
