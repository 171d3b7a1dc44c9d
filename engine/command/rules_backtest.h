/**
 * @file rules_backtest.h
 * `tidewaiter rules backtest`: what two editions of rules make of the same history.
 *
 *     rules_backtest.c         the command: what is asked, the editions, the output
 *     rules_backtest_replay.c  history through one state and two judges
 *     rules_backtest_topics.c  which topics of the log are that history
 *     rules_backtest_tally.c   what each edition found, counted
 *     rules_backtest_rank.c    who is among the first of a day, and why
 *     rules_backtest_report.c  the table        rules_backtest_json.c  one JSON object
 *     rules_backtest_page.c    one HTML page    rules_backtest_plot.c  its drawings
 *
 * State is a fold over the events and knows no rule (engine/state). So one state answers both editions, and decoding, lists, history and facts are
 * paid once: what is paid twice is the rules. Time passes as in `screen`: deliveries that fall due are judged too. Same history, same editions: same
 * report, byte for byte.
 *
 *     event --decode, lists, store--> case --+--> judge before --> findings, lane --+--> tally
 *                                            `--> judge after  --> findings, lane --'
 *
 * Bounded: one record a consignment (of 32 bytes) and one of each day on which either edition fired on it; past TW_BACKTEST_CASE_BYTES_MAX the run is
 * refused with what to narrow, for a report on a part would not be one. Private to engine/command. Threads: one owner.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_RULES_BACKTEST_H
#define TIDEWAITER_ENGINE_COMMAND_RULES_BACKTEST_H

#include <stdio.h>
#include <tidewaiter/alert.h>
#include <tidewaiter/event.h>
#include <tidewaiter/limits.h>

#include "engine/base/arena.h"
#include "engine/base/hash.h"
#include "engine/run/portion.h"
#include "engine/command/wilson.h"
#include "rules/rules.h"

/** Cases of a year of a large port, with 5 in 100 consignments found, take a tenth of it. */
#define TW_BACKTEST_CASE_BYTES_MAX   ((size_t)2 * 1024 * 1024 * 1024)
#define TW_BACKTEST_CONSIGNMENTS_MAX (UINT32_C(1) << 24) /**< 16 million, 512 MiB */
#define TW_BACKTEST_PAIRS_MAX        (UINT32_C(1) << 20) /**< different pairs of rules that fire together; more are counted and not told apart */

/** The editions. */
enum tw_side { TW_BEFORE, TW_AFTER, TW_SIDES };

/** Consignments that were examined; those of them where something was found. */
struct tw_backtest_precision {
	uint64_t examined, found;
};

/** A rule of either edition. */
struct tw_backtest_rule {
	struct tw_slice id, title;                 /**< borrowed from its edition, the later where both have it */
	const struct tw_rule_info *info[TW_SIDES]; /**< NULL: that edition does not have it */
	uint64_t fired[TW_SIDES];                  /**< events */
	uint64_t alone[TW_SIDES];                  /**< of those: no other rule fired */
	int64_t points[TW_SIDES];                  /**< that counted, over all events */
	struct tw_backtest_precision outcomes[TW_SIDES];
};

/** Two rules on one event. `a` < `b`: numbers of rules. */
struct tw_backtest_pair {
	uint32_t a, b;
	uint64_t together[TW_SIDES];
};

/** A rule that fired on a case. */
struct tw_backtest_hit {
	uint32_t rule;
	int32_t points; /**< that counted */
};

/** What an edition made of a consignment on a day. */
struct tw_backtest_view {
	enum tw_lane lane;
	bool alert;
	int32_t points;
	char rank_key[TW_RANK_KEY_BYTES]; /**< with an alert */
	struct tw_backtest_hit *hits;     /**< by rule; each once */
	uint32_t hit_count, hit_room;
	uint32_t rank;  /**< from 1 among the day's alerts; 0: none, or not among the first (capacity) */
	uint32_t place; /**< as rank, whatever the capacity */
};

/** A consignment on a day: its latest judgement that day stands, as in `top`. */
struct tw_backtest_case {
	struct tw_slice consignment;
	int32_t day; /**< of the event, UTC */
	struct tw_backtest_view view[TW_SIDES];
};

/** A consignment that was judged. */
struct tw_backtest_seen {
	struct tw_hash128 key;
	uint32_t latest; /**< its latest case; TW_BACKTEST_NONE: no rule fired on its latest revision */
	uint32_t of_day; /**< the last case that was made of it */
	uint8_t result;  /**< enum tw_result of its inspection, 0: none that examined it. What was judged later changes `latest` no more */
	bool used;
};
#define TW_BACKTEST_NONE UINT32_MAX

struct tw_backtest {
	struct tw_arena arena;
	const struct tw_rules *rules[TW_SIDES]; /**< borrowed */
	uint32_t *number[TW_SIDES];             /**< of each rule of an edition: its place in `rule` */
	struct tw_backtest_rule *rule;          /**< by id */
	uint32_t rule_count;
	struct tw_list cases;          /**< struct tw_backtest_case */
	struct tw_backtest_seen *seen; /* open addressing; owned */
	uint32_t seen_count, seen_room;
	struct tw_backtest_pair *pairs; /* open addressing, b == 0: free; owned. Sorted and dense once closed */
	uint32_t pair_count, pair_room;
	uint64_t pairs_lost;
	uint32_t *held; /* numbers of the event's rules, each once */
	int32_t *held_points;
	uint64_t judged, quiet;                             /**< events; of those: nothing fired in either edition */
	uint64_t raised[TW_SIDES][TW_LANE_GREEN + 1];       /**< alerts, as `screen` counts them */
	uint64_t consignments[TW_SIDES][TW_LANE_GREEN + 1]; /**< by the lane of their latest judgement; once closed */
	struct tw_backtest_precision outcomes[TW_SIDES][TW_LANE_GREEN + 1];
	uint64_t inspected, not_examined, unknown; /**< outcomes: of consignments judged before; that looked at nothing; of others */
	uint32_t capacity;                         /**< a day; 0: not asked */
	uint32_t days;                             /**< with an alert of either edition; once closed */
	struct tw_list entered, left;              /**< const struct tw_backtest_case *, by day, then rank; once closed */
};

