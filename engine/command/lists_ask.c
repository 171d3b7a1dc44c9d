/**
 * @file lists_ask.c
 * See lists_ask.h.
 */
#include "engine/command/lists_ask.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/list_date.h"
#include "feeds/list_index.h"

#define IMO_DIGITS 7

/* Seven digits without a scheme are a ship's or a fleet's number too. */
#define NUMBERS_MAX 3

/* One question: its hits while they are being gathered. */
struct asking {
	const struct tw_list_index *index;
	const struct tw_known_good *known;
	const struct tw_lists_query *query;
	struct tw_arena *arena;
	struct tw_list hits, aside;       /* struct tw_lists_hit */
	struct tw_slice known_numbers[2]; /* what the party states, for the known good */
	struct tw_slice hit_number;       /* the one that is asked now; empty: a name or an address is */
};

const char *tw_agreement_name(enum tw_agreement agreement)
{
	static const char *const words[] = {"", "agrees", "contradicts", "counts neither way", "entry states none"};
	return words[agreement];
}

const char *tw_listed_name(enum tw_listed listed)
{
	static const char *const words[] = {"", "listed", "unknown", "not yet", "no more"};
	return words[listed];
}

bool tw_lists_kind_read(struct tw_slice word, struct tw_lists_query *query)
{
	static const struct {
		const char *word;
		enum tw_entry_kind kind;
	} kinds[] = {{"person", TW_ENTRY_PERSON},
	             {"individual", TW_ENTRY_PERSON},
	             {"organisation", TW_ENTRY_ORGANISATION},
	             {"organization", TW_ENTRY_ORGANISATION},
	             {"company", TW_ENTRY_ORGANISATION},
	             {"entity", TW_ENTRY_ORGANISATION},
	             {"vessel", TW_ENTRY_VESSEL},
	             {"ship", TW_ENTRY_VESSEL},
	             {"aircraft", TW_ENTRY_AIRCRAFT}};
	query->any_kind = word.len == 0 || tw_slice_is(word, "any");
	query->kind = TW_ENTRY_UNKNOWN;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		query->kind = tw_slice_is(word, kinds[i].word) ? kinds[i].kind : query->kind;
	}
	return query->any_kind || query->kind != TW_ENTRY_UNKNOWN;
}

bool tw_lists_country_read(struct tw_slice text, struct tw_lists_query *query)
{
	query->country = tw_country_code(text);
	return text.len == 0 || query->country != 0;
}

bool tw_lists_birth_read(struct tw_slice text, struct tw_lists_query *query)
{
	query->birth = (struct tw_list_date){0};
	return text.len == 0 || tw_list_date_read(text, TW_DATE_DAY_FIRST, &query->birth, NULL);
}

/* The index's own word, so that search never says otherwise than the similarity does. */
static enum tw_agreement agreement_of(const struct tw_match *match, const char *feature, bool asked, uint32_t stated)
{
	if (!asked) {
		return TW_NOT_ASKED;
	}
	for (uint32_t i = 0; i < match->part_count; i++) {
		if (strcmp(match->part[i].feature, feature) == 0 && match->part[i].ppm) {
			return match->part[i].ppm > 0 ? TW_AGREES : TW_CONTRADICTS;
		}
	}
	return stated ? TW_UNDECIDED : TW_ENTRY_SILENT;
}

static struct tw_known_subject subject_of(const struct asking *asking)
{
	const struct tw_lists_query *query = asking->query;
	struct tw_known_subject subject = {.name = query->name,
	                                   .identifiers = asking->known_numbers,
	                                   .identifier_count = sizeof(asking->known_numbers) / sizeof(asking->known_numbers[0]),
	                                   .country = query->country,
	                                   .day_stated = true,
	                                   .day = query->day};
	subject.hit_identifier = asking->hit_number;
	return subject;
}

static void decision_find(const struct asking *asking, struct tw_lists_hit *hit)
{
	const struct tw_match *match = &hit->match;
	const struct tw_known_subject subject = subject_of(asking);
	hit->known = tw_known_good_find(asking->known, match->list, match->entry, &subject, asking->arena);
	hit->known_expired = hit->known ? NULL : tw_known_good_expired(asking->known, match->list, match->entry, &subject, asking->arena);
}

/* The search asks it, as screening does: what is hidden takes no place among the hits. */
struct suspect {
	const struct asking *asking;
	struct tw_known_subject subject;
};

static bool is_known_good(void *context, struct tw_slice list, struct tw_slice entry)
{
	const struct suspect *suspect = context;
	return tw_known_good_find(suspect->asking->known, list, entry, &suspect->subject, suspect->asking->arena) != NULL;
}

