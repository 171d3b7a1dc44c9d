/**
 * @file random_case.h
 * Some random rules and some random events in one random world: what the compiled rules find, and what reference.h says.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_RANDOM_CASE_H
#define TIDEWAITER_TESTS_REFERENCE_RANDOM_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dice.h"

#define RANDOM_CONSTRUCTS_MAX 80U

/** What a rule may be made of, by the text that it has in its file; NULL ends them. */
extern const char *const random_constructs[];

struct random_tally {
	uint64_t cases;
	uint64_t refused;   /* sets of rules that did not load: none should */
	uint64_t undecoded; /* events that the decoder refused */
	uint64_t judged;    /* a rule on an event */
	uint64_t fired;
	struct random_seen {
		uint64_t fired, silent; /* rules with the construct, on an event */
	} seen[RANDOM_CONSTRUCTS_MAX];
};

/**
 * @param told gets rule, event and both answers where they differ, or the refusal @param room of it, bytes
 * @return true when both agree on every rule and event, deciding and explaining, on what each is worth, and on points, lane and hold of all together
 */
bool random_case(struct dice *dice, struct random_tally *tally, char *told, size_t room);

#endif
