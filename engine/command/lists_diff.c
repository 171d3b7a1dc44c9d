/**
 * @file lists_diff.c
 * `tidewaiter lists diff OLD NEW`: every entry that differs, then the counts; with --json one object a line, the counts last.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "engine/command/lists_command.h"
#include "engine/run/signals.h"
#include "engine/run/worker.h"
#include "engine/base/nearest.h"
#include "feeds/list_diff.h"
#include "feeds/list_file.h"
#include "feeds/reference.h"

static const char *const words[] = {"", "added", "removed", "changed"};

#define ONE_LIST "list" /* what a list is called whose editions are compared */

struct counts {
	uint32_t change[TW_LIST_CHANGED + 1];
	uint32_t field[TW_LIST_FIELDS]; /* changed entries in which it did */
};

/* One difference on its way out. */
struct showing {
	const struct tw_list_difference *difference;
	struct tw_arena *arena;
	FILE *out;
};

static const struct tw_list_entry *shown_entry(const struct tw_list_difference *difference)
{
	return difference->change == TW_LIST_REMOVED ? &difference->before : &difference->after;
}

static struct tw_slice primary_of(const struct tw_list_entry *entry)
{
	return entry->name_count ? tw_list_entry_name(entry, 0).text : (struct tw_slice){"", 0};
}

/* What a field lost and gained. @return false at the arena's ceiling */
static bool field_sides(const struct showing *showing, enum tw_list_field field, struct tw_list *lost, struct tw_list *gained)
{
	struct tw_list before, after;
	const struct tw_list_difference *difference = showing->difference;
	return tw_list_field_texts(&difference->before, field, showing->arena, &before) &&
	       tw_list_field_texts(&difference->after, field, showing->arena, &after) &&
	       tw_list_texts_lacking(&before, &after, showing->arena, lost) && tw_list_texts_lacking(&after, &before, showing->arena, gained);
}

static void side_text(const struct showing *showing, enum tw_list_field field, char sign, const struct tw_list *texts)
{
	const struct tw_slice *text = texts->data;
	for (uint32_t i = 0; i < texts->count; i++) {
		fprintf(showing->out, "      %c %-12s %.*s\n", sign, tw_list_field_name(field), (int)text[i].len, text[i].ptr);
	}
}

static bool difference_text(const struct showing *showing)
{
	static const char signs[] = " +-~";
	const struct tw_list_difference *difference = showing->difference;
	const struct tw_list_entry *entry = shown_entry(difference);
	struct tw_slice name = primary_of(entry);
	bool one = tw_slice_is(entry->list, ONE_LIST);
	fprintf(showing->out, "%c %.*s%s%.*s  %s  %.*s\n", signs[difference->change], one ? 0 : (int)entry->list.len, entry->list.ptr, one ? "" : " ",
	        (int)entry->id.len, entry->id.ptr, tw_entry_kind_name(entry->kind), (int)name.len, name.ptr);
	for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
		struct tw_list lost, gained;
		if (!(difference->fields >> field & 1)) {
			continue;
		}
		if (!field_sides(showing, (enum tw_list_field)field, &lost, &gained)) {
			return false;
		}
		side_text(showing, (enum tw_list_field)field, '-', &lost);
		side_text(showing, (enum tw_list_field)field, '+', &gained);
	}
	return true;
}

static void side_json(struct tw_json *json, const char *name, const struct tw_list *texts)
{
	const struct tw_slice *text = texts->data;
	tw_json_key(json, name);
	tw_json_array(json);
	for (uint32_t i = 0; i < texts->count; i++) {
		tw_json_text(json, text[i]);
	}
	tw_json_array_end(json);
}

static bool fields_json(const struct showing *showing, struct tw_json *json)
{
	tw_json_key(json, "fields");
	tw_json_object(json);
	for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
		struct tw_list lost, gained;
		if (!(showing->difference->fields >> field & 1)) {
			continue;
		}
		if (!field_sides(showing, (enum tw_list_field)field, &lost, &gained)) {
			return false;
		}
		tw_json_key(json, tw_list_field_name((enum tw_list_field)field));
		tw_json_object(json);
		side_json(json, "lost", &lost);
		side_json(json, "gained", &gained);
		tw_json_object_end(json);
	}
	tw_json_object_end(json);
	return true;
}

static bool difference_json(const struct showing *showing)
{
	struct tw_json json;
	struct tw_slice line;
	const struct tw_list_entry *entry = shown_entry(showing->difference);
	tw_json_begin(&json, showing->arena);
	tw_json_object(&json);
	tw_json_text_member(&json, "change", tw_slice_str(words[showing->difference->change]));
	if (!tw_slice_is(entry->list, ONE_LIST)) {
		tw_json_text_member(&json, "list", entry->list);
	}
	tw_json_text_member(&json, "entry", entry->id);
	tw_json_text_member(&json, "kind", tw_slice_str(tw_entry_kind_name(entry->kind)));
	tw_json_text_member(&json, "name", primary_of(entry));
	bool fits = showing->difference->change != TW_LIST_CHANGED || fields_json(showing, &json);
	tw_json_object_end(&json);
	if (!fits || tw_json_end(&json, &line, NULL) != TW_OK) {
		return false;
	}
	fprintf(showing->out, "%.*s\n", (int)line.len, line.ptr);
	return true;
}

