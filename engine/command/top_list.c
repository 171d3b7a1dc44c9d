/**
 * @file top_list.c
 * The worklist as a table for a person, as CSV for a spreadsheet, as JSON for a program.
 *
 * The table gives each alert two lines, so that reasons are readable at 80 columns:
 *
 *       #  LANE       POINTS  CONSIGNMENT  ETA         FROM   TO     WHAT
 *       1  RED hold      143  XCLU0001     2026-03-03  XALOA  XBMAR  RIFLES, 7.62 mm with spare parts
 *                              Arms to an embargoed destination (90); More shipped than certified (60)
 *
 * A terminal that is too narrow for all columns gets fewer, and the goods on a line of their own where even that is too wide.
 *
 * CSV: a cell that a spreadsheet would take for a formula gets an apostrophe in front: the text is a stranger's.
 * Source: IETF, RFC 4180, section 2; OWASP, CSV Injection.
 */
#include "engine/command/cell.h"
#include "engine/command/top_rows.h"

#include <inttypes.h>

#define GAP              2U
#define WHAT_COLUMNS_MIN 12U

const char *tw_top_lane_word(enum tw_lane lane)
{
	static const char *const words[] = {"?", "RED", "YELLOW", "BLUE", "GREEN"};
	return words[lane];
}

const char *tw_top_lane_paint(const struct tw_top_options *options, enum tw_lane lane)
{
	static const char *const paints[] = {"", "\x1b[1;31m", "\x1b[33m", "\x1b[34m", "\x1b[32m"};
	return options->color ? paints[lane] : "";
}

const char *tw_top_strong(const struct tw_top_options *options)
{
	return options->color ? "\x1b[1m" : "";
}

const char *tw_top_faint(const struct tw_top_options *options)
{
	return options->color ? "\x1b[2m" : "";
}

const char *tw_top_marked(const struct tw_top_options *options)
{
	return options->color ? "\x1b[1;7m" : "";
}

const char *tw_top_plain(const struct tw_top_options *options)
{
	return options->color ? "\x1b[0m" : "";
}

uint32_t tw_top_width(const struct tw_top_options *options)
{
	return options->width ? options->width : TW_TOP_WIDTH_DEFAULT;
}

static uint32_t shown_of(const struct tw_top_options *options, const struct tw_top_list *list)
{
	return options->capacity && options->capacity < list->count ? options->capacity : list->count;
}

/* ---- table ---- */

enum column { RANK, LANE, POINTS, CONSIGNMENT, ETA, FROM, TO, COLUMNS };

static const struct {
	const char *title;
	uint32_t most; /* columns; longer cells are cut */
	bool right;
} columns[COLUMNS] = {
    [RANK] = {"#", 10, true},   [LANE] = {"LANE", 11, false}, [POINTS] = {"POINTS", 11, true}, [CONSIGNMENT] = {"CONSIGNMENT", 24, false},
    [ETA] = {"ETA", 10, false}, [FROM] = {"FROM", 8, false},  [TO] = {"TO", 8, false},
};

/* What a narrow terminal does without, the first first. */
static const enum column spared[] = {FROM, ETA, TO};

struct layout {
	uint32_t width[COLUMNS]; /* 0: not shown */
	uint32_t what;
	uint32_t indent; /* where the reasons start: under the consignment; further left where the goods are below */
	bool below;      /* the goods stand on a line of their own */
};

static struct tw_slice or_dash(struct tw_slice text)
{
	return text.len ? text : tw_slice_str("-");
}

/* @param buffer for the cells that are made: numbers, lane with hold */
static struct tw_slice cell_of(const struct tw_top_row *row, uint32_t rank, enum column column, char buffer[32])
{
	buffer[0] = '\0';
	switch (column) {
	case RANK:
		snprintf(buffer, 32, "%" PRIu32, rank);
		break;
	case LANE:
		snprintf(buffer, 32, "%s%s", tw_top_lane_word(row->lane), row->hold.len ? " hold" : "");
		break;
	case POINTS:
		snprintf(buffer, 32, "%" PRId64, row->points);
		break;
	case CONSIGNMENT:
		return or_dash(row->subject);
	case ETA:
		return or_dash(row->eta);
	case FROM:
		return or_dash(row->from);
	case TO:
		return or_dash(row->to);
	case COLUMNS:
		break;
	}
	return tw_slice_str(buffer);
}

