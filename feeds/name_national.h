/**
 * @file name_national.h
 * Persons as other nations than the English-speaking write them: one spelling for what their papers make of Russian and Arabic letters.
 *
 *     German     Wladimir Schtscheglow, Dschamal     vladimir shcheglov, jamal
 *     Polish     Wiaczeslaw Kuzniecowa               viacheslav kuznetsova
 *     Dutch      Joeri Tsjernysjov                   yuri chernyshov
 *     Swedish    Fjodor Likhatjov                    fyodor likhachov
 *     Hungarian  Szergej Sojgu Ivanovics             sergey shoygu ivanovich
 *     French     Iouri Tchaïka, Chokhine             iuri chaika, shokhin
 *     Czech, Serbian, ISO 9, Turkish: š ž č ş ç by their sounds, c for ts or, in Turkish, for j
 *
 * The nation is told by letters that it alone puts together (tsch, tsj, sjtj, icz), and by the endings of Russian names in its spelling (-owitsch,
 * -owa); a name that has none of them is read as it stands. A German s is a z as often: one letter, which comparing forgives.
 * Threads: any. Source: how papers of these nations write Russian names, from common knowledge, no published table; ISO 9:1995 for the carons. What
 * it finds is measured with such transcriptions of the UK list's own Cyrillic names.
 */
#ifndef TIDEWAITER_FEEDS_NAME_NATIONAL_H
#define TIDEWAITER_FEEDS_NAME_NATIONAL_H

#include "feeds/name_forms.h"

#define TW_NATIONAL_FORMS_MAX 2

struct tw_name_national {
	struct tw_name_form form[TW_NATIONAL_FORMS_MAX]; /**< the words in the spelling that is usual in English */
	uint32_t count;                                  /**< 0 where no nation is told, 2 where German or Polish may be meant */
	bool sure;                                       /**< told by letters that no other spelling puts together */
};

/**
 * The letters with carons and cedillas by their sounds: "Šešenja" is sheshenja.
 * @param text UTF-8, composed (NFC); borrowed
 * @param out  `text` itself where it has none of them
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_sounded(struct tw_slice text, struct tw_arena *arena, struct tw_slice *out);

/**
 * @param text as the name's bearer or clerk wrote it: a cedilla under s tells Turkish
 * @param name its words, as tw_name_sounded writes them
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_name_national_read(struct tw_slice text, const struct tw_name_form *name, struct tw_arena *arena, struct tw_name_national *out);

#endif
