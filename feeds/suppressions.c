/**
 * @file suppressions.c
 * See suppressions.h. Rows are sorted by the rule they speak of: a search is only made for a rule that fired, and few rows speak of one rule.
 */
#include "feeds/suppressions.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/csv.h"
#include "feeds/decision.h"

#define ARENA_BLOCK_BYTES 65536U
#define COUNTRY_LETTERS   2U
#define PLACE_LETTERS     5U

enum { RULE, NAME, IDENTIFIER, COUNTRY, CONSIGNMENT, FROM, TO, REASON, AUTHOR, DECIDED_ON, EXPIRES_ON, COLUMNS };
static const char *const columns[COLUMNS] = {"rule", "name",   "identifier", "country",    "consignment", "from",
                                             "to",   "reason", "author",     "decided_on", "expires_on"};

struct tw_suppressions {
	struct tw_arena arena;
	struct tw_list rows; /* struct tw_suppression */
	char digest[TW_SHA256_HEX_BYTES];
};

static int row_order(const void *a, const void *b)
{
	const struct tw_suppression *left = a, *right = b;
	int order = tw_slice_compare(left->rule, right->rule);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static enum tw_code memory_short(const char *path, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the suppressions", path, NULL);
}

/* What a person must have written: a decision that nobody made, gave a reason for or will look at again is none. */
static enum tw_code check_stated(const struct tw_csv *csv, struct tw_error *err)
{
	static const int needed[] = {RULE, REASON, AUTHOR, DECIDED_ON, EXPIRES_ON};
	bool party = csv->field[NAME].len || csv->field[IDENTIFIER].len;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!csv->field[needed[i]].len) {
			return tw_csv_fail(csv, TW_E_MISSING, "a suppression without its rule, reason, author or days",
			                   tw_slice_str(columns[needed[i]]), err);
		}
	}
	if (csv->field[COUNTRY].len && !party) {
		return tw_csv_fail(csv, TW_E_CONFLICT, "a country narrows a party, and none is stated; for a route: from, to", csv->field[COUNTRY],
		                   err);
	}
	if (!party && !csv->field[CONSIGNMENT].len && !csv->field[FROM].len && !csv->field[TO].len) {
		return tw_csv_fail(csv, TW_E_MISSING,
		                   "a suppression for everybody: state a party, a consignment or a route, or change the rule's status",
		                   csv->field[RULE], err);
	}
	return TW_OK;
}

static enum tw_code read_place(const struct tw_csv *csv, int column, struct tw_suppression_place *out, struct tw_arena *arena, struct tw_error *err)
{
	struct tw_slice place = tw_text_alnum(csv->field[column], arena);
	if (!place.ptr) {
		return memory_short(csv->name, err);
	}
	*out = (struct tw_suppression_place){.place = {"", 0}};
	if (csv->field[column].len == 0) {
		return TW_OK;
	}
	struct tw_slice country = {place.ptr, place.len < COUNTRY_LETTERS ? place.len : COUNTRY_LETTERS};
	out->country = tw_country_code(country);
	if (!out->country || (place.len != COUNTRY_LETTERS && place.len != PLACE_LETTERS)) {
		return tw_csv_fail(csv, TW_E_TYPE, "neither a country of two letters nor a UN/LOCODE of five", csv->field[column], err);
	}
	out->place = place.len == PLACE_LETTERS ? place : out->place;
	return TW_OK;
}

