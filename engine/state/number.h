/**
 * @file number.h
 * A serial whoever made it: how a manifest that states no maker meets reports of the weapon that state one.
 *
 *     +|VALUE       reported  'S' time be64, id be64   of a marking event with a maker: event type, particulars.h with the maker
 *                   shipped   'G' consignment          version: its draws' -> of a manifest's mark without one: 1, particulars.h; or 2: ended
 *     *|~LETTERS    reported  's' time be64, id be64   of any report of what was lost, stolen, seized, recovered, destroyed: as of a series (series.h)
 *
 * The index of a series (mention_mark.h) keeps such reports by their numbers, ranges too, of all makers and of none: a manifest reads it anyway, so that
 * a report without a maker meets marks that have one, and a range without a maker what was reported of each. A report that comes after the manifest meets
 * its mark where both or neither state a maker, or by +|VALUE: `trace` finds the rest.
 *
 * A number identifies no weapon. So a report speaks of a manifest's mark only where both state one model, or one of them none and both one calibre, and
 * nothing that both state cannot be true of both (calibre, country and year of manufacture). Of one maker the latest report counts. Serials of fewer
 * than TW_MARK_NUMBER_MIN signs, and those read in part, are left out; of one event the first TW_NUMBERS_MAX are kept.
 *
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8 and on tracing: maker, model, serial identify a weapon.
 */
#ifndef TIDEWAITER_ENGINE_STATE_NUMBER_H
#define TIDEWAITER_ENGINE_STATE_NUMBER_H

#include "engine/state/mentions.h"
#include "engine/state/particulars.h"
#include "engine/state/question.h"

#define TW_NUMBERS_MAX 256U /* of one event */

/**
 * Failures are the drafts'.
 * @param make    of the item, for a mark that states none
 * @param element of the mark's own record, without its particulars
 * @param said    of the mark
 * @param mention the mark's own, in the drafts' list
 */
void tw_number_mention(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice make,
                       const struct tw_element *element, const struct tw_particulars *said, uint32_t mention);

/** A grave report goes into the index of its series. After tw_series_mention. @param mention as above @param said of the mark */
void tw_number_report(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_marking *mark, struct tw_slice make,
                      const struct tw_particulars *said, uint32_t mention);
/** The marks without a maker go by what their consignment draws by. @param version of its draws */
void tw_number_settle(struct tw_drafts *drafts, const struct tw_version *version);
/** @return whether the key is of a serial whoever made it */
bool tw_key_is_number(struct tw_slice key);
/** @return whether the mark's index has reports of it that its own series has not: of no maker, or of any where the mark has none */
bool tw_number_is_met(const struct tw_operations *operations, const struct tw_priors *priors, const struct tw_mention *mention);

/** Whether the metric is one of those below; and whether the index of its series answers it. */
bool tw_asks_of_index(enum tw_metric metric);
bool tw_asks_of_number(enum tw_metric metric);
/** TW_METRIC_NUMBER_STATUS_MODEL to TW_METRIC_NUMBER_SHIPPED_CALIBRE, `state` is the number's; TW_METRIC_UNNAMED_MODEL to TW_METRIC_UNNAMED_NUMBER, `state`
 *  is the index's. @return false at the arena's ceiling */
bool tw_answer_number(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
