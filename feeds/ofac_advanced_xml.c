/**
 * @file ofac_advanced_xml.c
 * OFAC's lists in the "advanced" XML (SDN_ADVANCED.XML, CONS_ADVANCED.XML): a path map over list_xml.c whose parts refer to each other.
 *
 *     Sanctions / DateOfIssue
 *       ReferenceValueSets / <X>Values / <X> ID=…           what a number means: AliasType, Country, FeatureType, PartySubType, …
 *       Locations / Location ID=…                           address parts by LocPartTypeID, LocationCountry
 *       IDRegDocuments / IDRegDocument IdentityID=…         a number, its type, who issued it
 *       DistinctParties / DistinctParty FixedRef=…          one entry
 *           Profile ID=… PartySubTypeID=… / Identity ID=… / Alias / DocumentedName / DocumentedNamePart / NamePartValue
 *           Profile / Feature FeatureTypeID=… / FeatureVersion / DatePeriod | VersionDetail | VersionLocation LocationID=…
 *       ProfileRelationships / ProfileRelationship          From-ProfileID, To-ProfileID, RelationTypeID
 *       SanctionsEntries / SanctionsEntry ProfileID=…       programme (a measure of type "Program"), measures, day of listing
 *
 * Everything above DistinctParties is kept in a table (list_references.h) that the parties ask; what stands below names a profile that has
 * been read. The schema fixes that order. Numbers of types are never known here, only the words that the file gives them. The entry's id is
 * FixedRef, the uid of the other formats. Parts of a name stand in the order of the file (family name first, without the comma of the other
 * formats). Features and documents that nothing is screened by are counted as passed over.
 *
 * Source: US Treasury, OFAC, advanced sanctions data model (ADVANCED_XML.xsd and its explanatory notes), as readers of it describe elements,
 * attributes and words in public. No original file was at hand.
 */
#include "feeds/list_date.h"
#include "feeds/list_references.h"
#include "feeds/list_text.h"
#include "feeds/ofac_advanced_map.h"

struct own {
	struct tw_arena arena;
	struct tw_list_references references;
	uint32_t measures; /* of the SanctionsEntry that is open */
	struct tw_list_date listed;
};

static const struct tw_slice blank = {"", 0};

static struct tw_slice meaning(const struct tw_list_xml *xml, uint32_t set, uint32_t slot)
{
	const struct own *own = xml->own;
	return xml->slot[slot].len ? tw_list_references_text(&own->references, set, xml->slot[slot]) : blank;
}

static bool is_true(struct tw_slice text)
{
	return tw_slice_is(text, "true") || tw_slice_is(text, "1");
}

static bool value_end(struct tw_list_xml *xml, uint32_t set)
{
	struct own *own = xml->own;
	const struct tw_list_fact fact = {.id = xml->slot[VALUE_ID], .set = set, .text = {xml->slot[VALUE], xml->slot[VALUE_OF], blank, blank}};
	return fact.id.len == 0 || tw_list_references_add(&own->references, &fact);
}

/* The first value of an address part; parts that the file has no word for are none of the address. */
static bool place_value_end(struct tw_list_xml *xml)
{
	static const struct {
		const char *word;
		uint32_t slot;
	} parts[] = {
	    {"ADDRESS1", LINE_1}, {"ADDRESS2", LINE_1 + 1},  {"ADDRESS3", LINE_3}, {"CITY", CITY},
	    {"REGION", REGION},   {"STATE/PROVINCE", STATE}, {"POSTAL CODE", ZIP},
	};
	struct tw_slice word = meaning(xml, PLACE_PARTS, PLACE_PART);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (tw_slice_is(word, parts[i].word) && xml->slot[parts[i].slot].len == 0) {
			xml->slot[parts[i].slot] = xml->slot[PLACE_VALUE];
		}
	}
	return true;
}

static bool place_end(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	struct tw_slice text = blank;
	for (uint32_t i = LINE_1; i <= REGION && text.ptr; i++) {
		struct tw_slice part = xml->slot[i];
		if (part.len) {
			text = tw_arena_format(&xml->stage->scratch, "%.*s%s%.*s", (int)text.len, text.ptr, text.len ? ", " : "", (int)part.len,
			                       part.ptr);
		}
	}
	if (!text.ptr) {
		return false;
	}
	const struct tw_list_fact fact = {
	    .id = xml->slot[ID], .set = PLACES, .text = {text, xml->slot[CITY], meaning(xml, COUNTRIES, PLACE_COUNTRY), blank}};
	return fact.id.len == 0 || tw_list_references_add(&own->references, &fact);
}

