/**
 * @file store.h
 * What is remembered, and the one call that changes it: append a batch's operations, get each entity's prior back.
 *
 * State is a fold over the input log. An *operation* is made of one event's raw fields alone and names one entity; its payload is
 * counters (add, max, min, or: the field number says which) and elements (key, version, bytes: the highest version wins). Both commute,
 * so partitions may arrive in any order. Two implementations, one meaning: memory (the reference model, the embedded default) and
 * Redis (records as compare-and-append). A shared suite drives both.
 *
 *     events --tw_operations_of--> operations --tw_store_apply--> priors --tw_history_answer_of--> answers for rules
 *
 * Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_STATE_STORE_H
#define TIDEWAITER_ENGINE_STATE_STORE_H

#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>
#include <tidewaiter/history.h>

struct tw_arena;
struct tw_store;
struct tw_operations; /* of one event: engine/state/operations.h */
struct tw_priors;     /* of one event: folded records before it, parallel to its operations */

/** One event's place in its partition, with its operations; priors come back in it. */
struct tw_store_event {
	int64_t offset;
	const struct tw_operations *operations; /**< NULL: a dead letter; its offset still counts */
	struct tw_priors *priors;               /**< out, in the arena; NULL when operations is NULL */
};

/** A run of events of one partition, offsets ascending. */
struct tw_store_part {
	struct tw_slice topic;
	int32_t partition;
	int64_t committed; /**< the input group's committed offset: entries at or above it are never folded away */
	int64_t next;      /**< the watermark after this batch: last offset + 1 */
	/** The events were committed, their state was lost: appended in a closed epoch too, where it is missing; no priors come back. */
	bool rebuild;
	struct tw_store_event *events;
	uint32_t event_count;
	/**
	 * Of the first part: this call goes on where the last one ended. Its arena is that one's, not reset or rewound to before its end, so that
	 * priors may share what the last ones copied and folded; a record that a hundred calls touch is then copied and folded once, not a hundred
	 * times.
	 */
	bool goes_on;
};

/**
 * Apply all parts and return every prior. An offset below the partition's watermark is a replay: nothing is added again, its prior is
 * the record before its own entry. Within a batch earlier events (in part order, then offset) count into later priors.
 * @return TW_OK; TW_E_IO retry (nothing is half applied; the same call again is right); TW_E_STALE retry: the state is not what it was, or not
 * known to be (another epoch, a watermark behind `committed`, a new connection): tw_store_survey, then place the partitions anew, then these
 * events again; TW_E_STALE stop: the watermark is not where the log says, and nothing can bring it there (detail: topic, partition, both
 * numbers); TW_E_CORRUPT stop, key named; TW_E_RANGE stop: offsets do not ascend, or a partition or offset that records cannot name;
 * TW_E_LIMIT stop: more than 16 topics; TW_E_AUTH stop; TW_E_MEMORY stop
 *
 * `committed` 0 or less: the group never committed; then a partition without a watermark is a first start, and only then. Entries at or
 * above it are kept one by one, so it must advance (a file's reader passes the offset after its last finished batch).
 */
TW_MUST_USE enum tw_code tw_store_apply(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                        struct tw_error *err);

/**
 * Send ahead what tw_store_apply is called with next, so that a store across a socket works while the caller does. Promises nothing and fails
 * never: what goes wrong is met by that apply, and a store in this process does nothing. Parts, events and arena stay as they are until then; saying
 * it twice is saying it once. Any other call on the store first, or part_count 0, takes it back; what the server has applied by then is met as a
 * replay, as ever.
 */
void tw_store_start(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena);

/**
 * As tw_store_apply, but the last of what it writes may be on its way when it returns: the caller goes on with the priors, and a store across a
 * socket with the writing. They hold once tw_store_confirm says so; until then nothing that came of them may leave this process. Parts, events and
 * arena stay as they are until then; tw_store_start of what is applied next may come in between, behind it. Any other call on the store makes the
 * answer of tw_store_confirm no.
 */
TW_MUST_USE enum tw_code tw_store_ask(struct tw_store *store, struct tw_store_part *parts, uint32_t part_count, struct tw_arena *arena,
                                      struct tw_error *err);
/**
 * @param held out, true: what tw_store_ask was called with is applied, and its priors are what it said; false: they are void, nothing or all of it is
 * applied, what was started behind it is taken back, and tw_store_ask or tw_store_apply of the same is right
 * @return TW_OK; others as tw_store_apply, of which TW_E_IO retry says as much as `held` false
 */
TW_MUST_USE enum tw_code tw_store_confirm(struct tw_store *store, bool *held, struct tw_error *err);

/** Where one partition's state stands. */
struct tw_store_standing {
	int64_t least;     /**< watermark of the shard that is furthest behind (one without counts as 0); -1: there is none anywhere */
	int64_t most;      /**< of the shard that is furthest ahead; -1 as well then */
	int64_t committed; /**< the highest committed offset that came with a batch: what lies below may be folded. 0: none */
};
TW_MUST_USE enum tw_code tw_store_watermark(struct tw_store *store, struct tw_slice topic, int32_t partition, struct tw_store_standing *out,
                                            struct tw_error *err);

/** A partition of the input group, and how far the group has committed it: 0 or less for not at all. */
struct tw_store_place {
	struct tw_slice topic;
	int32_t partition;
	int64_t committed;
};

