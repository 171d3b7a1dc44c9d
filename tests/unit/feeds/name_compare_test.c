/** @file name_compare_test.c  Two names, token by token: what agrees, how much, and what does not. */
#include "feeds/name_compare.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A name of words in a row; "." behind a word makes it an initial, "/" a stop word, "-" a company form, a digit after ":" its weight / 100. */
struct name {
	struct tw_name_term term[TW_NAME_TOKENS_MAX];
	struct tw_name_pattern pattern[TW_NAME_TOKENS_MAX];
	const struct tw_name_term *listed[TW_NAME_TOKENS_MAX];
	uint32_t count;
};

static void name_of(struct name *name, const char *text, enum tw_name_domain domain)
{
	name->count = 0;
	while (*text) {
		uint32_t length = (uint32_t)strcspn(text, " :./-");
		char mark = text[length];
		enum tw_name_word word = mark == '.' ? TW_WORD_INITIAL : mark == '/' ? TW_WORD_STOP : mark == '-' ? TW_WORD_FORM : TW_WORD_PLAIN;
		const struct tw_name_form_token token = {{text, length}, word};
		struct tw_name_term *term = &name->term[name->count];
		*term = tw_name_term_make(&token, domain);
		tw_name_term_weigh(term, tw_name_rules_of(domain), 1000, 0);
		if (mark == ':') {
			term->weight = (uint16_t)((text[length + 1] - '0') * 100);
			length++;
		}
		tw_name_pattern_make(&name->pattern[name->count], term);
		name->listed[name->count] = term;
		name->count++;
		text += length + (mark != '\0' && mark != ' ');
		text += strspn(text, " ");
	}
}

static int32_t compared(const char *query, const char *listed, enum tw_name_domain domain)
{
	static struct name a, b;
	name_of(&a, query, domain);
	name_of(&b, listed, domain);
	return tw_name_compare(a.pattern, a.count, b.listed, b.count, tw_name_rules_of(domain)).ppm;
}

static int32_t persons(const char *query, const char *listed)
{
	return compared(query, listed, TW_NAME_OF_PERSON);
}

static int32_t firms(const char *query, const char *listed)
{
	return compared(query, listed, TW_NAME_OF_ORGANISATION);
}

static int32_t similarity(const char *a, const char *b)
{
	static struct name left, right;
	name_of(&left, a, TW_NAME_OF_PERSON);
	name_of(&right, b, TW_NAME_OF_PERSON);
	return tw_jaro_winkler(&left.pattern[0], &right.term[0]);
}

static int32_t met_ppm(const char *a, const char *b)
{
	static struct name left, right;
	name_of(&left, a, TW_NAME_OF_PERSON);
	name_of(&right, b, TW_NAME_OF_PERSON);
	return tw_name_term_similarity(&left.pattern[0], &right.term[0], tw_name_rules_of(TW_NAME_OF_PERSON));
}

Test(name_compare, jaro_winkler_gives_the_published_values)
{
	/* Source: Winkler 1990, table; and the census bureau's strcmp95 examples */
	static const struct {
		const char *a, *b;
		int32_t thousandths;
	} vectors[] = {
	    {"martha", "marhta", 961}, {"dwayne", "duane", 840}, {"dixon", "dicksonx", 813}, {"jones", "johnson", 832}, {"abroms", "abrams", 922}};
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		int32_t ppm = similarity(vectors[i].a, vectors[i].b);
		cr_expect_eq((ppm + 500) / 1000, vectors[i].thousandths, "%s %s: %d", vectors[i].a, vectors[i].b, ppm);
		cr_expect_eq(similarity(vectors[i].b, vectors[i].a), ppm, "it is symmetric");
	}
	cr_expect_eq(similarity("abc", "xyz"), 0);
}

