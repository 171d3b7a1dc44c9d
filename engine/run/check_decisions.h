/**
 * @file check_decisions.h
 * A centre's own decisions and registers, for `check`: how many there are, and those that somebody should look at. Private to engine/run.
 */
#ifndef TIDEWAITER_ENGINE_RUN_CHECK_DECISIONS_H
#define TIDEWAITER_ENGINE_RUN_CHECK_DECISIONS_H

#include <stdio.h>

#include "engine/screen/snapshot.h"

/** @param today as of which decisions have run out */
void tw_check_known_good_say(const struct tw_known_good *known, int32_t today, FILE *out);
/** Counts; then a line each that names a rule that is not loaded, has run out, or soon will. @param snapshot one that has suppressions */
void tw_check_suppressions_say(const struct tw_snapshot *snapshot, int32_t today, FILE *out);

/** Signatories, offices and countries, and how many whose time ended; then a line each whose time soon will. */
void tw_check_specimens_say(const struct tw_specimens *specimens, int32_t today, FILE *out);
/** What is reported of marks, and whether a last good copy stands in. */
void tw_check_markings_say(const struct tw_marking_list *markings, FILE *out);
/** How many bands of how many countries, and which end within 14 days. */
void tw_check_quantities_say(const struct tw_quantities *quantities, int32_t today, FILE *out);

#endif
