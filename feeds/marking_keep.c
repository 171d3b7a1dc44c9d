/**
 * @file marking_keep.c
 * A list of marks with the care that lists of parties get: held against the last good one, kept, and replaced by its copy while its file is no good.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "feeds/marking_file.h"
#include "feeds/marking_table.h"

#define ARENA_BLOCK_BYTES 65536U
#define PATH_BYTES        4096
#define PPM               UINT64_C(1000000)

struct taking {
	const char *path;
	const struct tw_marking_list_options *options;
	const struct tw_marking_list_care *care;
	char kept_path[PATH_BYTES]; /* empty: none is kept */
	struct tw_marking_list *kept;
};

static uint32_t reports_of(const struct tw_marking_list *list)
{
	return list ? list->report.lost + list->report.stolen + list->report.destroyed : 0;
}

static bool same_source(const struct tw_marking_list *a, const struct tw_marking_list *b)
{
	return a && b && strcmp(a->report.digest, b->report.digest) == 0;
}

static enum tw_code shrink_check(const struct taking *taking, const struct tw_marking_list *list, struct tw_error *err)
{
	uint32_t before = reports_of(taking->kept ? taking->kept : taking->care->former), now = reports_of(list);
	if (now < before && (uint64_t)(before - now) * PPM > (uint64_t)taking->care->shrink_ppm_max * before) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "the list of marks shrank by more than it may", taking->path,
		               "%u reports before, %u now, markings.shrink_ppm_max %u", before, now, taking->care->shrink_ppm_max);
	}
	return TW_OK;
}

/* The copy, where the file's bytes are those that it was made of: then it need not be read. */
static enum tw_code source_read(struct taking *taking, struct tw_marking_list **out, struct tw_error *err)
{
	char digest[TW_SHA256_HEX_BYTES];
	struct tw_arena file;
	struct tw_slice bytes;
	tw_arena_init(&file, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(taking->path, TW_MARKING_LIST_BYTES_MAX, &file, &bytes, err);
	code = code == TW_OK ? tw_marking_digest_of(bytes, taking->options, digest, err) : code;
	if (code == TW_OK && taking->kept && strcmp(digest, taking->kept->report.digest) == 0) {
		*out = taking->kept;
		taking->kept = NULL;
	} else if (code == TW_OK) {
		code = tw_marking_list_read(taking->path, bytes, taking->options, out, err);
	}
	tw_arena_fini(&file);
	return code;
}

static void keep(const struct taking *taking, struct tw_marking_list *list)
{
	struct tw_error why;
	if (!taking->kept_path[0] || !taking->care->write || same_source(list, taking->kept)) {
		return;
	}
	if (mkdir(taking->care->folder, 0750) != 0 && errno != EEXIST) {
		tw_fail(&list->report.unkept, TW_E_IO, TW_REJECT, "cannot keep the list of marks", taking->care->folder, "%s", strerror(errno));
	} else if (tw_marking_file_write(taking->kept_path, list, &why) != TW_OK) {
		list->report.unkept = why;
	}
}

static enum tw_code take(struct taking *taking, struct tw_marking_list **out, struct tw_error *err)
{
	struct tw_marking_list *list = NULL;
	bool compiled = tw_marking_file_is(taking->path);
	enum tw_code code = compiled ? tw_marking_file_open(taking->path, &list, err) : source_read(taking, &list, err);
	bool copy = code == TW_OK && !compiled && list->map;
	code = code == TW_OK && !copy ? shrink_check(taking, list, err) : code;
	if (code == TW_OK) {
		if (!copy) {
			keep(taking, list);
		}
		*out = list;
		return TW_OK;
	}
	tw_marking_list_free(list);
	if (taking->kept && code != TW_E_MEMORY) {
		taking->kept->report.stale = *err;
		*out = taking->kept;
		taking->kept = NULL;
		return TW_OK;
	}
	return code;
}

enum tw_code tw_marking_list_take(const char *path, const struct tw_marking_list_options *options, const struct tw_marking_list_care *care,
                                  struct tw_marking_list **out, struct tw_error *err)
{
	static const struct tw_marking_list_options no_options = {.columns = NULL};
	struct taking taking = {.path = path, .options = options ? options : &no_options, .care = care};
	struct tw_error why = {.code = TW_OK}, none;
	if (care->folder && care->folder[0]) {
		int used = snprintf(taking.kept_path, sizeof(taking.kept_path), "%s/%s", care->folder, TW_MARKING_LIST_KEPT);
		if (used < 0 || (size_t)used >= sizeof(taking.kept_path)) {
			return tw_fail(err, TW_E_LIMIT, TW_STOP, "a path too long", care->folder, NULL);
		}
		if (tw_marking_file_open(taking.kept_path, &taking.kept, &none) != TW_OK) {
			taking.kept = NULL; /* made anew from the file, where that is good */
		}
	}
	enum tw_code code = take(&taking, out, &why);
	tw_marking_list_free(taking.kept);
	if (code != TW_OK && err) {
		*err = why;
	}
	return code;
}
