/**
 * @file list_columns.c
 * The reader of list_columns.h: a header row becomes a column's meaning by its name, a row's fields go to the entry of its id.
 *
 *     row --> entry of its id (made at the first row that has a name) --> name, births, address, identifiers ...
 *
 * Issuers repeat an entry's row for every combination of what it has several of, so each fact is kept once: a set of 128-bit digests over
 * (entry, what, text) says what was seen. The set is asked, never walked, so its order reaches nothing. At the end primary names come
 * first; an entry whose issuer calls none primary has its first one.
 *
 * Invariant: a row is passed over with its line and reason, or everything that its columns mean is in the stage.
 */
#include "feeds/list_columns.h"

#include <stdio.h>
#include <strings.h>

#include <tidewaiter/limits.h>

#include "engine/base/hash.h"
#include "feeds/cp1252.h"
#include "feeds/csv.h"
#include "feeds/list_text.h"

#define NOBODY UINT32_MAX

struct seen {
	struct tw_hash128 key; /* {0, 0}: free */
	uint32_t entry;
};

struct reader {
	struct tw_list_stage *stage;
	const struct tw_column_map *map;
	struct tw_csv csv;
	const struct tw_column *column[TW_CSV_FIELDS_MAX]; /* NULL: the map does not name it */
	struct seen *seen;                                 /* open addressing, `room` is a power of two */
	uint32_t room, used;
};

static const struct tw_slice blank = {"", 0};

static enum tw_code no_room(const struct reader *reader, struct tw_error *err)
{
	const char *limit = reader->stage->limit;
	return tw_csv_fail(&reader->csv, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", blank, err);
}

static bool same_word(struct tw_slice text, const char *word)
{
	return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

/* Offset of `word` in any case, text.len when it is not there. */
static uint32_t find_word(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	for (uint32_t i = 0; i + length <= text.len; i++) {
		if (strncasecmp(text.ptr + i, word, length) == 0) {
			return i;
		}
	}
	return text.len;
}

/* Slot of a key: its own, or the free one where it goes. */
static struct seen *slot_of(const struct reader *reader, struct tw_hash128 key)
{
	uint32_t at = (uint32_t)key.low & (reader->room - 1);
	while ((reader->seen[at].key.low || reader->seen[at].key.high) &&
	       (reader->seen[at].key.low != key.low || reader->seen[at].key.high != key.high)) {
		at = (at + 1) & (reader->room - 1);
	}
	return &reader->seen[at];
}

static bool grow(struct reader *reader)
{
	struct reader old = *reader;
	reader->room = old.room ? old.room * 2 : 1024;
	size_t bytes = reader->room * sizeof(*reader->seen);
	reader->seen = tw_arena_alloc_raw(&reader->stage->arena, bytes);
	if (!reader->seen) {
		return false;
	}
	memset(reader->seen, 0, bytes);
	for (uint32_t i = 0; i < old.room; i++) {
		if (old.seen[i].key.low || old.seen[i].key.high) {
			*slot_of(reader, old.seen[i].key) = old.seen[i];
		}
	}
	return true;
}

/* The slot of (entry, what, text); new ones have `*fresh` and entry NOBODY. NULL: no memory. */
static struct seen *look_up(struct reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh)
{
	if (reader->used * 2 >= reader->room && !grow(reader)) {
		return NULL;
	}
	struct tw_slice whole = tw_arena_format(&reader->stage->scratch, "%u\x1f%s\x1f%.*s", (unsigned)entry, what, (int)text.len, text.ptr);
	if (!whole.ptr) {
		return NULL;
	}
	struct tw_hash128 key = tw_hash128(whole.ptr, whole.len);
	struct seen *slot = slot_of(reader, key);
	*fresh = slot->key.low == 0 && slot->key.high == 0;
	if (*fresh) {
		*slot = (struct seen){key, NOBODY};
		reader->used++;
	}
	return slot;
}

/* Whether the entry has this fact already. false: no memory. */
static bool is_new(struct reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh)
{
	return look_up(reader, entry, what, text, fresh) != NULL;
}

/* What follows a numbering mark "1)", "(1)", "(a)" at `at`; 0 when there is none. */
static uint32_t mark_length(struct tw_slice text, uint32_t at)
{
	uint32_t i = at;
	bool open = text.ptr[i] == '(';
	i += open;
	uint32_t from = i;
	while (i < text.len && i - from < 2 && text.ptr[i] >= '0' && text.ptr[i] <= '9') {
		i++;
	}
	if (i == from && open && i < text.len && text.ptr[i] >= 'a' && text.ptr[i] <= 'k') {
		i++;
	}
	bool apart = at == 0 || text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '.';
	return apart && i > from && i < text.len && text.ptr[i] == ')' ? i + 1 - at : 0;
}

/* The next of several values in one field; false at the end. */
static bool next_part(const struct reader *reader, struct tw_slice *rest, struct tw_slice *part)
{
	char separator = reader->map->parts;
	uint32_t end = 0, skip = 0;
	if (rest->len == 0) {
		return false;
	}
	for (; end < rest->len && skip == 0; end += skip == 0) {
		skip = separator ? rest->ptr[end] == separator : reader->map->by_part ? 0 : mark_length(*rest, end);
	}
	*part = tw_list_trim((struct tw_slice){rest->ptr, end});
	*rest = (struct tw_slice){rest->ptr + end + skip, rest->len - end - skip};
	return true;
}

/* "Nowhere (since 2009)" -> "Nowhere". */
static struct tw_slice without_note(struct tw_slice text)
{
	const char *open = text.len ? memchr(text.ptr, '(', text.len) : NULL;
	return tw_list_trim((struct tw_slice){text.ptr, open && open > text.ptr ? (uint32_t)(open - text.ptr) : text.len});
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
		if (same_word(text, words[i].word)) {
			*kind = words[i].kind;
			return true;
		}
	}
	*kind = TW_ENTRY_UNKNOWN;
	return false;
}

static const char *scheme_word(struct tw_slice text)
{
	static const char *const words[] = {"imo", "imo_company", "mmsi", "call_sign", "passport",    "national_id",     "registration",
	                                    "tax", "duns",        "bic",  "bik",       "tail_number", "aircraft_serial", "transponder"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (same_word(text, words[i])) {
			return words[i];
		}
	}
	return NULL;
}

/* The first field of that meaning, trimmed; empty when there is none. */
static struct tw_slice field_of(const struct reader *reader, enum tw_column_meaning meaning)
{
	for (uint32_t i = 0; i < reader->csv.count; i++) {
		if (reader->column[i] && reader->column[i]->meaning == meaning) {
			return tw_list_trim(reader->csv.field[i]);
		}
	}
	return blank;
}

/* Fields of that meaning that are not blank. */
static uint32_t fields_of(const struct reader *reader, enum tw_column_meaning meaning, struct tw_slice *out)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < reader->csv.count; i++) {
		struct tw_slice field = tw_list_trim(reader->csv.field[i]);
		if (reader->column[i] && reader->column[i]->meaning == meaning && field.len) {
			out[count++] = field;
		}
	}
	return count;
}

