/**
 * @file wares.h
 * What light consignments to a receiver were said to hold: so that parts of one weapon in several parcels can be seen together.
 *
 *     wares  'W' hash of the consignment's key be64    version: event time, id    -> consignment key | descriptions of its lines, components
 *
 * Kept of consignees and of their addresses, phones and e-mails: whoever shares one of these is linked. Of a consignment that weighs more than
 * TW_WARES_KG_MAX nothing is kept; of others at most TW_WARES_BYTES_MAX of text, the first lines, as received, behind each "marked slide" for the
 * components that its marks name. A record keeps the latest
 * TW_WARES_MAX when it is folded (fold.c): 5 KiB of ordinary parcels, 15 KiB at most. An amendment takes the place of what was declared.
 *
 * State keeps the words as they came; what they mean is for the rules to ask (`earlier`), so that a new word finds what came before it.
 */
#ifndef TIDEWAITER_ENGINE_STATE_WARES_H
#define TIDEWAITER_ENGINE_STATE_WARES_H

#include <tidewaiter/event.h>

#include "engine/state/mentions.h"

struct tw_history_answer;
struct tw_question;

/** Puts a declared or amended consignment's goods into its consignees' drafts, and those of their contacts. After all mentions. */
void tw_wares_put(struct tw_drafts *drafts, const struct tw_consignment *consignment, struct tw_version version, struct tw_slice key);
/** @return false when the element is no such, or its bytes do not fit */
bool tw_wares_read(const struct tw_element *element, struct tw_earlier *out);
/** TW_METRIC_WARES. @return false at the arena's ceiling */
bool tw_answer_wares(const struct tw_question *question, struct tw_arena *arena, struct tw_history_answer *answer);

#endif
