/**
 * @file particulars.h
 * What a sighting says beside the mark, as bytes behind an element: number of the particular, length, text; ascending, none twice.
 *
 * Nothing stated is no bytes. Texts are cut at TW_PARTICULAR_BYTES, never inside a character. Reading is safe on any bytes: what does not fit ends
 * it.
 */
#ifndef TIDEWAITER_ENGINE_STATE_PARTICULARS_H
#define TIDEWAITER_ENGINE_STATE_PARTICULARS_H

#include <tidewaiter/trace.h>

#include "engine/state/packed.h"

#define TW_PARTICULAR_BYTES 120U /* of one text: model names and references are shorter by far; a record stays small whatever is stated */

/** @param head bytes before them, may be empty @return in the arena; {NULL, 0} at its ceiling */
struct tw_slice tw_particulars_write(struct tw_slice head, const struct tw_particulars *said, struct tw_arena *arena);
/** What the bytes say, over what is there: texts point into them. */
void tw_particulars_read(struct tw_slice bytes, struct tw_particulars *out);

#endif
