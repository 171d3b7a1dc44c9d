/* The normal form of one text after the other in the same room. */
#include "rules/normal_text.h"

#include <criterion/criterion.h>
#include <stdlib.h>

TestSuite(normal_text);

Test(normal_text, a_text_that_is_its_own_form_has_none)
{
	struct tw_normal_text normal = {0};
	struct tw_slice out = {"x", 1};
	cr_assert(tw_normal_text_of(&normal, tw_slice_str("AK-47"), &out));
	cr_assert_null(out.ptr);
	cr_assert_null(normal.unit, "ASCII needs no room");
	cr_assert(tw_normal_text_of(&normal, tw_slice_str("винтовка"), &out));
	cr_assert_null(out.ptr);
	tw_normal_text_fini(&normal);
}

Test(normal_text, room_grows_with_the_text_and_places_lead_back)
{
	struct tw_normal_text normal = {0};
	struct tw_slice out;
	char *text = malloc(3 * 5000 + 1);
	for (uint32_t i = 0; i < 5000; i++) {
		memcpy(text + 3 * i, "é ", 3);
	}
	cr_assert(tw_normal_text_of(&normal, tw_slice_str("fusil à pompe"), &out));
	cr_assert(tw_slice_is(out, "fusil a pompe"));
	struct tw_span place = tw_normal_text_source(&normal, (struct tw_span){6, 13});
	cr_assert_eq(place.from, 6);
	cr_assert_eq(place.to, 14);
	cr_assert(tw_normal_text_of(&normal, (struct tw_slice){text, 15000}, &out));
	cr_assert_eq(out.len, 10000);
	cr_assert_geq(normal.room, 15000);
	tw_normal_text_fini(&normal);
	cr_assert_null(normal.unit);
	free(text);
}