Test(name_compare, the_bound_refuses_no_pair_that_meets)
{
	uint32_t seed = 7, met = 0;
	for (int i = 0; i < 300000; i++) {
		char a[16] = "", b[16] = "";
		uint32_t lengths[2];
		for (int side = 0; side < 2; side++) {
			char *text = side ? b : a;
			seed = seed * 1664525U + 1013904223U;
			lengths[side] = 2 + (seed >> 9) % 9;
			for (uint32_t c = 0; c < lengths[side]; c++) {
				seed = seed * 1664525U + 1013904223U;
				text[c] = (seed >> 13) % 4 && side ? a[c] ? a[c] : 'q' : (char)('a' + (seed >> 9) % 6);
			}
		}
		uint32_t prefix = 0, both = 0;
		bool used[16] = {false};
		while (prefix < 4 && a[prefix] && a[prefix] == b[prefix]) {
			prefix++;
		}
		for (uint32_t x = 0; x < lengths[0]; x++) {
			for (uint32_t y = 0; y < lengths[1]; y++) {
				if (a[x] == b[y] && !used[y]) {
					used[y] = true;
					both++;
					break;
				}
			}
		}
		if (met_ppm(a, b)) {
			met++;
			cr_assert(tw_name_may_meet(both, lengths[0], lengths[1], prefix), "%s %s", a, b);
			cr_assert_geq(tw_name_similarity_most(both, lengths[0], lengths[1], prefix), met_ppm(a, b), "%s %s", a, b);
		}
	}
	cr_expect_gt(met, 1000u);
	cr_expect_not(tw_name_may_meet(1, 6, 6, 1));
	cr_expect_eq(tw_name_similarity_most(1, 6, 6, 1), 0);
	cr_expect_eq(tw_name_similarity_most(6, 6, 6, 4), TW_PPM);
	cr_expect_lt(tw_name_similarity_most(5, 6, 6, 4), TW_PPM);
}

Test(name_compare, a_slip_costs_its_share_of_a_words_letters_wherever_it_is)
{
	cr_expect_eq(met_ppm("wold", "gold"), 750000, "replaced, the first of four");
	cr_expect_eq(met_ppm("glod", "gild"), 0, "two of four");
	cr_expect_eq(met_ppm("wod", "god"), 0, "of three letters none is forgiven");
	cr_expect_eq(met_ppm("eheron", "heron"), TW_PPM - TW_PPM / 6, "added");
	cr_expect_eq(met_ppm("vucuumaran", "vacuumkaran"), TW_PPM - 2 * TW_PPM / 11, "one replaced, one dropped");
	cr_expect_geq(met_ppm("kalmar", "kalmra"), TW_PPM - TW_PPM / 6, "exchanged");
}

Test(name_compare, a_word_that_names_have_is_hardly_a_slip_of_another)
{
	static struct name left, right;
	const struct tw_name_rules *rules = tw_name_rules_of(TW_NAME_OF_PERSON);
	name_of(&left, "quillina", TW_NAME_OF_PERSON);
	name_of(&right, "quillino", TW_NAME_OF_PERSON);
	int32_t slip = tw_name_term_similarity(&left.pattern[0], &right.term[0], rules);
	left.pattern[0].term.known = true;
	int32_t other = tw_name_term_similarity(&left.pattern[0], &right.term[0], rules);
	cr_expect(other > 0 && other < slip, "%d, %d", other, slip);
	cr_expect_leq(abs(2 * (TW_PPM - other) - 3 * (TW_PPM - slip)), 2, "half as much again is missing");
	cr_expect_eq(tw_name_term_similarity(&left.pattern[0], &left.term[0], rules), TW_PPM, "itself it meets wholly");
}

static uint32_t says(const char *query, const char *listed)
{
	static struct name a, b;
	name_of(&a, query, TW_NAME_OF_ORGANISATION);
	name_of(&b, listed, TW_NAME_OF_ORGANISATION);
	return tw_name_compare(a.pattern, a.count, b.listed, b.count, tw_name_rules_of(TW_NAME_OF_ORGANISATION)).says;
}

Test(name_compare, what_agrees_says_what_its_letters_do_and_a_common_word_the_less)
{
	cr_expect_gt(says("quillfeather", "quillfeather"), says("quill", "quill"));
	cr_expect_gt(says("quill:9", "quill:9"), 2 * says("quill:4", "quill:4"));
	cr_expect_eq(says("quill heron", "quill tern"), says("quill", "quill"), "what does not agree says nothing");
	cr_expect_eq(says("quill ltd-", "quill ltd-"), says("quill", "quill"), "nor does a form");
	cr_expect_gt(says("quill heron", "quill heron"), says("northern shipping", "northern shipping"), "words of trade and of quarters of the sky");
	cr_expect_eq(says("qquill", "quill"), says("quill", "quill"), "the word that says less is asked");
	cr_expect_eq(says("quills", "quill"), says("quill", "quill") / 2, "words that end otherwise say half");
}

