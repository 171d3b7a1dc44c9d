/**
 * @file state_command.c
 * See state_command.h. What may be asked, and by which word.
 */
#include "engine/command/state_command.h"

#include <string.h>

#include "engine/base/log.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"

struct part {
	const char *word;
	int (*run)(struct tw_settings *settings, const struct tw_state_request *request, FILE *out);
	bool entity; /* takes one */
};

static const struct part parts[] = {
    {"show", tw_state_show, true},        {"verify", tw_state_verify, false}, {"rebuild", tw_state_rebuild, false},
    {"migrate", tw_state_migrate, false}, {"drop", tw_state_drop, false},
};

static const struct part *part_of(const struct tw_state_request *request)
{
	for (size_t i = 0; request->word_count && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].word, request->words[0]) == 0) {
			return &parts[i];
		}
	}
	return NULL;
}

static bool prefix_fits(const char *prefix)
{
	return prefix && *prefix && !strpbrk(prefix, "{}");
}

static const char *drop_refuse(const struct tw_state_request *request, const struct tw_settings *settings)
{
	if (!prefix_fits(request->prefix)) {
		return "drop removes the keys of --prefix NAME";
	}
	if (strcmp(request->prefix, settings->redis_prefix) == 0 && !request->force) {
		return "that prefix is redis.prefix, the one in use; --force if you mean it";
	}
	return request->yes ? NULL : "drop removes all that is stored under that prefix; --yes if you mean it";
}

static const char *migrate_refuse(const struct tw_state_request *request, const struct tw_settings *settings)
{
	if (!prefix_fits(request->to_prefix)) {
		return "migrate builds the state under --to-prefix NAME (no braces in it)";
	}
	return strcmp(request->to_prefix, settings->redis_prefix) == 0 ? "--to-prefix is the prefix in use: give another one" : NULL;
}

const char *tw_state_request_refuse(const struct tw_state_request *request, const struct tw_settings *settings)
{
	const struct part *part = part_of(request);
	if (!part) {
		return "show, verify, rebuild, migrate or drop?";
	}
	if (part->entity ? request->word_count < 2 : request->word_count > 1) {
		return part->entity ? "show whom? KIND KEY, for example vessel 9074729" : "only show takes an entity";
	}
	if (settings->state_store != TW_STATE_REDIS) {
		return "state.store is memory: nothing is stored that could be looked into";
	}
	if (part->run == tw_state_drop) {
		return drop_refuse(request, settings);
	}
	if (part->run == tw_state_migrate) {
		return migrate_refuse(request, settings);
	}
	if (request->from_nothing && part->run != tw_state_rebuild) {
		return "--from-nothing goes with rebuild";
	}
	if (request->from_nothing && !request->yes) {
		return "--from-nothing removes the stored state first; --yes if you mean it";
	}
	return NULL;
}

int tw_state_complain(const struct tw_error *err)
{
	tw_log_error(TW_LOG_ERROR, "state_command", err);
	return tw_exit_of(err, true);
}

int tw_state_run(struct tw_settings *settings, const struct tw_state_request *request, FILE *out)
{
	const struct part *part = part_of(request);
	tw_signals_install();
	return part ? part->run(settings, request, out) : TW_EXIT_USAGE;
}
