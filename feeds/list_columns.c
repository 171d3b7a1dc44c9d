/**
 * @file list_columns.c
 * The reader of list_columns.h: a header row becomes a column's meaning by its name, a row's fields go to the entry of its id.
 *
 *     row --> entry of its id (made at the first row that has a name) --> name, births, address, identifiers ...
 *
 * Issuers repeat an entry's row for every combination of what it has several of, so each fact is kept once
 * (list_columns_facts.c). At the end primary names come first; an entry whose issuer calls none primary has its first one.
 *
 * Invariant: a row is passed over with its line and reason, or everything that its columns mean is in the stage.
 */
#include "feeds/list_columns.h"

#include <stdio.h>

#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "feeds/cp1252.h"
#include "feeds/list_columns_reader.h"
#include "feeds/list_text.h"

static const struct tw_slice blank = {"", 0};

static enum tw_code no_room(const struct tw_columns_reader *reader, struct tw_error *err)
{
	const char *limit = reader->stage->limit;
	return tw_csv_fail(&reader->csv, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", blank, err);
}

static bool kind_of(struct tw_slice text, enum tw_entry_kind *kind)
{
	static const struct {
		const char *word;
		enum tw_entry_kind kind;
	} words[] = {
	    {"individual", TW_ENTRY_PERSON},
	    {"person", TW_ENTRY_PERSON},
	    {"entity", TW_ENTRY_ORGANISATION},
	    {"organisation", TW_ENTRY_ORGANISATION},
	    {"organization", TW_ENTRY_ORGANISATION},
	    {"company", TW_ENTRY_ORGANISATION},
	    {"enterprise", TW_ENTRY_ORGANISATION},
	    {"publicbody", TW_ENTRY_ORGANISATION},
	    {"ship", TW_ENTRY_VESSEL},
	    {"vessel", TW_ENTRY_VESSEL},
	    {"airplane", TW_ENTRY_AIRCRAFT},
	    {"aircraft", TW_ENTRY_AIRCRAFT},
	    {"unknown", TW_ENTRY_UNKNOWN},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tw_columns_same_word(text, words[i].word)) {
			*kind = words[i].kind;
			return true;
		}
	}
	*kind = TW_ENTRY_UNKNOWN;
	return false;
}

/* Given names in column order, then the family name. {NULL, 0}: no memory. */
static struct tw_slice whole_name(struct tw_columns_reader *reader)
{
	struct tw_slice part[TW_CSV_FIELDS_MAX], name = tw_arena_format(&reader->stage->scratch, "%s", "");
	uint32_t count = tw_columns_fields(reader, TW_COLUMN_NAME, part);
	count += tw_columns_fields(reader, TW_COLUMN_NAME_LAST, part + count);
	for (uint32_t i = 0; i < count && name.ptr; i++) {
		name = tw_arena_format(&reader->stage->scratch, "%s%s%.*s", name.ptr, name.len ? " " : "", (int)part[i].len, part[i].ptr);
	}
	return name;
}

/* Dates that rows of one entry state apart: the earliest listing, the latest end; a row without an end has none. */
static void merge_dates(struct tw_columns_reader *reader, struct tw_stage_entry *entry, bool first)
{
	struct tw_list_date listed, removed;
	struct tw_slice end = tw_columns_field(reader, TW_COLUMN_REMOVED_ON);
	tw_list_date_read(tw_columns_field(reader, TW_COLUMN_LISTED_ON), reader->map->order, &listed, NULL);
	bool read = tw_list_date_read(end, reader->map->order, &removed, NULL);
	if (end.len && !read) {
		tw_list_stage_skip(reader->stage, "an end that is no date", reader->csv.line, false);
	}
	if (first || (listed.year && (entry->listed_on.year == 0 || tw_list_date_compare(listed, entry->listed_on) < 0))) {
		entry->listed_on = listed;
	}
	if (first || removed.year == 0 || (entry->removed_on.year && tw_list_date_compare(removed, entry->removed_on) > 0)) {
		entry->removed_on = removed;
	}
}

