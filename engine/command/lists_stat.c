/**
 * @file lists_stat.c
 * `tidewaiter lists stat`: each list read alone, so that its time and memory are its own; one that cannot be read is named, the others still shown.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/base/time.h"
#include "engine/command/lists_command.h"
#include "engine/run/outage.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"
#include "feeds/list_file.h"
#include "feeds/marking_list.h"

/* What is known of one list. */
struct stat {
	const struct tw_list_source *source; /* of a compiled file: its id, format, and the path of that file */
	const struct tw_list_report *report;
	struct tw_list_stat held;
	int64_t ms;
	bool compiled; /* memory and time are of all lists together, and said once */
};

static uint32_t entries_of(const struct tw_list_report *report)
{
	return report->persons + report->organisations + report->vessels + report->aircraft + report->others;
}

static void passed_text(const char *word, uint32_t count, const char *what, FILE *out)
{
	if (count) {
		fprintf(out, "  %-12s %" PRIu32 "  %s\n", word, count, what);
	}
}

/* The day of an edition, and what the issuer wrote where that is another text. */
static void date_text(const struct tw_list_report *report, FILE *out)
{
	char day[TW_DATE_BYTES];
	bool known = report->day != INT32_MIN;
	bool same = known && tw_slice_is(report->date, tw_date_format(report->day, day));
	fprintf(out, "  %-12s %s", "of", known ? tw_date_format(report->day, day) : "a day that the file does not state");
	fprintf(out, report->date.len && !same ? " (as written: %.*s)\n" : "\n", (int)report->date.len, report->date.ptr);
}

static void skips_text(const struct tw_list_report *report, FILE *out)
{
	for (uint32_t i = 0; i < report->skip_count; i++) {
		const struct tw_list_skip *skip = &report->skip[i];
		fprintf(out, "  %-12s %" PRIu32 "  %s", skip->unread ? "unread" : "passed over", skip->count, skip->reason);
		if (skip->first_line) {
			fprintf(out, ", first on line %" PRIu32, skip->first_line);
		}
		fputc('\n', out);
	}
	passed_text("passed over", report->orphans, "rows whose entry is not in the file", out);
	passed_text("passed over", report->blank_names, "empty names", out);
	passed_text("cut", report->cut_remarks, "remarks that the issuer's own field width cut", out);
}

static void stat_text(const struct stat *stat, FILE *out)
{
	const struct tw_list_report *report = stat->report;
	fprintf(out, "%s  %s  %s\n", stat->source->id, tw_list_format_name(stat->source->format), stat->source->path);
	date_text(report, out);
	fprintf(out,
	        "  %-12s %" PRIu32 ": %" PRIu32 " persons, %" PRIu32 " organisations, %" PRIu32 " vessels, %" PRIu32 " aircraft, %" PRIu32
	        " others\n",
	        "entries", entries_of(report), report->persons, report->organisations, report->vessels, report->aircraft, report->others);
	fprintf(out, "  %-12s %" PRIu32 " names, %" PRIu32 " identifiers, %" PRIu32 " addresses\n", "with", report->names, report->identifiers,
	        report->addresses);
	skips_text(report, out);
	fprintf(out, "  %-12s %s\n", "digest", report->digest);
	if (!stat->compiled) {
		fprintf(out, "  %-12s %.1f MB, read in %.2f s\n", "memory", (double)stat->held.bytes / 1e6, (double)stat->ms / 1000);
	}
}

static void skips_json(struct tw_json *json, const struct tw_list_report *report)
{
	tw_json_key(json, "skipped");
	tw_json_array(json);
	for (uint32_t i = 0; i < report->skip_count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "reason", tw_slice_str(report->skip[i].reason));
		tw_json_integer_member(json, "count", report->skip[i].count);
		tw_json_integer_member(json, "first_line", report->skip[i].first_line);
		tw_json_key(json, "unread");
		tw_json_flag(json, report->skip[i].unread);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
	tw_json_integer_member(json, "orphans", report->orphans);
	tw_json_integer_member(json, "blank_names", report->blank_names);
	tw_json_integer_member(json, "cut_remarks", report->cut_remarks);
}

