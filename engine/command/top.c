/**
 * @file top.c
 * Gather, let the latest stand, rank, hand to a printer; see top.h.
 *
 *     lines --tw_alert_read--> rows --by subject, newest first--> those that stand --by rank key--> printer
 *
 * A line's alert lives in a scratch arena; a row keeps only what a list shows, so that a year of alerts fits into memory. The body is kept
 * where it will be printed: for JSON, and for what --explain asks about.
 */
#include "engine/command/top.h"

#include "engine/base/nearest.h"
#include "engine/base/time.h"
#include "engine/command/cell.h"
#include "engine/command/top_rows.h"
#include "engine/command/top_settle.h"
#include "engine/run/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A dead letter's line is an event of 1 MiB as base64 with headers; an alert's is under 1 MB. */
#define LINE_BYTES_MAX    (8U * 1024U * 1024U)
#define ARENA_BLOCK_BYTES (256U * 1024U)
#define REASONS_SHOWN     3U
#define ID_PREFIX_BYTES   8U
#define LINES_NAMED       8U /* of a file's lines that are no alerts */
#define EXIT_NONE         1  /* no alert that was asked about */

struct gather {
	const struct tw_top_options *options;
	FILE *errors;
	struct tw_arena *keep;
	struct tw_arena *scratch;
	struct tw_list rows; /* struct tw_top_row */
	uint64_t malformed;
	uint64_t malformed_here; /* of them, in the file that is read */
	bool failed;             /* a file, or memory */
	int result;              /* TW_EXIT_OK, or of the first failure */
};

static void fail(struct gather *gather, int result)
{
	gather->failed = true;
	gather->result = gather->result ? gather->result : result;
}

bool tw_top_format_find(const char *name, enum tw_top_format *out)
{
	static const char *const names[] = {"table", "json", "csv"};
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(name, names[i]) == 0) {
			*out = (enum tw_top_format)i;
			return true;
		}
	}
	return false;
}

void tw_top_terminal(FILE *out, struct tw_top_options *options)
{
	const char *no_color = getenv("NO_COLOR"), *columns = getenv("COLUMNS"), *kind = getenv("TERM");
	bool terminal = isatty(fileno(out)) == 1;
	struct winsize size = {0};
	char *end = NULL;
	options->color = terminal && !(no_color && no_color[0]) && !(kind && strcmp(kind, "dumb") == 0);
	options->width = 0;
	unsigned long stated = columns ? strtoul(columns, &end, 10) : 0;
	if (columns && end != columns && *end == '\0' && stated > 0 && stated < 10000) {
		options->width = (uint32_t)stated;
	} else if (terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0) {
		options->width = size.ws_col;
	}
}

/* ---- rows ---- */

static bool starts_with(struct tw_slice text, const char *prefix)
{
	size_t length = strlen(prefix);
	return text.len >= length && memcmp(text.ptr, prefix, length) == 0;
}

static struct tw_slice subject_of(const struct tw_alert_view *view)
{
	return view->consignment.len ? view->consignment : view->about.key;
}

static bool is_asked(const struct tw_top_options *options, const struct tw_alert_view *view)
{
	if (!options->explain) {
		return false;
	}
	bool by_id = strlen(options->explain) >= ID_PREFIX_BYTES && starts_with(view->alert, options->explain);
	return by_id || tw_slice_is(view->consignment, options->explain) || tw_slice_is(view->about.key, options->explain);
}

/* The goods; of an alert that no consignment's own event raised, what did: "certificate QZ|QZMOD1". */
static struct tw_slice what_text(const struct tw_alert_view *view, struct tw_arena *arena)
{
	const struct tw_about_view *about = &view->about;
	if (view->summary.what.len || about->kind.len == 0) {
		return view->summary.what;
	}
	return tw_arena_format(arena, "%.*s %.*s", (int)about->kind.len, about->kind.ptr, (int)about->key.len, about->key.ptr ? about->key.ptr : "");
}