/* The row's id; for an issuer without ids a digest of what the row lists. {NULL, 0}: no memory. */
static struct tw_slice id_of(struct tw_columns_reader *reader)
{
	char hex[TW_HASH128_HEX_BYTES];
	if (!reader->map->digest_id) {
		return tw_columns_field(reader, TW_COLUMN_ID);
	}
	struct tw_slice text = tw_arena_format(&reader->stage->scratch, "%s", "");
	for (uint32_t i = 0; i < reader->csv.count && text.ptr; i++) {
		enum tw_column_meaning meaning = reader->column[i]->meaning;
		if (meaning == TW_COLUMN_NAME || meaning == TW_COLUMN_ADDRESS || meaning == TW_COLUMN_CITY || meaning == TW_COLUMN_COUNTRY ||
		    meaning == TW_COLUMN_LISTED_ON) {
			struct tw_slice field = tw_list_trim(reader->csv.field[i]);
			text = tw_arena_format(&reader->stage->scratch, "%s%.*s\x1f", text.ptr, (int)field.len, field.ptr);
		}
	}
	return text.ptr ? tw_arena_format(&reader->stage->scratch, "dpl-%.16s", tw_hash128_hex(tw_hash128(text.ptr, text.len), hex)) : text;
}

/* What only the centre's own list is refused for: it can be mended where it is written. */
static enum tw_code check_words(struct tw_columns_reader *reader, struct tw_error *err)
{
	enum tw_entry_kind kind;
	struct tw_slice scheme = tw_columns_field(reader, TW_COLUMN_SCHEME);
	if (!reader->map->strict) {
		return TW_OK;
	}
	if (!kind_of(tw_columns_field(reader, TW_COLUMN_KIND), &kind)) {
		return tw_csv_fail(&reader->csv, TW_E_SYNTAX, "a kind nobody knows", tw_columns_field(reader, TW_COLUMN_KIND), err);
	}
	if (scheme.len && !tw_columns_scheme(scheme)) {
		return tw_csv_fail(&reader->csv, TW_E_SYNTAX, "an identifier scheme nobody knows", scheme, err);
	}
	return TW_OK;
}

static bool make_entry(struct tw_columns_reader *reader, struct tw_slice id, uint32_t *entry)
{
	enum tw_entry_kind kind;
	kind_of(tw_columns_field(reader, TW_COLUMN_KIND), &kind);
	struct tw_slice programme = tw_list_squeeze(tw_columns_field(reader, TW_COLUMN_PROGRAMME), &reader->stage->arena);
	if (!programme.ptr || !tw_list_stage_entry(reader->stage, id, kind, reader->csv.line, entry)) {
		return false;
	}
	struct tw_stage_entry *made = tw_list_stage_entry_at(reader->stage, *entry);
	made->programme = programme;
	made->measures = reader->map->measures;
	tw_list_stage_count(reader->stage, kind);
	return true;
}

/* Another programme than those of the rows before. */
static bool add_programme(struct tw_columns_reader *reader, uint32_t entry)
{
	struct tw_slice programme = tw_columns_field(reader, TW_COLUMN_PROGRAMME);
	struct tw_stage_entry *made = tw_list_stage_entry_at(reader->stage, entry);
	bool fresh = false;
	if (programme.len && !tw_columns_is_new(reader, entry, "programme", programme, &fresh)) {
		return false;
	}
	if (fresh && !tw_slice_equal(programme, made->programme)) {
		made->programme = tw_arena_format(&reader->stage->arena, "%.*s%s%.*s", (int)made->programme.len, made->programme.ptr,
		                                  made->programme.len ? "; " : "", (int)programme.len, programme.ptr);
	}
	return made->programme.ptr != NULL;
}

/* The file's date, where rows state it. */
static bool add_list_date(struct tw_columns_reader *reader)
{
	struct tw_slice date = tw_columns_field(reader, TW_COLUMN_LIST_DATE);
	if (date.len && reader->stage->report.date.len == 0) {
		reader->stage->report.date = tw_arena_copy(&reader->stage->arena, date);
	}
	return reader->stage->report.date.ptr || date.len == 0;
}

static enum tw_code read_row(struct tw_columns_reader *reader, struct tw_error *err)
{
	bool fresh = false;
	struct tw_slice id = id_of(reader), name = whole_name(reader);
	enum tw_code code = check_words(reader, err);
	if (code != TW_OK) {
		return code;
	}
	if (id.ptr && id.len == 0) {
		tw_list_stage_skip(reader->stage, "a row without an id", reader->csv.line, true);
		return TW_OK;
	}
	struct tw_columns_seen *slot = id.ptr && name.ptr ? tw_columns_look_up(reader, TW_COLUMNS_NOBODY, "entry", id, &fresh) : NULL;
	if (!slot) {
		return no_room(reader, err);
	}
	fresh = slot->entry == TW_COLUMNS_NOBODY;
	if (fresh && name.len == 0) {
		tw_list_stage_skip(reader->stage, "an entry's first row without a name", reader->csv.line, true);
		return TW_OK;
	}
	if (!add_list_date(reader) || (fresh && !make_entry(reader, id, &slot->entry))) {
		return no_room(reader, err);
	}
	uint32_t entry = slot->entry; /* the slot may move when the set grows */
	reader->stage->report.blank_names += name.len == 0 && !reader->map->by_part;
	tw_list_stage_entry_at(reader->stage, entry)->measures |= tw_list_measures_in(tw_columns_field(reader, TW_COLUMN_MEASURES));
	merge_dates(reader, tw_list_stage_entry_at(reader->stage, entry), fresh);
	bool fits = !reader->map->by_part || add_programme(reader, entry);
	return fits && tw_columns_add_name(reader, entry, name) && tw_columns_add_fields(reader, entry) ? TW_OK : no_room(reader, err);
}

