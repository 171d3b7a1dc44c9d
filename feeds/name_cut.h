/**
 * @file name_cut.h
 * What a message leaves of a long name: a party's name has 35 characters, and many senders put no more than one of its five fields to use.
 *
 *     "Northern Tern and Quill Research Institute of Heron Physics"   ->   "Northern Tern and Quill Research In"
 *
 * A name is kept so beside its own when the cut takes a word of its own off, and leaves it two. Threads: any.
 * Source: UN/EDIFACT D.96A, element 3036, party name, an..35.
 */
#ifndef TIDEWAITER_FEEDS_NAME_CUT_H
#define TIDEWAITER_FEEDS_NAME_CUT_H

#include <tidewaiter/error.h>
#include <tidewaiter/slice.h>

#include "feeds/name_forms.h"

struct tw_arena;

#define TW_NAME_FIELD_CHARACTERS 35

/**
 * @param out a slice of `text`; of length 0 where the name is as good as whole, or too little is left; names in other than Latin letters are not cut
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_cut_short(struct tw_slice text, enum tw_name_domain domain, struct tw_arena *arena, struct tw_slice *out);

/**
 * The other side: a firm's name that fills the field may be cut within its last word, which is then what a word begins with, like an initial.
 * @param text as written
 * @param form its words
 * @param out  the same, the last of them so; written where true is returned
 * @return whether it fills the field, and has a word before the last
 */
bool tw_name_cut_read(struct tw_slice text, enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out);

/**
 * What stands behind a company's form is the town or the branch where papers sent it: two words at most, which then hardly count. "Tern Quill Est.
 * Quillport". A form at the head has the name behind it.
 * @param form its words
 * @param out  the same, those words as stop words; written where true is returned
 */
bool tw_name_tail_read(enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out);

/**
 * A surname with initials that have no points: "KESTREL PV". Two words, the second of two consonants in capitals.
 * @param text as written
 * @param form its words
 * @param out  the same, each of the two letters an initial; written where true is returned
 */
bool tw_name_initials_read(struct tw_slice text, enum tw_name_domain domain, const struct tw_name_form *form, struct tw_name_form *out);

#endif
