/**
 * @file settings_data.c
 * Data that comes with the program, for settings that state no path: found under the current folder, else beside the program.
 *
 *     ./rules/packs                                  a clone is the current folder
 *     <folder of the program>/../../rules/packs      build/release/tidewaiter in a clone
 *     <folder of the program>/../share/tidewaiter/packs      installed
 */
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/base/file.h"
#include "engine/run/settings.h"

struct sample_list {
	const char *id;
	const char *format;
	const char *in_tree;
	const char *installed;
	uint32_t entries_min; /* a file cut short has fewer */
};

static const struct sample_list samples[] = {
    {"un-sc", "un-xml", "feeds/sample/lists/un/UN_consolidated_2026-02-27.xml", "sample/lists/un/UN_consolidated_2026-02-27.xml", 900},
    {"ofac-sdn", "ofac-csv", "feeds/sample/lists/ofac", "sample/lists/ofac", 7000},
};

static const char *if_there(struct tw_settings *settings, const char *folder, const char *between, const char *name)
{
	const char *path = tw_arena_format(&settings->arena, "%s%s%s", folder, between, name).ptr;
	return path && access(path, R_OK) == 0 ? tw_path_plain(path, &settings->arena) : NULL;
}

/* "" when it cannot be told. */
static void program_folder(char *out, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", out, size - 1);
	out[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(out, '/');
	if (slash) {
		*slash = '\0';
	}
}

static const char *data_find(struct tw_settings *settings, const char *in_tree, const char *installed)
{
	char program[PATH_MAX];
	const char *found = if_there(settings, "", "", in_tree);
	program_folder(program, sizeof(program));
	if (!found && program[0]) {
		found = if_there(settings, program, "/../../", in_tree);
	}
	if (!found && program[0]) {
		found = if_there(settings, program, "/../share/tidewaiter/", installed);
	}
	return found;
}

static bool stated(const struct tw_settings *settings, const char *key)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	return settings->stated[tw_setting_find(key) - rows];
}

static enum tw_code memory_out(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", NULL, NULL);
}

static enum tw_code lists_find(struct tw_settings *settings, struct tw_error *err)
{
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		const char *path = data_find(settings, samples[i].in_tree, samples[i].installed);
		struct tw_list_source *source = path ? tw_list_push(&settings->arena, &settings->lists, sizeof(*source)) : NULL;
		if (path && !source) {
			return memory_out(err);
		}
		if (source) {
			*source = (struct tw_list_source){samples[i].id,
			                                  tw_list_format_find(tw_slice_str(samples[i].format)),
			                                  path,
			                                  samples[i].entries_min,
			                                  0,
			                                  TW_LIST_SHRINK_PPM,
			                                  0};
			settings->sample_lists = true;
		}
	}
	return TW_OK;
}

static enum tw_code checks(const struct tw_settings *settings, struct tw_error *err)
{
	if (settings->lanes_yellow <= settings->lanes_blue || settings->lanes_red <= settings->lanes_yellow) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "lanes must rise from blue to yellow to red", "lanes", "blue %lld, yellow %lld, red %lld",
		               (long long)settings->lanes_blue, (long long)settings->lanes_yellow, (long long)settings->lanes_red);
	}
	/* what is not committed comes again, and gets the answer that it got: a batch, and the one that was polled behind it */
	if (settings->duplicates_window > 0 && settings->duplicates_window < 2 * settings->batch_events) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a window of duplicates is off, or holds two batches", "duplicates.window",
		               "%lld, but batch.events is %lld", (long long)settings->duplicates_window, (long long)settings->batch_events);
	}
	if (settings->rule_signatures > settings->rule_signers.count) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "more signatures are asked for than there are signers", "rules.signatures", "%lld, of %u",
		               (long long)settings->rule_signatures, settings->rule_signers.count);
	}
	if (settings->rule_signers.count && settings->rule_signatures == 0) {
		return tw_fail(err, TW_E_CONFLICT, TW_STOP, "signers are named, and no signature is asked for: nothing would be verified",
		               "rules.signatures", "set it to 1 or 2");
	}
	if (settings->random_share_ppm > 0 && settings->random_key[0] == '\0') {
		return tw_fail(err, TW_E_MISSING, TW_STOP, "a random share needs a secret", "random.key",
		               "set it to ${TIDEWAITER_RANDOM_KEY} and that to 16 bytes or more nobody can guess");
	}
	for (unsigned i = 0; i < TW_FAMILIES; i++) {
		for (unsigned j = 0; j < i; j++) {
			if (settings->topics.input[i][0] && strcmp(settings->topics.input[i], settings->topics.input[j]) == 0) {
				return tw_fail(err, TW_E_CONFLICT, TW_STOP, "two families cannot share an input topic", "topics", "%s",
				               settings->topics.input[i]);
			}
		}
	}
	return TW_OK;
}

enum tw_code tw_settings_complete(struct tw_settings *settings, struct tw_error *err)
{
	if (!stated(settings, "rules.paths")) {
		const char *path = data_find(settings, "rules/packs", "packs");
		const char **kept = path ? tw_list_push(&settings->arena, &settings->rule_paths, sizeof(*kept)) : NULL;
		if (path && !kept) {
			return memory_out(err);
		}
		if (kept) {
			*kept = path;
		}
	}
	if (!settings->embargoes_path || !settings->embargoes_path[0]) {
		settings->embargoes_path = data_find(settings, "feeds/embargoes/embargoes.csv", "embargoes/embargoes.csv");
	}
	if (!settings->reference_path || !settings->reference_path[0]) {
		settings->reference_path = data_find(settings, "feeds/reference", "reference");
	}
	enum tw_code code = stated(settings, "lists") || (settings->compiled_path && settings->compiled_path[0]) ? TW_OK : lists_find(settings, err);
	return code == TW_OK ? checks(settings, err) : code;
}
