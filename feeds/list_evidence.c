/**
 * @file list_evidence.c
 * What else is known of two bearers of a name: birth date, country, address, numbers, each as a part of the similarity.
 *
 * Only what both sides state speaks; silence is no evidence. What agrees adds; a birth date or a country that contradicts takes off. People move and
 * have several addresses: only where all that are stated lie in other countries or towns, a little is taken off. A number that differs costs nothing.
 * Source of all amounts: project's choice; what is compared follows OFAC, FAQ 5 (the whole entry: address, nationality, birth date).
 */
#include "engine/base/arena.h"
#include "engine/base/text.h"
#include "feeds/address.h"
#include "feeds/list_index.h"

#define BIRTH_DAY_PPM       60000
#define BIRTH_YEAR_PPM      30000
#define BIRTH_AGAINST_PPM   (-200000) /* an equal name with another birth is then below the similarity from which rules hold */
#define COUNTRY_PPM         30000
#define COUNTRY_AGAINST_PPM (-40000)
/* Of what is taken off because a name says little, so much again where its country is another: of a common name there are bearers in every country.
 * Source: the project's choice; names altered by hand against names near listed ones: area under the curve 0.947 to 0.949. */
#define COMMON_AGAINST_HALF 2
#define ADDRESS_PPM         40000
#define ADDRESS_PPM_MIN     30000
#define CITY_PPM            15000
#define ELSEWHERE_PPM       (-5000)
#define NUMBER_PPM          100000

#define CIRCA_YEARS 2

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

static int32_t country_part(const struct tw_list_entry *entry, const struct tw_list_query *query, int32_t rarity_ppm)
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
	return stated ? COUNTRY_AGAINST_PPM + rarity_ppm / COMMON_AGAINST_HALF : 0;
}

bool tw_list_holds_words(struct tw_slice whole, struct tw_slice words)
{
	const char *at = words.len && whole.len ? memmem(whole.ptr, whole.len, words.ptr, words.len) : NULL;
	if (!at) {
		return false;
	}
	const char *end = at + words.len;
	return (at == whole.ptr || at[-1] == ' ') && (end == whole.ptr + whole.len || *end == ' ');
}

/* Is it the address's town, or whole words of it where its town is not told apart? */
static bool names_city(const struct tw_list_address *address, struct tw_slice city, struct tw_arena *scratch)
{
	struct tw_slice wanted = tw_text_fold(city, scratch), text = tw_text_fold(address->city.len ? address->city : address->text, scratch);
	return (!address->city.len || wanted.len == text.len) && tw_list_holds_words(text, wanted);
}

/* The nearer two addresses are, the more they add. Below 0 both are told to be elsewhere; where a town is not told apart that is not known. */
static int32_t address_agreement(const struct tw_list_address *a, const struct tw_list_address *b, struct tw_arena *scratch)
{
	if (a->country && b->country && a->country != b->country) {
		return ELSEWHERE_PPM;
	}
	int32_t ppm = a->text.len && b->text.len ? tw_address_compare(a->text, b->text, scratch) : 0;
	if (ppm >= TW_ADDRESS_PPM_MIN) {
		return ADDRESS_PPM_MIN +
		       (int32_t)((int64_t)(ADDRESS_PPM - ADDRESS_PPM_MIN) * (ppm - TW_ADDRESS_PPM_MIN) / (TW_PPM - TW_ADDRESS_PPM_MIN));
	}
	if (names_city(a, b->city, scratch) || names_city(b, a->city, scratch)) {
		return CITY_PPM;
	}
	return a->city.len && b->city.len ? ELSEWHERE_PPM : 0;
}

static int32_t address_part(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch)
{
	int32_t best = ELSEWHERE_PPM;
	bool stated = false;
	for (uint32_t i = 0; i < query->address_count; i++) {
		for (uint32_t j = 0; j < entry->address_count; j++) {
			struct tw_list_address listed = tw_list_entry_address(entry, j);
			int32_t ppm = address_agreement(&query->addresses[i], &listed, scratch);
			best = ppm > best ? ppm : best;
			stated = true;
		}
	}
	return stated ? best : 0;
}

/* Under which scheme two numbers are compared: their own; none that is said meets each that stands alone. Empty: they are of two kinds. */
static struct tw_slice common_scheme(struct tw_slice a, struct tw_slice b)
{
	struct tw_slice any = tw_slice_str(TW_LIST_ANY_NUMBER);
	if (tw_slice_equal(a, b)) {
		return a;
	}
	bool meets = (tw_slice_equal(a, any) && tw_list_scheme_stands_alone(b)) || (tw_slice_equal(b, any) && tw_list_scheme_stands_alone(a));
	return meets ? any : (struct tw_slice){"", 0};
}

static int32_t number_part(const struct tw_list_entry *entry, const struct tw_list_query *query, struct tw_arena *scratch)
{
	for (uint32_t i = 0; i < query->number_count; i++) {
		struct tw_slice scheme = tw_list_scheme_find(query->numbers[i].scheme), mine, theirs;
		for (uint32_t j = 0; scheme.len && j < entry->identifier_count; j++) {
			struct tw_list_identifier listed = tw_list_entry_identifier(entry, j);
			struct tw_slice common = common_scheme(scheme, listed.scheme);
			if (common.len && tw_list_identifier_key(common, query->numbers[i].value, scratch, &mine) &&
			    tw_list_identifier_key(common, listed.value, scratch, &theirs) && mine.len && tw_slice_equal(mine, theirs)) {
				return NUMBER_PPM;
			}
		}
	}
	return 0;
}

uint32_t tw_list_evidence(const struct tw_list_entry *entry, const struct tw_list_query *query, int32_t rarity_ppm, struct tw_arena *scratch,
                          struct tw_match_part *out)
{
	struct tw_arena_mark mark = tw_arena_mark(scratch);
	const struct tw_match_part parts[] = {{"birth_date", birth_part(entry, query)},
	                                      {"country", country_part(entry, query, rarity_ppm)},
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
