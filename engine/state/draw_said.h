/**
 * @file draw_said.h
 * What a consignment that draws on a certificate says of its goods and parties, so that a certificate that comes later can be held against it.
 *
 *     said   'd' consignment key    version: its draw's -> 1, goods (certificate line, make, model), parties (role, country, key, names),
 *                                                          serials (series, letters, first, last - first),
 *                                                          where one is named: hash of the contract's number
 *
 * Beside the draw 'D' (ledger.h), which has its numbers: it counts while a draw of the same version stands. Lines that say the same are one; serials
 * in a row are one. Of one draw the first TW_DRAW_GOODS_MAX goods, TW_DRAW_PARTIES_MAX parties that are somebody's to name (consignors, consignees,
 * end-users, brokers, intermediates), TW_DRAW_RUNS_MAX rows of serials out of the first TW_DRAW_MARKS_MAX marks; of a record's draws the latest
 * TW_DRAWS_SAID_MAX (fold.c). What is not kept is never held against anybody. An ordinary one takes 100 to 200 bytes.
 *
 * Reading is safe on any bytes.
 * Source: UN Programme of Action on small arms, national report form, elements of an end-user certificate: characteristics of the goods, parties.
 */
#ifndef TIDEWAITER_ENGINE_STATE_DRAW_SAID_H
#define TIDEWAITER_ENGINE_STATE_DRAW_SAID_H

#include "engine/state/mentions.h"
#include "engine/state/paper.h"
#include "engine/state/series.h"

struct tw_history_answer;
struct tw_question;

#define TW_DRAW_GOODS_MAX   8U
#define TW_DRAW_PARTIES_MAX 8U
#define TW_DRAW_RUNS_MAX    32U
#define TW_DRAW_MARKS_MAX   4096U

struct tw_draw_goods {
	int64_t line; /**< of the certificate; 0: none is named */
	struct tw_slice make, model;
};

struct tw_draw_party {
	struct tw_paper_party party; /**< as certificates' are kept */
	struct tw_slice original_name;
	bool government;
};

/** Serials in a row. */
struct tw_draw_run {
	uint32_t series; /**< hash of the series' key */
	struct tw_run run;
};

struct tw_draw_said {
	struct tw_draw_goods goods[TW_DRAW_GOODS_MAX];
	struct tw_draw_party party[TW_DRAW_PARTIES_MAX];
	struct tw_draw_run run[TW_DRAW_RUNS_MAX];
	uint32_t goods_count, party_count, run_count;
	uint64_t contract; /**< tw_contract_hash of what its papers name; 0: none */
};

/** Puts it beside the draw of a draft that has drawn lines. @param key of the consignment @param version of its draw */
void tw_draw_said_put(struct tw_drafts *drafts, uint32_t number, const struct tw_consignment *consignment, struct tw_slice key,
                      struct tw_version version);
/** Of a contract's number, by its letters and digits. @param full set at the arena's ceiling @return 0: none is named */
uint64_t tw_contract_hash(struct tw_slice number, struct tw_arena *arena, bool *full);
/** Adds a mark's run, if it is in a series. @param make of the item, for a mark that states none @return false at the arena's ceiling */
bool tw_draw_run_add(const struct tw_marking *mark, struct tw_slice make, struct tw_arena *arena, struct tw_list *runs);
/** Sorts runs, and makes one of those that touch. */
void tw_draw_runs_join(struct tw_list *runs);
/** By series, letters, first: for qsort and bsearch. */
int tw_draw_run_order(const void *left, const void *right);
/** @return false when the element is none, or its bytes do not fit */
bool tw_draw_said_read(const struct tw_element *element, struct tw_draw_said *out);

/**
 * TW_METRIC_DRAWS_OF_OTHER_MAKES to TW_METRIC_DRAWS_THROUGH_OTHER_BROKERS, of a certificate with what its own event says. Of parties the answer is
 * those whose key the certificate does not have (`drawn`, `named`): names that are alike are the screener's to find. @return false at the arena's
 * ceiling
 */
bool tw_answer_draws_said(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
