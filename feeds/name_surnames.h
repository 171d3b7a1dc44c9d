/**
 * @file name_surnames.h
 * Surnames of China and Korea in the romanisations in use, each with the spelling of name_syllables.h.
 */
#ifndef TIDEWAITER_FEEDS_NAME_SURNAMES_H
#define TIDEWAITER_FEEDS_NAME_SURNAMES_H

#include <stdint.h>
#include <tidewaiter/slice.h>

#define TW_SURNAMES_MAX 2 /* that one spelling may be: Wong is Wang and Huang */

/** @param out room for TW_SURNAMES_MAX; constant texts @return how many surnames a word may be, 0: none. Threads: any */
uint32_t tw_surname_chinese(struct tw_slice word, const char **out);

/** The same of Korean ones. */
uint32_t tw_surname_korean(struct tw_slice word, const char **out);

#endif
