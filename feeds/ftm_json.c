/**
 * @file ftm_json.c
 * FollowTheMoney entities, one a line: OpenSanctions' entities.ftm.json, and targets.nested.json, where what is said about an entity stands
 * inside it.
 *
 *     {"id": "A", "schema": "Person", "properties": {"name": ["Al Pha"], "sanctions": [{"id": "S", "schema": "Sanction", ...}]}}
 *     {"id": "S", "schema": "Sanction", "properties": {"entity": ["A"], "program": ["X"]}}
 *
 * Both are *records*: an id, a schema, properties. One map reads either, and a nested record without its other end belongs to the entity
 * around it. The schema says what a record is; a LegalEntity is a person or an organisation, and the issuer does not say which. An entity
 * that the issuer marks as no target ("target": false) is there for others' sake and is no entry.
 *
 * Source: FollowTheMoney, schemata Thing, LegalEntity, Person, Company, Vehicle, Vessel, Airplane, Sanction, Identification, Address,
 *         Ownership, Directorship, Representation, Family, Associate, Membership, UnknownLink; OpenSanctions, bulk data formats.
 */
#include "feeds/ftm.h"
#include "feeds/list_date.h"
#include "feeds/list_json.h"
#include "feeds/list_text.h"

enum group { ENTITY, NESTED };

#define BOTH         (1U << ENTITY | 1U << NESTED)
#define OF(name)     "properties." name "[]"
#define END_ID(name) "properties." name "[].id"
#define ENDS(slot, name)                                                                                                                             \
	{BOTH, slot, OF(name)},                                                                                                                      \
	{                                                                                                                                            \
		BOTH, slot, END_ID(name)                                                                                                             \
	}

static const struct tw_json_field fields[] = {
    {BOTH, TW_FTM_ID, "id"},
    {BOTH, TW_FTM_SCHEMA, "schema"},
    {BOTH, TW_FTM_CAPTION, "caption"},
    {BOTH, TW_FTM_TARGET, "target"},
    {BOTH, TW_FTM_NAME, OF("name")},
    {BOTH, TW_FTM_ALIAS, OF("alias")},
    {BOTH, TW_FTM_WEAK_ALIAS, OF("weakAlias")},
    {BOTH, TW_FTM_WEAK_ALIAS, OF("abbreviation")},
    {BOTH, TW_FTM_FORMER_NAME, OF("previousName")},
    {BOTH, TW_FTM_BIRTH, OF("birthDate")},
    {BOTH, TW_FTM_NATION, OF("nationality")},
    {BOTH, TW_FTM_NATION, OF("citizenship")},
    {BOTH, TW_FTM_NATION, OF("jurisdiction")},
    {BOTH, TW_FTM_NATION, OF("mainCountry")},
    {BOTH, TW_FTM_NATION, OF("flag")},
    {BOTH, TW_FTM_COUNTRY, OF("country")},
    {BOTH, TW_FTM_ADDRESS_TEXT, OF("address")},
    {BOTH, TW_FTM_ADDRESS_ID, OF("addressEntity")},
    {BOTH, TW_FTM_IMO, OF("imoNumber")},
    {BOTH, TW_FTM_REGISTRATION, OF("registrationNumber")},
    {BOTH, TW_FTM_REGISTRATION, OF("ogrnCode")},
    {BOTH, TW_FTM_REGISTRATION, OF("uscCode")},
    {BOTH, TW_FTM_REGISTRATION, OF("jibCode")},
    {BOTH, TW_FTM_REGISTRATION, OF("licenseNumber")},
    {BOTH, TW_FTM_MMSI, OF("mmsi")},
    {BOTH, TW_FTM_CALL_SIGN, OF("callSign")},
    {BOTH, TW_FTM_PASSPORT, OF("passportNumber")},
    {BOTH, TW_FTM_NATIONAL_ID, OF("idNumber")},
    {BOTH, TW_FTM_NATIONAL_ID, OF("socialSecurityNumber")},
    {BOTH, TW_FTM_TAX, OF("taxNumber")},
    {BOTH, TW_FTM_TAX, OF("innCode")},
    {BOTH, TW_FTM_TAX, OF("vatCode")},
    {BOTH, TW_FTM_TAX, OF("irsCode")},
    {BOTH, TW_FTM_TAX, OF("voenCode")},
    {BOTH, TW_FTM_LEI, OF("leiCode")},
    {BOTH, TW_FTM_DUNS, OF("dunsCode")},
    {BOTH, TW_FTM_BIC, OF("swiftBic")},
    {BOTH, TW_FTM_BIK, OF("bikCode")},
    {BOTH, TW_FTM_SERIAL, OF("serialNumber")},
    {BOTH, TW_FTM_FULL, OF("full")},
    {BOTH, TW_FTM_BOX, OF("postOfficeBox")},
    {BOTH, TW_FTM_STREET, OF("street")},
    {BOTH, TW_FTM_STREET_2, OF("street2")},
    {BOTH, TW_FTM_POSTAL_CODE, OF("postalCode")},
    {BOTH, TW_FTM_REGION, OF("region")},
    {BOTH, TW_FTM_STATE, OF("state")},
    {BOTH, TW_FTM_CITY, OF("city")},
    {BOTH, TW_FTM_PROGRAM, OF("program")},
    {BOTH, TW_FTM_PROVISIONS, OF("provisions")},
    {BOTH, TW_FTM_LISTED, OF("listingDate")},
    {BOTH, TW_FTM_START, OF("startDate")},
    {BOTH, TW_FTM_END, OF("endDate")},
    {BOTH, TW_FTM_NUMBER, OF("number")},
    {BOTH, TW_FTM_TYPE, OF("type")},
    ENDS(TW_FTM_HOLDER, "entity"),
    ENDS(TW_FTM_HOLDER, "holder"),
    ENDS(TW_FTM_OWNER, "owner"),
    ENDS(TW_FTM_OPERATOR, "operator"),
    ENDS(TW_FTM_PARENT, "parent"),
    ENDS(TW_FTM_ASSET, "asset"),
    ENDS(TW_FTM_AGENT, "agent"),
    ENDS(TW_FTM_CLIENT, "client"),
    ENDS(TW_FTM_PERSON, "person"),
    ENDS(TW_FTM_RELATIVE, "relative"),
    ENDS(TW_FTM_ASSOCIATE, "associate"),
    ENDS(TW_FTM_DIRECTOR, "director"),
    ENDS(TW_FTM_ORGANIZATION, "organization"),
    ENDS(TW_FTM_MEMBER, "member"),
    ENDS(TW_FTM_SUBJECT, "subject"),
    ENDS(TW_FTM_OBJECT, "object"),
};

