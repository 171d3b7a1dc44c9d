/**
 * @file reference_load.c
 * The five files of reference.h into the tables of reference_table.h, strict row by row: a code that no look-up would find again (in
 * small letters, stated twice, of a country nobody knows) is refused instead of kept.
 *
 * A table is one row of `tables`: its file, its header, and what to do with a row. Countries come first, because borders and places
 * name them. What is loaded lives as long as the tables, in their arena, and rows borrow their texts from it: 120,000 rows need no copy each.
 * Shipped files are in order, so that a pass over them takes the place of the sort; a file in any other order is sorted.
 * Source: feeds/reference/SOURCES.md.
 */
#include <stdlib.h>

#include "engine/base/file.h"
#include "engine/base/text.h"
#include "feeds/csv.h"
#include "feeds/reference.h"
#include "feeds/reference_table.h"

#define TABLE_BYTES_MAX     (64U * 1024U * 1024U) /* UN/LOCODE, the largest, has 3 MB */
#define ARENA_BLOCK_BYTES   (1U << 20)
#define PLACE_ROW_BYTES_MIN 8U /* "AAAAA,," and the line's end */

/* What loading needs and the finished tables do not. */
struct loader {
	struct tw_reference *reference;
	struct tw_arena scratch;
	struct tw_slice digests; /* of the files so far, one hex line each */
	struct tw_error *err;
};

static enum tw_code memory_short(struct loader *loader)
{
	return tw_fail(loader->err, TW_E_MEMORY, TW_STOP, "no memory for the reference tables", NULL, NULL);
}

/* ---- one row each ---- */

static enum tw_code spelling_add(struct loader *loader, const struct tw_csv *csv, struct tw_slice name, uint16_t code)
{
	struct tw_reference *reference = loader->reference;
	struct tw_slice folded = tw_text_fold(name, &reference->arena);
	struct tw_spelling *spelling = folded.ptr ? tw_list_push(&reference->arena, &reference->spellings, sizeof(*spelling)) : NULL;
	if (!spelling) {
		return memory_short(loader);
	}
	*spelling = (struct tw_spelling){folded, code};
	return folded.len ? TW_OK : tw_csv_fail(csv, TW_E_RANGE, "a country's name without a letter", name, loader->err);
}

/* "Burma|Myanma" -> two more spellings; an empty field has none. */
static enum tw_code spellings_split(struct loader *loader, const struct tw_csv *csv, struct tw_slice names, uint16_t code)
{
	enum tw_code result = TW_OK;
	while (names.len && result == TW_OK) {
		const char *bar = memchr(names.ptr, '|', names.len);
		struct tw_slice name = {names.ptr, bar ? (uint32_t)(bar - names.ptr) : names.len};
		uint32_t used = name.len + (bar ? 1 : 0);
		names = (struct tw_slice){names.ptr + used, names.len - used};
		result = spelling_add(loader, csv, name, code);
	}
	return result;
}

static enum tw_code row_country(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	uint16_t code = tw_country_code(csv->field[0]);
	if (!code) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a two-letter country code", csv->field[0], loader->err);
	}
	if (csv->field[1].len != 3 || tw_owner_number(csv->field[1]) >= TW_OWNERS) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a three-letter country code", csv->field[1], loader->err);
	}
	if (reference->country_row[tw_letter_pair(code)] != TW_NO_ROW) {
		return tw_csv_fail(csv, TW_E_CONFLICT, "a country stated twice", csv->field[0], loader->err);
	}
	struct tw_country *country = tw_list_push(&reference->arena, &reference->countries, sizeof(*country));
	if (!country) {
		return memory_short(loader);
	}
	reference->country_row[tw_letter_pair(code)] = reference->countries.count - 1;
	*country = (struct tw_country){code, csv->field[2]};
	enum tw_code result = TW_OK;
	for (uint32_t i = 0; result == TW_OK && i < 3; i++) {
		result = spelling_add(loader, csv, csv->field[i], code);
	}
	return result == TW_OK ? spellings_split(loader, csv, csv->field[3], code) : result;
}

static bool known(const struct loader *loader, struct tw_slice country)
{
	return tw_reference_country(loader->reference, tw_country_code(country));
}

static enum tw_code row_border(struct loader *loader, struct tw_csv *csv)
{
	for (uint32_t i = 0; i < 2; i++) {
		if (!known(loader, csv->field[i])) {
			return tw_csv_fail(csv, TW_E_UNKNOWN, "a border of a country that countries.csv does not have", csv->field[i], loader->err);
		}
	}
	uint32_t a = tw_letter_pair(tw_country_code(csv->field[0])), b = tw_letter_pair(tw_country_code(csv->field[1]));
	if (a == b) {
		return tw_csv_fail(csv, TW_E_RANGE, "a country that borders itself", csv->field[1], loader->err);
	}
	loader->reference->border[a][b / 8] |= (uint8_t)(1U << (b % 8));
	loader->reference->border[b][a / 8] |= (uint8_t)(1U << (a % 8));
	return TW_OK;
}

