/**
 * @file uk_xml.c
 * The UK Sanctions List, XML: a path map over list_xml.c. One Designation is one entry, its values are texts:
 *
 *     Designations / DateGenerated
 *     Designations / Designation / UniqueID, DateDesignated, RegimeName, IndividualEntityShip, SanctionsImposed
 *                     Names/Name/{Name1 … Name6, NameType, AliasStrength}      NonLatinNames/NonLatinName/NameNonLatinScript
 *                     SanctionsImposedIndicators/{AssetFreeze, …}              Addresses/Address/{AddressLine1 … 6, …}
 *                     IndividualDetails/Individual/{DOBs/DOB, Nationalities/Nationality, PassportDetails/…, NationalIdentifierDetails/…}
 *                     EntityDetails/Entity/{BusinessRegistrationNumbers/…, ParentCompanies/…, Subsidiaries/…}
 *                     ShipDetails/Ship/{IMONumbers/IMONumber, CurrentBelievedFlagOfShips/…, PreviousFlags/…, CurrentOwnerOperators/…}
 *
 * Measures are what SanctionsImposed says in words ("Asset freeze|Travel Ban") and its indicators flag. A ship that has no name but a note,
 * `IMO 9074729 ("ALPHA")`, is called by what stands in the note.
 *
 * Source: UK FCDO, The UK Sanctions List, XML. No original file was at hand: the map rests on the fields of a full export of August 2026 in
 * another notation (6,349 designations; their words for measures, name types and strengths are the tables below), and on the element names
 * that published readers of the XML use for what that export leaves out (details of individuals, entities and ships).
 */
#include <strings.h>

#include "feeds/list_date.h"
#include "feeds/list_text.h"
#include "feeds/list_xml.h"

enum slot {
	UNIQUE_ID,
	DESIGNATED,
	REGIME,
	KIND,
	IMPOSED,
	IMO_IN_NAME,
	IMO_LISTED,
	INDICATORS,
	INDICATORS_LAST = INDICATORS + 12,
	GROUP_SLOTS,
	NAME_1 = GROUP_SLOTS,
	NAME_6 = NAME_1 + 5,
	NAME_TYPE,
	NAME_STRENGTH,
	ADDRESS_1,
	ADDRESS_6 = ADDRESS_1 + 5,
	ZIP,
	COUNTRY,
	VALUE, /* of the groups of one value */
	SLOTS,
};

enum group {
	NAME = 1,
	FOREIGN_NAME,
	ADDRESS,
	BIRTH,
	NATIONALITY,
	PASSPORT,
	NATIONAL_ID,
	REGISTRATION,
	PARENT,
	SUBSIDIARY,
	IMO,
	OWNER,
};

_Static_assert(SLOTS <= TW_LIST_XML_SLOTS_MAX, "a slot for each field");

#define INDIVIDUAL "IndividualDetails/Individual/"
#define ENTITY     "EntityDetails/Entity/"
#define SHIP       "ShipDetails/Ship/"

static const struct tw_list_xml_entry entries[] = {{"Designation", TW_ENTRY_UNKNOWN}, {NULL, TW_ENTRY_UNKNOWN}};

static const struct tw_list_xml_path groups[] = {
    {"Names/Name", NAME},
    {"NonLatinNames/NonLatinName", FOREIGN_NAME},
    {"Addresses/Address", ADDRESS},
    {INDIVIDUAL "DOBs/DOB", BIRTH},
    {INDIVIDUAL "Nationalities/Nationality", NATIONALITY},
    {INDIVIDUAL "PassportDetails/Passport", PASSPORT},
    {INDIVIDUAL "NationalIdentifierDetails/NationalIdentifier", NATIONAL_ID},
    {ENTITY "BusinessRegistrationNumbers/BusinessRegistrationNumber", REGISTRATION},
    {ENTITY "ParentCompanies/ParentCompany", PARENT},
    {ENTITY "Subsidiaries/Subsidiary", SUBSIDIARY},
    {SHIP "IMONumbers/IMONumber", IMO},
    {SHIP "CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip", NATIONALITY},
    {SHIP "PreviousFlags/PreviousFlag", NATIONALITY},
    {SHIP "CurrentOwnerOperators/CurrentOwnerOperator", OWNER},
    {NULL, 0},
};

