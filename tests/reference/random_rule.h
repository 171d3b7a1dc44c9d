/**
 * @file random_rule.h
 * Any rule of a family that loads: a random tree of conditions over the contract's fields, every head and every comparator among them.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_RANDOM_RULE_H
#define TIDEWAITER_TESTS_REFERENCE_RANDOM_RULE_H

#include <stdio.h>

#include "dice.h"
#include "engine/event/shape.h"

/** What the rules use: files that are loaded beside them. */
extern const char random_rule_sets[], random_rule_macros[], random_rule_bands[];

/** A whole rule file of that id, its `when` on one line, for all event types of the family. */
void random_rule(struct dice *dice, enum tw_family family, const char *id, FILE *out);

#endif
