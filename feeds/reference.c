/**
 * @file reference.c
 * The tables of reference.h, flat and without pointers into each other.
 *
 *     countries   row per code, found through a 26 x 26 table of row numbers; names sorted by folded spelling
 *     borders     one bit a pair of codes
 *     places      rows sorted by code; a 26 x 26 table of first rows bounds the binary search to one country
 *     hs          rows sorted by code
 *     owners      one bit a three-letter code
 *
 * Invariant: every table is complete and sorted when tw_reference_load returns; look-ups allocate nothing.
 * Source: feeds/reference/SOURCES.md.
 */
#include "feeds/reference.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "feeds/csv.h"

#define LETTERS           26U
#define PAIRS             (LETTERS * LETTERS)
#define NO_ROW            UINT32_MAX
#define TABLE_BYTES_MAX   (64U * 1024U * 1024U) /* UN/LOCODE, the largest, has 3 MB */
#define ARENA_BLOCK_BYTES (1U << 20)
#define LOCODE_BYTES      5U

struct country {
	uint16_t code;
	struct tw_slice name;
};

struct spelling {
	struct tw_slice folded;
	uint16_t code;
};

struct place {
	char code[LOCODE_BYTES];
	struct tw_slice name;
};

struct heading {
	struct tw_slice code;
	struct tw_slice text;
};

struct tw_reference {
	struct tw_arena arena;
	struct tw_list countries; /* struct country */
	struct tw_list spellings; /* struct spelling, sorted */
	struct tw_list places;    /* struct place, sorted */
	struct tw_list headings;  /* struct heading, sorted */
	uint32_t country_row[PAIRS];
	uint32_t place_row[PAIRS + 1]; /* first place of a country; the next entry bounds it */
	uint8_t border[PAIRS][(PAIRS + 7) / 8];
	uint8_t owner[(LETTERS * PAIRS + 7) / 8];
	char digest[TW_SHA256_HEX_BYTES];
};

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

/* @return 0 .. PAIRS - 1 for two capital letters, PAIRS otherwise */
static uint32_t pair_of(uint16_t code)
{
	uint32_t first = (uint32_t)(code >> 8) - 'A', second = (uint32_t)(code & 0xff) - 'A';
	return first < LETTERS && second < LETTERS ? first * LETTERS + second : PAIRS;
}

static bool user_assigned(uint16_t code)
{
	char first = (char)(code >> 8), second = (char)(code & 0xff);
	/* Source: ISO 3166-1, clause 8.1.3: AA, QM to QZ, XA to XZ, ZZ are left to users. */
	return (first == 'A' && second == 'A') || (first == 'Q' && second >= 'M') || first == 'X' || (first == 'Z' && second == 'Z');
}

/* ---- loading ---- */

static enum tw_code row_country(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	uint16_t code = tw_country_code(csv->field[0]);
	if (!code) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a two-letter country code", csv->field[0], loader->err);
	}
	if (reference->country_row[pair_of(code)] != NO_ROW) {
		return tw_csv_fail(csv, TW_E_CONFLICT, "a country stated twice", csv->field[0], loader->err);
	}
	struct country *country = tw_list_push(&reference->arena, &reference->countries, sizeof(*country));
	if (!country) {
		return memory_short(loader);
	}
	reference->country_row[pair_of(code)] = reference->countries.count - 1;
	*country = (struct country){code, tw_arena_copy(&reference->arena, csv->field[2])};
	/* the code, the three-letter code, the name, and the other names separated by bars */
	struct tw_slice rest = csv->field[3];
	struct tw_slice spelled[3] = {csv->field[0], csv->field[1], csv->field[2]};
	for (uint32_t i = 0; i < 3 || rest.len; i++) {
		struct tw_slice name = i < 3 ? spelled[i] : rest;
		if (i >= 3) {
			const char *bar = memchr(rest.ptr, '|', rest.len);
			name.len = bar ? (uint32_t)(bar - rest.ptr) : rest.len;
			uint32_t used = name.len + (bar ? 1 : 0);
			rest = (struct tw_slice){rest.ptr + used, rest.len - used};
		}
		struct spelling *spelling = tw_list_push(&reference->arena, &reference->spellings, sizeof(*spelling));
		if (!spelling) {
			return memory_short(loader);
		}
		*spelling = (struct spelling){tw_text_fold(name, &reference->arena), code};
	}
	return TW_OK;
}

