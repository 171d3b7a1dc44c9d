/**
 * @file config.c
 * YAML events to settings, by walking the settings' dotted names; see config.h.
 *
 *     kafka:            mapping, prefix of rows         -> walk
 *       brokers: a:1    scalar, a row of its own        -> tw_setting_assign
 *       properties:     mapping, a row of pairs         -> pairs_read
 *     lists:            sequence, a row of structs      -> lists_read
 *
 * Invariant: every event that libyaml hands out is deleted exactly once: the reader holds one at a time.
 */
#include "engine/run/config.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <yaml.h>

#include <tidewaiter/limits.h>

#include "engine/run/expand.h"
#include "engine/run/nearest.h"

#define FILE_BYTES_MAX (1024U * 1024U) /* a configuration is a page or two */
#define KEY_BYTES      128

struct reader {
	struct tw_settings *settings;
	yaml_parser_t parser;
	yaml_event_t event;
	bool held;
	const char *name;
	const char *folder;
	uint64_t stated; /* rows that this text stated */
	char where[TW_ERROR_WHERE_BYTES];
	struct tw_error *err;
};

static const char *where_now(struct reader *reader, yaml_mark_t mark)
{
	snprintf(reader->where, sizeof(reader->where), "%s:%zu:%zu", reader->name, mark.line + 1, mark.column + 1);
	return reader->where;
}

static const char *here(struct reader *reader)
{
	return where_now(reader, reader->event.start_mark);
}

static enum tw_code event_next(struct reader *reader)
{
	if (reader->held) {
		yaml_event_delete(&reader->event);
	}
	reader->held = yaml_parser_parse(&reader->parser, &reader->event);
	if (!reader->held) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "not YAML", where_now(reader, reader->parser.problem_mark), "%s",
		               reader->parser.problem ? reader->parser.problem : "unreadable");
	}
	if (reader->event.type == YAML_ALIAS_EVENT) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "aliases are not used in a configuration", here(reader), NULL);
	}
	return TW_OK;
}

/* The held scalar's text, as it stands. */
static const char *scalar(const struct reader *reader)
{
	return (const char *)reader->event.data.scalar.value;
}

static enum tw_code scalar_expect(struct reader *reader, const char *what)
{
	if (reader->event.type != YAML_SCALAR_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a single value belongs here", here(reader), "%s", what);
	}
	if (strlen(scalar(reader)) != reader->event.data.scalar.length) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "a value holds a NUL", here(reader), "%s", what);
	}
	return TW_OK;
}

/* The held scalar with its variables filled in. */
static enum tw_code value_read(struct reader *reader, const char *what, const char **out)
{
	enum tw_code code = scalar_expect(reader, what);
	return code == TW_OK ? tw_expand(&reader->settings->arena, scalar(reader), here(reader), out, reader->err) : code;
}

static enum tw_code memory_out(struct reader *reader)
{
	return tw_fail(reader->err, TW_E_MEMORY, TW_STOP, "the configuration is too large", reader->name, NULL);
}

static enum tw_code path_push(struct reader *reader, struct tw_list *list, const char *path)
{
	const char **kept = tw_list_push(&reader->settings->arena, list, sizeof(*kept));
	if (!kept) {
		return memory_out(reader);
	}
	*kept = tw_settings_path(reader->settings, reader->folder, path);
	return *kept ? TW_OK : memory_out(reader);
}

