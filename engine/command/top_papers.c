/**
 * @file top_papers.c
 * See top_papers.h.
 */
#include "engine/command/top_papers.h"

#include <inttypes.h>

#include "engine/command/cell.h"
#include "engine/command/top_rows.h"

#define GAP              2U
#define CELL_COLUMNS_MIN 10U
#define WHAT_BYTES       40U

enum column { WHAT, MANIFEST, CERTIFICATE, LICENCE, INVOICE, PACKING_LIST, NOTE, COLUMNS };

static const char *const titles[COLUMNS] = {"", "MANIFEST", "CERTIFICATE", "LICENCE", "INVOICE", "PACKING LIST", ""};

struct table {
	const struct tw_top_options *options;
	FILE *out;
	uint32_t width[COLUMNS]; /* 0: nobody states anything */
};

/* @param room for the words of WHAT */
static struct tw_slice cell_of(const struct tw_papers_row *row, enum column column, char room[WHAT_BYTES])
{
	switch (column) {
	case MANIFEST:
		return row->manifest;
	case CERTIFICATE:
		return row->certificate;
	case LICENCE:
		return row->licence;
	case INVOICE:
		return row->invoice;
	case PACKING_LIST:
		return row->packing_list;
	case NOTE:
		return row->note;
	case WHAT:
	case COLUMNS:
		break;
	}
	if (!row->line) {
		return row->what;
	}
	snprintf(room, WHAT_BYTES, "line %" PRId64 " %.16s", row->line, row->what.len ? row->what.ptr : "");
	return tw_slice_str(room);
}

/* As wide as its widest cell; where that is too much for a line, the widest columns give way. */
static void widths_find(struct table *table, const struct tw_papers *papers)
{
	const struct tw_papers_row *rows = papers->rows.data;
	char room[WHAT_BYTES];
	for (int c = WHAT; c < COLUMNS; c++) {
		for (uint32_t i = 0; i < papers->rows.count; i++) {
			uint32_t width = tw_cell_width(cell_of(&rows[i], (enum column)c, room));
			table->width[c] = width > table->width[c] ? width : table->width[c];
		}
		uint32_t title = (uint32_t)strlen(titles[c]);
		table->width[c] = table->width[c] && table->width[c] < title ? title : table->width[c];
	}
	uint32_t whole = tw_top_width(table->options), used = 2;
	for (int c = WHAT; c < COLUMNS; c++) {
		used += table->width[c] ? table->width[c] + GAP : 0;
	}
	while (used > whole) {
		int widest = MANIFEST;
		for (int c = MANIFEST; c < COLUMNS; c++) {
			widest = table->width[c] > table->width[widest] ? c : widest;
		}
		if (table->width[widest] <= CELL_COLUMNS_MIN) {
			return;
		}
		table->width[widest]--;
		used--;
	}
}

static void filed_print(const struct table *table, const struct tw_papers *papers)
{
	const struct tw_papers_filed *filed = papers->filed.data;
	for (uint32_t i = 0; i < papers->filed.count; i++) {
		bool certificate = tw_slice_is(filed[i].paper, "certificate"), cited = tw_slice_is(filed[i].state, "cited");
		fputs(i ? "; " : "    ", table->out);
		tw_cell_print(table->out, filed[i].paper, UINT32_MAX);
		fputc(' ', table->out);
		tw_cell_print(table->out, filed[i].number.len ? filed[i].number : filed[i].state, UINT32_MAX);
		if (certificate && filed[i].number.len) {
			fputs(cited ? " NOT ON RECORD" : " on record", table->out);
		} else if (cited) {
			fputs(" cited", table->out);
		}
		if (filed[i].status.len) {
			fputs(", ", table->out);
			tw_cell_print(table->out, filed[i].status, UINT32_MAX);
		}
	}
	fputs(papers->filed.count ? "\n" : "", table->out);
}

/* Cells with blanks between them, none behind the last. @param row NULL: the titles */
static void cells_print(const struct table *table, const struct tw_papers_row *row)
{
	char room[WHAT_BYTES];
	uint32_t blanks = 0;
	for (int c = WHAT; c < COLUMNS; c++) {
		struct tw_slice cell = row ? cell_of(row, (enum column)c, room) : tw_slice_str(titles[c]);
		if (!table->width[c]) {
			continue;
		}
		cell = cell.len || c == NOTE || !row ? cell : tw_slice_str("-");
		if (cell.len) {
			fprintf(table->out, "%*s", (int)blanks, "");
			blanks = 0;
		}
		blanks += table->width[c] + GAP - (cell.len ? tw_cell_print(table->out, cell, table->width[c]) : 0);
	}
}

static void row_print(const struct table *table, const struct tw_papers_row *row)
{
	bool differs = tw_slice_is(row->verdict, "differs");
	fputs(differs ? tw_top_lane_paint(table->options, TW_LANE_RED) : "", table->out);
	fputs(differs ? "  ! " : tw_slice_is(row->verdict, "agrees") ? "  = " : "    ", table->out);
	cells_print(table, row);
	fprintf(table->out, "%s\n", differs ? tw_top_plain(table->options) : "");
}

void tw_papers_print(const struct tw_papers *papers, const struct tw_top_options *options, FILE *out)
{
	struct table table = {.options = options, .out = out};
	const struct tw_papers_row *rows = papers->rows.data;
	widths_find(&table, papers);
	filed_print(&table, papers);
	if (papers->rows.count) {
		fprintf(out, "    %s", tw_top_faint(options));
		cells_print(&table, NULL);
		fprintf(out, "%s\n", tw_top_plain(options));
	}
	for (uint32_t i = 0; i < papers->rows.count; i++) {
		row_print(&table, &rows[i]);
	}
	if (papers->dropped) {
		fprintf(out, "    %" PRId64 " more rows are not kept\n", papers->dropped);
	}
}
