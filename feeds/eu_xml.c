/**
 * @file eu_xml.c
 * The EU consolidated list of financial sanctions, XML 1.1: a path map over list_xml.c. Nearly all of it stands in attributes.
 *
 *     export generationDate=…
 *       sanctionEntity euReferenceNumber=… logicalId=… designationDate=…      one entry
 *         regulation programme=…         subjectType code=…
 *         nameAlias wholeName=… strong=… nameLanguage=…
 *         birthdate birthdate=… year=… circa=…     citizenship countryIso2Code=…
 *         address street=… city=… …                identification identificationTypeCode=… number=…
 *
 * No name is called the primary one: taken is the first strong one in Latin letters whose language is English or not stated, else the first
 * strong one in Latin letters, else the first of all in Latin letters, else the first. The file states no measures entry by entry: 0.
 *
 * Source: European Commission, FISMA, consolidated list of persons, groups and entities subject to EU financial sanctions, XML 1.1,
 * namespace http://eu.europa.ec/fpi/fsd/export. No original file was at hand: the map rests on the attribute names of a full export of
 * March 2026 in another notation (6,457 entries), and on excerpts of the XML that readers of it publish.
 */
#include "feeds/list_date.h"
#include "feeds/list_text.h"
#include "feeds/list_xml.h"

enum slot {
	REFERENCE,
	LOGICAL_ID,
	DESIGNATED,
	SUBJECT,
	SUBJECT_CLASS,
	PROGRAMMES,
	GROUP_SLOTS,
	PROGRAMME = GROUP_SLOTS,
	NAME,
	NAME_STRONG,
	NAME_LANGUAGE,
	NAME_FIRST,
	NAME_MIDDLE,
	NAME_LAST,
	BIRTH_DATE,
	BIRTH_YEAR,
	BIRTH_MONTH,
	BIRTH_DAY,
	BIRTH_FROM,
	BIRTH_TO,
	BIRTH_CIRCA,
	BIRTH_CALENDAR,
	COUNTRY_CODE,
	COUNTRY,
	STREET,
	PO_BOX,
	PLACE,
	CITY,
	REGION,
	ZIP,
	ID_TYPE,
	ID_NUMBER,
	SLOTS,
};
_Static_assert(SLOTS <= TW_LIST_XML_SLOTS_MAX, "a slot for each field");

enum group { REGULATION = 1, ALIAS, BIRTH, CITIZENSHIP, ADDRESS, IDENTIFICATION };

static const struct tw_list_xml_entry entries[] = {{"sanctionEntity", TW_ENTRY_UNKNOWN}, {NULL, TW_ENTRY_UNKNOWN}};

static const struct tw_list_xml_path groups[] = {
    {"regulation", REGULATION},
    {"nameAlias", ALIAS},
    {"birthdate", BIRTH},
    {"citizenship", CITIZENSHIP},
    {"address", ADDRESS},
    {"identification", IDENTIFICATION},
    {NULL, 0},
};