/* "Title (60); Other title (40); 2 more" */
static struct tw_slice reasons_text(const struct tw_alert_view *view, struct tw_arena *arena)
{
	const struct tw_reason_view *reasons = view->reasons.data;
	struct tw_slice text = {"", 0};
	uint32_t shown = 0, more = 0;
	for (uint32_t i = 0; i < view->reasons.count; i++) {
		const struct tw_reason_view *reason = &reasons[i];
		struct tw_slice title = reason->title.len ? reason->title : reason->rule;
		if (reason->counted == 0 && reason->settles.count == 0) {
			continue;
		}
		if (shown == REASONS_SHOWN) {
			more++;
			continue;
		}
		text = tw_arena_format(arena, "%.*s%s%.*s (%lld)", (int)text.len, text.ptr ? text.ptr : "", shown ? "; " : "", (int)title.len,
		                       title.ptr ? title.ptr : "", (long long)reason->counted);
		shown++;
	}
	if (more) {
		return tw_arena_format(arena, "%.*s; %u more", (int)text.len, text.ptr ? text.ptr : "", more);
	}
	if (shown == 0 && tw_slice_is(view->selection.by, "random")) {
		return tw_slice_str("drawn at random");
	}
	if (shown == 0 && tw_slice_is(view->selection.by, "suppressed")) {
		return tw_slice_str("a hold was suppressed");
	}
	return text;
}

static bool is_own(const struct tw_alert_view *view)
{
	if (view->consignment.len == 0) {
		return false;
	}
	return view->input.type.len ? starts_with(view->input.type, "consignment.") : !tw_slice_is(view->selection.by, "revealed");
}

/* Copy what the row shows out of the scratch arena. @return false at the end of memory */
static bool row_keep(struct gather *gather, const struct tw_alert_view *view, struct tw_top_row *row)
{
	struct tw_slice reasons = reasons_text(view, gather->scratch), what = what_text(view, gather->scratch);
	const struct {
		struct tw_slice from;
		struct tw_slice *to;
	} texts[] = {
	    {view->rank_key, &row->rank_key},
	    {subject_of(view), &row->subject},
	    {view->office, &row->office},
	    {view->eta, &row->eta},
	    {what, &row->what},
	    {view->summary.from, &row->from},
	    {view->summary.to, &row->to},
	    {view->summary.consignor, &row->consignor},
	    {view->summary.consignee, &row->consignee},
	    {reasons, &row->reasons},
	    {view->alert, &row->alert},
	    {view->raised, &row->raised},
	    {view->selection.by, &row->selection},
	    {view->hold, &row->hold},
	    {view->input.topic, &row->topic},
	    {gather->options->format == TW_TOP_JSON || row->asked ? view->body : (struct tw_slice){NULL, 0}, &row->body},
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i].to = texts[i].from.len ? tw_arena_copy(gather->keep, texts[i].from) : (struct tw_slice){NULL, 0};
		if (texts[i].from.len && !texts[i].to->ptr) {
			return false;
		}
	}
	return true;
}

static bool row_add(struct gather *gather, const struct tw_alert_view *view)
{
	struct tw_top_row *row = tw_list_push(gather->keep, &gather->rows, sizeof(*row));
	if (!row) {
		return false;
	}
	row->lane = view->lane;
	row->points = view->points;
	row->probability_ppm = view->probability_ppm;
	row->revision = view->revision;
	row->own = is_own(view);
	row->offset = view->input.offset;
	row->sequence = gather->rows.count;
	row->asked = is_asked(gather->options, view);
	if (!tw_instant_parse(view->raised, &row->raised_ms)) {
		row->raised_ms = 0;
	}
	return row_keep(gather, view, row) && tw_top_settle_keep(gather->keep, view, row);
}

/* ---- lines ---- */

/* A file that is something else has as many such lines as it has lines. @return whether this one is named */
static bool malformed_named(struct gather *gather)
{
	gather->malformed++;
	return ++gather->malformed_here <= LINES_NAMED;
}