Test(name_compare, quarters_of_the_sky_are_places)
{
	cr_expect_lt(firms("northern heron shipping", "southern heron shipping"), firms("northern heron shipping", "heron shipping"));
}

Test(name_compare, equal_names_agree_wholly_in_any_order)
{
	cr_expect_eq(persons("yusuf tern quill", "quill yusuf tern"), TW_PPM);
	cr_expect_eq(persons("quill", "quill"), TW_PPM);
}

Test(name_compare, a_changed_letter_costs_a_little_and_another_word_all_of_its_weight)
{
	int32_t typed = persons("yusef tern quill", "yusuf tern quill");
	cr_expect(typed > 930000 && typed < TW_PPM, "%d", typed);
	cr_expect_lt(persons("yusuf tern quill", "yusuf tern harrow"), 750000);
}

Test(name_compare, papers_leave_out_a_persons_name_more_often_than_they_add_one)
{
	int32_t left_out = persons("yusuf quill", "yusuf tern quill"), added = persons("yusuf tern quill", "yusuf quill");
	cr_expect(left_out > 860000, "%d", left_out);
	cr_expect(added < 860000, "%d", added);
}

Test(name_compare, two_equal_words_of_a_person_lose_no_more_by_a_rare_name_left_out_than_by_a_common_one)
{
	int32_t rare = persons("yusuf:6 quill:6", "yusuf:6 tern:9 heron:9 quill:6"),
	        common = persons("yusuf:6 quill:6", "yusuf:6 tern:5 heron:5 quill:6");
	cr_expect_eq(rare, common, "%d %d", rare, common);
	cr_expect(rare > 800000 && rare <= 850000, "%d", rare);
	cr_expect_lt(persons("yusuf:6 quilll:6", "yusuf:6 tern:9 heron:9 quill:6"), 800000, "a slip beside it");
	cr_expect_lt(persons("yusuf:6 quill:6 egret:9", "yusuf:6 tern:9 heron:9 quill:6"), 800000, "and a word that the list lacks");
	cr_expect_lt(persons("yusuf:5 quill:6", "yusuf:5 tern:9 heron:9 quill:6"), 800000, "two common names, a part of many longer ones");
	cr_expect_lt(persons("quill:9", "tern:9 heron:9 quill:9"), 800000, "one word alone");
	cr_expect_lt(firms("yusuf:6 quill:6", "yusuf:6 tern:9 heron:9 quill:6"), 800000, "a firm");
}

Test(name_compare, a_firms_own_word_and_its_trade_lose_little_by_a_rare_word_left_out)
{
	int32_t left_out = firms("quill:8 trading:2", "quill:8 heron:9 trading:2"), common = firms("quill:8 trading:2", "quill:8 heron:6 trading:2");
	cr_expect_eq(left_out, common, "%d %d", left_out, common);
	cr_expect(left_out > 800000 && left_out <= 850000, "%d", left_out);
	cr_expect_lt(firms("quilll:8 trading:2", "quill:8 heron:9 trading:2"), 800000, "a slip beside it");
	cr_expect_lt(firms("quill:7 trading:2", "quill:7 heron:9 trading:2"), 800000, "a word that many have");
	cr_expect_lt(firms("general trading:2", "general heron:9 trading:2"), 800000, "words of trade alone");
	cr_expect_lt(firms("quill:8 egret:9 trading:2", "quill:8 heron:9 trading:2"), 800000, "another word in its place");
}

Test(name_compare, a_name_inside_a_longer_one_is_no_agreement)
{
	cr_expect_lt(persons("eric quill memorial library", "eric quill"), 700000);
	cr_expect_lt(persons("eric quill", "eric"), 860000);
	cr_expect_lt(persons("trading:2", "alpha tern trading:2"), 300000);
}

Test(name_compare, a_rare_word_says_more_than_a_common_one)
{
	cr_expect_gt(persons("tern:9 trading:2", "tern:9 shipping:2"), persons("tern:9 trading:2", "heron:9 trading:2"));
}

