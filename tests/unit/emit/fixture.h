/**
 * @file fixture.h
 * One fictional consignment, judged: what the tests of engine/emit write and read back.
 */
#ifndef TIDEWAITER_TESTS_UNIT_EMIT_FIXTURE_H
#define TIDEWAITER_TESTS_UNIT_EMIT_FIXTURE_H

#include "engine/base/arena.h"
#include "engine/emit/emit.h"

struct fixture {
	struct tw_arena arena;
	struct tw_event event;
	struct tw_leg legs[3];
	struct tw_party parties[2];
	struct tw_item items[2];
	struct tw_rule_info rules[4];
	struct tw_evidence evidence[3];
	struct tw_fact facts[6];
	struct tw_slice related[1];
	struct tw_finding finding[4];
	struct tw_findings findings;
	struct tw_match match[2];
	struct tw_matches matches;
	struct tw_entity_view entities[2];
	struct tw_list_info lists[2];
	struct tw_snapshot_info snapshot;
	struct tw_assessment assessment;
	struct tw_alert_case about;
};

/** @param out too large for a stack frame's taste: keep it static */
void fixture_init(struct fixture *out);
void fixture_fini(struct fixture *out);

/** Assert that `bytes` are those of tests/data/emit/<name>; with TW_GOLDEN_WRITE set, write them there instead. */
void golden(const char *name, struct tw_slice bytes);

/** How often `needle` stands in `text`. */
unsigned occurrences(struct tw_slice text, const char *needle);

/** Assert that the bytes are one well-formed JSON value. */
void assert_json(struct tw_slice bytes);

#endif
