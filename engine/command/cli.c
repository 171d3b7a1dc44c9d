/**
 * @file cli.c
 * See cli.h. The table of commands (cli_commands.h) drives dispatch, help and the guesses at mistyped names.
 */
#include "engine/command/cli.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/base/time.h"
#include "engine/command/arguments.h"
#include "engine/command/certificate_command.h"
#include "engine/command/cli_commands.h"
#include "engine/run/config.h"
#include "engine/command/lists_command.h"
#include "engine/run/metrics.h"
#include "engine/command/registers_command.h"
#include "engine/command/reload_command.h"
#include "engine/command/rules_command.h"
#include "engine/command/state_command.h"
#include "engine/run/supervisor.h"
#include "engine/command/top.h"
#include "engine/command/trace_command.h"
#include "engine/run/worker.h"
#include "engine/base/nearest.h"

typedef int run_function(const struct tw_command *command, const struct tw_arguments *arguments);

static int usage_wrong(const struct tw_command *command, const char *what)
{
	fprintf(stderr, "tidewaiter %s: %s; see `tidewaiter help %s`\n", command->name, what, command->name);
	return TW_EXIT_USAGE;
}

static int complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter: %s\n", tw_error_text(err, text, sizeof(text)));
	return tw_exit_of(err, true);
}

/* Defaults, then the file, then --set in order. */
static enum tw_code settings_read(struct tw_settings *settings, const struct tw_arguments *arguments, struct tw_error *err)
{
	const char *file = arguments->value[TW_OPTION_CONFIG];
	if (!file && access(TW_DEFAULT_CONFIG, F_OK) == 0) {
		file = TW_DEFAULT_CONFIG;
	}
	enum tw_code code = tw_settings_init(settings, err);
	code = code == TW_OK && file ? tw_config_read(settings, file, err) : code;
	for (uint32_t i = 0; code == TW_OK && i < arguments->set_count; i++) {
		code = tw_config_set(settings, arguments->sets[i], err);
	}
	code = code == TW_OK ? tw_settings_complete(settings, err) : code;
	if (code == TW_OK) {
		tw_log_setup((enum tw_log_level)(settings->log_level - 1), settings->log_format == 2);
	}
	return code;
}

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
		return usage_wrong(command, "no input: name files, or - for standard input");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	if (code != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
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
	int result = refused ? usage_wrong(command, refused) : tw_worker_screen(&settings, &request);
	tw_settings_fini(&settings);
	return result;
}

/* Cores that we may use, not those that the machine has. */
static int64_t cores(void)
{
	cpu_set_t usable;
	CPU_ZERO(&usable);
	int count = sched_getaffinity(0, sizeof(usable), &usable) == 0 ? CPU_COUNT(&usable) : 1;
	return count < (int)TW_WORKERS_MAX ? count : (int)TW_WORKERS_MAX;
}

