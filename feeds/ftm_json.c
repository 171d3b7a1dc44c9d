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

enum slot {
	ID = 1,
	SCHEMA,
	CAPTION,
	TARGET,
	VIA,
	NAME, /* the four kinds of names stand together */
	ALIAS,
	WEAK_ALIAS,
	FORMER_NAME,
	BIRTH,
	NATION, /* a person's or an organisation's country */
	COUNTRY,
	ADDRESS_TEXT,
	ADDRESS_ID,
	IMO,
	REGISTRATION,
	MMSI,
	CALL_SIGN,
	PASSPORT,
	NATIONAL_ID,
	TAX,
	LEI,
	DUNS,
	BIC,
	BIK,
	SERIAL,
	FULL,
	BOX, /* parts of an address, in tw_ftm_place's order */
	STREET,
	STREET_2,
	POSTAL_CODE,
	REGION,
	STATE,
	CITY,
	PROGRAM,
	PROVISIONS,
	LISTED,
	START,
	END,
	HOLDER,
	NUMBER,
	TYPE,
	OWNER, /* ends of a relation */
	OPERATOR,
	PARENT,
	ASSET,
	AGENT,
	CLIENT,
	PERSON,
	RELATIVE,
	ASSOCIATE,
	DIRECTOR,
	ORGANIZATION,
	MEMBER,
	SUBJECT,
	OBJECT,
};

#define BOTH         (1U << ENTITY | 1U << NESTED)
#define OF(name)     "properties." name "[]"
#define END_ID(name) "properties." name "[].id"
#define ENDS(slot, name)                                                                                                                             \
	{BOTH, slot, OF(name)},                                                                                                                      \
	{                                                                                                                                            \
		BOTH, slot, END_ID(name)                                                                                                             \
	}

static const struct tw_json_field fields[] = {
    {BOTH, ID, "id"},
    {BOTH, SCHEMA, "schema"},
    {BOTH, CAPTION, "caption"},
    {BOTH, TARGET, "target"},
    {BOTH, NAME, OF("name")},
    {BOTH, ALIAS, OF("alias")},
    {BOTH, WEAK_ALIAS, OF("weakAlias")},
    {BOTH, WEAK_ALIAS, OF("abbreviation")},
    {BOTH, FORMER_NAME, OF("previousName")},
    {BOTH, BIRTH, OF("birthDate")},
    {BOTH, NATION, OF("nationality")},
    {BOTH, NATION, OF("citizenship")},
    {BOTH, NATION, OF("jurisdiction")},
    {BOTH, NATION, OF("mainCountry")},
    {BOTH, NATION, OF("flag")},
    {BOTH, COUNTRY, OF("country")},
    {BOTH, ADDRESS_TEXT, OF("address")},
    {BOTH, ADDRESS_ID, OF("addressEntity")},
    {BOTH, IMO, OF("imoNumber")},
    {BOTH, REGISTRATION, OF("registrationNumber")},
    {BOTH, REGISTRATION, OF("ogrnCode")},
    {BOTH, REGISTRATION, OF("uscCode")},
    {BOTH, REGISTRATION, OF("jibCode")},
    {BOTH, REGISTRATION, OF("licenseNumber")},
    {BOTH, MMSI, OF("mmsi")},
    {BOTH, CALL_SIGN, OF("callSign")},
    {BOTH, PASSPORT, OF("passportNumber")},
    {BOTH, NATIONAL_ID, OF("idNumber")},
    {BOTH, NATIONAL_ID, OF("socialSecurityNumber")},
    {BOTH, TAX, OF("taxNumber")},
    {BOTH, TAX, OF("innCode")},
    {BOTH, TAX, OF("vatCode")},
    {BOTH, TAX, OF("irsCode")},
    {BOTH, TAX, OF("voenCode")},
    {BOTH, LEI, OF("leiCode")},
    {BOTH, DUNS, OF("dunsCode")},
    {BOTH, BIC, OF("swiftBic")},
    {BOTH, BIK, OF("bikCode")},
    {BOTH, SERIAL, OF("serialNumber")},
    {BOTH, FULL, OF("full")},
    {BOTH, BOX, OF("postOfficeBox")},
    {BOTH, STREET, OF("street")},
    {BOTH, STREET_2, OF("street2")},
    {BOTH, POSTAL_CODE, OF("postalCode")},
    {BOTH, REGION, OF("region")},
    {BOTH, STATE, OF("state")},
    {BOTH, CITY, OF("city")},
    {BOTH, PROGRAM, OF("program")},
    {BOTH, PROVISIONS, OF("provisions")},
    {BOTH, LISTED, OF("listingDate")},
    {BOTH, START, OF("startDate")},
    {BOTH, END, OF("endDate")},
    {BOTH, NUMBER, OF("number")},
    {BOTH, TYPE, OF("type")},
    ENDS(HOLDER, "entity"),
    ENDS(HOLDER, "holder"),
    ENDS(OWNER, "owner"),
    ENDS(OPERATOR, "operator"),
    ENDS(PARENT, "parent"),
    ENDS(ASSET, "asset"),
    ENDS(AGENT, "agent"),
    ENDS(CLIENT, "client"),
    ENDS(PERSON, "person"),
    ENDS(RELATIVE, "relative"),
    ENDS(ASSOCIATE, "associate"),
    ENDS(DIRECTOR, "director"),
    ENDS(ORGANIZATION, "organization"),
    ENDS(MEMBER, "member"),
    ENDS(SUBJECT, "subject"),
    ENDS(OBJECT, "object"),
};