static enum tw_code read_row(const struct tw_csv *csv, struct tw_suppressions *suppressions, struct tw_error *err)
{
	struct tw_arena *arena = &suppressions->arena;
	enum tw_code code = check_stated(csv, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_suppression *row = tw_list_push(arena, &suppressions->rows, sizeof(*row));
	struct tw_slice text[COLUMNS];
	for (int i = 0; i < COLUMNS; i++) {
		text[i] = tw_arena_copy(arena, csv->field[i]);
		if (!text[i].ptr) {
			return memory_short(csv->name, err);
		}
	}
	if (!row) {
		return memory_short(csv->name, err);
	}
	*row = (struct tw_suppression){.rule = text[RULE],
	                               .name = text[NAME],
	                               .identifier = text[IDENTIFIER],
	                               .consignment = text[CONSIGNMENT],
	                               .reason = text[REASON],
	                               .author = text[AUTHOR],
	                               .line = csv->line};
	struct tw_decision_days days = {.expires = 0}; /* stated, as check_stated has seen */
	struct tw_decision_party party;
	code = tw_decision_days(csv, csv->field[DECIDED_ON], csv->field[EXPIRES_ON], &days, err);
	code = code == TW_OK ? tw_decision_party(csv, row->name, row->identifier, csv->field[COUNTRY], arena, &party, err) : code;
	if (code != TW_OK) {
		return code;
	}
	row->decided_day = days.decided;
	row->expires_day = days.expires;
	row->name_key = party.name;
	row->identifier_key = party.identifier;
	row->country = party.country;
	code = code == TW_OK ? read_place(csv, FROM, &row->from, arena, err) : code;
	return code == TW_OK ? read_place(csv, TO, &row->to, arena, err) : code;
}

static bool same_place(const struct tw_suppression_place *a, const struct tw_suppression_place *b)
{
	return a->country == b->country && tw_slice_equal(a->place, b->place);
}

static bool same_subject(const struct tw_suppression *a, const struct tw_suppression *b)
{
	return tw_slice_equal(a->name_key, b->name_key) && tw_slice_equal(a->identifier_key, b->identifier_key) && a->country == b->country &&
	       tw_slice_equal(a->consignment, b->consignment) && same_place(&a->from, &b->from) && same_place(&a->to, &b->to);
}

/* Two decisions on one rule and subject: which of their reasons and last days counts? Days that do not meet are two decisions, one after the other.
 */
static enum tw_code check_twice(const struct tw_suppressions *suppressions, const char *path, struct tw_error *err)
{
	const struct tw_suppression *rows = suppressions->rows.data;
	for (uint32_t i = 0; i < suppressions->rows.count; i++) {
		for (uint32_t j = i + 1; j < suppressions->rows.count && tw_slice_equal(rows[j].rule, rows[i].rule); j++) {
			bool meet = rows[i].decided_day <= rows[j].expires_day && rows[j].decided_day <= rows[i].expires_day;
			if (meet && same_subject(&rows[i], &rows[j])) {
				char where[TW_ERROR_WHERE_BYTES];
				snprintf(where, sizeof(where), "%.230s:%u", path, rows[j].line);
				return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a suppression that stands twice", where, "first on line %u",
				               rows[i].line);
			}
		}
	}
	return TW_OK;
}

static enum tw_code read_rows(struct tw_suppressions *suppressions, const char *path, struct tw_slice bytes, struct tw_arena *scratch,
                              struct tw_error *err)
{
	struct tw_csv csv;
	tw_csv_init(&csv, path, bytes, scratch);
	enum tw_code code = tw_csv_header(&csv, columns, COLUMNS, err);
	while (code == TW_OK && (code = tw_csv_next_utf8(&csv, err)) == TW_OK && csv.count) {
		code = read_row(&csv, suppressions, err);
	}
	if (code != TW_OK) {
		return code;
	}
	if (suppressions->rows.count) {
		qsort(suppressions->rows.data, suppressions->rows.count, sizeof(struct tw_suppression), row_order);
	}
	return check_twice(suppressions, path, err);
}

enum tw_code tw_suppressions_load(const char *path, struct tw_suppressions **out, struct tw_error *err)
{
	struct tw_suppressions *suppressions = calloc(1, sizeof(*suppressions));
	struct tw_arena scratch;
	struct tw_slice bytes;
	if (!suppressions) {
		return memory_short(path, err);
	}
	tw_arena_init(&suppressions->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_SUPPRESSIONS_BYTES_MAX, &scratch, &bytes, err);
	code = code == TW_OK ? read_rows(suppressions, path, bytes, &scratch, err) : code;
	code = code == TW_OK ? tw_sha256_hex(bytes.ptr, bytes.len, suppressions->digest, err) : code;
	tw_arena_fini(&scratch);
	if (code != TW_OK) {
		tw_suppressions_free(suppressions);
		return code;
	}
	*out = suppressions;
	return TW_OK;
}

void tw_suppressions_free(struct tw_suppressions *suppressions)
{
	if (suppressions) {
		tw_arena_fini(&suppressions->arena);
		free(suppressions);
	}
}

struct tw_slice tw_suppressions_digest(const struct tw_suppressions *suppressions)
{
	return tw_slice_str(suppressions->digest);
}

const struct tw_suppression *tw_suppressions_rows(const struct tw_suppressions *suppressions, uint32_t *count)
{
	*count = suppressions->rows.count;
	return suppressions->rows.data;
}

const struct tw_suppression *tw_suppressions_of(const struct tw_suppressions *suppressions, struct tw_slice rule, uint32_t *count)
{
	const struct tw_suppression *rows = suppressions ? suppressions->rows.data : NULL;
	uint32_t from = 0, to = rows ? suppressions->rows.count : 0;
	*count = 0;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (tw_slice_compare(rows[middle].rule, rule) < 0) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	while (rows && from + *count < suppressions->rows.count && tw_slice_equal(rows[from + *count].rule, rule)) {
		(*count)++;
	}
	return *count ? rows + from : NULL;
}
