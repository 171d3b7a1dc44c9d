/**
 * @file list_builder.c
 * Configured lists to loaded ones: files into memory, bytes to a digest, a loader over a stage, and the checks that decide whether the
 * whole list is believed. A stage joins the builder only after the last check.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tidewaiter/limits.h>

#include "engine/base/hash.h"
#include "feeds/list_loader.h"
#include "feeds/reference.h"

#define PATH_BYTES 4096

/* One list's files, one behind the other, as the digest reads them. */
struct sources {
	char *bytes;
	size_t size;
	uint32_t count;
	char path[TW_LIST_FILES_MAX][PATH_BYTES];
	size_t end[TW_LIST_FILES_MAX];
};

enum tw_code tw_list_builder_new(const struct tw_reference *reference, struct tw_list_builder **out, struct tw_error *err)
{
	struct tw_list_builder *builder = calloc(1, sizeof(*builder));
	if (!builder) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the lists", NULL, NULL);
	}
	builder->reference = reference;
	*out = builder;
	return TW_OK;
}

static void stage_free(struct tw_list_stage *stage)
{
	if (stage) {
		tw_list_stage_fini(stage);
		free(stage);
	}
}

void tw_list_builder_free(struct tw_list_builder *builder)
{
	if (!builder) {
		return;
	}
	for (uint32_t i = 0; i < builder->stage_count; i++) {
		stage_free(builder->stage[i]);
	}
	free(builder);
}

static enum tw_code fail_system(const char *path, struct tw_error *err)
{
	int reason = errno;
	bool missing = reason == ENOENT || reason == ENOTDIR;
	return tw_fail(err, missing ? TW_E_MISSING : TW_E_IO, missing ? TW_REJECT : TW_RETRY, "cannot read the list", path, "%s", strerror(reason));
}

/* Read until the end, into room for exactly `size` more bytes: a file that grows while it is read is refused, one that shrinks too. */
static bool read_all(int file, char *to, size_t size)
{
	while (size) {
		ssize_t got = read(file, to, size);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got <= 0) {
			errno = got == 0 ? ESTALE : errno;
			return false;
		}
		to += got;
		size -= (size_t)got;
	}
	return true;
}

static enum tw_code append_open(struct sources *sources, int file, const char *path, struct tw_error *err)
{
	struct stat status;
	if (fstat(file, &status) != 0) {
		return fail_system(path, err);
	}
	if (!S_ISREG(status.st_mode)) {
		return tw_fail(err, TW_E_TYPE, TW_REJECT, "not a regular file", path, NULL);
	}
	size_t size = (size_t)status.st_size;
	if (status.st_size < 0 || size > TW_LIST_BYTES_MAX - sources->size) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "a list larger than TW_LIST_BYTES_MAX", path, "%zu bytes", size);
	}
	char *grown = realloc(sources->bytes, sources->size + size + 1);
	if (!grown) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", path, NULL);
	}
	sources->bytes = grown;
	if (!read_all(file, sources->bytes + sources->size, size)) {
		return fail_system(path, err);
	}
	sources->size += size;
	sources->end[sources->count++] = sources->size;
	return TW_OK;
}

static enum tw_code append_file(struct sources *sources, struct tw_error *err)
{
	const char *path = sources->path[sources->count];
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe in a list's place must not hang the start */
	if (file < 0) {
		return fail_system(path, err);
	}
	enum tw_code code = append_open(sources, file, path, err);
	close(file);
	return code;
}

static struct tw_slice bytes_of(const struct sources *sources, uint32_t at)
{
	size_t from = at ? sources->end[at - 1] : 0;
	return (struct tw_slice){sources->bytes + from, (uint32_t)(sources->end[at] - from)};
}

static bool path_write(char out[PATH_BYTES], const char *folder, size_t folder_len, const char *name)
{
	int length = snprintf(out, PATH_BYTES, "%.*s%s", (int)folder_len, folder, name);
	return length >= 0 && length < PATH_BYTES;
}