static void counts_text(const struct counts *counts, uint32_t same, FILE *out)
{
	const char *lead = " (";
	fprintf(out, "%" PRIu32 " added, %" PRIu32 " removed, %" PRIu32 " changed", counts->change[TW_LIST_ADDED], counts->change[TW_LIST_REMOVED],
	        counts->change[TW_LIST_CHANGED]);
	for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
		if (counts->field[field]) {
			fprintf(out, "%s%s %" PRIu32, lead, tw_list_field_name((enum tw_list_field)field), counts->field[field]);
			lead = ", ";
		}
	}
	fprintf(out, "%s, %" PRIu32 " the same\n", lead[0] == ',' ? ")" : "", same);
}

static void counts_json(const struct counts *counts, uint32_t same, FILE *out)
{
	fprintf(out, "{\"added\":%" PRIu32 ",\"removed\":%" PRIu32 ",\"changed\":%" PRIu32 ",\"same\":%" PRIu32 "}\n", counts->change[TW_LIST_ADDED],
	        counts->change[TW_LIST_REMOVED], counts->change[TW_LIST_CHANGED], same);
}

static void count(struct counts *counts, const struct tw_list_difference *difference)
{
	counts->change[difference->change]++;
	for (uint32_t field = 0; field < TW_LIST_FIELDS; field++) {
		counts->field[field] += difference->fields >> field & 1;
	}
}

static enum tw_code walk(struct tw_list_diff *diff, const struct tw_lists_request *request, struct counts *counts, FILE *out, struct tw_error *err)
{
	struct tw_arena arena;
	struct tw_list_difference difference;
	bool found = true;
	enum tw_code code = TW_OK;
	tw_arena_init(&arena, 65536, 0);
	while (code == TW_OK && !tw_stop_asked() && (code = tw_list_diff_next(diff, &arena, &difference, &found, err)) == TW_OK && found) {
		struct showing showing = {&difference, &arena, out};
		count(counts, &difference);
		if (!(request->json ? difference_json(&showing) : difference_text(&showing))) {
			code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to show a difference", NULL, NULL);
		}
		tw_arena_reset(&arena);
	}
	tw_arena_fini(&arena);
	return code;
}

#define COMPILED "compiled" /* --format: two files of `lists build`, all their lists */

static enum tw_code format_read(const char *word, enum tw_list_format *out, struct tw_error *err)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(word));
	for (uint32_t i = 0; tw_list_format_at(i); i++) {
		tw_nearest_offer(&nearest, tw_list_format_name(tw_list_format_at(i)));
	}
	tw_nearest_offer(&nearest, COMPILED);
	*out = tw_list_format_find(tw_slice_str(word));
	return *out ? TW_OK : tw_fail(err, TW_E_UNKNOWN, TW_STOP, "no such list format", "--format", "%s%s", word, tw_nearest_hint(&nearest, hint));
}

static enum tw_code editions_load(struct tw_lists_loaded *loaded, const struct tw_lists_request *request, struct tw_list_index *editions[2],
                                  struct tw_error *err)
{
	struct tw_list_source source = {.id = ONE_LIST, .unread_ppm_max = 1000000};
	struct tw_list_report *report = malloc(sizeof(*report));
	enum tw_code code = report ? format_read(request->format, &source.format, err) : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory", NULL, NULL);
	for (int i = 0; code == TW_OK && i < 2; i++) {
		source.path = request->words[1 + i];
		code = tw_lists_load_one(loaded, &source, report, &editions[i], err);
	}
	free(report);
	return code;
}

static enum tw_code compiled_open(struct tw_lists_loaded *loaded, const struct tw_lists_request *request, struct tw_list_index *editions[2],
                                  struct tw_error *err)
{
	enum tw_code code = TW_OK;
	for (int i = 0; code == TW_OK && i < 2; i++) {
		code = tw_list_file_open(request->words[1 + i], tw_reference_digest(loaded->reference), &editions[i], err);
	}
	return code;
}

int tw_lists_differences(const struct tw_settings *settings, const struct tw_lists_request *request, FILE *out)
{
	struct tw_lists_loaded loaded;
	struct tw_error err;
	struct counts counts = {0};
	struct tw_list_index *editions[2] = {NULL, NULL};
	struct tw_lists_request quiet = *request;
	quiet.quiet = true; /* the configured lists have no part in it */
	enum tw_code code = tw_lists_begin(settings, &quiet, &loaded, &err);
	bool compiled = strcmp(request->format, COMPILED) == 0;
	code = code == TW_OK ? (compiled ? compiled_open : editions_load)(&loaded, request, editions, &err) : code;
	struct tw_list_diff diff = {.before = editions[0], .after = editions[1]};
	code = code == TW_OK ? walk(&diff, request, &counts, out, &err) : code;
	if (code == TW_OK) {
		(request->json ? counts_json : counts_text)(&counts, diff.same, out);
	}
	tw_list_index_free(editions[0]);
	tw_list_index_free(editions[1]);
	tw_lists_end(&loaded);
	if (code != TW_OK) {
		return tw_lists_complain(&err);
	}
	return counts.change[TW_LIST_ADDED] || counts.change[TW_LIST_REMOVED] || counts.change[TW_LIST_CHANGED] ? TW_EXIT_NO_HIT : TW_EXIT_OK;
}
