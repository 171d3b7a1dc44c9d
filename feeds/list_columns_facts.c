/**
 * @file list_columns_facts.c
 * See list_columns_reader.h. One row's facts, each kept once: a set of 128-bit digests over (entry, what, text) says what was seen.
 * The set is asked, never walked, so its order reaches nothing.
 */
#include "feeds/list_columns_reader.h"

#include <strings.h>

#include "engine/base/arena.h"
#include "feeds/list_text.h"

static const struct tw_slice blank = {"", 0};

bool tw_columns_same_word(struct tw_slice text, const char *word)
{
	return text.len == strlen(word) && strncasecmp(text.ptr, word, text.len) == 0;
}

/* Offset of `word` in any case, text.len when it is not there. */
uint32_t tw_columns_find_word(struct tw_slice text, const char *word)
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
static struct tw_columns_seen *slot_of(const struct tw_columns_reader *reader, struct tw_hash128 key)
{
	uint32_t at = (uint32_t)key.low & (reader->room - 1);
	while ((reader->seen[at].key.low || reader->seen[at].key.high) &&
	       (reader->seen[at].key.low != key.low || reader->seen[at].key.high != key.high)) {
		at = (at + 1) & (reader->room - 1);
	}
	return &reader->seen[at];
}

static bool grow(struct tw_columns_reader *reader)
{
	struct tw_columns_reader old = *reader;
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

/* The slot of (entry, what, text); new ones have `*fresh` and entry TW_COLUMNS_NOBODY. NULL: no memory. */
struct tw_columns_seen *tw_columns_look_up(struct tw_columns_reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh)
{
	if (reader->used * 2 >= reader->room && !grow(reader)) {
		return NULL;
	}
	struct tw_slice whole = tw_arena_format(&reader->stage->scratch, "%u\x1f%s\x1f%.*s", (unsigned)entry, what, (int)text.len, text.ptr);
	if (!whole.ptr) {
		return NULL;
	}
	struct tw_hash128 key = tw_hash128(whole.ptr, whole.len);
	struct tw_columns_seen *slot = slot_of(reader, key);
	*fresh = slot->key.low == 0 && slot->key.high == 0;
	if (*fresh) {
		*slot = (struct tw_columns_seen){key, TW_COLUMNS_NOBODY};
		reader->used++;
	}
	return slot;
}

/* Whether the entry has this fact already. false: no memory. */
bool tw_columns_is_new(struct tw_columns_reader *reader, uint32_t entry, const char *what, struct tw_slice text, bool *fresh)
{
	return tw_columns_look_up(reader, entry, what, text, fresh) != NULL;
}

/* What follows a numbering mark "1)", "(1)", "(a)", "a)" at `at`; 0 when there is none. */
static uint32_t mark_length(struct tw_slice text, uint32_t at)
{
	uint32_t i = at;
	bool open = text.ptr[i] == '(';
	i += open;
	uint32_t from = i;
	while (i < text.len && i - from < 2 && text.ptr[i] >= '0' && text.ptr[i] <= '9') {
		i++;
	}
	if (i == from && i < text.len && text.ptr[i] >= 'a' && text.ptr[i] <= 'k') {
		i++;
	}
	bool apart = at == 0 || text.ptr[at - 1] == ' ' || text.ptr[at - 1] == '.';
	return apart && i > from && i < text.len && text.ptr[i] == ')' ? i + 1 - at : 0;
}

/* The next of several values in one field; false at the end. */
static bool next_part(const struct tw_columns_reader *reader, struct tw_slice *rest, struct tw_slice *part)
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

const char *tw_columns_scheme(struct tw_slice text)
{
	static const char *const words[] = {"imo", "imo_company", "mmsi", "call_sign", "passport",    "national_id",     "registration",
	                                    "tax", "duns",        "bic",  "bik",       "tail_number", "aircraft_serial", "transponder"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tw_columns_same_word(text, words[i])) {
			return words[i];
		}
	}
	return NULL;
}