static void malformed_end(struct gather *gather, const char *name)
{
	if (gather->malformed_here > LINES_NAMED) {
		fprintf(gather->errors, "%s: %llu more lines that are no alerts; is it what `tidewaiter screen` wrote?\n", name,
		        (unsigned long long)(gather->malformed_here - LINES_NAMED));
	}
	gather->malformed_here = 0;
}

static void line_read(struct gather *gather, struct tw_slice line, const char *name, uint64_t number)
{
	struct tw_alert_view view;
	struct tw_error err = {0};
	char text[sizeof(err.where) + sizeof(err.detail) + 128];
	bool other = false;
	tw_arena_reset(gather->scratch);
	enum tw_code code = tw_alert_read(line, gather->scratch, &other, &view, &err);
	if (code == TW_OK && !other && !row_add(gather, &view)) {
		code = tw_fail(&err, TW_E_MEMORY, TW_STOP, "no memory for another alert", NULL, NULL);
	}
	if (code == TW_OK) {
		return;
	}
	if (err.disposition == TW_STOP) {
		fail(gather, TW_EXIT_MEMORY);
	}
	if (err.disposition == TW_STOP || malformed_named(gather)) {
		fprintf(gather->errors, "%s:%llu: %s\n", name, (unsigned long long)number, tw_error_text(&err, text, sizeof(text)));
	}
}

/* One line without its newline. @return false at the end of the file; a line past the bound comes back cut, `length` beyond it */
static bool line_next(FILE *in, char *buffer, size_t *length)
{
	int c = getc_unlocked(in);
	*length = 0;
	if (c == EOF) {
		return false;
	}
	for (; c != EOF && c != '\n'; c = getc_unlocked(in)) {
		if (*length < LINE_BYTES_MAX) {
			buffer[*length] = (char)c;
		}
		++*length;
	}
	return true;
}

static bool is_blank(struct tw_slice line)
{
	for (uint32_t i = 0; i < line.len; i++) {
		if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r') {
			return false;
		}
	}
	return true;
}

static void stream_read(struct gather *gather, FILE *in, const char *name, char *buffer)
{
	size_t length;
	for (uint64_t number = 1; !gather->failed && line_next(in, buffer, &length); number++) {
		if (length > LINE_BYTES_MAX) {
			if (malformed_named(gather)) {
				fprintf(gather->errors, "%s:%llu: the line is too long for an alert: %zu bytes, at most %u\n", name,
				        (unsigned long long)number, length, LINE_BYTES_MAX);
			}
			continue;
		}
		struct tw_slice line = {buffer, (uint32_t)length};
		if (!is_blank(line)) {
			line_read(gather, line, name, number);
		}
	}
	malformed_end(gather, name);
	if (ferror(in)) {
		fprintf(gather->errors, "%s: cannot be read to its end: %s\n", name, strerror(errno));
		fail(gather, TW_EXIT_IO);
	}
}

static void input_read(struct gather *gather, const char *path, char *buffer)
{
	if (strcmp(path, "-") == 0) {
		stream_read(gather, stdin, "stdin", buffer);
		return;
	}
	FILE *in = fopen(path, "rbe");
	if (!in) {
		int reason = errno;
		fprintf(gather->errors, "%s: cannot be opened: %s\n", path, strerror(reason));
		fail(gather, reason == ENOENT || reason == ENOTDIR ? TW_EXIT_NO_INPUT : TW_EXIT_IO);
		return;
	}
	stream_read(gather, in, path, buffer);
	fclose(in);
}

static void inputs_read(struct gather *gather)
{
	char *buffer = malloc(LINE_BYTES_MAX);
	if (!buffer) {
		fail(gather, TW_EXIT_MEMORY);
		return;
	}
	for (size_t i = 0; i < gather->options->input_count; i++) {
		gather->failed = false; /* a file that is not there does not hide the others */
		input_read(gather, gather->options->inputs[i], buffer);
	}
	if (gather->options->input_count == 0) {
		input_read(gather, "-", buffer);
	}
	free(buffer);
}

