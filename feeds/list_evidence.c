/**
 * @file list_evidence.c
 * What else is known of two bearers of a name: birth date, country, address, numbers, each as a part of the similarity.
 *
 * Only what both sides state speaks; silence is no evidence. What agrees adds; a birth date or a country that contradicts takes off, an
 * address or a number that differs does not: people move, and have several.
 * Source of all amounts: project's choice; what is compared follows OFAC, FAQ 5 (the whole entry: address, nationality, birth date).
 */
#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/list_index.h"

#define BIRTH_DAY_PPM       60000
#define BIRTH_YEAR_PPM      30000
#define BIRTH_AGAINST_PPM   (-100000)
#define COUNTRY_PPM         20000
#define COUNTRY_AGAINST_PPM (-20000)
#define ADDRESS_PPM         40000
#define CITY_PPM            15000
#define NUMBER_PPM          100000

#define ADDRESS_TOKENS_MIN 3 /* "Main Street" is everywhere */
#define CIRCA_YEARS        2

/* 2: the day agrees; 1: as far as both say; 0: neither way; -1: another birth. */
static int birth_agreement(const struct tw_list_date *a, const struct tw_list_date *b)
{
	int apart = a->year > b->year ? a->year - b->year : b->year - a->year;
	bool circa = a->circa || b->circa;
	if (apart) {
		return apart > (circa ? CIRCA_YEARS : 1) ? -1 : 0; /* one year apart is a slip, or a calendar */
	}
	if (!a->month || !b->month || circa) {
		return 1;
	}
	if (a->month != b->month) {
		return 0;
	}
	return !a->day || !b->day ? 1 : a->day == b->day ? 2 : 0;
}

static int32_t birth_part(const struct tw_list_entry *entry, const struct tw_list_query *query)
{
	int best = -1;
	bool stated = false;
	for (uint32_t i = 0; i < entry->birth_count; i++) {
		for (uint32_t j = 0; j < query->birth_count; j++) {
			if (entry->births[i].year && query->births[j].year) {
				int agreement = birth_agreement(&entry->births[i], &query->births[j]);
				best = agreement > best ? agreement : best;
				stated = true;
			}
		}
	}
	static const int32_t ppm[] = {BIRTH_AGAINST_PPM, 0, BIRTH_YEAR_PPM, BIRTH_DAY_PPM};
	return stated ? ppm[best + 1] : 0;
}

static int32_t country_part(const struct tw_list_entry *entry, const struct tw_list_query *query)
{
	bool stated = false;
	for (uint32_t i = 0; i < query->country_count; i++) {
		for (uint32_t j = 0; j < entry->country_count && query->countries[i]; j++) {
			if (query->countries[i] == entry->countries[j]) {
				return COUNTRY_PPM;
			}
			stated = true;
		}
	}
	return stated ? COUNTRY_AGAINST_PPM : 0;
}

static uint32_t shared(const struct tw_name_tokens *a, const struct tw_name_tokens *b)
{
	uint64_t taken = 0;
	uint32_t count = 0;
	for (uint32_t i = 0; i < a->count; i++) {
		for (uint32_t j = 0; j < b->count; j++) {
			if (!(taken >> j & 1) && tw_slice_equal(a->token[i].text, b->token[j].text)) {
				taken |= UINT64_C(1) << j;
				count++;
				break;
			}
		}
	}
	return count;
}

static int32_t address_agreement(const struct tw_list_address *a, const struct tw_list_address *b, struct tw_arena *scratch)
{
	struct tw_name_tokens left, right;
	if (a->country && b->country && a->country != b->country) {
		return 0;
	}
	if (!tw_name_split(a->text, scratch, &left) || !tw_name_split(b->text, scratch, &right)) {
		return 0; /* no room for what only adds */
	}
	uint32_t shorter = left.count < right.count ? left.count : right.count;
	if (shorter >= ADDRESS_TOKENS_MIN && shared(&left, &right) * 3 >= shorter * 2) {
		return ADDRESS_PPM;
	}
	struct tw_slice here = tw_text_fold(a->city, scratch), there = tw_text_fold(b->city, scratch);
	return here.len && tw_slice_equal(here, there) ? CITY_PPM : 0;
}

static int32_t address_part(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch)
{
	int32_t best = 0;
	for (uint32_t i = 0; i < query->address_count; i++) {
		for (uint32_t j = 0; j < entry->address_count; j++) {
			struct tw_list_address listed = tw_list_entry_address(entry, j);
			int32_t ppm = address_agreement(&query->addresses[i], &listed, scratch);
			best = ppm > best ? ppm : best;
		}
	}
	return best;
}

static int32_t number_part(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch)
{
	for (uint32_t i = 0; i < query->number_count; i++) {
		struct tw_slice scheme = tw_list_scheme_find(query->numbers[i].scheme), mine, theirs;
		for (uint32_t j = 0; scheme.len && j < entry->identifier_count; j++) {
			struct tw_list_identifier listed = tw_list_entry_identifier(entry, j);
			if (tw_slice_equal(scheme, listed.scheme) && tw_list_identifier_key(scheme, query->numbers[i].value, scratch, &mine) &&
			    tw_list_identifier_key(scheme, listed.value, scratch, &theirs) && mine.len && tw_slice_equal(mine, theirs)) {
				return NUMBER_PPM;
			}
		}
	}
	return 0;
}

uint32_t tw_list_evidence(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch, struct tw_match_part *out)
{
	struct tw_arena_mark mark = tw_arena_mark(scratch);
	const struct tw_match_part parts[] = {{"birth_date", birth_part(entry, query)},
	                                      {"country", country_part(entry, query)},
	                                      {"address", address_part(entry, query, scratch)},
	                                      {"identifier", number_part(entry, query, scratch)}};
	uint32_t count = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (parts[i].ppm) {
			out[count++] = parts[i];
		}
	}
	tw_arena_rewind(scratch, mark);
	return count;
}
