/**
 * @file known_good.c
 * See known_good.h. Rows are sorted by the entry they speak of: a search is only made for a hit, and few rows speak of one entry.
 */
#include "feeds/known_good.h"

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

enum { NAME, IDENTIFIER, COUNTRY, LIST, ENTRY, REASON, AUTHOR, DECIDED_ON, EXPIRES_ON, COLUMNS };
static const char *const columns[COLUMNS] = {"name", "identifier", "country", "list", "entry", "reason", "author", "decided_on", "expires_on"};

struct tw_known_good {
	struct tw_arena arena;
	struct tw_list rows; /* struct tw_known_good_row */
	char digest[TW_SHA256_HEX_BYTES];
};

static int entry_order(const struct tw_known_good_row *row, struct tw_slice list, struct tw_slice entry)
{
	int order = tw_slice_compare(row->list, list);
	return order ? order : tw_slice_compare(row->entry, entry);
}

static int row_order(const void *a, const void *b)
{
	const struct tw_known_good_row *left = a, *right = b;
	int order = entry_order(left, right->list, right->entry);
	return order ? order : (left->line > right->line) - (left->line < right->line);
}

static enum tw_code memory_short(const char *path, struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the known good", path, NULL);
}

/* What a person must have written: a decision that nobody made or gave a reason for is none. */
static enum tw_code check_stated(const struct tw_csv *csv, struct tw_error *err)
{
	static const int needed[] = {LIST, ENTRY, REASON, AUTHOR, DECIDED_ON};
	if (!csv->field[NAME].len && !csv->field[IDENTIFIER].len) {
		return tw_csv_fail(csv, TW_E_MISSING, "a decision about nobody: name, identifier, or both", csv->field[ENTRY], err);
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!csv->field[needed[i]].len) {
			return tw_csv_fail(csv, TW_E_MISSING, "a decision without its list, entry, reason, author or day",
			                   tw_slice_str(columns[needed[i]]), err);
		}
	}
	return TW_OK;
}

static enum tw_code read_row(const struct tw_csv *csv, struct tw_known_good *known, struct tw_error *err)
{
	enum tw_code code = check_stated(csv, err);
	if (code != TW_OK) {
		return code;
	}
	struct tw_known_good_row *row = tw_list_push(&known->arena, &known->rows, sizeof(*row));
	struct tw_slice text[COLUMNS];
	for (int i = 0; i < COLUMNS; i++) {
		text[i] = tw_arena_copy(&known->arena, csv->field[i]);
		if (!text[i].ptr) {
			return memory_short(csv->name, err);
		}
	}
	if (!row) {
		return memory_short(csv->name, err);
	}
	*row = (struct tw_known_good_row){.name = text[NAME],
	                                  .identifier = text[IDENTIFIER],
	                                  .list = text[LIST],
	                                  .entry = text[ENTRY],
	                                  .reason = text[REASON],
	                                  .author = text[AUTHOR],
	                                  .line = csv->line};
	struct tw_decision_days days = {.expires = TW_KNOWN_GOOD_FOREVER};
	struct tw_decision_party party;
	code = tw_decision_days(csv, csv->field[DECIDED_ON], csv->field[EXPIRES_ON], &days, err);
	code = code == TW_OK ? tw_decision_party(csv, row->name, row->identifier, csv->field[COUNTRY], &known->arena, &party, err) : code;
	if (code == TW_OK) {
		row->decided_day = days.decided;
		row->expires_day = days.expires;
		row->name_key = party.name;
		row->identifier_key = party.identifier;
		row->country = party.country;
	}
	return code;
}

static bool same_pair(const struct tw_known_good_row *a, const struct tw_known_good_row *b)
{
	return tw_slice_equal(a->name_key, b->name_key) && tw_slice_equal(a->identifier_key, b->identifier_key) && a->country == b->country;
}

/* Two decisions on one pair: which of their reasons and last days counts? */
static enum tw_code check_twice(const struct tw_known_good *known, const char *path, struct tw_error *err)
{
	const struct tw_known_good_row *rows = known->rows.data;
	for (uint32_t i = 0; i < known->rows.count; i++) {
		for (uint32_t j = i + 1; j < known->rows.count && entry_order(&rows[j], rows[i].list, rows[i].entry) == 0; j++) {
			if (same_pair(&rows[i], &rows[j])) {
				char where[TW_ERROR_WHERE_BYTES];
				snprintf(where, sizeof(where), "%.230s:%u", path, rows[j].line);
				return tw_fail(err, TW_E_CONFLICT, TW_STOP, "a decision that stands twice", where, "first on line %u", rows[i].line);
			}
		}
	}
	return TW_OK;
}