Test(name_compare, a_word_of_trade_more_or_less_costs_a_firm_little_and_a_rare_word_much)
{
	cr_expect_gt(firms("heron trading", "heron"), 900000);
	cr_expect_gt(firms("heron tradign", "heron"), 900000, "misspelt");
	cr_expect_gt(firms("heron", "heron general services"), 820000);
	cr_expect_gt(firms("heron trading", "heron shipping"), 820000);
	cr_expect_gt(firms("heron quill", "heron quill harrow"), 840000, "a word of a listed firm left out");
	cr_expect_lt(firms("heron quill harrow", "heron quill"), 820000, "and one that no listed firm has");
	cr_expect_lt(firms("heron quill", "heron"), 700000, "a listed name that is a part of a longer one is no hit");
	cr_expect_lt(firms("harrow general trading", "heron general trading"), 500000, "words of trade alone say little");
	cr_expect_lt(persons("heron trading", "heron"), 700000, "a person's name has none");
}

Test(name_compare, words_of_trade_alone_are_no_agreement_where_a_firm_has_others)
{
	cr_expect_eq(firms("heron general trading", "tern general trading"), 0);
	cr_expect_eq(firms("h. trading", "heron trading"), 0, "an initial is no word");
	cr_expect_eq(firms("general trading", "trading general"), TW_PPM, "neither has another");
	cr_expect_gt(firms("heron trading", "heron general"), 0);
	cr_expect_gt(persons("petrovich quill", "petrovich tern"), 0, "a patronymic may be all that two papers have in common");
}

Test(name_compare, a_firms_acronym_meets_its_equal_alone)
{
	cr_expect_eq(firms("qkt", "qkr"), 0);
	cr_expect_eq(firms("qk", "qkt"), 0);
	cr_expect_eq(compared("qkt", "qkr", TW_NAME_OF_VESSEL), 0);
	cr_expect_eq(firms("qkt", "qkt"), TW_PPM);
	cr_expect_gt(firms("qkte", "qkt"), 0, "four letters may be three and a slip");
	cr_expect_gt(persons("le quill", "lee quill"), persons("ort quill", "lee quill"), "a person's short word is spelt in many ways");
}

Test(name_compare, a_word_in_the_place_of_a_common_one_is_worth_no_more)
{
	int32_t typed = persons("tern:9 tradng:9", "tern:9 trading:2");
	cr_expect(typed > 970000, "%d", typed);
}

Test(name_compare, a_ships_letter_is_its_own_and_shortens_no_word)
{
	cr_expect_eq(compared("c. tiger", "tiger c.", TW_NAME_OF_VESSEL), TW_PPM);
	cr_expect_lt(compared("c. tiger", "tiger cub", TW_NAME_OF_VESSEL), 600000);
	cr_expect_lt(compared("santos eagle", "eagle s.", TW_NAME_OF_VESSEL), 600000);
	cr_expect_lt(compared("eagle", "eagle s.", TW_NAME_OF_VESSEL), 700000, "another ship");
	cr_expect_eq(compared("eagle s.", "eagle m.", TW_NAME_OF_VESSEL), compared("eagle s.", "eagle zephyr", TW_NAME_OF_VESSEL));
}

Test(name_compare, an_initial_meets_a_word_that_begins_with_it_at_less)
{
	int32_t begun = persons("y. tern quill", "yusuf tern quill"), other = persons("k. tern quill", "yusuf tern quill");
	cr_expect(begun > 860000 && begun < 970000, "%d", begun);
	cr_expect_lt(other, begun);
	cr_expect_eq(persons("y. q.", "yusuf quill"), 0, "without a word in common there is no agreement");
}

Test(name_compare, stop_words_and_company_forms_hardly_count)
{
	cr_expect_gt(compared("alpha of/ lines ltd-", "alpha lines gmbh-", TW_NAME_OF_ORGANISATION), 900000);
	cr_expect_gt(compared("alpha lines ltd-", "alpha lines ltd-", TW_NAME_OF_ORGANISATION),
	             compared("alpha lines ltd-", "alpha lines gmbh-", TW_NAME_OF_ORGANISATION));
	cr_expect_eq(compared("of/ ltd-", "of/ ltd-", TW_NAME_OF_ORGANISATION), 0);
}

