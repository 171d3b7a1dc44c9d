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
#include "engine/base/time.h"
#include "feeds/list_date.h"
#include "feeds/list_keep.h"
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
	if (size == 0 && sources->count == 0) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "the list is empty: a file of no bytes", path, NULL);
	}
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

/* OFAC's two lists may lie in one folder; which of them is read is told, and so is the other. */
static void tell_other_set(struct tw_list_stage *stage, const struct tw_list_format_row *row, const char *path)
{
	struct stat status;
	char folder[PATH_BYTES];
	bool both = row->beside[0][0] && row->beside[1][0] && stat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	            path_write(folder, path, strlen(path), "/") && file_stands(folder, strlen(folder), row->beside[0][0]) &&
	            file_stands(folder, strlen(folder), row->beside[1][0]);
	if (both) {
		tw_list_stage_skip(stage, "not read, though in the folder: cons_prim.csv, another list; give its own path to a second list", 0, false);
	}
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
	uint64_t all = unread + stage->entries.count;
	if (!first || unread * 1000000 <= (uint64_t)source->unread_ppm_max * all) {
		return TW_OK;
	}
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", path, first->first_line);
	return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "more unread rows than the list may have", where,
	               "%llu of %llu, at most %u in a million; first: %s", (unsigned long long)unread, (unsigned long long)all,
	               source->unread_ppm_max, first->reason);
}

static enum tw_code check(struct tw_list_stage *stage, const struct tw_list_source *source, const char *path, struct tw_error *err)
{
	uint32_t least = source->entries_min ? source->entries_min : 1;
	enum tw_code code = check_unread(stage, source, path, err); /* first: of a file of another kind it says what was met */
	if (code == TW_OK && stage->entries.count < least) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "fewer entries than the list must have", path, "%u, at least %u expected",
		               stage->entries.count, least);
	}
	return code == TW_OK ? check_unique(stage, path, err) : code;
}

/* Entries of the last good one: what is kept, else what is in use. @return 0: there is none */
static uint32_t entries_before(const struct tw_list_builder *builder, const struct tw_list_source *source, const struct tw_list_kept *kept)
{
	if (kept) {
		return kept->entries;
	}
	for (uint32_t i = 0; i < builder->care.former_count; i++) {
		if (tw_slice_is(builder->care.former[i].id, source->id)) {
			return builder->care.former[i].entries;
		}
	}
	return 0;
}

static enum tw_code check_shrunk(const struct tw_list_stage *stage, const struct tw_list_source *source, uint32_t before, struct tw_error *err)
{
	uint64_t now = stage->entries.count;
	if (now >= before || (before - now) * 1000000 <= (uint64_t)source->shrink_ppm_max * before) {
		return TW_OK;
	}
	return tw_fail(err, TW_E_LIMIT, TW_REJECT, "the list shrank by more than it may", source->path,
	               "%u entries before, %llu now, shrink_ppm_max %u", before, (unsigned long long)now, source->shrink_ppm_max);
}

/* The issuers write a date of three numbers in the order of their country, unless the year is first. */
static int32_t day_of(enum tw_list_format format, struct tw_slice date)
{
	bool american = format == TW_LIST_OFAC_XML || format == TW_LIST_OFAC_CSV || format == TW_LIST_BIS_DPL;
	struct tw_list_date read;
	int32_t day;
	if (date.len >= 10 && tw_date_parse((struct tw_slice){date.ptr, 10}, &day)) {
		return day; /* "2026-02-27T14:00:00" too */
	}
	if (!tw_list_date_read(date, american ? TW_DATE_MONTH_FIRST : TW_DATE_DAY_FIRST, &read, NULL) || !read.month || !read.day) {
		return INT32_MIN;
	}
	return tw_day_of_civil(read.year, read.month, read.day);
}

static enum tw_code read_kept(const struct tw_list_builder *builder, const char *id, const struct tw_list_kept *kept, struct sources *sources,
                              struct tw_error *err)
{
	char path[PATH_BYTES];
	enum tw_code code = tw_list_keep_bytes(builder->care.folder, id, kept, &sources->bytes, err);
	if (code != TW_OK || !tw_list_keep_path(builder->care.folder, id, path, sizeof(path))) {
		return code;
	}
	for (; sources->count < kept->count; sources->count++) {
		sources->size += kept->size[sources->count];
		sources->end[sources->count] = sources->size;
		snprintf(sources->path[sources->count], PATH_BYTES, "%.3800s:%s", path, kept->name[sources->count]);
	}
	return TW_OK;
}

/* @param kept the last good copy is to be loaded; NULL: the configured files */
static enum tw_code load_stage(struct tw_list_builder *builder, struct tw_list_stage *stage, const struct tw_list_source *source,
                               const struct tw_list_kept *kept, struct sources *sources, struct tw_error *err)
{
	const struct tw_list_format_row *row = tw_list_format_row(source->format);
	if (!row) {
		return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "a list format nobody knows", source->path, "%d", (int)source->format);
	}
	enum tw_code code = kept ? read_kept(builder, source->id, kept, sources, err) : read_sources(row, source->path, sources, err);
	code = code == TW_OK ? load(stage, row, sources, err) : code;
	if (code == TW_OK && !kept) {
		tell_other_set(stage, row, source->path);
	}
	code = code == TW_OK ? check(stage, source, sources->path[0], err) : code;
	code = code == TW_OK ? tw_sha256_hex(sources->bytes, sources->size, stage->report.digest, err) : code;
	stage->report.day = day_of(source->format, stage->report.date);
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

void tw_list_builder_care(struct tw_list_builder *builder, const struct tw_list_care *care)
{
	builder->care = *care;
}

