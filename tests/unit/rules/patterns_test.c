/**
 * @file patterns_test.c
 * The pass over texts never loses a match that PCRE2 would find; limits end hostile matches; shared patterns are shared.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <criterion/criterion.h>
#include <pcre2.h>

#include "fixture.h"
#include "rules/patterns.h"
#include "rules/required.h"

static struct tw_arena arena;
static struct tw_patterns *patterns;
static struct tw_pattern_bench *bench;
static struct tw_rule_report report;
static struct tw_error err;

static void setup(void)
{
	tw_arena_init(&arena, 64 * 1024, 0);
	patterns = tw_patterns_new(&arena);
	report = (struct tw_rule_report){.err = &err, .file = "a"};
}

static void teardown(void)
{
	tw_pattern_bench_free(bench);
	tw_patterns_free(patterns);
	tw_arena_fini(&arena);
	bench = NULL;
}

TestSuite(patterns, .init = setup, .fini = teardown);

static uint32_t add(const char *pattern)
{
	struct tw_literal literal = {.text = tw_slice_str(pattern), .mark = {1, 1}};
	struct tw_literals one = {&literal, 1};
	uint32_t set = UINT32_MAX;
	cr_assert(tw_patterns_add(patterns, &one, &report, &set), "%s", err.detail);
	return set;
}

static void seal(void)
{
	cr_assert(tw_patterns_seal(patterns));
	cr_assert_eq(tw_pattern_bench_new(patterns, &bench, &err), TW_OK);
}

static bool meets(uint32_t set, const char *text)
{
	struct tw_pattern_marks marks = {NULL};
	bool failed = false;
	bool met = tw_patterns_match(patterns, bench, &marks, set, tw_slice_str(text), &arena, &failed);
	cr_assert_not(failed);
	cr_assert_eq(tw_patterns_match(patterns, bench, &marks, set, tw_slice_str(text), &arena, &failed), met, "the remembered answer differs");
	return met;
}

static bool pcre_meets(const char *pattern, const char *text)
{
	int code;
	PCRE2_SIZE offset;
	pcre2_code *compiled =
	    pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP, &code, &offset, NULL);
	cr_assert_not_null(compiled, "%s", pattern);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int found = pcre2_match(compiled, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL);
	pcre2_match_data_free(data);
	pcre2_code_free(compiled);
	return found >= 0;
}

static const char *const samples[] = {
    "rifle",
    "\\brifles?\\b",
    "(rifle|pistol)s? (part|kit)",
    "ak[- ]?47",
    "(?:gun|barrel)(?!s)",
    "(?<=hunting )rifle",
    "colou?r",
    "[rp]ifle",
    "ri+fle",
    "(ab){2}",
    "ri+fl+e?s",
    "(gu|be)+n",
    "(?i)rifle",
    "mm\\b",
    "9\\s*x\\s*19",
    "a|",
    "\\x72ifle",
    "gl[o0]ck",
    "(shot)?gun",
    "x{2,}",
    "\\.22",
    "боеприпас",
    "пулем[её]т",
    "straße",
    "k-?9",
    "ski[ns]",
    "\xC5\xBFki",
    "(a|b|(c|d)e)f",
    "[^a]ifle",
    "[]r]ifle",
    "[a-c]at",
    "ri\\Qfle\\E",
    "(?#note)gun",
    "gun(powder)*s",
    "r.fle",
    "^gun$",
    "(gun|)smith",
    "\\bm-?16a[1-4]\\b",
    "\\p{L}ifle",
    "(?>gun)s",
    "(?|(gun)|(rod))s",
    "(g)un\\1",
    "gun\\N{U+73}",
    "s\\+w",
    "kk",
    "(ri(fl(e|y)|ng)|bow) ?stock",
};

static const char *const texts[] = {
    "",
    "r",
    "ri",
    "Hunting rifles, bolt action",
    "RIFLE",
    "rifle part",
    "pistols kit",
    "AK47 and AK-47",
    "ak 4 7",
    "gun",
    "guns",
    "barrel",
    "colour color",
    "pifle",
    "riiifle",
    "abab",
    "9mm",
    "9 x 19",
    "9x19mm",
    "glock gl0ck",
    "shotgun",
    "xx",
    "cal .22",
    "БОЕПРИПАС",
    "пулемёт",
    "ПУЛЕМЕТ",
    "STRASSE straße",
    "\xE2\x84\xAA-9",
    ("\xE2\x84\xAA"
     "9"),
    "s\xE2\x84\xAAi\xC5\xBF",
    "skin",
    "ski",
    "\xC5\xBF\xE2\x84\xAAi",
    "af bf cef def",
    "bifle ]ifle",
    "bat cat",
    "gunpowders",
    "GUNSMITH",
    "smith",
    "m16a2 M-16A4",
    ("\xC3\xA9"
     "ifle"),
    "rods",
    "gung",
    "s+w",
    "\xE2\x84\xAA\xE2\x84\xAA",
    "riflestock ring stock bow stock",
    "wine barrels \xE2\x80\x93 oak",
    "ß",
};

Test(patterns, the_pass_agrees_with_pcre2_on_every_sample)
{
	uint32_t sets[sizeof(samples) / sizeof(samples[0])];
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		sets[i] = add(samples[i]);
	}
	seal();
	uint32_t met = 0;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			bool expected = pcre_meets(samples[i], texts[j]);
			cr_expect_eq(meets(sets[i], texts[j]), expected, "\"%s\" on \"%s\": expected %d", samples[i], texts[j], expected);
			met += expected;
		}
	}
	cr_assert_gt(met, 60);
}

static const char *required(const char *pattern)
{
	static char out[512];
	struct tw_required needed;
	size_t used = 0;
	out[0] = 0;
	tw_required_of(tw_slice_str(pattern), &needed);
	for (uint32_t i = 0; i < needed.count; i++) {
		used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%.*s", i ? "," : "", needed.text[i].len, needed.text[i].bytes);
	}
	return out;
}

Test(patterns, required_literals_are_what_every_match_contains)
{
	cr_assert_str_eq(required("\\bRifles?\\b"), " rifles , rifle ");
	cr_assert_str_eq(required("(rifle|pistol) \\w+ kit"), "rifle ,pistol ");
	cr_assert_str_eq(required("ak[- ]?47"), "ak 47,ak47");
	cr_assert_str_eq(required("\\d+ shotgun"), " shotgun");
	cr_assert_str_eq(required("(?<!toy )gun"), "gun");
	cr_assert_str_eq(required("mm+"), "mm");
	cr_assert_str_eq(required("(ab){2,3}cd"), "abcd");
	cr_assert_str_eq(required("\\b(?:petn|unsymmetrical\\s+dimethylhydrazine)\\b"), " petn, unsymmetrical dimethylh");
	cr_assert_str_eq(required("\\bgas\\s+(?:piston.+|tube\\d)"), " gas piston, gas tube");
	cr_assert_str_eq(required("\\bfish\\b.*\\bmachine\\b.*\\bpetn"), " petn");
	cr_assert_str_eq(required("a.c"), "");
	cr_assert_str_eq(required("rifle|x"), "");
	cr_assert_str_eq(required("(?x) r i f l e"), "");
	cr_assert_str_eq(required("[^r]"), "");
	cr_assert_str_eq(required("a\\"), "");
	cr_assert_str_eq(required("(((("), "");
}

static bool exact(const char *pattern)
{
	struct tw_required needed;
	tw_required_of(tw_slice_str(pattern), &needed);
	return needed.exact;
}

Test(patterns, literals_are_exact_where_the_form_keeps_all_that_the_pattern_says)
{
	static const char *const exacts[] = {"\\b(?:rifle|pistol)s?\\b", "ak47", "\\bak[ms]\\b", "colou??r", "\\b\\bgun", "(gun|rod)(smith)?"};
	static const char *const loose[] = {"gas pistons", "ak[- ]?47",   "\\bgas\\s+piston", "^rifle",      "rifle$",           "\\Arifle",
	                                    "gun\\b-",     "ri\\bfle",    "(?=r)rifle",       "(?<!x)rifle", "(?>gun|guns)mith", "guns?+s",
	                                    "rif+le",      "rifle.*part", "r[a-z]fle",        "\xC3\xA9t",   "rifle\\d",         "a",
	                                    "\\Bak",       "gun|",        "(?i)gun"};
	for (size_t i = 0; i < sizeof(exacts) / sizeof(exacts[0]); i++) {
		cr_expect(exact(exacts[i]), "%s", exacts[i]);
	}
	for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++) {
		cr_expect_not(exact(loose[i]), "%s", loose[i]);
	}
}

Test(patterns, a_literal_that_is_found_behind_a_run_of_blanks_is_seen_before_it)
{
	uint32_t set = add("[ks]\\s*(?:ak|rifle)");
	seal();
	cr_assert(meets(set, "k ak"));
	cr_assert(meets(set, "guns  AK"));
	cr_assert_not(meets(set, "gun  AK"));
}

Test(patterns, what_is_exact_is_asked_of_pcre2_where_the_text_is_not_ascii)
{
	uint32_t ak = add("\\bak\\b"), rifles = add("rifles?");
	seal();
	cr_assert(meets(ak, "an AK, used"));
	cr_assert(meets(rifles, "RIFLE"));
	cr_assert_not(meets(ak, "\xC3\xA9"
	                        "ak"),
	              "a letter stands before it");
	cr_assert(meets(ak, "\xC3\xA9 ak"));
	cr_assert(meets(ak, "a\xE2\x84\xAA"), "U+212A is the letter k");
	cr_assert_not(meets(ak, "akm"));
}

Test(patterns, a_pattern_without_fixed_text_is_warned_of)
{
	char problems[512] = "";
	report.stream = fmemopen(problems, sizeof(problems), "w");
	add("\\d+");
	fclose(report.stream);
	cr_assert_str_eq(problems, "a:1:1: warning: slow pattern \"\\d+\": it needs no fixed text, so it runs on every text [TW-R-0701]\n");
	cr_assert_eq(report.errors, 0);
}

Test(patterns, equal_patterns_and_equal_sets_are_one)
{
	cr_assert_eq(add("rifle"), 0);
	cr_assert_eq(add("pistol"), 1);
	cr_assert_eq(add("rifle"), 0);
	struct tw_literal two[] = {{.text = tw_slice_str("pistol"), .mark = {1, 1}}, {.text = tw_slice_str("rifle"), .mark = {1, 1}}};
	struct tw_literals both = {two, 2}, one = {two, 1};
	uint32_t set = 99;
	cr_assert(tw_patterns_add(patterns, &both, &report, &set));
	cr_assert_eq(set, 2);
	cr_assert(tw_patterns_add(patterns, &one, &report, &set));
	cr_assert_eq(set, 1);
}

Test(patterns, a_pattern_past_its_limit_does_not_fire_and_is_counted)
{
	static char hostile[4001];
	memset(hostile, 'a', sizeof(hostile) - 1);
	uint32_t set = add("(a+)+(a+)+b");
	seal();
	cr_assert_not(meets(set, "xyz"));
	cr_assert_eq(tw_pattern_bench_limited(bench), 0);
	cr_assert(meets(set, "aaab"));
	memcpy(hostile + 3990, "c b", 3);
	cr_assert_not(meets(set, hostile));
	cr_assert_eq(tw_pattern_bench_limited(bench), 1);
}

Test(patterns, limited_patterns_are_counted_by_the_rule_bench)
{
	struct fixture *f = fixture_new();
	char hostile[4001];
	memset(hostile, 'a', sizeof(hostile) - 1);
	memcpy(hostile + 3990, "c b", 4);
	item(f, 0)->description = fixture_text(f, hostile);
	cr_assert_not(fires(f, "{some: items, where: {field: item.description, matches: '(a+)+(a+)+b'}}"));
	cr_assert_eq(tw_rule_bench_limited(f->bench), 1);
	cr_assert_eq(fixture_eval(f), 0);
	cr_assert_eq(tw_rule_bench_limited(f->bench), 2);
	struct tw_limited_rules limited = tw_rule_bench_limited_rules(f->bench);
	cr_assert_eq(limited.count, 1, "of this event alone");
	cr_assert(tw_slice_is(limited.rule[0]->id, "test-rule"));
	item(f, 0)->description = fixture_text(f, "aaab");
	cr_assert_eq(fixture_eval(f), 1);
	cr_assert_eq(tw_rule_bench_limited_rules(f->bench).count, 0);
	fixture_free(f);
}

Test(patterns, a_rule_that_another_pattern_of_the_set_meets_has_missed_nothing)
{
	struct fixture *f = fixture_new();
	char hostile[4001];
	memset(hostile, 'a', sizeof(hostile) - 1);
	memcpy(hostile + 3984, "c b rifle", 10);
	item(f, 0)->description = fixture_text(f, hostile);
	cr_assert(fires(f, "{some: items, where: {field: item.description, matches: ['(a+)+(a+)+b', 'rifle']}}"));
	cr_assert_eq(tw_rule_bench_limited_rules(f->bench).count, 0);
	cr_assert_not(fires(f, "{some: items, where: {field: item.description, matches: ['(a+)+(a+)+b', 'pistol']}}"));
	cr_assert_eq(tw_rule_bench_limited_rules(f->bench).count, 1);
	fixture_free(f);
}

Test(patterns, a_full_arena_is_said)
{
	uint32_t set = add("rifle");
	seal();
	struct tw_arena small;
	tw_arena_init(&small, 8, 8);
	struct tw_pattern_marks marks = {NULL};
	bool failed = false;
	cr_assert_not(tw_patterns_match(patterns, bench, &marks, set, tw_slice_str("rifle"), &small, &failed));
	cr_assert(failed);
	tw_arena_fini(&small);
}

Test(patterns, those_of_a_set_are_asked_one_by_one)
{
	uint32_t set = add("rifle parts?");
	seal();
	cr_assert_eq(tw_patterns_set_count(patterns, set), 1);
	cr_assert(tw_slice_is(tw_patterns_set_text(patterns, set, 0), "rifle parts?"));
	cr_assert(tw_patterns_set_match(patterns, bench, set, 0, tw_slice_str("Rifle part")));
	cr_assert_not(tw_patterns_set_match(patterns, bench, set, 0, tw_slice_str("rifles")));
}

Test(patterns, a_text_is_met_as_received_or_in_its_normal_form)
{
	uint32_t accented = add("pi[eè]ces d'armes"), plain = add("\\bpieces d'armes"), only = add("pièces"), ak = add("\\bak-?47\\b"),
	         calibre = add("7[.,]62x39"), cyrillic = add("спускной"), other = add("rifle");
	seal();
	cr_assert(meets(accented, "des pièces d'armes"), "as it was written");
	cr_assert(meets(plain, "des Pièces d’armes"), "accent and apostrophe");
	cr_assert(meets(only, "pièces"));
	cr_assert_not(meets(only, "pieces"), "an accent that the pattern asks for");
	cr_assert(meets(ak, "new \u0410\u041A\u201147"));
	cr_assert(meets(calibre, "7,62×39 mm"));
	cr_assert(meets(cyrillic, "спускн"
	                          "o"
	                          "й крючок"));
	cr_assert(meets(other, "ri\u00ADfle"));
	cr_assert_not(meets(other, "ri fle 步枪"));
}

Test(patterns, the_sets_of_both_readings_are_found_each_once_in_order)
{
	uint32_t first = add("épée"), second = add("epee"), third = add("(épée|epee)"), count;
	seal();
	struct tw_pattern_marks marks = {NULL};
	bool failed = false;
	const uint32_t *found = tw_patterns_find(patterns, bench, &marks, tw_slice_str("une épée"), &arena, &count, &failed);
	bool seen[3] = {false};
	cr_assert_not(failed);
	for (uint32_t i = 0; i < count; i++) {
		cr_assert(i == 0 || found[i] > found[i - 1]);
		seen[found[i]] = true;
	}
	cr_assert(seen[first] && seen[second] && seen[third]);
	cr_assert(meets(first, "une épée") && meets(second, "une épée") && meets(third, "une épée"));
}

Test(patterns, as_received_a_text_has_no_other_form)
{
	uint32_t set = add("pieces");
	seal();
	tw_pattern_bench_as_received(bench);
	cr_assert_not(meets(set, "pièces"));
	cr_assert(meets(set, "pieces"));
}

static bool place_of(struct tw_pattern_marks *marks, uint32_t set, const char *text, struct tw_span *place)
{
	bool failed = false;
	bool met = tw_patterns_place(patterns, bench, marks, set, tw_slice_str(text), &arena, place, &failed);
	cr_assert_not(failed);
	return met;
}

static void place_is(uint32_t set, const char *text, const char *expected)
{
	struct tw_pattern_marks marks = {NULL};
	struct tw_span place = {9, 9}, again = {9, 9};
	cr_assert(place_of(&marks, set, text, &place), "%s", text);
	cr_assert(place_of(&marks, set, text, &again) && again.from == place.from && again.to == place.to, "%s: once found, the same", text);
	cr_assert(tw_slice_is((struct tw_slice){text + place.from, place.to - place.from}, expected), "%s: %u to %u", text, place.from, place.to);
}

Test(patterns, a_match_has_its_place_in_the_bytes_that_were_received)
{
	uint32_t set = add("gun|pi[eè]ces"), ahead = add("(?=gun)");
	struct tw_pattern_marks marks = {NULL};
	struct tw_span place;
	seal();
	place_is(set, "a gun", "gun");
	place_is(set, "des pièces", "pièces");
	place_is(set, "dés piéces", "piéces");
	place_is(set, "dés g\u00ADun", "g\u00ADun");
	place_is(ahead, "a gun", "");
	cr_assert_not(place_of(&marks, set, "cañón", &place));
	cr_assert(tw_patterns_set_match(patterns, bench, set, 0, tw_slice_str("dés piéces")));
}
