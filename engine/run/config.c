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
#include "engine/run/config_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/run/expand.h"
#include "engine/base/nearest.h"

#define FILE_BYTES_MAX ((size_t)1024 * 1024) /* a configuration is a page or two */
#define KEY_BYTES      128

const char *tw_config_where(struct tw_config_reader *reader, yaml_mark_t mark)
{
	snprintf(reader->where, sizeof(reader->where), "%s:%zu:%zu", reader->name, mark.line + 1, mark.column + 1);
	return reader->where;
}

const char *tw_config_here(struct tw_config_reader *reader)
{
	return tw_config_where(reader, reader->event.start_mark);
}

enum tw_code tw_config_next(struct tw_config_reader *reader)
{
	if (reader->held) {
		yaml_event_delete(&reader->event);
	}
	reader->held = yaml_parser_parse(&reader->parser, &reader->event);
	if (!reader->held) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "not YAML", tw_config_where(reader, reader->parser.problem_mark), "%s",
		               reader->parser.problem ? reader->parser.problem : "unreadable");
	}
	if (reader->event.type == YAML_ALIAS_EVENT) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "aliases are not used in a configuration", tw_config_here(reader), NULL);
	}
	return TW_OK;
}

/* The held scalar's text, as it stands. */
const char *tw_config_scalar(const struct tw_config_reader *reader)
{
	return (const char *)reader->event.data.scalar.value;
}

enum tw_code tw_config_scalar_expect(struct tw_config_reader *reader, const char *what)
{
	if (reader->event.type != YAML_SCALAR_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a single value belongs here", tw_config_here(reader), "%s", what);
	}
	if (strlen(tw_config_scalar(reader)) != reader->event.data.scalar.length) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "a value holds a NUL", tw_config_here(reader), "%s", what);
	}
	return TW_OK;
}

/* The held scalar with its variables filled in. */
enum tw_code tw_config_value(struct tw_config_reader *reader, const char *what, const char **out)
{
	enum tw_code code = tw_config_scalar_expect(reader, what);
	return code == TW_OK ? tw_expand(&reader->settings->arena, tw_config_scalar(reader), tw_config_here(reader), out, reader->err) : code;
}

enum tw_code tw_config_memory_out(struct tw_config_reader *reader)
{
	return tw_fail(reader->err, TW_E_MEMORY, TW_STOP, "the configuration is too large", reader->name, NULL);
}

/* A row's value is held. Leaves its last event held. */
static enum tw_code row_read(struct tw_config_reader *reader, const struct tw_setting *row)
{
	const char *value = NULL;
	enum tw_code code;
	switch (row->kind) {
	case TW_SETTING_PATHS:
		return tw_config_paths(reader, row);
	case TW_SETTING_LISTS:
		return tw_config_lists(reader, row);
	case TW_SETTING_CAPS:
	case TW_SETTING_PROPERTIES:
		return tw_config_pairs(reader, row);
	case TW_SETTING_TEXT:
	case TW_SETTING_SECRET:
	case TW_SETTING_PATH:
	case TW_SETTING_COUNT:
	case TW_SETTING_CHOICE:
	case TW_SETTING_SWITCH:
		break;
	}
	code = tw_config_value(reader, row->key, &value);
	return code == TW_OK ? tw_setting_assign(reader->settings, row, value, reader->folder, tw_config_here(reader), reader->err) : code;
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

static uint32_t place_of(const struct tw_setting *row)
{
	uint32_t count;
	return (uint32_t)(row - tw_setting_rows(&count));
}

static enum tw_code group_read(struct tw_config_reader *reader, const char *prefix);

/* A key is held: its full name in `path`. */
static enum tw_code member_read(struct tw_config_reader *reader, const char *path)
{
	const struct tw_setting *row = tw_setting_find(path);
	bool group = !row && is_group(path);
	if (!row && !group) {
		return tw_setting_unknown(path, tw_config_here(reader), reader->err);
	}
	if (row && reader->stated[place_of(row)]) {
		return tw_fail(reader->err, TW_E_CONFLICT, TW_STOP, "a setting is stated twice", tw_config_here(reader), "%s", path);
	}
	if (row) {
		reader->stated[place_of(row)] = true;
	}
	enum tw_code code = tw_config_next(reader);
	if (code != TW_OK) {
		return code;
	}
	bool nothing = reader->event.type == YAML_SCALAR_EVENT && reader->event.data.scalar.plain_implicit && tw_config_scalar(reader)[0] == '\0';
	if (nothing) { /* "key:" with all of it commented out */
		if (row) {
			reader->stated[place_of(row)] = false;
		}
		return TW_OK;
	}
	return row ? row_read(reader, row) : group_read(reader, path);
}

/* A group's value is held: a mapping of its members. Recursion is bounded by the dots in the settings' names. */
static enum tw_code group_read(struct tw_config_reader *reader, const char *prefix)
{
	char path[KEY_BYTES];
	enum tw_code code;
	if (reader->event.type != YAML_MAPPING_START_EVENT) {
		return tw_fail(reader->err, TW_E_TYPE, TW_STOP, "a mapping of settings belongs here", tw_config_here(reader), "%s", prefix);
	}
	while ((code = tw_config_next(reader)) == TW_OK && reader->event.type != YAML_MAPPING_END_EVENT) {
		code = tw_config_scalar_expect(reader, prefix);
		if (code != TW_OK) {
			return code;
		}
		snprintf(path, sizeof(path), "%s%s%.64s", prefix, prefix[0] ? "." : "", tw_config_scalar(reader));
		code = member_read(reader, path);
		if (code != TW_OK) {
			return code;
		}
	}
	return code;
}

/* Stream and document around the root mapping; an empty file is an empty mapping. */
static enum tw_code document_read(struct tw_config_reader *reader)
{
	enum tw_code code = tw_config_next(reader);
	code = code == TW_OK ? tw_config_next(reader) : code;
	if (code != TW_OK || reader->event.type == YAML_STREAM_END_EVENT) {
		return code;
	}
	code = tw_config_next(reader);
	bool nothing = code == TW_OK && reader->event.type == YAML_SCALAR_EVENT && tw_config_scalar(reader)[0] == '\0';
	code = code == TW_OK && !nothing ? group_read(reader, "") : code;
	code = code == TW_OK ? tw_config_next(reader) : code; /* the document's end */
	code = code == TW_OK ? tw_config_next(reader) : code;
	if (code == TW_OK && reader->event.type != YAML_STREAM_END_EVENT) {
		return tw_fail(reader->err, TW_E_SYNTAX, TW_STOP, "a configuration is one document", tw_config_here(reader), NULL);
	}
	return code;
}

static enum tw_code reader_begin(struct tw_config_reader *reader, struct tw_slice yaml)
{
	if (!yaml_parser_initialize(&reader->parser)) {
		return tw_config_memory_out(reader);
	}
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *)yaml.ptr, yaml.len);
	return TW_OK;
}

