/**
 * @file state_suite.c
 * The store suite and its event builders, in this program too: one source, driven against both stores.
 */
#include "tests/unit/state/events.c"
#include "tests/unit/state/store_batch.c"
#include "tests/unit/state/store_interleaved.c"
#include "tests/unit/state/store_suite.c"
