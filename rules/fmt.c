/**
 * @file fmt.c
 * See fmt.h.
 *
 *     lines --indents, words--> lines with new indents --members in order--> text --read again--> the same, or refused
 */
#include "rules/fmt.h"

#include <stdlib.h>

#include "rules/canon.h"
#include "rules/fmt_line.h"

#define LEVELS_MAX 64U
#define INDENT     2U

/* The members of a rule in the order in which they are read. One that is not here stays behind the one before it. */
static const char *const order[] = {"id",        "version",     "status",          "title",  "owner",  "created", "on",   "types",
                                    "source",    "legal_basis", "false_positives", "points", "group",  "action",  "lane", "severity",
                                    "hold_days", "because",     "settles",         "when",   "unless", "tests",   NULL};

struct level {
	uint32_t was, is; /* columns, from 0 */
	bool dash;
};

/* A line as it will be. */
struct line {
	struct tw_slice text; /* with its indent; empty: a blank line */
	uint32_t indent;
	bool comment; /* nothing else on it */
	bool head;    /* a member of the document begins */
	struct tw_slice comment_text;
};

struct fmt {
	const struct tw_rule_source *source;
	struct tw_arena *arena;
	struct tw_list lines;   /* struct line */
	struct tw_list waiting; /* struct tw_slice: comments and blank lines that wait for the line that tells their indent */
	struct level level[LEVELS_MAX];
	uint32_t depth;
	struct tw_fmt_state state;
	uint32_t block_was; /* column that lines of a block of text are deeper than */
	int32_t shift;      /* of the line that is continued */
	const char *refused;
};

static bool refuse(struct fmt *fmt, const char *why)
{
	fmt->refused = fmt->refused ? fmt->refused : why;
	return false;
}

static uint32_t indent_of(struct tw_slice line)
{
	uint32_t indent = 0;
	while (indent < line.len && line.ptr[indent] == ' ') {
		indent++;
	}
	return indent;
}

static struct tw_slice trimmed(struct tw_slice line)
{
	while (line.len && (line.ptr[line.len - 1] == ' ' || line.ptr[line.len - 1] == '\t' || line.ptr[line.len - 1] == '\r')) {
		line.len--;
	}
	return line;
}

static struct line *line_add(struct fmt *fmt, uint32_t indent, const char *dashes, struct tw_slice text)
{
	struct line *line = tw_list_push(fmt->arena, &fmt->lines, sizeof(*line));
	struct tw_slice whole =
	    text.len ? tw_arena_format(fmt->arena, "%*s%s%.*s", (int)indent, "", dashes, (int)text.len, text.ptr) : tw_slice_str("");
	if (!line || !whole.ptr) {
		(void)refuse(fmt, "no memory");
		return NULL;
	}
	*line = (struct line){.text = whole, .indent = indent};
	return line;
}

/* ---- levels ---- */

static uint32_t settle(struct fmt *fmt, uint32_t column, bool dash)
{
	const struct level *top;
	while (fmt->depth && (top = &fmt->level[fmt->depth - 1], top->was > column || (top->was == column && top->dash && !dash))) {
		fmt->depth--;
	}
	top = fmt->depth ? &fmt->level[fmt->depth - 1] : NULL;
	if (!top || top->was < column || (dash && !top->dash)) {
		if (fmt->depth == LEVELS_MAX) {
			(void)refuse(fmt, "it is nested too deep");
			return 0;
		}
		fmt->level[fmt->depth] = (struct level){column, top ? top->is + INDENT : 0, dash};
		fmt->depth++;
	}
	return fmt->level[fmt->depth - 1].is;
}

/* ---- comments and blank lines between ---- */

/* A comment deeper than the next line ends the block that it stands in; any other leads the next line. */
static uint32_t comment_indent(const struct fmt *fmt, uint32_t was, uint32_t next_was, uint32_t next_is)
{
	for (uint32_t i = 0; was > next_was && i < fmt->depth; i++) {
		if (fmt->level[i].was == was) {
			return fmt->level[i].is;
		}
	}
	return next_is;
}

