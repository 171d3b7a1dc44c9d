/** @file name_test.c  Which spellings are one name, and which are not. */
#include "feeds/name.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(name, .init = setup, .fini = teardown);

static struct tw_slice key_of(const char *text, enum tw_name_domain domain)
{
	struct tw_name_tokens tokens;
	struct tw_slice key;
	cr_assert(tw_name_split(tw_slice_str(text), &arena, &tokens));
	cr_assert(tw_name_key(&tokens, domain, &arena, &key));
	return key;
}

static void expect_key(const char *text, enum tw_name_domain domain, const char *key)
{
	struct tw_slice got = key_of(text, domain);
	cr_expect(tw_slice_is(got, key), "%s became \"%.*s\", expected \"%s\"", text, (int)got.len, got.ptr, key);
}

static void expect_organisation(const char *text, const char *key)
{
	expect_key(text, TW_NAME_OF_ORGANISATION, key);
}

Test(name, word_order_case_accents_and_punctuation_do_not_count)
{
	expect_key("AL-SALAM, Yusuf", TW_NAME_OF_PERSON, "p al salam yusuf");
	expect_key("Yúsuf al Salam", TW_NAME_OF_PERSON, "p al salam yusuf");
	expect_key("  yusuf / SALAM .. al ", TW_NAME_OF_PERSON, "p al salam yusuf");
}

Test(name, tokens_count_as_often_as_they_stand)
{
	expect_key("Ali Ali Hassan", TW_NAME_OF_PERSON, "p ali ali hassan");
	expect_key("Ali Hassan", TW_NAME_OF_PERSON, "p ali hassan");
}

Test(name, apostrophes_of_every_kind_join)
{
	const char *spellings[] = {"Al-Qa'ida", "Al-Qa’ida", "Al-Qa‘ida", "Al-Qa`ida", "Al-Qaʿida", "Al-Qaʼida", "Al-Qaida"};
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		expect_organisation(spellings[i], "o al qaida");
	}
}

Test(name, an_ampersand_is_and)
{
	expect_organisation("Sand & Swan Navigation Co. Ltd.", "o and navigation sand swan");
	expect_organisation("SAND AND SWAN NAVIGATION", "o and navigation sand swan");
	expect_organisation("Meier & Co. KG", "o meier");
	expect_organisation("Meier GmbH und Co KG", "o meier");
}

Test(name, company_forms_of_many_laws_are_taken_off_the_end)
{
	const char *spellings[] = {
	    "QUILL LTD",
	    "Quill Limited",
	    "Quill L.L.C.",
	    "Quill, Inc.",
	    "Quill Co., Ltd.",
	    "Quill GmbH",
	    "Quill AG",
	    "Quill S.A.",
	    "QUILL S A",
	    "Quill S.A.R.L.",
	    "Quill S.p.A.",
	    "Quill B.V.",
	    "Quill N.V.",
	    "Quill AB",
	    "Quill A/S",
	    "Quill Oy",
	    "Quill Sdn. Bhd.",
	    "Quill Pte Ltd",
	    "Quill Pty. Ltd.",
	    "Quill (Pvt) Ltd",
	    "Quill FZE",
	    "Quill FZ-LLC",
	    "Quill DMCC",
	    "Quill Est.",
	    "Quill W.L.L.",
	    "Quill San. ve Tic. Ltd. Sti.",
	    "Quill Sanayi ve Ticaret Limited Şirketi",
	    "Quill S.A. de C.V.",
	    "Quill S. de R.L. de C.V.",
	    "Quill sp. z o.o.",
	    "Quill spol. s r.o.",
	    "Quill Corporation",
	    "Quill PJSC",
	    "Quill Joint Stock Company",
	    "Quill Limited Liability Company",
	    "Quill d.o.o.",
	    "Quill Y CIA LTDA",
	};
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		expect_organisation(spellings[i], "o quill");
	}
}

Test(name, some_company_forms_lead)
{
	const char *spellings[] = {"OOO Quill",
	                           "O.O.O. \"Quill\"",
	                           "PT Quill",
	                           "PT. Quill",
	                           "JSC Quill",
	                           "Limited Liability Company Quill",
	                           "Public Joint Stock Company Quill",
	                           "UAB Quill"};
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		expect_organisation(spellings[i], "o quill");
	}
	expect_organisation("ООО Гамма", "o гамма");
}

