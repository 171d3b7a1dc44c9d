/**
 * @file prefilter_test.c
 * Random patterns on random texts: what PCRE2 matches is a candidate, and what is asked through the pass is answered as PCRE2 answers.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <criterion/criterion.h>
#include <pcre2.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "rules/patterns.h"
#include "rules/prefilter_table.h"
#include "tests/reference/dice.h"

#define PATTERNS 1500U
#define TEXTS    400U

static uint64_t seed = 417;

static uint32_t below(uint32_t bound)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % bound;
}

/* Few letters, so that matches happen; the two characters that fold to ASCII, and some that do not. */
static const char *const letters[] = {"a",        "k",        "s",        "K",  "S",  "7",  "_", " ", "-", ".", "\xC5\xBF", "\xE2\x84\xAA",
                                      "\xC3\xA9", "\xC2\xA0", "\xD0\xBA", "ak", "ks", "sak"};
static const char *const atoms[] = {
    "a",     "k",      "s",   "7",    "ak",     "sak",      "kas",        "\\b",           "\\b", "\\s",    "\\s+", "[\\s-]?", "[ -]", "-",
    "\\.",   "\\W",    "\\w", "[ks]", "[as7]?", "(?:ak|s)", "(k|as)?",    "(?:\\bs|a\\b)", ".",   ".{0,3}", "s?",   "k+",      "a{2}", "\xC3\xA9",
    "(?=s)", "(?<!k)", "\\B", "\\d",  "[^a]",   "[.,]",     "(?:\\bak)+", "\xC5\xBF",      "^",   "$",      "_",    " "};

static void build(char *out, size_t size, const char *const *parts, uint32_t count, uint32_t least, uint32_t most)
{
	uint32_t many = least + below(most - least + 1);
	size_t used = 0;
	out[0] = '\0';
	for (uint32_t i = 0; i < many && used < size; i++) {
		used += (size_t)snprintf(out + used, size - used, "%s", parts[below(count)]);
	}
}

static pcre2_code *compiled(const char *pattern)
{
	int code;
	PCRE2_SIZE offset;
	return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP, &code, &offset, NULL);
}