static const struct tw_list_xml_path fields[] = {
    {"UniqueID", UNIQUE_ID},
    {"DateDesignated", DESIGNATED},
    {"RegimeName", REGIME},
    {"IndividualEntityShip", KIND},
    {"SanctionsImposed", IMPOSED},
    {"Names/Name/Name1", NAME_1},
    {"Names/Name/Name2", NAME_1 + 1},
    {"Names/Name/Name3", NAME_1 + 2},
    {"Names/Name/Name4", NAME_1 + 3},
    {"Names/Name/Name5", NAME_1 + 4},
    {"Names/Name/Name6", NAME_6},
    {"Names/Name/NameType", NAME_TYPE},
    {"Names/Name/AliasStrength", NAME_STRENGTH},
    {"NonLatinNames/NonLatinName/NameNonLatinScript", VALUE},
    {"Addresses/Address/AddressLine1", ADDRESS_1},
    {"Addresses/Address/AddressLine2", ADDRESS_1 + 1},
    {"Addresses/Address/AddressLine3", ADDRESS_1 + 2},
    {"Addresses/Address/AddressLine4", ADDRESS_1 + 3},
    {"Addresses/Address/AddressLine5", ADDRESS_1 + 4},
    {"Addresses/Address/AddressLine6", ADDRESS_6},
    {"Addresses/Address/AddressPostalCode", ZIP},
    {"Addresses/Address/AddressCountry", COUNTRY},
    {INDIVIDUAL "DOBs/DOB", VALUE},
    {INDIVIDUAL "Nationalities/Nationality", VALUE},
    {INDIVIDUAL "PassportDetails/Passport/PassportNumber", VALUE},
    {INDIVIDUAL "NationalIdentifierDetails/NationalIdentifier/NationalIdentifierNumber", VALUE},
    {ENTITY "BusinessRegistrationNumbers/BusinessRegistrationNumber", VALUE},
    {ENTITY "ParentCompanies/ParentCompany", VALUE},
    {ENTITY "Subsidiaries/Subsidiary", VALUE},
    {SHIP "IMONumbers/IMONumber", VALUE},
    {SHIP "CurrentBelievedFlagOfShips/CurrentBelievedFlagOfShip", VALUE},
    {SHIP "PreviousFlags/PreviousFlag", VALUE},
    {SHIP "CurrentOwnerOperators/CurrentOwnerOperator", VALUE},
    {"SanctionsImposedIndicators/AssetFreeze", INDICATORS},
    {"SanctionsImposedIndicators/ArmsEmbargo", INDICATORS + 1},
    {"SanctionsImposedIndicators/TargetedArmsEmbargo", INDICATORS + 2},
    {"SanctionsImposedIndicators/TravelBan", INDICATORS + 3},
    {"SanctionsImposedIndicators/CharteringOfShips", INDICATORS + 4},
    {"SanctionsImposedIndicators/CrewServicingOfShipsAndAircraft", INDICATORS + 5},
    {"SanctionsImposedIndicators/PreventionOfCharteringOfShips", INDICATORS + 6},
    {"SanctionsImposedIndicators/PreventionOfCharteringOfShipsAndAircraft", INDICATORS + 7},
    {"SanctionsImposedIndicators/ProhibitionOfPortEntry", INDICATORS + 8},
    {"SanctionsImposedIndicators/Deflag", INDICATORS + 9},
    {"SanctionsImposedIndicators/TrustServicesSanctions", INDICATORS + 10},
    {"SanctionsImposedIndicators/DirectorDisqualificationSanction", INDICATORS + 11},
    {"SanctionsImposedIndicators/TechnicalAssistanceRelatedToAircraft", INDICATORS_LAST},
    {NULL, 0},
};

