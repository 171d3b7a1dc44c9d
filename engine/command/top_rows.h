/**
 * @file top_rows.h
 * What top.c gathers and top_list.c and top_explain.c print. Private to `top`.
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_TOP_ROWS_H
#define TIDEWAITER_ENGINE_COMMAND_TOP_ROWS_H

#include "engine/base/arena.h"
#include "engine/emit/alert_reader.h"
#include "engine/command/top.h"

/* A reason, as far as another record may close it, or it closes others (top_settle.h). */
struct tw_top_said {
	struct tw_slice rule;
	bool counts;
	struct tw_list consignments; /* struct tw_slice */
	struct tw_list settles;      /* struct tw_slice: rules */
};

struct tw_top_row {
	struct tw_slice rank_key;
	enum tw_lane lane;
	int64_t points;
	int64_t probability_ppm;
	struct tw_slice subject; /* the consignment; where none is known, the key of what was judged */
	int64_t revision;
	struct tw_slice office;
	struct tw_slice eta;
	struct tw_slice what;
	struct tw_slice from;
	struct tw_slice to;
	struct tw_slice consignor;
	struct tw_slice consignee;
	struct tw_slice reasons; /* what counted: "title (points); ..." */
	struct tw_slice alert;
	struct tw_slice raised;
	struct tw_slice selection;
	struct tw_slice hold;
	struct tw_slice body; /* kept only where it will be printed */
	/* which one stands */
	bool own; /* raised by the consignment's own event */
	int64_t raised_ms;
	struct tw_slice topic;
	int64_t offset;
	uint64_t sequence; /* of reading */
	bool superseded;
	struct tw_slice about;      /* the certificate or marking; empty: none */
	struct tw_list said;        /* struct tw_top_said, of those that are about one */
	struct tw_slice settled_by; /* the alert that closed it; empty: it stands */
	bool asked;                 /* matches --explain */
};

struct tw_top_list {
	struct tw_arena *arena;
	struct tw_top_row **rows; /* those that stand, in rank order */
	uint32_t count;
	uint32_t superseded;
	uint32_t settled;   /* closed by a later record, and not shown */
	uint32_t placeless; /* shown although an office is asked for: they name none */
	uint64_t malformed;
};

void tw_top_print_table(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out);
void tw_top_print_csv(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out);
void tw_top_print_json(const struct tw_top_options *options, const struct tw_top_list *list, FILE *out);

/** One alert in full. @param rank its place in the worklist, 0 for none
 *  @param settled_by the alert that closed it, or empty */
void tw_top_print_alert(const struct tw_top_options *options, const struct tw_alert_view *view, uint32_t rank, uint32_t of,
                        struct tw_slice settled_by, FILE *out);

/** "RED" ... */
const char *tw_top_lane_word(enum tw_lane lane);
/** The escape sequence that starts a lane's colour, "" without colour; tw_top_plain ends it. */
const char *tw_top_lane_paint(const struct tw_top_options *options, enum tw_lane lane);
const char *tw_top_strong(const struct tw_top_options *options);
const char *tw_top_faint(const struct tw_top_options *options);
const char *tw_top_marked(const struct tw_top_options *options);
const char *tw_top_plain(const struct tw_top_options *options);
uint32_t tw_top_width(const struct tw_top_options *options);

#endif
