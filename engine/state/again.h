/**
 * @file again.h
 * One serial twice in one manifest: on two lines, twice in one list, or in two ranges.
 *
 * Two marks are the same when they are serials of one maker that meet, and of one component on lines of one heading and model: the frame, the slide and
 * the spare barrel of one pistol carry one number, and so do a rifle of the line and its parts on the next. Lots, import marks and serials read in part
 * are none.
 *
 *     marks of the event, by (maker and series, letters, component, heading, model), then by number    ->  of two that meet the later in the manifest
 *
 * Source: UN, International Tracing Instrument (A/60/88, annex), III.8: a unique marking.
 */
#ifndef TIDEWAITER_ENGINE_STATE_AGAIN_H
#define TIDEWAITER_ENGINE_STATE_AGAIN_H

#include "engine/state/mentions.h"

/** Sets `again` of a manifest's mentions, in their order of mention. At the arena's ceiling `drafts->code` is set. */
void tw_again_find(struct tw_drafts *drafts);

#endif