static enum tw_code row_border(struct loader *loader, struct tw_csv *csv)
{
	uint32_t a = pair_of(tw_country_code(csv->field[0])), b = pair_of(tw_country_code(csv->field[1]));
	if (a >= PAIRS || b >= PAIRS || a == b) {
		return tw_csv_fail(csv, TW_E_RANGE, "not two different country codes", csv->field[a >= PAIRS ? 0 : 1], loader->err);
	}
	loader->reference->border[a][b / 8] |= (uint8_t)(1U << (b % 8));
	loader->reference->border[b][a / 8] |= (uint8_t)(1U << (a % 8));
	return TW_OK;
}

static enum tw_code row_place(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	if (csv->field[0].len != LOCODE_BYTES || pair_of(tw_country_code((struct tw_slice){csv->field[0].ptr, 2})) >= PAIRS) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a UN/LOCODE of five characters", csv->field[0], loader->err);
	}
	struct place *place = tw_list_push(&reference->arena, &reference->places, sizeof(*place));
	if (!place) {
		return memory_short(loader);
	}
	memcpy(place->code, csv->field[0].ptr, LOCODE_BYTES);
	place->name = tw_arena_copy(&reference->arena, csv->field[1]);
	return place->name.ptr ? TW_OK : memory_short(loader);
}

static enum tw_code row_heading(struct loader *loader, struct tw_csv *csv)
{
	struct tw_reference *reference = loader->reference;
	for (uint32_t i = 0; i < csv->field[0].len; i++) {
		if (csv->field[0].ptr[i] < '0' || csv->field[0].ptr[i] > '9') {
			return tw_csv_fail(csv, TW_E_RANGE, "not a Harmonized System code", csv->field[0], loader->err);
		}
	}
	struct heading *heading = tw_list_push(&reference->arena, &reference->headings, sizeof(*heading));
	if (!heading) {
		return memory_short(loader);
	}
	*heading = (struct heading){tw_arena_copy(&reference->arena, csv->field[0]), tw_arena_copy(&reference->arena, csv->field[1])};
	return heading->text.ptr ? TW_OK : memory_short(loader);
}

/* @return LETTERS^3 when it is not three letters */
static uint32_t owner_of(struct tw_slice code)
{
	if (code.len < 3) {
		return LETTERS * PAIRS;
	}
	uint32_t value = 0;
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t letter = (uint32_t)(code.ptr[i] & ~0x20) - 'A';
		if (letter >= LETTERS) {
			return LETTERS * PAIRS;
		}
		value = value * LETTERS + letter;
	}
	return value;
}

static enum tw_code row_owner(struct loader *loader, struct tw_csv *csv)
{
	uint32_t owner = owner_of(csv->field[0]);
	if (csv->field[0].len != 3 || owner >= LETTERS * PAIRS) {
		return tw_csv_fail(csv, TW_E_RANGE, "not a three-letter owner code", csv->field[0], loader->err);
	}
	loader->reference->owner[owner / 8] |= (uint8_t)(1U << (owner % 8));
	return TW_OK;
}

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

static enum tw_code table_load(struct loader *loader, const char *folder, const struct table *table)
{
	struct tw_csv csv;
	struct tw_slice bytes = {NULL, 0};
	char hex[TW_SHA256_HEX_BYTES];
	struct tw_slice path = tw_arena_format(&loader->scratch, "%s/%s", folder, table->file);
	enum tw_code code = path.ptr ? tw_file_read(path.ptr, TABLE_BYTES_MAX, &loader->scratch, &bytes, loader->err) : memory_short(loader);
	if (code == TW_OK) {
		code = tw_sha256_hex(bytes.ptr, bytes.len, hex, loader->err);
	}
	if (code != TW_OK) {
		return code;
	}
	loader->digests = tw_arena_format(&loader->scratch, "%s%s %s\n", loader->digests.ptr ? loader->digests.ptr : "", hex, table->file);
	tw_csv_init(&csv, path.ptr, bytes, &loader->scratch);
	code = tw_csv_header(&csv, table->header, table->columns, loader->err);
	uint32_t rows = 0;
	for (; code == TW_OK; rows++) {
		code = tw_csv_next(&csv, loader->err);
		if (code != TW_OK || !csv.count) {
			break;
		}
		code = table->row(loader, &csv);
	}
	return code == TW_OK && !rows ? tw_fail(loader->err, TW_E_MISSING, TW_STOP, "a reference table without a row", path.ptr, NULL) : code;
}

