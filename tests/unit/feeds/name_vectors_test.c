/**
 * @file name_vectors_test.c
 * The word comparison against published values: the product's own Jaro-Winkler must be the one that others mean by the name.
 * Source of the values: jamesturk/jellyfish (MIT), testdata/jaro_winkler.csv, rounded to thousandths; those of letters and digits alone,
 * which are all that a word of a folded name can have.
 */
#include <criterion/criterion.h>

#include "feeds/name_compare.h"

static struct tw_name_term term_of(const char *text)
{
	struct tw_name_form_token token = {tw_slice_str(text), TW_WORD_PLAIN};
	struct tw_name_term term = tw_name_term_make(&token, TW_NAME_OF_PERSON);
	term.fuzzy = true; /* the measure itself, whatever is compared by it */
	return term;
}

static int32_t similarity(const char *a, const char *b)
{
	struct tw_name_term left = term_of(a), right = term_of(b);
	struct tw_name_pattern pattern;
	tw_name_pattern_make(&pattern, &left);
	return tw_jaro_winkler(&pattern, &right);
}

static const struct {
	const char *a, *b;
	int32_t thousandths;
} vectors[] = {
    {"dixon", "dicksonx", 813}, {"martha", "marhta", 961},  {"dwayne", "duane", 840},   {"william", "williams", 975},
    {"a", "a", 1000},           {"abc", "xyz", 0},          {"aaaa", "aaaaa", 960},     {"jaz", "jal", 822},
    {"a", "ab", 850},           {"012345", "0123456", 971}, {"012abc", "012abcd", 971}, {"012abc", "013abcd", 879},
    {"a1bc", "a1be", 883},
};

Test(name_vectors, jaro_winkler_is_what_others_publish)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		int32_t ppm = similarity(vectors[i].a, vectors[i].b);
		cr_expect(ppm >= vectors[i].thousandths * 1000 - 501 && ppm <= vectors[i].thousandths * 1000 + 500, "%s, %s: %d, not %d",
		          vectors[i].a, vectors[i].b, ppm, vectors[i].thousandths * 1000);
	}
}

Test(name_vectors, it_does_not_matter_which_word_is_asked_for)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		cr_expect_eq(similarity(vectors[i].a, vectors[i].b), similarity(vectors[i].b, vectors[i].a), "%s, %s", vectors[i].a, vectors[i].b);
	}
}
