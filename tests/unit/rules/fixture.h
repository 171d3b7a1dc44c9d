/**
 * @file fixture.h
 * One consignment by hand, a rule around a condition, and a world that answers what a test tells it to.
 */
#ifndef TIDEWAITER_TESTS_UNIT_RULES_FIXTURE_H
#define TIDEWAITER_TESTS_UNIT_RULES_FIXTURE_H

#include "engine/base/arena.h"
#include "rules/ruleset.h"

#define FIXTURE_ROWS 8

struct fixture_answer {
	enum tw_metric metric;
	uint32_t days;
	const void *subject; /* NULL: any */
	struct tw_history_answer answer;
};

struct fixture {
	struct tw_arena arena;
	struct tw_event event;
	char raw[16384];
	/* the world */
	struct tw_match match[FIXTURE_ROWS];
	struct tw_matches matches;
	struct tw_embargo embargo[FIXTURE_ROWS];
	uint32_t embargo_count;
	struct fixture_answer answer[FIXTURE_ROWS];
	uint32_t answer_count;
	uint32_t asked; /* history questions that reached the world */
	/* the last evaluation */
	struct tw_rules *rules;
	struct tw_rule_bench *bench;
	struct tw_findings findings;
	struct tw_error err;
	char problems[8192];
};

/** A declared consignment: 2 legs, 2 parties, 1 container, 3 items, 2 documents; time 2026-03-02T08:14:00Z. */
struct fixture *fixture_new(void);
void fixture_free(struct fixture *fixture);
/** Another family's event, empty but for its envelope. */
void fixture_become(struct fixture *fixture, enum tw_event_type type);

struct tw_text fixture_text(struct fixture *fixture, const char *text);
struct tw_amount fixture_amount(struct fixture *fixture, int64_t e4);
struct tw_date fixture_date(struct fixture *fixture, const char *date);
struct tw_choice fixture_choice(struct fixture *fixture, uint32_t value);
struct tw_count fixture_count(struct fixture *fixture, int64_t value);

/** A whole rule file "test-rule.yaml": `on` family, condition (flow style, one line), sentence; valid head and tests. */
const char *fixture_rule(struct fixture *fixture, const char *on, const char *when, const char *because);
/** Load one file's text under a name; the code, with err and problems filled in. */
enum tw_code fixture_load(struct fixture *fixture, const char *name, const char *text);
/** Load several files. */
enum tw_code fixture_load_all(struct fixture *fixture, const struct tw_rule_source *sources, size_t count);
/** Load with extra named sets. */
enum tw_code fixture_load_sets(struct fixture *fixture, const char *sets, const char *text);
/** Load with named conditions. */
enum tw_code fixture_load_macros(struct fixture *fixture, const char *macros, const char *text);
/** Evaluate what is loaded. @return findings */
uint32_t fixture_eval(struct fixture *fixture);
/** Load a manifest rule with this condition and evaluate: does it fire? Fails the test when it does not load. */
bool fires(struct fixture *fixture, const char *when);
/** As fires, with a sentence. @return the filled sentence, or "" when it does not fire */
const char *says(struct fixture *fixture, const char *when, const char *because);
/** Load must fail. @return "line:column: text" of the first error, without the file's name */
const char *refusal(struct fixture *fixture, const char *when);

struct tw_party *party(struct fixture *fixture, uint32_t at);
struct tw_item *item(struct fixture *fixture, uint32_t at);

#endif
