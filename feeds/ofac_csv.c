/**
 * @file ofac_csv.c
 * OFAC's Specially Designated Nationals: three files without headers, joined by the entity number.
 *
 *     sdn.csv  ent_num, SDN_Name, SDN_Type, Program, Title, Call_Sign, Vess_type, Tonnage, GRT, Vess_flag, Vess_owner, Remarks
 *     alt.csv  ent_num, alt_num, alt_type (aka fka nka), alt_name, remarks
 *     add.csv  ent_num, add_num, address, city, country, remarks
 *
 * `-0-` is null. A row with another number of columns refuses the list: one lost comma moves a name into a type. A row of alt or add
 * whose entity is not in sdn is an orphan: counted, not believed, and no reason to refuse, since the three files are downloaded apart.
 *
 * Source: US Treasury, OFAC, SDN list data formats and specification (dat_spec).
 */
#include <stdlib.h>

#include <tidewaiter/limits.h>

#include "feeds/csv.h"
#include "feeds/list_loader.h"
#include "feeds/list_text.h"

enum sdn_column { SDN_NUMBER, SDN_NAME, SDN_TYPE, SDN_PROGRAM, SDN_TITLE, SDN_CALL_SIGN, SDN_FLAG = 9, SDN_REMARKS = 11, SDN_COLUMNS };
enum alt_column { ALT_ENTITY, ALT_TYPE = 2, ALT_NAME, ALT_COLUMNS = 5 };
enum add_column { ADD_ENTITY, ADD_ADDRESS = 2, ADD_CITY, ADD_COUNTRY, ADD_COLUMNS = 6 };

/* An entity number and its entry: the join's key, sorted once. */
struct join {
	uint64_t number;
	uint32_t entry;
};

struct reader {
	struct tw_list_stage *stage;
	struct tw_list joins; /* struct join */
	struct tw_csv csv;
	uint32_t measures; /* of every entry */
};

static struct tw_slice value_of(const struct tw_csv *csv, uint32_t column)
{
	struct tw_slice value = tw_list_trim(csv->field[column]);
	return tw_slice_is(value, "-0-") ? (struct tw_slice){"", 0} : value;
}

static enum tw_code no_room(const struct reader *reader, struct tw_error *err)
{
	const char *limit = reader->stage->limit;
	return tw_csv_fail(&reader->csv, limit ? TW_E_LIMIT : TW_E_MEMORY, limit ? limit : "no memory for the list", (struct tw_slice){"", 0}, err);
}

static enum tw_code read_number(const struct tw_csv *csv, uint64_t *number, struct tw_error *err)
{
	struct tw_slice text = value_of(csv, 0);
	*number = 0;
	for (uint32_t i = 0; i < text.len && i < 18; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9') {
			return tw_csv_fail(csv, TW_E_SYNTAX, "not an entity number", text, err);
		}
		*number = *number * 10 + (uint64_t)(text.ptr[i] - '0');
	}
	return text.len && text.len <= 18 ? TW_OK : tw_csv_fail(csv, TW_E_SYNTAX, "not an entity number", text, err);
}

static enum tw_entry_kind kind_of(struct tw_slice type)
{
	if (type.len == 0) {
		return TW_ENTRY_ORGANISATION;
	}
	return tw_slice_is(type, "individual") ? TW_ENTRY_PERSON
	       : tw_slice_is(type, "vessel")   ? TW_ENTRY_VESSEL
	       : tw_slice_is(type, "aircraft") ? TW_ENTRY_AIRCRAFT
	                                       : TW_ENTRY_UNKNOWN;
}

/* "SDGT] [IFSR" -> "SDGT; IFSR", as its XML has them. Source: US Treasury, OFAC, sdn.csv of 2019 and 2024. */
static struct tw_slice programmes(struct tw_arena *arena, struct tw_slice field)
{
	static const char between[] = "] [";
	char *out = tw_arena_alloc_raw(arena, (size_t)field.len + 1);
	uint32_t len = 0;
	for (uint32_t i = 0; out && i < field.len;) {
		if (field.len - i >= strlen(between) && memcmp(field.ptr + i, between, strlen(between)) == 0) {
			out[len++] = ';';
			out[len++] = ' ';
			i += (uint32_t)strlen(between);
		} else {
			out[len++] = field.ptr[i++];
		}
	}
	return (struct tw_slice){out, len};
}

static bool fill_entry(struct reader *reader, uint32_t entry)
{
	struct tw_list_stage *stage = reader->stage;
	const struct tw_csv *csv = &reader->csv;
	struct tw_slice programme = programmes(&stage->arena, value_of(csv, SDN_PROGRAM));
	tw_list_stage_entry_at(stage, entry)->programme = programme;
	tw_list_stage_entry_at(stage, entry)->measures = reader->measures;
	return programme.ptr && tw_list_stage_name(stage, entry, value_of(csv, SDN_NAME), TW_NAME_PRIMARY) &&
	       tw_list_stage_identifier(stage, entry, "call_sign", value_of(csv, SDN_CALL_SIGN), (struct tw_slice){"", 0}) &&
	       tw_list_stage_country(stage, entry, value_of(csv, SDN_FLAG)) && tw_ofac_remarks(stage, entry, value_of(csv, SDN_REMARKS));
}

