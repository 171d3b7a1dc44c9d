/** @file list_text_test.c  What issuers pack into one text, and what must stay whole. */
#include "feeds/list_text.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"
#include "feeds/lists.h"

static struct tw_arena arena;
static struct tw_list_parts parts;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(list_text, .init = setup, .fini = teardown);

static void expect_names(const char *text, uint32_t count, const char *const *names)
{
	cr_assert(tw_list_names_in(tw_slice_str(text), &arena, &parts));
	cr_assert_eq(parts.count, count, "%s holds %u", text, parts.count);
	for (uint32_t i = 0; i < count; i++) {
		cr_expect(tw_slice_is(parts.part[i], names[i]), "part %u of %s is \"%.*s\"", i, text, (int)parts.part[i].len, parts.part[i].ptr);
	}
}

#define NAMES(...)                                                                                                                                   \
	(sizeof((const char *[]){__VA_ARGS__}) / sizeof(char *)), (const char *[])                                                                   \
	{                                                                                                                                            \
		__VA_ARGS__                                                                                                                          \
	}

Test(list_text, one_name_stays_one)
{
	expect_names("  Quill  ", NAMES("Quill"));
	expect_names("ADF/NALU", NAMES("ADF/NALU"));
	expect_names("Leader (Hong Kong) International", NAMES("Leader (Hong Kong) International"));
	expect_names("LINE (ABL) LTD", NAMES("LINE (ABL) LTD"));
	expect_names("an (unclosed bracket", NAMES("an (unclosed bracket"));
	expect_names("華信船務(香港)有限公司", NAMES("華信船務(香港)有限公司"));
}

Test(list_text, semicolons_spaced_slashes_and_letters_with_a_bracket_part_names)
{
	expect_names("A One; B Two;", NAMES("A One", "B Two"));
	expect_names("HARAKAT UL-MUJAHIDIN / HUM", NAMES("HARAKAT UL-MUJAHIDIN", "HUM"));
	expect_names("Mohammed Sabet; Mohammad Sabet b) M. Javad Sabet", NAMES("Mohammed Sabet", "Mohammad Sabet", "M. Javad Sabet"));
	expect_names("a) Quill", NAMES("Quill"));
	expect_names("LACS (CAGL) ; LAKES (GLBC)", NAMES("LACS (CAGL)", "LAKES (GLBC)"));
}

Test(list_text, a_bracket_in_another_script_or_with_several_names_stands_apart)
{
	expect_names("Jin Tiesan (金铁三)", NAMES("Jin Tiesan", "金铁三"));
	expect_names("أنصار الشريعة (Ansar al Charia)", NAMES("أنصار الشريعة", "Ansar al Charia"));
	expect_names("حسن غول (Hassan Ghul; Hassan Gul)", NAMES("حسن غول", "Hassan Ghul", "Hassan Gul"));
	expect_names("Abubakar (original script: Абубакар)", NAMES("Abubakar", "Абубакар"));
	expect_names("X y (HTS) (هيئة (original script); X z; W)", NAMES("X y (HTS)", "هيئة", "X z", "W"));
}

Test(list_text, a_bracket_that_only_names_the_script_is_no_name)
{
	expect_names("ፍትዊ (Tigrinya)", NAMES("ፍትዊ (Tigrinya)"));
}

Test(list_text, a_birth_behind_a_name_is_a_note)
{
	expect_names("Safia Al-Hadad, born 1 Jan. 1953 (Oman passport no.03825239)", NAMES("Safia Al-Hadad"));
}

Test(list_text, nothing_but_punctuation_holds_no_name)
{
	expect_names("", 0, NULL);
	expect_names(" ; / ()", 0, NULL);
	expect_names("((((((((a;b))))))))", 0, NULL);
}

Test(list_text, more_parts_than_anybody_lists_are_said)
{
	char text[2 * TW_LIST_PARTS_MAX + 3];
	for (size_t i = 0; i < sizeof(text); i++) {
		text[i] = i % 2 ? ';' : 'a';
	}
	cr_assert(tw_list_names_in((struct tw_slice){text, sizeof(text)}, &arena, &parts));
	cr_expect(parts.overflow);
	cr_expect_eq(parts.count, (uint32_t)TW_LIST_PARTS_MAX);
}

Test(list_text, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 16, 16);
	cr_expect_not(tw_list_names_in(tw_slice_str("a name of some length"), &small, &parts));
	cr_expect_null(tw_list_squeeze(tw_slice_str("a name of some length"), &small).ptr);
	cr_expect_null(tw_list_unabbreviated(tw_slice_str("ALPHA BETA LINE (ABL)"), &small).ptr);
	tw_arena_fini(&small);
}

static void expect_unabbreviated(const char *text, const char *expected)
{
	struct tw_slice got = tw_list_unabbreviated(tw_slice_str(text), &arena);
	cr_expect(tw_slice_is(got, expected), "%s became \"%.*s\"", text, (int)got.len, got.ptr);
}

Test(list_text, an_issuers_own_abbreviation_is_left_out)
{
	expect_unabbreviated("OCEAN MARITIME MANAGEMENT COMPANY, LIMITED (OMM)", "OCEAN MARITIME MANAGEMENT COMPANY, LIMITED  ");
	expect_unabbreviated("NAFTIRAN INTERTRADE CO. (NICO) SARL", "NAFTIRAN INTERTRADE CO.   SARL");
	expect_unabbreviated("Hay’at Tahrir al-Sham (HTS)", "Hay’at Tahrir al-Sham  ");
}