/* Several blank lines are one; none at the begin of the file. */
static void flush_waiting(struct fmt *fmt, const struct fmt *before, uint32_t next_was, uint32_t next_is)
{
	const struct tw_slice *waiting = fmt->waiting.data;
	for (uint32_t i = 0; i < fmt->waiting.count; i++) {
		const struct line *lines = fmt->lines.data;
		bool blank = waiting[i].len == 0;
		if (blank && (!fmt->lines.count || lines[fmt->lines.count - 1].text.len == 0)) {
			continue;
		}
		uint32_t was = indent_of(waiting[i]);
		struct tw_slice text = {waiting[i].ptr + (blank ? 0 : was), waiting[i].len - (blank ? 0 : was)};
		struct line *line = line_add(fmt, blank ? 0 : comment_indent(before, was, next_was, next_is), "", text);
		if (line && !blank) {
			line->comment = true;
			line->comment_text = text;
		}
	}
	fmt->waiting.count = 0;
}

static void wait(struct fmt *fmt, struct tw_slice line)
{
	struct tw_slice *slot = tw_list_push(fmt->arena, &fmt->waiting, sizeof(*slot));
	if (slot) {
		*slot = line;
	} else {
		(void)refuse(fmt, "no memory");
	}
}

/* ---- lines ---- */

static void words_add(struct fmt *fmt, uint32_t indent, const char *dashes, struct tw_slice words)
{
	char *bytes = tw_arena_alloc_raw(fmt->arena, 2 * (size_t)words.len + 2);
	uint32_t comment;
	if (!bytes) {
		(void)refuse(fmt, "no memory");
		return;
	}
	uint32_t used = tw_fmt_line(words, &fmt->state, bytes, &comment);
	struct line *line = line_add(fmt, indent, dashes, (struct tw_slice){bytes, used});
	if (line && comment < used) {
		line->comment_text = (struct tw_slice){bytes + comment, used - comment};
	}
}

static bool is_dash(struct tw_slice words)
{
	return words.len && words.ptr[0] == '-' && (words.len == 1 || words.ptr[1] == ' ');
}

/* A line that begins something: a member, an element, or several dashes and then one. */
static void structure(struct fmt *fmt, struct tw_slice line)
{
	char dashes[2 * LEVELS_MAX + 1] = "";
	const struct fmt before = *fmt; /* comments before it are placed by the levels that were open */
	uint32_t column = indent_of(line), was = column;
	struct tw_slice words = {line.ptr + column, line.len - column};
	uint32_t indent = settle(fmt, column, is_dash(words)), count = 0;
	flush_waiting(fmt, &before, was, indent);
	while (is_dash(words) && count + 1 < LEVELS_MAX && !fmt->refused) {
		uint32_t blanks = 1;
		while (blanks < words.len && words.ptr[blanks] == ' ') {
			blanks++;
		}
		column += blanks;
		words = (struct tw_slice){words.ptr + blanks, words.len - blanks};
		memcpy(dashes + INDENT * count++, "- ", INDENT + 1);
		if (words.len) {
			(void)settle(fmt, column, is_dash(words));
		}
	}
	if (!words.len && count) {
		dashes[INDENT * count - 1] = '\0';
		words = tw_slice_str("-");
		dashes[INDENT * (count - 1)] = '\0';
	}
	uint32_t first = fmt->lines.count;
	words_add(fmt, indent, dashes, words);
	if (!fmt->refused) {
		((struct line *)fmt->lines.data)[first].head = indent == 0 && count == 0;
	}
	fmt->block_was = fmt->depth ? fmt->level[fmt->depth - 1].was : 0;
	fmt->shift = (int32_t)indent - (int32_t)was;
}

/* The rest of a text, or of brackets that are still open: it moves as its first line did. */
static void continued(struct fmt *fmt, struct tw_slice line, bool verbatim)
{
	uint32_t was = indent_of(line);
	int32_t moved = (int32_t)was + fmt->shift;
	uint32_t indent = moved < 0 ? 0 : (uint32_t)moved;
	struct tw_slice words = {line.ptr + was, line.len - was};
	if (verbatim) {
		(void)line_add(fmt, indent, "", words);
	} else {
		words_add(fmt, indent, "", words);
	}
}

