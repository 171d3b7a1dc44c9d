/* The closest known word, or none when nothing is close. */
#include "engine/run/nearest.h"

#include <criterion/criterion.h>

Test(nearest, counts_edits)
{
	cr_assert(tw_edit_distance("", "") == 0 && tw_edit_distance("abc", "") == 3 && tw_edit_distance("", "ab") == 2);
	cr_assert(tw_edit_distance("kafka", "kafak") == 1, "a swap is one edit");
	cr_assert(tw_edit_distance("kitten", "sitting") == 3);
	cr_assert(tw_edit_distance("batch.events", "batch.event") == 1);
}

Test(nearest, takes_words_that_are_too_long_as_far_apart)
{
	char lengthy[70];
	memset(lengthy, 'a', 64);
	lengthy[64] = '\0';
	cr_assert(tw_edit_distance(lengthy, lengthy) == 1000);
}

Test(nearest, offers_the_closest_and_the_first_of_equals_and_nothing_far)
{
	struct tw_nearest nearest = {0};
	tw_nearest_offer(&nearest, "scren", "top");
	cr_assert(nearest.word == NULL);
	tw_nearest_offer(&nearest, "scren", "screen");
	tw_nearest_offer(&nearest, "scren", "scron");
	cr_assert_str_eq(nearest.word, "screen");
}