/* @param used columns that all cells take, gaps included */
static void narrow(struct layout *layout, uint32_t used, uint32_t whole)
{
	for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]) && used + WHAT_COLUMNS_MIN > whole; i++) {
		used -= layout->width[spared[i]] + GAP;
		layout->width[spared[i]] = 0;
	}
	layout->below = used + WHAT_COLUMNS_MIN > whole;
	layout->indent = layout->below ? GAP : layout->indent;
	used = layout->below ? layout->indent : used;
	layout->what = whole > used + WHAT_COLUMNS_MIN ? whole - used : WHAT_COLUMNS_MIN;
}

static struct layout layout_of(const struct tw_top_options *options, const struct tw_top_list *list)
{
	struct layout layout = {.indent = 0};
	char buffer[32];
	uint32_t used = 0;
	for (unsigned i = 0; i < COLUMNS; i++) {
		uint32_t most = (uint32_t)strlen(columns[i].title);
		for (uint32_t k = 0; k < shown_of(options, list); k++) {
			uint32_t width = tw_cell_width(cell_of(list->rows[k], k + 1, (enum column)i, buffer));
			most = width > most ? width : most;
		}
		layout.width[i] = most < columns[i].most ? most : columns[i].most;
		layout.indent += i < CONSIGNMENT ? layout.width[i] + GAP : 0;
		used += layout.width[i] + GAP;
	}
	narrow(&layout, used, tw_top_width(options));
	return layout;
}

static void print_cell(FILE *out, struct tw_slice text, uint32_t width, bool right)
{
	if (!width) {
		return;
	}
	uint32_t taken = tw_cell_width(text);
	if (right && taken < width) {
		fprintf(out, "%*s", (int)(width - taken), "");
		width = taken;
	}
	tw_cell_pad(out, text, width);
	fprintf(out, "%*s", (int)GAP, "");
}

static void print_titles(const struct tw_top_options *options, const struct layout *layout, FILE *out)
{
	fputs(tw_top_strong(options), out);
	for (unsigned i = 0; i < COLUMNS; i++) {
		print_cell(out, tw_slice_str(columns[i].title), layout->width[i], columns[i].right);
	}
	fprintf(out, "%s%s\n", layout->below ? "" : "WHAT", tw_top_plain(options));
}

static void print_row(const struct tw_top_options *options, const struct layout *layout, const struct tw_top_row *row, uint32_t rank, FILE *out)
{
	char buffer[32];
	for (unsigned i = 0; i < COLUMNS; i++) {
		fputs(i == LANE ? tw_top_lane_paint(options, row->lane) : "", out);
		print_cell(out, cell_of(row, rank, (enum column)i, buffer), layout->width[i], columns[i].right);
		fputs(i == LANE ? tw_top_plain(options) : "", out);
	}
	if (layout->below) {
		fprintf(out, "\n%*s", (int)layout->indent, "");
	}
	tw_cell_print(out, or_dash(row->what), layout->what);
	fputc('\n', out);
	if (row->reasons.len) {
		uint32_t whole = tw_top_width(options);
		uint32_t room = whole > layout->indent + WHAT_COLUMNS_MIN ? whole - layout->indent : WHAT_COLUMNS_MIN;
		fprintf(out, "%*s%s", (int)layout->indent, "", tw_top_faint(options));
		tw_cell_print(out, row->reasons, room);
		fprintf(out, "%s\n", tw_top_plain(options));
	}
}