Test(list_text, a_place_or_a_note_in_brackets_is_not_an_abbreviation)
{
	const char *whole[] = {"LA HACIENDA (USA), LLC",
	                       "PIEDMONT (UK) LIMITED",
	                       "JEWELLERY (HK) CO. LIMITED",
	                       "LEADER (HONG KONG) INTERNATIONAL",
	                       "SANTOS, Ahmad (Ahmed)",
	                       "QUILL (XYZ) LTD",
	                       "QUILL (",
	                       "QUILL"};
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		expect_unabbreviated(whole[i], whole[i]);
	}
}

static void expect_number(const char *text, const char *expected)
{
	struct tw_slice got = tw_list_number_in(tw_slice_str(text));
	cr_expect(tw_slice_is(got, expected), "%s gave \"%.*s\"", text, (int)got.len, got.ptr);
}

Test(list_text, a_document_number_is_found_in_its_sentence)
{
	expect_number("1-78-09-44621-80", "1-78-09-44621-80");
	expect_number("D 000933", "D 000933");
	expect_number("CAR diplomatic passport no. D00000898", "D00000898");
	expect_number("Libyan Passport No. 96/184442", "96/184442");
	expect_number("Provisional passport No.: 28642163", "28642163");
	expect_number("Diplomatic Passport: Z30321794", "Z30321794");
	expect_number("381110042 (Expired 25 Jan. 2016)", "381110042");
	expect_number("403062567 (US)", "403062567");
	expect_number("R00012098, South Sudan", "R00012098");
	expect_number("German travel document (“Reiseausweis”) A 0139243", "A 0139243");
	expect_number("Afghan national identification card (tazkira) number 545167", "545167");
	expect_number("Central African Republic armed forces (FACA) Military identification number 911-10-77", "911-10-77");
}

Test(list_text, a_text_without_a_digit_holds_no_number)
{
	expect_number("", "");
	expect_number("Birth certificate", "");
	expect_number("number (none)", "");
}

Test(list_text, blanks_are_trimmed_and_squeezed)
{
	cr_expect(tw_slice_is(tw_list_trim(tw_slice_str(" \t\r\n a b \n")), "a b"));
	cr_expect(tw_slice_is(tw_list_trim(tw_slice_str(" \n")), ""));
	cr_expect(tw_slice_is(tw_list_squeeze(tw_slice_str("  National\n \t Number "), &arena), "National Number"));
	cr_expect(tw_slice_is(tw_list_squeeze(tw_slice_str(""), &arena), ""));
}

Test(list_text, letters_of_another_script_are_foreign_and_accents_are_not)
{
	cr_expect(tw_list_is_foreign(tw_slice_str("Alpha \xd0\x90")), "Cyrillic");
	cr_expect(tw_list_is_foreign(tw_slice_str("\xe9\x87\x91")), "Chinese");
	cr_expect_not(tw_list_is_foreign(tw_slice_str("\xc5\xa0\x65jk \xe2\x80\x9c"
	                                              "Al\xe2\x80\x9d \xe1\xba\xa3")),
	              "Latin with accents, quotation marks");
	cr_expect_not(tw_list_is_foreign((struct tw_slice){"", 0}));
}

Test(list_text, measures_are_read_from_an_issuers_words)
{
	cr_expect_eq(tw_list_measures_in(tw_slice_str("Asset freeze|Targeted arms embargo|TRAVEL BAN")),
	             TW_MEASURE_ASSET_FREEZE | TW_MEASURE_ARMS_EMBARGO | TW_MEASURE_TRAVEL_BAN);
	cr_expect_eq(tw_list_measures_in(tw_slice_str("De-flag; Prohibition of port entry")), TW_MEASURE_SHIPPING);
	cr_expect_eq(tw_list_measures_in(tw_slice_str("Asset freeze|Trust Services Sanctions")), TW_MEASURE_ASSET_FREEZE | TW_MEASURE_OTHER);
	cr_expect_eq(tw_list_measures_in(tw_slice_str(" | ;")), 0u, "blank words order nothing");
}

Test(list_text, imo_numbers_have_their_word_and_seven_digits)
{
	const struct tw_slice text = tw_slice_str("IMO 90747299, IMO number: 9074729 and (IMO9319466), 1234567; IMO");
	uint32_t at = 0;
	cr_expect(tw_slice_is(tw_list_imo_next(text, &at), "9074729"));
	cr_expect(tw_slice_is(tw_list_imo_next(text, &at), "9319466"));
	cr_expect_eq(tw_list_imo_next(text, &at).len, 0u);
	cr_expect_eq(tw_list_imo_next(text, &at).len, 0u, "and stays behind the last");
}

Test(list_text, a_ship_listed_by_number_is_called_by_its_note)
{
	static const char *const cases[][3] = {
	    {"IMO 9074729 (\"ALPHA STAR\")", "ALPHA STAR", "9074729"},
	    {" IMO 9074729 (\"ALPHA \"B\" STAR\") ", "ALPHA \"B\" STAR", "9074729"},
	    {"IMO 9074729", "IMO 9074729", ""},
	    {"IMO 9074729 (\"\")", "IMO 9074729 (\"\")", ""},
	    {"IMO 9074729 (\"ALPHA", "IMO 9074729 (\"ALPHA", ""},
	    {"IMO 907472 (\"ALPHA\")", "IMO 907472 (\"ALPHA\")", ""},
	    {"ALPHA \"IMO\" STAR", "ALPHA \"IMO\" STAR", ""},
	    {"", "", ""},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tw_slice imo, name = tw_list_ship_name(tw_slice_str(cases[i][0]), &imo);
		cr_expect(tw_slice_is(name, cases[i][1]), "%s: %.*s", cases[i][0], (int)name.len, name.ptr);
		cr_expect(tw_slice_is(imo, cases[i][2]), "%s: number %.*s", cases[i][0], (int)imo.len, imo.ptr);
	}
}
