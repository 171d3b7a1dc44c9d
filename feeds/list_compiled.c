/**
 * @file list_compiled.c
 * See list_compiled.h.
 */
#include "feeds/list_compiled.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "feeds/list_file.h"
#include "feeds/list_index.h"

#define PATH_BYTES 4096

static uint32_t entries_of(const struct tw_list_report *report)
{
	return report->persons + report->organisations + report->vessels + report->aircraft + report->others;
}

static const struct tw_list_report *report_find(const struct tw_list_index *index, struct tw_slice id)
{
	for (uint32_t i = 0; index && i < index->report_count; i++) {
		if (tw_slice_equal(index->report[i].id, id)) {
			return &index->report[i];
		}
	}
	return NULL;
}

/* Entries of the last good list: the copy's where there is one, else those in use. */
static uint32_t entries_before(const struct tw_list_compiled *compiled, const struct tw_list_index *kept, struct tw_slice id)
{
	const struct tw_list_report *report = report_find(kept, id);
	if (report) {
		return entries_of(report);
	}
	for (uint32_t i = 0; i < compiled->care.former_count; i++) {
		if (tw_slice_equal(compiled->care.former[i].id, id)) {
			return compiled->care.former[i].entries;
		}
	}
	return 0;
}

static enum tw_code list_check(const struct tw_list_compiled *compiled, const struct tw_list_report *report, const struct tw_list_source *source,
                               uint32_t before, struct tw_error *err)
{
	uint32_t now = entries_of(report), shrink = source ? source->shrink_ppm_max : TW_LIST_SHRINK_PPM;
	if (source && now < source->entries_min) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "fewer entries than entries_min", compiled->path, "%s: %u, at least %u", source->id, now,
		               source->entries_min);
	}
	if (now < before && (uint64_t)(before - now) * 1000000 > (uint64_t)shrink * before) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "the list shrank by more than it may", compiled->path,
		               "%.*s: %u entries before, %u now, shrink_ppm_max %u", (int)report->id.len, report->id.ptr, before, now, shrink);
	}
	return TW_OK;
}

static const struct tw_list_source *source_find(const struct tw_list_compiled *compiled, struct tw_slice id)
{
	for (uint32_t i = 0; i < compiled->source_count; i++) {
		if (tw_slice_is(id, compiled->sources[i].id)) {
			return &compiled->sources[i];
		}
	}
	return NULL;
}

static enum tw_code lists_check(const struct tw_list_compiled *compiled, const struct tw_list_index *index, const struct tw_list_index *kept,
                                struct tw_error *err)
{
	for (uint32_t i = 0; i < compiled->source_count; i++) {
		if (!report_find(index, tw_slice_str(compiled->sources[i].id))) {
			return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "a configured list is not among the compiled ones: `tidewaiter lists build`",
			               compiled->path, "%s", compiled->sources[i].id);
		}
	}
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < index->report_count; i++) {
		const struct tw_list_report *report = &index->report[i];
		const struct tw_list_source *source = source_find(compiled, report->id);
		if (compiled->source_count && !source) {
			return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "a compiled list is not among the configured ones: `tidewaiter lists build`",
			               compiled->path, "%.*s", (int)report->id.len, report->id.ptr);
		}
		code = list_check(compiled, report, source, entries_before(compiled, kept, report->id), err);
	}
	return code;
}

static void keep(const struct tw_list_compiled *compiled, struct tw_list_index *index, const struct tw_list_index *kept, const char *path)
{
	struct tw_error err;
	if (!path[0] || !compiled->care.write || (kept && tw_list_file_same(index, kept)) || !index->report_count) {
		return;
	}
	if (mkdir(compiled->care.folder, 0750) != 0 && errno != EEXIST) {
		(void)tw_fail(&index->report[0].unkept, TW_E_IO, TW_REJECT, "cannot keep the compiled lists", path, "%s", strerror(errno));
	} else if (tw_list_file_copy(index, path, &err) != TW_OK) {
		index->report[0].unkept = err;
	}
}

static void note_stale(struct tw_list_index *index, const struct tw_error *why)
{
	for (uint32_t i = 0; i < index->report_count; i++) {
		index->report[i].stale = *why;
	}
}

enum tw_code tw_list_compiled_load(const struct tw_list_compiled *compiled, struct tw_list_index **out, struct tw_error *err)
{
	struct tw_list_index *index = NULL, *kept = NULL;
	struct tw_error none;
	char path[PATH_BYTES] = "";
	if (compiled->care.folder && compiled->care.folder[0]) {
		int used = snprintf(path, sizeof(path), "%s/%s", compiled->care.folder, TW_LIST_COMPILED_KEPT);
		if (used < 0 || (size_t)used >= sizeof(path)) {
			return tw_fail(err, TW_E_LIMIT, TW_STOP, "a path too long", compiled->care.folder, NULL);
		}
	}
	if (path[0] && tw_list_file_open(path, compiled->reference, &kept, &none) != TW_OK) {
		kept = NULL;
	}
	enum tw_code code = tw_list_file_open(compiled->path, compiled->reference, &index, err);
	code = code == TW_OK ? lists_check(compiled, index, kept, err) : code;
	if (code == TW_OK) {
		keep(compiled, index, kept, path);
	} else {
		tw_list_index_free(index);
		index = NULL;
		if (kept && code != TW_E_MEMORY && lists_check(compiled, kept, NULL, &none) == TW_OK) {
			note_stale(kept, err);
			index = kept;
			kept = NULL;
			code = TW_OK;
		}
	}
	tw_list_index_free(kept);
	*out = code == TW_OK ? index : *out;
	return code;
}
