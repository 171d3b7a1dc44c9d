/**
 * @file eu_json.c
 * The EU consolidated list of financial sanctions, one entity a line: the fields of the XML 1.1 under its names in snake case; and the
 * vessels of Annex XLII, which have no more than a name, a number and a day.
 *
 * The issuer marks no name as the primary one: the first strong name in Latin letters is. A name in another script is the original.
 *
 * Source: European Commission, consolidated list of persons, groups and entities subject to EU financial sanctions, XML 1.1; Regulation
 *         (EU) 833/2014, Annex XLII (vessels). The codes are those of the file of 2026-03-15.
 */
#include "feeds/list_date.h"
#include "feeds/list_json.h"
#include "feeds/list_text.h"

enum group { ENTRY, NAME, CITIZENSHIP, BIRTH, ADDRESS, DOCUMENT };

enum slot {
	ID = 1,
	KIND,
	PROGRAMME,
	IN_FORCE,
	PUBLISHED,
	VESSEL_NAME,
	VESSEL_IMO,
	APPLIES,
	WHOLE_NAME,
	FIRST_NAME,
	MIDDLE_NAME,
	LAST_NAME,
	STRONG,
	COUNTRY,
	BIRTHDATE,
	CIRCA,
	CALENDAR,
	YEAR,
	MONTH,
	DAY,
	STREET,
	BOX,
	CITY,
	ZIP,
	REGION,
	PLACE,
	DOCUMENT_TYPE,
	DOCUMENT_NUMBER,
};

#define IN(group) (1U << (group))

static const struct tw_json_field fields[] = {
    {IN(ENTRY), ID, "eu_reference_number"},
    {IN(ENTRY), KIND, "subject_type.code"},
    {IN(ENTRY), PROGRAMME, "regulations[].programme"},
    {IN(ENTRY), IN_FORCE, "regulations[].entry_into_force_date"},
    {IN(ENTRY), PUBLISHED, "regulations[].publication_date"},
    {IN(ENTRY), VESSEL_NAME, "vessel_name"},
    {IN(ENTRY), VESSEL_IMO, "imo_number"},
    {IN(ENTRY), APPLIES, "date_of_application"},
    {IN(NAME), WHOLE_NAME, "whole_name"},
    {IN(NAME), FIRST_NAME, "first_name"},
    {IN(NAME), MIDDLE_NAME, "middle_name"},
    {IN(NAME), LAST_NAME, "last_name"},
    {IN(NAME), STRONG, "strong"},
    {IN(NAME), PUBLISHED, "regulation_summaries[].publication_date"},
    {IN(CITIZENSHIP) | IN(ADDRESS) | IN(DOCUMENT), COUNTRY, "country_iso2_code"},
    {IN(BIRTH), BIRTHDATE, "birthdate"},
    {IN(BIRTH), CIRCA, "circa"},
    {IN(BIRTH), CALENDAR, "calendar_type"},
    {IN(BIRTH), YEAR, "year"},
    {IN(BIRTH), MONTH, "month_of_year"},
    {IN(BIRTH), DAY, "day_of_month"},
    {IN(ADDRESS), STREET, "street"},
    {IN(ADDRESS), BOX, "po_box"},
    {IN(ADDRESS), CITY, "city"},
    {IN(ADDRESS), ZIP, "zip_code"},
    {IN(ADDRESS), REGION, "region"},
    {IN(ADDRESS), PLACE, "place"},
    {IN(DOCUMENT), DOCUMENT_TYPE, "identification_type_code"},
    {IN(DOCUMENT), DOCUMENT_NUMBER, "number"},
};

static const struct tw_json_group groups[] = {
    {NAME, 0, "name_aliases[]"}, {CITIZENSHIP, 0, "citizenships[]"}, {BIRTH, 0, "birthdates[]"},
    {ADDRESS, 0, "addresses[]"}, {DOCUMENT, 0, "identifications[]"},
};

