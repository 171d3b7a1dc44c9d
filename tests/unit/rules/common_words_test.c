/**
 * @file common_words_test.c
 * Which words are common, whole or as the beginning of another.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "rules/common_words.h"

static uint32_t bits(const char *word, bool whole)
{
	size_t length = strlen(word);
	return tw_common_word_bits(word, length < TW_COMMON_WORD_BYTES ? (uint32_t)length : TW_COMMON_WORD_BYTES, whole);
}

Test(common_words, a_word_is_common_as_it_stands_in_the_table)
{
	cr_assert_eq(bits("of", true), 1);
	cr_assert_eq(bits("parts", true), 4);
	cr_assert_eq(bits("machinery", true), bits("machinery", false), "eight bytes of it");
	cr_assert_lt(bits("machinery", true), TW_COMMON_WORD_NONE);
	cr_assert_eq(bits("rifle", true), TW_COMMON_WORD_NONE);
	cr_assert_eq(bits("zzz", true), TW_COMMON_WORD_NONE);
	cr_assert_eq(bits("!", true), TW_COMMON_WORD_NONE, "before the first");
	cr_assert_eq(bits("part", true), TW_COMMON_WORD_NONE, "no word that is common itself");
}

Test(common_words, the_beginning_of_a_word_is_as_common_as_the_commonest_that_begins_so)
{
	cr_assert_eq(bits("part", false), bits("parts", true));
	cr_assert_eq(bits("mach", false), bits("machines", true) < bits("machine", true) ? bits("machines", true) : bits("machine", true));
	cr_assert_eq(bits("rifl", false), TW_COMMON_WORD_NONE);
}

Test(common_words, each_is_found_by_itself_whatever_its_place_in_the_table)
{
	static const char *const some[] = {"0", "and", "yarn", "zinc", "whether", "containi", "textiles", "textile"};
	for (uint32_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		cr_assert_lt(bits(some[i], true), TW_COMMON_WORD_NONE, "%s", some[i]);
	}
}
