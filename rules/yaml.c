/**
 * @file yaml.c
 * From libyaml's events to a tree; see yaml.h. The only file that knows libyaml.
 */
#include "rules/yaml.h"

#include <tidewaiter/limits.h>
#include <yaml.h>

#include "engine/base/arena.h"

/* a condition takes up to three levels (list, mapping, operand), and the rule around it a few more */
#define LEVELS_MAX (TW_RULE_DEPTH_MAX * 4)
/* finding duplicates is quadratic; no mapping that a person wrote comes near */
#define KEYS_MAX 1000U
/* some editors begin a file of UTF-8 with it; libyaml takes it for a document of its own where it is told the encoding */
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"
/* a line that is indented with a tab is found out a line or two later */
#define TAB_LINES_MAX 4U

/* Everything one parse needs: libyaml's parser, and the mapping or sequence each level is in. */
struct reader {
	yaml_parser_t parser;
	struct tw_arena *arena;
	struct tw_rule_report *report;
	struct tw_yaml *root;
	struct tw_yaml *level[LEVELS_MAX];
	uint32_t depth;
	struct tw_slice key; /* read, its value is next */
	struct tw_mark key_mark;
	bool has_key;
};

static struct tw_mark mark_of(yaml_mark_t mark)
{
	return (struct tw_mark){(uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static bool fail(struct reader *reader, struct tw_mark mark, enum tw_code code, const char *text)
{
	tw_report_error(reader->report, mark, code, "%s", text);
	return false;
}

static struct tw_yaml *node_new(struct reader *reader, const yaml_event_t *event, enum tw_yaml_kind kind)
{
	struct tw_yaml *node = tw_arena_alloc(reader->arena, sizeof(*node));
	if (!node) {
		fail(reader, mark_of(event->start_mark), TW_E_MEMORY, "no memory");
		return NULL;
	}
	node->kind = kind;
	node->mark = mark_of(event->start_mark);
	node->file = reader->report->file;
	return node;
}

/* Hang a node where it belongs: the root, the next element, or the value of the key read before. */
static bool attach(struct reader *reader, struct tw_yaml *node)
{
	if (reader->depth == 0) {
		if (reader->root) {
			return fail(reader, node->mark, TW_E_SYNTAX, "more than one document");
		}
		reader->root = node;
		return true;
	}
	struct tw_yaml *parent = reader->level[reader->depth - 1];
	if (parent->kind == TW_YAML_MAPPING) {
		node->key = reader->key;
		node->key_mark = reader->key_mark;
		reader->has_key = false;
	}
	if (parent->last) {
		parent->last->next = node;
	} else {
		parent->first = node;
	}
	parent->last = node;
	parent->count++;
	return true;
}

static bool wants_key(const struct reader *reader)
{
	return reader->depth && reader->level[reader->depth - 1]->kind == TW_YAML_MAPPING && !reader->has_key;
}

static bool take_key(struct reader *reader, const yaml_event_t *event)
{
	struct tw_slice text = {(const char *)event->data.scalar.value, (uint32_t)event->data.scalar.length};
	struct tw_yaml *mapping = reader->level[reader->depth - 1];
	struct tw_mark mark = mark_of(event->start_mark);
	for (const struct tw_yaml *other = mapping->first; other; other = other->next) {
		if (tw_slice_equal(other->key, text)) {
			tw_report_error(reader->report, mark, TW_E_CONFLICT, "the key \"%.64s\" stands here a second time, first in line %u",
			                other->key.ptr, other->key_mark.line);
			return false;
		}
	}
	if (mapping->count >= KEYS_MAX) {
		return fail(reader, mark, TW_E_LIMIT, "a mapping has more than 1000 keys");
	}
	reader->key = tw_arena_copy(reader->arena, text);
	reader->key_mark = mark;
	reader->has_key = true;
	return reader->key.ptr ? true : fail(reader, mark, TW_E_MEMORY, "no memory");
}

static size_t characters(struct tw_slice text)
{
	size_t count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		count += ((unsigned char)text.ptr[i] & 0xC0) != 0x80;
	}
	return count;
}

/* On one line, and no escape in it: then its length says so. libyaml counts characters. */
static bool stands_as_it_is(const yaml_event_t *event)
{
	struct tw_slice text = {(const char *)event->data.scalar.value, (uint32_t)event->data.scalar.length};
	size_t quotes = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? 0 : 2;
	return event->start_mark.line == event->end_mark.line && event->end_mark.index - event->start_mark.index == characters(text) + quotes;
}

static bool take_scalar(struct reader *reader, const yaml_event_t *event)
{
	if (event->data.scalar.anchor || event->data.scalar.tag) {
		return fail(reader, mark_of(event->start_mark), TW_E_SYNTAX, "anchors and tags are not part of the rule language");
	}
	if (wants_key(reader)) {
		return take_key(reader, event);
	}
	struct tw_yaml *node = node_new(reader, event, TW_YAML_SCALAR);
	if (!node) {
		return false;
	}
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->verbatim = stands_as_it_is(event);
	node->text = tw_arena_copy(reader->arena, (struct tw_slice){(const char *)event->data.scalar.value, (uint32_t)event->data.scalar.length});
	return node->text.ptr ? attach(reader, node) : fail(reader, node->mark, TW_E_MEMORY, "no memory");
}

static bool open_level(struct reader *reader, const yaml_event_t *event, enum tw_yaml_kind kind)
{
	struct tw_mark mark = mark_of(event->start_mark);
	const void *anchor = kind == TW_YAML_MAPPING ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
	const void *tag = kind == TW_YAML_MAPPING ? event->data.mapping_start.tag : event->data.sequence_start.tag;
	if (anchor || tag) {
		return fail(reader, mark, TW_E_SYNTAX, "anchors and tags are not part of the rule language");
	}
	if (wants_key(reader)) {
		return fail(reader, mark, TW_E_SYNTAX, "a key must be a word");
	}
	if (reader->depth == LEVELS_MAX) {
		return fail(reader, mark, TW_E_LIMIT, "nested too deep");
	}
	struct tw_yaml *node = node_new(reader, event, kind);
	if (!node || !attach(reader, node)) {
		return false;
	}
	reader->level[reader->depth++] = node;
	return true;
}

static bool take(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(reader, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_level(reader, event, TW_YAML_SEQUENCE);
	case YAML_MAPPING_START_EVENT:
		return open_level(reader, event, TW_YAML_MAPPING);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		reader->depth--;
		return true;
	case YAML_ALIAS_EVENT:
		return fail(reader, mark_of(event->start_mark), TW_E_SYNTAX, "aliases are not part of the rule language");
	case YAML_DOCUMENT_START_EVENT:
		if (reader->root) {
			return fail(reader, mark_of(event->start_mark), TW_E_SYNTAX, "more than one document");
		}
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	}
	return true;
}

/* libyaml gives no mark for bytes that are not UTF-8, only their offset. */
static struct tw_mark mark_at(struct tw_slice bytes, size_t offset)
{
	struct tw_mark mark = {1, 1};
	for (size_t i = 0; i < offset && i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];
		mark.column = c == '\n' ? 1 : mark.column + ((c & 0xC0) != 0x80);
		mark.line += c == '\n';
	}
	return mark;
}

static char byte_at(struct tw_slice bytes, struct tw_mark mark)
{
	const char *at = bytes.ptr, *end = at + bytes.len;
	for (uint32_t line = 1; at && at < end && line < mark.line; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		at = newline ? newline + 1 : end;
	}
	return at && (size_t)(end - at) >= mark.column ? at[mark.column - 1] : '\0'; /* what stands before it, if anything, is white */
}

/* The line of the mark, or one not far before it, whose indentation has a tab: such a line was read as part of the one above. */
static struct tw_mark tab_before(struct tw_slice bytes, struct tw_mark mark)
{
	struct tw_mark found = {0, 0};
	const char *at = bytes.ptr, *end = at + bytes.len;
	for (uint32_t line = 1; at && at < end && line <= mark.line; line++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *text = at;
		while (text < end && *text == ' ') {
			text++;
		}
		if (text < end && *text == '\t' && line + TAB_LINES_MAX > mark.line) {
			found = (struct tw_mark){line, (uint32_t)(text - at) + 1};
		}
		at = newline ? newline + 1 : end;
	}
	return found;
}

/* What an author has most likely done. NULL context: whatever it is. */
static const struct {
	const char *problem, *context, *hint;
} hints[] = {
    {"mapping values are not allowed in this context", NULL, ": a text that holds \": \" stands in quotes"},
    {"did not find expected key", "while parsing a block mapping", ": is the line indented like its neighbours, and every quote closed?"},
    {"could not find expected ':'", NULL, ": is a quote closed too early, or a colon missing?"},
    {"found character that cannot start any token", NULL, ": a text that begins so stands in quotes"},
    {"found unexpected end of stream", "while scanning a quoted scalar", ": a quote is not closed"},
    {"did not find expected ',' or '}'", NULL, ": is a bracket not closed, or a text with brackets or commas not in quotes?"},
    {"did not find expected ',' or ']'", NULL, ": is a bracket not closed, or a text with brackets or commas not in quotes?"},
};

static const char *hint_of(const yaml_parser_t *parser)
{
	for (size_t i = 0; parser->problem && i < sizeof(hints) / sizeof(hints[0]); i++) {
		if (strcmp(parser->problem, hints[i].problem) == 0 &&
		    (!hints[i].context || (parser->context && strcmp(parser->context, hints[i].context) == 0))) {
			return hints[i].hint;
		}
	}
	return "";
}

/* libyaml's words where they help, ours where editors and not authors are to blame. */
static void report_parser(struct reader *reader, struct tw_slice bytes)
{
	const yaml_parser_t *parser = &reader->parser;
	bool reading = parser->error == YAML_READER_ERROR;
	struct tw_mark mark = reading ? mark_at(bytes, parser->problem_offset) : mark_of(parser->problem_mark);
	if (reading) {
		tw_report_error(reader->report, mark, TW_E_SYNTAX, "this is no text in UTF-8 (%s): save the file as UTF-8", parser->problem);
		return;
	}
	struct tw_mark tab = parser->error == YAML_SCANNER_ERROR && byte_at(bytes, mark) == '\t' ? mark : tab_before(bytes, mark);
	if (tab.line) {
		tw_report_error(reader->report, tab, TW_E_SYNTAX, "a tab: YAML is indented with spaces alone");
		return;
	}
	tw_report_error(reader->report, mark, parser->error == YAML_MEMORY_ERROR ? TW_E_MEMORY : TW_E_SYNTAX, "%s%s%s%s",
	                parser->problem ? parser->problem : "not YAML", parser->context ? " " : "", parser->context ? parser->context : "",
	                hint_of(parser));
}

static bool read_all(struct reader *reader, struct tw_slice bytes)
{
	bool more = true;
	while (more) {
		yaml_event_t event;
		if (!yaml_parser_parse(&reader->parser, &event)) {
			report_parser(reader, bytes);
			return false;
		}
		more = event.type != YAML_STREAM_END_EVENT;
		bool taken = take(reader, &event);
		yaml_event_delete(&event);
		if (!taken) {
			return false;
		}
	}
	return true;
}

struct tw_yaml *tw_yaml_parse(struct tw_slice bytes, struct tw_arena *arena, struct tw_rule_report *report)
{
	struct reader reader = {.arena = arena, .report = report};
	if (bytes.len > TW_RULE_BYTES_MAX) {
		tw_report_error(report, (struct tw_mark){1, 1}, TW_E_LIMIT, "%u bytes, at most %u", bytes.len, TW_RULE_BYTES_MAX);
		return NULL;
	}
	if (!yaml_parser_initialize(&reader.parser)) {
		tw_report_error(report, (struct tw_mark){1, 1}, TW_E_MEMORY, "no memory");
		return NULL;
	}
	if (bytes.len >= sizeof(BYTE_ORDER_MARK) - 1 && memcmp(bytes.ptr, BYTE_ORDER_MARK, sizeof(BYTE_ORDER_MARK) - 1) == 0) {
		bytes = (struct tw_slice){bytes.ptr + sizeof(BYTE_ORDER_MARK) - 1, bytes.len - (uint32_t)(sizeof(BYTE_ORDER_MARK) - 1)};
	}
	yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader.parser, (const unsigned char *)(bytes.len ? bytes.ptr : ""), bytes.len);
	bool read = read_all(&reader, bytes);
	yaml_parser_delete(&reader.parser);
	if (read && !reader.root) {
		tw_report_error(report, (struct tw_mark){1, 1}, TW_E_MISSING, "the file is empty");
	}
	return read ? reader.root : NULL;
}

