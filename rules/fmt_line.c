/**
 * @file fmt_line.c
 * See fmt_line.h. Source: YAML 1.1, chapters 5 and 7 (indicators, flow styles).
 */
#include "rules/fmt_line.h"

struct scan {
	struct tw_slice line;
	uint32_t at;
	struct tw_fmt_state *state;
	char *bytes;
	uint32_t used;
	bool fresh; /* a scalar may begin here */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_flow_mark(char c)
{
	return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

/* 0 behind the end */
static char peek(const struct scan *scan, uint32_t ahead)
{
	return scan->at + ahead < scan->line.len ? scan->line.ptr[scan->at + ahead] : 0;
}

static void put(struct scan *scan)
{
	scan->bytes[scan->used++] = scan->line.ptr[scan->at++];
}

static void skip_blanks(struct scan *scan)
{
	while (is_blank(peek(scan, 0))) {
		scan->at++;
	}
}

/* One space, when anything but a comment comes. */
static void space(struct scan *scan)
{
	skip_blanks(scan);
	if (peek(scan, 0) && peek(scan, 0) != '#') {
		scan->bytes[scan->used++] = ' ';
	}
}

/* Up to the closing quote, or the line's end: then it stays open. */
static void quoted(struct scan *scan)
{
	while (scan->at < scan->line.len && scan->state->quote) {
		char c = peek(scan, 0);
		bool pair =
		    (scan->state->quote == '\'' && c == '\'' && peek(scan, 1) == '\'') || (scan->state->quote == '"' && c == '\\' && peek(scan, 1));
		if (pair) {
			put(scan);
		} else if (c == scan->state->quote) {
			scan->state->quote = 0;
		}
		put(scan);
	}
	scan->fresh = false;
}

/* Does the colon here end a key? */
static bool is_colon(const struct scan *scan)
{
	char next = peek(scan, 1);
	return peek(scan, 0) == ':' && (next == 0 || is_blank(next) || (scan->state->flow && (is_flow_mark(next) || !scan->fresh)));
}

static void plain(struct scan *scan)
{
	uint32_t end = scan->used;
	while (scan->at < scan->line.len) {
		char c = peek(scan, 0), next = peek(scan, 1);
		bool colon = c == ':' && (next == 0 || is_blank(next) || (scan->state->flow && is_flow_mark(next)));
		if (colon || (scan->state->flow && is_flow_mark(c)) || (is_blank(c) && next == '#')) {
			break;
		}
		put(scan);
		end = is_blank(c) ? end : scan->used;
	}
	scan->at -= scan->used - end; /* blanks at its end are no part of it */
	scan->used = end;
	scan->fresh = false;
}

static void bracket(struct scan *scan, bool opens)
{
	scan->state->flow += opens ? 1 : 0;
	scan->state->flow -= opens || !scan->state->flow ? 0 : 1;
	put(scan);
	skip_blanks(scan);
	scan->fresh = opens;
}

static void separator(struct scan *scan)
{
	put(scan);
	space(scan);
	scan->fresh = true;
}

/* Blanks between words: kept as one where something other than a separator follows. @return true at a comment */
static bool between(struct scan *scan)
{
	skip_blanks(scan);
	char next = peek(scan, 0);
	if (next == '#') {
		return true;
	}
	if (!scan->fresh && next && !(scan->state->flow && is_flow_mark(next)) && !is_colon(scan)) {
		scan->bytes[scan->used++] = ' ';
	}
	return false;
}

static void word(struct scan *scan)
{
	char c = peek(scan, 0);
	bool flow = scan->state->flow != 0;
	if (scan->fresh && (c == '\'' || c == '"')) {
		scan->state->quote = c;
		put(scan);
		quoted(scan);
	} else if ((c == '{' || c == '[') && (flow || scan->fresh)) {
		bracket(scan, true);
	} else if (flow && (c == '}' || c == ']')) {
		bracket(scan, false);
	} else if ((flow && c == ',') || is_colon(scan)) {
		separator(scan);
	} else {
		scan->state->block |= !flow && scan->fresh && (c == '|' || c == '>');
		plain(scan);
	}
}

uint32_t tw_fmt_line(struct tw_slice line, struct tw_fmt_state *state, char *bytes, uint32_t *comment)
{
	struct scan scan = {.line = line, .state = state, .bytes = bytes, .fresh = true};
	bool ended = false;
	if (state->quote) {
		quoted(&scan);
	}
	while (!ended && scan.at < line.len) {
		char c = peek(&scan, 0);
		if (is_blank(c)) {
			ended = between(&scan);
		} else if (c == '#' && (scan.at == 0 || is_blank(line.ptr[scan.at - 1]))) {
			ended = true;
		} else {
			uint32_t before = scan.at;
			word(&scan);
			if (scan.at == before) {
				put(&scan); /* whatever it is, it stays */
			}
		}
	}
	*comment = scan.used;
	if (ended && scan.used && bytes[scan.used - 1] != ' ') {
		bytes[scan.used++] = ' ';
	}
	*comment = ended ? scan.used : *comment;
	while (scan.at < line.len) {
		put(&scan);
	}
	return scan.used;
}
