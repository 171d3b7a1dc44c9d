/**
 * @file list_table.c
 * Building and asking the table of list_table.h.
 */
#include "feeds/list_table.h"

#include <stdlib.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"

#define HASH_SEED   0x6c69737473ULL /* "lists" */
#define KEYS_A_WORD 8U              /* of the sieve, at most: 16 of a word's 64 bits are set then, and 1 miss in 16 passes both */

static int number_compare(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int record_compare(const void *a, const void *b)
{
	const struct tw_list_record *left = a, *right = b;
	int order = tw_slice_compare(left->key, right->key);
	order = order ? order : number_compare(left->entry, right->entry);
	order = order ? order : number_compare(left->rank, right->rank);
	return order ? order : number_compare(left->item, right->item);
}

/* Same key, same entry: the first of them was the best. */
static uint32_t drop_repeats(struct tw_list_record *records, uint32_t count)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (kept && records[kept - 1].entry == records[i].entry && tw_slice_equal(records[kept - 1].key, records[i].key)) {
			continue;
		}
		records[kept++] = records[i];
	}
	return kept;
}

static bool starts_group(const struct tw_list_record *records, uint32_t i)
{
	return i == 0 || !tw_slice_equal(records[i - 1].key, records[i].key);
}

/* Bits of the hash that the first slot has not used. */
static uint64_t sieve_word(const struct tw_list_table *table, uint64_t hash)
{
	return (hash >> 20) & table->sieve_mask;
}

static uint64_t sieve_bits(uint64_t hash)
{
	return UINT64_C(1) << (hash >> 58) | UINT64_C(1) << (hash >> 52 & 63);
}

static struct tw_slice key_of(const struct tw_list_table *table, uint32_t group)
{
	uint32_t from = table->group[group].key;
	return (struct tw_slice){table->key + from, table->group[group + 1].key - from};
}

static void insert(struct tw_list_table *table, uint32_t group)
{
	struct tw_slice key = key_of(table, group);
	uint64_t hash = tw_hash64(key.ptr, key.len, HASH_SEED);
	uint64_t at = hash & table->mask;
	while (table->slot[at].group) {
		at = (at + 1) & table->mask;
	}
	table->slot[at] = (struct tw_list_slot){group + 1};
	table->sieve[sieve_word(table, hash)] |= sieve_bits(hash);
}

static void fill(struct tw_list_table *table, const struct tw_list_record *records, uint32_t count)
{
	uint32_t group = 0, key_at = 0;
	for (uint32_t i = 0; i < count; i++) {
		if (starts_group(records, i)) {
			struct tw_slice key = records[i].key;
			memcpy(table->key + key_at, key.ptr, key.len);
			table->group[group++] = (struct tw_list_group){key_at, i};
			key_at += key.len;
		}
		table->posting[i] = (struct tw_list_posting){records[i].entry, records[i].item};
	}
	table->group[group] = (struct tw_list_group){key_at, count};
	for (uint32_t i = 0; i < group; i++) {
		insert(table, i);
	}
}

bool tw_list_table_build(struct tw_list_table *table, struct tw_arena *arena, struct tw_list_record *records, uint32_t count)
{
	if (count) {
		qsort(records, count, sizeof(*records), record_compare);
	}
	count = drop_repeats(records, count);
	size_t key_bytes = 0;
	uint32_t groups = 0;
	for (uint32_t i = 0; i < count; i++) {
		bool first = starts_group(records, i);
		groups += first;
		key_bytes += first ? records[i].key.len : 0;
	}
	if (key_bytes > UINT32_MAX) {
		return false;
	}
	uint64_t slots = 16, words = 1;
	while (slots * 3 / 4 < groups) { /* runs of full slots are short enough there: the sieve keeps most misses away from them */
		slots *= 2;
	}
	while (words * KEYS_A_WORD < groups) {
		words *= 2;
	}
	*table = (struct tw_list_table){
	    .sieve_mask = words - 1, .mask = slots - 1, .group_count = groups, .posting_count = count, .key_bytes = (uint32_t)key_bytes};
	table->sieve = tw_arena_alloc(arena, words * sizeof(*table->sieve));
	table->slot = tw_arena_alloc(arena, slots * sizeof(*table->slot));
	table->group = tw_arena_alloc_raw(arena, ((size_t)groups + 1) * sizeof(*table->group));
	table->posting = tw_arena_alloc_raw(arena, count * sizeof(*table->posting));
	table->key = tw_arena_alloc_raw(arena, key_bytes);
	if (!table->sieve || !table->slot || !table->group || !table->posting || !table->key) {
		return false;
	}
	fill(table, records, count);
	return true;
}

const struct tw_list_posting *tw_list_table_find(const struct tw_list_table *table, struct tw_slice key, uint32_t *count)
{
	uint64_t hash = tw_hash64(key.ptr, key.len, HASH_SEED);
	uint64_t bits = sieve_bits(hash);
	*count = 0;
	if ((table->sieve[sieve_word(table, hash)] & bits) != bits) {
		return NULL;
	}
	for (uint64_t at = hash & table->mask; table->slot[at].group; at = (at + 1) & table->mask) {
		uint32_t group = table->slot[at].group - 1;
		if (tw_slice_equal(key_of(table, group), key)) {
			uint32_t first = table->group[group].first;
			*count = table->group[group + 1].first - first;
			return &table->posting[first];
		}
	}
	return NULL;
}