/* Given names in column order, then the family name. {NULL, 0}: no memory. */
static struct tw_slice whole_name(struct reader *reader)
{
	struct tw_slice part[TW_CSV_FIELDS_MAX], name = tw_arena_format(&reader->stage->scratch, "%s", "");
	uint32_t count = fields_of(reader, TW_COLUMN_NAME, part);
	count += fields_of(reader, TW_COLUMN_NAME_LAST, part + count);
	for (uint32_t i = 0; i < count && name.ptr; i++) {
		name = tw_arena_format(&reader->stage->scratch, "%s%s%.*s", name.ptr, name.len ? " " : "", (int)part[i].len, part[i].ptr);
	}
	return name;
}

static bool add_name(struct reader *reader, uint32_t entry, struct tw_slice name, enum tw_name_quality quality)
{
	bool fresh = false;
	name = tw_list_trim(name);
	if (name.len == 0) {
		return true;
	}
	if (!is_new(reader, entry, quality == TW_NAME_PRIMARY && !reader->map->by_part ? "primary" : "name", name, &fresh)) {
		return false;
	}
	return !fresh || tw_list_stage_name(reader->stage, entry, name, quality);
}

static enum tw_name_quality row_quality(const struct reader *reader)
{
	struct tw_slice type = field_of(reader, TW_COLUMN_ALIAS_TYPE);
	if (type.len == 0 || find_word(type, "prim") == 0) {
		return TW_NAME_PRIMARY;
	}
	if (same_word(type, "FKA")) {
		return TW_NAME_FORMER;
	}
	return find_word(field_of(reader, TW_COLUMN_ALIAS_WEAK), "low") == 0 && field_of(reader, TW_COLUMN_ALIAS_WEAK).len ? TW_NAME_WEAK
	                                                                                                                   : TW_NAME_STRONG;
}