static bool keep(struct asking *asking, const struct tw_match *match)
{
	const struct tw_lists_query *query = asking->query;
	struct tw_lists_hit hit = {.match = *match};
	if (match->similarity_ppm < query->similarity_min_ppm || !tw_list_index_entry(asking->index, match->list, match->entry, &hit.entry)) {
		return true;
	}
	hit.country = agreement_of(match, "country", query->country != 0, hit.entry.country_count);
	hit.birth = agreement_of(match, "birth_date", query->birth.year != 0, hit.entry.birth_count);
	hit.address = agreement_of(match, "address", query->address.len != 0, hit.entry.address_count);
	hit.identifier = agreement_of(match, "identifier", query->number.asked.value.len != 0, hit.entry.identifier_count);
	hit.listed = query->on.year ? tw_list_entry_on(&hit.entry, query->on) : (enum tw_listed)0;
	decision_find(asking, &hit);
	bool aside = hit.known || hit.listed == TW_LISTED_NOT_YET || hit.listed == TW_LISTED_NO_MORE;
	struct tw_lists_hit *kept = tw_list_push(asking->arena, aside ? &asking->aside : &asking->hits, sizeof(*kept));
	if (kept) {
		*kept = hit;
	}
	return kept != NULL;
}

/* @param hidden only what the known good hides: the rest was gathered before */
static enum tw_code gather(struct asking *asking, const struct tw_matches *matches, const struct tw_list_filter *hidden, struct tw_error *err)
{
	for (uint32_t i = 0; i < matches->count; i++) {
		const struct tw_match *match = &matches->match[i];
		if (hidden && !hidden->hides(hidden->context, match->list, match->entry)) {
			continue;
		}
		if (!keep(asking, match)) {
			return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for the hits of a name", NULL, NULL);
		}
	}
	return TW_OK;
}

static bool seven_digits(struct tw_slice text)
{
	uint32_t digits = 0;
	while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') {
		digits++;
	}
	return digits == IMO_DIGITS && digits == text.len;
}

/* @param out room for NUMBERS_MAX @return how many there are: the number under each scheme that it may be of */
static uint32_t numbers_of(struct tw_list_number stated, struct tw_list_number *out)
{
	uint32_t count = 0;
	if (!stated.value.len) {
		return 0;
	}
	out[count++] = (struct tw_list_number){stated.scheme.len ? stated.scheme : tw_slice_str(TW_LIST_ANY_NUMBER), stated.value};
	if (!stated.scheme.len && seven_digits(stated.value)) {
		out[count++] = (struct tw_list_number){tw_slice_str("imo"), stated.value};
		out[count++] = (struct tw_list_number){tw_slice_str("imo_company"), stated.value};
	}
	return count;
}

typedef enum tw_code find_hits(const struct tw_list_index *, const struct tw_list_query *, struct tw_arena *, struct tw_matches *, struct tw_error *);

/* @param find by name, or by address */
static enum tw_code ask_party(struct asking *asking, find_hits *find, enum tw_entry_kind kind, struct tw_error *err)
{
	struct tw_matches matches = {NULL, 0};
	struct tw_list_number numbers[NUMBERS_MAX];
	const struct tw_lists_query *asked = asking->query;
	struct suspect suspect = {asking, subject_of(asking)};
	struct tw_list_filter filter = {.hides = is_known_good, .context = &suspect};
	const struct tw_list_address address = {.text = asked->address, .country = asked->country};
	struct tw_list_query query = {.name = asked->name,
	                              .kind = kind,
	                              .countries = &asked->country,
	                              .country_count = asked->country != 0,
	                              .births = &asked->birth,
	                              .birth_count = asked->birth.year != 0,
	                              .addresses = &address,
	                              .address_count = asked->address.len != 0,
	                              .numbers = numbers,
	                              .number_count = numbers_of(asked->number.asked, numbers),
	                              .filter = asking->known ? &filter : NULL,
	                              .memo = asked->memo};
	enum tw_code code = find(asking->index, &query, asking->arena, &matches, err);
	code = code == TW_OK ? gather(asking, &matches, NULL, err) : code;
	if (code == TW_OK && filter.hidden) { /* a person wants to see them, aside */
		query.filter = NULL;
		code = find(asking->index, &query, asking->arena, &matches, err);
		code = code == TW_OK ? gather(asking, &matches, &filter, err) : code;
	}
	return code;
}

