/**
 * @file cli_tools.c
 * See cli_common.h: from arguments to the request of each tool, and what of them is refused before anything is read.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine/base/time.h"
#include "engine/command/certificate_command.h"
#include "engine/command/cli_common.h"
#include "engine/command/lists_command.h"
#include "engine/command/registers_command.h"
#include "engine/command/rules_command.h"
#include "engine/command/state_command.h"
#include "engine/command/top.h"
#include "engine/command/trace_command.h"

int tw_cli_top(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_top_options options = {.inputs = arguments->operands,
	                                 .input_count = arguments->operand_count,
	                                 .office = arguments->value[TW_OPTION_OFFICE],
	                                 .explain = arguments->value[TW_OPTION_EXPLAIN],
	                                 .all = arguments->value[TW_OPTION_ALL] != NULL};
	const char *format = arguments->value[TW_OPTION_FORMAT];
	unsigned long most = 0;
	if (!tw_cli_number_read(arguments->value[TW_OPTION_CAPACITY], 0, UINT32_MAX, &most)) {
		return tw_cli_usage_wrong(command, "--capacity is a whole number; 0 shows all");
	}
	options.capacity = (uint32_t)most;
	if (format && !tw_top_format_find(format, &options.format)) {
		return tw_cli_usage_wrong(command, "--format is table, json or csv");
	}
	if (format && options.explain && options.format != TW_TOP_TABLE) {
		return tw_cli_usage_wrong(command, "--explain tells in words; programs find the alert in --format json without it");
	}
	tw_top_terminal(stdout, &options);
	return tw_top_run(&options, stdout, stderr);
}

int tw_cli_state(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	unsigned long most = TW_STATE_MOST_DEFAULT, shards = 0;
	if (!tw_cli_number_read(arguments->value[TW_OPTION_MOST], 0, TW_STATE_MOST_MAX, &most)) {
		return tw_cli_usage_wrong(command, "--most is a whole number, at most 100000");
	}
	if (!tw_cli_number_read(arguments->value[TW_OPTION_TO_SHARDS], 1, 1024, &shards)) {
		return tw_cli_usage_wrong(command, "--to-shards is a whole number from 1 to 1024");
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
	if (tw_cli_settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return tw_cli_complain(&err);
	}
	const char *refused = tw_state_request_refuse(&request, &settings);
	int result = refused ? tw_cli_usage_wrong(command, refused) : tw_state_run(&settings, &request, stdout);
	tw_settings_fini(&settings);
	return result;
}

int tw_cli_trace(const struct tw_command *command, const struct tw_arguments *arguments)
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
		return tw_cli_usage_wrong(command, "which mark? SERIAL or \"MAKER|SERIAL\"");
	}
	for (uint32_t i = 0; i < request.mark_count; i++) {
		const char *bar = strrchr(request.marks[i], '|');
		if ((bar ? bar + 1 : request.marks[i])[0] == '\0') {
			return tw_cli_usage_wrong(command, "a mark has a serial: SERIAL, or MAKER|SERIAL");
		}
	}
	if (format && !request.json && strcmp(format, "text") != 0) {
		return tw_cli_usage_wrong(command, "--format is text or json");
	}
	enum tw_code code = tw_cli_settings_read(&settings, arguments, &err);
	int result = code == TW_OK ? tw_trace_run(&settings, &request, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

int tw_cli_certificate(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_CERTIFICATES_LIMIT_DEFAULT;
	char room[TW_CERTIFICATE_REASON_BYTES];
	if (!tw_cli_number_read(value[TW_OPTION_LIMIT], 0, UINT32_MAX, &limit)) {
		return tw_cli_usage_wrong(command, "--limit is a whole number; 0 shows all");
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
	if (tw_cli_settings_read(&settings, arguments, &err) != TW_OK) {
		tw_settings_fini(&settings);
		return tw_cli_complain(&err);
	}
	const char *refused = tw_certificate_request_refuse(&request, &settings, room);
	int result = refused ? tw_cli_usage_wrong(command, refused) : tw_certificate_run(&settings, &request, stdout);
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

int tw_cli_lists(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long limit = TW_LISTS_LIMIT_DEFAULT, similarity = 0;
	if (!tw_cli_number_read(value[TW_OPTION_LIMIT], 0, 100000, &limit)) {
		return tw_cli_usage_wrong(command, "--limit is a whole number, at most 100000; 0 shows all");
	}
	if (!tw_cli_number_read(value[TW_OPTION_MIN_SIMILARITY], 0, 1000000, &similarity)) {
		return tw_cli_usage_wrong(command, "--min-similarity is a whole number of millionths, at most 1000000");
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
		return tw_cli_usage_wrong(command, refused);
	}
	int result = tw_cli_settings_read(&settings, arguments, &err) == TW_OK ? tw_lists_run(&settings, &request, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

int tw_cli_registers(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const struct tw_registers_request request = {.words = arguments->operands,
	                                             .word_count = arguments->operand_count,
	                                             .format = arguments->value[TW_OPTION_FORMAT],
	                                             .out = arguments->value[TW_OPTION_OUT],
	                                             .quiet = arguments->value[TW_OPTION_QUIET] != NULL};
	const char *refused = tw_registers_request_refuse(&request);
	if (refused) {
		return tw_cli_usage_wrong(command, refused);
	}
	int result =
	    tw_cli_settings_read(&settings, arguments, &err) == TW_OK ? tw_registers_run(&settings, &request, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}

int tw_cli_rules(const struct tw_command *command, const struct tw_arguments *arguments)
{
	struct tw_settings settings;
	struct tw_error err;
	const char *const *value = arguments->value;
	unsigned long least = 0, capacity = 0;
	if (!tw_cli_number_read(value[TW_OPTION_CAPACITY], 1, TW_RULES_CAPACITY_MAX, &capacity)) {
		return tw_cli_usage_wrong(command, "--capacity is a whole number from 1 to 1000000");
	}
	if (!tw_cli_number_read(value[TW_OPTION_MIN], 0, 100, &least)) {
		return tw_cli_usage_wrong(command, "--min is a whole percentage, 0 to 100");
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
	                                   .threads = (uint32_t)tw_cli_cores(),
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
		return tw_cli_usage_wrong(command, refused);
	}
	int result = tw_cli_settings_read(&settings, arguments, &err) == TW_OK ? tw_rules_run(&settings, &request, stdout) : tw_cli_complain(&err);
	tw_settings_fini(&settings);
	return result;
}
