/**
 * @file cli_common.h
 * What the commands of cli.c and cli_tools.c do alike before they begin: read settings and numbers, refuse what cannot be meant. Private to
 * engine/command.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CLI_COMMON_H
#define TIDEWAITER_ENGINE_COMMAND_CLI_COMMON_H

#include "engine/command/arguments.h"
#include "engine/command/cli_commands.h"
#include "engine/run/settings.h"

/** What a command does with its arguments. @return its exit code */
typedef int tw_cli_run(const struct tw_command *command, const struct tw_arguments *arguments);

/** A command line that cannot be meant, said on stderr. @return TW_EXIT_USAGE */
int tw_cli_usage_wrong(const struct tw_command *command, const char *what);
/** @return the exit code of an error, which was said on stderr */
int tw_cli_complain(const struct tw_error *err);
/** Defaults, then the file, then --set in order; the log is set up. @param settings to be ended by the caller, whatever comes of it */
TW_MUST_USE enum tw_code tw_cli_settings_read(struct tw_settings *settings, const struct tw_arguments *arguments, struct tw_error *err);
/** Cores that we may use, not those that the machine has; at most TW_WORKERS_MAX. */
int64_t tw_cli_cores(void);
/** @param text NULL: `out` stays as it is @return false: not a whole number within the bounds */
bool tw_cli_number_read(const char *text, unsigned long least, unsigned long most, unsigned long *out);

/* The commands of whoever asks, in cli_tools.c; those of cli.c run, or ask the one that runs. */
tw_cli_run tw_cli_top, tw_cli_state, tw_cli_certificate, tw_cli_lists, tw_cli_registers, tw_cli_trace, tw_cli_rules;

#endif
