/**
 * @file watch.c
 * See watch.h. The print is a sum over files of a hash of path, place on the disk, size and time of last change; a file that is replaced by a rename
 * has another place. Polled, not inotify: a rename over a file, a changed link on the way, a network file system are all the same to it.
 */
#include "engine/run/watch.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "engine/base/hash.h"
#include "rules/signature.h"

#define PATH_BYTES 4096
#define DEPTH_MAX  8 /* of folders in folders: a link that leads back must end */

struct look {
	char path[PATH_BYTES];
	uint64_t sum;
};

static void file_add(struct look *look, const struct stat *status)
{
	uint64_t facts[5] = {(uint64_t)status->st_dev, (uint64_t)status->st_ino, (uint64_t)status->st_size, (uint64_t)status->st_mtim.tv_sec,
	                     (uint64_t)status->st_mtim.tv_nsec};
	look->sum += tw_hash64(facts, sizeof(facts), tw_hash64(look->path, strlen(look->path), 1));
}

/* @param depth folders that may still be entered; 0: files of this folder alone */
static void path_add(struct look *look, unsigned depth)
{
	struct stat status;
	if (stat(look->path, &status) != 0) {
		look->sum += tw_hash64(look->path, strlen(look->path), 2); /* missing is a look of its own */
		return;
	}
	if (!S_ISDIR(status.st_mode)) {
		file_add(look, &status);
		return;
	}
	DIR *folder = depth ? opendir(look->path) : NULL;
	size_t length = strlen(look->path);
	const struct dirent *entry;
	while (folder && (entry = readdir(folder))) {
		int used = entry->d_name[0] == '.' ? -1 : snprintf(look->path + length, sizeof(look->path) - length, "/%s", entry->d_name);
		if (used > 0 && (size_t)used < sizeof(look->path) - length) {
			path_add(look, depth - 1);
		}
		look->path[length] = '\0';
	}
	if (folder) {
		closedir(folder);
	}
}

static void named_add(struct look *look, const char *path, unsigned depth)
{
	if (path && path[0]) {
		snprintf(look->path, sizeof(look->path), "%s", path);
		path_add(look, depth);
	}
}

/* The folder of a list of several files, when it is one of them that is named. */
static void beside_add(struct look *look, const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_BYTES];
	snprintf(folder, sizeof(folder), "%.*s", slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
	named_add(look, folder, 1);
}

/* Beside a pack: looked at whether or not they are asked for, for there is no harm in that. */
static void signatures_add(struct look *look, const char *pack)
{
	char path[PATH_BYTES];
	size_t length = strlen(pack);
	while (length > 1 && pack[length - 1] == '/') {
		length--;
	}
	int used = snprintf(path, sizeof(path), "%.*s%s", (int)length, pack, TW_SIGNATURES_SUFFIX);
	if (used > 0 && (size_t)used < sizeof(path)) {
		named_add(look, path, 1);
	}
}

uint64_t tw_watch_print(const struct tw_settings *settings)
{
	struct look look = {.sum = 0};
	const char *const *rules = settings->rule_paths.data;
	const struct tw_list_source *lists = settings->lists.data;
	for (uint32_t i = 0; i < settings->rule_paths.count; i++) {
		named_add(&look, rules[i], DEPTH_MAX);
		signatures_add(&look, rules[i]);
	}
	const char *const *signers = settings->rule_signers.data;
	for (uint32_t i = 0; i < settings->rule_signers.count; i++) {
		named_add(&look, signers[i], 1);
	}
	bool compiled = settings->compiled_path && settings->compiled_path[0];
	named_add(&look, settings->compiled_path, 1);
	for (uint32_t i = 0; !compiled && i < settings->lists.count; i++) {
		named_add(&look, lists[i].path, 1);
		if (tw_list_format_has_parts(lists[i].format)) {
			beside_add(&look, lists[i].path);
		}
	}
	named_add(&look, settings->embargoes_path, 1);
	named_add(&look, settings->reference_path, 1);
	if (settings->known_good_path && settings->known_good_path[0]) {
		named_add(&look, settings->known_good_path, 1);
	}
	named_add(&look, settings->suppressions_path, 1);
	if (settings->markings_path && settings->markings_path[0]) {
		named_add(&look, settings->markings_path, 1);
	}
	if (settings->specimens_path && settings->specimens_path[0]) {
		named_add(&look, settings->specimens_path, 1);
	}
	if (settings->serial_forms_path && settings->serial_forms_path[0]) {
		named_add(&look, settings->serial_forms_path, 1);
	}
	return look.sum;
}

void tw_watch_loading(struct tw_watch *watch, const struct tw_settings *settings)
{
	watch->loaded = watch->seen = tw_watch_print(settings);
}

bool tw_watch_changed(struct tw_watch *watch, const struct tw_settings *settings)
{
	uint64_t now = tw_watch_print(settings);
	bool settled = now == watch->seen && now != watch->loaded;
	watch->seen = now;
	if (settled) {
		watch->loaded = now;
	}
	return settled;
}