/* ---- which stand, in which order ---- */

static int descending(int64_t a, int64_t b)
{
	return (a < b) - (a > b);
}

/* Alerts of one subject together, its own events' first, the newest first. Strict: the last key is the order of reading. */
static int compare_age(const void *left, const void *right)
{
	const struct tw_top_row *a = *(struct tw_top_row *const *)left, *b = *(struct tw_top_row *const *)right;
	int order = tw_slice_compare(a->subject, b->subject);
	order = order ? order : (int)b->own - (int)a->own;
	order = order ? order : descending(a->revision, b->revision);
	order = order ? order : descending(a->raised_ms, b->raised_ms);
	order = order ? order : descending(a->offset, b->offset);
	order = order ? order : tw_slice_compare(a->alert, b->alert);
	return order ? order : descending((int64_t)a->sequence, (int64_t)b->sequence);
}

static int compare_rank(const void *left, const void *right)
{
	const struct tw_top_row *a = *(struct tw_top_row *const *)left, *b = *(struct tw_top_row *const *)right;
	int order = tw_slice_compare(a->rank_key, b->rank_key);
	order = order ? order : tw_slice_compare(a->alert, b->alert);
	return order ? order : (a->sequence > b->sequence) - (a->sequence < b->sequence);
}

/* Does the row before it, already newer, take this one's place? */
static bool replaced_by(const struct tw_top_row *newer, const struct tw_top_row *row, bool all)
{
	if (!tw_slice_equal(newer->subject, row->subject)) {
		return false;
	}
	return tw_slice_equal(newer->alert, row->alert) || (!all && newer->own && row->own);
}

/* Codes of offices are written in either case. */
static bool is_office(const struct tw_top_row *row, const char *office)
{
	return row->office.len == strlen(office) && strncasecmp(row->office.ptr, office, row->office.len) == 0;
}

/* What is offered comes from events: it may not command a terminal. */
static void doubt_say(const struct gather *gather, const char *what, const char *asked, const struct tw_nearest *nearest)
{
	char hint[TW_HINT_BYTES];
	fprintf(gather->errors, "%s \"%s\"", what, asked);
	tw_cell_print(gather->errors, tw_slice_str(tw_nearest_hint(nearest, hint)), UINT32_MAX);
	fputc('\n', gather->errors);
}

/* An office that no alert names is more likely a slip than a quiet day. */
static void office_doubt(const struct gather *gather)
{
	const char *office = gather->options->office;
	const struct tw_top_row *rows = gather->rows.data;
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(office ? office : ""));
	for (uint32_t i = 0; office && i < gather->rows.count; i++) {
		if (is_office(&rows[i], office)) {
			return;
		}
		if (rows[i].office.len) {
			tw_nearest_offer(&nearest, rows[i].office.ptr);
		}
	}
	if (office) {
		doubt_say(gather, "no alert names the office", office, &nearest);
	}
}

/* What names no office (a revoked certificate, a stolen mark) is every office's: a filter must not hide it from all of them. */
static bool of_office(const struct tw_top_options *options, const struct tw_top_row *row)
{
	return !options->office || row->office.len == 0 || is_office(row, options->office);
}