/* {NULL, 0} without memory */
static struct tw_slice name_text(struct tw_list_stage *stage, const struct tw_json_object *name)
{
	const struct tw_slice *slot = name->slot;
	if (slot[WHOLE_NAME].len) {
		return slot[WHOLE_NAME];
	}
	struct tw_slice joined = tw_arena_format(&stage->scratch, "%.*s %.*s %.*s", (int)slot[FIRST_NAME].len, slot[FIRST_NAME].ptr,
	                                         (int)slot[MIDDLE_NAME].len, slot[MIDDLE_NAME].ptr, (int)slot[LAST_NAME].len, slot[LAST_NAME].ptr);
	return joined.ptr ? tw_list_trim(joined) : joined;
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

static bool is_weak(const struct tw_json_object *name)
{
	return tw_slice_is(name->slot[STRONG], "false");
}

/* The serial of the name that stands for the entry; 0: there is none. */
static uint32_t primary_find(const struct tw_json_line *line, bool *fits)
{
	struct tw_json_object name;
	uint32_t first = 0, latin = 0;
	*fits = true;
	for (uint32_t at = 0; *fits && name_next(line, &at, &name);) {
		struct tw_slice text = name_text(line->stage, &name);
		*fits = text.ptr != NULL;
		bool is_latin = text.len && !tw_list_is_foreign(text);
		if (is_latin && !is_weak(&name)) {
			return name.serial;
		}
		latin = is_latin && !latin ? name.serial : latin;
		first = text.len && !first ? name.serial : first;
	}
	return latin ? latin : first;
}

static bool name_add(struct tw_list_stage *stage, uint32_t entry, const struct tw_json_object *name, bool primary)
{
	struct tw_slice text = name_text(stage, name);
	if (!text.ptr) {
		return false;
	}
	stage->report.blank_names += text.len == 0;
	return tw_list_stage_names(stage, entry, text,
	                           is_weak(name)              ? TW_NAME_WEAK
	                           : primary                  ? TW_NAME_PRIMARY
	                           : tw_list_is_foreign(text) ? TW_NAME_ORIGINAL_SCRIPT
	                                                      : TW_NAME_STRONG);
}

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

/* "birthdate" is the whole date in our calendar even where the parts beside it are of another one; the parts alone are years, mostly. */
static bool birth_add(const struct tw_json_line *line, uint32_t entry, const struct tw_slice *slot)
{
	struct tw_list_date date;
	bool gregorian = slot[CALENDAR].len == 0 || tw_slice_is(slot[CALENDAR], "GREGORIAN");
	struct tw_slice text = slot[BIRTHDATE];
	if (text.len == 0 && !gregorian) {
		tw_list_stage_skip(line->stage, "a birth date of another calendar", line->number, false);
		return true;
	}
	if (text.len == 0 && slot[YEAR].len) {
		text = tw_arena_format(&line->stage->scratch, "%.*s%s%.*s%s%.*s", (int)slot[YEAR].len, slot[YEAR].ptr, slot[MONTH].len ? "-" : "",
		                       (int)slot[MONTH].len, slot[MONTH].ptr, slot[MONTH].len && slot[DAY].len ? "-" : "",
		                       slot[MONTH].len ? (int)slot[DAY].len : 0, slot[DAY].ptr);
	}
	if (!text.ptr) {
		return false;
	}
	if (!tw_list_date_read(text, TW_DATE_DAY_FIRST, &date, NULL) && text.len) {
		tw_list_stage_skip(line->stage, "a birth date that is no date", line->number, false);
	}
	date.circa = date.circa || tw_slice_is(slot[CIRCA], "true");
	return tw_list_stage_birth(line->stage, entry, date);
}

static const char *document_scheme(struct tw_slice code, struct tw_slice number, enum tw_entry_kind kind)
{
	const char *known = tw_eu_document_scheme(code, kind);
	if (known) {
		return known;
	}
	if (tw_slice_is(code, "imo")) {
		const char *scheme = tw_list_imo_scheme(number, kind);
		return scheme ? scheme : kind == TW_ENTRY_VESSEL ? "imo" : "imo_company"; /* the issuer says that it is one */
	}
	return NULL;
}

static bool starts(struct tw_slice text, const char *word)
{
	size_t length = strlen(word);
	return text.len > length && memcmp(text.ptr, word, length) == 0;
}

/* "00" is what the issuer writes for none. */
static struct tw_slice country_of(const struct tw_slice *slot)
{
	return tw_slice_is(slot[COUNTRY], "00") ? (struct tw_slice){"", 0} : slot[COUNTRY];
}

/* "ИНН 7717653542" is a tax number, "КПП 771701001" the code of a tax office. */
static bool document_add(const struct tw_json_line *line, uint32_t entry, const struct tw_slice *slot, enum tw_entry_kind kind)
{
	struct tw_slice number = slot[DOCUMENT_NUMBER];
	const char *scheme = document_scheme(slot[DOCUMENT_TYPE], number, kind);
	if (number.len && (!scheme || starts(number, "КПП"))) {
		tw_list_stage_skip(line->stage, "an identification of a kind that nothing is screened by", line->number, false);
		return true;
	}
	if (starts(number, "ИНН ")) {
		uint32_t prefix = (uint32_t)strlen("ИНН ");
		return tw_list_stage_identifier(line->stage, entry, "tax", (struct tw_slice){number.ptr + prefix, number.len - prefix},
		                                country_of(slot));
	}
	struct tw_slice digits = tw_list_number_in(number);
	return tw_list_stage_identifier(line->stage, entry, scheme ? scheme : "", digits.len ? digits : number, country_of(slot));
}

static bool object_add(const struct tw_json_line *line, uint32_t entry, const struct tw_json_object *object, enum tw_entry_kind kind)
{
	const struct tw_slice *slot = object->slot;
	const struct tw_slice parts[] = {slot[STREET], slot[BOX], slot[PLACE], slot[ZIP], slot[CITY], slot[REGION]};
	switch ((enum group)object->group) {
	case CITIZENSHIP:
		return tw_list_stage_country(line->stage, entry, country_of(slot));
	case BIRTH:
		return birth_add(line, entry, slot);
	case ADDRESS:
		return tw_list_stage_address(line->stage, entry, parts, sizeof(parts) / sizeof(parts[0]), slot[CITY], country_of(slot));
	case DOCUMENT:
		return document_add(line, entry, slot, kind);
	case ENTRY:
	case NAME:
		break;
	}
	return true;
}

/* The entry's own regulation is the one that changed it last: where a name of it was published before, it was listed by then. */
static struct tw_list_date listed_on(const struct tw_json_line *line)
{
	struct tw_list_date listed, published, first = {0};
	if (!tw_list_date_read(tw_json_value(line, APPLIES), TW_DATE_DAY_FIRST, &listed, NULL)) {
		tw_list_date_read(tw_json_value(line, IN_FORCE), TW_DATE_DAY_FIRST, &listed, NULL);
	}
	for (uint32_t i = 0; i < line->fact_count; i++) {
		if (line->facts[i].slot == PUBLISHED && tw_list_date_read(line->facts[i].text, TW_DATE_DAY_FIRST, &published, NULL)) {
			first = first.year == 0 || tw_list_date_compare(published, first) < 0 ? published : first;
		}
	}
	tw_list_date_read(tw_json_value(line, PUBLISHED), TW_DATE_DAY_FIRST, &published, NULL);
	return first.year && (listed.year == 0 || tw_list_date_compare(first, published) < 0) ? first : listed;
}

static bool entry_add(const struct tw_json_line *line, struct tw_slice id, enum tw_entry_kind kind, uint32_t primary)
{
	struct tw_list_stage *stage = line->stage;
	uint32_t at = 0, next = 0;
	struct tw_slice programme = tw_arena_copy(&stage->arena, tw_json_value(line, PROGRAMME)), none = {"", 0};
	if (!programme.ptr || !tw_list_stage_entry(stage, id, kind, line->number, &at)) {
		return false;
	}
	tw_list_stage_entry_at(stage, at)->programme = programme;
	tw_list_stage_entry_at(stage, at)->listed_on = listed_on(line);
	bool fits = primary ? names_add(line, at, primary) : tw_list_stage_names(stage, at, tw_json_value(line, VESSEL_NAME), TW_NAME_PRIMARY);
	fits = fits && (kind != TW_ENTRY_VESSEL || tw_list_stage_identifier(stage, at, "imo", tw_json_value(line, VESSEL_IMO), none));
	struct tw_json_object object;
	while (fits && tw_json_object_next(line, &next, &object)) {
		fits = object_add(line, at, &object, kind);
	}
	tw_list_stage_count(stage, kind);
	return fits;
}

static enum tw_entry_kind kind_of(const struct tw_json_line *line)
{
	struct tw_slice code = tw_json_value(line, KIND);
	bool vessel = code.len == 0 && tw_json_value(line, VESSEL_IMO).len;
	return vessel                            ? TW_ENTRY_VESSEL
	       : tw_slice_is(code, "person")     ? TW_ENTRY_PERSON
	       : tw_slice_is(code, "enterprise") ? TW_ENTRY_ORGANISATION
	                                         : TW_ENTRY_UNKNOWN;
}

static bool line_add(const struct tw_json_line *line)
{
	enum tw_entry_kind kind = kind_of(line);
	bool fits;
	uint32_t primary = primary_find(line, &fits);
	/* a vessel has no reference but its number */
	struct tw_slice id = tw_json_value(line, kind == TW_ENTRY_VESSEL ? VESSEL_IMO : ID);
	const char *unread = id.len == 0                                                     ? "an entry without eu_reference_number"
	                     : kind == TW_ENTRY_UNKNOWN                                      ? "an entry of no known kind"
	                     : fits && !primary && tw_json_value(line, VESSEL_NAME).len == 0 ? "an entry without a name"
	                                                                                     : NULL;
	if (unread) {
		tw_list_stage_skip(line->stage, unread, line->number, true);
		return true;
	}
	return fits && entry_add(line, id, kind, primary);
}

enum tw_code tw_eu_json_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	static const struct tw_json_map map = {fields, sizeof(fields) / sizeof(fields[0]), groups, sizeof(groups) / sizeof(groups[0]), line_add};
	return tw_json_lines_load(stage, &files[0], &map, NULL, err);
}
