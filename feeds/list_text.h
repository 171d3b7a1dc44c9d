/**
 * @file list_text.h
 * Issuers' habits of packing several things into one text, undone: several names in one element, abbreviations and notes in brackets,
 * a document number inside a sentence. Nothing here is guessed from meaning, only from punctuation; what does not fit a habit stays whole.
 */
#ifndef TIDEWAITER_FEEDS_LIST_TEXT_H
#define TIDEWAITER_FEEDS_LIST_TEXT_H

#include <tidewaiter/error.h>
#include <tidewaiter/match.h>

struct tw_arena;

#define TW_LIST_PARTS_MAX 64 /* the UN's richest alias element holds 10 names */

struct tw_list_parts {
	struct tw_slice part[TW_LIST_PARTS_MAX];
	uint32_t count;
	bool overflow; /**< more parts than fit */
};

/** @return `text` without blanks (space, tab, line ends) at either end */
struct tw_slice tw_list_trim(struct tw_slice text);

/** Every run of blanks becomes one space, none at either end. @return in `arena`, {NULL, 0} at its ceiling */
struct tw_slice tw_list_squeeze(struct tw_slice text, struct tw_arena *arena);

/**
 * The names in one name element, in the order they stand: "A; B", "A / B", "A b) B", "A (B; C)", and a bracket in another script
 * ("Jin Tiesan (金铁三)"). Other brackets stay in their name. ", born ..." and what follows is a note.
 * @return false when the arena is at its ceiling
 */
TW_MUST_USE bool tw_list_names_in(struct tw_slice text, struct tw_arena *arena, struct tw_list_parts *out);

/** @return whether `text` has a letter of a script that is not Latin */
bool tw_list_is_foreign(struct tw_slice text);

/**
 * "ALPHA BETA LINE (ABL) LTD" -> "ALPHA BETA LINE  LTD": an issuer's own abbreviation left out. It must be three or more capitals that
 * occur in the words before it in that order, the first at the head of a word: "(USA)", "(UK)", "(HK)" are not.
 * @return `text` itself when there is none; {NULL, 0} at the arena's ceiling
 */
struct tw_slice tw_list_unabbreviated(struct tw_slice text, struct tw_arena *arena);

/**
 * The document number in what the UN writes as one: "381110042 (Expired ...)", "Libyan passport No. 513519", "R00012098, South Sudan".
 * @return a part of `text`; empty when no part holds a digit
 */
struct tw_slice tw_list_number_in(struct tw_slice text);

/**
 * Measures as issuers word them in free text: "Asset freeze|Arms embargo|Travel Ban", "Prohibition of port entry".
 * @return bits of enum tw_list_measure; words that say none of them give TW_MEASURE_OTHER, a blank text 0
 */
uint32_t tw_list_measures_in(struct tw_slice text);

/**
 * The IMO numbers in a text: the word "IMO" in any case, at most 24 characters without a digit, exactly seven digits.
 * @param at 0 at first @return the next one's digits, a part of `text`; empty behind the last. Check digits are the caller's
 */
struct tw_slice tw_list_imo_next(struct tw_slice text, uint32_t *at);

/**
 * What a ship is called that is listed by number: `IMO 9074729 ("ALPHA")` -> ALPHA.
 * @param imo the number's digits, a part of `text`; empty where the name is not of that form @return a part of `text`; any other name itself
 */
struct tw_slice tw_list_ship_name(struct tw_slice text, struct tw_slice *imo);

#endif
