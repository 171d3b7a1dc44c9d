/**
 * @file redis_call.h
 * One round trip: what a batch's events become in commands to one shard, and what the replies become in priors.
 *
 *     parts x shard -> reads of replayed operations (MGET)      offsets below the watermark: nothing is written
 *                   -> appends, each at most TW_CALL_KEYS keys  offsets from the watermark on
 *
 *     append 1:  part a  w -> a's end     append 2:  part b  e -> b's end     each a step of its own, cut between events, and inside an
 *                part b  w -> e                      part c  w -> c's end     event only where it alone has more keys than a call may carry
 *
 * A call takes as many parts as fit, for entities that many partitions mention travel once a call. Several operations on one key in one call
 * go out as one key with its entries one after the other. Inside engine/state only.
 */
#ifndef TIDEWAITER_ENGINE_STATE_REDIS_CALL_H
#define TIDEWAITER_ENGINE_STATE_REDIS_CALL_H

#include "engine/state/places.h"
#include "engine/state/store_calls.h"

struct tw_arena;
struct redisReply;

/*
 * Lua's unpack stops near 8,000 values, which is 4,000 pairs of an MSET; one call blocks the server for its whole length, about 5 ms for this
 * many. Instructions of the server (callgrind, bench_state's events in batches of 500): 1,000 keys a call cost 1.15 times what 2,000 cost, 3,800
 * cost 0.88 times that: busy records travel with every call, and Lua hashes every byte of every string it makes (37 % of all instructions).
 *
 * Tried, and no gain (processor time of Redis, old and new in turns): records compacted at tails of 4 or 2 entries instead of 8 (ours +15 and +27 %),
 * portions of two and four times the bytes (12 % less in the append-only file, the same time), a longer pause of Lua's collector, WATCH of every key
 * (a WATCH looks through all earlier ones: at 800 keys more than the function costs). WATCH of the epoch alone is redis_turn.h.
 */
#define TW_CALL_KEYS  2000U
#define TW_TURN_KEYS  4000U /* of the calls of one transaction together: no Lua has to unpack them */
#define TW_CALL_SLOTS 8192U /* a power of two, at least four times the keys */
#define TW_CALL_SPANS 64U   /* parts: as many watermarks are compared and written */

/** A remembered record's compaction, waiting for the next append to that key. */
struct tw_pending {
	uint64_t hash;
	enum tw_entity_kind kind;
	uint32_t key_len;
	uint32_t generation;
	uint32_t upto;
	uint32_t head_len;
	char bytes[]; /* key, then head */
};
#define TW_PENDING_MAX 4096U /* by hash, a later one takes the place of an earlier one */

#define TW_EPOCH_BYTES 96U

struct tw_shard {
	char *tag;                  /**< "{tw:s0}" */
	uint32_t at;                /**< its number */
	char epoch[TW_EPOCH_BYTES]; /**< as this shard has it, without its last byte, open or closed; learnt by a survey */
	uint32_t epoch_len;
	bool topics_known;
	struct tw_places places;
};

struct tw_call_key {
	const struct tw_operation *operation; /**< the first on this key */
	uint32_t bytes;                       /**< of all its entries */
	uint32_t filled;
	uint32_t uses;
	char *entries;
	const struct tw_pending *pending; /**< of a function call: compaction to send along, or NULL */
	struct tw_compaction *compaction; /**< of a transaction: to be written with what it makes room for, or NULL */
	char *joined;                     /**< record and entries, once the reply is there */
	uint32_t joined_base;             /**< bytes of the record in it, the empty head included */
	struct tw_folded *folded;         /**< for the priors to share, where there are several */
};

/** One operation's share of a call. */
struct tw_call_use {
	uint32_t key;
	uint32_t start; /**< of its entry within the key's entries */
	uint64_t tag;
	const struct tw_store_part *part;
	const struct tw_operation *operation;
	struct tw_prior *prior;
};

/** One part's step in a call: its watermark before and after. */
struct tw_call_span {
	const struct tw_store_part *part;
	uint32_t topic;
	int64_t committed; /**< of the partition's group, the highest that is known: who comes late takes nothing back */
	bool from_present;
	int64_t from;
	uint32_t from_done;
	int64_t to;
	uint32_t to_done;
};

