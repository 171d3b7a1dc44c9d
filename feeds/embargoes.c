/**
 * @file embargoes.c
 * The embargo table: strict about its file (a row that is half understood would stop medicine or arm a militia), pure in its answers.
 *
 * Rows keep the file's order. A query walks those of its country: an event with arms in it asks of a dozen of them, neighbours among them.
 * Source: feeds/embargoes/README.md for the columns, their words and the half-open interval.
 */
#include "feeds/embargoes.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/file.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/base/time.h"
#include "feeds/csv.h"

#define FILE_BYTES_MAX    (16U * 1024U * 1024U)
#define ARENA_BLOCK_BYTES (1U << 18)

struct tw_embargoes {
	struct tw_arena arena;                /* rows and the file's bytes, which their slices point into */
	struct tw_list rows;                  /* struct tw_embargo */
	const struct tw_embargo **by_country; /* the same, by country, then in the file's order */
	char digest[TW_SHA256_HEX_BYTES];
};

enum column {
	COLUMN_ID,
	COLUMN_ISSUER,
	COLUMN_REGIME,
	COLUMN_TARGET_KIND,
	COLUMN_COUNTRY,
	COLUMN_GROUP,
	COLUMN_GOODS,
	COLUMN_DIRECTION,
	COLUMN_START,
	COLUMN_END,
	COLUMN_INSTRUMENT,
	COLUMN_INSTRUMENT_END,
	COLUMN_EXEMPTIONS,
	COLUMN_SOURCE,
	COLUMN_SOURCE_DATE,
	COLUMN_CONFIDENCE,
	COLUMN_NOTES,
	COLUMNS
};

static const char *const header[COLUMNS] = {"id",          "issuer",      "regime",    "target_kind",      "target_country", "target_group", "goods",
                                            "direction",   "legal_start", "legal_end", "instrument_start", "instrument_end", "exemptions",   "source",
                                            "source_date", "confidence",  "notes"};

struct word {
	const char *word;
	uint32_t value;
};

static const struct word goods_words[] = {
    {"all_goods", TW_GOODS_ALL},
    {"arms", TW_GOODS_ARMS},
    {"arms_and_related", TW_GOODS_ARMS_AND_RELATED},
    {"heavy_conventional", TW_GOODS_HEAVY},
    {"light_weapons", TW_GOODS_LIGHT},
    {"ammunition", TW_GOODS_AMMUNITION},
    {"dual_use_police", TW_GOODS_REPRESSION},
    {"dual_use", TW_GOODS_DUAL_USE},
    {"surveillance", TW_GOODS_SURVEILLANCE},
    {NULL, 0},
};
static const struct word target_words[] = {
    {"state", TW_TARGET_STATE}, {"non_state", TW_TARGET_NON_STATE}, {"entity_group", TW_TARGET_ENTITY_GROUP}, {NULL, 0}};
static const struct word direction_words[] = {{"supply_to", TW_DIRECTION_SUPPLY_TO},
                                              {"procure_from", TW_DIRECTION_SUPPLY_FROM},
                                              {"both", TW_DIRECTION_SUPPLY_TO | TW_DIRECTION_SUPPLY_FROM},
                                              {NULL, 0}};
static const struct word confidence_words[] = {
    {"seen", TW_CONFIDENCE_SEEN}, {"derived", TW_CONFIDENCE_DERIVED}, {"recalled", TW_CONFIDENCE_RECALLED}, {NULL, 0}};

static uint32_t word_find(const struct word *words, struct tw_slice text)
{
	for (; words->word; words++) {
		if (tw_slice_is(text, words->word)) {
			return words->value;
		}
	}
	return 0;
}

uint32_t tw_goods_find(struct tw_slice word)
{
	return word_find(goods_words, word);
}

/* ---- loading ---- */

/* "arms+ammunition" -> bits. @return 0 when one of the words is unknown */
static uint32_t goods_of(struct tw_slice text)
{
	uint32_t goods = 0;
	while (text.len) {
		const char *plus = memchr(text.ptr, '+', text.len);
		struct tw_slice word = {text.ptr, plus ? (uint32_t)(plus - text.ptr) : text.len};
		uint32_t one = tw_goods_find(word);
		if (!one) {
			return 0;
		}
		goods |= one;
		uint32_t used = word.len + (plus ? 1 : 0);
		text = (struct tw_slice){text.ptr + used, text.len - used};
	}
	return goods;
}

static const char *find(struct tw_slice text, const char *word)
{
	return text.len ? memmem(text.ptr, text.len, word, strlen(word)) : NULL;
}

/* The notes carry four machine-readable tokens; feeds/embargoes/README.md lists them. An unverified renewal must say since when. */
static bool notes_read(struct tw_slice notes, struct tw_embargo *row)
{
	static const char token[] = "verified_until=";
	const char *at = find(notes, token);
	row->binding = !find(notes, "voluntary") && !find(notes, "NOT IN EFFECT");
	row->verified_until = TW_DAY_OPEN;
	if (!at) {
		return !find(notes, "RENEWAL NOT VERIFIED");
	}
	at += sizeof(token) - 1;
	uint32_t left = (uint32_t)(notes.ptr + notes.len - at);
	return tw_date_parse((struct tw_slice){at, left < 10 ? left : 10}, &row->verified_until);
}

