/**
 * @file snapshot.c
 * Building the snapshot: reference tables first (lists resolve their countries with them), then lists, embargoes, rules, then one
 * digest over the digests of all, each under its name, so that two snapshots are equal exactly when all their sources are.
 *
 * Invariant: a snapshot is complete or it does not exist; nothing in it changes after tw_snapshot_build has returned.
 */
#include "engine/screen/snapshot.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "feeds/list_compiled.h"
#include "feeds/list_file.h"

#define ARENA_BLOCK_BYTES 4096U

struct tw_snapshot {
	struct tw_arena arena; /* the snapshot's own small things */
	struct tw_reference *reference;
	struct tw_list_index *lists;
	struct tw_embargoes *embargoes;
	struct tw_rules *rules;
	struct tw_known_good *known_good;
	struct tw_suppressions *suppressions;
	struct tw_specimens *specimens;
	struct tw_quantities *quantities;
	struct tw_serial_forms *serial_forms;
	struct tw_marking_list *markings;
	struct tw_list_report *reports;
	uint32_t report_count;
	struct tw_snapshot_info info;
};

static enum tw_code memory_short(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the snapshot", NULL, NULL);
}

static enum tw_code lists_care(struct tw_snapshot *snapshot, const struct tw_snapshot_sources *sources, struct tw_list_care *care,
                               struct tw_error *err)
{
	*care = (struct tw_list_care){.folder = sources->last_good, .write = sources->keep};
	const struct tw_snapshot_info *former = sources->former ? &sources->former->info : NULL;
	struct tw_list_former *lists = former ? tw_arena_alloc(&snapshot->arena, (former->list_count + 1) * sizeof(*lists)) : NULL;
	if (former && !lists) {
		return memory_short(err);
	}
	for (; former && care->former_count < former->list_count; care->former_count++) {
		const struct tw_list_info *list = &former->lists[care->former_count];
		lists[care->former_count] = (struct tw_list_former){list->id, list->entries};
	}
	care->former = lists;
	return TW_OK;
}

/* What alerts say of a list; the report's texts belong to whoever made it, and are copied. */
static void info_add(struct tw_snapshot *snapshot, struct tw_list_report *report, uint32_t age_days_max)
{
	report->id = tw_arena_copy(&snapshot->arena, report->id);
	report->date = tw_arena_copy(&snapshot->arena, report->date);
	snapshot->info.lists[snapshot->info.list_count++] = (struct tw_list_info){
	    .id = report->id,
	    .date = report->date,
	    .digest = tw_slice_str(report->digest),
	    .entries = report->persons + report->organisations + report->vessels + report->aircraft + report->others,
	    .stale = report->stale.code == TW_OK ? (struct tw_slice){"", 0} : tw_slice_str(report->stale.what),
	    .day = report->day,
	    .age_days_max = age_days_max,
	};
}

static enum tw_code rooms_make(struct tw_snapshot *snapshot, size_t lists, struct tw_error *err)
{
	snapshot->reports = tw_arena_alloc(&snapshot->arena, (lists + 1) * sizeof(*snapshot->reports));
	snapshot->info.lists = tw_arena_alloc(&snapshot->arena, (lists + 1) * sizeof(*snapshot->info.lists));
	return snapshot->reports && snapshot->info.lists ? TW_OK : memory_short(err);
}

static enum tw_code lists_map(struct tw_snapshot *snapshot, const struct tw_snapshot_sources *sources, struct tw_error *err)
{
	struct tw_list_compiled compiled = {.path = sources->compiled,
	                                    .sources = sources->lists,
	                                    .source_count = (uint32_t)sources->list_count,
	                                    .reference = tw_reference_digest(snapshot->reference)};
	uint32_t count = 0;
	enum tw_code code = lists_care(snapshot, sources, &compiled.care, err);
	code = code == TW_OK ? tw_list_compiled_load(&compiled, &snapshot->lists, err) : code;
	const struct tw_list_report *reports = code == TW_OK ? tw_list_file_reports(snapshot->lists, &count) : NULL;
	code = code == TW_OK ? rooms_make(snapshot, count, err) : code;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) {
		uint32_t age_days_max = 0;
		for (size_t s = 0; s < sources->list_count; s++) {
			age_days_max = tw_slice_is(reports[i].id, sources->lists[s].id) ? sources->lists[s].age_days_max : age_days_max;
		}
		snapshot->reports[snapshot->report_count++] = reports[i];
		info_add(snapshot, &snapshot->reports[i], age_days_max);
	}
	return code;
}