/* The first field of that meaning, trimmed; empty when there is none. */
struct tw_slice tw_columns_field(const struct tw_columns_reader *reader, enum tw_column_meaning meaning)
{
	for (uint32_t i = 0; i < reader->csv.count; i++) {
		if (reader->column[i] && reader->column[i]->meaning == meaning) {
			return tw_list_trim(reader->csv.field[i]);
		}
	}
	return blank;
}

/* Fields of that meaning that are not blank. */
uint32_t tw_columns_fields(const struct tw_columns_reader *reader, enum tw_column_meaning meaning, struct tw_slice *out)
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

static bool add_name(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice name, enum tw_name_quality quality)
{
	bool fresh = false;
	name = tw_list_trim(name);
	if (name.len == 0) {
		return true;
	}
	if (!tw_columns_is_new(reader, entry, quality == TW_NAME_PRIMARY && !reader->map->by_part ? "primary" : "name", name, &fresh)) {
		return false;
	}
	return !fresh || tw_list_stage_name(reader->stage, entry, name, quality);
}

static enum tw_name_quality row_quality(const struct tw_columns_reader *reader)
{
	struct tw_slice type = tw_columns_field(reader, TW_COLUMN_ALIAS_TYPE);
	if (type.len == 0 || tw_columns_find_word(type, "prim") == 0) {
		return TW_NAME_PRIMARY;
	}
	if (tw_columns_same_word(type, "FKA")) {
		return TW_NAME_FORMER;
	}
	return tw_columns_find_word(tw_columns_field(reader, TW_COLUMN_ALIAS_WEAK), "low") == 0 && tw_columns_field(reader, TW_COLUMN_ALIAS_WEAK).len
	           ? TW_NAME_WEAK
	           : TW_NAME_STRONG;
}

/* For issuers that call no name the primary one. false: no memory. */
static bool part_quality(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice name, enum tw_name_quality *quality)
{
	bool first = false;
	if (name.len == 0) {
		return true;
	}
	if (tw_list_is_foreign(name)) {
		*quality = TW_NAME_ORIGINAL_SCRIPT;
		return true;
	}
	bool known = tw_columns_is_new(reader, entry, "first", blank, &first);
	*quality = first ? TW_NAME_PRIMARY : TW_NAME_STRONG;
	return known;
}

bool tw_columns_add_name(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice name)
{
	enum tw_name_quality quality = row_quality(reader);
	return (!reader->map->by_part || part_quality(reader, entry, name, &quality)) && add_name(reader, entry, name, quality);
}

static bool add_imo(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice digits)
{
	enum tw_entry_kind kind = tw_list_stage_entry_at(reader->stage, entry)->kind;
	const char *scheme = tw_list_imo_scheme(digits, kind);
	bool fresh = false;
	/* the issuer says that it is one: kept as issued even where the check digit is wrong */
	return tw_columns_is_new(reader, entry, "imo", digits, &fresh) &&
	       (!fresh || tw_list_stage_identifier(reader->stage, entry, scheme ? scheme : "imo", digits, blank));
}

/* "IMO: 1234567", "(IMO number: 1234567)": the first one. */
static bool add_imo_in(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice text)
{
	uint32_t at = 0;
	struct tw_slice number = tw_list_imo_next(text, &at);
	return number.len == 0 || add_imo(reader, entry, number);
}

static bool add_identifier(struct tw_columns_reader *reader, uint32_t entry, const char *scheme, struct tw_slice value)
{
	bool fresh = false;
	if (value.len == 10 && tw_columns_find_word(value, "IMO") == 0) {
		return add_imo_in(reader, entry, value);
	}
	if (strcmp(scheme, "imo") == 0 && value.len == 7) {
		return add_imo(reader, entry, value);
	}
	/* the centre and a database state numbers alone, an issuer's field is a sentence */
	value = reader->map->parts || reader->map->by_part ? value : tw_list_number_in(value);
	return value.len == 0 ||
	       (tw_columns_is_new(reader, entry, scheme, value, &fresh) &&
	        (!fresh || tw_list_stage_identifier(reader->stage, entry, scheme, value, tw_columns_field(reader, TW_COLUMN_ISSUER))));
}