/**
 * @param before,after outlive the tally
 * @return TW_OK, TW_E_MEMORY (stop); tw_backtest_fini either way
 */
TW_MUST_USE enum tw_code tw_backtest_init(struct tw_backtest *backtest, const struct tw_rules *before, const struct tw_rules *after,
                                          uint32_t capacity, struct tw_error *err);
void tw_backtest_fini(struct tw_backtest *backtest);

/** What an edition said of an event. */
struct tw_backtest_said {
	const struct tw_findings *findings;
	const struct tw_assessment *assessment;
};
/**
 * @param consignment that the event is about, may be empty @param own the event is the consignment's own: its latest judgement stands
 * @return TW_OK; TW_E_LIMIT (stop) past the bounds above; TW_E_MEMORY
 */
TW_MUST_USE enum tw_code tw_backtest_judged(struct tw_backtest *backtest, const struct tw_event *event, struct tw_slice consignment,
                                            const struct tw_backtest_said said[TW_SIDES], struct tw_error *err);
/** An inspection's outcome, in the order of the log. */
void tw_backtest_inspected(struct tw_backtest *backtest, const struct tw_outcome *outcome);
/** No more events: outcomes are counted, pairs sorted, days ranked. @return TW_OK, TW_E_MEMORY */
TW_MUST_USE enum tw_code tw_backtest_close(struct tw_backtest *backtest, struct tw_error *err);
/** The part of closing that ranks; rules_backtest_rank.c. */
TW_MUST_USE enum tw_code tw_backtest_rank(struct tw_backtest *backtest, struct tw_error *err);
/** Why it came, or went: "+ rule-a (40), - rule-b (20), rule-c 10 -> 30", or that others passed it. In `arena`; {NULL, 0}: no memory */
struct tw_slice tw_backtest_why(const struct tw_backtest *backtest, const struct tw_backtest_case *about, struct tw_arena *arena);

/** What the report says of the run. */
struct tw_backtest_run {
	const char *const *inputs; /**< as given */
	uint32_t input_count;
	const char *from, *to; /**< as given; NULL: not */
	struct tw_edition {
		const char *const *paths;
		uint32_t path_count;
		uint32_t rules, active;
		struct tw_slice digest;
	} edition[TW_SIDES];
	uint64_t events, history, dead, duplicates; /**< read; history alone; of no use; sent before */
	uint64_t told;                              /**< judged besides: deliveries and confirmations that fell due between two events (clock.h) */
	char dead_where[TW_ERROR_WHERE_BYTES];      /**< of the first that was of no use, "" when there is none */
	const char *dead_reason;
	bool opened;  /**< the history could be read at all */
	size_t bytes; /**< that the tally held */
};

/** Numbers of rules that fired in either edition: most changed first, then most fired, then by id. @return how many */
uint32_t tw_backtest_order(const struct tw_backtest *backtest, uint32_t *out);
static inline uint64_t tw_backtest_apart(uint64_t before, uint64_t after)
{
	return before > after ? before - after : after - before;
}
/** Pairs shown in all reports but JSON. */
#define TW_BACKTEST_PAIRS_SHOWN 10U

TW_MUST_USE enum tw_code tw_backtest_table(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err);
TW_MUST_USE enum tw_code tw_backtest_json(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err);
TW_MUST_USE enum tw_code tw_backtest_page(const struct tw_backtest *backtest, const struct tw_backtest_run *run, FILE *out, struct tw_error *err);

struct tw_settings;
/** --over topic:NAME, or topic:NAME@TIME: read from what the log has from that time on. */
struct tw_backtest_topic {
	struct tw_slice name;
	int64_t since_ms; /**< 0: from the log's start */
};
/** @param out NULL: only look @return false: a path; a topic whose time is none too, with `wrong` set (may be NULL) */
bool tw_backtest_topic_of(const char *input, struct tw_backtest_topic *out, bool *wrong);
/** A day is its first instant, UTC. @return false: neither a day nor an instant */
bool tw_backtest_instant(const char *text, int64_t *ms);
/** Which history, and how. */
struct tw_backtest_history {
	const char *const *inputs; /**< paths, read one after the other; "-" is standard input; or all of them topics */
	uint32_t input_count;
	const char *topic; /**< of bare lines; NULL: envelopes */
	struct tw_period period;
	bool quiet;
	bool from_log; /**< the inputs are topics */
};
struct tw_stream;
/** @return as tw_stream_log_new; TW_E_UNKNOWN stop: no input topic of that name */
TW_MUST_USE enum tw_code tw_backtest_topics_open(const struct tw_settings *settings, const struct tw_backtest_history *history,
                                                 struct tw_stream **out, struct tw_error *err);
struct tw_snapshot;
/**
 * Everything, in the order of the files, or of the log's time.
 * @param snapshots both editions; lists are asked of the first alone @param run gets the counts of events
 * @return TW_OK; TW_E_STALE retry: stopped by a signal; as tw_stream_file_new, tw_portion_read, tw_backtest_judged
 */
TW_MUST_USE enum tw_code tw_backtest_replay(struct tw_backtest *backtest, const struct tw_settings *settings,
                                            struct tw_snapshot *const snapshots[TW_SIDES], const struct tw_backtest_history *history,
                                            struct tw_backtest_run *run, struct tw_error *err);

#endif
