/**
 * @file text_test.c
 * engine/base/text: folding, reduced alphabets, UTF-8 validity.
 */
#include "engine/base/text.h"

#include <criterion/criterion.h>

#include "engine/base/arena.h"

static struct tw_arena arena;

static void setup(void)
{
	tw_arena_init(&arena, 4096, 0);
}

static void teardown(void)
{
	tw_arena_fini(&arena);
}

TestSuite(text, .init = setup, .fini = teardown);

static const char *folded(const char *text)
{
	return tw_text_fold(tw_slice_str(text), &arena).ptr;
}

Test(text, folds_case_accents_and_punctuation)
{
	cr_assert_str_eq(folded("Al-Saláam & Co."), "al salaam co");
	cr_assert_str_eq(folded("  MÜLLER   GmbH  "), "muller gmbh");
	cr_assert_str_eq(folded("ﬁne ＡＢＣ①"), "fine abc1");
	cr_assert_str_eq(folded("STRASSE straße"), "strasse strasse");
	cr_assert_str_eq(folded("ООО «Ромашка»"), "ооо ромашка");
	cr_assert_str_eq(folded("!!! --- "), "");
	cr_assert_str_eq(folded(""), "");
}

Test(text, gives_one_answer_for_composed_and_decomposed_text)
{
	cr_assert_str_eq(folded("J\u00c9R\u00d4ME"), folded("JE\u0301RO\u0302ME"));
	cr_assert_str_eq(folded("soft\u00adhyphen zero\u200bwidth"), "softhyphen zerowidth");
}

Test(text, folds_ascii_as_the_general_path_would)
{
	static const struct {
		struct tw_slice (*of)(struct tw_slice text, struct tw_arena *arena);
		uint32_t more; /* an e behind it, and the space before that */
	} folds[] = {{tw_text_fold, 2}, {tw_text_alnum, 1}, {tw_text_confusable, 1}};
	for (int c = 1; c < 0x80; c++) {
		const char ascii[] = {'x', (char)c, 'Y', '\0'};
		const char mixed[] = {'x', (char)c, 'Y', ' ', '\xc3', '\xa9', '\0'};
		for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
			struct tw_slice plain = folds[i].of(tw_slice_str(ascii), &arena), general = folds[i].of(tw_slice_str(mixed), &arena);
			cr_assert_eq(general.len, plain.len + folds[i].more, "byte %02x: '%s' and '%s'", (unsigned)c, plain.ptr, general.ptr);
			cr_assert_eq(memcmp(plain.ptr, general.ptr, plain.len), 0, "byte %02x", (unsigned)c);
		}
	}
}

Test(text, takes_ill_formed_bytes_for_separators)
{
	cr_assert_str_eq(folded("a\xff\xfe"
	                        "b"),
	                 "a b");
	cr_assert_str_eq(folded("cut\xc3"), "cut");
}

Test(text, reduces_numbers_to_letters_and_digits)
{
	cr_assert_str_eq(tw_text_alnum(tw_slice_str("QZ/MOD/2026/00417"), &arena).ptr, "QZMOD202600417");
	cr_assert_str_eq(tw_text_alnum(tw_slice_str(" ab 01417 "), &arena).ptr, "AB01417");
	cr_assert_str_eq(tw_text_alnum(tw_slice_str("№ 12-а"), &arena).ptr, "NO12А");
}

Test(text, makes_look_alikes_one)
{
	const char *latin = tw_text_confusable(tw_slice_str("AB 0I417 SZ"), &arena).ptr;
	cr_assert_str_eq(latin, "A801417"
	                        "52");
	cr_assert_str_eq(tw_text_confusable(tw_slice_str("АВ О1417 52"), &arena).ptr, latin, "Cyrillic А, В, О");
	cr_assert_str_eq(tw_text_confusable(tw_slice_str("ab-oL417-sz"), &arena).ptr, latin);
	cr_assert_str_neq(tw_text_confusable(tw_slice_str("AC 01417 52"), &arena).ptr, latin);
}

Test(text, finds_the_first_bad_byte)
{
	uint32_t at = 99;
	cr_assert(tw_utf8_valid(tw_slice_str("plain, ünï, 漢字, 😀"), &at));
	cr_assert_eq(at, 99);
	cr_assert_not(tw_utf8_valid(tw_slice_str("ab\xc0\xaf"), &at));
	cr_assert_eq(at, 2);
	cr_assert_not(tw_utf8_valid(tw_slice_str("\xed\xa0\x80"), NULL), "a lone surrogate");
	cr_assert_not(tw_utf8_valid(tw_slice_str("\xf4\x90\x80\x80"), NULL), "past U+10FFFF");
}

Test(text, packs_country_codes_and_refuses_other_text)
{
	cr_assert_eq(tw_country_code(tw_slice_str("za")), ('Z' << 8 | 'A'));
	cr_assert_eq(tw_country_code(tw_slice_str(" ZA ")), ('Z' << 8 | 'A'));
	cr_assert_eq(tw_country_code(tw_slice_str("ZAF")), 0);
	cr_assert_eq(tw_country_code(tw_slice_str("Z1")), 0);
	cr_assert_eq(tw_country_code(tw_slice_str("")), 0);
}

Test(text, gives_the_letters_of_a_country_code)
{
	char letters[TW_COUNTRY_BYTES] = "??";
	struct tw_slice shown = tw_country_letters(tw_country_code(tw_slice_str(" za")), letters);
	cr_assert(tw_slice_is(shown, "ZA") && shown.ptr == letters && strcmp(letters, "ZA") == 0);
	shown = tw_country_letters(0, letters);
	cr_assert(shown.len == 0 && shown.ptr == letters && letters[0] == '\0');
}

Test(text, says_so_when_the_arena_is_full)
{
	struct tw_arena small;
	tw_arena_init(&small, 64, 64);
	char long_text[256];
	memset(long_text, 'x', sizeof(long_text));
	cr_assert_null(tw_text_fold((struct tw_slice){long_text, sizeof(long_text)}, &small).ptr);
	tw_arena_fini(&small);
}