static bool document_end(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	const struct tw_list_fact fact = {
	    .id = xml->slot[DOC_IDENTITY],
	    .set = DOCUMENTS,
	    .text = {xml->slot[DOC_NUMBER], meaning(xml, DOC_TYPES, DOC_TYPE), meaning(xml, COUNTRIES, DOC_COUNTRY), blank}};
	if (fact.id.len == 0) {
		tw_list_xml_skip(xml, "a document of no identity");
		return true;
	}
	return tw_list_references_add(&own->references, &fact);
}

/* "Vessel" and "Aircraft" are subtypes of transport; persons and organisations have the subtype "Unknown" of their own type. */
static void set_kind(struct tw_list_xml *xml)
{
	const struct own *own = xml->own;
	const struct tw_list_fact *subtype = tw_list_references_find(&own->references, SUBTYPES, xml->slot[SUBTYPE]);
	struct tw_slice sub = subtype ? subtype->text[0] : blank;
	struct tw_slice type = subtype ? tw_list_references_text(&own->references, PARTY_TYPES, subtype->text[1]) : blank;
	enum tw_entry_kind kind = tw_slice_is(sub, "Vessel")        ? TW_ENTRY_VESSEL
	                          : tw_slice_is(sub, "Aircraft")    ? TW_ENTRY_AIRCRAFT
	                          : tw_slice_is(type, "Individual") ? TW_ENTRY_PERSON
	                          : tw_slice_is(type, "Entity")     ? TW_ENTRY_ORGANISATION
	                                                            : TW_ENTRY_UNKNOWN;
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, xml->entry);
	entry->kind = kind == TW_ENTRY_UNKNOWN ? entry->kind : kind;
}

static bool part_end(struct tw_list_xml *xml)
{
	struct tw_slice name = xml->slot[NAME], part = xml->slot[PART];
	if (part.len) {
		xml->slot[NAME] =
		    tw_arena_format(&xml->stage->scratch, "%.*s%s%.*s", (int)name.len, name.ptr, name.len ? " " : "", (int)part.len, part.ptr);
	}
	return xml->slot[NAME].ptr != NULL;
}

/* One alias is documented in several scripts. */
static bool name_end(struct tw_list_xml *xml)
{
	struct tw_slice name = xml->slot[NAME];
	bool weak = is_true(xml->slot[ALIAS_WEAK]), former = tw_slice_is(meaning(xml, ALIAS_TYPES, ALIAS_TYPE), "F.K.A.");
	if (name.len == 0) {
		xml->stage->report.blank_names++;
		return true;
	}
	if (tw_list_is_foreign(name)) {
		return tw_list_xml_name(xml, name, TW_NAME_ORIGINAL_SCRIPT, 1);
	}
	return tw_list_xml_name(xml, name, weak ? TW_NAME_WEAK : former ? TW_NAME_FORMER : TW_NAME_STRONG, is_true(xml->slot[ALIAS_PRIMARY]) ? 3 : 2);
}

static bool number_add(struct tw_list_xml *xml, struct tw_slice type, struct tw_slice number, struct tw_slice country, const char *unknown)
{
	bool known;
	if (!tw_ofac_identifier(xml->stage, xml->entry, type, number, country, &known)) {
		return false;
	}
	if (!known) {
		tw_list_xml_skip(xml, unknown);
	}
	return true;
}

static bool identity_end(struct tw_list_xml *xml)
{
	const struct own *own = xml->own;
	const struct tw_list_fact *document = tw_list_references_find(&own->references, DOCUMENTS, xml->slot[IDENTITY_ID]);
	bool fits = true;
	set_kind(xml);
	for (; document && fits; document = tw_list_references_next(&own->references, document)) {
		fits = tw_slice_is(document->text[1], "Nationality of Registration")
		           ? tw_list_stage_country(xml->stage, xml->entry, document->text[0])
		           : number_add(xml, document->text[1], document->text[0], document->text[2], "a document that nothing is screened by");
	}
	return fits;
}

static uint32_t number_of(struct tw_slice text)
{
	uint32_t value = 0;
	for (uint32_t i = 0; i < text.len && i < 5; i++) {
		value = text.ptr[i] >= '0' && text.ptr[i] <= '9' ? value * 10 + (uint32_t)(text.ptr[i] - '0') : 99999;
	}
	return value;
}

