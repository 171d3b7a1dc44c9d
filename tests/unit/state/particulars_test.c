/**
 * @file particulars_test.c
 * What a sighting says, there and back; and bytes that are none.
 */
#include "engine/state/particulars.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

Test(particulars, are_read_as_they_were_written)
{
	struct tw_arena arena;
	struct tw_particulars said = {.of = {{NULL, 0}}}, back = said;
	tw_arena_init(&arena, 4096, 0);
	said.of[TW_PARTICULAR_MODEL] = tw_slice_str("M7");
	said.of[TW_PARTICULAR_EVENT_ID] = tw_slice_str("evt-1");
	struct tw_slice bytes = tw_particulars_write(tw_slice_str("x"), &said, &arena);
	cr_assert_eq(bytes.len, 1 + 4 + 7);
	tw_particulars_read((struct tw_slice){bytes.ptr + 1, bytes.len - 1}, &back);
	for (uint32_t i = 1; i <= TW_PARTICULARS; i++) {
		cr_expect(tw_slice_equal(said.of[i], back.of[i]), "particular %u", i);
	}
	cr_expect_eq(tw_particulars_write((struct tw_slice){"", 0}, &(struct tw_particulars){.of = {{NULL, 0}}}, &arena).len, 0);
	tw_arena_fini(&arena);
}

Test(particulars, long_texts_are_cut_between_characters)
{
	char long_text[TW_PARTICULAR_BYTES + 9];
	struct tw_arena arena;
	struct tw_particulars said = {.of = {{NULL, 0}}}, back = said;
	tw_arena_init(&arena, 4096, 0);
	memset(long_text, 'a', sizeof(long_text));
	memcpy(long_text + TW_PARTICULAR_BYTES - 1, "\xC3\xA9", 2);
	said.of[TW_PARTICULAR_MODEL] = (struct tw_slice){long_text, sizeof(long_text)};
	tw_particulars_read(tw_particulars_write((struct tw_slice){"", 0}, &said, &arena), &back);
	cr_expect_eq(back.of[TW_PARTICULAR_MODEL].len, TW_PARTICULAR_BYTES - 1);
	tw_arena_fini(&arena);
}

Test(particulars, reading_is_safe_on_any_bytes)
{
	static const char bytes[] = {2, 2, 'M', '7', 99, 1, 'x', 3, 9, 'y'};
	for (uint32_t length = 0; length <= sizeof(bytes); length++) {
		struct tw_particulars back = {.of = {{NULL, 0}}};
		tw_particulars_read((struct tw_slice){bytes, length}, &back);
		cr_expect_eq(back.of[TW_PARTICULAR_MODEL].len, length >= 4 ? 2U : 0U, "%u bytes", length);
		cr_expect_eq(back.of[TW_PARTICULAR_CALIBRE].len, 0, "%u bytes", length);
	}
}

Test(particulars, a_full_arena_refuses)
{
	struct tw_arena full;
	struct tw_particulars said = {.of = {{NULL, 0}}};
	said.of[TW_PARTICULAR_MODEL] = tw_slice_str("a model whose name does not fit in there");
	tw_arena_init(&full, 16, 16);
	cr_expect_null(tw_particulars_write((struct tw_slice){"", 0}, &said, &full).ptr);
	tw_arena_fini(&full);
}
