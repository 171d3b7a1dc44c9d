/**
 * @file alert_reader.c
 * yajl's callbacks into struct tw_alert_view, led by tables.
 *
 * A *shape* lists the members of one JSON object with their place in a struct; a stack of frames follows the nesting. A member that no
 * shape knows is skipped with everything in it (`skip` counts its brackets).
 *
 *     line {"topic", "key", "headers", "value": {alert}}     frame 0 is the line; it knows "value" beside the alert's own members,
 *     line {alert}                                           so that both forms are read by one table
 *
 * Invariant: frames[depth] is the object or array being read; it is never popped below 0 before the root ends.
 */
#include "engine/emit/alert_reader.h"

#include "engine/base/arena.h"

#include <stdio.h>
#include <yajl/yajl_parse.h>

#define FRAMES       16 /* the deepest path, value / matches / match / parts / item, has 7 */
#define COUNT(table) ((uint32_t)(sizeof(table) / sizeof((table)[0])))

enum member_kind { TEXT = 1, INTEGER, FLAG, OBJECT, OBJECTS, TEXTS, FACTS };

struct shape;

struct member {
	const char *name;
	enum member_kind kind;
	size_t offset;
	const struct shape *shape;
};

struct shape {
	size_t size;
	const struct member *members;
	uint32_t count;
};

#define MEMBER(struct_, member_, kind_)                                                                                                              \
	{                                                                                                                                            \
#member_, kind_, offsetof(struct struct_, member_), NULL                                                                             \
	}
#define NESTED(struct_, member_, kind_, shape_)                                                                                                      \
	{                                                                                                                                            \
#member_, kind_, offsetof(struct struct_, member_), &shape_                                                                          \
	}
#define SHAPE(name_, struct_, table) static const struct shape name_ = {sizeof(struct struct_), table, COUNT(table)}

static const struct member evidence_members[] = {
    MEMBER(tw_evidence_view, pointer, TEXT), MEMBER(tw_evidence_view, from, INTEGER), MEMBER(tw_evidence_view, to, INTEGER),
    MEMBER(tw_evidence_view, text, TEXT),    MEMBER(tw_evidence_view, cut, FLAG),
};
SHAPE(evidence_shape, tw_evidence_view, evidence_members);

static const struct member reason_members[] = {
    MEMBER(tw_reason_view, rule, TEXT),        MEMBER(tw_reason_view, version, INTEGER), MEMBER(tw_reason_view, status, TEXT),
    MEMBER(tw_reason_view, title, TEXT),       MEMBER(tw_reason_view, points, INTEGER),  MEMBER(tw_reason_view, counted, INTEGER),
    MEMBER(tw_reason_view, group, TEXT),       MEMBER(tw_reason_view, action, TEXT),     MEMBER(tw_reason_view, lane, TEXT),
    MEMBER(tw_reason_view, severity, INTEGER), MEMBER(tw_reason_view, because, TEXT),    NESTED(tw_reason_view, evidence, OBJECTS, evidence_shape),
    MEMBER(tw_reason_view, facts, FACTS),      MEMBER(tw_reason_view, related, TEXTS),   MEMBER(tw_reason_view, settles, TEXTS),
    MEMBER(tw_reason_view, source, TEXT),
};
SHAPE(reason_shape, tw_reason_view, reason_members);

static const struct member suppressed_members[] = {
    MEMBER(tw_suppressed_view, rule, TEXT),      MEMBER(tw_suppressed_view, version, INTEGER), MEMBER(tw_suppressed_view, title, TEXT),
    MEMBER(tw_suppressed_view, points, INTEGER), MEMBER(tw_suppressed_view, counted, INTEGER), MEMBER(tw_suppressed_view, action, TEXT),
    MEMBER(tw_suppressed_view, because, TEXT),   MEMBER(tw_suppressed_view, reason, TEXT),     MEMBER(tw_suppressed_view, author, TEXT),
    MEMBER(tw_suppressed_view, until, TEXT),
};
SHAPE(suppressed_shape, tw_suppressed_view, suppressed_members);

static const struct member filed_members[] = {
    MEMBER(tw_papers_filed, paper, TEXT),
    MEMBER(tw_papers_filed, number, TEXT),
    MEMBER(tw_papers_filed, state, TEXT),
    MEMBER(tw_papers_filed, status, TEXT),
};
SHAPE(filed_shape, tw_papers_filed, filed_members);