static int slice_order(struct tw_slice a, struct tw_slice b)
{
	uint32_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static int spelling_order(const void *a, const void *b)
{
	return slice_order(((const struct spelling *)a)->folded, ((const struct spelling *)b)->folded);
}

static int heading_order(const void *a, const void *b)
{
	return slice_order(((const struct heading *)a)->code, ((const struct heading *)b)->code);
}

static int place_order(const void *a, const void *b)
{
	return memcmp(((const struct place *)a)->code, ((const struct place *)b)->code, LOCODE_BYTES);
}

static void sort(struct tw_list *list, size_t size, int (*order)(const void *, const void *))
{
	if (list->count) {
		qsort(list->data, list->count, size, order);
	}
}

static void places_index(struct tw_reference *reference)
{
	const struct place *place = reference->places.data;
	uint32_t row = 0;
	for (uint32_t pair = 0; pair <= PAIRS; pair++) {
		while (row < reference->places.count && pair_of(tw_country_code((struct tw_slice){place[row].code, 2})) < pair) {
			row++;
		}
		reference->place_row[pair] = row;
	}
}

/* Two countries that share a spelling would make a look-up depend on the sort: refused. */
static enum tw_code spellings_check(struct loader *loader)
{
	const struct spelling *spelling = loader->reference->spellings.data;
	for (uint32_t i = 1; i < loader->reference->spellings.count; i++) {
		if (spelling[i].code != spelling[i - 1].code && tw_slice_equal(spelling[i].folded, spelling[i - 1].folded)) {
			return tw_fail(loader->err, TW_E_CONFLICT, TW_STOP, "two countries share a name", "countries.csv", "%.*s",
			               (int)spelling[i].folded.len, spelling[i].folded.ptr);
		}
	}
	return TW_OK;
}

static enum tw_code load(struct loader *loader, const char *folder)
{
	struct tw_reference *reference = loader->reference;
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; i < PAIRS; i++) {
		reference->country_row[i] = NO_ROW;
	}
	for (size_t i = 0; code == TW_OK && i < TABLES; i++) {
		code = table_load(loader, folder, &tables[i]);
	}
	if (code != TW_OK) {
		return code;
	}
	sort(&reference->spellings, sizeof(struct spelling), spelling_order);
	sort(&reference->places, sizeof(struct place), place_order);
	sort(&reference->headings, sizeof(struct heading), heading_order);
	places_index(reference);
	code = spellings_check(loader);
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

/* ---- look-ups ---- */

struct tw_slice tw_reference_digest(const struct tw_reference *reference)
{
	return tw_slice_str(reference->digest);
}

static const struct country *country_of(const struct tw_reference *reference, uint16_t code)
{
	uint32_t pair = pair_of(code);
	uint32_t row = pair < PAIRS ? reference->country_row[pair] : NO_ROW;
	return row == NO_ROW ? NULL : (const struct country *)reference->countries.data + row;
}

bool tw_reference_country(const struct tw_reference *reference, uint16_t code)
{
	return country_of(reference, code) != NULL || user_assigned(code);
}

struct tw_slice tw_reference_country_name(const struct tw_reference *reference, uint16_t code)
{
	const struct country *country = country_of(reference, code);
	return country ? country->name : tw_slice_str("");
}

uint16_t tw_reference_country_named(const struct tw_reference *reference, struct tw_slice name)
{
	struct tw_arena arena;
	tw_arena_init(&arena, 1024, 0);
	const struct spelling key = {tw_text_fold(name, &arena), 0};
	const struct spelling *found =
	    key.folded.len ? bsearch(&key, reference->spellings.data, reference->spellings.count, sizeof(key), spelling_order) : NULL;
	uint16_t code = found ? found->code : 0;
	tw_arena_fini(&arena);
	return code;
}

bool tw_reference_borders(const struct tw_reference *reference, uint16_t a, uint16_t b)
{
	uint32_t row = pair_of(a), column = pair_of(b);
	return row < PAIRS && column < PAIRS && (reference->border[row][column / 8] >> (column % 8) & 1);
}

/* "be anr" -> "BEANR". @return false when it is not five letters and digits */
static bool locode_of(struct tw_slice text, char out[LOCODE_BYTES])
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == ' ') {
			continue;
		}
		c = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		if (length == LOCODE_BYTES || !((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))) {
			return false;
		}
		out[length++] = c;
	}
	return length == LOCODE_BYTES;
}

