/* Outputs kept for later: copies, in order, within a bound. */
#include "engine/run/kept.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

Test(kept, keeps_copies_in_order_and_forgets_them)
{
	struct tw_kept kept;
	char key[] = "K1", value[] = "V1", name[] = "ce_id", words[] = "w";
	struct tw_header headers[] = {{tw_slice_str(name), tw_slice_str(words)}, {tw_slice_str(name), {"", 0}}};
	struct tw_output output = {
	    .kind = TW_OUTPUT_HOLD, .key = tw_slice_str(key), .value = tw_slice_str(value), .headers = headers, .header_count = 2, .origin = {3, 77}};
	struct tw_output bare = {.kind = TW_OUTPUT_DEAD_LETTER, .key = {NULL, 0}, .value = tw_slice_str("x")};
	tw_kept_init(&kept);
	cr_assert(tw_kept_add(&kept, &output));
	memset(key, '!', 2);
	memset(value, '!', 2);
	memset(name, '!', 5);
	memset(headers, 0, sizeof(headers));
	cr_assert(tw_kept_add(&kept, &bare));
	const struct tw_output *got = kept.outputs.data;
	cr_assert_eq(kept.outputs.count, 2);
	cr_expect(got[0].kind == TW_OUTPUT_HOLD && tw_slice_is(got[0].key, "K1") && tw_slice_is(got[0].value, "V1") && got[0].origin.offset == 77);
	cr_expect(got[0].header_count == 2 && tw_slice_is(got[0].headers[0].name, "ce_id") && tw_slice_is(got[0].headers[0].value, "w"));
	cr_expect_eq(got[0].headers[1].value.len, 0);
	cr_expect(got[1].kind == TW_OUTPUT_DEAD_LETTER && got[1].key.ptr == NULL && tw_slice_is(got[1].value, "x"));
	tw_kept_clear(&kept);
	cr_expect_eq(kept.outputs.count, 0);
	tw_kept_fini(&kept);
}

Test(kept, says_that_there_is_no_room_and_holds_what_it_has)
{
	struct tw_kept kept;
	uint32_t length = 1024U * 1024U;
	char *bytes = calloc(length, 1);
	struct tw_output large = {.kind = TW_OUTPUT_DEAD_LETTER, .value = {bytes, length}};
	uint32_t count = 0;
	tw_kept_init(&kept);
	while (tw_kept_add(&kept, &large)) {
		count++;
		cr_assert_lt(count, 1000, "no bound");
	}
	cr_expect_geq(count, 8, "a batch of dead letters would hardly be kept at all");
	cr_expect_eq(kept.outputs.count, count);
	cr_expect_leq(tw_arena_held(&kept.arena), TW_KEPT_BYTES_MAX);
	tw_kept_clear(&kept);
	cr_expect(tw_kept_add(&kept, &large), "cleared, but still full");
	tw_kept_fini(&kept);
	free(bytes);
}