static const struct member row_members[] = {
    MEMBER(tw_papers_row, line, INTEGER),     MEMBER(tw_papers_row, what, TEXT),    MEMBER(tw_papers_row, verdict, TEXT),
    MEMBER(tw_papers_row, manifest, TEXT),    MEMBER(tw_papers_row, licence, TEXT), MEMBER(tw_papers_row, invoice, TEXT),
    MEMBER(tw_papers_row, certificate, TEXT), MEMBER(tw_papers_row, note, TEXT),    MEMBER(tw_papers_row, packing_list, TEXT),
};
SHAPE(row_shape, tw_papers_row, row_members);

static const struct member papers_members[] = {
    NESTED(tw_papers, filed, OBJECTS, filed_shape),
    NESTED(tw_papers, rows, OBJECTS, row_shape),
    MEMBER(tw_papers, dropped, INTEGER),
};
SHAPE(papers_shape, tw_papers, papers_members);

static const struct member part_members[] = {
    MEMBER(tw_part_view, feature, TEXT),
    MEMBER(tw_part_view, ppm, INTEGER),
};
SHAPE(part_shape, tw_part_view, part_members);

static const struct member match_members[] = {
    MEMBER(tw_match_view, list, TEXT),
    MEMBER(tw_match_view, entry, TEXT),
    MEMBER(tw_match_view, name, TEXT),
    MEMBER(tw_match_view, programme, TEXT),
    MEMBER(tw_match_view, basis, TEXT),
    MEMBER(tw_match_view, query, TEXT),
    MEMBER(tw_match_view, similarity_ppm, INTEGER),
    NESTED(tw_match_view, parts, OBJECTS, part_shape),
    MEMBER(tw_match_view, measures, TEXTS),
    MEMBER(tw_match_view, listed_on, TEXT),
    MEMBER(tw_match_view, role, TEXT),
};
SHAPE(match_shape, tw_match_view, match_members);

static const struct member known_members[] = {
    MEMBER(tw_known_view, kind, TEXT),  MEMBER(tw_known_view, key, TEXT),    MEMBER(tw_known_view, seen, INTEGER),
    MEMBER(tw_known_view, first, TEXT), MEMBER(tw_known_view, window, TEXT),
};
SHAPE(known_shape, tw_known_view, known_members);

static const struct member listed_members[] = {
    MEMBER(tw_listed_view, id, TEXT),         MEMBER(tw_listed_view, date, TEXT),  MEMBER(tw_listed_view, digest, TEXT),
    MEMBER(tw_listed_view, entries, INTEGER), MEMBER(tw_listed_view, stale, TEXT),
};
SHAPE(listed_shape, tw_listed_view, listed_members);

static const struct member snapshot_members[] = {
    MEMBER(tw_snapshot_view, digest, TEXT),
    MEMBER(tw_snapshot_view, rules, TEXT),
    NESTED(tw_snapshot_view, lists, OBJECTS, listed_shape),
};
SHAPE(snapshot_shape, tw_snapshot_view, snapshot_members);

static const struct member summary_members[] = {
    MEMBER(tw_summary_view, what, TEXT), MEMBER(tw_summary_view, items, INTEGER),  MEMBER(tw_summary_view, from, TEXT),
    MEMBER(tw_summary_view, to, TEXT),   MEMBER(tw_summary_view, consignor, TEXT), MEMBER(tw_summary_view, consignee, TEXT),
};
SHAPE(summary_shape, tw_summary_view, summary_members);

static const struct member about_members[] = {
    MEMBER(tw_about_view, kind, TEXT),
    MEMBER(tw_about_view, key, TEXT),
};
SHAPE(about_shape, tw_about_view, about_members);

static const struct member selection_members[] = {
    MEMBER(tw_selection_view, by, TEXT),
    MEMBER(tw_selection_view, inclusion_ppm, INTEGER),
};
SHAPE(selection_shape, tw_selection_view, selection_members);

static const struct member input_members[] = {
    MEMBER(tw_input_view, topic, TEXT),  MEMBER(tw_input_view, partition, INTEGER), MEMBER(tw_input_view, offset, INTEGER),
    MEMBER(tw_input_view, id, TEXT),     MEMBER(tw_input_view, source, TEXT),       MEMBER(tw_input_view, type, TEXT),
    MEMBER(tw_input_view, digest, TEXT),
};
SHAPE(input_shape, tw_input_view, input_members);

