/**
 * @file config_collections.c
 * Settings that are more than one value: paths, sanctions lists, mappings of name to value; see config.h.
 */
#include <stdlib.h>

#include <tidewaiter/limits.h>

#include "engine/run/config_reader.h"
#include "engine/base/nearest.h"

#define KEY_BYTES 128

enum tw_code tw_config_path_push(struct tw_config_reader *reader, struct tw_list *list, const char *path)
{
	const char **kept = tw_list_push(&reader->settings->arena, list, sizeof(*kept));
	if (!kept) {
		return tw_config_memory_out(reader);
	}
	*kept = tw_settings_path(reader->settings, reader->folder, path);
	return *kept ? TW_OK : tw_config_memory_out(reader);
}

/* One path, or a sequence of them. */
enum tw_code tw_config_paths(struct tw_config_reader *reader, const struct tw_setting *row)
{
	struct tw_list *list = tw_setting_at(reader->settings, row);
	const char *path = NULL;
	*list = (struct tw_list){NULL, 0, 0};
	if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
		enum tw_code code = tw_config_value(reader, row->key, &path);
		return code == TW_OK ? tw_config_path_push(reader, list, path) : code;
	}
	enum tw_code code;
	while ((code = tw_config_next(reader)) == TW_OK && reader->event.type != YAML_SEQUENCE_END_EVENT) {
		code = tw_config_value(reader, row->key, &path);
		code = code == TW_OK ? tw_config_path_push(reader, list, path) : code;
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

/* A collection's list entry of that name, or a new one. */
static struct tw_property *property_of(struct tw_settings *settings, struct tw_list *list, const char *name)
{
	struct tw_property *properties = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (strcmp(properties[i].name, name) == 0) {
			return &properties[i];
		}
	}
	struct tw_property *made = tw_list_push(&settings->arena, list, sizeof(*made));
	if (made) {
		made->name = tw_arena_copy(&settings->arena, tw_slice_str(name)).ptr;
	}
	return made && made->name ? made : NULL;
}

static struct tw_group_cap *cap_of(struct tw_settings *settings, struct tw_list *list, const char *name)
{
	struct tw_group_cap *caps = list->data;
	for (uint32_t i = 0; i < list->count; i++) {
		if (tw_slice_is(caps[i].group, name)) {
			return &caps[i];
		}
	}
	struct tw_group_cap *made = tw_list_push(&settings->arena, list, sizeof(*made));
	if (made) {
		made->group = tw_arena_copy(&settings->arena, tw_slice_str(name));
	}
	return made && made->group.ptr ? made : NULL;
}

/* One entry of a mapping setting; entries named before are replaced. */
enum tw_code tw_config_pair(struct tw_settings *settings, const struct tw_setting *row, const char *name, const char *value, const char *where,
                            struct tw_error *err)
{
	struct tw_list *list = tw_setting_at(settings, row);
	if (row->kind == TW_SETTING_CAPS) {
		char *end = NULL;
		long points = strtol(value, &end, 10);
		struct tw_group_cap *cap = cap_of(settings, list, name);
		if (end == value || *end || points < 0 || points > 100000) {
			return tw_fail(err, TW_E_RANGE, TW_STOP, "a cap is a whole number of points from 0 to 100000", where, "%s.%s: \"%s\"",
			               row->key, name, value);
		}
		if (!cap) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", where, NULL);
		}
		cap->points = (int32_t)points;
		return TW_OK;
	}
	struct tw_property *property = property_of(settings, list, name);
	struct tw_slice kept = tw_arena_copy(&settings->arena, tw_slice_str(value));
	if (!property || !kept.ptr) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", where, NULL);
	}
	property->value = kept.ptr;
	return TW_OK;
}