/* @return whether three slots from `year` on state a date; blank ones behind the year are not stated */
static bool date_at(struct tw_list_xml *xml, uint32_t year, struct tw_list_date *date)
{
	struct tw_slice text = tw_arena_format(&xml->stage->scratch, "%04u-%02u-%02u", (unsigned)number_of(xml->slot[year]),
	                                       (unsigned)number_of(xml->slot[year + 1]), (unsigned)number_of(xml->slot[year + 2]));
	*date = (struct tw_list_date){0};
	return xml->slot[year].len && text.ptr && tw_list_date_read(text, TW_DATE_DAY_FIRST, date, NULL);
}

static bool birth_add(struct tw_list_xml *xml)
{
	struct tw_list_date from, to;
	if (!date_at(xml, FROM_YEAR, &from)) {
		tw_list_xml_skip(xml, "a birth that is not a date");
		return true;
	}
	bool span = date_at(xml, TO_YEAR, &to) && tw_list_date_period(&from, &to);
	if (!span) {
		from.circa = is_true(xml->slot[START_ROUGH]) || is_true(xml->slot[END_ROUGH]);
	}
	return tw_list_stage_birth(xml->stage, xml->entry, from) && (!span || tw_list_stage_birth(xml->stage, xml->entry, to));
}

static bool call_sign_add(struct tw_list_xml *xml)
{
	return tw_list_stage_identifier(xml->stage, xml->entry, "call_sign", xml->slot[DETAIL], blank);
}

static bool version_end(struct tw_list_xml *xml)
{
	const struct own *own = xml->own;
	struct tw_slice type = meaning(xml, FEATURE_TYPES, FEATURE_TYPE);
	const struct tw_list_fact *place = xml->slot[LOCATION].len ? tw_list_references_find(&own->references, PLACES, xml->slot[LOCATION]) : NULL;
	struct tw_slice country = place ? place->text[2] : xml->slot[DETAIL];
	set_kind(xml);
	if (tw_slice_is(type, "Birthdate")) {
		return birth_add(xml);
	}
	if (tw_slice_is(type, "Location") && place) {
		return tw_list_stage_address(xml->stage, xml->entry, &place->text[0], 1, place->text[1], place->text[2]);
	}
	if (tw_slice_is(type, "Nationality Country") || tw_slice_is(type, "Citizenship Country") || tw_slice_is(type, "Vessel Flag") ||
	    tw_slice_is(type, "Nationality of Registration")) {
		return tw_list_stage_country(xml->stage, xml->entry, country);
	}
	if (tw_slice_is(type, "Vessel Call Sign") || tw_slice_is(type, "Other Vessel Call Sign")) {
		return call_sign_add(xml);
	}
	return number_add(xml, type, xml->slot[DETAIL], blank, "a feature that nothing is screened by");
}

/* The earliest event is the listing. */
static bool event_end(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	struct tw_list_date date;
	if (date_at(xml, EVENT_YEAR, &date) && (own->listed.year == 0 || tw_list_date_compare(date, own->listed) < 0)) {
		own->listed = date;
	}
	return true;
}

/* To block is to freeze what a party owns. Source: US Treasury, OFAC, FAQ 9 (what blocking is). */
static bool measure_end(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	struct tw_slice type = meaning(xml, SANCTIONS_TYPES, MEASURE_TYPE);
	if (tw_slice_is(type, "Program")) {
		return tw_list_xml_append(xml, PROGRAMMES, "; ", xml->slot[MEASURE_COMMENT]);
	}
	own->measures |= tw_slice_is(type, "Block") ? TW_MEASURE_ASSET_FREEZE : TW_MEASURE_OTHER;
	return true;
}

static bool group_end(struct tw_list_xml *xml, uint32_t group)
{
	switch ((enum group)group) {
	case ALIAS_TYPES:
	case COUNTRIES:
	case FEATURE_TYPES:
	case DOC_TYPES:
	case PLACE_PARTS:
	case SUBTYPES:
	case PARTY_TYPES:
	case RELATIONS:
	case SANCTIONS_TYPES:
		return value_end(xml, group);
	case GROUP_PROFILE:
		set_kind(xml);
		return tw_list_xml_append(xml, PROFILES, PROFILE_GAP, xml->slot[PROFILE_ID]);
	case GROUP_IDENTITY:
		return identity_end(xml);
	case GROUP_NAME:
		return name_end(xml);
	case GROUP_PART:
		return part_end(xml);
	case GROUP_VERSION:
		return version_end(xml);
	case GROUP_PLACE_VALUE:
		return place_value_end(xml);
	case GROUP_EVENT:
		return event_end(xml);
	case GROUP_MEASURE:
		return measure_end(xml);
	case GROUP_ALIAS: /* they only bound what stands in them */
	case GROUP_FEATURE:
	case GROUP_PLACE_PART:
	case GROUPS:
	case DOCUMENTS:
	case PROFILES_READ:
		break;
	}
	return true;
}

