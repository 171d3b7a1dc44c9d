/**
 * @file random_event.h
 * Any event of a family as JSON, member by member from the contract's table, with few different values: so that conditions meet them often.
 */
#ifndef TIDEWAITER_TESTS_REFERENCE_RANDOM_EVENT_H
#define TIDEWAITER_TESTS_REFERENCE_RANDOM_EVENT_H

#include <stdio.h>

#include "dice.h"
#include "engine/event/shape.h"

/** Values that events state and rules ask for: NULL-terminated. Texts hold no quote and no backslash: they stand in JSON and in YAML as they are. */
const char *const *random_values(enum tw_field_kind kind);
/** One of them; of a choice one of its words. */
const char *random_value(struct dice *dice, const struct tw_field *field);

/** @param type of the event; its family decides the body */
void random_event(struct dice *dice, enum tw_event_type type, FILE *out);

#endif