Test(prefilter, loses_no_match_of_random_patterns_on_random_texts)
{
	static pcre2_code *code[PATTERNS];
	static uint32_t set[PATTERNS];
	static char pattern[PATTERNS][96];
	struct tw_arena arena;
	struct tw_pattern_bench *bench;
	struct tw_error err;
	struct tw_rule_report report = {.err = &err, .file = "a"};
	uint64_t met = 0, spared = 0;
	tw_arena_init(&arena, 1 << 20, 0);
	struct tw_patterns *patterns = tw_patterns_new(&arena);
	for (uint32_t i = 0; i < PATTERNS;) {
		build(pattern[i], sizeof(pattern[i]), atoms, sizeof(atoms) / sizeof(atoms[0]), 1, 8);
		code[i] = compiled(pattern[i]);
		struct tw_literal literal = {.text = tw_slice_str(pattern[i]), .mark = {1, 1}};
		if (code[i]) {
			cr_assert(tw_patterns_add(patterns, &(struct tw_literals){&literal, 1}, &report, &set[i]), "%s", err.detail);
			i++;
		}
	}
	cr_assert(tw_patterns_seal(patterns));
	cr_assert_eq(tw_pattern_bench_new(patterns, &bench, &err), TW_OK);
	tw_pattern_bench_as_received(bench);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	for (uint32_t j = 0; j < TEXTS; j++) {
		char text[128];
		struct tw_pattern_marks marks = {NULL};
		bool failed = false;
		uint32_t count;
		build(text, sizeof(text), letters, sizeof(letters) / sizeof(letters[0]), 0, 12);
		(void)tw_patterns_find(patterns, bench, &marks, tw_slice_str(text), &arena, &count, &failed);
		spared += PATTERNS - count;
		for (uint32_t i = 0; i < PATTERNS; i++) {
			bool expected = pcre2_match(code[i], (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL) >= 0;
			bool got = tw_patterns_match(patterns, bench, &marks, set[i], tw_slice_str(text), &arena, &failed);
			cr_assert_eq(got, expected, "\"%s\" on \"%s\": expected %d", pattern[i], text, expected);
			met += expected;
		}
		cr_assert_not(failed);
	}
	cr_assert_gt(met, 20000);
	cr_assert_gt(spared, 100000);
	for (uint32_t i = 0; i < PATTERNS; i++) {
		pcre2_code_free(code[i]);
	}
	pcre2_match_data_free(data);
	tw_pattern_bench_free(bench);
	tw_patterns_free(patterns);
	tw_arena_fini(&arena);
}

static uint32_t pass_one(const struct tw_required *required, const char *text)
{
	struct tw_arena arena;
	const uint32_t *out;
	tw_arena_init(&arena, 4096, 0);
	struct tw_prefilter *prefilter = tw_prefilter_new(&arena, &required, 1);
	struct tw_prefilter_scratch *scratch = tw_prefilter_scratch_new(prefilter);
	uint32_t count = tw_prefilter_pass(prefilter, scratch, tw_slice_str(text), &out);
	tw_prefilter_scratch_free(scratch);
	tw_arena_fini(&arena);
	return count;
}

static uint32_t candidates(const char *pattern, const char *text)
{
	struct tw_required required;
	tw_required_of(tw_slice_str(pattern), &required);
	return pass_one(&required, text);
}

Test(prefilter, every_byte_has_the_form_that_literals_have)
{
	for (int c = 1; c < 0x80; c++) {
		struct tw_required one = {.count = 1, .text = {{3, {'q', tw_required_char((char)c), 'q'}}}};
		const char text[] = {'q', (char)c, 'Q', '\0'};
		cr_assert_eq(pass_one(&one, text), 1, "byte %d", c);
		one.text[0].bytes[1] = one.text[0].bytes[1] == 'x' ? 'y' : 'x';
		cr_assert_eq(pass_one(&one, text), 0, "byte %d", c);
	}
}

Test(prefilter, whole_words_are_told_from_parts)
{
	cr_assert_eq(candidates("\\bfnc\\b", "an FNC rifle"), 1);
	cr_assert_eq(candidates("\\bfnc\\b", "FNC"), 1);
	cr_assert_eq(candidates("\\bfnc\\b", "confncer"), 0);
	cr_assert_eq(candidates("\\bd[\\s-]?30\\b", "D\xC2\xA0"
	                                            "30 howitzer"),
	             1);
	cr_assert_eq(candidates("\\bd[\\s-]?30\\b", "d305"), 0);
	cr_assert_eq(candidates("\\bak\\b", "\xC3\xA9"
	                                    "ak"),
	             1, "cautious beyond ASCII");
}

Test(prefilter, a_long_text_is_read_to_its_end)
{
	static char text[100001];
	memset(text, 'z', sizeof(text) - 1);
	memcpy(text + sizeof(text) - 6, "rifle", 5);
	cr_assert_eq(candidates("rifle", text), 1);
	text[sizeof(text) - 2] = 'z';
	cr_assert_eq(candidates("rifle", text), 0);
}

static uint32_t pass_by(const char *pattern, struct tw_slice text, enum tw_text_scan scan, uint32_t patterns)
{
	struct tw_arena arena;
	struct tw_required required;
	const struct tw_required *each[64];
	const uint32_t *out;
	tw_required_of(tw_slice_str(pattern), &required);
	for (uint32_t i = 0; i < patterns; i++) {
		each[i] = &required;
	}
	tw_arena_init(&arena, 4096, 0);
	struct tw_prefilter *prefilter = tw_prefilter_new(&arena, each, patterns);
	struct tw_prefilter_scratch *scratch = tw_prefilter_scratch_new(prefilter);
	tw_prefilter_scratch_scan(scratch, scan);
	uint32_t count = tw_prefilter_pass(prefilter, scratch, text, &out);
	tw_prefilter_scratch_free(scratch);
	tw_arena_fini(&arena);
	return count;
}

Test(prefilter, what_is_between_two_words_may_be_longer_than_the_pattern_says)
{
	cr_assert_eq(candidates("\\bgas\\s*pistons?\\b", "a gas  -  piston"), 1);
	cr_assert_eq(candidates("\\bgas\\s*pistons?\\b", "gaspistons"), 1);
	cr_assert_eq(candidates("\\bgas\\s*pistons?\\b", "gas cooker, pistons"), 0);
	cr_assert_eq(candidates("\\bgas\\b.{0,40}\\bpistons?\\b", "pistons for gas"), 1, "both words, in whichever order");
	cr_assert_eq(candidates("\\bgas\\b.{0,40}\\bpistons?\\b", "pistons for oil"), 0);
	cr_assert_eq(pass_by("\\bgas\\s*pistons?\\b", tw_slice_str("GAS piston"), TW_TEXT_SCALAR, 1), 1);
	cr_assert_eq(candidates("\\bfn\\d*\\s+rifles?\\b", "fn12 rifle"), 1);
	cr_assert_eq(candidates("\\bfn\\d*\\s+rifles?\\b", "fm12 rifle"), 0, "no word begins so");
}

/* What is told from a text's letters and beginnings alone: nothing that matches lacks them. */
Test(prefilter, what_a_text_has_for_sure_is_told_from_its_letters)
{
	const char *calibre = "9\\s*(?:x|by)\\s*39.{0,12}\\bprimers?\\b", *pair = "\\bmachines?\\s+parts?\\b.{0,30}\\bcarriers?\\s+of\\b";
	cr_assert_eq(candidates(calibre, "9x39 primers"), 1);
	cr_assert_eq(candidates(calibre, "7.62 by 39, 9 BY 39 mm Primer"), 1);
	cr_assert_eq(candidates(calibre, "in primary forms, x by 3"), 0, "no 9");
	cr_assert_eq(candidates(pair, "machine  parts and carriers - of steel"), 1);
	cr_assert_eq(candidates(pair, "machines part, carrier of"), 1);
	cr_assert_eq(candidates(pair, "machine parts and carriers"), 0);
	cr_assert_eq(candidates("\\bkevlar\\b.{0,30}\\bvests?\\b", "\xE2\x84\xAA"
	                                                           "EVLAR ve\xC5\xBFt"),
	             1, "its letters are the ASCII ones");
	cr_assert_eq(candidates("\\btype[\\s-]*ver[0-9]", "type ver2"), 1);
	cr_assert_eq(candidates("\\btype[\\s-]*ver[0-9]", "typed by hand, refrigerated"), 0, "no v");
}

/* The same word again and again, each time the beginning of a literal that does not stand there: what is looked at is bounded, and nothing is lost.
 */
Test(prefilter, a_text_that_is_made_to_cost_gets_every_pattern)
{
	static char text[60001];
	for (uint32_t i = 0; i + 6 <= sizeof(text); i += 6) {
		memcpy(text + i, "pistol", 5);
		text[i + 5] = ' ';
	}
	struct tw_slice all = {text, sizeof(text) - 1}, few = {text, 60};
	cr_assert_eq(pass_by("\\bpistole", few, tw_text_scan_best(), 64), 0);
	cr_assert_eq(pass_by("\\bpistole", all, tw_text_scan_best(), 64), 64);
	cr_assert_eq(pass_by("\\bpistole", all, tw_text_scan_best(), 0), 0);
}

/* What is remembered of a text is not remembered of the next, however many there are. */
Test(prefilter, needs_are_those_of_the_text_at_hand)
{
	struct tw_arena arena;
	struct tw_required required;
	const struct tw_required *each = &required;
	const uint32_t *out;
	tw_required_of(tw_slice_str("\\bgas\\b.{0,40}\\bpistons?\\b.*steel"), &required);
	tw_arena_init(&arena, 4096, 0);
	struct tw_prefilter *prefilter = tw_prefilter_new(&arena, &each, 1);
	struct tw_prefilter_scratch *scratch = tw_prefilter_scratch_new(prefilter);
	for (uint32_t i = 0; i < 1000; i++) {
		cr_assert_eq(tw_prefilter_pass(prefilter, scratch, tw_slice_str(i % 3 ? "gas piston tin" : "gas piston steel"), &out), i % 3 ? 0 : 1);
		cr_assert_eq(tw_prefilter_pass(prefilter, scratch, tw_slice_str("steel piston"), &out), 0);
	}
	tw_prefilter_scratch_free(scratch);
	tw_arena_fini(&arena);
}

/* ---- ways of reading ---- */

static const char *const goods[] = {
    "gas",   "pistons", "piston",  "rifle",   "rifles",  "of",    "9x19", "7.62",     "machine", "suppressor",   "suppressors",
    "cast",  "barrel",  "barrels", "m4",      "a",       "x",     "-",    "_",        "(steel)", "\xC5\xBFteel", "\xC3\xA9t\xC3\xA9",
    "sears", "mm",      "type56",  "type 56", "trigger", "degas", "49",   "gaspiston"};
static const char *const spaces[] = {" ", "  ", "", ", ", " ", " "};
static const char *const between[] = {"\\b", "\\s*", "\\s+", ".{0,20}", "", "[\\s-]?", "\\b.*\\b"};

static void goods_text(char *out, size_t size, uint32_t most)
{
	size_t used = 0;
	out[0] = '\0';
	for (uint32_t left = below(most + 1); left && used + 32 < size; left--) {
		used += (size_t)snprintf(out + used, size - used, "%s%s", goods[below(sizeof(goods) / sizeof(goods[0]))], spaces[below(6)]);
	}
}

static void goods_pattern(struct tw_required *out)
{
	char pattern[128];
	size_t used = 0;
	for (uint32_t left = 1 + below(3); left; left--) {
		used += (size_t)snprintf(pattern + used, sizeof(pattern) - used, "%s%s", between[below(7)], goods[below(18)]);
	}
	(void)snprintf(pattern + used, sizeof(pattern) - used, "%s", below(2) ? "\\b" : "");
	tw_required_of(tw_slice_str(pattern), out);
}

static int by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static uint32_t pass_sorted(const struct tw_prefilter *prefilter, struct tw_prefilter_scratch *scratch, enum tw_text_scan scan, const char *text,
                            uint32_t *out)
{
	const uint32_t *found;
	tw_prefilter_scratch_scan(scratch, scan);
	uint32_t count = tw_prefilter_pass(prefilter, scratch, tw_slice_str(text), &found);
	memcpy(out, found, count * sizeof(*out));
	qsort(out, count, sizeof(*out), by_number);
	return count;
}

Test(prefilter, every_way_of_reading_finds_the_same_candidates)
{
	static struct tw_required required[PATTERNS];
	static const struct tw_required *each[PATTERNS];
	static uint32_t expected[PATTERNS], got[PATTERNS];
	struct tw_arena arena;
	uint64_t found = 0, spared = 0;
	for (uint32_t i = 0; i < PATTERNS; i++) {
		goods_pattern(&required[i]);
		each[i] = &required[i];
	}
	tw_arena_init(&arena, 1 << 20, 0);
	struct tw_prefilter *prefilter = tw_prefilter_new(&arena, each, PATTERNS);
	struct tw_prefilter_scratch *scratch = tw_prefilter_scratch_new(prefilter);
	for (uint32_t j = 0; j < 4 * TEXTS; j++) {
		char text[2048];
		goods_text(text, sizeof(text), j % 8 ? 20 : 200);
		uint32_t count = pass_sorted(prefilter, scratch, TW_TEXT_SCALAR, text, expected);
		for (enum tw_text_scan scan = TW_TEXT_AVX2; scan <= TW_TEXT_AVX512; scan++) {
			if (tw_text_scan_has(scan)) {
				cr_assert_eq(pass_sorted(prefilter, scratch, scan, text, got), count, "\"%s\"", text);
				cr_assert_arr_eq(got, expected, count * sizeof(*got), "\"%s\"", text);
			}
		}
		found += count;
		spared += PATTERNS - count;
	}
	cr_assert_gt(found, 10000);
	cr_assert_gt(spared, 100000);
	tw_prefilter_scratch_free(scratch);
	tw_arena_fini(&arena);
}

Test(prefilter, what_a_text_begins_with_and_its_letters_are_the_same_read_either_way)
{
	static const char alphabet[] = "AkZz09_ -,.x46mQ";
	struct dice dice = dice_of_seed(11);
	struct tw_text_words words = {0};
	for (uint32_t length = 0; length < 300; length++) {
		char text[300];
		for (uint32_t i = 0; i < length; i++) {
			text[i] = alphabet[dice_below(&dice, sizeof(alphabet) - 1)];
		}
		for (enum tw_text_scan scan = TW_TEXT_AVX2; scan <= TW_TEXT_AVX512; scan++) {
			if (!tw_text_scan_has(scan)) {
				continue;
			}
			cr_assert(tw_text_words_of(&words, (struct tw_slice){text, length}, scan));
			cr_assert_eq(tw_prefilter_scan_begins(&words, scan), tw_prefilter_scan_begins(&words, TW_TEXT_SCALAR));
			cr_assert_eq(tw_prefilter_scan_letters(&words, scan), tw_prefilter_scan_letters(&words, TW_TEXT_SCALAR));
		}
	}
	tw_text_words_fini(&words);
}