/* One path, or a sequence of them. */
static enum tw_code paths_read(struct reader *reader, const struct tw_setting *row)
{
	struct tw_list *list = tw_setting_at(reader->settings, row);
	const char *path = NULL;
	*list = (struct tw_list){NULL, 0, 0};
	if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
		enum tw_code code = value_read(reader, row->key, &path);
		return code == TW_OK ? path_push(reader, list, path) : code;
	}
	enum tw_code code;
	while ((code = event_next(reader)) == TW_OK && reader->event.type != YAML_SEQUENCE_END_EVENT) {
		code = value_read(reader, row->key, &path);
		code = code == TW_OK ? path_push(reader, list, path) : code;
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
static enum tw_code pair_assign(struct tw_settings *settings, const struct tw_setting *row, const char *name, const char *value, const char *where,
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

static enum tw_code pairs_read(struct reader *reader, const struct tw_setting *row)
{
	char name[KEY_BYTES];
	const char *value = NULL;
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a mapping of names to values belongs here", here(reader), "%s", row->key);
	}
	while ((code = event_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = scalar_expect(reader, row->key);
		if (code != TW_OK) {
			return code;
		}
		if (strlen(scalar(reader)) >= sizeof(name)) {
			return tw_fail(reader->err, TW_E_LIMIT, TW_STOP, "a name is too long", here(reader), "%s", row->key);
		}
		snprintf(name, sizeof(name), "%s", scalar(reader));
		code = event_next(reader);
		code = code == TW_OK ? value_read(reader, row->key, &value) : code;
		code = code == TW_OK ? pair_assign(reader->settings, row, name, value, here(reader), reader->err) : code;
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

/* One member of a list's mapping: key held, value next. */
static enum tw_code list_member(struct reader *reader, struct tw_list_source *source)
{
	static const char *const known[] = {"id", "format", "path", "entries_min"};
	struct tw_nearest nearest = {0};
	unsigned member = 0;
	const char *value = NULL;
	enum tw_code code = scalar_expect(reader, "lists");
	if (code != TW_OK) {
		return code;
	}
	for (; member < 4 && strcmp(scalar(reader), known[member]) != 0; member++) {
		tw_nearest_offer(&nearest, scalar(reader), known[member]);
	}
	if (member == 4) {
		return tw_fail(reader->err, TW_E_UNKNOWN, TW_STOP, "a list has no such member", here(reader), "%s; %s%s", scalar(reader),
		               nearest.word ? "did you mean " : "it has id, format, path, entries_min", nearest.word ? nearest.word : "");
	}
	code = event_next(reader);
	code = code == TW_OK ? value_read(reader, known[member], &value) : code;
	if (code != TW_OK) {
		return code;
	}
	if (member == 0) {
		source->id = value;
	} else if (member == 1) {
		source->format = tw_list_format_find(tw_slice_str(value));
		return source->format ? TW_OK : tw_fail(reader->err, TW_E_UNKNOWN, TW_STOP, "no such list format", here(reader), "%s", value);
	} else if (member == 2) {
		source->path = tw_settings_path(reader->settings, reader->folder, value);
	} else {
		char *end = NULL;
		unsigned long count = strtoul(value, &end, 10);
		if (end == value || *end || value[0] == '-' || count > TW_LIST_ENTRIES_MAX) {
			return tw_fail(reader->err, TW_E_RANGE, TW_STOP, "not a number of entries", here(reader), "entries_min: \"%s\"", value);
		}
		source->entries_min = (uint32_t)count;
	}
	return TW_OK;
}

static enum tw_code list_read(struct reader *reader, struct tw_list *lists)
{
	struct tw_list_source source = {NULL, (enum tw_list_format)0, NULL, 0};
	yaml_mark_t begin = reader->event.start_mark;
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a list is a mapping of id, format and path", here(reader), NULL);
	}
	while ((code = event_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = list_member(reader, &source);
		if (code != TW_OK) {
			return code;
		}
	}
	if (code != TW_OK) {
		return code;
	}
	if (!source.id || !source.id[0] || !source.format || !source.path || !source.path[0]) {
		return tw_fail(reader->err, TW_E_MISSING, TW_STOP, "a list needs id, format and path", where_now(reader, begin), NULL);
	}
	const struct tw_list_source *before = lists->data;
	for (uint32_t i = 0; i < lists->count; i++) {
		if (strcmp(before[i].id, source.id) == 0) {
			return tw_fail(reader->err, TW_E_CONFLICT, TW_STOP, "two lists have one id", where_now(reader, begin), "%s", source.id);
		}
	}
	struct tw_list_source *kept = tw_list_push(&reader->settings->arena, lists, sizeof(*kept));
	if (!kept) {
		return memory_out(reader);
	}
	*kept = source;
	return TW_OK;
}

static enum tw_code lists_read(struct reader *reader, const struct tw_setting *row)
{
	struct tw_list *lists = tw_setting_at(reader->settings, row);
	enum tw_code code;
	if (reader->event.type != YAML_SEQUENCE_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a sequence of lists belongs here", here(reader), "%s", row->key);
	}
	*lists = (struct tw_list){NULL, 0, 0};
	while ((code = event_next(reader)) == TW_OK && reader->event.type != YAML_SEQUENCE_END_EVENT) {
		code = list_read(reader, lists);
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

/* A row's value is held. Leaves its last event held. */
static enum tw_code row_read(struct reader *reader, const struct tw_setting *row)
{
	const char *value = NULL;
	enum tw_code code;
	switch (row->kind) {
	case TW_SETTING_PATHS:
		return paths_read(reader, row);
	case TW_SETTING_LISTS:
		return lists_read(reader, row);
	case TW_SETTING_CAPS:
	case TW_SETTING_PROPERTIES:
		return pairs_read(reader, row);
	case TW_SETTING_TEXT:
	case TW_SETTING_SECRET:
	case TW_SETTING_PATH:
	case TW_SETTING_COUNT:
	case TW_SETTING_CHOICE:
	case TW_SETTING_SWITCH:
		break;
	}
	code = value_read(reader, row->key, &value);
	return code == TW_OK ? tw_setting_assign(reader->settings, row, value, reader->folder, here(reader), reader->err) : code;
}

static bool is_group(const char *key)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	size_t length = strlen(key);
	for (uint32_t i = 0; i < count; i++) {
		if (strncmp(rows[i].key, key, length) == 0 && rows[i].key[length] == '.') {
			return true;
		}
	}
	return false;
}

static uint64_t row_bit(const struct tw_setting *row)
{
	uint32_t count;
	return UINT64_C(1) << (row - tw_setting_rows(&count));
}

static enum tw_code group_read(struct reader *reader, const char *prefix);

/* A key is held: its full name in `path`. */
static enum tw_code member_read(struct reader *reader, const char *path)
{
	const struct tw_setting *row = tw_setting_find(path);
	bool group = !row && is_group(path);
	if (!row && !group) {
		return tw_setting_unknown(path, here(reader), reader->err);
	}
	if (row && reader->stated & row_bit(row)) {
		return tw_fail(reader->err, TW_E_CONFLICT, TW_STOP, "a setting is stated twice", here(reader), "%s", path);
	}
	reader->stated |= row ? row_bit(row) : 0;
	enum tw_code code = event_next(reader);
	if (code != TW_OK) {
		return code;
	}
	bool nothing = reader->event.type == YAML_SCALAR_EVENT && reader->event.data.scalar.plain_implicit && scalar(reader)[0] == '\0';
	if (nothing) { /* "key:" with all of it commented out */
		reader->stated &= row ? ~row_bit(row) : ~UINT64_C(0);
		return TW_OK;
	}
	return row ? row_read(reader, row) : group_read(reader, path);
}

/* A group's value is held: a mapping of its members. Recursion is bounded by the dots in the settings' names. */
static enum tw_code group_read(struct reader *reader, const char *prefix)
{
	char path[KEY_BYTES];
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a mapping of settings belongs here", here(reader), "%s", prefix);
	}
	while ((code = event_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = scalar_expect(reader, prefix);
		if (code != TW_OK) {
			return code;
		}
		snprintf(path, sizeof(path), "%s%s%.64s", prefix, prefix[0] ? "." : "", scalar(reader));
		code = member_read(reader, path);
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

/* Stream and document around the root mapping; an empty file is an empty mapping. */
static enum tw_code document_read(struct reader *reader)
{
	enum tw_code code = event_next(reader);
	code = code == TW_OK ? event_next(reader) : code;
	if (code != TW_OK || reader->event.type == YAML_STREAM_END_EVENT) {
		return code;
	}
	code = event_next(reader);
	bool nothing = code == TW_OK && reader->event.type == YAML_SCALAR_EVENT && scalar(reader)[0] == '\0';
	code = code == TW_OK && !nothing ? group_read(reader, "") : code;
	code = code == TW_OK ? event_next(reader) : code; /* the document's end */
	code = code == TW_OK ? event_next(reader) : code;
	if (code == TW_OK && reader->event.type != YAML_STREAM_END_EVENT) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "a configuration is one document", here(reader), NULL);
	}
	return code;
}

static enum tw_code reader_begin(struct reader *reader, struct tw_slice yaml)
{
	if (!yaml_parser_initialize(&reader->parser)) {
		return memory_out(reader);
	}
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *)yaml.ptr, yaml.len);
	return TW_OK;
}

static void reader_end(struct reader *reader)
{
	if (reader->held) {
		yaml_event_delete(&reader->event);
	}
	yaml_parser_delete(&reader->parser);
	reader->settings->stated |= reader->stated;
}

enum tw_code tw_config_parse(struct tw_settings *settings, struct tw_slice yaml, const char *name, const char *folder, struct tw_error *err)
{
	struct reader reader = {.settings = settings, .name = name, .folder = folder, .err = err};
	enum tw_code code = reader_begin(&reader, yaml);
	if (code != TW_OK) {
		return code;
	}
	code = document_read(&reader);
	reader_end(&reader);
	return code;
}

static enum tw_code file_read(const char *path, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	struct stat info;
	enum tw_code code = TW_OK;
	FILE *file = fopen(path, "re");
	if (!file) {
		return tw_fail(err, errno == ENOENT ? TW_E_MISSING : TW_E_IO, TW_STOP, "cannot read the configuration", path, "%s", strerror(errno));
	}
	char *bytes = tw_arena_alloc_raw(arena, FILE_BYTES_MAX + 1);
	size_t got = bytes ? fread(bytes, 1, FILE_BYTES_MAX + 1, file) : 0;
	if (!bytes) {
		code = tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the configuration", path, NULL);
	} else if (ferror(file) || (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode))) {
		code = tw_fail(err, TW_E_IO, TW_STOP, "cannot read the configuration", path, NULL);
	} else if (got > FILE_BYTES_MAX) {
		code = tw_fail(err, TW_E_LIMIT, TW_STOP, "the configuration is too large", path, "more than %u bytes", FILE_BYTES_MAX);
	}
	fclose(file);
	*out = (struct tw_slice){bytes, (uint32_t)got};
	return code;
}

enum tw_code tw_config_read(struct tw_settings *settings, const char *path, struct tw_error *err)
{
	struct tw_slice yaml;
	const char *slash = strrchr(path, '/');
	enum tw_code code = file_read(path, &settings->arena, &yaml, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_slice folder = slash ? (struct tw_slice){path, (uint32_t)(slash - path)} : tw_slice_str("");
	if (slash == path) {
		folder = tw_slice_str("/.");
	}
	folder = tw_arena_copy(&settings->arena, folder);
	settings->file = tw_arena_copy(&settings->arena, tw_slice_str(path)).ptr;
	return folder.ptr ? tw_config_parse(settings, yaml, path, folder.ptr, err)
	                  : tw_fail(err, TW_E_MEMORY, TW_STOP, "the configuration is too large", path, NULL);
}

/* A collection from the command line: its value is YAML. */
static enum tw_code collection_set(struct tw_settings *settings, const struct tw_setting *row, const char *value, struct tw_error *err)
{
	struct reader reader = {.settings = settings, .name = row->key, .folder = "", .err = err};
	enum tw_code code = reader_begin(&reader, tw_slice_str(value));
	for (int i = 0; i < 3 && code == TW_OK; i++) { /* stream, document, value */
		code = event_next(&reader);
	}
	if (code == TW_OK && (reader.event.type == YAML_STREAM_END_EVENT || reader.event.type == YAML_DOCUMENT_END_EVENT)) {
		code = tw_fail(err, TW_E_TYPE, TW_STOP, "a value is missing", row->key, NULL);
	}
	code = code == TW_OK ? row_read(&reader, row) : code;
	reader.stated = row_bit(row);
	reader_end(&reader);
	return code;
}

/* `key` is no row: perhaps an entry of a mapping row. */
static enum tw_code entry_set(struct tw_settings *settings, const char *key, const char *value, struct tw_error *err)
{
	uint32_t count;
	const struct tw_setting *rows = tw_setting_rows(&count);
	for (uint32_t i = 0; i < count; i++) {
		size_t length = strlen(rows[i].key);
		bool mapping = rows[i].kind == TW_SETTING_CAPS || rows[i].kind == TW_SETTING_PROPERTIES;
		if (mapping && strncmp(key, rows[i].key, length) == 0 && key[length] == '.' && key[length + 1]) {
			settings->stated |= row_bit(&rows[i]);
			return pair_assign(settings, &rows[i], key + length + 1, value, key, err);
		}
	}
	return tw_setting_unknown(key, "--set", err);
}

enum tw_code tw_config_set(struct tw_settings *settings, const char *assignment, struct tw_error *err)
{
	char key[KEY_BYTES];
	const char *equals = strchr(assignment, '=');
	if (!equals || equals == assignment || (size_t)(equals - assignment) >= sizeof(key)) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "--set takes path=value", "--set", "%.80s", assignment);
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - assignment), assignment);
	const struct tw_setting *row = tw_setting_find(key);
	if (!row) {
		return entry_set(settings, key, equals + 1, err);
	}
	settings->stated |= row_bit(row);
	if (row->kind == TW_SETTING_PATHS && equals[1] != '[') { /* one path, whatever characters it has */
		struct reader reader = {.settings = settings, .name = key, .folder = "", .err = err};
		struct tw_list *list = tw_setting_at(settings, row);
		*list = (struct tw_list){NULL, 0, 0};
		return path_push(&reader, list, equals + 1);
	}
	if (row->kind == TW_SETTING_PATHS || row->kind == TW_SETTING_LISTS || row->kind == TW_SETTING_CAPS || row->kind == TW_SETTING_PROPERTIES) {
		return collection_set(settings, row, equals + 1, err);
	}
	return tw_setting_assign(settings, row, equals + 1, "", key, err);
}
