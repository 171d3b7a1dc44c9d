/**
 * @file source.c
 * From paths to files: every *.yaml below the given folders, and every *.csv beside a _sets.yaml or _bands.yaml, in byte order of path, read whole.
 * The only file of rules/ that knows a disk.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/stat.h>
#include <tidewaiter/limits.h>

#include "rules/table.h"

#define FOLDER_DEPTH_MAX 16 /* a loop of links ends here */

struct files {
	struct tw_arena *arena;
	struct tw_list names;            /* const char * */
	const struct tw_rule_sink *sink; /* NULL: the first that cannot be used ends it */
	bool told;
	struct tw_error *err;
};

/* What lies in a folder and cannot be used is told like what is wrong in a file, and its neighbours are read. */
static enum tw_code passed_over(struct files *files, enum tw_code code, const char *path)
{
	if (code == TW_OK || code == TW_E_MEMORY || !files->sink) {
		return code;
	}
	struct tw_error ignored;
	struct tw_rule_report report = {.sink = files->sink, .err = &ignored, .file = path};
	files->told = true;
	tw_report_error(&report, (struct tw_mark){0, 0}, code, "%s: %s", files->err->what, files->err->detail);
	return TW_OK;
}

static enum tw_code memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to load rules", NULL, NULL);
}

static enum tw_code name_add(struct files *files, const char *path)
{
	if (files->names.count >= TW_RULES_MAX) {
		return tw_fail(files->err, TW_E_LIMIT, TW_REJECT, "too many rule files", path, "more than %u", TW_RULES_MAX);
	}
	const char **name = tw_list_push(files->arena, &files->names, sizeof(*name));
	struct tw_slice copy = tw_arena_copy(files->arena, tw_slice_str(path));
	if (!name || !copy.ptr) {
		return memory(files->err);
	}
	*name = copy.ptr;
	return TW_OK;
}

static bool ends_nearly(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && (strcasecmp(dot, ".yaml") == 0 || strcasecmp(dot, ".yml") == 0);
}

static bool is_yaml(const char *name)
{
	size_t length = strlen(name);
	return length > 5 && strcmp(name + length - 5, ".yaml") == 0 && name[0] != '.';
}

/* The tables beside a file of sets or bands: whichever of them it names. */
static enum tw_code tables_add(struct files *files, const char *sets, size_t folder_bytes)
{
	struct tw_slice path = tw_arena_format(files->arena, "%.*s", (int)folder_bytes, sets);
	DIR *folder = path.ptr ? opendir(path.len ? path.ptr : ".") : NULL;
	enum tw_code code = TW_OK;
	if (!folder) {
		return tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule folder cannot be read", path.ptr, "%s", strerror(errno));
	}
	for (struct dirent *entry = readdir(folder); entry && code == TW_OK; entry = readdir(folder)) {
		if (entry->d_name[0] != '.' && tw_rule_is_table(entry->d_name)) {
			struct tw_slice name = tw_arena_format(files->arena, "%s%s", path.ptr, entry->d_name);
			code = name.ptr ? name_add(files, name.ptr) : memory(files->err);
		}
	}
	closedir(folder);
	return code;
}

static enum tw_code file_add(struct files *files, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	enum tw_code code = name_add(files, path);
	return code == TW_OK && (strcmp(name, "_sets.yaml") == 0 || strcmp(name, "_bands.yaml") == 0) ? tables_add(files, path, (size_t)(name - path))
	                                                                                              : code;
}

static enum tw_code path_add(struct files *files, const char *path, int depth);

/* What is meant for a rule and is none would be missed by nobody: it is refused, not passed over. Notes and tables may lie there. */
static enum tw_code entry_add(struct files *files, const char *folder, const char *name, int depth)
{
	struct stat status;
	struct tw_slice path = tw_arena_format(files->arena, "%s/%s", folder, name);
	if (!path.ptr) {
		return memory(files->err);
	}
	bool there = stat(path.ptr, &status) == 0;
	enum tw_code code = TW_OK;
	if (there && is_yaml(name) && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) { /* a pipe would be waited for */
		code = tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule file cannot be read", path.ptr, "it is neither a file nor a folder");
	} else if (is_yaml(name) || (there && S_ISDIR(status.st_mode))) {
		code = path_add(files, path.ptr, depth + 1);
	} else if (ends_nearly(name)) {
		code = tw_fail(files->err, TW_E_RANGE, TW_REJECT, "a rule file ends in .yaml", path.ptr, "in small letters: rename it");
	}
	return passed_over(files, code, path.ptr);
}

