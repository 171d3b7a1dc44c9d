/** @file name_national_test.c  Persons as German, Polish, Dutch, Swedish, Hungarian, French, Czech and Turkish papers write them. */
#include "feeds/name_national.h"

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

TestSuite(name_national, .init = setup, .fini = teardown);

/* Do the two share a form? */
static bool meet(const char *a, const char *b)
{
	struct tw_name_forms one, two;
	cr_assert(tw_name_forms_make(tw_slice_str(a), TW_NAME_OF_PERSON, &arena, &one));
	cr_assert(tw_name_forms_make(tw_slice_str(b), TW_NAME_OF_PERSON, &arena, &two));
	for (uint32_t i = 0; i < one.count * two.count; i++) {
		const struct tw_name_form *here = &one.form[i / two.count], *there = &two.form[i % two.count];
		bool same = here->count == there->count;
		for (uint32_t k = 0; same && k < here->count; k++) {
			same = tw_slice_equal(here->token[k].text, there->token[k].text);
		}
		if (same) {
			return true;
		}
	}
	return false;
}

Test(name_national, what_other_nations_write_meets_what_is_usual_in_english)
{
	static const char *const pairs[][2] = {
	    {"Wladimir Schtschukin", "Vladimir Shchukin"},
	    {"Michail Tschernow", "Mikhail Chernov"},
	    {"Jewgeni Kwillow", "Yevgeny Kvilov"},
	    {"Jakow Kusnezow", "Yakov Kusnetsov"},
	    {"Wiaczeslaw Kwilczenko", "Vyacheslav Kvilchenko"},
	    {"Siergiej Kwillowicz", "Sergey Kvilovich"},
	    {"Joeri Tsjernov", "Yuri Chernov"},
	    {"Vjatjeslav Quillovitj", "Vyacheslav Kuillovich"},
	    {"Szergej Kvilcsev", "Sergei Kvilchev"},
	    {"Iouri Tchernov", "Yuri Chernov"},
	    {"Boris Kvilčev", "Boris Kvilchev"},
	    {"Jelena Kvillova Jurjevna", "Yelena Kvilova Yuryevna"},
	    {"Çetin Kuşlu", "Chetin Kushlu"},
	    {"Dschamal Quill", "Jamal Quill"},
	};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		cr_expect(meet(pairs[i][0], pairs[i][1]), "%s and %s do not meet", pairs[i][0], pairs[i][1]);
	}
}

static uint32_t readings(const char *text)
{
	struct tw_name_forms forms;
	struct tw_name_national read;
	cr_assert(tw_name_forms_make(tw_slice_str(text), TW_NAME_OF_PERSON, &arena, &forms));
	cr_assert(tw_name_national_read(tw_slice_str(text), &forms.form[0], &arena, &read));
	return read.count;
}

Test(name_national, a_name_that_tells_no_nation_is_read_as_it_stands)
{
	static const char *const names[] = {"Walid Fawwaz", "John Quill", "Jamal Ternabi", "Wang Wei", "Jose Alvarez", "Choe Yong Il", "Ivan Petrov"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cr_expect_eq(readings(names[i]), 0, "%s", names[i]);
	}
}

Test(name_national, a_z_without_another_sign_is_read_as_both_german_and_polish)
{
	cr_expect_eq(readings("Quizow Alexander"), 2);
	cr_expect(meet("Quizow Alexander", "Kuitsov Alexander"));
	cr_expect(meet("Quizow Alexander", "Kuizov Alexander"));
}

Test(name_national, a_word_that_grows_past_its_bound_is_cut)
{
	struct tw_slice text = tw_slice_str("Cccccccccccccccccccccccccccccccccov Jjjjov");
	struct tw_name_forms forms;
	cr_assert(tw_name_forms_make(text, TW_NAME_OF_PERSON, &arena, &forms));
	for (uint32_t i = 0; i < forms.count; i++) {
		for (uint32_t k = 0; k < forms.form[i].count; k++) {
			cr_expect_leq(forms.form[i].token[k].text.len, TW_NAME_FORM_TOKEN_MAX);
		}
	}
}

Test(name_national, letters_without_marks_are_the_text_itself)
{
	struct tw_slice text = tw_slice_str("Quill"), out;
	cr_assert(tw_name_sounded(text, &arena, &out));
	cr_expect_eq(out.ptr, text.ptr);
	cr_assert(tw_name_sounded(tw_slice_str("Šeš\xc5"), &arena, &out));
	cr_expect(tw_slice_is(out, "shesh\xc5"));
}
