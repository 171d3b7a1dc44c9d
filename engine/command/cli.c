/**
 * @file cli.c
 * See cli.h. The table of commands (cli_commands.h) drives dispatch, help and the guesses at mistyped names.
 */
#include "engine/command/cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "engine/base/nearest.h"
#include "engine/command/cli_common.h"
#include "engine/command/reload_command.h"
#include "engine/run/metrics.h"
#include "engine/run/supervisor.h"
#include "engine/run/worker.h"

/* What can be known without reading anything. @return NULL, or why these arguments cannot be resumed */
static const char *resume_refuse(const struct tw_settings *settings, const struct tw_arguments *arguments)
{
	if (!arguments->value[TW_OPTION_RESUME]) {
		return NULL;
	}
	for (uint32_t i = 0; i < arguments->operand_count; i++) {
		if (strcmp(arguments->operands[i], "-") == 0) {
			return "--resume needs files: standard input cannot be read again";
		}
	}
	return strcmp(settings->output_path, "-") == 0 ? "--resume needs --out FILE: what went to standard output is gone" : NULL;
}

static int screen_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count == 0) {
		return tw_cli_usage_wrong(command, "no input: name files, or - for standard input");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	if (code != TW_OK) {
		tw_settings_fini(&settings);
		return tw_cli_complain(&err);
	}
	if (arguments->value[TW_OPTION_OUT]) {
		settings.output_path = arguments->value[TW_OPTION_OUT];
	}
	struct tw_screen_request request = {.inputs = arguments->operands,
	                                    .input_count = arguments->operand_count,
	                                    .topic = arguments->value[TW_OPTION_TOPIC],
	                                    .quiet = arguments->value[TW_OPTION_QUIET] != NULL,
	                                    .before = arguments->value[TW_OPTION_ONLY_DELTA],
	                                    .resume = arguments->value[TW_OPTION_RESUME] != NULL};
	const char *refused = resume_refuse(&settings, arguments);
	int result = refused ? tw_cli_usage_wrong(command, refused) : tw_worker_screen(&settings, &request);
	tw_settings_fini(&settings);
	return result;
}

/* @return false for what is neither a number of workers nor "auto" */
static bool workers_read(const char *text, int64_t *count)
{
	char *end = NULL;
	long asked = strcmp(text, "auto") == 0 ? (long)tw_cli_cores() : strtol(text, &end, 10);
	*count = asked;
	return (!end || (end != text && !*end)) && asked >= 1 && asked <= (long)TW_WORKERS_MAX;
}