static enum tw_list_relation relation_of(struct tw_slice word)
{
	static const struct {
		const char *word;
		enum tw_list_relation relation;
	} words[] = {
	    {"Owned or Controlled By", TW_LINK_OWNED_BY},
	    {"Acting for or on behalf of", TW_LINK_ACTING_FOR},
	    {"Family member of", TW_LINK_FAMILY},
	};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (tw_slice_is(word, words[i].word)) {
			return words[i].relation;
		}
	}
	return TW_LINK_OTHER;
}

static bool relation_end(struct tw_list_xml *xml)
{
	const struct own *own = xml->own;
	const struct tw_list_fact *from = tw_list_references_find(&own->references, PROFILES_READ, xml->slot[FROM_PROFILE]);
	const struct tw_list_fact *to = tw_list_references_find(&own->references, PROFILES_READ, xml->slot[TO_PROFILE]);
	if (!from) {
		tw_list_xml_skip(xml, "a relation of a profile that is not in the file");
		return true;
	}
	return tw_list_stage_link(xml->stage, from->value, relation_of(meaning(xml, RELATIONS, RELATION)), to ? to->text[0] : xml->slot[TO_PROFILE]);
}

static bool sanctions_end(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	const struct tw_list_fact *profile = tw_list_references_find(&own->references, PROFILES_READ, xml->slot[ENTRY_PROFILE]);
	uint32_t measures = own->measures;
	struct tw_list_date listed = own->listed;
	own->measures = 0;
	own->listed = (struct tw_list_date){0};
	if (!profile) {
		tw_list_xml_skip(xml, "a sanction of a profile that is not in the file");
		return true;
	}
	struct tw_stage_entry *entry = tw_list_stage_entry_at(xml->stage, profile->value);
	entry->measures |= measures;
	if (listed.year && (entry->listed_on.year == 0 || tw_list_date_compare(listed, entry->listed_on) < 0)) {
		entry->listed_on = listed;
	}
	struct tw_slice before = entry->programme, added = xml->slot[PROGRAMMES];
	if (added.len && !tw_slice_equal(before, added)) {
		entry->programme =
		    tw_arena_format(&xml->stage->arena, "%.*s%s%.*s", (int)before.len, before.ptr, before.len ? "; " : "", (int)added.len, added.ptr);
	}
	return entry->programme.ptr != NULL;
}

/* Profiles of a party that stands: what comes later names them. */
static bool profiles_add(struct tw_list_xml *xml)
{
	struct own *own = xml->own;
	struct tw_slice rest = xml->slot[PROFILES];
	bool fits = true;
	while (rest.len && fits) {
		const char *gap = memchr(rest.ptr, PROFILE_GAP[0], rest.len);
		uint32_t length = gap ? (uint32_t)(gap - rest.ptr) : rest.len;
		const struct tw_list_fact fact = {
		    .id = {rest.ptr, length}, .set = PROFILES_READ, .text = {xml->slot[FIXED_REF], blank, blank, blank}, .value = xml->entry};
		fits = length == 0 || tw_list_references_add(&own->references, &fact);
		length += gap != NULL;
		rest = (struct tw_slice){rest.ptr + length, rest.len - length};
	}
	return fits;
}

static bool record_end(struct tw_list_xml *xml)
{
	return strcmp(xml->record, "Location") == 0              ? place_end(xml)
	       : strcmp(xml->record, "IDRegDocument") == 0       ? document_end(xml)
	       : strcmp(xml->record, "ProfileRelationship") == 0 ? relation_end(xml)
	       : strcmp(xml->record, "SanctionsEntry") == 0      ? sanctions_end(xml)
	                                                         : true;
}

static bool entry_end(struct tw_list_xml *xml)
{
	if (xml->record) {
		return record_end(xml);
	}
	xml->unfit = xml->slot[FIXED_REF].len == 0 ? "an entry without FixedRef" : !tw_list_xml_primary(xml) ? "an entry without a name" : NULL;
	return xml->unfit || (tw_list_xml_identify(xml, xml->slot[FIXED_REF], blank) && profiles_add(xml));
}

enum tw_code tw_ofac_advanced_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	struct own own = {.measures = 0};
	struct tw_list_xml_map map = tw_ofac_advanced_map();
	map.group_end = group_end;
	map.entry_end = entry_end;
	map.own = &own;
	tw_arena_init(&own.arena, 65536, 0);
	own.references.arena = &own.arena;
	enum tw_code code = tw_list_xml_load(&map, stage, files, err);
	tw_arena_fini(&own.arena);
	return code;
}