static const struct tw_json_group groups[] = {{NESTED, VIA, "properties.*[]"}};

static const struct {
	enum slot slot;
	const char *scheme;
} numbers[] = {
    {REGISTRATION, "registration"},
    {MMSI, "mmsi"},
    {CALL_SIGN, "call_sign"},
    {PASSPORT, "passport"},
    {NATIONAL_ID, "national_id"},
    {TAX, "tax"},
    {LEI, "registration"},
    {DUNS, "duns"},
    {BIC, "bic"},
    {BIK, "bik"},
    {SERIAL, "aircraft_serial"},
};

static const struct {
	const char *schema;
	enum tw_entry_kind kind;
} kinds[] = {
    {"Person", TW_ENTRY_PERSON},           {"Organization", TW_ENTRY_ORGANISATION}, {"Company", TW_ENTRY_ORGANISATION},
    {"PublicBody", TW_ENTRY_ORGANISATION}, {"LegalEntity", TW_ENTRY_UNKNOWN},       {"Vessel", TW_ENTRY_VESSEL},
    {"Airplane", TW_ENTRY_AIRCRAFT},
};

/* From whom to whom a relation goes; one that has no direction goes both ways. */
static const struct relation {
	const char *schema;
	enum slot from, to;
	enum tw_list_relation relation;
	bool both_ways;
} relations[] = {
    {"Ownership", ASSET, OWNER, TW_LINK_OWNED_BY, false},
    {"Representation", AGENT, CLIENT, TW_LINK_ACTING_FOR, false},
    {"Directorship", ORGANIZATION, DIRECTOR, TW_LINK_OTHER, false},
    {"Membership", MEMBER, ORGANIZATION, TW_LINK_OTHER, false},
    {"Family", PERSON, RELATIVE, TW_LINK_FAMILY, true},
    {"Associate", PERSON, ASSOCIATE, TW_LINK_OTHER, true},
    {"UnknownLink", SUBJECT, OBJECT, TW_LINK_OTHER, true},
};

/* One record's part of a line. `holder` is the entity around a nested one. */
struct record {
	const struct tw_json_line *line;
	struct tw_list_stage *stage;
	struct tw_ftm *ftm;
	uint32_t serial;   /* 0: the line's own object */
	uint32_t from, to; /* its facts are among these of the line */
	struct tw_slice id, holder;
};

static const struct tw_json_fact *fact_next(const struct record *record, uint32_t *at)
{
	while (record->from + *at < record->to) {
		const struct tw_json_fact *fact = &record->line->facts[record->from + (*at)++];
		if (fact->serial == record->serial && fact->text.len) {
			return fact;
		}
	}
	return NULL;
}