struct tw_call {
	struct tw_shard *shard;
	bool reads;               /**< MGET for replays; else an append */
	uint32_t turn;            /**< of an append: the how manyth transaction of its server it is in (redis_turn.h); 0: a function call */
	bool open;                /**< of a transaction: the epoch was, when it was looked at */
	bool rebuild;             /**< all its parts are: a closed epoch will do */
	struct redisReply *asked; /**< ASK: owned; to be sent once more, to another server */
	struct tw_list spans;     /* struct tw_call_span; none where it reads */
	struct tw_list keys;      /* struct tw_call_key */
	struct tw_list uses;      /* struct tw_call_use */
	struct tw_slice *names;   /**< of a transaction: its keys, as tw_call_look_words made them */
};

/** Takes each call as soon as it is whole, so that a server works while the next is planned. */
struct tw_call_sink {
	enum tw_code (*take)(void *context, struct tw_call *call, struct tw_error *err);
	void *context;
};

/** Which keys the call being built has: entries of another stamp are free. */
struct tw_call_table {
	uint32_t stamp;
	uint32_t stamps[TW_CALL_SLOTS];
	uint32_t keys[TW_CALL_SLOTS];
};

/**
 * All calls of a batch on one shard, reads first. A read brings the epoch of its moment before the records.
 * @param shards of the store @param pending, table the store's @param calls out, appended to; each was given to `sink` once, in this order
 * @return TW_OK; TW_E_STALE retry: a part's topic has no id any more; TW_E_MEMORY; what the sink said
 */
TW_MUST_USE enum tw_code tw_calls_plan(const struct tw_store_part *parts, uint32_t part_count, struct tw_shard *shard, uint32_t shards,
                                       struct tw_pending **pending, struct tw_call_table *table, struct tw_call_sink sink, struct tw_arena *arena,
                                       struct tw_list *calls, struct tw_error *err);

/** The command's words. @return NULL at the arena's ceiling */
struct tw_slice *tw_call_words(const struct tw_call *call, struct tw_arena *arena, uint32_t *count);

/** MGET of epoch, watermarks and records, whose names the call keeps. @return NULL at the arena's ceiling */
struct tw_slice *tw_call_look_words(struct tw_call *call, struct tw_arena *arena, uint32_t *count);
/** How many words tw_call_store_words makes. */
uint32_t tw_call_store_count(const struct tw_call *call);
/**
 * Names and values of what an MSET writes, once tw_call_record has taken every record: epoch, watermarks, records with what is new, as append.lua
 * would have made them. @return false at the arena's ceiling
 */
bool tw_call_store_words(const struct tw_call *call, struct tw_slice *words, struct tw_arena *arena);

/**
 * Take one record out of the reply.
 * @return TW_OK; TW_E_CORRUPT; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_call_record(struct tw_call *call, uint32_t key, struct tw_slice record, struct tw_pending **pending,
                                        struct tw_arena *arena, struct tw_error *err);
/** After all records: the priors. @return TW_OK; TW_E_STALE: a replay without its own entry */
TW_MUST_USE enum tw_code tw_call_priors(struct tw_call *call, struct tw_error *err);

/** "{tw:s0}:w:topic:partition", "{tw:s0}:epoch" and "{tw:s0}:r:kind:key" */
struct tw_slice tw_shard_key_watermark(const struct tw_shard *shard, struct tw_slice topic, int32_t partition, struct tw_arena *arena);
struct tw_slice tw_shard_key_epoch(const struct tw_shard *shard, struct tw_arena *arena);
struct tw_slice tw_shard_key_record(const struct tw_shard *shard, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena);
uint32_t tw_shard_of(uint64_t hash, uint32_t shards);

/** 12 bytes: next u64, done u32 */
#define TW_WATERMARK_BYTES        12U
#define TW_WATERMARK_STORED_BYTES 20U /* and committed u64 */
/** One of its numbers, the lowest byte first. @param bytes at most 8 */
uint64_t tw_watermark_number(const char *from, uint32_t bytes);

#endif
