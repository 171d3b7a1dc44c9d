/**
 * @file reload_command.h
 * `tidewaiter reload`: asks an engine that runs to load its rules and lists anew, and tells what came of it. Private to engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RELOAD_COMMAND_H
#define TIDEWAITER_ENGINE_COMMAND_RELOAD_COMMAND_H

#include <stdint.h>
#include <stdio.h>

#include "engine/run/settings.h"

/**
 * @param pid    0: the one that wrote the file of reload.report
 * @param wait_s how long to wait for an answer; 0: not at all
 * @param out    how the load ended
 * @return exit code: 0 taken, or nothing was new; 65 refused; 66 no such engine; 75 no answer in time
 */
int tw_reload_command(const struct tw_settings *settings, int64_t pid, int64_t wait_s, FILE *out);

/** Would SIGHUP be heard by this process, and not end it? As /proc says: caught, or blocked and waited for. */
bool tw_reload_listens(int64_t pid);

#endif
