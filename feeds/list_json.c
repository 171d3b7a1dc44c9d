/**
 * @file list_json.c
 * See list_json.h. The path to where the parser stands is one text, "names.names[].name6", and each open bracket remembers its length.
 */
#include <assert.h>
#include <stdio.h>

#include <tidewaiter/limits.h>
#include <yajl/yajl_parse.h>

#include "feeds/list_json.h"
#include "feeds/list_text.h"

#define DEPTH_MAX  32                    /* nested entities of nested entities reach 9 */
#define PATH_BYTES 512                   /* a longer path is in no map */
#define TEXT_MAX   (64U * 1024U)         /* the longest text of the UK list has 3,204 bytes */
#define FACTS_MAX  (1U << 15)            /* values wanted of one line; the richest entry of the two lists has under 1,000 */
#define LINE_MAX   (16U * 1024U * 1024U) /* the richest line of the two issuers' files has 51 KB */

struct reader {
	const struct tw_json_map *map;
	struct tw_list_stage *stage;
	uint32_t field_len[TW_JSON_FIELDS_MAX];
	struct tw_list facts;
	uint32_t serials;
	const char *unread; /* why this line is passed over */
	bool memory_short;
	/* where the parser stands */
	uint32_t depth;
	uint32_t path_len; /* may pass PATH_BYTES: then no row fits */
	uint32_t stood[DEPTH_MAX];
	uint32_t group, group_depth, group_from, serial; /* group 0: the entry */
	char path[PATH_BYTES];
};

static void path_add(struct reader *reader, const char *bytes, size_t length)
{
	if (reader->path_len < PATH_BYTES && length <= PATH_BYTES - reader->path_len) {
		memcpy(reader->path + reader->path_len, bytes, length);
		reader->path_len += (uint32_t)length;
	} else {
		reader->path_len = PATH_BYTES + 1;
	}
}

static int give_up(struct reader *reader, const char *why)
{
	reader->unread = why;
	return 0;
}

/* Control characters in a name are no part of it, and a NUL would end it early in messages. */
static void blank_controls(char *text, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++) {
		text[i] = (unsigned char)text[i] < 0x20 ? ' ' : text[i];
	}
}

static int fact_add(struct reader *reader, uint32_t slot, const char *bytes, size_t length)
{
	if (length > TEXT_MAX) {
		return give_up(reader, "a text longer than any entry has");
	}
	if (reader->facts.count == FACTS_MAX) {
		return give_up(reader, "a line of more values than any entry has");
	}
	struct tw_slice copy = tw_arena_copy(&reader->stage->scratch, (struct tw_slice){bytes, (uint32_t)length});
	struct tw_json_fact *fact = copy.ptr ? tw_list_push(&reader->stage->scratch, &reader->facts, sizeof(*fact)) : NULL;
	if (!fact) {
		reader->memory_short = true;
		return 0;
	}
	blank_controls((char *)(uintptr_t)copy.ptr, copy.len);
	*fact = (struct tw_json_fact){reader->group, slot, reader->serial, tw_list_trim(copy)};
	return 1;
}

/* A value in an array stands at "[]" of it, one in an object behind its key. */
static int take(struct reader *reader, const char *bytes, size_t length)
{
	if (reader->depth == 0) {
		return give_up(reader, "a line that is no JSON object");
	}
	uint32_t from = reader->group_from;
	if (reader->path_len > PATH_BYTES || reader->path_len < from) {
		return 1;
	}
	struct tw_slice path = {reader->path + from, reader->path_len - from};
	for (uint32_t i = 0; i < reader->map->field_count; i++) {
		const struct tw_json_field *field = &reader->map->fields[i];
		if (reader->field_len[i] == path.len && (field->groups >> reader->group & 1) && memcmp(field->path, path.ptr, path.len) == 0) {
			return fact_add(reader, field->slot, bytes, length);
		}
	}
	return 1;
}

static int on_null(void *user)
{
	struct reader *reader = user;
	return reader->depth ? 1 : give_up(reader, "a line that is no JSON object");
}