static enum tw_code read_entry(struct reader *reader, struct tw_error *err)
{
	uint64_t number;
	enum tw_code code = read_number(&reader->csv, &number, err);
	if (code != TW_OK) {
		return code;
	}
	if (value_of(&reader->csv, SDN_NAME).len == 0) {
		return tw_csv_fail(&reader->csv, TW_E_MISSING, "an entry without a name", reader->csv.field[SDN_NUMBER], err);
	}
	enum tw_entry_kind kind = kind_of(value_of(&reader->csv, SDN_TYPE));
	uint32_t entry;
	struct join *join = tw_list_push(&reader->stage->arena, &reader->joins, sizeof(*join));
	if (!join || !tw_list_stage_entry(reader->stage, value_of(&reader->csv, SDN_NUMBER), kind, reader->csv.line, &entry) ||
	    !fill_entry(reader, entry)) {
		return no_room(reader, err);
	}
	*join = (struct join){number, entry};
	tw_list_stage_count(reader->stage, kind);
	return TW_OK;
}

static int join_compare(const void *a, const void *b)
{
	uint64_t left = ((const struct join *)a)->number, right = ((const struct join *)b)->number;
	return (left > right) - (left < right);
}

/* The entry that the row belongs to; an orphan is counted and `*found` is false. */
static enum tw_code find_entry(struct reader *reader, uint32_t *entry, bool *found, struct tw_error *err)
{
	struct join wanted = {0};
	enum tw_code code = read_number(&reader->csv, &wanted.number, err);
	if (code != TW_OK) {
		return code;
	}
	const struct join *join =
	    reader->joins.count ? bsearch(&wanted, reader->joins.data, reader->joins.count, sizeof(wanted), join_compare) : NULL;
	*found = join != NULL;
	*entry = join ? join->entry : 0;
	reader->stage->report.orphans += !join;
	return TW_OK;
}

static enum tw_code read_alias(struct reader *reader, struct tw_error *err)
{
	uint32_t entry;
	bool found;
	enum tw_code code = find_entry(reader, &entry, &found, err);
	if (code != TW_OK || !found) {
		return code;
	}
	struct tw_slice name = value_of(&reader->csv, ALT_NAME);
	reader->stage->report.blank_names += name.len == 0;
	bool former = tw_slice_is(value_of(&reader->csv, ALT_TYPE), "fka");
	bool fits = tw_list_stage_name(reader->stage, entry, name, former ? TW_NAME_FORMER : TW_NAME_STRONG);
	return fits ? TW_OK : no_room(reader, err);
}

static enum tw_code read_address(struct reader *reader, struct tw_error *err)
{
	uint32_t entry;
	bool found;
	enum tw_code code = find_entry(reader, &entry, &found, err);
	if (code != TW_OK || !found) {
		return code;
	}
	const struct tw_csv *csv = &reader->csv;
	struct tw_slice street = value_of(csv, ADD_ADDRESS);
	bool fits = tw_list_stage_address(reader->stage, entry, &street, 1, value_of(csv, ADD_CITY), value_of(csv, ADD_COUNTRY));
	return fits ? TW_OK : no_room(reader, err);
}

static enum tw_code read_file(struct reader *reader, const char *name, struct tw_slice bytes, uint32_t columns,
                              enum tw_code (*read_row)(struct reader *, struct tw_error *), struct tw_error *err)
{
	tw_arena_reset(&reader->stage->scratch);
	tw_csv_init(&reader->csv, name, bytes, &reader->stage->scratch);
	reader->csv.columns = columns;
	for (;;) {
		enum tw_code code = tw_csv_next(&reader->csv, err);
		if (code != TW_OK || reader->csv.count == 0) {
			return code;
		}
		code = read_row(reader, err);
		if (code != TW_OK) {
			return code;
		}
		tw_arena_reset(&reader->stage->scratch);
	}
}

/* Property of specially designated nationals is blocked, all of them; the other lists (cons_prim.csv) order several things, which their files
 * do not state. Source: US Treasury, OFAC, "Specially Designated Nationals and Blocked Persons List" and "Consolidated Sanctions List". */
static uint32_t measures_of(const char *name)
{
	const char *slash = strrchr(name, '/');
	return strncmp(slash ? slash + 1 : name, "sdn", 3) == 0 ? TW_MEASURE_ASSET_FREEZE : 0;
}

enum tw_code tw_ofac_csv_load(struct tw_list_stage *stage, const struct tw_list_file *files, struct tw_error *err)
{
	struct reader reader = {.stage = stage, .measures = measures_of(files[0].name)};
	enum tw_code code = read_file(&reader, files[0].name, files[0].bytes, SDN_COLUMNS, read_entry, err);
	if (code != TW_OK) {
		return code;
	}
	if (reader.joins.count) {
		qsort(reader.joins.data, reader.joins.count, sizeof(struct join), join_compare);
	}
	code = read_file(&reader, files[1].name, files[1].bytes, ALT_COLUMNS, read_alias, err);
	return code == TW_OK ? read_file(&reader, files[2].name, files[2].bytes, ADD_COLUMNS, read_address, err) : code;
}