static enum tw_code stat_json(const struct stat *stat, struct tw_arena *arena, FILE *out, struct tw_error *err)
{
	const struct tw_list_report *report = stat->report;
	struct tw_json json;
	struct tw_slice line;
	char day[TW_DATE_BYTES];
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "id", tw_slice_str(stat->source->id));
	tw_json_text_member(&json, "format", tw_slice_str(tw_list_format_name(stat->source->format)));
	tw_json_text_member(&json, "path", tw_slice_str(stat->source->path));
	tw_json_text_member(&json, "date", report->date);
	if (report->day != INT32_MIN) {
		tw_json_text_member(&json, "day", tw_slice_str(tw_date_format(report->day, day)));
	}
	tw_json_integer_member(&json, "entries", entries_of(report));
	tw_json_integer_member(&json, "persons", report->persons);
	tw_json_integer_member(&json, "organisations", report->organisations);
	tw_json_integer_member(&json, "vessels", report->vessels);
	tw_json_integer_member(&json, "aircraft", report->aircraft);
	tw_json_integer_member(&json, "others", report->others);
	tw_json_integer_member(&json, "names", report->names);
	tw_json_integer_member(&json, "identifiers", report->identifiers);
	tw_json_integer_member(&json, "addresses", report->addresses);
	skips_json(&json, report);
	tw_json_text_member(&json, "digest", tw_slice_str(report->digest));
	if (!stat->compiled) {
		tw_json_integer_member(&json, "bytes", (int64_t)stat->held.bytes);
		tw_json_integer_member(&json, "ms", stat->ms);
	}
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &line, err);
	if (code == TW_OK) {
		fprintf(out, "%.*s\n", (int)line.len, line.ptr);
	}
	return code;
}

static void markings_text(const struct tw_marking_list_report *report, const char *path, FILE *out)
{
	fprintf(out, "markings  %s\n", path);
	fprintf(out, "  %-12s %" PRIu32 ": %" PRIu32 " lost, %" PRIu32 " stolen, %" PRIu32 " destroyed\n", "reports",
	        report->lost + report->stolen + report->destroyed, report->lost, report->stolen, report->destroyed);
	if (report->ranges) {
		fprintf(out, "  %-12s %" PRIu32 " of them, one entry each\n", "ranges", report->ranges);
	}
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		if (report->skip[i].count) {
			fprintf(out, "  %-12s %" PRIu32 "  %s, first on line %" PRIu32 "\n", "passed over", report->skip[i].count,
			        report->skip[i].reason, report->skip[i].first_line);
		}
	}
	fprintf(out, "  %-12s %s\n", "digest", report->digest);
	fprintf(out, "  %-12s %.1f MB\n", "memory", (double)report->bytes / 1e6);
}

static enum tw_code markings_json(const struct tw_marking_list_report *report, const char *path, struct tw_arena *arena, FILE *out,
                                  struct tw_error *err)
{
	struct tw_json json;
	struct tw_slice line;
	tw_json_begin(&json, arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "id", tw_slice_str("markings"));
	tw_json_text_member(&json, "path", tw_slice_str(path));
	tw_json_integer_member(&json, "lost", report->lost);
	tw_json_integer_member(&json, "stolen", report->stolen);
	tw_json_integer_member(&json, "destroyed", report->destroyed);
	tw_json_integer_member(&json, "ranges", report->ranges);
	tw_json_key(&json, "skipped");
	tw_json_array(&json);
	for (uint32_t i = 0; i < TW_MARKING_LIST_SKIPS; i++) {
		if (report->skip[i].count) {
			tw_json_object(&json);
			tw_json_text_member(&json, "reason", tw_slice_str(report->skip[i].reason));
			tw_json_integer_member(&json, "count", report->skip[i].count);
			tw_json_integer_member(&json, "first_line", report->skip[i].first_line);
			tw_json_object_end(&json);
		}
	}
	tw_json_array_end(&json);
	tw_json_text_member(&json, "digest", tw_slice_str(report->digest));
	tw_json_integer_member(&json, "bytes", (int64_t)report->bytes);
	tw_json_object_end(&json);
	enum tw_code code = tw_json_end(&json, &line, err);
	if (code == TW_OK) {
		fprintf(out, "%.*s\n", (int)line.len, line.ptr);
	}
	return code;
}