/* By number of the indicator. */
static const uint32_t indicators[] = {
    TW_MEASURE_ASSET_FREEZE, TW_MEASURE_ARMS_EMBARGO, TW_MEASURE_ARMS_EMBARGO, TW_MEASURE_TRAVEL_BAN, TW_MEASURE_SHIPPING,
    TW_MEASURE_SHIPPING,     TW_MEASURE_SHIPPING,     TW_MEASURE_SHIPPING,     TW_MEASURE_SHIPPING,   TW_MEASURE_SHIPPING,
    TW_MEASURE_OTHER,        TW_MEASURE_OTHER,        TW_MEASURE_OTHER,
};

/* How the words begin; all others are TW_MEASURE_OTHER. */
static const struct {
	const char *words;
	uint32_t measure;
} measures[] = {
    {"asset freeze", TW_MEASURE_ASSET_FREEZE},
    {"travel ban", TW_MEASURE_TRAVEL_BAN},
    {"arms embargo", TW_MEASURE_ARMS_EMBARGO},
    {"targeted arms embargo", TW_MEASURE_ARMS_EMBARGO},
    {"prohibition of port entry", TW_MEASURE_SHIPPING},
    {"de-flag", TW_MEASURE_SHIPPING},
    {"chartering of ships", TW_MEASURE_SHIPPING},
    {"crew servicing of ships", TW_MEASURE_SHIPPING},
    {"prevention of chartering of ships", TW_MEASURE_SHIPPING},
    {"shipping sanctions", TW_MEASURE_SHIPPING},
    {"shipping & trade sanctions", TW_MEASURE_SHIPPING | TW_MEASURE_OTHER},
};

static bool starts_folded(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len >= length && strncasecmp(text.ptr, word, length) == 0;
}

static void set_kind(struct tw_list_xml *xml)
{
	struct tw_slice kind = xml->slot[KIND];
	tw_list_stage_entry_at(xml->stage, xml->entry)->kind = starts_folded(kind, "individual") ? TW_ENTRY_PERSON
	                                                       : starts_folded(kind, "entity")   ? TW_ENTRY_ORGANISATION
	                                                       : starts_folded(kind, "ship")     ? TW_ENTRY_VESSEL
	                                                                                         : TW_ENTRY_UNKNOWN;
}

/* A number in the name is the ship's for want of another. */
static struct tw_slice ship_name(struct tw_list_xml *xml, struct tw_slice name)
{
	struct tw_slice number;
	name = tw_list_ship_name(name, &number);
	if (tw_list_imo_scheme(number, TW_ENTRY_VESSEL)) {
		xml->slot[IMO_IN_NAME] = number;
	}
	return name;
}

static bool end_name(struct tw_list_xml *xml)
{
	struct tw_slice name = tw_list_xml_join(xml, NAME_1, NAME_6);
	if (!name.ptr || name.len == 0) {
		xml->stage->report.blank_names += name.ptr != NULL;
		return name.ptr != NULL;
	}
	bool weak = starts_folded(xml->slot[NAME_STRENGTH], "low");
	bool primary = xml->slot[NAME_TYPE].len == strlen("primary name") && starts_folded(xml->slot[NAME_TYPE], "primary name");
	return tw_list_xml_name(xml, ship_name(xml, name), weak ? TW_NAME_WEAK : TW_NAME_STRONG, primary ? 3 : weak ? 1 : 2);
}

static bool end_birth(struct tw_list_xml *xml)
{
	struct tw_list_date date, until;
	struct tw_slice text = xml->slot[VALUE];
	if (text.len && !tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, &until)) {
		tw_list_xml_skip(xml, "a birth that is not a date");
		return true;
	}
	return text.len == 0 || (tw_list_stage_birth(xml->stage, xml->entry, date) && tw_list_stage_birth(xml->stage, xml->entry, until));
}

/* "INN: 1234567890", "1234567 (Nowhere)": the number; what holds none is counted. */
static bool end_number(struct tw_list_xml *xml, const char *scheme)
{
	struct tw_slice value = xml->slot[VALUE], number = tw_list_number_in(value);
	if (value.len && number.len == 0) {
		tw_list_xml_skip(xml, "a number without a digit");
	}
	return tw_list_stage_identifier(xml->stage, xml->entry, scheme, number, (struct tw_slice){"", 0});
}