Test(name, a_form_in_the_middle_or_a_short_one_in_front_is_part_of_the_name)
{
	expect_organisation("Quill Limited Edition", "o edition limited quill");
	expect_organisation("As Salam Quill", "o as quill salam");
	expect_organisation("Co Quill Trading", "o co quill trading");
}

Test(name, a_persons_name_keeps_every_word)
{
	expect_key("IYAD AG GHALI", TW_NAME_OF_PERSON, "p ag ghali iyad");
	expect_key("Kim Sa", TW_NAME_OF_PERSON, "p kim sa");
}

Test(name, initials_in_a_row_are_one_token_and_leave_the_form_behind_them)
{
	expect_key("J. P. Quill", TW_NAME_OF_PERSON, "p jp quill");
	expect_key("JP Quill", TW_NAME_OF_PERSON, "p jp quill");
	expect_organisation("Quill X S.A.", "o quill x");
	expect_organisation("Quill X, S.A.R.L.", "o quill x");
}

Test(name, an_abbreviation_with_stops_is_one_word_and_its_letters_no_company_form)
{
	expect_organisation("C.A.D. S.A.", "o cad");
	expect_organisation("CAD SA", "o cad");
	expect_organisation("Y.A.S. CO LTD.", "o yas");
	expect_organisation("K.A.S.", "o kas");
	expect_organisation("K A S", "o kas");
	expect_organisation("Quill K.A.S.", "o kas quill");
	expect_key("J.Quill", TW_NAME_OF_PERSON, "p j quill");
}

Test(name, a_ships_prefix_does_not_count)
{
	expect_key("M/V Tern", TW_NAME_OF_VESSEL, "v tern");
	expect_key("MT TERN", TW_NAME_OF_VESSEL, "v tern");
	expect_key("TERN", TW_NAME_OF_VESSEL, "v tern");
	expect_key("SS MS", TW_NAME_OF_VESSEL, "");
	expect_key("Tern Co", TW_NAME_OF_VESSEL, "v co tern");
}

Test(name, domains_never_meet)
{
	expect_key("Tern Quill", TW_NAME_OF_PERSON, "p quill tern");
	expect_key("Tern Quill", TW_NAME_OF_ORGANISATION, "o quill tern");
	expect_key("Tern Quill", TW_NAME_OF_VESSEL, "v quill tern");
	expect_key("EP-GOM", TW_NAME_OF_AIRCRAFT, "A ep gom");
}

Test(name, a_name_that_says_nothing_has_no_key)
{
	const char *nothing[] = {"", "   ", "...", "Co., Ltd.", "S.A.", "XY", "X Y", "Li Ltd", "LLC LLC", "Joint Stock Company", "李明"};
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		expect_organisation(nothing[i], "");
	}
	expect_organisation("XYZ", "o xyz");
}

Test(name, a_name_of_too_many_tokens_has_no_key)
{
	char text[4 * TW_NAME_TOKENS_MAX + 8] = "";
	for (int i = 0; i <= TW_NAME_TOKENS_MAX; i++) {
		memcpy(text + 3 * i, "ab ", 4);
	}
	expect_key(text, TW_NAME_OF_PERSON, "");
}

Test(name, other_scripts_are_names_too)
{
	expect_key("صدام حسين", TW_NAME_OF_PERSON, "p حسين صدام");
	expect_key("حسين صدام", TW_NAME_OF_PERSON, "p حسين صدام");
}

Test(name, an_arena_at_its_ceiling_is_said)
{
	struct tw_arena small;
	tw_arena_init(&small, 16, 16);
	struct tw_name_tokens tokens;
	cr_expect_not(tw_name_split(tw_slice_str("a name that does not fit"), &small, &tokens));
	cr_expect_not(tw_name_split(tw_slice_str("it's a name that does not fit"), &small, &tokens));
	tw_arena_fini(&small);
	tw_arena_init(&small, 64, 64);
	struct tw_slice key;
	cr_assert(tw_name_split(tw_slice_str("sixteen bytes.."), &small, &tokens));
	cr_assert(tw_arena_alloc_raw(&small, 32));
	cr_expect_not(tw_name_key(&tokens, TW_NAME_OF_PERSON, &small, &key));
	tw_arena_fini(&small);
}