static enum tw_code ask_scheme(struct asking *asking, struct tw_slice scheme, struct tw_slice number, struct tw_error *err)
{
	struct tw_matches matches = {NULL, 0};
	asking->hit_number = number;
	struct suspect suspect = {asking, subject_of(asking)};
	struct tw_list_filter filter = {.hides = is_known_good, .context = &suspect};
	enum tw_code code = tw_list_index_identify_but(asking->index, scheme, number, asking->known ? &filter : NULL, asking->arena, &matches, err);
	code = code == TW_OK ? gather(asking, &matches, NULL, err) : code;
	if (code == TW_OK && filter.hidden) {
		code = tw_list_index_identify(asking->index, scheme, number, asking->arena, &matches, err);
		code = code == TW_OK ? gather(asking, &matches, &filter, err) : code;
	}
	asking->hit_number = (struct tw_slice){"", 0};
	return code;
}

static enum tw_code ask_number(struct asking *asking, struct tw_list_number number, struct tw_error *err)
{
	struct tw_list_number numbers[NUMBERS_MAX];
	uint32_t count = numbers_of(number, numbers);
	enum tw_code code = TW_OK;
	for (uint32_t i = 0; code == TW_OK && i < count; i++) { /* without a scheme: of each that stands alone, not of "identifier" only */
		code = ask_scheme(asking, i == 0 ? number.scheme : numbers[i].scheme, number.value, err);
	}
	return code;
}

static enum tw_code ask_name(struct asking *asking, struct tw_error *err)
{
	static const enum tw_entry_kind kinds[] = {TW_ENTRY_UNKNOWN, TW_ENTRY_VESSEL, TW_ENTRY_AIRCRAFT};
	const struct tw_lists_query *query = asking->query;
	if (!query->any_kind) {
		return ask_party(asking, tw_list_index_search, query->kind, err);
	}
	enum tw_code code = TW_OK;
	for (size_t i = 0; code == TW_OK && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		code = ask_party(asking, tw_list_index_search, kinds[i], err);
	}
	return code == TW_OK ? ask_number(asking, (struct tw_list_number){{"", 0}, query->name}, err) : code;
}

static int hit_order(const void *a, const void *b)
{
	const struct tw_match *left = &((const struct tw_lists_hit *)a)->match, *right = &((const struct tw_lists_hit *)b)->match;
	if (left->similarity_ppm != right->similarity_ppm) {
		return left->similarity_ppm < right->similarity_ppm ? 1 : -1;
	}
	int order = tw_slice_compare(left->list, right->list);
	order = order ? order : tw_slice_compare(left->entry, right->entry);
	order = order ? order : (left->basis > right->basis) - (left->basis < right->basis);
	return order ? order : tw_slice_compare(left->scheme, right->scheme);
}

/* The best hit of each entry stays; one by number says whether the name hits too. */
static void order_hits(struct tw_list *hits)
{
	struct tw_lists_hit *all = hits->data;
	uint32_t kept = 0;
	if (hits->count) {
		qsort(all, hits->count, sizeof(*all), hit_order);
	}
	for (uint32_t i = 0; i < hits->count; i++) {
		bool twice = false;
		for (uint32_t j = 0; j < kept && !twice; j++) {
			twice = tw_slice_equal(all[j].match.list, all[i].match.list) && tw_slice_equal(all[j].match.entry, all[i].match.entry);
			if (twice && all[i].match.basis == TW_MATCH_IDENTIFIER && all[j].match.basis == TW_MATCH_NAME) {
				all[j] = all[i]; /* as similar as can be, both: the number says more */
				all[j].name_too = true;
			}
			all[j].name_too |= twice && all[i].match.basis == TW_MATCH_NAME && all[j].match.basis == TW_MATCH_IDENTIFIER;
		}
		if (!twice) {
			all[kept++] = all[i];
		}
	}
	hits->count = kept;
}

enum tw_code tw_lists_ask(const struct tw_list_index *index, const struct tw_known_good *known, const struct tw_lists_query *query,
                          struct tw_arena *arena, struct tw_lists_answer *out, struct tw_error *err)
{
	struct asking asking = {
	    .index = index, .known = known, .query = query, .arena = arena, .known_numbers = {query->identifier, query->number.asked.value}};
	enum tw_code code = query->name.len ? ask_name(&asking, err) : TW_OK;
	code = code == TW_OK ? ask_number(&asking, query->number.asked, err) : code;
	code = code == TW_OK && query->address.len ? ask_party(&asking, tw_list_index_locate, query->kind, err) : code;
	if (code != TW_OK) {
		return code;
	}
	order_hits(&asking.hits);
	order_hits(&asking.aside);
	uint32_t count = query->limit && asking.hits.count > query->limit ? query->limit : asking.hits.count;
	*out = (struct tw_lists_answer){asking.hits.data, count, asking.hits.count, asking.aside.data, asking.aside.count};
	return TW_OK;
}