static bool file_stands(const char *folder, size_t length, const char *name)
{
	char path[PATH_BYTES];
	struct stat status;
	return path_write(path, folder, length, name) && stat(path, &status) == 0;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Of a format of several files: the set whose main file is meant. "lists/ofac" has it, or "sdn_2024.csv" begins as "sdn.csv" does. */
static const char *const *set_find(const struct tw_list_format_row *row, const char *path, bool folder)
{
	for (uint32_t i = 0; i < 2 && row->beside[i][0]; i++) {
		const char *main_file = row->beside[i][0];
		char with_slash[PATH_BYTES];
		bool meant = folder ? path_write(with_slash, path, strlen(path), "/") && file_stands(with_slash, strlen(with_slash), main_file)
		                    : strncmp(file_name(path), main_file, strcspn(main_file, ".")) == 0;
		if (meant) {
			return row->beside[i];
		}
	}
	return row->beside[0];
}

/* The main file as configured, or the one in the configured folder; the others beside it. */
static enum tw_code paths_find(const struct tw_list_format_row *row, const char *path, struct sources *sources, uint32_t *count, struct tw_error *err)
{
	struct stat status;
	bool folder = row->beside[0][0] && stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	const char *const *set = set_find(row, path, folder);
	char parent[PATH_BYTES];
	size_t length = folder ? strlen(path) : (size_t)(file_name(path) - path);
	bool fits = path_write(parent, path, length, folder ? "/" : "");
	*count = 0;
	do {
		bool as_stated = *count == 0 && !folder;
		fits = fits && (as_stated ? path_write(sources->path[0], path, strlen(path), "")
		                          : path_write(sources->path[*count], parent, strlen(parent), set[*count]));
		++*count;
	} while (*count < TW_LIST_FILES_MAX && set[*count]);
	return fits ? TW_OK : tw_fail(err, TW_E_LIMIT, TW_REJECT, "a path too long", path, NULL);
}

static enum tw_code read_sources(const struct tw_list_format_row *row, const char *path, struct sources *sources, struct tw_error *err)
{
	uint32_t count = 0;
	enum tw_code code = paths_find(row, path, sources, &count, err);
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		code = append_file(sources, err);
	}
	return code;
}

static enum tw_code load(struct tw_list_stage *stage, const struct tw_list_format_row *row, const struct sources *sources, struct tw_error *err)
{
	struct tw_list_file files[TW_LIST_FILES_MAX] = {{NULL, {NULL, 0}}};
	for (uint32_t i = 0; i < sources->count; i++) {
		files[i] = (struct tw_list_file){sources->path[i], bytes_of(sources, i)};
	}
	return row->load(stage, files, err);
}

static int entry_compare(const void *a, const void *b)
{
	const struct tw_stage_entry *left = *(const struct tw_stage_entry *const *)a, *right = *(const struct tw_stage_entry *const *)b;
	uint32_t shorter = left->id.len < right->id.len ? left->id.len : right->id.len;
	int order = memcmp(left->id.ptr, right->id.ptr, shorter);
	order = order ? order : (left->id.len > right->id.len) - (left->id.len < right->id.len);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

/* An entry id that stands twice would make two entries answer to one reference. */
static enum tw_code check_unique(struct tw_list_stage *stage, const char *path, struct tw_error *err)
{
	const struct tw_stage_entry **order = tw_arena_alloc_raw(&stage->arena, stage->entries.count * sizeof(struct tw_stage_entry *));
	if (!order) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", path, NULL);
	}
	for (uint32_t i = 0; i < stage->entries.count; i++) {
		order[i] = tw_list_stage_entry_at(stage, i);
	}
	qsort(order, stage->entries.count, sizeof(struct tw_stage_entry *), entry_compare);
	for (uint32_t i = 1; i < stage->entries.count; i++) {
		if (tw_slice_equal(order[i - 1]->id, order[i]->id)) {
			char where[TW_ERROR_WHERE_BYTES];
			snprintf(where, sizeof(where), "%.230s:%u", path, order[i]->line);
			return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "an entry id that stands twice", where, "%s, first on line %u",
			               order[i]->id.ptr, order[i - 1]->line);
		}
	}
	return TW_OK;
}