static void print_head(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out)
{
	uint32_t of_lane[5] = {0};
	for (uint32_t i = 0; i < list->count; i++) {
		of_lane[list->rows[i]->lane]++;
	}
	fprintf(out, "%u alert%s%s%s", list->count, list->count == 1 ? "" : "s", options->office ? " at " : "",
	        options->office ? options->office : "");
	if (list->placeless) {
		fprintf(out, " or of no office (%u)", list->placeless);
	}
	for (unsigned lane = TW_LANE_RED, first = 1; lane <= TW_LANE_GREEN; lane++) {
		static const char *const words[] = {"", "red", "yellow", "blue", "green"};
		if (of_lane[lane]) {
			fprintf(out, "%s%u %s", first ? ": " : ", ", of_lane[lane], words[lane]);
			first = 0;
		}
	}
	if (list->superseded) {
		fprintf(out, " (%u superseded or repeated, not shown)", list->superseded);
	}
	if (list->settled) {
		fprintf(out, " (%u settled by a later record, not shown)", list->settled);
	}
	fputs("\n\n", out);
}

void tw_top_print_table(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out)
{
	uint32_t shown = shown_of(options, list);
	print_head(options, list, out);
	if (shown) {
		struct layout layout = layout_of(options, list);
		print_titles(options, &layout, out);
		for (uint32_t i = 0; i < shown; i++) {
			print_row(options, &layout, list->rows[i], i + 1, out);
		}
	}
	if (shown < list->count) {
		fprintf(out, "\n%u more below the capacity of %u; --capacity 0 shows all\n", list->count - shown, options->capacity);
	}
	if (list->malformed) {
		fprintf(out, "%s%" PRIu64 " line%s could not be read and %s missing here\n", shown ? "\n" : "", list->malformed,
		        list->malformed == 1 ? "" : "s", list->malformed == 1 ? "is" : "are");
	}
}

/* ---- CSV ---- */

static bool is_formula(struct tw_slice text)
{
	return text.len && strchr("=+-@\t\r", text.ptr[0]);
}

static void print_quoted(FILE *out, struct tw_slice text, bool last)
{
	bool quote = is_formula(text);
	for (uint32_t i = 0; !quote && i < text.len; i++) {
		quote = text.ptr[i] == '"' || text.ptr[i] == ',' || text.ptr[i] == '\r' || text.ptr[i] == '\n';
	}
	fputs(quote ? "\"" : "", out);
	fputs(is_formula(text) ? "'" : "", out);
	for (uint32_t i = 0; i < text.len; i++) {
		fputs(text.ptr[i] == '"' ? "\"" : "", out);
		fputc(text.ptr[i], out);
	}
	fputs(quote ? "\"" : "", out);
	fputs(last ? "\r\n" : ",", out);
}

void tw_top_print_csv(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out)
{
	fputs("rank,lane,points,probability_ppm,consignment,revision,office,eta,what,from,to,consignor,consignee,reasons,hold,selection,raised,"
	      "alert\r\n",
	      out);
	for (uint32_t i = 0; i < shown_of(options, list); i++) {
		const struct tw_top_row *row = list->rows[i];
		fprintf(out, "%u,%s,%" PRId64 ",%" PRId64 ",", i + 1, tw_top_lane_word(row->lane), row->points, row->probability_ppm);
		print_quoted(out, row->subject, false);
		fprintf(out, "%" PRId64 ",", row->revision);
		const struct tw_slice cells[] = {row->office,    row->eta,     row->what, row->from,      row->to,     row->consignor,
		                                 row->consignee, row->reasons, row->hold, row->selection, row->raised, row->alert};
		const size_t count = sizeof(cells) / sizeof(cells[0]);
		for (size_t k = 0; k < count; k++) {
			print_quoted(out, cells[k], k + 1 == count);
		}
	}
}

/* ---- JSON ---- */

void tw_top_print_json(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out)
{
	uint32_t shown = shown_of(options, list);
	fputs("[", out);
	for (uint32_t i = 0; i < shown; i++) {
		fputs(i ? ",\n" : "\n", out);
		fwrite(list->rows[i]->body.ptr, 1, list->rows[i]->body.len, out);
	}
	fputs(shown ? "\n]\n" : "]\n", out);
}
