/**
 * @file facts_suite.c
 * The suite of facts, in this program too: one source, driven against both stores.
 */
#include "tests/unit/state/facts_suite.c"