static const struct member alert_members[] = {
    MEMBER(tw_alert_view, alert, TEXT),
    MEMBER(tw_alert_view, raised, TEXT),
    MEMBER(tw_alert_view, consignment, TEXT),
    NESTED(tw_alert_view, about, OBJECT, about_shape),
    MEMBER(tw_alert_view, revision, INTEGER),
    MEMBER(tw_alert_view, office, TEXT),
    MEMBER(tw_alert_view, eta, TEXT),
    NESTED(tw_alert_view, summary, OBJECT, summary_shape),
    {"lane", TEXT, offsetof(struct tw_alert_view, lane_text), NULL},
    MEMBER(tw_alert_view, points, INTEGER),
    MEMBER(tw_alert_view, probability_ppm, INTEGER),
    MEMBER(tw_alert_view, rank_key, TEXT),
    NESTED(tw_alert_view, selection, OBJECT, selection_shape),
    MEMBER(tw_alert_view, hold, TEXT),
    NESTED(tw_alert_view, reasons, OBJECTS, reason_shape),
    MEMBER(tw_alert_view, reasons_dropped, INTEGER),
    NESTED(tw_alert_view, suppressed, OBJECTS, suppressed_shape),
    NESTED(tw_alert_view, papers, OBJECT, papers_shape),
    NESTED(tw_alert_view, matches, OBJECTS, match_shape),
    MEMBER(tw_alert_view, warnings, TEXTS),
    NESTED(tw_alert_view, entities, OBJECTS, known_shape),
    MEMBER(tw_alert_view, related, TEXTS),
    NESTED(tw_alert_view, snapshot, OBJECT, snapshot_shape),
    NESTED(tw_alert_view, input, OBJECT, input_shape),
    MEMBER(tw_alert_view, engine, TEXT),
    MEMBER(tw_alert_view, detail, TEXT),
};
SHAPE(alert_shape, tw_alert_view, alert_members);

/* ---- the stack ---- */

struct frame {
	const struct shape *shape; /* OBJECT: its members; OBJECTS: of each element */
	enum member_kind kind;     /* OBJECT, OBJECTS, TEXTS or FACTS */
	void *into;                /* OBJECT: the struct; others: the struct tw_list */
};

struct reader {
	yajl_handle parser;
	struct tw_arena *arena;
	struct tw_alert_view *view;
	struct tw_slice line;
	struct frame frames[FRAMES];
	uint32_t depth;              /* frames in use */
	uint32_t skip;               /* brackets open inside a member nobody knows */
	const struct member *member; /* the one whose value comes next, NULL: nobody's */
	struct tw_slice name;        /* FACTS: of the next value */
	bool rooted, is_value, in_value, letter;
	bool other; /* a hold, a record of a rule in the shadow, or an answer to a trace */
	enum tw_code code;
	const char *what; /* of the failure */
};

static int stop(struct reader *reader, enum tw_code code, const char *what)
{
	reader->code = code;
	reader->what = what;
	return 0;
}

static struct frame *top_frame(struct reader *reader)
{
	return &reader->frames[reader->depth - 1];
}

static int push(struct reader *reader, enum member_kind kind, const struct shape *shape, void *into)
{
	if (reader->depth == FRAMES) {
		return stop(reader, TW_E_LIMIT, "nested too deep for an alert");
	}
	reader->frames[reader->depth++] = (struct frame){shape, kind, into};
	reader->member = NULL;
	return 1;
}

static void *place_of(struct reader *reader)
{
	return (char *)top_frame(reader)->into + reader->member->offset;
}

static bool copied(struct reader *reader, const unsigned char *bytes, size_t length, struct tw_slice *out)
{
	*out = tw_arena_copy(reader->arena, (struct tw_slice){(const char *)bytes, (uint32_t)length});
	return out->ptr != NULL;
}

/* One value of kind TEXT, INTEGER or FLAG, in its JSON text, goes where the frame says. */
static int scalar(struct reader *reader, enum member_kind kind, const unsigned char *bytes, size_t length, int64_t number)
{
	if (reader->skip || reader->depth == 0) {
		return reader->skip ? 1 : stop(reader, TW_E_TYPE, "the line is no object");
	}
	struct frame *frame = top_frame(reader);
	struct tw_slice *text = NULL;
	if (frame->kind == FACTS) {
		struct tw_fact_view *fact = tw_list_push(reader->arena, frame->into, sizeof(*fact));
		text = fact ? &fact->value : NULL;
		if (fact) {
			fact->name = reader->name;
		}
	} else if (frame->kind == OBJECTS || (frame->kind == TEXTS && kind != TEXT) || (reader->member && reader->member->kind != kind)) {
		return stop(reader, TW_E_TYPE, "a member has another type than an alert's");
	} else if (frame->kind == TEXTS) {
		text = tw_list_push(reader->arena, frame->into, sizeof(*text));
	} else if (!reader->member) {
		return 1;
	} else if (kind == TEXT) {
		text = place_of(reader);
	} else if (kind == INTEGER) {
		*(int64_t *)place_of(reader) = number;
		return 1;
	} else {
		*(bool *)place_of(reader) = number != 0;
		return 1;
	}
	return text && copied(reader, bytes, length, text) ? 1 : stop(reader, TW_E_MEMORY, "no memory to read an alert");
}

