/**
 * @file stream.h
 * Where events come from and outputs go: files, a pipe, or Kafka. One interface, because input position and output belong together:
 * a batch's outputs and its input offsets are committed as one.
 *
 *     poll -> (decode, screen, state, score) -> produce* -> commit       abort: forget the outputs, deliver the batch again
 *
 * A commit may be begun and ended apart, so that the next batch is polled and judged while the broker writes this one:
 *
 *     poll 1, produce 1, commit_begin 1 | poll 2, judge 2 | commit_end 1 | produce 2, commit_begin 2 | poll 3 ...
 *
 * A stream is *gated* while the state behind it is being rebuilt: it then delivers only what its group has committed already, from where the
 * state lacks it, and a commit moves on without a transaction. Opened, it delivers what is not committed yet, and nothing else.
 *
 * Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_IO_STREAM_H
#define TIDEWAITER_ENGINE_IO_STREAM_H

#include <stdbool.h>
#include <tidewaiter/alert.h>
#include <tidewaiter/error.h>
#include <tidewaiter/event.h>

struct tw_arena;
struct tw_stream;

/** One input record. Bytes are borrowed from the stream until the next poll. */
struct tw_message {
	enum tw_family family;
	struct tw_slice topic;
	int32_t partition;
	int64_t offset;
	int64_t committed; /**< the partition's committed offset when it was assigned or last committed; -1: never */
	struct tw_slice key;
	struct tw_slice value;
	/* ce_* headers, empty when absent */
	struct tw_slice ce_id, ce_type, ce_time, ce_source;
	/* file mode: the line was no envelope of ours; value is the line. NULL otherwise */
	const char *refused;
	/* file mode: an earlier run has finished it: its history counts, its outputs are there. All messages of a batch, or none */
	bool replayed;
	/* Kafka: from before the place where reading begins, to be looked at and nothing else: not part of what is committed. Comes before what is */
	bool reread;
};

/** Names of topics, in and out; the settings topics.*. */
struct tw_topics {
	const char *input[TW_FAMILIES]; /**< by family - 1; NULL or "": not read */
	const char *alerts;
	const char *holds;
	const char *dead_letter;
	const char *shadow; /**< NULL or "": nothing is written there */
	const char *traces; /**< likewise */
};

/** @return where outputs of that kind go, borrowed; NULL or "": nowhere */
const char *tw_topic_out(const struct tw_topics *topics, enum tw_output_kind kind);

enum tw_poll { TW_POLL_BATCH = 1, TW_POLL_IDLE, TW_POLL_END };

/**
 * Fetch up to `most` messages, waiting at most `timeout_ms` for the first; while a commit is on its way also for more, until that is over.
 * @param polled BATCH: messages in `out` (grouped by nothing: partition order within a partition only); IDLE: none now; END: a file's end
 * @return TW_OK; TW_E_IO retry (logged by the caller, back off); TW_E_STALE stop and others as the error says
 */
TW_MUST_USE enum tw_code tw_stream_poll(struct tw_stream *stream, uint32_t most, uint32_t timeout_ms, struct tw_message **out, uint32_t *count,
                                        enum tw_poll *polled, struct tw_error *err);
/** Hand over one output; bytes are copied or written before the return. */
TW_MUST_USE enum tw_code tw_stream_produce(struct tw_stream *stream, const struct tw_output *output, struct tw_error *err);
/**
 * Make the batch's outputs and input positions durable, together.
 * @return TW_OK; TW_E_IO retry: not committed as far as is known, poll again: the stream finishes or undoes what is open and, where it
 * was undone, delivers the batch again. TW_E_LIMIT stop: an output is larger than its topic takes; TW_E_STALE stop: another process has
 * taken this instance's place
 */
TW_MUST_USE enum tw_code tw_stream_commit(struct tw_stream *stream, struct tw_error *err);
/**
 * The first half of tw_stream_commit: the broker is waited for elsewhere, while the caller polls and judges the next batch. At most one is on its
 * way, and until tw_stream_commit_end says that it is over nothing may be produced. A stream with nobody to wait for commits at once.
 * @return TW_OK: begun; else as tw_stream_commit, and nothing is on its way
 */
TW_MUST_USE enum tw_code tw_stream_commit_begin(struct tw_stream *stream, struct tw_error *err);
/**
 * The second half. What was polled since is given up together with the batch on its way where that fails: the next poll settles, and delivers again
 * what is not committed.
 * @param wait false: only look @param over out: nothing is on its way (any more) @return TW_OK, or as tw_stream_commit (`over` is true then)
 */
TW_MUST_USE enum tw_code tw_stream_commit_end(struct tw_stream *stream, bool wait, bool *over, struct tw_error *err);
/** Drop the batch's outputs; the next poll delivers its messages again, a file's in the same batch. TW_E_IO retry: it will be, once the broker
 * answers. */
TW_MUST_USE enum tw_code tw_stream_abort(struct tw_stream *stream, struct tw_error *err);
/** A partition of the input, assigned to us or not, and how far the group has committed it: -1 never. */
struct tw_stream_place {
	struct tw_slice topic;
	int32_t partition;
	int64_t committed;
};
/**
 * How far the whole group is, as nothing can undo it: an offset in an unfinished transaction is waited for.
 * @param places out: borrowed until the next call; none for a file @param settled out: we are a member of the group, by a join after the last
 * tw_stream_rejoin, and our partitions are placed
 * @return TW_OK; TW_E_IO retry
 */
TW_MUST_USE enum tw_code tw_stream_standing(struct tw_stream *stream, const struct tw_stream_place **places, uint32_t *count, bool *settled,
                                            struct tw_error *err);