const struct tw_yaml *tw_yaml_member(const struct tw_yaml *mapping, const char *key)
{
	if (!mapping || mapping->kind != TW_YAML_MAPPING) {
		return NULL;
	}
	for (const struct tw_yaml *child = mapping->first; child; child = child->next) {
		if (tw_slice_is(child->key, key)) {
			return child;
		}
	}
	return NULL;
}

struct tw_mark tw_yaml_mark_in(const struct tw_yaml *scalar, uint32_t offset)
{
	struct tw_mark mark = scalar->mark;
	if (scalar->verbatim && offset <= scalar->text.len) {
		mark.column += (scalar->plain ? 0 : 1) + (uint32_t)characters((struct tw_slice){scalar->text.ptr, offset});
	}
	return mark;
}

bool tw_yaml_null(const struct tw_yaml *node)
{
	return node->kind == TW_YAML_SCALAR && node->plain &&
	       (node->text.len == 0 || tw_slice_is(node->text, "~") || tw_slice_is(node->text, "null"));
}

void tw_yaml_check_keys(const struct tw_yaml *mapping, const char *const *known, const char *what, struct tw_rule_report *report)
{
	for (const struct tw_yaml *child = mapping->first; child; child = child->next) {
		struct tw_nearest nearest = tw_nearest_to(child->key);
		char hint[TW_HINT_BYTES];
		tw_nearest_offer_all(&nearest, known);
		if (nearest.distance != 0) {
			tw_report_error(report, child->key_mark, TW_E_UNKNOWN, "unknown key \"%.64s\" in %s%s", child->key.ptr, what,
			                tw_nearest_hint(&nearest, hint));
		}
	}
}

/* Of enum tw_yaml_kind. */
static const char *const kinds[] = {"", "a single value", "a list", "a mapping"};

bool tw_yaml_expect(const struct tw_yaml *node, enum tw_yaml_kind kind, const char *what, struct tw_rule_report *report)
{
	if (node->kind == kind) {
		return true;
	}
	tw_report_error(report, node->mark, TW_E_TYPE, "%s must be %s, not %s", what, kinds[kind], kinds[node->kind]);
	return false;
}

bool tw_yaml_expect_like(const struct tw_yaml *node, const char *what, const char *example, struct tw_rule_report *report)
{
	if (node->kind == TW_YAML_MAPPING) {
		return true;
	}
	tw_report_error(report, node->mark, TW_E_TYPE, "%s must be %s, not %s: %s", what, kinds[TW_YAML_MAPPING], kinds[node->kind], example);
	return false;
}
