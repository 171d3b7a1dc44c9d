/**
 * @file rules.h
 * Rules: from YAML files to one compiled program, and from an event and what is known about it to findings.
 *
 *     *.yaml --libyaml events--> syntax tree --check, types--> program --tw_rules_eval--> findings
 *
 * All or nothing: one broken file refuses the whole set, with *all* its errors reported, and the caller keeps the last good set.
 * rules/ knows no list, embargo, border or store: it asks through struct tw_rule_env, so that tests and `rules test` can answer instead.
 */
#ifndef TIDEWAITER_RULES_H
#define TIDEWAITER_RULES_H

#include <stdio.h>
#include <tidewaiter/embargo.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>
#include <tidewaiter/finding.h>
#include <tidewaiter/history.h>
#include <tidewaiter/match.h>

struct tw_arena;
struct tw_rules;      /* compiled, immutable, shared */
struct tw_rule_bench; /* evaluation scratch: PCRE2 match data, stacks; one a thread */

/** What a rule may ask about. Every callback is pure for the event at hand; `context` is the caller's. Any may be NULL: "not known". */
struct tw_rule_env {
	const struct tw_event *event;
	const struct tw_matches *matches;
	void *context;
	bool (*borders)(void *context, uint16_t a, uint16_t b);
	uint32_t (*neighbours)(void *context, uint16_t country, uint16_t *out, uint32_t room); /**< all that `borders` says yes to, ascending */
	uint32_t (*embargoes)(void *context, const struct tw_embargo_query *query, const struct tw_embargo **out, uint32_t room);
	struct tw_history_answer (*history)(void *context, const struct tw_history_query *query);
	struct tw_slice (*country_name)(void *context, uint16_t code);
	/** Whether `history` may answer a question of that metric, about some entity of that kind in the event, with more than "not stated" or 0. */
	bool (*may_say)(void *context, enum tw_entity_kind kind, enum tw_metric metric);
};

struct tw_rule_code; /* rules/codes.h */

/** One problem in a rule file. */
struct tw_rule_problem {
	const struct tw_rule_code *code;  /**< what kind: a stable number */
	const char *file;                 /**< borrowed for the call */
	uint32_t line, column;            /**< 0: of the file as a whole */
	char where[TW_ERROR_WHERE_BYTES]; /**< file:line:column */
	char text[TW_ERROR_DETAIL_BYTES]; /**< what is wrong, and the nearest known name where there is one */
	bool warning;
};

/** Where problems go as they are found, in the order in which they are. */
struct tw_rule_sink {
	void (*see)(void *context, const struct tw_rule_problem *problem);
	void *context;
};

/**
 * Load every *.yaml under the given files and folders (recursively, in byte order of path: never directory order).
 * @param paths    files or folders, at least one
 * @param problems NULL, or a stream that gets one line a problem, warnings too
 * @param out      written on TW_OK only
 * @return TW_OK; TW_E_SYNTAX, TW_E_TYPE, TW_E_UNKNOWN, TW_E_MISSING, TW_E_CONFLICT, TW_E_LIMIT, TW_E_IO: `err` has the first problem
 */
TW_MUST_USE enum tw_code tw_rules_load(const char *const *paths, size_t path_count, FILE *problems, struct tw_rules **out, struct tw_error *err);
void tw_rules_free(struct tw_rules *rules);
uint32_t tw_rules_count(const struct tw_rules *rules);
/** @param at below tw_rules_count; in id order */
const struct tw_rule_info *tw_rules_info(const struct tw_rules *rules, uint32_t at);
/** Hex SHA-256 over the loaded files' bytes in load order. */
struct tw_slice tw_rules_digest(const struct tw_rules *rules);

/** What an evaluation works with, kept between events. @param rules borrowed @param out owned by the caller @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_rule_bench_new(const struct tw_rules *rules, struct tw_rule_bench **out, struct tw_error *err);
void tw_rule_bench_free(struct tw_rule_bench *bench);

/**
 * Evaluate every active rule of the event's family.
 * @param arena the batch's: findings, evidence and sentences live there
 * @param out   written on TW_OK only; strict order: rule id, then event order
 * @return TW_OK, TW_E_MEMORY. A pattern that passes its match limit does not fire and is counted; tw_rule_bench_limited_rules says of which rules.
 * Threads: one bench a thread, rules shared.
 */
TW_MUST_USE enum tw_code tw_rules_eval(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env,
                                       struct tw_arena *arena, struct tw_findings *out, struct tw_error *err);
/**
 * Evaluate the rules of status shadow, behind tw_rules_eval of the same event, env and arena: what that worked out of the event is used again.
 * @param out as tw_rules_eval; findings that count nowhere
 */
TW_MUST_USE enum tw_code tw_rules_eval_shadow(const struct tw_rules *rules, struct tw_rule_bench *bench, const struct tw_rule_env *env,
                                              struct tw_arena *arena, struct tw_findings *out, struct tw_error *err);
/** Rules of that status. */
uint32_t tw_rules_count_of(const struct tw_rules *rules, enum tw_rule_status status);
/** Pattern matches given up at their limit since the bench was made. */
uint64_t tw_rule_bench_limited(const struct tw_rule_bench *bench);
/** The rules of the last event whose patterns were, those in the shadow behind the others; they live in its arena. At most TW_FINDINGS_MAX. */
struct tw_limited_rules tw_rule_bench_limited_rules(const struct tw_rule_bench *bench);

/** A list match that a test assumes. */
struct tw_rule_test_match {
	struct tw_slice subject; /**< JSON pointer below the body: "/parties/0", "/means" */
	struct tw_slice list, entry, name;
	enum tw_match_basis basis;
	uint32_t similarity_ppm; /**< a million when it is not said */
};

/** A test inside a rule: events as canonical JSON, what is assumed of the lists, and whether the rule fires on the last event. */
struct tw_rule_test {
	struct tw_slice rule, name;
	bool fires;
	bool has_points; /**< it says how many points the finding has */
	int32_t points;
	enum tw_family family;        /**< of the event: the rule's */
	struct tw_slice event;        /**< JSON; left out: id "test-1", time 2026-03-01T00:00:00Z, source "rule-test", the family's first type */
	struct tw_slice *given;       /**< earlier events, JSON; left out: id "test-given-N", one hour apart, the last an hour before the event */
	enum tw_family *given_family; /**< by their type */
	uint32_t given_count;
	struct tw_rule_test_match *listed;
	uint32_t listed_count;
	struct tw_slice specimens;    /**< rows of the specimen register that is assumed, as CSV without the header; empty: none */
	struct tw_slice quantities;   /**< the same of quantity bands */
	struct tw_slice serial_forms; /**< likewise rows of the table of makers' serials */
	struct tw_slice markings;     /**< likewise rows of the list of reported marks */
	struct tw_slice where;        /**< file:line:column */
};

uint32_t tw_rules_test_count(const struct tw_rules *rules);
/** @param at below tw_rules_test_count; in rule id order, then as written. Lives as long as the rules. */
const struct tw_rule_test *tw_rules_test(const struct tw_rules *rules, uint32_t at);

#endif
