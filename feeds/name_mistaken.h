/**
 * @file name_mistaken.h
 * Signs that a scanner takes for others: digits among letters for the letters that they look like, and rn for m.
 *
 *     "QU1LL TR4DING"   quill trading       "SALEH0D"   salehod       "AHRNED"   ahmed
 *
 * Of a word of four letters and digits or more, of which letters are the most and a digit is none of a number at its end: a ship's "FAN6" and a
 * firm's "VABO2017" are what they say.
 * Threads: any. Source: the pairs that are alike in the type of forms and of passports (OCR-B, ISO 1073-2) and in hands; the project's choice.
 */
#ifndef TIDEWAITER_FEEDS_NAME_MISTAKEN_H
#define TIDEWAITER_FEEDS_NAME_MISTAKEN_H

#include "feeds/name_forms.h"

/**
 * @param name as written
 * @param out  with other words; count 0 where no word is taken so
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_mistaken(const struct tw_name_form *name, enum tw_name_domain domain, struct tw_arena *arena, struct tw_name_form *out);

#endif
