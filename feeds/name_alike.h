/**
 * @file name_alike.h
 * Whether two papers name one party: as lists are searched, but of two names alone.
 *
 *     "Sample Border Guard"     "BORDER GUARD, SAMPLE"           yes: word order, case, punctuation
 *     "Samplearms Works a.s."   "Samplearms Works"               yes: a company's form
 *     "Yusuf Tern"              "Youssef Tern"                   yes: one name in two romanisations
 *     "Sample Border Guard"     "Sample Border Police"           no
 *
 * No list is behind it, so that every word weighs as much as a word that no list has. Threads: any, one arena a thread.
 */
#ifndef TIDEWAITER_FEEDS_NAME_ALIKE_H
#define TIDEWAITER_FEEDS_NAME_ALIKE_H

#include <stdbool.h>
#include <stdint.h>
#include <tidewaiter/slice.h>

struct tw_arena;

/** Similarity at which two papers mean one party. Source: targeting practice: a slip in one word of three passes, another word does not. */
#define TW_NAME_ALIKE_PPM 880000

/**
 * @param arena rewound before it returns
 * @param full  set at the arena's ceiling, else untouched; the answer is false then
 * @return whether the names are equal or nearly so, as persons' or as organisations'; false where one of them says nothing
 */
bool tw_name_alike(struct tw_slice a, struct tw_slice b, struct tw_arena *arena, bool *full);

#endif