static enum tw_code folder_add(struct files *files, const char *path, int depth)
{
	DIR *folder = depth < FOLDER_DEPTH_MAX ? opendir(path) : NULL;
	enum tw_code code = TW_OK;
	if (!folder) {
		return tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule folder cannot be read", path, "%s",
		               depth < FOLDER_DEPTH_MAX ? strerror(errno) : "nested too deep");
	}
	for (struct dirent *entry = readdir(folder); entry && code == TW_OK; entry = readdir(folder)) {
		code = entry->d_name[0] != '.' ? entry_add(files, path, entry->d_name, depth) : TW_OK;
	}
	closedir(folder);
	return code;
}

static enum tw_code path_add(struct files *files, const char *path, int depth)
{
	struct stat status;
	if (stat(path, &status) != 0) {
		return tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule file cannot be read", path, "%s", strerror(errno));
	}
	return S_ISDIR(status.st_mode) ? folder_add(files, path, depth) : file_add(files, path);
}

static int by_path(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

/* The same file named twice (a folder and a file in it) is loaded once. */
static void in_order(struct files *files)
{
	const char **names = files->names.data;
	uint32_t kept = 0;
	if (!names) {
		return;
	}
	qsort(names, files->names.count, sizeof(*names), by_path);
	for (uint32_t i = 0; i < files->names.count; i++) {
		if (kept == 0 || strcmp(names[i], names[kept - 1]) != 0) {
			names[kept++] = names[i];
		}
	}
	files->names.count = kept;
}

/* @param room  holds the largest file at its limit and a byte more; what was read is copied out of it */
static enum tw_code file_read(struct files *files, const char *path, char *room, struct tw_slice *out)
{
	enum tw_code code = TW_OK;
	size_t most = tw_rule_is_table(path) ? TW_TABLE_BYTES_MAX : TW_RULE_BYTES_MAX;
	FILE *file = fopen(path, "rb");
	if (!file) {
		return tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule file cannot be read", path, "%s", strerror(errno));
	}
	size_t length = fread(room, 1, most + 1, file);
	if (ferror(file)) {
		code = tw_fail(files->err, TW_E_IO, TW_REJECT, "a rule file cannot be read", path, "%s", strerror(errno));
	} else if (length > most) {
		code = tw_fail(files->err, TW_E_LIMIT, TW_REJECT, "a rule file is too large", path, "more than %zu bytes", most);
	} else {
		*out = tw_arena_copy(files->arena, (struct tw_slice){room, (uint32_t)length});
		code = out->ptr ? TW_OK : memory(files->err);
	}
	fclose(file);
	return code;
}

static enum tw_code files_read(struct files *files, struct tw_rule_source *sources, uint32_t *count)
{
	enum tw_code code = TW_OK;
	const char *const *names = files->names.data;
	char *room = tw_arena_alloc_raw(files->arena, TW_TABLE_BYTES_MAX + 1);
	if (!room) {
		return memory(files->err);
	}
	for (uint32_t i = 0; i < files->names.count && code == TW_OK; i++) {
		sources[*count].name = names[i];
		code = file_read(files, names[i], room, &sources[*count].bytes);
		*count += code == TW_OK;
		code = passed_over(files, code, names[i]);
	}
	return code;
}

enum tw_code tw_rule_sources_read(const char *const *paths, size_t path_count, struct tw_arena *arena, struct tw_list *out, struct tw_error *err)
{
	return tw_rule_sources_seen(paths, path_count, arena, NULL, out, err);
}

enum tw_code tw_rule_sources_seen(const char *const *paths, size_t path_count, struct tw_arena *arena, const struct tw_rule_sink *sink,
                                  struct tw_list *out, struct tw_error *err)
{
	struct files files = {.arena = arena, .sink = sink, .err = err};
	uint32_t count = 0;
	enum tw_code code = TW_OK;
	for (size_t i = 0; i < path_count && code == TW_OK; i++) {
		code = path_add(&files, paths[i], 0);
	}
	if (code != TW_OK) {
		return code;
	}
	in_order(&files);
	if (files.names.count == 0 && !files.told) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "no rule files", path_count ? paths[0] : NULL, "no *.yaml there");
	}
	struct tw_rule_source *sources = tw_arena_alloc(arena, (files.names.count + 1) * sizeof(*sources));
	code = sources ? files_read(&files, sources, &count) : memory(err);
	*out = (struct tw_list){sources, count, count};
	return code;
}

enum tw_code tw_rules_load(const char *const *paths, size_t path_count, FILE *problems, struct tw_rules **out, struct tw_error *err)
{
	struct tw_arena arena;
	struct tw_list sources = {NULL, 0, 0};
	tw_arena_init(&arena, 64U * 1024U, 0);
	enum tw_code code = tw_rule_sources_read(paths, path_count, &arena, &sources, err);
	if (code == TW_OK) {
		code = tw_rules_load_sources(sources.data, sources.count, problems, out, err);
	}
	tw_arena_fini(&arena);
	return code;
}