static struct tw_slice value(const struct record *record, uint32_t slot)
{
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = fact_next(record, &at));) {
		if (fact->slot == slot) {
			return fact->text;
		}
	}
	return (struct tw_slice){"", 0};
}

static bool keep(const struct record *record, struct tw_slice *text)
{
	*text = tw_arena_copy(&record->stage->arena, *text);
	return text->ptr != NULL;
}

/* ---- entities ---- */

/* The caption where it is one of the names, else the first name in Latin letters, else the first there is; NULL: there is none. */
static const struct tw_json_fact *primary_find(const struct record *record)
{
	struct tw_slice caption = value(record, CAPTION);
	const struct tw_json_fact *first = NULL, *latin = NULL;
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = fact_next(record, &at));) {
		if (fact->slot < NAME || fact->slot > FORMER_NAME) {
			continue;
		}
		bool foreign = tw_list_is_foreign(fact->text);
		if (fact->slot == NAME && !foreign && tw_slice_equal(fact->text, caption)) {
			return fact;
		}
		latin = !latin && !foreign && fact->slot == NAME ? fact : latin;
		first = !first || fact->slot < first->slot ? fact : first;
	}
	return latin ? latin : first;
}

static enum tw_name_quality quality_of(const struct tw_json_fact *fact, bool primary)
{
	if (fact->slot == WEAK_ALIAS || fact->slot == FORMER_NAME) {
		return fact->slot == WEAK_ALIAS ? TW_NAME_WEAK : TW_NAME_FORMER;
	}
	return primary ? TW_NAME_PRIMARY : tw_list_is_foreign(fact->text) ? TW_NAME_ORIGINAL_SCRIPT : TW_NAME_STRONG;
}

static bool names_add(const struct record *record, uint32_t entry, const struct tw_json_fact *primary)
{
	bool fits = tw_list_stage_name(record->stage, entry, primary->text, quality_of(primary, true));
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; fits && (fact = fact_next(record, &at));) {
		if (fact->slot >= NAME && fact->slot <= FORMER_NAME && fact != primary) {
			fits = tw_list_stage_name(record->stage, entry, fact->text, quality_of(fact, false));
		}
	}
	return fits;
}

static bool number_add(const struct record *record, uint32_t entry, const struct tw_json_fact *fact, enum tw_entry_kind kind)
{
	struct tw_slice none = {"", 0}, text = fact->text;
	if (fact->slot == IMO) {
		bool prefixed = text.len > 3 && memcmp(text.ptr, "IMO", 3) == 0;
		text = prefixed ? tw_list_trim((struct tw_slice){text.ptr + 3, text.len - 3}) : text;
		const char *scheme = tw_list_imo_scheme(text, kind);
		scheme = scheme ? scheme : kind == TW_ENTRY_VESSEL ? "imo" : "imo_company"; /* the issuer says that it is one */
		return tw_list_stage_identifier(record->stage, entry, scheme, text, none);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].slot == fact->slot) {
			bool tail = kind == TW_ENTRY_AIRCRAFT && fact->slot == REGISTRATION;
			return tw_list_stage_identifier(record->stage, entry, tail ? "tail_number" : numbers[i].scheme, text, none);
		}
	}
	return true;
}

static bool link_push(const struct record *record, struct tw_slice from, struct tw_slice to, enum tw_list_relation relation)
{
	struct tw_ftm_link *link = tw_list_push(&record->stage->arena, &record->ftm->links, sizeof(*link));
	if (!link) {
		return false;
	}
	*link = (struct tw_ftm_link){from, to, relation, record->line->number};
	return keep(record, &link->from) && keep(record, &link->to);
}

static bool place_of_push(const struct record *record, struct tw_slice holder, struct tw_slice place)
{
	struct tw_ftm_place_of *wanted = tw_list_push(&record->stage->arena, &record->ftm->place_of, sizeof(*wanted));
	if (!wanted) {
		return false;
	}
	*wanted = (struct tw_ftm_place_of){holder, place, record->line->number};
	return keep(record, &wanted->holder) && keep(record, &wanted->place);
}

