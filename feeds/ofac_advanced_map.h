/**
 * @file ofac_advanced_map.h
 * Where OFAC's "advanced" XML says what: the slots that a path fills and the groups that paths stand in, of ofac_advanced_xml.c alone.
 */
#ifndef TIDEWAITER_FEEDS_OFAC_ADVANCED_MAP_H
#define TIDEWAITER_FEEDS_OFAC_ADVANCED_MAP_H

#include "feeds/list_xml.h"

enum slot {
	ID, /* of a location, a document, a relation: "@ID" */
	FIXED_REF,
	PROFILES, /* of the party, with PROFILE_GAP between */
	LINE_1,
	LINE_3 = LINE_1 + 2,
	CITY,
	STATE,
	ZIP,
	REGION,
	PLACE_COUNTRY,
	DOC_TYPE,
	DOC_IDENTITY,
	DOC_COUNTRY,
	DOC_NUMBER,
	FROM_PROFILE,
	TO_PROFILE,
	RELATION,
	ENTRY_PROFILE,
	PROGRAMMES,
	GROUP_SLOTS,
	PROFILE_ID = GROUP_SLOTS,
	SUBTYPE,
	IN_PROFILE,
	IDENTITY_ID = IN_PROFILE,
	IN_IDENTITY,
	ALIAS_TYPE = IN_IDENTITY,
	ALIAS_PRIMARY,
	ALIAS_WEAK,
	IN_ALIAS,
	NAME = IN_ALIAS,
	IN_NAME,
	PART = IN_NAME,
	FEATURE_TYPE = IN_PROFILE,
	IN_FEATURE,
	DETAIL = IN_FEATURE,
	LOCATION,
	START_ROUGH,
	END_ROUGH,
	FROM_YEAR,
	FROM_MONTH,
	FROM_DAY,
	TO_YEAR,
	TO_MONTH,
	TO_DAY,
	SLOTS,
	VALUE_ID = GROUP_SLOTS, /* groups of other elements than a party */
	VALUE,
	VALUE_OF,
	PLACE_PART = GROUP_SLOTS,
	IN_PLACE_PART,
	PLACE_VALUE = IN_PLACE_PART,
	EVENT_YEAR = GROUP_SLOTS,
	EVENT_MONTH,
	EVENT_DAY,
	MEASURE_TYPE = GROUP_SLOTS,
	MEASURE_COMMENT,
};
_Static_assert(SLOTS <= TW_LIST_XML_SLOTS_MAX, "a slot for each field");

#define PROFILE_GAP "\x1f"

/* Groups; those of reference values are the sets of facts, too. */
enum group {
	ALIAS_TYPES = 1,
	COUNTRIES,
	FEATURE_TYPES,
	DOC_TYPES,
	PLACE_PARTS,
	SUBTYPES,
	PARTY_TYPES,
	RELATIONS,
	SANCTIONS_TYPES,
	GROUP_PROFILE,
	GROUP_IDENTITY,
	GROUP_ALIAS,
	GROUP_NAME,
	GROUP_PART,
	GROUP_FEATURE,
	GROUP_VERSION,
	GROUP_PLACE_PART,
	GROUP_PLACE_VALUE,
	GROUP_EVENT,
	GROUP_MEASURE,
	GROUPS,
	PLACES = GROUPS, /* sets alone: text, city, country */
	DOCUMENTS,       /* by identity: number, type, country */
	PROFILES_READ,   /* value: the entry */
};

/** The paths; who reads adds what happens at the end of a group and of an entry. */
struct tw_list_xml_map tw_ofac_advanced_map(void);

#endif