static int on_string(void *context, const unsigned char *bytes, size_t length)
{
	return scalar(context, TEXT, bytes, length, 0);
}

static int on_boolean(void *context, int flag)
{
	const char *text = flag ? "true" : "false";
	return scalar(context, FLAG, (const unsigned char *)text, strlen(text), flag);
}

/* Of a member, "not stated"; an element cannot be that. */
static int on_null(void *context)
{
	struct reader *reader = context;
	if (reader->depth && top_frame(reader)->kind == OBJECT) {
		reader->member = NULL;
	}
	return scalar(context, FLAG, (const unsigned char *)"null", 4, 0);
}

/* @return false for a fraction, an exponent, or more digits than an int64 has */
static bool integer_of(const char *bytes, size_t length, int64_t *out)
{
	bool negative = length && bytes[0] == '-';
	int64_t value = 0;
	for (size_t i = negative; i < length; i++) {
		int digit = bytes[i] - '0';
		if (digit < 0 || digit > 9 || value < (INT64_MIN + digit) / 10) {
			return false;
		}
		value = value * 10 - digit;
	}
	if (!negative && value == INT64_MIN) {
		return false;
	}
	*out = negative ? value : -value;
	return true;
}

static int on_number(void *context, const char *bytes, size_t length)
{
	struct reader *reader = context;
	int64_t number = 0;
	bool whole = integer_of(bytes, length, &number);
	if (!whole && !reader->skip && reader->member && reader->member->kind == INTEGER) {
		return stop(reader, TW_E_TYPE, "a count is no whole number");
	}
	return scalar(reader, INTEGER, (const unsigned char *)bytes, length, number);
}

/* Where the body's JSON starts and ends in the line: yajl has just read the bracket. */
static uint32_t consumed(const struct reader *reader)
{
	return (uint32_t)yajl_get_bytes_consumed(reader->parser);
}

static int open_root(struct reader *reader)
{
	reader->rooted = true;
	reader->view->body = (struct tw_slice){reader->line.ptr + consumed(reader) - 1, 1};
	return push(reader, OBJECT, &alert_shape, reader->view);
}

/* The envelope's "value" starts over: whatever the line itself said of an alert's members is not the alert. */
static int open_value(struct reader *reader)
{
	*reader->view = (struct tw_alert_view){.body = {reader->line.ptr + consumed(reader) - 1, 1}};
	reader->in_value = true;
	reader->is_value = false;
	return push(reader, OBJECT, &alert_shape, reader->view);
}

static int on_start_map(void *context)
{
	struct reader *reader = context;
	if (!reader->rooted) {
		return open_root(reader);
	}
	if (reader->is_value && !reader->skip) {
		return open_value(reader);
	}
	struct frame *frame = reader->depth ? top_frame(reader) : NULL;
	if (reader->skip || !frame) {
		reader->skip++;
		return 1;
	}
	if (frame->kind == OBJECTS) {
		void *element = tw_list_push(reader->arena, frame->into, frame->shape->size);
		return element ? push(reader, OBJECT, frame->shape, element) : stop(reader, TW_E_MEMORY, "no memory to read an alert");
	}
	if (frame->kind == OBJECT && !reader->member) {
		reader->skip++;
		return 1;
	}
	if (frame->kind == OBJECT && (reader->member->kind == OBJECT || reader->member->kind == FACTS)) {
		return push(reader, reader->member->kind, reader->member->shape, place_of(reader));
	}
	return stop(reader, TW_E_TYPE, "a member has another type than an alert's");
}

static int on_start_array(void *context)
{
	struct reader *reader = context;
	struct frame *frame = reader->depth ? top_frame(reader) : NULL;
	if (!reader->rooted || !frame) {
		return stop(reader, TW_E_TYPE, "the line is no object");
	}
	if (reader->skip || (frame->kind == OBJECT && !reader->member)) {
		reader->skip++;
		return 1;
	}
	if (frame->kind == OBJECT && (reader->member->kind == OBJECTS || reader->member->kind == TEXTS)) {
		return push(reader, reader->member->kind, reader->member->shape, place_of(reader));
	}
	return stop(reader, TW_E_TYPE, "a member has another type than an alert's");
}

