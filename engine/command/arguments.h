/**
 * @file arguments.h
 * The command line, taken apart by a table: which options a command has, what was given, what was meant by a mistyped one.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_ARGUMENTS_H
#define TIDEWAITER_ENGINE_COMMAND_ARGUMENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define TW_OPTIONS_MAX 20

enum tw_option_id {
	TW_OPTION_HELP,
	TW_OPTION_CONFIG,
	TW_OPTION_SET,
	TW_OPTION_TOPIC,
	TW_OPTION_OUT,
	TW_OPTION_QUIET,
	TW_OPTION_ONLY_DELTA,
	TW_OPTION_RESUME,
	TW_OPTION_CONNECT,
	TW_OPTION_REDACT,
	TW_OPTION_OFFICE,
	TW_OPTION_CAPACITY,
	TW_OPTION_FORMAT,
	TW_OPTION_EXPLAIN,
	TW_OPTION_ALL,
	TW_OPTION_JSON,
	TW_OPTION_MOST,
	TW_OPTION_YES,
	TW_OPTION_FORCE,
	TW_OPTION_FROM_NOTHING,
	TW_OPTION_PREFIX,
	TW_OPTION_TO_PREFIX,
	TW_OPTION_TO_SHARDS,
	TW_OPTION_WORKERS,
	TW_OPTION_LIST,
	TW_OPTION_KIND,
	TW_OPTION_COUNTRY,
	TW_OPTION_ADDRESS,
	TW_OPTION_BIRTH,
	TW_OPTION_LIMIT,
	TW_OPTION_MIN_SIMILARITY,
	TW_OPTION_BATCH,
	TW_OPTION_ON,
	TW_OPTION_RULE,
	TW_OPTION_MIN,
	TW_OPTION_CHECK,
	TW_OPTION_OVER,
	TW_OPTION_AGAINST,
	TW_OPTION_FROM,
	TW_OPTION_TO,
	TW_OPTION_HTML,
	TW_OPTION_KEY,
	TW_OPTION_MAKER,
	TW_OPTION_MODEL,
	TW_OPTION_ISSUER,
	TW_OPTION_PROBLEM,
	TW_OPTION_LOG,
	TW_OPTION_WAIT,
	TW_OPTION_IDS,
};

struct tw_option {
	enum tw_option_id id;
	const char *name;     /**< "--config" */
	const char *argument; /**< what it takes, NULL: nothing */
	const char *help;
};

struct tw_command {
	const char *name;
	const char *operands; /**< "FILE..." */
	const char *summary;
	const char *more;                         /**< a paragraph for --help, may be NULL */
	struct tw_option options[TW_OPTIONS_MAX]; /**< to the first without a name */
};

struct tw_arguments {
	const char *value[TW_OPTION_IDS]; /**< NULL: not given; "" for options that take nothing */
	const char **sets;                /**< every --set, in order */
	uint32_t set_count;
	const char **lists; /**< every --list, in order */
	uint32_t list_count;
	const char **overs; /**< every --over, in order */
	uint32_t over_count;
	const char **againsts; /**< every --against, in order */
	uint32_t against_count;
	const char **operands;
	uint32_t operand_count;
	const char **room; /**< owned: all these lists live in it */
};

/**
 * `--name value`, `--name=value`, `--` ends options, `-` is an operand, `-h` is --help. Empty values and operands are refused. A first operand that
 * is none of the parts that command->operands names ("stat|search NAME") gets the nearest one on `errors`, and is the command's own to refuse.
 * @return true; false after a line on `errors` that says what is wrong and what may have been meant
 */
bool tw_arguments_parse(const struct tw_command *command, int count, char *const *words, struct tw_arguments *out, FILE *errors);
void tw_arguments_fini(struct tw_arguments *arguments);
/** Usage, options, explanation of one command. */
void tw_command_help(const struct tw_command *command, FILE *out);

#endif
