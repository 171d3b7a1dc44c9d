/**
 * @file lists_command.c
 * See lists_command.h. What may be asked, by which word, and the lists that it is asked of.
 */
#include "engine/command/lists_command.h"

#include <stdlib.h>
#include <string.h>

#include "engine/base/log.h"
#include "engine/base/nearest.h"
#include "engine/base/time.h"
#include "engine/command/cli_common.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"
#include "feeds/list_compiled.h"
#include "feeds/list_date.h"
#include "feeds/reference.h"

#define ARENA_BLOCK_BYTES 65536U

struct part {
	const char *word;
	int (*run)(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out);
};

static const struct part parts[] = {{"stat", tw_lists_stat}, {"search", tw_lists_search}, {"diff", tw_lists_differences}, {"build", tw_lists_build}};

static const struct part *part_of(const struct tw_lists_request *request)
{
	for (size_t i = 0; request->word_count && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(parts[i].word, request->words[0]) == 0) {
			return &parts[i];
		}
	}
	return NULL;
}

static struct tw_slice text_of(const char *given)
{
	return tw_slice_str(given ? given : "");
}

/* A whole day, or nothing. */
static bool day_read(const char *text, struct tw_lists_query *query, int32_t today)
{
	query->day = today;
	if (!text) {
		return true;
	}
	return tw_date_parse(tw_slice_str(text), &query->day) && tw_list_date_read(tw_slice_str(text), TW_DATE_DAY_FIRST, &query->on, NULL);
}

static const char *query_refuse(struct tw_lists_request *request)
{
	struct tw_lists_query *query = &request->query;
	query->limit = request->limit;
	query->similarity_min_ppm = request->similarity_min_ppm;
	query->address = text_of(request->address);
	if (!tw_lists_kind_read(text_of(request->kind), query)) {
		return "--kind is person, organisation, vessel, aircraft or any";
	}
	if (!tw_lists_country_read(text_of(request->country), query)) {
		return "--country is two letters of ISO 3166-1";
	}
	if (!tw_lists_birth_read(text_of(request->birth), query)) {
		return "--birth is a date as far as it is known: 1962, 1962-03, 1962-03-12";
	}
	return day_read(request->on, query, request->today) ? NULL : "--on is a day: YYYY-MM-DD";
}

static const char *search_refuse(struct tw_lists_request *request)
{
	if (request->batch && request->word_count > 1) {
		return "a name or --batch FILE, not both";
	}
	if (request->batch && (request->country || request->birth || request->address)) {
		return "--country, --birth and --address stand in the rows of a batch";
	}
	if (!request->batch && request->out) {
		return "--out goes with --batch";
	}
	if (!request->batch && request->word_count < 2 && !request->on) {
		return "search for which name? NAME, --batch FILE, or --on DATE alone for all that was listed then";
	}
	return query_refuse(request);
}

const char *tw_lists_request_refuse(struct tw_lists_request *request)
{
	const struct part *part = part_of(request);
	if (!part) {
		return "stat, search, diff or build?";
	}
	if (part->run == tw_lists_search) {
		return search_refuse(request);
	}
	if (part->run == tw_lists_build) {
		return request->word_count > 1 ? "build takes no operands; --list ID=FORMAT:PATH names a list"
		       : request->out          ? NULL
		                               : "build needs --out FILE: where the compiled lists go";
	}
	if (part->run == tw_lists_stat) {
		return request->word_count > 1 ? "stat takes no operands; --list ID=FORMAT:PATH names a list" : NULL;
	}
	if (request->word_count != 3) {
		return "diff compares two editions: diff OLD NEW --format FORMAT";
	}
	return request->format ? NULL : "diff needs --format: both files are read with it";
}

int tw_lists_complain(const struct tw_error *err)
{
	return tw_cli_complain(err);
}

int tw_lists_run(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	const struct part *part = part_of(request);
	tw_signals_install();
	return part ? part->run(settings, request, out) : TW_EXIT_USAGE;
}

static enum tw_code memory_short(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the lists", NULL, NULL);
}

/* "ID=FORMAT:PATH" */
static enum tw_code source_read(const char *text, struct tw_lists_loaded *loaded, struct tw_error *err)
{
	const char *equals = strchr(text, '='), *colon = equals ? strchr(equals, ':') : NULL;
	char hint[TW_HINT_BYTES];
	if (!equals || equals == text || !colon || !colon[1]) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "a list is ID=FORMAT:PATH", "--list", "%s", text);
	}
	struct tw_slice format = {equals + 1, (uint32_t)(colon - equals - 1)};
	struct tw_nearest nearest = tw_nearest_to(format);
	for (uint32_t i = 0; tw_list_format_at(i); i++) {
		tw_nearest_offer(&nearest, tw_list_format_name(tw_list_format_at(i)));
	}
	struct tw_list_source *source = tw_list_push(&loaded->arena, &loaded->sources, sizeof(*source));
	struct tw_slice id = tw_arena_copy(&loaded->arena, (struct tw_slice){text, (uint32_t)(equals - text)});
	if (!source || !id.ptr) {
		return memory_short(err);
	}
	*source = (struct tw_list_source){.id = id.ptr, .format = tw_list_format_find(format), .path = colon + 1};
	return source->format ? TW_OK
	                      : tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no such list format", "--list", "%.*s%s", (int)format.len, format.ptr,
	                                tw_nearest_hint(&nearest, hint));
}