static const struct tw_list_xml_path fields[] = {
    {"@euReferenceNumber", REFERENCE},
    {"@logicalId", LOGICAL_ID},
    {"@designationDate", DESIGNATED},
    {"subjectType@code", SUBJECT},
    {"subjectType@classificationCode", SUBJECT_CLASS},
    {"regulation@programme", PROGRAMME},
    {"nameAlias@wholeName", NAME},
    {"nameAlias@strong", NAME_STRONG},
    {"nameAlias@nameLanguage", NAME_LANGUAGE},
    {"nameAlias@firstName", NAME_FIRST},
    {"nameAlias@middleName", NAME_MIDDLE},
    {"nameAlias@lastName", NAME_LAST},
    {"birthdate@birthdate", BIRTH_DATE},
    {"birthdate@year", BIRTH_YEAR},
    {"birthdate@monthOfYear", BIRTH_MONTH},
    {"birthdate@dayOfMonth", BIRTH_DAY},
    {"birthdate@yearRangeFrom", BIRTH_FROM},
    {"birthdate@yearRangeTo", BIRTH_TO},
    {"birthdate@circa", BIRTH_CIRCA},
    {"birthdate@calendarType", BIRTH_CALENDAR},
    {"citizenship@countryIso2Code", COUNTRY_CODE},
    {"citizenship@countryDescription", COUNTRY},
    {"address@street", STREET},
    {"address@poBox", PO_BOX},
    {"address@place", PLACE},
    {"address@city", CITY},
    {"address@region", REGION},
    {"address@zipCode", ZIP},
    {"address@countryIso2Code", COUNTRY_CODE},
    {"address@countryDescription", COUNTRY},
    {"identification@identificationTypeCode", ID_TYPE},
    {"identification@number", ID_NUMBER},
    {"identification@countryIso2Code", COUNTRY_CODE},
    {"identification@countryDescription", COUNTRY},
    {NULL, 0},
};

/* "00" with "UNKNOWN" is what the issuer writes for none. */
static struct tw_slice country_of(const struct tw_list_xml *xml)
{
	bool stated = xml->slot[COUNTRY_CODE].len && !tw_slice_is(xml->slot[COUNTRY_CODE], "00");
	bool named = xml->slot[COUNTRY].len && !tw_slice_is(xml->slot[COUNTRY], "UNKNOWN");
	return stated ? xml->slot[COUNTRY_CODE] : named ? xml->slot[COUNTRY] : (struct tw_slice){"", 0};
}

static bool end_alias(struct tw_list_xml *xml)
{
	struct tw_slice name = xml->slot[NAME].len ? xml->slot[NAME] : tw_list_xml_join(xml, NAME_FIRST, NAME_LAST);
	struct tw_slice language = xml->slot[NAME_LANGUAGE];
	bool foreign = tw_list_is_foreign(name), weak = tw_slice_is(xml->slot[NAME_STRONG], "false");
	bool english = language.len == 0 || tw_slice_is(language, "EN") || tw_slice_is(language, "en");
	xml->stage->report.blank_names += name.ptr && name.len == 0;
	enum tw_name_quality quality = weak ? TW_NAME_WEAK : foreign ? TW_NAME_ORIGINAL_SCRIPT : TW_NAME_STRONG;
	uint32_t rank = foreign ? 1 : weak ? 2 : english ? 4 : 3;
	return name.ptr && tw_list_xml_name(xml, name, quality, rank);
}

/* The date, else its parts, else both ends of a span. @return 0 bytes where nothing is stated */
static struct tw_slice birth_text(struct tw_list_xml *xml)
{
	const struct tw_slice *slot = xml->slot;
	struct tw_arena *scratch = &xml->stage->scratch;
	if (slot[BIRTH_DATE].len) {
		return slot[BIRTH_DATE];
	}
	if (slot[BIRTH_YEAR].len && slot[BIRTH_MONTH].len) {
		return tw_arena_format(scratch, "%s-%s%s%s", slot[BIRTH_YEAR].ptr, slot[BIRTH_MONTH].ptr, slot[BIRTH_DAY].len ? "-" : "",
		                       slot[BIRTH_DAY].ptr);
	}
	if (slot[BIRTH_YEAR].len) {
		return slot[BIRTH_YEAR];
	}
	if (slot[BIRTH_FROM].len && slot[BIRTH_TO].len && !tw_slice_equal(slot[BIRTH_FROM], slot[BIRTH_TO])) {
		return tw_arena_format(scratch, "%s to %s", slot[BIRTH_FROM].ptr, slot[BIRTH_TO].ptr);
	}
	return slot[BIRTH_FROM].len ? slot[BIRTH_FROM] : slot[BIRTH_TO];
}

