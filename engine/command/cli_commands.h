/**
 * @file cli_commands.h
 * The commands: their names, operands, options, and the text of `help`.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_CLI_COMMANDS_H
#define TIDEWAITER_ENGINE_COMMAND_CLI_COMMANDS_H

#include "engine/command/arguments.h"

#define TW_DEFAULT_CONFIG "tidewaiter.yaml"

enum { TW_COMMANDS = 14 };

extern const struct tw_command tw_commands[TW_COMMANDS];

#endif
