/**
 * @file ofac_advanced_map.c
 * See ofac_advanced_map.h.
 * Source: as ofac_advanced_xml.c.
 */
#include "feeds/ofac_advanced_map.h"

static const uint32_t group_from[GROUPS] = {
    [ALIAS_TYPES] = GROUP_SLOTS,   [COUNTRIES] = GROUP_SLOTS,        [FEATURE_TYPES] = GROUP_SLOTS,
    [DOC_TYPES] = GROUP_SLOTS,     [PLACE_PARTS] = GROUP_SLOTS,      [SUBTYPES] = GROUP_SLOTS,
    [PARTY_TYPES] = GROUP_SLOTS,   [RELATIONS] = GROUP_SLOTS,        [SANCTIONS_TYPES] = GROUP_SLOTS,
    [GROUP_PROFILE] = GROUP_SLOTS, [GROUP_IDENTITY] = IN_PROFILE,    [GROUP_ALIAS] = IN_IDENTITY,
    [GROUP_NAME] = IN_ALIAS,       [GROUP_PART] = IN_NAME,           [GROUP_FEATURE] = IN_PROFILE,
    [GROUP_VERSION] = IN_FEATURE,  [GROUP_PLACE_PART] = GROUP_SLOTS, [GROUP_PLACE_VALUE] = IN_PLACE_PART,
    [GROUP_EVENT] = GROUP_SLOTS,   [GROUP_MEASURE] = GROUP_SLOTS,
};

static const struct tw_list_xml_entry entries[] = {{"DistinctParty", TW_ENTRY_UNKNOWN}, {NULL, TW_ENTRY_UNKNOWN}};

static const char *const records[] = {
    "AliasTypeValues",     "CountryValues",
    "FeatureTypeValues",   "IDRegDocTypeValues",
    "LocPartTypeValues",   "PartySubTypeValues",
    "PartyTypeValues",     "RelationTypeValues",
    "SanctionsTypeValues", "Location",
    "IDRegDocument",       "ProfileRelationship",
    "SanctionsEntry",      NULL,
};

#define ALIAS_PATH   "Profile/Identity/Alias"
#define NAME_PATH    ALIAS_PATH "/DocumentedName"
#define PART_PATH    NAME_PATH "/DocumentedNamePart"
#define VERSION_PATH "Profile/Feature/FeatureVersion"
#define START_PATH   VERSION_PATH "/DatePeriod/Start"
#define END_PATH     VERSION_PATH "/DatePeriod/End"

static const struct tw_list_xml_path groups[] = {
    {"AliasType", ALIAS_TYPES},
    {"Country", COUNTRIES},
    {"FeatureType", FEATURE_TYPES},
    {"IDRegDocType", DOC_TYPES},
    {"LocPartType", PLACE_PARTS},
    {"PartySubType", SUBTYPES},
    {"PartyType", PARTY_TYPES},
    {"RelationType", RELATIONS},
    {"SanctionsType", SANCTIONS_TYPES},
    {"Profile", GROUP_PROFILE},
    {"Profile/Identity", GROUP_IDENTITY},
    {ALIAS_PATH, GROUP_ALIAS},
    {NAME_PATH, GROUP_NAME},
    {PART_PATH, GROUP_PART},
    {"Profile/Feature", GROUP_FEATURE},
    {VERSION_PATH, GROUP_VERSION},
    {"LocationPart", GROUP_PLACE_PART},
    {"LocationPart/LocationPartValue", GROUP_PLACE_VALUE},
    {"EntryEvent", GROUP_EVENT},
    {"SanctionsMeasure", GROUP_MEASURE},
    {NULL, 0},
};

#define REFERENCE(element)                                                                                                                           \
	{element "@ID", VALUE_ID},                                                                                                                   \
	{                                                                                                                                            \
		element, VALUE                                                                                                                       \
	}

static const struct tw_list_xml_path fields[] = {
    REFERENCE("AliasType"),
    REFERENCE("Country"),
    REFERENCE("FeatureType"),
    REFERENCE("IDRegDocType"),
    REFERENCE("LocPartType"),
    REFERENCE("PartySubType"),
    {"PartySubType@PartyTypeID", VALUE_OF},
    REFERENCE("PartyType"),
    REFERENCE("RelationType"),
    REFERENCE("SanctionsType"),
    {"@ID", ID},
    {"LocationPart@LocPartTypeID", PLACE_PART},
    {"LocationPart/LocationPartValue/Value", PLACE_VALUE},
    {"LocationCountry@CountryID", PLACE_COUNTRY},
    {"@IDRegDocTypeID", DOC_TYPE},
    {"@IdentityID", DOC_IDENTITY},
    {"@IssuedBy-CountryID", DOC_COUNTRY},
    {"IDRegistrationNo", DOC_NUMBER},
    {"@FixedRef", FIXED_REF},
    {"Profile@ID", PROFILE_ID},
    {"Profile@PartySubTypeID", SUBTYPE},
    {"Profile/Identity@ID", IDENTITY_ID},
    {ALIAS_PATH "@AliasTypeID", ALIAS_TYPE},
    {ALIAS_PATH "@Primary", ALIAS_PRIMARY},
    {ALIAS_PATH "@LowQuality", ALIAS_WEAK},
    {PART_PATH "/NamePartValue", PART},
    {"Profile/Feature@FeatureTypeID", FEATURE_TYPE},
    {VERSION_PATH "/VersionDetail", DETAIL},
    {VERSION_PATH "/VersionLocation@LocationID", LOCATION},
    {START_PATH "@Approximate", START_ROUGH},
    {START_PATH "/From/Year", FROM_YEAR},
    {START_PATH "/From/Month", FROM_MONTH},
    {START_PATH "/From/Day", FROM_DAY},
    {END_PATH "@Approximate", END_ROUGH},
    {END_PATH "/To/Year", TO_YEAR},
    {END_PATH "/To/Month", TO_MONTH},
    {END_PATH "/To/Day", TO_DAY},
    {"@From-ProfileID", FROM_PROFILE},
    {"@To-ProfileID", TO_PROFILE},
    {"@RelationTypeID", RELATION},
    {"@ProfileID", ENTRY_PROFILE},
    {"EntryEvent/Date/Year", EVENT_YEAR},
    {"EntryEvent/Date/Month", EVENT_MONTH},
    {"EntryEvent/Date/Day", EVENT_DAY},
    {"SanctionsMeasure@SanctionsTypeID", MEASURE_TYPE},
    {"SanctionsMeasure/Comment", MEASURE_COMMENT},
    {NULL, 0},
};

struct tw_list_xml_map tw_ofac_advanced_map(void)
{
	return (struct tw_list_xml_map){
	    .root = "Sanctions",
	    .other = "not a list of OFAC in the advanced schema",
	    .date_parts = {"DateOfIssue/Year", "DateOfIssue/Month", "DateOfIssue/Day"},
	    .depth = 3,
	    .group_slots = GROUP_SLOTS,
	    .group_from = group_from,
	    .entries = entries,
	    .records = records,
	    .groups = groups,
	    .fields = fields,
	};
}
