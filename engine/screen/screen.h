/**
 * @file screen.h
 * The event meets the snapshot: names and identifiers against the lists, codes against the reference tables, rules against all of it.
 *
 *     tw_screen_lists   stateless, before the store is asked: list matches, reference warnings
 *     tw_screen_rules   after the priors are back: findings
 *
 * Pure: no clock, no I/O, no globals. Threads: one screener a thread, snapshot shared.
 */
#ifndef TIDEWAITER_ENGINE_SCREEN_H
#define TIDEWAITER_ENGINE_SCREEN_H

#include <tidewaiter/error.h>
#include <tidewaiter/event.h>
#include <tidewaiter/finding.h>
#include <tidewaiter/history.h>
#include <tidewaiter/match.h>

struct tw_arena;
struct tw_marking_list;
struct tw_quantities;
struct tw_rule_held;
struct tw_rule_trace;
struct tw_screener;
struct tw_serial_forms;
struct tw_snapshot;
struct tw_specimens;

/** @param snapshot borrowed, must outlive the screener */
TW_MUST_USE enum tw_code tw_screener_new(const struct tw_snapshot *snapshot, struct tw_screener **out, struct tw_error *err);
void tw_screener_free(struct tw_screener *screener);

/** Fills `matches` and appends reference warnings (unknown country, place, HS, owner) to the event. @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_screen_lists(struct tw_screener *screener, struct tw_event *event, struct tw_arena *arena, struct tw_matches *matches,
                                         struct tw_error *err);

/** Answers history questions about the event at hand; NULL function: nothing is remembered. */
struct tw_screen_history {
	struct tw_history_answer (*answer)(void *context, const struct tw_history_query *query);
	void *context;
	bool (*may_say)(void *context, enum tw_entity_kind kind, enum tw_metric metric); /**< as of struct tw_rule_env */
};
TW_MUST_USE enum tw_code tw_screen_rules(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                                         struct tw_screen_history history, struct tw_arena *arena, struct tw_findings *findings,
                                         struct tw_error *err);
/** The rules of status shadow, behind tw_screen_rules of the same event: findings that count nowhere. */
TW_MUST_USE enum tw_code tw_screen_shadow(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                                          struct tw_screen_history history, struct tw_arena *arena, struct tw_findings *findings,
                                          struct tw_error *err);
/** One rule's conditions, node by node; as tw_rules_trace. @param rule its number in the snapshot's rules */
TW_MUST_USE enum tw_code tw_screen_trace(struct tw_screener *screener, const struct tw_event *event, const struct tw_matches *matches,
                                         struct tw_screen_history history, uint32_t rule, const struct tw_rule_trace *trace, struct tw_arena *arena,
                                         struct tw_rule_held *held, struct tw_error *err);
/** What a centre keeps beside its lists; NULL: there is none of it. */
struct tw_screen_registers {
	const struct tw_specimens *specimens;
	const struct tw_quantities *quantities;
	const struct tw_serial_forms *serial_forms;
	const struct tw_marking_list *markings;
};
/** Ask these registers and not the snapshot's: for tests of rules. @param registers borrowed; NULL: the snapshot's own again */
void tw_screener_registers(struct tw_screener *screener, const struct tw_screen_registers *registers);
/** Hits that a decision of the known good has hidden so far. */
uint64_t tw_screener_known_good(const struct tw_screener *screener);
/** The rules of the last tw_screen_rules, and of tw_screen_shadow behind it, that a match was given up of; in that arena. */
struct tw_limited_rules tw_screener_limited_rules(const struct tw_screener *screener);
/** Pattern matches given up at their limit so far. */
uint64_t tw_screener_limited(const struct tw_screener *screener);

#endif