/* For issuers that call no name the primary one. false: no memory. */
static bool part_quality(struct reader *reader, uint32_t entry, struct tw_slice name, enum tw_name_quality *quality)
{
	bool first = false;
	if (name.len == 0) {
		return true;
	}
	if (tw_list_is_foreign(name)) {
		*quality = TW_NAME_ORIGINAL_SCRIPT;
		return true;
	}
	bool known = is_new(reader, entry, "first", blank, &first);
	*quality = first ? TW_NAME_PRIMARY : TW_NAME_STRONG;
	return known;
}

static bool add_row_name(struct reader *reader, uint32_t entry, struct tw_slice name)
{
	enum tw_name_quality quality = row_quality(reader);
	return (!reader->map->by_part || part_quality(reader, entry, name, &quality)) && add_name(reader, entry, name, quality);
}

static bool add_imo(struct reader *reader, uint32_t entry, struct tw_slice digits)
{
	enum tw_entry_kind kind = tw_list_stage_entry_at(reader->stage, entry)->kind;
	const char *scheme = tw_list_imo_scheme(digits, kind);
	bool fresh = false;
	/* the issuer says that it is one: kept as issued even where the check digit is wrong */
	return is_new(reader, entry, "imo", digits, &fresh) &&
	       (!fresh || tw_list_stage_identifier(reader->stage, entry, scheme ? scheme : "imo", digits, blank));
}

/* "IMO: 1234567", "(IMO number: 1234567)": the first one. */
static bool add_imo_in(struct reader *reader, uint32_t entry, struct tw_slice text)
{
	uint32_t at = 0;
	struct tw_slice number = tw_list_imo_next(text, &at);
	return number.len == 0 || add_imo(reader, entry, number);
}

static bool add_identifier(struct reader *reader, uint32_t entry, const char *scheme, struct tw_slice value)
{
	bool fresh = false;
	if (value.len == 10 && find_word(value, "IMO") == 0) {
		return add_imo_in(reader, entry, value);
	}
	if (strcmp(scheme, "imo") == 0 && value.len == 7) {
		return add_imo(reader, entry, value);
	}
	/* the centre and a database state numbers alone, an issuer's field is a sentence */
	value = reader->map->parts || reader->map->by_part ? value : tw_list_number_in(value);
	return value.len == 0 || (is_new(reader, entry, scheme, value, &fresh) &&
	                          (!fresh || tw_list_stage_identifier(reader->stage, entry, scheme, value, field_of(reader, TW_COLUMN_ISSUER))));
}

static bool add_country(struct reader *reader, uint32_t entry, struct tw_slice name)
{
	char upper[2];
	if (name.len == 2) { /* databases write codes in small letters */
		upper[0] = (char)(name.ptr[0] >= 'a' && name.ptr[0] <= 'z' ? name.ptr[0] - 'a' + 'A' : name.ptr[0]);
		upper[1] = (char)(name.ptr[1] >= 'a' && name.ptr[1] <= 'z' ? name.ptr[1] - 'a' + 'A' : name.ptr[1]);
		name = (struct tw_slice){upper, 2};
	}
	return tw_list_stage_country(reader->stage, entry, without_note(name));
}

static bool add_birth(struct reader *reader, uint32_t entry, struct tw_slice text)
{
	struct tw_list_date date = {0}, until = {0};
	if (text.len && !tw_list_date_read(text, reader->map->order, &date, &until)) {
		tw_list_stage_skip(reader->stage, "a birth that is no date", reader->csv.line, false);
	}
	date.circa = date.circa || same_word(field_of(reader, TW_COLUMN_BIRTH_CIRCA), "true");
	bool fresh = false;
	return text.len == 0 || date.year == 0 ||
	       (is_new(reader, entry, "birth", text, &fresh) &&
	        (!fresh || (tw_list_stage_birth(reader->stage, entry, date) && tw_list_stage_birth(reader->stage, entry, until))));
}

/* A year, or a span of years, where the row states no day. */
static bool add_birth_year(struct reader *reader, uint32_t entry)
{
	struct tw_slice year[TW_CSV_FIELDS_MAX], calendar = field_of(reader, TW_COLUMN_CALENDAR);
	uint32_t count = field_of(reader, TW_COLUMN_BIRTH).len ? 0 : fields_of(reader, TW_COLUMN_BIRTH_YEAR, year);
	if (count == 0) {
		return true;
	}
	if (calendar.len && !same_word(calendar, "GREGORIAN")) {
		tw_list_stage_skip(reader->stage, "a birth of another calendar", reader->csv.line, false);
		return true;
	}
	bool span = count > 1 && !tw_slice_equal(year[count - 2], year[count - 1]);
	struct tw_slice text = year[count - 1];
	if (span) {
		text =
		    tw_arena_format(&reader->stage->scratch, "%.*s to %.*s", (int)year[count - 2].len, year[count - 2].ptr, (int)text.len, text.ptr);
	}
	return text.ptr && add_birth(reader, entry, text);
}

