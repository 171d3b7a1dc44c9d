/**
 * @file xml_suite.h
 * What the tests of one XML list's reader have at hand: an arena, and a stage that a test may use up. For one test file, which states
 * TestSuite(name, .init = setup, .fini = teardown).
 */
#ifndef TIDEWAITER_TESTS_XML_SUITE_H
#define TIDEWAITER_TESTS_XML_SUITE_H

#include "tests/unit/feeds/xml_fixture.h"

static struct tw_arena arena;
static struct tw_list_stage *stage;

static void setup(void)
{
	tw_arena_init(&arena, 65536, 0);
	stage = xml_stage();
}

static void teardown(void)
{
	if (stage) {
		fixture_stage_free(stage);
	}
	tw_arena_fini(&arena);
}

#endif