static bool birth_add(const struct record *record, uint32_t entry, struct tw_slice text)
{
	struct tw_list_date date;
	if (!tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, NULL)) {
		tw_list_stage_skip(record->stage, "a birth date that is no date", record->line->number, false);
	}
	return tw_list_stage_birth(record->stage, entry, date);
}

static bool fact_add(const struct record *record, uint32_t entry, const struct tw_json_fact *fact, enum tw_entry_kind kind)
{
	struct tw_slice none = {"", 0};
	switch (fact->slot) {
	case BIRTH:
		return birth_add(record, entry, fact->text);
	case NATION:
	case COUNTRY:
		return tw_list_stage_country(record->stage, entry, fact->text);
	case ADDRESS_TEXT:
		return tw_list_stage_address(record->stage, entry, &fact->text, 1, none, none);
	case ADDRESS_ID:
		return place_of_push(record, record->id, fact->text);
	case OWNER:
		return link_push(record, record->id, fact->text, TW_LINK_OWNED_BY);
	case OPERATOR:
		return link_push(record, record->id, fact->text, TW_LINK_OPERATED_BY);
	case PARENT:
		return link_push(record, record->id, fact->text, TW_LINK_SUBSIDIARY_OF);
	default:
		return number_add(record, entry, fact, kind);
	}
}

static bool entity_stage(const struct record *record, enum tw_entry_kind kind, const struct tw_json_fact *primary)
{
	struct tw_list_stage *stage = record->stage;
	struct tw_ftm_id *id = tw_list_push(&stage->arena, &record->ftm->ids, sizeof(*id));
	struct tw_slice programme = value(record, PROGRAM);
	if (!id || !keep(record, &programme) || !tw_list_stage_entry(stage, record->id, kind, record->line->number, &id->entry)) {
		return false;
	}
	uint32_t entry = id->entry, at = 0;
	tw_list_stage_entry_at(stage, entry)->programme = programme;
	id->id = tw_list_stage_entry_at(stage, entry)->id;
	bool fits = names_add(record, entry, primary);
	for (const struct tw_json_fact *fact; fits && (fact = fact_next(record, &at));) {
		fits = fact_add(record, entry, fact, kind);
	}
	tw_list_stage_count(stage, kind);
	return fits;
}

static bool entity_add(const struct record *record, enum tw_entry_kind kind)
{
	const struct tw_json_fact *primary = primary_find(record);
	if (tw_slice_is(value(record, TARGET), "false")) {
		tw_list_stage_skip(record->stage, "an entity that is no target", record->line->number, false);
		return true;
	}
	if (!primary) {
		tw_list_stage_skip(record->stage, "an entity without a name", record->line->number, true);
		return true;
	}
	return entity_stage(record, kind, primary);
}

/* ---- records about entities ---- */

static bool sanction_add(const struct record *record, struct tw_slice holder)
{
	struct tw_ftm_sanction *sanction = tw_list_push(&record->stage->arena, &record->ftm->sanctions, sizeof(*sanction));
	if (!sanction) {
		return false;
	}
	*sanction = (struct tw_ftm_sanction){.holder = holder, .programme = value(record, PROGRAM), .line = record->line->number};
	uint32_t at = 0;
	for (const struct tw_json_fact *fact; (fact = fact_next(record, &at));) {
		sanction->measures |= fact->slot == PROVISIONS ? tw_list_measures_in(fact->text) : 0;
	}
	struct tw_slice listed = value(record, LISTED);
	tw_list_date_read(listed.len ? listed : value(record, START), TW_DATE_DAY_FIRST, &sanction->listed_on, NULL);
	tw_list_date_read(value(record, END), TW_DATE_DAY_FIRST, &sanction->removed_on, NULL);
	return keep(record, &sanction->holder) && keep(record, &sanction->programme);
}

static bool begins(struct tw_slice text, const char *word)
{
	for (uint32_t i = 0; word[i]; i++) {
		if (i == text.len || (text.ptr[i] | 0x20) != word[i]) {
			return false;
		}
	}
	return true;
}