/* Rows that could not be read, of all rows. */
static enum tw_code check_unread(const struct tw_list_stage *stage, const struct tw_list_source *source, const char *path, struct tw_error *err)
{
	uint64_t unread = 0;
	const struct tw_list_skip *first = NULL;
	for (uint32_t i = 0; i < stage->report.skip_count; i++) {
		const struct tw_list_skip *skip = &stage->report.skip[i];
		unread += skip->unread ? skip->count : 0;
		first = !first && skip->unread ? skip : first;
	}
	if (!first || unread * 1000000 <= (uint64_t)source->unread_ppm_max * (unread + stage->entries.count)) {
		return TW_OK;
	}
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", path, first->first_line);
	return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "more unread rows than the list may have", where,
	               "%llu of %llu, at most %u in a million; first: %s", (unsigned long long)unread,
	               (unsigned long long)(unread + stage->entries.count), source->unread_ppm_max, first->reason);
}

static enum tw_code check(struct tw_list_stage *stage, const struct tw_list_source *source, const char *path, struct tw_error *err)
{
	uint32_t least = source->entries_min ? source->entries_min : 1;
	if (stage->entries.count < least) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "fewer entries than the list must have", path, "%u, at least %u expected",
		               stage->entries.count, least);
	}
	enum tw_code code = check_unread(stage, source, path, err);
	return code == TW_OK ? check_unique(stage, path, err) : code;
}

static enum tw_code load_stage(struct tw_list_stage *stage, const struct tw_list_source *source, struct sources *sources, struct tw_error *err)
{
	const struct tw_list_format_row *row = tw_list_format_row(source->format);
	if (!row) {
		return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "a list format nobody knows", source->path, "%d", (int)source->format);
	}
	enum tw_code code = read_sources(row, source->path, sources, err);
	code = code == TW_OK ? load(stage, row, sources, err) : code;
	code = code == TW_OK ? check(stage, source, sources->path[0], err) : code;
	code = code == TW_OK ? tw_sha256_hex(sources->bytes, sources->size, stage->report.digest, err) : code;
	return code;
}

static enum tw_code check_source(const struct tw_list_builder *builder, const struct tw_list_source *source, struct tw_error *err)
{
	if (!source->id || !source->id[0] || !source->path || !source->path[0]) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "a list without id or path", source->id, NULL);
	}
	for (uint32_t i = 0; i < builder->stage_count; i++) {
		if (tw_slice_is(builder->stage[i]->id, source->id)) {
			return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "a list id that is configured twice", source->path, "%s", source->id);
		}
	}
	return builder->stage_count < TW_LISTS_MAX ? TW_OK : tw_fail(err, TW_E_LIMIT, TW_REJECT, "more lists than TW_LISTS_MAX", source->path, NULL);
}

enum tw_code tw_list_builder_add(struct tw_list_builder *builder, const struct tw_list_source *source, struct tw_list_report *report,
                                 struct tw_error *err)
{
	enum tw_code code = check_source(builder, source, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	struct sources *sources = calloc(1, sizeof(*sources));
	if (!stage || !sources) {
		free(stage);
		free(sources);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", source->path, NULL);
	}
	tw_list_stage_init(stage);
	stage->country_named = builder->reference ? tw_reference_country_named : NULL;
	stage->reference = builder->reference;
	stage->id = tw_arena_copy(&stage->arena, tw_slice_str(source->id));
	code = stage->id.ptr ? load_stage(stage, source, sources, err)
	                     : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", source->path, NULL);
	free(sources->bytes);
	free(sources);
	if (code != TW_OK) {
		stage_free(stage);
		return code;
	}
	tw_arena_fini(&stage->scratch);
	stage->report.id = stage->id;
	builder->stage[builder->stage_count++] = stage;
	*report = stage->report;
	return TW_OK;
}
