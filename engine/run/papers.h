/**
 * @file papers.h
 * The papers section of an alert (include/tidewaiter/papers.h), made from a manifest and from what is known of the certificates that it cites.
 * Pure: same event, same priors, same section. Private to engine/run. Threads: any, one arena a thread.
 */
#ifndef TIDEWAITER_ENGINE_RUN_PAPERS_H
#define TIDEWAITER_ENGINE_RUN_PAPERS_H

#include <tidewaiter/papers.h>

#include "engine/state/operations.h"
#include "engine/state/paper.h"

#define TW_PAPERS_FILED_MAX        16U  /* certificates, licences, invoices: real consignments have under ten papers */
#define TW_PAPERS_ROWS_MAX         64U  /* two or three a line: 20 to 30 lines whole, and of more those that differ */
#define TW_PAPERS_TEXT_MAX         160U /* bytes of one cell: two lines of a table on a wide terminal */
#define TW_PAPERS_CERTIFICATES_MAX 4U   /* of one consignment, that are held against it as a whole; each line meets its own */

/** What is known of a certificate that a line cites. */
struct tw_papers_terms {
	const struct tw_certificate_ref *ref;
	bool known; /**< terms are on record */
	bool kept;  /**< with their words */
	struct tw_paper paper;
	const char *status; /**< at the event's time; NULL: nothing is known of it */
	/** Of the line that is cited, in the unit of the item. */
	bool certified_stated, before_stated, with_stated;
	int64_t certified_e4;
	int64_t before_e4; /**< drawn by other consignments */
	int64_t with_e4;   /**< and by this one */
};

/** Who knows. @return false at the arena's ceiling */
struct tw_papers_source {
	bool (*terms)(void *context, const struct tw_certificate_ref *ref, struct tw_arena *arena, struct tw_papers_terms *out);
	void *context;
};

/**
 * Whether the consignment has or needs the papers of controlled goods: a certificate or licence is cited or filed, a control code is stated, or a
 * heading of chapter 93.
 * Source: WCO, Harmonized System 2022, chapter 93 (arms and ammunition; parts and accessories thereof).
 */
bool tw_papers_needed(const struct tw_event *event);
/** @param out in the arena; the event's texts cut to TW_PAPERS_TEXT_MAX @return TW_OK; TW_E_MEMORY, `out` undefined */
TW_MUST_USE enum tw_code tw_papers_of(const struct tw_event *event, const struct tw_papers_source *source, struct tw_arena *arena,
                                      struct tw_papers *out, struct tw_error *err);

/** From the priors of an event, as rules ask them. @param out NULL where no papers are needed @return as tw_papers_of */
TW_MUST_USE enum tw_code tw_papers_of_priors(const struct tw_event *event, const struct tw_operations *operations, const struct tw_priors *priors,
                                             struct tw_arena *arena, struct tw_papers **out, struct tw_error *err);

/** All of it, in another arena. @return false at its ceiling */
bool tw_papers_copy(const struct tw_papers *papers, struct tw_arena *arena, struct tw_papers *out);

/* The parts: papers_rows.c fills, papers.c collects. */
struct tw_papers_making {
	const struct tw_event *event;
	const struct tw_papers_source *source;
	struct tw_arena *arena;
	struct tw_papers *out;
	bool whole;
};

/** A copy, cut; the empty slice of an empty text. */
struct tw_slice tw_papers_text(struct tw_papers_making *making, struct tw_slice text);
/** The row, unless no paper beside the manifest states it. Where no room is left, one that differs takes the place of the last that does not. */
void tw_papers_row_add(struct tw_papers_making *making, const struct tw_papers_row *row);
/** "agrees", "differs", "one_sided" where the manifest or all others state nothing. */
struct tw_slice tw_papers_verdict(const struct tw_papers_row *row, bool differs);
/** Rows of the whole consignment that documents state: quantity, weight, destination, dates. @param terms NULL: no certificate is known */
void tw_papers_whole(struct tw_papers_making *making, const struct tw_papers_terms *terms, bool documents, struct tw_slice number);
/** Rows of one line against one certificate. @param terms NULL: it cites none */
void tw_papers_line(struct tw_papers_making *making, const struct tw_item *item, const struct tw_papers_terms *terms);

enum tw_papers_kind { TW_PAPERS_LICENCE = 1, TW_PAPERS_INVOICE, TW_PAPERS_PACKING_LIST };
/** @return 0 for a kind that has no column */
enum tw_papers_kind tw_papers_kind_of(const struct tw_document *document);
/** "600 C62"; empty when it is not stated. */
struct tw_slice tw_papers_amount(struct tw_papers_making *making, bool stated, int64_t e4, struct tw_slice unit);
struct tw_slice tw_papers_join(struct tw_papers_making *making, struct tw_slice a, const char *between, struct tw_slice b);

#endif
