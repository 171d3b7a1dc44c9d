/**
 * @file list_screen.c
 * Numbers: which schemes there are, how a number becomes a key, and one number against the index. A miss leaves nothing behind in the arena.
 */
#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "feeds/list_index.h"
#include "feeds/name.h"

#define EQUAL_PPM 1000000

/* What lists call a number of which they do not say what it is; a query that names a scheme meets it too. */
#define ANY_NUMBER      TW_LIST_ANY_NUMBER
#define ANY_NUMBER_WORD "IDENTIFIER"

/* Postings of one key. */
struct postings {
	const struct tw_list_posting *at;
	uint32_t count;
};

static const struct {
	const char *word; /* letters and digits, upper case */
	const char *scheme;
	bool stands_alone;
} schemes[] = {
    {"IMO", "imo", false},
    {"IMONUMBER", "imo", false},
    {"IMOSHIP", "imo", false},
    {"IMOCOMPANY", "imo_company", false},
    {"IMOOWNER", "imo_company", false},
    {"MMSI", "mmsi", false},
    {"CALLSIGN", "call_sign", false},
    {"PASSPORT", "passport", true},
    {"PASSPORTNUMBER", "passport", true},
    {"TRAVELDOCUMENT", "passport", true},
    {"NATIONALID", "national_id", true},
    {"IDCARD", "national_id", true},
    {"IDENTITYCARD", "national_id", true},
    {"CEDULA", "national_id", true},
    {"CURP", "national_id", true},
    {"DNI", "national_id", true},
    {"TAX", "tax", true},
    {"TAXID", "tax", true},
    {"TIN", "tax", true},
    {"VAT", "tax", true},
    {"VATNUMBER", "tax", true},
    {"INN", "tax", true},
    {"NIT", "tax", true},
    {"RUC", "tax", true},
    {"RFC", "tax", true},
    {"RIF", "tax", true},
    {"EIN", "tax", true},
    {"REGISTRATION", "registration", true},
    {"REGISTRATIONNUMBER", "registration", true},
    {"COMPANYNUMBER", "registration", true},
    {"COMPANYREGISTRATION", "registration", true},
    {"CRN", "registration", true},
    {"OGRN", "registration", true},
    {"USCC", "registration", true},
    {"LEI", "registration", true},
    {"TRADELICENCE", "registration", true},
    {"TRADELICENSE", "registration", true},
    {"DUNS", "duns", true},
    {"BIC", "bic", true},
    {"SWIFT", "bic", true},
    {"BIK", "bik", true},
    {"TAILNUMBER", "tail_number", true},
    {"AIRCRAFTREGISTRATION", "tail_number", true},
    {"AIRCRAFTSERIAL", "aircraft_serial", true},
    {"TRANSPONDER", "transponder", true},
    {ANY_NUMBER_WORD, ANY_NUMBER, true},
};

/* Compare letters and digits alone, case folded: "VAT number", "vat_number" and "VATNUMBER" are one word. */
static bool is_word(struct tw_slice text, const char *word)
{
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
			continue;
		}
		if (*word++ != c) {
			return false;
		}
	}
	return *word == '\0';
}

struct tw_slice tw_list_scheme_find(struct tw_slice word)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (is_word(word, schemes[i].word)) {
			return tw_slice_str(schemes[i].scheme);
		}
	}
	return (struct tw_slice){"", 0};
}

bool tw_list_scheme_stands_alone(struct tw_slice scheme)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (tw_slice_is(scheme, schemes[i].scheme)) {
			return schemes[i].stands_alone;
		}
	}
	return false;
}

static uint32_t characters(struct tw_slice text)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		count += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	}
	return count;
}

/* "IMO 9999999", "IMO no. 9999999": letters before an IMO number are no part of it. */
static struct tw_slice without_letters(struct tw_slice number)
{
	while (number.len && number.ptr[0] >= 'A' && number.ptr[0] <= 'Z') {
		number = (struct tw_slice){number.ptr + 1, number.len - 1};
	}
	return number;
}

bool tw_list_identifier_key(struct tw_slice scheme, struct tw_slice value, struct tw_arena *arena, struct tw_slice *out)
{
	*out = (struct tw_slice){"", 0};
	struct tw_slice plain = tw_text_alnum(value, arena);
	if (!plain.ptr) {
		return false;
	}
	plain = tw_slice_is(scheme, "imo") ? without_letters(plain) : plain;
	if (characters(plain) < TW_LIST_IDENTIFIER_CHARACTERS_MIN) {
		return true;
	}
	char *key = tw_arena_alloc_raw(arena, (size_t)scheme.len + 1 + plain.len);
	if (!key) {
		return false;
	}
	if (scheme.len) {
		memcpy(key, scheme.ptr, scheme.len);
	}
	key[scheme.len] = '\0';
	memcpy(key + scheme.len + 1, plain.ptr, plain.len);
	*out = (struct tw_slice){key, scheme.len + 1 + plain.len};
	return true;
}

