/**
 * @file normal_test.c
 * The normal form of texts: letters, look-alikes, what stands between words, and where each character came from.
 */
#include "engine/base/normal.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "engine/base/text.h"

static struct tw_normal_unit unit[TW_NORMAL_UNITS(256)];
static char normal[TW_NORMAL_BYTES(TW_NORMAL_UNITS(256)) + 1];
static uint32_t count;
static bool changed;

TestSuite(normal);

static const char *form(const char *text)
{
	count = tw_normal_of(tw_slice_str(text), unit, &changed);
	normal[tw_normal_encode(unit, count, normal)] = '\0';
	return normal;
}

#define BECOMES(text, expected)                                                                                                                      \
	do {                                                                                                                                         \
		cr_assert_str_eq(form(text), expected);                                                                                              \
		cr_assert(changed, "%s", text);                                                                                                      \
	} while (0)
#define STAYS(text)                                                                                                                                  \
	do {                                                                                                                                         \
		(void)form(text);                                                                                                                    \
		cr_assert_not(changed, "%s became %s", text, normal);                                                                                \
	} while (0)

Test(normal, ascii_is_its_own_form_to_the_byte)
{
	char text[128] = "";
	for (int c = 1; c < 128; c++) {
		text[c - 1] = (char)c;
	}
	cr_assert_str_eq(form(text), text);
	cr_assert_not(changed);
	cr_assert_str_eq(form(""), "");
}

Test(normal, accents_ligatures_and_wide_forms_go)
{
	BECOMES("Pièces détachées", "Pieces detachees");
	BECOMES("pie\u0300ces", "pieces"); /* a mark of its own */
	BECOMES("Straße, Łódź, Ørsted", "Strasse, lodz, orsted");
	BECOMES("İzmir ısı", "izmir isi");
	BECOMES("ＡＫ－４７", "ak-47");
	BECOMES("ﬁrearm ㎏ № ½", "firearm kg no 1/2");
	BECOMES("𝐫𝐢𝐟𝐥𝐞", "rifle");
	BECOMES("Όπλα", "οπλα");
	BECOMES("أسلحة", "اسلحه");
}

Test(normal, what_stands_between_words_stays_plainly)
{
	BECOMES("AK‑47 – 7,62×39 — “new”", "AK-47 - 7,62x39 - \"new\"");
	BECOMES("canons d’armes «neufs»\u00A0: 3", "canons d'armes \"neufs\" : 3");
	BECOMES("steel… 5′ 6″ −3", "steel... 5' 6\" -3");
	STAYS("price 5 € §3");
}

Test(normal, what_is_not_seen_is_dropped)
{
	BECOMES("ri\u00ADfle am\u200Bmo \u2060gun\uFEFF", "rifle ammo gun");
}

Test(normal, look_alikes_are_read_in_the_script_of_their_word)
{
	BECOMES("RIFL\u0415 b\u0430rrel", "rifle barrel"); /* Cyrillic Е and а */
	BECOMES("\u0410\u041A-47", "ak-47");               /* nothing but look-alikes */
	BECOMES("спускн"
	        "o"
	        "й крючок",
	        "спускной крючок");            /* a Latin o */
	BECOMES("\u03A1\u0399STOL", "pistol"); /* Greek capitals */
	STAYS("спускной крючок");
	STAYS("спускqной");
}

Test(normal, letters_of_other_scripts_are_as_they_are)
{
	STAYS("їжак, йод");
	BECOMES("Ґанок", "ганок");
	BECOMES("пулемёт", "пулемет");
	BECOMES("и\u0306од", "йод"); /* in two characters */
	BECOMES("пулеме\u0308т", "пулемет");
	BECOMES("ви\u0301нтовка", "винтовка"); /* a stress mark */
	STAYS("步枪零件");
	STAYS("한국어");
	BECOMES("\u1112\u1161\u11AB", "한");
	STAYS("ガン");
	BECOMES("カ\u3099ン", "ガン");
	STAYS("ปืน บริษัท");
	STAYS("हथियार");
}

Test(normal, letters_that_differ_in_case_alone_are_no_change)
{
	STAYS("ПУЛЯ Цех");
	cr_assert_str_eq(form("ПУЛЯ"), "пуля");
}

Test(normal, ill_formed_bytes_are_blanks)
{
	BECOMES("gun\xFFs", "gun s");
	BECOMES("gun\xC3", "gun ");
}

static void source_is(const char *text, const char *part, const char *expected)
{
	const char *at = strstr(form(text), part);
	cr_assert(at, "%s in %s", part, normal);
	uint32_t from = (uint32_t)(at - normal);
	struct tw_span span = tw_normal_source(unit, count, (struct tw_span){from, from + (uint32_t)strlen(part)});
	cr_assert_eq(span.to - span.from, strlen(expected), "%u to %u", span.from, span.to);
	cr_assert_eq(memcmp(text + span.from, expected, strlen(expected)), 0, "%s: %u to %u", text, span.from, span.to);
}

Test(normal, every_part_points_to_the_bytes_that_it_stands_for)
{
	source_is("deux pièces d’armes", "pieces", "pièces");
	source_is("deux pièces d’armes", "d'armes", "d’armes");
	source_is("a b\u0430rrel of oil", "barrel", "b\u0430rrel");
	source_is("ri\u00ADfle", "rifle", "ri\u00ADfle");
	source_is("xﬁy", "i", "ﬁ"); /* a part of a ligature is all of it */
	source_is("pie\u0300ces", "e", "e\u0300");
	struct tw_span none = tw_normal_source(unit, count, (struct tw_span){2, 2});
	cr_assert_eq(none.to, none.from);
}

/* Every character there is: it fits the room, and the form of the form is the form. */
Test(normal, the_form_of_any_character_fits_and_is_its_own_form)
{
	static struct tw_normal_unit again[TW_NORMAL_UNITS(256)];
	for (int32_t code = 0x80; code < 0x20000; code++) {
		char text[8];
		if (code >= 0xD800 && code < 0xE000) {
			continue;
		}
		struct tw_normal_unit one = {.code = code};
		struct tw_slice source = {text, tw_normal_encode(&one, 1, text)};
		count = tw_normal_of(source, unit, &changed);
		cr_assert_leq(count, TW_NORMAL_UNITS(source.len));
		struct tw_slice first = {normal, tw_normal_encode(unit, count, normal)};
		cr_assert(tw_utf8_valid(first, NULL), "U+%04X", (unsigned)code);
		uint32_t twice = tw_normal_of(first, again, &changed);
		cr_assert_eq(twice, count, "U+%04X", (unsigned)code);
		for (uint32_t i = 0; i < count; i++) {
			cr_assert_eq(again[i].code, unit[i].code, "U+%04X", (unsigned)code);
		}
	}
}