static bool end_birth(struct tw_list_xml *xml)
{
	struct tw_list_date date, until;
	struct tw_slice text = birth_text(xml);
	if (!text.ptr || text.len == 0) {
		return text.ptr != NULL; /* a place of birth alone */
	}
	if (tw_slice_is(xml->slot[BIRTH_CALENDAR], "ISLAMIC")) {
		tw_list_xml_skip(xml, "a birth in the Islamic calendar");
		return true;
	}
	if (!tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, &until)) {
		tw_list_xml_skip(xml, "a birth that is not a date");
		return true;
	}
	date.circa = date.circa || tw_slice_is(xml->slot[BIRTH_CIRCA], "true");
	return tw_list_stage_birth(xml->stage, xml->entry, date) && tw_list_stage_birth(xml->stage, xml->entry, until);
}

/* The subject stands before its identifications. */
static enum tw_entry_kind kind_of(const struct tw_list_xml *xml)
{
	if (tw_slice_is(xml->slot[SUBJECT], "person") || tw_slice_is(xml->slot[SUBJECT_CLASS], "P")) {
		return TW_ENTRY_PERSON;
	}
	bool enterprise = tw_slice_is(xml->slot[SUBJECT], "enterprise") || tw_slice_is(xml->slot[SUBJECT_CLASS], "E");
	return enterprise ? TW_ENTRY_ORGANISATION : TW_ENTRY_UNKNOWN;
}

static bool end_identification(struct tw_list_xml *xml)
{
	if (tw_slice_is(xml->slot[ID_TYPE], "imo")) {
		return tw_list_xml_imo(xml, xml->slot[ID_NUMBER]);
	}
	const char *scheme = tw_eu_document_scheme(xml->slot[ID_TYPE], kind_of(xml));
	if (scheme) {
		return tw_list_stage_identifier(xml->stage, xml->entry, scheme, xml->slot[ID_NUMBER], country_of(xml));
	}
	tw_list_xml_skip(xml, "an identificationTypeCode that says nothing of the number");
	return true;
}

static bool group_end(struct tw_list_xml *xml, uint32_t group)
{
	switch ((enum group)group) {
	case REGULATION:
		return tw_list_xml_append(xml, PROGRAMMES, "; ", xml->slot[PROGRAMME]);
	case ALIAS:
		return end_alias(xml);
	case BIRTH:
		return end_birth(xml);
	case CITIZENSHIP:
		return tw_list_stage_country(xml->stage, xml->entry, country_of(xml));
	case ADDRESS:
		return tw_list_stage_address(xml->stage, xml->entry, xml->slot + STREET, ZIP - STREET + 1, xml->slot[CITY], country_of(xml));
	case IDENTIFICATION:
		return end_identification(xml);
	}
	return true;
}

static bool entry_end(struct tw_list_xml *xml)
{
	struct tw_slice id = xml->slot[REFERENCE].len ? xml->slot[REFERENCE] : xml->slot[LOGICAL_ID];
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, xml->entry);
	xml->unfit = id.len == 0 ? "an entry without euReferenceNumber and logicalId" : !tw_list_xml_primary(xml) ? "an entry without a name" : NULL;
	if (xml->unfit) {
		return true;
	}
	entry->kind = kind_of(xml);
	tw_list_date_read(xml->slot[DESIGNATED], TW_DATE_DAY_FIRST, &entry->listed_on, NULL);
	return tw_list_xml_identify(xml, id, xml->slot[PROGRAMMES]);
}

enum tw_code tw_eu_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_list_xml_map map = {
	    .root = "export",
	    .other = "not the EU consolidated list of financial sanctions",
	    .date = "@generationDate",
	    .depth = 2,
	    .group_slots = GROUP_SLOTS,
	    .entries = entries,
	    .groups = groups,
	    .fields = fields,
	    .group_end = group_end,
	    .entry_end = entry_end,
	};
	return tw_list_xml_load(&map, stage, files, err);
}