static bool end_imo(struct tw_list_xml *xml)
{
	set_kind(xml);
	xml->slot[IMO_LISTED] = xml->slot[VALUE];
	return tw_list_xml_imo(xml, xml->slot[VALUE]);
}

static bool end_address(struct tw_list_xml *xml)
{
	/* no line is the city's: it stands in the fifth or sixth, or in another */
	return tw_list_stage_address(xml->stage, xml->entry, xml->slot + ADDRESS_1, ZIP - ADDRESS_1 + 1, (struct tw_slice){"", 0},
	                             xml->slot[COUNTRY]);
}

static bool group_end(struct tw_list_xml *xml, uint32_t group)
{
	switch ((enum group)group) {
	case NAME:
		return end_name(xml);
	case FOREIGN_NAME:
		return tw_list_xml_name(xml, xml->slot[VALUE], TW_NAME_ORIGINAL_SCRIPT, 0);
	case ADDRESS:
		return end_address(xml);
	case BIRTH:
		return end_birth(xml);
	case NATIONALITY:
		return tw_list_stage_country(xml->stage, xml->entry, xml->slot[VALUE]);
	case PASSPORT:
		return end_number(xml, "passport");
	case NATIONAL_ID:
		return end_number(xml, "national_id");
	case REGISTRATION:
		return end_number(xml, "registration");
	case PARENT:
		return tw_list_stage_link(xml->stage, xml->entry, TW_LINK_SUBSIDIARY_OF, xml->slot[VALUE]);
	case SUBSIDIARY:
	case OWNER: /* owner or operator: which of the two is not said */
		return tw_list_stage_link(xml->stage, xml->entry, TW_LINK_OTHER, xml->slot[VALUE]);
	case IMO:
		return end_imo(xml);
	}
	return true;
}

static uint32_t measure_of(struct tw_slice words)
{
	words = tw_list_trim(words);
	for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
		if (starts_folded(words, measures[i].words)) {
			return measures[i].measure;
		}
	}
	return words.len ? TW_MEASURE_OTHER : 0;
}

static uint32_t measures_of(const struct tw_list_xml *xml)
{
	uint32_t found = 0;
	struct tw_slice rest = xml->slot[IMPOSED];
	while (rest.len) {
		const char *bar = memchr(rest.ptr, '|', rest.len);
		uint32_t length = bar ? (uint32_t)(bar - rest.ptr) : rest.len;
		found |= measure_of((struct tw_slice){rest.ptr, length});
		length += bar != NULL;
		rest = (struct tw_slice){rest.ptr + length, rest.len - length};
	}
	for (uint32_t i = 0; i < sizeof(indicators) / sizeof(indicators[0]); i++) {
		found |= tw_slice_is(xml->slot[INDICATORS + i], "true") ? indicators[i] : 0;
	}
	return found;
}

static bool entry_end(struct tw_list_xml *xml)
{
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, xml->entry);
	xml->unfit = xml->slot[UNIQUE_ID].len == 0 ? "an entry without UniqueID" : !tw_list_xml_primary(xml) ? "an entry without a name" : NULL;
	if (xml->unfit) {
		return true;
	}
	set_kind(xml);
	entry->measures = measures_of(xml);
	tw_list_date_read(xml->slot[DESIGNATED], TW_DATE_DAY_FIRST, &entry->listed_on, NULL);
	bool name_has_imo = xml->slot[IMO_IN_NAME].len && xml->slot[IMO_LISTED].len == 0;
	return tw_list_xml_identify(xml, xml->slot[UNIQUE_ID], xml->slot[REGIME]) && (!name_has_imo || tw_list_xml_imo(xml, xml->slot[IMO_IN_NAME]));
}

enum tw_code tw_uk_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_list_xml_map map = {
	    .root = "Designations",
	    .other = "not the UK Sanctions List",
	    .date = "DateGenerated",
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