static enum tw_code lists_read(struct tw_snapshot *snapshot, const struct tw_snapshot_sources *sources, struct tw_error *err)
{
	struct tw_list_builder *builder = NULL;
	struct tw_list_care care;
	enum tw_code code = rooms_make(snapshot, sources->list_count, err);
	code = code == TW_OK ? tw_list_builder_new(snapshot->reference, &builder, err) : code;
	code = code == TW_OK ? lists_care(snapshot, sources, &care, err) : code;
	if (code == TW_OK) {
		tw_list_builder_care(builder, &care);
	}
	for (size_t i = 0; code == TW_OK && i < sources->list_count; i++) {
		code = tw_list_builder_add(builder, &sources->lists[i], &snapshot->reports[i], err);
		if (code == TW_OK) {
			snapshot->report_count++;
			info_add(snapshot, &snapshot->reports[i], sources->lists[i].age_days_max);
		}
	}
	if (code == TW_OK) {
		code = tw_list_index_build(builder, &snapshot->lists, err);
	}
	tw_list_builder_free(builder);
	return code;
}

static enum tw_code lists_load(struct tw_snapshot *snapshot, const struct tw_snapshot_sources *sources, struct tw_error *err)
{
	bool compiled = sources->compiled && sources->compiled[0];
	return compiled ? lists_map(snapshot, sources, err) : lists_read(snapshot, sources, err);
}

/* A decision about a list that is not there would be about nobody: a slip of the pen, or the wrong file. */
static enum tw_code known_good_load(struct tw_snapshot *snapshot, const char *path, struct tw_error *err)
{
	uint32_t count = 0;
	if (!path || !path[0]) {
		return TW_OK;
	}
	enum tw_code code = tw_known_good_load(path, &snapshot->known_good, err);
	const struct tw_known_good_row *rows = code == TW_OK ? tw_known_good_rows(snapshot->known_good, &count) : NULL;
	for (uint32_t i = 0; i < count; i++) {
		if (!tw_list_index_has(snapshot->lists, rows[i].list)) {
			char where[TW_ERROR_WHERE_BYTES];
			snprintf(where, sizeof(where), "%.230s:%u", path, rows[i].line);
			return tw_fail(err, TW_E_UNKNOWN, TW_STOP, "a decision about a list that is not configured", where, "%s", rows[i].list.ptr);
		}
	}
	return code;
}

/*
 * "reference <hex>\nembargoes <hex>\nrules <hex>\nlist un-sc <hex>\n..." hashed. Behind a list what else alerts say of it: "age 30" where that is
 * asked, "stale <reason>" where its last good copy stands in.
 */
static enum tw_code digest_all(struct tw_snapshot *snapshot, struct tw_error *err)
{
	struct tw_slice reference = tw_reference_digest(snapshot->reference), embargoes = tw_embargoes_digest(snapshot->embargoes);
	struct tw_slice text = tw_arena_format(&snapshot->arena, "reference %.*s\nembargoes %.*s\nrules %.*s\n", (int)reference.len, reference.ptr,
	                                       (int)embargoes.len, embargoes.ptr, (int)snapshot->info.rules.len, snapshot->info.rules.ptr);
	for (uint32_t i = 0; text.ptr && i < snapshot->info.list_count; i++) {
		const struct tw_list_info *list = &snapshot->info.lists[i];
		text = tw_arena_format(&snapshot->arena, "%slist %s %s", text.ptr, list->id.ptr, list->digest.ptr);
		if (text.ptr && list->age_days_max) {
			text = tw_arena_format(&snapshot->arena, "%s age %u", text.ptr, list->age_days_max);
		}
		if (text.ptr) {
			text = tw_arena_format(&snapshot->arena, "%s%s%s\n", text.ptr, list->stale.len ? " stale " : "", list->stale.ptr);
		}
	}
	if (text.ptr && snapshot->known_good) {
		text = tw_arena_format(&snapshot->arena, "%sknown-good %s\n", text.ptr, tw_known_good_digest(snapshot->known_good).ptr);
	}
	if (text.ptr && snapshot->markings) {
		const struct tw_marking_list_report *report = tw_marking_list_report(snapshot->markings);
		text = tw_arena_format(&snapshot->arena, "%smarkings %s%s%s\n", text.ptr, report->digest, report->stale.code ? " stale " : "",
		                       report->stale.code ? report->stale.what : "");
	}
	if (text.ptr && snapshot->suppressions) {
		text = tw_arena_format(&snapshot->arena, "%ssuppressions %s\n", text.ptr, tw_suppressions_digest(snapshot->suppressions).ptr);
	}
	if (text.ptr && snapshot->specimens) {
		text = tw_arena_format(&snapshot->arena, "%sspecimens %s\n", text.ptr, tw_specimens_digest(snapshot->specimens).ptr);
	}
	if (text.ptr && snapshot->quantities) {
		text = tw_arena_format(&snapshot->arena, "%squantities %s\n", text.ptr, tw_quantities_digest(snapshot->quantities).ptr);
	}
	if (text.ptr && snapshot->serial_forms) {
		text = tw_arena_format(&snapshot->arena, "%sserial-forms %s\n", text.ptr, tw_serial_forms_digest(snapshot->serial_forms).ptr);
	}
	char *hex = tw_arena_alloc(&snapshot->arena, TW_SHA256_HEX_BYTES);
	if (!text.ptr || !hex) {
		return memory_short(err);
	}
	enum tw_code code = tw_sha256_hex(text.ptr, text.len, hex, err);
	snapshot->info.digest = (struct tw_slice){hex, TW_SHA256_HEX_BYTES - 1};
	return code;
}