static bool add_country(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice name)
{
	char upper[2];
	if (name.len == 2) { /* databases write codes in small letters */
		upper[0] = (char)(name.ptr[0] >= 'a' && name.ptr[0] <= 'z' ? name.ptr[0] - 'a' + 'A' : name.ptr[0]);
		upper[1] = (char)(name.ptr[1] >= 'a' && name.ptr[1] <= 'z' ? name.ptr[1] - 'a' + 'A' : name.ptr[1]);
		name = (struct tw_slice){upper, 2};
	}
	return tw_list_stage_country(reader->stage, entry, without_note(name));
}

static bool add_birth(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice text)
{
	struct tw_list_date date = {0}, until = {0};
	if (text.len && !tw_list_date_read(text, reader->map->order, &date, &until)) {
		tw_list_stage_skip(reader->stage, "a birth that is no date", reader->csv.line, false);
	}
	date.circa = date.circa || tw_columns_same_word(tw_columns_field(reader, TW_COLUMN_BIRTH_CIRCA), "true");
	bool fresh = false;
	return text.len == 0 || date.year == 0 ||
	       (tw_columns_is_new(reader, entry, "birth", text, &fresh) &&
	        (!fresh || (tw_list_stage_birth(reader->stage, entry, date) && tw_list_stage_birth(reader->stage, entry, until))));
}

/* A year, or a span of years, where the row states no day. */
static bool add_birth_year(struct tw_columns_reader *reader, uint32_t entry)
{
	struct tw_slice year[TW_CSV_FIELDS_MAX], calendar = tw_columns_field(reader, TW_COLUMN_CALENDAR);
	uint32_t count = tw_columns_field(reader, TW_COLUMN_BIRTH).len ? 0 : tw_columns_fields(reader, TW_COLUMN_BIRTH_YEAR, year);
	if (count == 0) {
		return true;
	}
	if (calendar.len && !tw_columns_same_word(calendar, "GREGORIAN")) {
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

static bool add_scheme_identifier(struct tw_columns_reader *reader, uint32_t entry, struct tw_slice value)
{
	struct tw_slice code = tw_columns_field(reader, TW_COLUMN_SCHEME);
	enum tw_entry_kind kind = tw_list_stage_entry_at(reader->stage, entry)->kind;
	const char *scheme = reader->map->scheme_of ? reader->map->scheme_of(code, kind) : tw_columns_scheme(code);
	if (!scheme && reader->map->scheme_of && !tw_columns_same_word(code, "imo")) {
		tw_list_stage_skip(reader->stage, "an identification of a kind that nothing is screened by", reader->csv.line, false);
		return true;
	}
	return add_identifier(reader, entry, scheme ? scheme : tw_columns_same_word(code, "imo") ? "imo" : "identifier", value);
}

/* One part of a field of several values. */
static bool add_part(struct tw_columns_reader *reader, uint32_t entry, const struct tw_column *column, struct tw_slice part)
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

static bool add_address(struct tw_columns_reader *reader, uint32_t entry)
{
	struct tw_slice part[TW_CSV_FIELDS_MAX], city = tw_columns_field(reader, TW_COLUMN_CITY);
	struct tw_slice country = without_note(tw_columns_field(reader, TW_COLUMN_COUNTRY)), key;
	uint32_t count = tw_columns_fields(reader, TW_COLUMN_ADDRESS, part);
	bool fresh = false;
	key = tw_arena_format(&reader->stage->scratch, "%.*s\x1f%.*s", (int)city.len, city.ptr, (int)country.len, country.ptr);
	for (uint32_t i = 0; i < count && key.ptr; i++) {
		key = tw_arena_format(&reader->stage->scratch, "%s\x1f%.*s", key.ptr, (int)part[i].len, part[i].ptr);
	}
	if (!key.ptr || !tw_columns_is_new(reader, entry, "address", key, &fresh)) {
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

bool tw_columns_add_fields(struct tw_columns_reader *reader, uint32_t entry)
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
