/**
 * @file ofac_xml.c
 * OFAC's lists, SDN and non-SDN alike, in the sdnList XML: a path map over list_xml.c.
 *
 *     sdnList / sdnEntry / uid, lastName, firstName, sdnType, remarks
 *                          programList/program   akaList/aka   idList/id   addressList/address
 *                          dateOfBirthList/dateOfBirthItem   nationalityList/…   citizenshipList/…   vesselInfo
 *
 * Names are written as the CSV set writes them, "LAST, First", so that one party reads the same from both. What an idType is, is said by
 * the table of ofac_remarks.c; types that are no number of a party (a web site, a directive) are counted as passed over. The schema states
 * no measures entry by entry (the non-SDN lists freeze nothing): `measures` stays 0.
 *
 * Source: US Treasury, OFAC, sdn.xml and consolidated.xml, schema sdnList as the non-SDN list of 14 December 2020 uses it; the elements of
 * vessels (vesselInfo) as the published schema names them. The "advanced" XML is another schema (ofac_advanced_xml.c).
 */
#include "feeds/list_date.h"
#include "feeds/list_text.h"
#include "feeds/list_xml.h"

enum slot {
	UID,
	LAST,
	FIRST,
	TYPE,
	REMARKS,
	PROGRAMMES,
	CALL_SIGN,
	FLAG,
	OWNER,
	GROUP_SLOTS,
	PROGRAMME = GROUP_SLOTS,
	AKA_TYPE,
	AKA_CATEGORY,
	AKA_LAST,
	AKA_FIRST,
	ID_TYPE,
	ID_NUMBER,
	ID_COUNTRY,
	ADDRESS_1,
	ADDRESS_3 = ADDRESS_1 + 2,
	CITY,
	STATE,
	ZIP,
	COUNTRY,
	BIRTH_DATE,
	SLOTS,
};
_Static_assert(SLOTS <= TW_LIST_XML_SLOTS_MAX, "a slot for each field");

enum group { PROGRAM = 1, AKA, ID, ADDRESS, BIRTH, NATIONALITY };

static const struct tw_list_xml_entry entries[] = {{"sdnEntry", TW_ENTRY_UNKNOWN}, {NULL, TW_ENTRY_UNKNOWN}};

static const struct tw_list_xml_path groups[] = {
    {"programList/program", PROGRAM},
    {"akaList/aka", AKA},
    {"idList/id", ID},
    {"addressList/address", ADDRESS},
    {"dateOfBirthList/dateOfBirthItem", BIRTH},
    {"nationalityList/nationality", NATIONALITY},
    {"citizenshipList/citizenship", NATIONALITY},
    {NULL, 0},
};

static const struct tw_list_xml_path fields[] = {
    {"uid", UID},
    {"lastName", LAST},
    {"firstName", FIRST},
    {"sdnType", TYPE},
    {"remarks", REMARKS},
    {"vesselInfo/callSign", CALL_SIGN},
    {"vesselInfo/vesselFlag", FLAG},
    {"vesselInfo/vesselOwner", OWNER},
    {"programList/program", PROGRAMME},
    {"akaList/aka/type", AKA_TYPE},
    {"akaList/aka/category", AKA_CATEGORY},
    {"akaList/aka/lastName", AKA_LAST},
    {"akaList/aka/firstName", AKA_FIRST},
    {"idList/id/idType", ID_TYPE},
    {"idList/id/idNumber", ID_NUMBER},
    {"idList/id/idCountry", ID_COUNTRY},
    {"addressList/address/address1", ADDRESS_1},
    {"addressList/address/address2", ADDRESS_1 + 1},
    {"addressList/address/address3", ADDRESS_3},
    {"addressList/address/city", CITY},
    {"addressList/address/stateOrProvince", STATE},
    {"addressList/address/postalCode", ZIP},
    {"addressList/address/country", COUNTRY},
    {"dateOfBirthList/dateOfBirthItem/dateOfBirth", BIRTH_DATE},
    {"nationalityList/nationality/country", COUNTRY},
    {"citizenshipList/citizenship/country", COUNTRY},
    {NULL, 0},
};

static const struct {
	const char *type;
	enum tw_entry_kind kind;
} kinds[] = {
    {"Individual", TW_ENTRY_PERSON},
    {"Entity", TW_ENTRY_ORGANISATION},
    {"Vessel", TW_ENTRY_VESSEL},
    {"Aircraft", TW_ENTRY_AIRCRAFT},
};

static void set_kind(struct tw_list_xml *xml)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (tw_slice_is(xml->slot[TYPE], kinds[i].type)) {
			tw_list_stage_entry_at(xml->stage, xml->entry)->kind = kinds[i].kind;
		}
	}
}

/* "LAST, First"; {NULL, 0} without memory. */
static struct tw_slice name_of(struct tw_list_xml *xml, struct tw_slice last, struct tw_slice first)
{
	return tw_arena_format(&xml->stage->scratch, "%.*s%s%.*s", (int)last.len, last.ptr, last.len && first.len ? ", " : "", (int)first.len,
	                       first.ptr);
}

