/**
 * @file list_memo.c
 * See list_memo.h: made, forgotten and freed, and the addresses at which nothing is listed.
 */
#include <stdlib.h>

#include "feeds/list_memo.h"

#define BARE_ADDRESSES 4096U /* of those that the sieve lets through */

static bool sieve_fill(struct tw_address_sieve *sieve, const struct tw_list_table *places)
{
	if (!tw_address_sieve_init(sieve, places->group_count)) {
		return false;
	}
	for (uint32_t i = 0; i < places->group_count; i++) {
		uint32_t from = places->group[i].key, to = places->group[i + 1].key;
		tw_address_sieve_add(sieve, (struct tw_slice){places->key + from, to - from});
	}
	return true;
}

enum tw_code tw_list_memo_new(const struct tw_list_index *index, struct tw_list_memo **out, struct tw_error *err)
{
	struct tw_list_memo *memo = calloc(1, sizeof(*memo));
	bool fits = memo != NULL;
	for (uint32_t i = 0; fits && i < TW_LIST_DOMAINS; i++) {
		memo->domain[i] = tw_name_memo_new(&index->fuzzy[i]);
		memo->joins[i] = tw_joins_memo_new();
		memo->script[i] = tw_script_memo_new();
		fits = memo->domain[i] && memo->joins[i] && memo->script[i];
	}
	if (fits) {
		memo->bare = calloc(BARE_ADDRESSES, sizeof(*memo->bare));
		memo->hidden = calloc(tw_list_memo_hidden_words(index), sizeof(*memo->hidden));
		memo->answers = tw_list_answers_new();
		fits = memo->answers && memo->bare && memo->hidden && sieve_fill(&memo->places, &index->places);
	}
	if (!fits) {
		tw_list_memo_free(memo);
		return tw_fail(err, TW_E_MEMORY, TW_STOP, "no memory for a thread's share of the list index", NULL, NULL);
	}
	*out = memo;
	return TW_OK;
}

void tw_list_memo_free(struct tw_list_memo *memo)
{
	for (uint32_t i = 0; memo && i < TW_LIST_DOMAINS; i++) {
		tw_name_memo_free(memo->domain[i]);
		tw_joins_memo_free(memo->joins[i]);
		tw_script_memo_free(memo->script[i]);
	}
	tw_list_answers_free(memo ? memo->answers : NULL);
	if (memo) {
		tw_address_sieve_fini(&memo->places);
	}
	free(memo ? memo->bare : NULL);
	free(memo ? memo->hidden : NULL);
	free(memo);
}

void tw_list_memo_forget(struct tw_list_memo *memo)
{
	for (uint32_t i = 0; i < TW_LIST_DOMAINS; i++) {
		tw_name_memo_forget(memo->domain[i]);
		tw_joins_memo_forget(memo->joins[i]);
		tw_script_memo_forget(memo->script[i]);
	}
	tw_list_memo_forget_names(memo);
}

void tw_list_memo_forget_names(struct tw_list_memo *memo)
{
	memo->generation++;
}

/* With another generation all are forgotten. */
static struct tw_hash128 in_generation(const struct tw_list_memo *memo, struct tw_hash128 address)
{
	return (struct tw_hash128){.low = address.low, .high = address.high ^ memo->generation};
}

bool tw_list_memo_passes(const struct tw_list_memo *memo, struct tw_slice text, struct tw_slice town)
{
	return tw_address_sieve_passes(&memo->places, text, town);
}

bool tw_list_memo_knows(const struct tw_list_memo *memo, struct tw_hash128 address)
{
	const struct tw_hash128 *kept = &memo->bare[address.low & (BARE_ADDRESSES - 1)], asked = in_generation(memo, address);
	return (kept->low | kept->high) && kept->low == asked.low && kept->high == asked.high;
}

void tw_list_memo_note(struct tw_list_memo *memo, struct tw_hash128 address)
{
	memo->bare[address.low & (BARE_ADDRESSES - 1)] = in_generation(memo, address);
}
