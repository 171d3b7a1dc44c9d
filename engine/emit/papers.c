/**
 * @file papers.c
 * See papers.h.
 */
#include "engine/emit/papers.h"

static void filed_write(struct tw_json *json, const struct tw_papers *papers)
{
	const struct tw_papers_filed *filed = papers->filed.data;
	tw_json_key(json, "filed");
	tw_json_array(json);
	for (uint32_t i = 0; i < papers->filed.count; i++) {
		tw_json_object(json);
		tw_json_text_member(json, "paper", filed[i].paper);
		tw_json_text_member(json, "number", filed[i].number);
		tw_json_text_member(json, "state", filed[i].state);
		tw_json_text_member(json, "status", filed[i].status);
		tw_json_object_end(json);
	}
	tw_json_array_end(json);
}

static void row_write(struct tw_json *json, const struct tw_papers_row *row)
{
	tw_json_object(json);
	if (row->line) {
		tw_json_integer_member(json, "line", row->line);
	}
	tw_json_text_member(json, "what", row->what);
	tw_json_text_member(json, "verdict", row->verdict);
	tw_json_text_member(json, "manifest", row->manifest);
	tw_json_text_member(json, "certificate", row->certificate);
	tw_json_text_member(json, "licence", row->licence);
	tw_json_text_member(json, "invoice", row->invoice);
	tw_json_text_member(json, "packing_list", row->packing_list);
	tw_json_text_member(json, "note", row->note);
	tw_json_object_end(json);
}

static bool differs(const struct tw_papers_row *row)
{
	return tw_slice_is(row->verdict, "differs");
}

void tw_papers_write(struct tw_json *json, const struct tw_papers *papers, uint32_t rows_most)
{
	const struct tw_papers_row *rows = papers->rows.data;
	uint32_t differing = 0, written = 0;
	for (uint32_t i = 0; i < papers->rows.count; i++) {
		differing += differs(&rows[i]);
	}
	uint32_t others = differing < rows_most ? rows_most - differing : 0;
	tw_json_object(json);
	filed_write(json, papers);
	tw_json_key(json, "rows");
	tw_json_array(json);
	for (uint32_t i = 0; i < papers->rows.count; i++) {
		bool fits = written < rows_most && (differs(&rows[i]) || others);
		others -= fits && !differs(&rows[i]);
		if (fits) {
			row_write(json, &rows[i]);
			written++;
		}
	}
	tw_json_array_end(json);
	int64_t dropped = papers->dropped + (papers->rows.count - written);
	if (dropped) {
		tw_json_integer_member(json, "dropped", dropped);
	}
	tw_json_object_end(json);
}