/* The configured list of marks, where there is one. */
static enum tw_code markings_stat(const struct tw_settings *settings, struct tw_arena *arena, bool json, FILE *out, struct tw_error *err)
{
	struct tw_marking_list_options options = tw_settings_markings(settings);
	const char *path = settings->markings_path;
	struct tw_marking_list *list = NULL;
	if (!path || !path[0]) {
		return TW_OK;
	}
	const struct tw_marking_list_care none = {.folder = NULL, .shrink_ppm_max = 1000000};
	enum tw_code code = tw_marking_list_take(path, &options, &none, &list, err);
	if (code == TW_OK && json) {
		code = markings_json(tw_marking_list_report(list), path, arena, out, err);
	} else if (code == TW_OK) {
		markings_text(tw_marking_list_report(list), path, out);
	}
	tw_marking_list_free(list);
	return code;
}

static enum tw_code list_stat(struct tw_lists_loaded *loaded, const struct tw_list_source *source, struct tw_list_report *report, bool json,
                              FILE *out, struct tw_error *err)
{
	struct tw_list_index *index = NULL;
	int64_t begun = tw_now_ms();
	enum tw_code code = tw_lists_load_one(loaded, source, report, &index, err);
	if (code != TW_OK) {
		return code;
	}
	struct stat stat = {source, report, tw_list_index_stat(index), tw_now_ms() - begun, false};
	tw_list_index_free(index);
	if (json) {
		return stat_json(&stat, &loaded->arena, out, err);
	}
	stat_text(&stat, out);
	return TW_OK;
}

/* What was read when the file was made; its lists share one index. */
static int compiled_stat(struct tw_lists_loaded *loaded, bool json, FILE *out)
{
	struct tw_error err;
	uint32_t count = 0;
	int64_t begun = tw_now_ms();
	enum tw_code code = tw_lists_map(loaded, &err);
	int64_t ms = tw_now_ms() - begun;
	const struct tw_list_report *reports = code == TW_OK ? tw_list_file_reports(loaded->index, &count) : NULL;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		struct tw_list_source source = {
		    .id = tw_arena_copy(&loaded->arena, reports[i].id).ptr, .format = reports[i].format, .path = loaded->compiled};
		struct stat stat = {.source = &source, .report = &reports[i], .compiled = true};
		if (!source.id) {
			return TW_EXIT_MEMORY;
		}
		if (json) {
			code = stat_json(&stat, &loaded->arena, out, &err);
		} else {
			stat_text(&stat, out);
		}
	}
	if (code == TW_OK && !json) {
		fprintf(out, "all of them, %.1f MB, mapped in %.3f s\n", (double)tw_list_index_stat(loaded->index).bytes / 1e6, (double)ms / 1000);
	}
	return code == TW_OK ? TW_EXIT_OK : tw_lists_complain(&err);
}

int tw_lists_stat(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	struct tw_lists_loaded loaded;
	struct tw_error err;
	int result = TW_EXIT_OK;
	enum tw_code code = tw_lists_begin(settings, request, &loaded, &err);
	const struct tw_list_source *sources = loaded.sources.data;
	struct tw_list_report *report = malloc(sizeof(*report));
	if (code != TW_OK || !report) {
		result = report ? tw_lists_complain(&err) : TW_EXIT_MEMORY;
	}
	if (!result && loaded.compiled) {
		result = compiled_stat(&loaded, request->json, out);
	}
	for (uint32_t i = 0; !loaded.compiled && result != TW_EXIT_MEMORY && code == TW_OK && i < loaded.sources.count && !tw_stop_asked(); i++) {
		if (list_stat(&loaded, &sources[i], report, request->json, out, &err) != TW_OK) {
			int refused = tw_lists_complain(&err);
			result = result ? result : refused;
		}
	}
	free(report);
	if (code == TW_OK && result != TW_EXIT_MEMORY && markings_stat(settings, &loaded.arena, request->json, out, &err) != TW_OK) {
		int refused = tw_lists_complain(&err);
		result = result ? result : refused;
	}
	tw_lists_end(&loaded);
	return result;
}