static bool list_make(struct gather *gather, struct tw_top_list *list)
{
	struct tw_top_row *rows = gather->rows.data;
	uint32_t count = gather->rows.count, kept = 0;
	list->rows = tw_arena_alloc_raw(gather->keep, ((size_t)count + 1) * sizeof(struct tw_top_row *));
	if (!list->rows || !tw_top_settle(gather->keep, rows, count)) {
		return false;
	}
	for (uint32_t i = 0; i < count; i++) {
		list->rows[i] = &rows[i];
	}
	qsort(list->rows, count, sizeof(struct tw_top_row *), compare_age);
	for (uint32_t i = 1; i < count; i++) {
		list->rows[i]->superseded = replaced_by(list->rows[i - 1], list->rows[i], gather->options->all);
	}
	for (uint32_t i = 0; i < count; i++) {
		struct tw_top_row *row = list->rows[i];
		bool settled = row->settled_by.len && !gather->options->all;
		list->superseded += row->superseded && of_office(gather->options, row);
		list->settled += settled && !row->superseded && of_office(gather->options, row);
		if (!row->superseded && !settled && of_office(gather->options, row)) {
			list->rows[kept++] = row;
			list->placeless += gather->options->office && row->office.len == 0;
		}
	}
	list->count = kept;
	qsort(list->rows, kept, sizeof(struct tw_top_row *), compare_rank);
	return true;
}

/* ---- explain ---- */

static bool row_explain(const struct gather *gather, const struct tw_top_row *row, uint32_t rank, uint32_t of, FILE *out)
{
	struct tw_alert_view view;
	bool other;
	tw_arena_reset(gather->scratch);
	if (tw_alert_read(row->body, gather->scratch, &other, &view, NULL) != TW_OK) {
		return false;
	}
	tw_top_print_alert(gather->options, &view, rank, of, row->settled_by, out);
	return true;
}

/* Those that stand, by rank; when none does, an older alert was asked for by its id. @return how many were shown */
static uint32_t explain(const struct gather *gather, const struct tw_top_list *list, FILE *out)
{
	const struct tw_top_row *rows = gather->rows.data;
	uint32_t shown = 0;
	for (uint32_t i = 0; i < list->count; i++) {
		shown += list->rows[i]->asked && row_explain(gather, list->rows[i], i + 1, list->count, out);
	}
	for (uint32_t i = 0; shown == 0 && i < gather->rows.count; i++) {
		shown += rows[i].asked && row_explain(gather, &rows[i], 0, 0, out);
	}
	return shown;
}

static void explain_doubt(const struct gather *gather)
{
	const struct tw_top_row *rows = gather->rows.data;
	struct tw_nearest nearest = tw_nearest_to(tw_slice_str(gather->options->explain));
	for (uint32_t i = 0; i < gather->rows.count; i++) {
		if (rows[i].subject.len) {
			tw_nearest_offer(&nearest, rows[i].subject.ptr);
		}
	}
	doubt_say(gather, "no alert has the id, consignment or key", gather->options->explain, &nearest);
}

static bool print(const struct gather *gather, const struct tw_top_list *list, FILE *out)
{
	const struct tw_top_options *options = gather->options;
	if (options->explain) {
		uint32_t shown = explain(gather, list, out);
		if (shown == 0) {
			explain_doubt(gather);
		}
		return shown != 0;
	}
	office_doubt(gather);
	switch (options->format) {
	case TW_TOP_TABLE:
		tw_top_print_table(options, list, out);
		break;
	case TW_TOP_CSV:
		tw_top_print_csv(options, list, out);
		break;
	case TW_TOP_JSON:
		tw_top_print_json(options, list, out);
		break;
	}
	return true;
}

int tw_top_run(const struct tw_top_options *options, FILE *out, FILE *errors)
{
	struct tw_arena keep, scratch;
	tw_arena_init(&keep, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	struct gather gather = {.options = options, .errors = errors, .keep = &keep, .scratch = &scratch};
	struct tw_top_list list = {.arena = &keep};
	inputs_read(&gather);
	list.malformed = gather.malformed;
	int result = gather.result ? gather.result : gather.malformed ? TW_EXIT_DATA : TW_EXIT_OK;
	if (!list_make(&gather, &list)) {
		result = TW_EXIT_MEMORY;
	} else if (!print(&gather, &list, out)) {
		result = result ? result : EXIT_NONE;
	}
	tw_arena_fini(&scratch);
	tw_arena_fini(&keep);
	if (fflush(out) != 0 || ferror(out)) {
		fputs("the list cannot be written to its end\n", errors);
		result = TW_EXIT_IO;
	}
	return result;
}