static bool add_scheme_identifier(struct reader *reader, uint32_t entry, struct tw_slice value)
{
	struct tw_slice code = field_of(reader, TW_COLUMN_SCHEME);
	enum tw_entry_kind kind = tw_list_stage_entry_at(reader->stage, entry)->kind;
	const char *scheme = reader->map->scheme_of ? reader->map->scheme_of(code, kind) : scheme_word(code);
	if (!scheme && reader->map->scheme_of && !same_word(code, "imo")) {
		tw_list_stage_skip(reader->stage, "an identification of a kind that nothing is screened by", reader->csv.line, false);
		return true;
	}
	return add_identifier(reader, entry, scheme ? scheme : same_word(code, "imo") ? "imo" : "identifier", value);
}

/* One part of a field of several values. */
static bool add_part(struct reader *reader, uint32_t entry, const struct tw_column *column, struct tw_slice part)
{
	enum tw_column_meaning meaning = column->meaning;
	if (meaning == TW_COLUMN_ALIASES || meaning == TW_COLUMN_SCRIPT_NAME) {
		return add_name(reader, entry, part, meaning == TW_COLUMN_ALIASES ? TW_NAME_STRONG : TW_NAME_ORIGINAL_SCRIPT);
	}
	if (meaning == TW_COLUMN_BIRTH) {
		return add_birth(reader, entry, part);
	}
	if (meaning == TW_COLUMN_NATIONALITY) {
		return add_country(reader, entry, part);
	}
	if (meaning == TW_COLUMN_IDENTIFIER) {
		return column->scheme ? add_identifier(reader, entry, column->scheme, part) : add_scheme_identifier(reader, entry, part);
	}
	return true;
}

static bool add_address(struct reader *reader, uint32_t entry)
{
	struct tw_slice part[TW_CSV_FIELDS_MAX], city = field_of(reader, TW_COLUMN_CITY);
	struct tw_slice country = without_note(field_of(reader, TW_COLUMN_COUNTRY)), key;
	uint32_t count = fields_of(reader, TW_COLUMN_ADDRESS, part);
	bool fresh = false;
	key = tw_arena_format(&reader->stage->scratch, "%.*s\x1f%.*s", (int)city.len, city.ptr, (int)country.len, country.ptr);
	for (uint32_t i = 0; i < count && key.ptr; i++) {
		key = tw_arena_format(&reader->stage->scratch, "%s\x1f%.*s", key.ptr, (int)part[i].len, part[i].ptr);
	}
	if (!key.ptr || !is_new(reader, entry, "address", key, &fresh)) {
		return false;
	}
	if (!fresh || !reader->map->parts || count != 1) {
		return !fresh || tw_list_stage_address(reader->stage, entry, part, count, city, country);
	}
	struct tw_slice rest = part[0], one;
	bool fits = true;
	while (fits && next_part(reader, &rest, &one)) {
		fits = tw_list_stage_address(reader->stage, entry, &one, 1, city, country);
	}
	return fits;
}

static bool add_fields(struct reader *reader, uint32_t entry)
{
	for (uint32_t i = 0; i < reader->csv.count; i++) {
		struct tw_slice rest = tw_list_trim(reader->csv.field[i]), part;
		if (!reader->column[i]) {
			continue;
		}
		if (reader->column[i]->meaning == TW_COLUMN_IMO_IN_TEXT && !add_imo_in(reader, entry, rest)) {
			return false;
		}
		while (next_part(reader, &rest, &part)) {
			if (part.len && !add_part(reader, entry, reader->column[i], part)) {
				return false;
			}
		}
	}
	return add_birth_year(reader, entry) && add_address(reader, entry);
}

