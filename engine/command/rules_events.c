/**
 * @file rules_events.c
 * See rules_events.h.
 */
#include "engine/command/rules_events.h"

#include <string.h>

#include "engine/base/file.h"
#include "engine/base/nearest.h"
#include "engine/decode/flat.h"
#include "engine/event/shape.h"
#include "engine/io/envelope.h"

/* History enough for any rule, and a file that is meant for `screen` is refused. */
#define FILE_BYTES_MAX (64U * 1024U * 1024U)

struct one {
	struct tw_slice bytes;
	struct tw_slice id, source;
	enum tw_family family;
};

static enum tw_code type_unknown(struct tw_slice type, const char *where, struct tw_error *err)
{
	struct tw_nearest nearest = tw_nearest_to(type);
	char hint[TW_HINT_BYTES];
	for (uint32_t i = 1; i <= (uint32_t)TW_EVENT_TYPE_LAST; i++) {
		tw_nearest_offer(&nearest, tw_event_type_name((enum tw_event_type)i));
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "no such event type", where, "\"%.*s\"%s", (int)type.len, type.ptr,
	               tw_nearest_hint(&nearest, hint));
}

/* @return NULL, or why not; the copy is because splitting writes over the line */
static const char *unwrap(struct tw_slice line, struct tw_arena *arena, struct tw_slice *value)
{
	struct tw_line_envelope envelope;
	char *own = tw_arena_alloc_raw(arena, (size_t)line.len + 1);
	if (!own) {
		return "no memory for an event";
	}
	memcpy(own, line.ptr, line.len);
	const char *why = tw_envelope_split(own, line.len, &envelope);
	*value = why ? *value : envelope.value;
	return why;
}

static enum tw_code event_of(struct tw_slice line, const char *where, struct tw_arena *arena, struct one *out, struct tw_error *err)
{
	static const char *const names[] = {"topic", "type", "id", "source"};
	struct tw_slice member[4] = {{NULL, 0}};
	enum tw_code code = tw_flat_read(line, names, 4, arena, member, err);
	out->bytes = line;
	if (code == TW_OK && member[0].len && !member[1].len) {
		const char *why = unwrap(line, arena, &out->bytes);
		if (why) {
			return tw_fail(err, TW_E_SYNTAX, TW_REJECT, why, where, NULL);
		}
		code = tw_flat_read(out->bytes, names, 4, arena, member, err);
	}
	if (code != TW_OK) {
		return code == TW_E_MEMORY ? code : tw_fail(err, code, TW_REJECT, "an event is one JSON object", where, NULL);
	}
	if (!member[1].len) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "the event has no type", where, NULL);
	}
	out->id = member[2];
	out->source = member[3];
	enum tw_event_type type = tw_event_type_find(member[1]);
	out->family = type ? tw_event_type_family(type) : (enum tw_family)0;
	return type ? TW_OK : type_unknown(member[1], where, err);
}

static bool is_blank(struct tw_slice line)
{
	for (uint32_t i = 0; i < line.len; i++) {
		if (!strchr(" \t\r", line.ptr[i])) {
			return false;
		}
	}
	return true;
}

static enum tw_code lines_read(struct tw_slice file, const char *path, struct tw_arena *arena, struct tw_list *out, struct tw_error *err)
{
	const char *at = file.ptr, *end = file.ptr + file.len;
	enum tw_code code = TW_OK;
	for (uint32_t number = 1; code == TW_OK && at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
		struct tw_slice line = {at, (uint32_t)(stop - at)};
		char where[TW_ERROR_WHERE_BYTES];
		at = newline ? newline + 1 : end;
		if (is_blank(line)) {
			continue;
		}
		snprintf(where, sizeof(where), "%s:%u", path, number);
		struct one *one = tw_list_push(arena, out, sizeof(*one));
		code = one ? event_of(line, where, arena, one, err) : tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for events", NULL, NULL);
	}
	return code;
}

/* A whole file that is one object may stand on many lines. */
static enum tw_code events_read(struct tw_slice file, const char *path, struct tw_arena *arena, struct tw_list *out, struct tw_error *err)
{
	struct one whole;
	struct tw_error unheard;
	if (event_of(file, path, arena, &whole, &unheard) == TW_OK) {
		struct one *one = tw_list_push(arena, out, sizeof(*one));
		if (!one) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for events", NULL, NULL);
		}
		*one = whole;
		return TW_OK;
	}
	return lines_read(file, path, arena, out, err);
}

/* @return how many events there are up to the one that is asked about, 0 when it is not there */
static uint32_t up_to(const struct tw_list *events, const struct tw_rules_event_id *asked)
{
	const struct one *one = events->data;
	uint32_t count = events->count;
	while (asked && count && !(tw_slice_equal(one[count - 1].id, asked->id) && tw_slice_equal(one[count - 1].source, asked->source))) {
		count--;
	}
	return count;
}

enum tw_code tw_rules_events_read(const char *path, const struct tw_rules_event_id *asked, struct tw_arena *arena, struct tw_rule_test *test,
                                  struct tw_error *err)
{
	struct tw_list events = {NULL, 0, 0};
	struct tw_slice file;
	struct tw_error why;
	enum tw_code code = tw_file_read(path, FILE_BYTES_MAX, arena, &file, &why);
	if (code != TW_OK) {
		return tw_fail(err, code == TW_E_MEMORY ? code : TW_E_IO, TW_REJECT, "a file of events cannot be read", path, "%s",
		               why.detail[0] ? why.detail : why.what);
	}
	code = events_read(file, path, arena, &events, err);
	if (code != TW_OK) {
		return code;
	}
	if (!events.count) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "there is no event", path, NULL);
	}
	const struct one *one = events.data;
	uint32_t count = up_to(&events, asked);
	if (!count) {
		return tw_fail(err, TW_E_MISSING, TW_REJECT, "the event that raised the alert is not there", path, "id %.*s of %.*s",
		               (int)asked->id.len, asked->id.ptr, (int)asked->source.len, asked->source.ptr);
	}
	uint32_t given = count - 1;
	test->given = tw_arena_alloc(arena, given * sizeof(*test->given));
	test->given_family = tw_arena_alloc(arena, given * sizeof(*test->given_family));
	if (!test->given || !test->given_family) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for events", NULL, NULL);
	}
	for (uint32_t i = 0; i < given; i++) {
		test->given[i] = one[i].bytes;
		test->given_family[i] = one[i].family;
	}
	test->given_count = given;
	test->event = one[given].bytes;
	test->family = one[given].family;
	return TW_OK;
}
