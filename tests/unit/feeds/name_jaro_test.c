/** @file name_jaro_test.c  Sixteen words at a time match as one word at a time does, every way. */
#include "feeds/name_jaro.h"

#include <criterion/criterion.h>

static uint32_t seed;

static uint32_t random_below(uint32_t bound)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % bound;
}

static struct tw_name_term term_of(const char *text)
{
	return tw_name_term_make(&(struct tw_name_form_token){.text = tw_slice_str(text), .word = TW_WORD_PLAIN}, TW_NAME_OF_PERSON);
}

/* Few letters, so that many match. */
static struct tw_name_term make_word(uint32_t length)
{
	char text[TW_NAME_TERM_BYTES + 1] = {0};
	for (uint32_t i = 0; i < length; i++) {
		text[i] = "adeinrsz"[random_below(8)];
	}
	return term_of(text);
}

static bool same_text(const struct tw_name_term *a, const struct tw_name_term *b)
{
	return a->len == b->len && memcmp(a->text, b->text, sizeof(a->text)) == 0;
}

/* One word against sixteen of a length, this way. @return how many meet */
static uint32_t expect_same(enum tw_name_scan scan, const struct tw_name_term *word, const struct tw_name_term *others)
{
	const struct tw_name_rules *rules = tw_name_rules_of(TW_NAME_OF_PERSON);
	struct tw_name_pattern pattern;
	struct tw_jaro_word jaro;
	struct tw_jaro_lanes lanes = {.len = others[0].len};
	uint32_t met = 0;
	tw_name_pattern_make(&pattern, word);
	tw_jaro_word_make(&jaro, &pattern);
	for (uint32_t lane = 0; lane < TW_JARO_LANES; lane++) {
		lanes.high[lane] = (uint32_t)(tw_jaro_pack(&others[lane]) >> 32);
		lanes.low[lane] = (uint32_t)tw_jaro_pack(&others[lane]);
	}
	tw_jaro_match(scan, &jaro, &lanes);
	tw_jaro_slips(scan, &jaro, &lanes);
	for (uint32_t lane = 0; lane < TW_JARO_LANES; lane++) {
		uint64_t packed = tw_jaro_pack(&others[lane]);
		int32_t expected = tw_name_term_similarity(&pattern, &others[lane], rules);
		const struct tw_name_match match = {lanes.len, lanes.matched[lane], lanes.halves[lane], tw_jaro_prefix(tw_jaro_pack(word), packed),
		                                    lanes.slips[lane]};
		int32_t got = tw_name_similarity_matched(word, &match, rules);
		if (!same_text(word, &others[lane])) {
			cr_assert_eq(got, expected, "%.*s and %.*s: %u match, %u halves, %u slips", word->len, word->text, others[lane].len,
			             others[lane].text, match.matched, match.halves, match.slips);
		}
		met += expected != 0;
	}
	return met;
}

Test(name_jaro, sixteen_at_a_time_meet_as_each_alone_does)
{
	struct tw_name_term others[TW_JARO_LANES];
	uint32_t met = 0;
	seed = 21;
	for (uint32_t round = 0; round < 3000; round++) {
		struct tw_name_term word = make_word(2 + random_below(TW_NAME_TERM_BYTES - 1));
		uint32_t length = round % 2 && word.len <= TW_JARO_LETTERS ? word.len : 2 + random_below(TW_JARO_LETTERS - 1);
		for (uint32_t lane = 0; lane < TW_JARO_LANES; lane++) {
			others[lane] = make_word(length);
			for (uint32_t at = 0; lane % 2 && at < length && at < word.len; at++) { /* the same but for a letter */
				others[lane].text[at] = at == lane % length ? others[lane].text[at] : word.text[at];
			}
			char text[TW_NAME_TERM_BYTES + 1] = {0};
			memcpy(text, others[lane].text, length);
			others[lane] = term_of(text);
		}
		for (uint32_t scan = 0; scan < TW_NAME_SCANS; scan++) {
			if (tw_name_scan_has((enum tw_name_scan)scan)) {
				met += expect_same((enum tw_name_scan)scan, &word, others);
			}
		}
	}
	cr_expect_gt(met, 3000u);
}

Test(name_jaro, packed_words_are_in_the_order_of_their_texts)
{
	const char *const ordered[] = {"ab", "aba", "abz", "kalmar", "kalmarbridge", "kalmarbridgf", "zz"};
	for (uint32_t i = 0; i + 1 < sizeof(ordered) / sizeof(ordered[0]); i++) {
		struct tw_name_term before = term_of(ordered[i]), after = term_of(ordered[i + 1]);
		cr_expect_lt(tw_jaro_pack(&before), tw_jaro_pack(&after), "%s before %s", ordered[i], ordered[i + 1]);
	}
}

Test(name_jaro, first_letters_are_counted_to_four)
{
	static const struct {
		const char *a, *b;
		uint32_t same;
	} pairs[] = {{"quill", "wren", 0},  {"quill", "qaf", 1},   {"quill", "qux", 2},
	             {"quill", "quiet", 3}, {"quill", "quilt", 4}, {"quillfeather", "quillfeathes", 4},
	             {"qui", "quill", 3}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct tw_name_term a = term_of(pairs[i].a), b = term_of(pairs[i].b);
		cr_expect_eq(tw_jaro_prefix(tw_jaro_pack(&a), tw_jaro_pack(&b)), pairs[i].same, "%s and %s", pairs[i].a, pairs[i].b);
	}
}