static enum tw_code read_rows(struct tw_known_good *known, const char *path, struct tw_slice bytes, struct tw_arena *scratch, struct tw_error *err)
{
	struct tw_csv csv;
	tw_csv_init(&csv, path, bytes, scratch);
	enum tw_code code = tw_csv_header(&csv, columns, COLUMNS, err);
	while (code == TW_OK && (code = tw_csv_next_utf8(&csv, err)) == TW_OK && csv.count) {
		code = read_row(&csv, known, err);
	}
	if (code != TW_OK) {
		return code;
	}
	if (known->rows.count) {
		qsort(known->rows.data, known->rows.count, sizeof(struct tw_known_good_row), row_order);
	}
	return check_twice(known, path, err);
}

enum tw_code tw_known_good_load(const char *path, struct tw_known_good **out, struct tw_error *err)
{
	struct tw_known_good *known = calloc(1, sizeof(*known));
	struct tw_arena scratch;
	struct tw_slice bytes;
	if (!known) {
		return memory_short(path, err);
	}
	tw_arena_init(&known->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&scratch, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = tw_file_read(path, TW_KNOWN_GOOD_BYTES_MAX, &scratch, &bytes, err);
	code = code == TW_OK ? read_rows(known, path, bytes, &scratch, err) : code;
	code = code == TW_OK ? tw_sha256_hex(bytes.ptr, bytes.len, known->digest, err) : code;
	tw_arena_fini(&scratch);
	if (code != TW_OK) {
		tw_known_good_free(known);
		return code;
	}
	*out = known;
	return TW_OK;
}

void tw_known_good_free(struct tw_known_good *known)
{
	if (known) {
		tw_arena_fini(&known->arena);
		free(known);
	}
}

struct tw_slice tw_known_good_digest(const struct tw_known_good *known)
{
	return tw_slice_str(known->digest);
}

const struct tw_known_good_row *tw_known_good_rows(const struct tw_known_good *known, uint32_t *count)
{
	*count = known->rows.count;
	return known->rows.data;
}

/* The first row that speaks of the entry, or where it would stand. */
static uint32_t lower_bound(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry)
{
	const struct tw_known_good_row *rows = known->rows.data;
	uint32_t from = 0, to = known->rows.count;
	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		if (entry_order(&rows[middle], list, entry) < 0) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	return from;
}

static bool number_agrees(const struct tw_known_good_row *row, const struct tw_known_subject *subject, struct tw_arena *arena)
{
	struct tw_slice key = {NULL, 0};
	if (subject->hit_identifier.len) {
		key = tw_text_alnum(subject->hit_identifier, arena);
		return key.ptr && row->identifier_key.len && tw_slice_equal(key, row->identifier_key);
	}
	bool agrees = row->identifier_key.len == 0;
	for (uint32_t i = 0; !agrees && i < subject->identifier_count; i++) {
		key = tw_text_alnum(subject->identifiers[i], arena);
		agrees = key.ptr && tw_slice_equal(key, row->identifier_key);
	}
	return agrees;
}

static bool row_agrees(const struct tw_known_good_row *row, const struct tw_known_subject *subject, struct tw_arena *arena)
{
	if (row->country && row->country != subject->country) {
		return false;
	}
	if (row->name_key.len) {
		struct tw_slice key = tw_text_fold(subject->name, arena);
		if (!key.ptr || !tw_slice_equal(key, row->name_key)) {
			return false;
		}
	}
	return number_agrees(row, subject, arena);
}

static bool in_force(const struct tw_known_good_row *row, const struct tw_known_subject *subject)
{
	return row->expires_day == TW_KNOWN_GOOD_FOREVER || (subject->day_stated && subject->day <= row->expires_day);
}

static bool ran_out(const struct tw_known_good_row *row, const struct tw_known_subject *subject)
{
	return subject->day_stated && subject->day > row->expires_day;
}

static const struct tw_known_good_row *find(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry,
                                            const struct tw_known_subject *subject, struct tw_arena *arena,
                                            bool (*is_meant)(const struct tw_known_good_row *row, const struct tw_known_subject *subject))
{
	const struct tw_known_good_row *rows = known ? known->rows.data : NULL, *found = NULL;
	if (!rows) {
		return NULL;
	}
	struct tw_arena_mark mark = tw_arena_mark(arena);
	for (uint32_t at = lower_bound(known, list, entry); !found && at < known->rows.count && entry_order(&rows[at], list, entry) == 0; at++) {
		found = is_meant(&rows[at], subject) && row_agrees(&rows[at], subject, arena) ? &rows[at] : NULL;
	}
	tw_arena_rewind(arena, mark);
	return found;
}

const struct tw_known_good_row *tw_known_good_find(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry,
                                                   const struct tw_known_subject *subject, struct tw_arena *arena)
{
	return find(known, list, entry, subject, arena, in_force);
}

const struct tw_known_good_row *tw_known_good_expired(const struct tw_known_good *known, struct tw_slice list, struct tw_slice entry,
                                                      const struct tw_known_subject *subject, struct tw_arena *arena)
{
	return find(known, list, entry, subject, arena, ran_out);
}