/* @return false for what is neither a number of workers nor "auto" */
static bool workers_read(const char *text, int64_t *count)
{
	char *end = NULL;
	long asked = strcmp(text, "auto") == 0 ? (long)cores() : strtol(text, &end, 10);
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
		return usage_wrong(command, "takes no operands");
	}
	if (asked && !workers_read(asked, &workers)) {
		return usage_wrong(command, "--workers is 1 to 64, or auto");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	settings.workers_count = asked ? workers : settings.workers_count;
	int result = code == TW_OK ? tw_worker_run(&settings) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int check_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	if (arguments->operand_count) {
		return usage_wrong(command, "takes no operands");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_worker_check(&settings, arguments->value[TW_OPTION_CONNECT] != NULL, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

/* @return false: not a whole number within the bounds */
static bool number_read(const char *text, unsigned long least, unsigned long most, unsigned long *out)
{
	char *end = NULL;
	unsigned long value = text ? strtoul(text, &end, 10) : *out;
	if (text && (end == text || *end || text[0] == '-' || value < least || value > most)) {
		return false;
	}
	*out = value;
	return true;
}

static int reload_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long pid = 0, wait_s = 60;
	if (arguments->operand_count > 1 || !number_read(arguments->operand_count ? arguments->operands[0] : NULL, 1, INT_MAX, &pid)) {
		return usage_wrong(command, "takes the number of one process, or none");
	}
	if (!number_read(arguments->value[TW_OPTION_WAIT], 0, 86400, &wait_s)) {
		return usage_wrong(command, "--wait is 0 to 86400 seconds");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_reload_command(&settings, (int64_t)pid, (int64_t)wait_s, stdout) : complain(&err);
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
		return usage_wrong(command, "show, table or metrics?");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	if (code == TW_OK) {
		tw_settings_show(&settings, arguments->value[TW_OPTION_REDACT] != NULL, stdout);
	}
	int result = code == TW_OK ? TW_EXIT_OK : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int top_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_top_options options = {.inputs = arguments->operands,
	                                 .input_count = arguments->operand_count,
	                                 .office = arguments->value[TW_OPTION_OFFICE],
	                                 .explain = arguments->value[TW_OPTION_EXPLAIN],
	                                 .all = arguments->value[TW_OPTION_ALL] != NULL};
	const char *capacity = arguments->value[TW_OPTION_CAPACITY], *format = arguments->value[TW_OPTION_FORMAT];
	char *end = NULL;
	unsigned long most = capacity ? strtoul(capacity, &end, 10) : 0;
	if (capacity && (end == capacity || *end || capacity[0] == '-' || most > UINT32_MAX)) {
		return usage_wrong(command, "--capacity is a whole number; 0 shows all");
	}
	options.capacity = (uint32_t)most;
	if (format && !tw_top_format_find(format, &options.format)) {
		return usage_wrong(command, "--format is table, json or csv");
	}
	tw_top_terminal(stdout, &options);
	return tw_top_run(&options, stdout, stderr);
}

static int state_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long most = TW_STATE_MOST_DEFAULT, shards = 0;
	if (!number_read(arguments->value[TW_OPTION_MOST], 0, TW_STATE_MOST_MAX, &most)) {
		return usage_wrong(command, "--most is a whole number, at most 100000");
	}
	if (!number_read(arguments->value[TW_OPTION_TO_SHARDS], 1, 1024, &shards)) {
		return usage_wrong(command, "--to-shards is a whole number from 1 to 1024");
	}
	struct tw_state_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .json = arguments->value[TW_OPTION_JSON] != NULL,
	                                   .quiet = arguments->value[TW_OPTION_QUIET] != NULL,
	                                   .yes = arguments->value[TW_OPTION_YES] != NULL,
	                                   .force = arguments->value[TW_OPTION_FORCE] != NULL,
	                                   .from_nothing = arguments->value[TW_OPTION_FROM_NOTHING] != NULL,
	                                   .most = (uint32_t)most,
	                                   .prefix = arguments->value[TW_OPTION_PREFIX],
	                                   .to_prefix = arguments->value[TW_OPTION_TO_PREFIX],
	                                   .to_shards = (int64_t)shards};
	if (settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
	}
	const char *refused = tw_state_request_refuse(&request, &settings);
	int result = refused ? usage_wrong(command, refused) : tw_state_run(&settings, &request, stdout);
	tw_settings_fini(&settings);
	return result;
}

static int trace_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	const char *format = value[TW_OPTION_FORMAT];
	struct tw_trace_request request = {.marks = arguments->operands,
	                                   .mark_count = arguments->operand_count,
	                                   .maker = value[TW_OPTION_MAKER],
	                                   .model = value[TW_OPTION_MODEL],
	                                   .country = value[TW_OPTION_COUNTRY],
	                                   .overs = arguments->overs,
	                                   .over_count = arguments->over_count,
	                                   .topic = value[TW_OPTION_TOPIC],
	                                   .json = format && strcmp(format, "json") == 0,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL};
	if (request.mark_count == 0) {
		return usage_wrong(command, "which mark? SERIAL or \"MAKER|SERIAL\"");
	}
	if (format && !request.json && strcmp(format, "text") != 0) {
		return usage_wrong(command, "--format is text or json");
	}
	enum tw_code code = settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_trace_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int certificate_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_CERTIFICATES_LIMIT_DEFAULT;
	char room[TW_CERTIFICATE_REASON_BYTES];
	if (!number_read(value[TW_OPTION_LIMIT], 0, UINT32_MAX, &limit)) {
		return usage_wrong(command, "--limit is a whole number; 0 shows all");
	}
	struct tw_certificate_request request = {.words = arguments->operands,
	                                         .word_count = arguments->operand_count,
	                                         .topic = value[TW_OPTION_TOPIC],
	                                         .issuer = value[TW_OPTION_ISSUER],
	                                         .problem = value[TW_OPTION_PROBLEM],
	                                         .format = value[TW_OPTION_FORMAT],
	                                         .limit = (uint32_t)limit,
	                                         .log = value[TW_OPTION_LOG] != NULL,
	                                         .quiet = value[TW_OPTION_QUIET] != NULL,
	                                         .bars = isatty(STDOUT_FILENO) == 1};
	tw_top_terminal(stdout, &request.terminal);
	if (settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return complain(&err);
	}
	const char *refused = tw_certificate_request_refuse(&request, &settings, room);
	int result = refused ? usage_wrong(command, refused) : tw_certificate_run(&settings, &request, stdout);
	tw_settings_fini(&settings);
	return result;
}

