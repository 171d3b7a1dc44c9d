/**
 * @file mention_mark.h
 * What an event adds to the records of the marks that it names, and what it says of them.
 *
 *     MAKER|VALUE     the mark's own record: who stated, certified, found, reported it          -> how it is written, if not as in the key
 *     MAKER|~LETTERS  its series (series.h) and that one's parts: by number                                     -> model, calibre ..., once an event
 *     *|~LETTERS      the index: the series of all makers with these letters                    'M' key of a series
 *     *|=FOLDED       the index of what is in no series, a lot or a serial without a number     'M' key of the mark
 *     +|VALUE         a serial whoever made it: number.h
 *
 * A mark that is in no series says everything in its own record. No maker's reduced name holds a '*'. The index names the first TW_SERIES_MAX series
 * and as many single marks of an event; those behind them are found by their maker alone.
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8, and on records.
 */
#ifndef TIDEWAITER_ENGINE_STATE_MENTION_MARK_H
#define TIDEWAITER_ENGINE_STATE_MENTION_MARK_H

#include "engine/state/series.h"

/** An element that says where a mark was met. At the arena's ceiling `drafts->code` is set. */
struct tw_element tw_mark_pointing(struct tw_drafts *drafts, char class, struct tw_slice to, struct tw_version version);
/** Marks of a consignment's line. @param sighting tw_mark_pointing @param passage what all marks of the consignment have in common: passage.h */
void tw_mention_item_marks(struct tw_drafts *drafts, const struct tw_item *item, const struct tw_event *event, struct tw_element sighting,
                           const struct tw_particulars *passage);
/** Marks that a certificate lists, or that another event of it names. @param key of the certificate */
void tw_mention_certified_marks(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice key, const struct tw_version *version);
/** Marks that an inspection found. */
void tw_mention_found_marks(struct tw_drafts *drafts, const struct tw_event *event, struct tw_slice consignment, const struct tw_version *version);
/** Marks of a marking event. */
void tw_mention_marking(struct tw_drafts *drafts, const struct tw_event *event, const struct tw_version *version);

#endif
