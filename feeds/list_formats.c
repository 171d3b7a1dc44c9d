/**
 * @file list_formats.c
 * Which formats there are: the word of a configuration, the files that belong together, the reader. A new format is one row here.
 */
#include "engine/base/arena.h"
#include "feeds/list_loader.h"

static const struct tw_list_format_row rows[] = {
    {TW_LIST_UN_XML, "un-xml", {{NULL}}, tw_un_xml_load},
    {TW_LIST_OFAC_CSV, "ofac-csv", {{"sdn.csv", "alt.csv", "add.csv"}, {"cons_prim.csv", "cons_alt.csv", "cons_add.csv"}}, tw_ofac_csv_load},
    {TW_LIST_EU_JSONL, "eu-jsonl", {{NULL}}, tw_eu_json_load},
    {TW_LIST_UK_JSONL, "uk-jsonl", {{NULL}}, tw_uk_json_load},
    {TW_LIST_FTM, "ftm", {{NULL}}, tw_ftm_json_load},
    {TW_LIST_OPENSANCTIONS_JSON, "targets-nested", {{NULL}}, tw_ftm_json_load},
    {TW_LIST_UK_CSV, "uk-csv", {{NULL}}, tw_uk_csv_load},
    {TW_LIST_OFSI_CSV, "ofsi-csv", {{NULL}}, tw_ofsi_csv_load},
    {TW_LIST_BIS_DPL, "bis-dpl", {{NULL}}, tw_bis_dpl_load},
    {TW_LIST_OPENSANCTIONS_CSV, "targets-simple", {{NULL}}, tw_opensanctions_csv_load},
    {TW_LIST_WATCH_CSV, "watch-csv", {{NULL}}, tw_watch_csv_load},
    {TW_LIST_OFAC_XML, "ofac-xml", {{NULL}}, tw_ofac_xml_load},
    {TW_LIST_OFAC_ADVANCED_XML, "ofac-advanced-xml", {{NULL}}, tw_ofac_advanced_xml_load},
    {TW_LIST_EU_XML, "eu-xml", {{NULL}}, tw_eu_xml_load},
    {TW_LIST_UK_XML, "uk-xml", {{NULL}}, tw_uk_xml_load},
    {TW_LIST_EU_CSV, "eu-csv", {{NULL}}, tw_eu_csv_load},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

const struct tw_list_format_row *tw_list_format_row(enum tw_list_format format)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].format == format) {
			return &rows[i];
		}
	}
	return NULL;
}

enum tw_list_format tw_list_format_find(struct tw_slice name)
{
	for (size_t i = 0; i < ROWS; i++) {
		if (tw_slice_is(name, rows[i].word)) {
			return rows[i].format;
		}
	}
	return (enum tw_list_format)0;
}

const char *tw_list_format_name(enum tw_list_format format)
{
	const struct tw_list_format_row *row = tw_list_format_row(format);
	return row ? row->word : "?";
}

enum tw_list_format tw_list_format_at(uint32_t number)
{
	return number < ROWS ? rows[number].format : (enum tw_list_format)0;
}

bool tw_list_format_has_parts(enum tw_list_format format)
{
	const struct tw_list_format_row *row = tw_list_format_row(format);
	return row && row->beside[0][0];
}

struct tw_slice tw_list_measures_text(uint32_t measures, struct tw_arena *arena)
{
	struct tw_slice text = tw_arena_format(arena, "%s", "");
	for (uint32_t i = 0; text.ptr && i < TW_MEASURES; i++) {
		if (measures & (1U << i)) {
			text = tw_arena_format(arena, "%s%s%s", text.ptr, text.len ? ", " : "", tw_measure_word(i));
		}
	}
	return text;
}