static const struct tw_json_group groups[] = {{NESTED, TW_FTM_VIA, "properties.*[]"}};

static const struct {
	enum tw_ftm_slot slot;
	const char *scheme;
} numbers[] = {
    {TW_FTM_REGISTRATION, "registration"},
    {TW_FTM_MMSI, "mmsi"},
    {TW_FTM_CALL_SIGN, "call_sign"},
    {TW_FTM_PASSPORT, "passport"},
    {TW_FTM_NATIONAL_ID, "national_id"},
    {TW_FTM_TAX, "tax"},
    {TW_FTM_LEI, "registration"},
    {TW_FTM_DUNS, "duns"},
    {TW_FTM_BIC, "bic"},
    {TW_FTM_BIK, "bik"},
    {TW_FTM_SERIAL, "aircraft_serial"},
};

static const struct {
	const char *schema;
	enum tw_entry_kind kind;
} kinds[] = {
    {"Person", TW_ENTRY_PERSON},           {"Organization", TW_ENTRY_ORGANISATION}, {"Company", TW_ENTRY_ORGANISATION},
    {"PublicBody", TW_ENTRY_ORGANISATION}, {"LegalEntity", TW_ENTRY_UNKNOWN},       {"Vessel", TW_ENTRY_VESSEL},
    {"Airplane", TW_ENTRY_AIRCRAFT},
};

