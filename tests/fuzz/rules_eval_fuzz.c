/**
 * @file rules_eval_fuzz.c
 * The buffer as choices: some rules, some events, one world. The compiled evaluation, deciding and explaining, says what the plain reading of
 * tests/reference says; and every rule that the choices make loads.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tests/reference/random_case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char told[1 << 16];
	static struct random_tally tally;
	struct dice dice = dice_of_bytes(data, size);
	if (!random_case(&dice, &tally, told, sizeof(told)) || told[0]) {
		fprintf(stderr, "%s\n", told);
		__builtin_trap();
	}
	return 0;
}
