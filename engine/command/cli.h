/**
 * @file cli.h
 * Subcommands: which there are, and what each does with its arguments.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CLI_H
#define TIDEWAITER_ENGINE_COMMAND_CLI_H

/** @return the exit code; 64 for a command line that cannot be meant */
int tw_cli_main(int argc, char *const *argv);

#endif