/* The caption where it is one of the names, else the first name in Latin letters, else the first there is; NULL: there is none. */
static const struct tw_json_fact *primary_find(const struct tw_ftm_record *record)
{
	struct tw_slice caption = tw_ftm_value(record, TW_FTM_CAPTION);
	const struct tw_json_fact *first = NULL, *latin = NULL;
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = tw_ftm_fact_next(record, &at));) {
		if (fact->slot < TW_FTM_NAME || fact->slot > TW_FTM_FORMER_NAME) {
			continue;
		}
		bool foreign = tw_list_is_foreign(fact->text);
		if (fact->slot == TW_FTM_NAME && !foreign && tw_slice_equal(fact->text, caption)) {
			return fact;
		}
		latin = !latin && !foreign && fact->slot == TW_FTM_NAME ? fact : latin;
		first = !first || fact->slot < first->slot ? fact : first;
	}
	return latin ? latin : first;
}

static enum tw_name_quality quality_of(const struct tw_json_fact *fact, bool primary)
{
	if (fact->slot == TW_FTM_WEAK_ALIAS || fact->slot == TW_FTM_FORMER_NAME) {
		return fact->slot == TW_FTM_WEAK_ALIAS ? TW_NAME_WEAK : TW_NAME_FORMER;
	}
	return primary ? TW_NAME_PRIMARY : tw_list_is_foreign(fact->text) ? TW_NAME_ORIGINAL_SCRIPT : TW_NAME_STRONG;
}

static bool names_add(const struct tw_ftm_record *record, uint32_t entry, const struct tw_json_fact *primary)
{
	bool fits = tw_list_stage_name(record->stage, entry, primary->text, quality_of(primary, true));
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; fits && (fact = tw_ftm_fact_next(record, &at));) {
		if (fact->slot >= TW_FTM_NAME && fact->slot <= TW_FTM_FORMER_NAME && fact != primary) {
			fits = tw_list_stage_name(record->stage, entry, fact->text, quality_of(fact, false));
		}
	}
	return fits;
}

static bool number_add(const struct tw_ftm_record *record, uint32_t entry, const struct tw_json_fact *fact, enum tw_entry_kind kind)
{
	struct tw_slice none = {"", 0}, text = fact->text;
	if (fact->slot == TW_FTM_IMO) {
		bool prefixed = text.len > 3 && memcmp(text.ptr, "IMO", 3) == 0;
		text = prefixed ? tw_list_trim((struct tw_slice){text.ptr + 3, text.len - 3}) : text;
		const char *scheme = tw_list_imo_scheme(text, kind);
		scheme = scheme ? scheme : kind == TW_ENTRY_VESSEL ? "imo" : "imo_company"; /* the issuer says that it is one */
		return tw_list_stage_identifier(record->stage, entry, scheme, text, none);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].slot == fact->slot) {
			bool tail = kind == TW_ENTRY_AIRCRAFT && fact->slot == TW_FTM_REGISTRATION;
			return tw_list_stage_identifier(record->stage, entry, tail ? "tail_number" : numbers[i].scheme, text, none);
		}
	}
	return true;
}

static bool birth_add(const struct tw_ftm_record *record, uint32_t entry, struct tw_slice text)
{
	struct tw_list_date date;
	if (!tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, NULL)) {
		tw_list_stage_skip(record->stage, "a birth date that is no date", record->line->number, false);
	}
	return tw_list_stage_birth(record->stage, entry, date);
}

static bool fact_add(const struct tw_ftm_record *record, uint32_t entry, const struct tw_json_fact *fact, enum tw_entry_kind kind)
{
	struct tw_slice none = {"", 0};
	switch (fact->slot) {
	case TW_FTM_BIRTH:
		return birth_add(record, entry, fact->text);
	case TW_FTM_NATION:
	case TW_FTM_COUNTRY:
		return tw_list_stage_country(record->stage, entry, fact->text);
	case TW_FTM_ADDRESS_TEXT:
		return tw_list_stage_address(record->stage, entry, &fact->text, 1, none, none);
	case TW_FTM_ADDRESS_ID:
		return tw_ftm_place_of_push(record, record->id, fact->text);
	case TW_FTM_OWNER:
		return tw_ftm_link_push(record, record->id, fact->text, TW_LINK_OWNED_BY);
	case TW_FTM_OPERATOR:
		return tw_ftm_link_push(record, record->id, fact->text, TW_LINK_OPERATED_BY);
	case TW_FTM_PARENT:
		return tw_ftm_link_push(record, record->id, fact->text, TW_LINK_SUBSIDIARY_OF);
	default:
		return number_add(record, entry, fact, kind);
	}
}

