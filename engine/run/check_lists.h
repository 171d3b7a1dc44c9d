/**
 * @file check_lists.h
 * The lists of a snapshot as a table, for `check`: what was read, what was passed over and why, how old it is. Private to engine/run.
 */
#ifndef TIDEWAITER_ENGINE_RUN_CHECK_LISTS_H
#define TIDEWAITER_ENGINE_RUN_CHECK_LISTS_H

#include <stdio.h>

#include "engine/run/settings.h"
#include "engine/screen/snapshot.h"

/** @param today for the ages; pure otherwise */
void tw_check_lists_say(const struct tw_snapshot *snapshot, const struct tw_settings *settings, int32_t today, FILE *out);
/** @return lists that are only last good copies */
uint32_t tw_check_lists_stale(const struct tw_snapshot *snapshot);

#endif
