/**
 * @file alert_reader.h
 * Alerts back from bytes: what `top` shows. The counterpart of alert.c, for lines that tw_emit_line wrote and for bare alert bodies.
 *
 * Members that nobody knows are skipped: an alert of a later engine still reads. Threads: any, one arena a thread.
 */
#ifndef TIDEWAITER_ENGINE_EMIT_ALERT_READER_H
#define TIDEWAITER_ENGINE_EMIT_ALERT_READER_H

#include <tidewaiter/error.h>
#include <tidewaiter/outcome.h>
#include <tidewaiter/papers.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/** Name and value of a fact; numbers and flags as their JSON text. */
struct tw_fact_view {
	struct tw_slice name;
	struct tw_slice value;
};

struct tw_evidence_view {
	struct tw_slice pointer;
	int64_t from;
	int64_t to;
	struct tw_slice text;
	bool cut;
};

struct tw_reason_view {
	struct tw_slice rule;
	int64_t version;
	struct tw_slice status; /**< empty: active */
	struct tw_slice title;
	int64_t points;
	int64_t counted;
	struct tw_slice group;
	struct tw_slice action;
	struct tw_slice lane; /**< the least that the rule names; empty: none */
	int64_t severity;
	struct tw_slice because;
	struct tw_list evidence; /**< struct tw_evidence_view */
	struct tw_list facts;    /**< struct tw_fact_view */
	struct tw_list related;  /**< struct tw_slice */
	struct tw_list settles;  /**< struct tw_slice: ids of rules whose earlier findings it closes */
	struct tw_slice source;
};

struct tw_suppressed_view {
	struct tw_slice rule;
	int64_t version;
	struct tw_slice title;
	int64_t points, counted;
	struct tw_slice action, because, reason, author, until;
};

struct tw_part_view {
	struct tw_slice feature;
	int64_t ppm;
};

struct tw_match_view {
	struct tw_slice list;
	struct tw_slice entry;
	struct tw_slice name;
	struct tw_slice programme;
	struct tw_slice basis;
	struct tw_slice query;
	int64_t similarity_ppm;
	struct tw_list parts;    /**< struct tw_part_view */
	struct tw_list measures; /**< struct tw_slice */
	struct tw_slice listed_on;
	struct tw_slice role;
};

struct tw_known_view {
	struct tw_slice kind;
	struct tw_slice key;
	int64_t seen;
	struct tw_slice first; /**< empty: never seen before */
	struct tw_slice window;
};

struct tw_listed_view {
	struct tw_slice id;
	struct tw_slice date;
	struct tw_slice digest;
	int64_t entries;
	struct tw_slice stale; /**< empty: it is not */
};

struct tw_alert_view {
	struct tw_slice body; /**< the alert's own JSON, inside the line */
	struct tw_slice alert;
	struct tw_slice raised;
	struct tw_slice consignment; /**< empty: none is known, `about` says what was judged */
	struct tw_about_view {
		struct tw_slice kind; /**< empty: raised by a consignment's own event or by its inspection */
		struct tw_slice key;
	} about;
	int64_t revision;
	struct tw_slice office;
	struct tw_slice eta;
	struct tw_summary_view {
		struct tw_slice what;
		int64_t items;
		struct tw_slice from;
		struct tw_slice to;
		struct tw_slice consignor;
		struct tw_slice consignee;
	} summary;
	enum tw_lane lane;
	struct tw_slice lane_text;
	int64_t points;
	int64_t probability_ppm;
	struct tw_slice rank_key;
	struct tw_selection_view {
		struct tw_slice by;
		int64_t inclusion_ppm;
	} selection;
	struct tw_slice hold;
	struct tw_list reasons; /**< struct tw_reason_view */
	int64_t reasons_dropped;
	struct tw_list suppressed; /**< struct tw_suppressed_view */
	struct tw_papers papers;   /**< no `filed`: none */
	struct tw_list matches;    /**< struct tw_match_view */
	struct tw_list warnings;   /**< struct tw_slice */
	struct tw_list entities;   /**< struct tw_known_view */
	struct tw_list related;    /**< struct tw_slice */
	struct tw_snapshot_view {
		struct tw_slice digest;
		struct tw_slice rules;
		struct tw_list lists; /**< struct tw_listed_view */
	} snapshot;
	struct tw_input_view {
		struct tw_slice topic;
		int64_t partition;
		int64_t offset;
		struct tw_slice id;
		struct tw_slice source;
		struct tw_slice type;
		struct tw_slice digest;
	} input;
	struct tw_slice engine;
	struct tw_slice detail;
};

/**
 * Read one line.
 * @param line  borrowed; `out->body` points into it. A trailing newline is fine
 * @param arena everything else in `out` lives there
 * @param other written on TW_OK: true when the line is a good record that is no alert (a hold, a shadow record, an answer to a trace, a dead letter);
 * then `out` is not
 * @param out   written on TW_OK only
 * @return TW_OK; TW_E_SYNTAX: no JSON object; TW_E_MISSING: neither alert nor another record of ours, `detail` names the member;
 *         TW_E_TYPE: a member of another type than the schema says; TW_E_UNKNOWN: no such lane; all of them disposition reject, `where` the
 *         byte where known; TW_E_MEMORY (stop)
 */
TW_MUST_USE enum tw_code tw_alert_read(struct tw_slice line, struct tw_arena *arena, bool *other, struct tw_alert_view *out, struct tw_error *err);

#endif