static const struct tw_column *column_named(const struct tw_column_map *map, struct tw_slice header)
{
	for (uint32_t i = 0; i < map->column_count; i++) {
		if (tw_slice_is(header, map->columns[i].header)) {
			return &map->columns[i];
		}
	}
	return NULL;
}

static enum tw_code read_header(struct tw_columns_reader *reader, struct tw_error *err)
{
	struct tw_csv *csv = &reader->csv;
	enum tw_code code = tw_csv_next(csv, err);
	if (code != TW_OK) {
		return code;
	}
	for (uint32_t i = 0; i < csv->count; i++) {
		reader->column[i] = column_named(reader->map, tw_list_trim(csv->field[i]));
		if (!reader->column[i] && reader->map->closed) {
			return tw_csv_fail(csv, TW_E_SYNTAX, "a column nobody knows", csv->field[i], err);
		}
		for (uint32_t k = 0; k < i && reader->column[i]; k++) {
			if (reader->column[k] == reader->column[i]) {
				return tw_csv_fail(csv, TW_E_SYNTAX, "a column that stands twice", csv->field[i], err);
			}
		}
	}
	for (uint32_t c = 0; c < reader->map->column_count; c++) {
		bool there = !reader->map->columns[c].required;
		for (uint32_t i = 0; i < csv->count; i++) {
			there = there || reader->column[i] == &reader->map->columns[c];
		}
		if (!there) {
			return tw_csv_fail(csv, TW_E_MISSING, "a column that is not there", tw_slice_str(reader->map->columns[c].header), err);
		}
	}
	csv->columns = csv->count;
	return TW_OK;
}

/* Rows before the header hold the list's date: "Last Updated,13/04/2018", "Report Date: 13-Feb-2026". */
static enum tw_code read_preamble(struct tw_columns_reader *reader, struct tw_error *err)
{
	for (uint32_t i = 0; i < reader->map->preamble_rows; i++) {
		enum tw_code code = tw_csv_next(&reader->csv, err);
		if (code != TW_OK) {
			return code;
		}
		struct tw_slice text = reader->csv.count ? reader->csv.field[reader->csv.count > 1] : blank;
		uint32_t colon = tw_columns_find_word(text, ": ");
		text = colon < text.len ? (struct tw_slice){text.ptr + colon + 2, text.len - colon - 2} : text;
		reader->stage->report.date = tw_arena_copy(&reader->stage->arena, tw_list_trim(text));
		if (!reader->stage->report.date.ptr) {
			return no_room(reader, err);
		}
	}
	return TW_OK;
}

static enum tw_code read_rows(struct tw_columns_reader *reader, struct tw_error *err)
{
	enum tw_code code = read_preamble(reader, err);
	code = code == TW_OK ? read_header(reader, err) : code;
	while (code == TW_OK) {
		tw_arena_reset(&reader->stage->scratch);
		code = reader->map->utf8 ? tw_csv_next_utf8(&reader->csv, err) : tw_csv_next(&reader->csv, err);
		if (code != TW_OK || reader->csv.count == 0) {
			break;
		}
		code = read_row(reader, err);
	}
	if (code == TW_OK && !tw_list_stage_primary_first(reader->stage)) {
		return no_room(reader, err);
	}
	return code;
}

enum tw_code tw_list_columns_load(struct tw_list_stage *stage, const struct tw_column_map *map, const struct tw_list_file *file, struct tw_error *err)
{
	struct tw_columns_reader reader = {.stage = stage, .map = map};
	struct tw_slice bytes = file->bytes;
	bool marked = bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0;
	enum tw_code code = map->cp1252 && !marked ? tw_cp1252_decode(file, &stage->arena, &bytes, err) : TW_OK;
	if (code != TW_OK) {
		return code;
	}
	tw_csv_init(&reader.csv, file->name, bytes, &stage->scratch);
	reader.csv.separator = map->separator;
	return read_rows(&reader, err);
}