static int run_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *asked = arguments->value[TW_OPTION_WORKERS];
	int64_t workers = 0;
	if (arguments->operand_count) {
		return tw_cli_usage_wrong(command, "takes no operands");
	}
	if (asked && !workers_read(asked, &workers)) {
		return tw_cli_usage_wrong(command, "--workers is 1 to 64, or auto");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	settings.workers_count = asked ? workers : settings.workers_count;
	int result = code == TW_OK ? tw_worker_run(&settings) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int check_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count) {
		return tw_cli_usage_wrong(command, "takes no operands");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_worker_check(&settings, arguments->value[TW_OPTION_CONNECT] != NULL, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int reload_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long pid = 0, wait_s = 60;
	if (arguments->operand_count > 1 || !tw_cli_number_read(arguments->operand_count ? arguments->operands[0] : NULL, 1, INT_MAX, &pid)) {
		return tw_cli_usage_wrong(command, "takes the number of one process, or none");
	}
	if (!tw_cli_number_read(arguments->value[TW_OPTION_WAIT], 0, 86400, &wait_s)) {
		return tw_cli_usage_wrong(command, "--wait is 0 to 86400 seconds");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_reload_command(&settings, (int64_t)pid, (int64_t)wait_s, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int config_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count == 1 && strcmp(arguments->operands[0], "table") == 0) {
		tw_settings_table(stdout);
		return TW_EXIT_OK;
	}
	if (arguments->operand_count == 1 && strcmp(arguments->operands[0], "metrics") == 0) {
		tw_metrics_table(stdout);
		return TW_EXIT_OK;
	}
	if (arguments->operand_count != 1 || strcmp(arguments->operands[0], "show") != 0) {
		return tw_cli_usage_wrong(command, "show, table or metrics?");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	if (code == TW_OK) {
		tw_settings_show(&settings, arguments->value[TW_OPTION_REDACT] != NULL, stdout);
	}
	int result = code == TW_OK ? TW_EXIT_OK : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int version_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	if (arguments->operand_count) {
		return tw_cli_usage_wrong(command, "takes no operands");
	}
	puts("tidewaiter " TW_VERSION);
	return TW_EXIT_OK;
}

static void overview(FILE *out)
{
	fputs("usage: tidewaiter COMMAND [options]\n\nReads shipping manifests and end-user certificates; says what to inspect first, and why.\n\n",
	      out);
	for (size_t i = 0; i < TW_COMMANDS; i++) {
		fprintf(out, "  %-11s %s\n", tw_commands[i].name, tw_commands[i].summary);
	}
	fputs("\n`tidewaiter help COMMAND` says more; `tidewaiter help settings` lists what can be set.\n", out);
}

static const struct tw_command *command_find(const char *name)
{
	for (size_t i = 0; i < TW_COMMANDS; i++) {
		if (strcmp(tw_commands[i].name, name) == 0) {
			return &tw_commands[i];
		}
	}
	return NULL;
}

static int command_unknown(const char *name)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(name));
	for (size_t i = 0; i < TW_COMMANDS; i++) {
		tw_nearest_offer(&nearest, tw_commands[i].name);
	}
	fprintf(stderr, "tidewaiter: unknown command %s%s\n", name[0] ? name : "\"\"",
	        tw_nearest_hint(&nearest, hint)[0] ? hint : "; `tidewaiter help` lists them");
	return TW_EXIT_USAGE;
}

static int help_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	if (arguments->operand_count > 1) {
		return tw_cli_usage_wrong(command, "one command at a time");
	}
	if (arguments->operand_count == 0) {
		overview(stdout);
		return TW_EXIT_OK;
	}
	const char *name = arguments->operands[0];
	if (strcmp(name, "settings") == 0) {
		tw_settings_help(stdout);
		return TW_EXIT_OK;
	}
	const struct tw_command *asked = command_find(name);
	if (!asked) {
		return command_unknown(name);
	}
	tw_command_help(asked, stdout);
	if (strcmp(name, "config") == 0) {
		fputs("\nsettings:\n", stdout);
		tw_settings_help(stdout);
	}
	return TW_EXIT_OK;
}

/* Output that could not be written is a failure, whatever the command thought of itself; one that failed already has said why. */
static int flushed(const struct tw_command *command, int result)
{
	int failed = fflush(stdout) != 0 ? errno : 0;
	if ((!failed && !ferror(stdout)) || result >= TW_EXIT_USAGE) {
		return result;
	}
	fprintf(stderr, "tidewaiter %s: standard output cannot be written%s%s\n", command->name, failed ? ": " : "", failed ? strerror(failed) : "");
	return TW_EXIT_IO;
}

int tw_cli_main(int argc, char *const *argv)
{
	static tw_cli_run *const runs[TW_COMMANDS] = {screen_run,   tw_cli_top,         run_run,      check_run,        reload_run,
	                                              tw_cli_state, tw_cli_certificate, tw_cli_lists, tw_cli_registers, tw_cli_trace,
	                                              tw_cli_rules, config_run,         version_run,  help_run};
	struct tw_arguments arguments;
	const char *name = argc > 1 ? argv[1] : NULL;
	if (!name) {
		overview(stderr);
		return TW_EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		name = "help";
	} else if (strcmp(name, "--version") == 0) {
		name = "version";
	}
	const struct tw_command *command = command_find(name);
	if (!command) {
		return command_unknown(name);
	}
	int result = TW_EXIT_USAGE;
	if (tw_arguments_parse(command, argc - 2, argv + 2, &arguments, stderr)) {
		if (arguments.value[TW_OPTION_HELP]) {
			tw_command_help(command, stdout);
			result = TW_EXIT_OK;
		} else {
			result = runs[command - tw_commands](command, &arguments);
		}
	}
	tw_arguments_fini(&arguments);
	return flushed(command, result);
}
