/** @file name_cut_test.c  What a field of 35 characters leaves of a name, and when that is kept. */
#include "feeds/name_cut.h"

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

TestSuite(name_cut, .init = setup, .fini = teardown);

static void expect(const char *text, enum tw_name_domain domain, const char *expected)
{
	struct tw_slice out;
	cr_assert(tw_name_cut_short(tw_slice_str(text), domain, &arena, &out));
	cr_expect(tw_slice_is(out, expected), "%s: \"%.*s\"", text, (int)out.len, out.ptr);
}

Test(name_cut, a_long_name_is_cut_as_a_field_cuts_it)
{
	expect("Northern Tern and Quill Research Institute of Heron Physics", TW_NAME_OF_ORGANISATION, "Northern Tern and Quill Research In");
	expect("Sociét\xc3\xa9 Kestrel et Quillfeather de la Baie du Heron", TW_NAME_OF_ORGANISATION, "Sociét\xc3\xa9 Kestrel et Quillfeather de ");
}

Test(name_cut, a_name_that_fits_or_loses_nothing_of_its_own_is_not)
{
	expect("Tern and Quill Institute", TW_NAME_OF_ORGANISATION, "");
	expect("Kestrel Quillfeather General Trading Company Limited", TW_NAME_OF_ORGANISATION, "");
	expect("", TW_NAME_OF_ORGANISATION, "");
}

Test(name_cut, too_little_that_is_left_is_nobodys_name)
{
	expect("OPEN JOINT STOCK COMPANY FAR EAST Quillfeather", TW_NAME_OF_ORGANISATION, "");
	expect("LIMITED LIABILITY COMPANY GENERAL TRADING QUILLFEATHER KESTREL", TW_NAME_OF_ORGANISATION, "");
}

Test(name_cut, persons_ships_and_other_scripts_are_not_cut)
{
	expect("Yusuf Harrow Kestrel Quillfeather of the Northern Bay", TW_NAME_OF_PERSON, "");
	expect("SEA TERN AND QUILLFEATHER OF THE NORTHERN BAY", TW_NAME_OF_VESSEL, "");
	expect("Научно-исследовательский институт физики цапель", TW_NAME_OF_ORGANISATION, "");
}

/* @return the last token as it is read, "" where the name is not cut */
static const char *read_as(const char *text, enum tw_name_domain domain)
{
	struct tw_name_forms forms;
	struct tw_name_form cut;
	cr_assert(tw_name_forms_make(tw_slice_str(text), domain, &arena, &forms) && forms.count);
	if (!tw_name_cut_read(tw_slice_str(text), domain, &forms.form[0], &cut)) {
		return "";
	}
	cr_expect_eq(cut.count, forms.form[0].count);
	cr_expect_eq(cut.token[cut.count - 1].word, TW_WORD_INITIAL);
	struct tw_slice copy = tw_arena_format(&arena, "%.*s", (int)cut.token[cut.count - 1].text.len, cut.token[cut.count - 1].text.ptr);
	return copy.ptr;
}

Test(name_cut, the_last_word_of_a_full_field_is_what_a_word_begins_with)
{
	cr_expect_str_eq(read_as("LIMITED LIABILITY COMPANY KESTREL EN", TW_NAME_OF_ORGANISATION), "", "36 characters were not cut at 35");
	cr_expect_str_eq(read_as("LIMITED LIABILITY COMPANY HERONS EN", TW_NAME_OF_ORGANISATION), "en");
	cr_expect_str_eq(read_as("LIMITED LIABILITY COMPANY HERON EN", TW_NAME_OF_ORGANISATION), "", "34 were not");
	cr_expect_str_eq(read_as("SOCIÉTÉ KESTREL QUILL HARROW ET EGR", TW_NAME_OF_ORGANISATION), "egr");
}

Test(name_cut, a_whole_word_of_trade_a_person_and_one_word_are_read_as_they_stand)
{
	cr_expect_str_eq(read_as("LIMITED LIABILITY CO QUILLS TRADING", TW_NAME_OF_ORGANISATION), "");
	cr_expect_str_eq(read_as("YUSUF HARROW KESTREL QUILLFEATHER E", TW_NAME_OF_PERSON), "");
	cr_expect_str_eq(read_as("QUILLFEATHERKESTRELHARROWTERNHERONS", TW_NAME_OF_ORGANISATION), "");
}

/* @return how many words hardly count */
static uint32_t behind(const char *text, enum tw_name_domain domain)
{
	struct tw_name_forms forms;
	struct tw_name_form tail;
	uint32_t count = 0;
	cr_assert(tw_name_forms_make(tw_slice_str(text), domain, &arena, &forms) && forms.count);
	if (!tw_name_tail_read(domain, &forms.form[0], &tail)) {
		return 0;
	}
	for (uint32_t i = 0; i < tail.count; i++) {
		count += tail.token[i].word == TW_WORD_STOP;
	}
	return count;
}

Test(name_cut, a_town_behind_a_firms_form_hardly_counts)
{
	cr_expect_eq(behind("TERN QUILL EST. QUILLPORT", TW_NAME_OF_ORGANISATION), 1);
	cr_expect_eq(behind("TERN QUILL GMBH NORTH QUILLPORT", TW_NAME_OF_ORGANISATION), 2);
	cr_expect_eq(behind("TERN GMBH NORTH QUILLPORT BRANCH HERONS", TW_NAME_OF_ORGANISATION), 0, "more is a name");
	cr_expect_eq(behind("OOO TERN", TW_NAME_OF_ORGANISATION), 0, "the name stands behind a form at the head");
	cr_expect_eq(behind("TRADING GMBH QUILLPORT", TW_NAME_OF_ORGANISATION), 0, "nothing of its own before the form");
	cr_expect_eq(behind("TERN QUILL GMBH", TW_NAME_OF_ORGANISATION), 0);
	cr_expect_eq(behind("TERN GMBH QUILLPORT", TW_NAME_OF_PERSON), 0);
}

static uint32_t initials(const char *text, enum tw_name_domain domain)
{
	struct tw_name_forms forms;
	struct tw_name_form read;
	cr_assert(tw_name_forms_make(tw_slice_str(text), domain, &arena, &forms) && forms.count);
	return tw_name_initials_read(tw_slice_str(text), domain, &forms.form[0], &read) ? read.count - 1 : 0;
}

Test(name_cut, two_capital_consonants_behind_a_surname_are_initials)
{
	cr_expect_eq(initials("KESTREL PV", TW_NAME_OF_PERSON), 2);
	cr_expect_eq(initials("Kestrel PV", TW_NAME_OF_PERSON), 2);
	cr_expect_eq(initials("Kestrel Ng", TW_NAME_OF_PERSON), 0, "a name is written as one");
	cr_expect_eq(initials("KESTREL LI", TW_NAME_OF_PERSON), 0, "and has a vowel");
	cr_expect_eq(initials("KESTREL QUILL PV", TW_NAME_OF_PERSON), 0);
	cr_expect_eq(initials("KESTREL PV", TW_NAME_OF_ORGANISATION), 0);
}

Test(name_cut, an_arena_at_its_ceiling_is_told)
{
	struct tw_arena small;
	struct tw_slice out;
	tw_arena_init(&small, 64, 64);
	cr_expect_not(
	    tw_name_cut_short(tw_slice_str("Northern Tern and Quill Research Institute of Heron Physics"), TW_NAME_OF_ORGANISATION, &small, &out));
	tw_arena_fini(&small);
}