static const struct place *place_of(const struct tw_reference *reference, const char code[LOCODE_BYTES])
{
	uint32_t pair = pair_of(tw_country_code((struct tw_slice){code, 2}));
	if (pair >= PAIRS) {
		return NULL;
	}
	const struct place *places = reference->places.data;
	struct place key = {.name = {NULL, 0}};
	uint32_t from = reference->place_row[pair], to = reference->place_row[pair + 1];
	memcpy(key.code, code, LOCODE_BYTES);
	return from < to ? bsearch(&key, places + from, to - from, sizeof(key), place_order) : NULL;
}

bool tw_reference_place(const struct tw_reference *reference, struct tw_slice locode)
{
	char code[LOCODE_BYTES];
	if (!locode_of(locode, code)) {
		return false;
	}
	return place_of(reference, code) != NULL || user_assigned(tw_country_code((struct tw_slice){code, 2}));
}

struct tw_slice tw_reference_place_name(const struct tw_reference *reference, struct tw_slice locode)
{
	char code[LOCODE_BYTES];
	const struct place *place = locode_of(locode, code) ? place_of(reference, code) : NULL;
	return place ? place->name : tw_slice_str("");
}

#define HS_DIGITS_MIN 4U
#define HS_DIGITS_MAX 10U

/* Digits without dots and spaces. @return how many, 0 when there is anything else or not 4 to 10 of them */
static uint32_t hs_digits(struct tw_slice hs, char out[HS_DIGITS_MAX])
{
	uint32_t length = 0;
	for (uint32_t i = 0; i < hs.len; i++) {
		if (hs.ptr[i] == '.' || hs.ptr[i] == ' ') {
			continue;
		}
		if (length == HS_DIGITS_MAX || hs.ptr[i] < '0' || hs.ptr[i] > '9') {
			return 0;
		}
		out[length++] = hs.ptr[i];
	}
	return length >= HS_DIGITS_MIN ? length : 0;
}

/* National digits follow the sixth: the subheading decides, and of a shorter code the heading. */
static const struct heading *heading_of(const struct tw_reference *reference, struct tw_slice hs)
{
	char digits[HS_DIGITS_MAX];
	uint32_t length = hs_digits(hs, digits);
	if (!length) {
		return NULL;
	}
	const struct heading key = {{digits, length >= 6 ? 6 : HS_DIGITS_MIN}, {NULL, 0}};
	return bsearch(&key, reference->headings.data, reference->headings.count, sizeof(key), heading_order);
}

bool tw_reference_hs(const struct tw_reference *reference, struct tw_slice hs)
{
	return heading_of(reference, hs) != NULL;
}

struct tw_slice tw_reference_hs_text(const struct tw_reference *reference, struct tw_slice hs)
{
	const struct heading *heading = heading_of(reference, hs);
	return heading ? heading->text : tw_slice_str("");
}

bool tw_reference_owner(const struct tw_reference *reference, struct tw_slice number)
{
	uint32_t owner = owner_of(number);
	return owner < LETTERS * PAIRS && (reference->owner[owner / 8] >> (owner % 8) & 1);
}