struct tw_store_life {
	bool adopted;    /**< the epoch is another one than before this call, or was not known: join the group anew, place partitions anew */
	bool open;       /**< live events may be applied */
	int64_t missing; /**< committed offsets that some shard lacks, over all partitions */
};

/**
 * Agree on the *epoch*: one life of the state, the same id on every shard, closed while anything that was committed is missing. Where an
 * epoch is missing or differs, or a watermark is behind in an open one, a new closed one is written everywhere: whoever still works under the
 * old one is refused. Where nothing is missing, and the caller may, it is opened.
 *
 *     (missing | differs | behind) --> closed, new id --rebuild--> nothing behind --may_open--> open
 *
 * @param places every partition of every input topic, committed offsets asked for *before* this call
 * @param may_open the caller has joined its group after it learnt of this epoch: commits from before are refused by the broker
 * @return TW_OK; TW_E_IO retry; TW_E_STALE stop: schema or shard count; TW_E_CORRUPT stop, key named; TW_E_AUTH, TW_E_MEMORY stop
 */
TW_MUST_USE enum tw_code tw_store_survey(struct tw_store *store, const struct tw_store_place *places, uint32_t count, bool may_open,
                                         struct tw_store_life *out, struct tw_error *err);

/** The folded record of one entity as canonical bytes (equal states give equal bytes, whatever the order of arrival); for tests and `state show`. */
TW_MUST_USE enum tw_code tw_store_read(struct tw_store *store, enum tw_entity_kind kind, struct tw_slice key, struct tw_arena *arena,
                                       struct tw_slice *canonical, struct tw_error *err);

/** What is in a store by its name alone. */
struct tw_store_name {
	enum tw_entity_kind kind; /**< 0: something that no engine writes there; `key` is its whole name then */
	struct tw_slice key;      /**< borrowed during the call */
};
/**
 * Every entity that has a record, and whatever else stands among them. What appears or goes meanwhile may be met or not; Redis may say one twice.
 * @param visit not from inside it: any call on this store. @return false ends it
 * @return TW_OK, ended early too; TW_E_IO retry, TW_E_AUTH, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_store_each(struct tw_store *store, bool (*visit)(void *context, const struct tw_store_name *name), void *context,
                                       struct tw_error *err);

/** A shard as it is at one moment. */
struct tw_store_shard {
	struct tw_slice name;   /**< "{tw:s0}"; of a store in memory "memory" */
	struct tw_slice epoch;  /**< as it is stored; empty: none */
	const int64_t *next;    /**< watermark, parallel to the places that were asked about; -1: none */
	const uint32_t *topics; /**< id of that place's topic in the tags of this shard; UINT32_MAX: none */
};
/** Records as bytes (record.h), each with the shard that it is on, as that was at the same moment. */
struct tw_store_peek {
	struct tw_store_shard *shards;
	uint32_t shard_count;
	struct tw_slice *records; /**< parallel to the keys; empty: none. Not checked */
	uint32_t *shard_of;       /**< parallel to the keys */
};
/**
 * Look at records and watermarks together; changes nothing. Without keys: at the shards alone.
 * @param names of entities, at most 4,096 @param out in the arena
 * @return TW_OK; TW_E_IO retry; TW_E_AUTH, TW_E_MEMORY stop; TW_E_CORRUPT stop for a watermark that does not check
 */
TW_MUST_USE enum tw_code tw_store_peek(struct tw_store *store, const struct tw_store_place *places, uint32_t place_count,
                                       const struct tw_store_name *names, uint32_t name_count, struct tw_arena *arena, struct tw_store_peek *out,
                                       struct tw_error *err);

/**
 * Remove all keys of the store's prefix from its servers, whatever their number of shards was. While it lasts, and after a run of it that broke off,
 * every epoch says so: no engine appends, and none starts. For a store in memory: TW_E_CONFLICT stop.
 * @param removed out: keys @return TW_OK: nothing is left; TW_E_IO retry, TW_E_AUTH, TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_store_remove(struct tw_store *store, uint64_t *removed, struct tw_error *err);

void tw_store_free(struct tw_store *store);

/** In memory: grows with its entities, forgets at exit. */
TW_MUST_USE enum tw_code tw_store_memory_new(struct tw_store **out, struct tw_error *err);

struct tw_redis_options {
	const char *address;  /**< "127.0.0.1:6379" or "unix:/run/redis.sock"; several, with commas: shard i is on server i modulo their number */
	const char *username; /**< NULL or "": none */
	const char *password;
	const char *prefix; /**< of every key, "tw" */
	uint32_t shards;    /**< hash-tagged slots {prefix:0} ..., at least 1; changing it needs a new prefix and a rebuild */
	uint32_t timeout_ms;
	bool unseen;  /**< do not look whether the stored state has this engine's shape: for who removes it */
	bool cluster; /**< the addresses are members of a Redis Cluster, which says itself where the shards are */
};
/**
 * Connects, loads the function library unless the server has this version of it. tw_store_survey comes before the first batch. The process
 * must ignore SIGPIPE: hiredis writes to sockets that the server may have closed. @return TW_E_AUTH stop; TW_E_IO retry; TW_E_STALE stop when
 * the stored state has another schema version or shard count; TW_E_CORRUPT stop, key named
 */
TW_MUST_USE enum tw_code tw_store_redis_new(const struct tw_redis_options *options, struct tw_store **out, struct tw_error *err);

#endif