static int on_boolean(void *user, int value)
{
	return take(user, value ? "true" : "false", value ? 4 : 5);
}

static int on_number(void *user, const char *bytes, size_t length)
{
	return take(user, bytes, length);
}

static int on_string(void *user, const unsigned char *bytes, size_t length)
{
	return take(user, (const char *)bytes, length);
}

static int on_key(void *user, const unsigned char *bytes, size_t length)
{
	struct reader *reader = user;
	reader->path_len = reader->stood[reader->depth - 1];
	if (reader->path_len) {
		path_add(reader, ".", 1);
	}
	path_add(reader, (const char *)bytes, length);
	return 1;
}

/* Whether a group's path is where the parser stands; `via` is what the star stands for. */
static bool path_fits(const char *pattern, struct tw_slice path, struct tw_slice *via)
{
	uint32_t at = 0;
	*via = (struct tw_slice){"", 0};
	for (; *pattern; pattern++) {
		if (*pattern == '*') {
			uint32_t from = at;
			while (at < path.len && path.ptr[at] != '.' && path.ptr[at] != '[') {
				at++;
			}
			*via = (struct tw_slice){path.ptr + from, at - from};
		} else if (at == path.len || path.ptr[at++] != *pattern) {
			return false;
		}
	}
	return at == path.len;
}

static int group_start(struct reader *reader)
{
	struct tw_slice path = {reader->path, reader->path_len}, via;
	for (uint32_t i = 0; !reader->group && path.len <= PATH_BYTES && i < reader->map->group_count; i++) {
		const struct tw_json_group *group = &reader->map->groups[i];
		if (path_fits(group->path, path, &via)) {
			reader->group = group->group;
			reader->group_depth = reader->depth;
			reader->group_from = reader->path_len + 1; /* behind the dot */
			reader->serial = ++reader->serials;
			return group->via ? fact_add(reader, group->via, via.ptr, via.len) : 1;
		}
	}
	return 1;
}

static int open_bracket(struct reader *reader, bool is_array)
{
	if (reader->depth == DEPTH_MAX) {
		return give_up(reader, "objects nested deeper than any entry's");
	}
	if (is_array && reader->depth == 0) {
		return give_up(reader, "a line that is no JSON object");
	}
	if (is_array) {
		path_add(reader, "[]", 2);
	}
	reader->stood[reader->depth++] = reader->path_len;
	return is_array || reader->depth == 1 ? 1 : group_start(reader);
}

static int on_start_map(void *user)
{
	return open_bracket(user, false);
}

static int on_start_array(void *user)
{
	return open_bracket(user, true);
}

/* Behind a closed bracket the path is that of the array around it; in an object the next key sets it. */
static int on_end(void *user)
{
	struct reader *reader = user;
	if (reader->group && reader->group_depth == reader->depth) {
		reader->group = reader->group_from = reader->serial = 0;
	}
	reader->depth--;
	reader->path_len = reader->depth ? reader->stood[reader->depth - 1] : 0;
	return 1;
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end,
};

static void line_start(struct reader *reader)
{
	tw_arena_reset(&reader->stage->scratch);
	reader->facts = (struct tw_list){0};
	reader->serials = reader->depth = reader->path_len = 0;
	reader->group = reader->group_from = reader->serial = 0;
	reader->unread = NULL;
}

/* Read one line into facts; reader->unread says why it could not be. */
static void line_parse(struct reader *reader, struct tw_slice text)
{
	line_start(reader);
	if (text.len > LINE_MAX) {
		reader->unread = "a line longer than any entry has";
		return;
	}
	yajl_handle parser = yajl_alloc(&callbacks, NULL, reader);
	if (!parser) {
		reader->memory_short = true;
		return;
	}
	yajl_status status = yajl_parse(parser, (const unsigned char *)text.ptr, text.len);
	status = status == yajl_status_ok ? yajl_complete_parse(parser) : status;
	if (status != yajl_status_ok && !reader->unread) {
		reader->unread = "a line that is no JSON object";
	}
	yajl_free(parser);
}