static void take(struct fmt *fmt, struct tw_slice raw)
{
	struct tw_slice line = trimmed(raw);
	uint32_t indent = indent_of(line);
	bool open = fmt->state.quote || fmt->state.flow;
	if (fmt->state.block && (line.len == 0 || indent > fmt->block_was)) {
		raw.len -= raw.len && raw.ptr[raw.len - 1] == '\r';
		continued(fmt, raw, true); /* blanks at a line's end are part of such a text */
		return;
	}
	fmt->state.block = false;
	if (open) {
		continued(fmt, line, false);
	} else if (line.len == 0 || line.ptr[indent] == '#') {
		wait(fmt, line);
	} else if (line.ptr[indent] == '\t') {
		(void)refuse(fmt, "a line is indented with a tab");
	} else {
		structure(fmt, line);
	}
}

static void take_all(struct fmt *fmt)
{
	const char *at = fmt->source->bytes.ptr, *end = at + fmt->source->bytes.len;
	while (at < end && !fmt->refused) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		take(fmt, (struct tw_slice){at, (uint32_t)(stop - at)});
		at = newline ? newline + 1 : end;
	}
	const struct fmt before = *fmt;
	flush_waiting(fmt, &before, 0, 0);
}

/* ---- members in order ---- */

struct section {
	uint32_t from, to; /* lines */
	uint32_t rank, place;
};

static uint32_t rank_of(struct tw_slice head, uint32_t before)
{
	for (uint32_t i = 0; order[i]; i++) {
		uint32_t length = (uint32_t)strlen(order[i]);
		if (head.len > length && head.ptr[length] == ':' && memcmp(head.ptr, order[i], length) == 0) {
			return i + 1;
		}
	}
	return before;
}

static int by_rank(const void *left, const void *right)
{
	const struct section *a = left, *b = right;
	int by = (a->rank > b->rank) - (a->rank < b->rank);
	return by ? by : (a->place > b->place) - (a->place < b->place);
}

/* Comments without an indent lead what comes after them; those at the begin of the file, with a blank line behind them, lead the file. */
static uint32_t lead_of(const struct line *lines, uint32_t head, uint32_t floor)
{
	while (head > floor && lines[head - 1].comment && lines[head - 1].indent == 0) {
		head--;
	}
	return head;
}

static bool sections_find(struct fmt *fmt, struct tw_list *sections)
{
	const struct line *lines = fmt->lines.data;
	struct section *section = tw_list_push(fmt->arena, sections, sizeof(*section));
	for (uint32_t i = 0; section && i < fmt->lines.count; i++) {
		if (!lines[i].head) {
			continue;
		}
		uint32_t from = lead_of(lines, i, section->from), rank = section->rank, place = sections->count;
		section->to = from;
		section = tw_list_push(fmt->arena, sections, sizeof(*section));
		if (section) {
			*section = (struct section){from, from, rank_of(lines[i].text, rank), place};
		}
	}
	if (section) {
		section->to = fmt->lines.count;
	}
	return section != NULL;
}

static struct tw_slice assembled(struct fmt *fmt, const struct tw_list *sections)
{
	const struct line *lines = fmt->lines.data;
	const struct section *section = sections->data;
	size_t size = 1;
	for (uint32_t i = 0; i < fmt->lines.count; i++) {
		size += lines[i].text.len + 1;
	}
	char *bytes = tw_arena_alloc_raw(fmt->arena, size);
	uint32_t used = 0;
	for (uint32_t s = 0; bytes && s < sections->count; s++) {
		for (uint32_t i = section[s].from; i < section[s].to; i++) {
			if (lines[i].text.len) {
				memcpy(bytes + used, lines[i].text.ptr, lines[i].text.len);
			}
			used += lines[i].text.len;
			bytes[used++] = '\n';
		}
	}
	while (bytes && used > 1 && bytes[used - 1] == '\n' && bytes[used - 2] == '\n') {
		used--;
	}
	if (bytes) {
		bytes[used] = '\0';
	}
	return (struct tw_slice){bytes, used};
}