/* Dates that rows of one entry state apart: the earliest listing, the latest end; a row without an end has none. */
static void merge_dates(struct reader *reader, struct tw_stage_entry *entry, bool first)
{
	struct tw_list_date listed, removed;
	struct tw_slice end = field_of(reader, TW_COLUMN_REMOVED_ON);
	tw_list_date_read(field_of(reader, TW_COLUMN_LISTED_ON), reader->map->order, &listed, NULL);
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
static struct tw_slice id_of(struct reader *reader)
{
	char hex[TW_HASH128_HEX_BYTES];
	if (!reader->map->digest_id) {
		return field_of(reader, TW_COLUMN_ID);
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
static enum tw_code check_words(struct reader *reader, struct tw_error *err)
{
	enum tw_entry_kind kind;
	struct tw_slice scheme = field_of(reader, TW_COLUMN_SCHEME);
	if (!reader->map->strict) {
		return TW_OK;
	}
	if (!kind_of(field_of(reader, TW_COLUMN_KIND), &kind)) {
		return tw_csv_fail(&reader->csv, TW_E_SYNTAX, "a kind nobody knows", field_of(reader, TW_COLUMN_KIND), err);
	}
	if (scheme.len && !scheme_word(scheme)) {
		return tw_csv_fail(&reader->csv, TW_E_SYNTAX, "an identifier scheme nobody knows", scheme, err);
	}
	return TW_OK;
}

static bool make_entry(struct reader *reader, struct tw_slice id, uint32_t *entry)
{
	enum tw_entry_kind kind;
	kind_of(field_of(reader, TW_COLUMN_KIND), &kind);
	struct tw_slice programme = tw_list_squeeze(field_of(reader, TW_COLUMN_PROGRAMME), &reader->stage->arena);
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
static bool add_programme(struct reader *reader, uint32_t entry)
{
	struct tw_slice programme = field_of(reader, TW_COLUMN_PROGRAMME);
	struct tw_stage_entry *made = tw_list_stage_entry_at(reader->stage, entry);
	bool fresh = false;
	if (programme.len && !is_new(reader, entry, "programme", programme, &fresh)) {
		return false;
	}
	if (fresh && !tw_slice_equal(programme, made->programme)) {
		made->programme = tw_arena_format(&reader->stage->arena, "%.*s%s%.*s", (int)made->programme.len, made->programme.ptr,
		                                  made->programme.len ? "; " : "", (int)programme.len, programme.ptr);
	}
	return made->programme.ptr != NULL;
}

/* The file's date, where rows state it. */
static bool add_list_date(struct reader *reader)
{
	struct tw_slice date = field_of(reader, TW_COLUMN_LIST_DATE);
	if (date.len && reader->stage->report.date.len == 0) {
		reader->stage->report.date = tw_arena_copy(&reader->stage->arena, date);
	}
	return reader->stage->report.date.ptr || date.len == 0;
}

static enum tw_code read_row(struct reader *reader, struct tw_error *err)
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
	struct seen *slot = id.ptr && name.ptr ? look_up(reader, NOBODY, "entry", id, &fresh) : NULL;
	if (!slot) {
		return no_room(reader, err);
	}
	fresh = slot->entry == NOBODY;
	if (fresh && name.len == 0) {
		tw_list_stage_skip(reader->stage, "an entry's first row without a name", reader->csv.line, true);
		return TW_OK;
	}
	if (!add_list_date(reader) || (fresh && !make_entry(reader, id, &slot->entry))) {
		return no_room(reader, err);
	}
	uint32_t entry = slot->entry; /* the slot may move when the set grows */
	reader->stage->report.blank_names += name.len == 0 && !reader->map->by_part;
	tw_list_stage_entry_at(reader->stage, entry)->measures |= tw_list_measures_in(field_of(reader, TW_COLUMN_MEASURES));
	merge_dates(reader, tw_list_stage_entry_at(reader->stage, entry), fresh);
	bool fits = !reader->map->by_part || add_programme(reader, entry);
	return fits && add_row_name(reader, entry, name) && add_fields(reader, entry) ? TW_OK : no_room(reader, err);
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

static enum tw_code read_header(struct reader *reader, struct tw_error *err)
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
static enum tw_code read_preamble(struct reader *reader, struct tw_error *err)
{
	for (uint32_t i = 0; i < reader->map->preamble_rows; i++) {
		enum tw_code code = tw_csv_next(&reader->csv, err);
		if (code != TW_OK) {
			return code;
		}
		struct tw_slice text = reader->csv.count ? reader->csv.field[reader->csv.count > 1] : blank;
		uint32_t colon = find_word(text, ": ");
		text = colon < text.len ? (struct tw_slice){text.ptr + colon + 2, text.len - colon - 2} : text;
		reader->stage->report.date = tw_arena_copy(&reader->stage->arena, tw_list_trim(text));
		if (!reader->stage->report.date.ptr) {
			return no_room(reader, err);
		}
	}
	return TW_OK;
}

static enum tw_code read_rows(struct reader *reader, struct tw_error *err)
{
	enum tw_code code = read_preamble(reader, err);
	code = code == TW_OK ? read_header(reader, err) : code;
	while (code == TW_OK) {
		tw_arena_reset(&reader->stage->scratch);
		code = tw_csv_next(&reader->csv, err);
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
	struct reader reader = {.stage = stage, .map = map};
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
