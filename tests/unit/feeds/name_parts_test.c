/** @file name_parts_test.c  Texts that name two parties, or one twice, and those that only look so. */
#include "feeds/name_parts.h"

#include <criterion/criterion.h>

static void expect(const char *text, enum tw_name_domain domain, const char *first, const char *second)
{
	struct tw_slice parts[TW_NAME_PARTS_MAX] = {{"", 0}, {"", 0}};
	uint32_t count = tw_name_parts(tw_slice_str(text), domain, parts);
	cr_expect_eq(count, second ? 2 : 1, "%s: %u parts", text, count);
	cr_expect(tw_slice_is(parts[0], first), "%s: first \"%.*s\"", text, (int)parts[0].len, parts[0].ptr);
	cr_expect(!second || tw_slice_is(parts[1], second), "%s: second \"%.*s\"", text, (int)parts[1].len, parts[1].ptr);
}

Test(name_parts, a_former_name_stands_apart)
{
	expect("SEA TERN (EX OCEAN QUILL)", TW_NAME_OF_VESSEL, "SEA TERN (", " OCEAN QUILL)");
	expect("Tern Shipping Ltd f/k/a Quill Lines", TW_NAME_OF_ORGANISATION, "Tern Shipping Ltd ", " Quill Lines");
	expect("Tern (formerly known as Quill)", TW_NAME_OF_ORGANISATION, "Tern (", " Quill)");
	expect("Sea Tern, formerly Quill", TW_NAME_OF_VESSEL, "Sea Tern, ", " Quill");
	expect("Yusuf Tern a.k.a. Quill", TW_NAME_OF_PERSON, "Yusuf Tern ", ". Quill");
}

Test(name_parts, whom_a_party_acts_for_is_a_party)
{
	expect("Tern Trading C/O Quill Forwarders", TW_NAME_OF_ORGANISATION, "Tern Trading ", " Quill Forwarders");
	expect("Tern Logistics on behalf of Yusuf Quill", TW_NAME_OF_PERSON, "Tern Logistics ", " Yusuf Quill");
	expect("TO THE ORDER OF QUILL BANK", TW_NAME_OF_ORGANISATION, " QUILL BANK", NULL);
	expect("To order of: Quill Bank", TW_NAME_OF_ORGANISATION, ": Quill Bank", NULL);
}

Test(name_parts, what_stands_behind_a_party_is_no_party)
{
	expect("Yusuf Tern S/O Harrow Tern, Quillport", TW_NAME_OF_PERSON, "Yusuf Tern ", NULL);
	expect("Yusuf Tern, P.O. Box 12 Quillport", TW_NAME_OF_PERSON, "Yusuf Tern, ", NULL);
	expect("Tern Trading PO Box Quillport", TW_NAME_OF_ORGANISATION, "Tern Trading ", NULL);
	expect("Tern Trading, Rm 1203 Quill House", TW_NAME_OF_ORGANISATION, "Tern Trading, ", NULL);
	expect("Attn: Yusuf Tern", TW_NAME_OF_PERSON, ": Yusuf Tern", NULL);
	expect("Tern Trading attn Yusuf Quill", TW_NAME_OF_ORGANISATION, "Tern Trading ", " Yusuf Quill");
	expect("Tern Escape Room Games", TW_NAME_OF_ORGANISATION, "Tern Escape Room Games", NULL);
	expect("Military Unit 40056", TW_NAME_OF_ORGANISATION, "Military Unit 40056", NULL);
	expect("Okafor S.O. Tern", TW_NAME_OF_PERSON, "Okafor S.O. Tern", NULL);
	expect("S/O Tern", TW_NAME_OF_PERSON, "S/O Tern", NULL);
	expect("SEA TERN ROOM 5", TW_NAME_OF_VESSEL, "SEA TERN ROOM 5", NULL);
}

Test(name_parts, signs_hold_the_name_once_more)
{
	expect("\xe5\x85\xb7\xe5\xad\x90 KU TERN", TW_NAME_OF_PERSON, " KU TERN", "\xe5\x85\xb7\xe5\xad\x90");
	expect("KU TERN \xe5\x85\xb7\xe5\xad\x90", TW_NAME_OF_ORGANISATION, "KU TERN ", "\xe5\x85\xb7\xe5\xad\x90");
	expect("\xe5\x85\xb7KU TERN", TW_NAME_OF_PERSON, "\xe5\x85\xb7KU TERN", NULL);
	expect("\xe5\x85\xb7\xe5\xad\x90 \xe5\x85\xb7", TW_NAME_OF_PERSON, "\xe5\x85\xb7\xe5\xad\x90 \xe5\x85\xb7", NULL);
}

Test(name_parts, another_name_of_a_person_stands_in_brackets)
{
	struct tw_slice before;
	cr_expect(tw_name_bracketed(tw_slice_str("Yusuf Tern (Quillfeather)"), TW_NAME_OF_PERSON, &before));
	cr_expect(tw_slice_is(before, "Yusuf Tern "));
	cr_expect_not(tw_name_bracketed(tw_slice_str("Abd al-Quill (Tern)"), TW_NAME_OF_PERSON, &before));
	cr_expect_not(tw_name_bracketed(tw_slice_str("Yusuf (Tern)"), TW_NAME_OF_PERSON, &before));
	cr_expect_not(tw_name_bracketed(tw_slice_str("Yusuf Tern (Quill) Heron"), TW_NAME_OF_PERSON, &before));
	cr_expect_not(tw_name_bracketed(tw_slice_str("Quill Tern (Asia)"), TW_NAME_OF_ORGANISATION, &before));
	cr_expect_not(tw_name_bracketed(tw_slice_str(""), TW_NAME_OF_PERSON, &before));
}

Test(name_parts, a_voyage_is_no_part_of_a_ships_name)
{
	expect("SEA TERN V.012W", TW_NAME_OF_VESSEL, "SEA TERN ", NULL);
	expect("SEA TERN VOY 12", TW_NAME_OF_VESSEL, "SEA TERN ", NULL);
	expect("SEA TERN V", TW_NAME_OF_VESSEL, "SEA TERN V", NULL);
	expect("SEA TERN V 5", TW_NAME_OF_VESSEL, "SEA TERN V 5", NULL);
	expect("Tern V.012W", TW_NAME_OF_ORGANISATION, "Tern V.012W", NULL);
}

Test(name_parts, a_marker_needs_a_word_on_each_side)
{
	expect("EX MACHINA", TW_NAME_OF_VESSEL, "EX MACHINA", NULL);
	expect("AKA Tern", TW_NAME_OF_ORGANISATION, "AKA Tern", NULL);
	expect("Tern formerly", TW_NAME_OF_ORGANISATION, "Tern formerly", NULL);
	expect("Tern aka (", TW_NAME_OF_ORGANISATION, "Tern aka (", NULL);
	expect("", TW_NAME_OF_PERSON, "", NULL);
}

Test(name_parts, words_that_only_begin_so_are_whole)
{
	expect("Apex Exports", TW_NAME_OF_VESSEL, "Apex Exports", NULL);
	expect("Tern Ex Quill", TW_NAME_OF_ORGANISATION, "Tern Ex Quill", NULL);
	expect("S C O Tern", TW_NAME_OF_ORGANISATION, "S C O Tern", NULL);
	expect("Tern Akasha", TW_NAME_OF_PERSON, "Tern Akasha", NULL);
}