/* @return NULL when there is no memory */
static struct tw_list_stage *stage_new(const struct tw_list_builder *builder, const struct tw_list_source *source)
{
	struct tw_list_stage *stage = malloc(sizeof(*stage));
	if (!stage) {
		return NULL;
	}
	tw_list_stage_init(stage);
	stage->country_named = builder->reference ? tw_reference_country_named : NULL;
	stage->reference = builder->reference;
	stage->id = tw_arena_copy(&stage->arena, tw_slice_str(source->id));
	if (!stage->id.ptr) {
		stage_free(stage);
		return NULL;
	}
	return stage;
}

/* Looked at as a whole: a copy that rotted on its disk is found while the list itself can still mend it. */
static bool is_kept(const struct tw_list_builder *builder, const char *id, const struct tw_list_kept *before, const char *digest)
{
	char *bytes = NULL;
	struct tw_error none;
	bool good = before && strcmp(before->digest, digest) == 0 && tw_list_keep_bytes(builder->care.folder, id, before, &bytes, &none) == TW_OK;
	free(bytes);
	return good;
}

/* A copy that cannot be kept is said, and costs the list nothing. */
static void keep(const struct tw_list_builder *builder, const struct tw_list_source *source, const struct sources *sources,
                 const struct tw_list_kept *before, struct tw_list_stage *stage)
{
	const struct tw_list_care *care = &builder->care;
	if (!care->write || !care->folder || !care->folder[0] || is_kept(builder, source->id, before, stage->report.digest)) {
		return;
	}
	struct tw_list_kept *kept = calloc(1, sizeof(*kept));
	if (!kept) {
		(void)tw_fail(&stage->report.unkept, TW_E_MEMORY, TW_REJECT, "no memory to keep the list", source->path, NULL);
		return;
	}
	kept->format = source->format;
	kept->entries = stage->entries.count;
	kept->count = sources->count;
	memcpy(kept->digest, stage->report.digest, sizeof(kept->digest));
	for (uint32_t i = 0; i < sources->count; i++) {
		kept->size[i] = bytes_of(sources, i).len;
		snprintf(kept->name[i], sizeof(kept->name[i]), "%.*s", (int)strcspn(file_name(sources->path[i]), "\n"), file_name(sources->path[i]));
	}
	(void)!tw_list_keep_write(builder->care.folder, source->id, kept, sources->bytes, &stage->report.unkept);
	free(kept);
}

/* The configured files. @param before the last good copy's head, NULL: none */
static enum tw_code load_fresh(struct tw_list_builder *builder, struct tw_list_stage *stage, const struct tw_list_source *source,
                               const struct tw_list_kept *before, struct sources *sources, struct tw_error *err)
{
	enum tw_code code = load_stage(builder, stage, source, NULL, sources, err);
	code = code == TW_OK ? check_shrunk(stage, source, entries_before(builder, source, before), err) : code;
	if (code == TW_OK) {
		keep(builder, source, sources, before, stage);
	}
	return code;
}

/* @param kept as load_stage @param before as load_fresh @return NULL: refused, `err` says why */
static struct tw_list_stage *stage_load(struct tw_list_builder *builder, const struct tw_list_source *source, const struct tw_list_kept *kept,
                                        const struct tw_list_kept *before, struct tw_error *err)
{
	struct tw_list_stage *stage = stage_new(builder, source);
	struct sources *sources = calloc(1, sizeof(*sources));
	if (!stage || !sources) {
		stage_free(stage);
		free(sources);
		(void)tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the list", source->path, NULL);
		return NULL;
	}
	enum tw_code code = kept ? load_stage(builder, stage, source, kept, sources, err) : load_fresh(builder, stage, source, before, sources, err);
	free(sources->bytes);
	free(sources);
	if (code != TW_OK) {
		stage_free(stage);
		return NULL;
	}
	return stage;
}

/* The configured files were refused: the copy, if it is still good. @return NULL: it is not, `err` says so too */
static struct tw_list_stage *stage_replace(struct tw_list_builder *builder, const struct tw_list_source *source, const struct tw_list_kept *kept,
                                           struct tw_error *err)
{
	struct tw_error second;
	struct tw_list_stage *stage = stage_load(builder, source, kept, NULL, &second);
	if (stage) {
		stage->report.stale = *err;
		return stage;
	}
	size_t used = strlen(err->detail);
	snprintf(err->detail + used, sizeof(err->detail) - used, "%sand its last good copy: %s", used ? "; " : "", second.what);
	return NULL;
}

enum tw_code tw_list_builder_add(struct tw_list_builder *builder, const struct tw_list_source *source, struct tw_list_report *report,
                                 struct tw_error *err)
{
	struct tw_list_kept kept;
	struct tw_error none;
	enum tw_code code = check_source(builder, source, err);
	if (code != TW_OK) {
		return code;
	}
	enum tw_code found =
	    builder->care.folder && builder->care.folder[0] ? tw_list_keep_head(builder->care.folder, source->id, &kept, &none) : TW_E_MISSING;
	bool has = found == TW_OK && kept.format == source->format;
	struct tw_list_stage *stage = stage_load(builder, source, NULL, has ? &kept : NULL, err);
	if (!stage && err->code != TW_E_MEMORY && has) {
		stage = stage_replace(builder, source, &kept, err);
	}
	if (!stage) {
		return err->code;
	}
	tw_arena_fini(&stage->scratch);
	stage->report.id = stage->id;
	stage->report.format = source->format;
	builder->stage[builder->stage_count++] = stage;
	*report = stage->report;
	return TW_OK;
}