static enum tw_code interval_read(const struct tw_csv *csv, struct tw_embargo *row, struct tw_error *err)
{
	struct tw_slice start = csv->field[COLUMN_START], end = csv->field[COLUMN_END];
	row->end = TW_DAY_OPEN;
	if (!tw_date_parse(start, &row->start)) {
		return tw_csv_fail(csv, TW_E_RANGE, "legal_start is not a date", start, err);
	}
	if (end.len && !tw_date_parse(end, &row->end)) {
		return tw_csv_fail(csv, TW_E_RANGE, "legal_end is not a date", end, err);
	}
	if (row->start >= row->end) {
		return tw_csv_fail(csv, TW_E_RANGE, "legal_end is not after legal_start", end, err);
	}
	return TW_OK;
}

static enum tw_code row_read(const struct tw_csv *csv, struct tw_embargo *row, struct tw_error *err)
{
	const struct tw_slice *field = csv->field;
	*row = (struct tw_embargo){
	    .id = field[COLUMN_ID],
	    .issuer = field[COLUMN_ISSUER],
	    .regime = field[COLUMN_REGIME],
	    .target = (enum tw_embargo_target)word_find(target_words, field[COLUMN_TARGET_KIND]),
	    .country = tw_country_code(field[COLUMN_COUNTRY]),
	    .group = field[COLUMN_GROUP],
	    .goods = goods_of(field[COLUMN_GOODS]),
	    .directions = word_find(direction_words, field[COLUMN_DIRECTION]),
	    .instrument = field[COLUMN_INSTRUMENT],
	    .instrument_end = field[COLUMN_INSTRUMENT_END],
	    .exemptions = field[COLUMN_EXEMPTIONS],
	    .source = field[COLUMN_SOURCE],
	    .confidence = (enum tw_confidence)word_find(confidence_words, field[COLUMN_CONFIDENCE]),
	    .line = csv->line,
	};
	const struct {
		bool good;
		const char *what;
		enum column column;
	} checks[] = {
	    {row->id.len != 0, "a row without an id", COLUMN_ID},
	    {row->target != 0, "unknown target_kind", COLUMN_TARGET_KIND},
	    {row->country != 0 || field[COLUMN_COUNTRY].len == 0, "target_country is not a two-letter code", COLUMN_COUNTRY},
	    {row->country != 0 || row->target == TW_TARGET_ENTITY_GROUP, "only listed groups may be without a target_country", COLUMN_COUNTRY},
	    {row->goods != 0, "unknown goods", COLUMN_GOODS},
	    {row->directions != 0, "unknown direction", COLUMN_DIRECTION},
	    {row->instrument.len != 0, "a row without an instrument", COLUMN_INSTRUMENT},
	    {row->source.len != 0, "a row without a source", COLUMN_SOURCE},
	    {row->confidence != 0, "unknown confidence", COLUMN_CONFIDENCE},
	    {notes_read(field[COLUMN_NOTES], row), "verified_until is not a date, or missing", COLUMN_NOTES},
	};
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (!checks[i].good) {
			return tw_csv_fail(csv, TW_E_RANGE, checks[i].what, field[checks[i].column], err);
		}
	}
	return interval_read(csv, row, err);
}

static bool id_taken(const struct tw_embargoes *embargoes, struct tw_slice id)
{
	const struct tw_embargo *row = embargoes->rows.data;
	for (uint32_t i = 0; i < embargoes->rows.count; i++) {
		if (tw_slice_equal(row[i].id, id)) {
			return true;
		}
	}
	return false;
}

static enum tw_code rows_read(struct tw_embargoes *embargoes, struct tw_csv *csv, struct tw_error *err)
{
	for (;;) {
		struct tw_embargo row;
		enum tw_code code = tw_csv_next(csv, err);
		if (code != TW_OK || !csv->count) {
			return code;
		}
		code = row_read(csv, &row, err);
		if (code != TW_OK) {
			return code;
		}
		if (id_taken(embargoes, row.id)) {
			return tw_csv_fail(csv, TW_E_CONFLICT, "an id stated twice", row.id, err);
		}
		struct tw_embargo *kept = tw_list_push(&embargoes->arena, &embargoes->rows, sizeof(*kept));
		if (!kept) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the embargoes", NULL, NULL);
		}
		*kept = row;
	}
}

static int by_country(const void *left, const void *right)
{
	const struct tw_embargo *const *a = left, *const *b = right;
	if ((*a)->country != (*b)->country) {
		return (*a)->country < (*b)->country ? -1 : 1;
	}
	return (*a > *b) - (*a < *b);
}

