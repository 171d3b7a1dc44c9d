/**
 * @file pattern_probe_test.c
 * Patterns that no text meets, patterns that give up on some, and those of honest rules, which do neither.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "rules/pattern_probe.h"

#include <criterion/criterion.h>
#include <pcre2.h>
#include <stdio.h>

#include "engine/base/arena.h"

static bool gives_up(const char *pattern)
{
	struct tw_arena arena;
	struct tw_pattern_probe probe;
	tw_arena_init(&arena, 65536, 0);
	cr_assert_eq(tw_pattern_probe(tw_slice_str(pattern), &arena, &probe, NULL), TW_OK);
	tw_arena_fini(&arena);
	return probe.gives_up;
}

Test(pattern_probe, letters_before_the_begin_or_after_the_end_never_match)
{
	cr_assert(tw_pattern_never(tw_slice_str("gun$parts")));
	cr_assert(tw_pattern_never(tw_slice_str("gun^parts")));
	cr_assert(tw_pattern_never(tw_slice_str("[ab]x^")));
}

Test(pattern_probe, an_edge_where_no_word_ends_or_where_one_must_never_matches)
{
	static const char *const never[] = {"ri\\bfle", "gun\\B parts", "\\bRifle\\B$", "x\\w+\\by", "gun \\b-", "^\\b\\s", "gun,\\B7", "(a|b)x\\by"};
	static const char *const may[] = {"\\bgun\\b", "gun\\b parts", "gun\\B[a-z]", "gun\\b.",   "ri?\\bfle",  "gun\\b\\W?x", "\\Bgun",
	                                  "gun\\bé",   "gun\\b?parts", "7\\b(mm|x)",  "gun\\B\\d", "a|ri\\bfle", "x*\\bfle",    "gun\\b\\Rx"};
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		cr_assert(tw_pattern_never(tw_slice_str(never[i])), "%s", never[i]);
	}
	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		cr_assert_not(tw_pattern_never(tw_slice_str(may[i])), "%s", may[i]);
	}
}

Test(pattern_probe, letters_ahead_where_others_stand_never_match)
{
	static const char *const never[] = {"a(?=b)c", "gun(?=s)parts", "(?=gun)gux", "a(?!c)c", "(?!gun)GUN s", "(a(?=7)b|a(?=b)c)x", "a(?!c)c+"};
	static const char *const may[] = {"a(?=b)b",    "a(?=B)b",    "a(?=b)?c",  "a(?=b)c?x",     "a(?=b)c*", "a(?=b|c)c",
	                                  "a(?=b.)c|x", "a(?=bc)b",   "a(?=b)",    "a(?!cd)c",      "a(?!b)c",  "a(?!c){0}c",
	                                  "a(?!cd)c+d", "a(?=b)[bc]", "a(?=\\w)c", "(?=k)\\x{212A}"};
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		cr_assert(tw_pattern_never(tw_slice_str(never[i])), "%s", never[i]);
	}
	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		cr_assert_not(tw_pattern_never(tw_slice_str(may[i])), "%s", may[i]);
	}
}

Test(pattern_probe, what_might_match_is_not_called_never)
{
	static const char *const patterns[] = {"^gun parts$", "a?^gun",   "gun$b?", "(gun$|parts)", "(?m)gun$\nparts",
	                                       "[$]gun",      "\\$gun^?", "g*^un",  "x{0,2}^y"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		cr_assert_not(tw_pattern_never(tw_slice_str(patterns[i])), "%s", patterns[i]);
	}
}

Test(pattern_probe, assertions_that_fail_everywhere_never_match)
{
	static const char *const never[] = {"gun(?!)",         "(?!)",      "gun(?<!)x",     "(?:a|b(?!))(?!)",
	                                    "(a(?!)|b\\b\\B)", "(?=(?!))x", "gun(?!|parts)", "x(?>(?!))+"};
	static const char *const may[] = {"gun(?!)?",   "gun(?!)|x",       "(?:a|b(?!))",    "(?!(?!))gun", "(?!)*x",    "(?:(?!)){0,1}x",
	                                  "[(?!)]",     "\\(?!\\)",        "(?!a)x",         "\\b\\B?x",    "\\bx\\B",   "(?!)\\E?x",
	                                  "(?(?!)a|b)", "[[:alpha:](?!)]", "\\c((?!)\\)x)?", "(?#(?!))x",   "a{(?!)|b}", "(?<n>(?!))?x"};
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		cr_assert(tw_pattern_never(tw_slice_str(never[i])), "%s", never[i]);
	}
	for (size_t i = 0; i < sizeof(may) / sizeof(may[0]); i++) {
		cr_assert_not(tw_pattern_never(tw_slice_str(may[i])), "%s", may[i]);
	}
}

static uint32_t draw(uint32_t below)
{
	static uint64_t seed = 41;
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

/* Random patterns that are called never, against random texts. */
Test(pattern_probe, no_text_meets_what_is_called_never)
{
	static const char *const parts[] = {"a", "b", "|",   "(",   "(?:",   "(?!", "(?<!", "(?=",   "(?>", ")",   ")",    ")",   "\\b",   "\\B",
	                                    "?", "*", "+",   "{0}", "{0,2}", "^",   "$",    "[a|b]", ".",   "\\(", "(?!)", "(?|", "(?<x>", "\\E",
	                                    "{", "}", "[^]", "]",   "(?1)",  "\\b", "\\B",  "a",     "-",   " ",   "\\w",  "\\s", "\\d",   "_"};
	uint32_t called = 0;
	for (uint32_t i = 0; i < 200000; i++) {
		char pattern[128] = "";
		size_t used = 0;
		for (uint32_t j = 0, count = 1 + draw(12); j < count; j++) {
			const char *part = parts[draw(sizeof(parts) / sizeof(parts[0]))];
			used += (size_t)snprintf(pattern + used, sizeof(pattern) - used, "%s", part);
		}
		int code;
		PCRE2_SIZE offset;
		pcre2_code *compiled =
		    pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP, &code, &offset, NULL);
		bool never = compiled && tw_pattern_never(tw_slice_str(pattern));
		called += never;
		pcre2_match_data *data = never ? pcre2_match_data_create(1, NULL) : NULL;
		for (uint32_t j = 0; never && j < 50; j++) {
			char text[9] = "";
			for (uint32_t k = 0, length = draw(9); k < length; k++) {
				text[k] = "ab (]}-b"[draw(8)];
			}
			cr_assert_lt(pcre2_match(compiled, (PCRE2_SPTR)text, strlen(text), 0, 0, data, NULL), 0, "%s meets %s", text, pattern);
		}
		pcre2_match_data_free(data);
		pcre2_code_free(compiled);
	}
	cr_assert_gt(called, 1000);
}

