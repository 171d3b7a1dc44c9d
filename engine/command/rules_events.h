/**
 * @file rules_events.h
 * A file of events as a rule's test has them: the last is the one that is asked about, those before it happened earlier.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_EVENTS_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_EVENTS_H

#include "engine/base/arena.h"
#include "rules/rules.h"

/** Which event is asked about, where it is not the last: that of an alert. */
struct tw_rules_event_id {
	struct tw_slice id, source;
};

/**
 * One JSON object, or one a line; bare events, or envelopes with topic and value. Which family an event is of, its type says.
 * @param path  the file; at most 64 MiB
 * @param asked NULL: the last event; else the last one that has this id and source, and what stands behind it is left out
 * @param arena keeps the events
 * @param test  gets event, family and given; the rest is left alone
 * @return TW_OK; TW_E_IO (the file cannot be read), TW_E_MISSING (no event, no such event, no type), TW_E_SYNTAX, TW_E_UNKNOWN (a type that nobody
 * knows): `where` is file:line
 */
TW_MUST_USE enum tw_code tw_rules_events_read(const char *path, const struct tw_rules_event_id *asked, struct tw_arena *arena,
                                              struct tw_rule_test *test, struct tw_error *err);

#endif
