/* Random rules on random events: the compiled evaluation says what the plain walk of tests/reference says. Fixed seeds. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/reference/random_case.h"

#define CASES      6600U
#define SEEN_LEAST 20U /* what is made so seldom is not tested */

static char told[1 << 16];

TestSuite(rules_reference);

Test(rules_reference, compiled_rules_find_what_a_plain_reading_of_their_yaml_finds)
{
	struct random_tally tally = {.cases = 0};
	for (uint64_t seed = 1; seed <= CASES; seed++) {
		struct dice dice = dice_of_seed(seed);
		cr_assert(random_case(&dice, &tally, told, sizeof(told)), "seed %llu: %s", (unsigned long long)seed, told);
		cr_assert_eq(told[0], '\0', "seed %llu, a rule that should load: %s", (unsigned long long)seed, told);
	}
	/* the cases are worth something: events decode, of all answers neither kind is rare, and everything that a rule may be made of is met */
	cr_assert_eq(tally.undecoded, 0);
	cr_assert_gt(tally.judged, 5 * CASES);
	cr_assert_gt(tally.fired * 10, tally.judged, "%llu of %llu fired", (unsigned long long)tally.fired, (unsigned long long)tally.judged);
	cr_assert_lt(tally.fired * 10, tally.judged * 9);
	for (uint32_t i = 0; random_constructs[i]; i++) {
		cr_expect(tally.seen[i].fired >= SEEN_LEAST && tally.seen[i].silent >= SEEN_LEAST,
		          "\"%s\" in %llu rules that fired, %llu that did not", random_constructs[i], (unsigned long long)tally.seen[i].fired,
		          (unsigned long long)tally.seen[i].silent);
	}
}
