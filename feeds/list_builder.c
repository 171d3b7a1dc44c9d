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

#define FILES_MAX  3
#define PATH_BYTES 4096

/* One list's files, one behind the other, as the digest reads them. */
struct sources {
	char *bytes;
	size_t size;
	uint32_t count;
	char path[FILES_MAX][PATH_BYTES];
	size_t end[FILES_MAX];
};

enum tw_list_format tw_list_format_find(struct tw_slice name)
{
	if (tw_slice_is(name, "un-xml")) {
		return TW_LIST_UN_XML;
	}
	return tw_slice_is(name, "ofac-csv") ? TW_LIST_OFAC_CSV : (enum tw_list_format)0;
}

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

/* "lists/ofac" or "lists/ofac/sdn_2024.csv": the folder's sdn.csv or that file, and alt.csv and add.csv beside it. */
static enum tw_code ofac_paths(const char *path, struct sources *sources, struct tw_error *err)
{
	struct stat status;
	bool folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
	const char *slash = strrchr(path, '/');
	size_t parent = slash ? (size_t)(slash - path) + 1 : 0;
	bool fits = folder ? path_write(sources->path[0], path, strlen(path), "/sdn.csv") &&
	                         path_write(sources->path[1], path, strlen(path), "/alt.csv") &&
	                         path_write(sources->path[2], path, strlen(path), "/add.csv")
	                   : path_write(sources->path[0], path, strlen(path), "") && path_write(sources->path[1], path, parent, "alt.csv") &&
	                         path_write(sources->path[2], path, parent, "add.csv");
	return fits ? TW_OK : tw_fail(err, TW_E_LIMIT, TW_REJECT, "a path too long", path, NULL);
}

static enum tw_code read_sources(const struct tw_list_source *source, struct sources *sources, struct tw_error *err)
{
	bool three = source->format == TW_LIST_OFAC_CSV;
	enum tw_code code = three ? ofac_paths(source->path, sources, err) : TW_OK;
	if (!three && !path_write(sources->path[0], source->path, strlen(source->path), "")) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "a path too long", source->path, NULL);
	}
	for (uint32_t i = 0; code == TW_OK && i < (three ? 3U : 1U); i++) {
		code = append_file(sources, err);
	}
	return code;
}

static enum tw_code load(struct tw_list_stage *stage, enum tw_list_format format, const struct sources *sources, struct tw_error *err)
{
	switch (format) {
	case TW_LIST_UN_XML:
		return tw_un_xml_load(stage, sources->path[0], bytes_of(sources, 0), err);
	case TW_LIST_OFAC_CSV:
		return tw_ofac_csv_load(stage,
		                        &(struct tw_ofac_files){sources->path[0], sources->path[1], sources->path[2], bytes_of(sources, 0),
		                                                bytes_of(sources, 1), bytes_of(sources, 2)},
		                        err);
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "a list format nobody knows", sources->path[0], "%d", (int)format);
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

static enum tw_code check(struct tw_list_stage *stage, const struct tw_list_source *source, const char *path, struct tw_error *err)
{
	uint32_t least = source->entries_min ? source->entries_min : 1;
	if (stage->entries.count < least) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "fewer entries than the list must have", path, "%u, at least %u expected",
		               stage->entries.count, least);
	}
	return check_unique(stage, path, err);
}

static enum tw_code load_stage(struct tw_list_stage *stage, const struct tw_list_source *source, struct sources *sources, struct tw_error *err)
{
	enum tw_code code = read_sources(source, sources, err);
	code = code == TW_OK ? load(stage, source->format, sources, err) : code;
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
