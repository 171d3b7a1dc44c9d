/**
 * @file name_syllables.h
 * Chinese and Korean persons in Latin letters: one spelling for the romanisations that are in use.
 *
 *     ZHANG, Xiaoming   Chang Hsiao-ming   Cheung Xiao Ming      1chang | 1hsiaoming
 *     KIM Kyong-hak     Gim Gyeonghak      Kyung Hak Kim         2kim | 2kyonghak
 *
 * Chinese: pinyin and surnames of Hong Kong, Macau, Singapore, Malaysia brought to Wade-Giles without its marks. Korean: letters brought to classes,
 * for no romanisation is used as its rules say. The surname is apart, first or last; the given name is one word.
 *
 * These spellings are coarse: names that differ may share one, so that what meets in them alone says less (list_search.c), and a letter more or less
 * is another name: the digit before a word makes it meet its equal alone.
 * Threads: any. Sources: ISO 7098:2015 and Wade-Giles as in ALA-LC, Chinese romanization table (1997); Unicode Unihan, kMandarin and kCantonese of
 * the surnames; Korea, Ministry of Culture and Tourism, Notice 2000-8; McCune and Reischauer 1939; passports' usual spellings.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SYLLABLES_H
#define TIDEWAITER_FEEDS_NAME_SYLLABLES_H

#include "feeds/name_forms.h"

#define TW_SYLLABLE_FORMS_MAX 4

/**
 * @param name  a person's words as written
 * @param out   room for TW_SYLLABLE_FORMS_MAX; their bytes are the arena's
 * @param count how many; 0 where the name is not of this shape
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_syllables(const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_form *out, uint32_t *count);

/** @param out at least TW_NAME_FORM_TOKEN_MAX bytes @return length of a Chinese word's spelling, 0: it is none */
uint32_t tw_name_chinese(struct tw_slice word, char *out);

/** The same of a Korean one. */
uint32_t tw_name_korean(struct tw_slice word, char *out);

#endif