Test(pattern_probe, repeats_within_repeats_give_up)
{
	static const char *const patterns[] = {"^(a+)+$", "(\\w+\\s?)+:", "(gun|gun+)+x", "(x+x+)+y", "mining.*drill.*rods.*xyz"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		cr_assert(gives_up(patterns[i]), "%s", patterns[i]);
	}
}

Test(pattern_probe, honest_patterns_do_not)
{
	static const char *const patterns[] = {"\\b(rifle|pistol) (barrels?|parts)\\b", "\\bmining\\b.*\\b(drill|rods)\\b",
	                                       "^\\W*ML\\W*0?[1-4](?![0-9])"};
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		cr_assert_not(gives_up(patterns[i]), "%s", patterns[i]);
	}
}

Test(pattern_probe, says_when_there_is_no_memory)
{
	struct tw_arena arena;
	struct tw_pattern_probe probe;
	struct tw_error err;
	tw_arena_init(&arena, 1024, 4096);
	cr_assert_eq(tw_pattern_probe(tw_slice_str("gun"), &arena, &probe, &err), TW_E_MEMORY);
	tw_arena_fini(&arena);
}

Test(pattern_probe, a_unit_that_is_cut_inside_a_character_is_no_danger)
{
	/* sixty-three bytes and a letter of two: behind a letter look-behinds and character classes step over whole characters */
	cr_assert_not(
	    gives_up("\\b(7[.,]65 ?[x×х*] ?(17|21|25)|7[.,]92 ?[x×х*] ?(33|57|94)|8[.,]6 ?[x×х*] ?70|12[.,]7 ?[x×х*] ?(99|107|108))(?![0-9.,])"));
	for (uint32_t extra = 0; extra < 4; extra++) {
		char pattern[160];
		snprintf(pattern, sizeof(pattern), "%.*sпротивопехотныемины противотанковыемины боеприпасы пулемет", (int)extra, "aaaa");
		cr_assert_not(gives_up(pattern));
	}
}