enum tw_code tw_lists_begin(const struct tw_settings *settings, const struct tw_lists_request *request, struct tw_lists_loaded *loaded,
                            struct tw_error *err)
{
	enum tw_code code = TW_OK;
	memset(loaded, 0, sizeof(*loaded));
	tw_arena_init(&loaded->arena, ARENA_BLOCK_BYTES, 0);
	for (uint32_t i = 0; code == TW_OK && i < request->list_count; i++) {
		code = source_read(request->lists[i], loaded, err);
	}
	if (!request->list_count) {
		loaded->sources = settings->lists;
		loaded->compiled = settings->compiled_path && settings->compiled_path[0] ? settings->compiled_path : NULL;
	}
	if (code == TW_OK && !request->list_count && settings->sample_lists && !request->quiet) {
		tw_log(TW_LOG_WARN, "sample_lists",
		       "reason=\"no lists are configured; the samples that come with the program are NOT CURRENT: set lists\"");
	}
	if (code == TW_OK && (!settings->reference_path || !settings->reference_path[0])) {
		code = tw_fail(err, TW_E_MISSING, TW_STOP, "no code lists: none stated, none found beside the program", "reference.path", NULL);
	}
	return code == TW_OK ? tw_reference_load(settings->reference_path, &loaded->reference, err) : code;
}

enum tw_code tw_lists_load_one(struct tw_lists_loaded *loaded, const struct tw_list_source *source, struct tw_list_report *report,
                               struct tw_list_index **out, struct tw_error *err)
{
	struct tw_list_builder *builder = NULL;
	enum tw_code code = tw_list_builder_new(loaded->reference, &builder, err);
	code = code == TW_OK ? tw_list_builder_add(builder, source, report, err) : code;
	if (code == TW_OK) {
		report->id = tw_arena_copy(&loaded->arena, report->id);
		report->date = tw_arena_copy(&loaded->arena, report->date);
		code = tw_list_index_build(builder, out, err);
	}
	tw_list_builder_free(builder);
	return code;
}

enum tw_code tw_lists_read(struct tw_lists_loaded *loaded, struct tw_list_report *reports, struct tw_error *err)
{
	struct tw_list_builder *builder = NULL;
	const struct tw_list_source *sources = loaded->sources.data;
	struct tw_list_report *report = malloc(sizeof(*report));
	enum tw_code code = report ? tw_list_builder_new(loaded->reference, &builder, err) : memory_short(err);
	if (code == TW_OK && !loaded->sources.count) {
		code = tw_fail(err, TW_E_MISSING, TW_STOP, "no list is configured", "lists", "set lists, or name one: --list ID=FORMAT:PATH");
	}
	for (uint32_t i = 0; code == TW_OK && i < loaded->sources.count; i++) {
		code = tw_list_builder_add(builder, &sources[i], report, err);
		if (code == TW_OK && reports) {
			reports[i] = *report;
			reports[i].id = tw_arena_copy(&loaded->arena, report->id);
			reports[i].date = tw_arena_copy(&loaded->arena, report->date);
		}
	}
	code = code == TW_OK ? tw_list_index_build(builder, &loaded->index, err) : code;
	tw_list_builder_free(builder);
	free(report);
	return code;
}

enum tw_code tw_lists_map(struct tw_lists_loaded *loaded, struct tw_error *err)
{
	const struct tw_list_compiled compiled = {.path = loaded->compiled,
	                                          .sources = loaded->sources.data,
	                                          .source_count = loaded->sources.count,
	                                          .reference = tw_reference_digest(loaded->reference)};
	return tw_list_compiled_load(&compiled, &loaded->index, err);
}

enum tw_code tw_lists_load(const struct tw_settings *settings, struct tw_lists_loaded *loaded, struct tw_error *err)
{
	enum tw_code code = loaded->compiled ? tw_lists_map(loaded, err) : tw_lists_read(loaded, NULL, err);
	code = code == TW_OK ? tw_list_memo_new(loaded->index, &loaded->memo, err) : code;
	bool known = code == TW_OK && settings->known_good_path && settings->known_good_path[0];
	return known ? tw_known_good_load(settings->known_good_path, &loaded->known_good, err) : code;
}

void tw_lists_end(struct tw_lists_loaded *loaded)
{
	tw_known_good_free(loaded->known_good);
	tw_list_memo_free(loaded->memo);
	tw_list_index_free(loaded->index);
	tw_reference_free(loaded->reference);
	tw_arena_fini(&loaded->arena);
	memset(loaded, 0, sizeof(*loaded));
}