/** Leave the group and join it anew, in the polls that follow: whoever still holds an assignment from before cannot commit any more. */
void tw_stream_rejoin(struct tw_stream *stream);
/** A new stream is open. Gating takes hold with the next placing (tw_stream_rejoin), opening at once. */
void tw_stream_gate(struct tw_stream *stream, bool gated);
/** Leave the group, flush, close. */
void tw_stream_free(struct tw_stream *stream);
/** Input bytes read and total (0: not known), for progress bars. */
void tw_stream_progress(const struct tw_stream *stream, uint64_t *done, uint64_t *total);

/**
 * Events of our partitions that are there and were not handed out, as far as the fetches have told; nobody is asked, nothing is waited for.
 * @param lag out, by family - 1; -1: not known: a file, or no partition of it is ours, or nothing was fetched of one yet
 */
void tw_stream_lag(const struct tw_stream *stream, int64_t lag[TW_FAMILIES]);

#define TW_CHECKPOINT_SUFFIX ".checkpoint" /* behind the output's name */

/** Whose output it is: a run can only be gone on with by one that would write the same bytes. Copied; no newlines. */
struct tw_file_identity {
	const char *program;  /**< its version */
	const char *snapshot; /**< digest of what judges */
	const char *settings; /**< digest of the settings that change the output */
};

struct tw_file_options {
	const char *const *inputs; /**< paths; "-" is stdin; .gz is refused with the command that unpacks it */
	uint32_t input_count;
	const char *topic;  /**< for bare lines; NULL: every line is an envelope {"topic":…,"value":…} */
	const char *output; /**< path or "-"; all outputs as NDJSON lines (tw_emit_line); a kill leaves only whole lines */
	bool append;        /**< keep what the output file has (an unfinished last line is cut off); else start it anew */
	bool sync;          /**< a commit waits for the disk */
	/** Keep a checkpoint beside the output, where inputs and output are files. NULL: keep none, touch none. */
	const struct tw_file_identity *identity;
	bool resume; /**< go on where the checkpoint stands; begin anew where there is none. Needs `identity` */
	struct tw_topics topics;
};
/**
 * @return TW_OK; TW_E_MISSING, TW_E_TYPE or TW_E_IO for a file; TW_E_CONFLICT: another process writes the output, or the earlier run cannot be gone
 * on with; TW_E_CORRUPT or TW_E_UNKNOWN: a checkpoint that cannot be read. On failure the output is as it was.
 * A poll then hands out what the earlier run finished as `replayed`; the commit at its end returns TW_E_CONFLICT when the input was another.
 */
TW_MUST_USE enum tw_code tw_stream_file_new(const struct tw_file_options *options, struct tw_stream **out, struct tw_error *err);

/** What an earlier run finished. */
struct tw_file_standing {
	bool resumed;       /**< its checkpoint was found */
	bool finished;      /**< it came to the end: there is nothing to do */
	bool kept;          /**< this run keeps a checkpoint */
	uint64_t lines;     /**< that it finished */
	uint64_t lines_due; /**< of those: yet to be read again */
	uint64_t bytes;     /**< of input that they take */
};
/** @param stream of tw_stream_file_new */
void tw_stream_file_standing(const struct tw_stream *stream, struct tw_file_standing *out);
/**
 * Between batches: the output to the disk, then a checkpoint that counts what is committed. Nothing where none is kept, and nothing while lines are
 * read again.
 * @param stream of tw_stream_file_new @param finished the input's end was reached @return TW_E_IO stop
 */
TW_MUST_USE enum tw_code tw_stream_file_checkpoint(struct tw_stream *stream, bool finished, struct tw_error *err);

/** One librdkafka property, passed verbatim. */
struct tw_property {
	const char *name;
	const char *value;
};
struct tw_kafka_options {
	const char *brokers;
	const char *group;
	const char *instance;        /**< group.instance.id and transactional.id */
	uint32_t session_timeout_ms; /**< how long the group keeps our place without a sign of life; 0: librdkafka's own */
	bool leave;                  /**< tw_stream_free gives the place up at once; else it is kept for session_timeout_ms */
	uint32_t prefetch_mib;       /**< events fetched ahead of their poll; 0: 128 */
	struct tw_topics topics;
	const struct tw_property *properties; /**< kafka.properties.*: last word over our defaults, but for those exactly-once depends on */
	uint32_t property_count;
	/** By family - 1: so many offsets before the place where a partition's reading begins are handed out first, as `reread`, gated too. */
	uint32_t reread_offsets[TW_FAMILIES];
	/**
	 * Asked at assignment: where does the state stand? committed -1: never committed. `start` comes as the committed offset, or the log's
	 * start; an answer below it is where a rebuild has to begin, which only a gated stream does: an open one answers its poll with TW_E_STALE,
	 * retry. Anything but TW_OK ends the poll with it; what says retry is asked again. What comes of the partition from here on begins anew,
	 * with what is read again; within a placing a rewind never goes back before its `start`.
	 */
	enum tw_code (*placed)(void *context, struct tw_slice topic, int32_t partition, int64_t committed, int64_t log_start, int64_t log_end,
	                       int64_t *start, struct tw_error *err);
	void *context;
};
/**
 * Connects and checks that every topic exists; joins the group and takes over the instance's transactions at the first poll, so that a
 * check disturbs no running instance.
 * @return TW_E_AUTH or TW_E_MISSING stop (exit 78); TW_E_IO retry when no broker answers; TW_E_UNKNOWN, TW_E_RANGE or TW_E_CONFLICT stop for
 * a property that librdkafka does not know, does not take, or that exactly-once depends on
 */
TW_MUST_USE enum tw_code tw_stream_kafka_new(const struct tw_kafka_options *options, struct tw_stream **out, struct tw_error *err);

#endif
