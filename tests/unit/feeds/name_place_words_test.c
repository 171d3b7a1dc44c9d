/** @file name_place_words_test.c  Which words of firms are places. */
#include "feeds/name_place_words.h"

#include <criterion/criterion.h>

Test(name_place_words, countries_and_towns_are_places_and_other_words_are_not)
{
	static const char *const places[] = {"dubai", "iran", "russian", "moscow", "hk", "zurich", "afghanistan", "eastern", "north"};
	static const char *const others[] = {"quill", "easter", "trading", "dubais", "", "iranquill"};
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		cr_expect(tw_name_is_place(tw_slice_str(places[i])), "%s", places[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		cr_expect_not(tw_name_is_place(tw_slice_str(others[i])), "%s", others[i]);
	}
}