enum tw_code tw_config_pairs(struct tw_config_reader *reader, const struct tw_setting *row)
{
	char name[KEY_BYTES];
	const char *value = NULL;
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a mapping of names to values belongs here", tw_config_here(reader), "%s", row->key);
	}
	while ((code = tw_config_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = tw_config_scalar_expect(reader, row->key);
		if (code != TW_OK) {
			return code;
		}
		if (strlen(tw_config_scalar(reader)) >= sizeof(name)) {
			return tw_fail(reader->err, TW_E_LIMIT, TW_STOP, "a name is too long", tw_config_here(reader), "%s", row->key);
		}
		snprintf(name, sizeof(name), "%s", tw_config_scalar(reader));
		code = tw_config_next(reader);
		code = code == TW_OK ? tw_config_value(reader, row->key, &value) : code;
		code = code == TW_OK ? tw_config_pair(reader->settings, row, name, value, tw_config_here(reader), reader->err) : code;
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

static enum tw_code format_unknown(struct tw_config_reader *reader, const char *value)
{
	char hint[TW_HINT_BYTES];
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(value));
	for (uint32_t i = 0; tw_list_format_at(i); i++) {
		tw_nearest_offer(&nearest, tw_list_format_name(tw_list_format_at(i)));
	}
	return tw_fail(reader->err, TW_E_UNKNOWN, TW_STOP, "no such list format", tw_config_here(reader), "%s%s", value,
	               tw_nearest_hint(&nearest, hint));
}

static enum tw_code list_number(struct tw_config_reader *reader, const char *member, const char *value, uint32_t *out)
{
	char *end = NULL;
	unsigned long count = strtoul(value, &end, 10);
	if (end == value || *end || value[0] == '-' || count > TW_LIST_ENTRIES_MAX) {
		return tw_fail(reader->err, TW_E_RANGE, TW_STOP, "not a whole number within its bounds", tw_config_here(reader), "%s: \"%s\"", member,
		               value);
	}
	*out = (uint32_t)count;
	return TW_OK;
}

#define LIST_MEMBERS 7

/* One member of a list's mapping: key held, value next. */
static enum tw_code list_member(struct tw_config_reader *reader, struct tw_list_source *source)
{
	static const char *const known[] = {"id", "format", "path", "entries_min", "unread_ppm_max", "shrink_ppm_max", "age_days_max"};
	char hint[TW_HINT_BYTES];
	unsigned member = 0;
	const char *value = NULL;
	enum tw_code code = tw_config_scalar_expect(reader, "lists");
	if (code != TW_OK) {
		return code;
	}
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(tw_config_scalar(reader)));
	for (; member < LIST_MEMBERS && strcmp(tw_config_scalar(reader), known[member]) != 0; member++) {
		tw_nearest_offer(&nearest, known[member]);
	}
	if (member == LIST_MEMBERS) {
		return tw_fail(
		    reader->err, TW_E_UNKNOWN, TW_STOP, "a list has no such member", tw_config_here(reader), "%s%s", tw_config_scalar(reader),
		    tw_nearest_hint(&nearest, hint)[0] ? hint
		                                       : "; it has id, format, path, entries_min, unread_ppm_max, shrink_ppm_max, age_days_max");
	}
	code = tw_config_next(reader);
	code = code == TW_OK ? tw_config_value(reader, known[member], &value) : code;
	if (code != TW_OK) {
		return code;
	}
	if (member == 0) {
		source->id = value;
	} else if (member == 1) {
		source->format = tw_list_format_find(tw_slice_str(value));
		return source->format ? TW_OK : format_unknown(reader, value);
	} else if (member == 2) {
		source->path = tw_settings_path(reader->settings, reader->folder, value);
	} else {
		uint32_t *const numbers[] = {&source->entries_min, &source->unread_ppm_max, &source->shrink_ppm_max, &source->age_days_max};
		return list_number(reader, known[member], value, numbers[member - 3]);
	}
	return TW_OK;
}

static enum tw_code list_read(struct tw_config_reader *reader, struct tw_list *lists)
{
	struct tw_list_source source = {.shrink_ppm_max = TW_LIST_SHRINK_PPM};
	yaml_mark_t begin = reader->event.start_mark;
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a list is a mapping of id, format and path", tw_config_here(reader), NULL);
	}
	while ((code = tw_config_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = list_member(reader, &source);
		if (code != TW_OK) {
			return code;
		}
	}
	if (code != TW_OK) {
		return code;
	}
	if (!source.id || !source.id[0] || !source.format || !source.path || !source.path[0]) {
		return tw_fail(reader->err, TW_E_MISSING, TW_STOP, "a list needs id, format and path", tw_config_where(reader, begin), NULL);
	}
	const struct tw_list_source *before = lists->data;
	for (uint32_t i = 0; i < lists->count; i++) {
		if (strcmp(before[i].id, source.id) == 0) {
			return tw_fail(reader->err, TW_E_CONFLICT, TW_STOP, "two lists have one id", tw_config_where(reader, begin), "%s", source.id);
		}
	}
	struct tw_list_source *kept = tw_list_push(&reader->settings->arena, lists, sizeof(*kept));
	if (!kept) {
		return tw_config_memory_out(reader);
	}
	*kept = source;
	return TW_OK;
}

enum tw_code tw_config_lists(struct tw_config_reader *reader, const struct tw_setting *row)
{
	struct tw_list *lists = tw_setting_at(reader->settings, row);
	enum tw_code code;
	if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a sequence of lists belongs here", tw_config_here(reader), "%s", row->key);
	}
	*lists = (struct tw_list){NULL, 0, 0};
	while ((code = tw_config_next(reader)) == TW_OK && reader->event.type != YAML_SEQUENCE_END_EVENT) {
		code = list_read(reader, lists);
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}
