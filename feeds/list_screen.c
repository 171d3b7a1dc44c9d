/**
 * @file list_screen.c
 * Numbers: which schemes there are, how a number becomes a key, and one number against the index. A miss leaves nothing behind in the arena.
 */
#include <tidewaiter/limits.h>

#include "engine/base/text.h"
#include "feeds/list_index.h"
#include "feeds/name.h"

#define EQUAL_PPM 1000000

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
	const struct tw_list_entry *entry = &index->entry[posting->entry];
	return (struct tw_match){.list = entry->list,
	                         .entry = entry->id,
	                         .name = index->identifier[posting->item].value,
	                         .programme = entry->programme,
	                         .kind = entry->kind,
	                         .quality = TW_NAME_PRIMARY,
	                         .measures = entry->measures,
	                         .listed_on = entry->listed_on,
	                         .basis = TW_MATCH_IDENTIFIER,
	                         .scheme = index->identifier[posting->item].scheme,
	                         .similarity_ppm = EQUAL_PPM,
	                         .part = {{"identifier", EQUAL_PPM}},
	                         .part_count = 1};
}

static enum tw_code no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_REJECT, "no memory for list hits", NULL, NULL);
}

/* Postings come by entry: their own order is the strict one, for all are equal. What is hidden takes no place. */
static enum tw_code answer(const struct tw_list_index *index, const struct tw_list_posting *posting, uint32_t count, struct tw_list_filter *filter,
                           struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	uint32_t most = count < TW_HITS_MAX ? count : TW_HITS_MAX, shown = 0;
	bool hides = false;
	struct tw_match *match = count ? tw_arena_alloc_raw(arena, most * sizeof(*match)) : NULL;
	if (count && !match) {
		return no_memory(err);
	}
	for (uint32_t i = 0; i < count && shown < most; i++) {
		const struct tw_list_entry *entry = &index->entry[posting[i].entry];
		bool again = i && hides && posting[i].entry == posting[i - 1].entry;
		hides = again || (filter && filter->hides(filter->context, entry->list, entry->id));
		if (!hides) {
			match[shown++] = match_of(index, &posting[i]);
		} else if (!again) {
			filter->hidden++;
		}
	}
	*out = (struct tw_matches){match, shown};
	return TW_OK;
}

enum tw_code tw_list_index_identify_but(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value,
                                        struct tw_list_filter *filter, struct tw_arena *arena, struct tw_matches *out, struct tw_error *err)
{
	if (value.len > TW_NAME_BYTES_MAX) {
		return tw_fail(err, TW_E_LIMIT, TW_REJECT, "an identifier longer than TW_NAME_BYTES_MAX", NULL, "%u bytes", value.len);
	}
	struct tw_slice listed = tw_list_scheme_find(scheme), key = {"", 0};
	const struct tw_list_posting *posting = NULL;
	uint32_t count = 0;
	struct tw_arena_mark mark = tw_arena_mark(arena);
	bool known = scheme.len == 0 || listed.len != 0;
	bool fits = !known || tw_list_identifier_key(listed, value, arena, &key);
	if (fits && key.len) {
		posting = tw_list_table_find(&index->identifiers, key, &count);
	}
	tw_arena_rewind(arena, mark);
	return fits ? answer(index, posting, posting ? count : 0, filter, arena, out, err) : no_memory(err);
}

enum tw_code tw_list_index_identify(const struct tw_list_index *index, struct tw_slice scheme, struct tw_slice value, struct tw_arena *arena,
                                    struct tw_matches *out, struct tw_error *err)
{
	return tw_list_index_identify_but(index, scheme, value, NULL, arena, out, err);
}

bool tw_list_index_has(const struct tw_list_index *index, struct tw_slice list)
{
	for (uint32_t i = 0; i < index->list_count; i++) {
		if (tw_slice_equal(index->list[i], list)) {
			return true;
		}
	}
	return false;
}

static int entry_order(const struct tw_list_entry *entry, struct tw_slice list, struct tw_slice id)
{
	struct tw_slice mine[] = {entry->list, entry->id}, theirs[] = {list, id};
	for (size_t i = 0; i < 2; i++) {
		uint32_t shorter = mine[i].len < theirs[i].len ? mine[i].len : theirs[i].len;
		int order = shorter ? memcmp(mine[i].ptr, theirs[i].ptr, shorter) : 0;
		order = order ? order : (mine[i].len > theirs[i].len) - (mine[i].len < theirs[i].len);
		if (order) {
			return order;
		}
	}
	return 0;
}

bool tw_list_index_entry(const struct tw_list_index *index, struct tw_slice list, struct tw_slice id, struct tw_list_entry *out)
{
	uint32_t from = 0, to = index->entry_count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = entry_order(&index->entry[middle], list, id);
		if (order == 0) {
			*out = index->entry[middle];
			return true;
		}
		from = order < 0 ? middle + 1 : from;
		to = order < 0 ? to : middle;
	}
	return false;
}

struct tw_list_stat tw_list_index_stat(const struct tw_list_index *index)
{
	return (struct tw_list_stat){index->entry_count, index->name_count, index->identifier_count, tw_arena_held(&index->arena)};
}
