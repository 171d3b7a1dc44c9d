/**
 * @file cli_common.c
 * See cli_common.h.
 */
#include "engine/command/cli_common.h"

#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/log.h"
#include "engine/run/config.h"
#include "engine/run/supervisor.h"
#include "engine/run/worker.h"

int tw_cli_usage_wrong(const struct tw_command *command, const char *what)
{
	fprintf(stderr, "tidewaiter %s: %s; see `tidewaiter help %s`\n", command->name, what, command->name);
	return TW_EXIT_USAGE;
}

int tw_cli_complain(const struct tw_error *err)
{
	char text[TW_ERROR_WHERE_BYTES + TW_ERROR_DETAIL_BYTES + 128];
	fprintf(stderr, "tidewaiter: %s\n", tw_error_text(err, text, sizeof(text)));
	return tw_exit_of(err, true);
}

enum tw_code tw_cli_settings_read(struct tw_settings *settings, const struct tw_arguments *arguments, struct tw_error *err)
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

int64_t tw_cli_cores(void)
{
	cpu_set_t usable;
	CPU_ZERO(&usable);
	int count = sched_getaffinity(0, sizeof(usable), &usable) == 0 ? CPU_COUNT(&usable) : 1;
	return count < (int)TW_WORKERS_MAX ? count : (int)TW_WORKERS_MAX;
}

bool tw_cli_number_read(const char *text, unsigned long least, unsigned long most, unsigned long *out)
{
	char *end = NULL;
	unsigned long value = text ? strtoul(text, &end, 10) : *out;
	if (text && (end == text || *end || text[0] == '-' || value < least || value > most)) {
		return false;
	}
	*out = value;
	return true;
}