static bool end_aka(struct tw_list_xml *xml)
{
	struct tw_slice name = name_of(xml, xml->slot[AKA_LAST], xml->slot[AKA_FIRST]);
	bool weak = tw_slice_is(xml->slot[AKA_CATEGORY], "weak"), former = tw_slice_is(xml->slot[AKA_TYPE], "f.k.a.");
	xml->stage->report.blank_names += name.ptr && name.len == 0;
	return name.ptr && tw_list_stage_name(xml->stage, xml->entry, name, weak ? TW_NAME_WEAK : former ? TW_NAME_FORMER : TW_NAME_STRONG);
}

static bool end_id(struct tw_list_xml *xml)
{
	bool known;
	if (tw_slice_is(xml->slot[ID_TYPE], "Nationality of Registration")) {
		return tw_list_stage_country(xml->stage, xml->entry, xml->slot[ID_NUMBER]);
	}
	set_kind(xml);
	if (!tw_ofac_identifier(xml->stage, xml->entry, xml->slot[ID_TYPE], xml->slot[ID_NUMBER], xml->slot[ID_COUNTRY], &known)) {
		return false;
	}
	if (!known) {
		tw_list_xml_skip(xml, "an idType that is no number of a party");
	}
	return true;
}

static bool end_birth(struct tw_list_xml *xml)
{
	struct tw_list_date date, until;
	if (xml->slot[BIRTH_DATE].len && !tw_list_date_read(xml->slot[BIRTH_DATE], TW_DATE_DAY_FIRST, &date, &until)) {
		tw_list_xml_skip(xml, "a birth that is not a date");
		return true;
	}
	return xml->slot[BIRTH_DATE].len == 0 ||
	       (tw_list_stage_birth(xml->stage, xml->entry, date) && tw_list_stage_birth(xml->stage, xml->entry, until));
}

static bool end_address(struct tw_list_xml *xml)
{
	return tw_list_stage_address(xml->stage, xml->entry, xml->slot + ADDRESS_1, ZIP - ADDRESS_1 + 1, xml->slot[CITY], xml->slot[COUNTRY]);
}

static bool group_end(struct tw_list_xml *xml, uint32_t group)
{
	switch ((enum group)group) {
	case PROGRAM:
		return tw_list_xml_append(xml, PROGRAMMES, "; ", xml->slot[PROGRAMME]);
	case AKA:
		return end_aka(xml);
	case ID:
		return end_id(xml);
	case ADDRESS:
		return end_address(xml);
	case BIRTH:
		return end_birth(xml);
	case NATIONALITY:
		return tw_list_stage_country(xml->stage, xml->entry, xml->slot[COUNTRY]);
	}
	return true;
}

/* Up to the semicolon or the bracket that closes the remark, not one of the name's own: "ALPHA (AB) LINES". */
static struct tw_slice link_in(struct tw_slice text)
{
	uint32_t length = 0, open = 0;
	while (length < text.len && text.ptr[length] != ';' && (open || text.ptr[length] != ')')) {
		open += text.ptr[length] == '(';
		open -= text.ptr[length] == ')';
		length++;
	}
	struct tw_slice to = tw_list_trim((struct tw_slice){text.ptr, length});
	to.len -= to.len && to.ptr[to.len - 1] == '.';
	return to;
}

/* "(Linked To: ALPHA LINES; Linked To: BETA LINES)": how they are linked is not said. */
static bool find_links(struct tw_list_xml *xml, struct tw_slice text)
{
	static const char mark[] = "Linked To: ";
	const uint32_t mark_bytes = sizeof(mark) - 1;
	for (uint32_t i = 0; i + mark_bytes < text.len; i++) {
		if (memcmp(text.ptr + i, mark, mark_bytes) != 0) {
			continue;
		}
		struct tw_slice to = link_in((struct tw_slice){text.ptr + i + mark_bytes, text.len - i - mark_bytes});
		if (!tw_list_stage_link(xml->stage, xml->entry, TW_LINK_OTHER, to)) {
			return false;
		}
	}
	return true;
}

static bool entry_end(struct tw_list_xml *xml)
{
	struct tw_slice name = name_of(xml, xml->slot[LAST], xml->slot[FIRST]);
	xml->unfit = xml->slot[UID].len == 0 ? "an entry without uid" : name.ptr && name.len == 0 ? "an entry without a name" : NULL;
	if (xml->unfit || !name.ptr) {
		return name.ptr != NULL;
	}
	set_kind(xml);
	return tw_list_xml_identify(xml, xml->slot[UID], xml->slot[PROGRAMMES]) &&
	       tw_list_stage_name(xml->stage, xml->entry, name, TW_NAME_PRIMARY) &&
	       tw_list_stage_identifier(xml->stage, xml->entry, "call_sign", xml->slot[CALL_SIGN], (struct tw_slice){"", 0}) &&
	       tw_list_stage_country(xml->stage, xml->entry, xml->slot[FLAG]) &&
	       tw_list_stage_link(xml->stage, xml->entry, TW_LINK_OWNED_BY, xml->slot[OWNER]) && find_links(xml, xml->slot[REMARKS]);
}

enum tw_code tw_ofac_xml_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_list_xml_map map = {
	    .root = "sdnList",
	    .other = "not a list of OFAC in the sdnList schema",
	    .date = "publshInformation/Publish_Date", /* as OFAC spells it */
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