static void reader_end(struct tw_config_reader *reader)
{
	if (reader->held) {
		yaml_event_delete(&reader->event);
	}
	yaml_parser_delete(&reader->parser);
	for (uint32_t i = 0; i < TW_SETTINGS_MAX; i++) {
		reader->settings->stated[i] |= reader->stated[i];
	}
}

enum tw_code tw_config_parse(struct tw_settings *settings, struct tw_slice yaml, const char *name, const char *folder, struct tw_error *err)
{
	struct tw_config_reader reader = {.settings = settings, .name = name, .folder = folder, .err = err};
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
	} else if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
		code = tw_fail(err, TW_E_TYPE, TW_STOP, "cannot read the configuration", path, "%s", strerror(EISDIR));
	} else if (ferror(file)) {
		code = tw_fail(err, TW_E_IO, TW_STOP, "cannot read the configuration", path, NULL);
	} else if (got > FILE_BYTES_MAX) {
		code = tw_fail(err, TW_E_LIMIT, TW_STOP, "the configuration is too large", path, "more than %zu bytes", FILE_BYTES_MAX);
	}
	fclose(file);
	*out = (struct tw_slice){bytes, (uint32_t)got};
	return code;
}

enum tw_code tw_config_read(struct tw_settings *settings, const char *path, struct tw_error *err)
{
	struct tw_slice yaml = {NULL, 0};
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
	struct tw_config_reader reader = {.settings = settings, .name = row->key, .folder = "", .err = err};
	enum tw_code code = reader_begin(&reader, tw_slice_str(value));
	for (int i = 0; i < 3 && code == TW_OK; i++) { /* stream, document, value */
		code = tw_config_next(&reader);
	}
	if (code == TW_OK && (reader.event.type == YAML_STREAM_END_EVENT || reader.event.type == YAML_DOCUMENT_END_EVENT)) {
		code = tw_fail(err, TW_E_TYPE, TW_STOP, "a value is missing", row->key, NULL);
	}
	code = code == TW_OK ? row_read(&reader, row) : code;
	reader.stated[place_of(row)] = true;
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
			settings->stated[i] = true;
			return tw_config_pair(settings, &rows[i], key + length + 1, value, key, err);
		}
	}
	return tw_setting_unknown(key, "--set", err);
}

enum tw_code tw_config_set(struct tw_settings *settings, const char *assignment, struct tw_error *err)
{
	char key[KEY_BYTES];
	const char *equals = strchr(assignment, '=');
	if (!equals || equals == assignment || (size_t)(equals - assignment) >= sizeof(key)) {
		return tw_fail(err, TW_E_SYNTAX, TW_STOP, "a setting is PATH=VALUE", "--set", "%.80s", assignment);
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - assignment), assignment);
	const struct tw_setting *row = tw_setting_find(key);
	if (!row) {
		return entry_set(settings, key, equals + 1, err);
	}
	settings->stated[place_of(row)] = true;
	if (row->kind == TW_SETTING_PATHS && equals[1] != '[') { /* one path, whatever characters it has */
		struct tw_config_reader reader = {.settings = settings, .name = key, .folder = "", .err = err};
		struct tw_list *list = tw_setting_at(settings, row);
		*list = (struct tw_list){NULL, 0, 0};
		return tw_config_path_push(&reader, list, equals + 1);
	}
	if (row->kind == TW_SETTING_PATHS || row->kind == TW_SETTING_LISTS || row->kind == TW_SETTING_CAPS || row->kind == TW_SETTING_PROPERTIES) {
		return collection_set(settings, row, equals + 1, err);
	}
	return tw_setting_assign(settings, row, equals + 1, "", key, err);
}
