/**
 * @file un_xml.c
 * The UN Security Council consolidated list, from its own XML: a path map over list_xml.c.
 *
 *     CONSOLIDATED_LIST dateGenerated=…         depth 1
 *       INDIVIDUALS | ENTITIES                        2
 *         INDIVIDUAL | ENTITY                         3   one entry
 *           FIRST_NAME … COMMENTS1                    4   a field
 *           INDIVIDUAL_ALIAS | …_DOCUMENT | …         4   a group, used up where it ends
 *             QUALITY, ALIAS_NAME, …                  5   a field of the group
 *
 * The list states no measures entry by entry. Two of its regimes order the same three for everybody on them; for the others `measures` is 0.
 *
 * Source: UN Security Council, consolidated list XML, schema sc-sanctions.xsd as the files of 2020 and 2026 use it.
 */
#include <strings.h>

#include "feeds/list_date.h"
#include "feeds/list_text.h"
#include "feeds/list_xml.h"

enum slot {
	NAME_1,
	NAME_4 = NAME_1 + 3,
	ORIGINAL_NAME,
	PROGRAMME,
	REFERENCE,
	COMMENTS,
	LISTED_ON,
	GROUP_SLOTS,
	ALIAS_QUALITY = GROUP_SLOTS,
	ALIAS_NAME,
	ALIAS_BIRTH,
	NATION,
	STREET,
	CITY,
	STATE,
	ZIP,
	COUNTRY,
	ADDRESS_NOTE,
	BIRTH_TYPE,
	BIRTH_DATE,
	BIRTH_YEAR,
	BIRTH_FROM,
	BIRTH_TO,
	BIRTH_NOTE,
	DOCUMENT_TYPE,
	DOCUMENT_TYPE_2,
	DOCUMENT_NUMBER,
	DOCUMENT_COUNTRY,
	SLOTS,
};
_Static_assert(SLOTS <= TW_LIST_XML_SLOTS_MAX, "a slot for each field");

enum group { ALIAS = 1, NATIONALITY, ADDRESS, BIRTH, DOCUMENT };

static const struct tw_list_xml_entry entries[] = {{"INDIVIDUAL", TW_ENTRY_PERSON}, {"ENTITY", TW_ENTRY_ORGANISATION}, {NULL, TW_ENTRY_UNKNOWN}};

static const struct tw_list_xml_path groups[] = {
    {"INDIVIDUAL_ALIAS", ALIAS},     {"ENTITY_ALIAS", ALIAS},     {"NATIONALITY/VALUE", NATIONALITY}, /* the one group that repeats its field */
    {"INDIVIDUAL_ADDRESS", ADDRESS}, {"ENTITY_ADDRESS", ADDRESS}, {"INDIVIDUAL_DATE_OF_BIRTH", BIRTH}, {"INDIVIDUAL_DOCUMENT", DOCUMENT}, {NULL, 0},
};

static const struct tw_list_xml_path fields[] = {
    {"FIRST_NAME", NAME_1},
    {"SECOND_NAME", NAME_1 + 1},
    {"THIRD_NAME", NAME_1 + 2},
    {"FOURTH_NAME", NAME_4},
    {"NAME_ORIGINAL_SCRIPT", ORIGINAL_NAME},
    {"UN_LIST_TYPE", PROGRAMME},
    {"REFERENCE_NUMBER", REFERENCE},
    {"COMMENTS1", COMMENTS},
    {"LISTED_ON", LISTED_ON},
    {"INDIVIDUAL_ALIAS/QUALITY", ALIAS_QUALITY},
    {"INDIVIDUAL_ALIAS/ALIAS_NAME", ALIAS_NAME},
    {"INDIVIDUAL_ALIAS/DATE_OF_BIRTH", ALIAS_BIRTH},
    {"ENTITY_ALIAS/QUALITY", ALIAS_QUALITY},
    {"ENTITY_ALIAS/ALIAS_NAME", ALIAS_NAME},
    {"NATIONALITY/VALUE", NATION},
    {"INDIVIDUAL_ADDRESS/STREET", STREET},
    {"INDIVIDUAL_ADDRESS/CITY", CITY},
    {"INDIVIDUAL_ADDRESS/STATE_PROVINCE", STATE},
    {"INDIVIDUAL_ADDRESS/ZIP_CODE", ZIP},
    {"INDIVIDUAL_ADDRESS/COUNTRY", COUNTRY},
    {"INDIVIDUAL_ADDRESS/NOTE", ADDRESS_NOTE},
    {"ENTITY_ADDRESS/STREET", STREET},
    {"ENTITY_ADDRESS/CITY", CITY},
    {"ENTITY_ADDRESS/STATE_PROVINCE", STATE},
    {"ENTITY_ADDRESS/ZIP_CODE", ZIP},
    {"ENTITY_ADDRESS/COUNTRY", COUNTRY},
    {"ENTITY_ADDRESS/NOTE", ADDRESS_NOTE},
    {"INDIVIDUAL_DATE_OF_BIRTH/TYPE_OF_DATE", BIRTH_TYPE},
    {"INDIVIDUAL_DATE_OF_BIRTH/DATE", BIRTH_DATE},
    {"INDIVIDUAL_DATE_OF_BIRTH/YEAR", BIRTH_YEAR},
    {"INDIVIDUAL_DATE_OF_BIRTH/FROM_YEAR", BIRTH_FROM},
    {"INDIVIDUAL_DATE_OF_BIRTH/TO_YEAR", BIRTH_TO},
    {"INDIVIDUAL_DATE_OF_BIRTH/NOTE", BIRTH_NOTE},
    {"INDIVIDUAL_DOCUMENT/TYPE_OF_DOCUMENT", DOCUMENT_TYPE},
    {"INDIVIDUAL_DOCUMENT/TYPE_OF_DOCUMENT2", DOCUMENT_TYPE_2},
    {"INDIVIDUAL_DOCUMENT/NUMBER", DOCUMENT_NUMBER},
    {"INDIVIDUAL_DOCUMENT/ISSUING_COUNTRY", DOCUMENT_COUNTRY},
    {"INDIVIDUAL_DOCUMENT/COUNTRY_OF_ISSUE", DOCUMENT_COUNTRY},
    {NULL, 0},
};