static bool document_add(const struct record *record, struct tw_slice holder, bool passport)
{
	struct tw_ftm_document *document = tw_list_push(&record->stage->arena, &record->ftm->documents, sizeof(*document));
	if (!document) {
		return false;
	}
	struct tw_slice number = value(record, NUMBER);
	*document = (struct tw_ftm_document){
	    .holder = holder,
	    .number = number.len ? number : value(record, PASSPORT),
	    .country = value(record, COUNTRY),
	    .scheme = passport || begins(value(record, TYPE), "passport") ? "passport" : "national_id",
	    .line = record->line->number,
	};
	return keep(record, &document->holder) && keep(record, &document->number) && keep(record, &document->country);
}

static bool place_add(const struct record *record)
{
	struct tw_ftm_place *place = tw_list_push(&record->stage->arena, &record->ftm->places, sizeof(*place));
	if (!place) {
		return false;
	}
	*place = (struct tw_ftm_place){.id = record->id, .full = value(record, FULL), .city = value(record, CITY), .country = value(record, COUNTRY)};
	bool fits = keep(record, &place->id) && keep(record, &place->full) && keep(record, &place->city) && keep(record, &place->country);
	for (uint32_t i = 0; fits && i < TW_FTM_PARTS; i++) {
		place->part[i] = value(record, BOX + i);
		fits = keep(record, &place->part[i]);
	}
	return fits && (record->holder.len == 0 || place_of_push(record, record->holder, record->id));
}

static bool relation_add(const struct record *record, const struct relation *relation)
{
	struct tw_slice from = value(record, relation->from), to = value(record, relation->to);
	from = from.len ? from : record->holder;
	to = to.len ? to : record->holder;
	if (from.len == 0 || to.len == 0) {
		tw_list_stage_skip(record->stage, "a relation without one of its ends", record->line->number, false);
		return true;
	}
	bool fits = link_push(record, from, to, relation->relation);
	return fits && (!relation->both_ways || link_push(record, to, from, relation->relation));
}

/* An entity inside another: its parent, owner or operator; any other one is there to be read. */
static bool nested_entity_add(const struct record *record)
{
	struct tw_slice via = value(record, VIA);
	enum tw_list_relation relation = tw_slice_is(via, "parent")     ? TW_LINK_SUBSIDIARY_OF
	                                 : tw_slice_is(via, "owner")    ? TW_LINK_OWNED_BY
	                                 : tw_slice_is(via, "operator") ? TW_LINK_OPERATED_BY
	                                                                : TW_LINK_OTHER;
	if (relation == TW_LINK_OTHER) {
		tw_list_stage_skip(record->stage, "an entity inside another one", record->line->number, false);
		return true;
	}
	return link_push(record, record->holder, record->id, relation);
}

static bool other_add(const struct record *record, struct tw_slice schema)
{
	struct tw_slice holder = value(record, HOLDER);
	holder = holder.len ? holder : record->holder;
	bool passport = tw_slice_is(schema, "Passport");
	if (tw_slice_is(schema, "Address")) {
		return place_add(record);
	}
	if (tw_slice_is(schema, "Sanction")) {
		return sanction_add(record, holder);
	}
	if (passport || tw_slice_is(schema, "Identification")) {
		return document_add(record, holder, passport);
	}
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		if (tw_slice_is(schema, relations[i].schema)) {
			return relation_add(record, &relations[i]);
		}
	}
	tw_list_stage_skip(record->stage, "a record of a schema that nothing is screened by", record->line->number, false);
	return true;
}

static bool record_add(struct record *record)
{
	struct tw_slice schema = value(record, SCHEMA);
	record->id = value(record, ID);
	if (record->id.len == 0 || schema.len == 0) {
		tw_list_stage_skip(record->stage, "an entity without id or schema", record->line->number, record->serial == 0);
		return true;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (tw_slice_is(schema, kinds[i].schema)) {
			return record->serial ? nested_entity_add(record) : entity_add(record, kinds[i].kind);
		}
	}
	return other_add(record, schema);
}

static bool line_add(const struct tw_json_line *line)
{
	struct record record = {.line = line, .stage = line->stage, .ftm = line->user, .to = line->fact_count};
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
