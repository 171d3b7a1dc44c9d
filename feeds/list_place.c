/**
 * @file list_place.c
 * One address against the index: keys, the addresses that share one, and of those the ones that are the same place.
 *
 *     address part   500,000 less half of what the two addresses lack to equal ones
 *     the others     list_evidence.c, but for the address
 */
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "feeds/address.h"
#include "feeds/address_key.h"
#include "feeds/list_index.h"

/* With all other evidence it stays under what rules ask of a name. Source: project's choice. */
#define PLACE_PPM 500000
/* Addresses of one key that are compared, the first ones. Of four lists one key has more: a parliament, 405 times, of which TW_HITS_MAX are shown. */
#define CANDIDATES_MAX 256U

struct hit {
	uint32_t entry, address;
	int32_t ppm; /* of the two addresses */
};

/* One question. */
struct locating {
	const struct tw_list_index *index;
	const struct tw_list_query *query;
	struct tw_arena *arena;
	struct hit hit[TW_HITS_MAX]; /* by entry */
	uint32_t count;
	uint32_t hidden[TW_HITS_MAX]; /* entries that are there but hidden */
	uint32_t hidden_count;
};

/* Towns told apart, neither in the other's words: "Portmoor" and "Portmoor City" are one. */
static bool towns_differ(struct tw_slice a, struct tw_slice b, struct tw_arena *scratch)
{
	struct tw_slice left = tw_text_fold(a, scratch), right = tw_text_fold(b, scratch);
	return left.len && right.len && !tw_list_holds_words(right, left) && !tw_list_holds_words(left, right);
}

/* An address as it stands, and with the town that stands beside it: whether that is in the text too, each writer decides. */
struct written {
	struct tw_slice way[2];
	uint32_t ways;
};

/* @return false: no memory */
static bool write_both(const struct tw_list_address *address, struct tw_arena *arena, struct written *out)
{
	out->way[0] = address->text;
	out->ways = address->city.len ? 2 : 1;
	if (address->city.len) {
		out->way[1] =
		    tw_arena_format(arena, "%.*s, %.*s", (int)address->text.len, address->text.ptr, (int)address->city.len, address->city.ptr);
	}
	return out->ways == 1 || out->way[1].ptr;
}

static int32_t agreement(const struct tw_list_address *asked, const struct written *written, const struct tw_list_address *listed,
                         struct tw_arena *scratch)
{
	struct written theirs;
	int32_t best = 0;
	if ((asked->country && listed->country && asked->country != listed->country) || towns_differ(asked->city, listed->city, scratch) ||
	    !write_both(listed, scratch, &theirs)) {
		return 0;
	}
	for (uint32_t i = 0; i < written->ways * theirs.ways; i++) {
		int32_t ppm = tw_address_compare(written->way[i / theirs.ways], theirs.way[i % theirs.ways], scratch);
		best = ppm > best ? ppm : best;
	}
	return best;
}

static bool is_nearer(const struct hit *a, const struct hit *b)
{
	return a->ppm != b->ppm ? a->ppm > b->ppm : a->entry != b->entry ? a->entry < b->entry : a->address < b->address;
}

/* Of an entry's addresses the nearest stays; without room the farthest hit gives way. */
static void keep(struct locating *locating, const struct hit *hit)
{
	uint32_t at = locating->count, farthest = 0;
	for (uint32_t i = 0; i < locating->count; i++) {
		at = locating->hit[i].entry == hit->entry ? i : at;
		farthest = is_nearer(&locating->hit[farthest], &locating->hit[i]) ? i : farthest;
	}
	at = at < TW_HITS_MAX ? at : farthest;
	if (at == locating->count || is_nearer(hit, &locating->hit[at])) {
		locating->count += at == locating->count;
		locating->hit[at] = *hit;
	}
}

/* Each is counted once. */
static bool is_hidden(struct locating *locating, uint32_t entry)
{
	struct tw_list_filter *filter = locating->query->filter;
	struct tw_list_entry asked = tw_list_entry_view(locating->index, entry);
	if (!filter || !filter->hides(filter->context, asked.list, asked.id)) {
		return false;
	}
	for (uint32_t i = 0; i < locating->hidden_count; i++) {
		if (locating->hidden[i] == entry) {
			return true;
		}
	}
	filter->hidden++;
	if (locating->hidden_count < TW_HITS_MAX) {
		locating->hidden[locating->hidden_count++] = entry;
	}
	return true;
}

static void on_key(struct locating *locating, struct tw_slice key, const struct tw_list_address *asked, const struct written *written)
{
	uint32_t count = 0;
	const struct tw_list_posting *posting = tw_list_table_find(&locating->index->places, key, &count);
	for (uint32_t i = 0; posting && i < count && i < CANDIDATES_MAX; i++) {
		const struct tw_list_address_row *row = &locating->index->address[posting[i].entry];
		const struct tw_list_address listed = {tw_list_text_of(locating->index, row->text), tw_list_text_of(locating->index, row->city),
		                                       (uint16_t)row->country};
		struct tw_arena_mark mark = tw_arena_mark(locating->arena);
		struct hit hit = {posting[i].item, posting[i].entry, agreement(asked, written, &listed, locating->arena)};
		tw_arena_rewind(locating->arena, mark);
		if (hit.ppm >= TW_LIST_PLACE_PPM_MIN && !is_hidden(locating, hit.entry)) {
			keep(locating, &hit);
		}
	}
}