/* One piece for every row that the file could have: growing by doubling copies rows and touches twice their pages; these untouched cost none. */
static struct tw_place *place_push(struct tw_reference *reference, uint32_t file_bytes)
{
	struct tw_list *places = &reference->places;
	if (!places->data) {
		uint32_t rows = file_bytes / PLACE_ROW_BYTES_MIN + 1;
		places->data = tw_arena_alloc_raw(&reference->arena, (size_t)rows * sizeof(struct tw_place));
		places->capacity = places->data ? rows : 0;
	}
	return tw_list_push(&reference->arena, places, sizeof(struct tw_place));
}

static enum tw_code row_place(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	char code[TW_LOCODE_BYTES];
	/* as look-ups normalise it: any other form would be kept and never found */
	if (csv->field[0].len != TW_LOCODE_BYTES || !tw_locode_of(csv->field[0], code) || memcmp(code, csv->field[0].ptr, sizeof(code)) != 0) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a UN/LOCODE of five capitals and digits", csv->field[0], loader->err);
	}
	if (!known(loader, (struct tw_slice){code, 2})) {
		return tw_csv_fail(csv, TW_E_UNKNOWN, "a place in a country that countries.csv does not have", csv->field[0], loader->err);
	}
	struct tw_place *place = place_push(reference, csv->bytes.len);
	if (!place) {
		return memory_short(loader);
	}
	memcpy(place->code, code, sizeof(code));
	place->name = csv->field[1];
	return TW_OK;
}

/* Chapters have two digits, headings four, subheadings six. */
static bool is_hs(struct tw_slice code)
{
	for (uint32_t i = 0; i < code.len; i++) {
		if (code.ptr[i] < '0' || code.ptr[i] > '9') {
			return false;
		}
	}
	return code.len == 2 || code.len == TW_HS_HEADING || code.len == 6;
}

static enum tw_code row_heading(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	if (!is_hs(csv->field[0])) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a Harmonized System code of 2, 4 or 6 digits", csv->field[0], loader->err);
	}
	struct tw_heading *heading = tw_list_push(&reference->arena, &reference->headings, sizeof(*heading));
	if (!heading) {
		return memory_short(loader);
	}
	*heading = (struct tw_heading){csv->field[0], csv->field[1]};
	return TW_OK;
}

static enum tw_code row_owner(struct loader *loader, struct tw_csv *csv)
{
	uint32_t owner = tw_owner_number(csv->field[0]);
	if (csv->field[0].len != 3 || owner >= TW_OWNERS) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a three-letter owner code", csv->field[0], loader->err);
	}
	if (loader->reference->owner[owner / 8] >> (owner % 8) & 1) {
		return tw_csv_fail(csv, TW_E_CONFLICT, "an owner stated twice", csv->field[0], loader->err);
	}
	loader->reference->owner[owner / 8] |= (uint8_t)(1U << (owner % 8));
	return TW_OK;
}

/* ---- the files ---- */