/* Sets, macros or bands: what stands there has no fixed order. */
static bool holds_sets(const char *name)
{
	const char *slash = strrchr(name, '/');
	name = slash ? slash + 1 : name;
	return strcmp(name, "_sets.yaml") == 0 || strcmp(name, "_macros.yaml") == 0 || strcmp(name, "_bands.yaml") == 0;
}

/* Lays out once. The comments are given too, in the order of their texts. */
static struct tw_slice laid_out(const struct tw_rule_source *source, struct tw_arena *arena, struct tw_list *comments, const char **refused)
{
	struct fmt *fmt = tw_arena_alloc(arena, sizeof(*fmt));
	struct tw_list sections = {NULL, 0, 0};
	struct tw_slice none = {NULL, 0};
	if (!fmt) {
		*refused = "no memory";
		return none;
	}
	fmt->source = source;
	fmt->arena = arena;
	take_all(fmt);
	if (!fmt->refused && !sections_find(fmt, &sections)) {
		(void)refuse(fmt, "no memory");
	}
	if (!fmt->refused && !holds_sets(source->name)) {
		qsort(sections.data, sections.count, sizeof(struct section), by_rank);
	}
	const struct line *lines = fmt->lines.data;
	for (uint32_t i = 0; i < fmt->lines.count && !fmt->refused; i++) {
		struct tw_slice *slot = lines[i].comment_text.len ? tw_list_push(arena, comments, sizeof(*slot)) : NULL;
		if (slot) {
			*slot = lines[i].comment_text;
		}
	}
	if (comments->count) {
		qsort(comments->data, comments->count, sizeof(struct tw_slice), tw_canon_order);
	}
	*refused = fmt->refused;
	return fmt->refused ? none : assembled(fmt, &sections);
}

/* ---- is it the same? ---- */

static bool same_tree(const struct tw_yaml *a, const struct tw_yaml *b, bool any_order)
{
	if (a->kind != b->kind || a->count != b->count || a->plain != b->plain || !tw_slice_equal(a->text, b->text)) {
		return false;
	}
	const struct tw_yaml *other = b->first;
	for (const struct tw_yaml *child = a->first; child; child = child->next) {
		const struct tw_yaml *found = any_order && child->key.len ? tw_yaml_member(b, child->key.ptr) : other;
		if (!found || !tw_slice_equal(found->key, child->key) || !same_tree(child, found, false)) {
			return false;
		}
		other = other ? other->next : NULL;
	}
	return true;
}

static bool same_texts(const struct tw_list *a, const struct tw_list *b)
{
	const struct tw_slice *left = a->data, *right = b->data;
	for (uint32_t i = 0; a->count == b->count && i < a->count; i++) {
		if (!tw_slice_equal(left[i], right[i])) {
			return false;
		}
	}
	return a->count == b->count;
}

enum tw_code tw_rule_format(const struct tw_rule_source *source, struct tw_arena *arena, struct tw_slice *out, struct tw_error *err)
{
	struct tw_rule_report report = {.err = err, .file = source->name};
	struct tw_list comments = {NULL, 0, 0}, kept = {NULL, 0, 0};
	const char *refused = NULL, *again_refused = NULL;
	const struct tw_yaml *before = tw_yaml_parse(source->bytes, arena, &report);
	if (!before) {
		return report.code;
	}
	struct tw_slice made = laid_out(source, arena, &comments, &refused);
	const struct tw_rule_source remade = {source->name, made};
	struct tw_rule_report unheard = {.file = source->name};
	const struct tw_yaml *after = made.ptr ? tw_yaml_parse(made, arena, &unheard) : NULL;
	struct tw_slice again = after ? laid_out(&remade, arena, &kept, &again_refused) : made;
	if (!refused && !(after && same_tree(before, after, true))) {
		refused = "another layout would change what it says";
	} else if (!refused && !same_texts(&comments, &kept)) {
		refused = "another layout would lose a comment";
	} else if (!refused && !(made.ptr && again.ptr && tw_slice_equal(made, again))) {
		refused = "its layout does not settle";
	}
	if (refused) {
		return tw_fail(err, TW_E_CONFLICT, TW_REJECT, "the file cannot be laid out anew", source->name, "%s", refused);
	}
	*out = made;
	return TW_OK;
}
