/**
 * @file uk_json.c
 * The UK Sanctions List, one designation a line: the fields of the list's own XML under its names in snake case.
 *
 * Names stand in parts, name1 to name5 before name6 (the family name, or all of an organisation's or ship's). A ship's IMO number stands in
 * the reasons alone: it is taken where that text states exactly one.
 *
 * Source: FCDO, UK Sanctions List, format guide (names, name types, alias strength); the fields are those of the file of 2026-08-22.
 */
#include "feeds/list_date.h"
#include "feeds/list_json.h"
#include "feeds/list_text.h"

enum group { ENTRY, NAME, SCRIPT_NAME, ADDRESS };

enum slot {
	ID = 1,
	KIND,
	REGIME,
	DESIGNATED,
	IMPOSED,
	INFORMATION,
	REASONS,
	NAME_1, /* in the order in which they are spoken */
	NAME_2,
	NAME_3,
	NAME_4,
	NAME_5,
	NAME_6,
	NAME_TYPE,
	ALIAS_STRENGTH,
	SCRIPT_TEXT,
	LINE_1,
	LINE_2,
	LINE_3,
	LINE_4,
	LINE_5,
	LINE_6,
	POSTCODE,
	COUNTRY,
	ARMS, /* indicators */
	FREEZE,
	TRAVEL,
	SHIPS,
	OTHER_MEASURE,
};

#define IN(group)        (1U << (group))
#define INDICATED(field) "sanctions_imposed_indicators." field

static const struct tw_json_field fields[] = {
    {IN(ENTRY), ID, "unique_id"},
    {IN(ENTRY), KIND, "individual_entity_ship"},
    {IN(ENTRY), REGIME, "regime_name"},
    {IN(ENTRY), DESIGNATED, "date_designated"},
    {IN(ENTRY), IMPOSED, "sanctions_imposed"},
    {IN(ENTRY), INFORMATION, "other_information"},
    {IN(ENTRY), REASONS, "uk_statement_of_reasons"},
    {IN(NAME), NAME_1, "name1"},
    {IN(NAME), NAME_2, "name2"},
    {IN(NAME), NAME_3, "name3"},
    {IN(NAME), NAME_4, "name4"},
    {IN(NAME), NAME_5, "name5"},
    {IN(NAME), NAME_6, "name6"},
    {IN(NAME), NAME_TYPE, "name_type"},
    {IN(NAME), ALIAS_STRENGTH, "alias_strength"},
    {IN(SCRIPT_NAME), SCRIPT_TEXT, "name_non_latin_script"},
    {IN(ADDRESS), LINE_1, "address_line1"},
    {IN(ADDRESS), LINE_2, "address_line2"},
    {IN(ADDRESS), LINE_3, "address_line3"},
    {IN(ADDRESS), LINE_4, "address_line4"},
    {IN(ADDRESS), LINE_5, "address_line5"},
    {IN(ADDRESS), LINE_6, "address_line6"},
    {IN(ADDRESS), POSTCODE, "address_postal_code"},
    {IN(ADDRESS), COUNTRY, "address_country"},
    {IN(ENTRY), ARMS, INDICATED("arms_embargo")},
    {IN(ENTRY), ARMS, INDICATED("targeted_arms_embargo")},
    {IN(ENTRY), FREEZE, INDICATED("asset_freeze")},
    {IN(ENTRY), TRAVEL, INDICATED("travel_ban")},
    {IN(ENTRY), SHIPS, INDICATED("chartering_of_ships")},
    {IN(ENTRY), SHIPS, INDICATED("crew_servicing_of_ships_and_aircraft")},
    {IN(ENTRY), SHIPS, INDICATED("prevention_of_chartering_of_ships_and_aircraft")},
    {IN(ENTRY), SHIPS, INDICATED("deflag")},
    {IN(ENTRY), OTHER_MEASURE, INDICATED("technical_assistance_related_to_aircraft")},
    {IN(ENTRY), OTHER_MEASURE, INDICATED("trust_services_sanctions")},
    {IN(ENTRY), OTHER_MEASURE, INDICATED("prevention_of_business_arrangements")},
    {IN(ENTRY), OTHER_MEASURE, INDICATED("closure_of_representative_offices")},
    {IN(ENTRY), OTHER_MEASURE, INDICATED("director_disqualification_sanction")},
};

