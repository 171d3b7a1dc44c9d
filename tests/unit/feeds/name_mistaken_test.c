/** @file name_mistaken_test.c  Digits that a scanner wrote for letters, and digits that stand for themselves. */
#include "feeds/name_mistaken.h"

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

TestSuite(name_mistaken, .init = setup, .fini = teardown);

/* @param expected NULL: the word is what it says */
static void expect(const char *word, enum tw_name_domain domain, const char *expected)
{
	struct tw_name_form name = {.count = 1, .token = {{tw_slice_str(word), TW_WORD_PLAIN}}}, out;
	cr_assert(tw_name_mistaken(&name, domain, &arena, &out));
	cr_expect_eq(out.count, expected != NULL, "%s", word);
	cr_expect(!expected || (out.count == 1 && tw_slice_is(out.token[0].text, expected)), "%s", word);
	bool digits = strpbrk(word, "0123456789") != NULL;
	cr_expect(!expected || out.read == (digits ? TW_READ_DIGITS : TW_READ_MISTAKEN), "%s", word);
}

Test(name_mistaken, digits_among_letters_are_letters)
{
	expect("qu1ll", TW_NAME_OF_PERSON, "quill");
	expect("5aleh0d", TW_NAME_OF_PERSON, "salehod");
	expect("mari0", TW_NAME_OF_VESSEL, "mario");
	expect("8ravo", TW_NAME_OF_ORGANISATION, "bravo");
	expect("rai2", TW_NAME_OF_PERSON, "raiz");
	expect("zav0d", TW_NAME_OF_ORGANISATION, "plant");
}

Test(name_mistaken, numbers_and_codes_are_what_they_say)
{
	expect("fan6", TW_NAME_OF_VESSEL, NULL);
	expect("quill2017", TW_NAME_OF_ORGANISATION, NULL);
	expect("b52", TW_NAME_OF_PERSON, NULL);
	expect("1234", TW_NAME_OF_PERSON, NULL);
	expect("a1b2c3", TW_NAME_OF_PERSON, NULL);
	expect("quill", TW_NAME_OF_PERSON, NULL);
}

Test(name_mistaken, rn_is_read_as_m_but_in_words_of_trade)
{
	expect("ahrned", TW_NAME_OF_PERSON, "ahmed");
	expect("tern", TW_NAME_OF_PERSON, NULL);
	expect("international", TW_NAME_OF_ORGANISATION, NULL);
}

Test(name_mistaken, what_is_read_otherwise_meets_what_is_listed)
{
	struct tw_name_forms forms;
	cr_assert(tw_name_forms_make(tw_slice_str("Yusuf QU1LLFEATHER"), TW_NAME_OF_PERSON, &arena, &forms));
	bool found = false;
	for (uint32_t i = 0; i < forms.count; i++) {
		found |= forms.form[i].read == TW_READ_DIGITS && tw_slice_is(forms.form[i].token[1].text, "quillfeather");
	}
	cr_expect(found);
}