/* A person asks now. Nothing else reads the calendar: a run counts by its events' time. */
static int32_t today(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return tw_instant_day((int64_t)now.tv_sec * 1000);
}

static int lists_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_LISTS_LIMIT_DEFAULT, similarity = 0;
	if (!number_read(value[TW_OPTION_LIMIT], 0, 100000, &limit)) {
		return usage_wrong(command, "--limit is a whole number, at most 100000; 0 shows all");
	}
	if (!number_read(value[TW_OPTION_MIN_SIMILARITY], 0, 1000000, &similarity)) {
		return usage_wrong(command, "--min-similarity is a whole number of millionths, at most 1000000");
	}
	struct tw_top_options terminal = {.all = false};
	tw_top_terminal(stdout, &terminal);
	struct tw_lists_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .lists = arguments->lists,
	                                   .list_count = arguments->list_count,
	                                   .kind = value[TW_OPTION_KIND],
	                                   .country = value[TW_OPTION_COUNTRY],
	                                   .birth = value[TW_OPTION_BIRTH],
	                                   .address = value[TW_OPTION_ADDRESS],
	                                   .on = value[TW_OPTION_ON],
	                                   .batch = value[TW_OPTION_BATCH],
	                                   .format = value[TW_OPTION_FORMAT],
	                                   .out = value[TW_OPTION_OUT],
	                                   .json = value[TW_OPTION_JSON] != NULL,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL,
	                                   .all = value[TW_OPTION_ALL] != NULL,
	                                   .color = terminal.color,
	                                   .limit = (uint32_t)limit,
	                                   .similarity_min_ppm = (uint32_t)similarity,
	                                   .today = today()};
	const char *refused = tw_lists_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_lists_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int registers_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const struct tw_registers_request request = {arguments->operands, arguments->operand_count, arguments->value[TW_OPTION_FORMAT],
	                                             arguments->value[TW_OPTION_OUT]};
	const char *refused = tw_registers_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_registers_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int rules_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long least = 0, capacity = 0;
	if (!number_read(value[TW_OPTION_CAPACITY], 1, TW_RULES_CAPACITY_MAX, &capacity)) {
		return usage_wrong(command, "--capacity is a whole number from 1 to 1000000");
	}
	if (!number_read(value[TW_OPTION_MIN], 0, 100, &least)) {
		return usage_wrong(command, "--min is a whole percentage, 0 to 100");
	}
	struct tw_rules_request request = {.words = arguments->operands,
	                                   .word_count = arguments->operand_count,
	                                   .format = value[TW_OPTION_FORMAT],
	                                   .rule = value[TW_OPTION_RULE],
	                                   .key = value[TW_OPTION_KEY],
	                                   .json = value[TW_OPTION_JSON] != NULL,
	                                   .quiet = value[TW_OPTION_QUIET] != NULL,
	                                   .check = value[TW_OPTION_CHECK] != NULL,
	                                   .percent_min = (uint32_t)least,
	                                   .threads = (uint32_t)cores(),
	                                   .over = arguments->overs,
	                                   .over_count = arguments->over_count,
	                                   .against = arguments->againsts,
	                                   .against_count = arguments->against_count,
	                                   .from = value[TW_OPTION_FROM],
	                                   .to = value[TW_OPTION_TO],
	                                   .topic = value[TW_OPTION_TOPIC],
	                                   .html = value[TW_OPTION_HTML],
	                                   .capacity = (uint32_t)capacity};
	const char *refused = tw_rules_request_refuse(&request);
	if (refused) {
		return usage_wrong(command, refused);
	}
	int result = settings_read(&settings, arguments, &err) == TW_OK ? tw_rules_run(&settings, &request, stdout) : complain(&err);
	tw_settings_fini(&settings);
	return result;
}

static int version_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	if (arguments->operand_count) {
		return usage_wrong(command, "takes no operands");
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
	fprintf(stderr, "tidewaiter: unknown command %s%s\n", name, tw_nearest_hint(&nearest, hint)[0] ? hint : "; `tidewaiter help` lists them");
	return TW_EXIT_USAGE;
}

static int help_run(const struct tw_command *command, const struct tw_arguments *arguments)
{
	(void)command;
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
	static run_function *const runs[TW_COMMANDS] = {screen_run, top_run,       run_run,   check_run, reload_run, state_run,   certificate_run,
	                                                lists_run,  registers_run, trace_run, rules_run, config_run, version_run, help_run};
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