static bool entity_stage(const struct tw_ftm_record *record, enum tw_entry_kind kind, const struct tw_json_fact *primary)
{
	struct tw_list_stage *stage = record->stage;
	struct tw_ftm_id *id = tw_list_push(&stage->arena, &record->ftm->ids, sizeof(*id));
	struct tw_slice programme = tw_ftm_value(record, TW_FTM_PROGRAM);
	if (!id || !tw_ftm_keep(record, &programme) || !tw_list_stage_entry(stage, record->id, kind, record->line->number, &id->entry)) {
		return false;
	}
	uint32_t entry = id->entry, at = 0;
	tw_list_stage_entry_at(stage, entry)->programme = programme;
	id->id = tw_list_stage_entry_at(stage, entry)->id;
	bool fits = names_add(record, entry, primary);
	for (const struct tw_json_fact *fact; fits && (fact = tw_ftm_fact_next(record, &at));) {
		fits = fact_add(record, entry, fact, kind);
	}
	tw_list_stage_count(stage, kind);
	return fits;
}

static bool entity_add(const struct tw_ftm_record *record, enum tw_entry_kind kind)
{
	const struct tw_json_fact *primary = primary_find(record);
	if (tw_slice_is(tw_ftm_value(record, TW_FTM_TARGET), "false")) {
		tw_list_stage_skip(record->stage, "an entity that is no target", record->line->number, false);
		return true;
	}
	if (!primary) {
		tw_list_stage_skip(record->stage, "an entity without a name", record->line->number, true);
		return true;
	}
	return entity_stage(record, kind, primary);
}

/* An entity inside another: its parent, owner or operator; any other one is there to be read. */
static bool nested_entity_add(const struct tw_ftm_record *record)
{
	struct tw_slice via = tw_ftm_value(record, TW_FTM_VIA);
	enum tw_list_relation relation = tw_slice_is(via, "parent")     ? TW_LINK_SUBSIDIARY_OF
	                                 : tw_slice_is(via, "owner")    ? TW_LINK_OWNED_BY
	                                 : tw_slice_is(via, "operator") ? TW_LINK_OPERATED_BY
	                                                                : TW_LINK_OTHER;
	if (relation == TW_LINK_OTHER) {
		tw_list_stage_skip(record->stage, "an entity inside another one", record->line->number, false);
		return true;
	}
	return tw_ftm_link_push(record, record->holder, record->id, relation);
}

static bool record_add(struct tw_ftm_record *record)
{
	struct tw_slice schema = tw_ftm_value(record, TW_FTM_SCHEMA);
	record->id = tw_ftm_value(record, TW_FTM_ID);
	if (record->id.len == 0 || schema.len == 0) {
		tw_list_stage_skip(record->stage, "an entity without id or schema", record->line->number, record->serial == 0);
		return true;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (tw_slice_is(schema, kinds[i].schema)) {
			return record->serial ? nested_entity_add(record) : entity_add(record, kinds[i].kind);
		}
	}
	return tw_ftm_about_add(record, schema);
}

static bool line_add(const struct tw_json_line *line)
{
	struct tw_ftm_record record = {.line = line, .stage = line->stage, .ftm = line->user, .to = line->fact_count};
	bool fits = record_add(&record);
	record.holder = record.id;
	for (uint32_t i = 0, end; fits && record.holder.len && i < line->fact_count; i = end) {
		for (end = i + 1; end < line->fact_count && line->facts[end].serial == line->facts[i].serial;) {
			end++;
		}
		record.serial = line->facts[i].serial;
		record.from = i;
		record.to = end;
		fits = record.serial == 0 || record_add(&record);
	}
	return fits;
}

enum tw_code tw_ftm_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_json_map map = {fields, sizeof(fields) / sizeof(fields[0]), groups, sizeof(groups) / sizeof(groups[0]), line_add};
	struct tw_ftm ftm = {0};
	enum tw_code code = tw_json_lines_load(stage, &files[0], &map, &ftm, err);
	if (code == TW_OK && !tw_ftm_join(stage, &ftm)) {
		const char *limit = stage->limit;
		code = tw_fail(err, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? TW_REJECT : TW_STOP, limit ? limit : "no memory for the list",
		               files[0].name, NULL);
	}
	return code;
}
