/** @file name_joins_test.c  Words run together or torn apart: which readings the listed names support, and which they do not. */
#include "feeds/name_joins.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/arena.h"

static struct tw_arena arena;
static struct tw_name_index index_;
static struct tw_name_joins joins;
static char text[512];

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name_joins, .init = setup, .fini = teardown);

/* Readings of a name against listed names, "|" between them. */
static const char *readings(enum tw_name_domain domain, const char *const *listed, const char *name)
{
	struct tw_name_source sources[8];
	struct tw_name_tokens tokens;
	uint32_t count = 0, length = 0;
	for (; listed[count]; count++) {
		sources[count] = (struct tw_name_source){tw_slice_str(listed[count]), count};
	}
	cr_assert(tw_name_index_build(&index_, domain, sources, count, &arena));
	cr_assert(tw_name_split(tw_slice_str(name), &arena, &tokens));
	cr_assert(tw_name_joins_make(&index_, NULL, &tokens, &arena, &joins));
	text[0] = '\0';
	for (uint32_t i = 0; i < joins.count; i++) {
		length += (uint32_t)snprintf(text + length, sizeof(text) - length, "%s%.*s", i ? "|" : "", (int)joins.text[i].len, joins.text[i].ptr);
	}
	return text;
}

static const char *const firms[] = {
    "Quillfeather Bridge Trading Ltd", "Zanzara Holdings of Nowhere", "Heronry Import 7", "Marlin Foods", "Tintagel Foods", NULL};

Test(name_joins, a_word_is_two_where_a_listed_name_has_both)
{
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "QUILLFEATHERBRIDGE TRADING"), "quillfeather bridge trading");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "Heronry Import7"), "heronry import 7");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "Quillfeather Bridge TradingLtd"), "quillfeather bridge trading ltd");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "ZANZARAHLDGS"), "zanzara hldgs", "an abbreviation is the word it stands for");
}

Test(name_joins, two_words_are_one_where_the_index_knows_it)
{
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "QUILL FEATHER BRIDGE"), "quillfeather bridge");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "Zanzara Holdings Limi ted"), "zanzara holdings limited",
	                 "or it is a company form");
}

Test(name_joins, halves_that_no_listed_name_has_together_are_chance)
{
	static const char *const listed[] = {"Mar Quill", "Tin Heron", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_PERSON, listed, "Martin Quill"), "");
	static const char *const both[] = {"Mar Tin", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_PERSON, both, "Martin Quill"), "mar tin quill");
}

Test(name_joins, a_small_word_parts_only_from_a_longer_listed_one_that_is_not_listed_with_it)
{
	static const char *const listed[] = {"Heron of Nowhere", "Herons Quay", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, listed, "Heronof Nowhere"), "heron of nowhere");
	static const char *const known[] = {"Heron of Nowhere", "Heronof", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, known, "Heronof Nowhere"), "");
	static const char *const shorter[] = {"Gull of Nowhere", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, shorter, "Gullof Nowhere"), "");
}

Test(name_joins, a_company_form_parts_from_a_short_listed_word_and_from_another_form)
{
	static const char *const listed[] = {"LLC Gull", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, listed, "LLCGull"), "llc gull");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, listed, "Gull Openjoint Stock Company"), "gull open joint stock company");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, listed, "LLCTern"), "");
	static const char *const persons[] = {"Gull Heron", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_PERSON, persons, "LLCGull Heron"), "");
}

Test(name_joins, a_vessels_numeral_parts_from_its_name)
{
	static const char *const ships[] = {"SEA HERON II", "SEA GULL 7", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_VESSEL, ships, "SEA HERONII"), "sea heron ii");
	cr_assert_str_eq(readings(TW_NAME_OF_VESSEL, ships, "SEA GULL7"), "sea gull 7");
}

Test(name_joins, numbers_stay_as_they_are)
{
	static const char *const ships[] = {"HERON 12", "HERON 1 2", NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_VESSEL, ships, "HERON 1 2"), "");
	cr_assert_str_eq(readings(TW_NAME_OF_VESSEL, ships, "HERON 12"), "");
}

Test(name_joins, initials_are_written_as_they_came)
{
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "X Y Quill Feather"), "x y quillfeather");
}

Test(name_joins, an_ordinary_name_has_none_and_a_hostile_one_a_bounded_number)
{
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, "Kestrel Bay Fisheries"), "");
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, ""), "");
	static const char *const listed[] = {"aa aaa aaaa aaaaa aaaaaa", NULL};
	readings(TW_NAME_OF_PERSON, listed, "aaaaaaaa aaaaaaa aaaaaaaaa aaaaaaa");
	cr_assert_eq(joins.count, TW_NAME_JOINS_MAX);
}

Test(name_joins, a_name_of_too_many_words_or_an_empty_index_has_none)
{
	static const char *const none[] = {NULL};
	cr_assert_str_eq(readings(TW_NAME_OF_PERSON, none, "Quill Feather"), "");
	char many[1024] = "";
	for (uint32_t i = 0; i <= TW_NAME_TOKENS_MAX; i++) {
		memcpy(many + i * 14, "quill feather ", 15);
	}
	cr_assert_str_eq(readings(TW_NAME_OF_ORGANISATION, firms, many), "");
}

Test(name_joins, no_memory_is_said)
{
	struct tw_arena small;
	struct tw_name_tokens tokens;
	readings(TW_NAME_OF_ORGANISATION, firms, "");
	cr_assert(tw_name_split(tw_slice_str("QUILLFEATHERBRIDGE"), &arena, &tokens));
	tw_arena_init(&small, 64, 1);
	cr_assert_not(tw_name_joins_make(&index_, NULL, &tokens, &small, &joins));
	tw_arena_fini(&small);
}