static struct tw_match match_of(const struct tw_list_index *index, const struct tw_list_posting *posting)
{
	const struct tw_list_entry entry = tw_list_entry_view(index, posting->entry);
	const struct tw_list_identifier_row *number = &index->identifier[posting->item];
	return (struct tw_match){.list = entry.list,
	                         .entry = entry.id,
	                         .name = tw_list_text_of(index, number->value),
	                         .programme = entry.programme,
	                         .kind = entry.kind,
	                         .quality = TW_NAME_PRIMARY,
	                         .measures = entry.measures,
	                         .listed_on = entry.listed_on,
	                         .basis = TW_MATCH_IDENTIFIER,
	                         .scheme = tw_list_text_of(index, number->scheme),
	                         .similarity_ppm = EQUAL_PPM,
	                         .part = {{"identifier", EQUAL_PPM}},
	                         .part_count = 1};
}

static enum tw_code no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_REJECT, "no memory for list hits", NULL, NULL);
}

/* Once an entry. */
static bool is_hidden(const struct tw_list_index *index, uint32_t entry, struct tw_list_filter *filter)
{
	if (!filter) {
		return false;
	}
	struct tw_list_entry asked = tw_list_entry_view(index, entry);
	bool hidden = filter->hides(filter->context, asked.list, asked.id);
	filter->hidden += hidden;
	return hidden;
}

/* Postings come by entry: their own order is the strict one, for all are equal. An entry that both name stands once, with its own scheme; one that
 * is hidden takes no place. */
static enum tw_code answer(const struct tw_list_index *index, struct postings named, struct postings any, struct tw_list_filter *filter,
                           struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	uint32_t room = named.count + any.count, count = 0, i = 0, j = 0;
	uint32_t last = UINT32_MAX;
	bool hidden = false;
	room = room < TW_HITS_MAX ? room : TW_HITS_MAX;
	struct tw_match *match = room ? tw_arena_alloc_raw(arena, room * sizeof(*match)) : NULL;
	if (room && !match) {
		return no_memory(err);
	}
	while (count < room && (i < named.count || j < any.count)) {
		bool first = j == any.count || (i < named.count && named.at[i].entry <= any.at[j].entry);
		bool both = first && j < any.count && named.at[i].entry == any.at[j].entry;
		const struct tw_list_posting *posting = first ? &named.at[i] : &any.at[j];
		i += first;
		j += !first || both;
		hidden = posting->entry == last ? hidden : is_hidden(index, posting->entry, filter);
		last = posting->entry;
		if (!hidden) {
			match[count++] = match_of(index, posting);
		}
	}
	*out = (struct tw_matches){match, count};
	return TW_OK;
}

/* @return false: no memory for the key */
static bool find_number(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value, struct tw_arena *arena,
                        struct postings *out)
{
	struct tw_slice key = {"", 0};
	*out = (struct postings){NULL, 0};
	bool fits = tw_list_identifier_key(scheme, value, arena, &key);
	if (fits && key.len) {
		out->at = tw_list_table_find(&index->identifiers, key, &out->count);
		out->count = out->at ? out->count : 0;
	}
	return fits;
}

enum tw_code tw_list_index_identify_but(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value,
                                        struct tw_list_filter *filter, struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	if (value.len > TW_NAME_BYTES_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "an identifier is too long", NULL, "%u bytes, at most %u", value.len, TW_NAME_BYTES_MAX);
	}
	struct tw_slice listed = tw_list_scheme_find(scheme), any = tw_slice_str(ANY_NUMBER);
	struct postings named = {NULL, 0}, unnamed = {NULL, 0};
	struct tw_arena_mark mark = tw_arena_mark(arena);
	bool known = scheme.len == 0 || listed.len != 0;
	bool fits = !known || find_number(index, listed, value, arena, &named);
	if (fits && tw_list_scheme_stands_alone(listed) && !tw_slice_equal(listed, any)) {
		fits = find_number(index, any, value, arena, &unnamed);
	}
	tw_arena_rewind(arena, mark);
	return fits ? answer(index, named, unnamed, filter, arena, out, err) : no_memory(err);
}

enum tw_code tw_list_index_identify(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value, struct tw_arena *arena,
                                    struct tw_matches *out, struct tw_error *err)
{
	return tw_list_index_identify_but(index, scheme, value, NULL, arena, out, err);
}
