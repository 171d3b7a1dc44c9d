/* What the literal extractor requires stands in every match that PCRE2 finds: on random patterns, and on the shipped packs' own patterns and texts.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "rules/ruleset.h"
#include "tests/reference/required_check.h"

#define CASES 20000U

TestSuite(rules_required);

Test(rules_required, random_patterns_hold_what_is_said_of_them)
{
	uint32_t verdicts[REQUIRED_LACKING + 1] = {0};
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct dice dice = dice_of_seed(seed);
		char *pattern = NULL, *text = NULL;
		size_t pattern_size = 0, text_size = 0;
		FILE *pattern_out = open_memstream(&pattern, &pattern_size), *text_out = open_memstream(&text, &text_size);
		random_pattern(&dice, pattern_out, text_out);
		fclose(pattern_out);
		fclose(text_out);
		enum required_verdict verdict = required_check(tw_slice_str(pattern), tw_slice_str(text));
		cr_assert_neq(verdict, REQUIRED_LACKING, "seed %llu: %s matches \"%s\"", (unsigned long long)seed, pattern, text);
		verdicts[verdict]++;
		free(pattern);
		free(text);
	}
	/* neither side is empty talk: many match, and of many something is said */
	cr_assert_gt(verdicts[REQUIRED_HOLDS], CASES / 10, "%u of %u", verdicts[REQUIRED_HOLDS], CASES);
	cr_assert_gt(verdicts[REQUIRED_SILENT], CASES / 100);
	cr_assert_gt(verdicts[REQUIRED_NO_MATCH], CASES / 100);
}

Test(rules_required, the_packs_patterns_hold_what_is_said_of_them_on_the_packs_texts)
{
	const char *packs = "rules/packs";
	struct tw_rules *rules = NULL;
	uint32_t holds = 0;
	cr_assert_eq(tw_rules_load(&packs, 1, NULL, &rules, NULL), TW_OK);
	for (uint32_t set = 0; set < rules->set_count; set++) {
		for (const struct tw_yaml *value = rules->set[set].values->first; value; value = value->next) {
			struct required_checker *checker = required_checker_new(value->text);
			for (uint32_t i = 0; i < tw_rules_test_count(rules); i++) {
				struct tw_slice event = tw_rules_test(rules, i)->event;
				enum required_verdict verdict = required_checker_text(checker, event);
				cr_assert_neq(verdict, REQUIRED_LACKING, "%s: %s", value->text.ptr, event.ptr);
				holds += verdict == REQUIRED_HOLDS;
			}
			required_checker_free(checker);
		}
	}
	cr_assert_gt(holds, 500);
	tw_rules_free(rules);
}