static const struct tw_json_group groups[] = {
    {NAME, 0, "names.names[]"},
    {SCRIPT_NAME, 0, "non_latin_names.names[]"},
    {ADDRESS, 0, "addresses.addresses[]"},
};

static bool kind_read(struct tw_slice text, enum tw_entry_kind *kind)
{
	*kind = tw_slice_is(text, "Individual") ? TW_ENTRY_PERSON
	        : tw_slice_is(text, "Entity")   ? TW_ENTRY_ORGANISATION
	        : tw_slice_is(text, "Ship")     ? TW_ENTRY_VESSEL
	                                        : TW_ENTRY_UNKNOWN;
	return *kind != TW_ENTRY_UNKNOWN;
}

/* Parts with a space between them, in the stage's scratch; {NULL, 0} without memory. */
static struct tw_slice name_joined(struct tw_list_stage *stage, const struct tw_json_object *name)
{
	struct tw_slice joined = tw_arena_format(&stage->scratch, "%s", "");
	for (uint32_t i = NAME_1; joined.ptr && i <= NAME_6; i++) {
		joined =
		    name->slot[i].len ? tw_arena_format(&stage->scratch, "%s %.*s", joined.ptr, (int)name->slot[i].len, name->slot[i].ptr) : joined;
	}
	return joined;
}

static bool begins(struct tw_slice text, const char *word)
{
	for (uint32_t i = 0; word[i]; i++) {
		if (i == text.len || (text.ptr[i] | 0x20) != (word[i] | 0x20)) {
			return false;
		}
	}
	return true;
}

/* The issuer writes "Primary Name" and "Primary name", "Alias" and "ALias". */
static bool is_primary(const struct tw_json_object *name)
{
	return begins(name->slot[NAME_TYPE], "primary name") && name->slot[NAME_TYPE].len == strlen("primary name");
}

static bool name_next(const struct tw_json_line *line, uint32_t *at, struct tw_json_object *name)
{
	while (tw_json_object_next(line, at, name)) {
		if (name->group == NAME) {
			return true;
		}
	}
	return false;
}

/* Which name stands for the entry: the first primary one that is not blank, else the first that is not; serial 0: none. */
static uint32_t primary_find(const struct tw_json_line *line, bool *fits)
{
	struct tw_json_object name;
	uint32_t first = 0;
	*fits = true;
	for (uint32_t at = 0; *fits && name_next(line, &at, &name);) {
		struct tw_slice text = name_joined(line->stage, &name);
		*fits = text.ptr != NULL;
		if (text.len && is_primary(&name)) {
			return name.serial;
		}
		first = text.len && !first ? name.serial : first;
	}
	return first;
}

static bool name_add(struct tw_list_stage *stage, uint32_t entry, const struct tw_json_object *name, bool primary)
{
	struct tw_slice text = name_joined(stage, name);
	if (!text.ptr) {
		return false;
	}
	if (text.len == 0) {
		stage->report.blank_names++;
		return true;
	}
	struct tw_slice number; /* imo_add asks the whole line */
	text = tw_list_stage_entry_at(stage, entry)->kind == TW_ENTRY_VESSEL ? tw_list_ship_name(text, &number) : text;
	bool weak = begins(name->slot[ALIAS_STRENGTH], "low");
	return tw_list_stage_names(stage, entry, text, weak ? TW_NAME_WEAK : primary ? TW_NAME_PRIMARY : TW_NAME_STRONG);
}

/* The primary name first, the others as they stand. */
static bool names_add(const struct tw_json_line *line, uint32_t entry, uint32_t primary)
{
	struct tw_json_object name;
	bool fits = true;
	for (uint32_t pass = 0; pass < 2; pass++) {
		for (uint32_t at = 0; fits && name_next(line, &at, &name);) {
			bool is = name.serial == primary;
			fits = is != (pass == 0) || name_add(line->stage, entry, &name, is);
		}
	}
	return fits;
}

