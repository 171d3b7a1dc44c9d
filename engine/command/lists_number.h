/**
 * @file lists_number.h
 * A party's number as a person writes it, and what its own check digits say of it. A number whose check digit does not fit is asked all the
 * same, for lists hold such ones too; but whoever asks for it has most likely mistyped it, and "no hit" alone would not tell.
 *
 *     9187629               of any scheme
 *     imo:9187629           of that one; also "IMO 9187629", as papers have it
 *     lei:529900T8BM49AURSDO55
 */
#ifndef TIDEWAITER_ENGINE_COMMAND_LISTS_NUMBER_H
#define TIDEWAITER_ENGINE_COMMAND_LISTS_NUMBER_H

#include "feeds/lists.h"

struct tw_lists_number {
	struct tw_list_number asked; /**< borrows from the text; its scheme empty: of any */
	const char *doubt;           /**< why it can be no number of its scheme, or none that stands on papers so: constant text; NULL: nothing is known */
};

/**
 * @param text "9074729", or "imo:9074729" with a scheme of tw_list_index_identify or a synonym before it; or empty
 * @return false: what stands before the colon is no scheme, or nothing behind it; `out` is not to be used
 */
bool tw_lists_number_read(struct tw_slice text, struct tw_lists_number *out);

/** @return whether what was given for a name is a number with its scheme and nothing else: "imo:9074729", "IMO 9074729" */
bool tw_lists_number_meant(struct tw_slice text, struct tw_lists_number *out);

#endif
