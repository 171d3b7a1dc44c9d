/**
 * @file list_table.h
 * An immutable hash table from a key's bytes to the list entries that have it: open addressing over small slots, everything else flat.
 *
 *     sieve[word]       = two bits a key     at least 8 bits a key: small enough to stay in the cache, and 15 misses in 16 end here
 *     slot[hash & mask] = {group}     4 bytes, at most three quarters full, probed one by one
 *     group[g]          = {key, first}   where its key and its postings begin; the next group says where they end
 *     posting[first..]  = {entry, item}  by entry; one an entry, its lowest rank
 *
 * A hit is believed only after the key's bytes agree: the hash decides speed, never the answer. Order comes from sorting the keys.
 * Threads: any, once built.
 */
#ifndef TIDEWAITER_FEEDS_LIST_TABLE_H
#define TIDEWAITER_FEEDS_LIST_TABLE_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/** One key of one entry, on its way into a table. */
struct tw_list_record {
	struct tw_slice key;
	uint32_t entry;
	uint32_t item; /**< the name or identifier it came from */
	uint32_t rank; /**< of an entry's items with one key the lowest rank stays, then the lowest item */
};

struct tw_list_posting {
	uint32_t entry;
	uint32_t item;
};

struct tw_list_slot {
	uint32_t group; /**< place in `group` plus one; 0: empty */
};

struct tw_list_group {
	uint32_t key;   /**< in `key` */
	uint32_t first; /**< in `posting` */
};

struct tw_list_table {
	uint64_t *sieve; /**< a Bloom filter whose bits for one key lie in one word. Source: Putze, Sanders, Singler 2007 */
	uint64_t sieve_mask;
	struct tw_list_slot *slot;
	struct tw_list_group *group; /**< group_count + 1 */
	struct tw_list_posting *posting;
	char *key; /**< all keys, one behind the other */
	uint64_t mask;
	uint32_t key_bytes;
	uint32_t group_count;
	uint32_t posting_count;
};

/**
 * @param records sorted in place; keys are copied into `arena`, which holds the whole table
 * @return false when the arena is at its ceiling, or the keys past 4 GiB; `table` is then not usable
 */
TW_MUST_USE bool tw_list_table_build(struct tw_list_table *table, struct tw_arena *arena, struct tw_list_record *records, uint32_t count);

/** @return the postings of `key`, `*count` of them, by entry; NULL when there are none */
const struct tw_list_posting *tw_list_table_find(const struct tw_list_table *table, struct tw_slice key, uint32_t *count);

#endif