/* Regimes that order the same for everybody they list; a travel ban meets individuals alone. */
static const struct {
	const char *programme;
	uint32_t measures;
} regimes[] = {
    /* Source: UN Security Council, resolution 2368 (2017), paragraph 1 (a) to (c) */
    {"Al-Qaida", TW_MEASURE_ASSET_FREEZE | TW_MEASURE_TRAVEL_BAN | TW_MEASURE_ARMS_EMBARGO},
    /* Source: UN Security Council, resolution 2255 (2015), paragraph 1 (a) to (c) */
    {"Taliban", TW_MEASURE_ASSET_FREEZE | TW_MEASURE_TRAVEL_BAN | TW_MEASURE_ARMS_EMBARGO},
};

static bool starts_folded(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len >= length && strncasecmp(text.ptr, word, length) == 0;
}

/* "1960-01-01-05:00": a day with an offset, as the file of 2020 writes some. */
static struct tw_slice without_offset(struct tw_slice text)
{
	bool day = text.len > 10 && text.ptr[4] == '-' && text.ptr[7] == '-' && memchr("+-Z", text.ptr[10], 3);
	return (struct tw_slice){text.ptr, day ? 10 : text.len};
}

static bool birth(struct tw_list_xml *xml, struct tw_slice text, bool circa)
{
	struct tw_list_date date, until;
	if (!tw_list_date_read(without_offset(text), TW_DATE_DAY_FIRST, &date, &until)) {
		tw_list_xml_skip(xml, "a birth that is not a date");
		return true;
	}
	date.circa = date.circa || circa;
	return tw_list_stage_birth(xml->stage, xml->entry, date) && tw_list_stage_birth(xml->stage, xml->entry, until);
}

/* DATE, else YEAR, else both ends of a span, else the note: "Nov. 1973". */
static bool end_birth(struct tw_list_xml *xml)
{
	const struct tw_slice *slot = xml->slot;
	bool circa = starts_folded(slot[BIRTH_TYPE], "approx") || starts_folded(slot[BIRTH_NOTE], "approx");
	if (slot[BIRTH_DATE].len) {
		return birth(xml, slot[BIRTH_DATE], circa);
	}
	if (slot[BIRTH_YEAR].len) {
		return birth(xml, slot[BIRTH_YEAR], circa);
	}
	if (slot[BIRTH_FROM].len || slot[BIRTH_TO].len) {
		return (!slot[BIRTH_FROM].len || birth(xml, slot[BIRTH_FROM], true)) && (!slot[BIRTH_TO].len || birth(xml, slot[BIRTH_TO], true));
	}
	return slot[BIRTH_NOTE].len == 0 || birth(xml, slot[BIRTH_NOTE], circa);
}

static bool end_alias(struct tw_list_xml *xml)
{
	struct tw_slice quality = xml->slot[ALIAS_QUALITY];
	enum tw_name_quality grade = tw_slice_is(quality, "Low") ? TW_NAME_WEAK : tw_slice_is(quality, "f.k.a.") ? TW_NAME_FORMER : TW_NAME_STRONG;
	if (xml->slot[ALIAS_NAME].len == 0) {
		xml->stage->report.blank_names++;
		return true;
	}
	return tw_list_stage_names(xml->stage, xml->entry, xml->slot[ALIAS_NAME], grade) &&
	       (xml->slot[ALIAS_BIRTH].len == 0 || birth(xml, xml->slot[ALIAS_BIRTH], false));
}

/* An address of which only a note is known ("previous address") counts as one that is listed. */
static bool end_address(struct tw_list_xml *xml)
{
	struct tw_list_stage *stage = xml->stage;
	uint32_t before = stage->report.addresses;
	if (!tw_list_stage_address(stage, xml->entry, xml->slot + STREET, ZIP - STREET + 1, xml->slot[CITY], xml->slot[COUNTRY])) {
		return false;
	}
	if (stage->report.addresses == before && xml->slot[ADDRESS_NOTE].len) {
		stage->report.addresses++;
		tw_list_xml_skip(xml, "an address of a note alone");
	}
	return true;
}