static enum tw_code build(struct tw_snapshot *snapshot, const struct tw_snapshot_sources *sources, FILE *problems, struct tw_error *err)
{
	enum tw_code code = tw_reference_load(sources->reference, &snapshot->reference, err);
	if (code == TW_OK) {
		code = tw_embargoes_load(sources->embargoes, &snapshot->embargoes, err);
	}
	if (code == TW_OK) {
		code = lists_load(snapshot, sources, err);
	}
	if (code == TW_OK) {
		code = known_good_load(snapshot, sources->known_good, err);
	}
	if (code == TW_OK && sources->markings && sources->markings[0]) {
		const struct tw_marking_list_care care = {.folder = sources->last_good,
		                                          .write = sources->keep,
		                                          .shrink_ppm_max = sources->marking_shrink_ppm_max,
		                                          .former = sources->former ? sources->former->markings : NULL};
		code = tw_marking_list_take(sources->markings, &sources->marking_options, &care, &snapshot->markings, err);
	}
	if (code == TW_OK && sources->suppressions && sources->suppressions[0]) {
		code = tw_suppressions_load(sources->suppressions, &snapshot->suppressions, err);
	}
	if (code == TW_OK && sources->specimens && sources->specimens[0]) {
		code = tw_specimens_load(sources->specimens, &snapshot->specimens, err);
	}
	if (code == TW_OK && sources->quantities && sources->quantities[0]) {
		code = tw_quantities_load(sources->quantities, &snapshot->quantities, err);
	}
	if (code == TW_OK && sources->serial_forms && sources->serial_forms[0]) {
		code = tw_serial_forms_load(sources->serial_forms, &snapshot->serial_forms, err);
	}
	if (code == TW_OK) {
		code = tw_rules_load_signed(sources->rule_paths, sources->rule_path_count, sources->trust, problems, &snapshot->rules, err);
	}
	if (code == TW_OK) {
		snapshot->info.rules = tw_rules_digest(snapshot->rules);
		code = digest_all(snapshot, err);
	}
	return code;
}

enum tw_code tw_snapshot_build(const struct tw_snapshot_sources *sources, FILE *problems, struct tw_snapshot **out, struct tw_error *err)
{
	struct tw_snapshot *snapshot = calloc(1, sizeof(*snapshot));
	if (!snapshot) {
		return memory_short(err);
	}
	tw_arena_init(&snapshot->arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = build(snapshot, sources, problems, err);
	if (code != TW_OK) {
		tw_snapshot_free(snapshot);
		return code;
	}
	*out = snapshot;
	return TW_OK;
}

void tw_snapshot_free(struct tw_snapshot *snapshot)
{
	if (!snapshot) {
		return;
	}
	tw_rules_free(snapshot->rules);
	tw_known_good_free(snapshot->known_good);
	tw_suppressions_free(snapshot->suppressions);
	tw_specimens_free(snapshot->specimens);
	tw_quantities_free(snapshot->quantities);
	tw_serial_forms_free(snapshot->serial_forms);
	tw_marking_list_free(snapshot->markings);
	tw_embargoes_free(snapshot->embargoes);
	tw_list_index_free(snapshot->lists);
	tw_reference_free(snapshot->reference);
	tw_arena_fini(&snapshot->arena);
	free(snapshot);
}

const struct tw_snapshot_info *tw_snapshot_info(const struct tw_snapshot *snapshot)
{
	return &snapshot->info;
}

const struct tw_rules *tw_snapshot_rules(const struct tw_snapshot *snapshot)
{
	return snapshot->rules;
}

const struct tw_list_index *tw_snapshot_lists(const struct tw_snapshot *snapshot)
{
	return snapshot->lists;
}

const struct tw_embargoes *tw_snapshot_embargoes(const struct tw_snapshot *snapshot)
{
	return snapshot->embargoes;
}

const struct tw_reference *tw_snapshot_reference(const struct tw_snapshot *snapshot)
{
	return snapshot->reference;
}

const struct tw_known_good *tw_snapshot_known_good(const struct tw_snapshot *snapshot)
{
	return snapshot->known_good;
}

const struct tw_suppressions *tw_snapshot_suppressions(const struct tw_snapshot *snapshot)
{
	return snapshot->suppressions;
}

const struct tw_specimens *tw_snapshot_specimens(const struct tw_snapshot *snapshot)
{
	return snapshot->specimens;
}

const struct tw_quantities *tw_snapshot_quantities(const struct tw_snapshot *snapshot)
{
	return snapshot->quantities;
}

const struct tw_serial_forms *tw_snapshot_serial_forms(const struct tw_snapshot *snapshot)
{
	return snapshot->serial_forms;
}

const struct tw_marking_list *tw_snapshot_markings(const struct tw_snapshot *snapshot)
{
	return snapshot->markings;
}

const struct tw_list_report *tw_snapshot_reports(const struct tw_snapshot *snapshot, uint32_t *count)
{
	*count = snapshot->report_count;
	return snapshot->reports;
}
