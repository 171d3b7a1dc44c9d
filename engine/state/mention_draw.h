/**
 * @file mention_draw.h
 * What a line of a consignment takes of the certificates that it names: its quantity and value, shared out among them.
 *
 *     what its references state goes to each of them; of the rest each of the others has an equal part, the first what does not divide
 *
 * Inside engine/state only. Threads: any.
 */
#ifndef TIDEWAITER_ENGINE_STATE_MENTION_DRAW_H
#define TIDEWAITER_ENGINE_STATE_MENTION_DRAW_H

#include "engine/state/mentions.h"

/** Certificates of the line, and what it draws on each. At the arena's ceiling `drafts->code` is set. */
void tw_mention_certificates(struct tw_drafts *drafts, const struct tw_item *item);

#endif