/* "Passport", "Numéro de passeport", "Número de pasaporte"; "National Identification Number"; of the second kind, a tax code. */
static const char *document_scheme(const struct tw_list_xml *xml)
{
	struct tw_slice type = xml->slot[DOCUMENT_TYPE], second = xml->slot[DOCUMENT_TYPE_2];
	if (starts_folded(type, "pass") || starts_folded(type, "num") || starts_folded(type, "n\xc3\xbam")) {
		return "passport";
	}
	return starts_folded(second, "italian fiscal") ? "tax" : "national_id";
}

static bool end_document(struct tw_list_xml *xml)
{
	/* where the number's own element is empty it may stand in the second type: "(tazkira) number 545167" */
	struct tw_slice number = xml->slot[DOCUMENT_NUMBER].len ? xml->slot[DOCUMENT_NUMBER] : xml->slot[DOCUMENT_TYPE_2];
	return tw_list_stage_identifier(xml->stage, xml->entry, document_scheme(xml), tw_list_number_in(number), xml->slot[DOCUMENT_COUNTRY]);
}

static bool group_end(struct tw_list_xml *xml, uint32_t group)
{
	switch ((enum group)group) {
	case ALIAS:
		return end_alias(xml);
	case NATIONALITY:
		return tw_list_stage_country(xml->stage, xml->entry, xml->slot[NATION]);
	case ADDRESS:
		return end_address(xml);
	case BIRTH:
		return end_birth(xml);
	case DOCUMENT:
		return end_document(xml);
	}
	return true;
}

/* "IMO number: 8412467", "Company Number IMO 5434358": the word, at most 24 other characters without a digit, seven digits that check. */
static bool find_imo_numbers(struct tw_list_xml *xml, struct tw_slice text)
{
	enum tw_entry_kind kind = tw_list_stage_entry_at(xml->stage, xml->entry)->kind;
	for (uint32_t i = 0; i + 10 <= text.len; i++) {
		if (memcmp(text.ptr + i, "IMO", 3) != 0) {
			continue;
		}
		uint32_t at = i + 3, digits = 0;
		while (at < text.len && at < i + 27 && (text.ptr[at] < '0' || text.ptr[at] > '9')) {
			at++;
		}
		while (at + digits < text.len && text.ptr[at + digits] >= '0' && text.ptr[at + digits] <= '9') {
			digits++;
		}
		struct tw_slice number = {text.ptr + at, digits};
		const char *scheme = tw_list_imo_scheme(number, kind);
		if (scheme && !tw_list_stage_identifier(xml->stage, xml->entry, scheme, number, (struct tw_slice){"", 0})) {
			return false;
		}
	}
	return true;
}

static void state_terms(struct tw_list_xml *xml)
{
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, xml->entry);
	for (size_t i = 0; i < sizeof(regimes) / sizeof(regimes[0]); i++) {
		if (tw_slice_is(xml->slot[PROGRAMME], regimes[i].programme)) {
			entry->measures = regimes[i].measures;
		}
	}
	if (entry->kind != TW_ENTRY_PERSON) {
		entry->measures &= ~(uint32_t)TW_MEASURE_TRAVEL_BAN;
	}
	tw_list_date_read(without_offset(xml->slot[LISTED_ON]), TW_DATE_DAY_FIRST, &entry->listed_on, NULL);
}

static bool entry_end(struct tw_list_xml *xml)
{
	struct tw_slice name = tw_list_xml_join(xml, NAME_1, NAME_4);
	if (!name.ptr) {
		return false;
	}
	if (xml->slot[REFERENCE].len == 0) {
		xml->unfit = "an entry without REFERENCE_NUMBER";
		xml->unfit_detail = name.ptr;
		return true;
	}
	if (name.len == 0) {
		xml->unfit = "an entry without a name";
		xml->unfit_detail = xml->slot[REFERENCE].ptr;
		return true;
	}
	state_terms(xml);
	return tw_list_xml_identify(xml, xml->slot[REFERENCE], xml->slot[PROGRAMME]) &&
	       tw_list_stage_names(xml->stage, xml->entry, name, TW_NAME_PRIMARY) &&
	       tw_list_stage_names(xml->stage, xml->entry, xml->slot[ORIGINAL_NAME], TW_NAME_ORIGINAL_SCRIPT) &&
	       find_imo_numbers(xml, xml->slot[COMMENTS]);
}

enum tw_code tw_un_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_list_xml_map map = {
	    .root = "CONSOLIDATED_LIST",
	    .other = "not the UN consolidated list",
	    .date = "@dateGenerated",
	    .depth = 3,
	    .strict = true,
	    .group_slots = GROUP_SLOTS,
	    .entries = entries,
	    .groups = groups,
	    .fields = fields,
	    .group_end = group_end,
	    .entry_end = entry_end,
	};
	return tw_list_xml_load(&map, stage, files, err);
}