Test(name_compare, numbers_of_vessels_agree_or_they_are_others)
{
	cr_expect_eq(compared("sea star 1", "sea star 1", TW_NAME_OF_VESSEL), TW_PPM);
	cr_expect_eq(compared("sea star 1", "sea star 2", TW_NAME_OF_VESSEL), 0);
	cr_expect_eq(compared("sea star", "sea star 2", TW_NAME_OF_VESSEL), 0);
	cr_expect_eq(compared("sea star ii", "sea star iii", TW_NAME_OF_VESSEL), 0);
	cr_expect_gt(compared("alpha 21 lines", "alpha lines", TW_NAME_OF_ORGANISATION), 0);
}

Test(name_compare, the_best_alignment_is_found_where_the_first_one_is_not_it)
{
	/* "maria" is nearest to "mariam", which "mariam" needs: greedy from the left pairs them crosswise */
	int32_t straight = persons("maria mariam", "mariam marian"), turned = persons("mariam maria", "mariam marian");
	cr_expect_eq(straight, turned);
	cr_expect_gt(straight, 930000);
	cr_expect_eq(persons("alpha alpha", "alpha alpha"), TW_PPM);
	cr_expect_lt(persons("alpha alpha", "alpha"), 860000);
}

Test(name_compare, tokens_outside_the_latin_letters_are_equal_or_nothing)
{
	cr_expect_eq(persons("юсуф квилл", "юсуф квилл"), TW_PPM);
	cr_expect_lt(persons("юсуф квилл", "юсуп квилл"), 600000);
}

Test(name_compare, a_longer_token_is_cut)
{
	cr_expect_eq(persons("abcdefghijklmnopqrstuvwxyzabcdefgh", "abcdefghijklmnopqrstuvwxyzabcdexyz"), TW_PPM);
}

Test(name_compare, weights_fall_with_the_names_that_hold_a_word_and_stay_in_bounds)
{
	uint16_t last = TW_NAME_WEIGHT_MAX;
	for (uint32_t holding = 0; holding <= 100000; holding = holding * 3 + 1) {
		uint16_t weight = tw_name_weight(100000, holding);
		cr_expect(weight <= last && weight >= TW_NAME_WEIGHT_MIN);
		last = weight;
	}
	cr_expect_eq(tw_name_weight(100000, 0), TW_NAME_WEIGHT_MAX);
	cr_expect_eq(tw_name_weight(100000, 100000), TW_NAME_WEIGHT_MIN);
	cr_expect_gt(tw_name_weight(3, 1), 800u, "among three names no word is common");
}

Test(name_compare, names_of_the_most_tokens_are_compared)
{
	static struct name many;
	char text[4 * TW_NAME_TOKENS_MAX + 1] = "";
	for (uint32_t i = 0; i < TW_NAME_TOKENS_MAX; i++) {
		snprintf(text + 4 * i, 5, "ab%c ", (char)('a' + i % 26));
	}
	name_of(&many, text, TW_NAME_OF_PERSON);
	cr_assert_eq(many.count, (uint32_t)TW_NAME_TOKENS_MAX);
	cr_expect_eq(tw_name_compare(many.pattern, many.count, many.listed, many.count, tw_name_rules_of(TW_NAME_OF_PERSON)).ppm, TW_PPM);
	cr_expect_eq(tw_name_compare(many.pattern, 0, many.listed, many.count, tw_name_rules_of(TW_NAME_OF_PERSON)).ppm, 0);
}

Test(name_compare, a_place_that_one_firm_lacks_costs_little)
{
	cr_expect_gt(firms("tern quill dubai", "tern quill"), 880000);
	cr_expect_gt(firms("tern quill", "tern quill dubai"), 920000);
	cr_expect_gt(firms("tern quill dubai", "tern quill"), firms("tern quill heron", "tern quill"));
}

Test(name_compare, firms_of_two_places_are_two)
{
	cr_expect_lt(firms("tern quill dubai", "tern quill moscow"), 850000);
	cr_expect_gt(firms("tern quill dubai moscow", "tern quill moscow"), 850000, "one of them has both");
	cr_expect_eq(firms("trading dubai", "quill dubai"), 0, "a place is no firm's own name");
}

Test(name_compare, firms_of_two_numbers_are_two)
{
	cr_expect_lt(firms("quill tern works 5", "quill tern works 7"), 700000);
	cr_expect_eq(firms("quill tern works 5", "quill tern works 5"), 1000000);
	cr_expect_gt(firms("quill tern works", "quill tern works 7"), firms("quill tern works 5", "quill tern works 7"));
}