static enum tw_code fail_at(const struct tw_list_file *file, uint32_t number, enum tw_code code, const char *what, struct tw_error *err)
{
	char where[TW_ERROR_WHERE_BYTES];
	snprintf(where, sizeof(where), "%.230s:%u", file->name, number);
	return tw_fail(err, code, code == TW_E_MEMORY ? TW_STOP : TW_REJECT, what, where, NULL);
}

/* @param last the line has no end: an object that is not whole was cut */
static enum tw_code line_load(struct reader *reader, const struct tw_list_file *file, struct tw_slice text, bool last, struct tw_json_line *line,
                              struct tw_error *err)
{
	if (tw_list_trim(text).len == 0) {
		return TW_OK;
	}
	line_parse(reader, text);
	if (reader->memory_short) {
		return fail_at(file, line->number, TW_E_MEMORY, "no memory for the list", err);
	}
	if (reader->unread && last && text.ptr[0] == '{') {
		return fail_at(file, line->number, TW_E_SYNTAX, "the list ends in the middle of a line", err);
	}
	if (reader->unread) {
		tw_list_stage_skip(reader->stage, reader->unread, line->number, true);
		return TW_OK;
	}
	line->facts = reader->facts.data;
	line->fact_count = reader->facts.count;
	if (reader->map->line(line)) {
		return TW_OK;
	}
	const char *limit = reader->stage->limit;
	return fail_at(file, line->number, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", err);
}

enum tw_code tw_json_lines_load(struct tw_list_stage *stage, const struct tw_list_file *file, const struct tw_json_map *map, void *user,
                                struct tw_error *err)
{
	struct tw_slice left = file->bytes;
	struct tw_json_line line = {.stage = stage, .user = user};
	struct reader *reader = tw_arena_alloc(&stage->arena, sizeof(*reader));
	if (!reader) {
		return fail_at(file, 1, TW_E_MEMORY, "no memory for the list", err);
	}
	assert(map->field_count <= TW_JSON_FIELDS_MAX);
	reader->map = map;
	reader->stage = stage;
	for (uint32_t i = 0; i < map->field_count; i++) {
		reader->field_len[i] = (uint32_t)strlen(map->fields[i].path);
	}
	if (left.len >= 3 && memcmp(left.ptr, "\xef\xbb\xbf", 3) == 0) {
		left = (struct tw_slice){left.ptr + 3, left.len - 3};
	}
	enum tw_code code = TW_OK;
	while (left.len && code == TW_OK) {
		const char *end = memchr(left.ptr, '\n', left.len);
		uint32_t length = end ? (uint32_t)(end - left.ptr) : left.len;
		line.number++;
		code = line_load(reader, file, (struct tw_slice){left.ptr, length}, !end, &line, err);
		length += end != NULL;
		left = (struct tw_slice){left.ptr + length, left.len - length};
	}
	return code;
}

struct tw_slice tw_json_value(const struct tw_json_line *line, uint32_t slot)
{
	for (uint32_t i = 0; i < line->fact_count; i++) {
		if (line->facts[i].group == 0 && line->facts[i].slot == slot && line->facts[i].text.len) {
			return line->facts[i].text;
		}
	}
	return (struct tw_slice){"", 0};
}

bool tw_json_object_next(const struct tw_json_line *line, uint32_t *at, struct tw_json_object *out)
{
	while (*at < line->fact_count && line->facts[*at].group == 0) {
		++*at;
	}
	if (*at == line->fact_count) {
		return false;
	}
	*out = (struct tw_json_object){.group = line->facts[*at].group, .serial = line->facts[*at].serial};
	for (uint32_t i = 0; i < TW_JSON_SLOTS_MAX; i++) {
		out->slot[i] = (struct tw_slice){"", 0};
	}
	for (; *at < line->fact_count && line->facts[*at].serial == out->serial; ++*at) {
		struct tw_slice *slot = &out->slot[line->facts[*at].slot];
		*slot = slot->len ? *slot : line->facts[*at].text;
	}
	return true;
}