static const struct table {
	const char *file;
	uint32_t columns;
	const char *header[4];
	enum tw_code (*row)(struct loader *loader, struct tw_csv *csv);
} tables[] = {
    {"countries.csv", 4, {"code", "alpha3", "name", "names"}, row_country},
    {"borders.csv", 2, {"a", "b"}, row_border},
    {"unlocode.csv", 3, {"code", "name", "function"}, row_place},
    {"hs2022.csv", 2, {"code", "description"}, row_heading},
    {"bic.csv", 3, {"code", "owner", "country"}, row_owner},
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

static enum tw_code rows_load(struct loader *loader, const struct table *table, struct tw_csv *csv)
{
	uint32_t rows = 0;
	enum tw_code code = tw_csv_header(csv, table->header, table->columns, loader->err);
	while (code == TW_OK) {
		code = tw_csv_next(csv, loader->err);
		if (code != TW_OK || !csv->count) {
			break;
		}
		code = table->row(loader, csv);
		rows++;
	}
	return code == TW_OK && !rows ? tw_fail(loader->err, TW_E_MISSING, TW_STOP, "a reference table without a row", csv->name, NULL) : code;
}

static enum tw_code table_load(struct loader *loader, const char *folder, const struct table *table)
{
	struct tw_csv csv;
	struct tw_slice bytes = {NULL, 0};
	char hex[TW_SHA256_HEX_BYTES];
	struct tw_slice path = tw_arena_format(&loader->scratch, "%s/%s", folder, table->file);
	enum tw_code code = path.ptr ? tw_file_read(path.ptr, TABLE_BYTES_MAX, &loader->reference->arena, &bytes, loader->err) : memory_short(loader);
	if (code == TW_OK) {
		code = tw_sha256_hex(bytes.ptr, bytes.len, hex, loader->err);
	}
	if (code != TW_OK) {
		return code;
	}
	loader->digests = tw_arena_format(&loader->scratch, "%s%s %s\n", loader->digests.ptr ? loader->digests.ptr : "", hex, table->file);
	if (!loader->digests.ptr) {
		return memory_short(loader);
	}
	tw_csv_init(&csv, path.ptr, bytes, &loader->reference->arena);
	return rows_load(loader, table, &csv);
}

/* ---- order, and what only the whole table shows ---- */

static bool ascends(const struct tw_list *list, size_t size, int (*order)(const void *, const void *))
{
	const char *row = list->data;
	for (uint32_t i = 1; i < list->count; i++, row += size) {
		if (order(row, row + size) > 0) {
			return false;
		}
	}
	return true;
}

static void sort(struct tw_list *list, size_t size, int (*order)(const void *, const void *))
{
	if (!ascends(list, size, order)) {
		qsort(list->data, list->count, size, order);
	}
}

static void places_index(struct tw_reference *reference)
{
	const struct tw_place *place = reference->places.data;
	uint32_t row = 0;
	for (uint32_t pair = 0; pair <= TW_LETTER_PAIRS; pair++) {
		while (row < reference->places.count && tw_letter_pair(tw_country_code((struct tw_slice){place[row].code, 2})) < pair) {
			row++;
		}
		reference->place_row[pair] = row;
	}
}

static enum tw_code stated_twice(struct loader *loader, const char *what, const char *file, struct tw_slice value)
{
	return tw_fail(loader->err, TW_E_CONFLICT, TW_STOP, what, file, "%.*s", (int)value.len, value.ptr);
}

/* Two countries that share a spelling, or two texts for one code, would make a look-up depend on the sort: refused. */
static enum tw_code doubles_refuse(struct loader *loader)
{
	const struct tw_reference *reference = loader->reference;
	const struct tw_spelling *spelling = reference->spellings.data;
	for (uint32_t i = 1; i < reference->spellings.count; i++) {
		if (spelling[i].code != spelling[i - 1].code && tw_slice_equal(spelling[i].folded, spelling[i - 1].folded)) {
			return stated_twice(loader, "two countries share a name", "countries.csv", spelling[i].folded);
		}
	}
	const struct tw_place *place = reference->places.data;
	for (uint32_t i = 1; i < reference->places.count; i++) {
		if (tw_place_order(&place[i - 1], &place[i]) == 0) {
			return stated_twice(loader, "a place stated twice", "unlocode.csv", (struct tw_slice){place[i].code, TW_LOCODE_BYTES});
		}
	}
	const struct tw_heading *heading = reference->headings.data;
	for (uint32_t i = 1; i < reference->headings.count; i++) {
		if (tw_heading_order(&heading[i - 1], &heading[i]) == 0) {
			return stated_twice(loader, "a Harmonized System code stated twice", "hs2022.csv", heading[i].code);
		}
	}
	return TW_OK;
}

static enum tw_code load(struct loader *loader, const char *folder)
{
	struct tw_reference *reference = loader->reference;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < TW_LETTER_PAIRS; i++) {
		reference->country_row[i] = TW_NO_ROW;
	}
	for (size_t i = 0; code == TW_OK && i < TABLES; i++) {
		code = table_load(loader, folder, &tables[i]);
	}
	if (code != TW_OK) {
		return code;
	}
	sort(&reference->spellings, sizeof(struct tw_spelling), tw_spelling_order);
	sort(&reference->places, sizeof(struct tw_place), tw_place_order);
	sort(&reference->headings, sizeof(struct tw_heading), tw_heading_order);
	places_index(reference);
	code = doubles_refuse(loader);
	return code == TW_OK ? tw_sha256_hex(loader->digests.ptr, loader->digests.len, reference->digest, loader->err) : code;
}

enum tw_code tw_reference_load(const char *folder, struct tw_reference **out, struct tw_error *err)
{
	struct loader loader = {.reference = calloc(1, sizeof(struct tw_reference)), .err = err};
	if (!loader.reference) {
		return memory_short(&loader);
	}
	tw_arena_init(&loader.reference->arena, ARENA_BLOCK_BYTES, 0);
	tw_arena_init(&loader.scratch, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = load(&loader, folder);
	tw_arena_fini(&loader.scratch);
	if (code != TW_OK) {
		tw_reference_free(loader.reference);
		return code;
	}
	*out = loader.reference;
	return TW_OK;
}

void tw_reference_free(struct tw_reference *reference)
{
	if (reference) {
		tw_arena_fini(&reference->arena);
		free(reference);
	}
}
