/**
 * @file name_firm_forms.h
 * Company forms among the tokens of a firm's name: one token each, of its kind, wherever they stand; misspelt ones mended first.
 *
 *     quill limited liability company     quill llc/FORM
 *     ooo quill                           llc/FORM quill
 *
 * Threads: any.
 */
#ifndef TIDEWAITER_FEEDS_NAME_FIRM_FORMS_H
#define TIDEWAITER_FEEDS_NAME_FIRM_FORMS_H

#include "feeds/name_forms.h"

/** @param form its tokens classed as words of a firm; at least one is left that is no form */
void tw_name_mark_firm(struct tw_name_form *form);

#endif