static bool locate_one(struct locating *locating, const struct tw_list_address *asked)
{
	struct tw_address_keys keys;
	struct written written;
	if (!write_both(asked, locating->arena, &written) || !tw_address_keys(written.way[written.ways - 1], asked->city, locating->arena, &keys)) {
		return false;
	}
	for (uint32_t i = 0; i < keys.count; i++) {
		on_key(locating, keys.key[i], asked, &written);
	}
	return true;
}

/* What decides whether an address hits: text, town and country. */
static struct tw_hash128 address_hash(const struct tw_list_address *asked)
{
	struct tw_hash128 text = tw_hash128(asked->text.ptr, asked->text.len), town = tw_hash128(asked->city.ptr, asked->city.len);
	const uint64_t all[] = {text.low, text.high, town.low, town.high, asked->country};
	return tw_hash128(all, sizeof(all));
}

/* Most addresses have no key that is listed; of the others most come again and are nobody's. */
static bool locate_known(struct locating *locating, const struct tw_list_address *asked)
{
	struct tw_list_memo *memo = locating->query->memo;
	if (memo && !tw_list_memo_passes(memo, asked->text, asked->city)) {
		return true;
	}
	struct tw_hash128 hash = memo ? address_hash(asked) : (struct tw_hash128){0, 0};
	if (memo && tw_list_memo_knows(memo, hash)) {
		return true;
	}
	struct tw_arena_mark mark = tw_arena_mark(locating->arena);
	bool fits = locate_one(locating, asked);
	tw_arena_rewind(locating->arena, mark);
	if (fits && memo && locating->count + locating->hidden_count == 0) {
		tw_list_memo_note(memo, hash);
	}
	return fits;
}

static struct tw_match match_of(const struct locating *locating, const struct hit *hit)
{
	const struct tw_list_index *index = locating->index;
	const struct tw_list_entry entry = tw_list_entry_view(index, hit->entry);
	struct tw_list_query others = *locating->query;
	struct tw_match match = {.list = entry.list,
	                         .entry = entry.id,
	                         .name = tw_list_text_of(index, index->address[hit->address].text),
	                         .programme = entry.programme,
	                         .kind = entry.kind,
	                         .quality = TW_NAME_PRIMARY,
	                         .measures = entry.measures,
	                         .listed_on = entry.listed_on,
	                         .basis = TW_MATCH_ADDRESS,
	                         .part = {{"address", PLACE_PPM - (TW_PPM - hit->ppm) / 2}},
	                         .part_count = 1};
	others.address_count = 0;
	match.part_count += tw_list_evidence(&entry, &others, 0, locating->arena, &match.part[1]);
	int32_t sum = 0;
	for (uint32_t i = 0; i < match.part_count; i++) {
		sum += match.part[i].ppm;
	}
	match.similarity_ppm = (uint32_t)(sum < 0 ? 0 : sum);
	return match;
}

static bool comes_before(const struct tw_match *a, const struct tw_match *b)
{
	int order = tw_slice_compare(a->list, b->list);
	order = order ? order : tw_slice_compare(a->entry, b->entry);
	return a->similarity_ppm != b->similarity_ppm ? a->similarity_ppm > b->similarity_ppm : order < 0;
}

static enum tw_code no_memory(struct tw_error *err)
{
	return tw_fail(err, TW_E_MEMORY, TW_REJECT, "no memory for list hits", NULL, NULL);
}

static enum tw_code answer(const struct locating *locating, struct tw_matches *out, struct tw_error *err)
{
	struct tw_match *match = locating->count ? tw_arena_alloc_raw(locating->arena, locating->count * sizeof(*match)) : NULL;
	if (locating->count && !match) {
		return no_memory(err);
	}
	for (uint32_t i = 0; i < locating->count; i++) {
		struct tw_match found = match_of(locating, &locating->hit[i]);
		uint32_t at = i;
		for (; at && comes_before(&found, &match[at - 1]); at--) {
			match[at] = match[at - 1];
		}
		match[at] = found;
	}
	*out = (struct tw_matches){match, locating->count};
	return TW_OK;
}

enum tw_code tw_list_index_locate(const struct tw_list_index *index, const struct tw_list_query *query, struct tw_arena *arena,
                                  struct tw_matches *out, struct tw_error *err)
{
	struct locating locating;
	locating.index = index;
	locating.query = query;
	locating.arena = arena;
	locating.count = 0;
	locating.hidden_count = 0;
	for (uint32_t i = 0; i < query->address_count; i++) {
		if (query->addresses[i].text.len && !locate_known(&locating, &query->addresses[i])) {
			return no_memory(err);
		}
	}
	return answer(&locating, out, err);
}