static enum tw_code rows_order(struct tw_embargoes *embargoes, struct tw_error *err)
{
	const uint32_t count = embargoes->rows.count;
	const struct tw_embargo *rows = embargoes->rows.data;
	const struct tw_embargo **order = tw_arena_alloc_raw(&embargoes->arena, count * sizeof(*order));
	if (!order) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the embargoes", NULL, NULL);
	}
	for (uint32_t i = 0; i < count; i++) {
		order[i] = &rows[i];
	}
	qsort(order, count, sizeof(*order), by_country);
	embargoes->by_country = order;
	return TW_OK;
}

static enum tw_code load(struct tw_embargoes *embargoes, const char *path, struct tw_error *err)
{
	struct tw_csv csv;
	struct tw_slice bytes = {NULL, 0};
	enum tw_code code = tw_file_read(path, FILE_BYTES_MAX, &embargoes->arena, &bytes, err);
	if (code == TW_OK) {
		code = tw_sha256_hex(bytes.ptr, bytes.len, embargoes->digest, err);
	}
	if (code == TW_OK) {
		tw_csv_init(&csv, path, bytes, &embargoes->arena);
		code = tw_csv_header(&csv, header, COLUMNS, err);
	}
	if (code == TW_OK) {
		code = rows_read(embargoes, &csv, err);
	}
	if (code == TW_OK && !embargoes->rows.count) {
		code = tw_fail(err, TW_E_MISSING, TW_STOP, "an embargo file without a row", path, NULL);
	}
	return code == TW_OK ? rows_order(embargoes, err) : code;
}

enum tw_code tw_embargoes_load(const char *path, struct tw_embargoes **out, struct tw_error *err)
{
	struct tw_embargoes *embargoes = calloc(1, sizeof(*embargoes));
	if (!embargoes) {
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the embargoes", NULL, NULL);
	}
	tw_arena_init(&embargoes->arena, ARENA_BLOCK_BYTES, 0);
	enum tw_code code = load(embargoes, path, err);
	if (code != TW_OK) {
		tw_embargoes_free(embargoes);
		return code;
	}
	*out = embargoes;
	return TW_OK;
}

void tw_embargoes_free(struct tw_embargoes *embargoes)
{
	if (embargoes) {
		tw_arena_fini(&embargoes->arena);
		free(embargoes);
	}
}

struct tw_slice tw_embargoes_digest(const struct tw_embargoes *embargoes)
{
	return tw_slice_str(embargoes->digest);
}

const struct tw_embargo *tw_embargoes_rows(const struct tw_embargoes *embargoes, uint32_t *count)
{
	*count = embargoes->rows.count;
	return embargoes->rows.data;
}

/* ---- the question ---- */

/* What a row's words include: "arms and related materiel of all types" is every class of arms, "arms" is weapons without ammunition. */
static uint32_t goods_included(uint32_t goods)
{
	const uint32_t weapons = TW_GOODS_ARMS | TW_GOODS_LIGHT | TW_GOODS_HEAVY;
	if (goods & TW_GOODS_ALL) {
		return UINT32_MAX;
	}
	goods |= goods & TW_GOODS_ARMS_AND_RELATED ? weapons | TW_GOODS_AMMUNITION : 0;
	goods |= goods & TW_GOODS_ARMS ? weapons : 0;
	return goods;
}

static bool in_force(const struct tw_embargo *row, const struct tw_embargo_query *query)
{
	return row->country != 0 && row->country == query->country && row->start <= query->day && query->day < row->end &&
	       (row->directions & query->directions) && (goods_included(row->goods) & query->goods) &&
	       (!query->targets || (query->targets >> row->target & 1U));
}

/* Smaller comes first: binding, then how sure, then the Security Council; the file's order decides the rest. */
static uint32_t precedence(const struct tw_embargo *row)
{
	return (row->binding ? 0U : 8U) + (uint32_t)row->confidence * 2U + (tw_slice_is(row->issuer, "UN") ? 0U : 1U);
}

/* Where the rows of a country begin. */
static uint32_t country_start(const struct tw_embargoes *embargoes, uint16_t country)
{
	uint32_t low = 0, high = embargoes->rows.count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (embargoes->by_country[middle]->country < country) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

uint32_t tw_embargoes_in_force(const struct tw_embargoes *embargoes, const struct tw_embargo_query *query, const struct tw_embargo **out,
                               uint32_t room)
{
	const struct tw_embargo *const *row = embargoes->by_country;
	uint32_t found = 0;
	for (uint32_t i = country_start(embargoes, query->country); i < embargoes->rows.count && row[i]->country == query->country; i++) {
		if (!in_force(row[i], query)) {
			continue;
		}
		uint32_t at = found < room ? found : room;
		while (at > 0 && precedence(out[at - 1]) > precedence(row[i])) {
			if (at < room) {
				out[at] = out[at - 1];
			}
			at--;
		}
		if (at < room) {
			out[at] = row[i];
		}
		found++;
	}
	return found;
}