static int close_bracket(void *context)
{
	struct reader *reader = context;
	if (reader->skip) {
		reader->skip--;
		return 1;
	}
	reader->depth--;
	reader->member = NULL;
	if (reader->depth == (reader->in_value ? 1 : 0)) {
		reader->view->body.len = (uint32_t)(reader->line.ptr + consumed(reader) - reader->view->body.ptr);
	}
	return 1;
}

static bool is_name(const unsigned char *bytes, size_t length, const char *name)
{
	return length == strlen(name) && memcmp(bytes, name, length) == 0;
}

static const struct member *member_of(const struct shape *shape, const unsigned char *bytes, size_t length)
{
	for (uint32_t i = 0; i < shape->count; i++) {
		if (is_name(bytes, length, shape->members[i].name)) {
			return &shape->members[i];
		}
	}
	return NULL;
}

static int on_map_key(void *context, const unsigned char *bytes, size_t length)
{
	struct reader *reader = context;
	if (reader->skip) {
		return 1;
	}
	struct frame *frame = top_frame(reader);
	if (frame->kind == FACTS) {
		return copied(reader, bytes, length, &reader->name) ? 1 : stop(reader, TW_E_MEMORY, "no memory to read an alert");
	}
	bool line = reader->depth == 1 && !reader->in_value;
	reader->is_value = line && is_name(bytes, length, "value");
	reader->letter = reader->letter || (line && is_name(bytes, length, "value_base64"));
	bool own = frame->into == reader->view;
	reader->other =
	    reader->other || (own && (is_name(bytes, length, "placed_at") || is_name(bytes, length, "shadow") || is_name(bytes, length, "trace")));
	reader->member = reader->is_value || (reader->depth == 1 && reader->in_value) ? NULL : member_of(frame->shape, bytes, length);
	return 1;
}

static const yajl_callbacks callbacks = {on_null,      on_boolean, NULL,          NULL,           on_number,    on_string,
                                         on_start_map, on_map_key, close_bracket, on_start_array, close_bracket};

/* ---- the verdict ---- */

static enum tw_code alert_check(struct tw_alert_view *view, struct tw_error *err)
{
	static const char *const lanes[] = {"red", "yellow", "blue", "green"};
	const struct {
		const char *name;
		struct tw_slice value;
	} needed[] = {{"alert", view->alert}, {"rank_key", view->rank_key}, {"lane", view->lane_text}};
	for (size_t i = 0; i < COUNT(needed); i++) {
		if (needed[i].value.len == 0) {
			return tw_fail(err, TW_E_MISSING, TW_REJECT, "no alert", NULL, "member \"%s\" is missing", needed[i].name);
		}
	}
	for (uint32_t i = 0; i < COUNT(lanes); i++) {
		if (tw_slice_is(view->lane_text, lanes[i])) {
			view->lane = (enum tw_lane)(i + 1);
			return TW_OK;
		}
	}
	return tw_fail(err, TW_E_UNKNOWN, TW_REJECT, "no such lane", NULL, "\"%.*s\"; red, yellow, blue and green are known",
	               (int)(view->lane_text.len < 64 ? view->lane_text.len : 64), view->lane_text.ptr);
}

static enum tw_code read_fail(const struct reader *reader, struct tw_error *err)
{
	char where[32];
	snprintf(where, sizeof(where), "byte %u", consumed(reader));
	if (reader->code == TW_E_MEMORY) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, reader->what, where, NULL);
	}
	if (reader->code != TW_OK) {
		return tw_fail(err, reader->code, TW_REJECT, reader->what, where, NULL);
	}
	return tw_fail(err, TW_E_SYNTAX, TW_REJECT, "the line is no JSON object", where, NULL);
}

enum tw_code tw_alert_read(struct tw_slice line, struct tw_arena *arena, bool *other, struct tw_alert_view *out, struct tw_error *err)
{
	struct tw_alert_view view = {.lane = TW_LANE_GREEN};
	struct reader reader = {.arena = arena, .view = &view, .line = line, .code = TW_OK};
	reader.parser = yajl_alloc(&callbacks, NULL, &reader);
	if (!reader.parser) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory to read an alert", NULL, NULL);
	}
	enum tw_code code = TW_OK;
	yajl_status status = yajl_parse(reader.parser, (const unsigned char *)line.ptr, line.len);
	status = status == yajl_status_ok ? yajl_complete_parse(reader.parser) : status;
	if (status != yajl_status_ok) {
		code = read_fail(&reader, err);
	} else if (reader.other || (reader.letter && !reader.in_value)) {
		*other = true;
	} else {
		code = alert_check(&view, err);
		*other = false;
	}
	yajl_free(reader.parser);
	if (code == TW_OK) {
		*out = view;
	}
	return code;
}
