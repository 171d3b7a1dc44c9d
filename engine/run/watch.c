/**
 * @file watch.c
 * See watch.h. The print is a sum over files of a hash of path, place on the disk, size and time of last change; a file that is replaced by a rename
 * has another place: a rename over a file, a changed link on the way, a network file system are all the same to it. Whoever looks passes through
 * every folder, and asks the kernel about each on the way: what came and went since the last look is asked about from then on.
 */
#include "engine/run/watch.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/inotify.h>
#endif

#include "engine/base/hash.h"
#include "rules/signature.h"

#define PATH_BYTES 4096
#define DEPTH_MAX  8   /* of folders in folders: a link that leads back must end */
#define READS_MOST 16U /* of hints at once: a folder that somebody else keeps writing to must not hold whoever asks */

struct look {
	char path[PATH_BYTES];
	uint64_t sum;
	int notify;
};

/* @return false: it is too long */
static bool folder_of(const char *path, char out[PATH_BYTES])
{
	const char *slash = strrchr(path, '/');
	int used = snprintf(out, PATH_BYTES, "%.*s", slash ? (int)(slash - path) + (slash == path) : 1, slash ? path : ".");
	return used > 0 && used < PATH_BYTES;
}

/* ---- hints ---- */

#if defined(__linux__)
bool tw_watch_open(struct tw_watch *watch)
{
	tw_watch_close(watch);
	watch->notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return watch->notify >= 0;
}

/* Again and again the same folder: the kernel knows it. What it has no room for is found by the next look. */
static void folder_ask(const struct look *look, const char *path)
{
	const uint32_t what =
	    IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
	if (look->notify >= 0) {
		(void)inotify_add_watch(look->notify, path, what);
	}
}
#else
bool tw_watch_open(struct tw_watch *watch)
{
	watch->notify = -1;
	return false;
}

static void folder_ask(const struct look *look, const char *path)
{
	(void)look;
	(void)path;
}
#endif

void tw_watch_close(struct tw_watch *watch)
{
	if (watch->notify >= 0) {
		close(watch->notify);
	}
	watch->notify = -1;
}

bool tw_watch_hinted(struct tw_watch *watch)
{
	char events[4096];
	uint32_t reads = 0;
	while (watch->notify >= 0 && reads < READS_MOST && read(watch->notify, events, sizeof(events)) > 0) {
		reads++;
	}
	return reads > 0;
}

/* The folder that holds a named file or folder: where another takes its name. */
static void above_ask(const struct look *look, const char *path)
{
	char folder[PATH_BYTES];
	if (look->notify >= 0 && folder_of(path, folder)) {
		folder_ask(look, folder);
	}
}

/* ---- looks ---- */

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
	if (depth) {
		folder_ask(look, look->path);
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
		above_ask(look, path);
		snprintf(look->path, sizeof(look->path), "%s", path);
		path_add(look, depth);
	}
}

/* The folder of a list of several files, when it is one of them that is named. */
static void beside_add(struct look *look, const char *path)
{
	char folder[PATH_BYTES];
	if (folder_of(path, folder)) {
		named_add(look, folder, 1);
	}
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

static uint64_t print(const struct tw_settings *settings, int notify)
{
	struct look look = {.sum = 0, .notify = notify};
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
	if (settings->quantities_path && settings->quantities_path[0]) {
		named_add(&look, settings->quantities_path, 1);
	}
	if (settings->serial_forms_path && settings->serial_forms_path[0]) {
		named_add(&look, settings->serial_forms_path, 1);
	}
	return look.sum;
}

void tw_watch_loading(struct tw_watch *watch, const struct tw_settings *settings)
{
	watch->loaded = watch->seen = print(settings, watch->notify);
}

bool tw_watch_changed(struct tw_watch *watch, const struct tw_settings *settings)
{
	uint64_t now = print(settings, watch->notify);
	bool settled = now == watch->seen && now != watch->loaded;
	watch->seen = now;
	if (settled) {
		watch->loaded = now;
	}
	return settled;
}

bool tw_watch_unsettled(const struct tw_watch *watch)
{
	return watch->seen != watch->loaded;
}