static bool object_add(struct tw_list_stage *stage, uint32_t entry, const struct tw_json_object *object)
{
	const struct tw_slice *slot = object->slot;
	if (object->group == SCRIPT_NAME) {
		return tw_list_stage_names(stage, entry, slot[SCRIPT_TEXT], TW_NAME_ORIGINAL_SCRIPT);
	}
	if (object->group == ADDRESS) {
		/* the town has no line of its own: the sixth holds it, or a province */
		const struct tw_slice parts[] = {slot[LINE_1], slot[LINE_2], slot[LINE_3], slot[LINE_4], slot[LINE_5], slot[LINE_6], slot[POSTCODE]};
		return tw_list_stage_address(stage, entry, parts, sizeof(parts) / sizeof(parts[0]), (struct tw_slice){"", 0}, slot[COUNTRY]);
	}
	return true;
}

static uint32_t measures_of(const struct tw_json_line *line)
{
	uint32_t measures = tw_list_measures_in(tw_json_value(line, IMPOSED));
	for (uint32_t i = 0; i < line->fact_count; i++) {
		if (!tw_slice_is(line->facts[i].text, "true")) {
			continue;
		}
		uint32_t slot = line->facts[i].slot;
		measures |= slot == ARMS            ? TW_MEASURE_ARMS_EMBARGO
		            : slot == FREEZE        ? TW_MEASURE_ASSET_FREEZE
		            : slot == TRAVEL        ? TW_MEASURE_TRAVEL_BAN
		            : slot == SHIPS         ? TW_MEASURE_SHIPPING
		            : slot == OTHER_MEASURE ? TW_MEASURE_OTHER
		                                    : 0U;
	}
	return measures;
}

/* The one IMO number that the texts about a ship state. Two different ones: another ship is spoken of, and neither is taken. */
static bool imo_add(const struct tw_json_line *line, uint32_t entry)
{
	struct tw_slice only = {"", 0};
	for (uint32_t i = 0; i < line->fact_count; i++) {
		uint32_t slot = line->facts[i].slot, at = 0;
		if (slot != REASONS && slot != INFORMATION && slot != NAME_6) {
			continue;
		}
		for (struct tw_slice number; (number = tw_list_imo_next(line->facts[i].text, &at)).len;) {
			if (only.len && !tw_slice_equal(only, number)) {
				tw_list_stage_skip(line->stage, "an IMO number beside that of another ship", line->number, false);
				return true;
			}
			only = number;
		}
	}
	if (only.len && !tw_list_imo_scheme(only, TW_ENTRY_VESSEL)) {
		tw_list_stage_skip(line->stage, "an IMO number whose check digit is wrong", line->number, false);
		return true;
	}
	return tw_list_stage_identifier(line->stage, entry, "imo", only, (struct tw_slice){"", 0});
}

static bool entry_add(const struct tw_json_line *line, enum tw_entry_kind kind, uint32_t primary)
{
	struct tw_list_stage *stage = line->stage;
	uint32_t at = 0, next = 0;
	struct tw_slice programme = tw_arena_copy(&stage->arena, tw_json_value(line, REGIME));
	if (!programme.ptr || !tw_list_stage_entry(stage, tw_json_value(line, ID), kind, line->number, &at)) {
		return false;
	}
	struct tw_stage_entry *entry = tw_list_stage_entry_at(stage, at);
	entry->programme = programme;
	entry->measures = measures_of(line);
	tw_list_date_read(tw_json_value(line, DESIGNATED), TW_DATE_DAY_FIRST, &entry->listed_on, NULL);
	struct tw_json_object object;
	bool fits = names_add(line, at, primary) && (kind != TW_ENTRY_VESSEL || imo_add(line, at));
	while (fits && tw_json_object_next(line, &next, &object)) {
		fits = object_add(stage, at, &object);
	}
	tw_list_stage_count(stage, kind);
	return fits;
}

static bool line_add(const struct tw_json_line *line)
{
	enum tw_entry_kind kind;
	bool fits;
	uint32_t primary = primary_find(line, &fits);
	const char *unread = tw_json_value(line, ID).len == 0               ? "an entry without unique_id"
	                     : !kind_read(tw_json_value(line, KIND), &kind) ? "an entry of no known kind"
	                     : fits && !primary                             ? "an entry without a name"
	                                                                    : NULL;
	if (unread) {
		tw_list_stage_skip(line->stage, unread, line->number, true);
		return true;
	}
	return fits && entry_add(line, kind, primary);
}

enum tw_code tw_uk_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_json_map map = {fields, sizeof(fields) / sizeof(fields[0]), groups, sizeof(groups) / sizeof(groups[0]), line_add};
	return tw_json_lines_load(stage, &files[0], &map, NULL, err);
}
