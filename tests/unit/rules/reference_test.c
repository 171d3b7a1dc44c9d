/* Random rules on random events: the compiled evaluation says what the plain walk of tests/reference says. Fixed seeds. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/reference/random_case.h"

#define CASES 4000U

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
	/* the cases are worth something: events decode, and of all answers neither kind is rare */
	cr_assert_eq(tally.undecoded, 0);
	cr_assert_gt(tally.judged, 5 * CASES);
	cr_assert_gt(tally.fired * 10, tally.judged, "%llu of %llu fired", (unsigned long long)tally.fired, (unsigned long long)tally.judged);
	cr_assert_lt(tally.fired * 10, tally.judged * 9);
}
