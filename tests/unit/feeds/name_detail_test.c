/** @file name_detail_test.c  What tells hits apart whose words agree alike. */
#include "feeds/name_detail.h"

#include <criterion/criterion.h>

static uint32_t says(const char *text)
{
	return tw_name_information(tw_slice_str(text));
}

static uint32_t alike(const char *a, const char *b)
{
	return tw_name_written_alike(tw_slice_str(a), tw_slice_str(b));
}

Test(name_detail, more_letters_and_rarer_ones_say_more)
{
	cr_expect_gt(says("Quillfeather"), says("Quill"));
	cr_expect_gt(says("Qux"), says("Ana"));
	cr_expect_eq(says("TERN, Anna"), says("anna tern"), "order, case and signs say nothing");
	cr_expect_eq(says(""), 0u);
	cr_expect_eq(says("Q – 7"), says("Q7"), "a dash is no letter");
}

Test(name_detail, the_same_digits_in_another_order_say_something_else)
{
	cr_expect_neq(says("Tern 610"), says("Tern 601"));
	cr_expect_gt(says("77"), says("7 7"), "a later digit says more");
}

Test(name_detail, a_rare_letter_that_differs_costs_more)
{
	cr_expect_lt(alike("Quill Tern", "Ruill Tern"), alike("Euill Tern", "Ruill Tern"));
}

Test(name_detail, a_letter_of_another_script_says_as_much_as_one_in_the_middle)
{
	cr_expect_gt(says("Анна Терн"), says("Анна"));
	cr_expect(says("Анна") > says("Eeee") && says("Анна") < says("Qqqq"));
}

Test(name_detail, order_signs_and_accents_show_and_case_does_not)
{
	cr_expect_eq(alike("Anna TERN", "ANNA Tern"), 1000000u);
	cr_expect_eq(alike("", ""), 1000000u);
	uint32_t order = alike("Anna Tern", "Tern Anna"), sign = alike("Anna Tern", "Anna-Tern"), accent = alike("Anna Tern", "Änna Tern");
	cr_expect(order < 1000000 && sign < 1000000 && accent < 1000000, "%u %u %u", order, sign, accent);
	cr_expect_gt(sign, alike("Anna Tern", "Tern, Anna"));
	cr_expect_gt(order, alike("Anna Tern", "Quill Heron"));
	cr_expect_lt(alike("Anna", "Анна"), 200000u);
	cr_expect_eq(alike("Anna Tern", "Tern Anna"), alike("Tern Anna", "Anna Tern"));
}

Test(name_detail, texts_are_read_up_to_their_bound)
{
	char text[1025];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	cr_expect_eq(alike(text, text), alike(text, text));
	cr_expect_leq(alike(text, text), 1000000u);
	text[TW_NAME_DETAIL_BYTES_MAX] = '\0';
	uint32_t bound = says(text);
	text[TW_NAME_DETAIL_BYTES_MAX] = 'q';
	cr_expect_eq(says(text), bound);
}
